"""Tariffs: rates by class, the breaches behind them, and what the duties cost beside the money."""

from __future__ import annotations

from datetime import date

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.calendars import MINUTES_PER_DAY, Epoch
from sim.events import FloatArray
from sim.report.figures import dates, style
from sim.report.figures.frames import month_ends, paths
from sim.report.figures.style import Look
from sim.results.tables.trade import TARIFF_CLASSES, path_at
from sim.stats.intervals import Interval, mean_interval
from sim.study.findings.run_results import RunTables

_CLASSES = dict(
    zip(
        TARIFF_CLASSES,
        (
            Look(style.BLACK, style.SOLID), Look(style.VERMILLION, style.LONG_DASH),
            Look(style.GREEN, style.DASH_DOT), Look(style.PURPLE, style.DOTTED),
        ),
        strict=True,
    )
)  # fmt: skip
_CASES = {
    "duties_as_threatened_usd_bn": ("No deal, as threatened", Look(style.VERMILLION, style.DASHED)),
    "duties_as_courts_left_it_usd_bn": ("No deal, as the courts left it",
                                        Look(style.ORANGE, style.DASH_DOT)),
    "duties_usd_bn": ("Under the deal", Look(style.BLACK, style.SOLID)),
}  # fmt: skip

_PUBLICS = {
    "hostile_japan": ("the Japanese public is hostile", Look(style.SKY, style.DASHED)),
    "hostile_us": ("the American public is hostile", Look(style.ORANGE, style.DASHED)),
}


@style.styled
def tariffs(run: RunTables) -> Figure:
    """Draw rates by class, breaches and how often a class is raised, and duties beside money.

    Reads the run's timeline and duties.
    """
    n = len(run.timeline["replication"].unique())
    figure = style.new_figure(
        11,
        8.6,
        title(run),
        _interval_in_words(run),
    )
    grid = figure.add_gridspec(2, 2)
    rates, breaches, duties, money = (
        figure.add_subplot(grid[row, column]) for row in (0, 1) for column in (0, 1)
    )
    x = month_ends(run.timeline)
    _rates(rates, run, x)
    _breaches(breaches, run, x)
    _duties(duties, run)
    _money(money, run)
    for axes in (rates, breaches, duties, money):
        dates.programme_axis(axes, run.config, 4.6)
        axes.set_xlabel("")
        axes.set_ylim(bottom=0)
    style.footer(
        figure,
        run,
        style.several(n),
        dates.marks_in_words(dates.marks(run.config)),
        "Duties by calendar year at its end, exports at their answer to the rate." + _at_zero(run),
    )
    return figure


def _legend(axes: Axes) -> None:
    if axes.get_legend_handles_labels()[1]:
        axes.legend(loc="upper left", fontsize=8, frameon=True, edgecolor="none")


def _saved(run: RunTables) -> tuple[Interval, Interval] | None:
    """USD bn that the deal saves to the end of the programme: as threatened, as courts left it."""
    if not len(run.duties):
        return None
    end = run.config.programme.end.year
    so_far = run.duties[run.duties["year"] <= end]
    ours = paths(so_far, "duties_usd_bn", by="year").sum(axis=1)
    threatened, courts = (
        mean_interval(paths(so_far, column, by="year").sum(axis=1) - ours)
        for column in list(_CASES)[:2]
    )
    return (threatened, courts) if threatened.low > 0 and courts.low > 0 else None


def title(run: RunTables) -> str:
    """What the deal saves by the end of the programme; withheld where the replications differ."""
    saved = _saved(run)
    if saved is None:
        return "Tariffs and what they cost"
    return (
        f"By the end of {run.config.programme.end.year} the deal saves USD "
        f"{saved[0].estimate:,.0f} bn of the duties that were threatened"
    )


def _interval_in_words(run: RunTables) -> str:
    """Both savings with their 95 %, and against what."""
    about = "Duties on Japan's exports to the United States, the breaches behind a raise, and money"
    saved = _saved(run)
    if saved is None:
        return about
    first, second = (
        f"USD {one.estimate:,.1f} bn (95 % of the mean: {one.low:,.1f} to {one.high:,.1f})"
        for one in saved
    )
    return (
        f"Less than the duties threatened had there been no deal: {first}\n"
        f"Less than the duties that the courts then left in force: {second}"
    )


def _rates(axes: Axes, run: RunTables, x: FloatArray) -> None:
    axes.set_title("Rate by class")
    axes.set_ylabel("%")
    last: dict[float, str] = {}
    for name in run.config.policy.enforcement.baseline:
        if name in _CLASSES:
            values = 100 * paths(run.timeline, f"tariff_{name}")
            by_month = _steps(run, x), np.repeat(values, 2, axis=1)
            in_the_end = float(np.median(values[:, -1]))
            other = last.setdefault(in_the_end, name)
            label = name if other == name else f"{name}, in the end as {other}"
            style.draw_paths(axes, *by_month, _CLASSES[name], label=label)
            axes.set_ylim(0, max(axes.get_ylim()[1], 1.4 * float(np.nanmax(values, initial=1))))
    _legend(axes)


def _at_zero(run: RunTables) -> str:
    """Which classes lie on the axis all along, and why."""
    names = [
        name
        for name in run.config.policy.enforcement.baseline
        if name in _CLASSES and not run.timeline[f"tariff_{name}"].any()
    ]
    if not names:
        return ""
    return (
        f" On the line of 0 %: {', '.join(names)}; the config gives the class no rate, because its "
        "duty is so narrow that what Japan sends is taken not to pay it "
        "(policy.enforcement.baseline)."
    )


def _breaches(axes: Axes, run: RunTables, x: FloatArray) -> None:
    axes.set_title("How often a breach is open, and a class is raised")
    axes.set_ylabel("% of replications")
    epoch = Epoch(run.config.programme.start)
    minutes = np.array(np.rint((x - dates.number(epoch.start)) * MINUTES_PER_DAY), np.int64)
    is_open = (paths(run.timeline, "open_breaches") > 0).mean(axis=0)
    steps = _steps(run, x)
    axes.plot(steps, 100 * np.repeat(is_open, 2), color=style.GREY, label="a breach is open")
    for side, (label, how) in _PUBLICS.items():
        hostile = (paths(run.timeline, side) > 0).mean(axis=0)
        if hostile.any():
            axes.plot(steps, 100 * np.repeat(hostile, 2), **how.line, label=label)
    for name, path in run.config.policy.enforcement.baseline.items():
        if name in _CLASSES:
            usual = path_at(path, epoch, minutes)
            raised = paths(run.timeline, f"tariff_{name}") > usual + 1e-12
            if raised.any():
                look = _CLASSES[name].line | {"label": f"{name} raised"}
                axes.plot(steps, 100 * np.repeat(raised.mean(axis=0), 2), **look)
    axes.set_ylim(0, 1.35 * axes.get_ylim()[1])
    _legend(axes)


def _steps(run: RunTables, x: FloatArray) -> FloatArray:
    """Begin and end of each month: what stands at its end is drawn as all of it."""
    return np.repeat(np.append(dates.number(run.config.programme.start), x), 2)[1:-1]


def _yearly(run: RunTables) -> FloatArray:
    years = sorted(run.duties["year"].unique())
    return np.array([dates.close_of(date(year, 12, 31)) for year in years])


def _duties(axes: Axes, run: RunTables) -> None:
    axes.set_title("Duties a year")
    axes.set_ylabel("USD bn a year")
    if not len(run.duties):
        style.nothing_to_show(axes, "no trade section")
        return
    x = _yearly(run)[1:]  # the first year is broken
    for column, (label, look) in _CASES.items():
        values = paths(run.duties, column, by="year")[:, 1:]
        style.draw_paths(axes, x, values, look, label=label)
    axes.set_ylim(0, 1.35 * axes.get_ylim()[1])
    _legend(axes)


def _money(axes: Axes, run: RunTables) -> None:
    axes.set_title("Duties saved so far, and money at risk")
    axes.set_ylabel("USD bn")
    if not len(run.duties):
        style.nothing_to_show(axes, "no trade section")
        return
    x, ours = _yearly(run), paths(run.duties, "duties_usd_bn", by="year")
    for column, (label, look) in list(_CASES.items())[:2]:
        saved = np.cumsum(paths(run.duties, column, by="year") - ours, axis=1)
        style.draw_paths(axes, x, saved, look, label=f"Saved: {label}")
    at_risk, look = (
        paths(run.duties, "at_risk_usd_bn", by="year"),
        Look(style.BLUE, style.LONG_DASH),
    )
    style.draw_paths(axes, x, at_risk, look, label="Paid and not returned")
    axes.set_ylim(0, 1.3 * axes.get_ylim()[1])
    _legend(axes)
