"""Dates over replications in some of which it never happens."""

from __future__ import annotations

from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.stats.dates import reached_by, share_by

DAYS = np.array([50.0, nan, 10.0, nan, 30.0])


@pytest.mark.parametrize(
    ("share", "day"), [(0.2, 10.0), (0.21, 30.0), (0.5, 50.0), (0.6, 50.0), (0.61, nan), (1.0, nan)]
)
def test_a_share_is_reached_when_so_many_of_all_have_it(share: float, day: float):
    assert reached_by(DAYS, share) == pytest.approx(day, nan_ok=True)


def test_nobody_ever_reaches_anything_where_there_is_nobody():
    assert isnan(reached_by(np.array([]), 0.5))
    assert share_by(np.array([]), np.array([1.0])).tolist() == [0.0]


def test_the_last_day_counts():
    assert share_by(DAYS, np.array([9.0, 10.0, 49.0, 50.0])).tolist() == [0.0, 0.2, 0.4, 0.6]


@given(
    st.lists(st.one_of(st.just(nan), st.integers(0, 50).map(float)), min_size=1),
    st.floats(0.01, 1.0),
)
def test_on_the_day_a_share_is_reached_that_share_has_it_and_the_day_before_it_has_not(
    days: list[float], share: float
):
    found = np.array(days)
    day = reached_by(found, share)

    if isnan(day):
        assert share_by(found, np.array([np.inf]))[0] < share
    else:
        before, on = share_by(found, np.array([day - 1, day]))
        assert before < share <= on + 1e-12
