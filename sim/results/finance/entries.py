"""What the log of a batch says of money."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.events import FloatArray, IntArray, Kind
from sim.results.tables.batch import Batch

# Kinds of events that money asks for.
_ASKED = np.zeros(len(Kind), dtype=np.bool_)
_ASKED[
    [
        Kind.SELECTED,
        Kind.DECLINED,
        Kind.CANCELLED,
        Kind.PART_DRAWN,
        Kind.MONEY_RETURNED,
        Kind.CALLS_STOPPED,
        Kind.UNIT_ENERGISED,
    ]
] = True


class Happened(NamedTuple):
    """Events of one kind, replication by replication, in order; each shape (n_of_kind,)."""

    time: IntArray
    row: IntArray  # of Batch.attributes
    resource: IntArray
    part: IntArray
    cause: IntArray
    amount: FloatArray  # cents for money

    @property
    def cents(self) -> IntArray:
        """Amounts as whole cents."""
        return np.rint(self.amount).astype(np.int64)


class Entries:
    """Events before the end, and what the world holds for operation; ``batch`` is theirs."""

    def __init__(self, batch: Batch) -> None:
        self.batch, log = batch, batch.log
        found = np.flatnonzero(_ASKED.take(log.kind))
        found = found[log.time[found] < batch.end]
        self._kind = log.kind[found]
        columns = (log.time, batch.row, log.resource, log.part, log.cause, log.amount)
        self._columns: list[NDArray[Any]] = [column[found] for column in columns]

    def of(self, kind: Kind) -> Happened:
        """Events of one kind."""
        found = np.flatnonzero(self._kind == kind)
        return Happened(*(column[found] for column in self._columns))

    def drawn(self, name: str) -> FloatArray:
        """(n_projects,) what the world holds for the operation of each."""
        return np.concatenate([getattr(one.operation, name) for one in self.batch.replications])

    def number(self, row: IntArray) -> NDArray[np.int32]:
        """Number of the replication of each row, as tables have it."""
        return np.asarray(self.batch.number[self.batch.of_row[row]])
