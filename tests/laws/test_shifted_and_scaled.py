"""Law 9: only differences of dates and ratios of dollars count."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.generated_configs import Tree, served, trees
from support.law_runs import Run, lawful, same_log

from sim.events import Kind

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def mapped(value: Any, change: Any) -> Any:
    """The tree with ``change`` applied to every key and every leaf."""
    if isinstance(value, dict):
        return {change(key): mapped(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [mapped(item, change) for item in value]
    return change(value)


def without_calendar(tree: Tree) -> Tree:
    """Every day open, no fiscal or calendar year and no month that plays a part."""
    tree = deepcopy(tree)
    policy, capacity = tree["policy"], tree["capacity"]
    policy["calls"]["calendar"] = policy["selection"]["calendar"] = "every_day"
    for name in ("consultation_committee", "investment_committee"):
        if policy[name]["meetings"]["kind"] != "none":
            policy[name]["meetings"]["calendar"] = "every_day"
    for facility in capacity["facilities"].values():
        facility.update(commitments="unlimited", cash="unlimited")
    market = capacity["specialists"]
    del capacity["claims"]
    market["measures"] = {}  # people move on firsts of months
    for name, pool in market["pools"].items():
        market["pools"][name] = {
            key: pool[key]
            for key in ("label", "people_at_start", "unlimited", "craft", "states")
            if key in pool
        } | {"kind": "dedicated"}
    # Slots, megawatts and shock years belong to calendar years, which begin on 1 January whenever
    # the programme does: a week moves what is there on a day of it.
    for maker in capacity["equipment"].values():
        maker.update(slots="unlimited", reserved={})
    for region in capacity["power"]["regions"].values():
        region["additions_mw"] = "unlimited"
    tree["nature"].pop("regime", None)
    tree["nature"].pop("public_reaction", None)  # a public changes its mind on firsts of months
    tree["nature"].pop("yen_per_usd_month_ratio", None)
    return tree


def a_week_later(value: Any) -> Any:
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        return (date.fromisoformat(value) + timedelta(days=7)).isoformat()
    return value


@lawful
@given(trees().map(without_calendar).map(served), st.integers(0, 99))
def test_a_week_later_everything_happens_a_week_later(tree: Tree, seed: int) -> None:
    now, later = Run(tree, seed), Run(mapped(tree, a_week_later), seed)
    assert later.config.programme.start - now.config.programme.start == timedelta(days=7)
    assert same_log(now.left.log, later.left.log)  # minutes since the start


# Sums of powers of two, by how many there are.
EXACT_SHARES = {1: (1,), 2: (0.75, 0.25), 3: (0.5, 0.375, 0.125)}
EXACT_SLICES = {
    1: ((1, "selection"),),
    2: ((0.5, "selection"), (0.5, "progress 0.5")),
    3: ((0.25, "selection"), (0.25, "ntp"), (0.5, "progress 0.5")),
    4: (
        (0.125, "selection"),
        (0.25, "equipment_order"),
        (0.375, "ntp"),
        (0.25, "progress 0.5"),
    ),
    5: (
        (0.125, "selection"),
        (0.25, "ntp"),
        (0.25, "progress 0.25"),
        (0.25, "progress 0.5"),
        (0.125, "progress 0.75"),
    ),
}


EXACT_MEGAWATTS = {0: 0, 33: 31.25, 100: 125}  # a thousandth of them is a double too


def with_exact_dollars(tree: Tree) -> Tree:
    """Amounts and shares that split into whole cents exactly: powers of two in a billion."""
    tree = deepcopy(tree)
    tree["programme"]["envelope_usd_bn"] = min(tree["programme"]["envelope_usd_bn"] // 0.5 / 2, 32)
    for row in tree["portfolio"]["projects"].values():
        row["announced_usd_bn"] = row["announced_usd_bn"] // 0.5 / 2
        row["japan_share"] = 1 if row["japan_share"] == 1 else 0.5
        row["units"] = min(row["units"], 2)
        if "selected_date" in row:
            tree["programme"]["envelope_usd_bn"] = 32
    for row in tree["pipelines"].values():
        row["cost_usd_bn"] = {"kind": "constant", "value": 2}
        row["japan_share"] = {"kind": "constant", "value": 0.75}
    tree["nature"]["cost_year_ratio"] = {}
    # What a cancelled project has spent is progress times dollars, rounded to the cent.
    tree["policy"]["cancelled"]["unspent_money"] = "kept"
    for review in (
        tree["policy"]["enforcement"].get("reviews", {}).values()
    ):  # between dates: rounded
        review["path_usd_bn"] = dict.fromkeys(review["path_usd_bn"], 1)
    for sector in tree["sectors"].values():
        if tree["policy"]["overrun_paid_by"] == "japan_topup":
            sector["construction"]["cost_ratio"] = {"kind": "constant", "value": 1.5}
        if "power" in sector:
            sector["power"]["mw_per_usd_bn"] = EXACT_MEGAWATTS[sector["power"]["mw_per_usd_bn"]]
    if "japan" in tree["nature"].get("public_reaction", {}):
        tree["nature"]["public_reaction"]["japan"]["inflow_share"] = 0.5
    calls = tree["policy"]["calls"]
    parts = EXACT_SHARES[len(calls["facility_shares"])]
    calls["facility_shares"] = dict(zip(calls["facility_shares"], parts, strict=True))
    calls["slices"] = {
        f"slice{n}": {"share": share, "trigger": trigger}
        for n, (share, trigger) in enumerate(EXACT_SLICES[len(calls["slices"])])
    }
    for facility in tree["capacity"]["facilities"].values():
        facility.pop("inflow_while_raised")  # pro rata: rounded to the cent
        for what in ("commitments", "cash"):
            money = facility[what]
            if isinstance(money, dict):
                money["currency"] = "usd"
                money["first_year"] = money["first_year"] // 0.25 / 4
                money["per_fiscal_year"] = {
                    year: amount // 0.25 / 4 for year, amount in money["per_fiscal_year"].items()
                }
    return tree


THOUSANDFOLD = ("envelope_usd_bn", "announced_usd_bn", "materiality_usd_bn", "tolerance_usd_bn")


def a_thousandfold(tree: Tree) -> Tree:
    """All dollars times 1,000, what is per dollar divided by it."""

    def walk(value: Any, key: str = "") -> Any:
        if isinstance(value, dict) and "per_fiscal_year" in value:  # money, and not slots
            later = {year: 1000 * amount for year, amount in value["per_fiscal_year"].items()}
            return {**value, "first_year": 1000 * value["first_year"], "per_fiscal_year": later}
        if key == "path_usd_bn":
            return {day: 1000 * amount for day, amount in value.items()}
        if key in ("cost_usd_bn", "round_usd_bn"):
            return {**value, "value": value["value"] * 1000}
        if isinstance(value, dict):
            return {name: walk(item, name) for name, item in value.items()}
        if "_per_usd_bn" in key:  # labour, megawatts, what a public minds
            return value / 1000
        return value * 1000 if key in THOUSANDFOLD else value

    scaled: Tree = walk(tree)
    return scaled


IN_CENTS = {
    Kind.PROPOSED, Kind.SELECTED, Kind.DECLINED, Kind.CALL_NOTICED, Kind.FUNDS_COMMITTED,
    Kind.PART_DRAWN, Kind.PART_PAID, Kind.CALL_PAID, Kind.CALL_LATE, Kind.CALL_MISSED,
    Kind.UNIT_BUILT, Kind.UNIT_ENERGISED, Kind.OPERATING, Kind.HISTORY_EXCEEDED, Kind.CANCELLED,
    Kind.CALL_WITHDRAWN, Kind.MONEY_RETURNED, Kind.BREACH_OPENED, Kind.SHARE_HANDED_ON,
}  # fmt: skip


@lawful
@given(trees().map(with_exact_dollars), st.integers(0, 99))
def test_a_thousand_times_the_dollars_scales_the_amounts_and_nothing_else(
    tree: Tree, seed: int
) -> None:
    small, large = Run(tree, seed), Run(a_thousandfold(tree), seed)
    units = small.left.names.resource_units
    scaled = []
    for event in small.events:
        of_money = event.kind == Kind.CAPACITY_CHANGED and units[event.resource] == "USD"
        factor = 1000 if event.kind in IN_CENTS or of_money else 1
        scaled.append(event._replace(amount=event.amount * factor))
    assert scaled == large.events
