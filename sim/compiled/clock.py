# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""The queue of steps by (minute, turn, ordinal, kind, visit), and the events somebody waits for.

The order is that of `sim.engine.clock`: within a minute first what has just begun, then what has
just succeeded, each in the order of asking, then the steps in the order of their turns.
"""

from __future__ import annotations

from array import array

from sim.compiled.actors import Actor, Line, Made, Waiter
from sim.compiled.heap import Heap, longer
from sim.errors import ModelError
from sim.events.turns import (
    FIRST_PRIORITY,
    KIND_SHIFT,
    MAX_STEPS_PER_INSTANT,
    ORDINAL_SHIFT,
    TURN_SHIFT,
    event_name,
)

TO_TURN, TO_ORDINAL, TO_KIND, FIRST = TURN_SHIFT, ORDINAL_SHIFT, KIND_SHIFT, FIRST_PRIORITY
MOST, MOST_SLOTS = MAX_STEPS_PER_INSTANT, 0x1000000  # as many as its heaps can number


class Event(Actor):
    """Something that happens once. ``decided``: it happens at a step whose time is known."""

    def then(self, actor, step, one, two):
        """Have somebody called when it fires, behind those who asked before."""
        if self.actor is None:  # nearly always nobody else asks
            self.actor, self.step, self.one, self.two = actor, step, one, two
            return 0
        waiter = Waiter.__new__(Waiter)
        waiter.actor, waiter.step, waiter.one, waiter.two = actor, step, one, two
        waiter.behind = None
        if self.first is None:
            self.first = waiter
        else:
            self.last.behind = waiter
        self.last = waiter
        return 0

    def begin(self, clock, decided):
        """Nobody waits for it yet."""
        self.clock, self.decided, self.triggered = clock, decided, decided
        self.processed = False
        self.actor = self.first = self.last = None
        return 0

    def succeed(self):
        """It fires in this minute, behind what has succeeded before."""
        self.triggered = True
        return self.clock.normal.put(self)

    def fire(self):
        """Call who waits; nobody can wait for it any more."""
        self.processed = True
        actor, waiter = self.actor, self.first
        self.actor = self.first = self.last = None
        if actor is not None:
            actor.act(self.step, self.one, self.two)
        while waiter is not None:
            waiter.actor.act(waiter.step, waiter.one, waiter.two)
            waiter = waiter.behind
        return 0

    def act(self, step, one, two):
        """Fire, at its step of the clock."""
        return self.fire()

    def let_go(self):
        """Let go of who waits."""
        self.actor = self.first = self.last = None
        return 0


def new_event(clock, decided):
    """An event that nobody waits for yet."""
    event = clock.events.spare()
    if event is None:
        event = clock.events.add(Event.__new__(Event))
    event.begin(clock, decided)
    return event


SPARE = []  # clocks of replications that are over: the next one takes their room and their events


def new_clock():
    """A clock at minute 0."""
    clock = SPARE.pop() if SPARE else Clock()
    clock.begin_again()
    return clock


class Clock:
    """The minute that it is, and what is still to come."""

    def __init__(self):
        self.urgent, self.normal = Line(), Line()
        self.events, self.jobs, self.claims, self.parts = Made(), Made(), Made(), Made()
        self.lives, self.permits, self.presents = Made(), Made(), Made()
        self.appraisals, self.bargains, self.calls = Made(), Made(), Made()
        self.soon, self.later = Heap(), Heap()  # what is still to come in this minute, and after it
        self.free = self.room = 0
        self.actors = []
        none = array("q")
        self.priorities = self.vacant = none
        self.steps = self.ones = self.twos = none
        self.fired = longer(none, 512)
        self.grow()

    def begin_again(self):
        """At minute 0."""
        self.now = 0
        self.active = None  # the process that is going on
        self.instant, self.born = -1, 0
        self.last_minute = -1
        self.n_fired = 0  # steps of this minute; their priorities stand in `fired`
        self.latest = -1  # the largest of them
        return 0

    def grow(self):
        """Room for twice as many steps."""
        before = self.room
        self.room = room = max(512, 2 * before)
        if room > MOST_SLOTS:
            raise ModelError(f"more than {MOST_SLOTS:,} steps are still to come")
        self.priorities, self.vacant = longer(self.priorities, room), longer(self.vacant, room)
        self.soon.grow(room, self.priorities)
        self.later.grow(room, self.priorities)
        self.steps, self.ones = longer(self.steps, room), longer(self.ones, room)
        self.twos = longer(self.twos, room)
        self.actors += [None] * (room - before)
        return self._vacate(before)

    def event(self):
        """Something that may happen."""
        return new_event(self, False)

    def moment(self):
        """Something that will happen at a step of the clock, known or to be known."""
        return new_event(self, True)

    def timer(self, minute, turn, ordinal, kind, visit=0):
        """A step of the clock for somebody to wait for."""
        moment = new_event(self, True)
        self.at(minute, turn, ordinal, kind, visit, moment)
        return moment

    def begin(self, process):
        """Call a process in this minute, before anything else."""
        return self.urgent.put(process)

    def at(self, minute, turn, ordinal, kind, visit, actor, step=0, one=0, two=0):
        """Call somebody at the step (minute, turn, ordinal, kind, visit).

        Raises
        ------
        ModelError
            If it lies in the past, has been, or a minute does not come to an end.
        """
        now = self.now
        if minute <= now:
            if minute < now:
                self.refuse(minute, turn, ordinal, kind, visit, f"in the past (now {now})")
            if now != self.instant:
                self.instant, self.born = now, 0
            self.born += 1
            if self.born > MOST:
                raise ModelError(f"more than {MOST} steps in minute {now}")
        priority = FIRST + ((turn << TO_TURN) | (ordinal << TO_ORDINAL) | (kind << TO_KIND) | visit)
        if minute == now and priority <= self.latest and self._has_fired(priority):
            self._twice(minute, priority)
        if not self.free:
            self.grow()
        self.free -= 1
        slot = self.vacant[self.free]
        self.actors[slot] = actor
        self.steps[slot], self.ones[slot], self.twos[slot] = step, one, two
        self.priorities[slot] = priority
        return self.soon.put(minute, slot) if minute == now else self.later.put(minute, slot)

    def refuse(self, minute, turn, ordinal, kind, visit, why):
        """A step that cannot be."""
        raise ModelError(f"{event_name(turn, ordinal, kind, visit)} at minute {minute} is {why}")

    def run(self, until):
        """Everything before minute ``until``, in its order."""
        urgent, normal = self.urgent, self.normal
        while True:
            if urgent.first is not None:
                actor = urgent.take()
                actor.act(0, 0, 0)
                continue
            if normal.first is not None:
                actor = normal.take()
                actor.act(0, 0, 0)
                continue
            slot = self._take(until)
            if slot < 0:
                break
            priority = self.priorities[slot]
            if self.now != self.last_minute:
                self.last_minute = self.now
                self.n_fired, self.latest = 0, -1
            elif priority <= self.latest and self._has_fired(priority):
                self._twice(self.now, priority)
            if self.n_fired == len(self.fired):
                self.fired = longer(self.fired, 2 * self.n_fired)
            self.fired[self.n_fired] = priority
            self.n_fired += 1
            self.latest = max(self.latest, priority)
            actor = self.actors[slot]
            self.vacant[self.free] = slot
            self.free += 1
            actor.act(self.steps[slot], self.ones[slot], self.twos[slot])
        self.now = until
        return 0

    def _take(self, until):
        """The slot of the first step before minute ``until``, which it now is; -1 without one."""
        soon, later = self.soon, self.later
        if soon.size and (
            not later.size or later.minute() != self.now or soon.priority() <= later.priority()
        ):
            return soon.take()
        if not later.size or later.minute() >= until:
            return -1
        self.now = later.minute()
        return later.take()

    def _has_fired(self, priority):
        """Whether a step of this priority has been in this minute."""
        for place in range(self.n_fired):
            if self.fired[place] == priority:
                return True
        return False

    def close(self):
        """Let go of who still waits, and leave itself to the next replication."""
        for made in (self.events, self.jobs, self.claims, self.parts, self.calls):
            made.close()
        for made in (self.lives, self.permits, self.presents, self.appraisals, self.bargains):
            made.close()
        self.soon.size = self.later.size = self.free = 0
        self.actors = [None] * self.room
        self._vacate(0)
        SPARE.append(self)
        return 0

    def _vacate(self, first):
        """All slots from this one on are free."""
        for slot in range(self.room - 1, first - 1, -1):
            self.vacant[self.free] = slot
            self.free += 1
        return 0

    def _twice(self, minute, priority):
        packed = priority - FIRST
        turn = packed >> TO_TURN
        packed -= turn << TO_TURN
        ordinal = packed >> TO_ORDINAL
        packed -= ordinal << TO_ORDINAL
        kind = packed >> TO_KIND
        visit = packed - (kind << TO_KIND)
        self.refuse(minute, turn, ordinal, kind, visit, "scheduled twice")
        return 0
