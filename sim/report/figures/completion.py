"""A programme that stops: the selected dollars by state of completion."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.figures import dates, style
from sim.report.figures.frames import month_ends
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

    Parameters
    ----------
    run : RunTables
        Reads its projects and timeline.
    """
    found = completion(run)
    figure = style.new_figure(
        11, 4.6, title(run, found), "Selected dollars by state of completion, means, USD bn"
    )
    grid = figure.add_gridspec(1, 2, width_ratios=[1.15, 1])
    area, bars = figure.add_subplot(grid[0]), figure.add_subplot(grid[1])
    _areas(area, run, found)
    _bars(bars, run, found)
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
    """What is selected, paid and running in the end."""
    everything, paid = sum(found.at_end.values()), sum(found.paid_at_end.values())
    return (
        f"Of USD {everything:,.0f} bn selected, Japan has paid {paid:,.0f} and "
        f"{found.at_end['operating']:,.1f} run by {run.config.programme.run_out}"
    )


def _areas(axes: Axes, run: RunTables, found: Completion) -> None:
    axes.set_title("Over time")
    axes.set_ylabel("USD bn")
    x = month_ends(run.timeline)
    below = np.zeros(len(x))
    for name, (colour, hatch) in _LOOKS.items():
        above = below + np.maximum(found.usd_bn[name], 0)
        axes.fill_between(
            x,
            below,
            above,
            facecolor=colour,
            edgecolor="#404040",
            hatch=hatch or None,
            linewidth=0.4,
            label=STATES[name],
        )
        below = above
    dates.time_axis(axes, dates.programme_span(run.config), 5)
    dates.draw_marks(axes, dates.marks(run.config), labels=False)
    for item in run.config.policy.events.values():
        axes.axvline(dates.number(item.date), color=style.BLACK, linewidth=1.4)
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(
        handles[::-1], labels[::-1], loc="upper left", fontsize=8, frameon=True, framealpha=1
    )
    axes.set_ylim(0, 1.05 * float(below.max(initial=1)))


def _bars(axes: Axes, run: RunTables, found: Completion) -> None:
    axes.set_title(f"On {run.config.programme.run_out}: selected, and of it paid by Japan")
    axes.set_xlabel("USD bn")
    places, values = np.arange(len(AT_END)), np.array(list(found.at_end.values()))
    paid = np.array(list(found.paid_at_end.values()))
    axes.barh(places, values, color=style.LIGHT_GREY, edgecolor="#404040", linewidth=0.4)
    axes.barh(places, paid, color=style.BLUE, height=0.45, label="paid by Japan")
    for place, value, of_it in zip(places, values, paid, strict=True):
        said = f"{value:,.1f}, paid {of_it:,.1f}" if value >= 0.05 else "none"
        axes.annotate(said, (value, place), (4, 0), textcoords="offset points", va="center")
    axes.set_yticks(places, list(AT_END.values()))
    axes.invert_yaxis()
    axes.set_xlim(0, 1.45 * float(values.max(initial=1)))
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
