"""What leaves Japan, in yen, each fiscal year, by facility, against budgets and yardsticks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.calendars import fiscal_year
from sim.config.capacity import YearlyMoney
from sim.config.schema import Config
from sim.events import FloatArray, IntArray
from sim.study.findings.run_results import RunTables
from sim.world.given import OfRuns
from sim.world.prices import yen_factors
from sim.world.uniforms import stream_key


@dataclass(frozen=True)
class Outflow:
    """Billions of yen at the exchange rate of the day; fiscal years by the year they begin in.

    Attributes
    ----------
    jpy_bn : dict
        By facility, (n_replications, n_years): money drawn, top-ups included.
    budget_jpy_bn : dict
        By facility with a yearly limit of cash, (n_years,): what flows in that year, without what
        is carried over.
    yardstick_jpy_bn : dict
        By yardstick, (n_years,).
    yen_per_usd : FloatArray
        (n_years,) mean of the year's days, and of the replications where the rate is drawn.
    """

    years: tuple[int, ...]
    jpy_bn: dict[str, FloatArray]
    budget_jpy_bn: dict[str, FloatArray]
    yardstick_jpy_bn: dict[str, FloatArray]
    yen_per_usd: FloatArray

    @property
    def total(self) -> FloatArray:
        """(n_replications, n_years) all facilities together."""
        return np.asarray(sum(self.jpy_bn.values()))

    @property
    def means(self) -> dict[str, FloatArray]:
        """By facility, (n_years,) mean of the replications."""
        return {name: np.asarray(paths.mean(axis=0)) for name, paths in self.jpy_bn.items()}


def yen_outflow(run: RunTables) -> Outflow:
    """Read what was drawn off the log of a run."""
    config, n = run.config, int(run.manifest["replications"])
    first_month = config.capacity.fiscal_year_first_month
    programme = config.programme
    years = tuple(
        range(
            fiscal_year(programme.start, first_month),
            fiscal_year(programme.run_out, first_month) + 1,
        )
    )
    drawn = run.events[run.events["event"] == "part_drawn"]
    days = drawn["date"].to_numpy().astype("datetime64[D]")
    begins = np.array([np.datetime64(date(year, first_month, 1)) for year in years])
    year = np.maximum(np.searchsorted(begins, days, side="right") - 1, 0)
    replication, factors = drawn["replication"].to_numpy(), _factors(run)
    moved = factors[replication, _months(config, days)]
    yen = drawn["amount"].to_numpy() / 1e9 * _rate(config, days) * moved
    cell = replication * len(years) + year
    resource = drawn["resource"].astype(str).to_numpy()
    by_facility = {
        name: np.bincount(cell[mine], yen[mine], n * len(years))
        .reshape(n, len(years))
        .astype(np.float64)
        for name in config.capacity.facilities
        for mine in [resource == f"{name}_cash"]
    }
    ends = np.append(begins[1:], np.datetime64(date(years[-1] + 1, first_month, 1)))
    spans = [np.arange(begin, end) for begin, end in zip(begins, ends, strict=True)]
    on_average = factors.mean(axis=0)
    mean = np.array(
        [(_rate(config, span) * on_average[_months(config, span)]).mean() for span in spans]
    )
    return Outflow(
        years=years,
        jpy_bn=by_facility,
        budget_jpy_bn={
            name: _yearly(one.cash, years) * (mean if one.cash.currency == "usd" else 1)
            for name, one in config.capacity.facilities.items()
            if isinstance(one.cash, YearlyMoney)
        },
        yardstick_jpy_bn={
            name: one.per_year * (mean if one.currency == "usd" else np.ones(len(years)))
            for name, one in config.report.yardsticks.items()
        },
        yen_per_usd=mean,
    )


def _factors(run: RunTables) -> FloatArray:
    """What each month of each replication makes of the path of the config: draws, so done again."""
    runs = OfRuns.of(run.config)
    seed, numbers = int(run.manifest["seed"]), range(int(run.manifest["replications"]))
    return np.stack([yen_factors(runs, stream_key(seed, number)) for number in numbers])


def _months(config: Config, days: np.ndarray) -> IntArray:
    """Month of the run that holds each day; before the first and after the last, those."""
    first = np.datetime64(config.programme.start, "M")
    last = np.datetime64(config.programme.run_out, "M")
    return np.clip(days.astype("datetime64[M]") - first, 0, last - first).astype(np.int64)


def _rate(config: Config, days: np.ndarray) -> FloatArray:
    """Yen per dollar on each day, as the config has it: the last value of the path."""
    path = sorted((config.capacity.yen_per_usd or {}).items())
    if not path:
        return np.full(len(days), np.nan)
    since = np.array([np.datetime64(day) for day, _ in path])
    rates = np.array([value for _, value in path])
    return np.asarray(rates[np.maximum(np.searchsorted(since, days, side="right") - 1, 0)])


def _yearly(money: YearlyMoney, years: tuple[int, ...]) -> FloatArray:
    """What flows in each fiscal year: none before the first listed, the last one repeated."""
    listed, last = money.per_fiscal_year, max(money.per_fiscal_year)
    amounts = [listed.get(min(year, last), 0.0) for year in years]
    return np.array([money.first_year, *amounts[1:]])
