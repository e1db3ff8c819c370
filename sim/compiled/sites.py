# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""Building sites sharing specialists: `sim.engine.sites` says how clocks and work count."""

from __future__ import annotations

from array import array

from sim.compiled import courses
from sim.compiled.actors import Actor
from sim.compiled.courses import Group, Rationing
from sim.compiled.programme import Programme
from sim.events import Cause, Kind
from sim.events.turns import Step, Turn

UNIT_SHIFT = 12  # in the visit of a point: at most 1,000 units, 4,096 points each
ALLOCATE, TIMER = range(2)
CREWS, CAPACITY, COMPLETION = int(Turn.CREWS), int(Turn.CAPACITY), int(Turn.COMPLETION)
ALLOCATION, SITE_TIMER = int(Step.ALLOCATION), int(Step.SITE_TIMER)
UNIT_ENERGISED, CREWS_WAITED = int(Kind.UNIT_ENERGISED), int(Cause.CREWS_WAITED)


class Sites(Actor):
    """All sites at work; asks ``rationing`` for the rates whenever who is at work changes.

    ``apart``: every site is a group by itself, and ``rationing`` sees those at work only, best
    first: by ``order`` (a number per ordinal) or else by the minute its project first joined, then
    ordinal and unit. A line goes as fast as a crew of its project: its fastest, or in full.
    """

    def __init__(self, programme: Programme, pools, rationing: Rationing, apart, order):
        self.clock, self.record = programme.clock, programme.record
        self.pools, self.rationing, self.apart, self.order = pools, rationing, apart, order
        count = programme.count
        world = programme.world
        self.build, self.first_unit, self.people = world.build, world.first_unit, world.specialists
        self.rows = min(count, 1 << min(pools, 30))  # groups there can be
        if apart:
            self.rows = count + int(world.units.sum())
        self.crews = array("q", bytes(8 * pools * count))  # of one unit, by ordinal and pool
        self.needs = array("q", bytes(8 * pools * self.rows))  # of those at work, by group and pool
        self.wanted = array("q", bytes(8 * pools))  # of all of them
        self.by_project = [None] * count  # groups, unless apart
        self.known = []  # all that have joined or done work
        self.groups = []  # by number
        self.sharing = {}  # by which pools they use, unless apart
        self.ranked = []  # groups with a site at work, in order, if apart
        self.lines, self.wholes = [], []  # at work, and ever, if apart
        self.asked = {}  # by ordinal
        self.stretches, self.clock_rows = self.record.new_rows(9), self.record.new_rows(4)
        self._joined = self._allocations = 0
        self._due = -1

    def act(self, step, one, two):
        """Allocate crews, or see who of a group is at a point."""
        if step == ALLOCATE:
            return self._allocate()
        return self._timer(self.groups[one], two)

    def credit(self, site, work):
        """Minutes a unit has done before its crew comes: on record, or alone."""
        if work:
            site.reached = work
            self._group(site)
            site.since = self.clock.now
            self._end_stretch(site, site.since, courses.units_of(work))
            site.work = courses.units_of(work)
        return 0

    def join(self, site):
        """Put a site to work from this instant on, at the progress it has.

        The moment of the point it was heading for fires when its work is done.
        """
        now, group = self.clock.now, self._group(site)
        group.advance(now)
        site.work = site.least()
        site.base, site.since = group.clock - site.work, now
        self._joined += 1
        site.joined = self._joined
        if site.unit != courses.LINE:
            self._need(group, site, 1)
            if self.apart:
                courses.rank(group, self.ranked)
        elif self.apart:
            self.lines.append(site)
        self._head(site)
        if site.whole is not None:
            self._head(site.whole)
        return self.ask()

    def leave(self, site):
        """Take a site off at the last point it has reached; its crew is free at once.

        On its way to another it stands where it is, and that moment never fires.
        """
        work = site.least()
        if site.moment is not None:
            work = site.done(self.clock.now)
            site.moment, site.target = None, -1
        return self._take_off(site, work)

    def suspend(self, site):
        """Take a site at work off at whatever progress it has; its crew is free at once.

        The moment it is heading for stays, and fires once it is back and has done the work. A
        point whose work is done in this very minute is reached all the same.
        """
        work = site.done(self.clock.now)
        if site.waits() and work >= courses.units_of(site.target):
            self._release(site)
        return self._take_off(site, work)

    def progress(self, site):
        """Share of its work a site has done by now, in [0, 1]."""
        return site.done(self.clock.now) / courses.ONE / site.total

    def reach(self, course, work):
        """The moment ``work`` minutes of it are done; the caller sets ``reached`` then."""
        course.points += 1
        course.target = work
        course.moment = self.clock.moment()
        self._arm(self._head(course))
        return course.moment

    def ask(self):
        """Have crews allocated once in this instant, after everything else in it."""
        now = self.clock.now
        if self._due == now:
            return 0
        self._due, self._allocations = now, self._allocations + 1
        return self.clock.at(now, CREWS, 0, ALLOCATION, self._allocations, self, ALLOCATE)

    def cut(self, minute):
        """Cut the stretches still open when the run ends."""
        for group in self.groups:
            group.advance(minute)
            self._set(group, group.rate, group.limit)
        at_work = {}
        for site in self.known:
            if site.joined:
                at_work[site.joined] = site
        for _, site in sorted(at_work.items()):
            self._end_stretch(site, minute, site.done(minute))
        return 0

    def close(self):
        """Let go of what holds each other."""
        self.rationing = None
        for group in self.groups:
            group.close()
        return 0

    def _group(self, site):
        if site.group is None:
            self.known.append(site)
            ordinal = site.project.ordinal
            if self.apart:
                site.group = self._new_group(site)
                return site.group
            if self.by_project[ordinal] is None:
                first = ordinal * self.pools
                crafts = tuple([self.crews[first + pool] > 0 for pool in range(self.pools)])
                if crafts not in self.sharing:
                    self.sharing[crafts] = self._new_group(site)
                self.by_project[ordinal] = self.sharing[crafts]
            site.group = self.by_project[ordinal]
        return site.group

    def _new_group(self, site):
        ordinal, now = site.project.ordinal, self.clock.now
        asked = self.asked.setdefault(ordinal, now)
        rank = asked if self.order is None else self.order[ordinal]
        group = Group(len(self.groups), site, asked, rank, now)
        self.groups.append(group)
        self._set(group, 0, -1)  # a row to begin with
        return group

    def _need(self, group, site, sign):
        crew, row = site.project.ordinal * self.pools, group.number * self.pools
        for pool in range(self.pools):
            people = sign * self.crews[crew + pool]
            self.needs[row + pool] += people
            self.wanted[pool] += people
        return 0

    def _take_off(self, site, work):
        if site.joined:
            group = site.group
            self._end_stretch(site, self.clock.now, work)
            site.drop()
            if site.unit != courses.LINE:
                self._need(group, site, -1)
            if self.apart:
                if site.unit == courses.LINE:
                    self.lines.remove(site)
                else:
                    self.ranked.remove(group)
                group.advance(self.clock.now)
                self._set(group, 0, -1)
                self._tell(group, False)
            self.ask()
            site.joined = 0
        site.work = work
        if site.whole is not None:
            self._head(site.whole)
        return 0

    def _allocate(self):
        self._due = -1
        groups = self.ranked if self.apart else self.groups
        self.rationing.ration(groups)
        for line in self.lines:
            line.fastest = None
        for group in groups:
            self._run(group, courses.rate_of(group.share), group.bound)
            if self.apart:
                self._tell(group, group.rate == 0)
                line = group.site.line
                if line is not None and (line.fastest is None or group.rate > line.fastest.rate):
                    line.fastest = group
        for line in self.lines:
            if line.fastest is None:
                self._run(line.group, courses.ONE, -1)
            else:
                self._run(line.group, line.fastest.rate, line.fastest.limit)
        for whole in self.wholes:  # units go on at other rates, each its own
            self._arm(self._head(whole))
        return 0

    def _run(self, group, rate, limit):
        """From here on at that rate."""
        group.advance(self.clock.now)
        if rate != group.rate or limit != group.limit:
            self._set(group, rate, limit)
        return self._arm(group)

    def _set(self, group, rate, limit):
        """Write what the clock shows, and run it at a rate from here on."""
        at, row = self.clock_rows.add(), self.clock_rows.values
        row[at], row[at + 1] = group.number, group.last
        row[at + 2], row[at + 3] = group.clock / courses.ONE, limit
        group.rate, group.limit = rate, limit
        return 0

    def _tell(self, group, waiting):
        """Log waits for a crew; those of a project that is over have ended with it."""
        site, record, now = group.site, self.record, self.clock.now
        if waiting != group.waiting and site.project.alive:
            if waiting:
                record.wait_began(now, site.project.entity, CREWS_WAITED, -1, site.unit)
            else:
                record.wait_ended(now, site.project.entity, CREWS_WAITED, -1, site.unit)
        group.waiting = waiting
        return 0

    def _head(self, course):
        """Enter the point something at work is heading for; the group that gets it there."""
        if course.target < 0:
            course.drop()
            return None
        if course.unit == courses.ALL:
            return self._head_whole(course)
        site = course
        if not site.joined:
            site.drop()
            return None
        site.group.enter(site, site.base + courses.units_of(site.target))
        site.group.advance(self.clock.now)
        return site.group

    def _head_whole(self, whole):
        """By the group by whose clock the units together reach their point.

        Exact as long as nobody joins or leaves, and ``apart`` until the next allocation. What is
        missing, of all units together, may be more than 64 bits hold: minutes, and ``rest``.
        """
        missing, rest, now = whole.target, 0, self.clock.now
        group, at_work, rates = None, 0, 0
        for clock in whole.clocks:
            done = clock.done(now)
            missing -= done // courses.ONE
            rest -= done % courses.ONE
            if clock.joined:
                at_work += 1
                rates += clock.group.rate
                if group is None or clock.group.rate > group.rate:
                    group = clock.group
        missing, rest = missing + rest // courses.ONE, rest % courses.ONE
        if missing < 0 or missing == rest == 0:
            self._release(whole)
            return None
        if group is None:
            whole.drop()
            return None
        if self.apart and not whole.listed:
            whole.listed = True
            self.wholes.append(whole)
        if not self.apart or group.rate * at_work == rates > 0:
            more = courses.even(missing, rest, at_work)
        elif rates:
            more = courses.uneven(missing, rest, group.rate, rates)
        else:
            whole.drop()
            return None
        group.enter(whole, group.clock + more)
        return group

    def _arm(self, group):
        """Keep one timer, at or before the group's earliest end."""
        if group is None or not group.rate or not group.size:
            return 0
        first = group.ends[group.order[0]]
        end = self.clock.now + max(0, -((group.clock - first) // group.rate))
        if group.armed < 0 or end < group.armed:
            group.armed = end
            group.timers += 1
            number, visit = group.number, group.timers
            self.clock.at(end, CAPACITY, number, SITE_TIMER, visit, self, TIMER, number, end)
        return 0

    def _timer(self, group, minute):
        if group.armed != minute:
            return 0  # an earlier timer has replaced it
        group.armed = -1
        group.advance(minute)
        while group.size and group.ends[group.order[0]] <= group.clock:
            self._release(group.courses[group.order[0]])
        return self._arm(group)

    def _release(self, course):
        """Have the moment fire among this minute's completions, unless the site leaves first.

        Behind deliveries, and before a pause or a cancellation of the same minute.
        """
        course.drop()
        course.target = -1
        now, ordinal, number = self.clock.now, course.project.ordinal, course.points
        visit = (course.unit + 2) << UNIT_SHIFT | number
        return self.clock.at(now, COMPLETION, ordinal, UNIT_ENERGISED, visit, course, 0, number)

    def _end_stretch(self, site, minute, work):
        begin, end = site.work / courses.ONE, work / courses.ONE
        at, row = self.stretches.add(), self.stretches.values
        row[at], row[at + 1] = site.project.ordinal, site.group.number
        row[at + 2], row[at + 3] = site.since, minute
        row[at + 4] = begin / site.total * site.share
        row[at + 5] = end / site.total * site.share
        row[at + 6], row[at + 7], row[at + 8] = site.unit, begin, end
        return 0
