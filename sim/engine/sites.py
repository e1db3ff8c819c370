"""Building sites sharing specialists: one virtual clock per group of sites.

See docs/model.md, "Construction".

A group is what always runs at one rate: under fair shares all sites that use the same pools, under
the other staffing rules each site by itself. It needs one clock (minutes of full-rate work done by
a site that never stopped) and one timer, for its earliest end. The clock counts in units of 2**-36
minute, whole numbers, so that its value does not depend on how often it is read. Rates are rounded
up to that unit: a site ends in the minute it truly does.

A site's ``work`` is what it had done, in those units, when it was last put to work or taken off;
while it is at work it has done ``group.clock - base``. ``reached`` is the last point its process
has seen, in minutes. A crew is held to the end of the minute in which a point is reached: a site
that leaves there has done exactly that much, one that is suspended what its clock says.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from math import ceil
from operator import attrgetter

from sim.engine.clock import Clock, Moment, Step, Turn
from sim.events import Kind

ONE = 1 << 36

# groups that want people -> rates of each in [0, 1], and the pool that limits it: -1 at full rate
Rationing = Callable[[Sequence["Group"]], tuple[list[float], list[int]]]
# (ordinal of a site, whether it begins to wait for a crew or ends)
Waits = Callable[[int, bool], None]


class Site:
    """One project's building site."""

    __slots__ = ("base", "entry", "group", "moment", "needs", "ordinal", "points", "reached",
                 "since", "target", "total", "work")  # fmt: skip

    def __init__(self, ordinal: int, needs: list[int], total: int) -> None:
        self.ordinal = ordinal
        self.needs = needs
        self.total = total  # minutes of full-rate work
        self.reached = 0  # minutes of it done for certain: the last point
        self.work = 0  # units done when last put to work or taken off
        self.base = 0  # group clock when progress was zero
        self.since = 0  # minute this stretch began
        self.points = 0
        self.target = -1  # units: the point it is heading for
        self.group: Group = NOWHERE
        self.moment: Moment | None = None  # of that point, until it has fired
        self.entry: Entry | None = None  # its place in the group's heap, while there

    def fire(self, moment: Moment | None) -> None:
        """Let a moment happen now, as SimPy would, unless the site has left meanwhile."""
        if moment is not None and moment is self.moment:
            self.moment = None
            callbacks, moment.callbacks = moment.callbacks, None  # type: ignore[assignment]
            for callback in callbacks:
                callback(moment)


Entry = tuple[int, int, int, Site]  # (group clock, ordinal, serial number, site)


class Group:
    """Sites that run at one rate."""

    __slots__ = ("armed", "asked", "clock", "heap", "last", "limit", "needs", "number", "place",
                 "rate", "timers", "waiting")  # fmt: skip

    def __init__(self, number: int, pools: int, now: int, place: tuple[int, int]) -> None:
        self.number = number
        self.place = place
        self.asked = now  # minute at which the first of its sites joined
        self.needs = [0] * pools  # thousandths of a person
        self.rate = 0
        self.limit = -1
        self.waiting = False
        self.clock = 0
        self.last = now
        self.armed = -1
        self.timers = 0
        self.heap: list[Entry] = []

    def advance(self, now: int) -> None:
        self.clock += (now - self.last) * self.rate
        self.last = now


NOWHERE = Group(-1, 0, 0, (0, 0))


class Sites:
    """All sites at work; asks ``rationing`` for the rates whenever who is at work changes.

    With ``apart`` every site is a group by itself, and ``rationing`` sees those at work only, best
    first: by ``order`` (a number per ordinal, read when a site first joins) or else by the minute a
    site first joined, then ordinal. A site that comes back has its old place and no crew. ``waits``
    is told once when a site ``apart`` has to wait for a crew (rate 0) and once when that ends, by a
    crew or by its leaving; fair shares leave nobody out.
    """

    def __init__(
        self, clock: Clock, pools: int, rationing: Rationing, *, apart: bool = False,
        order: Sequence[int] | None = None, waits: Waits | None = None,
    ) -> None:  # fmt: skip
        self.clock = clock
        self.pools = pools
        self.rationing = rationing
        self.apart = apart
        self.order = order
        self.waits = waits
        self.groups: dict[object, Group] = {}
        self.ranked: list[Group] = []  # groups with a site at work, in order, if apart
        self.stretches: list[tuple[int, int, int, int, float, float]] = []
        self.clock_rows: list[tuple[int, int, float, int]] = []
        self.at_work: dict[int, Site] = {}
        self._due = -1
        self._allocations = 0
        self._entries = 0

    def join(self, site: Site) -> None:
        """Put a site to work from this instant on, at the progress it has."""
        now = self.clock.now
        group = self._group(site)
        group.advance(now)
        site.group = group
        site.work = max(site.work, site.reached * ONE)
        site.base = group.clock - site.work
        site.since = now
        for pool, need in enumerate(site.needs):
            group.needs[pool] += need
        self.at_work[site.ordinal] = site
        if self.apart:
            insort(self.ranked, group, key=attrgetter("place"))
        if site.target >= 0:
            self._head(site)
        self.ask()

    resume = join  # the moment of the point it was heading for fires when its work is done

    def leave(self, site: Site) -> None:
        """Take a site off at the last point it has reached; its crew is free at once.

        On its way to another point it stands where it is, and that moment never fires. It may be
        suspended already.
        """
        work = max(site.work, site.reached * ONE)
        if site.moment is not None:
            work = self._done(site, self.clock.now)
            site.moment, site.target = None, -1
        if site.ordinal in self.at_work:
            self._take_off(site, work)
        site.work = work

    def suspend(self, site: Site) -> None:
        """Take a site at work off at whatever progress it has; its crew is free at once.

        The moment it is heading for stays, and fires once it is back and has done the work. A
        point whose work is done in this very minute is reached all the same.
        """
        work = self._done(site, self.clock.now)
        if site.entry is not None and work >= site.target:
            self._release(site)
        self._take_off(site, work)
        site.work = work

    def progress(self, site: Site) -> float:
        """Share of its work a site has done by now, in [0, 1]."""
        return self._done(site, self.clock.now) / ONE / site.total

    def reach(self, site: Site, work: int) -> Moment:
        """The moment the site has done ``work`` minutes; the caller sets ``reached`` then."""
        site.points += 1
        site.target = work * ONE
        site.moment = moment = Moment(self.clock)
        if site.ordinal in self.at_work:
            self._head(site)
            site.group.advance(self.clock.now)
            self._arm(site.group)
        return moment

    def ask(self) -> None:
        """Have crews allocated once in this instant, after everything else in it."""
        now = self.clock.now
        if self._due != now:
            self._due = now
            self._allocations += 1
            self.clock.at(now, Turn.CREWS, 0, Step.ALLOCATION, self._allocations, self._allocate)

    def close(self, minute: int) -> None:
        """Cut the stretches still open when the run ends."""
        for group in self.groups.values():
            group.advance(minute)
            self._set(group, group.rate, group.limit)
        for site in self.at_work.values():
            self._end_stretch(site, minute, self._done(site, minute))

    def _group(self, site: Site) -> Group:
        key: object = site.ordinal if self.apart else tuple(need > 0 for need in site.needs)
        group = self.groups.get(key)
        if group is None:
            now, ordinal = self.clock.now, site.ordinal
            rank = now if self.order is None else self.order[ordinal]
            number = ordinal if self.apart else len(self.groups)
            group = self.groups[key] = Group(number, self.pools, now, (rank, ordinal))
            self._set(group, 0, -1)  # a row to begin with
        return group

    def _done(self, site: Site, minute: int) -> int:
        """Units of work done by a minute that is not past."""
        if site.ordinal not in self.at_work:
            return site.work
        site.group.advance(minute)
        return min(site.total * ONE, site.group.clock - site.base)

    def _take_off(self, site: Site, work: int) -> None:
        group = site.group
        del self.at_work[site.ordinal]
        self._end_stretch(site, self.clock.now, work)
        site.entry = None
        for pool, need in enumerate(site.needs):
            group.needs[pool] -= need
        if self.apart:
            self.ranked.remove(group)
            group.advance(self.clock.now)
            self._set(group, 0, -1)
            self._tell(group, False)
        self.ask()

    def _allocate(self, _: object) -> None:
        self._due = -1
        now = self.clock.now
        groups = self.ranked if self.apart else list(self.groups.values())
        shares = self.rationing(groups)
        for group, rate, limit in zip(groups, *shares, strict=True):
            group.advance(now)
            whole = min(ONE, ceil(rate * ONE))
            if whole != group.rate or limit != group.limit:
                self._set(group, whole, limit)
            self._tell(group, self.apart and not whole)
            self._arm(group)

    def _set(self, group: Group, rate: int, limit: int) -> None:
        """Write what the clock shows, and run it at a rate from here on."""
        self.clock_rows.append((group.number, group.last, group.clock / ONE, limit))
        group.rate, group.limit = rate, limit

    def _tell(self, group: Group, waiting: bool) -> None:
        if waiting != group.waiting and self.waits is not None:
            self.waits(group.number, waiting)
        group.waiting = waiting

    def _head(self, site: Site) -> None:
        """Enter the point a site is heading for."""
        self._entries += 1
        site.entry = (site.base + site.target, site.ordinal, self._entries, site)
        heappush(site.group.heap, site.entry)

    def _arm(self, group: Group) -> None:
        """Keep one timer, at or before the group's earliest end."""
        heap = group.heap
        while heap and heap[0][3].entry is not heap[0]:
            heappop(heap)  # of a site taken off
        if not heap or not group.rate:
            return
        end = self.clock.now + -((group.clock - heap[0][0]) // group.rate)
        if group.armed < 0 or end < group.armed:
            group.armed = end
            group.timers += 1
            self.clock.at(
                end, Turn.CAPACITY, group.number, Step.SITE_TIMER, group.timers,
                lambda _: self._timer(group, end),
            )  # fmt: skip

    def _timer(self, group: Group, minute: int) -> None:
        if group.armed != minute:
            return  # an earlier timer has replaced it
        group.armed = -1
        group.advance(minute)
        while group.heap and group.heap[0][0] <= group.clock:
            entry = heappop(group.heap)
            if entry[3].entry is entry:
                self._release(entry[3])
        self._arm(group)

    def _release(self, site: Site) -> None:
        """Have the moment fire among this minute's completions, unless the site leaves first."""
        site.entry, site.target, moment = None, -1, site.moment
        self.clock.at(
            self.clock.now, Turn.COMPLETION, site.ordinal, Kind.UNIT_BUILT, site.points,
            lambda _: site.fire(moment),
        )  # fmt: skip

    def _end_stretch(self, site: Site, minute: int, work: int) -> None:
        self.stretches.append(
            (site.ordinal, site.group.number, site.since, minute,
             site.work / ONE / site.total, work / ONE / site.total)
        )  # fmt: skip
