"""The grid: megawatts for large loads by region, flowing in over the years.

See docs/model.md, "Power".
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Sequence
from functools import partial
from math import inf

from sim.engine.clock import Clock
from sim.engine.record import Recorder
from sim.errors import ModelError
from sim.events.turns import Step, Turn

Key = tuple[int, int, int]  # (minute of the request, ordinal, unit)
Stretch = tuple[int, int, int]  # (first minute, minute after the last, whole megawatts)


class Load:
    """Megawatts wanted for one unit."""

    __slots__ = ("cents", "granted", "key", "megawatts", "waits")

    def __init__(
        self,
        key: Key,
        megawatts: int,
        granted: Callable[[], None],
        waits: Callable[[], None] | None,
        cents: int,
    ) -> None:
        self.key = key
        self.megawatts = megawatts
        self.granted = granted
        self.waits = waits
        self.cents = cents

    def __lt__(self, other: Load) -> bool:
        return self.key < other.key


class Grid:
    """One region: loads are granted by (request minute, ordinal, unit), none overtakes.

    ``additions`` lists the megawatts of each calendar year, the broken first one from minute 0;
    they flow in evenly, so of W megawatts floor(W x elapsed / length) whole ones are there. What is
    not taken when the year ends lapses, unless ``carry_over``, or somebody waits: then it is set
    aside for the first in the queue. Megawatts of the programme's own plants never lapse and are
    taken last. None for ``additions`` is unlimited.

    The trace has, at every change, all megawatts not lapsed that will have come in by the end of
    the year (capacity), those taken by loads (in use), and those waited for.
    """

    def __init__(
        self,
        clock: Clock,
        record: Recorder,
        resource: int,
        number: int,
        additions: Sequence[Stretch] | None,
        carry_over: bool = False,
    ) -> None:
        self.clock = clock
        self.record = record
        self.resource = resource
        self.number = number  # this region's ordinal among allocations
        self.unlimited = additions is None
        self.additions = list(additions or [])
        self.carry_over = carry_over
        self.year = 0  # index of the stretch that flows in
        self.from_before = 0  # left of earlier years, less what was taken of this one
        self.own = 0  # of the programme's plants, not taken
        self.in_use = 0
        self.queue: list[Load] = []
        self.fresh: list[Load] = []
        self.waiting = 0  # megawatts
        self.waiting_cents = 0
        self._due = -1  # minute of the pending allocation
        self._allocations = 0
        self._timers = 0
        self._timer = (-1, -1)  # (minute, number) of the timer for the first in the queue
        for _, end, _ in self.additions:
            self._at(end, self._end_year)
        self._trace()

    @property
    def added(self) -> int:
        """Whole megawatts of the additions that are there now and not taken."""
        if self.year == len(self.additions):
            return self.from_before
        start, end, megawatts = self.additions[self.year]
        return self.from_before + megawatts * max(0, self.clock.now - start) // (end - start)

    def claim(
        self,
        requested: int,
        ordinal: int,
        unit: int,
        megawatts: int,
        granted: Callable[[], None],
        waits: Callable[[], None] | None = None,
        cents: int = 0,
    ) -> None:
        """Want megawatts for good; ``granted()`` is called when they are there, perhaps at once.

        ``requested`` is the minute that gives the place in the queue. ``waits()`` is called in this
        instant if they are not there in it.

        Raises
        ------
        ModelError
            If the megawatts are negative.
        """
        if megawatts < 0:
            raise ModelError(
                f"project {ordinal}, unit {unit} claims {megawatts} MW; 0 or more are accepted"
            )
        load = Load((requested, ordinal, unit), megawatts, granted, waits, cents)
        # What runs on record has its power, whatever the grid; nothing is there for everybody.
        if self.unlimited or not megawatts or self.clock.now < self.record.open_minute:
            self._take(megawatts)
            self._trace()
            granted()
            return
        insort(self.queue, load)
        self.fresh.append(load)
        self.waiting += megawatts
        self.waiting_cents += cents
        self._trace()
        self._ask()

    def supply(self, megawatts: int) -> None:
        """A plant of the programme runs: from now on there is more."""
        self.own += megawatts
        self._trace()
        self._ask()

    def cancel(self, ordinal: int) -> None:
        """Leave the queue with all units; what has been taken stays taken."""
        leaving = [load for load in self.queue if load.key[1] == ordinal]
        if leaving:
            self.queue = [load for load in self.queue if load.key[1] != ordinal]
            self.fresh = [load for load in self.fresh if load.key[1] != ordinal]
            self.waiting -= sum(load.megawatts for load in leaving)
            self.waiting_cents -= sum(load.cents for load in leaving)
            self._trace()
            self._ask()

    def _at(self, minute: int, call: Callable[[object], None]) -> None:
        self._timers += 1
        self.clock.at(minute, Turn.CAPACITY, self.number, Step.GRID_TIMER, self._timers, call)

    def _end_year(self, _: object) -> None:
        """The stretch is over: what is left of it stays or lapses."""
        left = self.from_before + self.additions[self.year][2]
        self.from_before = left if self.carry_over or self.queue else 0
        self.year += 1
        self._trace()

    def _ask(self) -> None:
        now = self.clock.now
        if self._due != now and self.queue:
            self._due = now
            self._allocations += 1
            self.clock.at(
                now, Turn.DESKS, self.number, Step.ALLOCATION, self._allocations, self._allocate
            )

    def _allocate(self, _: object) -> None:
        self._due = -1
        served = 0
        for load in self.queue:
            if load.megawatts > self.added + self.own:
                break
            self._take(load.megawatts)
            self.waiting -= load.megawatts
            self.waiting_cents -= load.cents
            served += 1
        has_power, self.queue = self.queue[:served], self.queue[served:]
        waiting = [load for load in self.fresh if load not in has_power]
        self.fresh = []
        self._trace()
        self._set_timer()
        # Last, for they may come back with claims and supplies of their own.
        for load in waiting:
            if load.waits is not None:
                load.waits()
        for load in has_power:
            load.granted()

    def _take(self, megawatts: int) -> None:
        """Take what may lapse first, then what the programme's own plants give."""
        added = min(megawatts, self.added)
        own = min(megawatts - added, self.own)
        self.from_before -= added
        self.own -= own
        self.in_use += megawatts  # what runs on record may be more than there is

    def _set_timer(self) -> None:
        """One timer, for the minute at which the first in the queue has what it needs."""
        minute = self._earliest(self.queue[0].megawatts) if self.queue else -1
        if minute != self._timer[0]:
            self._timer = (minute, self._timers + 1)
            if minute >= 0:
                self._at(minute, partial(self._timer_rings, self._timer[1]))

    def _timer_rings(self, number: int, _: object) -> None:
        if number == self._timer[1]:  # else another one took its place
            self._ask()

    def _earliest(self, megawatts: int) -> int:
        """First minute at which that many are there if nobody takes any; -1: never."""
        missing = megawatts - self.own - self.from_before
        for start, end, inflow in self.additions[self.year :]:
            if missing <= inflow:
                return start - (-missing * (end - start) // inflow)
            missing -= inflow
        return -1

    def _trace(self) -> None:
        flowing = self.additions[self.year][2] if self.year < len(self.additions) else 0
        limited = self.in_use + self.from_before + flowing + self.own
        there = inf if self.unlimited else limited
        self.record.step(
            (self.resource, self.clock.now, there, self.in_use, self.waiting, self.waiting_cents)
        )
