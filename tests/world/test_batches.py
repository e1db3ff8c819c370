"""Worlds drawn together are to the bit the worlds drawn alone, whatever the batch."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from support.configs import config_from, minimal_tree, with_values
from support.generated_configs import LAWFUL, Tree, trees
from support.interrupted import interrupted

from sim.config import from_tree, load
from sim.errors import ModelError
from sim.events.log import OperationDraws
from sim.plan import Plan
from sim.world import (
    Nature,
    World,
    Worlds,
    draw_world,
    draw_worlds,
    pin_histories,
    pin_history,
)

SEED = 7


def bits(world: World) -> dict[str, Any]:
    """Type, shape and bytes of every array, and whatever else a world has."""

    def read(value: Any) -> Any:
        if isinstance(value, OperationDraws):
            return {name: read(one) for name, one in vars(value).items()}
        if isinstance(value, np.ndarray):
            return str(value.dtype), value.shape, value.tobytes()
        return value

    return {name: read(value) for name, value in vars(world).items()}


def alone(nature: Nature, replication: int) -> World:
    return pin_history(nature, draw_world(nature, SEED, replication))


@pytest.fixture(scope="module")
def base() -> Nature:
    return Plan.of(load("base").config).nature


@pytest.fixture(scope="module")
def first_ones(base: Nature) -> list[dict[str, Any]]:
    return [bits(alone(base, replication)) for replication in range(13)]


@pytest.mark.parametrize("size", [2, 3, 7, 13])
def test_a_world_of_the_base_is_the_same_in_a_batch_of_any_size(base, first_ones, size):
    """Lengths that end before, at and behind what a processor takes at a time."""
    for first in range(0, 13, size):
        numbers = range(first, min(first + size, 13))
        together = pin_histories(base, draw_worlds(base, SEED, numbers))
        assert [bits(world) for world in together] == [first_ones[number] for number in numbers]


def test_a_batch_has_replications_in_any_order_and_more_than_once(base, first_ones):
    numbers = [11, 0, 4, 0]
    together = pin_histories(base, draw_worlds(base, SEED, numbers))
    assert [bits(world) for world in together] == [first_ones[number] for number in numbers]


@settings(LAWFUL, max_examples=15)
@given(trees())
def test_a_generated_config_gives_in_a_batch_what_it_gives_alone(tree: Tree):
    nature = Plan.of(from_tree(tree)).nature
    drawn = draw_worlds(nature, SEED, range(3))
    assert [bits(one) for one in drawn] == [bits(draw_world(nature, SEED, n)) for n in range(3)]
    pinned = pin_histories(nature, drawn)
    assert [bits(one) for one in pinned] == [bits(alone(nature, n)) for n in range(3)]


def test_every_replication_of_a_batch_has_its_own_luck_of_each_review():
    config = load("slowness_is_a_breach").config
    reviews = config.policy.enforcement.reviews
    reviews["another"] = reviews["pace"]
    nature = Nature(config)
    for number, world in enumerate(draw_worlds(nature, SEED, range(3))):
        assert len(world.acted_on) == len(world.entity) + 2
        assert bits(world) == bits(draw_world(nature, SEED, number))


def test_pinning_leaves_the_worlds_it_was_given_as_they_are(base):
    drawn = draw_worlds(base, SEED, range(2))
    before = [bits(world) for world in drawn]
    pinned = pin_histories(base, drawn)
    assert [bits(world) for world in drawn] == before
    assert [bits(world) for world in pinned] != before


def test_of_the_presidents_intervals_the_one_after_the_rounds_on_record_is_stretched(base):
    drawn = draw_worlds(base, SEED, range(13))
    number, last = len(base.rounds_on_record), base.rounds_on_record.max()
    before, after = (
        np.array([world.round_interval for world in worlds])
        for worlds in (drawn, pin_histories(base, drawn))
    )
    assert np.unique(np.nonzero(before != after)[1]).tolist() == [number]
    assert after[:, number].min() >= base.open_minute - last


def test_every_array_of_a_world_lies_in_one_piece(base):
    """What an engine outside numpy reads."""
    for world in pin_histories(base, draw_worlds(base, SEED, range(3))):
        arrays = {name: one for name, one in vars(world).items() if isinstance(one, np.ndarray)}
        assert [name for name, one in arrays.items() if not one.flags.c_contiguous] == []
        assert {str(one.dtype) for one in arrays.values()} == {"int64", "float64", "bool"}


@pytest.fixture
def crowded() -> Nature:
    """About every second world has more proposals than the pipeline may."""
    nature = Nature(config_from(minimal_tree()))
    (pipeline,) = nature.pipelines
    nature.pipelines = (replace(pipeline, maximum=12),)  # the mean: no config may say so
    return nature


def test_a_pipeline_beyond_its_maximum_names_the_first_replication_of_the_batch(crowded: Nature):
    fails = []
    for replication in range(20):
        try:
            draw_world(crowded, SEED, replication)
        except ModelError:
            fails.append(replication)
    assert 0 < len(fails) < 20
    first = fails[0]
    with pytest.raises(ModelError, match=f"^seed 7, replication {first}: a pipeline of sector gas"):
        draw_worlds(crowded, SEED, range(20))


# Worlds as they are asked for


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """Which replications are drawn together."""
    found: list[list[int]] = []

    def drawn(nature: Nature, seed: int, replications: Any) -> list[World]:
        found.append(list(replications))
        return draw_worlds(nature, seed, replications)

    def alone(nature: Nature, seed: int, replication: int) -> World:
        return drawn(nature, seed, [replication])[0]

    monkeypatch.setattr("sim.world.ahead.draw_worlds", drawn)
    monkeypatch.setattr("sim.world.ahead.draw_world", alone)
    return found


def test_worlds_expected_are_drawn_together_and_are_those_drawn_alone(base, first_ones, batches):
    worlds = Worlds(base)
    worlds.expect(SEED, range(9))
    assert [bits(worlds.take(SEED, number)) for number in range(9)] == first_ones[:9]
    assert batches == [list(range(9))]


def test_a_world_nobody_expected_is_drawn_alone(base, first_ones, batches):
    worlds = Worlds(base)
    worlds.expect(SEED, [2, 3])
    assert bits(worlds.take(SEED, 7)) == first_ones[7]
    assert bits(worlds.take(SEED, 3)) == first_ones[3]
    assert bits(worlds.take(SEED, 3)) == first_ones[3]  # of those expected, it was kept
    assert bits(worlds.take(SEED, 7)) == first_ones[7]
    worlds.expect(SEED, [2, 3])
    assert bits(worlds.take(SEED + 1, 3)) != first_ones[3]
    assert batches == [[7], [3], [7], [3]]


def test_threads_that_share_a_config_do_not_take_each_others_worlds(base, first_ones, batches):
    worlds = Worlds(base)
    worlds.expect(SEED, [0, 1])
    with ThreadPoolExecutor(1) as other:
        assert bits(worlds.take(SEED, 0)) == first_ones[0]
        other.submit(worlds.expect, SEED, [2, 3]).result()
        assert bits(other.submit(worlds.take, SEED, 2).result()) == first_ones[2]
        assert bits(worlds.take(SEED, 1)) == first_ones[1]
    assert batches == [[0, 1], [2, 3]]


def test_a_batch_is_bounded_by_worlds_and_by_projects(base, batches):
    worlds = Worlds(base)
    worlds.expect(SEED, range(100))
    worlds.take(SEED, 0)
    worlds.take(SEED, 64)
    many = {"pipelines.gas.arrivals_per_year": 1000, "pipelines.gas.maximum": 4000}
    worlds = Worlds(Plan.of(config_from(with_values(many))).nature)
    worlds.expect(SEED, range(100))
    worlds.take(SEED, 0)
    assert [len(batch) for batch in batches] == [64, 36, 2]


def test_a_world_that_cannot_be_drawn_fails_alone(crowded: Nature):
    def told(take: Any, number: int) -> Any:
        try:
            return bits(take(SEED, number))
        except ModelError as error:
            return str(error)

    alone = {number: told(Worlds(crowded).take, number) for number in range(20)}
    failed = [number for number, one in alone.items() if isinstance(one, str)]
    assert all(f"replication {number}:" in alone[number] for number in failed)
    good = next(number for number in alone if number not in failed)
    worlds, order = Worlds(crowded), [good, *failed, *set(alone) - {good, *failed}]
    worlds.expect(SEED, order)
    assert [told(worlds.take, number) for number in order] == [alone[n] for n in order]
    assert failed


# Worlds kept for the next config

MIXED = {"kind": "mixture", "components": {
    "soon": {"weight": 0.5, "distribution": {"kind": "uniform", "low": 1, "high": 2}},
    "late": {"weight": 0.5, "distribution": {"kind": "uniform", "low": 8, "high": 9}},
}}  # fmt: skip
SWAPPED = MIXED | {"components": dict(reversed(MIXED["components"].items()))}
SCREENING = "sectors.data_centre.screening_days"
AT_NOTICE = {"policy.appraisal_starts": "notice", "policy.selection.requires": "recommended"}
RATIO = {"kind": "uniform", "low": 0.9, "high": 1.2}


def taken(nature: Nature, numbers: Any = range(3)) -> list[dict[str, Any]]:
    worlds = Worlds(nature)
    worlds.expect(SEED, numbers)
    return [bits(worlds.take(SEED, number)) for number in numbers]


@pytest.mark.parametrize(
    ("before", "values", "drawn"),
    [
        ({}, {"capacity.teams.count": 3}, False),
        ({}, {"nature.funding.decline_probability": 0.4}, False),
        ({}, {"nature.round_interval_days.mean": 77}, False),
        ({}, {"nature.yen_per_usd_month_ratio": RATIO}, False),
        ({}, {"nature.round_projects": {"kind": "constant", "value": 3}}, False),
        ({}, {"nature.viability_weight": 0.1}, True),
        ({}, {"sectors.data_centre.construction.cost_ratio": RATIO}, True),
        ({}, {"finance.yield_factor": 1.5}, True),
        ({}, {"programme.as_of": "2026-10-01"}, True),
        ({}, AT_NOTICE, True),
        ({SCREENING: MIXED}, {SCREENING: SWAPPED}, True),
    ],
)
def test_worlds_are_drawn_anew_where_the_next_config_has_other_laws_of_projects(
    batches, before, values, drawn
):
    first = load("base", before).config
    then = load("base", values).config
    taken(Plan.of(first).nature)
    batches.clear()
    found = taken(Plan.of(then).nature)
    assert batches == [[0, 1, 2]] * drawn
    assert found == [bits(alone(Nature(then), number)) for number in range(3)]
    assert found != [bits(alone(Nature(first), number)) for number in range(3)] or (
        "capacity.teams.count" in values or "nature.funding.decline_probability" in values
    )


@settings(LAWFUL, max_examples=15)
@given(trees())
def test_of_generated_configs_one_after_another_each_has_its_own_worlds(tree: Tree):
    config = from_tree(tree)
    assert taken(Plan.of(config).nature) == [bits(alone(Nature(config), n)) for n in range(3)]


def test_other_seeds_and_numbers_are_not_taken_for_those_kept(base, batches):
    kept = taken(base)
    worlds = Worlds(base)
    worlds.expect(SEED + 1, range(3))
    assert bits(worlds.take(SEED + 1, 0)) != kept[0]
    assert taken(base, range(2)) == kept[:2]
    assert batches[-2:] == [[0, 1, 2], [0, 1]]


def test_nobody_can_write_into_a_world_that_is_kept(base):
    other = Plan.of(load("base", {"nature.round_interval_days.mean": 77}).config).nature
    for nature in (base, other):  # the other's are those of the base, but for their rounds
        worlds = Worlds(nature)
        worlds.expect(SEED, range(2))
        world = worlds.take(SEED, 0)
        arrays = [one for one in vars(world).values() if isinstance(one, np.ndarray)]
        for array in (*arrays, *vars(world.operation).values()):
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 1


def test_a_thread_gets_the_laws_of_its_own_config_whatever_others_ask_for():
    mine, others = config_from(minimal_tree()), load("base").config
    nature = interrupted(Nature.of, mine, by=lambda: Nature.of(others))
    assert bits(alone(nature, 0)) == bits(alone(Nature(mine), 0))


def test_what_is_kept_is_bounded_and_the_oldest_goes(base, batches, monkeypatch):
    monkeypatch.setattr("sim.world.ahead.MOST_KEPT", 500)  # two batches of two
    for numbers in ([50, 51], [52, 53], [50, 51], [54, 55], [50, 51], [52, 53]):
        taken(base, numbers)
    assert batches == [[50, 51], [52, 53], [54, 55], [52, 53]]
