"""What breaks a law of the model ends both engines' runs, with the same words."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from both import compiled, simpy
from support.configs import MINIMAL

from sim.config import load
from sim.engine.selection import FINAL
from sim.errors import ModelError
from sim.plan import Plan
from sim.world import World, draw_world, pin_history

ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "configs/base.yaml"
Given = tuple[Plan, World]


@pytest.fixture(scope="module")
def base() -> Given:
    plan = Plan.of(load(BASE).config)
    return plan, pin_history(plan.nature, draw_world(plan.nature, 7, 0))


def drawn(**changes: Callable[[Any], Any]) -> Callable[[Plan, World], Given]:
    """A world of which some draws are others."""
    return lambda plan, world: (
        plan,
        replace(world, **{name: of(getattr(world, name)) for name, of in changes.items()}),
    )


def one_number_twice(plan: Plan, world: World) -> Given:
    """The last of so many rounds has the number of the final one, and its minute."""
    rounds = plan.selection
    rounds = replace(rounds, listed=(rounds.final_minute,), on_record=FINAL - 1)
    return replace(plan, selection=rounds), world


BROKEN: dict[str, tuple[Callable[[Plan, World], Given], str]] = {
    "a step in the past": (
        drawn(screening=lambda minutes: minutes - 10**7),
        "event completion of ordinal 0, kind SCREENING_ENDED, visit 65536 at minute -9359200 is in "
        "the past (now 77760)",
    ),
    "a step scheduled twice": (
        one_number_twice,
        f"kind ROUND, visit {FINAL} at minute 1764000 is scheduled twice",
    ),
    "more rounds than maxima": (
        drawn(round_interval=lambda minutes: minutes[:2]),
        "more presidential rounds than nature.maxima.presidential_rounds",
    ),
    "passed over more often than maxima": (
        drawn(pass_over=lambda luck: luck[:, :1]),
        "a candidate was passed over more than 1 times",
    ),
    "deferred more often than maxima": (
        drawn(defer=lambda luck: luck[:, :1] * 0),
        "more than 1 visits to a committee",
    ),
    "paused more often than maxima": (
        drawn(pause_length=lambda minutes: minutes[:, :1], pause_threshold=lambda at: at * 0),
        "a project was paused more than nature.maxima.pauses (1) times",
    ),
    "more on record than the envelope holds": (
        lambda plan, world: (replace(plan, envelope_cents=10**9), world),
        "3330000000000 cents do not fit the envelope, 1000000000 left",
    ),
    "an order of nothing": (
        lambda plan, world: (plan, replace(world, units=world.units * 0)),
        "one order of at least one unit and slot is accepted",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_law_ends_both_runs_with_the_words_of_the_model(base: Given, what: str) -> None:
    change, words = BROKEN[what]
    said = []
    for simulate in (simpy, compiled):
        with pytest.raises(ModelError, match=re.escape(words)) as raised:
            simulate(*change(*base))
        said.append(str(raised.value))
    assert said[0] == said[1]


# A process of its own: compiled modules take the number over when they are imported.
TOO_MANY = """
import sys
import sim.events.turns as turns
turns.MAX_STEPS_PER_INSTANT = 5
from sim.compiled.run import simulate as compiled
from sim.config import load
from sim.engine import simulate as simpy
from sim.errors import ModelError
from sim.plan import Plan
from sim.world import draw_world
plan = Plan.of(load(sys.argv[1]).config)
world = draw_world(plan.nature, 1, 0)
for simulate in (simpy, compiled):
    try:
        simulate(plan, world)
    except ModelError as error:
        print(error)
"""


def test_a_minute_that_does_not_end_is_left(tmp_path: Path) -> None:
    """Four proposals of one day, of which nothing takes any time."""
    row = "{name: Plant, kind: project, sector: gas, announced_usd_bn: 1, "
    row += "proposed_date: 2026-01-05, source: test}"
    nothing = "{kind: constant, value: 0}"
    config = tmp_path / "at_once.yaml"
    config.write_text(
        f"""
schema: 1
extends: {MINIMAL}
sectors: {{gas: {{screening_days: {nothing}, revision_days: {nothing}}}}}
portfolio: {{projects: {{B: {row}, C: {row}, D: {row}, E: {row}}}}}
""",
        encoding="utf-8",
    )
    ran = subprocess.run(
        [sys.executable, "-c", TOO_MANY, config], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.stderr == ""
    simpys, twins = ran.stdout.splitlines()
    assert simpys == twins
    assert re.fullmatch(r"more than 5 steps in minute \d+", simpys)
