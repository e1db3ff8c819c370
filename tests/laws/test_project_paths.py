"""Law 4: every project walks a legal path; waits pair up."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given
from law_runs import Event, Run, facility_of, lawful, runs

from sim.events import TERMINAL, Cause, Kind

# Law 4: legal paths. state -> event -> next state; what is not here is not legal.

LINE: dict[str, dict[Kind, str]] = {
    "unknown": {Kind.PROPOSED: "proposed"},
    "proposed": {Kind.SCREENING_BEGAN: "in screening"},
    "in screening": {Kind.SCREENING_ENDED: "screened"},
    "screened": {
        Kind.DOCKETED: "on the docket",
        Kind.REVISION_BEGAN: "in revision",
        Kind.REJECTED: "over",
    },
    "in revision": {Kind.REVISION_ENDED: "revised"},
    "revised": {Kind.SCREENING_BEGAN: "in screening"},
    "on the docket": {Kind.ENDORSED: "endorsed"},
    "endorsed": {Kind.DEFERRED: "endorsed", Kind.RECOMMENDED: "recommended"},
    "recommended": {Kind.PASSED_OVER: "recommended", Kind.SELECTED: "selected"},
    "selected": {Kind.FUNDING_DECIDED: "funded", Kind.CONSULTATION_BEGAN: "in consultation"},
    "in consultation": {Kind.CONSULTATION_ENDED: "consulted"},
    "consulted": {Kind.FUNDING_DECIDED: "funded", Kind.DECLINED: "over"},
    "funded": {Kind.NTP_ISSUED: "on site"},
    "on site": {Kind.UNIT_BUILT: "on site", Kind.BUILT: "built"},
    "built": {Kind.OPERATING: "over"},
    "over": {},
}
UNSELECTED = ("proposed", "in screening", "screened", "in revision", "revised", "on the docket",
              "endorsed", "recommended")  # fmt: skip
for _state in UNSELECTED:
    LINE[_state][Kind.LAPSED] = "over"
# What is on record need not have its way there on record too.
RECORDED_LEAPS = {
    "proposed": {Kind.RECOMMENDED: "recommended", Kind.SELECTED: "selected"},
}
PERMITS: dict[str, dict[Kind, str]] = {
    "unknown": {Kind.PERMITS_BEGAN: "at work"},
    "at work": {Kind.PERMIT_WORK_ENDED: "decided"},
    "decided": {Kind.LITIGATION_BEGAN: "in court", Kind.PERMITS_GRANTED: "granted"},
    "in court": {Kind.LITIGATION_ENDED: "decided"},
    "granted": {},
}
RECORDED_GRANT = {"unknown": {Kind.PERMITS_GRANTED: "granted"}}
APPRAISAL: dict[str, dict[Kind, str]] = {
    "unknown": {Kind.APPRAISAL_BEGAN: "at work"},
    "at work": {Kind.APPRAISAL_ENDED: "done"},
    "done": {},
}
CALL: dict[str, dict[Kind, str]] = {
    "unknown": {Kind.CALL_NOTICED: "open"},
    "open": {Kind.CALL_LATE: "late", Kind.CALL_PAID: "paid"},
    "late": {Kind.CALL_MISSED: "missed", Kind.CALL_PAID: "paid"},
    "missed": {Kind.CALL_PAID: "paid"},
    "paid": {},
}
PART: dict[str, dict[Kind, str]] = {
    "unknown": {Kind.PART_DOCUMENTED: "documented"},
    "documented": {
        Kind.FUNDS_COMMITTED: "documented",
        Kind.PART_DRAWN: "being drawn",
    },
    "being drawn": {Kind.PART_DRAWN: "being drawn", Kind.PART_PAID: "paid"},
    "paid": {},
}
RECORDED_PART = {
    "unknown": {Kind.FUNDS_COMMITTED: "documented", Kind.PART_DRAWN: "being drawn"},
}
SITE: dict[str, dict[Kind, str]] = {
    "unknown": {Kind.BUILDING_BEGAN: "at work"},
    "at work": {Kind.BUILDING_STOPPED: "stopped"},
    "stopped": {Kind.BUILDING_BEGAN: "at work"},
}
BREACH: dict[str, dict[Kind, str]] = {
    "unknown": {Kind.BREACH_OPENED: "open"},
    "open": {Kind.BREACH_CLOSED: "closed"},
    # A call missed and then declined closes the first breach and opens the other.
    "closed": {Kind.BREACH_OPENED: "open"},
}
AFTER_THE_END = {Kind.BREACH_OPENED, Kind.BREACH_CLOSED}
MAY_RECUR = {Kind.DEFERRED, Kind.PART_DRAWN, Kind.FUNDS_COMMITTED, Kind.BUILDING_BEGAN,
             Kind.BUILDING_STOPPED, Kind.HISTORY_EXCEEDED, *AFTER_THE_END}  # fmt: skip


def kinds_of(table: dict[str, dict[Kind, str]]) -> set[Kind]:
    return {kind for moves in table.values() for kind in moves}


class Path:
    """One project's state: its line, and what goes on beside it."""

    def __init__(self, lender: dict[int, str]) -> None:
        self.lender = lender
        self.states: dict[tuple[Any, ...], str] = defaultdict(lambda: "unknown")
        self.seen: set[tuple[Kind, int, int]] = set()

    def move(self, key: tuple[Any, ...], event: Event, *tables: Any) -> None:
        state = self.states[key]
        for table in tables:
            if event.kind in table.get(state, {}):
                self.states[key] = table[state][event.kind]
                return
        pytest.fail(f"{event.kind.name} while {key} is {state}: {event}")

    def take(self, event: Event) -> None:
        kind, recorded = event.kind, event.cause == Cause.RECORDED
        line = self.states["line",]
        assert line != "over" or kind in AFTER_THE_END, event
        step = (kind, event.part, event.resource)
        assert kind in MAY_RECUR or step not in self.seen, event
        self.seen.add(step)
        if kind in kinds_of(LINE):
            self.gates(event)
            self.move(("line",), event, LINE, RECORDED_LEAPS if recorded else {})
        elif kind in kinds_of(PERMITS):
            assert line not in ("unknown", "on site", "built")
            self.move(("permits",), event, PERMITS, RECORDED_GRANT if recorded else {})
        elif kind in kinds_of(APPRAISAL):
            assert line not in ("unknown", "proposed", "in screening", "revised") or recorded
            self.move(("appraisal", event.resource), event, APPRAISAL)
        elif kind in kinds_of(CALL):
            self.call(event)
        elif kind in kinds_of(PART):
            assert event.part == 0 or kind != Kind.FUNDS_COMMITTED
            assert line in ("funded", "on site")
            key = ("part", event.part, self.lender[event.resource])
            assert self.states["call", event.part] in ("open", "late", "missed")
            self.move(key, event, PART, RECORDED_PART if recorded else {})
        elif kind in kinds_of(SITE):
            assert line == "on site"
            if kind == Kind.BUILDING_STOPPED:
                assert event.cause == Cause.CASH_STARVED
                assert self.states["call", event.part] in ("open", "late", "missed")
            self.move(("site",), event, SITE)
        elif kind in kinds_of(BREACH):
            wanted = "missed" if event.cause == Cause.CALL_MISSED else None
            assert wanted is None or self.states["call", event.part] == wanted
            self.move(("breach", event.part), event, BREACH)
        else:
            assert kind == Kind.HISTORY_EXCEEDED, event

    def call(self, event: Event) -> None:
        assert event.part == 0 or self.states["call", event.part - 1] != "unknown"
        if event.kind == Kind.CALL_NOTICED:
            assert self.states["line",] in ("selected", "funded", "on site")
        if event.kind == Kind.CALL_PAID:
            assert self.states["line",] in ("funded", "on site")
            parts = [
                self.states[key] for key in list(self.states) if key[:2] == ("part", event.part)
            ]
            assert all(state == "paid" for state in parts)
        self.move(("call", event.part), event, CALL)

    def gates(self, event: Event) -> None:
        """Joins of the picture in section 4."""
        kind = event.kind
        if kind == Kind.CONSULTATION_BEGAN:  # inside the window: after notice
            assert self.states["call", 0] == "open"
        if kind == Kind.NTP_ISSUED:
            assert self.states["call", 0] == "paid"
            assert self.states["permits",] == "granted"
        if kind in (Kind.UNIT_BUILT, Kind.BUILT):
            assert self.states["site",] == "at work"
        if kind == Kind.OPERATING:
            calls = {state for key, state in self.states.items() if key[0] == "call"}
            assert calls == {"paid"}


def check_paths(run: Run) -> None:
    paths: dict[int, Path] = defaultdict(lambda: Path(facility_of(run)))
    present = set(run.world.entity.tolist())
    for event in run.events:
        if event.project >= 0 and event.kind not in (Kind.WAIT_BEGAN, Kind.WAIT_ENDED):
            assert event.project in present
            paths[event.project].take(event)
    for path in paths.values():
        assert path.states["line",] != "unknown"


@lawful
@given(runs())
def test_every_project_walks_a_legal_path_takes_no_step_twice_and_ends_once(run: Run) -> None:
    check_paths(run)


def check_waits(run: Run) -> None:
    """Began and ended alternate; what still waits at the end is a project that is not over."""
    waiting: set[tuple[int, int, int, int]] = set()
    over: set[int] = set()
    for event in run.events:
        wait = (event.project, event.cause, event.resource, event.part)
        if event.kind == Kind.WAIT_BEGAN:
            assert wait not in waiting, event
            waiting.add(wait)
        elif event.kind == Kind.WAIT_ENDED:
            assert wait in waiting, event
            waiting.remove(wait)
        elif event.kind in TERMINAL:
            over.add(event.project)
            assert not [w for w in waiting if w[0] == event.project], event
    assert not [wait for wait in waiting if wait[0] in over]


@lawful
@given(runs())
def test_every_wait_that_ends_had_begun_and_none_outlives_its_project(run: Run) -> None:
    check_waits(run)
