"""The figure of a comparison: differences of many units on one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from sim.report import style
from sim.report.experiment_frames import response_label
from sim.report.experiments import digits_for, whisker

if TYPE_CHECKING:
    import pandas as pd

_WIDE_SHOWN = 12.0  # half-widths from zero beyond which the scale is no longer even


@style.styled
def comparison(table: pd.DataFrame, made: str) -> Figure:
    """Draw the differences of one scenario, each in half-widths of its own interval.

    Parameters
    ----------
    table : DataFrame
        Rows of ``differences.csv`` of one scenario.
    made : str
    """
    half = (table["high"] - table["low"]) / 2
    there = (half > 0) & (table["difference"] != 0)
    shown = table[there].assign(half=half[there])
    units = list(dict.fromkeys(shown["unit"]))
    title = "Differences"
    if len(table):
        title = f"{table['scenario'].iloc[0]} less {table['against'].iloc[0]}"
    rows = len(shown) + len(units)
    paired = bool(table["paired"].all())
    how = "paired by world" if paired else "INDEPENDENT samples: no common worlds"
    figure = style.new_figure(10.4, 2.1 + 0.26 * max(4, rows), title, f"Differences, {how}")
    axes = figure.add_subplot()
    axes.set_xlabel("difference, in half-widths of its own 95 % interval")
    axes.grid(axis="x")
    axes.grid(False, axis="y")
    if shown.empty:
        style.nothing_to_show(axes, "no response differs")
    names, place = [], 0
    for unit in units:
        axes.axhline(place, color=style.LIGHT_GREY, linewidth=0.8)
        names.append((place, f"in {unit}:"))
        for row in shown[shown["unit"] == unit].itertuples():
            place += 1
            names.append((place, response_label(row.response).rpartition(", ")[0]))
            firm = bool(row.decided) and row.p_adjusted <= 0.05
            low, at, high = (value / row.half for value in (row.low, row.difference, row.high))
            whisker(axes, place, at, low, high, style.VERMILLION if firm else style.BLUE,
                     "D" if firm else "o", bool(row.decided))  # fmt: skip
            digits = digits_for(row.low, row.high)
            words = (
                f"{row.difference:+,.{digits}f} ({row.low:,.{digits}f} to {row.high:,.{digits}f})"
            )
            axes.text(1.01, place, words, transform=axes.get_yaxis_transform(), va="center",
                      fontsize=8)  # fmt: skip
        place += 1
    axes.set_yticks([at for at, _ in names], [name for _, name in names])
    for label in axes.get_yticklabels():
        if label.get_text().startswith("in "):
            label.set_fontweight("bold")
    axes.set_ylim(max(place, 1) - 0.4, -0.6)
    axes.axvline(0, color=style.BLACK, linewidth=1)
    if len(shown) and float((shown["difference"].abs() / shown["half"]).max()) > _WIDE_SHOWN:
        axes.set_xscale("symlog", linthresh=2)
    style.footer(figure, made, "Right: difference and interval in the unit of the group. Filled: "
                 "the interval leaves zero out; diamonds: so after Holm's adjustment for all "
                 "comparisons too; hollow circles: not decided.",
                 f"Not drawn: {len(table) - len(shown)} of {len(table)} responses, whose "
                 "difference is 0 or that have no interval.")  # fmt: skip
    return figure
