"""What a run would be, without running it: expected portfolio, specialists, time and disk.

Loads neither pandas nor pyarrow: two replications are timed on the engine alone.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

from sim.config.market import pool_facts
from sim.config.schema import Config
from sim.engine import replicate
from sim.events import Replication
from sim.plan import Plan
from sim.results import TRACED_REPLICATIONS
from sim.rules.gap import interpolated
from sim.rules.staffing import obtainable
from sim.world.distributions import mean

TIMED_REPLICATIONS = 2
# Bytes on the disk per row, measured on configs/base.yaml with zstd; disk is an estimate.
_BYTES_PER_EVENT = 9.8
_BYTES_PER_PROJECT = 190.0
_BYTES_PER_MONTH = 57.0
_BYTES_PER_RESOURCE_MONTH = 14.5
_BYTES_PER_STEP = 17.5
# Making and writing tables, over the time of the engine alone, likewise.
_TABLES_PER_ENGINE_SECOND = 0.3


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


@dataclass(frozen=True)
class Effort:
    """What a run would take; ``seconds`` on one process."""

    seconds_per_replication: float
    events_per_replication: float
    seconds: float
    disk_bytes: float


def estimate_effort(plan: Plan, seed: int, replications: int) -> Effort:
    """Time two replications, and scale up.

    Raises
    ------
    ModelError
        If one of the two breaks a law of the model.
    """
    spent, events, disk, traced = 0.0, 0, 0.0, 0.0
    for replication in range(TIMED_REPLICATIONS):
        began = time.perf_counter()
        left = replicate(plan, seed, replication)
        spent += time.perf_counter() - began
        events += len(left.log.time)
        disk += _bytes_of(left, months=len(plan.specialists.months))
        traced += len(left.capacity.time) * _BYTES_PER_STEP
    each = spent * (1 + _TABLES_PER_ENGINE_SECOND) / TIMED_REPLICATIONS
    return Effort(
        seconds_per_replication=each,
        events_per_replication=events / TIMED_REPLICATIONS,
        seconds=each * replications,
        disk_bytes=(disk * replications + traced * min(replications, TRACED_REPLICATIONS))
        / TIMED_REPLICATIONS,
    )


def _bytes_of(left: Replication, months: int) -> float:
    rows = len(left.names.resources) * months
    return (
        len(left.log.time) * _BYTES_PER_EVENT
        + len(left.attributes.entity) * _BYTES_PER_PROJECT
        + months * _BYTES_PER_MONTH
        + rows * _BYTES_PER_RESOURCE_MONTH
    )
