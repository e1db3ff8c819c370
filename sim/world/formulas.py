"""The law of each kind of distribution: its inverse, its upper tail, its exact moments.

Formulas take the upper tail q = 1 - u, the chance of a greater value; parameters are numbers, or
arrays broadcast with q. See :mod:`sim.world.distributions`, which is what the world uses.

References
----------
Johnson, Kotz, Balakrishnan, *Continuous Univariate Distributions*, 2nd ed., ch. 14 (lognormal), 17
(gamma), 19 (exponential), 21 (Weibull), 25 (beta), 26 (uniform). Kotz, van Dorp (2004), *Beyond
Beta* (triangular). Malcolm, Roseboom, Clark, Fazar (1959), *Operations Research* 7:646-669 (PERT).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import betaincc, betainccinv, gammaincc, gammainccinv, gammaln, ndtr, ndtri

from sim.config import distributions as config
from sim.config.distributions import Distribution, Simple

FloatArray = npt.NDArray[np.float64]
Parameter = float | FloatArray
Formula = Callable[..., FloatArray]

_Z90 = float(ndtri(0.9))


# The inverse of each kind: its parameters, then q.


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


def _pert(
    low: Parameter, high: Parameter, rise: Parameter, fall: Parameter, q: FloatArray
) -> FloatArray:
    """``rise`` and ``fall`` are the two parameters of the beta distribution."""
    return np.asarray(np.clip(low + (high - low) * betainccinv(rise, fall, q), low, high))


def _lognormal(median: Parameter, sigma: Parameter, q: FloatArray) -> FloatArray:
    return np.asarray(median * np.exp(-sigma * ndtri(q)))


def _weibull(shape: Parameter, scale: Parameter, q: FloatArray) -> FloatArray:
    """By exp and log: numpy's power differs in its last digit from one array layout to another."""
    return np.asarray(scale * np.exp(np.log(-np.log(q)) / shape))


def _gamma(shape: Parameter, scale: Parameter, q: FloatArray) -> FloatArray:
    return np.asarray(scale * gammainccinv(shape, q))


def _bernoulli(probability: Parameter, q: FloatArray) -> FloatArray:
    return (q < probability).astype(np.float64)


def empirical_inverse(values: FloatArray, tails: FloatArray, q: FloatArray) -> FloatArray:
    """The least value with no more than q above it."""
    return values[np.searchsorted(-tails, -q)]


def inverse_formula(distribution: Simple) -> tuple[Formula, tuple[Any, ...]]:
    """The inverse of a kind, and its parameters."""
    match distribution:
        case config.Constant(value=value):
            return _constant, (value,)
        case config.Uniform(low=low, high=high):
            return _uniform, (low, high)
        case config.Exponential(mean=mean):
            return _exponential, (mean,)
        case config.Triangular(low=low, mode=mode, high=high):
            return _triangular, (low, mode, high)
        case config.Pert(low=low, high=high):
            return _pert, (low, high, *_beta(distribution))
        case config.Lognormal():
            return _lognormal, _median_and_sigma(distribution)
        case config.Weibull(shape=shape, scale=scale):
            return _weibull, (shape, scale)
        case config.Gamma():
            return _gamma, _shape_and_scale(distribution)
        case config.Bernoulli(probability=probability):
            return _bernoulli, (probability,)
        case config.Empirical():
            return empirical_inverse, _steps(distribution)


def survival(distribution: Distribution, x: FloatArray) -> FloatArray:
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
        case config.Pert(low=low, high=high):
            share = (np.clip(x, low, high) - low) / (high - low)
            return np.asarray(betaincc(*_beta(distribution), share))
        case config.Lognormal():
            median, sigma = _median_and_sigma(distribution)
            if sigma == 0:
                return np.where(x < median, 1.0, 0.0)
            with np.errstate(divide="ignore"):  # log 0 is -inf: nothing is below 0
                return np.asarray(ndtr(-np.log(np.maximum(x, 0.0) / median) / sigma))
        case config.Weibull(shape=shape, scale=scale):
            with np.errstate(divide="ignore", over="ignore"):  # log 0; long after the end
                return np.asarray(np.exp(-np.exp(shape * np.log(np.maximum(x, 0.0) / scale))))
        case config.Gamma():
            shape, scale = _shape_and_scale(distribution)
            return np.asarray(gammaincc(shape, np.maximum(x, 0.0) / scale))
        case config.Bernoulli(probability=probability):
            return np.where(x < 0, 1.0, np.where(x < 1, probability, 0.0))
        case config.Empirical():
            values, tails = _steps(distribution)
            return np.append(1.0, tails)[np.searchsorted(values, x, side="right")]
        case config.Mixture(components=components):
            parts = [survival(part.distribution, x) for part in components.values()]
            weights = [part.weight for part in components.values()]
            return np.asarray(np.average(parts, axis=0, weights=weights))


def facts(distribution: Distribution) -> tuple[float, float, float, float]:
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
        case config.Pert(low=low, mode=mode, high=high, shape=shape):
            mean = (low + shape * mode + high) / (shape + 2)
            return mean, (mean - low) * (high - mean) / (shape + 3), low, high
        case config.Lognormal():
            median, sigma = _median_and_sigma(distribution)
            mean = median * float(np.exp(sigma**2 / 2))
            bounds = (0.0, np.inf) if sigma else (median, median)
            return mean, mean**2 * float(np.expm1(sigma**2)), *bounds
        case config.Weibull(shape=shape, scale=scale):
            log_mean = float(gammaln(1 + 1 / shape))
            spread = float(np.expm1(gammaln(1 + 2 / shape) - 2 * log_mean))
            mean = scale * float(np.exp(log_mean))
            return mean, mean**2 * max(spread, 0.0), 0.0, np.inf
        case config.Gamma():
            shape, scale = _shape_and_scale(distribution)
            return shape * scale, shape * scale**2, 0.0, np.inf
        case config.Bernoulli(probability=p):
            return p, p * (1 - p), float(p == 1), float(p > 0)
        case config.Empirical(values=values, weights=weights):
            mean = np.average(values, weights=weights)
            spread = np.average((np.array(values) - mean) ** 2, weights=weights)
            return float(mean), float(spread), min(values), max(values)
        case config.Mixture(components=components):
            found = [facts(part.distribution) for part in components.values()]
            means, variances, lows, highs = np.transpose(found)
            weights = [part.weight for part in components.values()]
            mean = np.average(means, weights=weights)
            spread = np.average(variances + (means - mean) ** 2, weights=weights)
            return float(mean), float(spread), float(lows.min()), float(highs.max())


def _beta(pert: config.Pert) -> tuple[float, float]:
    """Parameters of the beta distribution of the share of the way from low to high."""
    width = pert.high - pert.low
    rise, fall = (pert.mode - pert.low) / width, (pert.high - pert.mode) / width
    return 1 + pert.shape * rise, 1 + pert.shape * fall


def _shape_and_scale(gamma: config.Gamma) -> tuple[float, float]:
    """From either spelling."""
    if gamma.mean and gamma.sd:
        return (gamma.mean / gamma.sd) ** 2, gamma.sd**2 / gamma.mean
    return gamma.shape or 0.0, gamma.scale or 0.0


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
