"""Both engines leave the same, to the bit: log, capacity, site and market traces, attributes.

Every difference is told by its first event. What the configs here contain is asserted, so that
nobody thinks them richer than they are.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache, reduce
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any

import pytest
from both import TWIN, compiled, config_of, drawn_tree, is_due, left_by, simpy, told, unlike
from hard_configs import struck, ties
from support.generated_configs import Tree

from sim.built import ROOT as PACKAGE
from sim.built import fault, sources
from sim.config import Config, Loaded, load
from sim.config.loading import load_tree
from sim.events import Cause, EventLog, Kind
from sim.plan import Plan
from sim.rules.registry import KINDS
from sim.study.design.against import steps_against, without_limit
from sim.study.design.named_overlays import Overlay, read_overlays
from sim.world import draw_world, pin_history

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
BATCHES = 8  # for as many workers


def test_the_twin_is_built_where_a_build_is_due(capsys: pytest.CaptureFixture[str]) -> None:
    """Under CI the compiled modules are what these tests compare, or it was asked for otherwise."""
    with capsys.disabled():
        print(f"\n{TWIN}")
    assert not is_due() or not fault(), fault()


def test_every_module_of_the_twin_is_what_the_build_says_it_is() -> None:
    names = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in sources()}
    files = {name: str(sys.modules[name].__file__) for name in names if name in sys.modules}
    assert len(files) >= 30
    suffix = ".py" if fault() else EXTENSION_SUFFIXES[0]
    assert [name for name, file in files.items() if not file.endswith(suffix)] == []


# What comes with the program.


@cache
def base() -> Loaded:
    return load(CONFIGS / "base.yaml")


@cache
def overlays() -> dict[str, Overlay]:
    """Every scenario, reading, capacity without limit and step against one, laid on the base."""
    rooms = {room: read_overlays(CONFIGS / room) for room in ("scenarios", "readings")}
    rooms["without limit"], rooms["steps"] = without_limit(base()), steps_against(base())
    return {f"{room}: {name}": one for room, laid in rooms.items() for name, one in laid.items()}


def shipped(batch: int) -> Iterator[tuple[str, Config]]:
    """Every eighth of them."""
    for name in sorted(overlays())[batch::BATCHES]:
        yield name, load_tree(base().tree, overlays()[name]).config


def same_in_each(replications: int, configs: Iterator[tuple[str, Config]]) -> list[str]:
    """What differs, by the name of its config."""
    return [f"{name}, {said}" for name, config in configs for said in unlike(config, replications)]


def test_the_base_leaves_the_same() -> None:
    assert list(unlike(base().config, 3)) == []


@pytest.mark.parametrize("name", ["round_one", "ex_ante", "fitted"])
def test_every_backtest_leaves_the_same(name: str) -> None:
    assert list(unlike(load(CONFIGS / "backtest" / f"{name}.yaml").config)) == []


def test_what_strikes_in_a_million_years_does_not_strike_today() -> None:
    """So late a minute once left no room for the rest of a step's place in the heap."""
    rare = {
        f"nature.hazards.{phase}.{what}_per_year": 1e-9
        for phase in ("before_building", "building")
        for what in ("cancellations", "pauses")
    }
    config = load(CONFIGS / "base.yaml", rare | {"nature.regime": None}).config
    assert list(unlike(config, 3)) == []


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_scenario_reading_and_lifted_capacity_leaves_the_same(batch: int) -> None:
    assert same_in_each(1, shipped(batch)) == []


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_scenario_reading_and_lifted_capacity_leaves_the_same_twenty_times(
    batch: int,
) -> None:
    assert same_in_each(20, shipped(batch)) == []


# Generated ones.


def generated(first: int, last: int) -> Iterator[tuple[str, Config]]:
    for seed in range(first, last):
        yield f"generated config {seed}", config_of(drawn_tree(seed))


@pytest.mark.parametrize("batch", range(2))
def test_generated_configs_leave_the_same(batch: int) -> None:
    assert same_in_each(1, generated(30 * batch, 30 * batch + 30)) == []


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(BATCHES))
def test_two_thousand_generated_configs_leave_the_same(batch: int) -> None:
    first = 1000 + 250 * batch
    assert same_in_each(1, generated(first, first + 250)) == []


# Ties: whatever takes any time takes whole days, and everybody wants the same few servers.


def test_configs_full_of_ties_leave_the_same() -> None:
    assert same_in_each(1, ties(0, 60)) == []


@pytest.mark.parametrize("seed", [453, 1150])
def test_a_candidate_that_comes_in_the_minute_of_a_round_put_off_is_taken_in_it(seed: int) -> None:
    """The round was once scheduled twice in its minute, and ended the run."""
    assert same_in_each(1, ties(seed, seed + 1)) == []


def test_in_them_many_things_happen_in_one_minute() -> None:
    most = 0
    for _, config in ties(0, 10):
        plan = Plan.of(config)
        left = left_by(simpy, plan, draw_world(plan.nature, 7, 0))
        if not isinstance(left, str):
            times = left.log.time.tolist()
            most = max(most, *(times.count(minute) for minute in set(times)))
    assert most >= 30


# Cancellations at every wait.

CUT = {
    Cause.FIRST_CALL, Cause.APPRAISAL_QUEUE, Cause.APPRAISAL, Cause.CONSULTATION,
    Cause.FUNDING_DESK, Cause.FUNDING_WINDOW, Cause.FUNDING_COMMITMENT, Cause.FUNDING_MONEY,
    Cause.PERMIT_QUEUE, Cause.PERMITS, Cause.DEVELOPMENT, Cause.CASH_STARVED,
    Cause.EQUIPMENT_SLOT, Cause.EQUIPMENT, Cause.CREWS_WAITED, Cause.POWER,
    Cause.GRID_CONNECTION,
}  # fmt: skip
BY = {Cause.NONE, Cause.COURSE_ENDED, Cause.REFUSED, Cause.SIGNING_ENDED}


def ends(log: EventLog) -> Iterator[tuple[Kind, Cause, set[Cause]]]:
    """Every project's last event, its cause, and the waits that end with it: the rows before it."""
    for row in range(len(log.time)):
        kind, before, cut = Kind(int(log.kind[row])), row - 1, set()
        if not kind.row.terminal:
            continue
        while (
            before >= 0
            and log.kind[before] == Kind.WAIT_ENDED
            and (log.time[before], log.project[before]) == (log.time[row], log.project[row])
        ):
            cut.add(Cause(int(log.cause[before])))
            before -= 1
        yield kind, Cause(int(log.cause[row])), cut


def test_a_cancellation_at_every_wait_leaves_the_same() -> None:
    waits, causes, kinds, differ = set[Cause](), set[Cause](), set[Kind](), []
    for seed in range(90):
        plan = Plan.of(config_of(struck(seed)))
        world = pin_history(plan.nature, draw_world(plan.nature, 7, 0))
        left = left_by(simpy, plan, world)
        said = told(left, left_by(compiled, plan, world), plan)
        differ += [f"struck config {seed} ({TWIN}): {said}"] if said else []
        for kind, cause, cut in [] if isinstance(left, str) else ends(left.log):
            kinds.add(kind)
            if kind == Kind.CANCELLED:
                waits |= cut
                causes.add(cause)
    assert differ == []
    assert {cause.name for cause in CUT - waits} == set()
    assert {cause.name for cause in BY - causes} == set()
    assert {Kind.REFUSED, Kind.DECLINED, Kind.LAPSED, Kind.OPERATING, Kind.REJECTED} <= kinds


# Rules, and the record.


def paths_of(kind: str) -> tuple[str, ...]:
    """Where a config names rules of a kind."""
    return {
        "staffing": ("policy.staffing",),
        "ranking": (
            "policy.consultation_committee.ranking",
            "policy.investment_committee.ranking",
            "policy.selection.ranking",
            "policy.staffing_ranking",
        ),
        "preference": ("policy.selection.preference",),
        "drawing": ("policy.calls.draw",),
        "ordering": ("policy.equipment_orders",),
        "funding": ("policy.funding.response",),
        "tariff": ("policy.enforcement.machine",),
    }[kind]


def laid(sets: Mapping[str, Any]) -> Config:
    """The base with values set by dotted path."""
    tree: Tree = {}
    for dotted, value in sets.items():
        *parents, last = dotted.split(".")
        reduce(lambda below, key: below.setdefault(key, {}), parents, tree)[last] = value
    return load_tree(base().tree, tree).config


def carried_over() -> dict[str, bool]:
    """Nothing lapses, so that whatever is drawn or ordered whole fits in some year."""
    capacity = base().config.capacity
    return {
        f"capacity.{room}.{name}.{stock}.carry_over": True
        for room, stocks in (("facilities", ("cash", "commitments")), ("equipment", ("slots",)))
        for name, one in getattr(capacity, room).items()
        for stock in stocks
        if getattr(one, stock) != "unlimited"
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_registered_rule_leaves_the_same(kind: str) -> None:
    """Each at every place of the base that takes it."""
    more: dict[str, Any] = {
        "preference": {"policy.selection.preferred_regions": ["TX"]},
        "drawing": carried_over(),
        "ordering": carried_over(),
    }.get(kind, {})
    differ = [
        f"{kind} {rule}, {said}"
        for rule in KINDS[kind]
        for said in unlike(laid(dict.fromkeys(paths_of(kind), rule) | more))
    ]
    assert differ == []


def on_record() -> Iterator[tuple[int, Tree]]:
    """Generated trees with units built on record."""
    for seed in range(10_000, 12_000):
        tree = drawn_tree(seed)
        if any(row.get("units_built_dates") for row in tree["portfolio"]["projects"].values()):
            yield seed, tree


def test_units_on_record_leave_the_same() -> None:
    found = [next_one for next_one, _ in zip(on_record(), range(25), strict=False)]
    assert len(found) == 25
    assert sum("units_energised_dates" in str(tree) for _, tree in found) >= 10
    configs = ((f"generated config {seed}", config_of(tree)) for seed, tree in found)
    assert same_in_each(1, configs) == []


def test_a_difference_is_told_by_its_first_event() -> None:
    """Else all of the above would hold of anything."""
    plan = Plan.of(base().config)
    world = pin_history(plan.nature, draw_world(plan.nature, 7, 0))
    left, other = left_by(simpy, plan, world), left_by(simpy, plan, world)
    assert not isinstance(left, str)
    assert not isinstance(other, str)
    other.log.amount[40] += 1
    assert re.match(r"log, row 40\nSimPy:\n", told(left, other, plan))
    assert told(left, "broke", plan) == "SimPy: ran to its end\ntwin: broke"
