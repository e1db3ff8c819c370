"""The law of each kind of distribution: its inverse and its upper tail.

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
from scipy.special import betaincc, betainccinv, gammaincc, gammainccinv, ndtr, ndtri

from sim.config import distributions as config
from sim.config.distributions import Distribution, Simple
from sim.config.moments import median_and_sigma, shape_and_scale

FloatArray = npt.NDArray[np.float64]
Parameter = float | FloatArray
Formula = Callable[..., FloatArray]


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
    z = np.asarray(ndtri(q))
    z *= -sigma
    return np.asarray(median * np.exp(z, out=z))


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
            return _lognormal, median_and_sigma(distribution)
        case config.Weibull(shape=shape, scale=scale):
            return _weibull, (shape, scale)
        case config.Gamma():
            return _gamma, shape_and_scale(distribution)
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
            median, sigma = median_and_sigma(distribution)
            if sigma == 0:
                return np.where(x < median, 1.0, 0.0)
            with np.errstate(divide="ignore"):  # log 0 is -inf: nothing is below 0
                return np.asarray(ndtr(-np.log(np.maximum(x, 0.0) / median) / sigma))
        case config.Weibull(shape=shape, scale=scale):
            with np.errstate(divide="ignore", over="ignore"):  # log 0; long after the end
                return np.asarray(np.exp(-np.exp(shape * np.log(np.maximum(x, 0.0) / scale))))
        case config.Gamma():
            shape, scale = shape_and_scale(distribution)
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


def _beta(pert: config.Pert) -> tuple[float, float]:
    """Parameters of the beta distribution of the share of the way from low to high."""
    width = pert.high - pert.low
    rise, fall = (pert.mode - pert.low) / width, (pert.high - pert.mode) / width
    return 1 + pert.shape * rise, 1 + pert.shape * fall


def _steps(empirical: config.Empirical) -> tuple[FloatArray, FloatArray]:
    """Values in ascending order, and the share of the weight above each."""
    values, order = np.array(empirical.values), np.argsort(empirical.values, kind="stable")
    cumulative = np.cumsum(np.array(empirical.weights or [1.0] * len(values))[order])
    return values[order], 1 - cumulative / cumulative[-1]
