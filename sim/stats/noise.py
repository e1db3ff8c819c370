"""What replications leave uncertain when many points are run in the same worlds.

A response comes as (n_points, n_replications), or (n_points,); a column is one world, the same at
every point. What a world does to all points alike is in no difference between points: only what it
does to one point apart from the others is noise there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
import numpy.typing as npt
import scipy  # type: ignore[import-untyped, unused-ignore]

from sim.errors import DesignError
from sim.stats.arrays import numbers
from sim.stats.intervals import NOTHING, FloatArray, Interval

MOST_GROUPS = 20


@dataclass(frozen=True)
class VarianceParts:
    """Where the variance of a response over points and worlds comes from, in squared units.

    ``factors``: between points, had there been worlds without end. ``worlds``: what a world does to
    all points alike. ``noise``: what a world does to one point. ``noise_share``: of the variance
    between the means of the points, the part that is noise. An estimate may be below zero.
    """

    factors: Interval
    worlds: float
    noise: Interval
    noise_share: float


def variance_parts(y: npt.ArrayLike, confidence: float = 0.95) -> VarianceParts:
    """Separate the factors' part of the variance from that of worlds and of replication noise.

    What two worlds agree on is the factors' doing: the mean covariance, over points, of two columns
    estimates their variance without bias, whether or not points share worlds. (The variance between
    means less the variance within over n would take the common part of the worlds for noise.) The
    intervals are the jackknife's over worlds, for these points; nan below three replications.
    Points with a nan are left out. Where no point differs from another there is no variance, and no
    share of it.
    """
    values = blocks("variance_parts", y, 1)[:, 0]
    values = values[~np.isnan(values).any(axis=1)]
    n_points, n = values.shape
    if n_points < 2 or n < 2:
        return VarianceParts(NOTHING, nan, NOTHING, nan)
    if constant(values[None]):
        worlds = float(values[0].var(ddof=1)) if np.ptp(values[0]) else 0.0
        return VarianceParts(Interval(0.0, 0.0, 0.0), worlds, Interval(0.0, 0.0, 0.0), nan)
    apart = values - values.mean(axis=0)
    covariance = apart.T @ apart / (n_points - 1)  # (n, n)
    own, shared = covariance.diagonal(), covariance.sum(axis=1) - covariance.diagonal()
    factors = float(shared.sum()) / (n * (n - 1))
    noise = float(own.mean()) - factors
    half_factors = half_noise = nan
    if n > 2:
        without = (shared.sum() - 2 * shared) / ((n - 1) * (n - 2))  # (n,) each world left out
        noise_without = (own.sum() - own) / (n - 1) - without
        reach = float(scipy.special.stdtrit(n - 1, (1 + confidence) / 2)) * (n - 1) / sqrt(n)
        half_factors = reach * float(without.std(ddof=1))
        half_noise = reach * float(noise_without.std(ddof=1))
    worlds = float(values.mean(axis=0).var(ddof=1) - noise / n_points)
    of_means = factors + noise / n
    share = float(np.clip(noise / n / of_means, 0.0, 1.0)) if of_means > 0 else nan
    of_factors = Interval(factors, factors - half_factors, factors + half_factors)
    of_noise = Interval(noise, noise - half_noise, noise + half_noise)
    return VarianceParts(of_factors, worlds, of_noise, share)


def constant(values: FloatArray) -> bool:
    """Whether a response is the same at every point, world by world; (n_blocks, size, n_worlds).

    Examples
    --------
    >>> constant(np.array([[[3.0, 8.0], [3.0, 8.0]]]))
    True
    """
    flat = values.reshape(-1, values.shape[-1])
    return bool(np.all(flat == flat[:1]))


def world_error(statistic: Callable[[FloatArray], FloatArray], y: FloatArray) -> FloatArray:
    """Standard error that the worlds give to a statistic of the mean over worlds.

    Delete-a-group jackknife over at most `MOST_GROUPS` groups of worlds (Efron and Stein 1981, Ann.
    Stat. 9:586-596). ``y`` has the worlds on its last axis; the result has the shape of the
    statistic, and is 0 for a single world, which tells nothing.
    """
    n = y.shape[-1]
    if n < 2:
        return np.zeros_like(statistic(y.mean(axis=-1)))
    groups = np.array_split(np.arange(n), min(n, MOST_GROUPS))
    total = y.sum(axis=-1)
    without = np.array(
        [statistic((total - y[..., group].sum(axis=-1)) / (n - group.size)) for group in groups]
    )
    return np.asarray(without.std(axis=0, ddof=1) * (len(groups) - 1) / sqrt(len(groups)))


def blocks(where: str, y: npt.ArrayLike, size: int) -> FloatArray:
    """Responses in blocks of ``size`` points, (n_blocks, size, n_replications).

    Raises
    ------
    DesignError
        If there is an infinity, or the points make no whole number of blocks.
    """
    values = np.asarray(y, np.float64)
    values = values[:, None] if values.ndim == 1 else values
    values = numbers(where, values, "n_points", "n_replications", undefined=True)
    if len(values) % size:
        raise DesignError(f"{where}: {len(values)} points; accepted: a multiple of {size}")
    return values.reshape(-1, size, values.shape[1])
