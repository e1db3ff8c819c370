"""What a config would be, without running it: expected portfolio, and specialists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, nan

import numpy as np

from sim.config.market import market_of, pool_facts
from sim.config.moments import mean
from sim.config.schema import Config
from sim.plan import Plan
from sim.rules.gap import firsts_of_months, interpolated
from sim.rules.staffing import obtainable
from sim.world.history import SELECTED


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
    independent, so its dollars are arrivals x mean cost x mean share. What is not on record as
    selected pays the premium for specialists.
    """
    nature, factor = plan.nature, plan.specialists.cost_factor
    counts: dict[str, list[float]] = {name: [0.0] * 4 for name in config.sectors}
    named = nature.named
    recorded = named.recorded[:, SELECTED] >= 0
    dollars = named.commitment_usd_bn * np.where(recorded, 1, factor) * named.entry_probability
    for place, name in enumerate(config.sectors):
        own = named.sector == place
        counts[name][0] = float(named.entry_probability[own].sum())
        counts[name][1] = float(dollars[own].sum())
    for name, arrivals in nature.expected_arrivals.items():
        pipeline = config.pipelines[name]
        each = mean(pipeline.cost_usd_bn) * mean(pipeline.japan_share) * factor
        counts[pipeline.sector][2] += arrivals
        counts[pipeline.sector][3] += arrivals * each
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
    """A specialist pool on the gap date, people; D is the reference demand.

    ``served_share`` of it is what the programme gets at its bidding weight; at
    ``enough_weight`` (omega*) the pool stops binding, inf where it never does.
    """

    label: str
    reference_people: float
    added: float
    other_demand: float
    reference_demand: float
    served_share: float
    enough_weight: float


def pools_on_gap_date(config: Config) -> list[PoolRow]:
    """S_ref, M, O, D, served share and omega* of every pool; S as of the month's first day."""
    specialists, start = config.capacity.specialists, config.programme.start
    day = specialists.gap.date
    steps = sorted({start, *firsts_of_months(start, day), day})
    rows = []
    for facts, path in zip(pool_facts(config), market_of(config, steps), strict=True):
        people, other = path.people[-1], path.other_demand[-1]
        wanted = interpolated(facts.reference_demand, day)
        got = min(wanted, obtainable(people, other, wanted, specialists.bidding.weight))
        rows.append(
            PoolRow(
                label=specialists.pools[facts.name].label,
                reference_people=path.reference_people[-1],
                added=path.added[-1],
                other_demand=other,
                reference_demand=wanted,
                served_share=got / wanted if wanted else nan,
                enough_weight=other / (people - wanted) if people > wanted else inf,
            )
        )
    return rows
