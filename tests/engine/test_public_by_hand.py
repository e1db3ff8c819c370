"""The public of either side, worked out by hand. See docs/model.md, "Public reaction"."""

from __future__ import annotations

from typing import Any

import pytest
from breach_cases import one, starved_tree
from support.hand_runs import bare_tree, constant, run, same, table

from sim.events import Kind
from sim.rules.public import JAPAN, US

CHANGES = (
    Kind.JAPANESE_TURNED, Kind.JAPANESE_CALMED, Kind.AMERICANS_TURNED, Kind.AMERICANS_CALMED,
)  # fmt: skip
SOON = {"turns_per_year": 1000, "calms_per_year": 0}  # on the first first of a month, for good


def reacting(tree: dict[str, Any], **sides: dict[str, Any]) -> dict[str, Any]:
    tree["nature"]["public_reaction"] = sides
    return tree


@pytest.mark.parametrize("seed", range(4))
def test_each_side_changes_its_mind_in_the_month_in_which_it_has_met_its_threshold(seed):
    """Rates that do not change, so each date is the first first of a month beyond a sum."""
    rates = {"turns_per_year": 1.5, "calms_per_year": 0.75}
    tree = reacting(bare_tree(A=one("2026-01-05")), japan=rates,
                    us=rates | {"pass_over_probability": 0})  # fmt: skip
    it = run(tree, seed)
    months = it.plan.specialists.months
    for side, kinds in ((JAPAN, CHANGES[:2]), (US, CHANGES[2:])):
        expected, since, visit = [], 0, 0
        for month in months[1:]:
            rate = list(rates.values())[visit % 2]
            if rate * (month - since) / (365.25 * 1440) >= it.world.public[side, visit]:
                expected.append((month, kinds[visit % 2]))
                since, visit = month, visit + 1
        log = it.left.log
        rows = [row for row, kind in enumerate(log.kind) if kind in kinds]
        found = [(int(log.time[row]), Kind(int(log.kind[row]))) for row in rows]
        same(found, [one for one in expected if one[0] < it.plan.end_minute])
        assert len(found) > 2


def test_raised_tariffs_turn_a_public_and_nothing_else_does():
    """The call of 10 January is missed on the 18th, threatened, and ordered after 30 and 90 days:
    raised on 18 May, so that 1 June is the first month that ends with them up."""
    tree = starved_tree({"2026": 0, "2027": 5}, A=one("2026-01-10"))
    raised = {"turns_per_year_while_raised": 1000, "calms_per_year": 0}
    lines = run(reacting(tree, japan=raised)).lines(Kind.TARIFF_RAISED, *CHANGES)
    expected = """
        2026-05-19 00:00 - tariff_raised 0.25
        2026-06-01 00:00 - japanese_turned
    """
    same(lines, table(expected))


def test_a_hostile_public_refuses_what_a_calm_one_funds():
    """A before it turns on 1 February, B after it; the refusal is final after 10 days."""
    tree = bare_tree(A=one("2026-01-10"), B=one("2026-02-10"))
    tree["policy"]["funding"]["response"] = "as_disposed"
    tree["policy"]["calls"]["first_window_business_days"] = 20
    it = run(reacting(tree, japan=SOON | {"decline_probability": 1}))
    same(it.lines(Kind.DECLINED), ["2026-02-20 00:00 B declined 1"])
    assert run(reacting(tree, japan=SOON)).lines(Kind.DECLINED) == []  # it acts on nothing


def test_a_hostile_public_takes_its_part_of_each_fiscal_year_that_begins():
    """1 bn of what is left of 2025 as it is; then 0.7 of 10, 10 and 4."""
    tree = starved_tree({"2026": 10, "2027": 10, "2028": 4}, A=one("2026-01-10"))
    changed = run(reacting(tree, japan=SOON | {"inflow_share": 0.7})).lines(Kind.CAPACITY_CHANGED)
    found = [line.split()[-1] for line in changed[:3]]
    assert found == ["700000000000", "700000000000", "280000000000"]


def test_a_hostile_public_has_the_president_pass_over():
    """Rounds every 20 days; from February on nobody is taken."""
    tree = bare_tree(A=one("2026-01-10"), B=one("2026-02-10"))
    tree["policy"]["selection"]["rounds"] = "intervals"
    tree["nature"]["round_interval_days"] = constant(20)
    tree["nature"]["maxima"].update(selection_visits=300, presidential_rounds=300)
    it = run(reacting(tree, us=SOON | {"pass_over_probability": 0.999}))
    selected = it.when(Kind.SELECTED)
    assert "A" in selected
    assert "B" not in selected
    assert "B" in run(reacting(tree, us=SOON | {"pass_over_probability": 0})).when(Kind.SELECTED)


def test_a_config_without_a_public_draws_and_logs_nothing():
    it = run(bare_tree(A=one("2026-01-05")))
    assert it.world.public.size == 0
    assert it.lines(*CHANGES) == []
