"""Rates of return against polynomial roots; what has none says why."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.events.money import NO_RATE
from sim.results.finance.returns import rates, reach, returns


def rates_by_roots(flow: list[float]) -> list[float]:
    """Every real rate above -100 % at which a yearly flow is worth nothing."""
    roots = np.roots(np.trim_zeros(flow))
    real = roots[np.abs(roots.imag) < 1e-9].real
    return sorted(float(root - 1) for root in real if root > 1e-9)


@settings(deadline=None)
@given(
    paid=st.lists(st.integers(1, 1000), min_size=1, max_size=4),
    got=st.lists(st.integers(1, 1000), min_size=1, max_size=12),
)
def test_a_plain_investment_has_the_rate_the_polynomial_has(paid: list[int], got: list[int]):
    flow = [-float(p) for p in paid] + [float(g) for g in got]
    found = returns(np.array([flow]), 1, 0.05)
    (expected,) = rates_by_roots(flow)

    if expected > -0.99:
        assert found.irr[0] == pytest.approx(expected, rel=1e-7, abs=1e-8)
    else:
        assert np.isnan(found.irr[0])


def test_quarters_give_a_rate_a_year():
    flow = np.zeros((1, 9))
    flow[0, 0], flow[0, 8] = -100.0, 121.0

    assert returns(flow, 0.25, 0.05).irr[0] == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("flow", "why"),
    [
        ([0, 5, 5], "nothing_paid_in"),
        ([-5, 0, -5], "nothing_received"),
        ([0, 0, 0], "nothing_paid_in"),
        ([-1, 3, -2.3], "no_rate"),
        ([-100, 230, -132], "several_rates"),  # 10 % and 20 %
        ([10, -3, -9], "received_first"),
        ([-1000, 1e-9, 0], "all_but_lost"),
    ],
)
def test_what_has_no_rate_says_why(flow: list[float], why: str):
    found = returns(np.array([flow], float), 1, 0.05)

    assert list(NO_RATE)[found.why[0]] == why
    assert np.isnan(found.irr[0])


def test_two_changes_of_sign_with_one_root_still_have_a_rate():
    flow = [-100.0, 120.0, -10.0, 30.0]
    (expected,) = rates_by_roots(flow)

    assert returns(np.array([flow]), 1, 0.05).irr[0] == pytest.approx(expected)


def test_a_loss_has_a_negative_rate_a_multiple_below_one_and_no_payback():
    found = returns(np.array([[-100.0, 40, 40]]), 1, 0.05)

    assert found.irr[0] == pytest.approx(-0.1367, abs=1e-4)
    assert found.multiple[0] == pytest.approx(0.8)
    assert np.isnan(found.payback_years[0])


def test_payback_counts_from_the_first_outlay_to_the_last_time_the_sum_turns():
    found = returns(np.array([[0.0, -100, 60, 60, -50, 60], [0, -100, 50, 50, 0, 0]]), 1, 0.0)

    assert found.payback_years.tolist() == [4.0, 2.0]
    assert found.npv.tolist() == [30.0, 0.0]


def test_the_present_value_is_at_the_beginning_of_the_first_period():
    found = returns(np.array([[0.0, 110.25]]), 1, 0.05)

    assert found.npv[0] == pytest.approx(100.0)


def test_one_quarter_late_is_seen():
    """A named small fault: receipts a quarter later."""
    flow = np.array([[-100.0, 0, 0, 0, 30, 30, 30, 30, 0]])
    late = np.roll(flow, 1, axis=1)
    late[0, 0], late[0, 1] = -100, 0
    found = returns(np.concatenate([flow, late]), 0.25, 0.05)

    assert found.irr[0] - found.irr[1] > 0.01
    assert found.payback_years.tolist() == [1.75, 2.0]


def test_a_rate_among_several_changes_of_sign_is_the_one_that_halving_alone_finds():
    rng, ends, found = np.random.default_rng(14), np.arange(1, 31), 0
    grid = np.linspace(np.log(0.5), np.log(4.0), 400)
    for flow in np.rint(rng.normal(-1.0, 30.0, (200, 30)) + ends):
        irr = returns(flow[np.newaxis], 1, 0.05).irr[0]
        values = np.exp(-np.outer(grid, ends)) @ flow
        (places,) = np.nonzero(np.sign(values[1:]) * np.sign(values[:-1]) < 0)
        if len(places) != 1 or flow[flow != 0][0] > 0:
            continue
        low, high, rising = grid[places[0]], grid[places[0] + 1], values[places[0]] < 0
        for _ in range(60):
            middle = (low + high) / 2
            if (flow @ np.exp(-middle * ends) < 0) == rising:
                low = middle
            else:
                high = middle
        found += 1
        assert irr == pytest.approx(np.expm1((low + high) / 2), rel=1e-12)
    assert found > 20


FLOWS = st.lists(st.lists(st.integers(-50, 60), min_size=2, max_size=9), min_size=1, max_size=6)


@settings(deadline=None)
@given(flows=FLOWS, idle=st.integers(0, 300))
def test_the_returns_of_a_row_are_the_same_to_the_bit_in_any_company_and_with_idle_periods(
    flows: list[list[int]], idle: int
):
    wide = np.zeros((len(flows), 9 + idle), np.int64)
    for row, flow in zip(wide, flows, strict=True):
        row[: len(flow)] = flow
    together = returns(wide, 0.25, 0.05)
    for number, flow in enumerate(flows):
        alone = returns(np.array([flow]), 0.25, 0.05)
        for name, column in vars(together).items():
            assert np.array_equal(column[number], getattr(alone, name)[0], equal_nan=True), name


@settings(deadline=None)
@given(flows=FLOWS, rate=st.sampled_from([-0.999, -0.5, 0.0, 0.04, 1.0, 400.0]))
def test_who_reaches_a_rate_is_who_has_at_least_that(flows: list[list[int]], rate: float):
    """Also where a rate is met to the last bit: those found are asked too."""
    wide = np.zeros((len(flows), 9), np.int64)
    for row, flow in zip(wide, flows, strict=True):
        row[: len(flow)] = flow
    own, _ = rates(wide, 0.25)

    for asked in (rate, *own[np.isfinite(own)]):
        assert reach(wide, 0.25, asked).tolist() == (own >= asked).tolist()
