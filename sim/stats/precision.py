"""How many replications: run until each response is as precise as wanted, and stays so.

The rule is that of Hoad, Robinson and Davies (2010), "Automated selection of the number of
replications for a discrete-event simulation", J. Oper. Res. Soc. 61:1632-1644. A half-width that
dips below its target by luck comes up again, so a target counts as reached at n only when it is met
at every sample size from n to n + `look_ahead` (n). Half-widths are Student's for numbers, Wilson's
for probabilities (bool), where Student's would be zero before the first event.

Every decision rests on a prefix of the replications in their order. So it does not matter in which
chunks they arrive or by how many workers they were made. The budget is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil, isfinite, isnan, nan
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import scipy  # type: ignore[import-untyped, unused-ignore]

from sim.errors import DesignError
from sim.stats.arrays import numbers
from sim.stats.intervals import FloatArray, IntArray

BoolArray: TypeAlias = npt.NDArray[np.bool_]
_HalfWidth: TypeAlias = Callable[
    [FloatArray, FloatArray, FloatArray], FloatArray
]  # n, mean, variance

LOOK_AHEAD = 5  # kLimit; the default of Hoad, Robinson and Davies
LEAST = 30  # a response that has not varied in a few replications has not shown that it cannot
_MOST = 10**12  # a prediction beyond it says no more than "never"


@dataclass(frozen=True)
class Target:
    """Half-width wanted: a share of the mean, a number in the response's unit, or either.

    With both, the wider one counts. A share alone has no meaning where the mean is near zero: give
    an absolute half-width to responses that can be.

    Examples
    --------
    >>> Target(relative=0.02, absolute=1.0).wanted(200.0)
    4.0
    >>> Target(relative=0.02, absolute=1.0).wanted(-3.0)
    1.0
    """

    relative: float | None = None
    absolute: float | None = None

    def __post_init__(self) -> None:
        given = [value for value in (self.relative, self.absolute) if value is not None]
        if not given or not all(isfinite(value) and value > 0 for value in given):
            raise DesignError(
                f"precision: target relative {self.relative}, absolute {self.absolute}; "
                "accepted: one or both, above 0"
            )

    def wanted(self, mean: float) -> float:
        """Half-width wanted at a mean, in the unit of the response."""
        return max((self.relative or 0.0) * abs(mean), self.absolute or 0.0)


@dataclass(frozen=True)
class Precision:
    """How precise one response is after ``n`` replications.

    Attributes
    ----------
    n, n_defined
        Replications seen, and those in which the response is defined.
    mean, half_width, wanted
        At ``n``, in the unit of the response; nan where n cannot support it.
    reached_at
        First n from which the target was met throughout the look-ahead; None: not reached.
    confirmed_at
        ``reached_at`` plus its look-ahead: the replications it takes to know. None: not reached.
    predicted
        ``confirmed_at``, or before: replications for the target at the mean and variance seen so
        far, look-ahead included; None when they give no finite number.
    note
        Why a target may never be reached; empty when there is nothing to say.
    """

    response: str
    n: int
    n_defined: int
    mean: float
    half_width: float
    wanted: float
    reached_at: int | None
    confirmed_at: int | None
    predicted: int | None
    note: str = ""

    @property
    def outcome(self) -> str:
        """One phrase for a table."""
        if self.reached_at is None:
            return "not reached"
        return f"reached at {self.reached_at}, confirmed at {self.confirmed_at}"


def look_ahead(n: int | IntArray, k_limit: int = LOOK_AHEAD) -> IntArray:
    """Further replications that must confirm n: ``k_limit``, above 100 that many per cent of n.

    Function f(kLimit, n) of Hoad, Robinson and Davies (2010).

    Examples
    --------
    >>> look_ahead(np.array([30, 100, 250])).tolist()
    [5, 5, 12]
    """
    return np.asarray(k_limit * np.maximum(n, 100) // 100, np.int64)


def precision(
    response: str,
    x: npt.ArrayLike,
    target: Target,
    confidence: float = 0.95,
    k_limit: int = LOOK_AHEAD,
    least: int = LEAST,
) -> Precision:
    """Decide whether a response is known precisely enough.

    Parameters
    ----------
    response : str
    x : array_like, (n_replications,), in order of replication
        Finite numbers, nan where the response is not defined; or bool for a probability.
    target : Target
    confidence : float
    k_limit : int
        Look-ahead, see `look_ahead`.
    least : int
        No decision rests on fewer defined values than these.

    Raises
    ------
    DesignError
        If ``x`` is not one-dimensional or holds an infinity, or a setting makes no sense.

    Examples
    --------
    >>> found = precision("paid", [200.0, 204.0] * 30, Target(relative=0.02))
    >>> found.outcome, round(found.half_width, 3)
    ('reached at 30, confirmed at 35', 0.521)
    """
    if not 0 < confidence < 1 or k_limit < 0 or least < 2:
        raise DesignError(
            f"precision: confidence {confidence}, look-ahead {k_limit}, least {least}; "
            "accepted: confidence above 0 and below 1, look-ahead >= 0, least >= 2"
        )
    given = np.asarray(x)
    values = numbers(f"precision: {response}", given, "n_replications", undefined=True)
    if not values.size:
        return Precision(response, 0, 0, nan, nan, nan, None, None, None, "no replications")
    half_width = (_wilson if given.dtype == np.bool_ else _student)(confidence)
    paths = _paths(values, half_width)
    wanted = np.array([target.wanted(mean) for mean in paths.mean])  # (n_replications,)
    met = (paths.half_width <= wanted) & (paths.defined >= least)
    reached_at, confirmed_at = _first_lasting(met, k_limit)
    predicted = confirmed_at
    if predicted is None:
        predicted = _predict(paths, float(wanted[-1]), half_width, least)
        predicted = predicted and predicted + int(look_ahead(predicted, k_limit))
    mean, width, defined = (float(path[-1]) for path in paths[:3])
    note = ""
    if defined == 0:
        note = "not defined in any replication"
    elif target.absolute is None and width > abs(mean):
        note = "the mean cannot be told from 0: give an absolute half-width in its unit"
    return Precision(
        response=response,
        n=values.size,
        n_defined=int(defined),
        mean=mean,
        half_width=width,
        wanted=float(wanted[-1]),
        reached_at=reached_at,
        confirmed_at=confirmed_at,
        predicted=predicted,
        note=note,
    )


def stop_at(found: Iterable[Precision]) -> int | None:
    """Replications at which every response is confirmed; None while one is not.

    A run that keeps just these has the same bytes whatever its chunks were.
    """
    confirmed = [one.confirmed_at for one in found]
    known = [n for n in confirmed if n is not None]
    return max(known) if known and len(known) == len(confirmed) else None


class _Paths(NamedTuple):
    """What is known after each replication; each shape (n_replications,)."""

    mean: FloatArray
    half_width: FloatArray
    defined: FloatArray  # how many values, nan left out
    variance: FloatArray  # of one value


def _paths(values: FloatArray, half_width: _HalfWidth) -> _Paths:
    """Running sums are prefix sums: what comes later never changes what stands before."""
    there = ~np.isnan(values)
    defined = np.cumsum(there, dtype=np.float64)
    origin = values[there][0] if there.any() else 0.0  # near the values: nothing cancels
    from_origin = np.where(there, values - origin, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        offset = np.cumsum(from_origin) / defined
        squares = np.maximum(np.cumsum(from_origin**2) - defined * offset**2, 0.0)
        variance = np.where(defined > 1, squares / (defined - 1), nan)
        mean = origin + offset
        return _Paths(mean, half_width(defined, mean, variance), defined, variance)


def _student(confidence: float) -> _HalfWidth:
    side = (1 + confidence) / 2
    return lambda n, mean, variance: scipy.special.stdtrit(n - 1, side) * np.sqrt(variance / n)


def _wilson(confidence: float) -> _HalfWidth:
    """Half the length of `sim.stats.intervals.wilson`, which never is zero."""
    z = float(scipy.special.ndtri((1 + confidence) / 2))
    return lambda n, mean, variance: (
        z / (1 + z * z / n) * np.sqrt(mean * (1 - mean) / n + (z / (2 * n)) ** 2)
    )


def _first_lasting(met: BoolArray, k_limit: int) -> tuple[int | None, int | None]:
    """First n at which the target is met and stays met, and the n at which that is known."""
    n = np.arange(1, len(met) + 1)
    last = n + look_ahead(n, k_limit)
    not_met = np.where(met, len(met) + 1, n)
    next_not_met = np.minimum.accumulate(not_met[::-1])[::-1]  # at n or later
    lasting = np.flatnonzero((next_not_met > last) & (last <= len(met)))
    if not lasting.size:
        return None, None
    return int(n[lasting[0]]), int(last[lasting[0]])


def _predict(paths: _Paths, wanted: float, half_width: _HalfWidth, least: int) -> int | None:
    """Replications until the half-width is as wanted, if mean and variance stay as they are."""
    mean, variance, defined = paths.mean[-1:], paths.variance[-1:], paths.defined[-1]

    def enough(n: int) -> bool:
        return bool(half_width(np.array([float(n)]), mean, variance)[0] <= wanted)

    if not defined or isnan(variance[0]):
        return None
    values = least_enough(enough, least)
    return values and ceil(values * len(paths.defined) / float(defined))


def least_enough(enough: Callable[[int], bool], least: int) -> int | None:
    """Smallest n >= ``least`` that is enough, None beyond 10**12; ``enough`` stays true once true.

    Examples
    --------
    >>> least_enough(lambda n: n * n >= 1000, 2)
    32
    """
    n = least
    while not enough(n):
        if n > _MOST:
            return None
        n *= 2
    few = max(n // 2, least - 1)
    while n - few > 1:
        middle = (few + n) // 2
        few, n = (few, middle) if enough(middle) else (middle, n)
    return n
