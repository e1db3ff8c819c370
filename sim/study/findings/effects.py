"""Which factors of a finished sweep matter, by the method that its design allows.

Saltelli: Sobol' indices. Morris: elementary effects. One at a time: tornado. Latin hypercube and
Sobol' sequence: rank correlation. Grid: each level against the factor's first, averaged over the
levels of all others, paired world by world. A table of points has no design to read effects from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.errors import DesignError
from sim.stats.intervals import FloatArray, mean_of_defined
from sim.stats.noise import VarianceParts, variance_parts
from sim.stats.sensitivity import (
    Bar,
    largest_correlation,
    morris,
    rank_correlation,
    sobol,
    tornado,
)
from sim.stats.verdicts import Effect, digits, sign_of, signed_effect
from sim.study.findings.sweep_results import SweepTables

METHODS = {
    "saltelli": "Sobol' indices: share of the variance over the factors' ranges",
    "morris": "elementary effects, scaled to a step from a factor's lowest level to its highest",
    "one_at_a_time": "each factor's last level against its first (an only level against the base), "
    "all other factors at the base, paired by world",
    "latin_hypercube": "Spearman's rank correlation with the response",
    "sobol": "Spearman's rank correlation with the response",
    "grid": "each level against the factor's first, which need not be the base's, averaged over "
    "the levels of all other factors, paired by world",
}
EFFECT_COLUMNS = (
    "response", "factor", "measure", "estimate", "low", "high", "verdict", "decided",
    "too_imprecise", "note",
)  # fmt: skip
MOST_CORRELATED = 0.2  # of two factors; above it one can be taken for the other
_SPREAD_DESIGNS = ("latin_hypercube", "sobol")


@dataclass(frozen=True)
class Found:
    """What one response says."""

    response: str
    effects: tuple[Effect, ...]
    variance: VarianceParts


def sensitivity(
    sweep: SweepTables, responses: Sequence[str], confidence: float = 0.95
) -> list[Found]:
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


def _effects(sweep: SweepTables, kind: str, y: FloatArray, confidence: float) -> Iterator[Effect]:
    factors, settings = sweep.factors, sweep.manifest["settings"]
    match kind:
        case "saltelli":
            yield from sobol(factors, y, settings["second_order"], confidence)
        case "morris":
            yield from morris(factors, _unit(sweep), y, settings["levels"], confidence)
        case "one_at_a_time":
            bars = tornado(factors, sweep.design["varied"].to_numpy(), y, confidence)
            yield from _in_scale([_swing(sweep, bar) for bar in bars])
        case "grid":
            yield from _in_scale(list(_levels(sweep, y, confidence)))
        case _:
            yield from rank_correlation(factors, _unit(sweep), y, confidence)


def _in_scale(effects: Sequence[Effect]) -> Iterator[Effect]:
    """The same, each said to be imprecise when it is so against the largest of them."""
    sizes = np.abs([one.interval.estimate for one in effects])
    width = 2 * float(np.nanmax(sizes, initial=0.0))
    for one in effects:
        found = signed_effect(one.factor, one.measure, one.interval, width)
        yield replace(found, note="; ".join(filter(None, (found.note, one.note))))


def correlated(factors: Sequence[str], unit: FloatArray | None, kind: str) -> str:
    """What to be told of factors that vary together in a design of points drawn apart."""
    if unit is None or kind not in _SPREAD_DESIGNS or len(unit) < 3:
        return ""
    size, one, other = largest_correlation(unit)
    if abs(size) <= MOST_CORRELATED:
        return ""
    return (
        f"{factors[one]} and {factors[other]} have a rank correlation of {size:.2f} in this "
        "design, so an effect of one shows as one of the other too; more points lower it"
    )


def correlated_factors(sweep: SweepTables) -> str:
    """The same of a finished sweep, by the labels of its factors."""
    kind, said = sweep.manifest["design"], sweep.manifest["factors"]
    labels = [said[name]["label"] for name in sweep.factors]
    return correlated(labels, _unit(sweep) if kind in _SPREAD_DESIGNS else None, kind)


def _unit(sweep: SweepTables) -> FloatArray:
    names = [f"unit:{factor}" for factor in sweep.factors]
    return np.asarray(sweep.design[names].to_numpy(), np.float64)


def _names(sweep: SweepTables, factor: str) -> list[str]:
    """Levels by name; large numbers with their thousands set apart, but no year."""
    names = sweep.manifest["factors"][factor]["levels"]
    return [f"{int(name):,}" if name.isdecimal() and len(name) > 4 else name for name in names]


def _swing(sweep: SweepTables, bar: Bar) -> Effect:
    names = _names(sweep, bar.factor)
    if not names:  # a distribution stands for two of its quantiles
        names = [digits(value) for value in sweep.design[bar.factor].iloc[list(bar.points)]]
    measure = f"{names[-1]} against {names[0] if len(names) > 1 else 'the base'}"
    return Effect(bar.factor, measure, bar.swing, bar.verdict, note=_at_base(sweep, bar, names))


def _at_base(sweep: SweepTables, bar: Bar, names: Sequence[str]) -> str:
    """Where the base stands among the levels compared; a level may spell its value differently."""
    if len(names) < 2:
        return ""
    hashes, base = sweep.design["config_hash"].tolist(), sweep.design["varied"].tolist().index(-1)
    own = [hashes[point] for point in bar.points]
    if hashes[base] in own:
        return f"base: {names[own.index(hashes[base])]}"
    value = sweep.design[bar.factor].iloc[base]
    is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    return f"base: {digits(float(value), 5)}" if is_number else "neither is the base"


def _levels(sweep: SweepTables, y: FloatArray, confidence: float) -> Iterator[Effect]:
    """Main effects of a whole grid: its points are all there are, so only worlds are uncertain."""
    for factor in sweep.factors:
        column = sweep.design[factor].tolist()
        names = _names(sweep, factor)
        values = list(dict.fromkeys(column))
        at = [np.array([one == value for one in column]) for value in values]
        for level, name in zip(range(1, len(values)), names[1:], strict=True):
            difference = y[at[level]].mean(axis=0) - y[at[0]].mean(axis=0)  # (n_replications,)
            interval = mean_of_defined(difference, confidence)
            measure = f"{name} against {names[0]}"
            yield Effect(factor, measure, interval, sign_of(interval))


def effect_rows(found: Sequence[Found]) -> list[dict[str, Any]]:
    """Rows of ``sensitivity.csv``."""
    return [
        {"response": one.response, "factor": effect.factor, "measure": effect.measure}
        | effect.interval._asdict()
        | {name: getattr(effect, name) for name in EFFECT_COLUMNS[6:]}
        for one in found
        for effect in one.effects
    ]


def variance_rows(found: Sequence[Found]) -> list[dict[str, Any]]:
    """Rows of ``variance.csv``: the factors' part of the variance apart from the worlds'."""
    return [
        {
            "response": one.response,
            **one.variance.factors.named("factors"),
            "worlds": one.variance.worlds,
            **one.variance.noise.named("noise"),
            "noise_share_of_means": one.variance.noise_share,
        }
        for one in found
    ]
