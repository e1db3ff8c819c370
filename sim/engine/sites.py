"""Building sites sharing specialists: one virtual clock per group of sites. Model section 4.9.

Sites that use the same pools always run at one common rate, so a group of them needs one clock
(minutes of full-rate work done by a site that never stopped) and one timer, for its earliest end.
The clock counts in units of 2**-36 minute, whole numbers, so that its value does not depend on
how often it is read. Rates are rounded up to that unit: a site ends in the minute it truly does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from math import ceil

from sim.engine.clock import Clock, Moment, Step, Turn
from sim.events import Kind

ONE = 1 << 36

# (needs per group and pool in thousandths of a person) -> rates per group in [0, 1]
Rationing = Callable[[Sequence[Sequence[int]]], list[float]]


class Site:
    """One project's building site."""

    __slots__ = ("base", "group", "moment", "needs", "ordinal", "points", "reached", "since",
                 "since_work", "total")  # fmt: skip

    def __init__(self, ordinal: int, needs: list[int], total: int) -> None:
        self.ordinal = ordinal
        self.needs = needs
        self.total = total  # minutes of full-rate work
        self.reached = 0  # minutes of it done for certain: the last point
        self.base = 0  # group clock when progress was zero
        self.since = 0  # minute this stretch began
        self.since_work = 0  # and the work done by then
        self.points = 0
        self.group: Group = NOWHERE
        self.moment: Moment | None = None


class Group:
    """Sites with one set of crafts."""

    __slots__ = ("armed", "clock", "heap", "last", "needs", "number", "rate", "sites", "timers")

    def __init__(self, number: int, pools: int) -> None:
        self.number = number
        self.needs = [0] * pools
        self.sites = 0
        self.rate = 0
        self.clock = 0
        self.last = 0
        self.armed = -1
        self.timers = 0
        self.heap: list[tuple[int, int, Site]] = []

    def advance(self, now: int) -> None:
        """Bring the clock to ``now``."""
        self.clock += (now - self.last) * self.rate
        self.last = now


NOWHERE = Group(-1, 0)


class Sites:
    """All sites at work; asks ``rationing`` for the rates whenever who is at work changes."""

    def __init__(self, clock: Clock, pools: int, rationing: Rationing) -> None:
        self.clock = clock
        self.pools = pools
        self.rationing = rationing
        self.groups: dict[tuple[bool, ...], Group] = {}
        self.stretches: list[tuple[int, int, int, int, float, float]] = []
        self.clock_rows: list[tuple[int, int, float]] = []
        self.at_work: dict[int, Site] = {}
        self._due = -1
        self._allocations = 0

    def join(self, site: Site) -> None:
        """Put a site to work from this instant on."""
        key = tuple(need > 0 for need in site.needs)
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = Group(len(self.groups), self.pools)
            group.last = self.clock.now
            self.clock_rows.append((group.number, group.last, 0.0))
        group.advance(self.clock.now)
        site.group = group
        site.base = group.clock - site.reached * ONE
        site.since, site.since_work = self.clock.now, site.reached
        group.sites += 1
        for pool, need in enumerate(site.needs):
            group.needs[pool] += need
        self.at_work[site.ordinal] = site
        self.ask()

    def leave(self, site: Site) -> None:
        """Take a site off at the point it has reached; its crew is free at once."""
        group = site.group
        self._end_stretch(site, self.clock.now, site.reached)
        group.sites -= 1
        for pool, need in enumerate(site.needs):
            group.needs[pool] -= need
        del self.at_work[site.ordinal]
        self.ask()

    def reach(self, site: Site, work: int) -> Moment:
        """The moment the site has ``work`` minutes of full-rate work behind it.

        The caller sets ``site.reached`` when it fires.
        """
        site.points += 1
        site.moment = Moment(self.clock)
        group = site.group
        heappush(group.heap, (site.base + work * ONE, site.ordinal, site))
        group.advance(self.clock.now)
        self._arm(group)
        return site.moment

    def ask(self) -> None:
        """Have crews allocated once in this instant, after everything else in it."""
        now = self.clock.now
        if self._due != now:
            self._due = now
            self._allocations += 1
            self.clock.at(now, Turn.CREWS, 0, Step.ALLOCATION, self._allocations, self._allocate)

    def _allocate(self, _: object) -> None:
        self._due = -1
        now = self.clock.now
        groups = list(self.groups.values())
        rates = self.rationing([group.needs for group in groups])
        for group, rate in zip(groups, rates, strict=True):
            group.advance(now)
            whole = min(ONE, ceil(rate * ONE))
            if whole != group.rate:
                self.clock_rows.append((group.number, now, group.clock / ONE))
                group.rate = whole
            self._arm(group)

    def _arm(self, group: Group) -> None:
        """Keep one timer, at or before the group's earliest end."""
        if not group.heap or not group.rate:
            return
        end = self.clock.now + -((group.clock - group.heap[0][0]) // group.rate)
        if group.armed < 0 or end < group.armed:
            group.armed = end
            group.timers += 1
            self.clock.at(
                end, Turn.CAPACITY, group.number, Step.SITE_TIMER, group.timers,
                lambda _: self._timer(group, end),
            )  # fmt: skip

    def _timer(self, group: Group, minute: int) -> None:
        if group.armed != minute:
            return  # a later timer that an earlier one replaced
        group.armed = -1
        group.advance(minute)
        while group.heap and group.heap[0][0] <= group.clock:
            site = heappop(group.heap)[2]
            self.clock.at(
                minute, Turn.COMPLETION, site.ordinal, Kind.UNIT_BUILT, site.points,
                moment=site.moment,
            )  # fmt: skip
        self._arm(group)

    def _end_stretch(self, site: Site, minute: int, work: float) -> None:
        self.stretches.append(
            (site.ordinal, site.group.number, site.since, minute,
             site.since_work / site.total, work / site.total)
        )  # fmt: skip

    def close(self, minute: int) -> None:
        """Cut the stretches still open when the run ends."""
        for group in self.groups.values():
            group.advance(minute)
            self.clock_rows.append((group.number, minute, group.clock / ONE))
        for site in self.at_work.values():
            self._end_stretch(site, minute, min(site.total, (site.group.clock - site.base) / ONE))
