"""Building sites sharing specialists: one virtual clock per group of sites.

See docs/model.md, "Construction".

A group is what always runs at one rate: under fair shares all sites that use the same pools, under
the other staffing rules each by itself. It needs one clock (minutes of full-rate work done by
a site that never stopped) and one timer, for its earliest end. The clock counts in units of 2**-36
minute, whole numbers, so that its value does not depend on how often it is read. Rates are rounded
up to that unit: a site ends in the minute it truly does.

A site is one unit of a project, or the line along which its units begin, which needs nobody. Its
``work`` is what it had done, in those units, when it was last put to work or taken off;
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

from sim.engine.clock import Clock, Moment
from sim.engine.courses import LINE, ONE, Course, Group, Site, Whole
from sim.events import Kind
from sim.events.turns import Step, Turn

UNIT_SHIFT = 12  # in the visit of a point: at most 1,000 units, 4,096 points each

# groups that want people -> rates of each in [0, 1], and the pool that limits it: -1 at full rate
Rationing = Callable[[Sequence["Group"]], tuple[list[float], list[int]]]
# (ordinal and unit of a site, whether it begins to wait for a crew or ends)
Waits = Callable[[int, int, bool], None]


class Sites:
    """All sites at work; asks ``rationing`` for the rates whenever who is at work changes.

    With ``apart`` every site is a group by itself, and ``rationing`` sees those at work only, best
    first: by ``order`` (a number per ordinal) or else by the minute its project first joined, then
    ordinal and unit. A site that comes back has its old place and no crew. ``waits``
    is told once when a site ``apart`` has to wait for a crew (rate 0) and once when that ends, by a
    crew or by its leaving; fair shares leave nobody out. A line goes as fast as a crew of its
    project: under fair shares by their clock, ``apart`` as its fastest unit at work, or in full.
    """

    def __init__(
        self,
        clock: Clock,
        pools: int,
        rationing: Rationing,
        *,
        apart: bool = False,
        order: Sequence[int] | None = None,
        waits: Waits | None = None,
    ) -> None:
        self.clock = clock
        self.pools = pools
        self.rationing = rationing
        self.apart = apart
        self.order = order
        self.waits = waits
        self.groups: dict[object, Group] = {}
        self.ranked: list[Group] = []  # groups with a site at work, in order, if apart
        self.lines: dict[int, Site] = {}  # at work, by ordinal, if apart
        self.wholes: dict[int, Whole] = {}  # of the same
        self.asked: dict[int, int] = {}  # by ordinal
        self.stretches: list[tuple[float, ...]] = []
        self.clock_rows: list[tuple[int, int, float, int]] = []
        self.at_work: dict[Site, None] = {}
        self._due = -1
        self._allocations = 0
        self._entries = 0

    def credit(self, site: Site, work: int) -> None:
        """Minutes a unit has done before its crew comes: on record, or alone."""
        if work:
            site.reached = work
            site.group, site.since = self._group(site), self.clock.now
            self._end_stretch(site, self.clock.now, work * ONE)
            site.work = work * ONE

    def join(self, site: Site) -> None:
        """Put a site to work from this instant on, at the progress it has."""
        now = self.clock.now
        group = self._group(site)
        group.advance(now)
        site.group = group
        site.work = max(site.work, site.reached * ONE)
        site.base = group.clock - site.work
        site.since = now
        self.at_work[site] = None
        if site.unit != LINE:
            for pool, need in enumerate(site.needs):
                group.needs[pool] += need
            if self.apart:
                insort(self.ranked, group, key=attrgetter("place"))
        elif self.apart:
            self.lines[site.ordinal] = site
        self._head(site)
        if site.whole is not None:
            self._head(site.whole)
        self.ask()

    resume = join  # the moment of the point it was heading for fires when its work is done

    def leave(self, site: Site) -> None:
        """Take a site off at the last point it has reached; its crew is free at once.

        On its way to another point it stands where it is, and that moment never fires. It may be
        suspended already.
        """
        work = max(site.work, site.reached * ONE)
        if site.moment is not None:
            work = self.done(site)
            site.moment, site.target = None, -1
        self._take_off(site, work)

    def suspend(self, site: Site) -> None:
        """Take a site at work off at whatever progress it has; its crew is free at once.

        The moment it is heading for stays, and fires once it is back and has done the work. A
        point whose work is done in this very minute is reached all the same.
        """
        work = self.done(site)
        if site.entry is not None and work >= site.target:
            self._release(site)
        self._take_off(site, work)

    def progress(self, site: Site) -> float:
        """Share of its work a site has done by now, in [0, 1]."""
        return self.done(site) / ONE / site.total

    def reach(self, course: Course, work: int) -> Moment:
        """The moment ``work`` minutes of it are done; the caller sets a site's ``reached`` then."""
        course.points += 1
        course.target = work * ONE
        course.moment = moment = Moment(self.clock)
        group = self._head(course)
        if group is not None:
            self._arm(group)
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
        for site in self.at_work:
            self._end_stretch(site, minute, self.done(site, minute))

    def done(self, site: Site, minute: int = -1) -> int:
        """Units of work done by now, or by a minute that is not past."""
        if site not in self.at_work:
            return site.work
        site.group.advance(self.clock.now if minute < 0 else minute)
        return min(site.total * ONE, site.group.clock - site.base)

    def _group(self, site: Site) -> Group:
        key: object = (site.ordinal, site.unit) if self.apart else site.pattern
        group = self.groups.get(key)
        if group is None:
            ordinal = site.ordinal
            asked = self.asked.setdefault(ordinal, self.clock.now)
            rank = asked if self.order is None else self.order[ordinal]
            group = Group(len(self.groups), self.pools, asked, ordinal, site.unit, rank)
            group.last = self.clock.now
            self.groups[key] = group
            self._set(group, 0, -1)  # a row to begin with
        return group

    def _take_off(self, site: Site, work: int) -> None:
        if site in self.at_work:
            group = site.group
            self._end_stretch(site, self.clock.now, work)
            site.entry = None
            if site.unit != LINE:
                for pool, need in enumerate(site.needs):
                    group.needs[pool] -= need
            if self.apart:
                if site.unit == LINE:
                    del self.lines[site.ordinal]
                else:
                    self.ranked.remove(group)
                group.advance(self.clock.now)
                self._set(group, 0, -1)
                self._tell(group, False)
            self.ask()
            del self.at_work[site]
        site.work = work
        if site.whole is not None:
            self._head(site.whole)

    def _allocate(self, _: object) -> None:
        self._due = -1
        groups = self.ranked if self.apart else list(self.groups.values())
        shares = self.rationing(groups)
        for group, rate, limit in zip(groups, *shares, strict=True):
            self._run(group, min(ONE, ceil(rate * ONE)), limit)
            self._tell(group, self.apart and not group.rate)
        for ordinal, line in self.lines.items():
            own = [group for group in self.ranked if group.ordinal == ordinal]
            first = max(own, key=attrgetter("rate"), default=None)
            self._run(line.group, *((ONE, -1) if first is None else (first.rate, first.limit)))
        for whole in self.wholes.values():  # units go on at other rates, each its own
            host = self._head(whole)
            if host is not None:
                self._arm(host)

    def _run(self, group: Group, rate: int, limit: int) -> None:
        """From here on at that rate."""
        group.advance(self.clock.now)
        if rate != group.rate or limit != group.limit:
            self._set(group, rate, limit)
        self._arm(group)

    def _set(self, group: Group, rate: int, limit: int) -> None:
        """Write what the clock shows, and run it at a rate from here on."""
        self.clock_rows.append((group.number, group.last, group.clock / ONE, limit))
        group.rate, group.limit = rate, limit

    def _tell(self, group: Group, waiting: bool) -> None:
        if waiting != group.waiting and self.waits is not None:
            self.waits(group.ordinal, group.unit, waiting)
        group.waiting = waiting

    def _head(self, course: Course) -> Group | None:
        """Enter the point something at work is heading for; the group that gets it there."""
        course.entry = None
        if course.target < 0:
            return None
        if isinstance(course, Whole):
            found = self._head_whole(course)
        elif isinstance(course, Site) and course in self.at_work:
            found = course.group, course.base + course.target
        else:
            found = None
        if found is None:
            return None
        group, end = found
        self._entries += 1
        course.entry = (end, course.ordinal, self._entries, course)
        heappush(group.heap, course.entry)
        group.advance(self.clock.now)
        return group

    def _head_whole(self, whole: Whole) -> tuple[Group, int] | None:
        """The group by whose clock the units together reach their point, and what it shows then.

        Exact as long as nobody joins or leaves, and ``apart`` until the next allocation.
        """
        missing = whole.target - sum([self.done(clock) for clock in whole.clocks])
        if missing <= 0:
            self._release(whole)
            return None
        groups = [clock.group for clock in whole.clocks if clock in self.at_work]
        if not groups:
            return None
        if not self.apart:  # all in one
            return groups[0], groups[0].clock - (-missing // len(groups))
        self.wholes[whole.ordinal] = whole
        fastest, rates = max(groups, key=attrgetter("rate")), sum(group.rate for group in groups)
        if not rates:
            return None
        return fastest, fastest.clock - (-missing * fastest.rate // rates)

    def _arm(self, group: Group) -> None:
        """Keep one timer, at or before the group's earliest end."""
        heap = group.heap
        while heap and heap[0][3].entry is not heap[0]:
            heappop(heap)  # of a site taken off
        if not heap or not group.rate:
            return
        end = self.clock.now + max(0, -((group.clock - heap[0][0]) // group.rate))
        if group.armed < 0 or end < group.armed:
            group.armed = end
            group.timers += 1
            self.clock.at(
                end,
                Turn.CAPACITY,
                group.number,
                Step.SITE_TIMER,
                group.timers,
                lambda _: self._timer(group, end),
            )

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

    def _release(self, course: Course) -> None:
        """Have the moment fire among this minute's completions, unless the site leaves first.

        Behind deliveries, and before a pause or a cancellation of the same minute.
        """
        course.entry, course.target, moment = None, -1, course.moment
        self.clock.at(
            self.clock.now,
            Turn.COMPLETION,
            course.ordinal,
            Kind.UNIT_ENERGISED,
            (course.unit + 2) << UNIT_SHIFT | course.points,
            lambda _: course.fire(moment),
        )

    def _end_stretch(self, site: Site, minute: int, work: int) -> None:
        begin, end, total, share = site.work / ONE, work / ONE, site.total, site.share
        self.stretches.append(
            (
                site.ordinal,
                site.group.number,
                site.since,
                minute,
                begin / total * share,
                end / total * share,
                site.unit,
                begin,
                end,
            )
        )
