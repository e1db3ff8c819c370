"""The few moves on (projects, periods) arrays that all money shares.

A project's numbers are the same to the bit whichever projects, and however many idle periods, stand
beside its own: what is summed over time is summed period by period.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.events import FloatArray, IntArray

Array = TypeVar("Array", bound=NDArray[Any])


def carried(due: IntArray, paid: IntArray) -> IntArray:
    """What is due and unpaid at the end of each period, never below zero; exact.

    c[k] = max(0, c[k-1] + due[k] - paid[k]): a walk reflected at zero, which is the walk less its
    least value so far (Lindley 1952, Proc. Camb. Phil. Soc. 48).

    Examples
    --------
    >>> carried(np.array([[5, 5, 5]]), np.array([[3, 9, 0]]))
    array([[2, 0, 5]])
    """
    walk = np.cumsum(due - paid, axis=1)
    least = np.minimum.accumulate(walk, axis=1)
    walk -= np.minimum(least, 0, out=least)
    return walk


def carried_with_interest(due: NDArray[Any], paid: IntArray, growth: FloatArray) -> IntArray:
    """The same where what is carried bears interest: c[k-1] counts ``growth[k]`` times.

    The walk is taken in present values; whole cents, rounded.
    """
    scale = np.cumprod(growth, axis=1)
    walk = np.cumsum((due - paid) / scale, axis=1)
    least = np.minimum.accumulate(walk, axis=1)
    walk -= np.minimum(least, 0, out=least)
    walk *= scale
    return np.asarray(np.rint(walk, out=walk), np.int64)


def before(values: Array) -> Array:
    """Each period's value at its beginning: that of the end of the period before, first 0."""
    shifted: Array = np.empty_like(values)
    shifted[..., 0], shifted[..., 1:] = 0, values[..., :-1]
    return shifted


def steps(so_far: Array) -> Array:
    """What each period adds to a sum so far; `numpy.diff` takes thrice as long."""
    added: Array = np.empty_like(so_far)
    added[..., 0] = so_far[..., 0]
    np.subtract(so_far[..., 1:], so_far[..., :-1], out=added[..., 1:])
    return added


def cents_of(so_far: FloatArray) -> IntArray:
    """Whole cents by period whose sum so far is always ``so_far``, rounded."""
    return steps(np.rint(so_far).astype(np.int64))


def cents(amounts: FloatArray) -> IntArray:
    """Whole cents by period whose sum so far is always the rounded sum so far."""
    return cents_of(np.cumsum(amounts, axis=1))


def part(amounts: IntArray, share: NDArray[np.float64] | float) -> IntArray:
    """Whole cents of a share, rounded down: the remainder is the last part's."""
    whole = amounts.astype(np.float64)  # numpy takes longer over a product of unlike kinds
    whole *= share
    whole += 1e-6
    return np.asarray(np.floor(whole, out=whole), np.int64)


def by_period(
    row: IntArray, period: IntArray, amounts: NDArray[Any], shape: tuple[int, int]
) -> FloatArray:
    """Sum of amounts by row and period; exact for whole cents below 2**53."""
    flat = np.bincount(row * shape[1] + period, weights=amounts, minlength=shape[0] * shape[1])
    return np.asarray(flat.reshape(shape))


def cells(values: IntArray) -> tuple[NDArray[np.intp], ...]:
    """Where a sparse array is not zero; a mask is searched much faster than numbers."""
    return np.unravel_index(np.flatnonzero(values != 0), values.shape)


def since(position: FloatArray, periods: int) -> FloatArray:
    """Periods passed since each position by the end of each period, from 0 (n, periods + 1).

    A position is a moment in periods: 2.25 is a quarter through the third one.
    """
    return np.maximum(np.arange(periods + 1.0) - position[:, np.newaxis], 0.0)


def widened(values: Array, periods: int, *, held: bool = False) -> Array:
    """The first periods of so many: nothing happens in the others, or all stays as it was."""
    known = values.shape[-1]
    wide: Any = np.empty((*values.shape[:-1], periods), dtype=values.dtype)
    wide[..., :known], wide[..., known:] = values, values[..., -1:] if held else 0
    return wide  # type: ignore[no-any-return]


def over_time(amounts: FloatArray) -> FloatArray:
    """Sum over the periods of (periods, n), one after the other.

    So numpy adds the rows of an array in C's order, unless it has a single column.
    """
    if amounts.shape[1] == 1:
        return np.asarray(np.cumsum(amounts, axis=0)[-1])
    return np.asarray(np.ascontiguousarray(amounts).sum(axis=0))
