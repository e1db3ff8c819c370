"""What the engine writes while it runs: the event log and the step traces."""

from __future__ import annotations

from array import array

import numpy as np

from sim.compiled.clock import longer
from sim.errors import ModelError
from sim.events import CapacityTrace, Cause, EventLog, Kind

BEGAN, ENDED, RECORDED = int(Kind.WAIT_BEGAN), int(Kind.WAIT_ENDED), int(Cause.RECORDED)
WIDTH = 6  # whole numbers of an event


class OpenWaits:
    """What one project waits for, in the order in which it began to."""

    def __init__(self):
        self.size, self.rows = 0, array("q", bytes(8 * 3 * 8))

    def add(self, cause, resource, part):
        """One wait more."""
        if 3 * (self.size + 1) > len(self.rows):
            self.rows = longer(self.rows, 2 * len(self.rows))
        at = 3 * self.size
        self.rows[at], self.rows[at + 1], self.rows[at + 2] = cause, resource, part
        self.size += 1
        return 0

    def remove(self, cause, resource, part):
        """One wait less."""
        rows = self.rows
        for place in range(self.size):
            at = 3 * place
            if rows[at] == cause and rows[at + 1] == resource and rows[at + 2] == part:
                self.size -= 1
                for later in range(at, 3 * self.size):
                    rows[later] = rows[later + 3]
                return 0
        raise ModelError(f"a wait for cause {cause} ends that did not begin")


class Recorder:
    """Append-only rows; ``projects`` and ``resources`` say how many of each there can be."""

    def __init__(self, open_minute, projects, resources):
        self.open_minute = open_minute
        self.size = self.n_steps = 0
        self.room = self.room_for_steps = 8192
        self.events = array("q", bytes(8 * WIDTH * self.room))
        self.amounts = array("d", bytes(8 * self.room))
        self.steps = array("q", bytes(16 * self.room))
        self.levels = array("d", bytes(32 * self.room))
        self.last_step = array("q", [-1]) * resources
        self.waits = [None] * projects

    def log(self, time, project, kind, resource, cause, part, amount):
        """Something happened."""
        if self.size == self.room:
            self.room *= 2
            self.events = longer(self.events, WIDTH * self.room)
            self.amounts = longer_levels(self.amounts, self.room)
        events, at = self.events, WIDTH * self.size
        events[at], events[at + 1], events[at + 2] = time, project, kind
        events[at + 3], events[at + 4], events[at + 5] = resource, cause, part
        self.amounts[self.size] = amount
        self.size += 1
        return 0

    def step(self, resource, time, capacity, in_use, waiting, waiting_cents):
        """A resource's state from now on; of several in a minute the last stands."""
        if self.n_steps == self.room_for_steps:
            self.room_for_steps *= 2
            self.steps = longer(self.steps, 2 * self.room_for_steps)
            self.levels = longer_levels(self.levels, 4 * self.room_for_steps)
        row, before = self.n_steps, self.last_step[resource]
        if before >= 0 and self.steps[2 * before + 1] == time:
            self.steps[2 * before] = -1
        self.last_step[resource] = row
        self.steps[2 * row], self.steps[2 * row + 1] = resource, time
        levels, at = self.levels, 4 * row
        levels[at], levels[at + 1] = capacity, in_use
        levels[at + 2], levels[at + 3] = waiting, waiting_cents
        self.n_steps += 1
        return 0

    def cause_at(self, minute):
        """What happens before the as-of date happens because it is on record."""
        return RECORDED if minute < self.open_minute else 0

    def wait_began(self, time, project, cause, resource, part):
        """A project starts to wait; at most once at a time per (cause, resource, part)."""
        waits = self.waits[project]
        if waits is None:
            waits = self.waits[project] = OpenWaits()
        waits.add(cause, resource, part)
        return self.log(time, project, BEGAN, resource, cause, part, 0)

    def wait_ended(self, time, project, cause, resource, part):
        """It need not wait any longer."""
        waits = self.waits[project]
        waits.remove(cause, resource, part)
        return self.log(time, project, ENDED, resource, cause, part, 0)

    def end_waits(self, time, project):
        """A project is over: whatever it still waited for ends with it."""
        waits = self.waits[project]
        if waits is not None:
            rows = waits.rows
            for place in range(waits.size):
                at = 3 * place
                self.log(time, project, ENDED, rows[at + 1], rows[at], rows[at + 2], 0)
            waits.size = 0
        return 0

    def event_log(self):
        """The log as columns."""
        rows = np.asarray(self.events)[: WIDTH * self.size].reshape(-1, WIDTH)
        columns = np.ascontiguousarray(rows.T)
        return EventLog(*columns, np.array(self.amounts)[: self.size])

    def capacity_trace(self, more):
        """The step trace as columns, with ``more`` rows, which come last."""
        whole = np.asarray(self.steps)[: 2 * self.n_steps].reshape(-1, 2)
        levels = np.asarray(self.levels)[: 4 * self.n_steps].reshape(-1, 4)
        kept = whole[:, 0] >= 0
        first = np.concatenate((whole[kept], more[:, :2].astype(np.int64))).T
        rest = np.concatenate((levels[kept], more[:, 2:])).T
        return CapacityTrace(*np.ascontiguousarray(first), *np.ascontiguousarray(rest))


class Rows:
    """Rows of numbers, one behind the other."""

    def __init__(self, width):
        self.width, self.size, self.room = width, 0, 128 * width
        self.values = array("d", bytes(8 * self.room))

    def add(self):
        """Where a new row begins."""
        at = self.size
        self.size += self.width
        if self.size > self.room:
            self.room *= 2
            self.values = longer_levels(self.values, self.room)
        return at

    def table(self, width):
        """All of them, in rows of so many."""
        return np.array(self.values)[: self.size].reshape(-1, width)


def longer_levels(column, room):
    """The same numbers, and zeros up to ``room``."""
    new = array("d", bytes(8 * room))
    new[: len(column)] = array("d", column)
    return new
