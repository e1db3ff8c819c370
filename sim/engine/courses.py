"""What goes on at a building site, and what goes at one rate. See `sim.engine.sites`."""

from __future__ import annotations

from sim.engine.clock import Moment

ONE = 1 << 36  # units of work in a minute at full rate
LINE = -1  # the number of a project's line, beside its units


class Course:
    """Something that goes on, and whose next point can be waited for."""

    __slots__ = ("entry", "moment", "ordinal", "points", "reached", "target", "unit")

    def __init__(self, ordinal: int, unit: int) -> None:
        self.ordinal = ordinal
        self.unit = unit
        self.points = 0
        self.reached = 0  # minutes of work done for certain: the last point
        self.target = -1  # units of work: the point it is heading for
        self.moment: Moment | None = None  # of that point, until it has fired
        self.entry: Entry | None = None  # its place in a group's heap, while there

    def fire(self, moment: Moment | None) -> None:
        """Let a moment happen now, as SimPy would, unless the site has left meanwhile."""
        if moment is not None and moment is self.moment:
            self.moment = None
            callbacks, moment.callbacks = moment.callbacks, None  # type: ignore[assignment]
            for callback in callbacks:
                callback(moment)


class Site(Course):
    """One unit's clock, or the line of a project of several; ``share`` of its project's work."""

    __slots__ = ("base", "group", "needs", "pattern", "share", "since", "total", "whole", "work")

    def __init__(
        self, ordinal: int, needs: list[int], total: int, unit: int = 0, share: float = 1
    ) -> None:
        super().__init__(ordinal, unit)
        self.needs = needs
        self.pattern = tuple(need > 0 for need in needs)
        self.total = total  # minutes of full-rate work
        self.share = share
        self.work = 0  # units done when last put to work or taken off
        self.base = 0  # group clock when progress was zero
        self.since = 0  # minute this stretch began
        self.group: Group = NOWHERE
        self.whole: Whole | None = None


class Whole(Course):
    """All units of a project together."""

    __slots__ = ("clocks",)

    def __init__(self, ordinal: int, clocks: list[Site]) -> None:
        super().__init__(ordinal, LINE - 1)
        self.clocks = clocks
        for clock in clocks:
            clock.whole = self


Entry = tuple[int, int, int, Course]  # (group clock, ordinal, serial number, course)


class Group:
    """Sites that run at one rate."""

    __slots__ = ("armed", "asked", "clock", "heap", "last", "limit", "needs", "number", "ordinal",
                 "place", "rate", "timers", "unit", "waiting")  # fmt: skip

    def __init__(
        self, number: int, pools: int, now: int, ordinal: int, unit: int, rank: int
    ) -> None:
        self.number = number
        self.ordinal = ordinal  # of its first site: its only one, if sites are apart
        self.unit = unit
        self.place = (rank, ordinal, unit)
        self.asked = now  # minute at which the first site of its project joined
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
        """Run the virtual clock on to minute ``now`` at the rate in force."""
        self.clock += (now - self.last) * self.rate
        self.last = now


NOWHERE = Group(-1, 0, 0, 0, 0, 0)
