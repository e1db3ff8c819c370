"""Figures of effects: tornado, indices."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.figures import style
from sim.report.figures.numbers import PlainNumbers
from sim.report.figures.sweep_frames import STILL
from sim.stats.verdicts import digits
from sim.study.findings.labels import response_label, unit_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

MEASURES = {
    "S1": ("First-order index S1", "share of variance"),
    "ST": ("Total index ST", "share of variance"),
    "mu": ("Mean effect μ", ""),
    "mu_star": ("Mean size of the effect μ*", ""),
    "sigma": ("Spread of the effect σ", ""),
    "rank_correlation": ("Spearman's rank correlation", "rank correlation (−1 to 1)"),
}
_SAME_SCALE = {"ST": "S1", "sigma": "mu_star"}  # panels to be read against each other
_SCALE = (-1.05, 1.55)  # of shares and correlations: no hopeless interval is to stretch it


@style.styled
def tornado(
    table: pd.DataFrame,
    response: str,
    made: str,
    confidence: float = 0.95,
    dates: Mapping[str, str] | None = None,
    mean: float = np.nan,
) -> Figure:
    """Draw what each factor does to a response, the largest effect on top, with intervals.

    Parameters
    ----------
    table : DataFrame
        As `effect_table` makes it, of a one-at-a-time design or a grid.
    response, made : str
    confidence : float
    dates : mapping, optional
        As `sim.study.findings.dates.programme_dates` gives them.
    mean : float
        Of the response: effects below a thousandth of it are drawn as small as they are.
    """
    known, label = table[table["estimate"].notna()], response_label(response, dates=dates)
    size = known.groupby("factor", sort=False)["estimate"].agg(lambda one: float(one.abs().max()))
    known = known.assign(size=known["factor"].map(size), own=known["estimate"].abs())
    known = known.sort_values(["size", "own"], kind="stable")
    height = 2.0 + 0.52 * max(2, len(known))
    figure = style.new_figure(9.6, height, "What moves the response", label)
    axes = figure.add_subplot()
    axes.set_xlabel(f"change of the response, {unit_of(response)}")
    axes.xaxis.set_major_formatter(PlainNumbers())
    axes.grid(axis="x")
    axes.grid(False, axis="y")
    axes.use_sticky_edges = False  # else zero is at the very edge where all bars are on one side
    axes.margins(x=0.04, y=0.02)
    if known.empty:
        style.nothing_to_show(axes, "no effect has an estimate")
    for place, (at, low, high, decided) in enumerate(_estimates(known)):
        face, hatch = (style.SKY, None) if decided else ("white", "///")
        look: style.How = {"linewidth": 1.2, "edgecolor": style.BLUE, "hatch": hatch}
        axes.barh(place, at, height=0.62, facecolor=face, **look)
        whisker(axes, place, at, low, high, style.BLACK, None, decided)
    both = zip(known["label"], known["measure"], strict=True)
    names = [f"{fill(factor, 52)}:\n{fill(measure, 52)}" for factor, measure in both]
    axes.set_yticks(range(len(known)), names)
    axes.axvline(0, color=style.GREY, linewidth=1)
    notes = [
        "A bar is the response at the level named first, less that at the second, in the same "
        "worlds.",
        f"Whiskers: {confidence * 100:g} % intervals over worlds. Filled: raises or lowers "
        "the response, or has no effect in any world; hatched: sign not decided.",
    ]
    ends = known[["estimate", "low", "high"]].abs().max().max()
    if len(known) and ends < STILL * abs(mean):
        axes.set_xlim(-10 * STILL * abs(mean), 10 * STILL * abs(mean))
        notes.append(
            f"No factor moves the response by a thousandth of its mean, {digits(mean)}: "
            "it does not vary. The axis shows one per cent of the mean."
        )
    style.footer(figure, made, *notes)
    return figure


@style.styled
def index_plot(
    table: pd.DataFrame,
    response: str,
    made: str,
    confidence: float = 0.95,
    dates: Mapping[str, str] | None = None,
) -> Figure:
    """Draw indices of sensitivity, a panel per measure; what is not told from none is hollow.

    Parameters
    ----------
    table : DataFrame
        As `effect_table` makes it, of a Saltelli, Morris, Latin hypercube or Sobol' design.
    response, made : str
    confidence : float
    """
    known, label = table[table["estimate"].notna()], response_label(response, dates=dates)
    measures = [one for one in MEASURES if (known["measure"] == one).any()]
    last = {"S1": "ST", "mu": "mu_star"}.get(measures[0], measures[0]) if measures else ""
    ranked = known[known["measure"] == last].assign(size=lambda one: one["estimate"].abs())
    labels = ranked.sort_values("size", kind="stable")["label"].tolist()
    width, height = max(7.2, 2.6 + 3.2 * len(measures)), 2.0 + 0.32 * max(3, len(labels))
    figure = style.new_figure(width, height, "Which factors matter", label)
    if known.empty:
        why = next((str(one) for one in table["note"] if one), "no effect has an estimate")
        style.nothing_to_show(figure.add_subplot(), fill(why, 60))
    drawn: dict[str, Axes] = {}
    for number, measure in enumerate(measures):
        beside = drawn.get(_SAME_SCALE.get(measure, ""))
        axes = figure.add_subplot(1, len(measures), number + 1, sharex=beside)
        drawn[measure] = axes
        title, unit = MEASURES[measure]
        axes.set_title(title)
        axes.set_xlabel(unit or f"change of the response, {unit_of(response)}")
        axes.xaxis.set_major_formatter(PlainNumbers())
        axes.grid(axis="x")
        axes.axvline(0, color=style.GREY, linewidth=1)
        own = known[known["measure"] == measure]
        for factor, (at, low, high, decided) in zip(own["label"], _estimates(own), strict=True):
            whisker(axes, labels.index(factor), at, low, high, style.BLUE, "o", decided)
        if unit:
            axes.set_xlim(*(float(end) for end in np.clip(axes.get_xlim(), *_SCALE)))
        axes.set_ylim(-0.6, len(labels) - 0.4)
        axes.set_yticks(range(len(labels)), [] if number else [fill(one, 40) for one in labels])
    style.footer(
        figure,
        made,
        f"Bars: {confidence * 100:g} % intervals, of design and worlds "
        "together; one that leaves the panel goes on. Filled: told from none, or none in "
        "any world; hollow: zero is inside, or noise alone gives as much.",
    )
    return figure


def _estimates(table: pd.DataFrame) -> list[tuple[float, float, float, bool]]:
    """Estimate, interval, and whether it is told from none."""
    decided = table["decided"].astype(bool).tolist()
    columns = (table[name].astype(float).tolist() for name in ("estimate", "low", "high"))
    return list(zip(*columns, decided, strict=True))


def whisker(
    axes: Axes,
    place: float,
    at: float,
    low: float,
    high: float,
    colour: str,
    marker: str | None,
    filled: bool,
) -> None:
    """A horizontal interval, and its estimate as a filled or hollow marker."""
    if not np.isnan(low):
        axes.plot([low, high], [place, place], color=colour, linewidth=1.4)
        axes.plot([low, high], [place, place], "|", color=colour, markersize=6)
    if marker:
        look: style.How = {"markersize": 6, "markerfacecolor": colour if filled else "white"}
        axes.plot([at], [place], marker, color=colour, **look)


def mark_difference(
    axes: Axes, place: float, at: float, low: float, high: float, decided: bool
) -> None:
    """A difference and its interval: a filled diamond where its sign is decided, else hollow."""
    colour, marker = (style.VERMILLION, "D") if decided else (style.BLUE, "o")
    whisker(axes, place, at, low, high, colour, marker, decided)
