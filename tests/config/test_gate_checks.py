"""Equipment, power, hazards and regional crafts that do not fit together are refused."""

from __future__ import annotations

from typing import Any

import pytest
from support.configs import config_from, refused, with_values

MACHINES = {
    "slots_per_unit": 1, "delivery_months": {"kind": "constant", "value": 6}, "gate_progress": 0.3,
}  # fmt: skip
SLOTS = {"first_year": 1, "per_year": {"2027": 2}}
TURBINES = {"turbines": {"label": "Turbines", "slots": SLOTS}}


def reserved(project: str) -> dict[str, Any]:
    return {"turbines": TURBINES["turbines"] | {"reserved": {project: {"2027": 1}}}}


PLANT = {
    "name": "Plant", "kind": "project", "sector": "gas", "announced_usd_bn": 1, "units": 3,
    "proposed_date": "2026-02-01", "source": "test",
}  # fmt: skip
GRID = {
    "role": "load", "mw_per_usd_bn": 10, "connection_months": {"kind": "constant", "value": 6},
}  # fmt: skip


def region(*states: str) -> dict[str, Any]:
    return {"label": "Region", "states": list(states), "additions_mw": "unlimited"}


CASES: dict[str, tuple[dict[str, Any], str]] = {
    "machines nobody makes": (
        {"sectors.gas.equipment": {"turbine": MACHINES}, "capacity.equipment": TURBINES},
        "sectors.gas.equipment.turbine: there is no equipment of capacity turbine "
        "(did you mean turbines?); accepted: turbines",
    ),
    "slots reserved for nobody": (
        {"portfolio": {"projects": {"P": {"id": "P", **PLANT}}},
         "capacity.equipment": reserved("Q")},
        "capacity.equipment.turbines.reserved.Q: there is no project Q; accepted: P",
    ),
    "slots reserved for who needs none": (
        {"portfolio": {"projects": {"P": {"id": "P", **PLANT}}},
         "capacity.equipment": reserved("P")},
        "capacity.equipment.turbines.reserved.P: P is a project of gas, which needs none of it; "
        "accepted: a project whose sector lists turbines",
    ),
    "a maker that stops for good": (
        {"sectors.gas.equipment": {"turbines": MACHINES},
         "capacity.equipment": {"turbines": {"label": "Turbines", "slots": {
             "first_year": 1, "per_year": {"2027": 2, "2028": 0}}}}},
        "capacity.equipment.turbines.slots.per_year: has no slot in its last year: orders left "
        "then would wait for ever; accepted: a whole number >= 1 in the last year, or unlimited",
    ),
    "a whole order larger than any year": (
        {"sectors.gas.equipment": {"turbines": MACHINES}, "capacity.equipment": TURBINES,
         "portfolio": {"projects": {"P": {"id": "P", **PLANT}}},
         "policy.equipment_orders": "whole_order"},
        "capacity.equipment.turbines.slots: the 3 slots of project P never fit into a year; "
        "accepted: orders up to 2, carry_over: true, or policy.equipment_orders: by_unit",
    ),
    "a load without a grid": (
        {"sectors.gas.power": GRID},
        "sectors.gas.power: uses the grid, but capacity.power is missing; accepted: "
        "capacity.power with its regions",
    ),
    "an unknown region for elsewhere": (
        {"capacity.power": {"elsewhere": "rests", "regions": {"rest": region()}}},
        "capacity.power.elsewhere: there is no region rests (did you mean rest?); accepted: rest",
    ),
    "a state in two regions": (
        {"capacity.power": {"elsewhere": "rest", "regions": {
            "rest": region(), "south": region("TX"), "west": region("CA", "TX")}}},
        "capacity.power.regions.west.states: TX is in region south too; accepted: each state in "
        "one region",
    ),
    "a craft without a pool for the rest": (
        {"capacity.specialists.pools.electrical.states": ["TX"]},
        "capacity.specialists.pools.electrical.states: craft electrical has 0 pools without "
        "states; accepted: one pool of each craft without states: it serves everywhere else",
    ),
    "a regime without hazards": (
        {"nature.regime": {"label": "Policy", "probability_per_year": 0.1, "multiplier": 3}},
        "nature.regime: multiplies pauses and cancellations, but nature.hazards is missing; "
        "accepted: nature.hazards, or no regime",
    ),
    "no call left for an overrun": (
        {"policy.overrun_paid_by": "japan_topup", "nature.maxima.calls": 2},
        "nature.maxima.calls: there are 3 calls with the one for overruns; accepted: a whole "
        "number >= 3",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_gates_that_cannot_hold_together_are_refused(case: str) -> None:
    values, expected = CASES[case]
    with refused(f"<tree>: {expected}"):
        config_from(with_values(values))


def test_the_same_gates_put_right_are_accepted() -> None:
    values = {
        "sectors.gas.equipment": {"turbines": MACHINES},
        "sectors.gas.power": GRID,
        "capacity.equipment": reserved("P"),
        "capacity.power": {"elsewhere": "rest", "regions": {
            "rest": region(), "south": region("TX"), "west": region("CA")}},
        "portfolio": {"projects": {"P": {"id": "P", **PLANT}}},
    }  # fmt: skip
    config = config_from(with_values(values))
    assert config.capacity.equipment["turbines"].reserved == {"P": {2027: 1}}
