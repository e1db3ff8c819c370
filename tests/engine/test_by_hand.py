"""Whole stories worked out by hand, date by date, and small faults that must not get past them.

See docs/model.md, "Known answers". Dates in comments count open days one by one; a holiday left
out is named.
``both`` is open when the United States and Japan are.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import numpy as np
import pytest
import story_faults as faults
from breach_cases import one, starved_tree, tariff_tree
from support.hand_runs import (
    BREACHES,
    CENTS_PER_BN,
    DAY,
    NOTHING,
    TARIFFS,
    Run,
    bare_tree,
    constant,
    run,
    same,
    table,
    yearly,
)
from support.small_faults import caught, label

from sim.events import Kind

# -- One project, every milestone ------------------------------------------------------------------


def story_tree(reading: str, carry_over: bool) -> dict[str, Any]:
    """One plant of two units and 10 bn with everything in its way. Every duration is constant."""
    tree = bare_tree(A=one("2026-01-05", 10, units=2))
    gas, nature, policy = tree["sectors"]["gas"], tree["nature"], tree["policy"]
    gas["screening_days"], gas["revision_days"] = constant(20), constant(30)
    gas["prospects_share"] = constant(0.07)  # below the hurdle of 0.08 until revised by 0.05
    gas["permits"] = {
        "starts": "selection", "work_months": constant(3), "done_share": NOTHING,
        "litigation_probability": 1, "litigation_months": constant(1), "litigation_max_rounds": 1,
    }  # fmt: skip
    gas["construction"].update(
        outcome_months=constant(12), nominal_months=12, unit_interval_months=6
    )
    nature["appraisal_days"] = {"jbic": constant(40), "nexi": constant(60)}
    nature["call_desk_days"] = {"jbic": constant(2), "nexi": constant(3)}
    nature["funding"].update(consult_probability=1, consultation_days=constant(10))
    policy["consultation_committee"]["meetings"] = {
        "kind": "every", "business_days": 10, "first_day": "2026-02-16", "calendar": "both",
    }  # fmt: skip
    policy["investment_committee"]["meetings"] = {"kind": "dates", "dates": ["2026-03-20"]}
    policy["selection"].update(rounds="dates", dates=["2026-03-18", "2026-05-25"], calendar="us")
    policy["funding"]["response"] = "as_disposed"
    policy["calls"].update(
        reading=reading, calendar="both", first_window_business_days=45,
        later_window_business_days=10, cure_business_days=5, lead_margin_days=6,
        grace_business_days=3 if reading == "floor" else 0,
        slices={
            "first": {"share": 0.3, "trigger": "selection"},
            "second": {"share": 0.4, "trigger": "ntp"},
            "third": {"share": 0.3, "trigger": "progress 0.6"},
        },
        facility_shares={"jbic": 0.6, "nexi": 0.4},
    )  # fmt: skip
    policy["enforcement"]["active"] = True  # 30 days, 60 + 30 days, 30 days; 0.25
    facility = {**tree["capacity"]["facilities"]["jbic"], "desks": 1}
    years = {"2026": 5, "2027": 1.5, "2028": 5}
    cash = yearly(carry_over, first_year=0, per_fiscal_year=years)
    tree["capacity"]["teams"]["count"] = 1
    tree["capacity"]["facilities"] = {"jbic": {**facility, "cash": cash}, "nexi": facility}
    return tree


# Screening 20 days from Monday 5 January; 0.07 is below the hurdle: 30 days of revision; again 20.
# CC: 16 February is Presidents' Day, so the first sitting is on the 17th; ten open days on, without
#   23 February (the Emperor's birthday): 4 March; ten more: 18 March.
# IC: listed on 20 March, vernal equinox in Japan: sits on Monday 23 March.
# Appraisal from recommendation: 40 and 60 days.
# President: the round of 18 March comes too early; 25 May is Memorial Day: Tuesday 26 May.
SELECTED = """
    2026-01-05 00:00 proposed 10
    2026-01-05 00:00 screening_began teams
    2026-01-25 00:00 screening_ended teams
    2026-01-25 00:00 revision_began prospects_below_hurdle
    2026-02-24 00:00 revision_ended
    2026-02-24 00:00 screening_began #1 teams
    2026-03-16 00:00 screening_ended #1 teams
    2026-03-16 00:00 docketed
    2026-03-16 00:00 wait_began cc_wait
    2026-03-18 00:00 wait_ended cc_wait
    2026-03-18 00:00 endorsed
    2026-03-18 00:00 wait_began ic_wait
    2026-03-23 00:00 wait_ended ic_wait
    2026-03-23 00:00 recommended
    2026-03-23 00:00 wait_began selection_wait
    2026-03-23 00:00 appraisal_began jbic_desks
    2026-03-23 00:00 appraisal_began nexi_desks
    2026-05-02 00:00 appraisal_ended jbic_desks
    2026-05-22 00:00 appraisal_ended nexi_desks
    2026-05-26 00:00 wait_ended selection_wait
    2026-05-26 00:00 selected 10
    2026-05-26 00:00 permits_began
    2026-05-26 00:00 call_noticed 3
    2026-05-26 00:00 consultation_began
    2026-05-26 00:00 wait_began consultation
    2026-05-26 00:00 wait_began first_call
    2026-06-05 00:00 consultation_ended
    2026-06-05 00:00 funding_decided
    2026-06-05 00:00 wait_ended consultation
    2026-06-07 00:00 part_documented jbic_desks
"""

# Of the first call, 3 bn, JBIC pays 60 %. Its desk takes 2 days, NEXI's 3, from the decision on.
# cap: no earliest date; due on the 45th open day, on time either way.
FIRST_CAP = """
    2026-06-07 00:00 funds_committed jbic_commitments 6
    2026-06-07 00:00 part_drawn jbic_cash 1.8
    2026-06-07 00:00 part_paid jbic_cash 1.8
    2026-06-08 00:00 part_documented nexi_desks
    2026-06-08 00:00 funds_committed nexi_commitments 4
    2026-06-08 00:00 part_drawn nexi_cash 1.2
    2026-06-08 00:00 part_paid nexi_cash 1.2
    2026-06-08 00:00 call_paid 3
    2026-06-08 00:00 wait_ended first_call
    2026-06-08 00:00 wait_began permits
"""
# floor: the 45th open day after 26 May: May 27-29 (3), June 1-5 (8), 8-12 (13), 15-18 (17; the 19th
# is Juneteenth), 22-26 (22), 29-2 July (26; the 3rd is closed for the 4th), 6-10 (31), 13-17 (36),
# 21-24 (40; the 20th is Marine Day), 27-31 (45): 31 July, not a day earlier. NEXI's money is
# unlimited and given on the spot; JBIC's is allocated last in the instant.
FIRST_FLOOR = """
    2026-06-07 00:00 wait_began jbic_cash funding_window
    2026-06-08 00:00 part_documented nexi_desks
    2026-06-08 00:00 wait_began nexi_cash funding_window
    2026-07-31 00:00 wait_ended jbic_cash funding_window
    2026-07-31 00:00 funds_committed jbic_commitments 6
    2026-07-31 00:00 wait_ended nexi_cash funding_window
    2026-07-31 00:00 funds_committed nexi_commitments 4
    2026-07-31 00:00 part_drawn nexi_cash 1.2
    2026-07-31 00:00 part_paid nexi_cash 1.2
    2026-07-31 00:00 part_drawn jbic_cash 1.8
    2026-07-31 00:00 part_paid jbic_cash 1.8
    2026-07-31 00:00 call_paid 3
    2026-07-31 00:00 wait_ended first_call
    2026-07-31 00:00 wait_began permits
"""

# Permits: 3 months are 91 days 7:30 h from 26 May; litigation, a month of 30 days 10:30 h.
NTP = """
    2026-08-25 07:30 permit_work_ended
    2026-08-25 07:30 litigation_began
    2026-09-24 18:00 litigation_ended
    2026-09-24 18:00 permits_granted
    2026-09-24 18:00 wait_ended permits
    2026-09-24 18:00 ntp_issued
    2026-09-24 18:00 call_noticed #1 4
    2026-09-24 18:00 building_began
    2026-09-26 18:00 part_documented #1 jbic_desks
"""

# The second call, 4 bn, finds 5 - 1.8 = 3.2 bn of JBIC's fiscal year 2026; 0.8 stay.
SECOND_CAP = """
    2026-09-26 18:00 part_drawn #1 jbic_cash 2.4
    2026-09-26 18:00 part_paid #1 jbic_cash 2.4
    2026-09-27 18:00 part_documented #1 nexi_desks
    2026-09-27 18:00 part_drawn #1 nexi_cash 1.6
    2026-09-27 18:00 part_paid #1 nexi_cash 1.6
    2026-09-27 18:00 call_paid #1 4
"""
# floor: ten open days after Thursday 24 September: 25 (1), 28-2 October (6), 5-8 (10).
SECOND_FLOOR = """
    2026-09-26 18:00 wait_began #1 jbic_cash funding_window
    2026-09-27 18:00 part_documented #1 nexi_desks
    2026-09-27 18:00 wait_began #1 nexi_cash funding_window
    2026-10-08 00:00 wait_ended #1 jbic_cash funding_window
    2026-10-08 00:00 wait_ended #1 nexi_cash funding_window
    2026-10-08 00:00 part_drawn #1 nexi_cash 1.6
    2026-10-08 00:00 part_paid #1 nexi_cash 1.6
    2026-10-08 00:00 part_drawn #1 jbic_cash 2.4
    2026-10-08 00:00 part_paid #1 jbic_cash 2.4
    2026-10-08 00:00 call_paid #1 4
"""

# Two units of 12 months, the second begun after 6: at most two at once, 18 months on the line. The
# third call is noticed 20 days ahead of 60 % of their 1,051,920 minutes, 631,152: both are done by
# 447,066 on the line (447,066 + 184,086). 20 days ahead: 418,266 minutes = 290 days 11:06 h after
# NTP, Monday 12 July 2027.
THIRD = """
    2027-07-12 05:06 call_noticed #2 3
    2027-07-14 05:06 part_documented #2 jbic_desks
"""
# cap: JBIC's 1.8 finds the 1.5 of fiscal year 2027; what was left of 2026 has lapsed. Due ten open
# days on: July 13-16 (4), 20-23 (8; the 19th is Marine Day), 26-27 (10). Late at 00:00 of
# the 28th, missed when five more days, 28-30 and August 2-3, have passed. 30 days of notice, 60 and
# 30 of consultation, raised on 2 December.
# The first two slices carry 70 % = 736,344 minutes: 499,662 of the first unit and 236,682 of the
# second, 346 days 23:42 h after NTP: then both stop.
MISSED_CAP = """
    2027-07-14 05:06 part_drawn #2 jbic_cash 1.5
    2027-07-14 05:06 wait_began #2 jbic_cash funding_money
    2027-07-15 05:06 part_documented #2 nexi_desks
    2027-07-15 05:06 part_drawn #2 nexi_cash 1.2
    2027-07-15 05:06 part_paid #2 nexi_cash 1.2
    2027-07-28 00:00 call_late #2 jbic_cash funding_money 0.3
    2027-08-04 00:00 call_missed #2 jbic_cash funding_money 0.3
    2027-08-04 00:00 breach_opened #2 call_missed 0.3
    2027-08-04 00:00 breach_threatened #2
    2027-09-03 00:00 breach_ordered #2
    2027-09-06 17:42 building_stopped #2 cash_starved 0.7
    2027-09-06 17:42 wait_began #2 cash_starved
    2027-12-02 00:00 breach_raised #2 call_missed
    2027-12-02 00:00 tariff_raised 0.25
"""
# floor: payable from 27 July, due three days later on the 30th, missed after August 2-6.
MISSED_FLOOR = """
    2027-07-14 05:06 wait_began #2 jbic_cash funding_window
    2027-07-15 05:06 part_documented #2 nexi_desks
    2027-07-15 05:06 wait_began #2 nexi_cash funding_window
    2027-07-27 00:00 wait_ended #2 jbic_cash funding_window
    2027-07-27 00:00 wait_ended #2 nexi_cash funding_window
    2027-07-27 00:00 part_drawn #2 nexi_cash 1.2
    2027-07-27 00:00 part_paid #2 nexi_cash 1.2
    2027-07-27 00:00 part_drawn #2 jbic_cash 1.5
    2027-07-27 00:00 wait_began #2 jbic_cash funding_money
    2027-07-31 00:00 call_late #2 jbic_cash funding_money 0.3
    2027-08-07 00:00 call_missed #2 jbic_cash funding_money 0.3
    2027-08-07 00:00 breach_opened #2 call_missed 0.3
    2027-08-07 00:00 breach_threatened #2
    2027-09-06 00:00 breach_ordered #2
    2027-09-06 17:42 building_stopped #2 cash_starved 0.7
    2027-09-06 17:42 wait_began #2 cash_starved
    2027-12-05 00:00 breach_raised #2 call_missed
    2027-12-05 00:00 tariff_raised 0.25
"""
# Money on 1 April 2028 cures the breach. 26,298 minutes = 18 days 6:18 h of unit 1 are left,
# of the second 289,278 = 200 days 21:18 h.
CURED = """
    2028-04-01 00:00 part_drawn #2 jbic_cash 0.3
    2028-04-01 00:00 wait_ended #2 jbic_cash funding_money
    2028-04-01 00:00 part_paid #2 jbic_cash 1.8
    2028-04-01 00:00 call_paid #2 3
    2028-04-01 00:00 breach_closed #2 paid
    2028-04-01 00:00 wait_ended #2 cash_starved
    2028-04-01 00:00 building_began 0.7
    2028-04-01 00:00 tariff_relieved
    2028-04-19 06:18 unit_built 5
    2028-04-19 06:18 unit_energised 5
    2028-05-01 00:00 tariff_compliant
    2028-10-18 21:18 unit_built #1 5
    2028-10-18 21:18 built
    2028-10-18 21:18 unit_energised #1 5
    2028-10-18 21:18 operating 10
"""
# With carry-over JBIC holds 0.8 + 1.5 = 2.3 bn in fiscal year 2027: no breach, no stop; the first
# unit after 12 months = 365 days 6 h, the second 788,940 minutes = 547 days 21 h after NTP.
CARRIED = """
    2027-07-14 05:06 part_drawn #2 jbic_cash 1.8
    2027-07-14 05:06 part_paid #2 jbic_cash 1.8
    2027-07-15 05:06 part_documented #2 nexi_desks
    2027-07-15 05:06 part_drawn #2 nexi_cash 1.2
    2027-07-15 05:06 part_paid #2 nexi_cash 1.2
    2027-07-15 05:06 call_paid #2 3
    2027-09-25 00:00 unit_built 5
    2027-09-25 00:00 unit_energised 5
    2028-03-25 15:00 unit_built #1 5
    2028-03-25 15:00 built
    2028-03-25 15:00 unit_energised #1 5
    2028-03-25 15:00 operating 10
"""
STORIES = {
    ("cap", False): SELECTED + FIRST_CAP + NTP + SECOND_CAP + THIRD + MISSED_CAP + CURED,
    ("floor", False): SELECTED + FIRST_FLOOR + NTP + SECOND_FLOOR + THIRD + MISSED_FLOOR + CURED,
    ("cap", True): SELECTED + FIRST_CAP + NTP + SECOND_CAP + THIRD + CARRIED,
}


def check_story(reading: str, carry_over: bool) -> None:
    """The whole log of the project, line by line; waits apart, in any order within a minute."""
    it = run(story_tree(reading, carry_over))
    others = re.compile("deadline_closed|capacity_changed")  # not the project's
    lines = [line for line in it.lines(project="A") if not others.search(line)]
    expected = table(STORIES[reading, carry_over])
    same(without_waits(lines), without_waits(expected))
    same(sorted(lines), sorted(expected))


def without_waits(lines: list[str]) -> list[str]:
    return [line for line in lines if " wait_" not in line]


@pytest.mark.parametrize(("reading", "carry_over"), STORIES)
def test_one_project_has_every_event_on_the_date_worked_out_by_hand(reading, carry_over):
    check_story(reading, carry_over)


# -- The start of building: three gates ------------------------------------------------------------

GATES = {"permits": 10 * DAY, "consultation": 10 * DAY, "appraisal": 10 * DAY}


def gates_tree(minutes: dict[str, int], **projects: dict[str, Any]) -> dict[str, Any]:
    """Permits, consultation and appraisal all begin with the notice on the day of proposal."""
    tree = bare_tree(**projects)
    days = {name: constant(length / DAY) for name, length in minutes.items()}
    months = constant(minutes["permits"] / DAY / 30.4375)
    tree["sectors"]["gas"]["permits"]["work_months"] = months
    tree["nature"]["appraisal_days"]["jbic"] = days["appraisal"]
    tree["nature"]["funding"].update(consult_probability=1, consultation_days=days["consultation"])
    tree["policy"]["funding"]["response"] = "as_disposed"
    tree["policy"]["appraisal_starts"] = "notice"
    tree["policy"]["calls"]["first_window_business_days"] = 45
    return tree


def check_one_instant() -> None:
    """Everything clears at 00:00 of 11 January: NTP then, once, and after what it waits for.

    Within the instant: completions (appraisal before permits, by kind), the decision, the desk,
    the money, and building.
    """
    it = run(gates_tree(GATES, A=one("2026-01-01")))
    lines = [line for line in it.lines(project="A") if line.startswith("2026-01-11")]
    expected = """
        2026-01-11 00:00 appraisal_ended jbic_desks
        2026-01-11 00:00 permit_work_ended
        2026-01-11 00:00 permits_granted
        2026-01-11 00:00 consultation_ended
        2026-01-11 00:00 funding_decided
        2026-01-11 00:00 part_documented jbic_desks
        2026-01-11 00:00 funds_committed jbic_commitments 1
        2026-01-11 00:00 part_drawn jbic_cash 1
        2026-01-11 00:00 part_paid jbic_cash 1
        2026-01-11 00:00 call_paid 1
        2026-01-11 00:00 ntp_issued
        2026-01-11 00:00 building_began
    """
    same(without_waits(lines), table(expected))


def test_gates_that_clear_in_one_minute_give_one_start_in_that_minute():
    check_one_instant()


@pytest.mark.parametrize("last", GATES)
@pytest.mark.parametrize("minutes", [-1, 1])
def test_the_gate_that_clears_last_decides_to_the_minute(last, minutes):
    it = run(gates_tree({**GATES, last: 10 * DAY + minutes}, A=one("2026-01-01")))
    same(it.when(Kind.NTP_ISSUED), {"A": 10 * DAY + max(0, minutes)})


def check_crew_at_the_start() -> None:
    """By hand: two plants that need the whole pool of 100 people; a crew freed at 00:00 works on.

    Z: notice on day 0, NTP on day 10, 20 days of building: built on day 30. A is proposed on day 20
    and clears its gates on day 30: in that minute Z's crew is free, so A never waits: 20 days.
    """
    tree = gates_tree(GATES, A=one("2026-01-21"), Z=one("2026-01-01"))
    gas = tree["sectors"]["gas"]
    gas["construction"].update(outcome_months=constant(20 / 30.4375), nominal_months=12)
    gas["labour"].update(labour_years_per_usd_bn=100, specialist_share=1)
    tree["capacity"]["specialists"]["pools"]["electrical"]["people_at_start"] = 100
    it = run(tree)
    same(it.when(Kind.NTP_ISSUED), {"Z": 10 * DAY, "A": 30 * DAY})
    same(it.when(Kind.BUILT), {"Z": 30 * DAY, "A": 50 * DAY})


def test_a_crew_freed_in_the_minute_of_the_start_works_on_at_once():
    check_crew_at_the_start()


def check_starved() -> None:
    """By hand: 100 people, two plants of 100 days that want them all; half is called half way.

    day   0 A starts alone at 1.
    day  40 B starts: both at 1/2.
    day  60 A has 40 + 10 = 50 days behind it, its second call finds no money: it leaves, and B,
            with 10 days, runs at 1. Waiting, A wants nobody.
    day  90 1 April: A is paid and comes back; B has 40 days. Both at 1/2.
    day 110 B has 50 days and calls; it is paid within the instant, and goes on.
    day 190 A has 50 + 50: built. B has 40 + 50 and runs at 1.
    day 200 B is built.
    """
    tree = bare_tree(A=one("2026-01-01"), B=one("2026-02-10"))
    gas, facility = tree["sectors"]["gas"], tree["capacity"]["facilities"]["jbic"]
    gas["construction"].update(outcome_months=constant(100 / 30.4375), nominal_months=12)
    gas["labour"].update(labour_years_per_usd_bn=100, specialist_share=1)
    tree["capacity"]["specialists"]["pools"]["electrical"]["people_at_start"] = 100
    facility["cash"] = yearly(first_year=1, per_fiscal_year={"2026": 5})
    tree["policy"]["calls"]["slices"] = {
        "one": {"share": 0.5, "trigger": "selection"},
        "two": {"share": 0.5, "trigger": "progress 0.5"},
    }
    it = run(tree)
    expected = """
        2026-01-01 00:00 A building_began
        2026-02-10 00:00 B building_began
        2026-03-02 00:00 A building_stopped #1 cash_starved 0.5
        2026-04-01 00:00 A building_began 0.5
        2026-04-21 00:00 B building_stopped #1 cash_starved 0.5
        2026-04-21 00:00 B building_began 0.5
        2026-07-10 00:00 A built
        2026-07-20 00:00 B built
    """
    same(it.lines(Kind.BUILDING_BEGAN, Kind.BUILDING_STOPPED, Kind.BUILT), table(expected))
    market = it.left.market
    changes = np.flatnonzero(np.diff(market.wanted, prepend=0))
    steps = {int(market.time[k]) // DAY: float(market.wanted[k]) for k in changes}
    same(steps, {0: 100.0, 40: 200.0, 60: 100.0, 90: 200.0, 190: 100.0, 200: 0.0})


def test_a_starved_site_gives_its_crew_back_at_once_and_is_not_in_demand():
    check_starved()


# -- Legal dates -----------------------------------------------------------------------------------


def paid_after(minutes: int, **calls: Any) -> Run:
    """One call noticed on Monday 5 January, paid when a desk has worked for ``minutes``."""
    tree = bare_tree(A=one("2026-01-05"))
    tree["nature"]["call_desk_days"]["jbic"] = constant(minutes / DAY)
    tree["policy"]["calls"].update(calls)
    tree["policy"]["enforcement"]["active"] = True
    return run(tree)


def check_close_of_the_due_day() -> None:
    """Due on 8 January: a payment stamped 23:59 on that day is on time, one at 00:00 is late.

    Without a cure period the late one is a breach too, cured in the minute it opens.
    """
    on_time = paid_after(4 * DAY - 1, first_window_business_days=3)
    expected = """
        2026-01-09 00:00 A call_late jbic_cash funding_desk 1
        2026-01-09 00:00 A call_missed jbic_cash funding_desk 1
        2026-01-09 00:00 A breach_opened call_missed 1
        2026-01-09 00:00 A call_paid 1
        2026-01-09 00:00 A breach_closed paid
    """
    same(on_time.lines(*BREACHES), ["2026-01-08 23:59 A call_paid 1"])
    late = paid_after(4 * DAY, first_window_business_days=3)
    same(late.lines(*BREACHES), table(expected))


def test_a_payment_stamped_on_the_due_day_is_on_time_and_one_a_minute_later_is_late():
    check_close_of_the_due_day()


def test_a_payment_in_the_cure_period_is_late_and_no_breach():
    """Due on 8 January, cure of two days: 10 January 23:59 is in it, 11 January 00:00 is not."""
    calls = {"first_window_business_days": 3, "cure_business_days": 2}
    cured = paid_after(6 * DAY - 1, **calls)
    expected = """
        2026-01-09 00:00 A call_late jbic_cash funding_desk 1
        2026-01-10 23:59 A call_paid 1
    """
    same(cured.lines(*BREACHES), table(expected))
    missed = paid_after(6 * DAY, **calls)
    expected = """
        2026-01-09 00:00 A call_late jbic_cash funding_desk 1
        2026-01-11 00:00 A call_missed jbic_cash funding_desk 1
        2026-01-11 00:00 A call_paid 1
    """
    same(missed.lines(Kind.CALL_LATE, Kind.CALL_MISSED, Kind.CALL_PAID), table(expected))


@pytest.mark.parametrize(
    ("reading", "grace", "desk_minutes", "expected"),
    [
        # n = 0: due on the day of notice itself, though a Saturday; payable at once either way.
        ("cap", 0, 0, ["2026-01-10 10:30 A call_paid 1"]),
        ("floor", 0, 0, ["2026-01-10 10:30 A call_paid 1"]),
        ("cap", 0, 809, ["2026-01-10 23:59 A call_paid 1"]),
        ("cap", 0, 810, ["2026-01-11 00:00 A call_late jbic_cash funding_desk 1",
                            "2026-01-11 00:00 A call_paid 1"]),
        # A grace of one open day after Saturday: Tuesday; Monday is Coming of Age Day in Japan.
        ("floor", 1, 810 + 3 * DAY - 1, ["2026-01-13 23:59 A call_paid 1"]),
        ("floor", 1, 810 + 3 * DAY,
         ["2026-01-14 00:00 A call_late jbic_cash funding_desk 1",
          "2026-01-14 00:00 A call_paid 1"]),
    ],
)  # fmt: skip
def test_a_window_of_zero_days_is_the_instant_of_notice(reading, grace, desk_minutes, expected):
    """Proposed on Saturday 10 January 2026, screened until 10:30, noticed then."""
    tree = bare_tree(A=one("2026-01-10"))
    tree["sectors"]["gas"]["screening_days"] = constant(630 / DAY)
    tree["nature"]["call_desk_days"]["jbic"] = constant(desk_minutes / DAY)
    tree["policy"]["calls"].update(calendar="both", reading=reading, grace_business_days=grace)
    it = run(tree)
    same(it.when(Kind.CALL_NOTICED), {"A": 9 * DAY + 630})
    same(it.lines(Kind.CALL_PAID, Kind.CALL_LATE), expected)


def check_deadline() -> None:
    """By hand: a round on 19 January 2029 counts, the one listed on the 20th is not held.

    A is before the President on the 19th. B's screening ends a minute after the round, C is still
    with a team: both lapse at 00:00 of the 20th. A's call goes on: 45 days end on 5 March (12 in
    January, 28, 5), the cure on 10 March; money comes on 1 April, 21 days into 30 of notice.
    """
    day = "2029-01-19"
    tree = bare_tree(A=one("2029-01-10"), B=one(day), C=one(day))
    policy = tree["policy"]
    policy["selection"].update(rounds="dates", dates=[day, "2029-01-20"], calendar="every_day")
    policy["calls"].update(first_window_business_days=45, cure_business_days=5)
    policy["enforcement"]["active"] = True
    cash = yearly(first_year=0, per_fiscal_year={"2026": 0, "2029": 5})
    tree["capacity"]["facilities"]["jbic"]["cash"] = cash
    screening = np.array([[0] * 3, [1] * 3, [2 * DAY] * 3])
    it = run(tree, screening=screening)
    kinds = (Kind.RECOMMENDED, Kind.SELECTED, Kind.LAPSED, Kind.DEADLINE_CLOSED, Kind.NTP_ISSUED)
    expected = """
        2029-01-10 00:00 A recommended
        2029-01-19 00:00 A selected 1
        2029-01-19 00:01 B recommended
        2029-01-20 00:00 - deadline_closed
        2029-01-20 00:00 B lapsed
        2029-01-20 00:00 C lapsed
        2029-03-06 00:00 A call_late jbic_cash funding_money 1
        2029-03-11 00:00 A call_missed jbic_cash funding_money 1
        2029-03-11 00:00 A breach_opened call_missed 1
        2029-03-11 00:00 A breach_threatened
        2029-04-01 00:00 A call_paid 1
        2029-04-01 00:00 A breach_closed paid
        2029-04-01 00:00 A ntp_issued
    """
    same(it.lines(*kinds, *BREACHES), table(expected))


def test_the_deadline_stops_selection_only_at_the_close_of_its_day():
    check_deadline()


def check_last_minute() -> None:
    """Selection at any time: screened until 23:59 of the last day counts, until 00:00 does not."""
    tree = bare_tree(A=one("2029-01-19"), B=one("2029-01-19"))
    it = run(tree, screening=np.array([[DAY - 1] * 3, [DAY] * 3]))
    expected = """
        2029-01-19 23:59 A screening_ended teams
        2029-01-19 23:59 A selected 1
        2029-01-20 00:00 B lapsed
    """
    same(it.lines(Kind.SCREENING_ENDED, Kind.SELECTED, Kind.LAPSED), table(expected))


def test_the_last_minute_of_the_deadline_counts_and_the_next_does_not():
    check_last_minute()


def test_a_committee_that_would_move_past_the_deadline_does_not_sit():
    """Listed on Saturday 13 January and on Martin Luther King Day: both sit once, on the 16th.

    Friday the 19th is open. Saturday the 20th moves to Monday the 22nd, after the deadline.
    """
    tree = bare_tree(A=one("2029-01-12"), B=one("2029-01-17"), C=one("2029-01-19"))
    tree["policy"]["investment_committee"]["meetings"] = {
        "kind": "dates", "dates": ["2029-01-13", "2029-01-15", "2029-01-19", "2029-01-20"],
        "calendar": "us", "agenda": 1,
    }  # fmt: skip
    it = run(tree, screening=np.array([[0] * 3, [0] * 3, [1] * 3]))
    expected = """
        2029-01-16 00:00 A recommended
        2029-01-19 00:00 B recommended
        2029-01-20 00:00 C lapsed
    """
    same(it.lines(Kind.RECOMMENDED, Kind.LAPSED), table(expected))


# -- Committees ------------------------------------------------------------------------------------


def agenda_run(**drawn: Any) -> Run:
    """Sittings on 10, 20, 30 January and 9 February, one proposal each, the largest first."""
    tree = bare_tree(
        A=one("2026-01-05", 1), B=one("2026-01-05", 3), C=one("2026-01-05", 2),
        D=one("2026-01-15", 5),
    )  # fmt: skip
    days = ["2026-01-10", "2026-01-20", "2026-01-30", "2026-02-09"]
    tree["policy"]["investment_committee"].update(
        ranking="largest_first", defer_probability=0.1,
        meetings={"kind": "dates", "dates": days, "calendar": "every_day", "agenda": 1},
    )  # fmt: skip
    return run(tree, **drawn)


def test_a_committee_takes_its_agenda_down_the_ranking_and_tests_nothing_else():
    it = agenda_run(defer=np.ones((4, 50)))
    expected = """
        2026-01-10 00:00 B recommended
        2026-01-20 00:00 D recommended
        2026-01-30 00:00 C recommended
        2026-02-09 00:00 A recommended
    """
    same(it.lines(Kind.RECOMMENDED), table(expected))


def test_a_deferred_proposal_uses_its_place_on_the_agenda_and_comes_again():
    """B, ordinal 1, is deferred at its first visit only; nobody takes its place."""
    defer = np.ones((4, 50))
    defer[1, 0] = 0.05
    it = agenda_run(defer=defer)
    expected = """
        2026-01-10 00:00 B deferred
        2026-01-20 00:00 D recommended
        2026-01-30 00:00 B recommended
        2026-02-09 00:00 C recommended
        2029-01-20 00:00 A lapsed
    """
    same(it.lines(Kind.DEFERRED, Kind.RECOMMENDED, Kind.LAPSED), table(expected))


# -- Declines, breaches and tariffs ----------------------------------------------------------------


def declined(window: int) -> Run:
    """A (8 of 10 bn) is declined after 20 days of consultation, B (5 bn) funded at once."""
    tree = tariff_tree(A=one("2026-01-05", 8), B=one("2026-01-06", 5))
    tree["programme"]["envelope_usd_bn"] = 10
    tree["nature"]["funding"].update(
        consult_probability=0.5, decline_probability=0.5, consultation_days=constant(20)
    )
    policy = tree["policy"]
    policy["funding"]["response"] = "as_disposed"
    policy["calls"]["first_window_business_days"] = window
    tree["nature"]["enforcement"]["settlement_days"] = constant(365)
    return run(tree, consult=np.array([0.9, 0.9]), decline=np.array([0.1, 0.9]))


DECLINED = (Kind.SELECTED, Kind.DECLINED, Kind.CONSULTATION_BEGAN, Kind.CONSULTATION_ENDED,
            Kind.FUNDING_DECIDED)  # fmt: skip


def check_decline() -> None:
    """By hand. The decline frees 8 bn, and B, which did not fit beside A, is selected at once.

    The breach opens on 25 January: notice; 30 days: 24 February; 60 + 30 days: 25 May; settled
    after 365 days; 30 days of relief end on 24 February 2027.
    """
    it = declined(window=45)
    expected = """
        2026-01-05 00:00 A selected 8
        2026-01-05 00:00 A consultation_began
        2026-01-25 00:00 A consultation_ended
        2026-01-25 00:00 A declined 8
        2026-01-25 00:00 A breach_opened declined 8
        2026-01-25 00:00 B selected 5
        2026-01-25 00:00 B funding_decided
        2026-01-25 00:00 B call_paid 5
        2026-01-25 00:00 A breach_threatened
        2026-02-24 00:00 A breach_ordered
        2026-05-25 00:00 A breach_raised declined
        2026-05-25 00:00 - tariff_raised 0.25
        2027-01-25 00:00 A breach_closed settled
        2027-01-25 00:00 - tariff_relieved
        2027-02-24 00:00 - tariff_compliant
    """
    same(it.lines(*DECLINED, *BREACHES), table(expected))
    trace = it.left.capacity
    envelope = trace.resource == it.plan.resource["envelope"]
    assert trace.in_use[envelope].tolist()[-1] == 5 * CENTS_PER_BN


def test_a_decline_releases_the_commitment_and_opens_a_breach():
    check_decline()


def test_a_decline_after_a_missed_call_climbs_a_ladder_of_its_own():
    """Missed on 14 January (5 + 3 days and the close); the threat over the call ends with it."""
    expected = """
        2026-01-11 00:00 A call_late jbic_cash consultation 8
        2026-01-14 00:00 A call_missed jbic_cash consultation 8
        2026-01-14 00:00 A breach_opened call_missed 8
        2026-01-14 00:00 A breach_threatened
        2026-01-25 00:00 A breach_closed declined
        2026-01-25 00:00 A breach_opened declined 8
        2026-01-25 00:00 B call_paid 5
        2026-01-25 00:00 A breach_threatened
        2026-02-24 00:00 A breach_ordered
        2026-05-25 00:00 A breach_raised declined
        2026-05-25 00:00 - tariff_raised 0.25
        2027-01-25 00:00 A breach_closed settled
        2027-01-25 00:00 - tariff_relieved
        2027-02-24 00:00 - tariff_compliant
    """
    same(declined(window=5).lines(*BREACHES), table(expected))


MISSED_A = """
    2026-01-11 00:00 A call_late jbic_cash funding_money 2
    2026-01-14 00:00 A call_missed jbic_cash funding_money 2
    2026-01-14 00:00 A breach_opened call_missed 2
    2026-01-14 00:00 A breach_threatened
"""


def check_cured_in_consultation() -> None:
    """Noticed on 5 January, due on the 10th, cure to the 13th; paid on 1 April, before a raise."""
    it = run(starved_tree({"2026": 5}, A=one("2026-01-05", 2)))
    expected = (
        MISSED_A
        + """
        2026-02-13 00:00 A breach_ordered
        2026-04-01 00:00 A call_paid 2
        2026-04-01 00:00 A breach_closed paid
    """
    )
    same(it.lines(*BREACHES), table(expected))


def test_a_missed_call_is_cured_by_payment():
    check_cured_in_consultation()


def check_raise_prevented() -> None:
    """30 + 17 + 30 days after 14 January it is 1 April, 86 days after the notice of 5 January.

    A desk that ends in that minute pays before enforcement meets: payments come first.
    """
    tree = tariff_tree(A=one("2026-01-05", 2))
    tree["nature"]["enforcement"]["route_delay_days"] = {"section_232": constant(47)}
    tree["nature"]["call_desk_days"]["jbic"] = constant(86)
    expected = (
        MISSED_A.replace("funding_money", "funding_desk")
        + """
        2026-02-13 00:00 A breach_ordered
        2026-04-01 00:00 A call_paid 2
        2026-04-01 00:00 A breach_closed paid
    """
    )
    same(run(tree).lines(*BREACHES), table(expected))


def test_a_payment_in_the_minute_of_the_raise_prevents_it():
    check_raise_prevented()


def test_money_allocated_in_the_minute_of_the_raise_comes_after_it():
    """The same dates, but the money is that of 1 April: allocation is an instant's last class."""
    tree = starved_tree({"2026": 5}, A=one("2026-01-05", 2))
    tree["nature"]["enforcement"]["route_delay_days"] = {"section_232": constant(47)}
    expected = (
        MISSED_A
        + """
        2026-02-13 00:00 A breach_ordered
        2026-04-01 00:00 A breach_raised call_missed
        2026-04-01 00:00 - tariff_raised 0.25
        2026-04-01 00:00 A call_paid 2
        2026-04-01 00:00 A breach_closed paid
        2026-04-01 00:00 - tariff_relieved
        2026-05-01 00:00 - tariff_compliant
    """
    )
    same(run(tree).lines(*BREACHES), table(expected))


def check_breach_in_relief() -> None:
    """A is paid on 1 April 2027, relief would end on 1 May; B is missed on 14 April.

    So it is raised at once. B is paid a year later; relief ends 30 days on.
    """
    it = run(starved_tree(
        {"2026": 0, "2027": 2, "2028": 5}, A=one("2026-01-05", 2), B=one("2027-04-05", 3)
    ))  # fmt: skip
    expected = (
        MISSED_A
        + """
        2026-02-13 00:00 A breach_ordered
        2026-05-14 00:00 A breach_raised call_missed
        2026-05-14 00:00 - tariff_raised 0.25
        2027-04-01 00:00 A call_paid 2
        2027-04-01 00:00 A breach_closed paid
        2027-04-01 00:00 - tariff_relieved
        2027-04-11 00:00 B call_late jbic_cash funding_money 3
        2027-04-14 00:00 B call_missed jbic_cash funding_money 3
        2027-04-14 00:00 B breach_opened call_missed 3
        2027-04-14 00:00 B breach_raised call_missed
        2027-04-14 00:00 - tariff_raised 0.25
        2028-04-01 00:00 B call_paid 3
        2028-04-01 00:00 B breach_closed paid
        2028-04-01 00:00 - tariff_relieved
        2028-05-01 00:00 - tariff_compliant
    """
    )
    same(it.lines(*BREACHES), table(expected))


def test_a_new_breach_in_relief_raises_at_once():
    check_breach_in_relief()


def test_a_second_breach_while_raised_climbs_beside_the_first():
    """B is missed while the tariff is up for A; it comes down when both are paid, 1 April 2027.

    Noticed on 1 June, missed on the 10th; ordered 30 days on, raised another 90 days on.
    """
    it = run(starved_tree({"2026": 0, "2027": 5}, A=one("2026-01-05", 2), B=one("2026-06-01", 3)))
    expected = """
        2026-01-14 00:00 A breach_threatened
        2026-02-13 00:00 A breach_ordered
        2026-05-14 00:00 A breach_raised call_missed
        2026-05-14 00:00 - tariff_raised 0.25
        2026-06-10 00:00 B breach_threatened
        2026-07-10 00:00 B breach_ordered
        2026-10-08 00:00 B breach_raised call_missed
        2027-04-01 00:00 - tariff_relieved
        2027-05-01 00:00 - tariff_compliant
    """
    same(it.lines(*TARIFFS), table(expected))


def test_tariffs_stay_up_until_the_last_breach_behind_them_has_ended():
    """2 bn on 1 April 2027 pay A; B, raised beside it, has its 3 bn a year later."""
    years = {"2026": 0, "2027": 2, "2028": 5}
    it = run(starved_tree(years, A=one("2026-01-05", 2), B=one("2026-06-01", 3)))
    same(it.lines(Kind.TARIFF_RAISED, Kind.TARIFF_RELIEVED, Kind.BREACH_CLOSED), table("""
        2026-05-14 00:00 - tariff_raised 0.25
        2027-04-01 00:00 A breach_closed paid
        2028-04-01 00:00 B breach_closed paid
        2028-04-01 00:00 - tariff_relieved
    """))  # fmt: skip


def test_a_duty_whose_route_ran_out_lets_the_breach_pass_for_good():
    """150 days after 14 May: 11 October; 30 days of relief: 10 November, the breach still open."""
    tree = starved_tree({"2026": 0, "2027": 2}, A=one("2026-01-05", 2))
    tree["policy"]["enforcement"]["routes"]["section_232"]["max_duration_days"] = 150
    expected = """
        2026-01-14 00:00 A breach_threatened
        2026-02-13 00:00 A breach_ordered
        2026-05-14 00:00 A breach_raised call_missed
        2026-05-14 00:00 - tariff_raised 0.25
        2026-10-11 00:00 A breach_let_pass route_lapsed
        2026-10-11 00:00 - tariff_relieved
        2026-11-10 00:00 - tariff_compliant
    """
    same(run(tree).lines(*TARIFFS), table(expected))


# -- Small faults, each caught by a check above: fault, check, and words of what the check then says

CAP, FLOOR = partial(check_story, "cap", False), partial(check_story, "floor", False)
CARRYING = partial(check_story, "cap", True)
FAULTS = [
    (faults.deadline_a_day_early, check_deadline, "2029-01-19 00:00 - deadline_closed"),
    (faults.deadline_a_day_early, check_last_minute, "2029-01-19 00:00 A lapsed"),
    (faults.payment_a_minute_late, check_close_of_the_due_day, "2026-01-09 00:00 A call_late"),
    (faults.payment_a_minute_late, check_one_instant, "2026-01-11 00:01 .* instead of .*00:00"),
    (faults.legal_dates_close_after_payments, check_close_of_the_due_day, "A call_paid 1' instead"),
    (faults.double_start_at_a_tie, check_one_instant, "ntp_issued' instead of .*building_began"),
    (faults.double_start_at_a_tie, check_crew_at_the_start, "has NTP_ISSUED twice"),
    (faults.waiters_counted_in_demand, check_starved, "building_stopped|built"),
    (faults.carry_over_lost, CARRYING, "part_drawn #2 jbic_cash 1.5"),
    (faults.carry_over_for_all, CAP, "part_drawn #2 jbic_cash 1.8"),
    (faults.a_window_counts_the_day_of_notice, FLOOR, "2026-07-30 .* instead of .*2026-07-31"),
    (faults.a_due_day_closes_when_it_begins, check_close_of_the_due_day, "2026-01-08 00:00 A"),
    (faults.a_floor_is_payable_from_notice, FLOOR, "2026-06-07 00:00 funds"),
    (faults.a_meeting_on_a_closed_day_sits, CAP, "2026-03-17 00:00 endorsed"),
    (faults.a_payment_leaves_the_breach_open, check_cured_in_consultation, "breach_closed"),
    (faults.a_new_breach_waits_for_the_end_of_relief, check_breach_in_relief, "2027-04-14"),
    (faults.a_decline_keeps_the_envelope, check_decline, "B selected|B lapsed|breach_threat"),
    (faults.the_litigated_permit_is_granted, CAP, "instead of .*litigation_began"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "check", "words"), FAULTS, ids=label)
def test_a_small_fault_is_caught(monkeypatch, fault, check, words):
    caught(monkeypatch, fault, check, words)
