"""The backward chain at every join, each branch last in turn; numbers are days, see one_life."""

from __future__ import annotations

import pytest
from support.chains import chain_of
from support.made_logs import BN, DAY
from support.one_life import END, NAMES, Chain, Life, short_of_crews

from sim.events import Cause, Kind
from sim.results.ledger.charging import charge

REVIEWED: Chain = [
    ("team_queue", 0, 2),
    ("reviewing", 2, 10),
    ("cc_wait", 10, 13),
    ("ic_wait", 13, 17),
]
SELECTED: Chain = [*REVIEWED, ("selection_wait", 17, 20)]
FUNDED: Chain = [
    *REVIEWED,
    ("appraisal", 17, 25),
    ("funding_desk", 25, 27),
    ("funding_window", 27, 30),
    ("funding_money", 30, 34),
]
PERMITTED: Chain = [*REVIEWED[:2], ("permit_queue", 10, 12)]
NTP = Kind.NTP_ISSUED


def building(begin: float, end: float) -> tuple[str, float, float]:
    return ("nominal_building", begin, end)


def built(life: Life, begin: float) -> Life:
    return life.note(begin, NTP).at_work(begin, begin + 100, 0, 1).built(begin + 100)


# --- notice to proceed ------------------------------------------------------------------------


def test_funding_last_leads_over_the_lender_paid_last_to_its_appraisal():
    life = built(Life().before_ntp(), 34)
    assert life.chain() == [*FUNDED, building(34, 134)]
    # nexi's appraisal and window lie within jbic's, and three days of its desk do not;
    # selection came while jbic appraised.
    assert life.hidden() == {
        "selection_wait": 3, "permit_work": 21, "permit_queue": 2, "funding_desk": 3,
    }  # fmt: skip


def test_permits_last_lead_to_the_application():
    life = built(Life().reviewed().appraised().funded().permitted(40), 40)
    assert life.chain() == [*PERMITTED, ("permit_work", 12, 40), building(40, 140)]
    hidden = {"cc_wait": 3, "ic_wait": 4, "selection_wait": 3, "appraisal": 8}
    funding = {"funding_window": 3, "funding_desk": 5, "funding_money": 4}
    assert life.hidden() == hidden | funding


def test_court_is_litigation():
    life = built(Life().reviewed().appraised().funded().permitted(38, court=(30, 38)), 38)
    court = [("permit_work", 12, 30), ("litigation", 30, 38)]
    assert life.chain() == [*PERMITTED, *court, building(38, 138)]


def test_permits_and_funding_that_clear_together_are_permits():
    life = built(Life().reviewed().appraised().funded().permitted(34), 34)
    assert life.chain() == [*PERMITTED, ("permit_work", 12, 34), building(34, 134)]


def test_lenders_who_pay_together_are_the_first_of_the_config():
    life = Life().reviewed().appraised().permitted().note(20, Kind.FUNDING_DECIDED).noticed()
    for lender, documented in (("nexi", 26), ("jbic", 28)):
        life.note(documented, Kind.PART_DOCUMENTED, resource=f"{lender}_desks")
        life.wait(documented, 34, Cause.FUNDING_MONEY, f"{lender}_cash")
        life.note(34, Kind.PART_PAID, resource=f"{lender}_cash", amount=BN / 2)
    chain = built(life.note(34, Kind.CALL_PAID, amount=BN), 34).chain()
    assert chain[5:7] == [("funding_desk", 25, 28), ("funding_money", 28, 34)]


@pytest.mark.parametrize(
    ("consulted", "way"),
    [
        (26, [*SELECTED, ("consultation", 20, 26)]),
        (25, [*REVIEWED, ("appraisal", 17, 25)]),  # together: appraisal
        (24, [*REVIEWED, ("appraisal", 17, 25)]),
    ],
)
def test_payment_starts_with_the_last_of_notice_appraisal_and_consultation(consulted, way):
    life = Life().before_ntp().note(20, Kind.CONSULTATION_BEGAN)
    chain = built(life.note(consulted, Kind.CONSULTATION_ENDED), 34).chain()
    assert chain[: len(way)] == way
    assert chain[len(way)] == ("funding_desk", max(25, consulted), 27)


def test_an_appraisal_that_ended_before_the_notice_delays_nothing():
    life = Life().reviewed().appraised(20, 19).funded().permitted()
    assert built(life, 34).chain()[:6] == [*SELECTED, ("funding_desk", 20, 27)]


def test_the_lender_paid_last_leads_to_its_own_appraisal_from_its_request():
    """nexi, queue included."""
    life = Life().reviewed().appraised(20, 26).funded(30, 34).permitted()
    assert built(life, 34).chain()[4:6] == [("appraisal", 17, 26), ("funding_desk", 26, 27)]


def test_a_pause_that_ends_last_is_charged_from_where_the_other_gates_cleared():
    life = Life().before_ntp().note(30, Kind.PAUSED).wait(34, 45, Cause.PAUSED)
    life = built(life.note(45, Kind.RESUMED), 45)
    assert life.chain() == [*FUNDED, ("paused", 34, 45), building(45, 145)]
    assert life.hidden()["paused"] == 4


def test_a_pause_over_before_the_gates_cleared_is_hidden():
    life = built(Life().before_ntp().note(26, Kind.PAUSED).note(32, Kind.RESUMED), 34)
    assert life.chain() == [*FUNDED, building(34, 134)]
    assert life.hidden()["paused"] == 6


def test_a_wait_for_the_as_of_date_that_ends_last_is_on_record():
    life = Life().before_ntp().wait(34, 41, Cause.HISTORY, part=int(NTP))
    assert built(life, 41).chain() == [*FUNDED, ("recorded", 34, 41), building(41, 141)]


def test_two_pauses_are_charged_one_after_the_other():
    life = Life().before_ntp()
    for visit, (begin, end) in enumerate(((30, 40), (38, 45))):
        life.note(begin, Kind.PAUSED, part=visit).note(end, Kind.RESUMED, part=visit)
    chain = built(life, 45).chain()
    assert chain[len(FUNDED) : -1] == [("paused", 34, 40), ("paused", 40, 45)]


# --- the site ---------------------------------------------------------------------------------


def ordered(life: Life, day: float = 34, delivered: float | None = 85) -> Life:
    life.note(day, Kind.EQUIPMENT_ORDERED, resource="equipment_turbines")
    life.wait(day, day + 2, Cause.EQUIPMENT_SLOT, "equipment_turbines")
    life.note(day + 2, Kind.SLOT_GRANTED, resource="equipment_turbines")
    if delivered is not None:
        life.note(delivered, Kind.EQUIPMENT_DELIVERED, resource="equipment_turbines")
    return life


def gated(life: Life, until: float | None = 90) -> Life:
    """At the gate on day 64, 30 days of work done."""
    life.note(34, NTP).at_work(34, 64, 0, 0.3).stop(64, Cause.EQUIPMENT)
    return life.wait(64, until, Cause.EQUIPMENT)


def test_equipment_last_leads_to_its_order_and_the_payment_behind_it():
    life = gated(ordered(Life().before_ntp())).at_work(90, 160, 0.3, 1).built(160)
    assert life.chain() == [*FUNDED, ("equipment", 34, 90), building(90, 160)]
    assert life.hidden()["nominal_building"] == 30


def test_equipment_ordered_with_a_later_slice_leads_over_that_slice():
    life = Life().before_ntp().note(34, Kind.CALL_NOTICED, part=1, amount=BN)
    life.note(36, Kind.PART_DOCUMENTED, part=1, resource="jbic_desks")
    life.wait(36, 50, Cause.FUNDING_MONEY, "jbic_cash", part=1)
    life.note(50, Kind.PART_PAID, part=1, resource="jbic_cash")
    life.note(50, Kind.CALL_PAID, part=1, amount=BN)
    life = gated(ordered(life, 50)).at_work(90, 160, 0.3, 1).built(160)
    way = [("funding_desk", 34, 36), ("funding_money", 36, 50), ("equipment", 50, 90)]
    assert life.chain() == [*FUNDED, *way, building(90, 160)]


@pytest.mark.parametrize(
    ("other", "last"), [(84, "turbines"), (85, "turbines"), (86, "transformers")]
)
def test_the_machine_that_comes_last_counts_and_the_first_of_the_config_of_two(other, last):
    life = ordered(Life().before_ntp()).note(
        34, Kind.EQUIPMENT_ORDERED, resource="equipment_transformers"
    )
    life.note(other, Kind.EQUIPMENT_DELIVERED, resource="equipment_transformers")
    made = gated(life).at_work(90, 160, 0.3, 1).built(160).replication()
    resources = [s.resource for s in chain_of(made, 0) if s.cause == "equipment"]
    assert [NAMES.resources[resource] for resource in resources] == [f"equipment_{last}"]


def test_a_stop_without_money_is_charged_and_the_chain_stays_on_the_site():
    life = Life().before_ntp().note(34, NTP).at_work(34, 64, 0, 0.3)
    life.stop(64, Cause.CASH_STARVED, 1).wait(64, 70, Cause.CASH_STARVED, part=1)
    chain = life.at_work(70, 140, 0.3, 1).built(140).chain()
    assert chain == [*FUNDED, building(34, 64), ("cash_starved", 64, 70), building(70, 140)]


def test_a_pause_at_work_is_charged_and_the_chain_stays_on_the_site():
    life = Life().before_ntp().note(34, NTP).at_work(34, 50, 0, 0.16).note(50, Kind.PAUSED)
    life.stop(50, Cause.PAUSED).note(60, Kind.RESUMED)
    chain = life.at_work(60, 144, 0.16, 1).built(144).chain()
    assert chain == [*FUNDED, building(34, 50), ("paused", 50, 60), building(60, 144)]


@pytest.mark.parametrize(("begin", "end"), [(80, 95), (64, 95)])
def test_a_pause_that_outlasts_the_machine_is_charged_from_the_machine_on(begin, end):
    life = gated(ordered(Life().before_ntp())).note(begin, Kind.PAUSED).note(end, Kind.RESUMED)
    chain = life.at_work(95, 165, 0.3, 1).built(165).chain()
    assert chain == [*FUNDED, ("equipment", 34, 90), ("paused", 90, 95), building(95, 165)]


def test_a_machine_that_outlasts_the_pause_hides_it():
    life = gated(ordered(Life().before_ntp())).note(66, Kind.PAUSED).note(90, Kind.RESUMED)
    life = life.at_work(90, 160, 0.3, 1).built(160)
    assert life.chain() == [*FUNDED, ("equipment", 34, 90), building(90, 160)]
    assert life.hidden()["paused"] == 24


def test_a_machine_there_in_the_minute_of_a_stop_comes_before_the_crews():
    life = Life().before_ntp().note(34, NTP).at_work(34, 64, 0, 0.3).stop(64, Cause.EQUIPMENT)
    life = ordered(life, delivered=64).at_work(64, 134, 0.3, 1).built(134)
    assert life.chain() == [*FUNDED, ("equipment", 34, 64), building(64, 134)]


def test_early_works_that_stop_for_the_last_permit_lead_to_the_application():
    life = Life().reviewed().appraised().funded().permitted(70).note(34, NTP)
    life.at_work(34, 64, 0, 0.3).stop(64, Cause.PERMITS).wait(64, 70, Cause.PERMITS)
    life = life.at_work(70, 140, 0.3, 1).built(140)
    assert life.chain() == [*PERMITTED, ("permit_work", 12, 70), building(70, 140)]


def test_early_works_that_never_stop_leave_the_permits_off_the_chain():
    life = built(Life().reviewed().appraised().funded().permitted(50), 34)
    assert life.chain() == [*FUNDED, building(34, 134)]
    assert life.hidden()["permit_work"] == 38


def test_work_is_divided_into_nobody_there_too_few_nominal_and_overrun():
    life = short_of_crews((0, 0))
    assert life.chain() == [
        *FUNDED,
        ("crews_waited", 34, 44),
        ("crews_short", 44, 104),
        ("nominal_building", 104, 214),
        ("overrun", 214, 204),  # ten days faster than nominal
    ]


@pytest.mark.parametrize(
    ("limits", "days"), [((0, 0), [60, 0]), ((0, 1), [30, 30]), ((-1, 1), [0, 60])]
)
def test_too_few_is_charged_to_the_pool_that_is_the_limit(limits, days):
    """What no pool is behind is shared as the rest; ten days of nobody are not short."""
    made = short_of_crews(limits).replication()
    assert (charge(made).short_by_pool[0] / DAY).tolist() == pytest.approx(days)


def test_too_few_without_a_limit_is_in_no_pool():
    made = short_of_crews((-1, -1)).replication()
    assert charge(made).short_by_pool.sum() == 0


# --- power ------------------------------------------------------------------------------------


def with_grid(connected: float | None) -> Life:
    life = Life().before_ntp().note(20, Kind.GRID_REQUESTED, resource="power_ohio", amount=50)
    if connected is not None:
        life.note(connected, Kind.GRID_CONNECTED, resource="power_ohio")
    return life.note(34, NTP).at_work(34, 134, 0, 1)


def test_a_connection_after_the_building_leads_to_its_request():
    life = with_grid(150).wait(134, 150, Cause.GRID_CONNECTION, "power_ohio")
    life = life.wait(150, 160, Cause.POWER, "power_ohio").built(134, energised=160)
    assert life.chain() == [*SELECTED, ("power", 20, 150), ("power", 150, 160)]


@pytest.mark.parametrize("connected", [100, 134])
def test_megawatts_are_power_and_the_chain_goes_on_along_the_site(connected):
    life = with_grid(connected).wait(134, 160, Cause.POWER, "power_ohio").built(134, 160)
    assert life.chain() == [*FUNDED, building(34, 134), ("power", 134, 160)]
    assert life.hidden()["power"] == connected - 20


def test_the_unit_energised_last_counts_not_the_one_built_last():
    life = Life(units=2).before_ntp().note(34, NTP).at_work(34, 134, 0, 1)
    life.note(20, Kind.GRID_REQUESTED, resource="power_ohio")
    life.note(60, Kind.GRID_CONNECTED, resource="power_ohio")
    life.note(84, Kind.UNIT_BUILT, amount=BN).note(134, Kind.UNIT_BUILT, Kind.BUILT, part=1)
    life.note(140, Kind.UNIT_ENERGISED, part=1).note(150, Kind.UNIT_ENERGISED, Kind.OPERATING)
    assert life.chain() == [*FUNDED, building(34, 84), ("power", 84, 150)]
    assert life.hidden()["nominal_building"] == 50


# --- other ends -------------------------------------------------------------------------------


def test_a_declined_project_leads_over_its_consultation():
    life = Life().reviewed().noticed().note(20, Kind.CONSULTATION_BEGAN)
    life.note(50, Kind.CONSULTATION_ENDED, Kind.DECLINED)
    assert life.chain() == [*SELECTED, ("consultation", 20, 50)]


def test_a_rejected_project_is_reviewed():
    life = Life().note(0, Kind.PROPOSED).note(0, Kind.SCREENING_BEGAN, resource="teams")
    life.note(8, Kind.SCREENING_ENDED, Kind.REVISION_BEGAN).note(15, Kind.REVISION_ENDED)
    life.note(15, Kind.SCREENING_BEGAN).note(20, Kind.SCREENING_ENDED, Kind.REJECTED)
    assert life.chain() == [("reviewing", 0, 8), ("reviewing", 8, 15), ("reviewing", 15, 20)]


def test_a_lapsed_project_has_waited_for_selection():
    life = Life().note(0, Kind.PROPOSED).wait(0, 30, Cause.SELECTION_WAIT).note(30, Kind.LAPSED)
    assert life.chain() == [("selection_wait", 0, 30)]


def test_a_project_never_proposed_has_no_delays():
    assert Life().chain() == []


def test_what_has_not_cleared_when_a_project_is_cancelled_clears_there():
    life = Life().reviewed().appraised().funded().permitted(None)
    life.wait(34, 60, Cause.PERMITS).note(60, Kind.CANCELLED)
    assert life.chain() == [*PERMITTED, ("permit_work", 12, 60)]


def test_a_site_cancelled_at_work_is_building():
    life = Life().before_ntp().note(34, NTP).at_work(34, 60, 0, 0.26).note(60, Kind.CANCELLED)
    assert life.chain() == [*FUNDED, building(34, 60)]


def test_what_history_pins_is_recorded():
    recorded = {"cause": Cause.RECORDED}
    life = Life().note(0, Kind.PROPOSED, **recorded).note(20, Kind.SELECTED, **recorded)
    life.note(20, Kind.FUNDING_DECIDED, Kind.CALL_NOTICED, **recorded)
    life.note(34, Kind.CALL_PAID, **recorded)
    late = [("recorded", 0, 20), ("recorded", 20, 40), building(40, 140)]
    assert built(life.note(40, Kind.PERMITS_GRANTED, **recorded), 40).chain() == late


def test_a_first_call_on_record_is_recorded_from_its_notice():
    recorded = {"cause": Cause.RECORDED}
    life = Life().reviewed().permitted(30).note(20, Kind.FUNDING_DECIDED, **recorded)
    life.note(20, Kind.CALL_NOTICED, **recorded).note(34, Kind.CALL_PAID, **recorded)
    assert built(life, 34).chain() == [*SELECTED, ("recorded", 20, 34), building(34, 134)]


def test_an_application_that_waited_for_the_as_of_date_leads_over_that_wait():
    life = Life().reviewed().appraised().funded()
    life.wait(10, 15, Cause.HISTORY, part=int(Kind.PERMITS_BEGAN))
    life.note(15, Kind.PERMITS_BEGAN).note(50, Kind.PERMIT_WORK_ENDED, Kind.PERMITS_GRANTED)
    way = [*REVIEWED[:2], ("recorded", 10, 15), ("permit_work", 15, 50)]
    assert built(life, 50).chain() == [*way, building(50, 150)]


# --- censored ---------------------------------------------------------------------------------

BUSY = Life().before_ntp


def open_revision() -> Life:
    life = Life().note(0, Kind.PROPOSED).note(0, Kind.SCREENING_BEGAN)
    return life.note(8, Kind.SCREENING_ENDED, Kind.REVISION_BEGAN)


def open_appraisal() -> Life:
    life = Life().reviewed().appraised(None, 22).permitted().note(20, Kind.FUNDING_DECIDED)
    return life.noticed().wait(20, None, Cause.APPRAISAL)


def open_desk() -> Life:
    life = Life().reviewed().appraised().permitted().note(20, Kind.FUNDING_DECIDED).noticed()
    return life.wait(25, None, Cause.FUNDING_DESK, "nexi_desks")


def open_consultation() -> Life:
    life = Life().reviewed().appraised().permitted().noticed().note(20, Kind.CONSULTATION_BEGAN)
    return life.wait(25, None, Cause.CONSULTATION)


def open_slice() -> Life:
    """The machine is not ordered: the slice that pays for it waits for money."""
    life = Life().before_ntp().note(34, Kind.CALL_NOTICED, part=1, amount=BN)
    life.note(36, Kind.PART_DOCUMENTED, part=1, resource="jbic_desks")
    return gated(life.wait(36, None, Cause.FUNDING_MONEY, "jbic_cash", part=1), None)


def open_stop(cause: Cause) -> Life:
    life = Life().before_ntp().note(34, NTP).at_work(34, 64, 0, 0.3).stop(64, cause)
    if cause == Cause.PAUSED:
        return life.note(64, Kind.PAUSED)
    return life.wait(64, None, cause)


@pytest.mark.parametrize(
    ("life", "way"),
    [
        (Life().note(0, Kind.PROPOSED).wait(0, None, Cause.TEAM_QUEUE), [("team_queue", 0, END)]),
        (open_revision(), [("reviewing", 8, END)]),
        (Life().note(0, Kind.PROPOSED).wait(0, None, Cause.CC_WAIT), [("cc_wait", 0, END)]),
        (open_appraisal(), [("appraisal", 17, END)]),
        (open_consultation(), [("consultation", 20, END)]),
        (open_desk(), [("appraisal", 17, 25), ("funding_desk", 25, END)]),
        (Life().reviewed().appraised().funded(None).permitted(), [("funding_money", 30, END)]),
        (Life().reviewed().appraised().funded(None, None).permitted(None),
         [("permit_work", 12, END)]),  # together: permits
        (Life().reviewed().appraised().funded().permitted(None, (30, END)),
         [("permit_work", 12, 30), ("litigation", 30, END)]),
        (Life().before_ntp().note(30, Kind.PAUSED), [*FUNDED, ("paused", 34, END)]),
        (gated(ordered(Life().before_ntp(), delivered=None), None), [("equipment", 34, END)]),
        (open_slice(), [("funding_desk", 34, 36), ("funding_money", 36, END)]),
        (open_stop(Cause.CASH_STARVED), [building(34, 64), ("cash_starved", 64, END)]),
        (open_stop(Cause.PAUSED), [building(34, 64), ("paused", 64, END)]),
        (with_grid(None).built(134, END), [*SELECTED, ("power", 20, END)]),
        (with_grid(100).built(134, END), [building(34, 134), ("power", 134, END)]),
        (Life(build=1000, nominal=1000).before_ntp().note(34, NTP).at_work(34, END, 0, 0.366),
         [*FUNDED, building(34, END)]),
    ],
)  # fmt: skip
def test_what_is_open_when_the_run_ends_is_charged_by_its_cause(life: Life, way: Chain):
    assert life.chain()[-len(way) :] == way
