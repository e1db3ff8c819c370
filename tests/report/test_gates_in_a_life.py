"""Machines, pauses, power and cancellation in the story and in the bars of the Gantt chart."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from made_runs import small_config

from sim.events import Cause, Kind
from sim.report.story.happenings import Happening
from sim.report.story.stages import Stage, Stretch, life
from sim.report.story.telling import Telling

DAY_ONE = date(2026, 1, 1)


def at(day: int, kind: Kind, **rest: Any) -> Happening:
    return Happening(day * 1440, DAY_ONE + timedelta(days=day), kind, **rest)


def wait(begin: int, end: int, cause: Cause, **rest: Any) -> list[Happening]:
    return [at(begin, Kind.WAIT_BEGAN, cause=cause, **rest),
            at(end, Kind.WAIT_ENDED, cause=cause, **rest)]  # fmt: skip


def told(*happened: Happening) -> list[str]:
    return [line.text for line in Telling(small_config()).tell(happened)]


def test_a_site_that_waits_for_machines_says_for_which_and_how_long():
    lines = told(
        at(0, Kind.BUILDING_BEGAN),
        at(0, Kind.EQUIPMENT_ORDERED, resource="equipment_turbines", amount=2.0),
        at(5, Kind.SLOT_GRANTED, resource="equipment_turbines", part=0),
        at(5, Kind.SLOT_GRANTED, resource="equipment_turbines", part=1),
        at(10, Kind.BUILDING_STOPPED, cause=Cause.EQUIPMENT, amount=0.3),
        at(10, Kind.WAIT_BEGAN, cause=Cause.EQUIPMENT, resource="equipment_turbines"),
        at(30, Kind.EQUIPMENT_DELIVERED, resource="equipment_turbines", part=0),
        at(30, Kind.WAIT_ENDED, cause=Cause.EQUIPMENT, resource="equipment_turbines"),
        at(30, Kind.BUILDING_BEGAN, amount=0.3),
    )

    assert lines == [
        "building begins",
        "ordered 2 turbines",
        "turbines: slots granted for units 1 and 2",
        "building stops at 30 % progress: waits for the machines of unit 1",
        "turbines: delivered for unit 1",
        "building goes on at 30 % progress, after 20 days waiting for the turbines of unit 1",
    ]


def test_a_pause_of_the_site_is_told_once():
    lines = told(
        at(0, Kind.BUILDING_BEGAN),
        at(10, Kind.PAUSED),
        at(10, Kind.BUILDING_STOPPED, cause=Cause.PAUSED, amount=0.1),
        at(40, Kind.RESUMED),
        at(40, Kind.BUILDING_BEGAN, amount=0.1),
    )

    assert lines[1:] == [
        "paused; building stops at 10 % progress",
        "resumed, after 30 days; building goes on at 10 % progress",
    ]


def test_a_wait_that_ends_with_the_pause_does_not_come_between():
    lines = told(
        at(0, Kind.BUILDING_BEGAN),
        at(0, Kind.WAIT_BEGAN, cause=Cause.CREWS_WAITED),
        at(10, Kind.PAUSED),
        at(10, Kind.WAIT_ENDED, cause=Cause.CREWS_WAITED),
        at(10, Kind.BUILDING_STOPPED, cause=Cause.PAUSED, amount=0.0),
    )

    assert lines[1:] == [
        "paused; building stops at 0 % progress",
        "... 10 days waiting for a crew",
    ]


def test_early_works_that_wait_for_permits_are_told_where_the_site_stops():
    lines = told(
        at(0, Kind.BUILDING_BEGAN),
        at(10, Kind.BUILDING_STOPPED, cause=Cause.PERMITS, amount=0.1),
        *wait(10, 20, Cause.PERMITS),
        at(20, Kind.BUILDING_BEGAN, amount=0.1),
    )

    assert lines[1:] == [
        "building stops at 10 % progress: early works done, waits for permits",
        "building goes on at 10 % progress, after 10 days",
    ]


def test_a_unit_that_waits_for_megawatts_is_energised_later():
    texas = {"resource": "power_ercot", "called": "the Texas grid"}
    lines = told(
        at(0, Kind.UNIT_BUILT, amount=1e9),
        at(0, Kind.UNIT_ENERGISED, amount=1e9, **texas),
        at(5, Kind.UNIT_BUILT, part=1, amount=1e9),
        at(5, Kind.BUILT),
        *wait(5, 9, Cause.POWER, part=1, **texas),
        at(9, Kind.UNIT_ENERGISED, part=1, amount=1e9, **texas),
        at(9, Kind.OPERATING, amount=2e9),
    )

    assert lines == [
        "unit 1 built ($1.0 bn); energised",
        "unit 2 built ($1.0 bn)",
        "... 4 days waiting for megawatts of the Texas grid for unit 2",
        "unit 2 energised ($1.0 bn); in operation, $2.0 bn completed",
    ]


def test_without_a_grid_energised_is_not_told():
    lines = told(
        at(0, Kind.UNIT_BUILT, amount=1e9),
        at(0, Kind.BUILT),
        at(0, Kind.UNIT_ENERGISED, amount=1e9),
        at(0, Kind.OPERATING, amount=1e9),
    )

    assert lines == ["unit 1 built ($1.0 bn); in operation, $1.0 bn completed"]


def test_a_cancelled_project_tells_what_becomes_of_calls_and_money_and_owes_nothing():
    telling = Telling(small_config())
    happened = [
        at(0, Kind.CALL_NOTICED, part=1, amount=2e9),
        at(9, Kind.CANCELLED, amount=9e9),
        at(9, Kind.CALL_WITHDRAWN, part=1, amount=2e9),
        at(9, Kind.MONEY_RETURNED, resource="jbic_cash", amount=1e9),
    ]

    lines = [line.text for line in telling.tell(happened)]

    assert lines[-1] == (
        "cancelled; $9.0 bn released; 2nd cash call withdrawn, $2.0 bn of it not drawn; "
        "$1.0 bn returned to JBIC"
    )
    assert telling.calls.unpaid() == []


def test_every_stop_of_a_site_has_its_bar():
    found = life(
        [
            at(0, Kind.PROPOSED),
            at(1, Kind.BUILDING_BEGAN),
            at(2, Kind.BUILDING_STOPPED, cause=Cause.PERMITS),
            at(3, Kind.BUILDING_BEGAN),
            at(4, Kind.BUILDING_STOPPED, cause=Cause.EQUIPMENT),
            at(5, Kind.PAUSED),
            at(6, Kind.RESUMED),
            at(7, Kind.BUILDING_BEGAN),
            at(8, Kind.BUILDING_STOPPED, cause=Cause.CASH_STARVED),
            at(9, Kind.BUILDING_BEGAN),
            *wait(9, 10, Cause.CREWS_WAITED),
            at(11, Kind.UNIT_BUILT),
            at(12, Kind.UNIT_BUILT, part=1),
            at(12, Kind.BUILT),
            at(12, Kind.UNIT_ENERGISED, part=1),
            at(14, Kind.UNIT_ENERGISED),
            at(14, Kind.OPERATING),
        ],
        end=20 * 1440,
    )

    days = [(stage, begin // 1440, end // 1440) for stage, begin, end in found.main]
    assert days == [
        (Stage.SCREENING, 0, 1),
        (Stage.BUILDING, 1, 2),
        (Stage.READY, 2, 3),
        (Stage.BUILDING, 3, 4),
        (Stage.MACHINES, 4, 5),
        (Stage.PAUSED, 5, 6),
        (Stage.MACHINES, 6, 7),
        (Stage.BUILDING, 7, 8),
        (Stage.STARVED, 8, 9),
        (Stage.UNCREWED, 9, 10),
        (Stage.BUILDING, 10, 12),
        (Stage.POWER, 12, 14),
        (Stage.OPERATING, 14, 20),
    ]
    assert [minute // 1440 for minute in found.units] == [11, 12]
    assert [minute // 1440 for minute in found.energised] == [14]


def test_a_pause_before_building_covers_what_it_holds_back():
    found = life(
        [
            at(0, Kind.SELECTED),
            at(1, Kind.PAUSED),
            at(2, Kind.CALL_PAID),
            at(4, Kind.RESUMED),
            at(4, Kind.BUILDING_BEGAN),
        ],
        end=5 * 1440,
    )

    assert [(stage, begin // 1440, end // 1440) for stage, begin, end in found.main] == [
        (Stage.FUNDING, 0, 1),
        (Stage.PAUSED, 1, 2),
        (Stage.PAUSED, 2, 4),
        (Stage.BUILDING, 4, 5),
    ]


@pytest.mark.parametrize("kind", [Kind.CANCELLED, Kind.DECLINED])
def test_what_is_given_up_ends_there(kind):
    found = life([at(0, Kind.SELECTED), at(3, kind)], end=9 * 1440)

    assert found.end is kind
    assert found.main == [Stretch(Stage.FUNDING, 0, 3 * 1440)]
