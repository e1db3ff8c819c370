"""Laws 1, 3 and 4 on cancellation, pauses, machines, the grid and early works."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from support.caught import caught, holds
from support.made_logs import BN, DAY
from support.one_life import Life, life_config, short_of_crews

from sim.events import LEDGER_CAUSES, Cause, Kind, Replication
from sim.results.laws import Evidence, Yardstick, evidence_of, money, partition, paths

TURBINES, OHIO = {"resource": "equipment_turbines"}, {"resource": "power_ohio"}
MACHINES = ("turbines",)


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
    life.note(34, Kind.NTP_ISSUED).note(34, Kind.EQUIPMENT_ORDERED, **TURBINES, amount=1)
    life.note(36, Kind.SLOT_GRANTED, **TURBINES, amount=1).at_work(34, 50, 0, 0.16).note(
        50, Kind.PAUSED
    )
    life.stop(50, Cause.PAUSED).note(60, Kind.RESUMED).at_work(60, 144, 0.16, 1)
    life.note(70, Kind.EQUIPMENT_DELIVERED, **TURBINES).note(80, Kind.GRID_CONNECTED, **OHIO)
    return life.wait(144, 150, Cause.POWER, "power_ohio").built(144, 150, region="power_ohio")


def check_life(evidence: Evidence):
    yield from paths.paths_are_legal(evidence)
    yield from paths.waits_pair_up(evidence)
    yield from money.called_money_adds_up(evidence)


def legal(life: Life, **config: Any) -> None:
    holds(check_life, life.replication(), life_config(**config))


def illegal(life: Life, text: str, **config: Any) -> None:
    caught(check_life, life.replication(), text, life_config(**config))


def without(life: Life, kind: Kind, which: int = 0) -> Life:
    rows = [row for row in life.diary.rows if row[2] == kind]
    life.diary.rows.remove(rows[which])
    return life


def test_a_life_with_machines_a_pause_and_the_grid_is_legal():
    legal(whole_life(), machines=MACHINES)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.EQUIPMENT_ORDERED, "SLOT_GRANTED before EQUIPMENT_ORDERED"),
        (Kind.SLOT_GRANTED, "EQUIPMENT_DELIVERED while machine 0 is not begun"),
        (Kind.GRID_REQUESTED, "GRID_CONNECTED before GRID_REQUESTED"),
        (Kind.GRID_CONNECTED, "UNIT_ENERGISED before GRID_CONNECTED"),
        (Kind.PAUSED, r"BUILDING_STOPPED for no reason \(paused\)"),
        (Kind.RESUMED, "BUILDING_BEGAN while paused"),
        (Kind.UNIT_ENERGISED, "OPERATING before the last UNIT_ENERGISED"),
    ],
)
def test_a_step_left_out_is_caught(kind, text):
    illegal(without(whole_life(), kind), f"'works': {text}", machines=MACHINES)


@pytest.mark.parametrize(
    ("day", "kind", "text"),
    [
        (33, Kind.EQUIPMENT_ORDERED, "EQUIPMENT_ORDERED before CALL_PAID"),
        (10, Kind.GRID_REQUESTED, "GRID_REQUESTED before SELECTED"),
        (19, Kind.PAUSED, "PAUSED before SELECTED"),
        (55, Kind.PAUSED, "PAUSED while its pause is paused"),
        (145, Kind.PAUSED, "PAUSED after BUILT"),
        (90, Kind.UNIT_ENERGISED, r"UNIT_ENERGISED before GRID_CONNECTED \(part 7\)"),
        (15, Kind.CANCELLED, "CANCELLED while the project is endorsed"),
        (145, Kind.CANCELLED, "CANCELLED while the project is built"),
        (40, Kind.CALL_WITHDRAWN, "CALL_WITHDRAWN before CANCELLED"),
        (40, Kind.MONEY_RETURNED, "MONEY_RETURNED before CANCELLED"),
    ],
)
def test_a_step_out_of_place_is_caught(day, kind, text):
    # Of a part of its own, so that it is no step taken twice.
    life = whole_life().note(day, kind, part=0 if kind == Kind.EQUIPMENT_ORDERED else 7)
    illegal(life, f"'works': {text}", machines=MACHINES)


def test_power_after_the_minute_of_the_last_unit_is_caught():
    life = whole_life()
    life.diary.rows = [row for row in life.diary.rows if row[2] != Kind.OPERATING]
    late = life.note(151, Kind.OPERATING, amount=BN)
    text = "OPERATING after the minute of the last UNIT_ENERGISED"
    illegal(late, text, machines=MACHINES)


def cancelled(withdrawn: float = BN / 4, returned: float = BN / 8, day: float = 60) -> Life:
    """On the site, with half a call open: jbic drew the first and half of the second."""
    life = Life().reviewed().appraised().permitted()
    life.note(20, Kind.FUNDING_DECIDED).note(20, Kind.CALL_NOTICED, amount=BN / 2)
    life.note(27, Kind.PART_DOCUMENTED, resource="jbic_desks")
    for kind, amount in ((Kind.PART_DRAWN, BN / 2), (Kind.PART_PAID, BN / 2)):
        life.note(34, kind, resource="jbic_cash", amount=amount)
    life.note(34, Kind.CALL_PAID, amount=BN / 2).note(34, Kind.NTP_ISSUED)
    life.note(34, Kind.CALL_NOTICED, part=1, amount=BN / 2).at_work(34, 60, 0, 0.26)
    life.note(50, Kind.PART_DOCUMENTED, resource="jbic_desks", part=1)
    life.note(50, Kind.PART_DRAWN, resource="jbic_cash", part=1, amount=BN / 4)
    life.wait(50, 60, Cause.FUNDING_MONEY, "jbic_cash", 1).note(60, Kind.CANCELLED, amount=BN)
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
    illegal(life, f"'works': {text}")


def test_nothing_is_drawn_after_a_cancellation():
    late = cancelled().note(60, Kind.PART_DRAWN, resource="jbic_cash", part=1, amount=1)
    illegal(late, "PART_DRAWN after the terminal CANCELLED")


def topped_up(cents: float) -> Replication:
    made = before_ntp().note(40, Kind.CALL_NOTICED, part=5, amount=cents).replication()
    ratio = np.array([1.25])
    return replace(made, attributes=replace(made.attributes, cost_ratio=ratio))


def test_japan_may_pay_exactly_the_overrun_beyond_the_commitment():
    holds(money.called_money_adds_up, topped_up(BN / 4))
    caught(
        money.called_money_adds_up,
        topped_up(BN / 4 + 1),
        "brings calls above the 100000000000 committed",
    )


def early() -> Life:
    life = before_ntp()
    for kind in (Kind.PERMIT_WORK_ENDED, Kind.PERMITS_GRANTED):
        without(life, kind).note(70, kind)
    return life.note(34, Kind.NTP_ISSUED).at_work(34, 134, 0, 1).built(134)


def test_only_a_sector_with_early_works_starts_before_its_last_permit():
    legal(early(), early_works_share=0.2)
    illegal(early(), "NTP_ISSUED while permits are at work")


def test_nothing_is_built_without_its_last_permit():
    life = without(early(), Kind.PERMITS_GRANTED)
    illegal(life, "BUILT while permits are decided", early_works_share=0.2)


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
    caught(partition.delays_partition, charged_otherwise(what, {cause: by}), f"'works': {text}")


def test_days_charged_twice_and_taken_back_are_caught():
    """The sum is right; a cause below zero is not."""
    made = charged_otherwise("minutes", {"power": -1, "paused": 1})
    caught(partition.delays_partition, made, "power has -1 minutes on the chain")


def charged_otherwise(what: str, by: dict[str, float]) -> Evidence:
    """A life short of crews whose ledger was tampered with."""
    made = evidence_of(short_of_crews((0, 1)).replication(), Yardstick(life_config()))
    holds(partition.delays_partition, made)
    values = getattr(made.charged, what).copy()
    for cause, minutes in by.items():
        values[0, LEDGER_CAUSES.index(cause) if cause else 0] += minutes
    return replace(made, charged=replace(made.charged, **{what: values}))


def test_a_stop_that_ended_in_its_minute_is_not_charged_for_the_pause_after_it():
    """Cash came at once, the machine on day 60, the pause ended on day 90."""
    life = Life().before_ntp().note(34, Kind.NTP_ISSUED).at_work(34, 34, 0, 0)
    life.stop(34, Cause.CASH_STARVED, 1).wait(34, 34, Cause.CASH_STARVED, part=1)
    life.at_work(34, 34, 0, 0).stop(34, Cause.EQUIPMENT).wait(34, 60, Cause.EQUIPMENT)
    life.note(50, Kind.PAUSED).wait(60, 90, Cause.PAUSED).note(90, Kind.RESUMED)
    life.at_work(90, 190, 0, 1).built(190)
    holds(partition.waits_are_charged_once, life.replication())
    assert ("paused", 60, 90) in life.chain()
