"""Who misses cash calls: by lender, sector and cause, first and later calls, with intervals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.events import Kind
from sim.stats.intervals import Interval, mean_interval, wilson

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.findings.run_results import RunTables

LENDER, SECTOR, CAUSE, ALL = "lender", "sector", "cause", "all"
WHICH = ("first", "later")


class Missed(NamedTuple):
    """Calls of one kind: those noticed, late and missed, and what was unpaid of the missed.

    Attributes
    ----------
    by, name : str
        `ALL`, or a `LENDER` (a facility: the one that owes most when the call is missed),
        `SECTOR`, `CAUSE` (what its part waits for then).
    which : str
        ``first`` or ``later`` calls.
    noticed : float
        Calls noticed in a mean run; of a lender or a cause, all: each has a part in every call.
    late, missed : Interval
        Calls a run, mean with its 95 %.
    runs : Interval
        Share of runs in which one is missed, with its 95 %.
    unpaid_usd_bn : float
        Unpaid of the missed calls when their cure period closes, in a mean run.
    """

    by: str
    name: str
    which: str
    noticed: float
    late: Interval
    missed: Interval
    runs: Interval
    unpaid_usd_bn: float


def missed_calls(run: RunTables) -> list[Missed]:
    """A row for every lender, sector and cause whose calls are late in any run; all calls first.

    Empty where no call is late in any run.
    """
    totals = {row["response"]: row["mean"] for row in run.summary_rows}
    if not float(totals.get("late_calls") or 0):
        return []
    n = int(run.manifest["replications"])
    events = {
        kind: _events(run, kind) for kind in (Kind.CALL_NOTICED, Kind.CALL_LATE, Kind.CALL_MISSED)
    }
    return [
        row
        for by in (ALL, LENDER, SECTOR, CAUSE)
        for which in WHICH
        for row in _rows(events, by, which, n)
    ]


def _events(run: RunTables, kind: Kind) -> pd.DataFrame:
    """Calls of a kind with what they are told apart by; on record as paid ones left out."""
    rows = run.events_of("event", kind.name.lower())
    sectors = run.projects[["replication", "project", "sector"]]
    found = rows.astype({"project": str}).merge(
        sectors.astype({"project": str}), on=["replication", "project"]
    )
    found = found[found["cause"].astype(str) != "recorded"]
    return found.assign(
        which=np.where(found["part"] == 0, *WHICH),
        all="",
        lender=found["resource"].astype(str).str.removesuffix("_cash"),
        sector=found["sector"].astype(str),
        cause=found["cause"].astype(str),
    )


def _rows(events: dict[Kind, pd.DataFrame], by: str, which: str, n: int) -> Iterator[Missed]:
    noticed, late, missed = (of[of["which"] == which] for of in events.values())
    names = {*late[by], *missed[by]}  # what it waits for may change between the two
    for name in sorted(names, key=lambda one: (-int((missed[by] == one).sum()), one)):
        asked = noticed[noticed[by] == name] if by in (ALL, SECTOR) else noticed
        own = missed[missed[by] == name]
        counts = _by_run(own, n)
        yield Missed(
            by,
            name,
            which,
            len(asked) / n,
            mean_interval(_by_run(late[late[by] == name], n)),
            mean_interval(counts),
            wilson(int((counts > 0).sum()), n),
            float(own["amount"].sum()) / 1e9 / n,
        )


def _by_run(rows: pd.DataFrame, n: int) -> np.ndarray:
    return np.bincount(rows["replication"].to_numpy(np.int64), minlength=n).astype(np.float64)
