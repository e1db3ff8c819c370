"""When to stop: the rule by hand, its laws under any chunking, and what it promises."""

from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import DesignError
from sim.stats.intervals import mean_interval, wilson
from sim.stats.precision import Target, least_enough, look_ahead, precision, stop_at
from sim.world.uniforms import entity_key, stream_key, uniforms

LAW = settings(derandomize=True, max_examples=100, deadline=None)
TWO_PER_CENT = Target(relative=0.02)
KEYS = np.array([entity_key("a response")], np.uint64)
DRAWS = uniforms(stream_key(20250904, 0), KEYS, "precision", 4000)[0]

samples = st.lists(st.floats(-50, 150), min_size=1, max_size=120)
targets = st.builds(Target, st.floats(0.01, 1.0), st.none() | st.floats(0.1, 20.0))


def half_width(x, confidence=0.95):
    _, low, high = mean_interval(x, confidence)
    return (high - low) / 2


# The rule


def test_the_look_ahead_is_that_of_hoad_robinson_and_davies():
    """J. Oper. Res. Soc. 61:1632-1644: kLimit up to n = 100, beyond it floor(kLimit n / 100)."""
    assert look_ahead(np.array([3, 100, 101, 139, 140, 1000])).tolist() == [5, 5, 5, 6, 7, 50]


def test_a_target_met_by_luck_for_four_replications_is_not_reached():
    """By hand: 1 and 3 in turn, then equal values. Half-width t_(n-1) s / sqrt(n) against 0.9.

    n = 6: 2.5706 x 1.0954 / 2.4495 = 1.1496; n = 8: 2.3646 x 1.0690 / 2.8284 = 0.8937, met. A value
    of 9 at n = 12 lifts it to 1.3 again, which the look-ahead of 5 sees.
    """
    quiet = [1.0, 3.0] * 20
    found = precision("late_calls", quiet, Target(absolute=0.9), least=2)
    assert half_width(quiet[:8]) == pytest.approx(0.8937, abs=1e-4)
    assert (found.reached_at, found.confirmed_at) == (8, 13)
    loud = [*quiet[:11], 9.0, *quiet[:60]]
    found = precision("late_calls", loud, Target(absolute=0.9), least=2)
    assert half_width(loud[:12]) > 0.9
    assert found.reached_at > 12
    for n in range(found.reached_at, found.confirmed_at + 1):
        assert half_width(loud[:n]) <= 0.9
    assert half_width(loud[: found.reached_at - 1]) > 0.9


def test_a_target_met_at_the_end_of_the_sample_waits_for_its_confirmation():
    sample = [1.0, 3.0] * 6  # met from n = 8 on, known at 13
    found = precision("late_calls", sample, Target(absolute=0.9), least=2)
    assert found.half_width <= found.wanted
    assert (found.outcome, found.confirmed_at) == ("not reached", None)
    assert precision("late_calls", [*sample, 1.0], Target(absolute=0.9), least=2).reached_at == 8


def test_a_response_that_never_varied_is_not_settled_by_a_few_replications():
    for n, reached in ((34, None), (35, 30), (500, 30)):
        assert precision("missed_calls", [0.0] * n, TWO_PER_CENT).reached_at == reached


def test_a_probability_has_a_width_before_its_first_event():
    """Rule of three: after n replications without an event Wilson's limit is near 3.84 / n."""
    never = precision("late", [False] * 100, Target(absolute=0.01))
    assert never.half_width == pytest.approx(wilson(0, 100).high / 2, rel=1e-12)
    assert never.outcome == "not reached"
    assert never.half_width > 0.01
    assert precision("late", [False] * 300, Target(absolute=0.01)).reached_at == 189
    assert wilson(0, 189).high / 2 <= 0.01 < wilson(0, 188).high / 2


# What is near zero or not defined


def test_a_mean_near_zero_never_meets_a_share_of_itself_and_says_what_to_do():
    sample = 10 * (DRAWS[:400] - 0.5)
    found = precision("net_change", sample, TWO_PER_CENT)
    assert found.outcome == "not reached"
    assert found.note == "the mean cannot be told from 0: give an absolute half-width in its unit"
    guarded = precision("net_change", sample, Target(relative=0.02, absolute=0.5))
    assert guarded.wanted == 0.5
    assert guarded.reached_at is not None
    assert guarded.note == ""


def test_replications_without_a_value_count_as_replications_and_not_as_values():
    found = precision("irr", [nan, 5.0] * 60, TWO_PER_CENT)
    assert (found.n, found.n_defined) == (120, 60)
    assert (found.reached_at, found.confirmed_at) == (60, 65)  # thirty values


def test_a_response_defined_nowhere_is_not_reached_and_says_why():
    found = precision("irr", [nan] * 50, TWO_PER_CENT)
    assert (found.reached_at, found.predicted, found.note) == (
        None, None, "not defined in any replication",
    )  # fmt: skip
    assert isnan(found.mean)
    assert precision("irr", [], TWO_PER_CENT).note == "no replications"


def test_impossible_settings_are_refused():
    with pytest.raises(DesignError, match="relative None, absolute None; accepted: one or both"):
        Target()
    with pytest.raises(DesignError, match="relative 0, absolute None; accepted: one or both, abov"):
        Target(relative=0)
    with pytest.raises(DesignError, match="confidence 95, look-ahead 5, least 30; accepted"):
        precision("paid", [1.0], TWO_PER_CENT, confidence=95)
    with pytest.raises(DesignError, match=r"paid: inf at index 1, 1 of 2 .*or nan"):
        precision("paid", [1.0, np.inf], TWO_PER_CENT)


# Laws


@LAW
@given(x=samples, target=targets, chunk=st.integers(1, 25))
def test_the_stopping_point_is_the_same_however_replications_arrive(x, target, chunk):
    whole = precision("paid", x, target, least=3)
    for n in range(1, len(x) + chunk, chunk):
        found = precision("paid", x[:n], target, least=3)
        if found.confirmed_at is not None:  # a run in such chunks stops here
            assert (found.reached_at, found.confirmed_at) == (whole.reached_at, whole.confirmed_at)
            assert stop_at([found]) == whole.confirmed_at <= n
            break
    else:
        assert whole.confirmed_at is None


@LAW
@given(x=samples, target=targets)
def test_what_is_reached_holds_throughout_the_look_ahead_and_not_from_one_earlier(x, target):
    def met(n):
        return n >= 3 and half_width(x[:n]) <= target.wanted(float(np.mean(x[:n]))) + 1e-9

    found = precision("paid", x, target, least=3)
    assert found.half_width == pytest.approx(half_width(x), abs=1e-6, nan_ok=True)
    if found.reached_at is not None:
        assert all(met(n) for n in range(found.reached_at, found.confirmed_at + 1))


@LAW
@given(x=st.lists(st.floats(-50, 150), min_size=10, max_size=60), shift=st.floats(1e6, 1e9))
def test_far_from_zero_nothing_cancels(x, shift):
    near, far = (
        precision("paid", np.array(x) + s, Target(absolute=5.0), least=3) for s in (0, shift)
    )
    assert far.half_width == pytest.approx(near.half_width, abs=1e-4)


def test_a_run_stops_when_its_last_response_is_confirmed():
    found = [precision("paid", np.full(60, 5.0), TWO_PER_CENT, least=n) for n in (10, 40)]
    assert [one.confirmed_at for one in found] == [15, 45]
    assert stop_at(found) == 45
    assert stop_at([*found, precision("paid", [1.0, 9.0], TWO_PER_CENT)]) is None
    assert stop_at([]) is None


# The prediction


def test_the_predicted_number_is_the_first_whose_half_width_would_do():
    """s = 1.0050, mean 2: t s / sqrt(n) <= 0.04 first at n = 2428, and 121 to look ahead."""
    found = precision("paid", [1.0, 3.0] * 50, TWO_PER_CENT)
    spread = np.std([1.0, 3.0] * 50, ddof=1)
    t = 1.9609  # 97.5 % point of Student's t with 2427 degrees of freedom
    assert (t * spread / 0.04) ** 2 == pytest.approx(2427.5, abs=1.0)
    assert found.predicted == 2428 + 2428 * 5 // 100


def test_half_as_many_values_need_twice_the_replications():
    sparse = precision("irr", [nan, 1.0, nan, 3.0] * 50, TWO_PER_CENT)
    assert sparse.predicted == 2 * 2428 + 2 * 2428 * 5 // 100


def test_the_prediction_comes_true_within_sampling_error():
    """Uniform on 0 to 10: mean 5, sd 2.887, 2 % half-width 0.1, so n = (1.96 x 28.87)^2 = 3201."""
    for n in (100, 400, 1600):
        predicted = precision("paid", 10 * DRAWS[:n], TWO_PER_CENT).predicted
        assert predicted / 1.05 == pytest.approx(3201, rel=0.3)


def test_no_number_of_replications_is_promised_where_none_would_do():
    assert precision("change", [1.0, -1.0] * 50, TWO_PER_CENT).predicted is None


@LAW
@given(first=st.integers(2, 10**6), least=st.integers(2, 10**6))
def test_the_search_finds_the_first_that_is_enough(first, least):
    assert least_enough(lambda n: n >= first, least) == max(first, least)
    assert least_enough(lambda n: False, least) is None


def test_stopping_by_the_rule_keeps_most_of_the_confidence():
    """400 runs of uniform responses on 0 to 10 to 8 %: the interval at the stopping point holds
    the mean in 95 % of them, less what stopping on a lucky small variance costs. 90.6 % is four
    standard errors, sqrt(0.95 x 0.05 / 400) each, below 95 %.
    """
    keys = np.array([entity_key(f"run {number}") for number in range(400)], np.uint64)
    held = 0
    for sample in 10 * uniforms(stream_key(7, 0), keys, "coverage", 600):
        n = stop_at([precision("paid", sample, Target(relative=0.08))])
        _, low, high = mean_interval(sample[:n])
        held += low <= 5.0 <= high
    assert held / 400 > 0.906
