"""The specialist market compiled: people and other demand by month, and how crews are shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.config.market import READ as MARKET
from sim.config.market import market_of
from sim.plan.days import RESOURCES, Days, rests_on
from sim.plan.rules import rule
from sim.rules.gap import PoolPath
from sim.rules.ranking import Ranking
from sim.rules.registry import Staffing
from sim.world.model import FloatArray


@dataclass(frozen=True)
class SpecialistsPlan:
    """All pools; ``months`` are the minutes at which people and other demand change."""

    first_resource: int
    months: tuple[int, ...]
    market: tuple[PoolPath, ...]  # by pool, each a value per month
    bidding_weight: float
    cost_factor: float  # of every project: its premium for specialists
    staffing: Staffing
    ranking: Ranking  # of the sites, for rules that see single ones
    minimum_share: float  # of a crew, likewise

    @cached_property
    def people(self) -> FloatArray:
        """Of each pool (rows) in each month."""
        return np.array([path.people for path in self.market], np.float64)

    @cached_property
    def other_demand(self) -> FloatArray:
        """Of each pool (rows) in each month."""
        return np.array([path.other_demand for path in self.market], np.float64)


@rests_on(
    *MARKET,
    "capacity.specialists.bidding",
    *RESOURCES,
    "policy.staffing",
    "policy.staffing_ranking",
    "policy.staffing_minimum_share",
    "rule_files",
)
def specialists_plan(days: Days, end_minute: int, resource: Mapping[str, int]) -> SpecialistsPlan:
    """Compile the market, and the rule by which sites share it."""
    policy, specialists = days.config.policy, days.config.capacity.specialists
    steps = [(0, days.start), *days.epoch.month_starts(end_minute)]
    market = market_of(days.config, [day for _, day in steps])
    return SpecialistsPlan(
        first_resource=resource[f"specialists_{market[0].name}"],
        months=tuple(minute for minute, _ in steps),
        market=market,
        bidding_weight=specialists.bidding.weight,
        cost_factor=specialists.bidding.cost_factor,
        staffing=rule(days.config, "staffing", policy.staffing),
        ranking=rule(days.config, "ranking", policy.staffing_ranking),
        minimum_share=policy.staffing_minimum_share,
    )
