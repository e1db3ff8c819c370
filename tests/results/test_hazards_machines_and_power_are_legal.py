"""Laws 1, 3 and 4 on cancellation, pauses, machines, the grid and early works."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_logs import BN, DAY
from one_life import Life, short_of_crews

from sim.errors import ModelError
from sim.events import LEDGER_CAUSES, Cause, Kind, Replication
from sim.results.laws.law_of_delays import delays_partition
from sim.results.laws.laws import calls_add_up, paths_are_legal, waits_pair_up
from sim.results.ledger.charging import charge

TURBINES, OHIO = {"resource": "equipment_turbines"}, {"resource": "power_ohio"}


def before_ntp() -> Life:
    """The shared life with both lenders' drawings."""
    life = Life().before_ntp()
    for day, lender in ((34, "jbic"), (30, "nexi")):
        life.note(day, Kind.PART_DRAWN, resource=f"{lender}_cash", amount=BN / 2)
    life.diary.rows.sort(key=lambda row: (row[0], row[2] in (Kind.PART_PAID, Kind.CALL_PAID)))
    return life


def whole_life() -> Life:
    """Machines, a pause, the grid: everything in its order."""
    life = before_ntp().note(20, Kind.GRID_REQUESTED, **OHIO)
    life.note(34, Kind.NTP_ISSUED).note(34, Kind.EQUIPMENT_ORDERED, **TURBINES)
    life.note(36, Kind.SLOT_GRANTED, **TURBINES).at_work(34, 50, 0, 0.16).note(50, Kind.PAUSED)
    life.stop(50, Cause.PAUSED).note(60, Kind.RESUMED).at_work(60, 144, 0.16, 1)
    life.note(70, Kind.EQUIPMENT_DELIVERED, **TURBINES).note(80, Kind.GRID_CONNECTED, **OHIO)
    return life.wait(144, 150, Cause.POWER, "power_ohio").built(144, 150)


def legal(life: Life, early_works: frozenset[int] = frozenset()) -> None:
    made = life.replication()
    paths_are_legal(made, early_works)
    waits_pair_up(made)
    calls_add_up(made)


def without(life: Life, kind: Kind, which: int = 0) -> Life:
    rows = [row for row in life.diary.rows if row[2] == kind]
    life.diary.rows.remove(rows[which])
    return life


def test_a_life_with_machines_a_pause_and_the_grid_is_legal():
    legal(whole_life())


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.EQUIPMENT_ORDERED, "SLOT_GRANTED before EQUIPMENT_ORDERED"),
        (Kind.SLOT_GRANTED, "EQUIPMENT_DELIVERED before SLOT_GRANTED"),
        (Kind.GRID_REQUESTED, "GRID_CONNECTED before GRID_REQUESTED"),
        (Kind.GRID_CONNECTED, "UNIT_ENERGISED before GRID_CONNECTED"),
        (Kind.PAUSED, "RESUMED without PAUSED"),
        (Kind.RESUMED, "BUILT while paused"),
        (Kind.UNIT_ENERGISED, "OPERATING before the last UNIT_ENERGISED"),
    ],
)
def test_a_step_left_out_is_caught(kind, text):
    with pytest.raises(ModelError, match=f"project 'works': {text}"):
        legal(without(whole_life(), kind))


@pytest.mark.parametrize(
    ("day", "kind", "text"),
    [
        (33, Kind.EQUIPMENT_ORDERED, "EQUIPMENT_ORDERED before CALL_PAID"),
        (10, Kind.GRID_REQUESTED, "GRID_REQUESTED before SELECTED"),
        (19, Kind.PAUSED, "PAUSED before SELECTED"),
        (55, Kind.PAUSED, "PAUSED while paused"),
        (145, Kind.PAUSED, "PAUSED after BUILT"),
        (90, Kind.UNIT_ENERGISED, "UNIT_ENERGISED before UNIT_BUILT"),
        (15, Kind.CANCELLED, "CANCELLED after ENDORSED"),
        (145, Kind.CANCELLED, "CANCELLED after BUILT"),
        (40, Kind.CALL_WITHDRAWN, "CALL_WITHDRAWN before CANCELLED"),
        (40, Kind.MONEY_RETURNED, "MONEY_RETURNED before CANCELLED"),
    ],
)
def test_a_step_out_of_place_is_caught(day, kind, text):
    # Of a part of its own, so that it is no step taken twice.
    life = whole_life().note(day, kind, part=0 if kind == Kind.EQUIPMENT_ORDERED else 7)
    with pytest.raises(ModelError, match=f"project 'works': {text}"):
        legal(life)


def test_power_after_the_minute_of_the_last_unit_is_caught():
    life = whole_life()
    life.diary.rows = [row for row in life.diary.rows if row[2] != Kind.OPERATING]
    with pytest.raises(ModelError, match="OPERATING after the minute of the last UNIT_ENERGISED"):
        legal(life.note(151, Kind.OPERATING, amount=BN))


def cancelled(withdrawn: float = BN / 4, returned: float = BN / 8, day: float = 60) -> Life:
    """On the site, with half a call open: jbic drew the first and half of the second."""
    life = Life().reviewed().appraised().permitted()
    life.note(20, Kind.FUNDING_DECIDED).note(20, Kind.CALL_NOTICED, amount=BN / 2)
    for kind, amount in ((Kind.PART_DRAWN, BN / 2), (Kind.PART_PAID, BN / 2)):
        life.note(34, kind, resource="jbic_cash", amount=amount)
    life.note(34, Kind.CALL_PAID, amount=BN / 2).note(34, Kind.NTP_ISSUED)
    life.note(34, Kind.CALL_NOTICED, part=1, amount=BN / 2).at_work(34, 60, 0, 0.26)
    life.note(50, Kind.PART_DRAWN, resource="jbic_cash", part=1, amount=BN / 4)
    life.note(60, Kind.CANCELLED, amount=BN).wait(50, 60, Cause.FUNDING_MONEY, "jbic_cash", 1)
    life.note(day, Kind.CALL_WITHDRAWN, part=1, amount=withdrawn)
    return life.note(day, Kind.MONEY_RETURNED, resource="jbic_cash", amount=returned)


def test_a_cancellation_withdraws_what_is_open_and_returns_what_was_drawn():
    legal(cancelled())
    legal(cancelled(returned=BN * 0.75))


@pytest.mark.parametrize(
    ("life", "text"),
    [
        (cancelled(withdrawn=BN / 4 - 1), "CALL_WITHDRAWN of .* is not the 25000000000 unpaid"),
        (without(cancelled(), Kind.CALL_WITHDRAWN), "call 1 leaves 25000000000 cents open after"),
        (cancelled(returned=BN * 0.75 + 1), "MONEY_RETURNED of .* exceeds the 75000000000 drawn"),
        (cancelled(day=61), "CALL_WITHDRAWN after the terminal CANCELLED"),
    ],
)
def test_a_lost_cent_or_a_late_step_of_a_cancellation_is_caught(life, text):
    with pytest.raises(ModelError, match=f"project 'works': {text}"):
        legal(life)


def test_nothing_is_drawn_after_a_cancellation():
    late = cancelled().note(60, Kind.PART_DRAWN, resource="jbic_cash", part=1, amount=1)
    with pytest.raises(ModelError, match="PART_DRAWN after the terminal CANCELLED"):
        legal(late)


def topped_up(cents: float) -> Replication:
    made = before_ntp().note(40, Kind.CALL_NOTICED, part=5, amount=cents).replication()
    ratio = np.array([1.25])
    return replace(made, attributes=replace(made.attributes, cost_ratio=ratio))


def test_japan_may_pay_exactly_the_overrun_beyond_the_commitment():
    calls_add_up(topped_up(BN / 4))
    with pytest.raises(ModelError, match="brings calls above the 100000000000 committed"):
        calls_add_up(topped_up(BN / 4 + 1))


def early() -> Life:
    life = before_ntp()
    for kind in (Kind.PERMIT_WORK_ENDED, Kind.PERMITS_GRANTED):
        without(life, kind).note(70, kind)
    return life.note(34, Kind.NTP_ISSUED).at_work(34, 134, 0, 1).built(134)


def test_only_a_sector_with_early_works_starts_before_its_last_permit():
    legal(early(), frozenset({0}))
    for sectors in (frozenset(), frozenset({1})):
        with pytest.raises(ModelError, match="NTP_ISSUED while permits are at PERMITS_BEGAN"):
            legal(early(), sectors)


def test_nothing_is_built_without_its_last_permit():
    life = without(early(), Kind.PERMITS_GRANTED)
    with pytest.raises(ModelError, match="BUILT while permits are at PERMIT_WORK_ENDED"):
        legal(life, frozenset({0}))


# --- law 3 ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "cause", "by", "text"),
    [
        ("minutes", "litigation", 1, f"delays of {204 * DAY + 1} minutes, {204 * DAY} from"),
        ("minutes", "appraisal", -1, f"delays of {204 * DAY - 1} minutes, {204 * DAY} from"),
        ("hidden", "selection_wait", -5 * DAY, "selection_wait has 0 minutes .* and -2880 hidden"),
        ("short_by_pool", "", 2 * DAY, "pools explain 89280.0 minutes of crews_short, 86400"),
    ],
)
def test_a_ledger_tampered_with_is_caught(what, cause, by, text):
    made = short_of_crews((0, 1)).replication()
    honest = charge(made)
    delays_partition(made, honest)
    values = getattr(honest, what).copy()
    values[0, LEDGER_CAUSES.index(cause) if cause else 0] += by
    with pytest.raises(ModelError, match=f"replication 0, project 'works': {text}"):
        delays_partition(made, replace(honest, **{what: values}))


def test_days_charged_twice_and_taken_back_are_caught():
    """The sum is right; a cause below zero is not."""
    made = short_of_crews((0, 1)).replication()
    honest = charge(made)
    values = honest.minutes.copy()
    values[0, LEDGER_CAUSES.index("power")] -= 1
    values[0, LEDGER_CAUSES.index("paused")] += 1
    with pytest.raises(ModelError, match="power has -1 minutes on the chain"):
        delays_partition(made, replace(honest, minutes=values))
