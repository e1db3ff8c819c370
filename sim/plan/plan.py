"""A config compiled once per process: everything any engine reads besides the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.calendars import Epoch
from sim.config.schema import Config
from sim.events import CENTS_PER_USD_BN, Names
from sim.plan.building import (
    EquipmentPlan,
    PermitsPlan,
    PowerPlan,
    equipment_plan,
    permits_plan,
    power_plan,
)
from sim.plan.calls import CallsPlan, calls_plan
from sim.plan.dated_events import Dated, dated_events
from sim.plan.days import RESOURCES, Days, rests_on
from sim.plan.deterrence import DeterrencePlan, deterrence_plan
from sim.plan.enforcement import EnforcementPlan, enforcement_plan
from sim.plan.hazards import HazardsPlan, hazards_plan
from sim.plan.review import ReviewPlan, SelectionPlan, review_plan, selection_plan
from sim.plan.rules import rule
from sim.plan.specialists import SpecialistsPlan, specialists_plan
from sim.plan.supply import SupplyPlan, supply_plan
from sim.rules.public import JAPAN, US, Public
from sim.rules.registry import Funding
from sim.world import Nature
from sim.world.history import ordered_on
from sim.world.model import IntArray


@dataclass(frozen=True)
class FundingPlan:
    """Japan's answer to a notice."""

    response: Funding
    consult_probability: float
    decline_probability: float
    deterrence: DeterrencePlan | None


@dataclass(frozen=True)
class Plan:
    """Minutes, cents and plain numbers, by activity; no engine reads the config.

    ``nature`` is what a world is drawn from.
    """

    nature: Nature
    names: Names
    resource: Mapping[str, int]  # number of each resource
    epoch: Epoch
    open_minute: int  # nothing unrecorded happens before
    deadline_minute: int
    end_minute: int
    envelope_cents: int
    places: tuple[str, ...]  # states by number of the world's ``place``; the first is unknown
    recorded: IntArray  # (n_named, RECORDED) minutes on record of each named entity, or -1
    later_paid: tuple[tuple[int, ...], ...]  # of each named entity's calls after the first
    ordered: tuple[int, ...]  # when its machines were, -1 where not yet
    slots: tuple[tuple[int, ...], ...]  # and when their slots were granted, by unit
    built: tuple[tuple[int, ...], ...]  # when its first units were, in their order
    energised: tuple[tuple[int, ...], ...]  # and those of them that run
    review: ReviewPlan
    selection: SelectionPlan
    funding: FundingPlan
    calls: CallsPlan
    permits: PermitsPlan
    equipment: EquipmentPlan
    power: PowerPlan
    specialists: SpecialistsPlan
    hazards: HazardsPlan | None
    envelope_released: bool  # what a cancelled project does not sink can be committed again
    unspent_returned: bool  # what it has not spent goes back to who paid it
    enforcement: EnforcementPlan
    events: tuple[Dated, ...]
    public: tuple[Public, ...]  # of the sides that may turn
    supply: SupplyPlan

    @classmethod
    def of(cls, config: Config) -> Plan:
        """Compile a checked config."""
        nature, reaction = Nature.of(config), config.nature.public_reaction
        epoch, programme = nature.epoch, config.programme
        days = Days(config, epoch, nature.open_minute)
        names = _names(days, nature)
        resource = {name: index for index, name in enumerate(names.resources)}
        end = epoch.close_of(programme.run_out)
        return cls(
            nature=nature,
            names=names,
            resource=resource,
            epoch=epoch,
            open_minute=nature.open_minute,
            deadline_minute=nature.deadline_minute,
            end_minute=end,
            envelope_cents=round(programme.envelope_usd_bn * CENTS_PER_USD_BN),
            places=nature.places.names,
            recorded=nature.named.recorded,
            later_paid=nature.named.later_paid,
            ordered=_ordered(days, nature),
            slots=nature.named.slots,
            built=nature.named.built,
            energised=nature.named.energised,
            review=review_plan(days),
            selection=selection_plan(days, nature),
            funding=FundingPlan(
                rule(config, "funding", config.policy.funding.response),
                config.nature.funding.consult_probability,
                config.nature.funding.decline_probability,
                deterrence_plan(days),
            ),
            calls=calls_plan(days),
            permits=permits_plan(days),
            equipment=equipment_plan(days),
            power=power_plan(days, nature),
            specialists=specialists_plan(days, end, resource),
            hazards=hazards_plan(days),
            envelope_released=config.policy.cancelled.envelope == "released",
            unspent_returned=config.policy.cancelled.unspent_money == "returned",
            enforcement=enforcement_plan(days),
            events=dated_events(days),
            public=tuple(
                Public(side, **one.model_dump())
                for side, one in ((JAPAN, reaction.japan), (US, reaction.us))
                if one is not None
            ),
            supply=supply_plan(days, resource, names.projects),
        )


@rests_on("portfolio", "policy.calls.slices")
def _ordered(days: Days, nature: Nature) -> tuple[int, ...]:
    return tuple(ordered_on(nature, e) for e in range(len(nature.named.recorded)))


@rests_on(*RESOURCES, "sectors", "portfolio", "pipelines")
def _names(days: Days, nature: Nature) -> Names:
    """Ids and labels by number; resources in the order of every table that lists them."""
    capacity = days.config.capacity
    facilities = capacity.facilities.items()
    power = capacity.power.regions.items() if capacity.power else ()
    named = [
        ("teams", "servers", capacity.teams.label),
        *((f"agency_{k}", "servers", v.label) for k, v in capacity.agencies.items()),
        *((f"{k}_desks", "servers", f"{v.label}: desks") for k, v in facilities),
        *((f"{k}_commitments", "USD", f"{v.label}: yearly commitments") for k, v in facilities),
        *((f"{k}_cash", "USD", f"{v.label}: yearly cash") for k, v in facilities),
        ("envelope", "USD", "Envelope"),
        *((f"equipment_{k}", "slots", v.label) for k, v in capacity.equipment.items()),
        *((f"power_{k}", "MW", v.label) for k, v in power),
        *((f"specialists_{k}", "people", v.label) for k, v in capacity.specialists.pools.items()),
    ]
    resources, units, labels = zip(*named, strict=True)
    return Names(
        projects=nature.entity_ids,
        resources=resources,
        resource_units=units,
        resource_labels=labels,
        pools=nature.pool_ids,
        sectors=nature.sector_ids,
        facilities=tuple(capacity.facilities),
        states=nature.places.names[1:],
    )
