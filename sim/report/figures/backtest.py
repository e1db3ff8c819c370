"""Where the record lies among the runs that had to predict it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.figures import style
from sim.report.figures.figures import save
from sim.study.design.words import plural
from sim.study.findings.backtest import BANDS, LABELS, Backtest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARKS = (("o", style.BLUE), ("s", style.VERMILLION), ("D", style.GREEN), ("^", style.BLACK))
_HOW_TO_READ = (
    "Middle: half of the runs lie below the record. Blue band: 80 % of the runs, grey: 98 %. "
    "What a column knew has no mark. In brackets: the share of runs as far from the others as the "
    "record, all together."
)


def draw_backtest(done: Backtest) -> list[Path]:
    """Draw the one figure into the folder ``figures``."""
    return save(backtest_figure(done), done.folder / "figures", "backtest")


@style.styled
def backtest_figure(done: Backtest) -> Figure:
    """Draw a row per quantity, with a mark for each column that had to predict it."""
    title = "What the runs did not know, and where it lies among them"
    figure = style.new_figure(10.0, 6.5, title, "Share of runs below the record (PIT)")
    axes = figure.add_subplot()
    style.in_rows(axes, list(LABELS.values()))
    for name, colour in (("98", style.LIGHT_GREY), ("80", style.SKY)):
        axes.axvspan(*BANDS[name], color=colour, alpha=style.BAND_ALPHA, linewidth=0, zorder=0)
    places = {name: place for place, name in enumerate(LABELS)}
    for number, column in enumerate(done.columns):
        mark, colour = _MARKS[number % len(_MARKS)]
        shift = 0.2 * (number - (len(done.columns) - 1) / 2)
        x = [row["pit"] for row in column.rows]
        y = [places[row["quantity"]] + shift for row in column.rows]
        label = f"{column.title} ({column.joint:.2f})"
        axes.plot(x, y, mark, color=colour, linestyle="none", label=label)
    axes.set_xlim(-0.02, 1.02)
    axes.set_xlabel("Share of runs below the record")
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, -0.1), ncols=1)
    style.footer(figure, f"{plural(done.columns[0].n, 'replication')} a column", _HOW_TO_READ)
    return figure
