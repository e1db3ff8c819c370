"""Figures of experiments: response against factor, heat map, tornado, indices."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.events import FloatArray
from sim.report import style
from sim.report.experiment_frames import Axis, response_label, unit_of
from sim.report.style import Look
from sim.stats.bands import bands, can_band

if TYPE_CHECKING:
    import pandas as pd

MEASURES = {
    "S1": ("First-order index S1", "share of variance"),
    "ST": ("Total index ST", "share of variance"),
    "mu": ("Mean effect μ", ""),
    "mu_star": ("Mean size of the effect μ*", ""),
    "sigma": ("Spread of the effect σ", ""),
    "rank_correlation": ("Spearman's rank correlation", "−1: falls with it; 1: rises with it"),
}
_SAME_SCALE = {"ST": "S1", "sigma": "mu_star"}  # panels to be read against each other
_SCALE = (-1.05, 1.55)  # of shares and correlations: no hopeless interval is to stretch it
_LOOK = Look(style.BLUE)
_COLUMNS, _CELL_LETTERS, _ROW_LETTERS = 3, 15, 32
_INCHES_PER_NAME, _LETTERS_PER_INCH = 1.0, 11  # of a panel whose levels have names
_MOST_DOTS = 1000  # design points of a panel; of more, every second, third ...
_MOST_NUMBERS = 15  # rows or columns of a heat map up to which cells carry numbers


@style.styled
def response_plot(
    panels: Sequence[tuple[Axis, pd.DataFrame, pd.DataFrame]], response: str, made: str, n: int
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
    """
    columns = 2 if len(panels) == 4 else _COLUMNS if len(panels) <= 9 else 5
    columns = max(1, min(columns, len(panels)))
    rows = max(1, ceil(len(panels) / columns))
    most = max((len(axis.texts) for axis, _, _ in panels if not axis.numbers), default=0)
    least, widest = (4.5, 7.0) if columns < 3 else (3.5, 7.0 if columns == 3 else 3.5)
    inches = float(np.clip(_INCHES_PER_NAME * most, least, widest))
    figure = style.new_figure(max(7.2, inches * columns), 1.5 + 3.2 * rows,
                              "Response against factor", response_label(response))  # fmt: skip
    shared: Axes | None = None
    for place, (axis, table, points) in enumerate(panels):
        axes = figure.add_subplot(rows, columns, place + 1, sharey=shared)
        shared = shared or axes
        axes.set_xlabel(fill(axis.label, 44))
        axes.yaxis.set_major_formatter(style.PlainNumbers())
        if place % columns == 0:
            axes.set_ylabel(fill(response_label(response), 44))
        else:
            axes.tick_params(labelleft=False)
        if table.empty:
            style.nothing_to_show(axes, "the response is not defined at any point")
            continue
        _draw_levels(axes, axis, table, points)
        if not (axis.numbers and axis.bins):
            letters = max(5, int(_LETTERS_PER_INCH * inches / len(axis.texts)))
            texts = axis.texts if axis.numbers else [_wrapped(one, letters) for one in axis.texts]
            axes.set_xticks(axis.at, texts)
    if not panels:
        style.nothing_to_show(figure.add_subplot(), "no factor")
    least = min([n, *(int(size) for _, table, _ in panels
                      for size in table.groupby("place").size())], default=n)  # fmt: skip
    if can_band(n):
        how = (f"Medians of {n:,} replications; bands and bars: the middle 90 % of them (5-95 %)"
               + ("." if can_band(least) else "; none where fewer than 20 have one."))  # fmt: skip
    else:
        how = (f"{n} replications are too few for a 5-95 % band (that takes 20): lines and "
               "dashes are single replications.")  # fmt: skip
    dense = any(len(points) >= _MOST_DOTS for _, _, points in panels)
    binned = any(axis.bins for axis, _, _ in panels)
    style.footer(figure, made, how, "A value is the mean over the design points at a level"
                 + (" (or in a quantile bin)" if binned else "")
                 + ", in one world. Grey dots: means of design points"
                 + (" (not all of them)." if dense else "."))  # fmt: skip
    return figure


def _draw_levels(axes: Axes, axis: Axis, table: pd.DataFrame, points: pd.DataFrame) -> None:
    wide = table.pivot(index="replication", columns="place", values="value")
    places = wide.columns.to_numpy()
    x = axis.at[places]
    points = points.iloc[:: 1 + len(points) // _MOST_DOTS]
    aside = 0.0 if axis.numbers else -0.12  # not behind the bars
    axes.plot(points["x"] + aside, points["value"], "o", color=style.GREY, markersize=3.5,
              alpha=0.5, markeredgewidth=0)  # fmt: skip
    whole = wide.dropna().to_numpy(np.float64)
    if axis.numbers and len(whole) == len(wide):
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
            axes.errorbar([at], [median], [[median - low], [high - median]], fmt="o", capsize=5,
                          color=_LOOK.colour, linewidth=2, markersize=6)  # fmt: skip
    if axis.numbers and axis.bins:
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.xaxis.set_major_formatter(style.PlainNumbers())
    if not axis.numbers:
        axes.set_xlim(-0.5, len(axis.at) - 0.5)


def _wrapped(text: str, letters: int) -> str:
    return fill(text, letters, break_long_words=False, break_on_hyphens=False)


@style.styled
def heat_map(table: pd.DataFrame, rows: Axis, columns: Axis, response: str, made: str) -> Figure:
    """Draw the mean response for two factors, each number in its cell.

    Parameters
    ----------
    table : DataFrame
        As `cell_table` makes it.
    rows, columns : Axis
    response, made : str
    """
    n_rows, n_columns = len(rows.texts), len(columns.texts)
    figure = style.new_figure(min(16.0, max(7.2, 3.4 + 1.25 * n_columns)),
                              min(14.0, max(3.8, 2.2 + 0.65 * n_rows)),
                              "Two factors together", response_label(response))  # fmt: skip
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
    image = axes.imshow(np.ma.masked_invalid(values), cmap="cividis", origin="lower", aspect="auto")
    figure.colorbar(image, ax=axes, label=fill(response_label(response), 44),
                    format=style.PlainNumbers())  # fmt: skip
    if max(n_rows, n_columns) <= _MOST_NUMBERS:
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        digits = digits_for(low, high)
        for (row, column), value in np.ndenumerate(values):
            light = np.isnan(value) or (high > low and value >= (low + high) / 2)
            number = style.true_minus(f"{value:,.{digits}f}")
            axes.text(column, row, "none" if np.isnan(value) else number,
                      ha="center", va="center", color="black" if light else "white")  # fmt: skip
    if np.isnan(values).any():
        notes.append("Grey cells: no design point there, or the response is not defined.")
    if rows.bins or columns.bins:
        notes.append("Ranges are quantile bins of a factor's values.")
    style.footer(figure, made, *notes)
    return figure


def digits_for(low: float, high: float) -> int:
    """Digits after the point: three that count in the widest number, two in their range."""
    size = max(abs(low), abs(high), 1e-12)
    of_size = 2 - int(np.floor(np.log10(size)))
    of_range = 1 - int(np.floor(np.log10(high - low))) if high > low else 0
    return int(np.clip(max(of_size, of_range), 0, 6))


@style.styled
def tornado(table: pd.DataFrame, response: str, made: str, confidence: float = 0.95) -> Figure:
    """Draw what each factor does to a response, the largest effect on top, with intervals.

    Parameters
    ----------
    table : DataFrame
        As `effect_table` makes it, of a one-at-a-time design or a grid.
    response, made : str
    confidence : float
    """
    known = table[table["estimate"].notna()]
    size = known.groupby("factor", sort=False)["estimate"].agg(lambda one: float(one.abs().max()))
    known = known.assign(size=known["factor"].map(size), own=known["estimate"].abs())
    known = known.sort_values(["size", "own"], kind="stable")
    figure = style.new_figure(9.6, 2.0 + 0.52 * max(2, len(known)), "What moves the response",
                              response_label(response))  # fmt: skip
    axes = figure.add_subplot()
    axes.set_xlabel(f"change of the response, {unit_of(response)}")
    axes.xaxis.set_major_formatter(style.PlainNumbers())
    axes.grid(axis="x")
    axes.grid(False, axis="y")
    axes.use_sticky_edges = False  # else zero is at the very edge where all bars are on one side
    axes.margins(x=0.04, y=0.02)
    if known.empty:
        style.nothing_to_show(axes, "no effect has an estimate")
    for place, (at, low, high, claimed) in enumerate(_estimates(known)):
        axes.barh(place, at, height=0.62, linewidth=1.2, edgecolor=style.BLUE,
                  facecolor=style.SKY if claimed else "white",
                  hatch=None if claimed else "///")  # fmt: skip
        whisker(axes, place, at, low, high, style.BLACK, None, claimed)
    axes.set_yticks(
        range(len(known)),
        [
            f"{fill(label, 52)}:\n{fill(measure, 52)}"
            for label, measure in zip(known["label"], known["measure"], strict=True)
        ],
    )
    axes.axvline(0, color=style.GREY, linewidth=1)
    style.footer(figure, made, "A bar is the response at the level named first, less that at the "
                 "second, in the same worlds.",
                 f"Whiskers: {confidence * 100:g} % intervals over worlds. Filled: a sign is "
                 "claimed; hatched: withheld, zero is inside.")  # fmt: skip
    return figure


@style.styled
def index_plot(table: pd.DataFrame, response: str, made: str, confidence: float = 0.95) -> Figure:
    """Draw indices of sensitivity, a panel per measure; what is not claimed is hollow.

    Parameters
    ----------
    table : DataFrame
        As `effect_table` makes it, of a Saltelli, Morris, Latin hypercube or Sobol' design.
    response, made : str
    confidence : float
    """
    known = table[table["estimate"].notna()]
    measures = [one for one in MEASURES if (known["measure"] == one).any()]
    last = {"S1": "ST", "mu": "mu_star"}.get(measures[0], measures[0]) if measures else ""
    ranked = known[known["measure"] == last].assign(size=lambda one: one["estimate"].abs())
    labels = ranked.sort_values("size", kind="stable")["label"].tolist()
    figure = style.new_figure(max(7.2, 2.6 + 3.2 * len(measures)), 2.0 + 0.32 * max(3, len(labels)),
                              "Which factors matter", response_label(response))  # fmt: skip
    if known.empty:
        why = next((str(one) for one in table["withheld"] if one), "no effect has an estimate")
        style.nothing_to_show(figure.add_subplot(), fill(why, 60))
    drawn: dict[str, Axes] = {}
    for number, measure in enumerate(measures):
        beside = drawn.get(_SAME_SCALE.get(measure, ""))
        axes = figure.add_subplot(1, len(measures), number + 1, sharex=beside)
        drawn[measure] = axes
        title, unit = MEASURES[measure]
        axes.set_title(title)
        axes.set_xlabel(unit or f"change of the response, {unit_of(response)}")
        axes.xaxis.set_major_formatter(style.PlainNumbers())
        axes.grid(axis="x")
        axes.axvline(0, color=style.GREY, linewidth=1)
        own = known[known["measure"] == measure]
        for label, (at, low, high, claimed) in zip(own["label"], _estimates(own), strict=True):
            whisker(axes, labels.index(label), at, low, high, style.BLUE, "o", claimed)
        if unit:
            axes.set_xlim(*(float(end) for end in np.clip(axes.get_xlim(), *_SCALE)))
        axes.set_ylim(-0.6, len(labels) - 0.4)
        axes.set_yticks(range(len(labels)), [] if number else [fill(one, 40) for one in labels])
    style.footer(figure, made, f"Bars: {confidence * 100:g} % intervals, of design and worlds "
                 "together; one that leaves the panel goes on. Filled: claimed; hollow: the claim "
                 "is withheld, its interval is too wide or not above noise.")  # fmt: skip
    return figure


def _estimates(table: pd.DataFrame) -> list[tuple[float, float, float, bool]]:
    """Estimate, interval, and whether it is claimed."""
    claimed = table["claim"].astype(bool).tolist()
    columns = (table[name].astype(float).tolist() for name in ("estimate", "low", "high"))
    return list(zip(*columns, claimed, strict=True))


def whisker(
    axes: Axes, place: float, at: float, low: float, high: float, colour: str,
    marker: str | None, filled: bool,
) -> None:  # fmt: skip
    """A horizontal interval, and its estimate as a filled or hollow marker."""
    if not np.isnan(low):
        axes.plot([low, high], [place, place], color=colour, linewidth=1.4)
        axes.plot([low, high], [place, place], "|", color=colour, markersize=6)
    if marker:
        axes.plot([at], [place], marker, color=colour, markersize=6,
                  markerfacecolor=colour if filled else "white")  # fmt: skip
