"""Which engine simulates: SimPy, or the same activities compiled. No result depends on it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.built import fault
from sim.config.schema import Config
from sim.errors import DesignError

if TYPE_CHECKING:
    from sim.events import Replication

SIMPY, COMPILED, AUTO = "simpy", "compiled", "auto"
CHOICES = (AUTO, SIMPY, COMPILED)
ASKED = "SimPy was asked for"
LONGEST = 60 * 365  # days
VARIABLE = "SIM_ENGINE"  # of the environment, so that workers choose as their driver does

Simulate = Callable[..., "Replication"]  # of a plan, a world and whether it is `traced`


@contextmanager
def using(choice: str | None) -> Iterator[None]:
    """Within it the engine of this name is used; None leaves the choice as it is."""
    before = os.environ.get(VARIABLE)
    if choice is not None:
        os.environ[VARIABLE] = choice
    try:
        yield
    finally:
        if choice is not None:
            os.environ.pop(VARIABLE, None)  # another thread may have been here
            if before is not None:
                os.environ[VARIABLE] = before


def engine_of(config: Config) -> tuple[str, str]:
    """The engine that simulates a config, and why it is not the compiled one.

    Raises
    ------
    DesignError
        If the compiled engine is asked for and cannot be used, or there is no such engine.
    """
    choice = os.environ.get(VARIABLE, AUTO)
    if choice not in CHOICES:
        raise DesignError(f"engine {choice!r} is none; accepted: {', '.join(CHOICES)}")
    if choice == SIMPY:
        return SIMPY, ASKED
    why = _not_of_this(config) or fault()
    if not why:
        return COMPILED, ""
    if choice == COMPILED:
        raise DesignError(f"the compiled engine cannot run this: {why}; accepted: auto, simpy")
    return SIMPY, why


def _not_of_this(config: Config) -> str:
    """Why a config is none for the compiled engine, whose work is counted in 64 bits."""
    if config.rule_files:
        return "a rule file of the user's own runs on SimPy"
    if (config.programme.run_out - config.programme.start).days > LONGEST:
        return "a run of more than 60 years counts work beyond 64 bits"
    return ""


def simulate_with(engine: str) -> Simulate:
    """The engine of this name."""
    if engine == COMPILED:
        from sim.compiled.run import simulate as compiled

        return compiled
    from sim.engine import simulate

    return simulate
