"""How much the engine schedules: counts, not seconds (architecture.md, tests and CI)."""

from __future__ import annotations

from typing import Any

import pytest
import simpy
from support.bottlenecks import bottleneck_tree, put

from sim.config import from_tree
from sim.engine import simulate
from sim.engine.clock import Clock
from sim.plan import Plan
from sim.world import draw_world

SITES = 60
MOST_PER_LOGGED_EVENT = 3


def many_sites() -> dict[str, Any]:
    """Sites that share one short pool, each of three units, stopped twice for money."""
    tree = put(bottleneck_tree(), "capacity.specialists.pools.electrical.people_at_start", 20_000)
    first = tree["portfolio"]["projects"]["P0"]
    tree["portfolio"]["projects"] = {
        f"P{number:02d}": {**first, "announced_usd_bn": 1 + number % 5, "units": 3}
        for number in range(SITES)
    }
    tree["nature"]["maxima"]["calls"] = 3
    tree["sectors"]["gas"]["construction"]["unit_interval_months"] = 1
    tree["policy"]["calls"]["slices"] = {
        "first": {"share": 0.25, "trigger": "selection"},
        "second": {"share": 0.25, "trigger": "progress 0.25"},
        "third": {"share": 0.5, "trigger": "progress 0.5"},
    }
    return tree


def test_a_site_heavy_run_schedules_at_most_three_steps_for_each_event_it_logs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One timer per group of sites, never one per site; no polling."""
    counts = {"scheduled": 0, "processed": 0}
    at, step = Clock.at, simpy.Environment.step

    def counted_at(*args: Any, **kwargs: Any) -> Any:
        counts["scheduled"] += 1
        return at(*args, **kwargs)

    def counted_step(env: simpy.Environment) -> None:
        counts["processed"] += 1
        step(env)

    monkeypatch.setattr(Clock, "at", counted_at)
    monkeypatch.setattr(simpy.Environment, "step", counted_step)
    plan = Plan.of(from_tree(many_sites()))
    left = simulate(plan, draw_world(plan.nature, 1, 0))
    logged = len(left.log.time)
    print(f"{logged} events logged, {counts}")
    assert len(left.sites.project) >= 2 * SITES
    assert 0 < counts["scheduled"] <= MOST_PER_LOGGED_EVENT * logged
    assert 0 < counts["processed"] <= MOST_PER_LOGGED_EVENT * logged
