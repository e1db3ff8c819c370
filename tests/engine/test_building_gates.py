"""What stops a site on its way, worked out by hand: machines unit by unit, early works, slices.

Model sections 4.6-4.9. What is asserted stands in ``check_...`` functions for
``test_gate_faults.py``.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from gate_cases import (
    SITE,
    cash_on_1_april,
    chain,
    halves,
    hazards,
    hidden,
    machines,
    months,
    one,
    plants,
    run_struck,
)
from test_known_answers import CENTS_PER_BN, DAY, Run, constant, run, same, table

from sim.engine.equipping import Need
from sim.engine.points import EQUIPMENT, MONEY, NOTICE, PERMITS, UNIT, points
from sim.events import Kind

MACHINES = (Kind.EQUIPMENT_ORDERED, Kind.SLOT_GRANTED, Kind.EQUIPMENT_DELIVERED)
NAMES = {NOTICE: "notice", MONEY: "money", PERMITS: "permits", EQUIPMENT: "machine", UNIT: "unit"}


# -- Points ----------------------------------------------------------------------------------------


def points_of(tree: dict[str, Any], *needs: Need) -> list[str]:
    """Day, what and number of each point of the first project, and days of installing."""
    it = run(tree)
    return [
        f"{point.work / DAY:g} {NAMES[point.what]} {point.number}"
        + (f" kind {point.kind}" if point.kind else "")
        + (f" +{point.installing / DAY:g}" if point.installing else "")
        for point in points(it.plan, it.world, 0, list(needs))
    ]


def units(count: int, interval_days: float, **row: Any) -> dict[str, Any]:
    """A plant of several units: 40 days for the first, the next after an interval."""
    return plants(40, interval_days, A=one(bn=2, units=count, **row))


def test_one_unit_needs_its_machines_at_their_share_of_the_building():
    same(points_of(units(1, 0), Need(0, 1, 0.3)), ["12 machine 0", "40 unit 0"])


def test_each_unit_needs_its_machines_at_their_share_of_its_own_building():
    """Units of 40 days that end on days 40, 100 and 160 begin on days 0, 60 and 120."""
    expected = """
        12 machine 0
        40 unit 0
        72 machine 1
        100 unit 1
        132 machine 2
        160 unit 2
    """
    same(points_of(units(3, 60), Need(0, 1, 0.3)), table(expected))


def check_points_of_overlapping_units() -> None:
    """Units that end on days 40 and 60: the second begins on day 20 and is 0.6 done on day 44."""
    expected = """
        24 machine 0
        40 unit 0
        44 machine 1
        60 unit 1
    """
    same(points_of(units(2, 20), Need(0, 1, 0.6)), table(expected))


def test_the_gate_of_an_overlapping_unit_is_on_its_own_building():
    check_points_of_overlapping_units()


@pytest.mark.parametrize(("gate", "installing"), [(0.3, 8), (0, 20), (0.49, 0.4)])
def test_machines_of_a_later_unit_do_not_hold_up_the_one_before_it(gate, installing):
    """0.3 of the second unit are done on day 32: the gate stands behind the first, on day 40, and
    8 days of building must lie between delivery and going on."""
    expected = [f"{40 * gate:g} machine 0", "40 unit 0", f"40 machine 1 +{installing}", "60 unit 1"]
    same(points_of(units(2, 20), Need(0, 1, gate)), expected)


def test_units_without_an_interval_end_together_each_with_its_machines():
    expected = ["20 machine 0", "40 unit 0", "40 machine 1 +20", "40 unit 1"]
    same(points_of(units(2, 0), Need(0, 1, 0.5)), expected)


def test_a_gate_at_the_end_comes_before_its_unit():
    expected = ["40 machine 0", "40 unit 0", "60 machine 1", "60 unit 1"]
    same(points_of(units(2, 20), Need(0, 1, 1.0)), expected)


def test_two_kinds_of_machines_have_their_own_gates():
    needs = (Need(0, 1, 0.5), Need(1, 2, 0.25))
    same(points_of(units(1, 0), *needs), ["10 machine 0 kind 1", "20 machine 0", "40 unit 0"])


def test_calls_stop_the_site_where_the_money_before_them_is_spent():
    """30 %, 40 % and 30 %: the second is called at NTP and needed at 30 %, the third noticed 5 days
    ahead of 60 % and needed at 70 %."""
    tree = plants(100, A=one())
    tree["policy"]["calls"].update(lead_margin_days=5, slices={
        "one": {"share": 0.3, "trigger": "selection"},
        "two": {"share": 0.4, "trigger": "ntp"},
        "three": {"share": 0.3, "trigger": "progress 0.6"},
    })  # fmt: skip
    same(points_of(tree), ["30 money 1", "55 notice 2", "70 money 2", "100 unit 0"])


def test_early_works_end_at_their_share():
    tree = plants(100, A=one())
    tree["sectors"]["gas"]["permits"]["early_works_share"] = 0.2
    same(points_of(tree), ["20 permits 0", "100 unit 0"])


# -- Machines --------------------------------------------------------------------------------------


def check_later_machines() -> None:
    """Two units (days 40 and 60), the second's machine needed on day 44. One slot in 2026, the next
    on 1 January 2027 (day 365); 10 days of delivery: it goes on on 11 January, 16 days are left."""
    tree = machines(units(2, 20), 10, 0.6, [1])
    expected = """
        2026-01-01 00:00 A equipment_ordered equipment_turbines 2
        2026-01-01 00:00 A building_began
        2026-01-01 00:00 A slot_granted equipment_turbines 1
        2026-01-11 00:00 A equipment_delivered equipment_turbines
        2026-02-10 00:00 A unit_built 1
        2026-02-14 00:00 A building_stopped #1 equipment 0.7333333333333333
        2027-01-01 00:00 A slot_granted #1 equipment_turbines 1
        2027-01-11 00:00 A equipment_delivered #1 equipment_turbines
        2027-01-11 00:00 A building_began 0.7333333333333333
        2027-01-27 00:00 A unit_built #1 1
        2027-01-27 00:00 A built
    """
    same(run(tree).lines(*SITE, *MACHINES), table(expected))


def test_a_unit_whose_machines_are_late_stops_the_site_at_its_gate():
    check_later_machines()


def check_unit_before() -> None:
    """The same with a gate at 0.3, on day 40: the first unit runs on day 40 (10 February). The
    second's machine is there on 11 January; 8 days of building later, the 19th, 20 are left."""
    it = run(machines(units(2, 20), 10, 0.3, [1]))
    expected = """
        2026-02-10 00:00 A unit_energised 1
        2027-02-08 00:00 A unit_energised #1 1
    """
    same(it.lines(Kind.UNIT_ENERGISED), table(expected))


def test_the_unit_before_runs_while_the_site_waits_for_the_machines_of_the_next():
    check_unit_before()


def check_installing(days: int = 25) -> None:
    """Needed from the start, and the second unit starts half way through the first.

    The first has the slot of 2026, the second one of 1 January 2027, so many days after the start,
    both delivered at once. Behind the first unit, on day 40, 20 days of the second's own building
    must lie behind it: if its machines came on day 21 or later, the site waits.
    """
    start = date(2027, 1, 1) - timedelta(days=days)
    tree = machines(units(2, 20), 0, 0, [1])
    tree["portfolio"]["projects"]["A"]["proposed_date"] = start.isoformat()
    it = run(tree)
    began = it.when(Kind.NTP_ISSUED)["A"]
    same(it.when(Kind.BUILT), {"A": began + (60 + max(0, days + 20 - 40)) * DAY})


@pytest.mark.parametrize("days", [15, 20, 21, 25, 45])
def test_what_is_left_of_a_units_own_building_is_waited_for_after_its_machines_came(days):
    check_installing(days)


# -- Early works -----------------------------------------------------------------------------------


def early_works(permits_days: float, share: float = 0.2) -> Run:
    tree = plants(100, A=one())
    tree["sectors"]["gas"]["permits"].update(
        work_months=months(permits_days), early_works_share=share
    )
    return run(tree)


def check_early_works() -> None:
    """NTP at once; a fifth is done on day 20; permits on day 60; 80 days more: day 140, 21 May."""
    it = early_works(60)
    expected = """
        2026-01-01 00:00 A ntp_issued
        2026-01-01 00:00 A building_began
        2026-01-21 00:00 A building_stopped permits 0.2
        2026-03-02 00:00 A permits_granted
        2026-03-02 00:00 A building_began 0.2
        2026-05-21 00:00 A unit_built 1
        2026-05-21 00:00 A built
    """
    same(it.lines(Kind.NTP_ISSUED, Kind.PERMITS_GRANTED, *SITE), table(expected))
    same(
        chain(it),
        [
            ("permit_work", "2026-01-01", "2026-03-02"),
            ("nominal_building", "2026-03-02", "2026-05-21"),
        ],
    )
    same(hidden(it), {"nominal_building": 20})


def test_early_works_stop_at_their_share_until_the_last_permit():
    check_early_works()


@pytest.mark.parametrize("days", [10, 20])
def test_permits_there_when_early_works_are_done_stop_nothing(days):
    """Also in the very minute: the permit comes first in it."""
    it = early_works(days)
    assert not it.lines(Kind.BUILDING_STOPPED)
    same(it.when(Kind.BUILT), {"A": 100 * DAY})


def test_without_early_works_building_starts_with_the_permits():
    it = early_works(60, share=0)
    same(it.when(Kind.NTP_ISSUED), {"A": 60 * DAY})
    same(it.when(Kind.BUILT), {"A": 160 * DAY})


# -- The slice for equipment -----------------------------------------------------------------------


def check_order_after_its_slice() -> None:
    """Half is paid on day 0, the other half called with it and paid on 1 April, day 90.

    NTP on day 0. On day 50 the first half is spent: stopped until 1 April. Ordered that day, the
    machine comes on the 11th, and the second 50 days end on 31 May.
    """
    tree = machines(halves(plants(100, A=one()), "equipment_order"), 10, 0.5)
    it = run(cash_on_1_april(tree, 0.5))
    expected = """
        2026-01-01 00:00 A call_noticed 0.5
        2026-01-01 00:00 A call_paid 0.5
        2026-01-01 00:00 A call_noticed #1 0.5
        2026-01-01 00:00 A ntp_issued
        2026-01-01 00:00 A building_began
        2026-02-20 00:00 A building_stopped #1 cash_starved 0.5
        2026-04-01 00:00 A call_paid #1 0.5
        2026-04-01 00:00 A equipment_ordered equipment_turbines 1
        2026-04-01 00:00 A slot_granted equipment_turbines 1
        2026-04-01 00:00 A building_began 0.5
        2026-04-01 00:00 A building_stopped equipment 0.5
        2026-04-11 00:00 A equipment_delivered equipment_turbines
        2026-04-11 00:00 A building_began 0.5
        2026-05-31 00:00 A unit_built 1
        2026-05-31 00:00 A built
    """
    kinds = (Kind.CALL_NOTICED, Kind.CALL_PAID, Kind.NTP_ISSUED, *MACHINES, *SITE)
    same(sorted(it.lines(*kinds)), sorted(table(expected)))
    # The order waited for its slice's money, and that for the first call.
    assert ("equipment", "2026-04-01", "2026-04-11") in chain(it)


def test_equipment_is_ordered_when_the_slice_meant_for_it_is_paid():
    check_order_after_its_slice()


def test_without_such_a_slice_equipment_is_ordered_with_the_first_payment():
    tree = machines(halves(plants(100, A=one())), 10, 0.5)
    same(run(cash_on_1_april(tree, 0.5)).when(Kind.EQUIPMENT_ORDERED), {"A": 0})


# -- What an overrun costs -------------------------------------------------------------------------


def overrun(ratio: float = 1.25, bn: float = 1, by: str = "japan_topup", **row: Any) -> Run:
    """100 days; what it costs beyond the plan is called 10 days ahead of the end of the planned
    money, which is spent at 1 / ``ratio``. 1 bn of money until 1 April (day 90). An envelope
    without room for more."""
    tree = cash_on_1_april(plants(100, A=one(bn=bn, **row)), bn)
    tree["sectors"]["gas"]["construction"]["cost_ratio"] = constant(ratio)
    tree["policy"]["overrun_paid_by"] = by
    tree["policy"]["calls"]["lead_margin_days"] = 10
    tree["programme"]["envelope_usd_bn"] = bn * row.get("japan_share", 1)
    return run(tree)


CALLS = (Kind.CALL_NOTICED, Kind.FUNDS_COMMITTED, Kind.CALL_PAID)


def test_slices_run_out_sooner_where_japan_pays_the_overrun():
    """Two halves at a ratio of 1.25: the money of the first is spent at 0.4, of both at 0.8; the
    second is called 10 days ahead of a half of the plan, 0.4, and the overrun 10 ahead of 0.8."""
    tree = halves(plants(100, A=one()))
    tree["sectors"]["gas"]["construction"]["cost_ratio"] = constant(1.25)
    tree["policy"]["overrun_paid_by"] = "japan_topup"
    tree["policy"]["calls"]["lead_margin_days"] = 10
    expected = """
        30 notice 1
        40 money 1
        70 notice 2
        80 money 2
        100 unit 0
    """
    same(points_of(tree), table(expected))


def check_topup() -> None:
    """1 / 1.25 = 0.8: noticed on day 70, 12 March, spent on day 80, 22 March; money on 1 April; 20
    days more: 21 April."""
    it = overrun()
    expected = """
        2026-01-01 00:00 A call_noticed 1
        2026-01-01 00:00 A funds_committed jbic_commitments 1
        2026-01-01 00:00 A call_paid 1
        2026-01-01 00:00 A building_began
        2026-03-12 00:00 A call_noticed #1 0.25
        2026-03-22 00:00 A building_stopped #1 cash_starved 0.8
        2026-04-01 00:00 A call_paid #1 0.25
        2026-04-01 00:00 A building_began 0.8
        2026-04-21 00:00 A unit_built 1
        2026-04-21 00:00 A built
    """
    same(it.lines(*CALLS, *SITE), table(expected))
    trace = it.left.capacity
    envelope = trace.resource == it.plan.resource["envelope"]
    assert trace.in_use[envelope].max() == CENTS_PER_BN
    same(it.when(Kind.OPERATING), {"A": 110 * DAY})


def test_an_overrun_japan_pays_is_one_more_call_outside_the_envelope():
    check_topup()


@pytest.mark.parametrize(
    ("cents", "topup"), [(0, 25_000_000_000), (1, 25_000_000_000), (3, 25_000_000_001)]
)
def test_an_overrun_is_called_to_the_cent(cents, topup):
    """A quarter of 1 bn and 1 or 3 cents: 0.25 and 0.75 cents more, to the nearest."""
    log = overrun(bn=1 + cents / CENTS_PER_BN).left.log
    called = log.amount[(log.kind == Kind.CALL_NOTICED) & (log.part == 1)]
    same(called.tolist(), [topup])


def test_japan_pays_its_share_of_an_overrun():
    """Half of a project of 2 bn: half of 0.5 bn."""
    lines = overrun(bn=2, japan_share=0.5).lines(Kind.CALL_NOTICED)
    same(lines[1:], ["2026-03-12 00:00 A call_noticed #1 0.25"])


@pytest.mark.parametrize(
    ("ratio", "by"), [(1.25, "partners"), (1.0, "japan_topup"), (0.8, "japan_topup")]
)
def test_partners_overruns_and_savings_are_no_call(ratio, by):
    it = overrun(ratio, by=by)
    same(it.when(Kind.CALL_NOTICED), {"A": 0})
    same(it.when(Kind.BUILT), {"A": 100 * DAY})


# -- Slots -----------------------------------------------------------------------------------------


def check_reserved() -> None:
    """A orders first, B holds the one slot of 2026 and takes it; 2027 has one, for A.

    100 days each, machine at half: A stops on day 50 until 1 January 2027.
    """
    tree = plants(100, A=one(), B=one("2026-02-01"))
    it = run(machines(tree, 0, 0.5, [0, 1], reserved={"B": {"2026": 1}}))
    expected = """
        2026-01-01 00:00 A equipment_ordered equipment_turbines 1
        2026-02-01 00:00 B equipment_ordered equipment_turbines 1
        2026-02-01 00:00 B slot_granted equipment_turbines 1
        2026-02-01 00:00 B equipment_delivered equipment_turbines
        2027-01-01 00:00 A slot_granted equipment_turbines 1
        2027-01-01 00:00 A equipment_delivered equipment_turbines
    """
    same(it.lines(*MACHINES), table(expected))
    same(it.when(Kind.BUILT), {"A": 415 * DAY, "B": 131 * DAY})


def test_a_reserved_slot_waits_for_its_project_and_nobody_else_takes_it():
    check_reserved()


def test_slots_reserved_for_a_later_year_are_there_on_its_first_day():
    tree = plants(100, A=one(units=2))
    it = run(machines(tree, 0, 0.5, [1, 0, 0, 9], reserved={"A": {"2028": 1}}))
    same(it.when(Kind.SLOT_GRANTED, part=0), {"A": 0})
    same(it.when(Kind.SLOT_GRANTED, part=1), {"A": 730 * DAY})


def recorded(slots: Any) -> Run:
    """A is on record as selected on 5 and paid on 20 January; history ends with 31 March. B is
    proposed on 1 February and enters the day after."""
    tree = plants(100, B=one("2026-02-01"), A=one(
        "2026-01-01", selected_date="2026-01-05", first_paid_date="2026-01-20"
    ))  # fmt: skip
    tree["programme"].update(as_of="2026-03-31", history="recorded")
    return run(machines(tree, 10, 0.5, slots))


def check_recorded_order() -> None:
    """One slot in 2026, one in 2027: A's order is older; filled on 1 April, as all are."""
    expected = """
        2026-01-20 00:00 A equipment_ordered equipment_turbines recorded 1
        2026-04-01 00:00 B equipment_ordered equipment_turbines 1
        2026-04-01 00:00 A slot_granted equipment_turbines 1
        2026-04-11 00:00 A equipment_delivered equipment_turbines
        2027-01-01 00:00 B slot_granted equipment_turbines 1
        2027-01-11 00:00 B equipment_delivered equipment_turbines
    """
    same(recorded([1, 1]).lines(*MACHINES), table(expected))


def test_an_order_on_record_gets_its_slot_after_the_as_of_date_and_keeps_its_place():
    check_recorded_order()


def test_an_order_on_record_of_an_unlimited_maker_gets_its_slot_when_history_ends():
    expected = """
        2026-01-20 00:00 A equipment_ordered equipment_turbines recorded 1
        2026-04-01 00:00 A slot_granted equipment_turbines 1
        2026-04-11 00:00 A equipment_delivered equipment_turbines
    """
    lines = [line for line in recorded("unlimited").lines(*MACHINES) if " A " in line]
    same(lines, table(expected))


def check_slots_of_the_cancelled() -> None:
    """A holds a slot of 2027, and is cancelled on day 10, before it; B takes it on 1 January."""
    tree = hazards(plants(100, A=one(), B=one("2026-02-01")))
    machines(tree, 0, 0.5, [0, 0, 9], reserved={"A": {"2027": 1}})
    it = run_struck(tree, cancels={"A": 10})
    same(it.when(Kind.SLOT_GRANTED), {"B": 365 * DAY})


def test_slots_reserved_for_a_cancelled_project_go_to_others():
    check_slots_of_the_cancelled()
