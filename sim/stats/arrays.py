"""Arrays as the functions of this room take them: of a shape, of numbers, or refused in words."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.errors import DesignError
from sim.events import FloatArray


def numbers(
    where: str, values: npt.ArrayLike, *axes: str | int, undefined: bool = False
) -> FloatArray:
    """Values as an array of finite numbers.

    Parameters
    ----------
    where : str
        Who asks for them, for the words of a refusal.
    axes : str or int
        What stands along each axis, or how many of it there must be.
    undefined : bool
        Whether nan may stand for what is not defined.

    Raises
    ------
    DesignError
        If the shape is another, or a number is not finite.

    Examples
    --------
    >>> numbers("mean", [1, 2], "n")
    array([1., 2.])
    """
    found = np.asarray(values, dtype=np.float64)
    if found.ndim != len(axes) or any(
        isinstance(axis, int) and axis != length
        for axis, length in zip(axes, found.shape, strict=True)
    ):
        accepted = ", ".join(map(str, axes)) + ("," if len(axes) == 1 else "")
        raise DesignError(f"{where}: an array of shape {found.shape}; accepted: shape ({accepted})")
    bad = np.argwhere(np.isinf(found) if undefined else ~np.isfinite(found))
    if len(bad):
        first = tuple(bad[0].tolist())
        at = first[0] if len(first) == 1 else first
        accepted = "or nan" if undefined else "so drop what is not defined first"
        raise DesignError(
            f"{where}: {found[first]} at index {at}, {len(bad)} of {found.size} values not finite; "
            f"accepted: finite numbers, {accepted}"
        )
    return found
