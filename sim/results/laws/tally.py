"""The log before the end, added up anew: what the laws hold the tables against.

Nothing here is shared with the code that writes the tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.events import CENTS_PER_USD_BN, MILESTONES, FloatArray, IntArray, Kind
from sim.results.laws.evidence import Evidence, Table

NEAR = 1e-9  # relative: sums in another order
NEVER = np.iinfo(np.int64).min


class Sum(NamedTuple):
    """A column that is a sum over events: kinds that add, kinds that take away.

    ``counted`` counts events, not their amounts; ``planned`` leaves out what is of top-ups;
    ``extra`` is of top-ups alone.
    """

    plus: tuple[Kind, ...]
    minus: tuple[Kind, ...] = ()
    counted: bool = False
    planned: bool = False
    extra: bool = False


OF_PROJECTS: dict[str, tuple[Sum, ...]] = {
    "selected_usd_bn": (Sum((Kind.SELECTED,)),),
    "commitment_usd_bn": (Sum((Kind.PROPOSED,)),),
    "called_usd_bn": (Sum((Kind.CALL_NOTICED,), planned=True),),
    "paid_usd_bn": (Sum((Kind.PART_DRAWN,), (Kind.MONEY_RETURNED,), planned=True),),
    "topup_usd_bn": (Sum((Kind.PART_DRAWN,), (Kind.MONEY_RETURNED,), extra=True),),
    "completed_usd_bn": (Sum((Kind.UNIT_ENERGISED,)),),
    "released_usd_bn": (Sum((Kind.DECLINED, Kind.CANCELLED)),),
    "returned_usd_bn": (Sum((Kind.MONEY_RETURNED,)),),
    "withdrawn_usd_bn": (Sum((Kind.CALL_WITHDRAWN,)),),
    "revisions": (Sum((Kind.REVISION_BEGAN,), counted=True),),
    "litigation_rounds": (Sum((Kind.LITIGATION_BEGAN,), counted=True),),
    "late_calls": (Sum((Kind.CALL_LATE,), counted=True),),
    "missed_calls": (Sum((Kind.CALL_MISSED,), counted=True),),
    "pauses": (Sum((Kind.PAUSED,), counted=True),),
}
OF_MONTHS: dict[str, tuple[Sum, ...]] = {
    "proposed_usd_bn": (Sum((Kind.PROPOSED,)),),
    "selected_usd_bn": (Sum((Kind.SELECTED,)),),
    "committed_usd_bn": (Sum((Kind.SELECTED,), (Kind.DECLINED, Kind.CANCELLED)),),
    "called_usd_bn": OF_PROJECTS["called_usd_bn"],
    "paid_usd_bn": OF_PROJECTS["paid_usd_bn"],
    "completed_usd_bn": OF_PROJECTS["completed_usd_bn"],
    "selected_count": (Sum((Kind.SELECTED,), counted=True),),
    "completed_count": (Sum((Kind.OPERATING,), counted=True),),
    "open_breaches": (Sum((Kind.BREACH_OPENED,), (Kind.BREACH_CLOSED,), counted=True),),
    "hostile_japan": (Sum((Kind.JAPANESE_TURNED,), (Kind.JAPANESE_CALMED,), counted=True),),
    "hostile_us": (Sum((Kind.AMERICANS_TURNED,), (Kind.AMERICANS_CALMED,), counted=True),),
}
Rows: TypeAlias = NDArray[np.bool_]


class Tally:
    """The log before the end, with what each event adds to a sum."""

    def __init__(self, evidence: Evidence) -> None:
        log = evidence.log
        seen = log.time < evidence.end
        self.time, self.kind = log.time[seen], log.kind[seen]
        self.part, self.amount = log.part[seen], log.amount[seen]
        self.cause = log.cause[seen]
        row = np.full(len(evidence.names.projects) + 1, -1, dtype=np.int64)
        row[evidence.attributes.entity] = np.arange(len(evidence.attributes.entity))
        self.row: IntArray = row[log.project[seen]]
        self.extra = self._of_topups(evidence.measure.horizon.slices, len(row))

    def _of_topups(self, slices: int, n: int) -> FloatArray:
        """What of each amount is of a top-up; of money returned, as much as was drawn for one."""
        extra = np.where(self.part >= slices, self.amount, 0.0)
        left = np.zeros(n)
        for place in np.flatnonzero(np.isin(self.kind, [Kind.PART_DRAWN, Kind.MONEY_RETURNED])):
            if self.kind[place] == Kind.MONEY_RETURNED:
                extra[place] = min(left[self.row[place]], self.amount[place])
                left[self.row[place]] -= extra[place]
            else:
                left[self.row[place]] += extra[place]
        return extra

    def _terms(self, sums: tuple[Sum, ...]) -> Iterator[tuple[Rows, FloatArray]]:
        for term in sums:
            for kinds, sign in ((term.plus, 1.0), (term.minus, -1.0)):
                mine = np.isin(self.kind, kinds)
                amount = self.amount - self.extra * term.planned
                amount = self.extra if term.extra else amount
                size = 1.0 if term.counted else amount[mine] / CENTS_PER_USD_BN
                yield mine, np.broadcast_to(sign * size, mine.sum())

    def by_project(self, sums: tuple[Sum, ...], n: int) -> FloatArray:
        """Sum for each project."""
        total = np.zeros(n)
        for mine, values in self._terms(sums):
            np.add.at(total, self.row[mine], values)
        return total

    def before(self, sums: tuple[Sum, ...], instants: IntArray) -> FloatArray:
        """Sum of what is stamped before each instant."""
        total = np.zeros(len(instants))
        for mine, values in self._terms(sums):
            so_far = np.concatenate([[0.0], np.cumsum(values)])
            total += so_far[np.searchsorted(self.time[mine], instants, side="left")]
        return total


def milestones_of(evidence: Evidence, tally: Tally) -> dict[str, IntArray]:
    """Minute of each milestone by project; below any minute where it was not reached."""
    n = len(evidence.attributes.entity)
    found = {}
    for name, kind in MILESTONES.items():
        mine = tally.kind == kind
        if name.startswith("first_call"):
            mine &= tally.part == 0
        minutes = np.full(n, NEVER)
        times, rows = tally.time[mine].tolist(), tally.row[mine].tolist()
        for time, row in zip(times, rows, strict=True):
            if minutes[row] == NEVER or name == "permits_granted":
                minutes[row] = time
        found[name] = minutes
    return found


def under_construction(evidence: Evidence, tally: Tally, instants: IntArray) -> FloatArray:
    """Committed dollars of projects with NTP, less units built; a cancelled project has none."""
    selected = evidence.attributes.selected_cents / CENTS_PER_USD_BN
    on_site = np.zeros(len(selected))
    times, changes = [], []
    kinds = np.isin(tally.kind, [Kind.NTP_ISSUED, Kind.UNIT_BUILT, Kind.CANCELLED])
    for place in np.flatnonzero(kinds).tolist():
        kind, row = tally.kind[place], tally.row[place]
        change = -tally.amount[place] / CENTS_PER_USD_BN
        if kind == Kind.NTP_ISSUED:
            change = selected[row]
        elif kind == Kind.CANCELLED:
            change = -on_site[row]
        on_site[row] += change
        times.append(tally.time[place])
        changes.append(change)
    so_far = np.concatenate([[0.0], np.cumsum(changes)])
    return np.asarray(so_far[np.searchsorted(np.array(times), instants, side="left")])


def differences(
    table: Table, expected: Table, near: float = NEAR
) -> Iterator[tuple[int, str, Any, Any]]:
    """(row, column, what stands there, what should) of every cell that differs."""
    for name, values in expected.items():
        found = table[name]
        if found.dtype.kind == "f":
            same = np.isclose(found, values, rtol=near, atol=near, equal_nan=True)
        elif found.dtype.kind == "M":
            same = (found == values) | (np.isnat(found) & np.isnat(values))
        else:
            same = found == values
        for row in np.flatnonzero(~same).tolist():
            yield row, name, found[row], values[row]
