"""S-curves: what is committed, called, paid, spent, under construction and completed, over time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.config.schema import Config
from sim.events import FloatArray
from sim.report.figures import dates, style
from sim.report.figures.frames import decided_usd_bn, month_ends, paths
from sim.report.figures.numbers import spread
from sim.report.figures.style import Look
from sim.stats.bands import bands, can_band
from sim.study.findings.dates import in_words
from sim.study.findings.run_results import RunTables


class Series(NamedTuple):
    """One S-curve: its column of the timeline, what it is, and the response at the deadline."""

    column: str
    title: str
    means: str
    response: str
    look: Look


SERIES = (
    Series("committed_usd_bn", "Committed", "selected, less declined and cancelled",
           "committed_usd_bn_by_deadline", Look(style.BLACK, style.SOLID)),
    Series("called_usd_bn", "Called", "noticed to Japan in cash calls",
           "called_usd_bn_by_deadline", Look(style.ORANGE, style.DASHED)),
    Series("paid_usd_bn", "Paid", "drawn from the lenders",
           "paid_usd_bn_by_deadline", Look(style.BLUE, style.LONG_DASH)),
    Series("spent_usd_bn", "Spent", "committed dollars times progress on site",
           "spent_usd_bn_by_deadline", Look(style.GREEN, style.DASH_DOT)),
    Series("under_construction_usd_bn", "Under construction",
           "notice to proceed given, unit not built",
           "under_construction_usd_bn_at_deadline", Look(style.PURPLE, style.DOTTED, 2.2)),
    Series("completed_usd_bn", "Completed", "units energised",
           "completed_usd_bn_by_deadline", Look(style.VERMILLION, style.SOLID, 2.6)),
)  # fmt: skip
_FAR_BELOW = 0.4  # of the envelope: small panels of lower amounts leave it out


@style.styled
def s_curves(run: RunTables) -> Figure:
    """Draw the programme's amounts over time: medians together, then each with its band.

    Reads the run's timeline and outcomes.
    """
    config = run.config
    envelope = config.programme.envelope_usd_bn
    x = month_ends(run.timeline)
    series = {item.column: paths(run.timeline, item.column) for item in SERIES}
    n = len(run.timeline["replication"].unique())
    figure = style.new_figure(
        11,
        10.6,
        title(run),
        f"Amounts of the programme at each month's end, USD bn, against the envelope of "
        f"${envelope:,g} bn",
    )
    grid = figure.add_gridspec(3, 12, height_ratios=[1.75, 1, 1])
    highest = max(float(values.max(initial=0.0)) for values in series.values())
    top = max(envelope, highest) * 1.16 or 1.0
    far_below = 0 < highest < _FAR_BELOW * envelope
    summary = figure.add_subplot(grid[0, :-2])  # the names of the curves need room at their ends
    _frame(summary, config, top, inches=8.6, labels=True)
    _medians_together(summary, config, x, series, n, top)
    for place, item in enumerate(SERIES):
        axes = figure.add_subplot(grid[1 + place // 3, 4 * (place % 3) : 4 * (place % 3) + 4])
        _frame(axes, config, highest * 1.25 if far_below else top, inches=3.0)
        values = series[item.column]
        style.draw_paths(axes, x, values, item.look, alone=True)
        axes.set_title(_heading(item, run))
        style.note(axes, 0.03, 0.985, item.means, va="top", fontsize=8, color=style.GREY)
        if place % 3:
            axes.set_ylabel("")
            axes.tick_params(labelleft=False)
        if not values.any():
            style.nothing_to_show(axes, "nothing in any replication")
    style.footer(
        figure,
        run,
        style.several(n),
        dates.marks_in_words(dates.marks(config))
        + " Thick grey line: the envelope"
        + (", far above the small panels." if far_below else "."),
        f"Beside each name: the amount at the close of {config.programme.deadline}"
        + (", median (5-95 %)." if can_band(n) else ", median." if n > 1 else "."),
    )
    return figure


def title(run: RunTables) -> str:
    """What is committed by the deadline and runs at the end; withheld while one is undecided.

    They are means, and decided as those of the answer in five sentences are.
    """
    programme = run.config.programme
    found = decided_usd_bn(run, "committed_usd_bn_by_deadline", "completed_usd_bn_by_end")
    if found is None:
        return "From commitment to completion"
    committed, running = map(_bn, found)
    return (
        f"On average USD {committed} bn of {programme.envelope_usd_bn:,g} are committed by "
        f"{in_words(programme.deadline)}, {running} run by the end of {programme.run_out.year}"
    )


def _bn(value: float, like: float | None = None) -> str:
    """Dollars with one digit below ten and none above, or as another number beside it."""
    digits = 0 if (value if like is None else like) >= 9.95 else 1
    return f"{value:,.{digits}f}"


def _frame(axes: Axes, config: Config, top: float, inches: float, labels: bool = False) -> None:
    dates.programme_axis(axes, config, inches, labels=labels)
    axes.set_ylim(0, top)
    axes.set_ylabel("USD bn")
    axes.set_xlabel("")
    axes.axhline(config.programme.envelope_usd_bn, color=style.GREY, linewidth=3, alpha=0.45)


def _heading(item: Series, run: RunTables) -> str:
    found = bands(run.outcomes[item.response].to_numpy(dtype=np.float64)[:, np.newaxis])
    median, low, high = (float(found[name][0]) for name in ("median", "p05", "p95"))
    if np.isnan(median):
        return item.title
    limits = f" ({_bn(low, median)}-{_bn(high, median)})" if can_band(len(run.outcomes)) else ""
    return f"{item.title}: ${_bn(median)} bn{limits}"


def _medians_together(
    axes: Axes, config: Config, x: FloatArray, series: dict[str, FloatArray], n: int, top: float
) -> None:
    """All six medians on one pair of axes, each named where it ends."""
    envelope = config.programme.envelope_usd_bn
    if not any(values.any() for values in series.values()):
        style.nothing_to_show(axes, "no project is selected in any replication")
        return
    ends = []
    for item in SERIES:
        median = bands(series[item.column])["median"]
        axes.plot(x, median, **item.look.line)
        ends.append(round(float(median[-1]), 6))  # float dust must not order the names
    names = [item.title for item in SERIES] + [f"Envelope ${envelope:,g} bn"]
    colours = [item.look.colour for item in SERIES] + [style.GREY]
    ends.append(envelope)
    places = spread(ends, top * 0.055, lowest=0.0)
    where = dict.fromkeys(("xycoords", "textcoords"), axes.get_yaxis_transform())
    look: style.How = {"va": "center", "fontsize": 9, "annotation_clip": False, **where}
    line: style.How = {"arrowstyle": "-", "linewidth": 0.7, "shrinkA": 1, "shrinkB": 1}
    for name, colour, end, y in zip(names, colours, ends, places, strict=True):
        own: style.How = {
            "color": colour,
            "arrowprops": {**line, "color": colour, "relpos": (0, 0.5)},
        }
        axes.annotate(name, (1.0, end), (1.02, y), **look, **own).set_in_layout(False)
    text = f"Medians of {n:,} replications" if n > 1 else "One replication"
    style.note(axes, 0.01, 0.975, text, va="top", fontsize=9, color=style.GREY)
