"""What a config would be, without running it: expected portfolio, and specialists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

from sim.config.market import pool_facts
from sim.config.schema import Config
from sim.plan import Plan
from sim.rules.gap import interpolated
from sim.rules.staffing import obtainable
from sim.world.distributions import mean


@dataclass(frozen=True)
class SectorRow:
    """Expected proposals of one sector; dollars are Japan's part, which counts on the envelope."""

    sector: str
    named_count: float
    named_usd_bn: float
    generated_count: float
    generated_usd_bn: float

    @property
    def usd_bn(self) -> float:
        """Named and generated."""
        return self.named_usd_bn + self.generated_usd_bn


def expected_sectors(config: Config, plan: Plan) -> list[SectorRow]:
    """Expected counts and dollars proposed by sector, in config order.

    Named ideas count with their probability of entering. A pipeline's cost and Japan's share are
    independent, so its dollars are arrivals x mean cost x mean share.
    """
    nature = plan.nature
    counts: dict[str, list[float]] = {name: [0.0] * 4 for name in config.sectors}
    named = nature.named
    for place, name in enumerate(config.sectors):
        own = named.sector == place
        counts[name][0] = float(named.entry_probability[own].sum())
        counts[name][1] = float((named.entry_probability * named.commitment_usd_bn)[own].sum())
    for name, arrivals in nature.expected_arrivals.items():
        pipeline = config.pipelines[name]
        dollars = arrivals * mean(pipeline.cost_usd_bn) * mean(pipeline.japan_share)
        counts[pipeline.sector][2] += arrivals
        counts[pipeline.sector][3] += dollars
    return [SectorRow(name, *numbers) for name, numbers in counts.items()]


@dataclass(frozen=True)
class MixRow:
    """One line of the articles' sector table beside what the portfolio holds; shares."""

    label: str
    article_low: float
    article_high: float
    named: float
    proposed: float


def sector_mix(config: Config, sectors: Sequence[SectorRow]) -> list[MixRow]:
    """Compare the portfolio's dollars with the articles' mix; nan where there are none."""
    named: dict[str, float] = defaultdict(float)
    proposed: dict[str, float] = defaultdict(float)
    for row in sectors:
        group = config.sectors[row.sector].article_group
        named[group] += row.named_usd_bn
        proposed[group] += row.usd_bn
    all_named, all_proposed = sum(named.values()), sum(proposed.values())
    return [
        MixRow(
            label=group.label,
            article_low=group.share_low,
            article_high=group.share_high,
            named=named[name] / all_named if all_named else nan,
            proposed=proposed[name] / all_proposed if all_proposed else nan,
        )
        for name, group in config.article_mix.items()
    ]


@dataclass(frozen=True)
class PoolRow:
    """A specialist pool on the gap date, people; ``served_share`` of the reference demand."""

    label: str
    people: float
    other_demand: float
    reference_demand: float
    served_share: float


def pools_on_gap_date(config: Config, plan: Plan) -> list[PoolRow]:
    """S, O, Dref and what the programme would get of Dref; S as of the month's first day."""
    specialists = config.capacity.specialists
    gap_minute = plan.epoch.minute_of(specialists.gap.date)
    last = max(
        month for month, minute in enumerate(plan.specialists.months) if minute <= gap_minute
    )
    rows = []
    for facts, path in zip(pool_facts(config), plan.specialists.market, strict=True):
        people, other = path.people[last], path.other_demand[last]
        wanted = interpolated(facts.reference_demand, specialists.gap.date)
        got = min(wanted, obtainable(people, other, wanted, specialists.bidding_weight))
        label = specialists.pools[facts.name].label
        rows.append(PoolRow(label, people, other, wanted, got / wanted if wanted else nan))
    return rows
