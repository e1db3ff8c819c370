"""What the engine writes while it runs: the event log and the step traces."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sim.events import CapacityTrace, Cause, EventLog, FloatArray, Kind

WIDTH = 7
STEP = 6
# Plain whole numbers: reading a member of an enumeration costs as much as logging the event.
BEGAN, ENDED = int(Kind.WAIT_BEGAN), int(Kind.WAIT_ENDED)


class Recorder:
    """Append-only flat buffers, made arrays of doubles at the end; exact below 2**53 cents.

    Plain lists: ``array.extend`` costs ten times as much for a row of seven.
    """

    def __init__(self, open_minute: int = 0, traced: bool = True) -> None:
        self._events: list[float] = []
        self._steps: list[float] = []
        self._waits: dict[int, dict[tuple[int, int, int], None]] = {}
        self.open_minute = open_minute
        # Hot: log((time, project, kind, resource, cause, part, amount)) and
        # step((resource, time, capacity, in_use, waiting, waiting_cents)), state from then on.
        self.log = self._events.extend
        self.step: Callable[[Sequence[float]], None] = self._steps.extend
        self.traced = traced
        if not traced:
            self.step = _dropped

    def cause_at(self, minute: int) -> Cause:
        """What happens before the as-of date happens because it is on record."""
        return Cause.RECORDED if minute < self.open_minute else Cause.NONE

    def wait_began(self, time: int, project: int, cause: int, resource: int, part: int) -> None:
        """A project starts to wait; at most once at a time per (cause, resource, part)."""
        waits = self._waits.get(project)
        if waits is None:
            waits = self._waits[project] = {}
        waits[cause, resource, part] = None
        self.log((time, project, BEGAN, resource, cause, part, 0))

    def wait_ended(self, time: int, project: int, cause: int, resource: int, part: int) -> None:
        """It need not wait any longer."""
        del self._waits[project][cause, resource, part]
        self.log((time, project, ENDED, resource, cause, part, 0))

    def end_waits(self, time: int, project: int) -> None:
        """A project is over: whatever it still waited for ends with it."""
        for cause, resource, part in self._waits.pop(project, {}):
            self.log((time, project, ENDED, resource, cause, part, 0))

    def event_log(self) -> EventLog:
        """The log as columns."""
        rows = np.fromiter(self._events, np.float64, len(self._events)).reshape(-1, WIDTH)
        # A row is a bare tuple: one is written for every event of a run.
        time, project, kind, resource, cause, part = rows[:, :6].T.astype(np.int64, order="C")
        return EventLog(time, project, kind, resource, cause, part, rows[:, 6].copy())

    def capacity_trace(self, more: FloatArray) -> CapacityTrace | None:
        """The step trace as columns, with ``more`` rows; of several in a minute the last stands."""
        if not self.traced:
            return None
        rows = np.fromiter(self._steps, np.float64, len(self._steps)).reshape(-1, STEP)
        rows = np.concatenate((rows, more))
        resource, time = rows[:, :2].T.astype(np.int64)
        order = np.lexsort((time, resource))  # stable: keeps the order of writing within a minute
        same = (np.diff(resource[order]) == 0) & (np.diff(time[order]) == 0)
        keep = np.sort(order[np.append(~same, True)[: len(order)]])
        return CapacityTrace(resource[keep], time[keep], *np.ascontiguousarray(rows[keep, 2:].T))


def _dropped(_: Sequence[float]) -> None:
    """A step nobody asked for."""
