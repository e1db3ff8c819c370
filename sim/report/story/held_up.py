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

if TYPE_CHECKING:
    import pandas as pd

_WIDTH = 100
_NAME, _NUMBER, _RANGE = 48, 7, 17  # widths of the table's columns
_LEAST = 0.5  # days; less is no line
_DAY_ONE = date(1970, 1, 1)
_SHORT = "crews_short"
_WHAT, _DATE, _YEAR = 24, 13, 7  # widths of the columns of dates
_STEPS = {"first_unit_energised": "first unit energised", "operating": "in operation"}
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
    lines = _what_the_days_are(row, config)
    lines += ["", *_table(row, causes, held, own["replication"].to_list().index(replication))]
    lines += _short_of(delays, config, project, replication)
    if n_replications > 1:
        lines += ["", *_over_the_run(own, config, n_replications)]
    return lines


def _what_the_days_are(row: Mapping[Any, Any], config: Config) -> list[str]:
    status = str(row["status"])
    since = _day(row["proposed"])
    if row["censored"]:
        until = f"the end of the run on {config.programme.run_out}"
    elif status == "operating":
        until = f"operation on {_day(row['operating'])}"
    else:
        ended = row.get(status)
        until = f"its end{f' on {_day(ended)}' if ended is not None else ''}"
    return [
        "What held it up",
        *wrap(
            f"Every day from its proposal on {since} to {until} is charged to the one cause that "
            "held it up; of several that had to clear, the next to. Chain: charged to what cleared "
            "last, back to its beginning. Hidden: beside the chain; it need not add up. Drag: so "
            "much sooner without that cause, rates and rounds as they were; drags do not add up.",
            _WIDTH,
        ),
    ]


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
    kind = "5-95 %" if found.percentiles else "least-most"
    lines = [
        f"{'':{_NAME}}{'this replication':>{4 * _NUMBER}}"
        + (f"{f'all {n:,} with it':>{_NUMBER + _RANGE}}" if n > 1 else ""),
        f"{'':{_NAME}}{'held':>{_NUMBER}}{'chain':>{_NUMBER}}"
        f"{'hidden':>{_NUMBER}}{'drag':>{_NUMBER}}"
        + (f"{'median':>{_NUMBER}}{kind:>{_RANGE}}" if n > 1 else ""),
    ]
    for place, cause in enumerate(causes):
        reach = max(abs(found.low[place]), abs(found.high[place]))
        if not (whole[place] or chain[place] or hidden[place]) and reach < _LEAST:
            continue
        days = (whole[place], chain[place], hidden[place], drag[place])
        told = "".join(f"{_blank(each):>{_NUMBER}}" for each in days)
        told += _range(found, place) if n > 1 else ""
        lines.append(f"  {in_words(cause):{_NAME - 2}}{told}")
    lines.append(f"{'':{_NAME}}" + 2 * f"{'-' * (_NUMBER - 2):>{_NUMBER}}")
    sums = f"{sum(whole):>{_NUMBER},}{sum(chain):>{_NUMBER},}"
    together = f"  {'together':{_NAME - 2}}{sums}{'':{2 * _NUMBER}}"
    lines.append(together + (_range(found, len(causes)) if n > 1 else ""))
    return [line.rstrip() for line in lines]


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


def _range(found: Ranges, place: int) -> str:
    low, high = (float(end[place]) for end in (found.low, found.high))
    median = f"{_whole(found.median[place])}"
    limits = f"{_whole(low)} to {_whole(high)}" if round(low) != round(high) else _whole(low)
    return f"{median:>{_NUMBER}}{limits:>{_RANGE}}"


def _short_of(delays: pd.DataFrame, config: Config, project: str, replication: int) -> list[str]:
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
    return wrap(f"Crews too small: {'; '.join(named)}.", _WIDTH) if named else []


def _over_the_run(own: pd.DataFrame, config: Config, n_replications: int) -> list[str]:
    """How often it is there and how it ends, and when it operates."""
    n = len(own)
    status = own["status"].astype(str)
    ends = [(name, int(status.isin(statuses).sum())) for name, statuses in _ENDS.items()]
    ends.append(("not selected yet", n - sum(count for _, count in ends)))
    told = ", ".join(f"{name} {_share(count, n)}" for name, count in ends if count)
    text = (
        f"Over the {n_replications:,} replications of the run: proposed in "
        f"{_share(n, n_replications)}. Of those: {told}."
    )
    if own["censored"].any():
        text += " Days of the unfinished are counted to the end of the run."
    if not bool(own["named"].any()) and n > 1:
        text += (
            " A generated project is another one in each replication: the same place in its"
            " pipeline, another size and cost."
        )
    return [*wrap(text, _WIDTH), "", *_when(own, config)]


def _when(own: pd.DataFrame, config: Config) -> list[str]:
    """When it operates, counting those that never do: by year, and the dates of half and 80 %."""
    end = config.programme.run_out
    years = range(config.programme.end.year, end.year + 1)
    ends = np.array([np.datetime64(f"{year}-12-31", "D") for year in years]).astype(np.float64)
    lines = [
        f"{f'Of all {len(own):,}':{_WHAT}}{'half by':>{_DATE}}{'80 % by':>{_DATE}}"
        + "".join(f"{f'{year}':>{_YEAR}}" for year in years)
    ]
    for column, name in _STEPS.items():
        days = own[column].to_numpy().astype("datetime64[D]")
        found = np.where(np.isnat(days), np.nan, days.astype(np.float64))
        dates = [reached_by(found, share) for share in (0.5, 0.8)]
        told = [f"after {end.year}" if isnan(day) else str(_date(day)) for day in dates]
        lines.append(
            f"  {name:{_WHAT - 2}}{told[0]:>{_DATE}}{told[1]:>{_DATE}}"
            + "".join(f"{f'{100 * share:.0f} %':>{_YEAR}}" for share in share_by(found, ends))
        )
    return [
        *lines,
        "By year: the share that has it on 31 December. What never has it counts as after the run.",
    ]


def _day(moment: Any) -> date:
    return np.datetime64(moment, "D").astype(date)  # type: ignore[no-any-return]


def _date(days: float) -> date:
    return _DAY_ONE + timedelta(days=round(float(days)))


def _share(count: int, n: int) -> str:
    return f"{count:,} ({100 * count / n:.0f} %)"


def _whole(days: float) -> str:
    return f"{round(float(days)):,}"


def _blank(days: int) -> str:
    return f"{days:,}" if days else ""
