"""How figures write numbers: on axes, and beside what is drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.ticker import Formatter


class PlainNumbers(Formatter):
    """Ticks as people write numbers: thousands set apart, the decimals they need, no exponent."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        """One number by itself."""
        return self.format_ticks([x])[0]

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """All ticks of an axis, with equal decimals, enough to tell them apart."""
        places = np.asarray(values, np.float64)
        step = float(np.ptp(places)) / max(len(places) - 1, 1) or float(np.abs(places).max())
        near = (n for n in range(10) if np.allclose(places, places.round(n), 0, step / 1e3))
        decimals = next(near, 10)
        return [true_minus(f"{value:,.{decimals}f}") for value in places]


def true_minus(text: str) -> str:
    """A number with the minus of the axes, and none before a zero.

    Examples
    --------
    >>> true_minus("-1.5"), true_minus("-0.0")
    ('\N{MINUS SIGN}1.5', '0.0')
    """
    if text.startswith("-") and not text.strip("-0.,"):
        return text[1:]
    return text.replace("-", "\N{MINUS SIGN}")


def digits_for(low: float, high: float) -> int:
    """Digits after the point: three that count in the widest number, two in their range."""
    size = max(abs(low), abs(high), 1e-12)
    of_size = 2 - int(np.floor(np.log10(size)))
    of_range = 1 - int(np.floor(np.log10(high - low))) if high > low else 0
    return int(np.clip(max(of_size, of_range), 0, 6))


def spread(wanted: Sequence[float], least: float, lowest: float = -np.inf) -> list[float]:
    """Move values apart until neighbours differ by ``least``, each cluster around its middle.

    Parameters
    ----------
    wanted : sequence of float
        Of equal values the first is placed highest.
    least : float
    lowest : float
        Nothing is placed below it.

    Examples
    --------
    >>> spread([1.0, 1.0, 9.0], 2.0)
    [2.0, 0.0, 9.0]
    >>> spread([1.0, 1.0, 9.0], 2.0, lowest=1.0)
    [3.0, 1.0, 9.0]
    """
    order = np.argsort(wanted[::-1], kind="stable")
    groups: list[tuple[float, int]] = []  # (middle, how many)
    for value in np.asarray(wanted[::-1], dtype=float)[order]:
        groups.append((float(value), 1))
        while len(groups) > 1:
            (low, below), (high, above) = groups[-2:]
            if high - low >= least * (below + above) / 2:
                break
            middle = (low * below + high * above) / (below + above)
            groups[-2:] = [(middle, below + above)]
    found = [0.0] * len(wanted)
    places = iter(order)
    for middle, count in groups:
        for place in range(count):
            at = max(lowest, middle + least * (place - (count - 1) / 2))
            found[len(wanted) - 1 - int(next(places))] = at
            lowest = at + least
    return found
