"""Waits that can never end: refused where they are certain, a caution where they are likely."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sim.config.capacity import YearlySlots, in_year
from sim.config.check_dates import arrivals_from
from sim.config.check_gates import idle_offtake
from sim.config.check_money import yearly
from sim.config.findings import Finding, finding, needs
from sim.config.idle import idle_keys
from sim.config.market import READ as MARKET
from sim.config.market import market_of
from sim.config.moments import mean, support
from sim.config.policy import Meetings
from sim.config.schema import Config
from sim.config.sectors import Sector
from sim.rules.gap import firsts_of_months

_POOLS = "capacity.specialists.pools"


class Builder(NamedTuple):
    """A named project, or a pipeline at its mean cost."""

    name: str
    sector: Sector
    states: tuple[str, ...]  # ("",) where none is known
    cost_usd_bn: float
    units: int
    plan_months: float | None
    megawatts: float
    named: bool


def builders(config: Config) -> list[Builder]:
    """Everything that may be built, by the portfolio and the pipelines."""
    found = []
    for key, row in config.portfolio.projects.items():
        sector = config.sectors.get(row.sector)
        if sector is not None and row.kind != "supplier" and not row.counted_in:
            cost = row.cost_usd_bn
            by_cost = sector.power.mw_per_usd_bn * cost if sector.power else 0.0
            megawatts = by_cost if row.megawatts is None else row.megawatts
            places = tuple(row.region.split(";"))
            more = (cost, row.units, row.plan_months, megawatts, True)
            found.append(Builder(f"project {key}", sector, places, *more))
    for key, pipeline in config.pipelines.items():
        sector = config.sectors.get(pipeline.sector)
        if sector is not None:
            cost = mean(pipeline.cost_usd_bn)
            by_cost = sector.power.mw_per_usd_bn * cost if sector.power else 0.0
            places = tuple(pipeline.region.split(";"))
            more = (cost, pipeline.units, None, by_cost, False)
            found.append(Builder(f"pipeline {key}", sector, places, *more))
    return found


@needs("programme", "policy")
def sittings(config: Config) -> Iterator[Finding]:
    """Who decides on dates decides at least once while there is something to decide."""
    policy, last = config.policy, config.programme.deadline
    first = arrivals_from(config, None)
    selection = policy.selection
    listed = Meetings(kind="dates", dates=selection.dates) if selection.rounds == "dates" else None
    for where, meetings in (
        ("policy.consultation_committee.meetings", policy.consultation_committee.meetings),
        ("policy.investment_committee.meetings", policy.investment_committee.meetings),
        ("policy.selection", listed),
    ):
        if meetings is None or meetings.kind == "none" or first > last:
            continue
        every = meetings.kind == "every" and meetings.first_day is not None
        never = every and meetings.first_day > last  # type: ignore[operator]
        if never or (not every and max(meetings.dates or [last]) < first):
            key = "first_day" if every else "dates"
            message = "never comes to pass: all that waits for it would wait for ever"
            yield finding(f"{where}.{key}", message, f"a date from {first} to {last}")
        elif not every and min(meetings.dates or [first]) > last:
            message = "are all after the deadline: all that waits for it would wait for ever"
            yield finding(f"{where}.dates", message, f"a date from {first} to {last}")


@needs(
    *MARKET, "policy.staffing", "policy.staffing_minimum_share", "sectors", "portfolio", "pipelines"
)
def crews(config: Config) -> Iterator[Finding]:
    """Every crew that a staffing rule grants only whole, or from a minimum on, can be had."""
    yield from (found for found, certain in _crews(config) if certain)


def _crews(config: Config) -> Iterator[tuple[Finding, bool]]:
    programme = config.programme
    if config.capacity.specialists.gap.date <= programme.start:
        return
    steps = [programme.start, *firsts_of_months(programme.start, programme.run_out)]
    most = {path.name: max(path.people) for path in market_of(config, steps)}
    floors = {"priority": config.policy.staffing_minimum_share, "first_come_full_crew": 1.0}
    floor = floors.get(config.policy.staffing, 0.0)
    pools = _serving(config)
    for one in builders(config):
        labour, build = one.sector.labour, one.sector.construction
        scale = (
            one.plan_months / (build.plan_months or build.nominal_months)
            if (one.plan_months)
            else 1.0
        )
        months = build.nominal_months * scale * one.units  # of all units' own clocks
        crew = labour.labour_years_per_usd_bn * labour.specialist_share * one.cost_usd_bn
        for craft, share in labour.crafts.items():
            wanted = crew * share / (months / 12)
            found = (pools.get((craft, at), pools.get((craft, ""))) for at in one.states)
            serving = [name for name in found if name is not None]
            there = max((most[name] for name in serving), default=0.0)
            if wanted and serving and (there <= 0 or there < wanted * floor * (1 - 1e-9)):
                where = f"{_POOLS}.{serving[0]}.people_at_start"
                least = f"{wanted * floor:,.0f} at once" if floor else f"{wanted:,.0f}"
                message = f"{one.name} needs {least}, and there are never more than {there:,.0f}"
                certain = one.named or there <= 0
                yield finding(where, f"{message}: it would wait for ever", "more people"), certain


def _serving(config: Config) -> dict[tuple[str, str], str]:
    """The pool that serves a craft in a state of its own, and everywhere else: in no state."""
    found: dict[tuple[str, str], str] = {}
    for name, pool in config.capacity.specialists.pools.items():
        for state in pool.states or [""]:
            found.setdefault((pool.craft or name, state), name)
    return found


@needs("programme", "sectors", "capacity.power", "capacity.claims", "portfolio", "pipelines")
def megawatts(config: Config) -> Iterator[Finding]:
    """A large load finds its megawatts in some year."""
    yield from (found for found, certain in _megawatts(config) if certain)


def _megawatts(config: Config) -> Iterator[tuple[Finding, bool]]:
    grid = config.capacity.power
    if grid is None or grid.elsewhere not in grid.regions:
        return
    supplied = any(
        s.power is not None and s.power.role == "supply" for s in config.sectors.values()
    )
    region_of = {state: name for name, region in grid.regions.items() for state in region.states}
    for one in builders(config):
        if one.sector.power is None or one.sector.power.role != "load" or one.megawatts < 1:
            continue
        regions = [region_of.get(state, grid.elsewhere) for state in one.states]
        total = max(_all_years(config, name) for name in regions)
        if int(one.megawatts / one.units) > total:
            each = f"{one.megawatts / one.units:,.0f} MW" + " a unit" * (one.units > 1)
            message = f"{one.name} wants {each}, and there are never more than {total:,.0f}"
            where = f"capacity.power.regions.{regions[0]}.additions_mw"
            certain = not supplied and (one.named or total == 0)
            yield finding(where, f"{message}: it would wait for ever", "more MW"), certain


def _all_years(config: Config, region: str) -> float:
    flow, programme = config.capacity.megawatts_left(region), config.programme
    if not isinstance(flow, YearlySlots):
        return float("inf")
    years = range(programme.start.year + 1, programme.run_out.year + 1)
    return flow.first_year + sum(in_year(flow.per_year, year) for year in years)


def cautions(config: Config) -> Iterator[Finding]:
    """What may not be meant: likely waits for ever, sizes that never fit, keys that do nothing."""
    yield from idle_offtake(config)
    yield from idle_keys(config)
    yield from (found for found, certain in (*_crews(config), *_megawatts(config)) if not certain)
    for where, money, *_ in yearly(config):
        year = max(money.per_fiscal_year, default=config.programme.run_out.year + 1)
        ends = year <= config.programme.run_out.year and not money.per_fiscal_year[year]
        if ends and not money.carry_over:  # what is carried over may last for years
            message = f"is 0 from fiscal year {year} on: calls that come then wait for ever"
            yield finding(f"{where}.per_fiscal_year", message)
    cap, law = config.programme.envelope_usd_bn, config.nature.round_usd_bn
    if law is not None and config.policy.selection.dollars == "cap":
        cap = min(cap, support(law)[1])
    factor = config.capacity.specialists.bidding.cost_factor
    for key, row in config.portfolio.projects.items():
        size = row.committed_usd_bn * factor
        if row.kind != "supplier" and row.selected_date is None and size > cap:
            message = f"{size:g} bn never fit into a round or the envelope ({cap:g} bn)"
            yield finding(f"portfolio.projects.{key}.announced_usd_bn", message)
    used = {state for one in builders(config) for state in one.states}
    grid, pools = config.capacity.power, config.capacity.specialists.pools
    lists = {"capacity.power.regions": grid.regions if grid else {}, _POOLS: pools}
    for where, entries in lists.items():
        listed = {state for entry in entries.values() for state in entry.states}  # type: ignore[attr-defined]
        if idle := sorted(listed - used):
            yield finding(where, f"no project and no pipeline lies in {', '.join(idle)}")
    if idle := sorted({*config.nature.permits_by_state} - used):
        message = f"no project and no pipeline lies in {', '.join(idle)}"
        yield finding("nature.permits_by_state", message)
