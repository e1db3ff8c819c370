"""What the logs of a batch say, gathered once: every table and response reads it from here."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.errors import ModelError
from sim.events import FloatArray, IntArray, Kind
from sim.results.tables.batch import Batch, Happened
from sim.results.tables.clocks import done_share
from sim.results.tables.horizon import Horizon
from sim.results.tables.steps import Steps, cut_by_month

Column: TypeAlias = NDArray[np.generic]
Columns: TypeAlias = dict[str, Column]


@dataclass(frozen=True)
class Facts:
    """A batch of replications against their horizon.

    Attributes
    ----------
    instants : IntArray
        (n_instants,) those of the horizon, or its last.
    spent_cents : FloatArray
        (n_replications, n_instants) work done at each instant, all sites.
    spent_cents_by_project : FloatArray
        (n_projects,) work done at the end.
    market : Steps
        The specialist pools' traces, cut by month; a series for each pool of each replication.
    """

    batch: Batch
    horizon: Horizon
    instants: IntArray
    spent_cents: FloatArray
    spent_cents_by_project: FloatArray
    market: Steps
    # What was asked for before, by kind.
    _places: list[tuple[IntArray, IntArray] | None] = field(
        default_factory=lambda: [None] * len(Kind)
    )

    def of(self, kind: Kind) -> Happened:
        """Events of one kind."""
        return self.batch.of(kind)

    def counts(self, kind: Kind) -> IntArray:
        """Number of events of a kind stamped before each instant: (n_replications, n_instants)."""
        place, first = self._place(kind)
        return place - first

    def _place(self, kind: Kind) -> tuple[IntArray, IntArray]:
        """Which event of a kind is the first behind each instant, and which of each replication."""
        found = self._places[kind]
        if found is None:
            found = self._places[kind] = self.batch.events.before(kind, self.instants)
        return found

    def cents(self, kind: Kind) -> IntArray:
        """Sum of a kind's amounts stamped before each instant, exact."""
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


def gather(batch: Batch, horizon: Horizon, months: bool = True) -> Facts:
    """Read each replication once; without ``months``, at the three moments behind them alone.

    Raises
    ------
    ModelError
        If a log or a trace is not in order, or an event names a project that is not present.
    """
    instants = horizon.instants if months else horizon.moments
    events, places = batch.events, [f"replication {number}" for number in batch.number]
    if events.back >= 0:
        raise ModelError(f"{places[events.back]}: time goes back in the event log")
    if events.absent >= 0:
        name = batch.names.projects[events.stranger]
        raise ModelError(f"{places[events.absent]}: project {name!r} is in the log and not present")
    unread = len(horizon.instants) - len(instants)
    spent, by_project = _spent(batch, horizon, unread)
    return Facts(
        batch,
        horizon,
        instants,
        spent[:, unread:],
        by_project,
        cut_by_month(
            batch.market.pool,
            batch.market.time,
            batch.names.pools,
            horizon,
            [f"{place}, market trace" for place in places],
        ),
    )


def _spent(batch: Batch, horizon: Horizon, unread: int) -> tuple[FloatArray, FloatArray]:
    """Cents of work done at each instant but the first, unread ones, and by project at the end.

    Work is the committed amount x progress. Inside a stretch, progress follows its group's
    virtual clock: a stretch has done the share of its gain that the clock has done of its work.
    """
    sites, row = batch.sites, batch.row_of_stretch
    gain = batch.attributes.selected_cents[row] * (sites.end_progress - sites.start_progress)
    # Sums keep their shape, and with it their last bit, though not all of them are read.
    done = done_share(sites, horizon.instants, unread)
    by_project = np.zeros(len(batch.of_row))
    np.add.at(by_project, row, gain * done[:, -1])
    bounds = np.searchsorted(batch.of_stretch, np.arange(batch.n + 1)).tolist()
    # Of each replication by itself: the order of a sum must not depend on who stands beside it.
    return np.stack([gain[a:b] @ done[a:b] for a, b in pairwise(bounds)]), by_project
