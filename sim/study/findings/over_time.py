"""Money and what holds it up, date by date: bands over the replications, means by quarter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.calendars import DAYS_PER_YEAR
from sim.events.ledger_causes import LEDGER_ROWS
from sim.stats.bands import bands
from sim.stats.dates import day_numbers
from sim.stats.intervals import FloatArray, Interval, mean_interval

if TYPE_CHECKING:
    from sim.study.findings.run_results import RunTables

_GIVEN_UP = ("rejected", "refused", "declined")
AMOUNTS = ("committed", "called", "paid", "completed")
_BAR = {row.name: row.bar for row in LEDGER_ROWS}


class Bands(NamedTuple):
    """Amounts at the close of each month.

    Attributes
    ----------
    ends : list of date
        (n_months,) last day of each month.
    usd_bn : dict
        For each of `AMOUNTS` what `sim.stats.bands.bands` gives, USD bn, (n_months,) each.
    """

    ends: list[date]
    usd_bn: dict[str, dict[str, FloatArray]]


class Held(NamedTuple):
    """Dollars of selected projects that stand at each group of causes (``bar`` of the ledger's).

    Attributes
    ----------
    quarters : list of str
        Such as ``2028 Q1``, (n_quarters,).
    usd_bn : dict
        By group the mean of the replications, USD bn, (n_quarters,); groups that hold nothing are
        left out.
    usd_bn_years : dict
        By group the sum over time in each replication, USD bn × years, (n_replications,).
    """

    quarters: list[str]
    usd_bn: dict[str, FloatArray]
    usd_bn_years: dict[str, FloatArray]

    def peak(self, group: str) -> tuple[float, str]:
        """Most dollars that ever stand at a group, USD bn, and the quarter."""
        at = int(np.argmax(self.usd_bn[group]))
        return float(self.usd_bn[group][at]), self.quarters[at]

    def ranked(self, groups: Iterable[str]) -> list[str]:
        """Groups by what stands at them, most dollar-years first."""
        return sorted(groups, key=lambda one: -float(self.usd_bn_years[one].mean()))

    def leads(self, group: str, other: str) -> Interval:
        """How much more stands at one group than at another, USD bn × years, with its 95 %."""
        return mean_interval(self.usd_bn_years[group] - self.usd_bn_years[other])


def money_over_time(run: RunTables) -> Bands:
    """Committed, called, paid and completed at the end of every month."""
    import pandas as pd

    table = run.timeline
    months = pd.DatetimeIndex(np.unique(table["month"].to_numpy()))
    ends = [end.date() for end in months + pd.offsets.MonthEnd(0)]
    wide = {
        name: table.pivot(index="replication", columns="month", values=f"{name}_usd_bn")
        for name in AMOUNTS
    }
    return Bands(ends, {name: bands(one.to_numpy()) for name, one in wide.items()})


def held_over_time(run: RunTables) -> Held:
    """Dollars that stand at each group of causes, from the first quarter to the last."""
    table, n = run.held, int(run.manifest["replications"])
    groups = table["cause"].astype(str).map(_BAR)
    months = np.unique(run.timeline["month"].to_numpy()).astype("datetime64[M]")
    quarter = _quarters(table["month"].to_numpy().astype("datetime64[M]"), months[0])
    count = int(_quarters(months[-1:], months[0])[0]) + 1
    in_quarter = np.bincount(_quarters(months, months[0]), minlength=count)
    usd_bn, years = {}, {}
    for group in dict.fromkeys(_BAR.values()):
        own = (groups == group).to_numpy()
        if own.any():
            amounts = table["usd_bn"].to_numpy()[own]
            usd_bn[group] = np.bincount(quarter[own], amounts, count) / in_quarter / n
            years[group] = np.bincount(table["replication"].to_numpy()[own], amounts, n) / 12
    return Held(_names(months[0], count), usd_bn, years)


def before_selection(run: RunTables) -> tuple[FloatArray, FloatArray]:
    """Dollars recommended and not selected: what waits for a round of the President.

    Not in what is held, since nobody knows yet what will be selected. A candidate waits until it is
    selected or given up, at most until the deadline.

    Returns
    -------
    FloatArray, FloatArray
        Mean of the replications in the quarters of `held_over_time`, USD bn, (n_quarters,); sum
        over time in each replication, USD bn × years, (n_replications,).
    """
    months = np.unique(run.timeline["month"].to_numpy()).astype("datetime64[M]")
    count = int(_quarters(months[-1:], months[0])[0]) + 1
    edges = _begin(months[0], count + 1).astype("datetime64[D]").astype(np.float64)
    rows = run.projects[run.projects["recommended"].notna()]
    close = float((np.datetime64(run.config.programme.deadline, "D") + 1).astype(np.int64))
    begin, *ends = (
        np.where(rows[name].isna(), close, day_numbers(rows[name].to_numpy()))
        for name in ("recommended", "selected", *_GIVEN_UP)
    )
    end = np.minimum(np.minimum.reduce(ends), close)
    usd_bn, n = rows["commitment_usd_bn"].to_numpy(), int(run.manifest["replications"])
    waited = usd_bn * np.clip(end - begin, 0, None) / DAYS_PER_YEAR
    held = [
        usd_bn @ np.clip(np.minimum(end, right) - np.maximum(begin, left), 0, None) / (right - left)
        for left, right in pairwise(edges)
    ]
    years: FloatArray = np.bincount(rows["replication"].to_numpy(), waited, n).astype(np.float64)
    return np.array(held) / n, years


def _begin(first: np.datetime64, count: int) -> np.ndarray:
    """First month of each quarter."""
    at = int(first.astype(np.int64)) // 3 * 3
    return np.arange(at, at + 3 * count, 3).astype("datetime64[M]")


def _quarters(months: np.ndarray, first: np.datetime64) -> np.ndarray:
    """Calendar quarters since that of the first month."""
    return np.asarray(months.astype(np.int64) // 3 - first.astype(np.int64) // 3)


def _names(first: np.datetime64, count: int) -> list[str]:
    begin = int(first.astype(np.int64)) // 3  # quarters since 1970
    return [f"{1970 + at // 4} Q{at % 4 + 1}" for at in range(begin, begin + count)]
