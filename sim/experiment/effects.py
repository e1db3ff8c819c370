"""Which factors of a finished sweep matter, by the method that its design allows.

Saltelli: Sobol' indices. Morris: elementary effects. One at a time: tornado. Latin hypercube and
Sobol' sequence: rank correlation. Grid: each level against the factor's first, averaged over the
levels of all others, paired world by world. A table of points has no design to read effects from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import DesignError
from sim.experiment.sweep_results import Sweep
from sim.stats.intervals import FloatArray, Interval, mean_interval
from sim.stats.noise import VarianceParts, variance_parts
from sim.stats.sensitivity import (
    Bar,
    Effect,
    claimed_sign,
    digits,
    morris,
    rank_correlation,
    sobol,
    tornado,
)

METHODS = {
    "saltelli": "Sobol' indices: share of the variance over the factors' ranges",
    "morris": "elementary effects from a factor's lowest level to its highest",
    "one_at_a_time": "tornado: last level against first, all else at the base, paired by world",
    "latin_hypercube": "Spearman's rank correlation with the response",
    "sobol": "Spearman's rank correlation with the response",
    "grid": "levels against the factor's first, averaged over all others, paired by world",
}


@dataclass(frozen=True)
class Found:
    """What one response says."""

    response: str
    effects: tuple[Effect, ...]
    variance: VarianceParts


def sensitivity(sweep: Sweep, responses: Sequence[str], confidence: float = 0.95) -> list[Found]:
    """Effects of every factor on each response.

    Raises
    ------
    DesignError
        If the design allows no such analysis, or a response is unknown.
    """
    kind = sweep.manifest["design"]
    if kind not in METHODS:
        raise DesignError(
            f"{sweep.folder} holds a design of kind {kind}, from which no effects can be read; "
            f"accepted: {', '.join(METHODS)}"
        )
    found = []
    for response in responses:
        y = sweep.response(response)
        effects = tuple(_effects(sweep, kind, y, confidence))
        found.append(Found(response, effects, variance_parts(y, confidence)))
    return found


def _effects(sweep: Sweep, kind: str, y: FloatArray, confidence: float) -> Iterator[Effect]:
    factors, settings = sweep.factors, sweep.manifest["settings"]
    match kind:
        case "saltelli":
            yield from sobol(factors, y, settings["second_order"], confidence)
        case "morris":
            yield from morris(factors, _unit(sweep), y, settings["levels"], confidence)
        case "one_at_a_time":
            for bar in tornado(factors, sweep.design["varied"].to_numpy(), y, confidence):
                yield _swing(sweep, bar)
        case "grid":
            yield from _levels(sweep, y, confidence)
        case _:
            yield from rank_correlation(factors, _unit(sweep), y, confidence)


def _unit(sweep: Sweep) -> FloatArray:
    names = [f"unit:{factor}" for factor in sweep.factors]
    return np.asarray(sweep.design[names].to_numpy(), np.float64)


def _swing(sweep: Sweep, bar: Bar) -> Effect:
    names = sweep.manifest["factors"][bar.factor]["levels"]
    if not names:  # a distribution stands for two of its quantiles
        names = [digits(value) for value in sweep.design[bar.factor].iloc[list(bar.points)]]
    measure = f"{names[-1]} against {names[0] if len(names) > 1 else 'the base'}"
    return Effect(bar.factor, measure, bar.swing, bar.claim, bar.withheld)


def _levels(sweep: Sweep, y: FloatArray, confidence: float) -> Iterator[Effect]:
    """Main effects of a whole grid: its points are all there are, so only worlds are uncertain."""
    for factor in sweep.factors:
        column = sweep.design[factor].tolist()
        names = sweep.manifest["factors"][factor]["levels"]
        values = list(dict.fromkeys(column))
        at = [np.array([one == value for one in column]) for value in values]
        for level, name in zip(range(1, len(values)), names[1:], strict=True):
            d = y[at[level]].mean(axis=0) - y[at[0]].mean(axis=0)  # (n_replications,)
            d = d[~np.isnan(d)]
            interval = mean_interval(d, confidence) if d.size else Interval(np.nan, np.nan, np.nan)
            measure = f"{name} against {names[0]}"
            yield Effect(factor, measure, interval, *claimed_sign(interval))


def effect_rows(found: Sequence[Found]) -> list[dict[str, Any]]:
    """Rows of ``sensitivity.csv``."""
    return [
        {
            "response": one.response,
            "factor": effect.factor,
            "measure": effect.measure,
            "estimate": effect.interval.estimate,
            "low": effect.interval.low,
            "high": effect.interval.high,
            "claim": effect.claim,
            "withheld": effect.withheld,
        }
        for one in found
        for effect in one.effects
    ]


def variance_rows(found: Sequence[Found]) -> list[dict[str, Any]]:
    """Rows of ``variance.csv``: the factors' part of the variance apart from the worlds'."""
    return [
        {
            "response": one.response,
            "factors": one.variance.factors.estimate,
            "factors_low": one.variance.factors.low,
            "factors_high": one.variance.factors.high,
            "worlds": one.variance.worlds,
            "noise": one.variance.noise.estimate,
            "noise_low": one.variance.noise.low,
            "noise_high": one.variance.noise.high,
            "noise_share_of_means": one.variance.noise_share,
        }
        for one in found
    ]
