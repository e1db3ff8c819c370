"""Rows of ``waits.csv``: who waited for what from some date to the end of the run.

Some of it is only late; what waits to the end wherever it waits at all may never happen in this
config, and nothing else would say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np

from sim.calendars import MINUTES_PER_DAY
from sim.config.schema import Config
from sim.study.run.store import Kept

_EVENTS = ("wait_began", "wait_ended")
_COLUMNS = ["replication", "time", "project", "event", "resource", "cause", "part"]
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
    import pyarrow as pa
    import pyarrow.compute as pc

    since: dict[_Key, list[float]] = {}
    ended: dict[_Key, int] = {}
    for table in kept.each("events", _COLUMNS):
        kind = table.column("event").cast(pa.string())
        found = table.filter(pc.is_in(kind, pa.array(_EVENTS))).to_pydict()
        begun: dict[tuple[int, _Key, int], int] = {}
        over: set[tuple[int, _Key]] = set()
        # Every wait of every replication: bare tuples, in the order of _COLUMNS.
        for replication, time, project, event, resource, cause, part in zip(
            *(found[name] for name in _COLUMNS), strict=True
        ):
            key = (project, cause, resource)
            if event == _EVENTS[0]:
                begun[replication, key, part] = time
            else:
                begun.pop((replication, key, part), None)
                over.add((replication, key))
        first: dict[tuple[int, _Key], int] = {}
        for (replication, key, _), time in begun.items():
            first[replication, key] = min(time, first.get((replication, key), time))
        for (_, key), time in first.items():
            since.setdefault(key, []).append(time / MINUTES_PER_DAY)
        for one in over - first.keys():
            ended[one[1]] = ended.get(one[1], 0) + 1
    return since, ended
