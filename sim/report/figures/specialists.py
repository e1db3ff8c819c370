"""Specialists: wanted and granted, the gap of the whole market, and who is served."""

from __future__ import annotations

from math import ceil
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.events import FloatArray
from sim.report.figures import dates, style
from sim.report.figures.crafts import POOL, served_alike
from sim.report.figures.frames import month_ends, month_middles, paths
from sim.report.figures.style import Look
from sim.stats.bands import bands, can_band
from sim.study.findings.run_results import RunTables

WANTED = Look(style.VERMILLION, style.DASHED, hatch="////")
GRANTED = Look(style.BLUE, style.SOLID, 2.2)
GAP = Look(style.BLACK)
SERVED = Look(style.GREEN)
COLUMNS = 3
_WORTH_A_WORD = 0.2  # of the people wanted in the busiest year: below it a year says little


@style.styled
def specialists(run: RunTables) -> Figure:
    """Draw specialists wanted and granted, the market's gap, and the served share of each pool.

    Reads the run's timeline and capacity.
    """
    config, timeline = run.config, run.timeline
    pools = config.capacity.specialists.pools
    n = len(timeline["replication"].unique())
    panels = _panels(run)
    rows = ceil(len(panels) / COLUMNS)
    gap = config.capacity.specialists.gap
    figure = style.new_figure(
        11,
        5.4 + 1.75 * rows,
        title(run),
        f"What the programme's sites want and get in {len(pools)} "
        f"{'pool' if len(pools) == 1 else 'pools'}, and the shortage of the whole market",
    )
    grid = figure.add_gridspec(1 + rows, 2 * COLUMNS, height_ratios=[2.1] + [1] * rows)
    marks = [*dates.marks(config)[:-1], dates.gap_mark(config)]
    _people(figure.add_subplot(grid[0, :COLUMNS]), run, marks)
    _gap(figure.add_subplot(grid[0, COLUMNS:]), run, marks)
    for place, (label, resources) in enumerate(panels):
        row, column = divmod(place, COLUMNS)
        axes = figure.add_subplot(grid[1 + row, 2 * column : 2 * column + 2])
        dates.programme_axis(axes, run.config, 3.0, marks)
        _served(axes, run, resources)
        axes.set_title("\n".join(wrap(label, 44)[:2]), fontsize=9)
        axes.set_ylabel("served share, %" if column == 0 else "")
    style.footer(
        figure,
        run,
        style.several(n),
        dates.marks_in_words(marks),
        "Gap: people other employers and the programme want beyond all there are, every pool "
        f"together; {gap.people:,.0f} on the gap date by assumption, at a stated reference demand.",
        "Served share: people granted of people wanted; shown for months in which "
        + ("at least 20 replications want" if can_band(n) else "a replication wants")
        + " people of the pool.",
    )
    return figure


def _people(axes: Axes, run: RunTables, marks: list[dates.Mark]) -> None:
    x = month_middles(run.timeline)
    dates.programme_axis(axes, run.config, 4.6, marks, labels=True)
    axes.set_ylabel("people, thousands (mean of the month)")
    axes.set_title("Wanted and granted, all pools together", pad=28)
    wanted = paths(run.timeline, "specialists_wanted") / 1000
    granted = paths(run.timeline, "specialists_granted") / 1000
    if not wanted.any():
        style.nothing_to_show(axes, "no site wants specialists in any replication")
        return
    axes.set_ylim(0, float(wanted.max()) * 1.05)
    for name, values, look in (("wanted", wanted, WANTED), ("granted", granted, GRANTED)):
        style.draw_paths(axes, x, values, look, label=name)
    box: style.How = {"framealpha": 0.85, "frameon": True, "edgecolor": "none"}
    axes.legend(loc="upper right", handlelength=3.2, **box)


def _gap(axes: Axes, run: RunTables, marks: list[dates.Mark]) -> None:
    gap = run.config.capacity.specialists.gap
    dates.programme_axis(axes, run.config, 4.6, marks, labels=True)
    axes.set_ylabel("people short, thousands (month's end)")
    axes.set_title("Gap of the whole market", pad=28)
    values = paths(run.timeline, "specialists_gap_people") / 1000
    top = max(float(values.max(initial=0.0)), gap.people / 1000)
    axes.set_ylim(0, top * 1.12 or 1.0)
    if not top:
        style.nothing_to_show(axes, "no pool is short of people")
        return
    style.draw_paths(axes, month_ends(run.timeline), values, GAP, alone=True)
    if not gap.people:
        return
    at, people = dates.number(gap.date), gap.people / 1000
    mark: style.How = {"marker": "D", "color": style.ORANGE, "markeredgecolor": "black"}
    axes.plot([at], [people], markersize=7, linestyle="none", zorder=4, **mark)
    below: style.How = {"xytext": (8, -14), "textcoords": "offset points", "va": "top"}
    words = f"assumed: {people:,.0f}"
    axes.annotate(words, (at, people), fontsize=8.5, bbox=style.BEHIND_TEXT, **below)


def title(run: RunTables) -> str:
    """How many of those wanted are missing in the worst year, where several replications say so."""
    wanted, granted = (
        paths(run.timeline, f"specialists_{name}").sum(axis=0) for name in ("wanted", "granted")
    )
    years = np.unique(run.timeline["month"].to_numpy()).astype("datetime64[Y]")
    by_year = {
        str(year): (float(wanted[years == year].sum()), float(granted[years == year].sum()))
        for year in np.unique(years)
    }
    most = max(people for people, _ in by_year.values())
    missing = {
        year: 1 - there / people
        for year, (people, there) in by_year.items()
        if people >= _WORTH_A_WORD * most > 0
    }
    worst = max(missing, key=lambda year: missing[year], default="")
    if not worst or int(run.manifest["replications"]) < 2:
        return "Specialists"
    if missing[worst] < 0.005:
        return "Specialists: whoever is wanted is there"
    return (
        f"In {worst}, the worst year, {100 * missing[worst]:.0f} % of the specialists are missing"
    )


def _panels(run: RunTables) -> list[tuple[str, list[str]]]:
    """Label and resources of each panel: crafts served alike are one."""
    pools = run.config.capacity.specialists.pools
    tables = {str(name): rows for name, rows in run.capacity.groupby("resource", observed=True)}
    alike = served_alike(tables)
    found = [(f"{len(alike)} crafts alike", alike)] if alike else []
    return found + [
        (pool.label, [POOL + name]) for name, pool in pools.items() if POOL + name not in alike
    ]


def _served(axes: Axes, run: RunTables, resources: list[str]) -> None:
    tables = [run.capacity[run.capacity["resource"] == name] for name in resources]
    table = tables[0]
    granted, waiting = (
        np.sum([paths(one, column) for one in tables], axis=0)
        for column in ("in_use", "waiting_mean")
    )
    wanted = granted + waiting
    axes.set_ylim(0, 105)
    axes.set_yticks([0, 50, 100])
    if not (wanted > 0).any():
        style.nothing_to_show(axes, "nobody is wanted")
        return
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(wanted > 0, 100 * granted / wanted, np.nan)
    x = month_middles(table)
    if not can_band(len(share)):
        for path in share:
            axes.plot(x, path, color=SERVED.colour, linewidth=1.0, alpha=0.75)
        return
    found = _bands_where_wanted(share)
    style.draw_band(axes, x, found, SERVED)
    axes.plot(x, found["median"], **SERVED.line)


def _bands_where_wanted(share: FloatArray) -> dict[str, FloatArray]:
    """Bands month by month over the replications in which the share is defined, else nan."""
    found = {name: np.full(share.shape[1], np.nan) for name in ("p05", "median", "p95")}
    defined = ~np.isnan(share)
    for month in np.flatnonzero([can_band(count) for count in defined.sum(axis=0)]):
        values = share[defined[:, month], month]
        for name, value in bands(values[:, np.newaxis]).items():
            found[name][month] = value[0]
    return found
