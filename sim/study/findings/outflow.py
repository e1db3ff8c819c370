"""What leaves Japan, in yen, each fiscal year, by facility, against budgets and yardsticks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.calendars import fiscal_year
from sim.config.capacity import YearlyMoney
from sim.config.schema import Config
from sim.events import FloatArray
from sim.study.findings.run_results import RunTables


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
        (n_years,) mean of the year's days.
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
    yen = drawn["amount"].to_numpy() / 1e9 * _rate(config, days)
    cell = drawn["replication"].to_numpy() * len(years) + year
    resource = drawn["resource"].astype(str).to_numpy()
    by_facility = {
        name: np.bincount(cell[mine], yen[mine], n * len(years))
        .reshape(n, len(years))
        .astype(np.float64)
        for name in config.capacity.facilities
        for mine in [resource == f"{name}_cash"]
    }
    ends = np.append(begins[1:], np.datetime64(date(years[-1] + 1, first_month, 1)))
    mean = np.array(
        [
            _rate(config, np.arange(begin, end)).mean()
            for begin, end in zip(begins, ends, strict=True)
        ]
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


def _rate(config: Config, days: np.ndarray) -> FloatArray:
    """Yen per dollar on each day: the last value of the path."""
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
