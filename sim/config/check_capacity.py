"""Servers that would never serve, and a specialist market that can hold."""

from __future__ import annotations

from collections.abc import Iterator

from sim.config.capacity import ServerPath
from sim.config.findings import TOLERANCE, Finding, finding, needs
from sim.config.market import READ as MARKET
from sim.config.market import market_of
from sim.config.schema import Config
from sim.rules.gap import MONTHS_PER_YEAR, firsts_of_months

_POOLS = "capacity.specialists.pools"


@needs(
    "sectors",
    "policy.calls.facility_shares",
    "capacity.teams",
    "capacity.agencies",
    "capacity.facilities",
)
def servers(config: Config) -> Iterator[Finding]:
    """Nothing waits for servers that are never there again."""
    capacity = config.capacity
    used = {sector.permits.agency for sector in config.sectors.values()}
    paths: list[tuple[str, ServerPath]] = [("capacity.teams.count", capacity.teams.count)]
    paths += [
        (f"capacity.agencies.{name}.count", agency.count)
        for name, agency in capacity.agencies.items()
        if name in used
    ]
    paths += [
        (f"capacity.facilities.{name}.desks", facility.desks)
        for name, facility in capacity.facilities.items()
        if config.policy.calls.facility_shares.get(name, 0) > 0
    ]
    for where, path in paths:
        last = path[max(path)] if isinstance(path, dict) and path else path
        if last == 0:
            message = "is 0 for good: all that waits for it would wait for ever"
            yield finding(where, message, "a whole number >= 1, or unlimited")


@needs("capacity.specialists.pools")
def pools(config: Config) -> Iterator[Finding]:
    """Parts of the gap: every market pool states one and they add up, or none does."""
    stated: dict[str, float] = {}
    silent: list[str] = []
    for name, pool in config.capacity.specialists.pools.items():
        if pool.kind == "dedicated":
            if pool.gap_share is not None:
                message = "a dedicated pool has no part in the gap"
                yield finding(f"{_POOLS}.{name}.gap_share", message, "no gap_share here")
        elif pool.gap_share is not None:
            stated[name] = pool.gap_share
        else:
            silent.append(name)
    if stated and silent:
        message = f"{', '.join(silent)} state no gap_share, but {', '.join(stated)} do"
        yield finding(_POOLS, message, "a gap_share in every market pool, or in none")
    elif stated and abs(sum(stated.values()) - 1) > TOLERANCE:
        message = f"gap_share adds up to {sum(stated.values()):.10g}"
        yield finding(_POOLS, message, "shares of the market pools that add up to 1")


@needs(*MARKET)
def gap(config: Config) -> Iterator[Finding]:
    """Other employers never want a negative number of people."""
    yield from gap_problems(config)  # the single call site


def gap_problems(config: Config) -> Iterator[Finding]:
    """Return pools where the demand of others, O, would be negative on some step of the run.

    The path is the very one a run looks up, `sim.config.market.market_of`.
    See docs/model.md, "Specialists".
    """
    gap, dates = config.capacity.specialists.gap, config.programme
    if gap.date <= dates.start:
        return
    steps = [dates.start, *firsts_of_months(dates.start, dates.run_out)]
    for path in market_of(config, steps):
        for day, others in zip(steps, path.other_demand, strict=True):
            if others < 0:
                message = f"other employers would want {others:,.0f} people on {day}"
                accepted = "fewer reference_demand_people, more people, or a larger gap"
                yield finding(f"{_POOLS}.{path.name}", message, accepted)
                break


@needs("capacity")
def measures(config: Config) -> Iterator[Finding]:
    """Who is kept would leave."""
    pools = config.capacity.specialists.pools
    for name, measure in config.capacity.specialists.measures.items():
        kept = measure.finishers_per_month if measure.kind == "retention" else {}
        for own in pools.keys() & kept:
            share = pools[own].attrition_share_per_year
            leavers = pools[own].people_at_start * share / MONTHS_PER_YEAR
            if kept[own] > leavers:
                where = f"capacity.specialists.measures.{name}.finishers_per_month.{own}"
                message = f"keeps {kept[own]:,.0f} a month, and {leavers:,.0f} leave at the start"
                yield finding(where, message, "no more than leave")
