"""Tables agree with the events: projects, months and delays say what the log adds up to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calendars import MINUTES_PER_DAY
from sim.events import (
    CENTS_PER_USD_BN,
    LEDGER_CAUSES,
    TERMINAL,
    WAITS,
    Cause,
    FloatArray,
    IntArray,
    Kind,
)
from sim.events.schemas import INTERVALS, STATUSES, UNITS
from sim.results.laws.evidence import Evidence, Violation
from sim.results.laws.stocks import UNIT_WORDS
from sim.results.laws.tally import (
    NEAR,
    NEVER,
    OF_MONTHS,
    OF_PROJECTS,
    Tally,
    differences,
    milestones_of,
    under_construction,
)
from sim.results.laws.tariffs import ROUTE_BEGINS
from sim.results.tables.trade import TARIFF_CLASSES

_REACHED = ("proposed", "docketed", "endorsed", "recommended", "selected", "funding_decided", "ntp",
            "built", "operating", "rejected", "lapsed", "declined", "cancelled",
            "refused")  # fmt: skip
_STATUS = {"funding_decided": "waiting_for_ntp", "ntp": "building"}


def projects_agree(evidence: Evidence) -> Iterator[Violation]:
    """Milestones, status, amounts, counts, intervals and waits of every project."""
    table, tally = evidence.tables["projects"], Tally(evidence)
    entity, horizon = evidence.attributes.entity, evidence.measure.horizon
    n = len(entity)
    expected: dict[str, NDArray[Any]] = {
        name: tally.by_project(sums, n) for name, sums in OF_PROJECTS.items()
    }
    milestones = milestones_of(evidence, tally)
    for name, minutes in milestones.items():
        dates = horizon.epoch.datetime64(np.where(minutes == NEVER, 0, minutes))
        dates[minutes == NEVER] = np.datetime64("NaT")
        expected[name] = dates
    for name, (begin, end) in INTERVALS.items():
        expected[name] = _days(milestones[begin], milestones[end])
    status = np.zeros(n, dtype=np.int64)
    for name in _REACHED:
        status[milestones[name] != NEVER] = STATUSES.index(_STATUS.get(name, name))
    finished = [kind.name.lower() for kind in TERMINAL]
    over = np.isin(status, [STATUSES.index(name) for name in finished])
    expected |= {"status": status, "censored": (status > 0) & ~over}
    for cause, days in _waited(tally, evidence.end, n).items():
        expected[f"waited_{cause.name.lower()}_days"] = days
    expected["final_cost_usd_bn"] = table["cost_usd_bn"] * table["cost_ratio"]
    nature = evidence.measure.plan.nature
    of_slots = [np.full(row.maximum, row.sector) for row in nature.pipelines]
    sector = np.concatenate([nature.named.sector, *of_slots])
    expected |= {"sector": sector[entity], "named": entity < len(nature.named.sector)}
    for row, name, was, now in differences(table, expected):
        text = f"projects: {name} is {was}, the events say {now}"
        yield Violation(int(entity[row]), -1, text)


def _waited(tally: Tally, end: int, n: int) -> dict[Cause, FloatArray]:
    found = {}
    for cause in WAITS:
        minutes = np.zeros(n)
        for kind, sign in ((Kind.WAIT_BEGAN, 1), (Kind.WAIT_ENDED, -1)):
            mine = (tally.kind == kind) & (tally.cause == cause)
            np.add.at(minutes, tally.row[mine], sign * (end - tally.time[mine]))
        found[cause] = minutes / MINUTES_PER_DAY
    return found


def _days(begin: IntArray, end: IntArray) -> FloatArray:
    both = (begin != NEVER) & (end != NEVER)
    return np.where(both, (np.where(both, end, 0) - np.where(both, begin, 0)) / 1440, np.nan)


def _rates(evidence: Evidence) -> NDArray[Any]:
    """Rates by class at each month's end: walk the log month by month, routes as they stand."""
    horizon = evidence.measure.horizon
    rates = horizon.tariff_baseline.copy()
    moves = list(evidence.of({*ROUTE_BEGINS, Kind.ROUTE_DROPPED, Kind.TARIFF_RELIEVED}))
    standing: set[int] = set()
    for month, end in enumerate(horizon.month_end.tolist()):
        while moves and moves[0].time < end:
            move = moves.pop(0)
            if move.kind in ROUTE_BEGINS:
                standing.add(move.part)
            else:
                standing -= {move.part} if move.kind == Kind.ROUTE_DROPPED else standing
        for route in standing:
            rates[:, month] = np.maximum(rates[:, month], horizon.route_rates[route])
    return rates


def months_agree(evidence: Evidence) -> Iterator[Violation]:
    """A row for every month; its sums, counts and tariffs are what the log adds up to by then."""
    table, tally, horizon = evidence.tables["timeline"], Tally(evidence), evidence.measure.horizon
    if not np.array_equal(table["month"], horizon.month):
        yield Violation(-1, -1, f"timeline: {len(table['month'])} rows, {horizon.n_months} months")
        return
    expected: dict[str, NDArray[Any]] = {
        name: tally.before(sums, horizon.month_end) for name, sums in OF_MONTHS.items()
    }
    expected["under_construction_usd_bn"] = under_construction(evidence, tally, horizon.month_end)
    rates = _rates(evidence)
    expected |= {f"tariff_{name}": row for name, row in zip(TARIFF_CLASSES, rates, strict=True)}
    for row, name, was, now in differences(table, expected):
        text = f"timeline: {name} is {was} in {table['month'][row]}, the events say {now}"
        yield Violation(-1, int(horizon.month_begin[row]), text)
    spent, granted = table["spent_usd_bn"], table["specialists_granted"]
    too_much = spent > table["selected_usd_bn"] * (1 + NEAR) + NEAR
    too_many = granted > table["specialists_wanted"] * (1 + 1e-6) + NEAR
    for name, wrong in {
        "spent_usd_bn falls": np.diff(spent, prepend=0) < -NEAR,
        "spent_usd_bn is more than was selected": too_much,
        "specialists_granted are more than were wanted": too_many,
    }.items():
        for row in np.flatnonzero(wrong).tolist():
            text = f"timeline: {name} in {table['month'][row]}"
            yield Violation(-1, int(horizon.month_begin[row]), text)


def delays_table_agrees(evidence: Evidence) -> Iterator[Violation]:
    """Days, hidden days and drag by project and cause are those of the projects table.

    Only ``crews_short`` names a pool, and every row has days.
    """
    table, projects = evidence.tables["delays"], evidence.tables["projects"]
    entity = evidence.attributes.entity
    short = LEDGER_CAUSES.index("crews_short")
    rows = [evidence.row.get(project, -1) for project in table["project"].tolist()]
    place = (np.array(rows, dtype=np.int64), table["cause"])
    for row in np.flatnonzero(
        ((table["resource"] >= 0) & (table["cause"] != short))
        | np.all([table[f"{of}days"] == 0 for of in ("", "hidden_", "held_", "drag_")], axis=0)
        | (place[0] < 0)
    ).tolist():
        cause = LEDGER_CAUSES[table["cause"][row]]
        yield Violation(int(table["project"][row]), -1, f"delays: a row of {cause} says nothing")
    for column, word in (("days", "delay"), ("hidden_days", "hidden"), ("drag_days", "drag")):
        total = np.zeros((len(entity), len(LEDGER_CAUSES)))
        np.add.at(total, place, table[column])
        for number, cause in enumerate(LEDGER_CAUSES):
            kept = projects[f"{word}_{cause}_days"]
            # What is left of a sum of rounded shares is nothing, unless it is a second.
            wrong = np.abs(total[:, number] - kept) > 2 / 86_400
            for row in np.flatnonzero(wrong).tolist():
                both = f"are {total[row, number]:.6f}, projects: {kept[row]:.6f}"
                yield Violation(int(entity[row]), -1, f"delays: {column} of {cause} {both}")


def capacity_table_agrees(evidence: Evidence) -> Iterator[Violation]:
    """A row for every month and resource; nobody uses more than there is.

    Where the step trace is known, means over the month are its integrals.
    """
    table, horizon, names = evidence.tables["capacity"], evidence.measure.horizon, evidence.names
    n_months, n = horizon.n_months, len(names.resources)
    shape = np.array_equal(table["month"], np.repeat(horizon.month, n)) and np.array_equal(
        table["resource"], np.tile(np.arange(n), n_months)
    )
    if not shape:
        text = f"capacity: {len(table['month'])} rows, not {n_months} months x {n} resources"
        yield Violation(-1, -1, text)
        return
    units = np.tile([UNITS.index(UNIT_WORDS[unit]) for unit in names.resource_units], n_months)
    servers = units == UNITS.index("servers")
    keeps = evidence.measure.config.policy.staffing == "first_come_full_crew"
    limited = ~servers & ~(keeps & (units == UNITS.index("people")))
    share, limit = table["share_of_time_at_limit"], table["capacity"]
    for what, wrong in {
        "unit is another": table["unit"] != units,
        "share_of_time_at_limit is no share": ~((share >= 0) & (share <= 1 + NEAR)),
        "in_use is above capacity": limited & (table["in_use"] > limit * (1 + 1e-6) + NEAR),
        "waiting_mean is above waiting_max": table["waiting_mean"]
        > table["waiting_max"] * (1 + NEAR) + NEAR,
    }.items():
        for row in np.flatnonzero(wrong).tolist():
            yield _of_month(evidence, row, what)
    if evidence.capacity is None:
        return
    trace, size = evidence.capacity, np.ones(n)
    size[[unit == "USD" for unit in names.resource_units]] = CENTS_PER_USD_BN
    full = (trace.in_use >= trace.capacity) & (trace.capacity > 0)
    at_limit = np.isfinite(trace.capacity) & ((trace.waiting > 0) | full)
    columns = {
        "share_of_time_at_limit": (at_limit.astype(np.float64), np.ones(n)),
        "in_use": (trace.in_use, size),
        "capacity": (trace.capacity, size),
        "waiting_mean": (trace.waiting, np.ones(n)),
        "waiting_usd_bn": (trace.waiting_cents, np.full(n, CENTS_PER_USD_BN)),
    }
    for name, (values, scale) in columns.items():
        means = np.empty((n_months, n))
        for resource in range(n):
            mine = trace.resource == resource
            means[:, resource] = _means(evidence, trace.time[mine], values[mine]) / scale[resource]
        for row, _, was, now in differences(table, {name: means.ravel()}, near=1e-7):
            yield _of_month(evidence, row, f"{name} is {was}, its steps say {now}")
    largest = np.stack([_largest(evidence, trace.resource == k) for k in range(n)], axis=1)
    for row, name, was, now in differences(table, {"waiting_max": largest.ravel()}):
        yield _of_month(evidence, row, f"{name} is {was}, its steps say {now}")


def _largest(evidence: Evidence, mine: NDArray[np.bool_]) -> FloatArray:
    """Longest queue of a resource that lasted a minute of each month."""
    assert evidence.capacity is not None
    time, waiting = evidence.capacity.time[mine], evidence.capacity.waiting[mine]
    begins = np.unique(np.concatenate([time, evidence.measure.horizon.month_begin]))
    begins = begins[begins < evidence.end]
    month = np.searchsorted(evidence.measure.horizon.month_begin, begins, side="right") - 1
    found = np.zeros(evidence.measure.horizon.n_months)
    np.maximum.at(found, month, waiting[np.searchsorted(time, begins, side="right") - 1])
    return found


def _of_month(evidence: Evidence, row: int, words: str) -> Violation:
    table, horizon = evidence.tables["capacity"], evidence.measure.horizon
    name = evidence.names.resources[table["resource"][row]]
    month = row // len(evidence.names.resources)
    text = f"capacity: {name} in {table['month'][row]}: {words}"
    return Violation(-1, int(horizon.month_begin[month]), text)


def _means(evidence: Evidence, time: IntArray, values: FloatArray) -> FloatArray:
    """Mean of a step function over each month."""
    horizon = evidence.measure.horizon
    finite = np.where(np.isfinite(values), values, 0.0)
    length = np.diff(np.append(time, max(evidence.end, int(time[-1]))))
    edges = np.append(horizon.month_begin, evidence.end)

    def until(steps: FloatArray) -> FloatArray:
        so_far = np.concatenate([[0.0], np.cumsum(steps * length)])
        return np.asarray(np.interp(edges, np.append(time, evidence.end), so_far))

    minutes = np.diff(edges)
    endless = np.diff(until((~np.isfinite(values)).astype(np.float64))) > 0
    return np.asarray(np.where(endless, np.inf, np.diff(until(finite)) / minutes))
