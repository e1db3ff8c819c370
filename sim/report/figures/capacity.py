"""Capacity: the few that bind on one board, and every one on a sheet for the appendix."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.calendars import DAYS_PER_YEAR
from sim.report.figures import dates, style
from sim.report.figures.resources import Resource, resources
from sim.report.figures.style import Look
from sim.stats.bands import bands, can_band
from sim.stats.intervals import mean_interval
from sim.study.findings.run_results import RunTables

if TYPE_CHECKING:
    import pandas as pd

USED = Look(style.BLUE)
WAITING = Look(style.VERMILLION, hatch="////")
COLUMNS = 3
_CORNER = 0.985, 0.955  # of a panel, for its words
_MOST = 6  # panels of the board
_FAR_ABOVE = 3.5  # times the most that is ever used: a capacity beyond it is put in words


@style.styled
def capacity(run: RunTables) -> Figure:
    """Draw the few resources that bind, those for want of which most dollars stand first.

    Crafts of which all are served alike are one.

    Reads the run's capacity table and what is held.
    """
    found = [one for one in resources(run, crafts_together=True) if not one.unlimited]
    found.sort(key=lambda one: -float(one.usd_bn_years.mean()))
    shown = [one for one in found if one.binds][:_MOST]
    rows = ceil(len(shown) / 2)
    figure = style.new_figure(
        10,
        2.2 + 2.1 * max(rows, 1),
        title(found, shown),
        "Limits of people, teams, desks, reviews, machines, power and money; for rounds and "
        "development, which have none, see `held`\n"
        "Above zero: in use (blue) against capacity (black). Below: waiting "
        "(red, hatched), in the same unit. Most dollars first",
    )
    if not shown:
        style.nothing_to_show(figure.add_subplot(), "no dollars stand for want of any")
    for place, resource in enumerate(shown):
        axes = figure.add_subplot(rows, 2, place + 1)
        dates.programme_axis(axes, run.config, inches=4.2)
        _draw(axes, resource, dollars=True)
    n = len(run.capacity["replication"].unique())
    rest = len(found) - len(shown)
    style.footer(
        figure,
        run,
        style.several(n) + " Means over each month.",
        dates.marks_in_words(dates.marks(run.config)),
        "bn-years: dollars of selected units that stand for want of it, times years; of teams, "
        f"dollars that wait. {rest} more bind little or never: sim plot --what capacity_all.",
    )
    return figure


def title(found: Sequence[Resource], shown: Sequence[Resource]) -> str:
    """Which limit most dollars stand for, where the replications tell it from the next."""
    if not shown or len(shown[0].usd_bn_years) < 2:
        return "Capacity: what is used, and what waits for it"
    first = shown[0]
    if len(found) > 1:
        lead = mean_interval(first.usd_bn_years - found[1].usd_bn_years)
        if not lead.low > 0:
            both = f"{_small(first)} or {_small(found[1])}"
            return f"Among limits of capacity, most dollars stand for want of {both}"
    years = f"USD {first.usd_bn_years.mean():,.0f} bn-years"
    return f"Among limits of capacity, most dollars stand for want of {_small(first)}: {years}"


def title_of_all(found: Sequence[Resource]) -> str:
    """The worst served of all resources, and the share of what it is wanted for that it serves."""
    if not found or found[0].unlimited or found[0].share_met > 0.995:
        return "Capacity: what is used, and what waits for it"
    first = found[0]
    return f"Least served: {_small(first)}, {100 * first.share_met:.0f} % of what is wanted"


def _small(resource: Resource) -> str:
    name = resource.name.partition(",")[0].partition(":")[0]
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


@style.styled
def capacity_all(run: RunTables) -> Figure:
    """Draw every resource: use against capacity and the queue, the worst served first.

    A sheet for the appendix; `capacity` has those that bind, at the size of a slide.

    Reads the run's capacity table and what is held.
    """
    table = run.capacity
    found = resources(run)
    found.sort(key=lambda resource: resource.rank)  # stable: else as in the config
    rows = ceil(len(found) / COLUMNS)
    n = len(table["replication"].unique())
    figure = style.new_figure(
        11,
        1.95 + 1.8 * max(rows, 1),
        title_of_all(found),
        "Least served first: in use as a share of in use and waiting, then time at the limit; no "
        "limit last. For slides: `capacity`\nAbove zero: in use (blue) against capacity (black). "
        "Below zero: waiting (red, hatched), in the same unit.",
    )
    if not found:
        style.nothing_to_show(figure.add_subplot(), "the run has no resource")
    for place, resource in enumerate(found):
        axes = figure.add_subplot(rows, COLUMNS, place + 1)
        dates.programme_axis(axes, run.config, inches=3.0)
        _draw(axes, resource)
    style.footer(
        figure,
        run,
        style.several(n) + " Means over each month.",
        dates.marks_in_words(dates.marks(run.config))
        + " Bar on top: months at the limit more than half the time"
        + (", in the median." if n > 1 else "."),
        "At the limit: something waits, or all of a limited capacity is in use. Yearly money counts"
        " what is consumed of the fiscal year so far; without a limit, of all years. Specialists: "
        "capacity is what the programme can get.",
        *_gates_in_words(table),
        "The envelope's queue are the candidates before the President that do not fit into what is "
        "left of it. Without a limit some wait all the same: an order on record has its slot when "
        "the record ends.",
    )
    return figure


def _gates_in_words(table: pd.DataFrame) -> list[str]:
    units = set(table["unit"].unique())
    said = []
    if "slots" in units:
        said.append("Slots: used are those granted in the calendar year.")
    if "MW" in units:
        said.append("Megawatts: all that have come in, and those that loads have taken for good.")
    return [" ".join(said)] if said else []


def _draw(axes: Axes, resource: Resource, dollars: bool = False) -> None:
    axes.set_title("\n".join(wrap(resource.name, 44)[:2]), fontsize=9)
    axes.set_ylabel(resource.unit, fontsize=8)
    high, low = _limits(resource)
    axes.set_ylim(-low * 1.08, high + 0.24 * (high + low))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):,g}"))
    axes.axhline(0, color=style.GREY, linewidth=0.9)
    if resource.unlimited:
        words = "no limit, and yet some wait" if resource.waiting.any() else "unlimited"
        style.note(axes, *_CORNER, words, ha="right", va="top", fontsize=8.5, style="italic")
    else:
        held = bands(resource.held)["median"]
        inside = np.where(held <= high, held, np.nan)  # what is above is put in words
        axes.step(resource.x, inside, where="mid", color=style.BLACK, linewidth=1.1)
        words = _short_of(resource) or _time_at_limit(resource)
        if dollars:
            words = f"{resource.usd_bn_years.mean():,.1f} bn-years; {words}"
        if (most := float(held.max(initial=0.0))) > high:
            words += f"; capacity up to {most:,.0f}"
        style.note(axes, *_CORNER, words, ha="right", va="top", fontsize=8)
        _bar(axes, resource)
    if not resource.used.any() and not resource.waiting.any():
        words = "nothing to show: never used"
        style.note(axes, 0.03, 0.45, words, fontsize=8.5, color=style.GREY)
        return
    style.draw_paths(axes, resource.x, resource.used, USED, alone=True)
    if resource.waiting.any():
        style.draw_paths(axes, resource.x, -resource.waiting, WAITING, alone=True)


def _limits(resource: Resource) -> tuple[float, float]:
    """Highest and lowest value of a panel: capacity as drawn too, unless far above all use."""
    if can_band(len(resource.used)):
        used, waiting = bands(resource.used)["p95"], bands(resource.waiting)["p95"]
    else:
        used, waiting = resource.used, resource.waiting
    low = float(waiting.max(initial=0.0))
    most = max(float(used.max(initial=0.0)), low / 4)
    capacity = 0.0 if resource.unlimited else float(bands(resource.held)["median"].max())
    if most and capacity > _FAR_ABOVE * most:
        return _FAR_ABOVE * most, low
    return max(most, capacity) or 1.0, low


def _short_of(resource: Resource) -> str:
    """Of people, the part of those wanted that is not there: they are at the limit for years."""
    wanted = float((resource.used + resource.waiting).sum())
    if resource.unit != "thousand people" or not wanted:
        return ""
    return f"{100 * float(resource.waiting.sum()) / wanted:,.0f} % of those wanted are missing"


def _time_at_limit(resource: Resource) -> str:
    found = bands(resource.years_at_limit[:, np.newaxis])
    median, low, high = (float(found[name][0]) for name in ("median", "p05", "p95"))
    if not resource.years_at_limit.any():
        return "never at the limit"
    if np.nanmax([median, high]) * DAYS_PER_YEAR < 1:
        return "hardly ever at the limit"
    scale, unit, digits = (
        (1.0, "years", 1) if np.nanmax([median, 0.0]) >= 1 else (DAYS_PER_YEAR, "days", 0)
    )
    limits = "" if np.isnan(low) else f" ({scale * low:.{digits}f}-{scale * high:.{digits}f})"
    return f"at the limit {scale * median:.{digits}f} {unit}{limits}"


def _bar(axes: Axes, resource: Resource) -> None:
    """Mark the months spent at the limit along the upper edge."""
    full = bands(resource.at_limit)["median"] > 0.5
    if not full.any():
        return
    edges = np.append(resource.x[:-1] + np.diff(resource.x) / 2, resource.x[-1])
    before = np.append(resource.x[0], edges[:-1])
    spans = [(a, b - a) for a, b, yes in zip(before, edges, full, strict=True) if yes]
    look: style.How = {"facecolor": style.BLACK, "linewidth": 0}
    axes.broken_barh(spans, (0.975, 0.025), transform=axes.get_xaxis_transform(), **look)
