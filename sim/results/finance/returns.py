"""Returns on cash flows: rate of return, multiple, present value, payback."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.events import FloatArray, IntArray
from sim.events.money import NO_RATE

FOUND = -1
NO_OUTLAY, NO_RECEIPT, EARLY, LOST, SEVERAL, NONE, UNFINISHED = range(len(NO_RATE))
_LOW, _HIGH = np.log(0.01), np.log(1e6)  # of 1 + the rate a year
_STEPS = 60
_CLOSE = 1e-13
_CLOSING_IN, _NEAR = 3, 1e-13
_WIDE = 256
_GRID = np.linspace(np.log(0.5), np.log(4.0), 400)  # -50 % to 300 % a year


@dataclass(frozen=True)
class Returns:
    """Returns of each row of flows, shape (n,); nan where there is none."""

    irr: FloatArray  # a year
    why: IntArray  # index into NO_RATE, -1 where there is one
    multiple: FloatArray
    npv: FloatArray  # in the unit of the flows, at the first period's beginning
    payback_years: FloatArray  # from the first outlay


def returns(flows: FloatArray, years: float, discount_rate: float) -> Returns:
    """Returns of many parties at once.

    Parameters
    ----------
    flows : FloatArray
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
    flows = np.asarray(flows, np.float64)
    got, put = np.maximum(flows, 0.0), np.maximum(-flows, 0.0)
    received, paid = got.sum(axis=1), put.sum(axis=1)
    ends = years * np.arange(1, flows.shape[1] + 1)
    irr, why = _rates(flows, got, put, years)
    with np.errstate(divide="ignore", invalid="ignore"):
        multiple = np.where(paid > 0, received / paid, np.nan)
    return Returns(
        irr=irr,
        why=why,
        multiple=multiple,
        npv=flows @ (1 + discount_rate) ** -ends,
        payback_years=_payback(flows, paid, years),
    )


def _payback(flows: FloatArray, paid: FloatArray, years: float) -> FloatArray:
    """Years from the first outlay until the sum so far is no longer negative, and stays so."""
    total = np.cumsum(flows, axis=1)
    periods = flows.shape[1]
    begin = (flows < 0).argmax(axis=1)
    last_short = periods - 1 - (total[:, ::-1] < -0.5).argmax(axis=1)
    short = (total < -0.5).any(axis=1)
    back = np.where(short, last_short + 1, begin)
    return np.where((paid > 0) & (back < periods), (back - begin) * years, np.nan)


def _rates(
    flows: FloatArray, got: FloatArray, put: FloatArray, years: float
) -> tuple[FloatArray, IntArray]:
    irr = np.full(len(flows), np.nan)
    why = np.full(len(flows), NONE)
    received, paid = got.any(axis=1), put.any(axis=1)
    early = (got > 0).argmax(axis=1) < (put > 0).argmax(axis=1)
    why[early], why[~received], why[~paid] = EARLY, NO_RECEIPT, NO_OUTLAY
    rows = np.flatnonzero(received & paid & ~early)
    simple = _changes(flows[rows]) == 1
    one, many = rows[simple], rows[~simple]
    irr[one], why[one] = _single(got[one], put[one], years)
    for row in many:  # few: a hole in the middle, a claim after premiums
        irr[row], why[row] = _scanned(flows[row], years)
    return irr, why


def _changes(flows: FloatArray) -> IntArray:
    """Changes of sign; with one there is at most one rate (Descartes)."""
    row, period = np.nonzero(flows)
    got = flows[row, period] > 0
    changed = (got[1:] != got[:-1]) & (row[1:] == row[:-1])
    return np.bincount(row[1:][changed], minlength=len(flows))


def _single(got: FloatArray, put: FloatArray, years: float) -> tuple[FloatArray, IntArray]:
    """Newton's method on log(value received / value paid), falling and nearly straight in x.

    x is log(1 + rate): the slope is the difference of the two mean times, so it never vanishes
    while all receipts come after all outlays.
    """
    ends = years * np.arange(1, got.shape[1] + 1)
    x = np.zeros(len(got))
    low, high = np.full(len(got), _LOW), np.full(len(got), _HIGH)
    for _ in range(_STEPS):
        weight = np.exp(-np.outer(x, ends))
        value_got, value_put = got * weight, put * weight
        sum_got, sum_put = value_got.sum(axis=1), value_put.sum(axis=1)
        gap = np.log(sum_got / sum_put)
        slope = (value_put @ ends) / sum_put - (value_got @ ends) / sum_got
        step = gap / slope
        moved = np.clip(x - step, low, high)
        done = np.abs(moved - x) < _CLOSE
        x = moved
        if done.all():
            break
    lost = x <= _LOW
    return np.where(lost, np.nan, np.expm1(x)), np.where(lost, LOST, FOUND)


def _scanned(flow: FloatArray, years: float) -> tuple[float, int]:
    """Rates at which a flow with several changes of sign is worth nothing: one, or why not."""
    # Periods are as many as the last life takes: a table for each number would never be at hand.
    values = _weights(-(-len(flow) // _WIDE) * _WIDE, years)[:, : len(flow)] @ flow
    places = np.flatnonzero(np.sign(values[1:]) * np.sign(values[:-1]) < 0)
    if len(places) != 1:
        return np.nan, SEVERAL if len(places) else NONE
    ends = np.asarray(years * np.arange(1, len(flow) + 1), np.float64)
    return float(np.expm1(_halved(flow, ends, values, places[0]))), FOUND


def _halved(flow: FloatArray, ends: FloatArray, values: FloatArray, place: int) -> float:
    """Where the value changes its sign behind a place of the grid, by halving what is between.

    Newton's method comes close much sooner: only halves as near as rounding are computed.
    """
    low, high = float(_GRID[place]), float(_GRID[place + 1])
    rising = values[place] < 0
    near = low + (high - low) * float(values[place] / (values[place] - values[place + 1]))
    for _ in range(_CLOSING_IN):
        worth = flow * np.exp(-near * ends)
        slope = float(worth @ ends)
        near = min(max(near + float(worth.sum()) / slope, low), high) if slope else near
    begin, end = near - _NEAR, near + _NEAR
    if (flow @ np.exp(-begin * ends) < 0) != rising or (flow @ np.exp(-end * ends) < 0) == rising:
        begin, end = low, high
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if middle < begin or (middle < end and (flow @ np.exp(-middle * ends) < 0) == rising):
            low = middle
        else:
            high = middle
    return (low + high) / 2


@lru_cache(maxsize=8)
def _weights(periods: int, years: float) -> FloatArray:
    """Present value of one at the end of each period, (n_rates, periods)."""
    return np.exp(-np.outer(_GRID, years * np.arange(1, periods + 1)))
