"""Slots reserved ahead of money, by hand. docs/model.md, "Equipment"."""

from __future__ import annotations

from typing import Any

import numpy as np
from gate_cases import machines, one, plants
from support.configs import config_from
from support.hand_runs import DAY, Run, constant, run, same, table

from sim.engine import simulate
from sim.events import Kind
from sim.plan import Plan
from sim.world import draw_world, pin_history

RESERVED = (Kind.EQUIPMENT_RESERVED, Kind.EQUIPMENT_ORDERED, Kind.SLOT_GRANTED,
            Kind.EQUIPMENT_DELIVERED)  # fmt: skip


def late_payer(share: float, slots: list[int]) -> dict[str, Any]:
    """A is selected on day 0 and B on day 10, for the same slots; so many sponsors reserve."""
    tree = machines(plants(100, A=one(), B=one("2026-01-11")), 10, 0.5, slots)
    tree["sectors"]["gas"]["equipment"]["turbines"]["reserved_share"] = share
    return tree


def with_lenders(tree: dict[str, Any]) -> Run:
    """The lender takes 90 days with A and none with B."""
    tree["policy"]["appraisal_starts"] = "notice"
    return run(tree, appraisal=np.array([[[90 * DAY]], [[0]]]))


def test_a_reservation_holds_a_slot_and_is_made_from_payment_on():
    expected = """
        2026-01-01 00:00 A equipment_reserved equipment_turbines 1
        2026-01-01 00:00 A slot_granted equipment_turbines 1
        2026-01-11 00:00 B equipment_reserved equipment_turbines 1
        2026-01-11 00:00 B equipment_ordered equipment_turbines 1
        2026-04-01 00:00 A equipment_ordered equipment_turbines 1
        2026-04-11 00:00 A equipment_delivered equipment_turbines
        2027-01-01 00:00 B slot_granted equipment_turbines 1
        2027-01-11 00:00 B equipment_delivered equipment_turbines
    """
    same(with_lenders(late_payer(1, [1, 1])).lines(*RESERVED), table(expected))


def test_without_a_reservation_who_pays_first_has_the_slot():
    it = with_lenders(late_payer(0, [1, 1]))
    same(it.when(Kind.SLOT_GRANTED), {"B": 10 * DAY, "A": 365 * DAY})


def test_a_reservation_lapses_with_a_project_declined():
    """A declines on day 30; the slot of 2027 goes to B."""
    tree = late_payer(1, [0, 1])
    tree["policy"]["funding"]["response"] = "as_disposed"
    tree["nature"]["funding"] = {
        "consult_probability": 1, "decline_probability": 0.5, "consultation_days": constant(30)
    }  # fmt: skip
    it = run(tree, decline=np.array([0.1, 0.9]))
    same(it.when(Kind.DECLINED), {"A": 30 * DAY})
    same(it.when(Kind.SLOT_GRANTED), {"B": 365 * DAY})


def test_a_selection_on_record_reserves_from_the_as_of_date_on_and_not_what_is_ordered():
    tree = late_payer(1, [0, 2])
    rows = tree["portfolio"]["projects"]
    rows["A"] |= {"selected_date": "2026-01-05", "first_paid_date": "2026-01-20"}
    rows["B"] |= {"selected_date": "2026-01-15"}
    tree["programme"].update(as_of="2026-03-31", history="recorded")
    tree["nature"]["call_desk_days"] = {"jbic": constant(60)}
    config = config_from(tree)
    plan = Plan.of(config)
    world = pin_history(plan.nature, draw_world(plan.nature, 1, 0))
    it = Run(config, plan, world, simulate(plan, world))
    same(it.lines(*RESERVED[:2]), [
        "2026-01-20 00:00 A equipment_ordered equipment_turbines recorded 1",
        "2026-04-01 00:00 B equipment_reserved equipment_turbines 1",
        "2026-05-31 00:00 B equipment_ordered equipment_turbines 1",
    ])  # fmt: skip
