"""Figures of sweeps: response against factor, heat map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.events import FloatArray
from sim.report.figures import style
from sim.report.figures.numbers import PlainNumbers, digits_for, true_minus
from sim.report.figures.style import Look
from sim.report.figures.sweep_frames import Axis
from sim.stats.bands import bands, can_band
from sim.study.findings.labels import response_label

if TYPE_CHECKING:
    import pandas as pd

_LOOK = Look(style.BLUE)
_ONE_COLOUR = "#CFE3F1"  # of a heat map without differences
_COLUMNS, _CELL_LETTERS, _ROW_LETTERS = 3, 15, 32
_INCHES_PER_NAME, _LETTERS_PER_INCH = 1.0, 11  # of a panel whose levels have names
_MOST_DOTS = 1000  # design points of a panel; of more, every second, third ...
_MOST_NUMBERS = 15  # rows or columns of a heat map up to which cells carry numbers


@style.styled
def response_plot(
    panels: Sequence[tuple[Axis, pd.DataFrame, pd.DataFrame]],
    response: str,
    made: str,
    n: int,
    dates: Mapping[str, str] | None = None,
    joined: bool = True,
) -> Figure:
    """Draw a response against each factor: median and 5-95 % band over replications, by level.

    Parameters
    ----------
    panels : sequence of (Axis, DataFrame, DataFrame)
        A factor, its `response_table` and its `point_table`.
    response : str
    made : str
        What it was made from, for the corner.
    n : int
        Replications.
    dates : mapping, optional
        As `sim.study.findings.dates.programme_dates` gives them.
    joined : bool
        Lines from level to level. Not where other factors change from point to point: a line would
        show their ups and downs as if they were this factor's.
    """
    label = response_label(response, dates=dates)
    columns = 2 if len(panels) == 4 else _COLUMNS if len(panels) <= 9 else 5
    columns = max(1, min(columns, len(panels)))
    rows = max(1, ceil(len(panels) / columns))
    most = max((len(axis.texts) for axis, _, _ in panels if not axis.numbers), default=0)
    least, widest = (4.5, 7.0) if columns < 3 else (3.5, 7.0 if columns == 3 else 3.5)
    inches = float(np.clip(_INCHES_PER_NAME * most, least, widest))
    width = max(7.2, inches * columns)
    figure = style.new_figure(width, 1.5 + 3.2 * rows, "Response against factor", label)
    shared: Axes | None = None
    for place, (axis, table, points) in enumerate(panels):
        axes = figure.add_subplot(rows, columns, place + 1, sharey=shared)
        shared = shared or axes
        axes.set_xlabel(fill(axis.label, 44))
        axes.yaxis.set_major_formatter(PlainNumbers())
        if place % columns == 0:
            axes.set_ylabel(fill(label, 44))
        else:
            axes.tick_params(labelleft=False)
        if table.empty:
            style.nothing_to_show(axes, "the response is not defined at any point")
            continue
        _draw_levels(axes, axis, table, points, joined)
        if not (axis.numbers and axis.bins):
            letters = max(5, int(_LETTERS_PER_INCH * inches / len(axis.texts)))
            texts = axis.texts if axis.numbers else [_wrapped(one, letters) for one in axis.texts]
            axes.set_xticks(axis.at, texts)
    if not panels:
        style.nothing_to_show(figure.add_subplot(), "no factor")
    least = min(
        [n, *(int(size) for _, table, _ in panels for size in table.groupby("place").size())],
        default=n,
    )
    if can_band(n):
        how = (
            f"Large dots: medians of {n:,} replications; bands and bars: the middle 90 % of "
            "them (5-95 %)" + ("." if can_band(least) else "; none where fewer than 20 have one.")
        )
    else:
        how = (
            f"{n} replications are too few for a 5-95 % band (that takes 20): lines and "
            "dashes are single replications."
        )
    dense = any(len(points) >= _MOST_DOTS for _, _, points in panels)
    binned = any(axis.bins for axis, _, _ in panels)
    style.footer(
        figure,
        made,
        how,
        "A value is the mean over the design points at a level"
        + (" (or in a quantile bin)" if binned else "")
        + ", in one world. Small grey dots: means of single design points"
        + (" (not all of them)," if dense else ",")
        + " so they need not lie at the medians.",
    )
    return figure


def _draw_levels(
    axes: Axes, axis: Axis, table: pd.DataFrame, points: pd.DataFrame, joined: bool
) -> None:
    wide = table.pivot(index="replication", columns="place", values="value")
    places = wide.columns.to_numpy()
    x = axis.at[places]
    points = points.iloc[:: 1 + len(points) // _MOST_DOTS]
    aside = 0.0 if axis.numbers else -0.12  # not behind the bars
    small: style.How = {"markersize": 3.5, "alpha": 0.5, "markeredgewidth": 0}
    axes.plot(points["x"] + aside, points["value"], "o", color=style.GREY, **small)
    whole = wide.dropna().to_numpy(np.float64)
    if joined and axis.numbers and len(whole) == len(wide):
        style.draw_paths(axes, x, whole, _LOOK, alone=True)
        if can_band(len(whole)):
            axes.plot(x, bands(whole)["median"], "o", color=_LOOK.colour, markersize=5)
    else:
        for at, place in zip(x, places, strict=True):
            values = wide[place].dropna().to_numpy(np.float64)
            if not can_band(len(values)):
                axes.plot(np.full(len(values), at), values, "_", color=_LOOK.colour, markersize=14)
                continue
            low, median, high = np.quantile(values, [0.05, 0.5, 0.95])
            reach = [[median - low], [high - median]]
            bar: style.How = {"fmt": "o", "capsize": 5, "linewidth": 2, "markersize": 6}
            axes.errorbar([at], [median], reach, color=_LOOK.colour, **bar)
    if axis.numbers and axis.bins:
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.xaxis.set_major_formatter(PlainNumbers())
    if not axis.numbers:
        axes.set_xlim(-0.5, len(axis.at) - 0.5)


def _wrapped(text: str, letters: int) -> str:
    return fill(text, letters, break_long_words=False, break_on_hyphens=False)


@style.styled
def heat_map(
    table: pd.DataFrame,
    rows: Axis,
    columns: Axis,
    response: str,
    made: str,
    dates: Mapping[str, str] | None = None,
    still: str = "",
) -> Figure:
    """Draw the mean response for two factors, each number in its cell.

    Parameters
    ----------
    table : DataFrame
        As `cell_table` makes it.
    rows, columns : Axis
    response, made : str
    dates : mapping, optional
        As `sim.study.findings.dates.programme_dates` gives them.
    still : str
        Why the response does not vary, as `stillness` says it: then all cells have one colour.
    """
    label = response_label(response, dates=dates)
    n_rows, n_columns = len(rows.texts), len(columns.texts)
    figure = style.new_figure(
        min(16.0, max(7.2, 3.4 + 1.25 * n_columns)),
        min(14.0, max(3.8, 2.2 + 0.65 * n_rows)),
        response_label(response, False, dates),
        f"Mean by {rows.label} and {columns.label}",
    )
    axes = figure.add_subplot()
    axes.grid(False)
    axes.set_xlabel(columns.label)
    axes.set_ylabel(fill(rows.label, 30))
    axes.set_xticks(range(n_columns), [_wrapped(text, _CELL_LETTERS) for text in columns.texts])
    axes.set_yticks(range(n_rows), [fill(text, _ROW_LETTERS) for text in rows.texts])
    axes.set(xlim=(-0.5, n_columns - 0.5), ylim=(-0.5, n_rows - 0.5))
    notes = ["Means over replications and the design points of a cell."]
    if table.empty or table["value"].isna().all():
        style.nothing_to_show(axes, "the response is not defined at any point")
        style.footer(figure, made, *notes)
        return figure
    wide = table.pivot(index="row", columns="column", values="value")
    values: FloatArray = wide.to_numpy(np.float64)
    axes.set_facecolor(style.LIGHT_GREY)
    shown = np.ma.masked_invalid(np.where(np.isnan(values) | (not still), values, 0.0))
    colours = ListedColormap([_ONE_COLOUR]) if still else "cividis"
    image = axes.imshow(shown, cmap=colours, origin="lower", aspect="auto")
    if still:
        notes.append(still)
    else:
        figure.colorbar(image, ax=axes, label=fill(label, 44), format=PlainNumbers())
    if max(n_rows, n_columns) <= _MOST_NUMBERS:
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        digits = digits_for(low, high)
        for (row, column), value in np.ndenumerate(values):
            light = bool(still) or np.isnan(value) or (high > low and value >= (low + high) / 2)
            words = "none" if np.isnan(value) else true_minus(f"{value:,.{digits}f}")
            ink = "black" if light else "white"
            axes.text(column, row, words, ha="center", va="center", color=ink)
    if np.isnan(values).any():
        notes.append("Grey cells: no design point there, or the response is not defined.")
    if rows.bins or columns.bins:
        notes.append("Ranges are quantile bins of a factor's values.")
    style.footer(figure, made, *notes)
    return figure
