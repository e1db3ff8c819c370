"""The projects table: what became of each project of a replication, and when."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.calendars import MINUTES_PER_DAY
from sim.events import (
    CENTS_PER_USD_BN,
    MILESTONES,
    TERMINAL,
    WAITS,
    Cause,
    FloatArray,
    IntArray,
    Kind,
)
from sim.events.schemas import INTERVALS, REACHED
from sim.results.ledger.charging import Ledger
from sim.results.tables.delays import delay_columns
from sim.results.tables.facts import Columns, Facts, cents_by_project, returned_of_topups

NEVER = np.iinfo(np.int64).min

_FINISHED: NDArray[np.bool_] = np.array(
    [bool(reached) and MILESTONES[reached] in TERMINAL for reached in REACHED.values()]
)


def milestone_minutes(facts: Facts) -> dict[str, IntArray]:
    """Minute of each milestone, shape (n_projects,), `NEVER` where it was not reached.

    The first event of the kind counts; the last grant for ``permits_granted``; the first slice
    for ``first_call_noticed`` and ``first_call_paid``.
    """
    n = len(facts.batch.of_row)
    minutes = {}
    for name, kind in MILESTONES.items():
        events = facts.of(kind)
        counted = events.part == 0 if name.startswith("first_call") else slice(None)
        time, row = events.time[counted], events.row[counted]
        reached = np.full(n, NEVER, dtype=np.int64)
        # numpy keeps the last of several values given to one place.
        back = slice(None) if name == "permits_granted" else slice(None, None, -1)
        reached[row[back]] = time[back]
        minutes[name] = reached
    return minutes


def status_codes(milestones: dict[str, IntArray]) -> IntArray:
    """Index into STATUSES of what each project is at the end."""
    status = np.zeros(len(milestones["proposed"]), dtype=np.int64)
    for code, milestone in enumerate(REACHED.values()):
        if milestone:
            status[milestones[milestone] != NEVER] = code
    return status


def days_between(begin: IntArray, end: IntArray) -> FloatArray:
    """Days from one milestone to another, nan where either was not reached."""
    both = (begin != NEVER) & (end != NEVER)
    return np.where(both, np.where(both, end - begin, 0) / MINUTES_PER_DAY, np.nan)


def waited_days(facts: Facts) -> FloatArray:
    """Days each project waited for each cause of WAITS, shape (n_waits, n_projects).

    An open wait runs to the end. Two waits for one cause at one time (two facilities' money)
    both count.
    """
    minutes = np.zeros((len(Cause), len(facts.batch.of_row)))
    # Each wait's beginning adds the time left to the end, its own end takes the rest back.
    for kind, sign in ((Kind.WAIT_BEGAN, 1), (Kind.WAIT_ENDED, -1)):
        waits = facts.of(kind)
        np.add.at(minutes, (waits.cause, waits.row), sign * (facts.horizon.end - waits.time))
    return np.asarray(minutes[list(WAITS)] / MINUTES_PER_DAY)


def projects_table(facts: Facts, milestones: dict[str, IntArray], ledger: Ledger) -> Columns:
    """One row per project present, in ordinal order; see `TABLES` for the columns."""
    attributes, epoch = facts.batch.attributes, facts.horizon.epoch
    status = status_codes(milestones)
    columns: Columns = {
        "replication": facts.batch.number[facts.batch.of_row],
        "project": attributes.entity.astype(np.int32),
        "sector": attributes.sector.astype(np.int16),
        "state": attributes.state.astype(np.int16),
        "named": attributes.named,
        "units": attributes.units.astype(np.int32),
        "cost_usd_bn": attributes.cost_cents / CENTS_PER_USD_BN,
        "commitment_usd_bn": attributes.commitment_cents / CENTS_PER_USD_BN,
        "selected_usd_bn": attributes.selected_cents / CENTS_PER_USD_BN,
        "cost_ratio": attributes.cost_ratio,
        "final_cost_usd_bn": attributes.cost_cents * attributes.cost_ratio / CENTS_PER_USD_BN,
        "japanese_content_share": attributes.japanese_content_share,
        "prospects_share": attributes.prospects_share,
        "specialists": attributes.specialists,
        "build_days_planned": attributes.build_minutes / MINUTES_PER_DAY,
        "status": status.astype(np.int16),
        "censored": (status > 0) & ~_FINISHED[status],
    }
    reached = np.stack([milestones[name] for name in MILESTONES])
    dates = epoch.datetime64(np.where(reached == NEVER, 0, reached))
    dates[reached == NEVER] = np.datetime64("NaT")
    columns.update(zip(MILESTONES, dates, strict=True))
    columns.update(_dollars(facts))
    columns["revisions"] = _count(facts, Kind.REVISION_BEGAN)
    columns["litigation_rounds"] = _count(facts, Kind.LITIGATION_BEGAN)
    columns["late_calls"] = _count(facts, Kind.CALL_LATE)
    columns["missed_calls"] = _count(facts, Kind.CALL_MISSED)
    columns["pauses"] = _count(facts, Kind.PAUSED)
    for name, (begin, end) in INTERVALS.items():
        columns[name] = days_between(milestones[begin], milestones[end])
    names = (f"waited_{cause.name.lower()}_days" for cause in WAITS)
    columns.update(zip(names, waited_days(facts), strict=True))
    return columns | delay_columns(ledger)


def _dollars(facts: Facts) -> Iterator[tuple[str, FloatArray]]:
    """Amounts to the end by project, USD bn."""
    slices, of_topup = facts.horizon.slices, returned_of_topups(facts)
    sums = partial(cents_by_project, facts)
    returned = sums(Kind.MONEY_RETURNED)
    cents = {
        "called": sums(Kind.CALL_NOTICED, last=slices),
        "paid": sums(Kind.PART_DRAWN, last=slices) - (returned - of_topup),
        "topup": sums(Kind.PART_DRAWN, slices) - of_topup,
        "spent": facts.spent_cents_by_project,
        "completed": sums(Kind.UNIT_ENERGISED),
        "released": sums(Kind.DECLINED) + sums(Kind.CANCELLED),
        "returned": returned,
        "withdrawn": sums(Kind.CALL_WITHDRAWN),
    }
    for name, amount in cents.items():
        yield f"{name}_usd_bn", amount / CENTS_PER_USD_BN


def _count(facts: Facts, kind: Kind) -> NDArray[np.int32]:
    n = len(facts.batch.of_row)
    return np.bincount(facts.of(kind).row, minlength=n).astype(np.int32)
