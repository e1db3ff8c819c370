# cython: annotation_typing=False, boundscheck=False, wraparound=False, initializedcheck=False
"""What the logs tell of some projects that bears on their delays."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from sim.events import Cause, EventLog, IntArray, Kind
from sim.events.causes import charged_at

_BEGAN, _ENDED, _KINDS = int(Kind.WAIT_BEGAN), int(Kind.WAIT_ENDED), len(Kind)
_EQUIPMENT = int(Cause.EQUIPMENT)
# What a kind or a wait tells: nothing about delays; always something; of a later slice only where
# its project waited for a machine; what its cause tells.
_IDLE, _TELLING, _OF_SLICE, _WAIT = range(4)
_IDLE_KINDS = frozenset({
    Kind.DOCKETED, Kind.ENDORSED, Kind.DEFERRED, Kind.RECOMMENDED, Kind.APPRAISAL_REOPENED,
    Kind.PASSED_OVER, Kind.FUNDS_COMMITTED, Kind.PART_DRAWN, Kind.CALL_LATE, Kind.CALL_MISSED,
    Kind.BREACH_OPENED, Kind.BREACH_CLOSED, Kind.CAPACITY_CHANGED, Kind.HISTORY_EXCEEDED,
    Kind.CALL_WITHDRAWN, Kind.MONEY_RETURNED, Kind.SLOT_GRANTED, Kind.PERMIT_WORK_ENDED,
    Kind.FUNDING_DECIDED, Kind.BUILT, Kind.EQUIPMENT_RESERVED,
})  # fmt: skip
_CALL = frozenset({Kind.CALL_NOTICED, Kind.CALL_PAID, Kind.PART_DOCUMENTED, Kind.PART_PAID})
# Waits that the ledger reads; of the others it reads what ends them.
_READ = frozenset({
    *charged_at("main", "site", "beside"), Cause.APPRAISAL_QUEUE, Cause.FUNDING_WINDOW,
    Cause.PERMIT_QUEUE, Cause.PERMITS, Cause.CREWS_WAITED,
})  # fmt: skip


def _of_kind(kind: Kind) -> int:
    if kind in (Kind.WAIT_BEGAN, Kind.WAIT_ENDED):
        return _WAIT
    return _IDLE if kind in _IDLE_KINDS else _OF_SLICE if kind in _CALL else _TELLING


def _of_wait(cause: Cause) -> int:
    if cause not in _READ:
        return _IDLE
    return _OF_SLICE if cause == Cause.FUNDING_WINDOW else _TELLING


_TELLS = array("q", map(_of_kind, Kind))
_WAITS = array("q", map(_of_wait, Cause))


class Told:
    """What the logs tell of the projects asked for, by project, then kind, in order.

    The end of a wait stands where one that begins would.

    Parameters
    ----------
    logs : sequence of EventLog
    whose : IntArray
        (n_logs x width,) place of each log's projects among those asked for; -1: not one of them.
    n_asked, end : int
        How many there are; the minute before which events count.
    """

    def __init__(self, logs: Sequence[EventLog], whose: IntArray, n_asked: int, end: int) -> None:
        self.end, self.width, self.whose = end, len(whose) // len(logs), whose.data
        self.kinds, self.waits = memoryview(_TELLS), memoryview(_WAITS)
        self.gated = np.zeros(n_asked, np.int64).data
        # Where those of each project and kind begin; of nobody there is nothing.
        bounds = np.zeros((n_asked + 1) * _KINDS + 2, np.int64)
        self.bounds = bounds.data
        self.mine = np.empty(sum(len(log.time) for log in logs), np.int64).data
        size, found = 0, []  # where those of each log begin and end
        for number, log in enumerate(logs):
            begin, size = size, self._find(number, log, size)
            found.append((begin, size))
        np.cumsum(bounds, out=bounds)
        self.columns = np.empty((5, size), np.int64).data
        for number, log in enumerate(logs):
            begin, over = found[number]
            self._lay_out(number, log, begin, over)

    def _find(self, number: int, log: EventLog, size: int) -> int:
        """Keep where in a log there is something to tell, behind so many; and how many then."""
        time, kind, project = log.time.data, log.kind.data, log.project.data
        cause, part, first = log.cause.data, log.part.data, number * self.width
        whose, mine, bounds, end, over = self.whose, self.mine, self.bounds, self.end, size
        kinds, waits = self.kinds, self.waits
        for at in range(len(time)):
            tells, who = kinds[kind[at]], project[at]
            if tells == _IDLE or who < 0:
                continue
            who = whose[first + who]
            if who < 0 or time[at] >= end or (tells == _WAIT and waits[cause[at]] == _IDLE):
                continue
            if tells == _WAIT and cause[at] == _EQUIPMENT:
                self.gated[who] = 1
            mine[over] = at
            over += 1
        for place in range(size, over):
            at = mine[place]
            who, tells, code = whose[first + project[at]], kinds[kind[at]], kind[at]
            if tells == _WAIT:
                code, tells = _BEGAN, waits[cause[at]]
            if tells != _OF_SLICE or part[at] == 0 or self.gated[who]:
                mine[size] = at
                size += 1
                bounds[who * _KINDS + code + 2] += 1
        return size

    def _lay_out(self, number: int, log: EventLog, begin: int, over: int) -> None:
        """Put what a log tells where it belongs."""
        time, kind, project = log.time.data, log.kind.data, log.project.data
        cause, part, first = log.cause.data, log.part.data, number * self.width
        resource, mine, bounds = log.resource.data, self.mine, self.bounds
        columns = self.columns
        for place in range(begin, over):
            at = mine[place]
            ended = kind[at] == _ENDED
            cell = self.whose[first + project[at]] * _KINDS + (_BEGAN if ended else kind[at]) + 1
            to = bounds[cell]
            bounds[cell] = to + 1
            columns[0, to], columns[1, to], columns[2, to] = time[at], resource[at], cause[at]
            columns[3, to], columns[4, to] = part[at], ended
