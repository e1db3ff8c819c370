"""The median with censoring, against counting and a published example."""

from __future__ import annotations

from fractions import Fraction
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.results.tables.responses import kaplan_meier_median


def median(durations, observed):
    return kaplan_meier_median(
        np.array(durations, dtype=np.float64), np.array(observed, dtype=np.bool_)
    )


def test_the_remission_times_of_freireich_have_their_published_medians():
    """6-MP and placebo arms in weeks (Freireich et al. 1963, Blood 21, 699-716): 23 and 8."""
    events = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    assert median(events + censored, [True] * 9 + [False] * 12) == 23
    placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    assert median(placebo, [True] * 21) == 8


@pytest.mark.parametrize("n", range(1, 40))
def test_without_censoring_it_is_the_lower_middle_value(n):
    """Survival reaches one half exactly at an even n: rounding must not skip it."""
    assert median(range(1, n + 1), [True] * n) == (n + 1) // 2


def test_nobody_or_fewer_than_half_observed_has_no_median():
    assert isnan(median([], []))
    assert isnan(median([5.0], [False]))
    assert isnan(median([1.0, 2.0, 3.0], [True, False, False]))


@settings(derandomize=True, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 8), st.booleans()), max_size=25))
def test_it_equals_the_product_in_exact_fractions(rows):
    survival, expected = Fraction(1), None
    for time in sorted({duration for duration, _ in rows}):
        at_risk = sum(duration >= time for duration, _ in rows)
        deaths = sum(duration == time and observed for duration, observed in rows)
        survival *= 1 - Fraction(deaths, at_risk)
        if survival <= Fraction(1, 2) and expected is None and deaths:
            expected = time
    found = median([duration for duration, _ in rows], [observed for _, observed in rows])
    assert isnan(found) if expected is None else found == expected
