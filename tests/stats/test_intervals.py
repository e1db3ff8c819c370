"""Intervals against published answers, by exact counting, and at the edges of what n supports."""

from math import comb, isnan, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import DesignError
from sim.stats.intervals import (
    kaplan_meier,
    mean_interval,
    percentile,
    percentile_needs,
    quantile_interval,
    quantile_needs,
    quantile_ranks,
    wilson,
)

LAW = settings(derandomize=True, max_examples=100, deadline=None)
LEVELS = (0.8, 0.9, 0.95, 0.99)
SHARES = (0.05, 0.1, 0.2, 0.5, 0.8, 0.9, 0.95)
# Paired differences in hours of sleep, Student (1908), Biometrika 6:1-25.
SLEEP_HOURS = (1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4)
# Weeks in remission, Freireich et al. (1963), Blood 21:699-716; negative: censored.
SIX_MP = "6 6 6 -6 7 -9 10 -10 -11 13 16 -17 -19 -20 22 23 -25 -32 -32 -34 -35"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"

numbers = st.floats(-1e6, 1e6)
samples = st.lists(numbers, min_size=2, max_size=80)
subjects = st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=60)


def same(left, right):
    return all(a == b or (isnan(a) and isnan(b)) for a, b in zip(left, right, strict=True))


def remission(text):
    weeks = np.array(text.split(), dtype=float)
    return kaplan_meier(np.abs(weeks), weeks > 0)


def curve_of(pairs):
    return kaplan_meier([day for day, _ in pairs], [done for _, done in pairs])


# Means


def test_students_sleep_data_give_the_interval_r_prints():
    """R, help page of ``sleep``, paired t.test: 95 percent interval 0.7001142 to 2.4598858."""
    interval = mean_interval(SLEEP_HOURS)
    assert interval == pytest.approx((1.58, 0.7001142, 2.4598858), abs=5e-8)


def test_a_mean_of_nothing_is_empty_and_of_one_value_has_no_limits():
    assert same(mean_interval([]), (nan, nan, nan))
    assert same(mean_interval([7.0]), (7.0, nan, nan))


@LAW
@given(value=numbers, n=st.integers(2, 40))
def test_a_constant_sample_has_an_interval_of_zero_width(value, n):
    assert mean_interval([value] * n) == (value, value, value)


@LAW
@given(x=samples)
def test_a_mean_lies_in_its_interval_and_more_confidence_is_wider(x):
    inner, outer = mean_interval(x, 0.8), mean_interval(x, 0.99)
    assert outer.low <= inner.low <= inner.estimate <= inner.high <= outer.high


def test_arguments_that_make_no_sense_are_refused_with_what_was_given():
    with pytest.raises(DesignError, match="mean_interval: nan at index 1, 1 of 3 values not"):
        mean_interval([1.0, nan, 2.0])
    with pytest.raises(DesignError, match=r"percentile: an array of shape \(1, 2\)"):
        percentile([[1.0, 2.0]], 0.5)
    with pytest.raises(DesignError, match="confidence is 95; accepted: above 0 and below 1"):
        mean_interval([1.0, 2.0], confidence=95)
    with pytest.raises(DesignError, match="q is 1; accepted: above 0 and below 1"):
        percentile([1.0, 2.0], 1)
    with pytest.raises(DesignError, match=r"cluster has shape \(1,\); accepted: \(2,\)"):
        mean_interval([1.0, 2.0], cluster=[0])
    with pytest.raises(DesignError, match="wilson: 5 successes of 4"):
        wilson(5, 4)


# Probabilities


@pytest.mark.parametrize(
    ("successes", "n", "limits"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_the_four_examples_of_newcombe_are_met(successes, n, limits):
    """Newcombe (1998), Statist. Med. 17:857-872, table I, method 3, to its four decimals."""
    assert wilson(successes, n)[1:] == pytest.approx(limits, abs=5.1e-5)


def test_a_share_of_nothing_is_empty_and_extreme_shares_keep_one_exact_limit():
    assert same(wilson(0, 0), (nan, nan, nan))
    assert wilson(0, 7)[:2] == (0.0, 0.0)
    assert wilson(7, 7)[0::2] == (1.0, 1.0)


@LAW
@given(n=st.integers(1, 500), data=st.data())
def test_a_share_lies_in_its_interval_which_rises_with_the_successes(n, data):
    successes = data.draw(st.integers(0, n - 1))
    fewer, more = wilson(successes, n), wilson(successes + 1, n)
    assert 0 <= fewer.low <= fewer.estimate <= fewer.high <= 1
    assert fewer.low < more.low
    assert fewer.high < more.high


def test_wilson_covers_the_truth_as_often_as_newcombe_found():
    """Newcombe (1998), table II: method 3 covers 0.952 on average; counted here, not simulated."""
    truths = np.linspace(0.001, 0.999, 999)
    for n in (20, 50, 100):
        limits = [wilson(successes, n) for successes in range(n + 1)]
        covered = sum(
            comb(n, k) * truths**k * (1 - truths) ** (n - k) * ((low <= truths) & (truths <= high))
            for k, (_, low, high) in enumerate(limits)
        )
        assert np.mean(covered) == pytest.approx(0.952, abs=0.005)


# Percentiles


@pytest.mark.parametrize(
    ("n", "ranks"),
    [(6, (1, 6)), (9, (2, 8)), (12, (3, 10)), (15, (4, 12)), (17, (5, 13)), (20, (6, 15))],
)
def test_the_ranks_around_a_median_are_those_of_the_printed_table(n, ranks):
    """Table A.7, "Confidence Intervals for the Population Median" (coursehero.com/file/5646626):
    the shortest printed interval of at least 95 %; at n = 20 the 6th to the 15th value, 95.9 %.
    """
    assert quantile_ranks(n, 0.5) == ranks


@pytest.mark.parametrize("confidence", LEVELS)
@pytest.mark.parametrize("q", SHARES)
def test_the_ranks_cover_with_at_least_the_confidence_asked_for(q, confidence):
    """Counted from the binomial terms themselves; 1e-9 is for their rounding."""
    for n in range(1, 130):
        ranks = quantile_ranks(n, q, confidence)
        assert (ranks is None) == (n < quantile_needs(q, confidence))
        if ranks:
            low, high = ranks
            terms = [comb(n, k) * q**k * (1 - q) ** (n - k) for k in range(n + 1)]
            assert 1 <= low < high <= n
            assert sum(terms[low:high]) >= confidence - 1e-9
            # Symmetric: neither tail misses more than its half, unless the sample ends there.
            half = (1 - confidence) / 2 + 1e-9
            assert sum(terms[:low]) <= half or low == 1
            assert sum(terms[high:]) <= half or high == n


def test_the_ranks_of_a_low_share_mirror_those_of_the_high_one():
    for n in range(59, 130):
        low, high = quantile_ranks(n, 0.05)
        assert quantile_ranks(n, 0.95) == (n + 1 - high, n + 1 - low)


@pytest.mark.parametrize("confidence", LEVELS)
@pytest.mark.parametrize("q", SHARES)
def test_the_smallest_n_for_an_interval_is_the_smallest(q, confidence):
    n = quantile_needs(q, confidence)
    covers = [1 - q**m - (1 - q) ** m >= confidence - 1e-9 for m in (n - 1, n)]
    assert covers == [False, True]


def test_the_known_smallest_samples():
    """59 for p95 is Wilks's number; 6 for the median is the first n of table A.7 above 95 %."""
    assert [quantile_needs(q) for q in (0.05, 0.5, 0.8, 0.95)] == [59, 6, 14, 59]
    assert [percentile_needs(q) for q in (0.05, 0.2, 0.5, 0.8, 0.9, 0.95)] == [20, 5, 2, 5, 10, 20]


def test_a_percentile_is_the_type_7_of_hyndman_and_fan():
    """Hyndman and Fan (1996), definition 7: position (n - 1) q; of 1..10 at 0.8 that is 8.2."""
    assert percentile(range(1, 11), 0.8) == pytest.approx(8.2)
    assert percentile([3.0, 1.0], 0.5) == 2.0


@pytest.mark.parametrize("q", SHARES)
def test_a_percentile_is_empty_below_the_n_that_supports_it(q):
    n = percentile_needs(q)
    assert isnan(percentile(range(n - 1), q))
    assert not isnan(percentile(range(n), q))


def test_p95_of_twenty_values_has_an_estimate_and_no_limits():
    assert same(quantile_interval(range(0, 2000, 100), 0.95), (1805.0, nan, nan))
    assert same(quantile_interval([], 0.5), (nan, nan, nan))
    assert same(quantile_interval([3.0], 0.5), (nan, nan, nan))
    assert quantile_interval([0.1] * 20, 0.8) == (0.1, 0.1, 0.1)


@LAW
@given(
    x=st.lists(numbers, min_size=90, max_size=140),
    q=st.sampled_from(SHARES),
    confidence=st.sampled_from(LEVELS),
)
def test_a_quantile_lies_in_its_interval_and_more_confidence_is_wider(x, q, confidence):
    inner, outer = quantile_interval(x, q, confidence), quantile_interval(x, q, 0.99)
    assert outer.low <= inner.low <= inner.estimate <= inner.high <= outer.high


# Durations


def test_the_6_mp_remissions_give_the_published_curve():
    """Klein and Moeschberger (2003), Survival Analysis, tables 4.1A and 4.1B: the product-limit
    estimate to 3 decimals and its Greenwood standard error to 4.
    """
    curve = remission(SIX_MP)
    assert (curve.n, curve.n_censored) == (21, 12)
    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    published = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert curve.survival == pytest.approx(published, abs=6e-4)
    errors = [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    assert np.sqrt(curve.variance) == pytest.approx(errors, abs=6e-5)


def test_the_6_mp_limits_are_those_stata_lists():
    """Rodriguez, Princeton POP 509, "The Gehan Survival Data": Stata ``sts list``, log-log."""
    low, high = remission(SIX_MP).limits()
    listed_low = [0.6197, 0.5631, 0.5032, 0.4316, 0.3675, 0.2678, 0.1881]
    listed_high = [0.9516, 0.9228, 0.8894, 0.8491, 0.8049, 0.7468, 0.6801]
    assert low == pytest.approx(listed_low, abs=6e-5)
    assert high == pytest.approx(listed_high, abs=6e-5)


def test_the_median_remissions_are_those_of_r():
    """R, help page of ``MASS::gehan``, survfit with conf.type = "log-log": median weeks (95 %)
    23 (13, NA) under 6-MP and 8 (4, 11) under placebo.
    """
    assert same(remission(SIX_MP).quantile(0.5), (23, 13, nan))
    assert remission(PLACEBO).quantile(0.5) == (8, 4, 11)
    assert isnan(remission(SIX_MP).quantile(0.8).estimate)


@LAW
@given(days=st.lists(st.integers(0, 30), min_size=1, max_size=60))
def test_without_censoring_the_curve_is_the_empirical_distribution(days):
    curve = kaplan_meier(days, [True] * len(days))
    left = np.array([np.mean(np.array(days) > time) for time in curve.times])
    assert curve.survival == pytest.approx(left, abs=1e-12)
    assert curve.variance == pytest.approx(left * (1 - left) / len(days), abs=1e-12)
    for q in SHARES:
        assert curve.quantile(q).estimate == np.quantile(days, q, method="inverted_cdf")


@LAW
@given(pairs=subjects, confidence=st.sampled_from(LEVELS))
def test_a_curve_falls_between_its_limits_and_its_quantiles_rise(pairs, confidence):
    curve = curve_of(pairs)
    low, high = curve.limits(confidence)
    assert np.all(np.diff(curve.survival) < 0)
    assert np.all(low <= curve.survival)
    assert np.all((high >= curve.survival) | np.isnan(high))
    found = [curve.quantile(q, confidence) for q in SHARES]
    for estimate, earliest, latest in found:
        assert not estimate < earliest
        assert not latest < estimate
    for column in zip(*found, strict=True):
        reached = [value for value in column if not isnan(value)]
        assert same(column, sorted(reached) + [nan] * (len(column) - len(reached)))


@LAW
@given(pairs=subjects)
def test_the_order_of_the_subjects_does_not_matter(pairs):
    there, back = curve_of(pairs), curve_of(pairs[::-1])
    assert np.array_equal(there.survival, back.survival)
    assert np.array_equal(there.variance, back.variance)


def test_an_event_comes_before_a_censoring_at_the_same_time():
    assert kaplan_meier([5.0, 5.0], [True, False]).survival.tolist() == [0.5]
