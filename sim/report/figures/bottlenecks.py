"""What each step against a capacity is worth: a tornado in the unit of the response."""

from __future__ import annotations

from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from sim.report.figures import style
from sim.report.figures.bottleneck_pairs import pairs_figure
from sim.report.figures.figures import save
from sim.report.figures.numbers import PlainNumbers
from sim.report.figures.sweep_effects import whisker
from sim.report.figures.sweep_frames import made_from_sweep
from sim.study.design.words import plural
from sim.study.findings.bottleneck_words import amount
from sim.study.findings.bottlenecks import Bottlenecks, Worth

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LETTERS = 38
_HOW_TO_READ = (
    "Bars: what one step adds, in the same worlds as the base. Lines: 95 % interval. Filled: the "
    "sign is decided; hollow: it is not. Right: the capacity without any limit."
)


def draw_bottlenecks(found: Bottlenecks) -> list[Path]:
    """Draw the tornado and the pairs into the folder ``figures``, as SVG and PNG.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    place = found.folder / "figures"
    tornado = save(bottlenecks_figure(found), place, "bottlenecks")
    return [*tornado, *save(pairs_figure(found), place, "bottleneck_pairs")]


@style.styled
def bottlenecks_figure(found: Bottlenecks) -> Figure:
    """Draw a bar for each step, the largest at the top."""
    moved = [one for one in found.steps if one.interval != (0, 0, 0)]
    steps = sorted(moved, key=lambda one: -abs(one.interval.estimate))
    lifted = {one.name: one for one in found.lifted}
    what = f"{found.label}, {found.moment.unit}"
    figure = style.new_figure(10.0, 2.4 + 0.42 * max(4, len(steps)), title(found), what)
    axes = figure.add_subplot()
    style.in_rows(axes, [_named(one, found) for one in steps], above=1.2)
    axes.axvline(0, color=style.BLACK, linewidth=1)
    for place, one in enumerate(steps):
        colour = style.BLUE if one.interval.estimate >= 0 else style.VERMILLION
        face = colour if one.decided else "white"
        axes.barh(place, one.interval.estimate, 0.62, facecolor=face, edgecolor=colour)
        whisker(axes, place, *one.interval, style.BLACK, "", one.decided)
        whole = lifted[one.capacity]
        colour = style.BLACK if whole.decided else style.GREY
        style.beside(axes, place, amount(whole.interval), color=colour)
    style.beside(axes, -0.85, "without limit", fontweight="bold")
    if not steps:
        style.nothing_to_show(axes, "no step moves it in any world")
    axes.xaxis.set_major_formatter(PlainNumbers())
    axes.set_xlabel(f"{found.label}: added by one step, {found.moment.unit}")
    still = ", ".join(one.label for one in found.steps if one not in moved)
    notes = [f"Nothing in any world: {still}."] if still else []
    style.footer(figure, made_from_sweep(found), _HOW_TO_READ, *notes)
    return figure


def _named(one: Worth, found: Bottlenecks) -> str:
    return "\n".join(
        shorten(words, _LETTERS, placeholder=" ..")
        for words in (one.label, f"({found.capacities[one.capacity].label})")
    )


def title(found: Bottlenecks) -> str:
    """The finding: which step is worth most, else which limit holds, where that is decided."""
    gains = [one for one in found.steps if one.decided and one.interval.estimate > 0]
    if not gains:
        n = found.manifest["replications"]
        binding = [one for one in found.lifted if one.decided and one.interval.estimate > 0]
        words = f"With {plural(n, 'replication')} no step is shown to be worth anything"
        return f"{binding[0].label} bind most. {words}" if binding else words
    best = max(gains, key=lambda one: one.interval.estimate)
    rest = [one for one in found.steps if one is not best]
    most = all(one.interval.high < best.interval.low for one in rest)
    words = f"{best.label[:1].upper()}{best.label[1:]} adds {amount(best.interval)}"
    return f"{words}, more than any other step" if most else words
