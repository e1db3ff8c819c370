"""The dated story of one project in one replication."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from sim.config.schema import Config
from sim.errors import DesignError
from sim.report.names import called, project_name, usd_bn
from sim.report.story.happenings import of_projects
from sim.report.story.held_up import held_up
from sim.report.story.sentences import in_days, what
from sim.report.story.telling import Line, Telling
from sim.study.design.words import plural

if TYPE_CHECKING:
    import pandas as pd

_INDENT = 25
_NARROWEST = 30
_MOST_NUMBERS = 8
_SHORTEST = 0.5  # days
_WITH_UNIT = re.compile(r"([\d.]) (bn|million|%|days?)")  # kept on one line


def tell_project(
    events: pd.DataFrame,
    projects: pd.DataFrame,
    delays: pd.DataFrame,
    config: Config,
    project: str,
    replication: int = 0,
    width: int = 80,
) -> str:
    """Tell what happened to one project, a dated line per step, and what held it up.

    Parameters
    ----------
    events, projects : DataFrame
        Tables of a run, see `sim.events.schemas`; the projects of all its replications.
    delays : DataFrame
        The project's rows of the run's table of delays, of all replications.
    config : Config
        The run's config.
    project : str
        Id of the project.
    replication : int
        Which replication, counted from 0.
    width : int
        Columns of a line.

    Raises
    ------
    DesignError
        If the run has no such replication or project, or the project does not occur in it; the
        error says what there is instead.
    """
    row = _row(events, projects, config, project, replication)
    found = of_projects(events, replication, called(config))
    happenings = found.get(project, [])
    telling = Telling(config)
    lines = telling.tell(happenings, found.get("", []))
    return "\n".join(
        [
            *folded(_header(row, config, replication), width),
            "",
            *(text for line in lines for text in dated(line, width)),
            "",
            *folded(_ending(row, config, telling), width),
            "",
            *held_up(projects, config, project, replication, delays, width),
        ]
    )


def _header(row: dict[str, Any], config: Config, replication: int) -> list[str]:
    project, sector = str(row["project"]), str(row["sector"])
    named = config.portfolio.projects.get(project)
    label = config.sectors[sector].label if sector in config.sectors else sector
    place = f", {named.region.replace(';', ', ')}" if named is not None and named.region else ""
    name = project_name(project, sector, config) if named is not None else "a generated project"
    units = int(row["units"])
    return [
        f"{project}: {name}",
        f"{label}{place}; cost {usd_bn(row['cost_usd_bn'])}, commitment "
        f"{usd_bn(row['commitment_usd_bn'])}{_premium(row, config)}, "
        f"{units} {'unit' if units == 1 else 'units'}",
        f"Promises {100 * row['prospects_share']:.1f} % of its cost a year "
        f"({_hurdle(row, config)}); {100 * row['japanese_content_share']:.0f} % Japanese content",
        f"{config.name}, replication {replication}",
    ]


def _recorded(row: dict[str, Any], config: Config) -> str:
    """How far the record has taken a project: selected, recommended, or neither."""
    named = config.portfolio.projects.get(str(row["project"]))
    if named is None or config.programme.history != "recorded":
        return ""
    return "selected" if named.selected_date else "recommended" if named.recommended_date else ""


def _hurdle(row: dict[str, Any], config: Config) -> str:
    """What a proposal should promise; the record asks no test of ours."""
    hurdle = config.policy.screening.hurdle_share
    recorded = _recorded(row, config)
    passed = f", but {recorded} on record" if recorded and row["prospects_share"] < hurdle else ""
    return f"hurdle {100 * hurdle:g} %{passed}"


def _premium(row: dict[str, Any], config: Config) -> str:
    """What of the commitment was announced; of a selection on record all, and partners pay it."""
    factor = config.capacity.specialists.bidding.cost_factor
    if factor == 1 or _recorded(row, config) == "selected":
        return ""
    return f" ({usd_bn(row['commitment_usd_bn'] / factor)} without the premium for specialists)"


def dated(line: Line, width: int) -> list[str]:
    """A line of a story, with its day and the days since the step before, as printed."""
    since = f"+{in_days(line.since)}" if line.since >= _SHORTEST else ""
    kept = _WITH_UNIT.sub("\\1\N{NO-BREAK SPACE}\\2", line.text)
    wrapped = wrap(kept, max(width - _INDENT, _NARROWEST), break_on_hyphens=False)
    first, *rest = [text.replace("\N{NO-BREAK SPACE}", " ") for text in wrapped]
    return [f"{line.day}  {since:<12} {first}", *(" " * _INDENT + text for text in rest)]


def folded(lines: Iterable[str], width: int) -> list[str]:
    """Lines in so many columns, the rest of a longer one below it."""
    return [part for line in lines for part in wrap(line, width, subsequent_indent="    ") or [""]]


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
            f"{project} is not proposed in this run of {plural(len(replications), 'replication')}"
        )
    raise DesignError(f"there is no project {project!r}; " + _nearest(projects, config, project))


def _numbers(found: list[int], n_replications: int) -> str:
    some = ", ".join(str(number) for number in found[:_MOST_NUMBERS])
    more = f" and {len(found) - _MOST_NUMBERS} more" if len(found) > _MOST_NUMBERS else ""
    return f"{len(found)} of {plural(n_replications, 'replication')}: {some}{more}"


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
    near = (
        [name for name, item in config.portfolio.projects.items() if wanted in item.name.casefold()]
        if wanted
        else []
    )
    near += [folded[name] for name in get_close_matches(wanted, folded, n=3, cutoff=0.5)]
    near = list(dict.fromkeys(near))[:4] or ids[:4]
    words = [
        f"{name} ({config.portfolio.projects[name].name})"
        if name in config.portfolio.projects
        else name
        for name in near
    ]
    return f"nearest: {', '.join(words)}; projects.parquet lists all {len(ids)}"
