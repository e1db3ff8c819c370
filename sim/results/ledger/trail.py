# cython: annotation_typing=False
"""What one project did, read from the log once: the ground the delay ledger walks back over.

Plain lists and whole numbers: a replication has a hundred projects with some forty events each,
too few for arrays to pay.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.events import TERMINAL, Cause, IntArray, Kind, Names, Replication
from sim.events import ledger_causes as of
from sim.results.tables.facts import rows_of_projects

Piece: TypeAlias = tuple[int, int, int, int]  # begin, end, cause of the ledger, resource; minutes
Happening: TypeAlias = tuple[int, int, int, int]  # time, resource, Cause, part
Wait: TypeAlias = tuple[int, int, int, int]  # begin, end, resource, part


class Stretch(NamedTuple):
    """A time at work on a site, in minutes, with the minutes of its clock at both ends."""

    begin: int
    end: int
    begin_work: float
    end_work: float
    group: int
    unit: int  # LINE: what begins the units


LINE = -1
NOTHING: list[tuple[int, int, int, int]] = []

_BEGAN, _ENDED = int(Kind.WAIT_BEGAN), int(Kind.WAIT_ENDED)
_TERMINAL = frozenset(int(kind) for kind in TERMINAL)
# Kinds that tell nothing about delays.
_IDLE = frozenset({
    Kind.DOCKETED, Kind.ENDORSED, Kind.DEFERRED, Kind.RECOMMENDED, Kind.APPRAISAL_REOPENED,
    Kind.PASSED_OVER, Kind.FUNDS_COMMITTED, Kind.PART_DRAWN, Kind.CALL_LATE, Kind.CALL_MISSED,
    Kind.BREACH_OPENED, Kind.BREACH_CLOSED, Kind.CAPACITY_CHANGED, Kind.HISTORY_EXCEEDED,
    Kind.CALL_WITHDRAWN, Kind.MONEY_RETURNED,
})  # fmt: skip
_TELLING = np.array([kind not in _IDLE for kind in Kind])
# What belongs to one slice. Later slices only matter to who waited for a machine.
_CALL = frozenset({Kind.CALL_NOTICED, Kind.CALL_PAID, Kind.PART_DOCUMENTED, Kind.PART_PAID})
_OF_SLICE = np.array([kind in _CALL for kind in Kind])
_WAIT_OF_SLICE = np.array(
    [cause.row.charged in (of.FUNDING_DESK, of.FUNDING_WINDOW, of.FUNDING_MONEY) for cause in Cause]
)


class Trail:
    """One project's events and waits, in order; what is open ends where the trail does."""

    def __init__(self, end: int, units: int) -> None:
        self.end = end  # minute of operation, of the terminal state, or of the end of the run
        self.terminal = -1  # kind that ended it; -1: censored
        self.events: dict[int, list[Happening]] = {}  # by kind
        self.waits: dict[int, list[Wait]] = {}  # by Cause
        self.stretches: list[Stretch] = []  # at work on the site, all units
        self.units = units

    def of(self, kind: int) -> list[Happening]:
        """Events of a kind."""
        return self.events.get(kind, NOTHING)

    def first(self, kind: int) -> int:
        """Minute of the first event of a kind; -1 where there is none."""
        return self.events[kind][0][0] if kind in self.events else -1

    def at(self, kind: int, part: int) -> int:
        """Minute of the event of a kind with this part; -1 where there is none."""
        for time, _, _, its_part in self.events.get(kind, NOTHING):
            if its_part == part:
                return time
        return -1

    def spans(self, began: int, ended: int) -> list[tuple[int, int, int]]:
        """Begin, end and resource of what began and ended in turn; the open one ends last."""
        if began not in self.events:
            return []
        ends = self.events.get(ended, NOTHING)
        return [
            (event[0], ends[place][0] if place < len(ends) else self.end, event[1])
            for place, event in enumerate(self.events[began])
        ]


def read_trails(replication: Replication, only: NDArray[np.bool_] | None = None) -> list[Trail]:
    """One trail per row of Attributes; empty where it is not asked for, (n_projects,)."""
    log, end = replication.log, replication.end_minute
    row = rows_of_projects(replication)[log.project]
    gated = np.zeros(len(replication.attributes.entity) + 1, dtype=np.bool_)
    gated[row[(log.kind == _BEGAN) & (log.cause == Cause.EQUIPMENT)]] = True
    asked = (row >= 0) & (log.time < end)
    if only is not None:
        asked &= only[row]
    columns = [column[asked] for column in (log.kind, log.time, log.resource, log.cause, log.part)]
    row, (kind, _, _, cause, part) = row[asked], columns
    waiting = (kind == _BEGAN) | (kind == _ENDED)
    of_slice = _OF_SLICE[kind] | (waiting & _WAIT_OF_SLICE[cause])
    kept = np.flatnonzero(_TELLING[kind] & (~of_slice | (part == 0) | gated[row]))
    # Stable and by 16-bit integers: numpy sorts those by radix, in linear time.
    kept = kept[np.argsort(row[kept].astype(np.int16), kind="stable")]
    units, nobody = replication.attributes.units.tolist(), Trail(end, 0)
    some = [True] * len(units) if only is None else only.tolist()
    trails = [Trail(end, n) if one else nobody for n, one in zip(units, some, strict=True)]
    _fill(trails, row[kept], [column[kept] for column in columns])
    sites = replication.sites
    order = np.lexsort((sites.end, sites.start))
    of_project = rows_of_projects(replication)[sites.project[order]].tolist()
    columns_of_sites = (
        sites.start,
        sites.end,
        sites.start_work,
        sites.end_work,
        sites.group,
        sites.unit,
    )
    stretches = map(Stretch, *(column[order].tolist() for column in columns_of_sites))
    for number, stretch in zip(of_project, stretches, strict=True):
        on_record = stretch.end <= stretch.begin and stretch.end_work - stretch.begin_work > 1
        if some[number] and not on_record:
            trails[number].stretches.append(stretch)
    return trails


def _fill(trails: list[Trail], row: IntArray, columns: list[IntArray]) -> None:
    """Sort the events of each project by kind, and pair its waits."""
    bounds = np.searchsorted(row, np.arange(len(trails) + 1)).tolist()
    kinds, times, resources, causes, parts = (column.tolist() for column in columns)
    for number, trail in enumerate(trails):
        own = slice(bounds[number], bounds[number + 1])
        if own.start == own.stop:
            continue
        events, waits = trail.events, trail.waits
        opened: dict[tuple[int, int, int], int] = {}
        # Every event of a replication: bare tuples.
        for kind, time, resource, cause, part in zip(
            kinds[own], times[own], resources[own], causes[own], parts[own], strict=True
        ):
            if kind == _BEGAN:
                opened[cause, resource, part] = time
            elif kind == _ENDED:
                began = opened.pop((cause, resource, part), time)
                if cause in waits:
                    waits[cause].append((began, time, resource, part))
                else:
                    waits[cause] = [(began, time, resource, part)]
            else:
                if kind in events:
                    events[kind].append((time, resource, cause, part))
                else:
                    events[kind] = [(time, resource, cause, part)]
                if kind in _TERMINAL:
                    trail.terminal, trail.end = kind, time
        for (cause, resource, part), began in opened.items():
            waits.setdefault(cause, []).append((began, trail.end, resource, part))


def lenders(names: Names) -> list[int]:
    """Facility, in the config's order, of each resource that is one's; -1 for the others."""
    found = [-1] * (len(names.resources) + 1)  # one more, so that -1 maps to -1
    for number, facility in enumerate(names.facilities):
        for what in ("desks", "commitments", "cash"):
            if f"{facility}_{what}" in names.resources:
                found[names.resources.index(f"{facility}_{what}")] = number
    return found
