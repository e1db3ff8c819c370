# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""What goes on at a building site, and what goes at one rate. See `sim.compiled.sites`."""

from __future__ import annotations

from array import array

from sim.compiled.actors import Actor
from sim.compiled.heap import longer
from sim.compiled.project import Project

ONE = 1 << 36  # units of work in a minute at full rate
MOST = 1 << 26  # minutes, 127 years: more is done in no run
NEVER = MOST * ONE
LINE, ALL = -1, -2  # the numbers of a project's line and of all units together


class Course(Actor):
    """Something that goes on, and whose next point can be waited for."""

    def begin(self, project, unit):
        """Nothing is done yet."""
        self.project, self.unit = project, unit
        self.points = 0
        self.reached = 0  # minutes of work done for certain: the last point
        self.target = -1  # minutes of work: the point it is heading for
        self.moment = None  # of that point, until it has fired
        self.home, self.slot = None, -1  # whose clock has it at its point, and its number there
        return 0

    def act(self, step, one, two):
        """Let the moment of point ``one`` happen now, unless the site has left meanwhile."""
        moment = self.moment
        if moment is not None and self.points == one:
            self.moment = None
            moment.fire()
        return 0

    def waits(self):
        """Whether some group's clock will have it at its point."""
        return self.home is not None and self.home.places[self.slot] >= 0

    def drop(self):
        """None has."""
        if self.home is not None:
            self.home.drop(self.slot)
        return 0


class Site(Course):
    """One unit's clock, or the line of a project of several; ``share`` of its project's work."""

    def stand(self, project, unit, total, share):
        """Nobody works at it yet."""
        self.begin(project, unit)
        self.total, self.share = total, share  # minutes of full-rate work
        self.work = 0  # units done when last put to work or taken off
        self.base = 0  # group clock when progress was zero
        self.since = 0  # minute this stretch began
        self.joined = 0  # its place among those at work, 0 when it is not
        self.wanted = False  # it wants its crew: begun, not built, machines there
        self.group = self.whole = None
        self.line = None  # of its project
        self.fastest = None  # of a line: the group of its fastest unit at work
        return 0

    def done(self, minute):
        """Units of work done by a minute that is not past."""
        if not self.joined:
            return self.work
        self.group.advance(minute)
        return min(units_of(self.total), self.group.clock - self.base)

    def least(self):
        """Units of work it has done for certain when nobody works at it."""
        return max(self.work, units_of(self.reached))


def new_site(project, unit, total, share):
    """A clock that stands."""
    site = Site.__new__(Site)
    site.stand(project, unit, total, share)
    return site


class Whole(Course):
    """All units of a project together."""

    def __init__(self, project: Project, clocks):
        self.begin(project, ALL)
        self.clocks, self.listed = clocks, False


class Group:
    """Sites that run at one rate. ``site``: its first, its only one if sites are apart.

    Its ``courses`` have a number each, once and for all; ``order`` is a heap of those that wait, by
    what the clock shows when they are at their point (``ends``); ``places`` say where they are in
    it, -1 where they are not.
    """

    def __init__(self, number, site: Site, asked, rank, now):
        self.number, self.site, self.rank = number, site, rank
        self.asked = asked  # minute at which the first site of its project joined
        self.rate, self.limit, self.waiting = 0, -1, False
        self.share, self.bound = 0.0, -1  # what the last rationing gave it
        self.clock, self.last = 0, now
        self.armed, self.timers = -1, 0
        self.courses, self.size = [], 0
        self.ends = self.order = self.places = array("q")

    def advance(self, now):
        """Run the virtual clock on to minute ``now`` at the rate in force."""
        self.clock += (now - self.last) * self.rate
        self.last = now
        return 0

    def before(self, other):
        """Whether it comes first where rules see single sites."""
        if self.rank != other.rank:
            return self.rank < other.rank
        one, two = self.site, other.site
        if one.project.ordinal != two.project.ordinal:
            return one.project.ordinal < two.project.ordinal
        return one.unit < two.unit

    def enter(self, course, end):
        """It is at its point when the clock is at ``end``."""
        if course.home is not self:
            course.drop()
            course.home, course.slot = self, len(self.courses)
            self.courses.append(course)
            if course.slot == len(self.ends):
                self._grow(max(64, 2 * course.slot))
            self.places[course.slot] = -1
        place = self.places[course.slot]
        if place < 0:
            place = self.size
            self.size += 1
        self.ends[course.slot] = end
        return self._put(place, course.slot)

    def drop(self, slot):
        """It does not wait any more."""
        place = self.places[slot]
        if place >= 0:
            self.places[slot] = -1
            self.size -= 1
            last = self.order[self.size]
            if last != slot:
                self._put(place, last)
        return 0

    def close(self):
        """Let go of what holds each other."""
        for course in self.courses:
            course.home = None
        self.site, self.courses = None, []
        return 0

    def _grow(self, room):
        self.ends, self.order = longer(self.ends, room), longer(self.order, room)
        self.places = longer(self.places, room)
        return 0

    def _put(self, place, slot):
        """Where it belongs, up or down from a free place."""
        ends, order, places, end = self.ends, self.order, self.places, self.ends[slot]
        while place > 0:
            above = (place - 1) >> 1
            other = order[above]
            if ends[other] <= end:
                break
            order[place], places[other] = other, place
            place = above
        below = 2 * place + 1
        while below < self.size:
            if below + 1 < self.size and ends[order[below + 1]] < ends[order[below]]:
                below += 1
            other = order[below]
            if ends[other] >= end:
                break
            order[place], places[other] = other, place
            place, below = below, 2 * below + 1
        order[place], places[slot] = slot, place
        return 0


def rank(group, ranked):
    """Put it where it comes among others."""
    place = len(ranked)
    while place and group.before(ranked[place - 1]):
        place -= 1
    ranked.insert(place, group)
    return 0


class Rationing(Actor):
    """Who shares out the specialists."""

    def ration(self, groups):
        """Say of each group that wants people its ``share`` and what bounds it."""
        raise NotImplementedError


def units_of(minutes):
    """Units of work in so many minutes, as far as 64 bits hold them."""
    return minutes * ONE if minutes < MOST else NEVER


def rate_of(share):
    """Units of work a minute at a share of full rate, rounded up."""
    if share >= 1:
        return ONE
    exact = share * ONE
    whole = int(exact)
    return whole + 1 if whole < exact else whole


def even(minutes, rest, parts):
    """Units of work for each of so many parts, where they have minutes and a rest to do."""
    each, over = minutes // parts, minutes % parts
    if each >= MOST:
        return NEVER
    return each * ONE - (-(over * ONE + rest) // parts)


def uneven(minutes, rest, rate, rates):
    """Units of work for the part that goes at ``rate`` where all go at ``rates`` together."""
    return min(NEVER, -(-(minutes * ONE + rest) * rate // rates))
