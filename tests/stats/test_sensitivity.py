"""Sensitivity against functions whose indices are known, through the designs that a sweep uses."""

import sys
from math import atanh, isnan, nan, pi, sqrt, tanh

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from SALib.analyze import morris as salib_morris

from sim.config.distributions import Distribution
from sim.errors import DesignError
from sim.stats.intervals import Interval, mean_interval
from sim.stats.noise import blocks, variance_parts, world_error
from sim.stats.sensitivity import (
    WIDEST,
    largest_correlation,
    morris,
    rank_correlation,
    sobol,
    tornado,
)
from sim.stats.verdicts import DECIDED, sign_of, signed_effect, sized_effect
from sim.study.design import design as designs
from sim.study.design.design import Factor
from sim.world.uniforms import entity_key, stream_key, uniforms

LAW = settings(derandomize=True, max_examples=60, deadline=None)
SEEDS = (1, 2, 3)
read = TypeAdapter(Distribution).validate_python

ANGLES = [
    Factor(name, name, distribution=read({"kind": "uniform", "low": -pi, "high": pi}))
    for name in ("x1", "x2", "x3")
]
LINEAR = [
    Factor("cost", "a", distribution=read({"kind": "uniform", "low": 0, "high": 6})),
    Factor("delay", "b", distribution=read({"kind": "triangular", "low": 0, "mode": 2, "high": 7})),
    Factor("teams", "c", distribution=read({"kind": "gamma", "mean": 3, "sd": 0.5})),
    Factor("nothing", "d", distribution=read({"kind": "uniform", "low": 0, "high": 9})),
]
VARIANCES = np.array([36 / 12, (4 + 25 + 10) / 18, 0.5**2, 81 / 12])  # textbook, kind by kind
SLOPES = np.array([2.0, -1.0, 3.0, 0.0])


def noise(n_points, n_worlds, seed=1):
    """Values of mean 0 and variance 1, unrelated from point to point and world to world."""
    keys = np.array([entity_key(f"point {number}") for number in range(n_points)], np.uint64)
    return (uniforms(stream_key(seed, 0), keys, "noise", n_worlds) - 0.5) * sqrt(12)


def ishigami(design):
    """Ishigami and Homma (1990), a = 7, b = 0.1."""
    x1, x2, x3 = design.columns
    return np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)


def linear(design):
    return np.stack(design.columns, axis=1) @ SLOPES


def ids(factors):
    return [factor.id for factor in factors]


def estimates(effects, measure):
    return [one.interval.estimate for one in effects if one.measure == measure]


def inside(interval, truth):
    return interval.low <= truth <= interval.high


# Sobol' indices


@pytest.mark.parametrize("seed", SEEDS)
def test_the_indices_of_ishigami_are_the_published_ones(seed):
    """Saltelli et al. (2008), *Global Sensitivity Analysis: The Primer*: S1 0.3139, 0.4424, 0;
    ST 0.5576, 0.4424, 0.2437. To 0.02 at 4,096 base points, where the intervals are about 0.03.
    """
    found = sobol(ids(ANGLES), ishigami(designs.saltelli(ANGLES, 4096, seed)))
    assert estimates(found, "S1") == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert estimates(found, "ST") == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)
    assert not any(one.too_imprecise for one in found)
    verdicts = ["matters", "matters", "matters", "matters", "not told from none", "matters"]
    assert [one.verdict for one in found] == verdicts  # x3 acts with x1 only


@pytest.mark.parametrize("second_order", [False, True])
def test_the_indices_of_a_linear_function_are_its_shares_of_variance(second_order):
    """S1 = ST = slope^2 x variance over their sum, from the exact variances."""
    parts = SLOPES**2 * VARIANCES
    design = designs.saltelli(LINEAR, 2048, seed=1, second_order=second_order)
    found = sobol(ids(LINEAR), linear(design), second_order)
    for measure in ("S1", "ST"):
        assert estimates(found, measure) == pytest.approx(parts / parts.sum(), abs=0.02)
        for one, share in zip(found[measure == "ST" :: 2], parts / parts.sum(), strict=True):
            assert one.measure == measure
            assert inside(one.interval, share)


def test_an_interval_that_is_too_wide_is_told_as_imprecise_whatever_its_verdict():
    found = sobol(ids(ANGLES), ishigami(designs.saltelli(ANGLES, 64, seed=1)))
    for one in found:
        wide = one.interval.high - one.interval.low > WIDEST
        assert one.too_imprecise == wide
        assert (one.verdict == "matters") == (one.interval.low > 0)
        assert one.note == ("interval wider than 0.2" if wide else "")
    assert any(one.too_imprecise for one in found if one.decided)


def test_worlds_that_disagree_widen_the_interval():
    """A different slope in each world: the index of the mean over worlds is itself uncertain."""
    design = designs.saltelli(LINEAR, 512, seed=1)
    alike = np.repeat(linear(design)[:, None], 8, axis=1)
    cost = design.columns[0][:, None]
    apart = alike + 4 * cost * noise(1, 8)
    narrow, wide = (sobol(ids(LINEAR), y)[0].interval for y in (alike, apart))
    assert narrow == pytest.approx(sobol(ids(LINEAR), linear(design))[0].interval)
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_a_block_with_a_failed_point_is_left_out_whole():
    design = designs.saltelli(LINEAR, 64, seed=1)
    y = linear(design)
    failed = y.copy()
    failed[6 * 10 + 3] = nan  # a block is 6 points
    kept = np.delete(y.reshape(64, 6), 10, axis=0).ravel()
    assert sobol(ids(LINEAR), failed) == sobol(ids(LINEAR), kept)


def test_a_response_that_never_varies_has_no_indices():
    for one in sobol(["a", "b"], np.full((4 * 8, 3), [0.1, 0.2, 0.7])):
        assert isnan(one.interval.estimate)
        assert (one.verdict, one.note) == ("no effect in any world", "the response does not vary")


def test_a_factor_without_any_effect_has_the_same_verdict_in_every_design():
    """The last factor never changes the response: exactly zero, whatever the measure is."""
    worlds = noise(1, 4)
    none = "no effect in any world"
    design = designs.saltelli(LINEAR, 16, seed=1)
    *_, last = sobol(ids(LINEAR), linear(design)[:, None] + worlds)
    assert last.verdict == none
    design = designs.morris(LINEAR, 6, seed=1)
    *_, mu, mu_star, sigma = morris(ids(LINEAR), design.unit, linear(design)[:, None] + worlds)
    assert [mu.verdict, mu_star.verdict, sigma.verdict] == [none, none, "the same everywhere"]
    design = designs.latin_hypercube(LINEAR, 20, seed=1)
    flat = rank_correlation(ids(LINEAR), design.unit, np.ones((20, 1)) + worlds)
    assert {one.verdict for one in flat} == {none}
    bars = tornado(["a"], [-1, 0], np.ones((2, 1)) + worlds)
    assert [bar.verdict for bar in bars] == [none]


@pytest.mark.parametrize(
    ("interval", "verdict", "imprecise"),
    [
        (Interval(-45.9, -79.4, -12.4), "lowers it", True),
        (Interval(-0.846, -2.57, 0.882), "sign not decided", False),
        (Interval(3.0, 2.0, 4.0), "raises it", False),
        (Interval(0.0, 0.0, 0.0), "no effect in any world", False),
        (Interval(3.0, nan, nan), "unknown", False),
    ],
)
def test_a_verdict_is_about_the_sign_and_imprecision_about_the_width(interval, verdict, imprecise):
    found = signed_effect("desks", "mu", interval, 200.0)
    assert (found.verdict, found.too_imprecise) == (verdict, imprecise)
    assert found.decided == (verdict in DECIDED)
    assert sign_of(interval) == verdict


def test_a_size_within_what_noise_alone_gives_is_not_told_from_none():
    found = sized_effect("desks", "mu_star", Interval(3.0, 2.0, 4.0), 100.0, noise=2.5)
    assert found.verdict == "not told from none"
    assert found.note == "not above 2.5, which replication noise alone can give"
    assert sized_effect("desks", "mu_star", Interval(3.0, 2.6, 4.0), 100.0, 2.5).decided


def test_the_same_data_have_the_same_intervals():
    design = designs.saltelli(ANGLES, 64, seed=0)
    assert sobol(ids(ANGLES), ishigami(design)) == sobol(ids(ANGLES), ishigami(design))


def test_without_salib_the_message_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.analyze.sobol", None)
    with pytest.raises(DesignError, match=r"SALib.*accepted: pip install .*\[sweep\]"):
        sobol(["a"], np.arange(12.0))


# Morris


def test_the_effects_of_a_linear_function_are_its_slopes_exactly():
    """Uniform on 0 to w: the levels go from 0 to w, so an effect is slope x w."""
    factors = [LINEAR[0], LINEAR[3]]
    design = designs.morris(factors, 8, seed=1)
    found = morris(ids(factors), design.unit, 2 * design.columns[0] - 5 * design.columns[1])
    assert estimates(found, "mu") == pytest.approx([2 * 6, -5 * 9])
    assert estimates(found, "mu_star") == pytest.approx([2 * 6, 5 * 9])
    assert estimates(found, "sigma") == [0, 0]
    verdicts = ["raises it", "matters", "the same everywhere", "lowers it", "matters"]
    assert [one.verdict for one in found[:5]] == verdicts


@pytest.mark.parametrize("levels", [4, 6])
def test_the_measures_are_those_of_salib(levels):
    design = designs.morris(ANGLES, 30, seed=2, levels=levels)
    y = ishigami(design)
    found = morris(ids(ANGLES), design.unit, y, levels)
    problem = {"num_vars": 3, "names": ids(ANGLES), "bounds": [[0, 1]] * 3}
    theirs = salib_morris.analyze(problem, design.unit.copy(), y, num_levels=levels, seed=1)
    for measure in ("mu", "mu_star", "sigma"):
        assert estimates(found, measure) == pytest.approx(np.array(theirs[measure]), rel=1e-9)
    halves = [(one.interval.high - one.interval.low) / 2 for one in found[1::3]]
    assert halves == pytest.approx(list(theirs["mu_star_conf"]), rel=0.25)


def test_noise_alone_does_not_matter():
    """Two worlds of pure noise: mu_star is far above 0 for a factor that does nothing."""
    design = designs.morris(LINEAR, 200, seed=1)
    y = 1000 * linear(design)[:, None] + 300 * noise(len(design), 2)
    found = [one for one in morris(ids(LINEAR), design.unit, y) if one.measure == "mu_star"]
    assert found[3].interval.low > 100
    assert found[3].verdict == "not told from none"
    assert "replication noise alone can give" in found[3].note
    assert {one.verdict for one in found[:3]} == {"matters"}


def test_no_interval_of_a_mean_size_or_spread_is_below_zero():
    design = designs.morris(LINEAR, 4, seed=1)
    y = noise(len(design), 5)
    found = morris(ids(LINEAR), design.unit, y)
    assert min(one.interval.low for one in found if one.measure == "mu") < 0
    others = [one.interval for one in found if one.measure != "mu"]
    assert min(one.low for one in others) == 0.0
    assert all(one.low <= one.estimate <= one.high for one in others)


def test_morris_leaves_out_a_trajectory_with_a_failed_point():
    design = designs.morris(LINEAR, 12, seed=1)
    y = linear(design) ** 2
    failed = y.copy()
    failed[5 * 4 + 2] = nan
    rows = np.delete(np.arange(60).reshape(12, 5), 4, axis=0).ravel()
    assert morris(ids(LINEAR), design.unit, failed) == morris(
        ids(LINEAR), design.unit[rows], y[rows]
    )
    alone = morris(ids(LINEAR), design.unit[:5], y[:5])
    assert {one.note for one in alone} == {"1 whole trajectories"}


def test_points_of_another_design_are_refused():
    design = designs.sobol_sequence(LINEAR[:2], 4, seed=1)
    with pytest.raises(DesignError, match="morris: 4 points; accepted: a multiple of 3"):
        morris(["a", "b"], design.unit, np.arange(4.0))
    with pytest.raises(DesignError, match="a step moves no or several factors"):
        morris(["a", "b"], design.unit[:3], np.arange(3.0))
    with pytest.raises(DesignError, match=r"shape \(3, 2\); accepted: shape \(6, 2\)"):
        morris(["a", "b"], design.unit[:3], np.arange(6.0))
    with pytest.raises(DesignError, match="sobol: 6 points; accepted: a multiple of 4"):
        sobol(["a", "b"], np.arange(6.0))


# Rank correlation


def test_the_rank_correlation_of_a_printed_example():
    """IQ and hours of television of ten people (Wikipedia, "Spearman's rank correlation
    coefficient"): -29/165. Interval by hand: z = -0.17760, standard error sqrt((1 + 0.015446) / 7)
    = 0.38087, so -0.92410 to 0.56889 on Fisher's scale.
    """
    iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    (found,) = rank_correlation(["iq"], np.array(iq)[:, None], hours)
    assert found.interval.estimate == pytest.approx(-29 / 165)
    assert atanh(found.interval.estimate) == pytest.approx(-0.17760, abs=5e-6)
    assert found.interval[1:] == pytest.approx((tanh(-0.92410), tanh(0.56889)), abs=5e-5)
    assert (found.verdict, found.note) == ("sign not decided", "interval wider than 0.4")


def test_rank_correlations_of_a_linear_function_have_its_signs():
    design = designs.latin_hypercube(LINEAR, 400, seed=1)
    found = rank_correlation(ids(LINEAR), np.stack(design.columns, axis=1), linear(design))
    verdicts = ["raises it", "lowers it", "raises it", "sign not decided"]
    assert [one.verdict for one in found] == verdicts


def test_the_largest_correlation_of_factors_is_found_with_its_sign():
    size, one, other = largest_correlation([[1, 9, 3], [2, 2, 2], [3, 5, 1], [4, 7, 0]])
    assert (size, one, other) == (-1.0, 0, 2)
    assert largest_correlation([[1.0], [2.0]]) == (0.0, 0, 0)


def test_equal_values_share_their_ranks_and_a_perfect_order_is_one():
    x = np.array([1.0, 2, 2, 3, 4, 5])[:, None]
    (found,) = rank_correlation(["a"], x, np.exp(x[:, 0]))
    assert found.interval.estimate == pytest.approx(1.0)
    (flat,) = rank_correlation(["a"], x, np.ones(6))
    assert isnan(flat.interval.estimate)
    assert flat.note == "the response does not vary"
    (few,) = rank_correlation(["a"], x[:4], [1.0, nan, 2.0, 3.0])
    assert few.note == "3 whole points"


# Tornado


def test_a_tornado_pairs_worlds_and_puts_the_widest_swing_first():
    """By hand, three worlds: desks moves every world by 4, teams by 10, 20 and 30 in all."""
    base = np.array([100.0, 50.0, 75.0])
    y = base + np.array([[0, 0, 0], [-1, -1, -1], [3, 3, 3], [5, 5, 5], [15, 25, 35], [0, 0, 0]])
    found = tornado(["desks", "teams", "nothing"], [-1, 0, 0, 1, 1, 2], y)
    assert [bar.factor for bar in found] == ["teams", "desks", "nothing"]
    assert found[1].swing == (4.0, 4.0, 4.0)
    assert found[1].differences == ((-1.0, -1.0, -1.0), (3.0, 3.0, 3.0))
    assert found[0].points == (3, 4)
    assert found[0].swing == mean_interval([10.0, 20.0, 30.0])
    assert found[0].verdict == "sign not decided"  # 20 +- 24.8
    assert found[1].verdict == "raises it"
    assert found[2].verdict == "no effect in any world"


def test_a_world_without_a_value_is_left_out_of_its_differences_only():
    y = np.array([[1.0, 2.0, 3.0], [2.0, nan, 5.0], [2.0, 3.0, 4.0]])
    found = {bar.factor: bar for bar in tornado(["a", "b"], [-1, 0, 1], y)}
    assert found["a"].swing == mean_interval([1.0, 2.0])
    assert found["b"].swing == (1.0, 1.0, 1.0)


def test_a_tornado_needs_one_base_point():
    with pytest.raises(DesignError, match="no base point, or several; accepted: a one_at_a_time"):
        tornado(["a"], [0, 0], np.ones((2, 3)))


def test_a_one_at_a_time_design_goes_straight_into_a_tornado():
    base = [3.0, 2.0, 3.0, 4.0]
    design = designs.one_at_a_time(LINEAR, base, low=0.25, high=0.75)
    y = linear(design)[:, None] + noise(1, 5)  # the same noise at every point: worlds
    found = {bar.factor: bar.swing.estimate for bar in tornado(ids(LINEAR), design.varied, y)}
    assert found["cost"] == pytest.approx(2 * 6 * 0.5)
    assert found["nothing"] == pytest.approx(0.0, abs=1e-12)


# Noise


def test_the_parts_of_variance_of_two_points_in_two_worlds_by_hand():
    """Columns (1, 5) and (3, 9): variances 8 and 18, covariance 12; noise 13 - 12; column means 3
    and 6 have variance 4.5, less 1 / 2. The means 2 and 7 have variance 12.5 = 12 + 1 / 2.
    """
    found = variance_parts([[1.0, 3.0], [5.0, 9.0]])
    assert found.factors.estimate == pytest.approx(12.0)
    assert found.noise.estimate == pytest.approx(1.0)
    assert found.worlds == pytest.approx(4.0)
    assert found.noise_share == pytest.approx(0.5 / 12.5)
    assert isnan(found.factors.low)


def test_noise_is_told_from_factors_and_worlds():
    """Factors 4 x linear, worlds of variance 900, noise of variance 25: within 5 %, and what the
    variance within points would be taken for noise, 925, is 37 times too much.
    """
    design = designs.sobol_sequence(LINEAR, 256, seed=1)
    signal = 4 * linear(design)
    y = signal[:, None] + 30 * noise(1, 40, seed=5) + 5 * noise(256, 40)
    found = variance_parts(y)
    assert found.factors.estimate == pytest.approx(signal.var(ddof=1), rel=0.05)
    assert found.noise.estimate == pytest.approx(25.0, rel=0.05)
    assert inside(found.noise, 25.0)
    assert inside(found.factors, signal.var(ddof=1))
    assert found.worlds == pytest.approx(900.0, rel=0.5)
    within = y.var(axis=1, ddof=1).mean()
    assert within > 30 * found.noise.estimate


def test_where_no_factor_matters_the_factors_part_is_about_zero():
    covered = [
        inside(variance_parts(noise(30, 10, seed=seed)).factors, 0.0) for seed in range(1, 101)
    ]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.07)  # three standard errors of 100


@LAW
@given(
    y=st.lists(st.lists(st.floats(-100, 100), min_size=4, max_size=4), min_size=2, max_size=8),
    world=st.lists(st.floats(-1000, 1000), min_size=4, max_size=4),
)
def test_what_a_world_does_to_all_points_is_neither_factors_nor_noise(y, world):
    plain, shifted = variance_parts(y), variance_parts(np.array(y) + world)
    assert shifted.factors.estimate == pytest.approx(plain.factors.estimate, abs=1e-6)
    assert shifted.noise.estimate == pytest.approx(plain.noise.estimate, abs=1e-6)
    turned = variance_parts(np.array(y)[:, ::-1])
    assert turned.factors == pytest.approx(plain.factors, abs=1e-6)


def test_a_response_that_never_varies_has_no_noise_either():
    """0.1 in 7 points: their mean is not 0.1 in floating point, which is no noise."""
    found = variance_parts(np.full((7, 3), 0.1))
    assert (found.factors, found.noise) == ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
    assert (found.worlds, isnan(found.noise_share)) == (0.0, True)


def test_one_replication_tells_nothing_about_noise():
    assert isnan(variance_parts(np.arange(5.0)).factors.estimate)
    assert world_error(lambda mean: mean, np.ones((3, 1))).tolist() == [0.0, 0.0, 0.0]


def test_the_jackknife_error_of_a_mean_is_its_standard_error():
    """Efron and Stein (1981): for a mean they are equal, whatever the size of equal groups."""
    y = noise(1, 20)
    error = world_error(lambda mean: mean, y)
    assert error == pytest.approx(y.std(axis=1, ddof=1) / sqrt(20))
    y = noise(1, 40)
    pairs = y.reshape(20, 2).mean(axis=1)
    assert world_error(lambda mean: mean, y) == pytest.approx(pairs.std(ddof=1) / sqrt(20))


def test_infinite_responses_are_refused():
    with pytest.raises(DesignError, match=r"sobol: inf at index \(2, 0\), 1 of 4 .*or nan"):
        blocks("sobol", [1.0, 2.0, np.inf, 3.0], 4)
