"""Every event and every cause can be said in plain English."""

from __future__ import annotations

from datetime import date

import pytest

from sim.events import LEDGER_CAUSES, Cause, Kind
from sim.events.ledger_causes import LEDGER_ROWS
from sim.report.figures.delay_bars import BARS, causes_of
from sim.report.story.happenings import Happening
from sim.report.story.machines import Lot, in_runs
from sim.report.story.sentences import in_days, listed, nth, sentence, what

START = date(2026, 1, 1)
TEXAS = "the Texas grid"


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_event_has_a_sentence_without_holes(kind):
    item = Happening(0, START, kind, resource="jbic_cash", cause=Cause.NONE, part=1, amount=2e9)

    text = sentence(item)

    assert text
    assert "{" not in text
    assert "_" not in text


@pytest.mark.parametrize("cause", [cause for cause in Cause if cause])
def test_every_cause_has_words(cause):
    assert cause.row.words
    assert bool(cause.row.waits_for) != bool(cause.row.note)  # a wait, or why something happened


def test_every_cause_of_the_ledger_has_words_and_a_bar_in_the_figure():
    drawn = [cause for bar in BARS for cause in causes_of(bar)]

    assert all(row.words for row in LEDGER_ROWS)
    assert sorted(drawn) == sorted(LEDGER_CAUSES)


def test_what_is_on_record_is_marked():
    item = Happening(0, START, Kind.SELECTED, cause=Cause.RECORDED, amount=33.3e9)

    assert sentence(item) == "selected by the President: $33.3 bn committed (on record)"


def test_numbers_and_lists_are_written_as_people_write_them():
    assert [nth(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 112)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th",
    ]  # fmt: skip
    assert listed(["JBIC"]) == "JBIC"
    assert listed(["JBIC", "NEXI", "equity"]) == "JBIC, NEXI and equity"
    assert [in_days(days) for days in (0.6, 1529.4)] == ["1 day", "1,529 days"]


def said(kind: Kind, **rest) -> str:
    return sentence(Happening(0, START, kind, **rest))


@pytest.mark.parametrize(
    ("kind", "rest", "words"),
    [
        (Kind.EQUIPMENT_ORDERED, {"resource": "equipment_turbines", "amount": 12.0},
         "ordered 12 turbines"),
        (Kind.EQUIPMENT_ORDERED, {"resource": "equipment_turbines", "amount": 1.0},
         "ordered 1 turbine"),
        (Kind.SLOT_GRANTED, {"resource": "equipment_turbines", "part": 2},
         "turbines: slot granted for unit 3"),
        (Kind.EQUIPMENT_DELIVERED, {"resource": "equipment_turbines", "part": 0},
         "turbines: delivered for unit 1"),
        (Kind.GRID_REQUESTED, {"resource": "power_ercot", "amount": 9200.0, "called": TEXAS},
         "connection to the Texas grid requested for 9,200 MW"),
        (Kind.GRID_REQUESTED, {"resource": "power_ercot", "amount": -9191.0, "called": TEXAS},
         "connection to the Texas grid requested to supply 9,191 MW"),
        (Kind.GRID_CONNECTED, {"resource": "power_ercot", "called": TEXAS},
         "connected to the Texas grid"),
        (Kind.UNIT_ENERGISED, {"part": 1, "amount": 2e9}, "unit 2 energised ($2.0 bn)"),
        (Kind.CANCELLED, {"amount": 12.3e9}, "cancelled; $12.3 bn released"),
        (Kind.CALL_WITHDRAWN, {"part": 1, "amount": 1e9},
         "2nd cash call withdrawn, $1.0 bn of it not drawn"),
        (Kind.MONEY_RETURNED, {"resource": "jbic_cash", "amount": 1e9}, "$1.0 bn returned to JBIC"),
        (Kind.BUILDING_STOPPED, {"cause": Cause.EQUIPMENT, "part": 2, "amount": 0.3},
         "building stops at 30 % progress: waits for the machines of unit 3"),
        (Kind.BUILDING_STOPPED, {"cause": Cause.PERMITS, "amount": 0.1},
         "building stops at 10 % progress: early works done, waits for permits"),
        (Kind.BREACH_CLOSED, {"cause": Cause.CANCELLED}, "the breach is closed: cancelled"),
    ],
)  # fmt: skip
def test_gates_and_hazards_are_told_in_a_planners_words(kind, rest, words):
    assert said(kind, **rest) == words


@pytest.mark.parametrize(
    ("cause", "resource", "called", "words"),
    [
        (Cause.POWER, "power_ercot", TEXAS, "megawatts of the Texas grid for unit 2"),
        (Cause.GRID_CONNECTION, "power_ercot", TEXAS, "the grid connection of unit 2"),
        (Cause.EQUIPMENT, "equipment_turbines", "", "the turbines of unit 2"),
        (Cause.EQUIPMENT_SLOT, "equipment_turbines", "", "makers' slots for turbines"),
        (Cause.CREWS_WAITED, "", "", "a crew"),
    ],
)
def test_what_is_waited_for_names_the_unit_and_the_region(cause, resource, called, words):
    item = Happening(0, START, Kind.WAIT_BEGAN, resource, cause, part=1, called=called)

    assert what(item) == words


def test_machines_of_one_minute_are_told_together():
    first, second, third, later = (
        Happening(time, START, Kind.SLOT_GRANTED, "equipment_turbines", part=part)
        for time, part in ((5, 0), (5, 1), (5, 2), (6, 3))
    )
    lot = Lot(first)

    assert lot.text == "turbines: slot granted for unit 1"
    assert [lot.takes(item) for item in (second, third, later)] == [True, True, False]
    assert lot.text == "turbines: slots granted for units 1 to 3"
    assert in_runs([1, 2, 4]) == "1, 2 and 4"
