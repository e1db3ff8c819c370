"""What happens at which progress of a site: calls and permits, units and their machines. Model 4.8.

A unit is a small site with a clock of its own. Its project's line says when it begins; calls and
permits go by what all units have done together.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.plan.building import Need
from sim.plan.calls import PROGRESS, SELECTION, CallsPlan
from sim.plan.plan import Plan
from sim.rules.splitting import TRILLION
from sim.world import World

NOTICE, MONEY, PERMITS, EQUIPMENT, UNIT, BEGIN = range(6)


class Point:
    """``work`` minutes at full rate are done: ``what`` happens to slice or unit ``number``.

    ``kind`` is that of equipment.
    """

    def __init__(self, work: int, what: int, number: int, kind: int = 0) -> None:
        self.work, self.what, self.number, self.kind = work, what, number, kind


class Layout:
    """When the units of a site are built, at full crew.

    Attributes
    ----------
    length, total : int
        Minutes of each unit, and of all units together.
    begins : tuple of int
        Where on the line each one begins.
    """

    def __init__(self, length: int, begins: tuple[int, ...]) -> None:
        self.length, self.begins, self.total = length, begins, length * len(begins)

    def done(self, place: int) -> int:
        """Minutes of all units done when the line is at a place."""
        done, length = 0, self.length
        for begin in self.begins:
            if place > begin:
                done += min(length, place - begin)
        return done

    def place(self, done: int) -> int:
        """Where the line is when so much is done."""
        length, count = self.length, len(self.begins)
        place = before = began = ended = 0
        while ended < count:
            # The next unit to begin, or the next to end, whichever comes first.
            if began < count and self.begins[began] <= self.begins[ended] + length:
                edge, opens = self.begins[began], 1
            else:
                edge, opens = self.begins[ended] + length, 0
            after = before + (began - ended) * (edge - place)
            if after >= done:
                break
            place, before = edge, after
            began, ended = began + opens, ended + 1 - opens
        at_work = began - ended
        return place - (before - done) // at_work if at_work else place


def layout(world: World, ordinal: int) -> Layout:
    """The planned places of a project's units: the first from 0 on, the last to the end."""
    total, units = world.build[ordinal].item(), world.units[ordinal].item()
    if units == 1:
        return Layout(total, (0,))
    length = min(world.first_unit[ordinal].item(), total)
    begins = ((total - length) * unit // (units - 1) for unit in range(units))
    return Layout(length, tuple(begins))


def of_project(plan: Plan, world: World, ordinal: int, site: Layout) -> list[Point]:
    """Calls and permits, by the minutes all units have done."""
    ratio, errors = world.cost_ratio[ordinal].item(), world.lead_error[ordinal].tolist()
    found = _calls(plan.calls, site, ratio, errors)
    early = plan.permits.early_works[world.sector[ordinal].item()]
    if early:
        found.append(Point(-(-site.total * early // TRILLION), PERMITS, 0))
    return sorted(found, key=_turn)


def of_unit(needs: Sequence[Need], site: Layout, unit: int) -> list[Point]:
    """Machines and the end of a unit, by the minutes of its own clock."""
    found = [Point(round(site.length * need.gate), EQUIPMENT, unit, need.kind) for need in needs]
    return sorted([*found, Point(site.length, UNIT, unit)], key=_turn)


def of_line(site: Layout) -> list[Point]:
    """Where the units begin."""
    return [Point(begin, BEGIN, unit) for unit, begin in enumerate(site.begins)]


def _turn(point: Point) -> tuple[int, int, int, int, int]:
    """At one progress calls and permits come first, then machines, then the unit."""
    return point.work, min(point.what, EQUIPMENT), point.number, point.what, point.kind


def merged(one: list[Point], other: list[Point]) -> list[Point]:
    """Both in one order, where a project has but one unit."""
    return sorted([*one, *other], key=_turn)


def _calls(plan: CallsPlan, site: Layout, cost_ratio: float, errors: Sequence[int]) -> list[Point]:
    """Gates where the money called so far is spent, and notices ahead of them.

    Where Japan pays overruns the planned money is spent at progress 1 / ``cost_ratio``; its slices
    run out so much sooner, and the call for the overrun comes behind them.
    """
    found, ahead, total = [], [], site.total
    overrun = plan.tops_up and cost_ratio > 1
    planned = -(-total * round(TRILLION / cost_ratio) // TRILLION) if overrun else total
    called = 0  # trillionths
    for index, item in enumerate(plan.slices):
        if index > 0 and item.trigger != SELECTION:
            gate = -(-planned * called // TRILLION)
            found.append(Point(gate, MONEY, index))
            if item.trigger == PROGRESS:
                ahead.append((-(-planned * item.progress // TRILLION), gate, index))
        called = min(TRILLION, called + item.share)
    if overrun:
        found.append(Point(planned, MONEY, len(plan.slices)))
        ahead.append((planned, planned, len(plan.slices)))
    before = 0  # a notice is never ahead of the one before it, however much the sponsor errs
    for trigger, gate, index in ahead:
        lead = plan.lead_minutes + errors[index]
        before = max(before, _notice(lead, site, trigger, gate))
        found.append(Point(before, NOTICE, index))
    return found


def _notice(lead: int, site: Layout, trigger: int, gate: int) -> int:
    """So much ahead of the trigger, as the line is planned to go."""
    ahead = site.done(site.place(trigger) - max(0, lead))
    return min(ahead, gate)  # never after the gate, whatever the shares are rounded to
