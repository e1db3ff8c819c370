"""The axis of time: years people read, and the dates every figure is measured against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from matplotlib.axes import Axes
from matplotlib.dates import date2num

from sim.config.schema import Config
from sim.report.figures import style

_YEAR_LABEL_INCHES = 0.42
_QUARTER_LABEL_INCHES = 0.3


def number(day: date) -> float:
    """Return 00:00 of a day as matplotlib's date number."""
    return float(date2num(day))  # type: ignore[no-untyped-call]


def close_of(day: date) -> float:
    """Return the close of a day, where its deadlines act."""
    return number(day + timedelta(days=1))


def programme_span(config: Config) -> tuple[float, float]:
    """Begin and end of all that is observed."""
    return number(config.programme.start), close_of(config.programme.run_out)


def programme_axis(
    axes: Axes,
    config: Config,
    inches: float,
    shown: Sequence[Mark] | None = None,
    labels: bool = False,
) -> None:
    """Scale the x axis to the programme and draw its dates, or those ``shown``; see `time_axis`."""
    time_axis(axes, programme_span(config), inches)
    draw_marks(axes, marks(config) if shown is None else shown, labels)


def time_axis(axes: Axes, span: tuple[float, float], inches: float) -> None:
    """Scale the x axis to ``span``: long marks where a year begins, its name in its middle.

    Parameters
    ----------
    axes : Axes
    span : (float, float)
        Matplotlib's date numbers.
    inches : float
        Width of the axes, about; decides which years are named and whether quarters are marked.
    """
    first, last = span
    axes.set_xlim(first, last)
    day_one = date(1970, 1, 1)
    begin = (day_one + timedelta(days=int(first))).year
    end = (day_one + timedelta(days=ceil(last) - 1)).year
    year_inches = inches * 365.25 / (last - first)
    quarters = [date(year, month, 1) for year in range(begin, end + 2) for month in (1, 4, 7, 10)]
    if year_inches / 4 >= _QUARTER_LABEL_INCHES:
        marks = [number(day) for day in quarters]
        names = [
            f"Q{day.month // 3 + 1}" + (f"\n{day.year}" if day.month == 1 else "")
            for day in quarters[:-1]
        ]
        step, least = 1, _QUARTER_LABEL_INCHES
    else:
        marks = [number(date(year, 1, 1)) for year in range(begin, end + 2)]
        step = ceil(_YEAR_LABEL_INCHES / year_inches)
        names = [str(year) if year % step == 0 else "" for year in range(begin, end + 1)]
        least = 0.75 * _YEAR_LABEL_INCHES if step == 1 else 0.0
    middles, shown = [], []
    for name, left, right in zip(names, marks[:-1], marks[1:], strict=False):
        low, high = max(left, first), min(right, last)
        if name and high > low and (high - low) / 365.25 * year_inches >= least:
            middles.append((low + high) / 2 if step == 1 else (left + right) / 2)
            shown.append(name)
    inside = [(at, name) for at, name in zip(middles, shown, strict=True) if first <= at <= last]
    axes.set_xticks([mark for mark in marks if first <= mark <= last], [], minor=False)
    axes.tick_params(axis="x", which="major", length=5, labelbottom=False)
    small = [number(day) for day in quarters] if year_inches >= 0.6 else []
    axes.set_xticks([at for at, _ in inside], [name for _, name in inside], minor=True)
    axes.tick_params(axis="x", which="minor", length=0, pad=4, labelbottom=True, labelsize=8.5)
    of_quarter: style.How = {"color": style.GREY, "linewidth": 0.6, "clip_on": False}
    inside_small = [at for at in small if first <= at <= last]
    axes.vlines(inside_small, -0.004, 0, transform=axes.get_xaxis_transform(), **of_quarter)


@dataclass(frozen=True)
class Mark:
    """A date drawn as a vertical line."""

    at: float
    label: str
    colour: str
    dashes: style.Dashes
    side: str  # where the label stands at its line: left, center or right


def deadline_mark(config: Config) -> Mark:
    """Last moment at which the President may select."""
    day = config.programme.deadline
    return Mark(
        close_of(day), f"allocation deadline {day}", style.VERMILLION, style.DASHED, "right"
    )


def as_of_mark(config: Config) -> Mark | None:
    """Where the recorded history ends; None when the run ignores it."""
    programme = config.programme
    if programme.history == "ignore" or not programme.start < programme.as_of < programme.run_out:
        return None
    return Mark(
        close_of(programme.as_of),
        f"today's record ends {programme.as_of}",
        style.BLACK,
        style.DOTTED,
        "center",
    )


def end_mark(config: Config) -> Mark | None:
    """End of the programme proper; what follows only observes. None where nothing follows."""
    programme = config.programme
    if programme.end >= programme.run_out:
        return None
    return Mark(
        close_of(programme.end),
        f"programme ends {programme.end}",
        style.GREY,
        style.DASH_DOT,
        "left",
    )


def gap_mark(config: Config) -> Mark:
    """Date for which the shortage of specialists is stated."""
    day = config.capacity.specialists.gap.date
    return Mark(number(day), f"gap date {day}", style.BLACK, style.DASH_DOT, "left")


def marks(config: Config) -> list[Mark]:
    """Every mark all figures share."""
    found = [as_of_mark(config), deadline_mark(config), end_mark(config)]
    return [mark for mark in found if mark is not None]


def draw_marks(axes: Axes, shown: Sequence[Mark], labels: bool = True) -> None:
    """Draw vertical lines, with their labels above the axes if asked for."""
    for place, mark in enumerate(sorted(shown, key=lambda mark: mark.at)):
        axes.axvline(mark.at, color=mark.colour, linestyle=mark.dashes, linewidth=1.1, zorder=1.5)
        if labels:
            above: style.How = {"xytext": (0, 3 + 11 * (place % 2)), "textcoords": "offset points"}
            look: style.How = {"ha": mark.side, "va": "bottom", "fontsize": 8, "color": mark.colour}
            look |= {"xycoords": axes.get_xaxis_transform(), "annotation_clip": False}
            axes.annotate(mark.label, (mark.at, 1.0), **above, **look)


def marks_in_words(shown: Sequence[Mark]) -> str:
    """Name the vertical lines of panels too small for labels."""
    words = {style.DASHED: "dashed", style.DOTTED: "dotted", style.DASH_DOT: "dash-dotted"}
    return "Vertical lines: " + "; ".join(f"{words[m.dashes]}, {m.label}" for m in shown) + "."
