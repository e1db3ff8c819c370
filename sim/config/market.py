"""The specialist market of a config, in the form the gap rule reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sim.config.schema import Config
from sim.rules.gap import (
    GapFacts,
    MeasureFacts,
    PoolFacts,
    PoolPath,
    TrainingStream,
    market_paths,
    stepped,
)

READ = ("programme", "capacity.specialists.gap", "capacity.specialists.measures",
        "capacity.specialists.pools", "capacity.claims")  # fmt: skip


def market_of(config: Config, steps: Sequence[date]) -> tuple[PoolPath, ...]:
    """People and others' demand of every pool on every step date; the first is the start.

    Other claimants want theirs beside everybody else.
    """
    gap = config.capacity.specialists.gap
    facts = GapFacts(gap.people, gap.date, gap.afterwards, gap.close_by)
    paths = market_paths(pool_facts(config), facts, steps, measure_facts(config))
    if not config.capacity.claims:
        return paths
    claims = [claim.people for claim in config.capacity.claims.values()]
    return tuple(
        replace(
            path,
            other_demand=tuple(
                others + sum(people_wanted(claim.get(path.name, {}), day) for claim in claims)
                for others, day in zip(path.other_demand, steps, strict=True)
            ),
        )
        for path in paths
    )


def people_wanted(path: Mapping[date, float], day: date) -> float:
    """What a claim's dated path wants of a pool on a day: nothing before its first date."""
    return stepped(sorted(path.items()), day, 0.0) if path else 0.0


def pool_facts(config: Config) -> tuple[PoolFacts, ...]:
    """The config's pools in the form the gap rule reads."""

    def stream(intake: float | dict[date, float], months: int, share: float) -> TrainingStream:
        path = intake if isinstance(intake, dict) else {config.programme.start: intake}
        return TrainingStream(tuple(sorted(path.items())), months, share)

    return tuple(
        PoolFacts(
            name=name,
            market=pool.kind == "market",
            people_at_start=pool.people_at_start,
            attrition_share_per_year=pool.attrition_share_per_year,
            visas_per_month=pool.visas_per_month,
            streams=tuple(
                stream(t.intake_per_month, t.months, t.completion_share)
                for t in pool.training.values()
            ),
            gap_share=pool.gap_share,
            reference_demand=tuple(sorted(pool.reference_demand_people.items())),
            unlimited=pool.unlimited,
        )
        for name, pool in config.capacity.specialists.pools.items()
    )


def measure_facts(config: Config) -> tuple[MeasureFacts, ...]:
    """The config's measures, a row per pool."""
    return tuple(
        MeasureFacts(
            pool, one.first_day, one.last_day, one.months or 0, people * (one.completion_share or 1)
        )
        for one in config.capacity.specialists.measures.values()
        for pool, people in (one.intake_per_month or one.finishers_per_month).items()
    )
