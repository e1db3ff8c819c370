"""What goes on at a building site, and what goes at one rate. See `sim.compiled.sites`."""

from __future__ import annotations

from sim.compiled.clock import Actor
from sim.compiled.project import Project

ONE = 1 << 36  # units of work in a minute at full rate
LINE, ALL = -1, -2  # the numbers of a project's line and of all units together


class Course(Actor):
    """Something that goes on, and whose next point can be waited for."""

    def __init__(self, project: Project, unit):
        self.project, self.unit = project, unit
        self.points = 0
        self.reached = 0  # minutes of work done for certain: the last point
        self.target = -1  # minutes of work: the point it is heading for
        self.moment = None  # of that point, until it has fired
        self.entry = None  # its place in a group's heap, while there

    def act(self, step, one, two):
        """Let the moment of point ``one`` happen now, unless the site has left meanwhile."""
        moment = self.moment
        if moment is not None and self.points == one:
            self.moment = None
            moment.fire()
        return 0


class Site(Course):
    """One unit's clock, or the line of a project of several; ``share`` of its project's work."""

    def __init__(self, project: Project, unit, total, share):
        super().__init__(project, unit)
        self.total, self.share = total, share  # minutes of full-rate work
        self.work = 0  # units done when last put to work or taken off
        self.base = 0  # group clock when progress was zero
        self.since = 0  # minute this stretch began
        self.joined = 0  # its place among those at work, 0 when it is not
        self.wanted = False  # it wants its crew: begun, not built, machines there
        self.group = self.whole = None
        self.line = None  # of its project
        self.fastest = None  # of a line: the group of its fastest unit at work


class Whole(Course):
    """All units of a project together."""

    def __init__(self, project: Project, clocks):
        super().__init__(project, ALL)
        self.clocks, self.listed = clocks, False


class Entry:
    """A course in a group's heap, by the group clock when it is at its point."""


class Group:
    """Sites that run at one rate. ``site``: its first, its only one if sites are apart."""

    def __init__(self, number, site: Site, asked, rank, now):
        self.number, self.site, self.rank = number, site, rank
        self.asked = asked  # minute at which the first site of its project joined
        self.rate, self.limit, self.waiting = 0, -1, False
        self.share, self.bound = 0.0, -1  # what the last rationing gave it
        self.clock, self.last = 0, now
        self.armed, self.timers = -1, 0
        self.heap = []

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

    def push(self, entry):
        """Into the heap."""
        heap = self.heap
        place = len(heap)
        heap.append(entry)
        while place > 0:
            above = (place - 1) >> 1
            other = heap[above]
            if other.end <= entry.end:
                break
            heap[place] = other
            place = above
        heap[place] = entry
        return 0

    def pop(self):
        """Who is at its point first."""
        heap = self.heap
        last = heap.pop()
        size = len(heap)
        if not size:
            return last
        first = heap[0]
        place, below = 0, 1
        while below < size:
            one = heap[below]
            if below + 1 < size:
                other = heap[below + 1]
                if other.end < one.end:
                    below, one = below + 1, other
            if one.end >= last.end:
                break
            heap[place] = one
            place, below = below, 2 * below + 1
        heap[place] = last
        return first
