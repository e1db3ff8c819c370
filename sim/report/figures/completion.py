"""A programme that stops: the selected dollars by state of completion."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.figures import dates, style
from sim.report.figures.frames import decided_usd_bn, month_ends
from sim.study.findings.completion import AT_END, STATES, Completion, completion
from sim.study.findings.run_results import RunTables

_LOOKS = {
    "operating": (style.GREEN, ""),
    "site": (style.ORANGE, "////"),
    "begun": (style.SKY, ""),
    "unsigned": (style.LIGHT_GREY, "...."),
    "given_up": (style.GREY, "xxxx"),
}


@style.styled
def completed_dollars(run: RunTables) -> Figure:
    """Draw the selected dollars by state over time, and where they stand when the run ends.

    Reads the run's projects and timeline.
    """
    found = completion(run)
    figure = style.new_figure(
        11, 4.6, title(run, found), "Selected dollars by state of completion, means, USD bn"
    )
    grid = figure.add_gridspec(1, 2, width_ratios=[1.15, 1])
    area, bars = figure.add_subplot(grid[0]), figure.add_subplot(grid[1])
    if any(found.at_end.values()):
        _areas(area, run, found)
        _bars(bars, run, found)
    else:
        style.nothing_to_show(area, "nothing is selected in any replication")
    words = [f"{item.date}: {item.label}" for item in run.config.policy.events.values()]
    style.footer(
        figure,
        run,
        ". ".join([dates.marks_in_words(dates.marks(run.config)).rstrip("."), *words]) + ".",
        "A unit with power counts as operating, whatever the others of its project do; a site by "
        "what of it is built. Given up: declined or cancelled, units that run left out.",
    )
    return figure


def title(run: RunTables, found: Completion) -> str:
    """What is selected, paid and running in the end; withheld while one is undecided."""
    if decided_usd_bn(run, "paid_usd_bn_by_end", "completed_usd_bn_by_end") is None:
        return "How far the selected dollars come"
    everything, paid = sum(found.at_end.values()), sum(found.paid_at_end.values())
    return (
        f"Of USD {everything:,.0f} bn selected, Japan has paid {paid:,.0f} and "
        f"{found.at_end['operating']:,.1f} run by {run.config.programme.run_out}"
    )


def _areas(axes: Axes, run: RunTables, found: Completion) -> None:
    axes.set_title("Over time")
    axes.set_ylabel("USD bn")
    x = month_ends(run.timeline)
    layers = [(STATES[name], found.usd_bn[name], *look) for name, look in _LOOKS.items()]
    top = style.stack(axes, x, layers)
    dates.programme_axis(axes, run.config, 5)
    for item in run.config.policy.events.values():
        axes.axvline(dates.number(item.date), color=style.BLACK, linewidth=1.4)
    handles, labels = axes.get_legend_handles_labels()
    key: style.How = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.08), "ncols": 3}
    axes.legend(handles[::-1], labels[::-1], **key)
    axes.set_ylim(0, 1.05 * float(top.max(initial=1)))


def _bars(axes: Axes, run: RunTables, found: Completion) -> None:
    axes.set_title(f"On {run.config.programme.run_out}: selected, and of it paid by Japan")
    axes.set_xlabel("USD bn")
    places = np.arange(len(AT_END))
    values, paid = (np.array(list(of.values())) for of in (found.at_end, found.paid_at_end))
    axes.barh(places, values, **style.filled(style.LIGHT_GREY))
    axes.barh(places, paid, height=0.45, **style.filled(style.BLUE))
    for place, value, of_it in zip(places, values, paid, strict=True):
        said = f"{value:,.1f}, paid {of_it:,.1f}" if value >= 0.05 else "none"
        axes.annotate(said, (value, place), (4, 0), textcoords="offset points", va="center")
    style.in_rows(axes, list(AT_END.values()))
    axes.set_xlim(0, 1.45 * float(values.max(initial=1)))
