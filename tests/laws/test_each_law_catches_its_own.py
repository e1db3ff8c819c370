"""Every law of the registry holds in the base run and catches a fault planted in what it reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.configs import BUSY
from support.law_runs import Run

from sim.config import load
from sim.events import LEDGER_CAUSES, Cause, Kind
from sim.events.money import REASONS
from sim.results.laws import LAWS, Evidence, Law
from sim.results.laws.evidence import UNKNOWN

CONFIGS = Path(__file__).parents[2] / "configs"
SEED = 20_270_119
OF_ONE_RUN = {law.name: law for law in LAWS if law.check is not None}

Plant = Callable[[Evidence], Evidence]


@cache
def evidence(config: str = "base") -> Evidence:
    """Replication 0: it has all that the laws are about."""
    return Run.of(load(CONFIGS / f"{config}.yaml", BUSY).config, SEED).evidence


def cell(part_or_table: str, column: str, where: Callable[[Evidence], Any], change: Any) -> Plant:
    """Change the first of some cells of a column of the log, a trace, the ledger or a table."""

    def plant(honest: Evidence) -> Evidence:
        part, of_table = part_or_table.removesuffix(" table"), part_or_table.endswith(" table")
        whole = honest.tables[part] if of_table else getattr(honest, part)
        values = (whole[column] if of_table else getattr(whole, column)).copy()
        first = tuple(np.argwhere(where(honest))[0])
        values[first] = change(values[first]) if callable(change) else change
        if of_table:
            return replace(honest, tables=dict(honest.tables) | {part: whole | {column: values}})
        return replace(honest, **{part: replace(whole, **{column: values})})

    return plant


def plus(by: Any) -> Callable[[Any], Any]:
    return lambda value: value + by


def of(kind: Kind, cause: Cause | None = None) -> Callable[[Evidence], Any]:
    """Events of a kind."""
    return lambda e: (e.log.kind == kind) & ((e.log.cause == cause) if cause is not None else True)


def step(resource: str) -> Callable[[Evidence], Any]:
    """Steps of a resource in use."""
    return lambda e: (e.capacity.resource == e.resource(resource)) & (e.capacity.in_use > 0)


def charged(cause: str) -> Callable[[Evidence], Any]:
    """The cell of a project in operation, in the ledger."""

    def where(e: Evidence) -> Any:
        cells = np.zeros(e.charged.minutes.shape, dtype=bool)
        cells[~np.isnat(e.tables["projects"]["operating"]), LEDGER_CAUSES.index(cause)] = True
        return cells

    return where


def row(table: str, number: int = 0) -> Callable[[Evidence], Any]:
    return lambda e: np.arange(len(e.tables[table]["replication"])) == number


def of_reason(reason: str) -> Callable[[Evidence], Any]:
    return lambda e: e.tables["ledger"]["reason"] == list(REASONS).index(reason)


def in_operation(e: Evidence) -> Any:
    return ~np.isnat(e.tables["projects"]["operating"])


PLANTED: dict[str, Plant] = {
    "log": cell("events table", "seq", row("events", 7), plus(1)),
    "words": cell("projects table", "sector", row("projects"), UNKNOWN),
    "called money": cell("log", "amount", of(Kind.CALL_LATE), plus(1)),
    "calls": cell("log", "amount", of(Kind.FUNDS_COMMITTED), plus(100)),
    "envelope": cell("log", "amount", of(Kind.SELECTED), plus(6e13)),
    "postings": cell("ledger table", "amount_cents", of_reason("drawn"), plus(-1)),
    "not negative": cell("attributes", "specialists", lambda e: e.attributes.units > 0, -1),
    "trace": cell("capacity", "time", step("envelope"), plus(10**7)),
    "envelope use": cell("capacity", "in_use", step("envelope"), plus(1)),
    "yearly money": cell("capacity", "in_use", step("jbic_cash"), plus(1)),
    "servers": cell(
        "capacity",
        "in_use",
        lambda e: step("teams")(e) & (e.capacity.time > e.measure.plan.open_minute),
        plus(1000),
    ),
    "teams": cell("capacity", "in_use", step("teams"), plus(-1)),
    "slots": cell("capacity", "waiting", step("equipment_turbines"), plus(1)),
    "megawatts": cell("capacity", "in_use", step("power_west"), plus(1)),
    "claims": cell("log", "amount", of(Kind.CLAIM_TAKEN), plus(1)),
    "grants": cell(
        "capacity", "in_use", step("specialists_electrical"), lambda value: 10 * value + 1e6
    ),
    "specialists": cell("market", "wanted", lambda e: e.market.wanted > 0, lambda value: 2 * value),
    "crews": lambda e: replace(e, sites=replace(e.sites, clock_work=e.sites.clock_work * 0.3)),
    "sites": cell("sites", "start", lambda e: e.sites.end_progress > 0, plus(60)),
    "delays": cell("charged", "minutes", charged("reviewing"), plus(1)),
    "duties": cell("duties table", "duties_usd_bn", row("duties", 2), plus(1e-6)),
    "held": cell("held table", "usd_bn", row("held", 9), plus(1e-6)),
    "waits": cell("charged", "hidden", charged("team_queue"), plus(1)),
    "legal path": cell("log", "kind", of(Kind.DOCKETED), int(Kind.ENDORSED)),
    "waiting": cell("log", "cause", of(Kind.WAIT_ENDED), int(Cause.PAUSED)),
    "history": cell("log", "cause", of(Kind.SELECTED, Cause.RECORDED), int(Cause.NONE)),
    "clocks": cell("log", "time", of(Kind.CALL_LATE), plus(-1440)),
    "pauses": cell("log", "part", of(Kind.PAUSED), plus(1)),
    "cancellations": cell("log", "amount", of(Kind.CANCELLED), plus(1)),
    "tariffs": cell("log", "part", of(Kind.BREACH_OPENED), plus(7)),
    "reviews": cell("log", "amount", of(Kind.SELECTED), plus(-6e13)),
    "signing": cell("log", "time", of(Kind.FUNDS_COMMITTED), plus(10**7)),
    "public": cell("log", "kind", of(Kind.JAPANESE_CALMED), int(Kind.JAPANESE_TURNED)),
    "spent": cell("projects table", "spent_usd_bn", in_operation, plus(1)),
    "projects": cell("projects table", "ntp", in_operation, plus(np.timedelta64(1, "D"))),
    "months": cell("timeline table", "paid_usd_bn", row("timeline", 90), plus(0.001)),
    "delays table": cell("delays table", "days", row("delays", 3), plus(1)),
    "capacity": cell("capacity table", "in_use", row("capacity", 3), plus(1)),
    "outcomes": cell("outcomes table", "late_calls", row("outcomes"), plus(1)),
}
OFF_IN_THE_BASE = {
    "crews": "scenarios/staffing_priority",  # the base shares every pool fairly
    "claims": "scenarios/third_countries",
    "public": "scenarios/public_reaction",
    "reviews": "readings/slowness_is_a_breach",
    "signing": "readings/signing_ends",
}


def test_a_fault_is_planted_for_every_law_of_one_run() -> None:
    assert PLANTED.keys() == OF_ONE_RUN.keys()


@pytest.mark.parametrize("law", OF_ONE_RUN.values(), ids=OF_ONE_RUN)
def test_every_law_holds_in_the_base_run_and_had_something_to_check(law: Law) -> None:
    honest = evidence(OFF_IN_THE_BASE.get(law.name, "base"))
    assert law.check is not None
    assert law.applies(honest)
    assert list(law.check(honest)) == []
    assert law.counts(honest) > 0 or law.needs == "world"


@pytest.mark.parametrize("law", OF_ONE_RUN.values(), ids=OF_ONE_RUN)
def test_each_law_catches_the_fault_planted_for_it(law: Law) -> None:
    planted = PLANTED[law.name](evidence(OFF_IN_THE_BASE.get(law.name, "base")))
    assert law.check is not None
    assert list(law.check(planted))
