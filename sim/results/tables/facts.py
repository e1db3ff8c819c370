"""What a replication's log says, gathered once: every table and response reads it from here."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.errors import ModelError
from sim.events import FloatArray, IntArray, Kind, Replication, SiteTrace
from sim.results.tables.horizon import Horizon
from sim.results.tables.steps import Steps, cut_by_month

Column: TypeAlias = NDArray[np.generic]
Columns: TypeAlias = dict[str, Column]


class Happened(NamedTuple):
    """Events of one kind before the horizon's end, in order; each shape (n_of_kind,)."""

    time: IntArray
    row: IntArray  # row of Attributes, -1: no project
    cause: IntArray
    part: IntArray
    amount: FloatArray  # cents for money


@dataclass(frozen=True)
class Facts:
    """One replication against its horizon.

    Attributes
    ----------
    happened : tuple of Happened
        One per Kind, by its number.
    spent_cents : FloatArray
        (n_instants,) work done at each instant of the horizon, all sites.
    spent_cents_by_project : FloatArray
        (n_projects,) work done at the end.
    market : Steps
        The specialist pools' trace, cut by month.
    """

    replication: Replication
    horizon: Horizon
    happened: tuple[Happened, ...]
    spent_cents: FloatArray
    spent_cents_by_project: FloatArray
    market: Steps

    def of(self, kind: Kind) -> Happened:
        """Events of one kind."""
        return self.happened[kind]

    def counts(self, kind: Kind) -> IntArray:
        """Number of events of a kind stamped before each instant of the horizon."""
        return np.searchsorted(self.happened[kind].time, self.horizon.instants, side="left")

    def cents(self, kind: Kind) -> IntArray:
        """Sum of a kind's amounts stamped before each instant of the horizon, exact."""
        return self.cents_of(kind, self.happened[kind].amount.astype(np.int64))

    def cents_of(self, kind: Kind, cents: IntArray) -> IntArray:
        """Sum of ``cents`` (one per event of the kind) stamped before each instant, exact."""
        total = np.zeros(len(cents) + 1, dtype=np.int64)
        np.cumsum(cents, out=total[1:])
        return total[self.counts(kind)]


def cents_by_project(facts: Facts, kind: Kind, first: int = 0, last: int | None = None) -> IntArray:
    """Sum of a kind's amounts by project, cents, shape (n_projects,); of parts below ``last``."""
    events = facts.of(kind)
    counted = events.part >= first
    if last is not None:
        counted &= events.part < last
    total = np.zeros(len(facts.replication.attributes.entity), dtype=np.int64)
    np.add.at(total, events.row[counted], events.amount[counted].astype(np.int64))
    return total


def returned_of_topups(facts: Facts) -> IntArray:
    """Cents by project, (n_projects,): called last, a top-up is the first to be unspent."""
    topped_up = cents_by_project(facts, Kind.PART_DRAWN, facts.horizon.slices)
    return np.minimum(topped_up, cents_by_project(facts, Kind.MONEY_RETURNED))


def gather(replication: Replication, horizon: Horizon) -> Facts:
    """Read a replication once.

    Raises
    ------
    ModelError
        If the log or a trace is not in order, or an event names a project that is not present.
    """
    place = f"replication {replication.replication}"
    spent, by_project = _spent(replication, horizon)
    market = replication.market
    return Facts(
        replication=replication,
        horizon=horizon,
        happened=_by_kind(replication, horizon, place),
        spent_cents=spent,
        spent_cents_by_project=by_project,
        market=cut_by_month(
            market.pool, market.time, replication.names.pools, horizon, f"{place}, market trace"
        ),
    )


def rows_of_projects(replication: Replication) -> IntArray:
    """Row of Attributes by entity index, -1 where absent; one longer, so that -1 maps to -1."""
    entity = replication.attributes.entity
    row = np.full(len(replication.names.projects) + 1, -1, dtype=np.int64)
    row[entity] = np.arange(len(entity))
    return row


def _by_kind(replication: Replication, horizon: Horizon, place: str) -> tuple[Happened, ...]:
    log = replication.log
    if np.any(log.time[1:] < log.time[:-1]):
        raise ModelError(f"{place}: time goes back in the event log")
    n = int(np.searchsorted(log.time, horizon.end, side="left"))
    kind = log.kind[:n].astype(np.int16)
    # Stable and by 16-bit integers: numpy sorts those by radix, in linear time.
    order = np.argsort(kind, kind="stable")
    bounds = np.searchsorted(kind[order], np.arange(len(Kind) + 1)).tolist()
    project = log.project[order]
    row = rows_of_projects(replication)[project]
    if np.any((row < 0) & (project >= 0)):
        absent = replication.names.projects[project[(row < 0) & (project >= 0)][0]]
        raise ModelError(f"{place}: project {absent!r} is in the log and not present")
    time, cause, part, amount = (
        log.time[order],
        log.cause[order],
        log.part[order],
        log.amount[order],
    )
    found = []
    for begin, end in pairwise(bounds):
        of = slice(begin, end)
        found.append(Happened(time[of], row[of], cause[of], part[of], amount[of]))
    return tuple(found)


def _spent(replication: Replication, horizon: Horizon) -> tuple[FloatArray, FloatArray]:
    """Cents of work done at each instant, and by project at the end.

    Work is the committed amount x progress. Inside a stretch, progress follows its group's
    virtual clock: a stretch has done the share of its gain that the clock has done of its work.
    """
    sites, attributes = replication.sites, replication.attributes
    row = rows_of_projects(replication)[sites.project]
    gain = attributes.selected_cents[row] * (sites.end_progress - sites.start_progress)
    done = done_share(sites, horizon.instants)
    by_project = np.zeros(len(attributes.entity))
    np.add.at(by_project, row, gain * done[:, -1])
    return gain @ done, by_project


def done_share(sites: SiteTrace, instants: IntArray) -> FloatArray:
    """Share of each stretch's gain reached at each instant, shape (n_stretches, n_instants)."""
    now = np.clip(instants, sites.start[:, np.newaxis], sites.end[:, np.newaxis])
    work = np.empty((len(now), now.shape[1] + 2))
    for group in np.unique(sites.group):
        clock = sites.clock_group == group
        members = np.flatnonzero(sites.group == group)
        asked = np.column_stack([sites.start[members], sites.end[members], now[members]])
        work[members] = np.interp(asked, sites.clock_time[clock], sites.clock_work[clock])
    begin, total = work[:, :1], work[:, 1:2] - work[:, :1]
    # A stretch in which the clock stood still has gained nothing, or all at its end.
    still = instants >= sites.end[:, np.newaxis]
    share = still.astype(np.float64)
    np.divide(work[:, 2:] - begin, total, out=share, where=total > 0)
    return share
