"""The President's rounds by hand: when they stand and how many they take.

docs/model.md, "Selection".
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from support.configs import config_from, minimal_tree

from sim.calendars import MINUTES_PER_DAY
from sim.engine import replicate
from sim.engine.selection import Selection
from sim.events import Kind
from sim.plan import Plan
from sim.world import draw_world

START = date(2026, 1, 1)


def constant(value: float) -> dict[str, Any]:
    return {"kind": "constant", "value": value}


def tree_of(projects: int, **selection: Any) -> dict[str, Any]:
    """So many projects of 10 bn, before the President from 2026-01-25 on; rounds every day open."""
    tree = minimal_tree()
    row = tree["portfolio"]["projects"]["A-01"] | {"announced_usd_bn": 10}
    tree["portfolio"]["projects"] = {
        f"A-{n:02d}": row | {"name": f"Plant {n}"} for n in range(projects)
    }
    tree["pipelines"] = {}
    tree["capacity"]["teams"]["count"] = "unlimited"
    tree["policy"]["selection"] = {"rounds": "intervals", "calendar": "every_day", **selection}
    tree["nature"]["round_interval_days"] = constant(100)
    tree["nature"]["round_projects"] = constant(2)
    return tree


def selections(tree: dict[str, Any]) -> dict[date, int]:
    """How many are selected, by day."""
    log = replicate(Plan.of(config_from(tree)), 1, 0).log
    days = log.time[log.kind == Kind.SELECTED] // MINUTES_PER_DAY
    return dict(Counter(START + timedelta(days=day) for day in days.tolist()))


OFF = {"held": False}


def test_a_round_takes_its_number_and_the_next_stands_an_interval_later():
    """100, 200 and 300 days after 2026-01-01: 2, 2 and the last one."""
    assert selections(tree_of(5, final_round=OFF)) == {
        date(2026, 4, 11): 2, date(2026, 7, 20): 2, date(2026, 10, 28): 1,
    }  # fmt: skip


def test_rounds_grow_from_one_to_the_next():
    assert selections(tree_of(12, final_round=OFF, growth_per_round=1.5)) == {
        date(2026, 4, 11): 2, date(2026, 7, 20): 3, date(2026, 10, 28): 4, date(2027, 2, 5): 3,
    }  # fmt: skip


def test_in_the_last_days_rounds_come_at_the_late_rate():
    """The last 91 days begin at the close of 2028-10-20, 24 days after the round of 2028-09-27.

    76 of its 100 days are left, and take 21.7; from then on an interval takes 28.6.
    """
    late = {"rate": 3.5, "last_days": 91}
    tree = tree_of(30, final_round=OFF, late_rate=late)
    tree["nature"]["round_projects"] = constant(1)
    days = sorted(selections(tree))
    assert days[8:13] == [
        date(2028, 6, 19), date(2028, 9, 27), date(2028, 11, 12), date(2028, 12, 11),
        date(2029, 1, 9),
    ]  # fmt: skip


def test_the_final_round_is_held_before_the_deadline_and_no_other_after_it():
    """Four business days before Friday 2029-01-19 is Friday the 12th: Monday is a holiday."""
    tree = tree_of(9, final_round={"business_days_before": 4}, calendar="us")
    tree["nature"]["round_interval_days"] = constant(1109)  # 2029-01-14, a Sunday: the 16th
    assert selections(tree) == {date(2029, 1, 12): 2}


def test_a_round_on_the_day_of_the_final_one_stands_before_it():
    tree = tree_of(9, final_round={"size": "share 0.5"}, rounds="dates", dates=["2029-01-19"])
    log = replicate(Plan.of(config_from(tree)), 1, 0).log
    taken = log.kind == Kind.SELECTED
    assert len(set(log.time[taken].tolist())) == 1
    # Two of nine, then half of the seven that are left, rounded up.
    assert np.count_nonzero(taken) == 2 + 4


@pytest.mark.parametrize(("size", "taken"), [("law", 2), ("all", 9), ("share 0.4", 4)])
def test_the_final_round_takes_what_its_size_says(size: str, taken: int):
    tree = tree_of(9, final_round={"size": size})
    tree["nature"]["round_interval_days"] = constant(5000)
    assert selections(tree) == {date(2029, 1, 19): taken}


def test_a_round_reaches_its_dollars_or_is_capped_by_them():
    """15 bn of projects of 10: two reach it, one is below the cap."""
    for dollars, taken in (("reach", 2), ("cap", 1)):
        tree = tree_of(2, final_round=OFF, dollars=dollars)
        tree["nature"] |= {"round_usd_bn": constant(15), "round_projects": None}
        del tree["nature"]["round_projects"]
        assert next(iter(selections(tree).values())) == taken


def test_rounds_on_record_number_first():
    """Two days with selections on record: the next round is the third, with the third's draws."""
    tree = tree_of(12, final_round=OFF)
    tree["programme"] |= {"history": "recorded", "as_of": "2026-06-01"}
    rows = tree["portfolio"]["projects"]
    for number, day in enumerate(("2026-02-10", "2026-02-10", "2026-03-10")):
        rows[f"A-{number:02d}"] = rows[f"A-{number:02d}"] | {"selected_date": day}
    tree["nature"]["round_projects"] = {"kind": "uniform", "low": 0.5, "high": 4.5}
    tree["nature"]["round_interval_days"] = {"kind": "uniform", "low": 130, "high": 150}
    plan = Plan.of(config_from(tree))
    world = draw_world(plan.nature, 1, 0)
    third = min(day for day in selections(tree) if day > date(2026, 6, 1))
    assert selections(tree)[third] == max(1, round(world.round_projects[2]))
    days = -(-int(world.round_interval[2]) // MINUTES_PER_DAY)
    assert third == date(2026, 3, 10) + timedelta(days=days)


def test_a_round_with_nobody_to_take_is_put_off_until_somebody_is_recommended():
    """Due on 2026-01-21, before the President on the 25th; the next 20 days after that."""
    tree = tree_of(5, final_round=OFF)
    tree["nature"]["round_interval_days"] = constant(20)
    assert selections(tree) == {
        date(2026, 1, 25): 2, date(2026, 2, 14): 2, date(2026, 3, 6): 1,
    }  # fmt: skip


def test_a_round_put_off_is_not_held_once_the_final_one_has_been():
    """Before the President on 2029-01-14, five days after the final round."""
    tree = tree_of(5, final_round={"business_days_before": 10})
    for row in tree["portfolio"]["projects"].values():
        row["proposed_date"] = "2028-12-25"
    assert selections(tree) == {}
    tree["policy"]["selection"]["final_round"] = OFF
    assert selections(tree) == {date(2029, 1, 14): 2}


def test_a_generated_project_is_preferred_for_the_state_it_lies_in():
    """Eight plants in Texas or Ohio, a round of two: Texans go first, wherever others might lie."""
    tree = tree_of(0, preferred_regions=["TX"], final_round=OFF)
    days = [START + timedelta(days=number) for number in range(1, 9)]
    tree["pipelines"] = {"plants": {
        "label": "Plants", "sector": "gas", "region": "TX;OH", "schedule": days, "maximum": 8,
        "cost_usd_bn": constant(10), "japan_share": constant(1),
    }}  # fmt: skip
    made = replicate(Plan.of(config_from(tree)), 1, 0)
    state = {
        int(entity): made.names.states[place]
        for entity, place in zip(made.attributes.entity, made.attributes.state, strict=True)
    }

    log = made.log
    chosen = [state[who] for who in log.project[log.kind == Kind.SELECTED].tolist()]

    texans = Counter(state.values())["TX"]
    assert 2 <= texans <= 6
    assert chosen[:texans] == ["TX"] * texans
    assert "OH" in chosen


def test_a_round_put_off_waits_on_while_money_comes_back_to_nobody():
    """Twice in one minute: it was scheduled twice, and the run was over."""
    selection = Selection.__new__(Selection)
    selection._put_off, selection.candidates, selection.closed = 3, [], False
    selection.programme = SimpleNamespace(
        clock=SimpleNamespace(now=9), plan=SimpleNamespace(open_minute=0)
    )
    selection.plan = SimpleNamespace(immediate=False)

    selection.ask()
    selection.ask()

    assert selection._put_off == 3
