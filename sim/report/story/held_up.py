"""What held one project up: its days by cause in one replication, their range in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import isnan
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.config.schema import Config
from sim.events import FloatArray
from sim.report.causes import in_words, ledger_causes
from sim.report.names import resource_name
from sim.stats.dates import reached_by, share_by
from sim.stats.delays import Ranges, ranges
from sim.study.design.words import plural
from sim.study.findings.project_rows import ANNOUNCED, MILESTONES

if TYPE_CHECKING:
    import pandas as pd

_ENDS_AT = (39, 45, 52, 58, 66, 80)  # of the table's columns
_LEAST = 0.5  # days; less is no line
_DAY_ONE = date(1970, 1, 1)
_SHORT = "crews_short"
_WHAT, _DATE, _YEAR, _YEARS = 24, 13, 7, 8  # widths of the columns of dates; years in a line
_MONTH = 30.4375  # days
_STEPS = {"first_unit": "first unit energised", "operating": "in operation"}
# How a project stands at the end of a replication, in the order in which it is told.
_ENDS: dict[str, tuple[str, ...]] = {
    "in operation": ("operating",),
    "built without power yet": ("built",),
    "under construction": ("building",),
    "selected, without notice to proceed": ("selected", "waiting_for_ntp"),
    "cancelled": ("cancelled",),
    "declined": ("declined",),
    "rejected": ("rejected",),
    "refused by a lender": ("refused",),
    "lapsed": ("lapsed",),
}


def held_up(
    projects: pd.DataFrame,
    config: Config,
    project: str,
    replication: int,
    delays: pd.DataFrame,
    width: int = 80,
) -> list[str]:
    """Tell what held a project up in one replication, and what did in all replications of the run.

    Parameters
    ----------
    projects : DataFrame
        The projects table of the whole run.
    config : Config
    project : str
        Proposed in the replication.
    replication : int
    delays : DataFrame
        The project's rows of the table of delays: days held, and the crews that were too small.
    width : int
        Columns of a paragraph; the tables take 80.

    Returns
    -------
    list of str
        Lines; a single one for a run made before the ledger of delays.
    """
    causes = ledger_causes(list(projects.columns))
    if not causes:
        return ["This run is older than the ledger of delays: run it again to see what held it up."]
    own = projects[projects["project"] == project]
    row = own[own["replication"] == replication].iloc[0].to_dict()
    held = _held(own, causes, delays)
    n_replications = int(projects["replication"].nunique())
    lines = ["What held it up", *wrap(_what_the_days_are(row, config), width)]
    lines += ["", *_table(row, causes, held, own["replication"].to_list().index(replication))]
    lines += wrap(_short_of(delays, config, project, replication), width)
    if n_replications > 1:
        lines += ["", *wrap(_over_the_run(own, n_replications), width)]
        lines += ["", *_when(own, config), *wrap(_BY_YEAR, width)]
    return lines


def _what_the_days_are(row: Mapping[Any, Any], config: Config) -> str:
    status = str(row["status"])
    since = _day(row["proposed"])
    if row["censored"]:
        until = f"the end of the run on {config.programme.run_out}"
    elif status == "operating":
        until = f"operation on {_day(row['operating'])}"
        if (said := _announced("operating", str(row["project"]), config)) is not None:
            until += f", announced for {said},"
    else:
        ended = row.get(status)
        until = f"its end{f' on {_day(ended)}' if ended is not None else ''}"
    return (
        "Drag answers why it is late: by so many days it would come sooner without that cause "
        f"alone; held says at which cause each day from its proposal on {since} to {until} stood, "
        "and chain charges the same days to what cleared last. Hidden: beside the chain. Held and "
        "chain add up; hidden and drag do not."
    )


def _held(own: pd.DataFrame, causes: Sequence[str], delays: pd.DataFrame) -> FloatArray:
    """Days held by replication and cause, as the rows of ``own``."""
    mine = delays[delays["project"] == own["project"].iloc[0]]
    days = np.zeros((len(own), len(causes)))
    place = {number: row for row, number in enumerate(own["replication"])}
    for number, cause, held in zip(
        mine["replication"], mine["cause"].astype(str), mine["held_days"], strict=True
    ):
        days[place[number], causes.index(cause)] += held
    return days


def _table(
    row: Mapping[Any, Any], causes: Sequence[str], every: FloatArray, mine: int
) -> list[str]:
    """Causes that occur, here or in the run, in the order of a life; then their sum."""
    rounded = np.array([adding_up(days) for days in every])  # as the replication's own are told
    found = ranges(np.column_stack([rounded, rounded.sum(axis=1)]))
    chain = adding_up(np.array([float(row[f"delay_{cause}_days"]) for cause in causes]))
    hidden, drag = (  # no sums: neither adds up
        [round(float(row[f"{kind}_{cause}_days"])) for cause in causes]
        for kind in ("hidden", "drag")
    )
    whole = adding_up(every[mine])
    n = len(every)
    heads = ["held", "chain", "hidden", "drag"]
    over = ["", "", "", "this replication"]
    if n > 1:
        heads += ["median", "5-95 %" if found.percentiles else "least-most"]
        over += ["", f"held, all {n:,}"]
    lines = [_line("", over), _line("", heads)]
    for place, cause in enumerate(causes):
        reach = max(abs(found.low[place]), abs(found.high[place]))
        if not (whole[place] or chain[place] or hidden[place]) and reach < _LEAST:
            continue
        days = (whole[place], chain[place], hidden[place], drag[place])
        told = [f"{each:,}" if each else "" for each in days]
        lines.append(_line(in_words(cause), told + (_range(found, place) if n > 1 else [])))
    sums = [f"{sum(whole):,}", f"{sum(chain):,}", "", ""]
    return [
        *lines,
        _line("", ["----", "----"]),
        _line("together", sums + (_range(found, len(causes)) if n > 1 else [])),
    ]


def _line(name: str, cells: Sequence[str]) -> str:
    """A line of the table; a longer cell reaches into empty ones before it."""
    line = f"  {name}"
    for cell, end in zip(cells, _ENDS_AT, strict=False):
        if cell:
            line = f"{line.ljust(end - len(cell) - 1)} {cell}"
    return line


def adding_up(days: FloatArray) -> list[int]:
    """Round to whole days that still add up to the rounded sum: the largest remainders go up.

    Examples
    --------
    >>> adding_up(np.array([1.4, 1.4, 1.2]))
    [2, 1, 1]
    """
    down = np.floor(days)
    missing = round(float(days.sum())) - int(down.sum())
    up = np.argsort(down - days, kind="stable")[: max(missing, 0)]
    down[up] += 1
    return [int(value) for value in down]


def _range(found: Ranges, place: int) -> list[str]:
    low, high = (float(end[place]) for end in (found.low, found.high))
    limits = f"{_whole(low)} to {_whole(high)}" if round(low) != round(high) else _whole(low)
    return [_whole(found.median[place]), limits]


def _short_of(delays: pd.DataFrame, config: Config, project: str, replication: int) -> str:
    """Name the crews that were too small, those of the most days first; no name where alike."""
    mine = (delays["project"] == project) & (delays["replication"] == replication)
    short = delays[mine & (delays["cause"] == _SHORT)]
    most = short.sort_values("held_days", ascending=False, kind="stable")
    named = [
        f"{resource_name(resource, config) if isinstance(resource, str) else 'all crafts alike'} "
        f"{_whole(days)} days"
        for resource, days in zip(most["resource"], most["held_days"], strict=True)
        if round(days)
    ]
    return f"Crews too small: {'; '.join(named)}." if named else ""


def _over_the_run(own: pd.DataFrame, n_replications: int) -> str:
    """How often it is there, and how it ends."""
    n = len(own)
    status = own["status"].astype(str)
    ends = [(name, int(status.isin(statuses).sum())) for name, statuses in _ENDS.items()]
    ends.append(("not selected yet", n - sum(count for _, count in ends)))
    told = ", ".join(f"{name} {_share(count, n)}" for name, count in ends if count)
    text = (
        f"Over the {plural(n_replications, 'replication')} of the run: proposed in "
        f"{_share(n, n_replications)}. Of those: {told}."
    )
    if own["censored"].any():
        text += " Days of the unfinished are counted to the end of the run."
    if not bool(own["named"].any()) and n > 1:
        text += (
            " A generated project is another one in each replication: the same place in its"
            " pipeline, another size and cost."
        )
    return text


_BY_YEAR = "By year: share that has it on 31 December; what never has it counts as later."


def _when(own: pd.DataFrame, config: Config) -> list[str]:
    """Beside what was announced: dates of half and of 80 %, counting those that never operate."""
    end = config.programme.run_out
    years = list(range(config.programme.end.year, end.year + 1))
    years = years[:: -(-(len(years) // -_YEARS) or 1)][::-1]  # the last one, and what fits
    ends = np.array([np.datetime64(f"{year}-12-31", "D") for year in years]).astype(np.float64)
    dated, shares = [], []
    for step, name in _STEPS.items():
        days = own[MILESTONES[step]].to_numpy().astype("datetime64[D]")
        found = np.where(np.isnat(days), np.nan, days.astype(np.float64))
        dates = [reached_by(found, share) for share in (0.5, 0.8)]
        told = [f"after {end.year}" if isnan(day) else str(_date(day)) for day in dates]
        said = _announced(step, str(own["project"].iloc[0]), config)
        late = "" if said is None or isnan(dates[0]) else _months((_date(dates[0]) - said).days)
        cells = ("-" if said is None else str(said), *told)
        dated.append(f"  {name:{_WHAT - 2}}" + "".join(f"{cell:>{_DATE}}" for cell in cells) + late)
        reached = "".join(f"{100 * share:.0f} %".rjust(_YEAR) for share in share_by(found, ends))
        shares.append(f"  {name:{_WHAT - 2}}{reached}")
    heads = "".join(f"{head:>{_DATE}}" for head in ("announced", "half by", "80 % by"))
    of_years = "".join(f"{year:>{_YEAR}}" for year in years)
    return [f"{f'Of all {len(own):,}':{_WHAT}}{heads}", *dated, f"{'':{_WHAT}}{of_years}", *shares]


def _announced(step: str, project: str, config: Config) -> date | None:
    named = config.portfolio.projects.get(project)
    return None if named is None else getattr(named, ANNOUNCED[step])


def _months(days: int) -> str:
    """How much later than announced half of the runs have it."""
    months = round(abs(days) / _MONTH)
    return f"  {months} months {'late' if days > 0 else 'early'}" if months else "  on time"


def _day(moment: Any) -> date:
    return np.datetime64(moment, "D").astype(date)  # type: ignore[no-any-return]


def _date(days: float) -> date:
    return _DAY_ONE + timedelta(days=round(float(days)))


def _share(count: int, n: int) -> str:
    return f"{count:,} ({100 * count / n:.0f} %)"


def _whole(days: float) -> str:
    return f"{round(float(days)):,}"
