"""Bounds, mean and tail of a distribution, from its parameters alone."""

from __future__ import annotations

from math import exp, gamma, inf, log

import numpy as np

from sim.config.distributions import (
    Bernoulli,
    Constant,
    Distribution,
    Empirical,
    Exponential,
    Gamma,
    Lognormal,
    Mixture,
    Pert,
    Triangular,
    Uniform,
    Weibull,
)

Z90 = 1.2815515655446004  # 90th percentile of N(0, 1)
_Z999 = 3.090232306167813  # 99.9th


def support(distribution: Distribution) -> tuple[float, float]:
    """Return the least and the largest value possible; ``inf`` where there is no bound."""
    match distribution:
        case Constant(value=value):
            return value, value
        case (
            Uniform(low=low, high=high) | Triangular(low=low, high=high) | Pert(low=low, high=high)
        ):
            return low, high
        case Exponential() | Weibull() | Gamma():
            return 0.0, inf
        case Lognormal():
            median, sigma = median_and_sigma(distribution)
            return (median, median) if sigma == 0 else (0.0, inf)
        case Empirical(values=values):
            return min(values), max(values)
        case Bernoulli(probability=p):
            return (1.0 if p == 1 else 0.0), (0.0 if p == 0 else 1.0)
    bounds = [support(part.distribution) for part in distribution.components.values()]
    return min(low for low, _ in bounds), max(high for _, high in bounds)


def mean(distribution: Distribution) -> float:
    """Return the exact mean."""
    match distribution:
        case Constant(value=value):
            return value
        case Uniform(low=low, high=high):
            return (low + high) / 2
        case Triangular(low=low, mode=mode, high=high):
            return (low + mode + high) / 3
        case Pert(low=low, mode=mode, high=high, shape=shape):
            return (low + shape * mode + high) / (shape + 2)
        case Exponential(mean=given):
            return given
        case Weibull(shape=shape, scale=scale):
            return scale * gamma(1 + 1 / shape)
        case Gamma(mean=given, shape=shape, scale=scale):
            return given or (shape or 0.0) * (scale or 0.0)
        case Lognormal():
            median, sigma = median_and_sigma(distribution)
            return median * exp(min(sigma**2 / 2, 700.0))
        case Empirical(values=values, weights=weights):
            shares = weights if weights is not None else [1.0] * len(values)
            return sum(v * w for v, w in zip(values, shares, strict=True)) / sum(shares)
        case Bernoulli(probability=p):
            return p
    return sum(part.weight * mean(part.distribution) for part in distribution.components.values())


def tail(distribution: Distribution) -> float:
    """Return the 99.9th percentile; of what is bounded, the largest value."""
    match distribution:
        case Exponential(mean=given):
            return given * log(1000)
        case Weibull(shape=shape, scale=scale):
            return scale * float(log(1000) ** (1 / shape))
        case Lognormal():
            median, sigma = median_and_sigma(distribution)
            return median * exp(min(sigma * _Z999, 300.0))
        case Gamma():
            from scipy.special import gammainccinv

            shape, scale = shape_and_scale(distribution)
            return float(gammainccinv(shape, 0.001)) * scale
        case Mixture(components=components):
            return max(tail(part.distribution) for part in components.values())
    return support(distribution)[1]


def shape_and_scale(gamma: Gamma) -> tuple[float, float]:
    """Return the parameters of a gamma law, whichever way it was spelled."""
    if gamma.mean and gamma.sd:
        return min(gamma.mean / gamma.sd, 1e150) ** 2, gamma.sd**2 / gamma.mean
    return gamma.shape or 0.0, gamma.scale or 0.0


def median_and_sigma(lognormal: Lognormal) -> tuple[float, float]:
    """Return the parameters of a lognormal law; sigma is the deviation of the logarithm."""
    if lognormal.p10 and lognormal.p90:
        ratio = lognormal.p90 / lognormal.p10
        return lognormal.p10 * float(np.sqrt(ratio)), float(np.log(ratio)) / (2 * Z90)
    sigma = lognormal.sigma or 0.0
    if lognormal.median:
        return lognormal.median, sigma
    return (lognormal.mean or 0.0) * float(np.exp(-min(sigma**2 / 2, 700.0))), sigma
