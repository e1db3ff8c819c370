"""What a premium for specialists does to what is proposed, selected and earned, by hand."""

from __future__ import annotations

from typing import Any

import pytest
from support.hand_runs import CENTS_PER_BN, bare_tree, run

from sim.events import Kind

PREMIUM = {"premium_share": 0.5, "elasticity": 2, "pay_share_of_cost": 0.25}


def test_the_premium_is_charged_at_selection_but_not_to_a_sum_on_record():
    """1 + 0.5 x 0.25 = 1.125 of every cost; Japan pays it on its share, partners the rest.

    A and B cost 8 bn, Japan's share one half. A is selected on record: its 4 bn stand, and partners
    pay 5 of 9; B is selected in the run, with 4.5 bn.
    """
    row: dict[str, Any] = {"announced_usd_bn": 8, "japan_share": 0.5, "proposed_date": "2026-01-05"}
    tree = bare_tree(A={**row, "selected_date": "2026-02-02"}, B=row)
    tree["programme"].update(history="recorded", as_of="2026-03-01")
    tree["capacity"]["specialists"]["bidding"] = PREMIUM
    it = run(tree)
    log, names = it.left.log, it.left.names.projects
    chosen = log.kind == Kind.SELECTED
    selected = {
        names[project]: amount / CENTS_PER_BN
        for project, amount in zip(log.project[chosen], log.amount[chosen], strict=True)
    }
    assert selected == {"A": 4, "B": 4.5}
    costs = it.left.attributes.cost_cents / CENTS_PER_BN
    assert costs.tolist() == [9, 9]
    assert it.plan.specialists.bidding_weight == pytest.approx(2.25)
