"""A study that keeps no capacity has no steps of it written, and finds the same."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from sim.built import fault
from sim.config import load
from sim.events import Replication
from sim.plan import Plan
from sim.results import Horizon, some_tables
from sim.study.run.engines import COMPILED, SIMPY, simulate_with
from sim.study.run.simulate import EngineSimulation, OutcomeSimulation
from sim.world import Worlds

CONFIG = load("base").config
ENGINES = [SIMPY, pytest.param(COMPILED, marks=pytest.mark.skipif(bool(fault()), reason=fault()))]


def both(engine: str) -> tuple[Replication, Replication]:
    """The same world, with its steps and without."""
    plan, simulate = Plan.of(CONFIG), simulate_with(engine)
    world = Worlds(plan.nature).take(CONFIG.run.seed, 0)
    return simulate(plan, world), simulate(plan, world, traced=False)


@pytest.mark.parametrize("engine", ENGINES)
def test_only_the_steps_are_missing(engine: str):
    traced, untraced = both(engine)

    assert len(traced.steps.time) > 1000
    assert untraced.capacity is None
    for part in ("log", "sites", "market", "attributes"):
        one, other = getattr(traced, part), getattr(untraced, part)
        for column in fields(one):
            assert np.array_equal(getattr(one, column.name), getattr(other, column.name)), column
    horizon = Horizon(CONFIG)
    a, b = (some_tables([left], horizon, ("outcomes",)) for left in (traced, untraced))
    assert {name: values.tobytes() for name, values in a["outcomes"].items()} == {
        name: values.tobytes() for name, values in b["outcomes"].items()
    }
    with pytest.raises(ValueError, match="replication 0 was simulated without its steps"):
        some_tables([untraced], horizon, ("capacity",))


def test_a_run_has_steps_and_a_sweep_has_none():
    seed = CONFIG.run.seed

    assert EngineSimulation(CONFIG).replicate(seed, 0).capacity is not None
    assert OutcomeSimulation(CONFIG).replicate(seed, 0).capacity is None
