"""A log and tables that can be read at all: complete, in order, known words, nothing negative."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.events import LEDGER_CAUSES, RESPONSES, Cause, EventLog, Kind
from sim.events.schemas import INTERVALS, TABLES
from sim.results.laws.evidence import UNKNOWN, Evidence, Violation
from sim.results.tables.trade import TARIFF_CLASSES

# Not reached, or no such tariff; permits may come before selection.
_OF_MONEY = [name for name, row in RESPONSES.items() if row.measure == "money"]
_MAY_BE_EMPTY = (*INTERVALS, *RESPONSES, *(f"tariff_{name}" for name in TARIFF_CLASSES))
# Faster than planned, or a loss.
_OF_DUTIES = [name for name, row in RESPONSES.items() if row.measure == "duties_between"]
_MAY_BE_NEGATIVE = (
    "delay_overrun_days", "net_paid_usd_bn", *INTERVALS, *_OF_MONEY, *_OF_DUTIES
)  # fmt: skip
_OF_PROJECTS = (
    "units", "cost_cents", "commitment_cents", "selected_cents", "cost_ratio", "build_minutes",
    "nominal_minutes", "specialists",
)  # fmt: skip
_OVERRUN = LEDGER_CAUSES.index("overrun")


def _at(log: EventLog, row: int, words: str) -> Violation:
    """What is wrong with one event."""
    return Violation(max(-1, int(log.project[row])), int(log.time[row]), words)


def log_is_in_order(evidence: Evidence) -> Iterator[Violation]:
    """Time never goes back and ends with the run; numbers are 0, 1, 2 …; words are known ones."""
    log, names = evidence.log, evidence.names
    for row in np.flatnonzero(log.time[1:] < log.time[:-1]).tolist():
        yield _at(log, row + 1, "time goes back in the log")
    for row in np.flatnonzero((log.time < 0) | (log.time > evidence.end)).tolist():
        text = f"an event is outside the run, which ends at minute {evidence.end}"
        yield _at(log, row, text)
    known = {
        "project": len(names.projects),
        "kind": len(Kind),
        "resource": len(names.resources),
        "cause": len(Cause),
    }
    for column, count in known.items():
        codes = getattr(log, column)
        wrong = (codes >= count) | (codes < (0 if column in ("kind", "cause") else -1))
        for row in np.flatnonzero(wrong).tolist():
            yield _at(log, row, f"event {row} has a {column} that is none of the config's")
    yield from _columns_mean_something(evidence)
    events = evidence.tables.get("events")
    if events is not None:
        seq = events["seq"]
        for row in np.flatnonzero(seq != np.arange(len(seq)))[:1].tolist():
            yield _at(log, row, f"event {row} of the log has number {seq[row]}")
        dates = evidence.measure.horizon.epoch.datetime64(log.time)
        for row in np.flatnonzero(events["date"] != dates).tolist():
            text = f"event {row} is dated {events['date'][row]}, its minute is {dates[row]}"
            yield _at(log, row, text)


def _columns_mean_something(evidence: Evidence) -> Iterator[Violation]:
    """Part, resource, cause and amount stand only where the kind says what they mean there."""
    log, kinds = evidence.log, [kind.row for kind in Kind]
    known = (log.kind >= 0) & (log.kind < len(kinds))
    kind = np.where(known, log.kind, 0)
    empty = {
        "part": log.part == 0,
        "resource": log.resource < 0,
        "amount": log.amount == 0,
        "cause": (log.cause == Cause.NONE) | (log.cause == Cause.RECORDED),
    }
    for column, is_empty in empty.items():
        meant = np.array([bool(getattr(row, column)) for row in kinds])
        for row in np.flatnonzero(known & ~is_empty & ~meant[kind]).tolist():
            text = f"{Kind(log.kind[row]).name} has a {column}, which it does not take"
            yield _at(log, row, text)
    for row in np.flatnonzero(log.part < 0).tolist():
        yield _at(log, row, f"event {row} is of part {log.part[row]}")


def words_are_known(evidence: Evidence) -> Iterator[Violation]:
    """Every coded cell is a name of the config's or a word of ours; no project stands twice."""
    entity = evidence.attributes.entity
    for project in np.flatnonzero(np.bincount(entity[entity >= 0]) > 1).tolist():
        yield Violation(project, -1, "projects: it stands in more than one row")
    for table, columns in evidence.tables.items():
        for name, word in TABLES[table]:
            if word in ("project", "resource", "sector", "status", "unit", "ledger_cause"):
                for row in np.flatnonzero(columns[name] == UNKNOWN).tolist():
                    owner = columns["project"][row] if "project" in columns else -1
                    text = f"{table}: {name} in row {row} is none of the config's"
                    yield Violation(max(-1, int(owner)), -1, text)


def nothing_is_negative(evidence: Evidence) -> Iterator[Violation]:
    """No negative cost, commitment, people, megawatts, slots, days or dollars anywhere."""
    log, attributes = evidence.log, evidence.attributes
    supplied = log.kind == Kind.GRID_REQUESTED  # below 0: megawatts a plant supplies
    for row in np.flatnonzero(~supplied & ~(log.amount >= 0)).tolist():
        yield _at(log, row, f"{Kind(log.kind[row]).name} of {log.amount[row]:g}")
    for name in _OF_PROJECTS:
        for row in np.flatnonzero(~(getattr(attributes, name) >= 0)).tolist():
            text = f"{name} is {getattr(attributes, name)[row]:g}"
            yield Violation(int(attributes.entity[row]), -1, text)
    market = evidence.market
    for name in ("people", "other_demand", "wanted", "granted") if market is not None else ():
        for row in np.flatnonzero(~(getattr(market, name) >= 0)).tolist():
            yield Violation(-1, -1, f"{name} of a pool is below 0, in row {row} of the market")
    for table, columns in evidence.tables.items():
        for name, word in TABLES[table]:
            if word != "float64" or table == "events":
                continue
            values = columns[name]
            wrong = values < 0 if name not in _MAY_BE_NEGATIVE else np.zeros(len(values), np.bool_)
            if table == "delays" and name == "days":
                wrong &= columns["cause"] != _OVERRUN
            if name not in _MAY_BE_EMPTY:
                wrong = wrong | np.isnan(values)
            for row in np.flatnonzero(wrong).tolist():
                owner = int(columns["project"][row]) if "project" in columns else -1
                yield Violation(owner, -1, f"{table}: {name} is {values[row]:g}")
