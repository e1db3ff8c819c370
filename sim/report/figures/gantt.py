"""Gantt chart of one replication: the projects that matter most, stage by stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.calendars import MINUTES_PER_DAY
from sim.events import Kind
from sim.report.figures import dates, style
from sim.report.names import project_name, usd_bn
from sim.report.story.happenings import of_projects
from sim.report.story.stages import Life, Stage, life
from sim.study.findings.run_results import RunTables

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 40
_ROW_INCHES = 0.235
_NAME_LETTERS = 42


class Fill(NamedTuple):
    """How a stage is filled; heights in rows."""

    colour: str
    hatch: str = ""
    height: float = 0.62


FILLS = {
    Stage.UNRECORDED: Fill("#FFFFFF", "", 0.34),
    Stage.SCREENING: Fill("#B9DDF3", "...."),
    Stage.COMMITTEES: Fill(style.YELLOW, "\\\\\\\\\\"),
    Stage.SELECTION: Fill(style.ORANGE, "/////"),
    Stage.FUNDING: Fill(style.PURPLE, "xxxxx"),
    Stage.READY: Fill(style.LIGHT_GREY, "-----"),
    Stage.BUILDING: Fill(style.GREEN),
    Stage.STARVED: Fill(style.VERMILLION, "|||||"),
    Stage.MACHINES: Fill(style.SKY, "+++++"),
    Stage.UNCREWED: Fill("#CDEBDD", "....."),
    Stage.PAUSED: Fill("#FFFFFF", "xxxxx"),
    Stage.POWER: Fill("#CFE3F3", "/////", 0.4),
    Stage.OPERATING: Fill(style.BLUE, "", 0.3),
    Stage.PERMITS: Fill(style.GREY, "", 0.16),
    Stage.LITIGATION: Fill(style.BLACK, "", 0.16),
}
_BESIDE = {Stage.PERMITS, Stage.LITIGATION}
_ENDS = {
    Kind.REJECTED: "rejected",
    Kind.REFUSED: "refused by a lender",
    Kind.LAPSED: "lapsed at the deadline",
    Kind.DECLINED: "declined by Japan",
    Kind.CANCELLED: "cancelled",
}
_BUILT, _ENERGISED = "a unit built", "a unit energised later"
_RECORDED, _GOES_ON = "milestone on record", "unfinished when the run ends"
_MARKS: dict[str, dict[str, Any]] = {
    _BUILT: {"marker": "|", "color": "black", "markersize": 8, "markeredgewidth": 1.2},
    _ENERGISED: {"marker": "^", "color": style.YELLOW, "markeredgecolor": "black",
                 "markersize": 5, "markeredgewidth": 0.7},
    _RECORDED: {"marker": "o", "color": "black", "markersize": 3.6},
    "rejected": {"marker": "X", "color": style.BLACK, "markersize": 7},
    "refused by a lender": {"marker": "X", "color": style.YELLOW, "markeredgecolor": "black",
                            "markersize": 7},
    "lapsed at the deadline": {"marker": "s", "color": "white", "markeredgecolor": style.BLACK,
                               "markersize": 5.5},
    "declined by Japan": {"marker": "D", "color": style.VERMILLION, "markeredgecolor": "black",
                          "markersize": 6},
    "cancelled": {"marker": "P", "color": style.PURPLE, "markeredgecolor": "black",
                  "markersize": 7.5},
    _GOES_ON: {"marker": ">", "color": style.BLACK, "markersize": 5},
}  # fmt: skip


@style.styled
def gantt(run: RunTables, replication: int = 0) -> Figure:
    """Draw the life of all named projects and the largest generated ones.

    Parameters
    ----------
    run : RunTables
        Reads its projects and events.
    replication : int
        Which replication, counted from 0.
    """
    config = run.config
    there = run.projects[run.projects["replication"] == replication]
    groups = _rows(there)
    n_rows = sum(len(group) + 1 for _, group in groups)
    title = f"Projects in replication {replication}"
    figure = style.new_figure(
        12.5, 2.5 + _ROW_INCHES * max(n_rows, 10), title, _what_is_shown(there, groups)
    )
    grid = figure.add_gridspec(2, 1, height_ratios=[max(n_rows, 10) * _ROW_INCHES + 0.3, 0.85])
    axes = figure.add_subplot(grid[0])
    span = dates.programme_span(config)
    dates.programme_axis(axes, config, inches=8.8, labels=True)
    axes.grid(False)
    recorded = dates.as_of_mark(config)
    if recorded is not None:
        axes.axvspan(span[0], recorded.at, facecolor="#EFEFEF", zorder=0)
    lives: dict[str, Life] = {}
    if not n_rows:
        axes.set_yticks([])
        style.nothing_to_show(axes, f"no project is proposed in replication {replication}")
    else:
        lives = _lives(run, groups, replication)
        _draw_groups(axes, run, groups, lives)
    style.key_below(figure, grid[1], *_legend(lives))
    style.footer(
        figure,
        run,
        "One replication is one possible course, not a forecast."
        + (" Grey background: recorded history." if recorded is not None else ""),
    )
    return figure


def _rows(projects: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Groups of rows to draw: named projects, then the largest generated, by proposal."""
    by_size = projects.sort_values("commitment_usd_bn", ascending=False, kind="stable")
    named = by_size[by_size["named"]].head(MOST_ROWS)
    generated = by_size[~by_size["named"]].head(MOST_ROWS - len(named))
    groups = [("Named projects", named), ("Generated proposals, the largest", generated)]
    return [
        (title, group.sort_values("proposed", kind="stable"))
        for title, group in groups
        if len(group)
    ]


def _what_is_shown(projects: pd.DataFrame, groups: list[tuple[str, pd.DataFrame]]) -> str:
    shown = {index for _, group in groups for index in group.index}
    left = projects[~projects.index.isin(shown)]
    order = "In order of proposal; amounts are commitments"
    if not len(left):
        return f"{order}; all {len(projects)} shown" if len(projects) else ""
    amount = usd_bn(float(left["commitment_usd_bn"].sum()))
    largest = usd_bn(float(left["commitment_usd_bn"].max()))
    chosen = int(left["selected"].notna().sum())
    return (
        f"{order}; {len(shown)} of {len(projects)} shown. Left out: {len(left)} smaller "
        f"proposals, {amount} together, none above {largest}; {chosen} of them were selected"
    )


def _lives(
    run: RunTables, groups: list[tuple[str, pd.DataFrame]], replication: int
) -> dict[str, Life]:
    programme = run.config.programme
    days = dates.close_of(programme.run_out) - dates.number(programme.start)
    found = of_projects(run.events, replication)
    shown = [str(project) for _, group in groups for project in group["project"]]
    return {
        project: life(found.get(project, []), round(days * MINUTES_PER_DAY)) for project in shown
    }


def _draw_groups(
    axes: Axes, run: RunTables, groups: list[tuple[str, pd.DataFrame]], lives: dict[str, Life]
) -> None:
    start = dates.number(run.config.programme.start)
    places: list[float] = []
    labels: list[str] = []
    row = 0
    for title, group in groups:
        look: style.How = {"va": "center", "fontsize": 9, "fontweight": "bold", "zorder": 5}
        axes.text(0.004, row, title, transform=axes.get_yaxis_transform(), **look)
        row += 1
        columns = (group[name] for name in ("project", "sector", "commitment_usd_bn"))
        for project, sector, amount in zip(*columns, strict=True):
            _draw_life(axes, row, start, lives[str(project)])
            places.append(row)
            name = project_name(str(project), str(sector), run.config)
            if len(name) > _NAME_LETTERS:
                name = name[: _NAME_LETTERS - 1] + "…"
            labels.append(f"{project}  {name}  {usd_bn(amount)}")
            row += 1
    axes.set_yticks(places, labels, fontsize=8)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(row - 0.3, -0.7)
    for place in places:
        axes.axhline(place + 0.5, color=style.LIGHT_GREY, linewidth=0.4, zorder=0.5)


def _draw_life(axes: Axes, row: int, start: float, shown: Life) -> None:
    def at(minute: int) -> float:
        return start + minute / MINUTES_PER_DAY

    for stage, begin, finish in shown.main + shown.beside:
        fill = FILLS[stage]
        middle = row + 0.4 if stage in _BESIDE else row - 0.06
        axes.broken_barh(
            [(at(begin), at(finish) - at(begin))],
            (middle - fill.height / 2, fill.height),
            zorder=2.5,
            **style.filled(fill.colour, fill.hatch, 0.4),
        )
    for minute, name in _points(shown):
        look = {"linestyle": "none", "zorder": 4, "clip_on": False, **_MARKS[name]}
        axes.plot([at(minute)], [row - 0.06], **look)


def _points(shown: Life) -> list[tuple[int, str]]:
    """Minute and name of every mark of a life."""
    points = [(minute, _BUILT) for minute in shown.units]
    points += [(minute, _ENERGISED) for minute in shown.energised]
    points += [(minute, _RECORDED) for minute in shown.recorded]
    if shown.end in _ENDS:
        points.append((shown.ended, _ENDS[shown.end]))
    elif shown.main and shown.main[-1].stage is not Stage.OPERATING:
        points.append((shown.ended, _GOES_ON))
    return points


def _legend(lives: dict[str, Life]) -> tuple[list[Any], list[str]]:
    """What is drawn, in the order of a life."""
    stages = {stretch.stage for shown in lives.values() for stretch in shown.main + shown.beside}
    marks = {name for shown in lives.values() for _, name in _points(shown)}
    handles: dict[str, Any] = {
        stage.value: Patch(**style.filled(fill.colour, fill.hatch))
        for stage, fill in FILLS.items()
        if stage in stages
    }
    for name, look in _MARKS.items():
        if name in marks:
            handles[name] = Line2D([], [], linestyle="none", **look)
    return list(handles.values()), list(handles)
