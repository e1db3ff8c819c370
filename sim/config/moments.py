"""Bounds and mean of a distribution, from its parameters alone."""

from __future__ import annotations

from math import exp, gamma, inf, log, sqrt

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

_Z90 = 1.2815515655446004  # 90th percentile of N(0, 1)
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
            median, sigma = _log_parameters(distribution)
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
            median, sigma = _log_parameters(distribution)
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
            median, sigma = _log_parameters(distribution)
            return median * exp(min(sigma * _Z999, 300.0))
        case Gamma():
            from scipy.special import gammainccinv

            shape, scale = gamma_parameters(distribution)
            return float(gammainccinv(shape, 0.001)) * scale
        case Mixture(components=components):
            return max(tail(part.distribution) for part in components.values())
    return support(distribution)[1]


def gamma_parameters(distribution: Gamma) -> tuple[float, float]:
    """Return shape and scale, whichever way the distribution was spelled."""
    if distribution.mean is not None and distribution.sd is not None:
        ratio = distribution.sd / distribution.mean
        return 1 / max(ratio, 1e-150) ** 2, distribution.mean * ratio**2
    return distribution.shape or 0.0, distribution.scale or 0.0


def _log_parameters(distribution: Lognormal) -> tuple[float, float]:
    """Return median and sigma, whichever way the distribution was spelled."""
    if distribution.p10 is not None and distribution.p90 is not None:
        sigma = log(distribution.p90 / distribution.p10) / (2 * _Z90)
        return sqrt(distribution.p10) * sqrt(distribution.p90), sigma
    sigma = distribution.sigma or 0.0
    if distribution.median is not None:
        return distribution.median, sigma
    return (distribution.mean or 0.0) * exp(-min(sigma**2 / 2, 700.0)), sigma
