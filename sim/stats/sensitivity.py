"""Which factors matter: Morris, Sobol' indices, rank correlation, tornado.

A response comes as (n_points, n_replications), or (n_points,); a column is one world, the same at
every point. An index is that of the mean over worlds. Its interval joins two independent errors:
that of the design, and that of the worlds (`sim.stats.noise`), unknown with one replication.
Resampling goes by keyed uniforms or a fixed seed: equal data have equal intervals.

What an interval says is put in words by `sim.stats.verdicts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from math import inf, nan, pi, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy  # type: ignore[import-untyped, unused-ignore]

from sim.errors import DesignError
from sim.stats.arrays import numbers
from sim.stats.intervals import FloatArray, Interval, mean_of_defined
from sim.stats.noise import blocks, constant, variance_parts, world_error
from sim.stats.verdicts import (
    STEADY,
    VARIES,
    WIDEST,
    Effect,
    digits,
    no_effect,
    sign_of,
    signed_effect,
    sized_effect,
    unknown,
)
from sim.world.uniforms import entity_key, stream_key, uniforms

__all__ = [
    "WIDEST", "Bar", "Effect", "digits", "largest_correlation", "morris", "rank_correlation",
    "salib", "sobol", "tornado",
]  # fmt: skip

RESAMPLES = 500
_SEED = 1  # SALib takes 0 for "any seed"


@dataclass(frozen=True)
class Bar:
    """One factor of a tornado, in the unit of the response.

    ``differences`` from the base point stand in the order of ``points``; ``swing`` is the last
    level less the first, or an only level less the base.
    """

    factor: str
    points: tuple[int, ...]
    differences: tuple[Interval, ...]
    swing: Interval
    verdict: str


def salib(module: str) -> Any:
    """Return a module of SALib.

    Raises
    ------
    DesignError
        If it cannot be imported. Names the extra that brings it.
    """
    try:
        return import_module(f"SALib.{module}")
    except ImportError as error:
        raise DesignError(
            f"SALib, which this design or analysis needs, cannot be imported ({error}); "
            "accepted: pip install 'us-japan-investment-sim[sweep]'"
        ) from None


def morris(
    factors: Sequence[str],
    unit: npt.ArrayLike,
    y: npt.ArrayLike,
    levels: int = 4,
    confidence: float = 0.95,
) -> tuple[Effect, ...]:
    """Measures mu, mu_star and sigma of the elementary effects.

    An effect is the change of the response from the lowest to the highest of a factor's levels
    (Morris 1991, Technometrics 33:161-174; mu_star: Campolongo, Cariboni and Saltelli 2007,
    Environ. Model. Softw. 22:1509-1518). Whole trajectories are resampled. Noise makes mu_star
    and sigma positive where there is no effect, so none matters that reaches down to twice what
    noise alone would give. Neither can be below 0, and so no interval of theirs is.

    ``unit`` has the uniforms of a Morris design of ``levels`` levels, (n_points, n_factors).
    Trajectories with a nan are left out. Raises DesignError for another design.
    """
    values = blocks("morris", y, len(factors) + 1)  # (n_trajectories, n_factors + 1, n_worlds)
    grid = numbers("morris: points", unit, values.shape[0] * values.shape[1], len(factors))
    moves = np.sign(np.diff(grid.reshape(*values.shape[:2], -1), axis=1))  # (n_traj., step, factor)
    if any(np.any(np.abs(moves).sum(axis=axis) != 1) for axis in (1, 2)):
        raise DesignError("morris: a step moves no or several factors; accepted: a Morris design")
    whole = ~np.isnan(values).any(axis=(1, 2))
    steps = np.einsum("tsf,tsw->ftw", moves[whole], np.diff(values[whole], axis=1))
    effects = steps * (2 * (levels - 1) / levels)  # (n_factors, n_trajectories, n_worlds)
    measures, (_, n, n_worlds) = ("mu", "mu_star", "sigma"), effects.shape
    if n < 2:
        return _nothing(factors, measures, f"{n} whole trajectories")
    keys = np.array([entity_key(f"resample {one}") for one in range(RESAMPLES)], np.uint64)
    drawn = uniforms(stream_key(_SEED, 0), keys, "trajectory", n)  # (RESAMPLES, n)
    resampled = _moments(effects.mean(axis=2)[:, (drawn * n).astype(np.intp)])
    by_design = resampled.std(axis=2, ddof=1) * sqrt(n / (n - 1))  # (3, n_factors)
    error = np.hypot(by_design, world_error(_moments, effects))
    found = _moments(effects.mean(axis=2))
    half = float(scipy.special.stdtrit(n - 1, (1 + confidence) / 2)) * error
    spread = effects.var(axis=2, ddof=1).mean(axis=1) if n_worlds > 1 else np.zeros(len(factors))
    noise = np.sqrt(spread / n_worlds)  # (n_factors,) standard deviation of noise alone
    width = 2 * float(found[1].max())
    rounding = _ROUNDING * width
    found, half = (np.where(np.abs(one) <= rounding, 0.0, one) for one in (found, half))
    rows: list[Effect] = []
    for f, factor in enumerate(factors):
        mu, size, along = (
            _around(found[m, f], half[m, f], -inf if m == 0 else 0.0) for m in range(3)
        )
        least = 2 * float(noise[f])
        rows += (
            signed_effect(factor, "mu", mu, width),
            sized_effect(factor, "mu_star", size, width, least * sqrt(2 / pi)),
            sized_effect(factor, "sigma", along, width, least, (VARIES, STEADY)),
        )
    return tuple(rows)


def sobol(
    factors: Sequence[str], y: npt.ArrayLike, second_order: bool = False, confidence: float = 0.95
) -> tuple[Effect, ...]:
    """First-order (S1) and total (ST) shares of variance, by SALib.

    Saltelli et al. (2010), Comput. Phys. Commun. 181:259-270, with SALib's bootstrap over base
    points. ``y`` belongs to a Saltelli design, ``second_order`` as the design has it. Base points
    with a nan in their block are left out. Noise adds its own share of the variance to ST, so a
    total index matters only above it. Raises DesignError for another design, or without SALib.
    """
    n_factors = len(factors)
    values = blocks("sobol", y, (2 * n_factors if second_order else n_factors) + 2)
    whole = ~np.isnan(values).any(axis=(1, 2))
    values = values[whole][:, [*range(n_factors + 1), -1]]  # A, A with column j of B, ..., B
    measures, analyze = ("S1", "ST"), salib("analyze.sobol").analyze
    problem = {"num_vars": n_factors, "names": list(factors)}

    def indices(mean: FloatArray, of: Sequence[str] = measures, resamples: int = 2) -> FloatArray:
        found = analyze(problem, mean.ravel(), False, resamples, confidence, seed=_SEED)
        return np.array([found[name] for name in of])

    if len(values) < 2:
        return _nothing(factors, measures, f"{len(values)} whole base points")
    if constant(values):
        return tuple(no_effect(factor, measure) for factor in factors for measure in measures)
    mean = values.mean(axis=2)
    of_both = indices(mean, ("S1", "ST", "S1_conf", "ST_conf"), RESAMPLES)
    z = float(scipy.special.ndtri((1 + confidence) / 2))
    half = np.hypot(of_both[2:], z * world_error(indices, values))
    noise = np.nan_to_num(variance_parts(values.reshape(-1, values.shape[2])).noise_share)
    return tuple(
        sized_effect(factor, name, _around(of_both[m, f], half[m, f]), 1.0, float(least))
        for f, factor in enumerate(factors)
        for m, (name, least) in enumerate(zip(measures, (0.0, noise), strict=True))
    )


def rank_correlation(
    factors: Sequence[str], x: npt.ArrayLike, y: npt.ArrayLike, confidence: float = 0.95
) -> tuple[Effect, ...]:
    """Spearman's rank correlation of each factor, ``x`` (n_points, n_factors), with the response.

    Fisher's z with the standard error of Bonett and Wright (2000, Psychometrika 65:23-28),
    ``sqrt((1 + r**2 / 2) / (n - 3))``. For points drawn apart (Latin hypercube, Sobol' sequence).
    Points with a nan are left out.
    """
    values = blocks("rank_correlation", y, 1)[:, 0]  # (n_points, n_worlds)
    columns = numbers("rank_correlation: points", x, len(values), len(factors))
    whole = ~np.isnan(values).any(axis=1)
    values, n = values[whole], int(whole.sum())
    if n < 4:
        return _nothing(factors, ("rank_correlation",), f"{n} whole points")
    if constant(values):
        return tuple(no_effect(factor, "rank_correlation") for factor in factors)
    ranks = [_ranks(column) for column in columns[whole].T]
    z_score, rows = float(scipy.special.ndtri((1 + confidence) / 2)), []
    for factor, rank in zip(factors, ranks, strict=True):

        def on_z(mean: FloatArray, rank: FloatArray = rank) -> FloatArray:
            return np.array([np.arctanh(np.clip(_correlation(rank, _ranks(mean)), -_ONE, _ONE))])

        centre = float(on_z(values.mean(axis=1))[0])
        design = sqrt((1 + np.tanh(centre) ** 2 / 2) / (n - 3))
        half = z_score * float(np.hypot(design, world_error(on_z, values)[0]))
        interval = Interval(*(float(np.tanh(at)) for at in (centre, centre - half, centre + half)))
        note = "the factor does not vary"
        rows.append(signed_effect(factor, "rank_correlation", interval, 2.0, note))
    return tuple(rows)


def tornado(
    factors: Sequence[str], varied: npt.ArrayLike, y: npt.ArrayLike, confidence: float = 0.95
) -> tuple[Bar, ...]:
    """Effects of one factor at a time, paired by world, the widest swing first.

    ``varied`` has the place of the factor that differs from the base at each point, -1 at the base,
    (n_points,). Worlds without a value at either point of a difference are left out of it.
    """
    values = blocks("tornado", y, 1)[:, 0]
    place = np.asarray(varied)
    if place.shape != values.shape[:1] or np.sum(place == -1) != 1:
        raise DesignError("tornado: no base point, or several; accepted: a one_at_a_time design")

    def less(point: int, other: int) -> Interval:
        return mean_of_defined(values[point] - values[other], confidence)

    base, bars = int(np.flatnonzero(place == -1)[0]), []
    for number, factor in enumerate(factors):
        points = tuple(np.flatnonzero(place == number).tolist())
        if points:
            swing = less(points[-1], points[0] if len(points) > 1 else base)
            differences = tuple(less(point, base) for point in points)
            bars.append(Bar(factor, points, differences, swing, sign_of(swing)))
    return tuple(sorted(bars, key=lambda bar: -abs(bar.swing.estimate)))


_ONE = 1 - 1e-12  # a perfect correlation on the scale of Fisher's z
_ROUNDING = 1e-12  # of the range of effects: less is what sums in floating point leave


def largest_correlation(x: npt.ArrayLike) -> tuple[float, int, int]:
    """Largest rank correlation between two columns of ``x``, by size, and the two columns.

    Examples
    --------
    >>> largest_correlation([[1, 5, 2], [2, 4, 9], [3, 3, 4]])
    (-1.0, 0, 1)
    """
    columns = np.asarray(x, np.float64).T
    ranks = [_ranks(column) for column in columns]
    found = (0.0, 0, 0)
    for one in range(len(ranks)):
        for other in range(one + 1, len(ranks)):
            between = float(np.round(_correlation(ranks[one], ranks[other]), 12))
            if abs(between) > abs(found[0]):
                found = between, one, other
    return found


def _moments(effects: FloatArray) -> FloatArray:
    """Morris's three over the last axis but, (n_factors, ..., n) to (3, n_factors, ...)."""
    mean, size = effects.mean(axis=-1), np.abs(effects).mean(axis=-1)
    return np.array([mean, size, effects.std(axis=-1, ddof=1)])


def _ranks(x: FloatArray) -> FloatArray:
    """Ranks from 1, equal values sharing the mean of theirs."""
    _, place, counts = np.unique(x, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[place])


def _correlation(x: FloatArray, y: FloatArray) -> float:
    dx, dy = x - x.mean(), y - y.mean()
    size = sqrt(float(dx @ dx) * float(dy @ dy))
    return float(dx @ dy) / size if size else nan


def _around(estimate: float, half_width: float, least: float = -inf) -> Interval:
    at, low, high = (float(estimate + side * half_width) for side in (0, -1, 1))
    return Interval(at, max(low, least), high)


def _nothing(factors: Sequence[str], measures: Sequence[str], why: str) -> tuple[Effect, ...]:
    return tuple(unknown(factor, measure, why) for factor in factors for measure in measures)
