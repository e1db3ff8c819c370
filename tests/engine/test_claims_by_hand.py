"""Other claimants, worked out by hand. See docs/model.md, "Other claimants"."""

from __future__ import annotations

from typing import Any

import pytest
from gate_cases import machines, one, plants
from support.configs import config_from, refused, with_values
from support.hand_runs import run, same, table

from sim.config.market import market_of
from sim.events import Kind
from sim.plan import Plan


def korea(**takes: Any) -> dict[str, Any]:
    return {"korea": {"label": "Korea", **takes}}


def with_slots(**claims: Any) -> dict[str, Any]:
    """A orders one block on 1 January 2026; a slot opens in 2027, three in every year after it."""
    tree = machines(plants(A=one()), delivery_days=10, gate=0.3, slots=[0, 1, 3])
    tree["capacity"]["claims"] = claims
    return tree


def test_a_slot_that_another_country_takes_is_waited_for_another_year():
    """Without Korea A has the slot of 2027; Korea takes it, and A the first of 2028."""
    granted = {
        name: run(with_slots(**claims)).lines(Kind.SLOT_GRANTED, Kind.CLAIM_TAKEN)
        for name, claims in (("alone", {}), ("beside", korea(slots={"turbines": {2027: 1}})))
    }
    same(granted["alone"], ["2027-01-01 00:00 A slot_granted equipment_turbines 1"])
    expected = """
        2027-01-01 00:00 - claim_taken equipment_turbines 1
        2028-01-01 00:00 A slot_granted equipment_turbines 1
    """
    same(granted["beside"], table(expected))


def test_claims_take_in_their_order_and_no_more_than_there_is():
    """Five of three are three; who comes second in the config has what the first leaves."""
    claims = {
        "first": {"label": "1", "slots": {"turbines": {2028: 2, 2029: 1}}},
        "second": {"label": "2", "slots": {"turbines": {2028: 3, 2029: 1}}},
    }
    tree = with_slots(**claims)
    expected = """
        2028-01-01 00:00 - claim_taken equipment_turbines 2
        2028-01-01 00:00 - claim_taken #1 equipment_turbines 1
        2029-01-01 00:00 - claim_taken equipment_turbines 1
    """
    same(run(tree).lines(Kind.CLAIM_TAKEN), table(expected))
    later = dict(Plan.of(config_from(tree)).supply.makers[0].later)
    assert list(later.values())[:4] == [1, 0, 1, 1]  # 2027, 2028, and three less two


def test_what_has_no_limit_has_nothing_to_take():
    tree = with_slots(**korea(slots={"turbines": {2027: 1}}))
    tree["capacity"]["equipment"]["turbines"]["slots"] = "unlimited"
    assert run(tree).lines(Kind.CLAIM_TAKEN) == []


def test_people_wanted_elsewhere_are_others_demand_from_the_first_of_a_month_on():
    """100 from 15 March: on 1 April, and 40 on 1 June; supply is as it was."""
    tree = plants(A=one())
    pool = tree["capacity"]["specialists"]["pools"]["electrical"]
    pool.update(kind="market", people_at_start=1000)
    tree["capacity"]["claims"] = korea(people={"electrical": {"2026-03-15": 100, "2026-06-01": 40}})
    expected = """
        2026-04-01 00:00 - claim_taken specialists_electrical 100
        2026-06-01 00:00 - claim_taken specialists_electrical 40
    """
    same(run(tree).lines(Kind.CLAIM_TAKEN), table(expected))
    with_claim = config_from(tree)
    alone = config_from(tree | {"capacity": tree["capacity"] | {"claims": {}}})
    days = [with_claim.programme.start.replace(month=month) for month in range(1, 8)]
    more, less = market_of(with_claim, days)[0], market_of(alone, days)[0]
    assert more.people == less.people
    extra = [a - b for a, b in zip(more.other_demand, less.other_demand, strict=True)]
    assert extra == [0, 0, 0, 100, 100, 40, 40]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a maker that is not there": (
        {"capacity.claims": korea(slots={"turbine": {"2029": 1}})},
        "capacity.claims.korea.slots.turbine: there is no equipment of capacity turbine; "
        "accepted: nothing: no equipment of capacity is defined",
    ),
    "a region that is not there": (
        {"capacity.claims": korea(megawatts={"pjm": {"2029": 1}})},
        "capacity.claims.korea.megawatts.pjm: there is no region pjm; "
        "accepted: nothing: no region is defined",
    ),
    "a pool that is the programme's own": (
        {"capacity.claims": korea(people={"electrical": {"2029-01-01": 1}}),
         "capacity.specialists.pools.electrical.kind": "dedicated"},
        "capacity.claims.korea.people.electrical: there is no market pool electrical; "
        "accepted: nothing: no market pool is defined",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_claim_on_what_is_not_there_is_refused(case: str) -> None:
    values, expected = REFUSED[case]
    with refused(f"<tree>: {expected}"):
        config_from(with_values(values))


def test_claims_that_leave_no_slot_for_good_are_refused() -> None:
    with refused(
        "<tree>: capacity.equipment.turbines.slots.per_year: has no slot in its last year: orders "
        "left then would wait for ever; accepted: a whole number >= 1 in the last year, or "
        "unlimited"
    ):
        config_from(with_slots(**korea(slots={"turbines": {2028: 3}})))
