"""Generated configs made harder: full of ties, or with projects that end at every wait."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from both import config_of, drawn_tree
from support.generated_configs import Tree

from sim.config import Config

NOTHING = {"kind": "constant", "value": 0}
NINE = {"kind": "constant", "value": 9}

A_MONTH = 30.4375  # days
LENGTHS = {"round_interval_days": (5, 7), "outcome_months": (1, 2)}  # of others also none


def tied(tree: Tree, rng: random.Random) -> Tree:
    """The same tree with whole days, many of them none, and one of everything that is held."""

    def whole_days(node: Any, key: str) -> Any:
        if isinstance(node, dict) and "kind" in node and key.endswith(("_days", "_months")):
            days = rng.choice(LENGTHS.get(key, (0, 0, 1, 2)))
            return {"kind": "constant", "value": days / (1 if key.endswith("_days") else A_MONTH)}
        if isinstance(node, dict):
            return {  # what is said by facility or route has the mapping's name
                name: whole_days(one, name if name.endswith(("_days", "_months")) else key)
                for name, one in node.items()
            }
        return node

    tree = {name: whole_days(one, "") for name, one in tree.items()}
    capacity, policy = tree["capacity"], tree["policy"]
    for one in (capacity["teams"], *capacity["agencies"].values()):
        one["count"] = 1
    for facility in capacity["facilities"].values():
        facility["desks"] = 1
    policy["selection"]["calendar"] = policy["calls"]["calendar"] = "every_day"
    for project in tree["portfolio"]["projects"].values():
        project["announced_usd_bn"] = 1
    return tree


def ties(first: int, last: int) -> Iterator[tuple[str, Config]]:
    for seed in range(first, last):
        tree = tied(drawn_tree(seed), random.Random(seed))
        tree["programme"]["envelope_usd_bn"] = 550
        yield f"tied config {seed}", config_of(tree)


def struck(seed: int) -> Tree:
    """Pauses and cancellations are common; and one thing more of three, by the seed."""
    tree, rng = drawn_tree(seed), random.Random(seed)
    before, building = (
        {"pauses_per_year": rng.choice((0, 4)), "cancellations_per_year": rng.choice((1, 3, 9))}
        for _ in range(2)
    )
    tree["nature"]["hazards"] = {
        "before_building": before,
        "building": building,
        "pause_months": {"kind": "exponential", "mean": 2},
    }
    tree["nature"]["maxima"]["pauses"] = 400
    (_unit_by_unit, _given_up_on_dates, _unsigned)[seed % 3](tree, rng)
    return tree


def _unit_by_unit(tree: Tree, rng: random.Random) -> None:
    """Nothing is short but power, for which units wait while others are built."""
    tree["nature"]["hazards"]["before_building"]["cancellations_per_year"] = 0
    tree["nature"]["hazards"]["building"]["cancellations_per_year"] = 2
    tree["policy"]["enforcement"]["reviews"] = {}
    later = ("plan_months", "units_built_dates", "units_energised_dates", "slots_granted_dates",
             "ordered_date")  # fmt: skip
    for row in tree["portfolio"]["projects"].values():
        row |= {"units": 3, "megawatts": 90}
        for key in later:
            row.pop(key, None)
    for sector in tree["sectors"].values():
        sector["construction"] = {
            "basis": "outcome", "outcome_months": NINE, "nominal_months": 9,
            "unit_interval_months": 3, "cost_ratio": {"kind": "constant", "value": 1},
        }  # fmt: skip
        sector["equipment"], sector["permits"]["work_months"] = {}, NOTHING
        connection = rng.choice((NOTHING, {"kind": "constant", "value": 30}))
        sector["power"] = {"role": "load", "mw_per_usd_bn": 100, "connection_months": connection}
    capacity = tree["capacity"]
    for maker in capacity["equipment"].values():
        maker["reserved"] = {}
    for facility in capacity["facilities"].values():
        facility |= {name: "unlimited" for name in ("commitments", "cash", "desks")}
    for region in capacity["power"]["regions"].values():
        region["additions_mw"] = {"first_year": 40, "per_year": {}, "carry_over": True}


def _given_up_on_dates(tree: Tree, _: random.Random) -> None:
    """Four dated events, each of which gives up some in every phase."""
    fate = {"withdrawn_share": 0.4, "partners_finish_share": 0.2, "no_more_calls_share": 0.2}
    days = [
        (date.fromisoformat(tree["programme"]["as_of"]) + timedelta(days=days)).isoformat()
        for days in (40, 100, 180, 260)
    ]
    tree["policy"]["events"] = {
        f"event-{day}": {
            "label": day, "date": day, "unsigned_withdrawn_share": 0.4,
            "before_building": fate, "building": fate,
        }
        for day in days
        if day <= tree["programme"]["run_out"]
    }  # fmt: skip


def _unsigned(tree: Tree, _: random.Random) -> None:
    """Lenders sign nothing new soon after the deadline, and let go what is unsigned then."""
    last = date.fromisoformat(tree["programme"]["deadline"]) + timedelta(days=1)
    for facility in tree["capacity"]["facilities"].values():
        facility |= {"signs_until": last.isoformat(), "unsigned": "decline"}
        facility.pop("reassigned_to", None)
