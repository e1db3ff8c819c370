"""When something happens, over replications in some of which it never does.

A date told only of those in which it happened would be too early, and the earlier the fewer there
are: of a project that half of all replications never finish, the median date does not exist. So
these count every replication, and "never, or after the run" is one of the answers.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil, nan

import numpy as np
from numpy.typing import NDArray

from sim.stats.intervals import FloatArray

EPOCH = date(1970, 1, 1)
_MS_PER_DAY = 86_400_000


def day_numbers(dates: NDArray[np.datetime64]) -> FloatArray:
    """Days since 1970, with their fractions; nan where it does not happen.

    Examples
    --------
    >>> day_numbers(np.array(["1970-01-02T12:00", "NaT"], "datetime64[ms]")).tolist()
    [1.5, nan]
    """
    days = dates.astype("datetime64[ms]").astype(np.int64) / _MS_PER_DAY
    days[np.isnat(dates)] = nan
    return days


def day_of(number: float) -> date:
    """The date of a day number."""
    return EPOCH + timedelta(int(number))


def reached_by(days: FloatArray, share: float) -> float:
    """Day by which a share of all replications have it.

    Parameters
    ----------
    days : FloatArray
        (n,), a day number, nan where it does not happen.
    share : float
        Above 0, at most 1.

    Returns
    -------
    float
        The least day that so many have reached; nan when too few ever do.

    Examples
    --------
    >>> reached_by(np.array([10.0, nan, 30.0, 20.0]), 0.5), reached_by(np.array([1.0, nan]), 0.8)
    (20.0, nan)
    """
    needed = max(ceil(share * len(days) - 1e-9), 1)
    there = np.sort(days[~np.isnan(days)])
    return float(there[needed - 1]) if len(there) >= needed else nan


def share_by(days: FloatArray, ends: FloatArray) -> FloatArray:
    """Share of all replications that have it on each day of ``ends`` or before.

    Examples
    --------
    >>> share_by(np.array([10.0, nan, 30.0, 20.0]), np.array([9.0, 10.0, 40.0])).tolist()
    [0.0, 0.25, 0.75]
    """
    there = np.sort(days[~np.isnan(days)])
    counts = np.searchsorted(there, ends, side="right")
    return np.asarray(counts / max(len(days), 1), dtype=np.float64)
