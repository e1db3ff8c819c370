"""Geometry of the page's pictures. The templates draw them, as SVG in per cent of its width.

So text keeps its size however wide the page is, and every word is escaped by the templates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil, floor, isnan, log10
from typing import NamedTuple

import numpy as np

from sim.stats.intervals import FloatArray

# Of what is held, from little to much: selected, waiting before selection, no fault. Figures too.
HEAT = ("#fbe6d6", "#f4c29c", "#e79b66", "#cf6a33", "#a23e10", "#67220a")
BLUES = ("#e3effa", "#c0dbf1", "#8fbfe6", "#5b9bd1", "#2a70b3", "#0d4480")
GREYS = ("#f0f0f0", "#dddddd", "#c4c4c4", "#a0a0a0", "#777777", "#555555")

WIDE, HIGH = 1000, 150  # units of a panel's paths; the width is stretched


class Panel(NamedTuple):
    """One amount over time: a band, a line, and what is written beside them."""

    band: str
    line: str
    rules: list[tuple[float, str]]  # height of a rule in units from the top, and its label
    years: list[tuple[float, str]]  # per cent from the left
    mark: tuple[float, float, str]  # the deadline: per cent, height, value
    last: tuple[float, str]  # height and value of the end


class Strip(NamedTuple):
    """Dollars standing at one cause by quarter, as cells (from per cent, width, colour)."""

    label: str
    cells: list[tuple[float, float, str]]
    peak: str
    when: str
    peak_at: float  # per cent from the left
    ink: str  # of its number, on the colour there; empty where none is drawn


class Piece(NamedTuple):
    """A piece of a bar: per cent from the left, width, colour, ink and its number."""

    at: float
    wide: float
    colour: str
    ink: str
    text: str


def panel(
    ends: Sequence[date], series: Mapping[str, FloatArray], top: float, deadline: date
) -> Panel:
    """Bands of an amount on a scale from 0 to ``top``."""
    n = len(ends)
    across = [WIDE * at / (n - 1) for at in range(n)]

    def down(value: float) -> float:
        return round(HIGH * (1 - value / top), 1)

    def points(values: FloatArray) -> list[str]:
        return [f"{x:.0f},{down(y)}" for x, y in zip(across, values, strict=True)]

    middle = points(series["median"])
    low, high = series["p05"], series["p95"]
    band = "" if isnan(low[0]) else f"M{' '.join(points(high))} {' '.join(points(low)[::-1])}z"
    step = round_step(top / 4)
    rules = [(down(step * at), f"{step * at:,g}") for at in range(1, int(top / step + 1e-9) + 1)]
    at = month_of(ends, deadline)
    value, end = float(series["median"][at]), float(series["median"][-1])
    mark = (round(100 * at / (n - 1), 2), down(value), _short(value))
    years = year_marks(ends[0], ends[-1])
    return Panel(band, f"M{' '.join(middle)}", rules, years, mark, (down(end), _short(end)))


def strips(
    rows: Mapping[str, tuple[str, FloatArray]],
    quarters: Sequence[str],
    dark: Sequence[str],
    edges: Sequence[float],
) -> list[Strip]:
    """A strip for each cause: its label and amounts; ``dark`` has a colour more than ``edges``."""
    found = []
    for label, amounts in rows.values():
        shade = np.searchsorted(edges, amounts, side="right")
        cells: list[tuple[float, float, str]] = []
        width = 100 / len(amounts)
        begin = 0
        for at in range(1, len(amounts) + 1):  # neighbours of one colour are one cell
            if at == len(amounts) or shade[at] != shade[begin]:
                if shade[begin] > 0:
                    cells.append(
                        (
                            round(begin * width, 3),
                            round((at - begin) * width, 3),
                            dark[shade[begin] - 1],
                        )
                    )
                begin = at
        most = int(np.argmax(amounts))
        ink = ink_on(dark[shade[most] - 1]) if shade[most] > 0 else ""
        middle = round((most + 0.5) * width, 2)
        peak = _short(float(amounts[most]))
        found.append(Strip(label, cells, peak, quarters[most], middle, ink))
    return found


def heat_edges(most: float, classes: int = 6) -> list[float]:
    """Limits of the colours, each twice the one below; none for nothing.

    Examples
    --------
    >>> heat_edges(63.0)
    [1.25, 2.5, 5.0, 10.0, 20.0, 40.0]
    """
    if most <= 0:
        return []
    power = 10.0 ** floor(log10(most))
    highest = max((n * power for n in (2, 4, 8) if n * power <= most), default=0.8 * power)
    return [highest / 2**at for at in range(classes - 1, -1, -1)]


def bar(values: Sequence[float], colours: Sequence[str], most: float) -> list[Piece]:
    """A stacked bar on a scale from 0 to ``most``; pieces of under one per cent carry no number."""
    pieces, at = [], 0.0
    for value, colour in zip(values, colours, strict=True):
        wide = 100 * max(value, 0.0) / most if most else 0.0
        if wide > 0:
            pieces.append(
                Piece(
                    round(at, 2),
                    round(wide, 2),
                    colour,
                    ink_on(colour),
                    f"{value:,.0f}" if wide > 6 else "",
                )
            )
        at += wide
    return pieces


def ink_on(colour: str) -> str:
    """Black or white, whichever is read better on a colour such as ``#D55E00``."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if light > 0.179 else "#ffffff"


def year_marks(first: date, last: date) -> list[tuple[float, str]]:
    """Where years begin, per cent from the first date to the last."""
    whole = (last - first).days or 1
    begins = [date(year, 1, 1) for year in range(first.year + 1, last.year + 1)]
    return [(round(100 * (day - first).days / whole, 2), str(day.year)) for day in begins]


def quarter_marks(quarters: Sequence[str]) -> list[tuple[float, str]]:
    """The same over quarters such as ``2028 Q1``."""
    return [
        (round(100 * at / len(quarters), 2), name[:4])
        for at, name in enumerate(quarters)
        if name.endswith("Q1")
    ]


def month_of(ends: Sequence[date], day: date) -> int:
    """Place of the month that ends on ``day`` or after, the last if none does."""
    return next((at for at, end in enumerate(ends) if end >= day), len(ends) - 1)


def round_top(most: float) -> float:
    """A round end for a scale that holds ``most``."""
    step = round_step(most / 4) if most > 0 else 1.0
    return step * max(ceil(most / step - 1e-9), 1)


def round_step(least: float) -> float:
    """1, 2 or 5 times a power of ten, not less than ``least``.

    Examples
    --------
    >>> round_step(55.0), round_step(0.3), round_step(20.0)
    (100.0, 0.5, 20.0)
    """
    power = 10.0 ** floor(log10(least))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= least * (1 - 1e-9))


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 9.95 or value < 0.05 else f"{value:.1f}"
