"""What is on record of a project on its way to building, worked out by hand.

Selected on 5 January and paid on 20 January 2026 on record; history ends with 31 March.
"""

from __future__ import annotations

from typing import Any

import pytest
from gate_cases import (
    PAID,
    chain,
    grid,
    halves,
    machines,
    months,
    one,
    plants,
    recorded,
)
from support.hand_runs import DAY, same, table

from sim.events import Kind
from sim.world import draw_world

GATES = (Kind.PERMITS_GRANTED, Kind.DEVELOPMENT_ENDED, Kind.NTP_ISSUED, Kind.BUILDING_BEGAN,
         Kind.BUILDING_STOPPED, Kind.UNIT_BUILT)  # fmt: skip


def plant(units: int = 1, **record: Any) -> dict[str, Any]:
    """A unit of 100 days, the next ones 20 days apart; years of permits and of development."""
    tree = plants(100, 20, A=one(units=units, **{**PAID, **record}))
    tree["sectors"]["gas"]["permits"]["work_months"] = months(2000)
    tree["sectors"]["gas"]["development"] = {"remaining_months": months(2000)}
    tree["programme"].update(as_of="2026-03-31", history="recorded")
    return tree


def check_ntp_on_record() -> None:
    """On 1 March, day 59; permits and development are implied. On 1 April 31 of 100 days are built
    on record: 69 are left, and the minute that keeps it from being built before."""
    it = recorded(plant(ntp_date="2026-03-01"))
    expected = """
        2026-03-01 00:00 A permits_granted recorded
        2026-03-01 00:00 A development_ended recorded
        2026-03-01 00:00 A ntp_issued recorded
        2026-04-01 00:00 A building_began 0.30999784723717194
        2026-06-09 00:01 A unit_built 1
    """
    same(it.lines(*GATES), table(expected))
    same(chain(it)[:4], [
        ("recorded", "2026-01-01", "2026-01-05"),
        ("recorded", "2026-01-05", "2026-03-01"),
        ("recorded", "2026-03-01", "2026-04-01"),
        ("nominal_building", "2026-04-01", "2026-06-09"),
    ])  # fmt: skip


def test_a_notice_to_proceed_on_record_implies_its_gates_and_what_was_built_since():
    check_ntp_on_record()


def test_the_units_of_a_site_on_record_have_begun_as_planned():
    """Day 31 of the line: the first unit has done 31 days, the second 11, the third none."""
    it = recorded(plant(units=3, ntp_date="2026-03-01"))
    rows = it.left.sites.start == it.left.sites.end
    same((it.left.sites.end_work[rows] / DAY).tolist(), [31, 11])
    built = [it.when(Kind.UNIT_BUILT, unit)["A"] // DAY for unit in range(3)]
    same(built, [59 + 100, 59 + 120, 59 + 140])


def test_a_slice_spent_on_record_and_not_paid_is_called_from_the_as_of_date():
    """Half is spent on day 50 after NTP on 21 January, day 20: before 1 April. Called that day."""
    it = recorded(halves(plant(ntp_date="2026-01-21")))
    same(it.lines(Kind.CALL_NOTICED)[1:], ["2026-04-01 00:00 A call_noticed #1 0.5"])
    same(it.lines(Kind.CALL_PAID)[1:], ["2026-04-01 00:00 A call_paid #1 0.5"])
    same(it.when(Kind.UNIT_BUILT), {"A": 120 * DAY + 1})  # in that minute, so nothing is lost


def test_a_building_that_should_have_ended_before_the_as_of_date_ends_behind_it():
    """50 days from 21 January would be 12 March."""
    tree = plant(ntp_date="2026-01-21")
    tree["sectors"]["gas"]["construction"].update(outcome_months=months(50))
    it = recorded(tree)
    assert it.when(Kind.UNIT_BUILT)["A"] >= it.plan.open_minute


def test_development_and_the_connection_happen_on_their_dates():
    tree = grid(plant(developed_date="2026-02-10", connected_date="2026-03-10"), 3000)
    tree["portfolio"]["projects"]["A"]["megawatts"] = 100
    it = recorded(tree)
    same(it.lines(Kind.DEVELOPMENT_ENDED), ["2026-02-10 00:00 A development_ended recorded"])
    same(it.lines(Kind.GRID_CONNECTED), ["2026-03-10 00:00 A grid_connected power_all recorded"])


def test_nothing_strikes_a_building_on_record_before_the_as_of_date():
    tree = plant(ntp_date="2026-03-01")
    tree["nature"]["hazards"] = {
        "before_building": {"pauses_per_year": 0, "cancellations_per_year": 0},
        "building": {"pauses_per_year": 0, "cancellations_per_year": 1e6},
        "pause_months": months(1),
    }
    cancelled = recorded(tree).when(Kind.CANCELLED)["A"]
    assert 90 * DAY <= cancelled < 91 * DAY


MACHINES = (Kind.EQUIPMENT_RESERVED, Kind.EQUIPMENT_ORDERED, Kind.SLOT_GRANTED,
            Kind.EQUIPMENT_DELIVERED)  # fmt: skip
CALLS = (Kind.CALL_NOTICED, Kind.CALL_PAID)


def test_a_later_payment_on_record_is_noticed_and_paid_on_its_date():
    """Half is spent on day 50 after NTP on 21 January: that call has been paid before."""
    it = recorded(halves(plant(ntp_date="2026-01-21", later_paid_dates=["2026-02-10"])))
    expected = """
        2026-01-05 00:00 A call_noticed recorded 0.5
        2026-01-20 00:00 A call_paid recorded 0.5
        2026-02-10 00:00 A call_noticed #1 recorded 0.5
        2026-02-10 00:00 A call_paid #1 recorded 0.5
    """
    same(it.lines(*CALLS), table(expected))
    same(it.lines(Kind.FUNDS_COMMITTED), ["2026-01-20 00:00 A funds_committed jbic_commitments "
                                          "recorded 1"])  # fmt: skip
    same(it.lines(Kind.BUILDING_STOPPED), [])


def test_a_later_payment_on_record_takes_the_money_of_its_year():
    """Half is paid in January of the quarter's 0.6; the half of February goes 0.4 beyond it."""
    tree = halves(plant(ntp_date="2026-01-21", later_paid_dates=["2026-02-10"]))
    tree["capacity"]["facilities"]["jbic"]["cash"] = {
        "currency": "usd", "first_year": 0.6, "per_fiscal_year": {"2026": 9}, "carry_over": False,
    }  # fmt: skip
    it = recorded(tree)
    same(it.lines(Kind.HISTORY_EXCEEDED), ["2026-02-10 00:00 A history_exceeded #1 jbic_cash "
                                           "recorded 0.4"])  # fmt: skip


def test_what_orders_machines_paid_on_record_orders_them_then():
    """The call for the order is paid on 10 February; its slot is there on 1 April."""
    tree = machines(halves(plant(later_paid_dates=["2026-02-10"]), "equipment_order"), 30, 0.5)
    expected = """
        2026-02-10 00:00 A equipment_ordered equipment_turbines recorded 1
        2026-04-01 00:00 A slot_granted equipment_turbines 1
        2026-05-01 00:00 A equipment_delivered equipment_turbines
    """
    same(recorded(tree).lines(*MACHINES), table(expected))


@pytest.mark.parametrize("day", ["2026-01-20", "2026-02-10"])
def test_an_order_on_record_stands_and_its_money_is_called_from_the_as_of_date(day: str):
    """With the first payment or behind it."""
    tree = machines(halves(plant(ordered_date=day), "equipment_order"), 30, 0.5)
    it = recorded(tree)
    same(it.lines(Kind.EQUIPMENT_ORDERED), [
        f"{day} 00:00 A equipment_ordered equipment_turbines recorded 1",
    ])  # fmt: skip
    same(it.lines(Kind.CALL_NOTICED)[1:], ["2026-04-01 00:00 A call_noticed #1 0.5"])


def test_slots_on_record_are_taken_whatever_is_there_and_the_rest_wait():
    """One slot in 2026, two in 2027: two were granted in 2026 on record, the third comes in 2027.

    The first is made from 10 February, 90 days: 11 May, and so is nothing before.
    """
    record = {"ordered_date": "2026-02-01", "slots_granted_dates": ["2026-02-10", "2026-03-01"]}
    it = recorded(machines(plant(units=3, **record), 90, 0.5, slots=[1, 2]))
    expected = """
        2026-02-01 00:00 A equipment_ordered equipment_turbines recorded 3
        2026-02-10 00:00 A slot_granted equipment_turbines recorded 1
        2026-03-01 00:00 A slot_granted #1 equipment_turbines recorded 1
        2026-05-11 00:00 A equipment_delivered equipment_turbines
        2026-05-30 00:00 A equipment_delivered #1 equipment_turbines
        2027-01-01 00:00 A slot_granted #2 equipment_turbines 1
        2027-04-01 00:00 A equipment_delivered #2 equipment_turbines
    """
    same(it.lines(*MACHINES), table(expected))


def test_a_slot_on_record_before_any_order_is_a_reservation():
    """Reserved on 10 January, ordered with the first payment of 20 January: made from then on."""
    it = recorded(machines(plant(slots_granted_dates=["2026-01-10"]), 90, 0.5))
    expected = """
        2026-01-10 00:00 A equipment_reserved equipment_turbines recorded 1
        2026-01-10 00:00 A slot_granted equipment_turbines recorded 1
        2026-01-20 00:00 A equipment_ordered equipment_turbines recorded 1
        2026-04-20 00:00 A equipment_delivered equipment_turbines
    """
    same(it.lines(*MACHINES), table(expected))


def test_machines_in_the_making_on_record_are_not_there_before_the_as_of_date():
    """From 20 January; between nothing and 120 days, and 71 have passed by 1 April."""
    tree = machines(plant(slots_granted_dates=["2026-01-10"]), 0, 0.5)
    months = 120 / 30.4375
    law = {"kind": "uniform", "low": 0, "high": months}
    tree["sectors"]["gas"]["equipment"]["turbines"]["delivery_months"] = law
    it = recorded(tree)
    there = it.when(Kind.EQUIPMENT_DELIVERED)["A"]
    drawn = draw_world(it.plan.nature, 1, 0).equipment_delivery[0, 0].item() / DAY
    # Its place among 0 to 120 days is its place among 71 to 120.
    assert there == pytest.approx((19 + 71 + (120 - 71) * drawn / 120) * DAY, abs=2)
