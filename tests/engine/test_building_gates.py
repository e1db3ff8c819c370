"""What stops a site on its way, worked out by hand: machines unit by unit, early works, slices.

Model sections 4.6-4.9. What is asserted stands in ``check_...`` functions for
``gate_faults.py``.
"""

from __future__ import annotations

from typing import Any

import gate_faults as faults
import numpy as np
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
    one_crew,
    plants,
    run_struck,
)
from support.hand_runs import CENTS_PER_BN, DAY, Run, constant, run, same, table
from support.small_faults import caught, label

from sim.engine.equipping import Equipping
from sim.engine.run import Engine
from sim.events import Kind
from sim.events.turns import Turn
from sim.plan.building import Need
from sim.plan.points import (
    BEGIN,
    EQUIPMENT,
    MONEY,
    NOTICE,
    PERMITS,
    UNIT,
    layout,
    of_line,
    of_project,
    of_unit,
)

MACHINES = (Kind.EQUIPMENT_ORDERED, Kind.SLOT_GRANTED, Kind.EQUIPMENT_DELIVERED)
NAMES = {NOTICE: "notice", MONEY: "money", PERMITS: "permits", EQUIPMENT: "machine", UNIT: "unit",
         BEGIN: "begin"}  # fmt: skip


# -- Points ----------------------------------------------------------------------------------------


def points_of(tree: dict[str, Any], *needs: Need) -> list[str]:
    """Day on its own clock, what and number of each point of the first project.

    Where the units begin, by the line; what goes by all units together; then each unit's own.
    """
    it = run(tree)
    site = layout(it.world, 0)
    units = [of_unit(list(needs), site, unit) for unit in range(site.units)]
    line = of_line(site) if len(units) > 1 else []
    return [
        f"{point.work / DAY:g} {NAMES[point.what]} {point.number}"
        + (f" kind {point.kind}" if point.kind else "")
        for of_course in (line, of_project(it.plan, it.world, 0, site), *units)
        for point in of_course
    ]


def units(count: int, interval_days: float, **row: Any) -> dict[str, Any]:
    """A plant of several units: 40 days for each, the next one built after an interval."""
    return plants(40, interval_days, A=one(bn=2, units=count, **row))


def test_one_unit_needs_its_machines_at_their_share_of_the_building():
    same(points_of(units(1, 0), Need(0, 1, 0.3)), ["12 machine 0", "40 unit 0"])


def check_units_begin_on_the_line() -> None:
    """Units of 40 days that end on days 40, 60 and 80 of the line begin on days 0, 20 and 40; each
    needs its machine at 0.3 of its own clock."""
    expected = """
        0 begin 0
        20 begin 1
        40 begin 2
        12 machine 0
        40 unit 0
        12 machine 1
        40 unit 1
        12 machine 2
        40 unit 2
    """
    same(points_of(units(3, 20), Need(0, 1, 0.3)), table(expected))


def test_each_unit_begins_in_time_for_its_place_and_needs_machines_on_its_own_clock():
    check_units_begin_on_the_line()


def test_two_kinds_of_machines_have_their_own_gates():
    needs = (Need(0, 1, 0.5), Need(1, 2, 0.25))
    same(points_of(units(1, 0), *needs), ["10 machine 0 kind 1", "20 machine 0", "40 unit 0"])


def test_calls_go_by_what_all_units_have_done_and_are_noticed_ahead_on_the_line():
    """Two units of 40 days that begin on days 0 and 20. Half of their 80 days is done when the line
    is at 30 (30 + 10); 5 days ahead it is at 25, with 25 + 5 = 30 done."""
    tree = halves(units(2, 20))
    tree["policy"]["calls"]["lead_margin_days"] = 5
    same(points_of(tree)[2:4], ["30 notice 1", "40 money 1"])


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
    """Two units of 40 days; the second begins on day 20, and needs its machine on day 44, 24 days
    on. One slot in 2026, the next on 1 January 2027 (day 365); 10 days of delivery: it goes on on
    11 January, with 16 days left. The first has its own, and runs on day 40, 10 February."""
    tree = machines(units(2, 20), 10, 0.6, [1])
    it = run(tree)
    expected = """
        2026-01-01 00:00 A equipment_ordered equipment_turbines 2
        2026-01-01 00:00 A building_began
        2026-01-01 00:00 A slot_granted equipment_turbines 1
        2026-01-11 00:00 A equipment_delivered equipment_turbines
        2026-02-10 00:00 A unit_built 1
        2027-01-01 00:00 A slot_granted #1 equipment_turbines 1
        2027-01-11 00:00 A equipment_delivered #1 equipment_turbines
        2027-01-27 00:00 A unit_built #1 1
        2027-01-27 00:00 A built
    """
    same(it.lines(*SITE, *MACHINES), table(expected))
    waits = it.lines(Kind.WAIT_BEGAN, Kind.WAIT_ENDED)
    assert "2026-02-14 00:00 A wait_began #1 equipment_turbines equipment" in waits
    assert "2027-01-11 00:00 A wait_ended #1 equipment_turbines equipment" in waits
    same(chain(it), [
        ("equipment", "2026-01-01", "2027-01-11"),
        ("nominal_building", "2027-01-11", "2027-01-27"),
    ])  # fmt: skip


def test_a_unit_whose_machines_are_late_stops_at_its_own_gate():
    check_later_machines()


def test_machines_delivered_in_the_minute_of_the_gate_stop_nobody():
    """12 days to the gate, 12 to deliver."""
    it = run(machines(units(1, 0), 12, 0.3))
    assert not it.lines(Kind.BUILDING_STOPPED, Kind.BUILDING_STOPPED)
    same(it.when(Kind.BUILT), {"A": 40 * DAY})


def twelve(late: bool) -> Run:
    """Twelve blocks of 400 days, one after 30; 100 people each. The first one's turbine comes two
    years late: it is the last to be granted, and the others hold theirs."""
    tree = plants(400, 30, A=one(bn=12, units=12))
    tree["sectors"]["gas"]["labour"].update(labour_years_per_usd_bn=730, specialist_share=1)
    it = run(machines(tree, 0, 0.3))
    if not late:
        return it
    gate = 120 * DAY  # of the first block
    plan, world = it.plan, it.world
    engine = Engine(plan, world)
    deliver = Equipping._delivered

    def delivered(self: Equipping, ordinal: int, kind: int, unit: int) -> None:
        if unit or self.programme.clock.now:
            deliver(self, ordinal, kind, unit)
            return
        engine.clock.at(
            gate + 730 * DAY, Turn.COMPLETION, ordinal, Kind.EQUIPMENT_DELIVERED, 99,
            lambda _: deliver(self, ordinal, kind, unit),
        )  # fmt: skip

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Equipping, "_delivered", delivered)
        return Run(it.config, plan, world, engine.run())


def check_eleven_go_on() -> None:
    """Block k is planned for day 400 + 30 k. The first stands from day 120 to day 850, and is built
    280 days later; the eleven others are built to the minute as planned."""
    planned, late = twelve(late=False), twelve(late=True)
    for unit in range(12):
        same(planned.when(Kind.UNIT_BUILT, unit), {"A": (400 + 30 * unit) * DAY})
        day = 1130 if unit == 0 else 400 + 30 * unit
        same(late.when(Kind.UNIT_BUILT, unit), {"A": day * DAY})
    same(late.when(Kind.BUILT), {"A": 1130 * DAY})
    same(late.lines(Kind.BUILDING_STOPPED), [])


def test_a_turbine_two_years_late_leaves_the_eleven_other_blocks_as_planned():
    check_eleven_go_on()


def check_crew_of_a_block() -> None:
    """730 days of building: 12 x 730 labour-years over two years are 4,380 people, all at once. In
    730 days of the line every block works 400 of them: each takes 4,380 x 730 / 4,800."""
    whole = 12 * 730 * 365.25 / 730
    block = round(whole * 730 / 4800, 3)
    market = twelve(late=True).left.market

    def wanted(day: float) -> float:
        return float(market.wanted[market.time <= day * DAY][-1])

    # On day 120 the first goes back and the fifth begins; on day 850 it comes back.
    found = [round(wanted(day) / block, 6) for day in (0, 30, 119, 120, 849, 850)]
    same(found, [1, 2, 4, 4, 0, 1])


def test_a_block_needs_its_part_of_the_crew_and_gives_it_back_while_it_waits():
    check_crew_of_a_block()


@pytest.mark.parametrize("interval", [0, 13, 40])
def test_labour_is_conserved_whatever_the_units_overlap(interval):
    """100 people-days of 12 units: what is granted over time, in people-days, is the whole."""
    tree = plants(40, interval, A=one(bn=5, units=12))
    tree["sectors"]["gas"]["labour"].update(labour_years_per_usd_bn=1000, specialist_share=0.4)
    it = run(tree)
    market = it.left.market
    days = np.diff(market.time) / DAY
    granted = float((market.granted[:-1] * days).sum())
    assert granted == pytest.approx(5 * 1000 * 0.4 * 365.25, rel=1e-6)


def test_units_one_after_the_other_need_the_same_crew_all_the_time():
    tree = plants(40, 40, A=one(bn=2, units=3))
    tree["sectors"]["gas"]["labour"].update(labour_years_per_usd_bn=1000, specialist_share=1)
    market = run(tree).left.market
    before = market.time < 120 * DAY
    assert set(market.wanted[before].tolist()) == {round(2000 * 365.25 / 120, 3)}


def test_too_few_people_slow_the_line_as_they_slow_the_units():
    """Half a crew for two units of 40 days, one after the other: built on days 80 and 160."""
    tree = one_crew(plants(40, 40, A=one(bn=2, units=2)))
    it = run(tree)
    need = int(it.world.specialists[0, 0]) / 1000
    tree["capacity"]["specialists"]["pools"]["electrical"]["people_at_start"] = need / 2
    it = run(tree)
    same(it.when(Kind.UNIT_BUILT, 0), {"A": 80 * DAY})
    same(it.when(Kind.UNIT_BUILT, 1), {"A": 160 * DAY})
    same(chain(it), [
        ("crews_short", "2026-01-01", "2026-02-10"),
        ("nominal_building", "2026-02-10", "2026-03-22"),
        ("crews_short", "2026-03-22", "2026-05-01"),
        ("nominal_building", "2026-05-01", "2026-06-10"),
    ])  # fmt: skip


def check_unpaid_slice_stops_all() -> None:
    """Two units of 40 days, the second from day 20 on. Half is spent on day 30, when 30 and 10 days
    are done; money comes on 1 April, day 90: built on days 100 and 120."""
    it = run(cash_on_1_april(halves(units(2, 20)), 1))
    expected = """
        2026-01-01 00:00 A building_began
        2026-01-31 00:00 A building_stopped #1 cash_starved 0.5
        2026-04-01 00:00 A building_began 0.5
        2026-04-11 00:00 A unit_built 1
        2026-05-01 00:00 A unit_built #1 1
        2026-05-01 00:00 A built
    """
    same(it.lines(*SITE), table(expected))
    same(chain(it)[:2], [
        ("nominal_building", "2026-01-01", "2026-01-21"),
        ("nominal_building", "2026-01-21", "2026-01-31"),
    ])  # fmt: skip


def test_an_unpaid_slice_stops_every_unit_and_the_line():
    check_unpaid_slice_stops_all()


def test_a_pause_stops_every_unit_and_the_line():
    """Paused on day 10 for 15 days: the second unit begins on day 35, not on day 20."""
    it = run_struck(hazards(units(2, 20)), pauses={"A": [(10, 15)]})
    same(it.when(Kind.UNIT_BUILT, 0), {"A": 55 * DAY})
    same(it.when(Kind.UNIT_BUILT, 1), {"A": 75 * DAY})


@pytest.mark.parametrize("rule", ["priority", "first_come_full_crew"])
def test_staffing_rules_see_the_units_of_a_site_in_their_order(rule):
    """People for one unit at a time, two units that begin together: one after the other."""
    tree = one_crew(plants(40, 0, A=one(bn=2, units=2)))
    it = run(tree)
    block = int(it.world.specialists[0, 0]) / 1000 / 2
    tree["capacity"]["specialists"]["pools"]["electrical"]["people_at_start"] = block
    tree["policy"].update(staffing=rule, staffing_minimum_share=1)
    it = run(tree)
    same(it.when(Kind.UNIT_BUILT, 0), {"A": 40 * DAY})
    same(it.when(Kind.UNIT_BUILT, 1), {"A": 80 * DAY})
    waits = [line for line in it.lines(Kind.WAIT_BEGAN, Kind.WAIT_ENDED) if "crews" in line]
    same(waits, [
        "2026-01-01 00:00 A wait_began #1 crews_waited",
        "2026-02-10 00:00 A wait_ended #1 crews_waited",
    ])  # fmt: skip


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


# -- Small faults, each caught by a check above: fault, check, and words of what the check then says

FAULTS = [
    (faults.machines_needed_later, check_later_machines, "2027-01-25"),
    (faults.units_begin_one_after_the_other, check_later_machines, "wait_began"),
    (faults.machines_stop_the_whole_site, check_eleven_go_on, "'A'"),
    (faults.every_unit_has_the_whole_crew, check_crew_of_a_block, "6.57.* instead of 1"),
    (faults.an_unpaid_slice_stops_only_the_line, check_unpaid_slice_stops_all, "2026-0"),
    (faults.orders_before_their_slice_is_paid, check_order_after_its_slice, "equipment"),
    (faults.the_cancelled_keep_their_slots, check_slots_of_the_cancelled, "'B', 1051200"),
    (faults.anybody_takes_a_reserved_slot, check_reserved, "A slot_granted"),
    (faults.slots_are_given_on_record, check_recorded_order, "slot_granted"),
    (faults.early_works_never_stop, check_early_works, "building_stopped"),
    (faults.an_overrun_is_called_from_the_envelope, check_topup, "funds_committed"),
]


@pytest.mark.parametrize(("fault", "check", "words"), FAULTS, ids=label)
def test_a_small_fault_is_caught(monkeypatch, fault, check, words):
    caught(monkeypatch, fault, check, words)
