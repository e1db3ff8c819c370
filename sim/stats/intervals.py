"""Confidence intervals by type of number, and percentiles only where the sample supports them.

Student t for means, Wilson for probabilities, order statistics for percentiles, Kaplan-Meier for
durations that the end of a run cuts off. What n cannot support is nan. Nothing here draws a random
number. Every bad argument raises `sim.errors.DesignError`.

Subjects pooled from several replications are not independent. Given ``cluster``, the spread is
taken between clusters (replications), with t on clusters - 1 degrees of freedom in place of the
normal (Cameron and Miller 2015, J. Human Resources 50:317-372).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isnan, log, nan, sqrt
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import scipy  # type: ignore[import-untyped, unused-ignore]

from sim.errors import DesignError
from sim.stats.arrays import numbers

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]

_ROUNDING = 1e-9  # slack for tails and survival products that equal a level but for rounding


class Interval(NamedTuple):
    """An estimate between two confidence limits, in its unit; what n cannot support is nan."""

    estimate: float
    low: float
    high: float

    def named(self, name: str) -> dict[str, float]:
        """The three numbers as cells of a table.

        Examples
        --------
        >>> Interval(2.0, 1.0, 3.0).named("paid")
        {'paid': 2.0, 'paid_low': 1.0, 'paid_high': 3.0}
        """
        return {name: self.estimate, f"{name}_low": self.low, f"{name}_high": self.high}


NOTHING = Interval(nan, nan, nan)


def mean_of_defined(x: npt.ArrayLike, confidence: float = 0.95) -> Interval:
    """`mean_interval` of the values that are not nan.

    Examples
    --------
    >>> mean_of_defined([1.0, nan, 3.0]).estimate
    2.0
    """
    values = np.asarray(x, dtype=np.float64)
    return mean_interval(values[~np.isnan(values)], confidence)


def mean_interval(
    x: npt.ArrayLike, confidence: float = 0.95, cluster: npt.ArrayLike | None = None
) -> Interval:
    """Mean and its Student t interval; no limits below two values (or two clusters).

    ``x`` has shape (n,), any unit, and is finite; ``cluster`` has a label for each. With G clusters
    the variance of the mean is ``G / (G - 1) * sum over clusters of (sum of deviations)**2 / n**2``
    (Cameron and Miller 2015, section II); clusters of one value give Student's interval.

    Examples
    --------
    >>> mean_interval([180.0, 180.0, 180.0])
    Interval(estimate=180.0, low=180.0, high=180.0)
    """
    values = numbers("mean_interval", x, "n")
    _between_0_and_1("mean_interval", "confidence", confidence)
    of_subject, n_groups = _clusters("mean_interval", cluster, values.size)
    if values.size == 0:
        return NOTHING
    constant = bool(values.min() == values.max())  # a rounded mean must not give it a width
    mean = float(values[0] if constant else values.mean())
    if n_groups < 2:
        return Interval(mean, nan, nan)
    sums = np.bincount(of_subject, weights=values - mean)  # (n_groups,)
    error = sqrt(n_groups / (n_groups - 1) * float(sums @ sums)) / values.size
    half_width = float(scipy.special.stdtrit(n_groups - 1, (1 + confidence) / 2)) * error
    return Interval(mean, mean - half_width, mean + half_width)


def wilson(successes: int, n: int, confidence: float = 0.95) -> Interval:
    """Share of successes and its Wilson score interval; all nan for n = 0.

    Takes 0 <= successes <= n. Wilson (1927), JASA 22:209-212; method 3 of Newcombe (1998),
    Statist. Med. 17:857-872.

    Examples
    --------
    >>> [round(value, 4) for value in wilson(81, 263)]
    [0.308, 0.2553, 0.3662]
    """
    if not 0 <= successes <= n:
        raise DesignError(f"wilson: {successes} successes of {n}; accepted: 0 <= successes <= n")
    _between_0_and_1("wilson", "confidence", confidence)
    if n == 0:
        return NOTHING
    z = float(scipy.special.ndtri((1 + confidence) / 2))
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half_width = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
    # At 0 and n the formula gives exactly 0 and 1; rounding must not move the limit past them.
    low = 0.0 if successes == 0 else min(centre - half_width, share)
    high = 1.0 if successes == n else max(centre + half_width, share)
    return Interval(share, low, high)


def percentile_needs(q: float) -> int:
    """Smallest n for a point percentile: one value expected beyond it, ``ceil(1 / min(q, 1-q))``.

    So 2 for the median, 5 for p20 and p80, 10 for p10 and p90, 20 for p05 and p95.
    """
    _between_0_and_1("percentile_needs", "q", q)
    return ceil(round(1 / min(q, 1 - q), 9))  # 1 / (1 - 0.8) is 5.000000000000001


def percentile(x: npt.ArrayLike, q: float) -> float:
    """Sample quantile, type 7 of Hyndman and Fan (1996, Am. Stat. 50:361-365), numpy's "linear".

    Linear between order statistics at position ``(n - 1) q``, in the unit of ``x``, shape (n,).
    nan for fewer than ``percentile_needs(q)`` values.
    """
    values = numbers("percentile", x, "n")
    return nan if values.size < percentile_needs(q) else float(np.quantile(values, q))


def quantile_needs(q: float, confidence: float = 0.95) -> int:
    """Smallest n for a two-sided interval: least and largest value cover with ``confidence``.

    They do with probability ``1 - q**n - (1 - q)**n`` (see `quantile_ranks`). At 95 %: 6 for the
    median, 14 for p20 and p80, 59 for p05 and p95.
    """
    _between_0_and_1("quantile_needs", "q", q)
    _between_0_and_1("quantile_needs", "confidence", confidence)
    missed = (1 - confidence) * (1 + _ROUNDING)
    n = max(2, int(log(missed) / log(max(q, 1 - q))))
    while q**n + (1 - q) ** n > missed:
        n += 1
    return n


def quantile_ranks(n: int, q: float, confidence: float = 0.95) -> tuple[int, int] | None:
    """Ranks, counted from 1, of the order statistics that bracket the q quantile.

    Of n values, Binomial(n, q) lie below the quantile, whatever the distribution (David and
    Nagaraja 2003, Order Statistics, 7.1). Each tail misses at most ``(1 - confidence) / 2``; where
    one end of the sample cannot, the other takes what is left, so coverage is never below
    ``confidence``. The point estimate of `percentile` always lies between the two.

    Returns (low, high), 1 <= low < high <= n, or None when n < ``quantile_needs(q, confidence)``.

    Examples
    --------
    >>> quantile_ranks(20, 0.5)
    (6, 15)
    """
    if n < quantile_needs(q, confidence):
        return None
    missed = (1 - confidence) * (1 + _ROUNDING)
    rank = np.arange(1, n + 1)
    # (n,) P(fewer, or at least `rank` values below the quantile)
    below, beyond = (one(rank - 1, n, q) for one in (scipy.special.bdtr, scipy.special.bdtrc))
    low = int(np.sum(below <= min(missed / 2, missed - q**n)))
    high = 1 + int(np.sum(beyond > min(missed / 2, missed - (1 - q) ** n)))
    position = (n - 1) * q  # of the point estimate, counted from 0
    return max(1, min(low, int(position) + 1)), min(n, max(high, ceil(position) + 1))


def quantile_interval(x: npt.ArrayLike, q: float, confidence: float = 0.95) -> Interval:
    """Sample quantile (see `percentile`) between the order statistics of `quantile_ranks`.

    The estimate needs ``percentile_needs(q)`` values, the limits ``quantile_needs(q, confidence)``;
    below that they are nan. The values, shape (n,), any unit, are taken as independent.
    """
    values = np.sort(numbers("quantile_interval", x, "n"))
    ranks = quantile_ranks(values.size, q, confidence)
    estimate = percentile(values, q)
    if ranks is None:
        return Interval(estimate, nan, nan)
    return Interval(estimate, float(values[ranks[0] - 1]), float(values[ranks[1] - 1]))


@dataclass(frozen=True, eq=False)
class Survival:
    """A Kaplan-Meier curve. Made by `kaplan_meier`.

    Attributes
    ----------
    times : (n_times,) days, ascending, the distinct times with an event
    survival : (n_times,) share still waiting just after each time
    variance : (n_times,) of ``survival``: Greenwood's, or between clusters; 0 where the curve is 0
    n, n_censored : int, subjects, and those of them not observed to the end
    n_clusters : int, or None when the subjects are independent
    """

    times: FloatArray
    survival: FloatArray
    variance: FloatArray
    n: int
    n_censored: int
    n_clusters: int | None

    def limits(self, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
        """Lower and upper pointwise log-log limits of the curve, each (n_times,).

        ``S ** exp(+-z se / (S |ln S|))`` (Kalbfleisch and Prentice 2002, section 1.4). Where the
        curve is 0 the transform has no value: the lower limit is 0, the upper unknown, nan. A
        single cluster has no limits: both nan.
        """
        _between_0_and_1("Survival.limits", "confidence", confidence)
        side = (1 + confidence) / 2
        if self.n_clusters is None:
            z = float(scipy.special.ndtri(side))
        else:
            z = (
                nan
                if self.n_clusters < 2
                else float(scipy.special.stdtrit(self.n_clusters - 1, side))
            )
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            spread = z * np.sqrt(self.variance) / (self.survival * np.abs(np.log(self.survival)))
            lower = self.survival ** np.exp(spread)
            upper = self.survival ** np.exp(-spread)
        at_zero = self.survival == 0
        return np.where(at_zero, nan if isnan(z) else 0.0, lower), np.where(at_zero, nan, upper)

    def quantile(self, q: float, confidence: float = 0.95) -> Interval:
        """Days by which a share ``q`` is done: the first time the curve is at or below ``1 - q``.

        The limits are the first times the pointwise limits are at or below ``1 - q`` (Brookmeyer
        and Crowley 1982, Biometrics 38:29-41, with the log-log transform); nan where the curve, or
        its limit, does not come down that far.
        """
        _between_0_and_1("Survival.quantile", "q", q)
        lower, upper = self.limits(confidence)
        reached = [curve <= 1 - q + _ROUNDING for curve in (self.survival, lower, upper)]
        return Interval(*(float(self.times[r.argmax()]) if r.any() else nan for r in reached))


def kaplan_meier(
    durations: npt.ArrayLike, observed: npt.ArrayLike, cluster: npt.ArrayLike | None = None
) -> Survival:
    """Product-limit curve of durations, some of them cut off (Kaplan and Meier 1958).

    At equal times events come before censorings. The variance is Greenwood's (1926), or, with
    ``cluster``, the between-cluster variance of the linearised curve (Williams 1995, Lifetime Data
    Analysis 1:171-186): what `mean_interval` uses, on the curve's influence in place of deviations.

    ``durations`` are days, finite and >= 0; ``observed`` is False for the censored, still waiting
    after that long; ``cluster`` has any labels. All have shape (n,).

    Examples
    --------
    >>> kaplan_meier([90.0, 120.0, 200.0], [True, True, False]).quantile(0.5).estimate
    120.0
    """
    days = numbers("kaplan_meier", durations, "n")
    done = np.asarray(observed)
    if done.shape != days.shape or (done.size and done.dtype != np.bool_):
        raise DesignError(
            f"kaplan_meier: observed has shape {done.shape} and type {done.dtype} for "
            f"{days.size} durations; accepted: one bool per duration"
        )
    if days.size and days.min() < 0:
        raise DesignError(f"kaplan_meier: a duration of {days.min()} days; accepted: >= 0")
    done = done.astype(np.bool_)
    times, events = np.unique(days[done], return_counts=True)  # (n_times,) each
    at_risk = _at_risk(days, times)
    survival = np.cumprod(1 - events / at_risk, dtype=np.float64)
    left = np.where(at_risk > events, at_risk - events, np.inf)  # the last step to 0 adds nothing
    if cluster is None:
        variance = survival**2 * np.cumsum(events / (at_risk * left))
        return Survival(times, survival, variance, days.size, int(np.sum(~done)), None)
    of_subject, n_groups = _clusters("kaplan_meier", cluster, days.size)
    squares = np.zeros(times.size)
    by_cluster = np.argsort(of_subject, kind="stable")
    for own in np.split(by_cluster, np.cumsum(np.bincount(of_subject))[:-1]):
        ended = np.searchsorted(times, days[own[done[own]]])
        own_events = np.bincount(ended, minlength=times.size)
        expected = _at_risk(days[own], times) * events / at_risk
        squares += np.cumsum((own_events - expected) / left) ** 2  # its influence on -ln S
    variance = survival**2 * squares * n_groups / max(n_groups - 1, 1)
    return Survival(times, survival, variance, days.size, int(np.sum(~done)), n_groups)


def _at_risk(days: FloatArray, times: FloatArray) -> IntArray:
    """How many of ``days`` have not ended before each of ``times``, (n_times,)."""
    return days.size - np.searchsorted(np.sort(days), times, side="left").astype(np.int64)


def _between_0_and_1(where: str, name: str, value: float) -> None:
    if not 0 < value < 1:
        raise DesignError(f"{where}: {name} is {value}; accepted: above 0 and below 1")


def _clusters(where: str, cluster: npt.ArrayLike | None, n: int) -> tuple[IntArray, int]:
    """Number of each subject's cluster, (n,), and how many there are; by default one each."""
    if cluster is None:
        return np.arange(n), n
    labels = np.asarray(cluster)
    if labels.shape != (n,):
        raise DesignError(f"{where}: cluster has shape {labels.shape}; accepted: ({n},)")
    groups, of_subject = np.unique(labels, return_inverse=True)
    return of_subject.astype(np.int64), groups.size
