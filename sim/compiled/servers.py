# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""Servers: units held for a duration (teams, desks, agencies). See docs/model.md, "Servers"."""

from __future__ import annotations

from math import inf

from sim.compiled.actors import Actor, Line
from sim.compiled.clock import Event
from sim.events import Kind
from sim.events.turns import POOL_SHIFT, Step, Turn

WAITING, AT_WORK, OVER = range(3)
ALLOCATE, CHANGE = range(2)
COMPLETION, DESKS, ALLOCATION = int(Turn.COMPLETION), int(Turn.DESKS), int(Step.ALLOCATION)
INF = inf
TURN_CAPACITY, STEP = int(Turn.CAPACITY), int(Step.CAPACITY)
CAPACITY_CHANGED, POOL = int(Kind.CAPACITY_CHANGED), POOL_SHIFT


class Job(Event):
    """One piece of work at a server; the event is that its time is up."""

    def before(self, other):
        """First come, first served by (request minute, ordinal, visit)."""
        if self.key != other.key:
            return self.key < other.key
        if self.project.ordinal != other.project.ordinal:
            return self.project.ordinal < other.project.ordinal
        return self.visit < other.visit

    def act(self, step, one, two):
        """Its time is up."""
        self.servers.finish(self)
        return self.fire()


class Servers(Actor):
    """A pool whose capacity may change: ``later`` lists (minute, capacity).

    A shrinking capacity withholds new starts and never interrupts work in hand.
    """

    def __init__(self, clock, record, resource, capacity, number, later):
        self.clock, self.record = clock, record
        self.resource, self.capacity, self.number = resource, capacity, number
        self.in_use = self.waiting = self.waiting_cents = 0
        self.queued = 0  # of `queue`, who stands in it; what lies behind is out of use
        self.queue, self.fresh, self.later = [], Line(), list(later)
        self._due = -1  # minute of the pending allocation
        self._allocations = 0
        self._trace()
        self._schedule()

    def _schedule(self):
        for visit, (minute, _) in enumerate(self.later):
            self.clock.at(minute, TURN_CAPACITY, self.resource, STEP, visit, self, CHANGE, visit)
        return 0

    def act(self, step, one, two):
        """Allocate, or change the capacity."""
        if step == ALLOCATE:
            return self._allocate()
        units = self.later[one][1]
        self.record.log(self.clock.now, -1, CAPACITY_CHANGED, self.resource, 0, 0, units)
        return self.set_capacity(units)

    def serve(self, project, minutes, visit, cents, began, ended, cause):
        """Queue for a unit and hold it for ``minutes``; logs both kinds at begin and end.

        A begin of -1 is not logged. ``cause`` is what a wait is charged to.
        """
        job = self.clock.jobs.spare()
        if job is None:
            job = self.clock.jobs.add(Job.__new__(Job))
        job.servers, job.project = self, project
        job.minutes, job.visit, job.cents = minutes, visit, cents
        job.began, job.ended, job.cause = began, ended, cause
        job.state, job.waited, job.key = WAITING, False, self.clock.now
        job.begin(self.clock, True)
        # What started on record occupies what it occupies, whatever the capacity.
        if self.capacity == INF or self.clock.now < self.record.open_minute:
            self._begin(job)
            self._trace()
            return job
        self._push(job)
        self.fresh.put(job)
        self.waiting += 1
        self.waiting_cents += cents
        self.ask()
        return job

    def cancel(self, job):
        """Give up a job: leave the queue, or return the unit at once; it may still fire."""
        if job.state == WAITING:
            self._leave_queue(job)
            self._trace()
        elif job.state == AT_WORK:
            self.in_use -= 1
            self._trace()
            self.ask()
        job.state = OVER
        return 0

    def set_capacity(self, capacity):
        """Change the number of units from now on."""
        self.capacity = capacity
        self._trace()
        return self.ask()

    def ask(self):
        """Have the pool allocate once in this instant, after everything else in it."""
        now = self.clock.now
        if self._due != now and self.queued:
            self._due = now
            self._allocations += 1
            self.clock.at(now, DESKS, self.number, ALLOCATION, self._allocations, self, ALLOCATE)
        return 0

    def _allocate(self):
        self._due = -1
        while self.queued and self.in_use < self.capacity:
            job = self._pop()
            if job.state == WAITING:
                self._leave_queue(job)
                self._begin(job)
        now = self.clock.now
        while self.fresh.first is not None:
            job = self.fresh.take()
            if job.state == WAITING:
                job.waited = True
                self.record.wait_began(now, job.project.entity, job.cause, self.resource, job.visit)
        return self._trace()

    def _leave_queue(self, job):
        self.waiting -= 1
        self.waiting_cents -= job.cents
        if job.waited:
            now = self.clock.now
            self.record.wait_ended(now, job.project.entity, job.cause, self.resource, job.visit)
        return 0

    def _begin(self, job):
        now, record = self.clock.now, self.record
        job.state = AT_WORK
        self.in_use += 1
        if job.began >= 0:
            cause = record.cause_at(now)
            record.log(now, job.project.entity, job.began, self.resource, cause, job.visit, 0)
        # One project may be at several pools at once: the pool is part of the visit.
        visit = self.number << POOL | job.visit
        return self.clock.at(
            now + job.minutes, COMPLETION, job.project.ordinal, job.ended, visit, job
        )

    def finish(self, job):
        """The job's time is up: its unit goes to the next in the queue."""
        if job.state == OVER:
            return 0
        job.state = OVER
        self.in_use -= 1
        now = self.clock.now
        self.record.log(now, job.project.entity, job.ended, self.resource, 0, job.visit, 0)
        self._trace()
        return self.ask()

    def _trace(self):
        return self.record.step(
            self.resource,
            self.clock.now,
            self.capacity,
            self.in_use,
            self.waiting,
            self.waiting_cents,
        )

    def _push(self, job):
        """Into the queue, behind whom it is not before."""
        queue, place = self.queue, self.queued
        self.queued += 1
        if place == len(queue):
            queue.append(job)
        while place > 0:
            above = (place - 1) >> 1
            other = queue[above]
            if not job.before(other):
                break
            queue[place] = other
            place = above
        queue[place] = job
        return 0

    def _pop(self):
        """Who comes first."""
        queue = self.queue
        self.queued -= 1
        size = self.queued
        last, first = queue[size], queue[0]
        place, below = 0, 1
        while below < size:
            one = queue[below]
            if below + 1 < size:
                other = queue[below + 1]
                if other.before(one):
                    below, one = below + 1, other
            if not one.before(last):
                break
            queue[place] = one
            place, below = below, 2 * below + 1
        queue[place] = last
        return first
