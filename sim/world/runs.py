"""What a world has once, whatever its projects: rounds, the yen, years of shock, and courts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.calendars import minutes_from_days
from sim.config.distributions import Distribution
from sim.events import CENTS_PER_USD_BN
from sim.world.breaches import draw_courts
from sim.world.distributions import inverse
from sim.world.given import OfRuns
from sim.world.model import FloatArray, World
from sim.world.prices import yen_factors
from sim.world.public import draw_public
from sim.world.shocks import draw_shock_years
from sim.world.uniforms import KeyArray, stream_key, uniforms_of

PRESIDENT = "president"


def of_runs(runs: OfRuns, streams: KeyArray) -> dict[str, Any]:
    """All of it by name; a row for each replication."""
    interval = uniforms_of(streams, PRESIDENT, "round", runs.presidential_rounds)
    return {
        "round_interval": minutes_from_days(inverse(runs.round_interval_days, interval)),
        "round_projects": _round_sizes(runs, streams, "round_projects", runs.round_projects),
        "round_cents": _round_sizes(runs, streams, "round_usd_bn", runs.round_usd_bn)
        * CENTS_PER_USD_BN,
        "yen_factor": yen_factors(runs, streams),
        "shock_year": draw_shock_years(runs, streams),
        "public": draw_public(runs, streams),
        "court": draw_courts(runs, streams),
    }


def _round_sizes(
    runs: OfRuns, streams: KeyArray, purpose: str, law: Distribution | None
) -> FloatArray:
    """What each round takes, by its number; behind them the final round, of a key of its own."""
    rounds = runs.presidential_rounds
    if law is None:
        return np.full((len(streams), rounds + 1), np.inf)
    u = uniforms_of(streams, PRESIDENT, purpose, rounds)
    final = uniforms_of(streams, PRESIDENT, f"final_{purpose}", 1)
    return inverse(law, np.concatenate([u, final], axis=1))


def draw_runs(runs: OfRuns, worlds: Sequence[World]) -> list[World]:
    """The same worlds under other laws of what a world has once; those of projects are alike."""
    streams = np.array([stream_key(world.seed, world.replication) for world in worlds], np.uint64)
    once = of_runs(runs, streams)
    return [
        replace(world, **{name: one[number] for name, one in once.items()})
        for number, world in enumerate(worlds)
    ]
