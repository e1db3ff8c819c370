# cython: annotation_typing=False
"""What happens at which progress of a site: calls and permits, units and their machines. Model 4.8.

A unit is a small site with a clock of its own. Its project's line says when it begins; calls and
permits go by what all units have done together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sim.rules.splitting import TRILLION, part

if TYPE_CHECKING:  # the plan holds the gates of its calls
    from sim.plan.building import Need
    from sim.plan.plan import Plan
    from sim.world import World
    from sim.world.model import IntArray

NOTICE, MONEY, PERMITS, EQUIPMENT, UNIT, BEGIN = range(6)


class Point:
    """``work`` minutes at full rate are done: ``what`` happens to slice or unit ``number``.

    ``kind`` is that of equipment.
    """

    def __init__(self, work: int, what: int, number: int, kind: int = 0) -> None:
        self.work, self.what, self.number, self.kind = work, what, number, kind

    def before(self, other: Point) -> bool:
        """At one progress calls and permits come first, then machines, then the unit."""
        if self.work != other.work:
            return self.work < other.work
        one, two = min(self.what, EQUIPMENT), min(other.what, EQUIPMENT)
        if one != two:
            return one < two
        if self.number != other.number:
            return self.number < other.number
        return self.what < other.what or (self.what == other.what and self.kind < other.kind)


def point(work: int, what: int, number: int, kind: int = 0) -> Point:
    """A point, without the way through Python where this is compiled."""
    made = Point.__new__(Point)
    made.work, made.what, made.number, made.kind = work, what, number, kind
    return made


class Layout:
    """When the units of a site are built, at full crew.

    Attributes
    ----------
    length, total : int
        Minutes of each unit, and of all units together.
    units : int
        How many there are.
    build : int
        Minutes from the first one's beginning to the last one's end.
    """

    def __init__(self, length: int, units: int, build: int) -> None:
        self.length, self.units, self.build, self.total = length, units, build, length * units

    def begin(self, unit: int) -> int:
        """Where on the line a unit begins: the first at 0, the last in time for the end."""
        return (self.build - self.length) * unit // max(1, self.units - 1)

    def done(self, place: int) -> int:
        """Minutes of all units done when the line is at a place."""
        done = 0
        for unit in range(self.units):
            done += max(0, min(self.length, place - self.begin(unit)))
        return done

    def place(self, done: int) -> int:
        """Where the line is when so much is done."""
        place = before = began = ended = 0
        while ended < self.units:
            # The next unit to begin, or the next to end, whichever comes first.
            edge, opens = self.begin(ended) + self.length, 0
            if began < self.units and self.begin(began) <= edge:
                edge, opens = self.begin(began), 1
            after = before + (began - ended) * (edge - place)
            if after >= done:
                break
            place, before = edge, after
            began, ended = began + opens, ended + 1 - opens
        at_work = began - ended
        return place - (before - done) // at_work if at_work else place


class Gates:
    """Where a building needs its later calls and notices them, as shares of it: one of a plan.

    ``calls`` have each (number, trillionths called before it, trillionths built at its notice or
    -1, where it has one elsewhere); the call for an overrun comes behind ``slices`` of them.
    """

    def __init__(
        self, calls: Iterable[tuple[int, int, int]], slices: int, tops_up: bool, lead_minutes: int
    ) -> None:
        self.calls, self.slices = tuple(calls), slices
        self.tops_up, self.lead_minutes = tops_up, lead_minutes

    def of(self, site: Layout, cost_ratio: float, errors: IntArray) -> list[Point]:
        """Gates where the money called so far is spent, and notices ahead of them.

        Where Japan pays overruns the planned money is spent at progress 1 / ``cost_ratio``; its
        slices run out so much sooner, and the call for the overrun comes behind them.
        """
        found: list[Point] = []
        planned = site.total
        overrun = self.tops_up and cost_ratio > 1
        if overrun:
            planned = up(site.total, round(TRILLION / cost_ratio))
        before = 0
        for number, called, progress in self.calls:
            gate = up(planned, called)
            found.append(point(gate, MONEY, number))
            if progress >= 0:
                error = int(errors[number])
                lead = self.lead_minutes + error
                before = max(before, notice(lead, site, up(planned, progress), gate))
                found.append(point(before, NOTICE, number))
        if overrun:
            found.append(point(planned, MONEY, self.slices))
            lead = self.lead_minutes + int(errors[self.slices])
            before = max(before, notice(lead, site, planned, planned))
            found.append(point(before, NOTICE, self.slices))
        return found


def up(minutes: int, share: int) -> int:
    """Trillionths of minutes, rounded up."""
    return -part(-minutes, share)


def notice(lead: int, site: Layout, trigger: int, gate: int) -> int:
    """So much ahead of the trigger, as the line is planned to go.

    Never after the gate, whatever the shares are rounded to; and never ahead of the notice before
    it, however much the sponsor errs, as who calls this sees to.
    """
    return min(site.done(site.place(trigger) - max(0, lead)), gate)


def layout(world: World, ordinal: int) -> Layout:
    """The planned places of a project's units."""
    build, units = world.build[ordinal].item(), world.units[ordinal].item()
    return planned(build, units, world.first_unit[ordinal].item())


def planned(build: int, units: int, first_unit: int) -> Layout:
    """The first unit from 0 on, and built ``first_unit`` minutes later; the last to the end."""
    site = Layout.__new__(Layout)  # without the way through Python where this is compiled
    site.length = min(first_unit, build) if units > 1 else build
    site.units, site.build, site.total = units, build, site.length * units
    return site


def of_project(plan: Plan, world: World, ordinal: int, site: Layout) -> list[Point]:
    """Calls and permits of a project of a world."""
    ratio, early = world.cost_ratio[ordinal].item(), plan.permits.early_works
    errors = world.lead_error[ordinal]
    return of_all(plan.calls.gates, site, ratio, errors, early[world.sector[ordinal].item()])


def of_all(
    gates: Gates, site: Layout, cost_ratio: float, errors: IntArray, early: int
) -> list[Point]:
    """Calls and permits, by the minutes all units have done.

    ``errors`` are of its notices, in minutes; ``early`` trillionths need no permit.
    """
    found = gates.of(site, cost_ratio, errors)
    if early:
        found.append(point(up(site.total, early), PERMITS, 0))
    return in_order(found)


def of_unit(needs: Sequence[Need], site: Layout, unit: int) -> list[Point]:
    """Machines and the end of a unit, by the minutes of its own clock."""
    found = [point(round(site.length * need.gate), EQUIPMENT, unit, need.kind) for need in needs]
    found.append(point(site.length, UNIT, unit))
    return in_order(found)


def of_line(site: Layout) -> list[Point]:
    """Where the units begin."""
    return [point(site.begin(unit), BEGIN, unit) for unit in range(site.units)]


def merged(one: list[Point], other: list[Point]) -> list[Point]:
    """Both in one order, where a project has but one unit."""
    return in_order(one + other)


def in_order(points: list[Point]) -> list[Point]:
    """The same, sorted; they are few, and nearly so."""
    for place in range(1, len(points)):
        one = points[place]
        while place > 0 and one.before(points[place - 1]):
            points[place] = points[place - 1]
            place -= 1
        points[place] = one
    return points
