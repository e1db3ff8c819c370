"""Differences between two scenarios, against published answers and by hand."""

from math import inf, isnan, nan, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import DesignError
from sim.stats.compare import POWER, Sample, adjust, compare
from sim.stats.intervals import mean_interval
from sim.stats.verdicts import holm
from sim.world.uniforms import entity_key, stream_key, uniforms

LAW = settings(derandomize=True, max_examples=100, deadline=None)
# Extra hours of sleep of ten patients under two drugs, Student (1908), Biometrika 6:1-25.
FIRST = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SECOND = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
# Complete response before and after consolidation, Cavo et al. (2012): both, only before, only
# after, neither.
CAVO = (59, 6, 16, 80)

numbers = st.floats(-1e3, 1e3)


def means(x, y, x_worlds=None, y_worlds=None, **settings):
    x_worlds = range(len(x)) if x_worlds is None else x_worlds
    y_worlds = range(len(y)) if y_worlds is None else y_worlds
    pair = Sample("new", list(x_worlds), x), Sample("base", list(y_worlds), y)
    return compare("paid_usd_bn", "USD bn", *pair, **settings)


def apart(x, y, **settings):
    """The same with worlds that nobody shares."""
    return means(x, y, y_worlds=range(10**6, 10**6 + len(y)), **settings)


def table(both, only_x, only_y, neither):
    x = np.repeat([True, True, False, False], [both, only_x, only_y, neither])
    y = np.repeat([True, False, True, False], [both, only_x, only_y, neither])
    return x, y


# Means


def test_students_sleep_data_in_pairs_are_as_r_prints_them():
    """R, help page of ``sleep``: t = -4.0621, df = 9, p-value = 0.002833, 95 percent interval
    -2.4598858 -0.7001142, mean difference -1.58.
    """
    found = means(FIRST, SECOND)
    assert found.difference == pytest.approx((-1.58, -2.4598858, -0.7001142), abs=5e-8)
    assert found.p == pytest.approx(0.002833, abs=5e-7)
    assert (found.paired, found.n, found.decided, found.still_needed) == (True, 10, True, 0)
    assert found.method == "paired on 10 common worlds, Student t"


def test_students_sleep_data_as_independent_samples_are_as_r_prints_them():
    """R, ``t.test(extra ~ group, data = sleep)``: t = -1.8608, df = 17.776, p-value = 0.07939, 95
    percent interval -3.3654832 0.2054832.
    """
    found = apart(FIRST, SECOND)
    assert found.difference == pytest.approx((-1.58, -3.3654832, 0.2054832), abs=5e-8)
    assert found.p == pytest.approx(0.07939, abs=5e-6)
    assert (found.paired, found.decided) == (False, False)
    assert found.method == "independent samples, for no worlds are shared: Welch t"


def test_the_variance_ratio_is_what_independent_worlds_would_have_cost():
    """R, ``var``: 3.200556 and 4.009, and 1.512889 of the differences."""
    ratio = (3.200556 + 4.009) / 1.512889
    assert means(FIRST, SECOND).variance_ratio == pytest.approx(ratio, rel=1e-6)
    assert isnan(apart(FIRST, SECOND).variance_ratio)


def test_pairs_are_found_by_their_worlds_and_not_by_their_places():
    order = [3, 9, 0, 5, 1, 2, 8, 7, 4, 6]
    shuffled = means([FIRST[place] for place in order], SECOND, x_worlds=order)
    assert shuffled.difference == pytest.approx(means(FIRST, SECOND).difference, abs=1e-12)


def test_replications_without_a_partner_or_a_value_are_left_out_and_counted():
    found = means([*FIRST, 99.0, 99.0], [nan, *SECOND[1:]])
    assert found.difference.estimate == pytest.approx(np.mean(np.subtract(FIRST, SECOND)[1:]))
    assert (found.n, found.n_against) == (9, 9)
    assert found.method == (
        "paired on 9 common worlds, Student t; not defined in 0 and 1 replications; "
        "3 replications have no partner"
    )


def test_a_single_common_world_makes_no_pairs():
    assert not means([1.0, 2.0, 4.0], [1.0, 3.0], y_worlds=[2, 3]).paired


def test_differences_that_do_not_vary_are_decided_exactly():
    always = means([2.0, 5.0, 3.0], [1.0, 4.0, 2.0])
    assert always.difference == (1.0, 1.0, 1.0)
    assert (always.p, always.variance_ratio, always.still_needed) == (0.0, inf, 0)
    never = means([2.0, 5.0], [2.0, 5.0])
    assert never.difference == (0.0, 0.0, 0.0)
    assert (never.p, never.decided, never.still_needed) == (1.0, False, None)
    assert isnan(means([2.0, 2.0], [2.0, 2.0]).variance_ratio)


def test_too_few_values_have_no_limits_and_no_values_no_difference():
    one = apart([2.0], [1.0, 4.0])
    assert one.difference.estimate == -0.5
    assert isnan(one.difference.low)
    assert isnan(one.p)
    none = apart([nan], [1.0, 4.0])
    assert none.method.startswith("nothing to compare: a sample has no values")
    assert isnan(none.difference.estimate)


@LAW
@given(pairs=st.lists(st.tuples(numbers, numbers), min_size=2, max_size=40))
def test_turned_round_a_difference_changes_its_sign_only(pairs):
    x, y = (list(column) for column in zip(*pairs, strict=True))
    for rule in (means, apart):
        there, back = rule(x, y), rule(y, x)
        e, low, high = back.difference
        assert there.difference == pytest.approx((-e, -high, -low), rel=1e-9, abs=1e-9)
        assert there.p == pytest.approx(back.p, rel=1e-6, abs=1e-12)


# Replications still needed


def test_the_replications_still_needed_are_those_of_the_textbook():
    """Mean difference 0.5 s: n = ((z_0.975 + z_0.8) / 0.5)^2 = 31.4, and 34 with Student's t in
    place of z (Cohen 1988, *Statistical Power Analysis*, paired, d = 0.5, power 0.80: n = 34).
    """
    d = np.array([-0.5, 1.5] * 2)  # mean 0.5
    d = 0.5 + (d - 0.5) / np.std(d, ddof=1)
    found = means(d, np.zeros(4))
    assert POWER == 0.8
    assert found.difference.estimate == pytest.approx(0.5)
    assert 4 + found.still_needed == 34


def test_so_many_replications_decide_about_as_often_as_promised():
    """400 studies of 34 pairs, the mean half a standard deviation from zero: 80 % decide; 0.06 is
    three standard errors.
    """
    keys = np.array([entity_key(f"study {number}") for number in range(400)], np.uint64)
    shift = 0.5 * sqrt(1 / 12)  # the standard deviation of a uniform is sqrt(1 / 12)
    draws = uniforms(stream_key(1, 0), keys, "power", 34) - 0.5 + shift
    decided = [mean_interval(d).low > 0 for d in draws]
    assert np.mean(decided) == pytest.approx(0.8, abs=0.06)


# Probabilities


def test_paired_probabilities_have_newcombes_interval_and_mcnemars_mid_p():
    """R package contingencytables, ``cavo_2012``: Newcombe square-and-add -0.0621 (-0.1186 to
    -0.0046), McNemar mid-P 0.034690.
    """
    found = means(*table(*CAVO))
    assert found.difference == pytest.approx((-0.0621, -0.1186, -0.0046), abs=5.1e-5)
    assert found.p == pytest.approx(0.034690, abs=5e-7)
    assert found.method == "paired on 161 common worlds, Newcombe interval, McNemar mid-P"


def test_mcnemars_mid_p_counts_half_of_what_was_seen():
    """By hand: 0 of 4 discordant, 2 x 1/16 - 1/16; 2 of 4, 1 - 6/16 / 2; none at all, 1."""
    assert means(*table(3, 0, 4, 2)).p == pytest.approx(1 / 16)
    assert means(*table(3, 2, 2, 2)).p == pytest.approx(1 - 3 / 16)
    assert means(*table(3, 0, 0, 2)).p == 1.0


def test_independent_probabilities_have_newcombes_interval():
    """Newcombe (1998), Statist. Med. 17:873-890, table II, example (a), method 10: 56 of 70 and 48
    of 80 give 0.2 (0.0524 to 0.3339).
    """
    found = apart(np.arange(70) < 56, np.arange(80) < 48)
    assert found.difference == pytest.approx((0.2, 0.0524, 0.3339), abs=5.1e-5)
    # Score test by hand: z = 0.2 / sqrt(p (1 - p) (1/70 + 1/80)) = 2.65017 with p = 104 / 150.
    assert found.p == pytest.approx(0.008045, abs=5e-6)


def test_an_event_that_never_happened_has_a_difference_of_some_width():
    found = means(*table(0, 0, 0, 50))
    assert found.difference.low < 0.0 == found.difference.estimate < found.difference.high
    assert (found.decided, found.still_needed, found.p) == (False, None, 1.0)


@LAW
@given(cells=st.tuples(*[st.integers(0, 30)] * 4).filter(sum))
def test_a_difference_of_probabilities_stays_between_minus_one_and_one(cells):
    x, y = table(*cells)
    for rule in (means, apart):
        found = rule(x, y)
        e, low, high = found.difference
        assert -1 <= low <= e <= high <= 1
        assert 0 <= found.p <= 1
        back = rule(y, x).difference
        assert (e, low, high) == pytest.approx((-back.estimate, -back.high, -back.low), abs=1e-12)


# Many comparisons


def test_holms_rule_by_hand():
    """Four p values: 4 x 0.005, then 3 x 0.01, then 2 x 0.03, and 0.04 not below 0.06."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == pytest.approx([1.0, 1.0])
    assert holm([]).shape == (0,)


def test_what_could_not_be_compared_does_not_count_among_the_comparisons():
    assert holm([0.02, nan, 0.5]) == pytest.approx([0.04, nan, 0.5], nan_ok=True)


@LAW
@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_values_keep_their_order_and_lie_between_p_and_bonferroni(p):
    p, adjusted = np.array(p), holm(p)
    assert np.all(adjusted >= p)
    assert np.all(adjusted <= np.minimum(p * len(p), 1.0) + 1e-15)
    assert np.all(np.diff(adjusted[np.argsort(p, kind="stable")]) >= 0)


def test_adjusting_keeps_everything_else():
    found = [means(FIRST, SECOND), apart(FIRST, SECOND), apart([nan], [1.0])]
    adjusted = adjust(found)
    assert [one.p_adjusted for one in adjusted] == pytest.approx(
        [2 * found[0].p, found[1].p, nan], nan_ok=True
    )
    assert [one.difference.estimate for one in adjusted[:2]] == [
        one.difference.estimate for one in found[:2]
    ]


# What is refused


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ((Sample("a", [0, 1], [1.0]), Sample("b", [0], [1.0])), "a has values of shape"),
        ((Sample("a", [0, 0], [1.0, 2.0]), Sample("b", [0], [1.0])), "a world comes twice in a"),
        ((Sample("a", [0], [inf]), Sample("b", [0], [1.0])), "a has infinite values"),
        ((Sample("a", [0], [True]), Sample("b", [0], [1.0])), r"one is a probability \(bool\)"),
    ],
)
def test_samples_that_do_not_fit_are_refused_by_name(pair, words):
    with pytest.raises(DesignError, match="compare: paid, a against b: .*" + words):
        compare("paid", "USD bn", *pair)


def test_a_confidence_in_per_cent_is_refused():
    with pytest.raises(DesignError, match="confidence is 95; accepted: above 0 and below 1"):
        means(FIRST, SECOND, confidence=95)


def test_a_sign_is_decided_by_the_adjusted_p_and_so_is_what_is_still_needed():
    """One clear difference, and one whose own interval leaves zero out but not after Holm's."""
    y = np.zeros(12)
    wiggle = noise_of(12)
    clear, close = (means(at + wiggle, y) for at in (5.0, 0.72 * float(np.std(wiggle))))
    assert close.decided
    assert 0.02 < close.p < 0.05
    first, *others = adjust([clear, *[close] * 4])
    assert (first.decided, first.still_needed) == (True, 0)
    for one in others:
        assert one.p_adjusted == pytest.approx(4 * close.p)
        assert not one.decided
        assert one.still_needed > 0
    assert adjust([close])[0].still_needed == 0


def noise_of(n):
    """Values of mean 0, always the same."""
    values = uniforms(stream_key(1, 0), np.array([entity_key("wiggle")], np.uint64), "w", n)[0]
    return values - values.mean()
