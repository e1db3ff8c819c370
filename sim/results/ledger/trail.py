# cython: annotation_typing=False
"""What one project did, read from the log once: the ground the delay ledger walks back over.

Plain lists and whole numbers: a replication has a hundred projects with some forty events each,
too few for arrays to pay.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.events import TERMINAL, Kind, Names
from sim.results.ledger.told import Told
from sim.results.tables.batch import Batch

Piece: TypeAlias = tuple[int, int, int, int]  # begin, end, cause of the ledger, resource; minutes
Happening: TypeAlias = tuple[int, int, int, int]  # time, resource, Cause, part
Wait: TypeAlias = tuple[int, int, int, int]  # begin, end, resource, part


LINE = -1  # unit of a stretch: what begins the units
NOTHING: list[tuple[int, int, int, int]] = []

_BEGAN = int(Kind.WAIT_BEGAN)
_KINDS, _TERMINAL = len(Kind), [int(kind) for kind in Kind if kind in TERMINAL]
_PAIRED = 2  # of the beginning of a wait, what its end is known of


class Stretch:
    """A time at work on a site, in minutes, with the minutes of its clock at both ends."""

    def __init__(
        self, begin: int, end: int, begin_work: float, end_work: float, group: int, unit: int
    ) -> None:
        self.begin, self.end = begin, end
        self.begin_work, self.end_work = begin_work, end_work
        self.group, self.unit = group, unit


class Trail:
    """One project's events and waits, in order; what is open ends where the trail does."""

    def __init__(self, end: int, units: int, told: Told, place: int) -> None:
        self.end = end  # minute of operation, of the terminal state, or of the end of the run
        self.terminal = -1  # kind that ended it; -1: censored
        self.told, self.first_cell = told, place * _KINDS
        self.waits: dict[int, list[Wait]] = {}  # by Cause
        self.stretches: list[Stretch] = []  # at work on the site, all units
        self.units = units
        for kind in _TERMINAL:
            last = self.last(kind)
            if last >= 0:
                self.terminal, self.end = kind, last
        self._pair()

    def _pair(self) -> None:
        """Pair what began and ended the waits."""
        told, waits, cell = self.told, self.waits, self.first_cell + _BEGAN
        columns, first, over = told.columns, told.bounds[cell], told.bounds[cell + 1]
        for at in range(first, over):
            if columns[4, at] == 0:
                continue
            began, before = at, at - 1
            while before >= first and began == at:
                if columns[4, before] == 0 and (
                    columns[2, before] == columns[2, at]
                    and columns[1, before] == columns[1, at]
                    and columns[3, before] == columns[3, at]
                ):
                    began = before
                    columns[4, before] = _PAIRED
                before -= 1
            wait = (columns[0, began], columns[0, at], columns[1, at], columns[3, at])
            waits.setdefault(columns[2, at], []).append(wait)
        for at in range(first, over):
            if columns[4, at] == 0:
                wait = (columns[0, at], self.end, columns[1, at], columns[3, at])
                waits.setdefault(columns[2, at], []).append(wait)

    def of(self, kind: int) -> list[Happening]:
        """Events of a kind."""
        told, cell = self.told, self.first_cell + kind
        columns = told.columns
        return [
            (columns[0, at], columns[1, at], columns[2, at], columns[3, at])
            for at in range(told.bounds[cell], told.bounds[cell + 1])
        ]

    def first(self, kind: int) -> int:
        """Minute of the first event of a kind; -1 where there is none."""
        told, cell = self.told, self.first_cell + kind
        at = told.bounds[cell]
        return told.columns[0, at] if at < told.bounds[cell + 1] else -1

    def last(self, kind: int) -> int:
        """Minute of the last event of a kind; -1 where there is none."""
        told, cell = self.told, self.first_cell + kind
        at = told.bounds[cell + 1]
        return told.columns[0, at - 1] if told.bounds[cell] < at else -1

    def at(self, kind: int, part: int) -> int:
        """Minute of the event of a kind with this part; -1 where there is none."""
        told, cell = self.told, self.first_cell + kind
        for at in range(told.bounds[cell], told.bounds[cell + 1]):
            if told.columns[3, at] == part:
                return told.columns[0, at]
        return -1

    def has(self, kind: int, cause: int, part: int) -> bool:
        """Whether there is an event of a kind with this cause and part."""
        told, cell = self.told, self.first_cell + kind
        for at in range(told.bounds[cell], told.bounds[cell + 1]):
            if told.columns[2, at] == cause and told.columns[3, at] == part:
                return True
        return False

    def by_lender(self, kind: int, part: int, lender: list[int]) -> dict[int, int]:
        """Minute of the last event of a kind with this part, by facility."""
        told, cell = self.told, self.first_cell + kind
        columns = told.columns
        return {
            lender[columns[1, at]]: columns[0, at]
            for at in range(told.bounds[cell], told.bounds[cell + 1])
            if columns[3, at] == part
        }

    def last_part(self, kind: int) -> int:
        """Part of the last event of a kind; -1 where there is none."""
        told, cell = self.told, self.first_cell + kind
        at = told.bounds[cell + 1]
        return told.columns[3, at - 1] if told.bounds[cell] < at else -1

    def spans(self, began: int, ended: int) -> list[tuple[int, int, int]]:
        """Begin, end and resource of what began and ended in turn; the open one ends last."""
        cell, columns, bounds = self.first_cell, self.told.columns, self.told.bounds
        begin, over = bounds[cell + began], bounds[cell + ended + 1]
        behind = bounds[cell + ended] - begin
        return [
            (
                columns[0, at],
                columns[0, at + behind] if at + behind < over else self.end,
                columns[1, at],
            )
            for at in range(begin, bounds[cell + began + 1])
        ]


def read_trails(batch: Batch, only: NDArray[np.bool_] | None = None) -> list[Trail]:
    """One trail per row of the attributes; empty where it is not asked for, (n_projects,)."""
    n, end = len(batch.of_row), batch.end
    asked = np.arange(n) if only is None else np.flatnonzero(only)
    place = np.full(n + 1, -1)  # one more, so that -1 maps to -1
    place[asked] = np.arange(len(asked))
    logs = [one.log for one in batch.replications]
    told = Told(logs, place.take(batch.rows), len(asked), end)
    trails, units = [Trail(end, 0, told, len(asked))] * n, batch.attributes.units.tolist()
    for number, row in enumerate(asked.tolist()):
        trails[row] = Trail(end, units[row], told, number)
    sites, rows = batch.sites, batch.row_of_stretch
    # Where work is done without any time it is on record.
    known = (sites.end > sites.start) | (sites.end_work - sites.start_work <= 1)
    order = np.lexsort((sites.end, sites.start))
    order = order[(known & (place.take(rows) >= 0))[order]]
    ends = (sites.start, sites.end, sites.start_work, sites.end_work, sites.group, sites.unit)
    stretches = map(Stretch, *(column[order].tolist() for column in ends))
    for row, stretch in zip(rows[order].tolist(), stretches, strict=True):
        trails[row].stretches.append(stretch)
    return trails


@lru_cache(maxsize=8)  # of the configs whose replications are read now
def lenders(names: Names) -> list[int]:
    """Facility, in the config's order, of each resource that is one's; -1 for the others."""
    found = [-1] * (len(names.resources) + 1)  # one more, so that -1 maps to -1
    for number, facility in enumerate(names.facilities):
        for what in ("desks", "commitments", "cash"):
            if f"{facility}_{what}" in names.resources:
                found[names.resources.index(f"{facility}_{what}")] = number
    return found
