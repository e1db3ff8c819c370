"""Overlays against the capacities of a config: each without limit, and each step against it."""

from __future__ import annotations

from sim.config import Loaded
from sim.config.limits import capacities, laid_on
from sim.errors import DesignError
from sim.study.design.named_overlays import Overlay

STEP = "step "  # what the name of a step's overlay begins with


def without_limit(base: Loaded) -> dict[str, Overlay]:
    """Each capacity without limit, by its name."""
    return {name: one.lifted for name, one in capacities(base.config).items()}


def steps_against(base: Loaded) -> dict[str, Overlay]:
    """Each step against a capacity that is there, by `STEP` and its name.

    Raises
    ------
    DesignError
        If one adds to a number that the config has not.
    """
    there = capacities(base.config)
    found: dict[str, Overlay] = {}
    for name, step in base.config.report.steps.items():
        if step.capacity not in there:
            continue  # nothing to buy where there is no limit
        try:
            found[STEP + name] = laid_on(base.tree, step.overlay)
        except DesignError as error:
            raise DesignError(f"report.steps.{name}.overlay.{error}") from None
    return found
