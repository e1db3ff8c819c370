"""The ladder of a breach as a table of all its steps. See docs/model.md, "Enforcement"."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.rules.tariff import BreachView, Stage, own_ladder, routes_taken

# Worth 5 where 5 is material, acted on and ordered: climbs to the top.
CLIMBS = BreachView(
    stage=Stage.OPENED, timer=False, duties=0, to_come=0, relief=False, lawful=True,
    unpaid_cents=5, materiality_cents=5,
    acted_on=0.59, acted_on_probability=0.6, signed=0.24, signed_probability=0.25,
)  # fmt: skip
SMALL = {"unpaid_cents": 4}
NOT_ACTED_ON = {"acted_on": 0.6}
NOT_SIGNED = {"signed": 0.25}
OVER = [Stage.IMMATERIAL, Stage.NOT_ACTED_ON, Stage.NOT_SIGNED, Stage.ROUTE_LAPSED]

STEPS = [
    (Stage.OPENED, {}, Stage.THREATENED),
    (Stage.OPENED, {"relief": True}, Stage.RAISED),
    (Stage.OPENED, SMALL, Stage.IMMATERIAL),
    (Stage.OPENED, SMALL | {"relief": True}, Stage.IMMATERIAL),
    (Stage.OPENED, NOT_ACTED_ON, Stage.NOT_ACTED_ON),
    (Stage.OPENED, NOT_ACTED_ON | {"relief": True}, Stage.NOT_ACTED_ON),
    (Stage.OPENED, SMALL | NOT_ACTED_ON, Stage.IMMATERIAL),
    (Stage.THREATENED, {}, Stage.THREATENED),
    (Stage.THREATENED, {"relief": True}, Stage.THREATENED),
    (Stage.THREATENED, {"timer": True}, Stage.ORDERED),
    (Stage.THREATENED, NOT_SIGNED, Stage.THREATENED),
    (Stage.THREATENED, NOT_SIGNED | {"timer": True}, Stage.NOT_SIGNED),
    (Stage.OPENED, {"relief": True, "lawful": False}, Stage.THREATENED),
    (Stage.ORDERED, {"to_come": 1}, Stage.ORDERED),
    (Stage.ORDERED, {}, Stage.ROUTE_LAPSED),
    (Stage.ORDERED, NOT_SIGNED | {"duties": 1}, Stage.RAISED),
    (Stage.RAISED, {"duties": 1}, Stage.RAISED),
    (Stage.RAISED, {"to_come": 1}, Stage.ORDERED),
    (Stage.RAISED, {}, Stage.ROUTE_LAPSED),
    *((stage, {"timer": True}, stage) for stage in OVER),
]


@pytest.mark.parametrize(("stage", "facts", "after"), STEPS)
def test_every_step_of_the_ladder_is_the_one_of_the_table(stage, facts, after):
    assert own_ladder(replace(CLIMBS, stage=stage, **facts)) is after


def test_nobody_is_acted_on_at_probability_0_and_everybody_at_1():
    never = replace(CLIMBS, acted_on=2.0**-53, acted_on_probability=0)
    always = replace(CLIMBS, acted_on=1 - 2.0**-53, acted_on_probability=1)
    assert own_ladder(never) is Stage.NOT_ACTED_ON
    assert own_ladder(always) is Stage.THREATENED


@pytest.mark.parametrize(("in_law", "luck", "taken"), [
    ([True, True], [0.59, 0.49], [0, 1]),
    ([True, True], [0.6, 0.49], [1]),
    ([True, True], [0.6, 0.5], [0]),  # the likeliest, if the luck takes none
    ([False, True], [0.1, 0.9], [1]),
    ([False, False], [0.1, 0.1], []),
])  # fmt: skip
def test_an_order_takes_routes_in_law_each_by_its_own_luck(in_law, luck, taken):
    assert routes_taken(in_law, luck, [0.6, 0.5]) == taken
