"""Bands over time: the median of the replications and the middle 90 % of them, month by month."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.stats.arrays import numbers
from sim.stats.intervals import FloatArray, percentile_needs


def can_band(n: int) -> bool:
    """Whether ``n`` replications support a 5-95 % band: at least 20, or the band is the extremes.

    Examples
    --------
    >>> can_band(19), can_band(20)
    (False, True)
    """
    return n >= percentile_needs(0.05)


def bands(values: npt.ArrayLike) -> dict[str, FloatArray]:
    """Median and 5-95 % percentiles of the replications at each time, one time by itself.

    The band holds 90 % of the values of a month; it is no confidence band, and no single
    replication need follow one of its lines. Percentiles are those of
    `sim.stats.intervals.percentile`, except that the median of one replication is its own path.

    Parameters
    ----------
    values : array_like, (n_replications, n_times), any unit, finite

    Returns
    -------
    dict
        ``p05``, ``median`` and ``p95``, each (n_times,) in the unit of ``values``. ``p05`` and
        ``p95`` are nan when not ``can_band(n_replications)``; all three without replications.

    Raises
    ------
    DesignError
        If ``values`` has another shape or holds a number that is not finite.

    Examples
    --------
    >>> bands([[0.0, 4.0], [2.0, 8.0]])["median"]
    array([1., 6.])
    """
    paths = numbers("bands", values, "n_replications", "n_times")
    n_replications, n_times = paths.shape
    nothing = np.full(n_times, np.nan)
    low, high = nothing, nothing.copy()
    if can_band(n_replications):
        low, high = np.quantile(paths, [0.05, 0.95], axis=0)
    median = np.median(paths, axis=0) if n_replications else nothing.copy()
    return {"p05": low, "median": median, "p95": high}
