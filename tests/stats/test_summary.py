"""Rows of summary.csv: what stands in each cell, what stays empty, and what the row says of it.

And what rows and figures rest on: pooled replications, and bands over time.
"""

from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from sim.errors import DesignError
from sim.stats.bands import bands, can_band
from sim.stats.intervals import kaplan_meier, mean_interval, percentile, quantile_interval, wilson
from sim.stats.summary import (
    SUMMARY_COLUMNS,
    summarise_durations,
    summarise_mean,
    summarise_probability,
)

LAW = settings(derandomize=True, max_examples=100, deadline=None)
# Weeks in remission under 6-MP, Freireich et al. (1963), Blood 21:699-716; negative: censored.
REMISSION = np.array(
    [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35]
)
NUMBERS = list(SUMMARY_COLUMNS[5:16])
QUANTILE_CELLS = SUMMARY_COLUMNS[8:16]


def empty(row):
    return [column for column, cell in row.items() if isinstance(cell, float) and isnan(cell)]


def cells(row, *columns):
    return tuple(row[column] for column in columns)


def test_every_row_has_the_columns_of_the_file_in_order():
    rows = [
        summarise_mean("paid", "USD bn", "overall", [1.0, 2.0]),
        summarise_probability("committed_all", "probability", "overall", [True]),
        summarise_durations("selection_to_cod", "days", "gas", [90.0], [True]),
    ]
    file_header = (
        "response unit scope n n_censored mean mean_low mean_high p05 p50 p50_low p50_high "
        "p80 p80_low p80_high p95 method"
    )
    assert file_header.split() == list(SUMMARY_COLUMNS)
    for row in rows:
        assert tuple(row) == SUMMARY_COLUMNS
    assert [cells(row, "response", "unit", "scope") for row in rows] == [
        ("paid", "USD bn", "overall"),
        ("committed_all", "probability", "overall"),
        ("selection_to_cod", "days", "gas"),
    ]


# Means


def test_a_mean_row_of_59_values_is_full_and_agrees_with_the_intervals():
    x = np.arange(59.0) ** 2
    row = summarise_mean("paid", "USD bn", "overall", x)
    assert empty(row) == []
    assert cells(row, "n", "n_censored") == (59, 0)
    assert cells(row, "mean", "mean_low", "mean_high") == mean_interval(x)
    assert cells(row, "p50", "p50_low", "p50_high") == quantile_interval(x, 0.5)
    assert cells(row, "p80", "p80_low", "p80_high") == quantile_interval(x, 0.8)
    assert cells(row, "p05", "p95") == tuple(np.quantile(x, [0.05, 0.95]))
    assert row["method"] == "Student t mean, order-statistic quantiles (type 7)"


def test_what_the_replications_cannot_support_stays_empty_and_the_row_says_so():
    row = summarise_mean("paid", "USD bn", "overall", range(13))
    assert empty(row) == ["p05", "p80_low", "p80_high", "p95"]
    assert row["method"].endswith("; n too small for: p05 p80_low p80_high p95")


def test_replications_where_a_response_is_not_defined_are_dropped_and_counted():
    row = summarise_mean("irr", "share per year", "japan", [0.04, nan, 0.06, nan, nan])
    assert row["n"] == 2
    assert row["mean"] == pytest.approx(0.05)
    assert "; not defined in 3 of 5 replications" in row["method"]


def test_a_response_defined_nowhere_is_an_empty_row_of_no_values():
    for x in ([], [nan, nan]):
        row = summarise_mean("irr", "share per year", "japan", x)
        assert row["n"] == 0
        assert empty(row) == NUMBERS


def test_one_replication_has_a_mean_without_limits_and_no_percentiles():
    row = summarise_mean("paid", "USD bn", "overall", [3.0])
    assert row["mean"] == 3.0
    assert empty(row) == list(SUMMARY_COLUMNS[6:16])


def test_a_constant_response_has_limits_of_zero_width():
    row = summarise_mean("paid", "USD bn", "overall", [550.1] * 20)
    assert {row[column] for column in SUMMARY_COLUMNS[5:16]} == {550.1}


def test_an_infinite_response_is_refused_by_name():
    with pytest.raises(DesignError, match=r"irr, japan: shape \(2,\) with 1 infinite"):
        summarise_mean("irr", "share per year", "japan", [0.1, np.inf])


# Probabilities


def test_a_probability_row_holds_the_wilson_interval_and_no_quantiles():
    """Newcombe (1998), Statist. Med. 17:857-872, table I, method 3: 81 of 263."""
    hits = np.arange(263) < 81
    row = summarise_probability("committed_all", "probability", "overall", hits)
    assert cells(row, "n", "n_censored", "method") == (263, 0, "Wilson")
    assert cells(row, "mean", "mean_low", "mean_high") == wilson(81, 263)
    assert cells(row, "mean_low", "mean_high") == pytest.approx((0.2553, 0.3662), abs=5.1e-5)
    assert empty(row) == list(QUANTILE_CELLS)


def test_a_probability_without_replications_is_empty_and_says_so():
    row = summarise_probability("committed_all", "probability", "overall", [])
    assert row["n"] == 0
    assert row["method"] == "Wilson; n too small for: mean mean_low mean_high"


def test_hits_that_are_not_bool_and_other_units_are_refused():
    with pytest.raises(DesignError, match="type float64; accepted: one bool per replication"):
        summarise_probability("late", "probability", "gas", [0.0, 1.0])
    with pytest.raises(DesignError, match="unit is 'share'; accepted: 'probability'"):
        summarise_probability("late", "share", "gas", [True])


# Durations


def test_a_censored_duration_row_has_quantiles_but_no_mean():
    """R, survfit on ``MASS::gehan`` with conf.type = "log-log": median 23 weeks (13, NA)."""
    row = summarise_durations("remission", "weeks", "6-MP", np.abs(REMISSION), REMISSION > 0)
    assert cells(row, "n", "n_censored") == (21, 12)
    assert cells(row, "p05", "p50", "p50_low") == (6.0, 23.0, 13.0)
    assert empty(row) == ["mean", "mean_low", "mean_high", "p50_high", "p80", "p80_high", "p95"]
    assert row["method"] == (
        "Kaplan-Meier, log-log limits; n too small, or cut off, for: "
        "mean mean_low mean_high p50_high p80 p80_high p95"
    )


def test_durations_all_observed_have_a_mean_too():
    days = np.arange(1.0, 101.0)
    row = summarise_durations("selection_to_cod", "days", "gas", days, days > 0)
    assert empty(row) == []
    assert cells(row, "mean", "mean_low", "mean_high") == mean_interval(days)
    assert cells(row, "p05", "p50", "p80", "p95") == (5.0, 50.0, 80.0, 95.0)
    assert row["method"] == "Kaplan-Meier, log-log limits; Student t mean"


def test_pooled_replications_move_the_limits_and_not_the_estimates():
    """Twelve replications of thirty projects, each replication with its own delay."""
    replication = np.repeat(np.arange(12), 30)
    days = 100.0 + 20.0 * replication + np.tile(np.arange(30.0), 12)
    done = days < 310.0
    days = np.minimum(days, 310.0)
    pooled = summarise_durations("to_cod", "days", "gas", days, done)
    honest = summarise_durations("to_cod", "days", "gas", days, done, cluster=replication)
    estimates = ("n", "n_censored", "p05", "p50", "p80")
    assert cells(pooled, *estimates) == cells(honest, *estimates)
    assert honest["p50_low"] < pooled["p50_low"]
    assert pooled["p50_high"] < honest["p50_high"]
    assert cells(honest, "p50", "p50_low", "p50_high") == kaplan_meier(
        days, done, replication
    ).quantile(0.5)
    assert "variance between 12 replications (Williams 1995)" in honest["method"]


def test_the_mean_of_pooled_replications_rests_on_the_replications():
    days, replication = np.repeat([100.0, 200.0, 330.0], 50), np.repeat(np.arange(3), 50)
    row = summarise_durations("to_cod", "days", "gas", days, days > 0, cluster=replication)
    by_replication = mean_interval([100.0, 200.0, 330.0])
    assert cells(row, "mean", "mean_low", "mean_high") == pytest.approx(by_replication, rel=1e-12)


def test_too_few_subjects_have_no_outer_percentiles():
    row = summarise_durations("to_cod", "days", "gas", [5.0, 6.0, 7.0, 8.0], [True] * 4)
    assert cells(row, "p50") == (6.0,)
    for column in ("p05", "p80", "p80_low", "p80_high", "p95"):
        assert isnan(row[column])


def test_no_subjects_give_an_empty_row():
    for cluster in (None, []):
        row = summarise_durations("to_cod", "days", "gas", [], [], cluster=cluster)
        assert row["n"] == 0
        assert empty(row) == NUMBERS


def test_durations_that_make_no_sense_are_refused():
    with pytest.raises(DesignError, match=r"a duration of -3\.0 days; accepted: >= 0"):
        summarise_durations("to_cod", "days", "gas", [-3.0], [True])
    with pytest.raises(DesignError, match="for 2 durations; accepted: one bool per duration"):
        summarise_durations("to_cod", "days", "gas", [3.0, 1.0], [True])
    with pytest.raises(DesignError, match="type int64 for 2 durations"):
        kaplan_meier([3.0, 1.0], np.array([0, 1]))
    with pytest.raises(DesignError, match="kaplan_meier: inf at index 0"):
        kaplan_meier([np.inf], [False])


def test_degenerate_durations_leave_empty_what_they_cannot_tell():
    np.testing.assert_equal(kaplan_meier([4.0], [False]).quantile(0.5), (nan, nan, nan))
    np.testing.assert_equal(kaplan_meier([4.0], [True]).quantile(0.5), (4.0, 4.0, nan))
    np.testing.assert_equal(kaplan_meier([4.0] * 9, [True] * 9).quantile(0.5), (4.0, 4.0, nan))


# Pooled replications


def six_mp(cluster=None, copies=1):
    weeks = np.repeat(REMISSION, copies)
    return kaplan_meier(np.abs(weeks), weeks > 0, cluster)


def test_clusters_of_one_subject_give_greenwoods_variance():
    """The linearised variance is Greenwood's when all subjects are independent, times the
    n / (n - 1) of a variance between clusters (Williams 1995, Lifetime Data Analysis 1:171-186).
    """
    assert six_mp(np.arange(21)).variance == pytest.approx(six_mp().variance * 21 / 20, rel=1e-12)


def test_copies_of_a_subject_inside_its_cluster_add_no_certainty():
    copied = six_mp(np.repeat(np.arange(21), 5), copies=5)
    assert copied.survival == pytest.approx(six_mp().survival, rel=1e-12)
    assert copied.variance == pytest.approx(six_mp(np.arange(21)).variance, rel=1e-12)
    assert copied.variance[-1] > 4 * six_mp(copies=5).variance[-1]


@LAW
@given(pairs=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), min_size=2, max_size=50))
def test_without_censoring_the_curve_has_the_cluster_variance_of_a_mean(pairs):
    """Then S(t) is a mean of indicators, to which `mean_interval` gives a width of its own."""
    days, cluster = (np.array(column) for column in zip(*pairs, strict=True))
    curve = kaplan_meier(days, days >= 0, cluster)
    if curve.n_clusters == 1:
        return
    t = special.stdtrit(curve.n_clusters - 1, 0.975)
    for time, variance in zip(curve.times, curve.variance, strict=True):
        left = mean_interval((days > time).astype(float), cluster=cluster)
        assert t * np.sqrt(variance) == pytest.approx(left.high - left.estimate, abs=1e-9)


def test_one_replication_gives_no_limits_and_equal_replications_no_doubt():
    days = np.arange(1.0, 11.0)
    one = kaplan_meier(days, days > 0, ["only"] * 10)
    np.testing.assert_equal(one.quantile(0.5), (5.0, nan, nan))
    np.testing.assert_equal(mean_interval(days, cluster=[3] * 10), (5.5, nan, nan))
    four = kaplan_meier(np.tile(days, 4), np.tile(days > 0, 4), np.repeat(np.arange(4), 10))
    assert four.quantile(0.5) == (5.0, 5.0, 5.0)


# Bands


def test_a_band_needs_twenty_replications():
    assert [can_band(n) for n in (0, 19, 20, 1000)] == [False, False, True, True]
    lines = bands(np.ones((19, 3)))
    np.testing.assert_equal(lines, {"p05": [nan] * 3, "median": [1.0] * 3, "p95": [nan] * 3})


def test_the_lines_of_a_band_are_the_percentiles_of_each_time():
    paths = np.add.outer(np.arange(25.0) ** 2, np.linspace(0.0, 1.0, 4))
    lines = bands(paths)
    for time in range(4):
        found = [lines[name][time] for name in ("p05", "median", "p95")]
        assert found == [percentile(paths[:, time], q) for q in (0.05, 0.5, 0.95)]


def test_one_replication_is_its_own_median_and_none_has_no_line():
    assert bands([[4.0, 5.0]])["median"].tolist() == [4, 5]
    assert np.isnan(bands(np.empty((0, 2)))["median"]).all()


def test_a_hole_in_a_path_is_refused_with_its_place():
    with pytest.raises(DesignError, match=r"bands: nan at index \(1, 0\), 1 of 4"):
        bands([[1.0, 2.0], [nan, 2.0]])
    with pytest.raises(DesignError, match=r"accepted: shape \(n_replications, n_times\)"):
        bands([1.0, 2.0])
