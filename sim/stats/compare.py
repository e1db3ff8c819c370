"""Two scenarios compared: in pairs where they share worlds, as independent samples where not.

On common worlds (common random numbers) the difference of a replication has no chance in it but the
world's, and its mean is much better known than either mean. The test of a mean difference is
Student's, because the mean is what is reported: a signed-rank test asks for symmetric differences,
which capacity limits do not give, and answers for another parameter. Probabilities have Newcombe's
intervals, which stay inside -1 to 1 and have a width even when nothing differed.

References
----------
Welch (1947), Biometrika 34:28-35. McNemar (1947), Psychometrika 12:153-157; its mid-P version:
Fagerland, Lydersen and Laake (2013), BMC Med. Res. Methodol. 13:91. Newcombe (1998), Statist. Med.
17:873-890 (independent, method 10) and 17:2635-2650 (paired, method 10). Holm (1979), Scand. J.
Statist. 6:65-70.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, isnan, nan, sqrt
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import scipy  # type: ignore[import-untyped, unused-ignore]

from sim.errors import DesignError
from sim.stats.intervals import NOTHING, Interval, mean_interval, wilson
from sim.stats.precision import least_enough
from sim.stats.verdicts import holm

Values: TypeAlias = npt.NDArray[Any]  # (n,) float64, or bool for a probability
Worlds: TypeAlias = npt.NDArray[Any]  # (n,)
_Found: TypeAlias = tuple[Interval, float, str]

POWER = 0.8  # chance that the replications still needed do decide


@dataclass(frozen=True)
class Difference:
    """Response of ``scenario`` less that of ``against``, in ``unit``.

    Attributes
    ----------
    n, n_against
        Values used of each; equal, and the number of pairs, when paired.
    paired
        Whether they were compared world by world.
    difference : Interval
        At the confidence asked for; nan where n cannot support it.
    p
        Two-sided probability of such a difference were there none.
    p_adjusted
        The same after `holm`; nan before.
    variance_ratio
        Gained by common random numbers: the variance that the difference of independent samples
        would have had over the one it has. nan when not paired, inf when nothing varies.
    still_needed
        Further replications of each until the sign is decided with a chance of `POWER`, if mean and
        variance stay as they are; 0 when it is; None when no number would do.
    method
        What was done, and what was left out.
    confidence
        Of the interval; 1 less it is the p at which a sign is decided.
    variance
        Of the difference in one replication, in squared units; nan where n cannot support it.
    """

    response: str
    unit: str
    scenario: str
    against: str
    n: int
    n_against: int
    paired: bool
    difference: Interval
    p: float
    variance_ratio: float
    still_needed: int | None
    method: str
    p_adjusted: float = nan
    confidence: float = 0.95
    variance: float = nan

    @property
    def decided(self) -> bool:
        """Whether the sign is decided: by the adjusted p where there is one, else the interval."""
        if not isnan(self.p_adjusted):
            return self.p_adjusted <= 1 - self.confidence
        return self.difference.low > 0 or self.difference.high < 0


@dataclass(frozen=True, eq=False)
class Sample:
    """One response of one scenario.

    ``worlds`` names the world behind each value, by whole numbers: equal ones are the same world.
    ``values`` are numbers, nan where not defined, or bool for a probability. Both (n,).
    """

    scenario: str
    worlds: npt.ArrayLike
    values: npt.ArrayLike


def compare(
    response: str, unit: str, sample: Sample, against: Sample, confidence: float = 0.95
) -> Difference:
    """Difference between two scenarios, in pairs when they have at least two worlds in common.

    Raises
    ------
    DesignError
        If shapes or types do not fit, or a world comes twice in a sample.

    Examples
    --------
    >>> base = Sample("base", [0, 1, 2], [210.0, 250.0, 230.0])
    >>> more = Sample("more desks", [0, 1, 2], [213.0, 254.0, 232.0])
    >>> found = compare("paid", "USD bn", more, base)
    >>> found.difference.estimate, found.decided, found.variance_ratio
    (3.0, True, 821.0)
    """
    where = f"compare: {response}, {sample.scenario} against {against.scenario}"
    if not 0 < confidence < 1:
        raise DesignError(f"{where}: confidence is {confidence}; accepted: above 0 and below 1")
    x_worlds, x, x_lost = _read(where, sample)
    y_worlds, y, y_lost = _read(where, against)
    if (x.dtype == np.bool_) != (y.dtype == np.bool_):
        raise DesignError(f"{where}: one is a probability (bool), the other is not")
    _, at_x, at_y = np.intersect1d(x_worlds, y_worlds, assume_unique=True, return_indices=True)
    paired = at_x.size >= 2
    left_out = []
    if x_lost or y_lost:
        left_out.append(f"not defined in {x_lost} and {y_lost} replications")
    if paired:
        alone = x.size + y.size - 2 * at_x.size
        if alone:
            left_out.append(f"{alone} replications have no partner")
        x, y = x[at_x], y[at_y]
    if not x.size or not y.size:
        interval, p, method = NOTHING, nan, "nothing to compare: a sample has no values"
    else:
        rules = (_shares, _paired_shares) if x.dtype == np.bool_ else (_means, _paired_means)
        interval, p, method = rules[paired](x, y, confidence)
    found = Difference(
        response=response,
        unit=unit,
        scenario=sample.scenario,
        against=against.scenario,
        n=x.size,
        n_against=y.size,
        paired=paired,
        difference=interval,
        p=p,
        variance_ratio=_variance_ratio(x, y) if paired else nan,
        still_needed=None,
        method="; ".join([method, *left_out]),
        confidence=confidence,
        variance=_variance(x.astype(np.float64) - y) if paired else _variance(x) + _variance(y),
    )
    return replace(found, still_needed=_still_needed(found, 1 - confidence))


def adjust(differences: Sequence[Difference]) -> tuple[Difference, ...]:
    """The same with ``p_adjusted``: give it every response and scenario that is looked at.

    From then on `Difference.decided` and ``still_needed`` go by the adjusted p. The next one to be
    decided has its p multiplied by the number of those that are not (Holm): so small must it be.
    """
    pairs = zip(differences, holm([one.p for one in differences]), strict=True)
    adjusted = [replace(one, p_adjusted=float(p)) for one, p in pairs]
    open_still = sum(not one.decided and not isnan(one.p_adjusted) for one in adjusted)
    return tuple(
        replace(one, still_needed=_still_needed(one, (1 - one.confidence) / max(open_still, 1)))
        for one in adjusted
    )


def _read(where: str, sample: Sample) -> tuple[Worlds, Values, int]:
    """Worlds and values that are defined, and how many are not."""
    worlds, values = np.asarray(sample.worlds), np.asarray(sample.values)
    if values.ndim != 1 or worlds.shape != values.shape:
        raise DesignError(
            f"{where}: {sample.scenario} has values of shape {values.shape} for worlds of shape "
            f"{worlds.shape}; accepted: one world for each value"
        )
    if np.unique(worlds).size < worlds.size:
        raise DesignError(f"{where}: a world comes twice in {sample.scenario}; accepted: once")
    if values.dtype == np.bool_:
        return worlds, values, 0
    values = values.astype(np.float64)
    if np.isinf(values).any():
        raise DesignError(f"{where}: {sample.scenario} has infinite values; accepted: numbers, nan")
    there = ~np.isnan(values)
    return worlds[there], values[there], int(np.sum(~there))


def _paired_means(x: Values, y: Values, confidence: float) -> _Found:
    d = x - y
    error = sqrt(_variance(d) / d.size)
    method = f"paired on {d.size} common worlds, Student t"
    return mean_interval(d, confidence), _t_test(float(d.mean()), error, d.size - 1), method


def _means(x: Values, y: Values, confidence: float) -> _Found:
    """Welch (1947)."""
    method = "independent samples, for no worlds are shared: Welch t"
    parts = _variance(x) / x.size, _variance(y) / y.size
    difference, error = float(x.mean() - y.mean()), sqrt(sum(parts))
    if isnan(error):
        return Interval(difference, nan, nan), nan, method
    weights = parts[0] ** 2 / (x.size - 1) + parts[1] ** 2 / (y.size - 1)
    freedom = sum(parts) ** 2 / weights if weights else inf
    half_width = (
        float(scipy.special.stdtrit(freedom, (1 + confidence) / 2)) * error if error else 0.0
    )
    interval = Interval(difference, difference - half_width, difference + half_width)
    return interval, _t_test(difference, error, freedom), method


def _paired_shares(x: Values, y: Values, confidence: float) -> _Found:
    """Newcombe (1998), paired method 10, and McNemar's mid-P test."""
    n, both = x.size, int(np.sum(x & y))
    only_x, only_y = int(np.sum(x & ~y)), int(np.sum(y & ~x))
    neither = n - both - only_x - only_y
    margins = float(both + only_x) * (neither + only_y) * (both + only_y) * (neither + only_x)
    product = both * neither - only_x * only_y
    # Corrected for continuity towards no correlation, as the method has it.
    corrected = max(product - n / 2, 0.0) if product > 0 else product
    correlation = corrected / sqrt(margins) if margins else 0.0
    interval = _square_and_add(x, y, confidence, correlation)
    fewer, discordant = min(only_x, only_y), only_x + only_y
    at = float(scipy.special.bdtr(fewer, discordant, 0.5))
    below = float(scipy.special.bdtr(fewer - 1, discordant, 0.5)) if fewer else 0.0
    p = 1 - (at - below) / 2 if only_x == only_y else at + below
    method = f"paired on {n} common worlds, Newcombe interval, McNemar mid-P"
    return interval, p if discordant else 1.0, method


def _shares(x: Values, y: Values, confidence: float) -> _Found:
    """Newcombe (1998), independent method 10, and the score test."""
    share, each = float(np.concatenate([x, y]).mean()), 1 / x.size + 1 / y.size
    error = sqrt(share * (1 - share) * each)
    p = 2 * float(scipy.special.ndtr(-abs(x.mean() - y.mean()) / error)) if error else 1.0
    method = "independent samples, for no worlds are shared: Newcombe interval, score test"
    return _square_and_add(x, y, confidence, 0.0), p, method


def _square_and_add(x: Values, y: Values, confidence: float, correlation: float) -> Interval:
    """Limits of a difference of shares from the Wilson limits of each."""
    first, low_1, high_1 = wilson(int(x.sum()), x.size, confidence)
    second, low_2, high_2 = wilson(int(y.sum()), y.size, confidence)

    def together(a: float, b: float) -> float:
        return sqrt(max(a * a - 2 * correlation * a * b + b * b, 0.0))

    difference = first - second
    low = difference - together(first - low_1, high_2 - second)
    high = difference + together(high_1 - first, second - low_2)
    return Interval(difference, max(low, -1.0), min(high, 1.0))


def _t_test(difference: float, error: float, freedom: float) -> float:
    if isnan(error):
        return nan
    if error == 0:
        return 0.0 if difference else 1.0
    return 2 * float(scipy.special.stdtr(freedom, -abs(difference) / error))


def _variance(x: Values) -> float:
    """Of one value; nan below two, exactly 0 when they are equal."""
    if x.size < 2:
        return nan
    return 0.0 if np.all(x == x[0]) else float(np.var(x, ddof=1, dtype=np.float64))


def _variance_ratio(x: Values, y: Values) -> float:
    apart = _variance(x) + _variance(y)
    together = _variance(x.astype(np.float64) - y)
    return apart / together if together else inf if apart else nan


def _still_needed(found: Difference, level: float) -> int | None:
    """From Student's test at n pairs, and the chance that its p will be below ``level``."""
    if found.decided:
        return 0
    if isnan(found.variance) or not found.difference.estimate:
        return None

    def enough(n: int) -> bool:
        reach = scipy.special.stdtrit(n - 1, [1 - level / 2, POWER]).sum()
        return bool(reach * sqrt(found.variance / n) <= abs(found.difference.estimate))

    total = least_enough(enough, 2)
    return total and max(total - min(found.n, found.n_against), 1)
