"""The figure of a comparison: differences of many units on one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

from sim.report.figures import style
from sim.report.figures.numbers import PlainNumbers, digits_for, true_minus
from sim.report.figures.sweep_effects import mark_difference
from sim.study.findings.labels import response_label

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_WIDE_SHOWN = 12.0  # half-widths from zero beyond which the scale is no longer even
_EVEN = 2.0  # how far it is then even
_MOST_ROWS = 20
_GROUPS = {"share": "as a share:", "probability": "as a probability:"}


@style.styled
def comparison(table: pd.DataFrame, made: str, dates: Mapping[str, str] | None = None) -> Figure:
    """Draw the differences of one scenario, each in half-widths of its own interval.

    Parameters
    ----------
    table : DataFrame
        Rows of ``differences.csv`` of one scenario.
    made : str
    dates : mapping, optional
        As `sim.study.findings.dates.programme_dates` gives them.
    """
    shown = _largest(table)
    half = shown["half"]
    units = list(dict.fromkeys(shown["unit"]))
    title = "Differences"
    if len(table):
        title = f"{table['scenario'].iloc[0]} against {table['against'].iloc[0]}"
    rows = len(shown) + len(units)
    figure = style.new_figure(10.4, 2.1 + 0.26 * max(4, rows), title, f"Differences, {_how(table)}")
    axes = figure.add_subplot()
    if shown.empty:
        style.nothing_to_show(axes, "no response differs")
    names: dict[int, str] = {}
    for unit in units:
        head = len(names)
        axes.axhline(head, color=style.LIGHT_GREY, linewidth=0.8)
        names[head] = _GROUPS.get(unit, f"in {unit}:")
        for place, row in enumerate(shown[shown["unit"] == unit].itertuples(), head + 1):
            names[place] = response_label(row.response, False, dates)
            _draw_row(axes, place, row)
    style.in_rows(axes, list(names.values()))
    for place, label in zip(names, axes.get_yticklabels(), strict=True):
        if names[place].endswith(":"):
            label.set_fontweight("bold")
    if names:
        style.beside(axes, 0, "difference (95 % interval)", fontsize=8, fontweight="bold")
    axes.axvline(0, color=style.BLACK, linewidth=1)
    _scale(axes, float((shown["difference"].abs() / shown["half"].where(half > 0)).max()))
    style.footer(
        figure,
        made,
        "Right: difference and interval in the unit of the group. Filled "
        "diamonds: the sign is decided, after Holm's adjustment for all comparisons; "
        "hollow circles: not decided. Intervals are not adjusted, so a hollow one may "
        "leave zero out.",
        _left_out(table, shown),
    )
    return figure


def _how(table: pd.DataFrame) -> str:
    """In pairs where any response is: one that is not defined in two worlds says nothing of it."""
    pairs = table["n"][table["paired"].astype(bool)]
    if pairs.empty:
        return "INDEPENDENT samples: no common worlds"
    return f"in pairs, on {pairs.max():,} common worlds"


def _largest(table: pd.DataFrame) -> pd.DataFrame:
    """The decided ones, largest first, with their half-widths; all where none is decided."""
    half = (table["high"] - table["low"]) / 2
    there = half.notna() & (table["difference"] != 0)
    found = table[there].assign(half=half[there])
    if found["decided"].any():
        found = found[found["decided"].astype(bool)]
    size = found["difference"].abs() / found["half"]  # inf where it is the same in every world
    return found.loc[size.sort_values(ascending=False, kind="stable").index].head(_MOST_ROWS)


def _left_out(table: pd.DataFrame, shown: pd.DataFrame) -> str:
    """How many responses are not drawn, and why."""
    decided, drawn = int(table["decided"].sum()), int(shown["decided"].sum())
    smaller = f"{decided - drawn} decided but smaller, " if decided > drawn else ""
    return (
        f"Left out: {len(table) - len(shown)} of {len(table)} responses ({smaller}"
        f"{len(table) - decided - (len(shown) - drawn)} not decided or without a difference); "
        "differences.csv has all."
    )


def _draw_row(axes: Axes, place: int, row: Any) -> None:
    """One difference, and beside it what it is in its own unit."""
    digits = digits_for(row.low, row.high)
    numbers = (row.difference, row.low, row.high)
    at, low, high = (true_minus(f"{value:,.{digits}f}") for value in numbers)
    sign = "+" if row.difference > 0 else ""
    if row.half == 0:  # no scale of its own to draw it on
        style.beside(axes, place, f"{sign}{at} in every world", fontsize=8)
        return
    style.beside(axes, place, f"{sign}{at} ({low} to {high})", fontsize=8)
    x, left, right = (value / row.half for value in numbers)
    mark_difference(axes, place, x, left, right, bool(row.decided))


def _scale(axes: Axes, farthest: float) -> None:
    """An even scale, or one that is logarithmic far from zero where differences are large."""
    label = "difference, in half-widths of its own 95 % interval"
    if farthest > _WIDE_SHOWN:
        axes.set_xscale("symlog", linthresh=_EVEN)
        upwards = [_EVEN, *(10.0**power for power in range(1, 13))]
        axes.xaxis.set_major_locator(
            FixedLocator([*(-one for one in reversed(upwards)), 0, *upwards])
        )
        whole = FuncFormatter(lambda value, _: true_minus(f"{value:,.0f}"))
        axes.xaxis.set_major_formatter(whole)
        label += f" (even scale up to {_EVEN:g}, logarithmic beyond)"
    else:
        axes.xaxis.set_major_formatter(PlainNumbers())
    axes.margins(x=0.06)
    axes.set_xlabel(label)
