"""Units built and energised on record, worked out by hand.

Notice to proceed on 21 January 2026, day 20; history ends with 31 March: 1 April is day 90. A unit
takes 30 days, the next ones come 10 days apart.
"""

from __future__ import annotations

from typing import Any

import pytest
from gate_cases import PAID, chain, grid, halves, machines, months, one, plants, recorded, row_of
from support.hand_runs import DAY, Run, same, table

from sim.events import LEDGER_CAUSES, Kind
from sim.events import ledger_causes as of
from sim.results.ledger.charging import charge
from sim.world import draw_world

UNITS = (Kind.UNIT_BUILT, Kind.UNIT_ENERGISED, Kind.BUILT, Kind.OPERATING)
SITE = (Kind.NTP_ISSUED, Kind.BUILDING_BEGAN, Kind.BUILDING_STOPPED)
MACHINES = (Kind.EQUIPMENT_ORDERED, Kind.SLOT_GRANTED, Kind.EQUIPMENT_DELIVERED)
FIRST, SECOND = "2026-02-25", "2026-03-22"  # days 55 and 80


def blocks(units: int, *built: str, runs: tuple[str, ...] = (), **record: Any) -> dict[str, Any]:
    row = {**PAID, "ntp_date": "2026-01-21", "units": units, **record}
    row |= {"units_built_dates": [*built], "units_energised_dates": [*runs]}
    tree = plants(30, 10, A=one(**row))
    tree["programme"].update(as_of="2026-03-31", history="recorded")
    return tree


def held(it: Run) -> dict[str, float]:
    """Days held by cause of the unit that speaks for the project."""
    days = charge(it.left).held[row_of(it, "A")] / DAY
    return {name: n for name, n in zip(LEDGER_CAUSES, days.tolist(), strict=True) if n}


def check_two_of_eleven() -> None:
    """The second stood after 60 days where 40 were planned: all come half as late again, the third
    15 days behind the second, and so on to the eleventh, 9 times 15 days."""
    it = recorded(blocks(11, FIRST, SECOND, runs=("2026-03-01",)))
    expected = """
        2026-01-21 00:00 A ntp_issued recorded
        2026-02-25 00:00 A unit_built recorded 0.0909090909
        2026-03-01 00:00 A unit_energised recorded 0.0909090909
        2026-03-22 00:00 A unit_built #1 recorded 0.0909090909
        2026-04-01 00:00 A unit_energised #1 0.0909090909
        2026-04-01 00:00 A building_began 0.3333352038618933
        2026-04-06 00:00 A unit_built #2 0.0909090909
    """
    same(it.lines(*SITE, *UNITS)[:7], table(expected))
    same([it.when(Kind.UNIT_BUILT, unit)["A"] // DAY for unit in range(2, 11)],
         [80 + 15 * n for n in range(1, 10)])  # fmt: skip


def test_of_eleven_blocks_two_stand_on_record_and_the_engine_goes_on_with_the_third():
    check_two_of_eleven()


def test_the_site_has_done_the_blocks_on_record_on_their_days_and_part_of_those_begun():
    """Of 45 days the third has done 40, the fourth 25, the fifth 10."""
    it = recorded(blocks(11, FIRST, SECOND))
    sites = it.left.sites
    rows = sites.start == sites.end
    same((sites.start[rows] // DAY).tolist(), [55, 80, 90, 90, 90])
    same([round(work / DAY) for work in sites.end_work[rows].tolist()], [45, 45, 40, 25, 10])


def test_what_lies_before_the_as_of_date_is_held_up_by_nothing():
    """The second of two stands without power until the record ends: nobody is charged for it."""
    it = recorded(blocks(2, FIRST, SECOND))
    assert it.when(Kind.OPERATING) == {"A": 90 * DAY}
    same(held(it), {"recorded": 90.0})
    same(chain(it)[-1], ("recorded", "2026-01-21", "2026-04-01"))


def test_a_unit_that_should_stand_by_the_as_of_date_does_not():
    """Built after 20 days, 50 have passed since, and 13.3 would be enough for the next, 20 planned
    between two of 30: of a first unit between nothing and 90 days only those beyond 75 are left."""
    tree = plants(30, 20, A=one(**PAID, ntp_date="2026-01-21", units=2,
                                units_built_dates=["2026-02-10"]))  # fmt: skip
    tree["programme"].update(as_of="2026-03-31", history="recorded")
    law = {"kind": "uniform", "low": 0, "high": 90 / 30.4375}
    tree["sectors"]["gas"]["construction"]["outcome_months"] = law
    it = recorded(tree)
    drawn = draw_world(it.plan.nature, 1, 0).first_unit[0].item() / DAY
    first = 75 + 15 * drawn / 90
    assert it.when(Kind.UNIT_BUILT, 1)["A"] == pytest.approx((40 + first * 20 / 30) * DAY, abs=3)


def test_what_runs_in_whole_on_record_is_over_then():
    it = recorded(halves(blocks(2, FIRST, SECOND, runs=("2026-03-01", "2026-03-25"),
                                later_paid_dates=["2026-03-22"])))  # fmt: skip
    expected = """
        2026-02-25 00:00 A unit_built recorded 0.5
        2026-03-01 00:00 A unit_energised recorded 0.5
        2026-03-22 00:00 A unit_built #1 recorded 0.5
        2026-03-22 00:00 A built recorded
        2026-03-25 00:00 A unit_energised #1 recorded 0.5
        2026-03-25 00:00 A operating recorded 1
    """
    same(it.lines(*UNITS), table(expected))
    same(it.lines(Kind.BUILDING_BEGAN), [])
    same(held(it), {"recorded": 83.0})


def test_machines_come_with_the_unit_that_stands_and_the_rest_as_they_may():
    """The second unit's slot is of the year 2026, which has one; the third's of 2027."""
    record = {"slots_granted_dates": ["2026-02-10"]}
    it = recorded(machines(blocks(3, FIRST, SECOND, **record), 90, 0.5, slots=[1, 2]))
    expected = """
        2026-01-20 00:00 A equipment_ordered equipment_turbines recorded 3
        2026-02-10 00:00 A slot_granted equipment_turbines recorded 1
        2026-02-25 00:00 A equipment_delivered equipment_turbines recorded
        2026-03-22 00:00 A slot_granted #1 equipment_turbines recorded 1
        2026-03-22 00:00 A equipment_delivered #1 equipment_turbines recorded
        2027-01-01 00:00 A slot_granted #2 equipment_turbines 1
        2027-04-01 00:00 A equipment_delivered #2 equipment_turbines
    """
    same(it.lines(*MACHINES), table(expected))
    # Without them it has done no more than half of its 45 days and a minute.
    same(it.lines(Kind.UNIT_BUILT)[2:], ["2027-04-23 12:01 A unit_built #2 0.33333333334"])


def test_a_unit_on_record_implies_the_order_whose_call_is_not_paid():
    tree = machines(halves(blocks(3, FIRST), "equipment_order"), 90, 0.5)
    it = recorded(tree)
    same(it.lines(Kind.EQUIPMENT_ORDERED), [
        "2026-02-25 00:00 A equipment_ordered equipment_turbines recorded 3",
    ])  # fmt: skip
    same(it.lines(Kind.CALL_NOTICED)[1:], ["2026-04-01 00:00 A call_noticed #1 0.5"])


def test_of_machines_in_the_making_those_of_units_on_record_say_nothing():
    """The second unit's, granted on 1 March, are not there after 31 of 0 to 120 days."""
    record = {"slots_granted_dates": ["2026-01-25", "2026-03-01"]}
    tree = machines(blocks(3, FIRST, **record), 0, 0.5)
    law = {"kind": "uniform", "low": 0, "high": 120 / 30.4375}
    tree["sectors"]["gas"]["equipment"]["turbines"]["delivery_months"] = law
    it = recorded(tree)
    drawn = draw_world(it.plan.nature, 1, 0).equipment_delivery[0, 0].item() / DAY
    there = it.when(Kind.EQUIPMENT_DELIVERED, 1)["A"]
    assert there == pytest.approx((59 + 31 + (120 - 31) * drawn / 120) * DAY, abs=2)


def test_what_runs_on_record_is_connected_and_what_only_stands_waits_for_megawatts():
    """50 MW in 2026, and 50 run beyond them on record; the second unit waits for those of 2027."""
    tree = grid(blocks(2, FIRST, SECOND, runs=("2026-03-01",), megawatts=100), 3000, [0, 50])
    it = recorded(tree)
    expected = """
        2026-03-01 00:00 A grid_connected power_all recorded
        2026-03-01 00:00 A unit_energised power_all recorded 0.5
        2028-01-01 00:00 A unit_energised #1 power_all 0.5
    """
    same(it.lines(Kind.GRID_CONNECTED, Kind.UNIT_ENERGISED), table(expected))
    days = charge(it.left).held[row_of(it, "A"), of.POWER] / DAY
    assert days == pytest.approx(it.when(Kind.UNIT_ENERGISED, 1)["A"] / DAY - 90)


def test_early_works_on_record_have_their_last_permit_with_the_first_unit():
    tree = blocks(3, FIRST)
    tree["sectors"]["gas"]["permits"] |= {"early_works_share": 0.1, "work_months": months(2000)}
    same(
        recorded(tree).lines(Kind.PERMITS_GRANTED), ["2026-02-25 00:00 A permits_granted recorded"]
    )
