"""What the engine writes while it runs: the event log and the step traces."""

from __future__ import annotations

from array import array

import numpy as np

from sim.events import CapacityTrace, Cause, EventLog, Kind

WIDTH = 7
STEP = 6


class Recorder:
    """Append-only buffers of doubles; money stays exact below 2**53 cents."""

    def __init__(self, open_minute: int = 0) -> None:
        self._events = array("d")
        self._steps = array("d")
        self._last: dict[int, int] = {}
        self._waits: dict[int, dict[tuple[int, int, int], None]] = {}
        self.open_minute = open_minute
        self.log = self._events.extend

    def cause_at(self, minute: int) -> Cause:
        """What happens before the as-of date happens because it is on record."""
        return Cause.RECORDED if minute < self.open_minute else Cause.NONE

    def wait_began(self, time: int, project: int, cause: int, resource: int, part: int) -> None:
        """A project starts to wait; at most once at a time per (cause, resource, part)."""
        self._waits.setdefault(project, {})[cause, resource, part] = None
        self.log((time, project, Kind.WAIT_BEGAN, resource, cause, part, 0))

    def wait_ended(self, time: int, project: int, cause: int, resource: int, part: int) -> None:
        """It need not wait any longer."""
        del self._waits[project][cause, resource, part]
        self.log((time, project, Kind.WAIT_ENDED, resource, cause, part, 0))

    def end_waits(self, time: int, project: int) -> None:
        """A project is over: whatever it still waited for ends with it."""
        for cause, resource, part in self._waits.pop(project, {}):
            self.log((time, project, Kind.WAIT_ENDED, resource, cause, part, 0))

    def step(
        self,
        resource: int,
        time: int,
        capacity: float,
        in_use: float,
        waiting: float,
        waiting_cents: float,
    ) -> None:
        """State of a resource from ``time`` on; a later call in the same minute replaces it."""
        steps = self._steps
        row = self._last.get(resource, -1)
        if row >= 0 and steps[row + 1] == time:
            steps[row + 2 : row + STEP] = array("d", (capacity, in_use, waiting, waiting_cents))
            return
        self._last[resource] = len(steps)
        steps.extend((resource, time, capacity, in_use, waiting, waiting_cents))

    def event_log(self) -> EventLog:
        """The log as columns."""
        rows = np.frombuffer(self._events, np.float64).reshape(-1, WIDTH)
        time, project, kind, resource, cause, part = rows[:, :6].T.astype(np.int64, order="C")
        return EventLog(time, project, kind, resource, cause, part, rows[:, 6].copy())

    def capacity_trace(self) -> CapacityTrace:
        """The step trace as columns, ordered by time of first writing."""
        rows = np.frombuffer(self._steps, np.float64).reshape(-1, STEP)
        return CapacityTrace(
            resource=rows[:, 0].astype(np.int64),
            time=rows[:, 1].astype(np.int64),
            capacity=rows[:, 2].copy(),
            in_use=rows[:, 3].copy(),
            waiting=rows[:, 4].copy(),
            waiting_cents=rows[:, 5].copy(),
        )
