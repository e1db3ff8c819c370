"""Means and ranges of delays: worked by hand, and what is refused."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest

from sim.errors import DesignError
from sim.stats.delays import mean_delays, ranges


def test_causes_add_up_to_the_total_and_those_below_zero_count_as_they_are():
    found = mean_delays([[100.0, 20.0], [50.0, -30.0]], cluster=[0, 1], censored=[False, True])

    assert found.days == pytest.approx([75.0, -5.0])
    assert found.total.estimate == pytest.approx(70.0)
    assert found.days.sum() == pytest.approx(found.total.estimate)
    assert (found.n, found.n_censored) == (2, 1)


def test_the_interval_of_the_total_rests_on_the_spread_between_replications():
    """Two worlds of two equal projects: as if there were two projects. t(1) at 95 % is 12.706."""
    found = mean_delays([[10.0], [10.0], [20.0], [20.0]], [0, 0, 1, 1], [False] * 4)

    # G / (G - 1) * sum of squared sums of deviations / n**2 = 2 * (10**2 + 10**2) / 4**2 = 25
    assert found.total.estimate == 15.0
    assert found.total.high - 15.0 == pytest.approx(12.7062 * 5, rel=1e-4)


def test_one_replication_has_no_interval_and_no_project_has_no_mean():
    one = mean_delays([[10.0], [30.0]], [4, 4], [False, False])
    none = mean_delays(np.empty((0, 2)), [], [])

    assert one.total.estimate == 20.0
    assert isnan(one.total.low)
    assert np.isnan(none.days).all()
    assert isnan(none.total.estimate)
    assert none.n == 0


@pytest.mark.parametrize(
    ("days", "cluster", "words"),
    [
        ([[1.0]], [0, 1], r"days of shape \(1, 1\), cluster of \(2,\)"),
        ([1.0], [0], r"an array of shape \(1,\); accepted: shape \(n_projects, n_causes\)"),
        ([[1.0, np.nan]], [0], r"nan at index \(0, 1\), 1 of 2 values not finite; accepted"),
    ],
)
def test_delays_of_another_shape_or_not_finite_are_refused(days, cluster, words):
    with pytest.raises(DesignError, match=words):
        mean_delays(days, cluster, [False])


def test_a_range_is_the_middle_90_percent_from_twenty_replications_on():
    found = ranges(np.arange(21.0)[:, np.newaxis])

    assert found.percentiles
    assert (found.low[0], found.median[0], found.high[0]) == (1.0, 10.0, 19.0)


def test_below_twenty_replications_a_range_is_from_least_to_most():
    found = ranges([[3.0, 0.0], [1.0, 0.0], [2.0, 9.0]])

    assert not found.percentiles
    assert found.low.tolist() == [1.0, 0.0]
    assert found.median.tolist() == [2.0, 0.0]
    assert found.high.tolist() == [3.0, 9.0]


def test_nothing_has_no_range():
    found = ranges(np.empty((0, 1)))

    assert np.isnan([found.low[0], found.median[0], found.high[0]]).all()
    assert not found.percentiles
