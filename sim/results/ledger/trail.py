# cython: annotation_typing=False
"""What one project did, read from the log once: the ground the delay ledger walks back over.

Plain lists and whole numbers: a replication has a hundred projects with some forty events each,
too few for arrays to pay.
"""

from __future__ import annotations

from array import array
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.events import TERMINAL, Cause, IntArray, Kind, Names
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


class Told:
    """What the logs tell of the projects asked for, by project, then kind, in order.

    The end of a wait stands where one that begins would. Python and C both read such columns.
    """

    def __init__(
        self,
        rows: IntArray,
        kinds: IntArray,
        times: IntArray,
        resources: IntArray,
        causes: IntArray,
        parts: IntArray,
        ended: IntArray,
    ) -> None:
        self.rows, self.kinds = array("q", rows.tobytes()), array("q", kinds.tobytes())
        self.times, self.resources = array("q", times.tobytes()), array("q", resources.tobytes())
        self.causes, self.parts = array("q", causes.tobytes()), array("q", parts.tobytes())
        self.ended = array("q", ended.tobytes())


class Trail:
    """One project's events and waits, in order; what is open ends where the trail does."""

    def __init__(self, end: int, units: int, told: Told) -> None:
        self.end = end  # minute of operation, of the terminal state, or of the end of the run
        self.terminal = -1  # kind that ended it; -1: censored
        self.told = told
        self.begins, self.ends = [0] * _KINDS, [0] * _KINDS  # of each kind in what is told
        self.waits: dict[int, list[Wait]] = {}  # by Cause
        self.stretches: list[Stretch] = []  # at work on the site, all units
        self.units = units

    def of(self, kind: int) -> list[Happening]:
        """Events of a kind."""
        told = self.told
        return [
            (told.times[at], told.resources[at], told.causes[at], told.parts[at])
            for at in range(self.begins[kind], self.ends[kind])
        ]

    def first(self, kind: int) -> int:
        """Minute of the first event of a kind; -1 where there is none."""
        at: int = self.begins[kind]
        return self.told.times[at] if at < self.ends[kind] else -1

    def last(self, kind: int) -> int:
        """Minute of the last event of a kind; -1 where there is none."""
        at: int = self.ends[kind]
        return self.told.times[at - 1] if self.begins[kind] < at else -1

    def at(self, kind: int, part: int) -> int:
        """Minute of the event of a kind with this part; -1 where there is none."""
        for at in range(self.begins[kind], self.ends[kind]):
            if self.told.parts[at] == part:
                return self.told.times[at]
        return -1

    def by_lender(self, kind: int, part: int, lender: list[int]) -> dict[int, int]:
        """Minute of the last event of a kind with this part, by facility."""
        told = self.told
        return {
            lender[told.resources[at]]: told.times[at]
            for at in range(self.begins[kind], self.ends[kind])
            if told.parts[at] == part
        }

    def last_part(self, kind: int) -> int:
        """Part of the last event of a kind; -1 where there is none."""
        at: int = self.ends[kind]
        return self.told.parts[at - 1] if self.begins[kind] < at else -1

    def spans(self, began: int, ended: int) -> list[tuple[int, int, int]]:
        """Begin, end and resource of what began and ended in turn; the open one ends last."""
        told, over = self.told, self.ends[ended]
        begin, behind = self.begins[began], self.begins[ended] - self.begins[began]
        return [
            (
                told.times[at],
                told.times[at + behind] if at + behind < over else self.end,
                told.resources[at],
            )
            for at in range(begin, self.ends[began])
        ]


def read_trails(batch: Batch, only: NDArray[np.bool_] | None = None) -> list[Trail]:
    """One trail per row of the attributes; empty where it is not asked for, (n_projects,)."""
    log, row, n = batch.log, batch.row, len(batch.of_row)
    asked_for = np.ones(n + 1, dtype=np.bool_)
    asked_for[:n] = True if only is None else only
    asked_for[n] = False  # -1: an event of no project
    mine = np.flatnonzero(asked_for.take(row))
    mine = mine[_TELLING.take(log.kind.take(mine))]
    columns = [
        column.take(mine) for column in (row, log.kind, log.time, log.resource, log.cause, log.part)
    ]
    # Bare columns, of thousands of events.
    row, kind, time, _, cause, part = columns
    began, ended = kind == _BEGAN, kind == _ENDED
    gated = np.zeros(n, dtype=np.bool_)
    gated[row[began & (cause == Cause.EQUIPMENT)]] = True
    of_slice = _OF_SLICE[kind] | ((began | ended) & _WAIT_OF_SLICE[cause])
    kept = np.flatnonzero((~of_slice | (part == 0) | gated[row]) & (time < batch.end))
    columns[1] = np.where(ended, _BEGAN, kind)
    for column in (columns[1], row):
        kept = kept[np.argsort(narrow(column[kept]), kind="stable")]
    columns.append(ended.astype(np.int64))
    told, end = Told(*(column.take(kept) for column in columns)), batch.end
    units, nobody = batch.attributes.units.tolist(), Trail(end, 0, told)
    trails = [
        Trail(end, n, told) if one else nobody
        for n, one in zip(units, asked_for[:n].tolist(), strict=True)
    ]
    _part(told, trails)
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


def _part(told: Told, trails: list[Trail]) -> None:
    """Give each project its part of what is told, by kind, and pair its waits."""
    at, size = 0, len(told.rows)
    while at < size:
        row, kind, begin = told.rows[at], told.kinds[at], at
        while at < size and told.kinds[at] == kind and told.rows[at] == row:
            at += 1
        trail = trails[row]
        trail.begins[kind], trail.ends[kind] = begin, at
        if _TERMINAL[kind]:
            trail.terminal, trail.end = kind, told.times[at - 1]
    for trail in trails:
        _pair(told, trail)


def _pair(told: Told, trail: Trail) -> None:
    """Pair what began and ended the waits of a project."""
    opened: dict[tuple[int, int, int], int] = {}
    waits = trail.waits
    for at in range(trail.begins[_BEGAN], trail.ends[_BEGAN]):
        time, resource = told.times[at], told.resources[at]
        cause, part = told.causes[at], told.parts[at]
        if not told.ended[at]:
            opened[cause, resource, part] = time
            continue
        began = opened.pop((cause, resource, part), time)
        if cause in waits:
            waits[cause].append((began, time, resource, part))
        else:
            waits[cause] = [(began, time, resource, part)]
    for (cause, resource, part), began in opened.items():
        waits.setdefault(cause, []).append((began, trail.end, resource, part))


@lru_cache(maxsize=8)  # of the configs whose replications are read now
def lenders(names: Names) -> list[int]:
    """Facility, in the config's order, of each resource that is one's; -1 for the others."""
    found = [-1] * (len(names.resources) + 1)  # one more, so that -1 maps to -1
    for number, facility in enumerate(names.facilities):
        for what in ("desks", "commitments", "cash"):
            if f"{facility}_{what}" in names.resources:
                found[names.resources.index(f"{facility}_{what}")] = number
    return found
