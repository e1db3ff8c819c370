"""What the log of a batch says of money."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.events import FloatArray, IntArray, Kind
from sim.results.tables.batch import Batch, Happened


class Entries:
    """Events before the end, and what the world holds for operation; ``batch`` is theirs."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch

    def of(self, kind: Kind) -> Happened:
        """Events of one kind."""
        return self.batch.of(kind)

    def drawn(self, name: str) -> FloatArray:
        """(n_projects,) what the world holds for the operation of each."""
        return np.concatenate([getattr(one.operation, name) for one in self.batch.replications])

    def number(self, row: IntArray) -> NDArray[np.int32]:
        """Number of the replication of each row, as tables have it."""
        return np.asarray(self.batch.number[self.batch.of_row[row]])
