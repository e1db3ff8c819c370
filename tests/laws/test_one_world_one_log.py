"""Law 5: the world does not know policy, the log does not know who was made first."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import fields
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from support.generated_configs import Tree, trees, twin_trees
from support.law_runs import Run, fewer, lawful, runs, same_log

from sim.config import from_tree
from sim.engine import simulate
from sim.events import OperationDraws
from sim.plan import Plan
from sim.world import World, draw_world

# A policy's reviews are rows of these, after the projects.
WITH_REVIEWS = ("acted_on", "signed", "threat", "route_taken", "route_delay")


def same_world(one: World, other: World) -> bool:
    """What both have is the same; what becomes of whom at a dated event is the event's own luck."""
    names = [item.name for item in fields(World) if item.name not in ("fate", "operation")]
    pairs = {name: (getattr(one, name), getattr(other, name)) for name in names}
    pairs |= {
        item.name: (getattr(one.operation, item.name), getattr(other.operation, item.name))
        for item in fields(OperationDraws)
    }
    for name in WITH_REVIEWS:
        both = min(len(of) for of in pairs[name])
        pairs[name] = (pairs[name][0][:both], pairs[name][1][:both])
    return all(np.array_equal(mine, others) for mine, others in pairs.values())


@fewer
@given(twin_trees(), st.integers(0, 99))
def test_the_world_is_the_same_under_any_policy_and_capacity(
    twins: tuple[Tree, Tree], seed: int
) -> None:
    one, other = (draw_world(Plan.of(from_tree(tree)).nature, seed, 3) for tree in twins)
    assert same_world(one, other)


OF_ALL = (
    "replication",
    "seed",
    "entity",
    "round_interval",
    "round_projects",
    "round_cents",
    "shocks",
    "shock_year",
    "yen_factor",
    "court",
    "public",
)


def by_project(plan: Plan, world: World) -> dict[str, dict[str, Any]]:
    """Everything drawn for each project, by its id."""
    names = [plan.nature.entity_ids[entity] for entity in world.entity.tolist()]
    apart = {*OF_ALL, "place", "operation"}
    own = [item.name for item in fields(World) if item.name not in apart]
    places = plan.nature.places.names
    return {
        name: {
            "place": places[world.place[row]],
            **{field: getattr(world, field)[row].tolist() for field in own},
            **{
                item.name: getattr(world.operation, item.name)[row]
                for item in fields(OperationDraws)
            },
        }
        for row, name in enumerate(names)
    }


@fewer
@given(trees(), st.data())
def test_nobodys_luck_moves_when_projects_come_go_or_change_places(
    tree: Tree, data: st.DataObject
) -> None:
    """Removing some and reordering the rest; read backwards, adding them."""
    changed = deepcopy(tree)
    rows = data.draw(st.permutations(list(tree["portfolio"]["projects"].items())))
    kept = rows[data.draw(st.integers(0, len(rows))) :]
    changed["portfolio"]["projects"] = dict(kept)
    for maker in changed["capacity"]["equipment"].values():
        maker["reserved"] = {}
    if data.draw(st.booleans()):
        changed["pipelines"] = {}
    worlds = []
    for each in (tree, changed):
        plan = Plan.of(from_tree(each))
        worlds.append((draw_world(plan.nature, 5, 0), plan))
    (before, old), (after, new) = worlds
    for of_all in OF_ALL[3:]:
        assert np.array_equal(getattr(before, of_all), getattr(after, of_all)), of_all
    drawn = by_project(old, before)
    for name, values in by_project(new, after).items():
        assert values == drawn[name], name


@lawful
@given(runs(), st.data())
def test_the_log_does_not_depend_on_the_order_in_which_processes_are_created(
    run: Run, data: st.DataObject
) -> None:
    count = len(run.world.entity)
    backwards = list(reversed(range(count)))
    shuffled = data.draw(st.permutations(range(count)))
    for order in (backwards, shuffled):
        again = simulate(run.plan, run.world, order)
        assert same_log(run.left.log, again.log)
        for what in ("capacity", "sites", "market"):
            trace, same = getattr(run.left, what), getattr(again, what)
            for item in fields(trace):
                assert np.array_equal(getattr(trace, item.name), getattr(same, item.name))


def in_words(run: Run) -> list[tuple[Any, ...]]:
    """The log with project names in place of numbers."""
    names = (*run.left.names.projects, "")
    return [(e.time, names[e.project], *e[2:]) for e in run.events]


@fewer
@given(runs())
def test_the_log_does_not_depend_on_the_order_of_the_portfolios_rows(run: Run) -> None:
    tree = deepcopy(run.tree)
    rows = list(tree["portfolio"]["projects"].items())
    tree["portfolio"]["projects"] = dict(reversed(rows))
    assert in_words(Run(tree, run.seed)) == in_words(run)
