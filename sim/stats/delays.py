"""Days of delay by cause: means over pooled projects, ranges over replications."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.errors import DesignError
from sim.stats.arrays import numbers
from sim.stats.bands import bands, can_band
from sim.stats.intervals import FloatArray, Interval, mean_interval


class MeanDelays(NamedTuple):
    """Mean days of some projects by cause, and of all causes together.

    Attributes
    ----------
    days : FloatArray
        (n_causes,) mean days; they add up to ``total.estimate``. nan without projects.
    total : Interval
        Mean of the projects' sums, days, with its 95 % limits.
    n, n_censored : int
        How many projects, and how many of them were not finished.
    """

    days: FloatArray
    total: Interval
    n: int
    n_censored: int


class Ranges(NamedTuple):
    """Where the values of each column lie.

    Attributes
    ----------
    low, median, high : FloatArray
        (n_columns,); ``low`` and ``high`` are the 5 % and 95 % percentiles, or least and largest
        value when there are too few values for those. All nan without values.
    percentiles : bool
        Whether there were enough.
    """

    low: FloatArray
    median: FloatArray
    high: FloatArray
    percentiles: bool


def mean_delays(days: npt.ArrayLike, cluster: npt.ArrayLike, censored: npt.ArrayLike) -> MeanDelays:
    """Mean days by cause of projects pooled from several replications.

    Projects of one replication share a world, so the limits of the total rest on the spread between
    replications, see `sim.stats.intervals.mean_interval`. A project that was not finished counts
    with its days so far: the mean of those that take longest is too low by what is still to come.

    Parameters
    ----------
    days : array_like, (n_projects, n_causes), days, finite
    cluster : array_like, (n_projects,)
        Replication of each project.
    censored : array_like of bool, (n_projects,)

    Raises
    ------
    DesignError
        If the shapes do not belong together or a number is not finite.

    Examples
    --------
    >>> found = mean_delays([[10.0, 20.0], [30.0, -10.0]], [0, 1], [False, True])
    >>> found.days, found.total.estimate, found.n_censored
    (array([20.,  5.]), 25.0, 1)
    """
    values = numbers("mean_delays", days, "n_projects", "n_causes")
    groups, cut = np.asarray(cluster), np.asarray(censored, dtype=np.bool_)
    if groups.shape != (len(values),) or cut.shape != (len(values),):
        raise DesignError(
            f"mean_delays: days of shape {values.shape}, cluster of {groups.shape}, censored of "
            f"{cut.shape}; accepted: (n_projects, n_causes) and twice (n_projects,)"
        )
    means = values.mean(axis=0) if len(values) else np.full(values.shape[1], np.nan)
    total = mean_interval(values.sum(axis=1), cluster=groups)
    return MeanDelays(means, total, len(values), int(cut.sum()))


def ranges(values: npt.ArrayLike) -> Ranges:
    """Median and range of each column over replications; below 20 of them the whole range.

    Parameters
    ----------
    values : array_like, (n_replications, n_columns), any unit, finite

    Raises
    ------
    DesignError
        If ``values`` has another shape or holds a number that is not finite.

    Examples
    --------
    >>> ranges([[1.0], [2.0], [6.0]])
    Ranges(low=array([1.]), median=array([2.]), high=array([6.]), percentiles=False)
    """
    paths = numbers("ranges", values, "n_replications", "n_columns")
    found = bands(paths)
    if can_band(len(paths)):
        return Ranges(found["p05"], found["median"], found["p95"], True)
    nothing = np.full(paths.shape[1], np.nan)
    low, high = (paths.min(axis=0), paths.max(axis=0)) if len(paths) else (nothing, nothing.copy())
    return Ranges(low, found["median"], high, False)
