# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""What the engine writes while it runs: the event log and the step traces."""

from __future__ import annotations

from array import array

import numpy as np

from sim.compiled.clock import longer
from sim.errors import ModelError
from sim.events import CapacityTrace, Cause, EventLog, Kind

BEGAN, ENDED, RECORDED = int(Kind.WAIT_BEGAN), int(Kind.WAIT_ENDED), int(Cause.RECORDED)
WIDTH = 6  # whole numbers of an event, a column each


SPARE = []  # columns of replications that are over: the next one need not have memory cleared


class Waits:
    """What projects wait for, each in the order in which it began to: a chain of rows a project."""

    def __init__(self):
        self.heads = array("q")
        self.size, self.room = 0, 1024
        self.causes, self.resources = array("q", bytes(8192)), array("q", bytes(8192))
        self.parts, self.behind = array("q", bytes(8192)), array("q", bytes(8192))

    def begin_again(self, projects):
        """Nobody waits."""
        self.size = 0
        self.heads = none_of(self.heads, projects)
        return 0

    def add(self, project, cause, resource, part):
        """One wait more."""
        if self.size == self.room:
            self.room *= 2
            self.causes, self.resources = (
                longer(self.causes, self.room),
                longer(self.resources, self.room),
            )
            self.parts, self.behind = longer(self.parts, self.room), longer(self.behind, self.room)
        row, at = self.size, self.heads[project]
        self.size += 1
        self.causes[row], self.resources[row], self.parts[row] = cause, resource, part
        self.behind[row] = -1
        if at < 0:
            self.heads[project] = row
            return 0
        while self.behind[at] >= 0:
            at = self.behind[at]
        self.behind[at] = row
        return 0

    def remove(self, project, cause, resource, part):
        """One wait less."""
        before, at = -1, self.heads[project]
        while at >= 0:
            if (
                self.causes[at] == cause
                and self.resources[at] == resource
                and self.parts[at] == part
            ):
                if before < 0:
                    self.heads[project] = self.behind[at]
                else:
                    self.behind[before] = self.behind[at]
                return 0
            before, at = at, self.behind[at]
        raise ModelError(f"a wait for cause {cause} ends that did not begin")


class Columns:
    """Room for so many events and steps."""

    def __init__(self):
        self.room = self.room_for_steps = 8192
        self.events, self.amounts = array("q", bytes(8 * WIDTH * 8192)), array("d", bytes(65536))
        self.steps, self.levels = array("q", bytes(16 * 8192)), array("d", bytes(32 * 8192))
        self.last_step, self.waits, self.rows = array("q"), Waits(), []


class Recorder:
    """Append-only rows; ``projects`` and ``resources`` say how many of each there can be."""

    def __init__(self, open_minute, projects, resources, traced=True):
        self.open_minute, self.traced = open_minute, traced
        self.size = self.n_steps = self.n_rows = 0
        self.columns = SPARE.pop() if SPARE else Columns()
        self._take()
        self.last_step = none_of(self.last_step, resources)
        self.waits.begin_again(projects)

    def _take(self):
        columns = self.columns
        self.room, self.room_for_steps = columns.room, columns.room_for_steps
        self.events, self.amounts = columns.events, columns.amounts
        self.steps, self.levels = columns.steps, columns.levels
        self.last_step, self.waits = columns.last_step, columns.waits
        return 0

    def new_rows(self, width):
        """To write more in, so wide."""
        if self.n_rows == len(self.columns.rows):
            self.columns.rows.append(Rows())
        rows = self.columns.rows[self.n_rows]
        self.n_rows += 1
        rows.width, rows.size = width, 0
        return rows

    def close(self):
        """Leave the columns to the next replication."""
        columns = self.columns
        columns.room, columns.room_for_steps = self.room, self.room_for_steps
        columns.events, columns.amounts = self.events, self.amounts
        columns.steps, columns.levels = self.steps, self.levels
        columns.last_step = self.last_step
        SPARE.append(columns)

    def log(self, time, project, kind, resource, cause, part, amount):
        """Something happened."""
        if self.size == self.room:
            self._grow()
        events, room, at = self.events, self.room, self.size
        events[at], events[room + at], events[2 * room + at] = time, project, kind
        events[3 * room + at], events[4 * room + at] = resource, cause
        events[5 * room + at] = part
        self.amounts[at] = amount
        self.size += 1
        return 0

    def _grow(self):
        room, before, kept = 2 * self.room, self.events, self.size
        self.events = array("q", bytes(8 * WIDTH * room))
        for column in range(WIDTH):
            for row in range(kept):
                self.events[column * room + row] = before[column * self.room + row]
        self.amounts = longer_levels(self.amounts, room)
        self.room = room
        return 0

    def step(self, resource, time, capacity, in_use, waiting, waiting_cents):
        """A resource's state from now on; of several in a minute the last stands."""
        if not self.traced:
            return 0
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
        self.waits.add(project, cause, resource, part)
        return self.log(time, project, BEGAN, resource, cause, part, 0)

    def wait_ended(self, time, project, cause, resource, part):
        """It need not wait any longer."""
        self.waits.remove(project, cause, resource, part)
        return self.log(time, project, ENDED, resource, cause, part, 0)

    def end_waits(self, time, project):
        """A project is over: whatever it still waited for ends with it."""
        waits = self.waits
        at = waits.heads[project]
        while at >= 0:
            resource, cause, part = waits.resources[at], waits.causes[at], waits.parts[at]
            self.log(time, project, ENDED, resource, cause, part, 0)
            at = waits.behind[at]
        waits.heads[project] = -1
        return 0

    def event_log(self):
        """The log as columns; copies, as the memory is used again."""
        events, amounts = np.asarray(self.events), np.asarray(self.amounts)
        begins = range(0, WIDTH * self.room, self.room)
        columns = [events[begin : begin + self.size].copy() for begin in begins]
        return EventLog(*columns, amounts[: self.size].copy())

    def capacity_trace(self):
        """The step trace as columns."""
        if not self.traced:
            return None
        steps, levels, kept = self.steps, self.levels, 0
        for row in range(self.n_steps):
            if steps[2 * row] >= 0:
                kept += 1
        columns, states = np.empty((2, kept), np.int64), np.empty((4, kept))
        whole, exact, at = columns, states, 0
        for row in range(self.n_steps):
            if steps[2 * row] < 0:
                continue
            whole[0, at], whole[1, at] = steps[2 * row], steps[2 * row + 1]
            for column in range(4):
                exact[column, at] = levels[4 * row + column]
            at += 1
        return CapacityTrace(*columns, *states)


class Rows:
    """Rows of numbers, one behind the other."""

    def __init__(self):
        self.size, self.room = 0, 4096
        self.values = array("d", bytes(8 * self.room))

    def add(self):
        """Where a new row begins."""
        at = self.size
        self.size += self.width
        while self.size > self.room:
            self.room *= 2
            self.values = longer_levels(self.values, self.room)
        return at

    def whole(self, width, places):
        """Some columns of rows so wide, as whole numbers."""
        values, count = self.values, self.size // width
        columns = np.empty((len(places), count), np.int64)
        into = columns
        for column, at in enumerate(places):
            for row in range(count):
                into[column, row] = int(values[at])
                at += width
        return columns

    def exact(self, width, places):
        """The same as they are."""
        values, count = self.values, self.size // width
        columns = np.empty((len(places), count))
        into = columns
        for column, at in enumerate(places):
            for row in range(count):
                into[column, row] = values[at]
                at += width
        return columns


def none_of(column, count):
    """So many times -1, in the same memory where it is as long."""
    if len(column) != count:
        return array("q", [-1]) * count
    for place in range(count):
        column[place] = -1
    return column


def longer_levels(column, room):
    """The same numbers, and zeros up to ``room``."""
    new = array("d", bytes(8 * room))
    memoryview(new)[: len(column)] = memoryview(column)
    return new
