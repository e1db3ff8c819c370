"""How a recorded value, or several together, lies in an ensemble of runs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.errors import DesignError
from sim.stats.arrays import numbers
from sim.stats.intervals import FloatArray


def pit(ensemble: npt.ArrayLike, record: float) -> float:
    """Where the record lies among n runs, 0 to 1: its mid-rank, over n + 1.

    Uniform on (1/2, ..., n + 1/2) / (n + 1) if the record is one more run and ties are rare;
    0.5 on average in any case.

    Examples
    --------
    >>> pit([1.0, 2.0, 3.0], 2.5), pit([3.0, 3.0, 3.0], 3.0)
    (0.625, 0.5)
    """
    x = _matrix("pit", ensemble)[:, 0]
    below, same = int((x < record).sum()), int((x == record).sum())
    return (below + (same + 1) / 2) / (x.size + 1)


def crps(ensemble: npt.ArrayLike, record: float) -> float:
    """Continuous ranked probability score of an ensemble, in its unit; 0 is best.

    mean |x - y| - mean |x - x'| / 2, over all pairs of runs (Gneiting and Raftery 2007, J. Am.
    Stat. Assoc. 102:359-378, eq. 21). Of a single run it is the distance.

    Examples
    --------
    >>> crps([0.0, 2.0], 1.0), crps([4.0], 1.0)
    (0.5, 3.0)
    """
    x = np.sort(_matrix("crps", ensemble)[:, 0])
    weights = 2 * np.arange(x.size) - x.size + 1  # of x in the sum over pairs i < j of x_j - x_i
    return float(np.abs(x - record).mean() - (weights @ x) / x.size**2)


def depth(ensemble: npt.ArrayLike, record: npt.ArrayLike) -> float:
    """Share of runs at least as far from the others as the record is from all of them.

    ``ensemble`` has shape (n, k), ``record`` (k,). Each quantity is divided by its standard
    deviation over the runs, so units do not count; one that is the same in all runs counts as it
    is. Far is by energy distance, 2 E|X - z| - E|X - X'| (Szekely and Rizzo 2013, J. Stat. Plan.
    Infer. 143:1249-1272); of a run, to the others without it.

    Examples
    --------
    >>> depth([[0.0], [1.0], [2.0], [3.0]], [1.5]), depth([[0.0], [1.0], [2.0], [3.0]], [9.0])
    (1.0, 0.0)
    """
    runs = _matrix("depth", ensemble)
    n, z = len(runs), np.asarray(record, dtype=np.float64)
    if n < 3 or z.shape != runs.shape[1:]:
        raise DesignError(
            f"depth: {n} runs of {runs.shape[1]} quantities, a record of shape {z.shape}; "
            "accepted: 3 runs or more, and a value for each of their quantities"
        )
    spread = runs.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    runs, z = runs / scale, z / scale
    to_others = np.array([np.linalg.norm(runs - one, axis=1).sum() for one in runs])  # (n,)
    pairs = to_others.sum()
    without = (pairs - 2 * to_others) / (n - 1) ** 2  # E|X - X'| of the others, (n,)
    of_runs = 2 * to_others / (n - 1) - without
    of_record = 2 * np.linalg.norm(runs - z, axis=1).mean() - pairs / n**2
    return float((of_runs >= of_record - 1e-12).mean())


def _matrix(where: str, ensemble: npt.ArrayLike) -> FloatArray:
    """(n, k) finite values; a single quantity may come as (n,)."""
    x = np.asarray(ensemble, dtype=np.float64)
    x = numbers(where, x[:, np.newaxis] if x.ndim == 1 else x, "n_runs", "n_quantities")
    if not x.size:
        raise DesignError(f"{where}: shape {x.shape}; accepted: one run or more")
    return x
