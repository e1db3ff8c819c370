"""Both engines on the same worlds, and what they leave in words where it differs.

The twin is compiled where it was built of the source that is there, else it is that source.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any

from support.generated_configs import SECTIONS, Tree, _tree, served

from sim.built import FROM_SOURCE, fault
from sim.compiled.run import simulate as compiled
from sim.config import Config, from_tree
from sim.engine import simulate as simpy
from sim.errors import ConfigError, ModelError
from sim.events import Replication
from sim.plan import Plan
from sim.study.findings.engines import differences
from sim.study.run.collector import garbage_left
from sim.world import World, draw_world, pin_history

TWIN = f"the twin is its plain source: {fault()}" if fault() else "the twin is compiled"
EXCUSES = ("SIM_NO_COMPILED", FROM_SOURCE)  # of the environment: no build is due

Left = Replication | str  # a replication, or the words of the law that broke


def left_by(simulate: Any, plan: Plan, world: World) -> Left:
    """What an engine leaves."""
    try:
        left: Replication = simulate(plan, world)
    except ModelError as error:
        return str(error)
    return left


def told(simpys: Left, twins: Left, plan: Plan) -> str:
    """Nothing where both are equal to the bit; else the first event that differs, by both."""
    if isinstance(simpys, str) or isinstance(twins, str):
        words = [one if isinstance(one, str) else "ran to its end" for one in (simpys, twins)]
        return "" if words[0] == words[1] else f"SimPy: {words[0]}\ntwin: {words[1]}"
    for one in differences(simpys, twins, plan.nature.epoch):
        return "\n".join((one.where, "SimPy:", *one.simpy, "twin:", *one.compiled))
    return ""


def unlike(config: Config, replications: int = 1, seed: int = 7) -> Iterator[str]:
    """What is told of each replication that differs."""
    plan = Plan.of(config)
    for number in range(replications):
        with garbage_left():
            world = pin_history(plan.nature, draw_world(plan.nature, seed, number))
            said = told(left_by(simpy, plan, world), left_by(compiled, plan, world), plan)
        if said:
            yield f"replication {number} ({TWIN}): {said}"


def is_due() -> bool:
    """Whether a build must be there: nobody runs the tests of CI without."""
    return bool(os.environ.get("CI")) and not any(os.environ.get(name) for name in EXCUSES)


def drawn_tree(seed: int) -> Tree:
    """A generated config of a seed, as a plain tree.

    As hypothesis makes them, without its search; in every second, half the choices are the
    plainest.
    """
    rng = random.Random(seed)
    choices = {name: rng.randbytes(size) for name, size in SECTIONS.items()}
    if seed % 2:
        choices = {
            name: bytes(byte * rng.randrange(2) for byte in chosen)
            for name, chosen in choices.items()
        }
    return _tree(choices)


def config_of(tree: Tree) -> Config:
    """Its config, with people and power enough that nobody waits for ever."""
    try:
        return from_tree(tree)
    except ConfigError:
        return from_tree(served(tree))
