"""A replication that leaves what another point left has its row of outcomes, made once."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from sim.config import load
from sim.events import Replication
from sim.results import Horizon, some_tables
from sim.study.run import seen as seen_module
from sim.study.run.seen import PARTS, Seen, same, seen_under
from sim.study.run.simulate import OutcomeSimulation

CONFIG = load("base").config
HORIZON = Horizon(CONFIG)


@pytest.fixture(scope="module")
def left() -> list[Replication]:
    simulation = OutcomeSimulation(CONFIG)
    return [simulation.replicate(CONFIG.run.seed, number) for number in range(3)]


class Maker:
    """Rows of outcomes, and which replications it was asked for."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def __call__(self, new):
        self.asked.append([one.replication for one in new])
        return some_tables(new, HORIZON, ("outcomes",))["outcomes"]


def bits(columns) -> dict[str, tuple[str, bytes]]:
    return {name: (values.dtype.str, values.tobytes()) for name, values in columns.items()}


def copied(one: Replication) -> Replication:
    parts = {}
    for part in PARTS:
        it = getattr(one, part)
        parts[part] = replace(it, **{f.name: getattr(it, f.name).copy() for f in fields(it)})
    return replace(one, **parts)


def test_what_was_left_before_is_not_made_again_and_stands_in_its_place(left):
    make, seen = Maker(), Seen(b"")
    alone = some_tables(left, HORIZON, ("outcomes",))["outcomes"]

    first = seen.rows(left[:2], make)
    both = seen.rows([copied(left[0]), left[2], copied(left[1])], make)
    again = seen.rows([copied(one) for one in left], make)

    assert make.asked == [[0, 1], [2]]
    assert bits(first) == bits({name: values[:2] for name, values in alone.items()})
    assert bits(both) == bits({name: values[[0, 2, 1]] for name, values in alone.items()})
    assert bits(again) == bits(alone)


@pytest.mark.parametrize("part", PARTS)
def test_a_single_number_that_differs_makes_another_replication(left, part: str):
    one, it = left[0], getattr(left[0], part)
    assert same(one, copied(one))
    for field in fields(it):
        column = getattr(it, field.name).copy()
        column[-1] = not column[-1] if column.dtype == bool else column[-1] + 1
        assert not same(one, replace(one, **{part: replace(it, **{field.name: column})})), field


def test_another_number_end_or_name_makes_another_replication(left):
    one = left[0]
    assert not same(one, replace(one, replication=1))
    assert not same(one, replace(one, end_minute=one.end_minute + 1))
    assert not same(one, replace(one, names=replace(one.names, states=("elsewhere",))))
    assert not same(one, replace(one, operation=None))


def test_no_more_is_kept_than_stated_and_what_was_met_last_stays(left, monkeypatch):
    monkeypatch.setattr(seen_module, "MOST", 2)
    make, seen = Maker(), Seen(b"")

    for one in (left[0], left[1], left[0], left[2], left[0], left[1]):
        seen.rows([one], make)

    assert make.asked == [[0], [1], [2], [1]]


def test_another_horizon_forgets_what_was_seen():
    smaller = load("base", {"programme.envelope_usd_bn": 200}).config

    kept = seen_under(Horizon(CONFIG))
    assert seen_under(Horizon(CONFIG)) is kept
    assert seen_under(Horizon(smaller)) is not kept
    assert seen_under(Horizon(CONFIG)) is not kept


def test_outcomes_have_the_bits_of_those_made_without(left):
    simulation = OutcomeSimulation(CONFIG)

    for _ in range(2):
        columns = simulation.columns(left)["outcomes"]
        assert bits(columns) == bits(some_tables(left, HORIZON, ("outcomes",))["outcomes"])
        assert np.array_equal(columns["replication"], [0, 1, 2])
