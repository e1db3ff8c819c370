"""The grid: megawatts for large loads by region, flowing in over the years.

See docs/model.md, "Power".
"""

from __future__ import annotations

from math import inf

from sim.compiled.actors import Actor
from sim.compiled.known import Additions
from sim.errors import ModelError
from sim.events.turns import Step, Turn

CAPACITY, DESKS = int(Turn.CAPACITY), int(Turn.DESKS)
ALLOCATION, GRID_TIMER = int(Step.ALLOCATION), int(Step.GRID_TIMER)
ALLOCATE, END_YEAR, RING = range(3)
GRANTED, WAITS = range(2)  # what a load is told


class Load:
    """Megawatts wanted for one unit."""

    def before(self, other):
        """First come, first served by (minute of the request, ordinal, unit)."""
        if self.requested != other.requested:
            return self.requested < other.requested
        if self.project.ordinal != other.project.ordinal:
            return self.project.ordinal < other.project.ordinal
        return self.unit < other.unit


class Grid(Actor):
    """One region: loads are granted by (request minute, ordinal, unit), none overtakes.

    Additions flow in evenly over each calendar year, so of W megawatts floor(W x elapsed / length)
    whole ones are there. What is not taken when the year ends lapses, unless ``carry_over``, or
    somebody waits: then it is set aside for the first in the queue. Megawatts of the programme's
    own plants never lapse and are taken last.

    The trace has, at every change, all megawatts not lapsed that will have come in by the end of
    the year (capacity), those taken by loads (in use), and those waited for.
    """

    def __init__(self, clock, record, plan, additions: Additions, number):
        self.clock, self.record = clock, record
        self.resource, self.number = plan.resource, number
        self.unlimited, self.carry_over = plan.additions is None, plan.carry_over
        self.begins, self.ends = additions.begins, additions.ends
        self.amounts = additions.amounts
        self.year = 0  # the one that flows in
        self.from_before = 0  # left of earlier years, less what was taken of this one
        self.own = 0  # of the programme's plants, not taken
        self.in_use = 0
        self.queue, self.fresh = [], []
        self.waiting = self.waiting_cents = 0
        self._due = -1  # minute of the pending allocation
        self._allocations = self._timers = 0
        self._timer = self._timer_number = -1  # minute and number of that for the first in queue
        self._schedule()
        self._trace()

    def _schedule(self):
        for year in range(len(self.ends)):
            self._at(self.ends[year], END_YEAR)
        return 0

    def act(self, step, one, two):
        """Allocate, end a year, or ring for the first in the queue."""
        if step == ALLOCATE:
            return self._allocate()
        if step == END_YEAR:
            return self._end_year()
        return self._ask() if one == self._timer_number else 0  # else another took its place

    def added(self):
        """Whole megawatts of the additions that are there now and not taken."""
        if self.year == len(self.amounts):
            return self.from_before
        begin, megawatts = self.begins[self.year], self.amounts[self.year]
        length, since = self.ends[self.year] - begin, max(0, self.clock.now - begin)
        return self.from_before + megawatts * since // length

    def claim(self, requested, project, unit, megawatts, told, cents):
        """Want megawatts for good; ``told`` hears when they are there, perhaps at once.

        ``requested`` is the minute that gives the place in the queue. ``told`` hears in this
        instant if they are not there in it.
        """
        if megawatts < 0:
            raise ModelError(
                f"project {project.ordinal}, unit {unit} claims {megawatts} MW; "
                "0 or more are accepted"
            )
        # What runs on record has its power, whatever the grid; nothing is there for everybody.
        if self.unlimited or not megawatts or self.clock.now < self.record.open_minute:
            self._take(megawatts)
            self._trace()
            return told.act(GRANTED, project.ordinal, unit)
        load = Load.__new__(Load)
        load.requested, load.project, load.unit = requested, project, unit
        load.megawatts, load.told, load.cents, load.taken = megawatts, told, cents, False
        self._push(load)
        self.fresh.append(load)
        self.waiting += megawatts
        self.waiting_cents += cents
        self._trace()
        return self._ask()

    def supply(self, megawatts):
        """A plant of the programme runs: from now on there is more."""
        self.own += megawatts
        self._trace()
        return self._ask()

    def cancel(self, project):
        """Leave the queue with all units; what has been taken stays taken."""
        queue, fresh = [], []
        for load in self.queue:
            if load.project is project:
                self.waiting -= load.megawatts
                self.waiting_cents -= load.cents
            else:
                queue.append(load)
        if len(queue) == len(self.queue):
            return 0
        for load in self.fresh:
            if load.project is not project:
                fresh.append(load)
        self.queue, self.fresh = queue, fresh
        self._trace()
        return self._ask()

    def _at(self, minute, step):
        self._timers += 1
        timer = self._timers
        return self.clock.at(minute, CAPACITY, self.number, GRID_TIMER, timer, self, step, timer)

    def _end_year(self):
        """What is left of it stays or lapses."""
        left = self.from_before + self.amounts[self.year]
        self.from_before = left if self.carry_over or self.queue else 0
        self.year += 1
        return self._trace()

    def _ask(self):
        now = self.clock.now
        if self._due != now and self.queue:
            self._due = now
            self._allocations += 1
            self.clock.at(now, DESKS, self.number, ALLOCATION, self._allocations, self, ALLOCATE)
        return 0

    def _allocate(self):
        self._due = -1
        served = 0
        for load in self.queue:
            if load.megawatts > self.added() + self.own:
                break
            load.taken = True
            self._take(load.megawatts)
            self.waiting -= load.megawatts
            self.waiting_cents -= load.cents
            served += 1
        has_power, self.queue = self.queue[:served], self.queue[served:]
        fresh, self.fresh = self.fresh, []
        self._trace()
        self._set_timer()
        # Last, for they may come back with claims and supplies of their own.
        for load in fresh:
            if not load.taken:
                load.told.act(WAITS, load.project.ordinal, load.unit)
        for load in has_power:
            load.told.act(GRANTED, load.project.ordinal, load.unit)
        return 0

    def _take(self, megawatts):
        """Take what may lapse first, then what the programme's own plants give."""
        added = min(megawatts, self.added())
        own = min(megawatts - added, self.own)
        self.from_before -= added
        self.own -= own
        self.in_use += megawatts  # what runs on record may be more than there is
        return 0

    def _set_timer(self):
        """One timer, for the minute at which the first in the queue has what it needs."""
        minute = -1
        if self.queue:
            first = self.queue[0]
            minute = self._earliest(first.megawatts)
        if minute != self._timer:
            self._timer, self._timer_number = minute, self._timers + 1
            if minute >= 0:
                self._at(minute, RING)
        return 0

    def _earliest(self, megawatts):
        """First minute at which that many are there if nobody takes any; -1: never."""
        missing = megawatts - self.own - self.from_before
        for year in range(self.year, len(self.amounts)):
            inflow = self.amounts[year]
            if missing <= inflow:
                length = self.ends[year] - self.begins[year]
                return self.begins[year] - (-missing * length // inflow)
            missing -= inflow
        return -1

    def _trace(self):
        there = inf
        if not self.unlimited:
            flowing = self.amounts[self.year] if self.year < len(self.amounts) else 0
            there = self.in_use + self.from_before + flowing + self.own
        return self.record.step(
            self.resource, self.clock.now, there, self.in_use, self.waiting, self.waiting_cents
        )

    def _push(self, load):
        """Into the queue, before whom it comes."""
        place = len(self.queue)
        while place > 0:
            other = self.queue[place - 1]
            if not load.before(other):
                break
            place -= 1
        self.queue.insert(place, load)
        return 0
