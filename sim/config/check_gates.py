"""Equipment, power, hazards and regional crafts: names that fit, and waits that can end."""

from __future__ import annotations

from collections.abc import Iterator

from sim.config.capacity import YearlySlots
from sim.config.findings import Finding, finding, needs, unknown
from sim.config.schema import Config


@needs("sectors", "capacity.equipment", "capacity.claims", "portfolio")
def equipment(config: Config) -> Iterator[Finding]:
    """Machines wanted have makers with slots; reserved slots fit the need of their project."""
    wanted = {kind for sector in config.sectors.values() for kind in sector.equipment}
    for kind, maker in config.capacity.equipment.items():
        where = f"capacity.equipment.{kind}"
        for project in maker.reserved:
            row = config.portfolio.projects.get(project)
            sector = config.sectors.get(row.sector) if row is not None else None
            if row is not None and sector is not None and kind not in sector.equipment:
                message = f"{project} is a project of {row.sector}, which needs none of it"
                accepted = f"a project whose sector lists {kind}"
                yield finding(f"{where}.reserved.{project}", message, accepted)
        slots = config.capacity.slots_left(kind)
        if kind in wanted and isinstance(slots, YearlySlots) and not _later(slots):
            message = "has no slot in its last year: orders left then would wait for ever"
            accepted = "a whole number >= 1 in the last year, or unlimited"
            yield finding(f"{where}.slots.per_year", message, accepted)


def _later(slots: YearlySlots) -> int:
    """What flows in every year after the last listed one."""
    return slots.per_year[max(slots.per_year)] if slots.per_year else 0


@needs("policy.equipment_orders", "sectors", "capacity.equipment", "capacity.claims", "portfolio")
def whole_orders(config: Config) -> Iterator[Finding]:
    """An order filled only whole fits into some year's slots."""
    if config.policy.equipment_orders != "whole_order":
        return
    for key, project in config.portfolio.projects.items():
        if project.kind == "supplier" or project.counted_in or project.sector not in config.sectors:
            continue
        for kind, need in config.sectors[project.sector].equipment.items():
            maker = config.capacity.equipment.get(kind)
            slots = config.capacity.slots_left(kind) if maker is not None else None
            if maker is None or not isinstance(slots, YearlySlots) or slots.carry_over:
                continue
            limit = max((slots.first_year, *slots.per_year.values()))
            order = project.units * need.slots_per_unit - sum(maker.reserved.get(key, {}).values())
            if order > limit:
                message = f"the {order} slots of project {key} never fit into a year"
                accepted = (
                    f"orders up to {limit}, carry_over: true, or policy.equipment_orders: by_unit"
                )
                yield finding(f"capacity.equipment.{kind}.slots", message, accepted)


@needs("sectors", "portfolio", "pipelines")
def units(config: Config) -> Iterator[Finding]:
    """A unit takes at least as long as the next one is built after it."""
    several: dict[str, tuple[str, float | None]] = {
        f"pipelines.{key}": (row.sector, None)
        for key, row in config.pipelines.items()
        if row.units > 1 or row.usd_bn_per_unit is not None
    }
    several |= {
        f"portfolio.projects.{key}": (row.sector, row.plan_months)
        for key, row in config.portfolio.projects.items()
        if row.units > 1 and row.kind != "supplier" and not row.counted_in
    }
    for where, (name, plan) in several.items():
        if name not in config.sectors:
            continue
        build = config.sectors[name].construction
        months, interval = (
            plan or build.plan_months or build.nominal_months,
            build.unit_interval_months,
        )
        months *= build.nominal_months / (build.plan_months or build.nominal_months)
        if interval > months:
            message = f"units take {months:.10g} months, and are built {interval:g} apart"
            accepted = f"1, or sectors.{name}.construction.unit_interval_months up to {months:.10g}"
            yield finding(f"{where}.units", message, accepted)


@needs("sectors", "capacity.power")
def power(config: Config) -> Iterator[Finding]:
    """Who uses the grid finds one; a state lies in one region."""
    grid = config.capacity.power
    for name, sector in config.sectors.items():
        if sector.power is not None and grid is None:
            message = "uses the grid, but capacity.power is missing"
            yield finding(f"sectors.{name}.power", message, "capacity.power with its regions")
    if grid is None:
        return
    states = {name: region.states for name, region in grid.regions.items()}
    yield from _states_once(states, "capacity.power.regions", "region {} too", "region")


@needs("sectors", "capacity.specialists.pools")
def regional_pools(config: Config) -> Iterator[Finding]:
    """Every craft has one pool without states, and a state no two pools of one craft."""
    pools = config.capacity.specialists.pools
    crafts: dict[str, list[str]] = {}
    for name, pool in pools.items():
        crafts.setdefault(pool.craft or name, []).append(name)
    for craft, names in crafts.items():
        everywhere = [name for name in names if not pools[name].states]
        if len(everywhere) != 1:
            message = f"craft {craft} has {len(everywhere)} pools without states"
            accepted = "one pool of each craft without states: it serves everywhere else"
            yield finding(f"capacity.specialists.pools.{names[-1]}.states", message, accepted)
        states = {name: pools[name].states for name in names}
        other = "pool {} of the same craft too"
        yield from _states_once(states, "capacity.specialists.pools", other, "pool of a craft")


def _states_once(
    states: dict[str, list[str]], where: str, other: str, one: str
) -> Iterator[Finding]:
    """Report states that stand in two of the named things; ``other`` words the earlier one."""
    taken: dict[str, str] = {}
    for name, listed in states.items():
        for state in listed:
            if state in taken:
                message = f"{state} is in {other.format(taken[state])}"
                yield finding(f"{where}.{name}.states", message, f"each state in one {one}")
            taken[state] = name


@needs("nature")
def hazards(config: Config) -> Iterator[Finding]:
    """A policy regime has hazards to act on."""
    if config.nature.regime is not None and config.nature.hazards is None:
        message = "multiplies pauses and cancellations, but nature.hazards is missing"
        yield finding("nature.regime", message, "nature.hazards, or no regime")


def idle_offtake(config: Config) -> Iterator[Finding]:
    """What is sold ahead only tells on cancellations: without a factor on them it does nothing."""
    risks = config.nature.hazards
    if risks is None or risks.cancellations_with_offtake == 1:
        for name, project in config.portfolio.projects.items():
            if project.offtake_share:
                where = f"portfolio.projects.{name}.offtake_share"
                asked = "nature.hazards" if risks is None else "cancellations_with_offtake below 1"
                yield finding(where, f"does nothing without {asked}")


@needs("policy", "nature")
def topups(config: Config) -> Iterator[Finding]:
    """The call for an overrun is one more than the slices."""
    calls = len(config.policy.calls.slices) + 1
    if config.policy.overrun_paid_by == "japan_topup" and calls > config.nature.maxima.calls:
        message = f"there are {calls} calls with the one for overruns"
        yield finding("nature.maxima.calls", message, f"a whole number >= {calls}")


@needs("capacity")
def claims(config: Config) -> Iterator[Finding]:
    """Nobody else bids for a dedicated pool."""
    pools = config.capacity.specialists.pools
    market = [name for name, pool in pools.items() if pool.kind == "market"]
    for name, claim in config.capacity.claims.items():
        for one in claim.people:
            if one not in market:
                where = f"capacity.claims.{name}.people.{one}"
                yield unknown(where, "market pool", one, market)
