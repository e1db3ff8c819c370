"""Permits and building compiled: what each sector's projects need besides money and people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.plan.days import Days, rests_on
from sim.plan.rules import rule
from sim.rules.registry import Ordering
from sim.rules.splitting import TRILLION
from sim.world import Nature


@dataclass(frozen=True)
class PermitsPlan:
    """Each a value per sector."""

    develops: tuple[bool, ...]  # whether notice to proceed waits for contracts and financing
    starts: tuple[Literal["proposal", "docket", "selection"], ...]
    early_works: tuple[int, ...]  # trillionths of the building allowed before the last permit


@dataclass(frozen=True)
class Need:
    """What each unit of a sector's projects needs of one maker."""

    kind: int
    slots_per_unit: int
    gate: float  # share of the unit's own building done before its machines are needed


@dataclass(frozen=True)
class EquipmentPlan:
    """Machines every unit waits for."""

    needs: tuple[tuple[Need, ...], ...]  # by sector
    ordering: Ordering


@dataclass(frozen=True)
class PowerPlan:
    """The grid by region."""

    region_of_place: tuple[int, ...]  # empty without a grid


@rests_on("sectors")
def permits_plan(days: Days) -> PermitsPlan:
    """Compile what starts the permits, and what may be built before them."""
    sectors = days.config.sectors.values()
    permits = [sector.permits for sector in sectors]
    return PermitsPlan(
        tuple(sector.development is not None for sector in sectors),
        tuple(one.starts for one in permits),
        tuple(round(one.early_works_share * TRILLION) for one in permits),
    )


@rests_on("sectors", "capacity.equipment.*", "policy.equipment_orders", "rule_files")
def equipment_plan(days: Days) -> EquipmentPlan:
    """Compile the machines each sector needs."""
    kinds = tuple(days.config.capacity.equipment)
    return EquipmentPlan(
        needs=tuple(
            tuple(
                Need(kind, machines.slots_per_unit, machines.gate_progress)
                for kind, name in enumerate(kinds)
                if (machines := sector.equipment.get(name)) is not None
            )
            for sector in days.config.sectors.values()
        ),
        ordering=rule(days.config, "ordering", days.config.policy.equipment_orders),
    )


@rests_on("capacity.power", "portfolio", "pipelines")
def power_plan(days: Days, nature: Nature) -> PowerPlan:
    """Compile which region each place of the world belongs to."""
    power = days.config.capacity.power
    if power is None:
        return PowerPlan(())
    regions = list(power.regions)
    of_state = {
        state: number for number, name in enumerate(regions) for state in power.regions[name].states
    }
    elsewhere = regions.index(power.elsewhere)
    return PowerPlan(tuple(of_state.get(place, elsewhere) for place in nature.places.names))
