"""Limits that do nothing are named; those that hold anything up are not."""

from __future__ import annotations

from typing import Any

import pytest
from support.configs import minimal_tree

from sim.config import load_tree
from sim.study.design.inert import inert_limits


def found(**capacity: Any) -> list[str]:
    tree = minimal_tree()
    for path, value in capacity.items():
        here = tree["capacity"]
        *above, last = path.split("__")
        for key in above:
            here = here[key]
        here[last] = value
    return inert_limits(load_tree(tree))


def test_ample_teams_and_desks_do_nothing():
    assert found(teams__count=900, facilities__jbic__desks=900) == [
        "Screening teams",
        "JBIC: desks",
    ]


def test_a_limit_that_makes_somebody_wait_is_not_named():
    assert found(teams__count=1, facilities__jbic__desks=900) == ["JBIC: desks"]
    assert found(teams__count=900, facilities__jbic__desks=1) == ["Screening teams"]


def test_what_is_unlimited_is_no_limit():
    assert found(teams__count="unlimited", facilities__jbic__desks="unlimited") == []


@pytest.mark.parametrize("cash", [1000, 0.001])
def test_yearly_money_is_named_where_it_is_never_used_up(cash: float):
    yearly = {"currency": "usd", "first_year": cash, "per_fiscal_year": {2026: cash}}
    named = "JBIC: cash" in found(facilities__jbic__cash=yearly)
    assert named == (cash == 1000)
