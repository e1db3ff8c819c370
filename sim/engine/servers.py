"""Servers: units held for a duration (teams, desks, agencies). See docs/model.md, "Servers"."""

from __future__ import annotations

from heapq import heappop, heappush
from math import inf

from sim.engine.clock import Clock, Moment
from sim.engine.record import Recorder
from sim.events.turns import POOL_SHIFT, Step, Turn

WAITING, AT_WORK, OVER = range(3)
# Plain whole numbers: reading a member of an enumeration is slow, and this runs for every job.
COMPLETION, DESKS, ALLOCATION = int(Turn.COMPLETION), int(Turn.DESKS), int(Step.ALLOCATION)


class Job:
    """One piece of work at a server. ``done`` fires when it ends; yield it."""

    __slots__ = ("began", "cause", "cents", "done", "ended", "minutes", "ordinal", "servers",
                 "state", "visit", "waited")  # fmt: skip

    def __init__(
        self,
        servers: Servers,
        ordinal: int,
        minutes: int,
        visit: int,
        cents: int,
        kinds: tuple[int, int],
        cause: int,
    ) -> None:
        self.servers = servers
        self.ordinal = ordinal
        self.minutes = minutes
        self.visit = visit
        self.cents = cents
        self.began, self.ended = kinds
        self.cause = cause
        self.state = WAITING
        self.waited = False
        self.done = Moment(servers.clock)
        self.done.callbacks.append(self._end)

    def _end(self, _: object) -> None:
        self.servers.finish(self)


class Servers:
    """First come, first served by (request minute, ordinal, visit); capacity may change.

    A shrinking capacity withholds new starts and never interrupts work in hand.
    """

    def __init__(
        self,
        clock: Clock,
        record: Recorder,
        entities: list[int],
        resource: int,
        capacity: float,
        number: int,
    ) -> None:
        self.clock = clock
        self.record = record
        self.entities = entities
        self.resource = resource
        self.capacity = capacity
        self.number = number  # this pool's ordinal among allocations
        self.in_use = 0
        self.waiting = 0
        self.waiting_cents = 0
        self.queue: list[tuple[int, int, int, Job]] = []
        self.fresh: list[Job] = []
        self._due = -1  # minute of the pending allocation
        self._allocations = 0
        self._trace()

    def serve(
        self,
        ordinal: int,
        minutes: int,
        visit: int,
        cents: int,
        kinds: tuple[int, int],
        cause: int,
    ) -> Job:
        """Queue for a unit and hold it for ``minutes``; logs ``kinds`` at begin and end.

        A begin of -1 is not logged. ``cause`` is what a wait is charged to.
        """
        job = Job(self, ordinal, minutes, visit, cents, kinds, cause)
        # What started on record occupies what it occupies, whatever the capacity.
        if self.capacity == inf or self.clock.now < self.record.open_minute:
            self._begin(job)
            self._trace()
            return job
        heappush(self.queue, (self.clock.now, ordinal, visit, job))
        self.fresh.append(job)
        self.waiting += 1
        self.waiting_cents += cents
        self.ask()
        return job

    def cancel(self, job: Job) -> None:
        """Give up a job: leave the queue, or return the unit at once; ``done`` may still fire."""
        if job.state == WAITING:
            self._leave_queue(job)
            self._trace()
        elif job.state == AT_WORK:
            self.in_use -= 1
            self._trace()
            self.ask()
        job.state = OVER

    def set_capacity(self, capacity: float) -> None:
        """Change the number of units from now on."""
        self.capacity = capacity
        self._trace()
        self.ask()

    def ask(self) -> None:
        """Have the pool allocate once in this instant, after everything else in it."""
        now = self.clock.now
        if self._due != now and self.queue:
            self._due = now
            self._allocations += 1
            self.clock.at(now, DESKS, self.number, ALLOCATION, self._allocations, self._allocate)

    def _allocate(self, _: object) -> None:
        self._due = -1
        queue = self.queue
        while queue and self.in_use < self.capacity:
            job = heappop(queue)[3]
            if job.state == WAITING:
                self._leave_queue(job)
                self._begin(job)
        now = self.clock.now
        for job in self.fresh:
            if job.state == WAITING:
                job.waited = True
                project = self.entities[job.ordinal]
                self.record.wait_began(now, project, job.cause, self.resource, job.visit)
        self.fresh.clear()
        self._trace()

    def _leave_queue(self, job: Job) -> None:
        self.waiting -= 1
        self.waiting_cents -= job.cents
        if job.waited:
            project = self.entities[job.ordinal]
            self.record.wait_ended(self.clock.now, project, job.cause, self.resource, job.visit)

    def _begin(self, job: Job) -> None:
        now = self.clock.now
        job.state = AT_WORK
        self.in_use += 1
        if job.began >= 0:
            self.record.log(
                (
                    now,
                    self.entities[job.ordinal],
                    job.began,
                    self.resource,
                    self.record.cause_at(now),
                    job.visit,
                    0,
                )
            )
        # One project may be at several pools at once: the pool is part of the visit.
        visit = self.number << POOL_SHIFT | job.visit
        self.clock.at(now + job.minutes, COMPLETION, job.ordinal, job.ended, visit, moment=job.done)

    def finish(self, job: Job) -> None:
        """The job's time is up: its unit goes to the next in the queue."""
        if job.state == OVER:
            return
        job.state = OVER
        self.in_use -= 1
        self.record.log(
            (self.clock.now, self.entities[job.ordinal], job.ended, self.resource, 0, job.visit, 0)
        )
        self._trace()
        self.ask()

    def _trace(self) -> None:
        self.record.step(
            (
                self.resource,
                self.clock.now,
                self.capacity,
                self.in_use,
                self.waiting,
                self.waiting_cents,
            )
        )
