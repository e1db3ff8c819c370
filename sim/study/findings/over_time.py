"""Money and what holds it up, date by date: bands over the replications, means by quarter."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.events.ledger_causes import LEDGER_ROWS
from sim.stats.bands import bands
from sim.stats.intervals import FloatArray, Interval, mean_interval

if TYPE_CHECKING:
    from sim.study.findings.run_results import RunTables

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


def _quarters(months: np.ndarray, first: np.datetime64) -> np.ndarray:
    """Calendar quarters since that of the first month."""
    return np.asarray(months.astype(np.int64) // 3 - first.astype(np.int64) // 3)


def _names(first: np.datetime64, count: int) -> list[str]:
    begin = int(first.astype(np.int64)) // 3  # quarters since 1970
    return [f"{1970 + at // 4} Q{at % 4 + 1}" for at in range(begin, begin + count)]
