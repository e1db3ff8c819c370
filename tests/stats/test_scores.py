"""PIT, CRPS and energy-distance depth: by hand, against definitions, and on records drawn alike."""

from __future__ import annotations

from itertools import pairwise
from math import nan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import DesignError
from sim.stats.scores import crps, depth, pit

values = st.lists(st.integers(-50, 50).map(float), min_size=1, max_size=12)


def crps_by_integral(ensemble: list[float], record: float) -> float:
    """Integral of (F(z) - 1[z >= y])² dz, step by step: the definition (Matheson and Winkler)."""
    edges = sorted({*ensemble, record})
    total = 0.0
    for low, high in pairwise(edges):
        below = sum(x <= low for x in ensemble) / len(ensemble)
        total += (below - (low >= record)) ** 2 * (high - low)
    return total


def depth_by_loops(runs: list[list[float]], record: list[float]) -> float:
    """The same by loops over plain lists."""
    n, k = len(runs), len(record)
    scales = []
    for q in range(k):
        mean = sum(run[q] for run in runs) / n
        spread = sqrt(sum((run[q] - mean) ** 2 for run in runs) / n)
        scales.append(spread if spread > 0 else 1.0)

    def apart(a: list[float], b: list[float]) -> float:
        return sqrt(sum(((x - y) / s) ** 2 for x, y, s in zip(a, b, scales, strict=True)))

    def distance(z: list[float], others: list[list[float]]) -> float:
        m = len(others)
        inner = sum(apart(a, b) for a in others for b in others) / m**2
        return 2 * sum(apart(z, a) for a in others) / m - inner

    limit = distance(record, runs)
    far = [distance(run, runs[:i] + runs[i + 1 :]) >= limit - 1e-9 for i, run in enumerate(runs)]
    return sum(far) / n


def test_pit_by_hand():
    assert pit([10.0, 20.0, 30.0, 40.0], 5.0) == 0.1
    assert pit([10.0, 20.0, 30.0, 40.0], 25.0) == 0.5
    assert pit([10.0, 20.0, 20.0, 40.0], 20.0) == 0.5  # 1 below, 2 alike: (1 + 1.5) / 5
    assert pit([10.0, 20.0, 30.0, 40.0], 99.0) == 0.9


def test_the_mean_pit_of_a_record_that_is_one_of_the_runs_is_a_half_ties_or_not():
    pool = [1.0, 1.0, 2.0, 5.0, 5.0, 5.0, 9.0]
    found = [pit(pool[:i] + pool[i + 1 :], one) for i, one in enumerate(pool)]

    assert sum(found) / len(found) == pytest.approx(0.5)


def test_the_pit_of_one_run_among_others_takes_every_place_once():
    pool = np.random.default_rng(3).normal(size=20)
    found = sorted(pit(np.delete(pool, i), pool[i]) for i in range(20))

    assert found == pytest.approx([(i + 0.5) / 20 for i in range(20)])


def test_crps_by_hand():
    # |1-2|, |3-2|, |8-2|: mean 8/3. Pairs 2, 7, 5, each twice of nine: 28/9, its half 14/9.
    assert crps([1.0, 3.0, 8.0], 2.0) == pytest.approx(8 / 3 - 14 / 9)


@given(values, st.integers(-60, 60).map(float))
def test_crps_is_the_integral_that_defines_it(ensemble: list[float], record: float):
    assert crps(ensemble, record) == pytest.approx(crps_by_integral(ensemble, record), abs=1e-9)


@given(values, st.integers(-60, 60).map(float), st.integers(-9, 9), st.integers(1, 9))
def test_crps_has_the_unit_of_its_values(xs: list[float], y: float, shift: int, scale: int):
    moved = crps([scale * x + shift for x in xs], scale * y + shift)

    assert moved == pytest.approx(scale * crps(xs, y), abs=1e-9)


rows = st.integers(1, 3).flatmap(
    lambda k: st.tuples(
        st.lists(st.lists(st.integers(-9, 9).map(float), min_size=k, max_size=k),
                 min_size=3, max_size=8),
        st.lists(st.integers(-12, 12).map(float), min_size=k, max_size=k),
    )
)  # fmt: skip


@given(rows)
def test_depth_is_what_loops_over_the_definition_find(case: tuple[list[list[float]], list[float]]):
    runs, record = case

    assert depth(runs, record) == depth_by_loops(runs, record)


def test_depth_by_hand():
    # The runs -1, 0, 1: the ends are far from the other two, the middle is not.
    assert depth([[-1.0], [0.0], [1.0]], [0.0]) == 1.0
    assert depth([[-1.0], [0.0], [1.0]], [1.2]) == pytest.approx(2 / 3)
    assert depth([[-1.0], [0.0], [1.0]], [5.0]) == 0.0


def test_depth_does_not_ask_for_units():
    generator = np.random.default_rng(5)
    runs, record = generator.normal(size=(30, 3)), np.array([0.5, -1.0, 0.2])
    units = np.array([1.0, 1000.0, 0.01])

    assert depth(runs * units, record * units) == depth(runs, record)


def test_depth_sees_a_combination_that_no_single_quantity_shows():
    x = np.random.default_rng(7).normal(size=200)
    runs = np.column_stack([x, x + 0.05 * np.random.default_rng(8).normal(size=200)])

    assert 0.02 < pit(runs[:, 0], 1.5) < 0.98
    assert 0.02 < pit(runs[:, 1], -1.5) < 0.98
    assert depth(runs, [1.5, -1.5]) < depth(runs, [1.5, 1.5])


def test_depth_of_records_drawn_like_the_runs_is_uniform():
    generator = np.random.default_rng(11)
    found = np.array([
        depth(generator.normal(size=(60, 2)), generator.normal(size=2)) for _ in range(300)
    ])  # fmt: skip

    for level in (0.1, 0.25, 0.5, 0.75, 0.9):
        # Four standard errors of a share of 300.
        assert (found <= level).mean() == pytest.approx(level, abs=0.115)


@pytest.mark.parametrize(
    ("runs", "record", "words"),
    [
        ([[1.0], [2.0]], [1.0], "depth: 2 runs of 1 quantities.*accepted: 3 runs or more"),
        ([[1.0], [2.0], [3.0]], [1.0, 2.0], r"a record of shape \(2,\); accepted"),
        ([[1.0], [nan], [3.0]], [1.0], r"depth: nan at index \(1, 0\), 1 of 3"),
    ],
)
def test_what_has_no_depth_is_refused(runs: list[list[float]], record: list[float], words: str):
    with pytest.raises(DesignError, match=words):
        depth(runs, record)


def test_no_runs_are_refused():
    with pytest.raises(DesignError, match=r"crps: shape \(0, 1\); accepted: one run or more"):
        crps([], 1.0)
