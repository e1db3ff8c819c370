"""Works that run already go on at their own pace until the programme's money comes, by hand."""

from __future__ import annotations

from typing import Any

import pytest
from breach_cases import one
from support.hand_runs import DAY, Run, bare_tree, constant, run

from sim.events import Kind
from sim.results.laws import Yardstick, broken_laws, evidence_of


def work(pace: float | None = 0.4, permits: float = 50, **row: Any) -> Run:
    """100 days of building are left of the work A, whose permits take so many days."""
    tree = bare_tree(A=one("2026-01-01", own_pace=pace, **row))
    gas = tree["sectors"]["gas"]
    gas["construction"].update(outcome_months=constant(100 / 30.4375), nominal_months=12)
    gas["permits"]["work_months"] = constant(permits / 30.4375)
    made = run(tree)
    yardstick = Yardstick(made.config)
    assert list(broken_laws(evidence_of(made.left, yardstick, made.world))) == []
    return made


def test_what_a_work_has_built_at_its_own_pace_by_notice_need_not_be_built_any_more():
    """At 0.4 for 50 days 20 of 100 are done: notice on day 50, built 80 days later, on day 130."""
    assert work().when(Kind.BUILT) == {"A": 130 * DAY}
    assert work(None).when(Kind.BUILT) == {"A": 150 * DAY}


def test_money_brings_a_work_home_sooner_than_its_own_pace():
    """Alone it takes 100 / 0.4 = 250 days."""
    early, late = (work(permits=days).when(Kind.BUILT)["A"] / DAY for days in (0, 200))

    assert (early, late) == (100, 220)


def test_a_last_minute_is_left_for_the_programmes_money():
    """Alone it is done after 250 days; the money comes after 300, and one minute is built then."""
    assert work(permits=300).when(Kind.BUILT) == {"A": 300 * DAY + 1}


def test_of_several_units_the_first_ones_are_built_ahead():
    """Two units at 0.5 for 50 days: the line stands 25 days on, and the end is as much sooner."""
    ahead, usual = (work(pace, units=2).when(Kind.BUILT)["A"] for pace in (0.5, None))

    assert usual - ahead == 25 * DAY


def test_the_first_day_on_site_tells_what_stands_already():
    left = work().left.log
    begun = left.amount[left.kind == Kind.BUILDING_BEGAN]

    assert begun == pytest.approx([0.2])
