"""Shapley shares, against the three-player games of the textbooks."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from sim.errors import DesignError
from sim.stats.shapley import shapley


def game(worth):
    """Every set of a, b and c, worth what ``worth`` says of it, in one world."""
    sets = [frozenset(some) for size in range(4) for some in combinations("abc", size)]
    return {one: np.array([float(worth(one))]) for one in sets}


def test_of_one_right_glove_and_two_left_ones_the_right_one_gets_two_thirds():
    """Shapley (1953); a pair is worth one, a single glove nothing."""
    shares = shapley(game(lambda one: "a" in one and len(one) > 1))
    assert shares["a"] == pytest.approx([2 / 3])
    assert shares["b"] == shares["c"] == pytest.approx([1 / 6])


def test_what_adds_up_is_shared_as_it_adds_up():
    alone = {"a": 1, "b": 2, "c": 4}
    shares = shapley(game(lambda one: sum(alone[name] for name in one)))
    assert {name: share.item() for name, share in shares.items()} == pytest.approx(alone)


def test_shares_add_up_to_what_all_do_in_every_world():
    worlds = np.random.default_rng(1).normal(size=(8, 5))
    sets = [frozenset(some) for size in range(4) for some in combinations("abc", size)]
    worth = dict(zip(sets, worlds, strict=True))
    total = sum(shapley(worth).values())
    assert total == pytest.approx(worth[frozenset("abc")] - worth[frozenset()])


def test_a_set_that_is_missing_is_named():
    worth = game(len)
    del worth[frozenset("ac")]
    with pytest.raises(DesignError, match=r"shapley: a \+ c is missing; accepted: every set"):
        shapley(worth)
