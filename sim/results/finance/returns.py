"""Returns on cash flows: rate of return, multiple, present value, payback."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.events import FloatArray, IntArray
from sim.events.money import NO_RATE
from sim.results.finance.walks import over_time, widened

BoolArray = NDArray[np.bool_]
FOUND = -1
NO_OUTLAY, NO_RECEIPT, EARLY, LOST, SEVERAL, NONE, UNFINISHED = range(len(NO_RATE))
_LOW, _HIGH = np.log(0.01), np.log(1e6)  # of 1 + the rate a year
_STEPS = 60
_CLOSE, _NEAR = 1e-13, 1e-8  # a step of Newton's method is off by its square
_LITTLE = 1e-9  # of what moves: worth no more, a row may be on either side of the rate
_WIDE = 32
_GRID = np.linspace(np.log(0.5), np.log(4.0), 400)  # -50 % to 300 % a year


@dataclass(frozen=True)
class Returns:
    """Returns of each row of flows, shape (n,); nan where there is none."""

    irr: FloatArray  # a year
    why: IntArray  # index into NO_RATE, -1 where there is one
    multiple: FloatArray
    npv: FloatArray  # in the unit of the flows, at the first period's beginning
    payback_years: FloatArray  # from the first outlay


def returns(flows: NDArray[Any], years: float, discount_rate: float) -> Returns:
    """Returns of many parties at once.

    Those of whole cents depend on no other row, and on no period behind the last movement.

    Parameters
    ----------
    flows : ndarray
        (n, periods) received less paid, each at the end of its period.
    years : float
        Length of a period.
    discount_rate : float
        A year, for the present value.

    Examples
    --------
    >>> found = returns(np.array([[-100.0, 0, 121], [-1, 3, -2.3], [0, 5, 5]]), 1, 0.05)
    >>> found.irr.round(6).tolist(), [list(NO_RATE)[why] for why in found.why[1:]]
    ([0.1, nan, nan], ['no_rate', 'nothing_paid_in'])
    """
    return Returns(*rates(flows, years), *measures(flows, years, discount_rate))


def measures(
    flows: NDArray[Any], years: float, discount_rate: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Multiple, present value and payback of each row, as `Returns` has them."""
    paid = -np.minimum(flows, 0).sum(axis=1)
    ends = _ends(flows.shape[1], years)
    with np.errstate(divide="ignore", invalid="ignore"):
        multiple = np.where(paid > 0, np.maximum(flows, 0).sum(axis=1) / paid, np.nan)
    worth = over_time((flows.astype(np.float64) * (1 + discount_rate) ** -ends[:, 0]).T)
    return multiple, worth, _payback(flows, paid, years)


def _ends(periods: int, years: float) -> FloatArray:
    """(periods, 1) years."""
    return np.asarray(years * np.arange(1, periods + 1.0)[:, np.newaxis])


def _payback(flows: NDArray[Any], paid: NDArray[Any], years: float) -> FloatArray:
    """Years from the first outlay until the sum so far is no longer negative, and stays so."""
    short = np.cumsum(flows, axis=1) < -0.5
    periods = flows.shape[1]
    begin = (flows < 0).argmax(axis=1)
    back = np.where(short.any(axis=1), periods - short[:, ::-1].argmax(axis=1), begin)
    return np.where((paid > 0) & (back < periods), (back - begin) * years, np.nan)


class Between(NamedTuple):
    """Where the rates of some rows are, in logarithms of 1 + the rate, each shape (n,)."""

    low: FloatArray
    high: FloatArray
    falls: BoolArray  # worth more than nothing at the low one, less at the high one


def rates(flows: NDArray[Any], years: float) -> tuple[FloatArray, IntArray]:
    """Rate a year of each row as `returns` has it, and why there is none."""
    flows = _trimmed(flows)
    rows, known, why = _placed(flows, years)
    x = _solved(_columns(flows[rows]), years, known)
    irr, lost = np.full(len(flows), np.nan), x <= _LOW
    irr[rows], why[rows] = np.where(lost, np.nan, np.expm1(x)), np.where(lost, LOST, FOUND)
    return irr, why


def reach(flows: NDArray[Any], years: float, rate: float) -> BoolArray:
    """Whether each row's rate, as `rates` has it, is there and at least so much a year.

    What a row is worth at that rate says on which side its own is, unless that is next to nothing.
    """
    flows, x = _trimmed(flows), np.log1p(rate)
    rows, known, _ = _placed(flows, years)
    columns = _columns(flows[rows])
    values = columns * np.exp(-_ends(len(columns), years) * x)
    worth, moved = over_time(values), over_time(np.abs(values))
    above = (x <= known.low) | ((x < known.high) & ((worth > 0) == known.falls))
    near = np.flatnonzero((np.abs(worth) <= _LITTLE * moved) | (x <= _LOW))
    theirs: Any = (one[near] for one in known)
    found = _solved(columns.take(near, axis=1), years, Between(*theirs))
    above[near] = (found > _LOW) & (np.expm1(found) >= rate)
    reached = np.zeros(len(flows), np.bool_)
    reached[rows] = above
    return reached


def _trimmed(flows: NDArray[Any]) -> NDArray[Any]:
    """The same up to the last movement of any."""
    moved = np.flatnonzero(flows.any(axis=0))
    return flows[:, : moved[-1] + 1 if len(moved) else 1]


def _columns(flows: NDArray[Any]) -> FloatArray:
    """(periods, n), as `over_time` wants them."""
    return np.asarray(flows.T, np.float64, order="C")


def _placed(flows: NDArray[Any], years: float) -> tuple[IntArray, Between, IntArray]:
    """Rows that have a rate, where it is, and of every row why it has none, as if all were lost."""
    got, put = flows > 0, flows < 0
    first_got, last_put = got.argmax(axis=1), flows.shape[1] - 1 - put[:, ::-1].argmax(axis=1)
    received, paid = got.any(axis=1), put.any(axis=1)
    early = first_got < put.argmax(axis=1)
    why = np.full(len(flows), NONE)
    why[early], why[~received], why[~paid] = EARLY, NO_RECEIPT, NO_OUTLAY
    rated = received & paid & ~early
    # With every receipt behind every outlay there is at most one rate (Descartes).
    one = np.flatnonzero(rated & (last_put < first_got))
    several = np.flatnonzero(rated & (last_put > first_got))
    between, count = _narrowed(flows[several].astype(np.float64), years)
    why[several[count > 1]] = SEVERAL
    alone = Between(np.full(len(one), _LOW), np.full(len(one), _HIGH), np.ones(len(one), np.bool_))
    both: Any = zip(alone, between, strict=True)
    return np.concatenate([one, several[count == 1]]), Between(*map(np.concatenate, both)), why


def _narrowed(flows: FloatArray, years: float) -> tuple[Between, IntArray]:
    """Rates of the grid between which each row's rate is, where it has one; how many it has.

    There are at most as many above a rate as sums so far, in values at that rate, change their sign
    (Norstrom 1972, J. Financial Quant. Anal. 7, 1835-1839). Most change it once.
    """
    # Periods are as many as the last life takes: a table for each number would never be at hand.
    weights = _weights(-(-flows.shape[1] // _WIDE) * _WIDE, years)
    low, high = np.full(len(flows), _GRID[0]), np.full(len(flows), _GRID[-1])
    so_far = np.cumsum(flows * weights[0, : flows.shape[1]], axis=1)
    falls = so_far[:, -1] > 0
    turns = np.count_nonzero((so_far[:, 1:] > 0) != (so_far[:, :-1] > 0), axis=1)
    # Nothing counts as below nothing, and so do the zeros before the first outlay.
    ends = over_time((flows * weights[-1, : flows.shape[1]]).T) > 0
    count = np.where(turns > 1, turns, falls != ends)
    for row in np.flatnonzero(turns > 1):  # one by one: each has the bits it has alone
        worth = weights @ widened(flows[row], weights.shape[1]) > 0
        places = np.flatnonzero(worth[1:] != worth[:-1])
        count[row] = len(places)
        if len(places) == 1:
            low[row], high[row] = _GRID[places[0]], _GRID[places[0] + 1]
            falls[row] = worth[places[0]]
    one = count == 1
    return Between(low[one], high[one], falls[one]), count


def _solved(flows: FloatArray, years: float, between: Between) -> FloatArray:
    """Newton's method on log(value received / value paid), of each column of (periods, n).

    x is log(1 + rate). Where all receipts come after all outlays the function falls and is nearly
    straight: its slope is the difference of the two mean times. Elsewhere a step that leaves what
    the rate is known to be between halves that.
    """
    low, high, falls = between
    simple = low == _LOW
    x = np.where(high - low > 1, 0.0, (low + high) / 2)
    found, left, ends = x.copy(), np.arange(len(x)), _ends(len(flows), years)
    # Outlays end long before receipts do: what is nothing for all is left out.
    paid, received = (np.flatnonzero(one.any(axis=1)) for one in (flows < 0, flows > 0))
    until, since = (paid[-1] + 1, received[0]) if len(x) else (0, 0)
    got, put = np.maximum(flows[since:], 0.0), np.maximum(-flows[:until], 0.0)
    for _ in range(_STEPS):
        weight = -ends * x
        np.exp(weight, out=weight)
        value_put = put * weight[:until]
        value_got = np.multiply(got, weight[since:], out=weight[since:])
        sum_got, sum_put = over_time(value_got), over_time(value_put)
        gap = np.log(sum_got / sum_put)
        value_put *= ends[:until]
        value_got *= ends[since:]
        slope = over_time(value_put) / sum_put - over_time(value_got) / sum_got
        stepped = x - gap / slope
        beyond = (gap > 0) == falls
        low, high = np.where(beyond, x, low), np.where(beyond, high, x)
        halved = np.where((stepped >= low) & (stepped <= high), stepped, (low + high) / 2)
        moved = np.where(simple, np.clip(stepped, _LOW, _HIGH), halved)
        found[left] = moved
        on = np.abs(moved - x) >= np.where(moved == stepped, _NEAR, _CLOSE)
        if not on.any():
            break
        if not on.all():
            got, put, left = got.compress(on, axis=1), put.compress(on, axis=1), left[on]
            moved, low, high, falls, simple = (one[on] for one in (moved, low, high, falls, simple))
        x = moved
    return found


@lru_cache(maxsize=16)
def _weights(periods: int, years: float) -> FloatArray:
    """Present value of one at the end of each period, (n_rates, periods)."""
    return np.exp(-np.outer(_GRID, years * np.arange(1, periods + 1)))
