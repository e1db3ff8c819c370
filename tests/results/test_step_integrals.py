"""Integrals of step traces against a loop over every minute."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.made_logs import floats, ints, make_config

from sim.errors import ModelError
from sim.events import SiteTrace
from sim.results import Horizon
from sim.results.tables.clocks import done_share
from sim.results.tables.steps import cut_by_month

# Three days over two months: 30 and 31 January, 1 February.
TINY = Horizon(
    make_config(
        date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 1), date(2026, 1, 31)
    )
)
CUT, END = 2 * 1440, 3 * 1440

# Steps crowd at the instants where mistakes live: month end, its neighbours, the run's end.
minutes = st.one_of(
    st.integers(0, END + 5), st.sampled_from([0, 1, CUT - 1, CUT, CUT + 1, END - 1, END])
)
values = st.one_of(st.integers(0, 9).map(float), st.just(float("inf")))
steps = st.lists(st.tuples(st.integers(0, 2), minutes, values), max_size=12)


def trace(later):
    """Three series, each with a step at minute 0, in the order of time."""
    rows = [(series, 0, 1.0 + series) for series in range(3)]
    rows += sorted(later, key=lambda row: row[1])
    series, time, value = zip(*rows, strict=True)
    return ints(list(series)), ints(list(time)), floats(list(value))


def minute_by_minute(series, time, value):
    """Value of each series in each minute, shape (3, END)."""
    held = np.zeros((3, END))
    for s, t, v in zip(series, time, value, strict=True):
        held[s, t:] = v
    return held


@settings(derandomize=True, deadline=None, max_examples=150)
@given(steps)
def test_month_integrals_and_maxima_equal_a_loop_over_minutes(later):
    series, time, value = trace(later)
    cut = cut_by_month(series, time, ("a", "b", "c"), TINY, ["here"])
    held = minute_by_minute(series, time, value)
    expected = np.stack([held[:, :CUT].sum(axis=1), held[:, CUT:].sum(axis=1)], axis=1)
    np.testing.assert_array_equal(cut.integral(value), expected)
    expected = np.stack([held[:, :CUT].max(axis=1), held[:, CUT:].max(axis=1)], axis=1)
    np.testing.assert_array_equal(cut.maximum(value), expected)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(steps, st.integers(1, END - 1))
def test_the_step_in_force_before_and_at_a_minute_is_the_loop_s(later, minute):
    series, time, value = trace(later)
    cut = cut_by_month(series, time, ("a", "b", "c"), TINY, ["here"])
    held = minute_by_minute(series, time, value)
    before = value[cut.rows_before(ints([minute]))][:, 0]
    np.testing.assert_array_equal(before, held[:, minute - 1])
    np.testing.assert_array_equal(value[cut.rows_at(ints([minute]))][:, 0], held[:, minute])


def test_a_small_series_keeps_its_digits_beside_a_huge_one():
    series, time = ints([0, 1]), ints([0, 0])
    value = floats([5.5e13, 3.0])
    integral = cut_by_month(series, time, ("cents", "teams"), TINY, ["here"]).integral(value)
    assert integral[1].tolist() == [3.0 * CUT, 3.0 * (END - CUT)]


def test_a_series_may_be_traced_before_another_begins():
    series, time = ints([0, 0, 1, 1]), ints([0, 100, 0, 50])
    integral = cut_by_month(series, time, ("a", "b"), TINY, ["here"]).integral(floats([1, 2, 3, 4]))
    assert integral[:, 0].tolist() == [100 + 2 * (CUT - 100), 150 + 4 * (CUT - 50)]


@pytest.mark.parametrize("series", [[0, 0], [1, 1], []])
def test_a_series_without_a_step_at_minute_zero_is_refused(series):
    time = list(range(len(series)))
    missing = "b" if series == [0, 0] else "a"
    with pytest.raises(ModelError, match=f"here: '{missing}' has no step at minute 0"):
        cut_by_month(ints(series), ints(time), ("a", "b"), TINY, ["here"])


def test_a_first_step_after_minute_zero_is_refused():
    with pytest.raises(ModelError, match="here: 'b' has no step at minute 0"):
        cut_by_month(ints([0, 1]), ints([0, 1]), ("a", "b"), TINY, ["here"])


def test_a_series_that_goes_back_in_time_is_refused():
    with pytest.raises(ModelError, match="here: the steps of 'b' go back in time"):
        cut_by_month(ints([0, 1, 1, 1]), ints([0, 0, 9, 8]), ("a", "b"), TINY, ["here"])


# --- progress of sites ------------------------------------------------------------------------

rates = st.lists(st.integers(0, 4), min_size=1, max_size=6)
stretch = st.tuples(st.integers(0, 1), st.integers(0, END - 1), st.integers(0, END))


@settings(derandomize=True, deadline=None, max_examples=150)
@given(rates, rates, st.lists(stretch, max_size=5), st.lists(st.integers(0, END + 9), min_size=1))
def test_progress_inside_a_stretch_equals_a_loop_over_minutes(first, second, stretches, instants):
    """Each group's rate (quarters) changes at equal steps; its clock adds it up by the minute."""
    per_minute, group, time, work = [], [], [], []
    for number, quarters in enumerate((first, second)):
        width = -(-END // len(quarters))
        rate = np.repeat(quarters, width)[:END] / 4
        done = np.append(0, np.cumsum(rate))
        per_minute.append(done)
        for at in [0, 0, *range(width, END, width), END]:  # a clock row may be written twice
            group.append(number)
            time.append(at)
            work.append(float(done[at]))
    begin = [start for _, start, _ in stretches]
    end = [min(start + length, END) for _, start, length in stretches]
    sites = SiteTrace(
        project=ints([0] * len(stretches)),
        group=ints([number for number, _, _ in stretches]),
        start=ints(begin),
        end=ints(end),
        start_progress=floats([0] * len(stretches)),
        end_progress=floats([1] * len(stretches)),
        clock_group=ints(group),
        clock_time=ints(time),
        clock_work=floats(work),
        clock_limit=ints([-1] * len(work)),
        unit=ints([0] * len(stretches)),
        start_work=floats([0] * len(stretches)),
        end_work=floats([1] * len(stretches)),
    )
    found = done_share(sites, ints(instants))
    assert found.shape == (len(stretches), len(instants))
    for row, (number, start, _) in enumerate(stretches):
        done = per_minute[number]
        total = done[end[row]] - done[start]
        for column, instant in enumerate(instants):
            now = min(max(instant, start), end[row])
            # Where the clock stood still, all of it comes at the end.
            still = float(instant >= end[row])
            expected = (done[now] - done[start]) / total if total else still
            assert found[row, column] == pytest.approx(expected, abs=1e-12)
