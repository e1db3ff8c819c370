"""When each named project is likely to be selected, begun and running: P50 and P80, a bar each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from textwrap import wrap
from typing import NamedTuple

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.report.figures import dates, style
from sim.report.names import project_name, usd_bn
from sim.report.page.words import percent, percent_span
from sim.study.findings.run_results import RunTables
from sim.study.findings.schedule import Expected, schedule

_LETTERS = 40  # of a line; names take two
_MOST_ROWS = 40


class _Stage(NamedTuple):
    """From a milestone to another, and its look; ``pale`` where it goes on beyond the run."""

    begin: str
    finish: str
    words: str
    colour: str
    hatch: str
    pale: str


_STAGES = (
    _Stage("selected", "ntp", "selected to notice to proceed", style.YELLOW, "////", "#FCF9D0"),
    _Stage("ntp", "operating", "building to operation", style.BLUE, "", "#DCEAF5"),
)
_FIRST_UNIT: style.How = {"linestyle": "none", "marker": "D", "color": "white",
                          "markeredgecolor": "black"}  # fmt: skip

_GOES_ON: style.How = {"marker": ">", "markersize": 6, "color": style.GREY, "zorder": 3,
                       "clip_on": False}  # fmt: skip

_BESIDE: style.How = {"xytext": (5, 0), "textcoords": "offset points"}  # clear of the arrows


@style.styled
def gantt_p50(run: RunTables) -> Figure:
    """Draw the dates by which half and four fifths of the replications have each milestone.

    Reads the run's projects.
    """
    everyone = schedule(run)
    shown = [one for one in everyone if one.at("selected", "p50") is not None][:_MOST_ROWS]
    end = run.config.programme.run_out
    left = len(everyone) - len(shown)
    figure = style.new_figure(
        10,
        2.6 + 0.33 * max(len(shown), 6),
        title(everyone, end),
        "Named projects, dates where proposed; bars end where half of those replications have it "
        "(P50), lines where four fifths do (P80)",
    )
    axes = figure.add_subplot()
    dates.programme_axis(axes, run.config, inches=5.6, labels=True)
    axes.grid(False)
    if not shown:
        axes.set_yticks([])
        style.nothing_to_show(axes, "no named project is selected in half of the replications")
    else:
        _draw(axes, shown, run, dates.close_of(end))
    style.footer(
        figure,
        run,
        f"What never happens counts as later: a pale bar is not done by {end.year} in half of "
        "those that propose it. Right: share of all replications, proposed or not, in which it "
        f"runs by {end}, with its 95 % interval."
        + (f" Left out: {left} selected in less than half." if left else ""),
    )
    return figure


def title(found: Sequence[Expected], end: date) -> str:
    """How many named projects are likelier than not to run by the end; the undecided beside it."""
    likely = sum(one.runs.low > 0.5 for one in found)
    open_still = sum(one.runs.low <= 0.5 <= one.runs.high for one in found)
    words = f"{likely} of {len(found)} named projects are likely to run by {end.year}"
    return f"{words}; {open_still} could go either way" if open_still else words


def in_lines(name: str) -> str:
    r"""A name over two lines where it needs them; no letter of it is left out.

    Examples
    --------
    >>> in_lines("BWRX-300 small modular reactors, Tennessee (Clinch River)")
    'BWRX-300 small modular reactors,\nTennessee (Clinch River)'
    """
    width = next(n for n in range(_LETTERS, len(name) + _LETTERS) if len(wrap(name, n)) <= 2)
    return "\n".join(wrap(name, width))


def _open(stage: _Stage) -> style.How:
    """The look of what is not done when the run ends."""
    edge: style.How = {"edgecolor": stage.colour, "linestyle": (0, (3, 2)), "linewidth": 0.8}
    return edge | {"facecolor": stage.pale}


def _chance(one: Expected) -> str:
    """How often it runs, of all replications, in the words of the page; and how often proposed."""
    limits = percent_span(*one.runs[1:]).replace("\xa0%", "")
    words = f"{percent(one.runs.estimate)} ({limits})".replace("\xa0", " ")
    if one.proposed < 1:
        words += f"\nproposed in {percent(one.proposed)}".replace("\xa0", " ")
    return words


def _draw(axes: Axes, shown: Sequence[Expected], run: RunTables, last: float) -> None:
    def at(one: Expected, milestone: str, share: str) -> float:
        day = one.at(milestone, share)
        return last if day is None else dates.number(day)

    for place, one in enumerate(shown):
        for stage in _STAGES:
            left, right = at(one, stage.begin, "p50"), at(one, stage.finish, "p50")
            if right > left:
                is_open = one.at(stage.finish, "p50") is None
                look = _open(stage) if is_open else style.filled(stage.colour, stage.hatch)
                axes.broken_barh([(left, right - left)], (place - 0.3, 0.6), zorder=2, **look)
                if is_open:
                    axes.plot([last], [place], **_GOES_ON)
        half, most = at(one, "operating", "p50"), at(one, "operating", "p80")
        if most > half:
            line: style.How = {"color": style.BLACK, "zorder": 3}
            axes.plot([half, most], [place, place], linewidth=1.4, **line)
            end = ">" if most == last else "|"
            axes.plot([most], [place], end, markersize=7, clip_on=False, **line)
        first = one.at("first_unit", "p50")
        if first is not None and dates.number(first) < half:
            axes.plot([dates.number(first)], [place], markersize=5, zorder=4, **_FIRST_UNIT)
        style.beside(axes, place, _chance(one), fontsize=8.5, linespacing=1.1, **_BESIDE)
    names = []
    for one in shown:
        amount = usd_bn(one.usd_bn).replace(" ", "\xa0")
        names.append(in_lines(f"{project_name(one.project, one.sector, run.config)}, {amount}"))
    axes.set_yticks(range(len(shown)), names, fontsize=8.5, linespacing=1.05)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(shown) - 0.4, -0.7)
    handles: list[Artist] = [
        Patch(label=stage.words, **style.filled(stage.colour, stage.hatch, 1.0))
        for stage in _STAGES
    ]
    year = run.config.programme.run_out.year
    handles += [
        Patch(label=f"not done by {year} in half of them", **_open(_STAGES[1])),
        Line2D([], [], color=style.BLACK, label="to operation in four fifths (▶: later)"),
        Line2D([], [], label="first unit runs, P50", **_FIRST_UNIT),
    ]
    key = {"loc": "upper left", "ncols": 3, **style.across_figure(axes, 0.11, -0.06)}
    axes.legend(handles=handles, fontsize=8.5, columnspacing=1.2, **key)
