"""The specialist market of a config, in the form the gap rule reads."""

from __future__ import annotations

from datetime import date
from math import inf

from sim.config.schema import Config
from sim.rules.gap import GapFacts, PoolFacts, TrainingStream


def pool_facts(config: Config) -> tuple[PoolFacts, ...]:
    """The config's pools in the form the gap rule reads."""

    def stream(intake: float | dict[date, float], months: int, share: float) -> TrainingStream:
        path = intake if isinstance(intake, dict) else {config.programme.start: intake}
        return TrainingStream(tuple(sorted(path.items())), months, share)

    return tuple(
        PoolFacts(
            name=name,
            market=pool.kind == "market",
            people_at_start=inf if pool.people_at_start == "unlimited" else pool.people_at_start,
            attrition_share_per_year=pool.attrition_share_per_year,
            visas_per_month=pool.visas_per_month,
            streams=tuple(
                stream(t.intake_per_month, t.months, t.completion_share)
                for t in pool.training.values()
            ),
            gap_share=pool.gap_share,
            reference_demand=tuple(sorted(pool.reference_demand_people.items())),
        )
        for name, pool in config.capacity.specialists.pools.items()
    )


def gap_facts(config: Config) -> GapFacts:
    """The config's gap in the form the gap rule reads."""
    gap = config.capacity.specialists.gap
    return GapFacts(gap.people, gap.date, gap.afterwards, gap.close_by)
