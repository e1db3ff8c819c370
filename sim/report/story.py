"""The dated story of one project in one replication."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from sim.calendars import Epoch
from sim.config.schema import Config
from sim.errors import DesignError
from sim.events import Cause, Kind
from sim.report.happenings import Happening, days_between, of_projects
from sim.report.names import project_name, usd_bn
from sim.report.sentences import CAUSES, LENDERS, in_days, what
from sim.report.stages import Stage, life
from sim.report.telling import Line, Telling

if TYPE_CHECKING:
    import pandas as pd

_WIDTH = 100
_INDENT = 25
_MOST_NUMBERS = 8
_SHORTEST = 0.5  # days
_WITH_UNIT = re.compile(r"([\d.]) (bn|million|%|days?)")  # kept on one line


def story(
    events: pd.DataFrame, projects: pd.DataFrame, config: Config, project: str, replication: int = 0
) -> str:
    """Tell what happened to one project, a dated line per step, and where its days went.

    Parameters
    ----------
    events, projects : DataFrame
        Tables of a run, see `sim.events.schemas`.
    config : Config
        The run's config.
    project : str
        Id of the project.
    replication : int
        Which replication, counted from 0.

    Raises
    ------
    DesignError
        If the run has no such replication or project, or the project does not occur in it; the
        error says what there is instead.
    """
    row = _row(events, projects, config, project, replication)
    found = of_projects(events, replication)
    happenings = found.get(project, [])
    telling = Telling(config)
    lines = telling.tell(happenings, found.get("", []))
    return "\n".join(
        [
            *_header(row, config, replication),
            "",
            *(text for line in lines for text in _dated(line)),
            "",
            *_ending(row, config, telling),
            "",
            *_days(happenings, row, config),
        ]
    )


def _header(row: dict[str, Any], config: Config, replication: int) -> list[str]:
    project, sector = str(row["project"]), str(row["sector"])
    named = config.portfolio.projects.get(project)
    label = config.sectors[sector].label if sector in config.sectors else sector
    place = f", {named.region.replace(';', ', ')}" if named is not None and named.region else ""
    name = project_name(project, sector, config) if named is not None else "a generated project"
    units = int(row["units"])
    hurdle = config.policy.screening.hurdle_share
    return [
        f"{project}: {name}",
        f"{label}{place}; cost {usd_bn(row['cost_usd_bn'])}, commitment "
        f"{usd_bn(row['commitment_usd_bn'])}, {units} {'unit' if units == 1 else 'units'}",
        f"Promises {100 * row['prospects_share']:.1f} % of its cost a year (hurdle "
        f"{100 * hurdle:g} %); {100 * row['japanese_content_share']:.0f} % Japanese content",
        f"{config.name}, replication {replication}",
    ]


def _dated(line: Line) -> list[str]:
    since = f"+{in_days(line.since)}" if line.since >= _SHORTEST else ""
    kept = _WITH_UNIT.sub("\\1\N{NO-BREAK SPACE}\\2", line.text)
    wrapped = wrap(kept, _WIDTH - _INDENT, break_on_hyphens=False)
    first, *rest = [text.replace("\N{NO-BREAK SPACE}", " ") for text in wrapped]
    return [f"{line.day}  {since:<12} {first}", *(" " * _INDENT + text for text in rest)]


def _ending(row: dict[str, Any], config: Config, telling: Telling) -> list[str]:
    status = str(row["status"]).replace("_", " ")
    if not row["censored"]:
        cost = f", at {row['cost_ratio']:.2f} times the cost estimated"
        return [f"In the end: {status}{cost if status == 'operating' else ''}."]
    open_waits = sorted({what(began) for began in telling.waits.values()})
    return [
        f"Not finished when the run ends on {config.programme.run_out}: {status}.",
        *(f"  still waiting for {text}" for text in open_waits),
        *(f"  {text}" for text in telling.calls.unpaid()),
    ]


def _days(happenings: Sequence[Happening], row: dict[str, Any], config: Config) -> list[str]:
    """Where the days went: waits by cause, permits, building."""
    end = Epoch(config.programme.start).close_of(config.programme.run_out)
    lived = life(happenings, end)
    finished = [item.time for item in happenings if item.kind is Kind.OPERATING]
    last = finished[0] if finished else lived.ended
    begin = happenings[0].time if happenings else end
    waited = [
        (days, LENDERS.get(cause, CAUSES[cause]))
        for cause, days in _waited(happenings, end).items()
        if days >= _SHORTEST
    ]
    days = {stage: 0.0 for stage in Stage}
    for stage, since, until in lived.main + lived.beside:
        days[stage] += days_between(since, until)
    to = "operation" if finished else "the end of the run" if row["censored"] else "its end"
    lines = [f"Where the {in_days(days_between(begin, last))} from proposal to {to} went:"]
    lines += [f"{in_days(length):>12}  waiting for {text}" for length, text in sorted(waited)[::-1]]
    if days[Stage.PERMITS] >= _SHORTEST:
        lines.append(f"{in_days(days[Stage.PERMITS]):>12}  work on permits")
    if days[Stage.LITIGATION] >= _SHORTEST:
        lines.append(f"{in_days(days[Stage.LITIGATION]):>12}  permits in court")
    if days[Stage.BUILDING] >= _SHORTEST:
        lines.append(f"{in_days(days[Stage.BUILDING]):>12}  building{_crews(days, row, finished)}")
    if len(waited) + (days[Stage.PERMITS] >= _SHORTEST) > 1:
        lines.append("Some of these run side by side, so they need not add up.")
    return lines


def _crews(days: dict[Stage, float], row: dict[str, Any], finished: list[int]) -> str:
    planned = float(row["build_days_planned"])
    if not finished:
        return f" so far; at full crews it takes {in_days(planned)}"
    lost = days[Stage.BUILDING] - planned
    if lost < _SHORTEST:
        return ""
    return f", {in_days(lost)} of it lost to short crews"


def _waited(happenings: Sequence[Happening], end: int) -> dict[Cause, float]:
    """Days with at least one wait for each cause; open waits last to the end."""
    spans: dict[Cause, list[tuple[int, int]]] = {}
    began: dict[tuple[Cause, str, int], int] = {}
    for item in happenings:
        key = (item.cause, item.resource, item.part)
        if item.kind is Kind.WAIT_BEGAN:
            began[key] = item.time
        elif item.kind is Kind.WAIT_ENDED and key in began:
            spans.setdefault(item.cause, []).append((began.pop(key), item.time))
    for (cause, _, _), since in began.items():
        spans.setdefault(cause, []).append((since, end))
    found = {}
    for cause, stretches in spans.items():
        covered, reached = 0, -1
        for since, until in sorted(stretches):
            covered += max(0, until - max(since, reached))
            reached = max(reached, until)
        found[cause] = days_between(0, covered)
    return found


def _row(
    events: pd.DataFrame, projects: pd.DataFrame, config: Config, project: str, replication: int
) -> dict[str, Any]:
    replications = sorted({*events["replication"].unique(), *projects["replication"].unique()})
    if replication not in replications:
        raise DesignError(
            f"there is no replication {replication} in this run; accepted: "
            + (f"{replications[0]} to {replications[-1]}" if replications else "none, it is empty")
        )
    own = projects[projects["project"] == project]
    there = own[own["replication"] == replication]
    if len(there):
        return {str(column): value for column, value in there.iloc[0].to_dict().items()}
    if len(own):
        raise DesignError(
            f"{project} is not proposed in replication {replication}; it is in "
            + _numbers(own["replication"].tolist(), len(replications))
        )
    named = config.portfolio.projects.get(project)
    if named is not None and named.counted_in:
        raise DesignError(f"{project} is counted in {named.counted_in}: ask for that project")
    if named is not None and named.kind == "supplier":
        raise DesignError(
            f"{project} is a supplier, never built itself: it counts as Japanese content of others"
        )
    if named is not None or project in _possible(projects):
        raise DesignError(
            f"{project} is not proposed in any of the {len(replications)} replications of this run"
        )
    raise DesignError(f"there is no project {project!r}; " + _nearest(projects, config, project))


def _numbers(found: list[int], n_replications: int) -> str:
    some = ", ".join(str(number) for number in found[:_MOST_NUMBERS])
    more = f" and {len(found) - _MOST_NUMBERS} more" if len(found) > _MOST_NUMBERS else ""
    return f"{len(found)} of {n_replications} replications: {some}{more}"


def _possible(projects: pd.DataFrame) -> list[str]:
    """Every id the run could have had: a coded column knows those that never occurred."""
    column = projects["project"]
    categories = getattr(column, "cat", None)
    return [
        str(name) for name in (column.unique() if categories is None else categories.categories)
    ]


def _nearest(projects: pd.DataFrame, config: Config, project: str) -> str:
    ids = sorted({*_possible(projects), *config.portfolio.projects})
    if not ids:
        return "this run has no projects"
    wanted = project.casefold()
    folded = {name.casefold(): name for name in ids}
    near = [
        name for name, item in config.portfolio.projects.items() if wanted in item.name.casefold()
    ] if wanted else []  # fmt: skip
    near += [folded[name] for name in get_close_matches(wanted, folded, n=3, cutoff=0.5)]
    near = list(dict.fromkeys(near))[:4] or ids[:4]
    words = [
        f"{name} ({config.portfolio.projects[name].name})"
        if name in config.portfolio.projects
        else name
        for name in near
    ]
    return f"nearest: {', '.join(words)}; projects.parquet lists all {len(ids)}"
