"""Small programmes run by hand: trees without friction, one replication, its log in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest
from typing import Any

import numpy as np
from support.configs import config_from, minimal_tree

from sim.config import Config
from sim.engine import simulate
from sim.events import CAUSES, KINDS, MONEY_KINDS, Kind, Replication
from sim.plan import Plan
from sim.world import World, draw_world

DAY = 1440
CENTS_PER_BN = 10**11
NOTHING = {"kind": "constant", "value": 0}
TARIFFS = (
    Kind.BREACH_THREATENED, Kind.BREACH_ORDERED, Kind.BREACH_RAISED, Kind.BREACH_LET_PASS,
    Kind.TARIFF_RAISED, Kind.TARIFF_RELIEVED, Kind.TARIFF_COMPLIANT,
)  # fmt: skip
BREACHES = (Kind.CALL_LATE, Kind.CALL_MISSED, Kind.CALL_PAID, Kind.BREACH_OPENED,
            Kind.BREACH_CLOSED, *TARIFFS)  # fmt: skip


def constant(value: float) -> dict[str, Any]:
    return {"kind": "constant", "value": value}


def bare_tree(**projects: dict[str, Any]) -> dict[str, Any]:
    """A programme without any friction: what is proposed is selected, paid, permitted and built at
    once, until a test puts one thing back. ``projects`` are rows of the portfolio by id."""
    tree = minimal_tree()
    gas, policy, capacity = tree["sectors"]["gas"], tree["policy"], tree["capacity"]
    gas["screening_days"] = gas["revision_days"] = NOTHING
    gas["permits"] = {"starts": "selection", "work_months": NOTHING, "done_share": NOTHING}
    gas["construction"]["outcome_months"] = constant(1 / 30.4375)  # a day; none is refused
    tree["portfolio"]["projects"] = {
        name: {"name": name, "kind": "project", "sector": "gas", "source": "test", **row}
        for name, row in projects.items()
    }
    tree["pipelines"] = {}
    tree["nature"]["appraisal_days"] = {"jbic": NOTHING}
    tree["nature"]["call_desk_days"] = {"jbic": NOTHING}
    calls = policy["calls"]
    calls["calendar"] = "every_day"
    calls["first_window_business_days"] = calls["later_window_business_days"] = 0
    calls["slices"] = {"all": {"share": 1, "trigger": "selection"}}
    policy["enforcement"]["active"] = False
    capacity["teams"]["count"] = capacity["facilities"]["jbic"]["desks"] = "unlimited"
    pool = {"label": "Electricians", "kind": "dedicated", "people_at_start": 10**9}
    capacity["specialists"]["pools"] = {"electrical": pool}
    return tree


def pipeline(**settings: Any) -> dict[str, Any]:
    """A generated pipeline of gas plants of 0.1 bn each."""
    small = {"label": "P", "sector": "gas", "cost_usd_bn": constant(0.1)}
    return {**small, "japan_share": constant(1), **settings}


@dataclass(frozen=True)
class Run:
    """A config run in one world."""

    config: Config
    plan: Plan
    world: World
    left: Replication

    def when(self, kind: Kind, part: int | None = None) -> dict[str, int]:
        """Minute at which each project had its ``kind``, which it must have at most once."""
        log, names, found = self.left.log, self.left.names.projects, {}
        for row in np.flatnonzero(log.kind == kind).tolist():
            if part is None or log.part[row] == part:
                name = names[log.project[row]]
                assert name not in found, f"{name} has {kind.name} twice"
                found[name] = int(log.time[row])
        return found

    @property
    def ids(self) -> list[str]:
        """Projects in ordinal order."""
        return [self.left.names.projects[entity] for entity in self.world.entity]

    def stamp(self, minute: int) -> str:
        day = self.plan.epoch.date_of(minute)
        return f"{day} {minute % DAY // 60:02d}:{minute % 60:02d}"

    def lines(self, *kinds: Kind, project: str | None = None) -> list[str]:
        """The log in words: date, project unless one is asked for, event, details, USD bn."""
        log, names, lines = self.left.log, self.left.names, []
        for row in range(len(log.time)):
            kind = Kind(int(log.kind[row]))
            who = names.projects[log.project[row]] if log.project[row] >= 0 else "-"
            if (kinds and kind not in kinds) or (project and who not in (project, "-")):
                continue
            words = [self.stamp(int(log.time[row])), *([] if project else [who]), KINDS[kind]]
            if log.part[row]:
                words.append(f"#{log.part[row]}")
            if log.resource[row] >= 0:
                words.append(names.resources[log.resource[row]])
            if log.cause[row]:
                words.append(CAUSES[log.cause[row]])
            if log.amount[row]:
                amount = Decimal(repr(float(log.amount[row])))
                amount /= CENTS_PER_BN if kind in MONEY_KINDS else 1
                words.append(f"{amount.normalize():f}")
            lines.append(" ".join(words))
        return lines


def run(tree: dict[str, Any], seed: int = 1, **drawn: Any) -> Run:
    """Run replication 0 of a tree; ``drawn`` are arrays of the world put in by hand."""
    config = config_from(tree)
    plan = Plan.of(config)
    world = replace(draw_world(plan.nature, seed, 0), **drawn)
    return Run(config, plan, world, simulate(plan, world))


def same(found: Any, expected: Any) -> None:
    """Assert that two lists or two mappings agree, and name the first difference if not."""
    pairs = zip_longest(found, expected)
    if isinstance(found, dict):
        pairs = ((item, (item[0], expected.get(item[0]))) for item in found.items())
    first = next((f"{a!r} instead of {b!r}" for a, b in pairs if a != b), "something is missing")
    assert found == expected, first


def yearly(carry_over: bool = False, **changes: Any) -> dict[str, Any]:
    """1 bn left of fiscal year 2025, then 10, 10 and 4 bn; 4 bn in every year after 2028."""
    years = {"2026": 10, "2027": 10, "2028": 4}
    money = {"currency": "usd", "first_year": 1, "per_fiscal_year": years}
    return {**money, "carry_over": carry_over, **changes}


def table(text: str) -> list[str]:
    """Lines of a table in the source."""
    return [line.strip() for line in text.splitlines() if line.strip()]
