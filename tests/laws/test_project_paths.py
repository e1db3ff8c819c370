"""Law 4: every project walks a legal path; waits pair up."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given
from law_runs import Event, Run, facility_of, lawful, runs
from legal_steps import (
    AFTER_THE_END,
    APPRAISAL,
    BREACH,
    CALL,
    GIVEN_BACK,
    GRID,
    LINE,
    MACHINE,
    MAY_RECUR,
    ORDER,
    PART,
    PAUSE,
    PERMITS,
    RECORDED_GRANT,
    RECORDED_LEAPS,
    RECORDED_PART,
    SITE,
    UNIT,
    kinds_of,
)

from sim.events import TERMINAL, Cause, Kind


class Path:
    """One project's state: its line, and what goes on beside it."""

    def __init__(self, run: Run, project: int) -> None:
        self.lender = facility_of(run)
        row = run.world.entity.tolist().index(project)
        self.units = int(run.world.units[row])
        sector = list(run.config.sectors.values())[run.world.sector[row]]
        self.makers = {
            run.resource(f"equipment_{name}"): need.slots_per_unit
            for name, need in sector.equipment.items()
        }
        self.slices = len(run.config.policy.calls.slices)
        self.early_works = sector.permits.early_works_share > 0
        self.region = -1
        self.paused_at = -1
        self.cancelled_at = -1
        self.energised_at = -1
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
        given_back = kind in GIVEN_BACK and event.time == self.cancelled_at
        assert line != "over" or kind in AFTER_THE_END or given_back, event
        step = (kind, event.part, event.resource)
        assert kind in MAY_RECUR or step not in self.seen, event
        self.seen.add(step)
        if kind in kinds_of(LINE):
            self.gates(event)
            self.move(("line",), event, LINE, RECORDED_LEAPS if recorded else {})
        elif kind in kinds_of(PERMITS):
            assert line not in ("unknown", "built")
            assert line != "on site" or self.early_works
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
            self.site(event)
            self.move(("site",), event, SITE)
        elif kind in kinds_of(BREACH):
            wanted = "missed" if event.cause == Cause.CALL_MISSED else None
            assert wanted is None or self.states["call", event.part] == wanted
            self.move(("breach", event.part), event, BREACH)
        elif kind in kinds_of(PAUSE):
            assert line in ("selected", "in consultation", "consulted", "funded", "on site")
            self.move(("pause",), event, PAUSE)
            self.paused_at = event.time if kind == Kind.PAUSED else -1
        elif kind == Kind.MONEY_RETURNED:
            assert event.time == self.cancelled_at, event
        elif kind != Kind.HISTORY_EXCEEDED:
            self.machines_and_power(event)

    def machines_and_power(self, event: Event) -> None:
        kind, maker = event.kind, event.resource
        line = self.states["line",]
        if kind in kinds_of(ORDER):
            assert line in ("funded", "on site")
            assert self.states["call", 0] == "paid"
            assert event.amount == self.makers[maker] * self.units
            self.move(("order", maker), event, ORDER)
        elif kind in kinds_of(MACHINE):
            assert self.states["order", maker] == "ordered"
            assert kind == Kind.EQUIPMENT_DELIVERED or event.amount == self.makers[maker]
            assert 0 <= event.part < self.units
            self.move(("machine", maker, event.part), event, MACHINE)
        elif kind in kinds_of(GRID):
            assert kind == Kind.GRID_REQUESTED or maker == self.region
            self.region = maker
            self.move(("grid",), event, GRID)
        else:
            assert kind == Kind.UNIT_ENERGISED, event
            assert maker == self.region
            assert self.region < 0 or self.states["grid",] == "connected"
            self.energised_at = event.time
            self.move(("unit", event.part), event, UNIT)

    def site(self, event: Event) -> None:
        """The site works while not paused, and stops for what is not there."""
        paused = self.states["pause",] == "paused"
        if event.kind == Kind.BUILDING_BEGAN:
            assert not paused
        elif event.cause == Cause.CASH_STARVED:
            assert self.states["call", event.part] in ("open", "late", "missed")
        elif event.cause == Cause.PERMITS:
            assert self.early_works
            assert self.states["permits",] != "granted"
        elif event.cause == Cause.EQUIPMENT:
            assert self.makers
            assert self.states["unit", event.part] == "unknown"
        else:
            assert event.cause == Cause.PAUSED, event
            assert event.time == self.paused_at

    def call(self, event: Event) -> None:
        if 0 < event.part < self.slices:  # the call for an overrun has no place in their order
            assert self.states["call", event.part - 1] != "unknown"
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
            assert self.states["permits",] == "granted" or self.early_works
            assert self.states["pause",] != "paused"
        if kind in (Kind.UNIT_BUILT, Kind.BUILT):
            assert self.states["site",] == "at work"
            assert self.states["pause",] != "paused"
        if kind == Kind.UNIT_BUILT:
            for maker in self.makers:
                assert self.states["machine", maker, event.part] == "there"
            self.move(("unit", event.part), event, UNIT)
        if kind == Kind.BUILT:
            assert self.states["permits",] == "granted"
        if kind == Kind.CANCELLED:
            self.cancelled_at = event.time
        if kind == Kind.OPERATING:
            calls = {state for key, state in self.states.items() if key[0] == "call"}
            assert calls == {"paid"}
            units = [self.states["unit", unit] for unit in range(self.units)]
            assert units == ["energised"] * self.units
            assert event.time == self.energised_at


def check_paths(run: Run) -> None:
    paths = {project: Path(run, project) for project in run.world.entity.tolist()}
    for event in run.events:
        if event.project >= 0 and event.kind not in (Kind.WAIT_BEGAN, Kind.WAIT_ENDED):
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
