"""What the logs of a batch say, gathered once: every table and response reads it from here."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.errors import ModelError
from sim.events import FloatArray, IntArray, Kind, Replication, SiteTrace
from sim.results.tables.batch import Batch, narrow
from sim.results.tables.horizon import Horizon
from sim.results.tables.steps import Steps, cut_by_month

Column: TypeAlias = NDArray[np.generic]
Columns: TypeAlias = dict[str, Column]


class Happened(NamedTuple):
    """Events of one kind before the horizon's end, replication by replication, in order.

    Each has shape (n_of_kind,).
    """

    of: IntArray  # place of the replication in the batch
    time: IntArray
    row: IntArray  # row of Batch.attributes, -1: no project
    cause: IntArray
    part: IntArray
    amount: FloatArray  # cents for money


@dataclass(frozen=True)
class Facts:
    """A batch of replications against their horizon.

    Attributes
    ----------
    order, bounds : IntArray
        Events of the log by kind; where those of each kind begin, and how many there are.
    spent_cents : FloatArray
        (n_replications, n_instants) work done at each instant of the horizon, all sites.
    spent_cents_by_project : FloatArray
        (n_projects,) work done at the end.
    market : Steps
        The specialist pools' traces, cut by month; a series for each pool of each replication.
    """

    batch: Batch
    horizon: Horizon
    order: IntArray
    bounds: IntArray
    spent_cents: FloatArray
    spent_cents_by_project: FloatArray
    market: Steps
    # What was asked for before, by kind.
    _happened: list[Happened | None] = field(default_factory=lambda: [None] * len(Kind))
    _places: list[tuple[IntArray, IntArray] | None] = field(
        default_factory=lambda: [None] * len(Kind)
    )

    def of(self, kind: Kind) -> Happened:
        """Events of one kind."""
        found = self._happened[kind]
        if found is None:
            batch, log = self.batch, self.batch.log
            mine = self.order[self.bounds[kind] : self.bounds[kind + 1]]
            columns = (batch.of_event, log.time, batch.row, log.cause, log.part)
            of, time, row, cause, part = (column.take(mine) for column in columns)
            found = Happened(of, time, row, cause, part, log.amount.take(mine))
            self._happened[kind] = found
        return found

    def counts(self, kind: Kind) -> IntArray:
        """Number of events of a kind stamped before each instant: (n_replications, n_instants)."""
        place, first = self._place(kind)
        return place - first

    def _place(self, kind: Kind) -> tuple[IntArray, IntArray]:
        """How many events of a kind are before each instant, and before each replication."""
        found = self._places[kind]
        if found is None:
            events, end = self.of(kind), self.horizon.end
            begins = np.arange(self.batch.n)[:, np.newaxis] * (end + 1)
            time = events.of * (end + 1) + events.time
            asked = begins + np.minimum(self.horizon.instants, end)
            found = np.searchsorted(time, asked), np.searchsorted(time, begins)
            self._places[kind] = found
        return found

    def cents(self, kind: Kind) -> IntArray:
        """Sum of a kind's amounts stamped before each instant of the horizon, exact."""
        return self.sum_of(kind, self.of(kind).amount.astype(np.int64))

    def sum_of(self, kind: Kind, values: IntArray) -> IntArray:
        """Sum of ``values`` (one per event of the kind) stamped before each instant, exact."""
        total = np.zeros(len(values) + 1, dtype=np.int64)
        np.cumsum(values, out=total[1:])
        place, first = self._place(kind)
        return total.take(place) - total.take(first)


def cents_by_project(facts: Facts, kind: Kind, first: int = 0, last: int | None = None) -> IntArray:
    """Sum of a kind's amounts by project, cents, shape (n_projects,); of parts below ``last``."""
    events = facts.of(kind)
    counted = events.part >= first
    if last is not None:
        counted &= events.part < last
    total = np.zeros(len(facts.batch.of_row), dtype=np.int64)
    np.add.at(total, events.row[counted], events.amount[counted].astype(np.int64))
    return total


def returned_of_topups(facts: Facts) -> IntArray:
    """Cents by project, (n_projects,): called last, a top-up is the first to be unspent."""
    topped_up = cents_by_project(facts, Kind.PART_DRAWN, facts.horizon.slices)
    return np.minimum(topped_up, cents_by_project(facts, Kind.MONEY_RETURNED))


def gather(batch: Batch, horizon: Horizon) -> Facts:
    """Read each replication once.

    Raises
    ------
    ModelError
        If a log or a trace is not in order, or an event names a project that is not present.
    """
    log, places = batch.log, [f"replication {number}" for number in batch.number]
    back = (log.time[1:] < log.time[:-1]) & (batch.of_event[1:] == batch.of_event[:-1])
    if back.any():
        place = places[batch.of_event[np.argmax(back)]]
        raise ModelError(f"{place}: time goes back in the event log")
    known = log.time < horizon.end
    absent = known & (batch.row < 0) & (log.project >= 0)
    if absent.any():
        place, project = places[batch.of_event[np.argmax(absent)]], log.project[np.argmax(absent)]
        name = batch.names.projects[project]
        raise ModelError(f"{place}: project {name!r} is in the log and not present")
    order, kinds = np.argsort(narrow(log.kind), kind="stable"), log.kind
    if not known.all():
        order, kinds = order[known[order]], kinds[known]
    spent, by_project = _spent(batch, horizon)
    return Facts(
        batch,
        horizon,
        order,
        np.cumsum([0, *np.bincount(kinds, minlength=len(Kind))]),
        spent,
        by_project,
        cut_by_month(
            batch.market.pool,
            batch.market.time,
            batch.names.pools,
            horizon,
            [f"{place}, market trace" for place in places],
        ),
    )


def rows_of_projects(replication: Replication) -> IntArray:
    """Row of Attributes by entity index, -1 where absent; one longer, so that -1 maps to -1."""
    entity = replication.attributes.entity
    row = np.full(len(replication.names.projects) + 1, -1, dtype=np.int64)
    row[entity] = np.arange(len(entity))
    return row


def _spent(batch: Batch, horizon: Horizon) -> tuple[FloatArray, FloatArray]:
    """Cents of work done at each instant, and by project at the end.

    Work is the committed amount x progress. Inside a stretch, progress follows its group's
    virtual clock: a stretch has done the share of its gain that the clock has done of its work.
    """
    sites, row = batch.sites, batch.row_of_stretch
    gain = batch.attributes.selected_cents[row] * (sites.end_progress - sites.start_progress)
    done = done_share(sites, horizon.instants)
    by_project = np.zeros(len(batch.of_row))
    np.add.at(by_project, row, gain * done[:, -1])
    bounds = np.searchsorted(batch.of_stretch, np.arange(batch.n + 1)).tolist()
    # Of each replication by itself: the order of a sum must not depend on who stands beside it.
    return np.stack([gain[a:b] @ done[a:b] for a, b in pairwise(bounds)]), by_project


def done_share(sites: SiteTrace, instants: IntArray) -> FloatArray:
    """Share of each stretch's gain reached at each instant, shape (n_stretches, n_instants)."""
    start, end = sites.start[:, np.newaxis], sites.end[:, np.newaxis]
    # A stretch in which the clock stood still has gained nothing, or all at its end.
    share = (instants >= end).astype(np.float64)
    within = np.flatnonzero((instants > start) & (instants < end))
    if not len(within):
        return share
    row, at = np.divmod(within, len(instants))
    group = np.concatenate([sites.group, sites.group, sites.group[row]])
    work = _clock_work(sites, group, np.concatenate([sites.start, sites.end, instants[at]]))
    begun, over, now = np.split(work, [len(share), 2 * len(share)])
    total = (over - begun).take(row)
    moved = total > 0
    share.ravel()[within[moved]] = ((now - begun.take(row)) / np.where(moved, total, 1.0))[moved]
    return share


def _clock_work(sites: SiteTrace, group: IntArray, minutes: IntArray) -> FloatArray:
    """Work of a group's clock at each minute, both shape (n,)."""
    order = np.argsort(narrow(sites.clock_group), kind="stable")
    groups, time = sites.clock_group[order], sites.clock_time[order]
    # All clocks one behind the other; outside of its marks a clock stands.
    bounds = np.searchsorted(groups, np.arange(groups[-1] + 2))
    minutes = np.clip(minutes, time[bounds[group]], time[bounds[group + 1] - 1])
    span = 1 + time.max()
    found = np.interp(group * span + minutes, groups * span + time, sites.clock_work[order])
    return np.asarray(found)
