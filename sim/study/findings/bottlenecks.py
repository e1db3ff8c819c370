"""What each capacity is worth: the same worlds with it, without it, and a step beyond it.

The worth of a capacity is a difference between programmes, paired world by world. The ledger of
delays says something else, what stood where while the programme was as it was: both stand side by
side here, in billion dollars times years, and `sim.study.findings.bottleneck_words` says why they
differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import nan
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calendars import DAYS_PER_YEAR
from sim.config import load
from sim.config.limits import Capacity, capacities
from sim.events import LEDGER_CAUSES
from sim.events.ledger_causes import BAR_WORDS, LEDGER_ROWS, NO_FAULT
from sim.stats.compare import Difference, Sample, adjust, compare
from sim.stats.intervals import NOTHING, FloatArray, Interval, mean_of_defined
from sim.stats.shapley import shapley
from sim.study.design.against import STEP
from sim.study.design.named_overlays import AND, BASE, OVERLAY
from sim.study.findings.bottleneck_pairs import beyond_sum
from sim.study.findings.bottleneck_reasons import why_nothing
from sim.study.findings.moments import Moment, monthly, over_months
from sim.study.findings.stood import Stood, days_of, stood_of
from sim.study.findings.sweep_results import SweepTables

AMOUNT = "completed_usd_bn"
LEDGER = "ledger"  # folder with the ledger of the base
MOST_TOGETHER = 4  # so many capacities are lifted in all their combinations: sixteen


@dataclass(frozen=True)
class Worth:
    """What one overlay does to the response.

    Attributes
    ----------
    name : str
        Of the overlay.
    label : str
    capacity : str
        The one it is about; of several together, their names.
    kind : str
        ``without limit``, ``step`` or ``together``.
    difference : Difference
        From the base, world by world.
    same : bool
        Whether it changed no response in any world.
    """

    name: str
    label: str
    capacity: str
    kind: str
    difference: Difference
    same: bool

    @property
    def interval(self) -> Interval:
        """Estimate and limits."""
        return self.difference.difference

    @property
    def decided(self) -> bool:
        """Whether its sign is."""
        return not self.same and self.difference.decided


class Bottlenecks(SweepTables):
    """A finished study of bottlenecks, read for one response.

    Attributes
    ----------
    moment : Moment
        The response, and its date.
    """

    def __init__(self, done: SweepTables, response: str = AMOUNT, by: date | None = None) -> None:
        super().__init__(done.folder, done.manifest, done.up_to_date)
        self.config = load(done.folder / "config.yaml").config
        self.moment = Moment.asked(response, by, self.config.programme.run_out)

    @property
    def label(self) -> str:
        """What is measured, in words."""
        return self.moment.label(self.dates)

    @cached_property
    def capacities(self) -> dict[str, Capacity]:
        """What there is to mend, by its name."""
        return capacities(self.config)

    @cached_property
    def names(self) -> list[str]:
        """Of the overlays, the base first."""
        names: list[str] = self.manifest["factors"][OVERLAY]["levels"]
        return names

    @cached_property
    def worth(self) -> dict[str, Worth]:
        """Every overlay against the base, by its name.

        Decided for all limits and steps together (Holm), and for what is lifted together by itself.
        """
        values: NDArray[Any] = self.moment.values(self)
        if self.moment.unit == "probability":
            values = values > 0
        worlds = np.arange(values.shape[1])
        base = Sample(BASE, worlds, values[0])
        found = [
            compare(self.moment.response, self.moment.unit, Sample(name, worlds, row), base)
            for name, row in zip(self.names[1:], values[1:], strict=True)
        ]
        same = dict(zip(self.names[1:], self._same, strict=True))
        moved = [one for one in found if not same[one.scenario]]
        several = [one for one in moved if AND in one.scenario]
        single = [one for one in moved if AND not in one.scenario]
        adjusted = {one.scenario: one for one in (*adjust(single), *adjust(several))}
        return {
            name: Worth(name, *self._told(name), adjusted.get(name, one), same[name])
            for name, one in zip(self.names[1:], found, strict=True)
        }

    @cached_property
    def beyond_sum(self) -> dict[str, Difference]:
        """What every two capacities are worth together beyond the sum of each alone, by name."""
        return beyond_sum(self.moment, self.names, self.moment.values(self))

    @cached_property
    def _same(self) -> list[bool]:
        """Of every overlay, whether no response differs from the base's in any world."""
        rows = [self.response(name) for name in self.responses]
        return [
            all(np.array_equal(one[0], one[point], equal_nan=True) for one in rows)
            for point in range(1, len(self.names))
        ]

    def _told(self, name: str) -> tuple[str, str, str]:
        """Label, capacity and kind of an overlay."""
        if name.startswith(STEP):
            step = self.config.report.steps[name.removeprefix(STEP)]
            return step.label, step.capacity, "step"
        return self.together(name), name, "together" if AND in name else "without limit"

    def together(self, name: str) -> str:
        """Labels of the capacities that an overlay lifts."""
        return AND.join(self.capacities[one].label for one in name.split(AND))

    def _of(self, kind: str) -> list[Worth]:
        found = [one for one in self.worth.values() if one.kind == kind]
        return sorted(found, key=lambda one: (not one.decided, -abs(one.interval.estimate)))

    @property
    def lifted(self) -> list[Worth]:
        """Each capacity without limit, those that are decided and worth most first."""
        return [one for one in self._of("without limit") if not one.same]

    @property
    def inert(self) -> list[Worth]:
        """Capacities that are no limit in any world."""
        return [one for one in self._of("without limit") if one.same]

    @property
    def steps(self) -> list[Worth]:
        """Each step, ranked likewise."""
        return self._of("step")

    @property
    def combined(self) -> list[Worth]:
        """Several capacities without limit at once."""
        return self._of("together")

    @property
    def matter(self) -> list[str]:
        """Names of the capacities that are worth combining: decided, and more with than without."""
        names = [one.name for one in self.lifted if one.decided and one.interval.estimate > 0]
        return names[:MOST_TOGETHER] if len(names) > 1 else []

    @cached_property
    def shares(self) -> dict[str, Interval]:
        """Shapley share of each capacity in what all that matter do together; empty without."""
        values = self.moment.values(self)
        place = {name: point for point, name in enumerate(self.names)}
        sets = {
            frozenset(name.split(AND)): name for name in self.names[1:] if not name.startswith(STEP)
        }
        worth = {
            one: values[place[name]] - values[0]
            for one, name in sets.items()
            if one <= set(self.matter)
        }
        worth[frozenset()] = np.zeros(values.shape[1])
        if len(worth) < 2 ** len(self.matter) or len(worth) < 2:
            return {}
        shares = shapley(worth)
        return {name: mean_of_defined(shares[name]) for name in self.matter}

    # ------------------------------------------------------------------------ beside it, the ledger

    @cached_property
    def months(self) -> list[date]:
        """First day of each month of the run."""
        import pyarrow.parquet as pq

        column = pq.read_table(self._file("timeline.parquet"), columns=["month"]).column(0)
        return [one.date() for one in sorted(column.unique().to_pylist())]

    @property
    def ledger(self) -> Path:
        """Where the ledger of the base is, on the same worlds."""
        return self.folder / LEDGER

    def _of_ledger(self, table: str, *columns: str) -> Iterator[NDArray[Any]]:
        """Columns of a table of the base's ledger; before them the place of each row's cause."""
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        rows = pq.read_table(self.ledger / f"{table}.parquet", columns=["cause", *columns])
        causes = rows.column("cause").cast("string")
        yield pc.index_in(causes, pa.array(LEDGER_CAUSES)).to_numpy()
        yield from (rows.column(name).to_numpy() for name in columns)

    @cached_property
    def held(self) -> dict[str, FloatArray]:
        """Dollars standing at each cause in the base: (n_months,) USD bn, mean."""
        cause, month, usd_bn = self._of_ledger("held", "month", "usd_bn")
        at = np.searchsorted(np.array(self.months, "datetime64[D]"), month.astype("datetime64[D]"))
        total = np.zeros((len(LEDGER_CAUSES), len(self.months)))
        np.add.at(total, (cause, at), usd_bn)
        return dict(zip(LEDGER_CAUSES, total / self.manifest["replications"], strict=True))

    @cached_property
    def stood(self) -> dict[str, Stood]:
        """What stood at the causes of each capacity in the base."""
        held, days = self.held, days_of(self.months)
        return {
            name: stood_of(
                sum((held[cause] for cause in one.causes), np.zeros(len(days))), days, self.months
            )
            for name, one in self.capacities.items()
        }

    @cached_property
    def drag(self) -> dict[str, float]:
        """Days by which a selected project of the base would have ended earlier, by capacity.

        As the ledger has it: without the causes of the capacity, rates, rounds and calendars as
        they were. Mean of all selected projects; nan without any.
        """
        cause, drag = self._of_ledger("delays", "drag_days")
        total = np.bincount(cause, drag, len(LEDGER_CAUSES)).tolist()
        days = dict(zip(LEDGER_CAUSES, total, strict=True))
        selected = float(np.nansum(self.response("selected_count")[0]))
        return {
            name: sum(days[cause] for cause in one.causes) / selected if selected else nan
            for name, one in self.capacities.items()
        }

    @cached_property
    def given_back(self) -> dict[str, Interval]:
        """What each overlay adds to the dollars in operation, USD bn times years to the end."""
        years = (days_of(self.months) / DAYS_PER_YEAR).tolist()
        total = over_months(self, AMOUNT, dict(zip(self.months, years, strict=True)))
        gained = total[1:] - total[0]
        each = zip(self.names[1:], gained, strict=True)
        return {name: mean_of_defined(row) for name, row in each}

    @cached_property
    def over_years(self) -> list[dict[str, Any]]:
        """Year by year: where most dollars stood, and which capacity was worth most by its end."""
        by_cause = self.held
        held = {bar: np.zeros(len(self.months)) for bar in BAR_WORDS}
        for row in LEDGER_ROWS:
            if row.bar not in NO_FAULT:
                held[row.bar] += by_cause[row.name]
        found = []
        for year in sorted({month.year for month in self.months}):
            inside = np.array([month.year == year for month in self.months])
            mean = {bar: float(one[inside].mean()) for bar, one in held.items()}
            bar = max(mean, key=lambda one: mean[one])
            cause = BAR_WORDS[bar] if mean[bar] > 0 else ""
            capacity, (worth, low, high) = self._worth_most(date(year, 12, 1))
            told = {"year": year, "cause": cause, "usd_bn": mean[bar], "capacity": capacity}
            found.append(told | {"worth": worth, "low": low, "high": high})
        return found

    def _worth_most(self, month: date) -> tuple[str, Interval]:
        """The capacity whose absence adds most by a month's end, where that is decided."""
        best = ("", NOTHING)
        if self.moment.by is None or month not in self.months:
            return best
        values = monthly(self, self.moment.response, month)
        for one in self.lifted:
            found = mean_of_defined(values[self.names.index(one.name)] - values[0])
            if found.low > 0 and not found.estimate <= best[1].estimate:
                best = (one.name, found)
        return best

    def rows(self) -> list[dict[str, Any]]:
        """Rows of ``bottlenecks.csv``."""
        ranked = [*self.lifted, *self.steps, *self.combined, *self.inert]
        return [self._row(one, rank) for rank, one in enumerate(ranked, start=1)]

    def _row(self, one: Worth, rank: int) -> dict[str, Any]:
        lifted = one.kind == "without limit"
        stood = self.stood[one.name] if lifted else Stood(nan, nan, None)
        back = self.given_back[one.name]
        share = self.shares.get(one.name, NOTHING) if lifted else NOTHING
        said = one.difference
        more = self.beyond_sum.get(one.name)
        beyond = NOTHING if more is None else more.difference
        return {
            "rank": rank,
            "capacity": one.capacity,
            "what": one.kind,
            "label": one.label,
            "response": self.moment.response,
            "by": self.moment.by or "",
            "unit": self.moment.unit,
            "n": said.n,
            **one.interval.named("difference"),
            "p_adjusted": said.p_adjusted,
            "decided": one.decided,
            "no_limit_in_any_world": one.same,
            "still_needed": "" if one.same else said.still_needed,
            "why_nothing": why_nothing(self, one),
            **beyond.named("beyond_sum"),
            "beyond_sum_decided": "" if more is None else more.decided,
            **share.named("shapley"),
            **back.named("given_back_usd_bn_years"),
            "held_usd_bn_years": stood.usd_bn_years,
            "drag_days_mean": self.drag[one.name] if lifted else nan,
            "held_peak_usd_bn": stood.peak_usd_bn,
            "held_peak_quarter": stood.quarter or "",
        }
