"""Law 2: what other claimants take and what is left to the programme is all there is."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose

from sim.config.capacity import YearlySlots, in_year
from sim.config.market import market_of
from sim.config.schema import Config
from sim.events import Kind
from sim.plan import Plan
from sim.results.laws.evidence import Event, Evidence, Violation


def claims_and_what_is_left_are_all_there_is(evidence: Evidence) -> Iterator[Violation]:
    """Slots and megawatts of every year, and what others want of every pool in every month.

    Capacity without claims is read from the config anew; what is left, from the plan; what is
    taken, from the log.
    """
    config, plan = evidence.measure.config, evidence.measure.plan
    events = [event for event in evidence.events if event.kind == Kind.CLAIM_TAKEN]
    if not events and not config.capacity.claims:
        return
    for resource, minute, there, left in _balances(config, plan):
        taken = _taken(events, resource, minute)
        if not isclose(taken + left, there, rel_tol=1e-9, abs_tol=1e-6):
            name = evidence.names.resources[resource]
            text = f"{name}: {taken:g} are taken and {left:g} left, of {there:g}"
            yield Violation(-1, minute, text)


def _taken(events: list[Event], resource: int, minute: int) -> float:
    """What all claims together take by then: the last word of each."""
    of_claim = {e.part: e.amount for e in events if e.resource == resource and e.time <= minute}
    return sum(of_claim.values())


def _balances(config: Config, plan: Plan) -> Iterator[tuple[int, int, float, float]]:
    """Resource, minute, what there is, and what is left of it; of a pool both with a minus."""
    capacity, end = config.capacity, plan.end_minute
    for (_, equipment), maker in zip(capacity.equipment.items(), plan.supply.makers, strict=True):
        for minute, slots in maker.later:
            yield maker.resource, minute, _there(equipment.slots, plan, minute), slots
    regions = capacity.power.regions.values() if capacity.power is not None else ()
    for region, flow in zip(regions, plan.supply.regions, strict=True):
        for minute, _, megawatts in (flow.additions or ())[1:]:
            yield flow.resource, minute, _there(region.additions_mw, plan, minute), megawatts
    alone = config.model_copy(update={"capacity": capacity.model_copy(update={"claims": {}})})
    specialists = plan.specialists
    paths = market_of(alone, [plan.epoch.date_of(minute) for minute in specialists.months])
    for place, (path, ours) in enumerate(zip(paths, specialists.market, strict=True)):
        for minute, others, all_others in zip(
            specialists.months, path.other_demand, ours.other_demand, strict=True
        ):
            if minute < end:
                yield specialists.first_resource + place, minute, -others, -all_others


def _there(flow: YearlySlots | str, plan: Plan, minute: int) -> float:
    assert isinstance(flow, YearlySlots), "what has no limit has no years"
    return in_year(flow.per_year, plan.epoch.date_of(minute).year)
