"""Which factors matter: Morris, Sobol' indices, rank correlation, tornado.

A response comes as (n_points, n_replications), or (n_points,); a column is one world, the same at
every point. An index is that of the mean over worlds. Its interval joins two independent errors:
that of the design, and that of the worlds (`sim.stats.noise`), unknown with one replication.
Resampling goes by keyed uniforms or a fixed seed: equal data have equal intervals.

A claim is a sentence that may be quoted. It is withheld while its interval is wider than `WIDEST`
of the range the measure can take: 0 to 1 for a share of variance, -1 to 1 for a correlation, plus
and minus the largest effect for Morris.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from math import inf, isnan, nan, pi, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special  # type: ignore[import-untyped, unused-ignore]

from sim.errors import DesignError
from sim.stats.intervals import FloatArray, Interval, mean_interval
from sim.stats.noise import blocks, world_error
from sim.world.uniforms import entity_key, stream_key, uniforms

WIDEST = 0.2
RESAMPLES = 500
_SEED = 1  # SALib takes 0 for "any seed"


@dataclass(frozen=True)
class Effect:
    """One measure of one factor; either ``claim`` or ``withheld``, the reason, is empty."""

    factor: str
    measure: str
    interval: Interval
    claim: str
    withheld: str


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
    claim: str
    withheld: str


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
    positive where there is no effect, so none is claimed that reaches down to twice what noise
    alone would give. Neither mu_star nor sigma can be below 0, and so no interval of theirs is.

    ``unit`` has the uniforms of a Morris design of ``levels`` levels, (n_points, n_factors).
    Trajectories with a nan are left out. Raises DesignError for another design.
    """
    values = blocks("morris", y, len(factors) + 1)  # (n_trajectories, n_factors + 1, n_worlds)
    grid = _matrix("morris", unit, values.shape[0] * values.shape[1], len(factors))
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
    half = float(special.stdtrit(n - 1, (1 + confidence) / 2)) * error
    spread = effects.var(axis=2, ddof=1).mean(axis=1) if n_worlds > 1 else np.zeros(len(factors))
    noise = np.sqrt(2 / pi * spread / n_worlds)  # (n_factors,) mean size of noise alone
    largest, rows = float(found[1].max()), []
    for f, factor in enumerate(factors):
        for m, measure in enumerate(measures):
            interval = _around(found[m, f], half[m, f], -inf if measure == "mu" else 0.0)
            sentence = _SENTENCES[measure].format(_words(interval))
            withheld = _too_wide(interval, 2 * largest)
            if not withheld and measure == "mu_star" and interval.low <= 2 * noise[f] > 0:
                withheld = f"not above twice {digits(noise[f])}, what replication noise alone gives"
            rows.append(_effect(factor, measure, interval, sentence, withheld))
    return tuple(rows)


def sobol(
    factors: Sequence[str], y: npt.ArrayLike, second_order: bool = False, confidence: float = 0.95
) -> tuple[Effect, ...]:
    """First-order (S1) and total (ST) shares of variance, by SALib.

    Saltelli et al. (2010), Comput. Phys. Commun. 181:259-270, with SALib's bootstrap over base
    points. ``y`` belongs to a Saltelli design, ``second_order`` as the design has it. Base points
    with a nan in their block are left out. Raises DesignError for another design, or without SALib.
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

    if len(values) < 2 or np.ptp(values.mean(axis=2)) == 0:
        return _nothing(factors, measures, f"no variance between {len(values)} whole base points")
    mean = values.mean(axis=2)
    of_both = indices(mean, ("S1", "ST", "S1_conf", "ST_conf"), RESAMPLES)
    z = float(special.ndtri((1 + confidence) / 2))
    half = np.hypot(of_both[2:], z * world_error(indices, values))
    rows = []
    for f, factor in enumerate(factors):
        for m, measure in enumerate(measures):
            interval = _around(of_both[m, f], half[m, f])
            sentence = _SENTENCES[measure].format(_words(interval))
            rows.append(_effect(factor, measure, interval, sentence, _too_wide(interval, 1.0)))
    return tuple(rows)


def rank_correlation(
    factors: Sequence[str], x: npt.ArrayLike, y: npt.ArrayLike, confidence: float = 0.95
) -> tuple[Effect, ...]:
    """Spearman's rank correlation of each factor, ``x`` (n_points, n_factors), with the response.

    Fisher's z with the standard error of Bonett and Wright (2000, Psychometrika 65:23-28),
    ``sqrt((1 + r**2 / 2) / (n - 3))``. For points drawn apart (Latin hypercube, Sobol' sequence).
    Points with a nan are left out.
    """
    values = blocks("rank_correlation", y, 1)[:, 0]  # (n_points, n_worlds)
    columns = _matrix("rank_correlation", x, len(values), len(factors))
    whole = ~np.isnan(values).any(axis=1)
    values, n = values[whole], int(whole.sum())
    if n < 4:
        return _nothing(factors, ("rank_correlation",), f"{n} whole points")
    ranks = [_ranks(column) for column in columns[whole].T]
    z_score, rows = float(special.ndtri((1 + confidence) / 2)), []
    for factor, rank in zip(factors, ranks, strict=True):

        def on_z(mean: FloatArray, rank: FloatArray = rank) -> FloatArray:
            return np.array([np.arctanh(np.clip(_correlation(rank, _ranks(mean)), -_ONE, _ONE))])

        centre = float(on_z(values.mean(axis=1))[0])
        design = sqrt((1 + np.tanh(centre) ** 2 / 2) / (n - 3))
        half = z_score * float(np.hypot(design, world_error(on_z, values)[0]))
        interval = Interval(*(float(np.tanh(at)) for at in (centre, centre - half, centre + half)))
        way = "rises" if interval.low > 0 else "falls" if interval.high < 0 else "does not turn"
        sentence = f"the response {way} with it: rank correlation {_words(interval)}"
        withheld = _too_wide(interval, 2.0)
        rows.append(_effect(factor, "rank_correlation", interval, sentence, withheld))
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
        d = values[point] - values[other]
        return mean_interval(d[~np.isnan(d)], confidence)

    base, bars = int(np.flatnonzero(place == -1)[0]), []
    for number, factor in enumerate(factors):
        points = tuple(np.flatnonzero(place == number).tolist())
        if points:
            swing = less(points[-1], points[0] if len(points) > 1 else base)
            differences = tuple(less(point, base) for point in points)
            bars.append(Bar(factor, points, differences, swing, *claimed_sign(swing)))
    return tuple(sorted(bars, key=lambda bar: -abs(bar.swing.estimate)))


_ONE = 1 - 1e-12  # a perfect correlation on the scale of Fisher's z
_SENTENCES = {
    "mu": "changes the response by {} over its levels",
    "mu_star": "moves the response by {} over its levels, up or down",
    "sigma": "its effect varies by {} along its levels or with other factors",
    "S1": "alone explains {} of the variance",
    "ST": "takes part in {} of the variance",
}


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


def _matrix(where: str, x: npt.ArrayLike, n_points: int, n_factors: int) -> FloatArray:
    values = np.asarray(x, np.float64)
    if values.shape != (n_points, n_factors):
        raise DesignError(
            f"{where}: points of shape {values.shape}; accepted: {(n_points, n_factors)}, as the "
            "responses and the factors are"
        )
    return values


def _around(estimate: float, half_width: float, least: float = -inf) -> Interval:
    at, low, high = (float(estimate + side * half_width) for side in (0, -1, 1))
    return Interval(at, max(low, least), high)


def digits(value: float, count: int = 3) -> str:
    """A number by its first ``count`` digits, never as 1.31e+06."""
    return f"{float(f'{value:.{count}g}'):,.10g}"


def _words(interval: Interval) -> str:
    said = (f"{at:,.0f}" if abs(at) >= 1000 else digits(at) for at in interval)
    return "{} ({} to {})".format(*said)


def claimed_sign(interval: Interval) -> tuple[str, str]:
    """The claim of an effect whose sign is decided, and why there is none; one is empty."""
    if interval.low > 0 or interval.high < 0:
        return f"moves the response by {_words(interval)}", ""
    return "", f"its sign is not decided: {_words(interval)}"


def _too_wide(interval: Interval, scale: float) -> str:
    """Why there is no claim, empty if there is one."""
    width = interval.high - interval.low
    if isnan(width):
        return "no interval: the response, or the factor, does not vary"
    if width <= WIDEST * scale:
        return ""
    return f"{_words(interval)} is wider than {digits(WIDEST * scale)}"


def _effect(factor: str, measure: str, interval: Interval, claim: str, withheld: str) -> Effect:
    return Effect(factor, measure, interval, "" if withheld else claim, withheld)


def _nothing(factors: Sequence[str], measures: Sequence[str], why: str) -> tuple[Effect, ...]:
    unknown = Interval(nan, nan, nan)
    return tuple(Effect(f, measure, unknown, "", why) for f in factors for measure in measures)
