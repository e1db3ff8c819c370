"""Use, queue and limit of every resource in every replication, as pictures of capacity need it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.calendars import DAYS_PER_YEAR
from sim.events import FloatArray
from sim.report.figures.crafts import served_alike
from sim.report.figures.frames import month_days, month_middles, paths
from sim.report.names import resource_name
from sim.stats.bands import bands
from sim.study.findings.run_results import RunTables

if TYPE_CHECKING:
    import pandas as pd

_LEAST_USD_BN_YEARS = 0.5  # what a panel of the board is worth
# How a unit is written, and what of it makes one on the axis.
_UNITS = {
    "servers": ("", 1.0, "waiting_mean"),  # named by what they are, see `_read`
    "USD bn": ("USD bn", 1.0, "waiting_usd_bn"),
    "people": ("thousand people", 1000.0, "waiting_mean"),
    "slots": ("slots", 1.0, "waiting_mean"),
    "MW": ("MW", 1.0, "waiting_mean"),
}


class Resource(NamedTuple):
    """One resource in every replication, in the unit of its axis.

    ``usd_bn_years``: dollars that stood for want of it times years; before selection, that waited.
    """

    name: str
    unit: str
    x: FloatArray  # (n_months,) date numbers
    held: FloatArray  # (n_replications, n_months), inf where unlimited
    used: FloatArray
    waiting: FloatArray
    at_limit: FloatArray  # share of the month
    years_at_limit: FloatArray  # (n_replications,)
    usd_bn_years: FloatArray  # (n_replications,)

    @property
    def unlimited(self) -> bool:
        """Whether it has no limit at any time."""
        return bool(np.isinf(self.held).all())

    @property
    def binds(self) -> bool:
        """Whether it is ever at its limit, and dollars stand for want of it."""
        return bool(self.years_at_limit.any() and self.usd_bn_years.mean() >= _LEAST_USD_BN_YEARS)

    @property
    def share_met(self) -> float:
        """In use over in use and waiting, all months and replications; 1 where never wanted."""
        used, waiting = float(self.used.sum()), float(self.waiting.sum())
        return used / (used + waiting) if waiting else 1.0

    @property
    def rank(self) -> tuple[bool, float, float]:
        """How much it binds, most first: the smallest share met, then the time at the limit."""
        years = float(bands(self.years_at_limit[:, np.newaxis])["median"][0])
        return self.unlimited, round(self.share_met, 3), -years


def resources(run: RunTables, crafts_together: bool = False) -> list[Resource]:
    """Every resource, in the order of the config; crafts served alike as one if asked for."""
    table, found = run.capacity, []
    by_name = {str(name): rows for name, rows in table.groupby("resource", observed=True)}
    alike = served_alike(by_name) if crafts_together else []
    for name, rows in by_name.items():
        if name in alike[1:]:
            continue
        names = alike if name in alike else [name]
        one = _read(rows, name, names, run)
        if len(names) > 1:
            others = [_read(by_name[other], other, names, run) for other in names[1:]]
            one = one._replace(
                name=f"Crews: {len(names)} crafts alike",
                held=sum((other.held for other in others), one.held),
                used=sum((other.used for other in others), one.used),
                waiting=sum((other.waiting for other in others), one.waiting),
            )
        found.append(one)
    return found


def _read(rows: pd.DataFrame, name: str, names: Sequence[str], run: RunTables) -> Resource:
    word, scale, queue = _UNITS[str(rows["unit"].iloc[0])]
    if not word:
        word = "desks" if name.endswith("_desks") else "teams" if name == "teams" else "reviews"
    at_limit = paths(rows, "share_of_time_at_limit")
    years = month_days(rows) / DAYS_PER_YEAR
    held, called = paths(rows, "capacity") / scale, resource_name(name, run.config)
    if np.isinf(held).all():  # then no year begins anew: what is used adds up
        called = called.replace("yearly ", "") + (", all years" if ": yearly " in called else "")
    return Resource(
        name=called,
        unit=word,
        x=month_middles(rows),
        held=held,
        used=paths(rows, "in_use") / scale,
        waiting=paths(rows, queue) / scale,
        at_limit=at_limit,
        years_at_limit=at_limit @ years,
        usd_bn_years=_stood(names, run)
        if name != "teams"
        else paths(rows, "waiting_usd_bn") @ years,
    )


def _stood(names: Sequence[str], run: RunTables) -> FloatArray:
    """Dollars times years that stood for want of resources, (n_replications,)."""
    n = int(run.manifest["replications"])
    mine = run.held[
        run.held["resource"].isin(names) & (run.held["cause"].astype(str) != "funding_window")
    ]
    days = mine["month"].dt.days_in_month.to_numpy()
    total = np.bincount(
        mine["replication"].to_numpy(), mine["usd_bn"].to_numpy() * days / DAYS_PER_YEAR, n
    )
    return np.asarray(total, np.float64)
