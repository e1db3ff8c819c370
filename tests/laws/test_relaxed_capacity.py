"""Laws 8 and 10: what does not bind does not matter; more of what binds is better on average."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.bottlenecks import bottleneck_tree, put
from support.generated_configs import Tree, trees
from support.law_runs import Run, fewer, same_log

from sim.config import from_tree
from sim.engine import simulate
from sim.events import Cause, Kind
from sim.plan import Plan
from sim.rules.staffing import obtainable
from sim.world import draw_world


def with_unlimited_pools(tree: Tree, gap_people: float) -> Tree:
    tree = deepcopy(tree)
    market = tree["capacity"]["specialists"]
    market["gap"]["people"] = gap_people
    for pool in market["pools"].values():
        pool["unlimited"] = True
    return tree


@fewer
@given(trees(), st.integers(0, 99))
def test_with_all_pools_unlimited_the_gap_changes_nothing(tree: Tree, seed: int) -> None:
    none, huge = (Run(with_unlimited_pools(tree, people), seed) for people in (0, 1_500_000))
    assert same_log(none.left.log, huge.left.log)


def with_unlimited_capacity(tree: Tree, gap_people: float, staffing: str) -> Tree:
    """Nothing is scarce: people, machines, megawatts, desks, yearly money."""
    tree = with_unlimited_pools(tree, gap_people)
    tree["policy"]["staffing"] = staffing
    capacity = tree["capacity"]
    capacity["teams"]["count"] = "unlimited"
    for agency in capacity["agencies"].values():
        agency["count"] = "unlimited"
    for facility in capacity["facilities"].values():
        facility.update(desks="unlimited", commitments="unlimited", cash="unlimited")
    for maker in capacity["equipment"].values():
        maker["slots"] = "unlimited"
    for region in capacity["power"]["regions"].values():
        region["additions_mw"] = "unlimited"
    return tree


@fewer
@given(trees())
def test_a_pool_relaxed_changes_no_other_pool_and_not_what_others_want_of_it(tree: Tree) -> None:
    """Law 10, exactly, at every time; the people of the relaxed pool are without limit."""
    before = Plan.of(from_tree(tree)).specialists.market
    for place, name in enumerate(tree["capacity"]["specialists"]["pools"]):
        relaxed = put(tree, f"capacity.specialists.pools.{name}.unlimited", True)
        after = list(Plan.of(from_tree(relaxed)).specialists.market)
        own = after.pop(place)
        assert after == [*before[:place], *before[place + 1 :]]
        assert own == replace(before[place], people=(inf,) * len(own.people))


@fewer
@given(trees(), st.floats(0, 1e6))
def test_measures_lower_nobodys_supply_and_move_nothing_others_want(
    tree: Tree, wanted: float
) -> None:
    """Law 10, exactly, at every time and for every demand."""
    measured = deepcopy(tree)
    measures = measured["capacity"]["specialists"]["measures"]
    measures["more"] = {
        "label": "More", "kind": "visas", "first_day": tree["programme"]["start"],
        "last_day": tree["programme"]["end"], "finishers_per_month": {"electrical": 77.7},
    }  # fmt: skip
    plans = [Plan.of(from_tree(one)).specialists for one in (tree, measured)]
    weight = plans[0].bidding_weight
    for before, after in zip(*(plan.market for plan in plans), strict=True):
        assert after.other_demand == before.other_demand
        for other, few, more in zip(before.other_demand, before.people, after.people, strict=True):
            assert more >= few
            assert obtainable(more, other, wanted, weight) >= obtainable(few, other, wanted, weight)


QUEUES = {
    Cause.TEAM_QUEUE, Cause.PERMIT_QUEUE, Cause.APPRAISAL_QUEUE, Cause.FUNDING_DESK,
    Cause.FUNDING_COMMITMENT, Cause.FUNDING_MONEY, Cause.EQUIPMENT_SLOT, Cause.POWER,
    Cause.CREWS_WAITED,
}  # fmt: skip


@fewer
@given(trees(), st.integers(0, 99))
def test_with_everything_unlimited_neither_gap_nor_staffing_changes_anything(
    tree: Tree, seed: int
) -> None:
    """And nobody queues for anything."""
    plain, *others = (
        Run(with_unlimited_capacity(tree, people, staffing), seed)
        for people, staffing in (
            (0, "fair_share"),
            (1_500_000, "fair_share"),
            (1_500_000, "priority"),
            (0, "first_come_full_crew"),
        )
    )
    waits = [event for event in plain.events if event.kind == Kind.WAIT_BEGAN]
    assert not any(event.cause in QUEUES for event in waits)
    for other in others:
        assert same_log(plain.left.log, other.left.log)


PAIRS = 30
GAIN_TOLERANCE_DAYS = 1.0  # a mean gain below this counts as none


def yearly(usd_bn: float) -> Tree:
    return {"currency": "usd", "first_year": usd_bn, "per_fiscal_year": {"2026": usd_bn}}


def each_year(amount: int) -> Tree:
    return {"first_year": amount, "per_year": {"2027": amount}}


VISAS = {
    "visas": {
        "label": "Visas", "kind": "visas", "first_day": "2026-01-01", "last_day": "2026-12-31",
        "finishers_per_month": {"electrical": 500},
    }
}  # fmt: skip


def specialists(people: int, measures: Tree | None = None, unlimited: bool = False) -> Tree:
    pool = {"label": "Electricians", "kind": "dedicated", "people_at_start": people}
    pools = {"electrical": {**pool, "unlimited": unlimited}}
    return {"gap": {"people": 0, "date": "2030-01-01"}, "measures": measures or {}, "pools": pools}


# What is narrowed: its path, little of it, and more. A staffing rule may follow the name.
BOTTLENECKS: dict[str, tuple[str, Any, Any]] = {
    "teams": ("capacity.teams.count", 1, 2),
    "permit desks": ("capacity.agencies.bureau.count", 1, 2),
    "lenders' desks": ("capacity.facilities.jbic.desks", 1, 2),
    "yearly commitments": ("capacity.facilities.jbic.commitments", yearly(5), yearly(8)),
    "yearly cash": ("capacity.facilities.jbic.cash", yearly(3), yearly(6)),
    "specialists": ("capacity.specialists", specialists(1500), specialists(3000)),
    "specialists, priority": ("capacity.specialists", specialists(1500), specialists(3000)),
    "specialists, first come": ("capacity.specialists", specialists(2500), specialists(4000)),
    "a measure": ("capacity.specialists", specialists(1500), specialists(1500, VISAS)),
    "a pool": ("capacity.specialists", specialists(1500), specialists(1500, unlimited=True)),
    "turbine slots": ("capacity.equipment.turbines.slots", each_year(2), each_year(4)),
    "megawatts": (
        "capacity.power.regions.grid.additions_mw",
        each_year(300),
        each_year(600),
    ),
}


STAFFING = {"": "fair_share", "priority": "priority", "first come": "first_come_full_crew"}


def mean_days_to_operation(plan: Plan, replication: int) -> float:
    """From the proposals to operation, a project cut off at the end counting to there."""
    left = simulate(plan, draw_world(plan.nature, 7, replication))
    minutes = {entity: left.end_minute for entity in left.attributes.entity.tolist()}
    over = np.isin(left.log.kind, [Kind.OPERATING, Kind.REJECTED])
    minutes.update(zip(left.log.project[over].tolist(), left.log.time[over].tolist(), strict=True))
    return float(np.mean(list(minutes.values()))) / 1440


@pytest.mark.parametrize("bottleneck", BOTTLENECKS)
def test_more_of_the_only_bottleneck_is_better_on_average(bottleneck: str) -> None:
    """Paired over the same worlds; single runs may be worse (Graham's anomalies)."""
    path, little, more = BOTTLENECKS[bottleneck]
    rule = bottleneck.partition(", ")[2]
    tree = put(bottleneck_tree(), "policy.staffing", STAFFING[rule])
    scarce, ample = (Plan.of(from_tree(put(tree, path, amount))) for amount in (little, more))
    gains = np.array(
        [mean_days_to_operation(scarce, n) - mean_days_to_operation(ample, n) for n in range(PAIRS)]
    )
    worse = int(np.sum(gains < 0))
    print(f"{bottleneck}: {gains.mean():.1f} days gained on average, worse in {worse} of {PAIRS}")
    assert gains.mean() > GAIN_TOLERANCE_DAYS
