"""What holds projects up, by sector: days on the chain as bars, hidden days as a table."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FuncFormatter

from sim.report.causes import in_words, ledger_causes
from sim.report.figures import style
from sim.report.figures.delay_bars import BARS, Bar, causes_of
from sim.stats.delays import MeanDelays, mean_delays
from sim.study.findings.run_results import RunTables

if TYPE_CHECKING:
    import pandas as pd

_ROW_INCHES = 0.44
_ALL = "All selected projects"
_TOTAL: dict[str, Any] = {"marker": "o", "color": "black", "markersize": 5,
                          "markeredgecolor": "white", "markeredgewidth": 0.8}  # fmt: skip
_LEAST_DAYS = 0.5  # below it a mean is no bar and no cell
_DARK = 0.55  # of the darkest cell: from here on its number is white


class Row(NamedTuple):
    """Mean delays of the selected projects of one sector, or of all."""

    name: str
    found: MeanDelays
    n_cancelled: int

    @property
    def limits(self) -> tuple[float, float] | None:
        """Limits of the total, where they say something."""
        _, low, high = self.found.total
        says_nothing = self.found.n_censored == self.found.n or not low > 0
        return None if says_nothing else (low, high)

    @property
    def counted(self) -> str:
        """How many projects it stands for, and how many did not get to the end."""
        n, cut = self.found.n, self.found.n_censored
        text = f"n = {n:,}"
        if cut:
            text += f"; {cut:,} ({_percent(cut, n)}) unfinished"
        if self.n_cancelled:
            text += f"; {self.n_cancelled:,} ({_percent(self.n_cancelled, n)}) given up"
        return text


@style.styled
def delays(run: RunTables) -> Figure:
    """Draw where the days of selected projects go: mean days by cause group, a bar per sector.

    Reads the run's projects.
    """
    selected, causes = _selected(run)
    rows = _rows(selected, [f"delay_{cause}_days" for cause in causes], run)
    n_rows = max(len(rows), 3)
    figure = style.new_figure(
        12,
        2.95 + _ROW_INCHES * n_rows,
        "What holds projects up",
        "Days from proposal to operation, or as far as it got, each charged to the one cause that "
        "held the project up; mean of selected projects",
    )
    grid = figure.add_gridspec(2, 1, height_ratios=[_ROW_INCHES * n_rows + 0.5, 0.95])
    axes = figure.add_subplot(grid[0])
    axes.set_xlabel("days, mean of selected projects")
    axes.grid(False, axis="y")
    axes.grid(True, axis="x")
    if not rows:
        axes.set_yticks([])
        style.nothing_to_show(axes, _why_empty(causes))
    else:
        drawn = _draw_bars(axes, rows, causes)
        handles: list[Artist] = [Patch(**style.filled(bar.colour, bar.hatch)) for bar in drawn]
        total = "all together" + (", 95 % interval" if _has_limits(rows) else "")
        handles.append(Line2D([], [], linewidth=1.4, **_TOTAL))
        style.key_below(figure, grid[1], handles, [*(bar.label for bar in drawn), total])
    style.footer(
        figure,
        run,
        f"Selected by the allocation deadline {run.config.programme.deadline}. Who is not finished "
        f"when the run ends on {run.config.programme.run_out} is counted up to then, so true means "
        "are longer; who is given up (cancelled, declined), up to that day.",
        "Causes of one project add up to its days exactly. Building faster than typical counts "
        "below zero, left of the line: where few are finished, those are the fast ones. The dot is "
        "what all add up to."
        + (
            " Its interval rests on the spread between replications, whose projects share a world; "
            "none where they are too few or nobody finished."
            if _has_limits(rows)
            else ""
        ),
    )
    return figure


@style.styled
def delays_hidden(run: RunTables) -> Figure:
    """Draw what selected projects waited for beside what held them up: a table of mean days.

    Reads the run's projects.
    """
    selected, causes = _selected(run)
    rows = _rows(selected, [f"delay_{cause}_days" for cause in causes], run)
    hidden = _rows(selected, [f"hidden_{cause}_days" for cause in causes], run)
    of_name = {row.name: row.found.days for row in hidden}
    table = np.array([of_name[row.name] for row in rows]).reshape(len(rows), len(causes))
    shown = [place for place in range(len(causes)) if (table[:, place] >= _LEAST_DAYS).any()]
    n_rows = max(len(rows), 3)
    figure = style.new_figure(
        12,
        3.4 + 0.36 * n_rows,
        "Hidden behind what holds projects up",
        "Days something else was waited for or worked on at the same time; mean of selected "
        "projects, all replications together",
    )
    axes = figure.add_subplot()
    axes.grid(False)
    if not rows or not shown:
        axes.set_xticks([])
        axes.set_yticks([])
        style.nothing_to_show(axes, _why_empty(causes) if not rows else "nothing was hidden")
    else:
        _draw_table(axes, [row.name for row in rows], table[:, shown])
        words = [in_words(causes[place]).split(" (")[0] for place in shown]
        labels = ["\n".join(wrap(name, 24)) for name in words]
        slant: style.How = {"rotation": 48, "ha": "left", "rotation_mode": "anchor"}
        axes.set_xticks(np.arange(len(shown)) + 0.5, labels, fontsize=8, **slant)
        axes.tick_params(axis="x", top=False, bottom=False, labeltop=True, labelbottom=False)
        axes.set_xlabel("days, mean of selected projects")
    style.footer(
        figure,
        run,
        "Hidden days run side by side with the days that held the project up, and with each other: "
        "they do not add up. Without the cause in front of it, a hidden one may become the next.",
        f"Selected by the allocation deadline {run.config.programme.deadline}; rows in the order of"
        f" the figure of delays. Who is not finished when the run ends is counted up to then.",
    )
    return figure


def _selected(run: RunTables) -> tuple[pd.DataFrame, list[str]]:
    projects = run.projects
    return projects[projects["selected"].notna()], ledger_causes(list(projects.columns))


def _why_empty(causes: list[str]) -> str:
    if not causes:
        return "this run is older than the ledger of delays; run it again"
    return "no project is selected in any replication"


def _rows(selected: pd.DataFrame, columns: list[str], run: RunTables) -> list[Row]:
    """A row per sector, most days first, and one of all."""
    if not columns or not len(selected):
        return []
    rows = []
    for sector, own in selected.groupby("sector", observed=True):
        known = run.config.sectors.get(str(sector))
        rows.append(_row(known.label if known else str(sector).replace("_", " "), own, columns))
    rows.sort(key=lambda row: -row.found.total.estimate)
    return [*rows, _row(_ALL, selected, columns)] if len(rows) > 1 else rows


def _row(name: str, own: pd.DataFrame, columns: list[str]) -> Row:
    found = mean_delays(
        own[columns].to_numpy(dtype=np.float64),
        own["replication"].to_numpy(),
        own["censored"].to_numpy(),
    )
    given_up = own["status"].astype(str).isin(["cancelled", "declined"])
    return Row(name, found, int(given_up.sum()))


def _draw_bars(axes: Axes, rows: list[Row], causes: list[str]) -> list[Bar]:
    """Draw a bar per row, group by group; return the groups that occur."""
    drawn: dict[str, list[Rectangle]] = {}
    ends, least = [], 0.0
    places = np.arange(len(rows), dtype=float)
    if rows[-1].name == _ALL:
        places[-1] += 0.35
    for place, row in zip(places, rows, strict=True):
        right = left = 0.0
        for name in BARS:
            days = sum(row.found.days[causes.index(c)] for c in causes_of(name) if c in causes)
            if abs(days) < _LEAST_DAYS:
                continue
            begin = right if days > 0 else left + days
            drawn.setdefault(name, []).append(Rectangle((begin, place - 0.31), abs(days), 0.62))
            right, left = right + max(days, 0.0), left + min(days, 0.0)
        if row.limits:
            axes.plot(row.limits, [place, place], color="white", linewidth=3, zorder=3)
            axes.plot(row.limits, [place, place], color="black", linewidth=1.4, zorder=3.1)
        mean = row.found.total.estimate
        axes.plot([mean], [place], linestyle="none", zorder=3.2, **_TOTAL)
        ends.append(max(right, row.limits[1]) if row.limits else right)
        least = min(least, left)
    for name, bars in drawn.items():  # one thing for all rows: each costs as much as twelve bars
        look = style.filled(BARS[name].colour, BARS[name].hatch)
        axes.add_collection(PatchCollection(bars, **look))
    widest = max(ends)
    axes.set_xlim(1.04 * least - 0.002 * widest, widest * 1.02)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    for place, row in zip(places, rows, strict=True):
        limits = f" ({row.limits[0]:,.0f}-{row.limits[1]:,.0f})" if row.limits else ""
        words = f"{row.found.total.estimate:,.0f} days{limits}\n{row.counted}"
        style.beside(axes, place, words, fontsize=8, annotation_clip=False, linespacing=1.25)
    if least < 0:
        axes.axvline(0, color="black", linewidth=1.2, zorder=3)
    names = ["\n".join(wrap(row.name, 30)) for row in rows]
    axes.set_yticks(places, names)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(places[-1] + 0.5, -0.5)
    return [bar for name, bar in BARS.items() if name in drawn]


def _draw_table(axes: Axes, names: list[str], days: Any) -> None:
    """Draw cells, darker where there are more days."""
    most = float(days.max())
    for (row, column), value in np.ndenumerate(days):
        share = max(value, 0.0) / most
        ink = np.array([0.0, 0.447, 0.698]) * share + np.array([1.0, 1.0, 1.0]) * (1 - share)
        look: style.How = {"facecolor": tuple(np.round(ink, 4)), "edgecolor": style.LIGHT_GREY}
        axes.add_patch(Rectangle((column, row), 1, 1, linewidth=0.7, **look))
        if round(value) >= 1:
            look = {"ha": "center", "va": "center", "color": "white" if share > _DARK else "black"}
            axes.text(column + 0.5, row + 0.5, f"{value:,.0f}", fontsize=8.5, **look)
    axes.set_xlim(0, days.shape[1])
    axes.set_ylim(days.shape[0], 0)
    axes.set_yticks(np.arange(len(names)) + 0.5, ["\n".join(wrap(name, 34)) for name in names])
    axes.tick_params(axis="y", length=0)
    if names[-1] == _ALL:
        axes.axhline(len(names) - 1, color=style.EDGE, linewidth=1.2)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def _has_limits(rows: list[Row]) -> bool:
    return any(row.limits for row in rows)


def _percent(count: int, n: int) -> str:
    share = 100 * count / n
    return "<1 %" if share < 1 else f"{share:.0f} %"
