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

from sim.events import TERMINAL, Cause, Kind, Names
from sim.events import ledger_causes as of
from sim.results.tables.batch import Batch, narrow

Piece: TypeAlias = tuple[int, int, int, int]  # begin, end, cause of the ledger, resource; minutes
Happening: TypeAlias = tuple[int, int, int, int]  # time, resource, Cause, part
Wait: TypeAlias = tuple[int, int, int, int]  # begin, end, resource, part


LINE = -1  # unit of a stretch: what begins the units
NOTHING: list[tuple[int, int, int, int]] = []

_BEGAN, _ENDED = int(Kind.WAIT_BEGAN), int(Kind.WAIT_ENDED)
_KINDS, _TERMINAL = len(Kind), [kind in TERMINAL for kind in Kind]
# Kinds that tell nothing about delays.
_IDLE = frozenset({
    Kind.DOCKETED, Kind.ENDORSED, Kind.DEFERRED, Kind.RECOMMENDED, Kind.APPRAISAL_REOPENED,
    Kind.PASSED_OVER, Kind.FUNDS_COMMITTED, Kind.PART_DRAWN, Kind.CALL_LATE, Kind.CALL_MISSED,
    Kind.BREACH_OPENED, Kind.BREACH_CLOSED, Kind.CAPACITY_CHANGED, Kind.HISTORY_EXCEEDED,
    Kind.CALL_WITHDRAWN, Kind.MONEY_RETURNED, Kind.SLOT_GRANTED, Kind.PERMIT_WORK_ENDED,
    Kind.FUNDING_DECIDED, Kind.BUILT, Kind.EQUIPMENT_RESERVED,
})  # fmt: skip
_TELLING = np.array([kind not in _IDLE for kind in Kind])
# What belongs to one slice. Later slices only matter to who waited for a machine.
_CALL = frozenset({Kind.CALL_NOTICED, Kind.CALL_PAID, Kind.PART_DOCUMENTED, Kind.PART_PAID})
_OF_SLICE = np.array([kind in _CALL for kind in Kind])
_WAIT_OF_SLICE = np.array(
    [cause.row.charged in (of.FUNDING_DESK, of.FUNDING_WINDOW, of.FUNDING_MONEY) for cause in Cause]
)


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

    def __init__(self, end: int, units: int) -> None:
        self.end = end  # minute of operation, of the terminal state, or of the end of the run
        self.terminal = -1  # kind that ended it; -1: censored
        self.events: list[list[Happening]] = [NOTHING] * _KINDS  # by kind
        self.waits: dict[int, list[Wait]] = {}  # by Cause
        self.stretches: list[Stretch] = []  # at work on the site, all units
        self.units = units

    def of(self, kind: int) -> list[Happening]:
        """Events of a kind."""
        return self.events[kind]

    def first(self, kind: int) -> int:
        """Minute of the first event of a kind; -1 where there is none."""
        events = self.events[kind]
        return events[0][0] if events else -1

    def at(self, kind: int, part: int) -> int:
        """Minute of the event of a kind with this part; -1 where there is none."""
        for time, _, _, its_part in self.events[kind]:
            if its_part == part:
                return time
        return -1

    def spans(self, began: int, ended: int) -> list[tuple[int, int, int]]:
        """Begin, end and resource of what began and ended in turn; the open one ends last."""
        ends = self.events[ended]
        return [
            (event[0], ends[place][0] if place < len(ends) else self.end, event[1])
            for place, event in enumerate(self.events[began])
        ]


def read_trails(batch: Batch, only: NDArray[np.bool_] | None = None) -> list[Trail]:
    """One trail per row of the attributes; empty where it is not asked for, (n_projects,)."""
    log, row, n = batch.log, batch.row, len(batch.of_row)
    asked_for = np.ones(n + 1, dtype=np.bool_)
    asked_for[:n] = True if only is None else only
    asked_for[n] = False  # -1: an event of no project
    told = np.flatnonzero(asked_for.take(row) & _TELLING.take(log.kind))
    columns = [
        column.take(told) for column in (row, log.kind, log.time, log.resource, log.cause, log.part)
    ]
    # Bare columns, as Python goes over thousands of events.
    row, kind, time, _, cause, part = columns
    began = kind == _BEGAN
    gated = np.zeros(n, dtype=np.bool_)
    gated[row[began & (cause == Cause.EQUIPMENT)]] = True
    of_slice = _OF_SLICE[kind] | ((began | (kind == _ENDED)) & _WAIT_OF_SLICE[cause])
    kept = np.flatnonzero((~of_slice | (part == 0) | gated[row]) & (time < batch.end))
    kept = kept[np.argsort(narrow(row[kept]), kind="stable")]
    units, nobody = batch.attributes.units.tolist(), Trail(batch.end, 0)
    trails = [
        Trail(batch.end, n) if one else nobody
        for n, one in zip(units, asked_for[:n].tolist(), strict=True)
    ]
    _fill(trails, [column.take(kept).tolist() for column in columns])
    sites, row = batch.sites, batch.row_of_stretch
    # Where work is done without any time it is on record.
    known = (sites.end > sites.start) | (sites.end_work - sites.start_work <= 1)
    order = np.lexsort((sites.end, sites.start))
    order = order[(known & asked_for[row])[order]]
    ends = (sites.start, sites.end, sites.start_work, sites.end_work, sites.group, sites.unit)
    stretches = map(Stretch, *(column[order].tolist() for column in ends))
    for number, stretch in zip(row[order].tolist(), stretches, strict=True):
        trails[number].stretches.append(stretch)
    return trails


def _fill(trails: list[Trail], columns: list[list[int]]) -> None:
    """Sort the events of each project by kind, and pair its waits; its rows stand together."""
    # Bare columns, for the same reason.
    rows, kinds, times, resources, causes, parts = columns
    opened: dict[tuple[int, int, int], int] = {}
    at, size = 0, len(rows)
    while at < size:
        row: int = rows[at]
        trail = trails[row]
        events, waits = trail.events, trail.waits
        while at < size and rows[at] == row:
            kind, time, resource = kinds[at], times[at], resources[at]
            cause, part = causes[at], parts[at]
            at += 1
            if kind == _BEGAN:
                opened[cause, resource, part] = time
            elif kind == _ENDED:
                began = opened.pop((cause, resource, part), time)
                if cause in waits:
                    waits[cause].append((began, time, resource, part))
                else:
                    waits[cause] = [(began, time, resource, part)]
            else:
                if events[kind]:
                    events[kind].append((time, resource, cause, part))
                else:
                    events[kind] = [(time, resource, cause, part)]
                if _TERMINAL[kind]:
                    trail.terminal, trail.end = kind, time
        for (cause, resource, part), began in opened.items():
            waits.setdefault(cause, []).append((began, trail.end, resource, part))
        opened.clear()


@lru_cache(maxsize=8)  # of the configs whose replications are read now
def lenders(names: Names) -> list[int]:
    """Facility, in the config's order, of each resource that is one's; -1 for the others."""
    found = [-1] * (len(names.resources) + 1)  # one more, so that -1 maps to -1
    for number, facility in enumerate(names.facilities):
        for what in ("desks", "commitments", "cash"):
            if f"{facility}_{what}" in names.resources:
                found[names.resources.index(f"{facility}_{what}")] = number
    return found
