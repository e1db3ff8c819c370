"""Shapley shares: what several causes do together, divided among them.

Reference: Shapley (1953), "A value for n-person games", Annals of Mathematics Studies 28:307-317.
Each cause gets the mean, over all orders in which they could be taken, of what it adds to those
before it. The shares add up to what all do together, whatever they do to one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from math import factorial

import numpy as np

from sim.errors import DesignError
from sim.stats.intervals import FloatArray


def shapley(worth: Mapping[frozenset[str], FloatArray]) -> dict[str, FloatArray]:
    """Share of each cause, world by world.

    Parameters
    ----------
    worth : mapping
        What every set of the causes does, (n_worlds,); the empty set does it without any.

    Returns
    -------
    dict
        (n_worlds,) by cause; their sum is ``worth`` of all less ``worth`` of none.

    Raises
    ------
    DesignError
        If a set is missing.

    Examples
    --------
    >>> worth = {frozenset(): 0, frozenset("a"): 1, frozenset("b"): 2, frozenset("ab"): 7}
    >>> shares = shapley({key: np.array([float(value)]) for key, value in worth.items()})
    >>> {name: share.tolist() for name, share in shares.items()}
    {'a': [3.0], 'b': [4.0]}
    """
    causes = sorted(frozenset().union(*worth))
    n = len(causes)
    shares = {}
    for cause in causes:
        others = [one for one in causes if one != cause]
        share = np.zeros_like(next(iter(worth.values())), dtype=np.float64)
        for size in range(n):
            weight = factorial(size) * factorial(n - size - 1) / factorial(n)
            for before in map(frozenset, combinations(others, size)):
                share += weight * (_of(worth, before | {cause}) - _of(worth, before))
        shares[cause] = share
    return shares


def _of(worth: Mapping[frozenset[str], FloatArray], some: frozenset[str]) -> FloatArray:
    if some not in worth:
        named = " + ".join(sorted(some)) or "none of them"
        raise DesignError(f"shapley: {named} is missing; accepted: every set of the causes")
    return worth[some]
