"""Inverse distribution functions in bulk, with exact moments beside them.

Results are in the unit of the parameters. Inversion, one uniform per value, keeps common random
numbers common: a scenario that changes a parameter moves the value along the same draw.

Formulas take the upper tail q = 1 - u, the chance of a greater value. What has not ended after
``elapsed`` then needs no more than q' = S(elapsed) q, exact however small the survival S is, and q'
is below S(elapsed), so a step passed already is not met again.

References
----------
Devroye (1986), *Non-Uniform Random Variate Generation*, ch. II (inversion, truncation, mixtures),
III (discrete). Johnson, Kotz, Balakrishnan, *Continuous Univariate Distributions*, 2nd ed., ch. 14
(lognormal), 19 (exponential), 26 (uniform). Kotz, van Dorp (2004), *Beyond Beta* (triangular).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from sim.config import distributions as config
from sim.config.distributions import Distribution

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.integer]
Parameter = float | FloatArray
Formula = Callable[..., FloatArray]

_Z90 = float(ndtri(0.9))
_SMALLEST = np.finfo(np.float64).tiny


def inverse(distribution: Distribution, u: FloatArray) -> FloatArray:
    """Values at which the distribution function reaches ``u``; same shape as ``u``.

    Examples
    --------
    >>> months = config.Triangular(kind="triangular", low=28, mode=33, high=54)
    >>> inverse(months, np.array([0.1, 0.5, 0.9])).round(1)
    array([31.6, 37.5, 46.6])
    """
    formula, parameters = _formula(distribution)
    return np.asarray(formula(*parameters, _upper_tail(u)), np.float64)


def cdf(distribution: Distribution, x: Parameter) -> FloatArray:
    """P(X <= x); same shape as ``x``."""
    return np.asarray(1 - _survival(distribution, np.asarray(x, np.float64)))


def conditioned(distribution: Distribution, elapsed: Parameter, u: FloatArray) -> FloatArray:
    """Values of X given X > elapsed: durations, counted from their start, of what has not ended.

    ``elapsed``, in the unit of the distribution, is a number or an array broadcast with ``u``. No
    value is below it, and where the distribution allows nothing above it, it is the value.

    Examples
    --------
    >>> months = config.Triangular(kind="triangular", low=28, mode=33, high=54)
    >>> conditioned(months, 50.0, np.array([0.1, 0.5, 0.9])).round(1)
    array([50.2, 51.2, 52.7])
    """
    elapsed, q = np.broadcast_arrays(np.asarray(elapsed, np.float64), _upper_tail(u))
    if isinstance(distribution, config.Mixture):
        return _mixture(distribution, elapsed, q)
    survival = _survival(distribution, elapsed)
    formula, parameters = _formula(distribution)
    values = formula(*parameters, np.maximum(survival * q, _SMALLEST))
    return np.where(survival > 0, np.maximum(values, elapsed), elapsed)


def mean(distribution: Distribution) -> float:
    """Exact mean."""
    return _facts(distribution)[0]


def variance(distribution: Distribution) -> float:
    """Exact variance, in the square of the unit."""
    return _facts(distribution)[1]


def lower_bound(distribution: Distribution) -> float:
    """Greatest number that no value is below."""
    return _facts(distribution)[2]


def upper_bound(distribution: Distribution) -> float:
    """Least number that no value is above; infinite for the exponential and the lognormal."""
    return _facts(distribution)[3]


class BySector:
    """The values of many rows, each from the distribution of its own class, as ``inverse`` gives.

    ``distributions`` has one per class (a sector, say), in the order of the class index. Their
    parameters are kept as arrays over classes, so a call costs one numpy evaluation per kind
    present, however many classes there are. Empirical ones and mixtures cost one each.

    Examples
    --------
    >>> short = config.Uniform(kind="uniform", low=0, high=10)
    >>> long = config.Exponential(kind="exponential", mean=100)
    >>> BySector([short, long])(np.array([0, 1, 0]), np.array([0.5, 0.5, 0.9])).round(2)
    array([ 5.  , 69.31,  9.  ])
    """

    def __init__(self, distributions: Sequence[Distribution]) -> None:
        formulas = [_formula(distribution) for distribution in distributions]
        classes_of: dict[tuple[Formula, int], list[int]] = {}
        for number, (formula, _) in enumerate(formulas):
            alone = number if formula in (_empirical, _mixture) else -1
            classes_of.setdefault((formula, alone), []).append(number)
        self._group_of_class = np.zeros(len(formulas), np.intp)  # (n_classes,)
        self._groups: list[tuple[Formula, FloatArray]] = []
        for group, ((formula, alone), classes) in enumerate(classes_of.items()):
            parameters = [formulas[number][1] for number in classes]
            if alone >= 0:  # of a length of their own: bound to the formula, not tabled
                formula, parameters = partial(formula, *parameters[0]), [()]
            table = np.full((len(parameters[0]), len(formulas)), np.nan)
            table[:, classes] = np.transpose(parameters)  # (n_parameters, n_classes)
            self._groups.append((formula, table))
            self._group_of_class[classes] = group

    def __call__(self, class_index: IntArray, u: FloatArray) -> FloatArray:
        """Same shape as ``u``, which is (n_rows,) or (n_rows, k); ``class_index`` is (n_rows,)."""
        q, group_of_row = _upper_tail(u), self._group_of_class[class_index]
        values = np.empty(u.shape)
        for group, (formula, table) in enumerate(self._groups):
            alone = len(self._groups) == 1
            rows = slice(None) if alone else np.flatnonzero(group_of_row == group)
            parameters = table[:, class_index[rows]]
            values[rows] = formula(*(parameters if u.ndim == 1 else parameters[..., None]), q[rows])
        return values


# The inverse of each kind: its parameters (numbers, or arrays broadcast with q), then q.


def _constant(value: Parameter, q: FloatArray) -> FloatArray:
    return np.zeros_like(q) + value


def _uniform(low: Parameter, high: Parameter, q: FloatArray) -> FloatArray:
    return high - q * (high - low)


def _exponential(mean: Parameter, q: FloatArray) -> FloatArray:
    return -mean * np.log(q)


def _triangular(low: Parameter, mode: Parameter, high: Parameter, q: FloatArray) -> FloatArray:
    width, rise, fall = high - low, mode - low, high - mode
    rising = low + np.sqrt((1 - q) * (width * rise))
    falling = high - np.sqrt(q * (width * fall))
    return np.where(q * width > fall, rising, falling)


def _lognormal(median: Parameter, sigma: Parameter, q: FloatArray) -> FloatArray:
    return np.asarray(median * np.exp(-sigma * ndtri(q)))


def _bernoulli(probability: Parameter, q: FloatArray) -> FloatArray:
    return (q < probability).astype(np.float64)


def _empirical(values: FloatArray, tails: FloatArray, q: FloatArray) -> FloatArray:
    """The least value with no more than q above it."""
    return values[np.searchsorted(-tails, -q)]


def _mixture(mixture: config.Mixture, elapsed: Parameter, q: FloatArray) -> FloatArray:
    """One uniform does both: u picks the component, and the rest of u, rescaled, is its uniform.

    Given X > elapsed a component counts by weight times its own survival (Bayes), and is itself
    conditioned. As u runs through the components in turn, the value is not monotone in u.
    """
    elapsed, parts = np.broadcast_to(elapsed, q.shape), mixture.components.values()
    weights = [part.weight * _survival(part.distribution, elapsed) for part in parts]
    position, below = (1 - q) * sum(weights), np.zeros(q.shape)
    values = elapsed.copy()
    for weight, part in zip(weights, parts, strict=True):
        here = (position > below) & (position <= below + weight)
        u = (position - below)[here] / weight[here]
        values[here] = conditioned(part.distribution, elapsed[here], u)
        below = below + weight
    return values


def _upper_tail(u: FloatArray) -> FloatArray:
    """1 - u, kept within the ends of :mod:`sim.world.uniforms`: no value is infinite."""
    return np.minimum(np.maximum(1 - np.asarray(u, np.float64), 2.0**-53), 1 - 2.0**-53)


def _formula(distribution: Distribution) -> tuple[Formula, tuple[Any, ...]]:
    match distribution:
        case config.Constant(value=value):
            return _constant, (value,)
        case config.Uniform(low=low, high=high):
            return _uniform, (low, high)
        case config.Exponential(mean=mean):
            return _exponential, (mean,)
        case config.Triangular(low=low, mode=mode, high=high):
            return _triangular, (low, mode, high)
        case config.Lognormal():
            return _lognormal, _median_and_sigma(distribution)
        case config.Bernoulli(probability=probability):
            return _bernoulli, (probability,)
        case config.Empirical():
            return _empirical, _steps(distribution)
        case config.Mixture():
            return _mixture, (distribution, -np.inf)


def _survival(distribution: Distribution, x: FloatArray) -> FloatArray:
    """P(X > x)."""
    match distribution:
        case config.Constant(value=value):
            return np.where(x < value, 1.0, 0.0)
        case config.Uniform(low=low, high=high):
            return np.clip((high - x) / (high - low), 0.0, 1.0)
        case config.Exponential(mean=mean):
            return np.asarray(np.exp(-np.maximum(x, 0.0) / mean))
        case config.Triangular(low=low, mode=mode, high=high):
            x, width = np.clip(x, low, high), high - low
            rising = 1 - (x - low) ** 2 / (width * ((mode - low) or width))
            falling = (high - x) ** 2 / (width * ((high - mode) or width))
            return np.where(x < mode, rising, falling)
        case config.Lognormal():
            median, sigma = _median_and_sigma(distribution)
            if sigma == 0:
                return np.where(x < median, 1.0, 0.0)
            with np.errstate(divide="ignore"):  # log 0 is -inf: nothing is below 0
                return np.asarray(ndtr(-np.log(np.maximum(x, 0.0) / median) / sigma))
        case config.Bernoulli(probability=probability):
            return np.where(x < 0, 1.0, np.where(x < 1, probability, 0.0))
        case config.Empirical():
            values, tails = _steps(distribution)
            return np.append(1.0, tails)[np.searchsorted(values, x, side="right")]
        case config.Mixture(components=components):
            parts = [_survival(part.distribution, x) for part in components.values()]
            weights = [part.weight for part in components.values()]
            return np.asarray(np.average(parts, axis=0, weights=weights))


def _facts(distribution: Distribution) -> tuple[float, float, float, float]:
    """Mean, variance, lower and upper bound."""
    match distribution:
        case config.Constant(value=value):
            return value, 0.0, value, value
        case config.Uniform(low=low, high=high):
            return (low + high) / 2, (high - low) ** 2 / 12, low, high
        case config.Exponential(mean=mean):
            return mean, mean**2, 0.0, np.inf
        case config.Triangular(low=low, mode=mode, high=high):
            rise, fall = mode - low, high - mode
            return (low + mode + high) / 3, (rise**2 + fall**2 + rise * fall) / 18, low, high
        case config.Lognormal():
            median, sigma = _median_and_sigma(distribution)
            mean = median * float(np.exp(sigma**2 / 2))
            bounds = (0.0, np.inf) if sigma else (median, median)
            return mean, mean**2 * float(np.expm1(sigma**2)), *bounds
        case config.Bernoulli(probability=p):
            return p, p * (1 - p), float(p == 1), float(p > 0)
        case config.Empirical(values=values, weights=weights):
            mean = np.average(values, weights=weights)
            spread = np.average((np.array(values) - mean) ** 2, weights=weights)
            return float(mean), float(spread), min(values), max(values)
        case config.Mixture(components=components):
            facts = [_facts(part.distribution) for part in components.values()]
            means, variances, lows, highs = np.transpose(facts)
            weights = [part.weight for part in components.values()]
            mean = np.average(means, weights=weights)
            spread = np.average(variances + (means - mean) ** 2, weights=weights)
            return float(mean), float(spread), float(lows.min()), float(highs.max())


def _median_and_sigma(lognormal: config.Lognormal) -> tuple[float, float]:
    """From any of the three spellings; sigma is the standard deviation of the logarithm."""
    if lognormal.p10 and lognormal.p90:
        ratio = lognormal.p90 / lognormal.p10
        return lognormal.p10 * float(np.sqrt(ratio)), float(np.log(ratio)) / (2 * _Z90)
    sigma = lognormal.sigma or 0.0
    median_of_mean = (lognormal.mean or 0.0) * float(np.exp(-(sigma**2) / 2))
    return lognormal.median or median_of_mean, sigma


def _steps(empirical: config.Empirical) -> tuple[FloatArray, FloatArray]:
    """Values in ascending order, and the share of the weight above each."""
    values, order = np.array(empirical.values), np.argsort(empirical.values, kind="stable")
    cumulative = np.cumsum(np.array(empirical.weights or [1.0] * len(values))[order])
    return values[order], 1 - cumulative / cumulative[-1]
