"""Inverse distribution functions in bulk.

Results are in the unit of the parameters. Inversion, one uniform per value, keeps common random
numbers common: a scenario that changes a parameter moves the value along the same draw.

The formulas of :mod:`sim.world.formulas` take the upper tail q = 1 - u, the chance of a greater
value. What has not ended after ``elapsed`` then needs no more than q' = S(elapsed) q, exact however
small the survival S is, and q' is below S(elapsed), so a step passed already is not met again.

References
----------
Devroye (1986), *Non-Uniform Random Variate Generation*, ch. II (inversion, truncation, mixtures),
III (discrete). Each kind's own are in :mod:`sim.world.formulas`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.config import distributions as config
from sim.config.distributions import Distribution
from sim.world.formulas import (
    FloatArray,
    Formula,
    Parameter,
    empirical_inverse,
    inverse_formula,
    survival,
)

IntArray = npt.NDArray[np.integer]

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
    return np.asarray(1 - survival(distribution, np.asarray(x, np.float64)))


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
    left = survival(distribution, elapsed)
    formula, parameters = inverse_formula(distribution)
    values = formula(*parameters, np.maximum(left * q, _SMALLEST))
    return np.where(left > 0, np.maximum(values, elapsed), elapsed)


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
        self._distributions = distributions
        formulas = [_formula(distribution) for distribution in distributions]
        classes_of: dict[tuple[Formula, int], list[int]] = {}
        for number, (formula, _) in enumerate(formulas):
            alone = number if formula in (empirical_inverse, _mixture) else -1
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

    def conditioned(self, class_index: IntArray, elapsed: FloatArray, u: FloatArray) -> FloatArray:
        """The same of what has not ended after ``elapsed``; all shapes are (n_rows,)."""
        values = np.empty(u.shape)
        for number in np.unique(class_index):
            rows = np.flatnonzero(class_index == number)
            law = self._distributions[number]
            values[rows] = conditioned(law, elapsed[rows], u[rows])
        return values


def _mixture(mixture: config.Mixture, elapsed: Parameter, q: FloatArray) -> FloatArray:
    """One uniform does both: u picks the component, and the rest of u, rescaled, is its uniform.

    Given X > elapsed a component counts by weight times its own survival (Bayes), and is itself
    conditioned. As u runs through the components in turn, the value is not monotone in u.
    """
    elapsed, parts = np.broadcast_to(elapsed, q.shape), mixture.components.values()
    weights = [part.weight * survival(part.distribution, elapsed) for part in parts]
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
    q = np.asarray(1 - np.asarray(u, np.float64))
    np.maximum(q, 2.0**-53, out=q)
    return np.minimum(q, 1 - 2.0**-53, out=q)


def _formula(distribution: Distribution) -> tuple[Formula, tuple[Any, ...]]:
    if isinstance(distribution, config.Mixture):
        return _mixture, (distribution, -np.inf)
    return inverse_formula(distribution)
