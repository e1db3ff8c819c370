"""What an interval says of an effect, in the same words for every design.

A verdict tells an effect from none, and is not about its size. A measure with a sign (mu, a
correlation, one level against another) raises or lowers the response when its interval leaves zero
out. A measure without (a share of variance, a mean size) matters when its interval stays above zero
and above what replication noise alone would give. What is exactly zero in every world has no effect
in any world.

Whether the size is known is another question: an interval is too imprecise when it is wider than
`WIDEST` of the range that the measure can take: 0 to 1 for a share, -1 to 1 for a correlation,
minus to plus the largest effect of the table where an effect is in the response's own unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan

import numpy as np
import numpy.typing as npt

from sim.stats.intervals import NOTHING, FloatArray, Interval

WIDEST = 0.2

RAISES, LOWERS, MATTERS = "raises it", "lowers it", "matters"
SIGN, NONE_TOLD, NO_EFFECT = "sign not decided", "not told from none", "no effect in any world"
VARIES, STEADY, UNKNOWN = "varies", "the same everywhere", "unknown"
DECIDED = (RAISES, LOWERS, MATTERS, VARIES, STEADY, NO_EFFECT)


@dataclass(frozen=True)
class Effect:
    """One measure of one factor; ``note`` says why a verdict or a size is not known."""

    factor: str
    measure: str
    interval: Interval
    verdict: str
    too_imprecise: bool = False
    note: str = ""

    @property
    def decided(self) -> bool:
        """Whether the effect is told from none, or known to be none."""
        return self.verdict in DECIDED


def signed_effect(
    factor: str, measure: str, interval: Interval, range_width: float, note: str = ""
) -> Effect:
    """An effect with a sign.

    Examples
    --------
    >>> from sim.stats.intervals import Interval
    >>> signed_effect("desks", "mu", Interval(-45.9, -79.4, -12.4), 200.0).verdict
    'lowers it'
    """
    if isnan(interval.low):
        return Effect(factor, measure, interval, UNKNOWN, False, note or "no interval")
    verdict = sign_of(interval)
    return Effect(factor, measure, interval, verdict, *_size(interval, range_width))


def sized_effect(
    factor: str,
    measure: str,
    interval: Interval,
    range_width: float,
    noise: float = 0.0,
    words: tuple[str, str] = (MATTERS, NO_EFFECT),
) -> Effect:
    """An effect without a sign, told from none when above ``noise``; ``words`` for some and none.

    Examples
    --------
    >>> from sim.stats.intervals import Interval
    >>> sized_effect("desks", "ST", Interval(0.31, 0.12, 0.5), 1.0).verdict
    'matters'
    """
    if isnan(interval.low):
        return Effect(factor, measure, interval, UNKNOWN, False, "no interval")
    if interval.low == interval.high == 0:
        return Effect(factor, measure, interval, words[1])
    too_imprecise, note = _size(interval, range_width)
    if interval.low > noise:
        return Effect(factor, measure, interval, words[0], too_imprecise, note)
    if interval.low > 0:
        wide = f"{note}; " if note else ""
        note = f"{wide}not above {digits(noise)}, which replication noise alone can give"
    return Effect(factor, measure, interval, NONE_TOLD, too_imprecise, note)


def sign_of(interval: Interval) -> str:
    """The verdict on an effect with a sign."""
    if isnan(interval.low):
        return UNKNOWN
    if interval.low == interval.high == 0:
        return NO_EFFECT
    return RAISES if interval.low > 0 else LOWERS if interval.high < 0 else SIGN


def no_effect(factor: str, measure: str) -> Effect:
    """An effect where the response is the same at every point of the design, in every world."""
    return Effect(factor, measure, NOTHING, NO_EFFECT, False, "the response does not vary")


def unknown(factor: str, measure: str, why: str) -> Effect:
    """An effect that the points do not show."""
    return Effect(factor, measure, NOTHING, UNKNOWN, False, why)


def holm(p: npt.ArrayLike) -> FloatArray:
    """P values for many comparisons at once, by the step-down rule of Holm (1979); shape kept.

    A nan is no comparison: it stays nan and does not count.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03, 0.005]).tolist()
    [0.03, 0.06, 0.06, 0.02]
    """
    values = np.asarray(p, np.float64)
    adjusted = np.full(values.shape, nan)
    there = np.flatnonzero(~np.isnan(values))
    order = there[np.argsort(values.flat[there], kind="stable")]
    factors = np.arange(order.size, 0, -1)
    adjusted.flat[order] = np.minimum(np.maximum.accumulate(values.flat[order] * factors), 1.0)
    return adjusted


def digits(value: float, count: int = 3) -> str:
    """A number by its first ``count`` digits, never as 1.31e+06."""
    return f"{float(f'{value:.{count}g}'):,.10g}"


def _size(interval: Interval, range_width: float) -> tuple[bool, str]:
    width = interval.high - interval.low
    if width <= WIDEST * range_width:
        return False, ""
    return True, f"interval wider than {digits(WIDEST * range_width)}"
