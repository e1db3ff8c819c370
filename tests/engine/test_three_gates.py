"""One plant that waits for funding, permits, machines and power, each in turn the last to clear.

Every date is worked out by hand, and so is every segment of the delay ledger's chain. Model
sections 4 and 8.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import gate_faults as faults
import pytest
from gate_cases import MILESTONES, chain, grid, hidden, machines, months, one, plants
from support.hand_runs import DAY, Run, constant, run, same, table, yearly
from support.small_faults import caught, label

from sim.events import Kind
from sim.results.ledger.charging import charge


def plant(last: str) -> Run:
    """4 bn in one unit, 100 days of building, one machine at half of it; all desks are free.

    ``last``: which gate is the last to clear.
    """
    tree = plants(100, A=one("2026-01-05", 4, megawatts=100))
    gas, policy = tree["sectors"]["gas"], tree["policy"]
    gas["screening_days"] = constant(14)
    gas["permits"]["work_months"] = months(20 if last == "funding" else 60)
    tree["nature"]["appraisal_days"]["jbic"] = constant(20)
    tree["nature"]["call_desk_days"]["jbic"] = constant(3)
    policy["investment_committee"]["meetings"] = {
        "kind": "dates", "dates": ["2026-02-02"], "calendar": "us",
    }  # fmt: skip
    policy["selection"].update(rounds="dates", dates=["2026-03-02"], calendar="us")
    policy["calls"].update(reading="floor", calendar="both", first_window_business_days=20,
                           grace_business_days=10)  # fmt: skip
    cash = yearly(first_year=0, per_fiscal_year={"2026": 5})
    tree["capacity"]["facilities"]["jbic"]["cash"] = cash
    machines(tree, 40, 0.5, [0, 1] if last == "equipment" else "unlimited")
    grid(tree, 300 if last == "connection" else 30, [0, 365] if last == "power" else "unlimited")
    return run(tree)


# Monday 5 January 2026, 14 days of screening; the committee sits on 2 February, the President's
# round is on 2 March. Permits and the connection start with it. Lenders appraise from 2 February
# for 20 days: done before the notice. Their desk takes 3 days. The 20th open day after 2 March:
# 3-6 (4), 9-13 (9), 16-19 (13; the 20th is the vernal equinox in Japan), 23-27 (18), 30, 31. In
# the fiscal year 2025 there is no money left: it is paid on 1 April, and the machine is ordered.
FUNDED = """
    2026-03-02 00:00 selected 4
    2026-03-02 00:00 grid_requested power_all 100
    2026-04-01 00:00 call_paid 4
    2026-04-01 00:00 equipment_ordered equipment_turbines 1
"""
REVIEWED = """
    reviewing 2026-01-05 2026-01-19
    ic_wait 2026-01-19 2026-02-02
    selection_wait 2026-02-02 2026-03-02
"""
PAID = """
    funding_desk 2026-03-02 2026-03-05
    funding_window 2026-03-05 2026-03-31
    funding_money 2026-03-31 2026-04-01
"""
APPRAISED = {"appraisal": 20}
PAYING = {"funding_desk": 3, "funding_window": 26, "funding_money": 1}

# Permits take 20 days: 22 March. NTP with the money on 1 April; the machine comes after 40 days, on
# 11 May, before half is built on 21 May; built on 10 July, connected long before.
FUNDING = """
    2026-03-22 00:00 permits_granted
    2026-04-01 00:00 grid_connected power_all
    2026-04-01 00:00 slot_granted equipment_turbines 1
    2026-04-01 00:00 ntp_issued
    2026-04-01 00:00 building_began
    2026-05-11 00:00 equipment_delivered equipment_turbines
    2026-07-10 00:00 unit_built 4
    2026-07-10 00:00 built
    2026-07-10 00:00 unit_energised power_all 4
    2026-07-10 00:00 operating 4
"""
# 60 days from 2 March: 1 May. Half is built on 20 June, all on 9 August.
PERMITS = """
    2026-04-01 00:00 grid_connected power_all
    2026-04-01 00:00 slot_granted equipment_turbines 1
    2026-05-01 00:00 permits_granted
    2026-05-01 00:00 ntp_issued
    2026-05-01 00:00 building_began
    2026-05-11 00:00 equipment_delivered equipment_turbines
    2026-08-09 00:00 unit_built 4
    2026-08-09 00:00 built
    2026-08-09 00:00 unit_energised power_all 4
    2026-08-09 00:00 operating 4
"""
# No slot before 1 January 2027; 40 days: 10 February; the other 50 days: 1 April.
EQUIPMENT = """
    2026-04-01 00:00 grid_connected power_all
    2026-05-01 00:00 permits_granted
    2026-05-01 00:00 ntp_issued
    2026-05-01 00:00 building_began
    2026-06-20 00:00 building_stopped equipment 0.5
    2027-01-01 00:00 slot_granted equipment_turbines 1
    2027-02-10 00:00 equipment_delivered equipment_turbines
    2027-02-10 00:00 building_began 0.5
    2027-04-01 00:00 unit_built 4
    2027-04-01 00:00 built
    2027-04-01 00:00 unit_energised power_all 4
    2027-04-01 00:00 operating 4
"""
# A megawatt a day from 1 January 2027: the 100th is there on 11 April.
POWER = """
    2026-04-01 00:00 grid_connected power_all
    2026-04-01 00:00 slot_granted equipment_turbines 1
    2026-05-01 00:00 permits_granted
    2026-05-01 00:00 ntp_issued
    2026-05-01 00:00 building_began
    2026-05-11 00:00 equipment_delivered equipment_turbines
    2026-08-09 00:00 unit_built 4
    2026-08-09 00:00 built
    2027-04-11 00:00 unit_energised power_all 4
    2027-04-11 00:00 operating 4
"""
# 300 days from 2 March: 30 + 30 + 31 + 30 + 31 + 31 + 30 + 31 + 30 = 274 days to 1 December.
CONNECTION = """
    2026-04-01 00:00 slot_granted equipment_turbines 1
    2026-05-01 00:00 permits_granted
    2026-05-01 00:00 ntp_issued
    2026-05-01 00:00 building_began
    2026-05-11 00:00 equipment_delivered equipment_turbines
    2026-08-09 00:00 unit_built 4
    2026-08-09 00:00 built
    2026-12-27 00:00 grid_connected power_all
    2026-12-27 00:00 unit_energised power_all 4
    2026-12-27 00:00 operating 4
"""
PERMITTED = "permit_work 2026-03-02 2026-05-01\n"
# gate that clears last: milestones, chain, hidden days of the others
CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "funding": (
        FUNDING,
        REVIEWED + PAID + "nominal_building 2026-04-01 2026-07-10",
        APPRAISED | {"permit_work": 20, "equipment": 40, "power": 30},
    ),
    "permits": (
        PERMITS,
        REVIEWED + PERMITTED + "nominal_building 2026-05-01 2026-08-09",
        APPRAISED | PAYING | {"equipment": 40, "power": 30},
    ),
    # Of the equipment's days the order's and the site's are the same; the first half is hidden.
    "equipment": (
        EQUIPMENT,
        REVIEWED + PAID
        + "equipment 2026-04-01 2027-02-10\n nominal_building 2027-02-10 2027-04-01",
        APPRAISED | {"permit_work": 60, "power": 30, "nominal_building": 50},
    ),
    "power": (
        POWER,
        REVIEWED + PERMITTED
        + "nominal_building 2026-05-01 2026-08-09\n power 2026-08-09 2027-04-11",
        APPRAISED | PAYING | {"equipment": 40, "power": 30},
    ),
    # Back to the request, and from there to the proposal.
    "connection": (
        CONNECTION,
        REVIEWED + "power 2026-03-02 2026-12-27",
        APPRAISED | PAYING | {"permit_work": 60, "equipment": 40, "nominal_building": 100},
    ),
}  # fmt: skip


def check_gates(last: str) -> None:
    milestones, segments, off_chain = CASES[last]
    it = plant(last)
    same(sorted(it.lines(*MILESTONES, project="A")), sorted(table(FUNDED + milestones)))
    same([" ".join(segment) for segment in chain(it)], table(segments))
    same(hidden(it), off_chain)
    # From proposal to operation, to the minute.
    elapsed = it.when(Kind.OPERATING)["A"] - 4 * DAY
    assert charge(it.left).minutes[0].sum() == elapsed


@pytest.mark.parametrize("last", CASES)
def test_the_gate_that_clears_last_decides_every_date_and_the_chain_goes_through_it(last):
    check_gates(last)


def test_what_relaxes_the_last_gate_gains_its_days_up_to_the_next_gate():
    """With slots at once the plant of case `equipment` is that of case `permits`: 235 days sooner.

    Of the 315 days from order to delivery 235 held the site, 20 June to 10 February; the rest ran
    beside permits and the first half of the building.
    """
    ends = {last: plant(last).when(Kind.OPERATING)["A"] for last in ("equipment", "permits")}
    assert ends["equipment"] - ends["permits"] == 235 * DAY


# -- Small faults, each caught by a check above: fault, check, and words of what the check then says

FAULTS = [
    (faults.machines_needed_later, partial(check_gates, "equipment"), "building_stopped .* 0.55"),
    (faults.orders_wait_for_permits, partial(check_gates, "permits"), "equipment_ordered"),
]


@pytest.mark.parametrize(("fault", "check", "words"), FAULTS, ids=label)
def test_a_small_fault_is_caught(monkeypatch, fault, check, words):
    caught(monkeypatch, fault, check, words)
