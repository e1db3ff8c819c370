"""What happens at which progress of a site: calls, gates and units on one axis. Model 4.8-4.9."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sim.plan import Plan
from sim.plan.building import Need
from sim.plan.calls import PROGRESS, SELECTION, CallsPlan
from sim.rules.splitting import TRILLION
from sim.world import World

NOTICE, MONEY, PERMITS, EQUIPMENT, UNIT = range(5)


class Point(NamedTuple):
    """``work`` minutes at full rate are done: ``what`` happens to slice or unit ``number``."""

    work: int
    what: int
    number: int
    kind: int = 0  # of equipment
    installing: int = 0  # minutes from delivery until the site may go on


def points(plan: Plan, world: World, ordinal: int, needs: Sequence[Need]) -> list[Point]:
    """All points of a project's site, in order.

    A later slice is called its lead ahead of its trigger; the site stops at its gate, where the
    money of the slices before it is spent. Units are built one after another.
    """
    total = world.build[ordinal].item()
    errors = world.lead_error[ordinal].tolist()
    found = _calls(plan.calls, total, world.cost_ratio[ordinal].item(), errors)
    early = plan.permits.early_works[world.sector[ordinal].item()]
    if early:
        found.append(Point(-(-total * early // TRILLION), PERMITS, 0))
    units, first = world.units[ordinal].item(), world.first_unit[ordinal].item()
    before = 0
    for unit in range(units):
        work = first + (total - first) * unit // (units - 1) if units > 1 else total
        for need in needs:
            found.append(_equipment(work, min(first, total), before, unit, need))
        found.append(Point(work, UNIT, unit))
        before = work
    return sorted(found, key=_turn)


def _turn(point: Point) -> tuple[int, int, int, int, int]:
    """At one progress calls and permits come first, then each unit behind its own machines.

    So a unit is built before the next one's machines, which may be late, are asked for.
    """
    return point.work, min(point.what, EQUIPMENT), point.number, point.what, point.kind


def _calls(plan: CallsPlan, total: int, cost_ratio: float, errors: list[int]) -> list[Point]:
    """Gates where the money called so far is spent, and notices ahead of them.

    Where Japan pays overruns the planned money is spent at progress 1 / ``cost_ratio``; its slices
    run out so much sooner, and the call for the overrun comes behind them.
    """
    found = []
    overrun = plan.tops_up and cost_ratio > 1
    planned = -(-total * round(TRILLION / cost_ratio) // TRILLION) if overrun else total
    called = 0  # trillionths
    for index, item in enumerate(plan.slices):
        if index > 0 and item.trigger != SELECTION:
            gate = -(-planned * called // TRILLION)
            found.append(Point(gate, MONEY, index))
            if item.trigger == PROGRESS:
                trigger = -(-planned * item.progress // TRILLION)
                found.append(_notice(plan.lead_minutes + errors[index], trigger, gate, index))
        called = min(TRILLION, called + item.share)
    if overrun:
        found.append(Point(planned, MONEY, len(plan.slices)))
        lead = plan.lead_minutes + errors[len(plan.slices)]
        found.append(_notice(lead, planned, planned, len(plan.slices)))
    return found


def _notice(lead: int, trigger: int, gate: int, index: int) -> Point:
    ahead = trigger - max(0, lead)
    # Never after the gate, whatever the shares are rounded to.
    return Point(max(0, min(ahead, gate)), NOTICE, index)


def _equipment(work: int, length: int, before: int, unit: int, need: Need) -> Point:
    """Where a unit done at ``work`` needs its machines.

    Units overlap: each takes ``length``, but earlier ones must not be held up by the machines of
    a later one. So the gate stands behind the unit before, and what is left of the unit's own
    building after its machines arrived is waited for as ``installing``.
    """
    own = work - length + round(length * need.gate)
    gate = max(own, before)
    return Point(gate, EQUIPMENT, unit, need.kind, gate - own)
