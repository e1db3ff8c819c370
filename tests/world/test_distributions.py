"""Inverse distributions: exact moments, the whole law, what is left after a while, and in bulk.

References are scipy.stats with parameters worked out here by hand, and sums over atoms and
components; none of them shares code with the module under test.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from functools import partial
from operator import lt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from scipy import stats

from sim.config.distributions import Distribution
from sim.config.moments import mean, support
from sim.world.distributions import (
    BySector,
    cdf,
    conditioned,
    inverse,
)
from sim.world.uniforms import entity_key, stream_key, uniforms

ENTITIES = np.array([entity_key(f"project-{number:03d}") for number in range(400)], np.uint64)
MANY = uniforms(stream_key(20250904, 0), ENTITIES, "one purpose", 500).ravel()
OTHERS = uniforms(stream_key(20250904, 1), ENTITIES, "another", 500).ravel()
STANDARD_ERRORS = 4.0
KS_LIMIT = 1.95  # Kolmogorov: exceeded with probability 0.001, less where there are atoms
Z90 = 1.2815515655446004  # 90th percentile of the standard normal

read = TypeAdapter(Distribution).validate_python


@dataclass(frozen=True)
class Blend:
    """Reference for a mixture: raw moments and distribution function are weighted sums."""

    parts: tuple[tuple[float, object], ...]

    def moment(self, order):
        return sum(weight * part.moment(order) for weight, part in self.parts)

    def cdf(self, x):
        return sum(weight * part.cdf(x) for weight, part in self.parts)


@dataclass(frozen=True)
class Atom:
    value: float

    def moment(self, order):
        return self.value**order

    def cdf(self, x):
        return np.where(np.asarray(x) >= self.value, 1.0, 0.0)


def atoms(*pairs):
    return Blend(tuple((weight, Atom(value)) for weight, value in pairs))


TRIANGULAR = {"kind": "triangular", "low": 28, "mode": 33, "high": 54}
PERT = {"kind": "pert", "low": 28, "mode": 33, "high": 54}
WEIBULL = {"kind": "weibull", "shape": 2, "scale": 10}
GAMMA = {"kind": "gamma", "mean": 10, "sd": 5}
LOGNORMAL = {"kind": "lognormal", "median": 10, "sigma": 0.4}
MIXTURE = {
    "kind": "mixture",
    "components": {
        "quick": {"weight": 0.5, "distribution": {"kind": "uniform", "low": 20, "high": 40}},
        "slow": {"weight": 0.3, "distribution": {"kind": "exponential", "mean": 30}},
        "fixed": {"weight": 0.2, "distribution": {"kind": "constant", "value": 35}},
    },
}

# name: (parameters, reference, elapsed at which a part of the law is left)
CASES = {
    "constant": ({"kind": "constant", "value": 5}, Atom(5.0), 3.0),
    "uniform": ({"kind": "uniform", "low": 3, "high": 9}, stats.uniform(3, 6), 5.0),
    "exponential": ({"kind": "exponential", "mean": 4}, stats.expon(scale=4), 3.0),
    "triangular": (TRIANGULAR, stats.triang(5 / 26, 28, 26), 38.0),
    "triangular, elapsed before the mode": (TRIANGULAR, stats.triang(5 / 26, 28, 26), 30.0),
    "triangular, falling only": (
        {"kind": "triangular", "low": 2, "mode": 2, "high": 5}, stats.triang(0, 2, 3), 3.0,
    ),
    "triangular, rising only": (
        {"kind": "triangular", "low": 2, "mode": 5, "high": 5}, stats.triang(1, 2, 3), 3.0,
    ),
    "pert": (PERT, stats.beta(1 + 4 * 5 / 26, 1 + 4 * 21 / 26, 28, 26), 38.0),
    "pert, most likely at its low end, and heavier": (
        {"kind": "pert", "low": 2, "mode": 2, "high": 5, "shape": 6}, stats.beta(1, 7, 2, 3), 2.5,
    ),
    "pert in which the mode has no weight": (
        {"kind": "pert", "low": 2, "mode": 4, "high": 5, "shape": 0}, stats.uniform(2, 3), 3.0,
    ),
    "lognormal, median and sigma": (LOGNORMAL, stats.lognorm(0.4, scale=10), 12.0),
    "lognormal, mean and sigma": (
        {"kind": "lognormal", "mean": 10, "sigma": 0.5},
        stats.lognorm(0.5, scale=10 / np.exp(0.125)), 7.0,
    ),
    "lognormal, p10 and p90": (
        {"kind": "lognormal", "p10": 5, "p90": 20},
        stats.lognorm(np.log(4) / (2 * Z90), scale=10), 15.0,
    ),
    "lognormal of no spread": ({"kind": "lognormal", "median": 7, "sigma": 0}, Atom(7.0), 5.0),
    "weibull that wears": (WEIBULL, stats.weibull_min(2, scale=10), 9.0),
    "weibull of early failures": (
        {"kind": "weibull", "shape": 0.7, "scale": 10}, stats.weibull_min(0.7, scale=10), 9.0,
    ),
    "gamma, mean and sd": (GAMMA, stats.gamma(4, scale=2.5), 12.0),
    "gamma, shape and scale": (
        {"kind": "gamma", "shape": 0.5, "scale": 8}, stats.gamma(0.5, scale=8), 6.0,
    ),
    "bernoulli": (
        {"kind": "bernoulli", "probability": 0.3}, atoms((0.7, 0.0), (0.3, 1.0)), 0.0,
    ),
    "bernoulli, never": ({"kind": "bernoulli", "probability": 0}, Atom(0.0), -1.0),
    "bernoulli, always": ({"kind": "bernoulli", "probability": 1}, Atom(1.0), 0.0),
    "empirical": (
        {"kind": "empirical", "values": [4, 1, 9, 4]},
        atoms((0.25, 1.0), (0.5, 4.0), (0.25, 9.0)), 1.0,
    ),
    "empirical, weighted": (
        {"kind": "empirical", "values": [7, 2, 30], "weights": [5, 3, 2]},
        atoms((0.3, 2.0), (0.5, 7.0), (0.2, 30.0)), 2.5,
    ),
    "mixture": (
        MIXTURE,
        Blend(((0.5, stats.uniform(20, 20)), (0.3, stats.expon(scale=30)), (0.2, Atom(35.0)))),
        30.0,
    ),
}  # fmt: skip

ALL = [read(what) for what, *_ in CASES.values()]
every_case = pytest.mark.parametrize(
    ("distribution", "reference", "elapsed"),
    [pytest.param(read(what), *rest, id=name) for name, (what, *rest) in CASES.items()],
)
CONTINUOUS = ("uniform", "exponential", "triangular", "pert", "lognormal", "weibull", "gamma")


def is_continuous(distribution):
    return distribution.kind in CONTINUOUS and lt(*support(distribution))


def drawn(distribution, u=MANY):
    """Values of all uniforms; of every tenth where an inverse is found by iteration."""
    return inverse(distribution, u[::10] if distribution.kind in ("pert", "gamma") else u)


def central_moments(reference):
    """Exact mean, variance and fourth central moment from raw moments."""
    m1, m2, m3, m4 = (float(reference.moment(order)) for order in (1, 2, 3, 4))
    return m1, m2 - m1**2, m4 - 4 * m1 * m3 + 6 * m1**2 * m2 - 3 * m1**4


# Moments and the law


@every_case
def test_the_mean_is_exact(distribution, reference, elapsed):
    assert mean(distribution) == pytest.approx(central_moments(reference)[0], rel=1e-12)


@every_case
def test_a_large_sample_agrees_with_exact_mean_and_variance(distribution, reference, elapsed):
    """Within 4 standard errors, which come from the exact moments and never from the sample."""
    values = drawn(distribution)
    n = len(values)
    exact_mean, exact_variance, fourth = central_moments(reference)
    error_of_mean = np.sqrt(max(exact_variance, 0.0) / n)
    error_of_variance = np.sqrt(max(fourth - exact_variance**2, 0.0) / n)
    second = ((values - exact_mean) ** 2).mean()
    assert abs(values.mean() - exact_mean) <= STANDARD_ERRORS * error_of_mean + 1e-10
    assert abs(second - exact_variance) <= STANDARD_ERRORS * error_of_variance + 1e-10


@every_case
def test_cdf_agrees_with_the_reference(distribution, reference, elapsed):
    x = np.linspace(-5, 80, 1701)
    assert cdf(distribution, x) == pytest.approx(reference.cdf(x), abs=1e-13)
    assert cdf(distribution, -np.inf) == 0.0
    assert cdf(distribution, 1e6) == 1.0


@every_case
def test_a_large_sample_follows_the_cdf(distribution, reference, elapsed):
    """One-sample Kolmogorov-Smirnov; conservative where the law has atoms."""
    values = drawn(distribution)
    points, counts = np.unique(values, return_counts=True)
    distance = np.abs(np.cumsum(counts) / len(values) - reference.cdf(points)).max()
    assert np.sqrt(len(values)) * distance < KS_LIMIT


@every_case
def test_values_rise_with_u_except_for_mixtures(distribution, reference, elapsed):
    values = drawn(distribution, np.sort(MANY))
    if distribution.kind == "mixture":
        assert (np.diff(values) < 0).any()
    else:
        assert (np.diff(values) >= 0).all()


@every_case
def test_cdf_undoes_inverse_and_inverse_undoes_cdf(distribution, reference, elapsed):
    u = MANY[:5000]
    values = inverse(distribution, u)
    if is_continuous(distribution):
        assert cdf(distribution, values) == pytest.approx(u, abs=1e-13)
        assert inverse(distribution, cdf(distribution, values)) == pytest.approx(values, rel=1e-9)
    elif distribution.kind != "mixture":  # a step: u lies between its lower and upper edge
        assert (cdf(distribution, values) >= u - 1e-15).all()
        assert (cdf(distribution, values - 1e-9) <= u).all()


@every_case
def test_values_stay_within_the_bounds_and_come_near_them(distribution, reference, elapsed):
    low, high = support(distribution)
    values = inverse(distribution, np.array([0.0, *MANY[:1000], 1.0]))
    assert np.isfinite(values).all()
    assert (values >= low).all()
    assert (values <= high).all()
    assert cdf(distribution, low - 1e-9) == 0.0
    if np.isfinite(high):
        assert cdf(distribution, high) == 1.0
        near = 0.5 if distribution.kind == "pert" else 1e-3  # its end holds less than an ulp of 1
        assert cdf(distribution, high - near) < 1.0


@pytest.mark.parametrize(
    ("what", "low", "high"),
    [
        ({"kind": "constant", "value": 5}, 5, 5),
        (TRIANGULAR, 28, 54),
        (PERT, 28, 54),
        (LOGNORMAL, 0, np.inf),
        (WEIBULL, 0, np.inf),
        (GAMMA, 0, np.inf),
        ({"kind": "exponential", "mean": 4}, 0, np.inf),
        ({"kind": "bernoulli", "probability": 0.3}, 0, 1),
        ({"kind": "empirical", "values": [4, 1, 9]}, 1, 9),
        (MIXTURE, 0, np.inf),
    ],
)
def test_bounds_by_hand(what, low, high):
    assert support(read(what)) == (low, high)


def test_the_three_spellings_of_the_lognormal_are_one_law():
    sigma = np.log(4) / (2 * Z90)
    spellings = [
        {"p10": 5, "p90": 20},
        {"median": 10, "sigma": sigma},
        {"mean": 10 * np.exp(sigma**2 / 2), "sigma": sigma},
    ]
    for spelling in spellings:
        values = inverse(read({"kind": "lognormal", **spelling}), np.array([0.1, 0.5, 0.9]))
        assert values == pytest.approx([5, 10, 20], rel=1e-12)


def test_the_two_spellings_of_the_gamma_are_one_law():
    """Mean 10 and standard deviation 5: shape (10 / 5)^2 = 4, scale 25 / 10 = 2.5."""
    u = np.array([0.1, 0.5, 0.9])
    by_shape = inverse(read({"kind": "gamma", "shape": 4, "scale": 2.5}), u)
    assert inverse(read(GAMMA), u) == pytest.approx(by_shape, rel=1e-12)


def test_special_cases_of_the_new_kinds_are_the_old_ones():
    """Weibull and gamma of shape 1 are exponential; a PERT whose mode has no weight is uniform."""
    waiting = inverse(read({"kind": "exponential", "mean": 4}), MANY[:1000])
    for kind in ("weibull", "gamma"):
        one = read({"kind": kind, "shape": 1, "scale": 4})
        assert inverse(one, MANY[:1000]) == pytest.approx(waiting, rel=1e-12)
    flat = read({"kind": "pert", "low": 3, "mode": 4, "high": 9, "shape": 0})
    alike = read({"kind": "uniform", "low": 3, "high": 9})
    assert inverse(flat, MANY[:1000]) == pytest.approx(inverse(alike, MANY[:1000]), rel=1e-12)


def test_the_classic_pert_has_the_mean_its_inventors_gave():
    """Malcolm et al. (1959), Operations Research 7:646-669: (low + 4 mode + high) / 6."""
    assert mean(read(PERT)) == pytest.approx((28 + 4 * 33 + 54) / 6)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (
            {"kind": "pert", "low": 5, "mode": 2, "high": 9},
            "low 5, mode 2, high 9 are not in order",
        ),
        ({"kind": "pert", "low": 5, "mode": 5, "high": 5}, "low <= mode <= high, low < high"),
        ({"kind": "weibull", "shape": 0.01, "scale": 3}, "greater than or equal to 0.1"),
        ({"kind": "weibull", "shape": 1, "scale": 0}, "greater than 0"),
        ({"kind": "gamma", "mean": 4}, r"given mean; accepted: mean \+ sd, or shape \+ scale"),
        ({"kind": "gamma", "mean": 4, "scale": 2}, "given mean, scale; accepted"),
        ({"kind": "gamma", "mean": 4, "sd": 0}, "greater than 0"),
    ],
)
def test_parameters_that_make_no_law_are_refused(what, words):
    with pytest.raises(ValidationError, match=words):
        read(what)


def test_far_in_the_tail_of_the_pert_gamma_and_weibull_draws_stay_exact():
    """Where 1 - F(elapsed) has no correct digit left."""
    u = np.array([0.1, 0.5, 0.9])
    for what, reference, elapsed in (
        (WEIBULL, stats.weibull_min(2, scale=10), 80.0),
        (GAMMA, stats.gamma(4, scale=2.5), 150.0),
        (PERT, stats.beta(1 + 4 * 5 / 26, 1 + 4 * 21 / 26, 28, 26), 53.999),
    ):
        exact = reference.isf(reference.sf(elapsed) * (1 - u))
        assert reference.cdf(elapsed) == 1.0
        assert conditioned(read(what), elapsed, u) == pytest.approx(exact, rel=1e-9)
        assert (exact > elapsed).all()


def test_a_mixture_picks_by_cumulative_weight_and_rescales_the_rest():
    """u = 0.25: half way into the quick half; 0.65: half way into the slow 0.3; then the fixed."""
    values = inverse(read(MIXTURE), np.array([0.25, 0.65, 0.85, 0.999]))
    assert values == pytest.approx([30, 30 * np.log(2), 35, 35])


def test_shapes_are_kept_and_results_are_new_arrays():
    for distribution in ALL:
        for shape in ((), (0,), (7,), (4, 3)):
            u = np.full(shape, 0.4)
            for values in (inverse(distribution, u), conditioned(distribution, 0.5, u)):
                assert isinstance(values, np.ndarray)
                assert values.dtype == np.float64
                assert values.shape == shape
                assert values.flags.writeable
                assert not np.shares_memory(values, u)


# What is left for a draw that has not ended


@every_case
def test_conditioned_draws_are_what_rejection_leaves(distribution, reference, elapsed):
    """Two-sample Kolmogorov-Smirnov against unconditioned draws, kept when above elapsed."""
    kept = drawn(distribution, OTHERS)
    ours = conditioned(distribution, elapsed, MANY[: len(kept)])
    kept = kept[kept > elapsed]
    assert (ours >= elapsed).all()
    if not is_continuous(distribution) and distribution.kind != "mixture":
        assert set(ours) == set(kept)
    distance = stats.ks_2samp(ours, kept, method="asymp").statistic
    assert distance * np.sqrt(len(ours) * len(kept) / (len(ours) + len(kept))) < KS_LIMIT


@every_case
def test_nothing_elapsed_changes_nothing(distribution, reference, elapsed):
    u = MANY[:1000]
    before = support(distribution)[0] - 1
    assert np.array_equal(conditioned(distribution, before, u), inverse(distribution, u))


@every_case
def test_elapsed_may_differ_by_row(distribution, reference, elapsed):
    u = MANY[:300].reshape(3, 100)
    rows = np.array([[-2.0], [elapsed], [1e6]])
    together = conditioned(distribution, rows, u)
    for row in range(3):
        alone = conditioned(distribution, float(rows[row, 0]), u[row])
        assert np.array_equal(together[row], alone)


@every_case
def test_a_law_that_is_used_up_gives_elapsed(distribution, reference, elapsed):
    spent = min(support(distribution)[1], 1e200)
    for late in (spent, spent + 3):
        assert (conditioned(distribution, late, MANY[:100]) == late).all()


@pytest.mark.parametrize(
    "distribution", [one for one in ALL if one.kind in ("constant", "bernoulli", "empirical")]
)
def test_steps_that_are_passed_are_never_drawn_again(distribution):
    """A value equal to elapsed is behind us, even at the least uniform there is."""
    ends = np.array([2.0**-53, 1 - 2.0**-53])
    for passed in np.unique(inverse(distribution, MANY[:50])):
        if passed < support(distribution)[1]:
            assert (conditioned(distribution, passed, ends) > passed).all()


def test_conditioning_a_mixture_reweights_its_components():
    """Past 10, the 0.6 of it is gone: 20 and 30 share 3 to 1, so the border of u is 0.75."""
    weights = {10: 0.6, 20: 0.3, 30: 0.1}
    steps = read(
        {
            "kind": "mixture",
            "components": {
                f"after_{value}": {
                    "weight": weight,
                    "distribution": {"kind": "constant", "value": value},
                }
                for value, weight in weights.items()
            },
        }
    )
    values = conditioned(steps, 10.0, np.array([0.001, 0.749, 0.751, 0.999]))
    assert values.tolist() == [20, 20, 30, 30]


def test_the_exponential_has_no_memory():
    waiting = read({"kind": "exponential", "mean": 4})
    fresh = inverse(waiting, MANY[:1000])
    assert conditioned(waiting, 40.0, MANY[:1000]) == pytest.approx(40 + fresh, rel=1e-12)


def test_far_in_the_tail_of_the_lognormal_draws_stay_exact():
    """At 11 standard deviations 3e-28 is left, which 1 - F(elapsed) would call nothing."""
    reference, elapsed = stats.lognorm(0.4, scale=10), 10 * np.exp(0.4 * 11)
    u = np.array([0.1, 0.5, 0.9])
    exact = reference.isf(reference.sf(elapsed) * (1 - u))
    assert conditioned(read(LOGNORMAL), elapsed, u) == pytest.approx(exact, rel=1e-12)
    assert (exact > elapsed).all()


# In bulk

KINDS = {
    kind: [distribution for distribution in ALL if distribution.kind == kind]
    for kind in dict.fromkeys(distribution.kind for distribution in ALL)
}


def row_by_row(distributions, class_index, u):
    pairs = zip(class_index, u, strict=True)
    return np.array([inverse(distributions[number], row) for number, row in pairs])


@pytest.mark.parametrize("distributions", [ALL, *KINDS.values()], ids=["all kinds", *KINDS])
@pytest.mark.parametrize("shape", [(150,), (150, 6), (150, 0)])
def test_by_sector_equals_inverse_row_by_row_exactly(distributions, shape):
    class_index = np.arange(150) * 7 % len(distributions)
    u = MANY[: int(np.prod(shape))].reshape(shape)
    before = u.copy()
    values = BySector(distributions)(class_index, u)
    assert values.shape == shape
    assert np.array_equal(values, row_by_row(distributions, class_index, u))
    assert np.array_equal(u, before)


def test_by_sector_takes_no_rows_and_rows_of_few_classes():
    bulk = BySector(ALL)
    assert bulk(np.zeros(0, np.int64), np.zeros(0)).shape == (0,)
    only = np.full(5, 3)
    assert np.array_equal(bulk(only, MANY[:5]), inverse(ALL[3], MANY[:5]))


def test_by_sector_reads_columns_of_a_larger_table():
    """A world hands over views of one big array, not contiguous copies."""
    table = MANY[:9000].reshape(150, 60)
    class_index = np.arange(150) % len(ALL)
    for view in (table[:, 7], table[:, 3:9], table.T[:6].T):
        assert np.array_equal(BySector(ALL)(class_index, view), BySector(ALL)(class_index, +view))


def test_by_sector_refuses_a_class_it_was_not_given():
    with pytest.raises(IndexError, match="index 2 is out of bounds"):
        BySector(ALL[:2])(np.array([0, 2]), np.array([0.5, 0.5]))


def test_by_sector_survives_the_way_to_a_worker():
    class_index = np.arange(150) % len(ALL)
    bulk = BySector(ALL)
    copy = pickle.loads(pickle.dumps(bulk))
    assert np.array_equal(copy(class_index, MANY[:150]), bulk(class_index, MANY[:150]))


# Laws over generated parameters

numbers = partial(st.floats, allow_nan=False, allow_infinity=False)
amounts = numbers(min_value=0.01, max_value=1000)


@st.composite
def simple(draw):
    low, first, second = draw(st.tuples(amounts, amounts, amounts))
    return draw(
        st.sampled_from(
            [
                {"kind": "constant", "value": low},
                {"kind": "uniform", "low": low, "high": low + first},
                {"kind": "exponential", "mean": first},
                {"kind": "triangular", "low": low, "mode": low + first, "high": low + 2 * first},
                {"kind": "triangular", "low": low, "mode": low, "high": low + first},
                {"kind": "pert", "low": low, "mode": low + first, "high": low + first + second},
                {"kind": "lognormal", "median": first, "sigma": min(second / 100, 2.0)},
                {"kind": "weibull", "shape": 0.5 + second / 100, "scale": first},
                {"kind": "gamma", "mean": first, "sd": min(second, 3 * first)},
                {"kind": "empirical", "values": [second, low], "weights": [first, 1.0]},
                {"kind": "bernoulli", "probability": min(low, 1.0)},
            ]
        )
    )


@st.composite
def distributions(draw):
    one = draw(simple())
    if draw(st.booleans()):
        return read(one)
    share = draw(numbers(min_value=0.01, max_value=0.99))
    return read(
        {
            "kind": "mixture",
            "components": {
                "one": {"weight": share, "distribution": one},
                "two": {"weight": 1 - share, "distribution": draw(simple())},
            },
        }
    )


inside = numbers(min_value=2.0**-53, max_value=1 - 2.0**-53)
law = settings(derandomize=True, deadline=None, max_examples=300)


@law
@given(distributions(), numbers(min_value=-10, max_value=5000), inside)
def test_what_is_left_is_never_before_elapsed_nor_beyond_the_bounds(distribution, elapsed, u):
    value = float(conditioned(distribution, elapsed, np.array(u)))
    assert elapsed <= value
    assert np.isfinite(value)
    low, high = support(distribution)
    assert low * (1 - 1e-12) <= max(value, low)
    assert value <= max(elapsed, high * (1 + 1e-12))


@law
@given(distributions(), inside, numbers(min_value=0, max_value=5000))
def test_cdf_is_a_distribution_function_around_each_value(distribution, u, x):
    value = float(inverse(distribution, np.array(u)))
    assert 0.0 <= cdf(distribution, x) <= cdf(distribution, x + 1) <= 1.0
    if distribution.kind != "mixture":
        assert cdf(distribution, value * (1 + 1e-9)) >= u - 1e-12
        assert cdf(distribution, value * (1 - 1e-9) - 1e-12) <= u + 1e-6


@law
@given(st.lists(distributions(), min_size=1, max_size=6), st.lists(inside, min_size=6, max_size=6))
def test_by_sector_equals_inverse_for_any_company_of_classes(classes, u):
    class_index, u = np.arange(6) % len(classes), np.array(u)
    for rows in (u, np.stack([u, u[::-1]], axis=1)):
        assert np.array_equal(
            BySector(classes)(class_index, rows), row_by_row(classes, class_index, rows)
        )
