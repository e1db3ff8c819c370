"""What every two capacities do together: a triangle of numbers, in the unit of the response."""

from __future__ import annotations

from math import nan
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from sim.report.figures import style
from sim.report.figures.numbers import digits_for, true_minus
from sim.report.figures.sweep_frames import made_from_sweep
from sim.stats.intervals import FloatArray, Interval
from sim.study.design.named_overlays import AND
from sim.study.findings.bottleneck_words import amount, both
from sim.study.findings.bottlenecks import Bottlenecks

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LETTERS = 24
_DARK = 0.7  # of the most: there ink is white
_HOW_TO_READ = (
    "In a cell: what is added when both capacities are without limit, beyond the sum of each "
    "alone, in the same worlds. Bold: its sign is decided, for all pairs together. On the "
    "diagonal: each alone."
)


@style.styled
def pairs_figure(found: Bottlenecks) -> Figure:
    """Draw a row and a column for each capacity that is a limit, worth most first."""
    names = [one.name for one in found.lifted]
    place = {name: at for at, name in enumerate(names)}
    beyond: FloatArray = np.full((len(names), len(names)), np.nan)
    decided = np.zeros(beyond.shape, np.bool_)
    for name, one in found.beyond_sum.items():
        column, row = sorted(place[each] for each in name.split(AND))
        beyond[row, column], decided[row, column] = one.difference.estimate, one.decided
    most = float(np.nanmax(np.abs(beyond), initial=0.0)) if len(names) > 1 else 0.0
    size = max(4, len(names))
    what = f"{found.label}, {found.moment.unit}"
    figure = style.new_figure(3.2 + 0.95 * size, 2.6 + 0.52 * size, title(found), what)
    axes = figure.add_subplot()
    axes.grid(False)
    labels = [fill(found.capacities[name].label, _LETTERS) for name in names]
    axes.set_yticks(range(len(names)), labels)
    axes.set_xticks(range(len(names)), labels, rotation=40, ha="right", rotation_mode="anchor")
    axes.set(xlim=(-0.5, len(names) - 0.5), ylim=(len(names) - 0.5, -0.5))
    if not names:
        style.nothing_to_show(axes, "no capacity is a limit in any world")
    else:
        shown = np.ma.masked_invalid(beyond)
        axes.imshow(shown, cmap="PuOr_r", vmin=-most or -1, vmax=most or 1, aspect="auto")
    digits = digits_for(-most, most)
    for row, column in np.argwhere(np.tril(np.ones(beyond.shape))).tolist():
        alone = row == column
        value = found.worth[names[row]].interval.estimate if alone else beyond[row, column]
        ink = "white" if not alone and abs(value) > _DARK * most else style.BLACK
        words = true_minus(f"{value:+,.{digits}f}") if value else "0"
        slant = "italic" if alone else "normal"
        weight = "bold" if decided[row, column] else "normal"
        axes.text(
            column, row, words, ha="center", va="center", color=ink, weight=weight, style=slant
        )
    style.footer(figure, made_from_sweep(found), _HOW_TO_READ)
    return figure


def title(found: Bottlenecks) -> str:
    """The finding: which two do most beyond their sum, where that is decided."""
    some = [one for one in found.beyond_sum.values() if one.decided]
    if not some:
        return "No two limits are shown to do more, or less, together than one by one"
    most = max(some, key=lambda one: abs(one.difference.estimate))
    words, value = both(found, most.scenario), Interval(most.difference.estimate, nan, nan)
    return f"{words[:1].upper()}{words[1:]}: {amount(value)} beyond their sum"
