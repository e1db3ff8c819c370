"""The headline under each contested reading, beside what luck alone does."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

from sim.report.figures import style
from sim.report.figures.figures import save
from sim.report.figures.numbers import PlainNumbers
from sim.report.figures.sweep_effects import mark_difference
from sim.report.figures.sweep_frames import made_from_sweep
from sim.study.findings.labels import response_label
from sim.study.findings.readings import HEADLINES, Readings

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LETTERS = 46
_HOW_TO_READ = (
    "Line and dark band: the mean of the base and its 95 % sampling interval. Light band: luck, "
    "single runs of the base from 5 to 95 %. Marks: the mean of a reading and its 95 % interval, "
    "in the same worlds. Filled diamonds: the paired difference from the base is "
    "decided; hollow circles: it is not."
)


def draw_readings(done: Readings) -> list[Path]:
    """Draw a figure for each headline into the folder ``figures``.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    place = done.folder / "figures"
    return [
        path
        for name in HEADLINES
        for path in save(readings_figure(done, name), place, f"readings_{name}")
    ]


@style.styled
def readings_figure(done: Readings, response: str) -> Figure:
    """Draw a response: bands for the base's runs and for its mean, a mark for each reading."""
    base, *others = rows = done.of(response)
    label = response_label(response, dates=done.dates)
    levels = [row.level.estimate for row in rows]
    luck = base.luck[1] - base.luck[0]
    title = f"Choices nobody can source move the mean over {max(levels) - min(levels):,.3g}"
    if not isnan(luck):
        title += f"; luck alone moves a run over {luck:,.3g}"
    figure = style.new_figure(10.0, 2.2 + 0.36 * max(4, len(rows)), title, label)
    axes = figure.add_subplot()
    style.in_rows(axes, [fill(done.title(row.reading), _LETTERS) for row in others])
    behind: style.How = {"alpha": 0.5, "linewidth": 0, "zorder": 0}
    if not isnan(luck):
        axes.axvspan(*base.luck, color=style.LIGHT_GREY, **behind)
    axes.axvspan(base.level.low, base.level.high, color=style.GREY, **behind)
    axes.axvline(base.level.estimate, color=style.BLACK, linewidth=1)
    for place, row in enumerate(others):
        decided = row.against_base is not None and row.against_base.decided
        mark_difference(axes, place, *row.level, decided)
    axes.xaxis.set_major_formatter(PlainNumbers())
    axes.set_xlabel(label)
    style.footer(figure, made_from_sweep(done), _HOW_TO_READ)
    return figure
