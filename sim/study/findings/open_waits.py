"""Rows of ``waits.csv``: who waited for what from some date to the end of the run.

Some of it is only late; what waits to the end wherever it waits at all may never happen in this
config, and nothing else would say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.calendars import MINUTES_PER_DAY
from sim.config.schema import Config
from sim.events import IntArray
from sim.study.run.store import Kept

if TYPE_CHECKING:
    import pyarrow as pa

_EVENTS = ("wait_began", "wait_ended")
_COLUMNS = ["replication", "time", "project", "event", "resource", "cause", "part"]
_WORDS = ("project", "event", "resource", "cause")
_LONG_DAYS = 365  # shorter waits at the end are only cut off


def wait_rows(config: Config, kept: Kept) -> list[dict[str, Any]]:
    """A row for each project, cause and resource of waits that are open at the end.

    Several parts (units, slices) that wait for the same count once, from the first on; the
    replications in which the wait came and ended are counted beside those in which it did not end.
    """
    since, ended = _read(kept)
    start, end = config.programme.start, config.programme.run_out + timedelta(days=1)
    rows = []
    for (project, cause, resource), days in since.items():
        middle = float(np.median(days))
        rows.append(
            {
                "project": project,
                "cause": cause,
                "resource": resource or "",
                "replications": kept.replications,
                "to_the_end": len(days),
                "came_and_ended": ended.get((project, cause, resource), 0),
                "since_p50": f"{start + timedelta(days=int(middle))}",
                "days_p50": (end - start).days - middle,
            }
        )
    return sorted(rows, key=lambda row: (-row["to_the_end"], -row["days_p50"], row["project"]))


def endless(row: Mapping[str, str]) -> bool:
    """Whether a row of ``waits.csv`` says that a long wait never ended in any replication.

    Examples
    --------
    >>> endless({"to_the_end": "9", "came_and_ended": "0", "days_p50": "800"})
    True
    """
    never = int(row["to_the_end"]) > 1 and int(row["came_and_ended"]) == 0
    return never and float(row["days_p50"]) >= _LONG_DAYS


_Key = tuple[str, str, str | None]


def _read(kept: Kept) -> tuple[dict[_Key, list[float]], dict[_Key, int]]:
    """Days since the start of each wait open at the end, and in how many replications it ended."""
    since: dict[_Key, list[float]] = {}
    ended: dict[_Key, int] = {}
    for table in kept.each("events", _COLUMNS):
        first, over = _of_part(table)
        for (_, key), time in first.items():
            since.setdefault(key, []).append(time / MINUTES_PER_DAY)
        for _, key in over - first.keys():
            ended[key] = ended.get(key, 0) + 1
    return since, ended


def _of_part(table: pa.Table) -> tuple[dict[tuple[int, _Key], int], set[tuple[int, _Key]]]:
    """By replication: since which minute a wait is open, and which waits ended."""
    replication, time, part = (
        table.column(name).to_numpy() for name in ("replication", "time", "part")
    )
    project, event, resource, cause = (_coded(table, name) for name in _WORDS)

    def key(row: int) -> tuple[int, _Key]:
        where, why, at = (of.words[of.codes[row]] for of in (project, cause, resource))
        return int(replication[row]), (str(where), str(why), at)

    began, over = (event.codes == event.words.index(one) for one in _EVENTS)
    rows = np.flatnonzero(began | over)
    keys = (part, replication, project.codes, cause.codes, resource.codes)
    wait = np.stack([one[rows] for one in keys])
    order = np.lexsort(wait)  # the events of a wait one behind the other, in their order
    wait = wait[:, order]
    last = np.append(np.any(wait[:, 1:] != wait[:, :-1], axis=0), True)[: len(rows)]
    ends = np.sort(rows[order[last]])
    first: dict[tuple[int, _Key], int] = {}
    for row in ends[began[ends]].tolist():
        first[key(row)] = min(int(time[row]), first.get(key(row), int(time[row])))
    return first, {key(row) for row in ends[over[ends]].tolist()}


class _Coded(NamedTuple):
    """A column of words: their places among ``words``."""

    codes: IntArray
    words: list[str | None]


def _coded(table: pa.Table, name: str) -> _Coded:
    column = table.column(name).unify_dictionaries().combine_chunks()
    words = [*column.dictionary.to_pylist(), *_EVENTS, None]  # looked for and absent; -1: null
    return _Coded(column.indices.fill_null(-1).to_numpy(), words)
