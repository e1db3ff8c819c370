"""The split of paragraph 13: closed forms, three readings by hand and against plain loops."""

from __future__ import annotations

from fractions import Fraction

import by_loops
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.results.finance.operation import Units, operate, running
from sim.results.finance.returns import returns
from sim.results.finance.waterfall import Split, cumulative, deemed_amounts, per_period, share

BN = 100_000_000_000  # cents


def plant(life: int, cash: float = 0.0, position: float = 0.0, share: float = 1.0) -> Units:
    """One unit with level cash a period from the first one."""
    one = np.ones(1)
    return Units(
        row=np.zeros(1, np.int64), position=one * position, share=one * share, life=one * life,
        ramp=one * 0, cash=one * cash, refresh_every=one * 0, refresh_cents=one * 0,
    )  # fmt: skip


def annuity(rate: float, years: int) -> float:
    return rate / (1 - (1 + rate) ** -years)


def japans_rate(cash_yield: float, rate: float, life: int) -> float:
    """Japan's return on 10 bn paid a year before the first of ``life`` yearly payments."""
    money = operate(running(plant(life, cash_yield * 10 * BN), life), 1).distributed
    put = np.zeros((1, life))
    put[0, 0] = 10 * BN * (1 + rate)
    shared = cumulative(money, put, Split(), np.full((1, life), 1 + rate))
    flow = np.concatenate([[[-10.0 * BN]], shared.japan], axis=1)
    return float(returns(flow, 1, 0.05).irr[0])


@pytest.mark.parametrize(
    ("life", "percent"),
    [(5, 46.2), (10, 25.9), (15, 19.3), (20, 16.0), (25, 14.2), (30, 13.0), (40, 11.7), (60, 10.6)],
)
def test_japan_earns_the_deemed_rate_from_twice_the_annuity_factor(life: int, percent: float):
    """Closed form of the model's known answers; the percentages of the evidence, at 5 %."""
    bar = 2 * annuity(0.05, life)

    assert round(100 * bar, 1) == percent
    assert japans_rate(bar, 0.05, life) == pytest.approx(0.05, abs=1e-10)
    assert japans_rate(bar - 0.001, 0.05, life) < 0.05 - 1e-4


@pytest.mark.parametrize(
    ("cash_yield", "life", "percent"),
    [(0.10, 20, 0.0), (0.10, 30, 2.8), (0.10, 40, 3.9), (0.10, 60, 4.7),
     (0.15, 20, 4.2), (0.15, 30, 6.3), (0.15, 40, 7.0), (0.20, 20, 7.8)],
)  # fmt: skip
def test_half_of_the_cash_for_life_returns_what_the_evidence_computed(cash_yield, life, percent):
    """The articles' 10 % gives Japan its principal in 20 years and no interest."""
    never = np.full((1, life), 1e15)
    money = operate(running(plant(life, cash_yield * BN), life), 1).distributed
    japan = cumulative(money, never, Split(), np.ones((1, life))).japan
    flow = np.concatenate([[[-1.0 * BN]], japan], axis=1)

    assert 100 * returns(flow, 1, 0.05).irr[0] == pytest.approx(percent, abs=0.05)


def test_the_deemed_amount_is_met_in_every_period_from_twice_rate_plus_one_over_life():
    """20.0 % at 5 % and 20 years: another question than earning the rate."""
    deemed = deemed_amounts(running(plant(20), 20), np.array([10.0 * BN]), np.full((1, 20), 0.05))
    assert deemed.tolist() == [[round(10 * BN * 0.10)] * 20]

    for cash_yield, met in ((0.20, True), (0.2 - 1e-9, False)):
        money = operate(running(plant(20, cash_yield * 10 * BN), 20), 1).distributed
        shared = per_period(money, deemed, Split())
        assert bool(shared.unmet.sum() == 0) == met
        assert not shared.switched.any()


def test_the_worked_example_of_the_evidence():
    """10 bn, 5.5 %, 20 years: 1.05 bn in the first year. Of 1.0 deemed, 0.5 of cash leaves 0.75."""
    first = deemed_amounts(running(plant(20), 20), np.array([10.0 * BN]), np.full((1, 20), 0.055))
    assert first[0, 0] == 1.05 * BN

    shared = per_period(np.array([[BN // 2]]), np.array([[BN]]), Split())
    assert (shared.japan[0, 0], shared.unmet[0, 0]) == (BN // 4, 3 * BN // 4)


def test_after_the_need_of_the_period_the_rest_goes_nine_to_one():
    shared = per_period(np.array([[30, 130]]), np.array([[20, 20]]), Split())

    # 15 each, 5 carried; then 25 each, and of the other 80 the US have 72.
    assert shared.us.tolist() == [[15, 97]]
    assert shared.japan.tolist() == [[15, 33]]
    assert shared.switched.tolist() == [[False, True]]


def test_an_odd_cent_is_japans():
    us, japan, _ = share(np.array([[7]]), np.array([[100]]), Split())

    assert (us.item(), japan.item()) == (3, 4)


def test_under_the_cumulative_reading_the_switch_is_for_good():
    put = np.array([[100.0, 0, 0, 0]])
    shared = cumulative(np.array([[0, 150, 150, 150]]), put, Split(), np.full((1, 4), 1.2))

    # Owed 100, 120 less 75 = 45, 54 in the third period: both have it from 108 of its 150.
    assert shared.us.tolist() == [[0, 75, 54 + 37, 135]]
    assert shared.switched.tolist() == [[False, False, True, True]]


def test_money_that_is_still_to_come_keeps_the_switch_open():
    put = np.array([[10.0, 0, 100, 0]])
    shared = cumulative(np.array([[0, 100, 0, 100]]), put, Split(), np.ones((1, 4)))

    assert shared.us[0, 1] == 10 + 72
    assert shared.us[0, 3] == 50


def test_interest_on_what_is_outstanding_falls_as_the_life_passes():
    ran, rate = running(plant(4), 4), np.full((1, 4), 0.1)
    original = deemed_amounts(ran, np.array([4000.0]), rate)
    falling = deemed_amounts(ran, np.array([4000.0]), rate, outstanding=True)

    assert original.tolist() == [[1400, 1400, 1400, 1400]]
    assert falling.tolist() == [[1350, 1250, 1150, 1050]]  # the mean of each period


def test_counted_from_payment_money_that_waits_bears_interest():
    waiting = np.array([[1000.0, 500.0, 0.0]])
    ran, rate = running(plant(1, position=2.0), 3), np.full((1, 3), 0.1)
    amounts = deemed_amounts(ran, np.array([1000.0]), rate, waiting=waiting)

    assert amounts.tolist() == [[100, 50, 1100]]


def test_a_unit_counts_from_its_own_first_operation_and_gives_its_whole_principal():
    units = plant(8, position=1.25)
    deemed = deemed_amounts(running(units, 12), np.array([999.0]), np.zeros((1, 12)))

    assert deemed[0, 0] == 0
    assert deemed[0, 1] == round(999 / 8 * 0.75)
    assert deemed.sum() == 999


SHARES = st.sampled_from([Fraction(1, 2), Fraction(1, 4), Fraction(3, 4), Fraction(7, 8)])
MONEY = st.lists(st.integers(0, 10**6), min_size=1, max_size=12)


@settings(deadline=None)
@given(cash=MONEY, due=st.data(), before=SHARES, after=SHARES, rate=st.sampled_from([None, 1.125]))
def test_the_vectors_say_what_the_loops_say(cash, due, before, after, rate):
    n = len(cash)
    needs = due.draw(st.lists(st.integers(0, 10**6), min_size=n, max_size=n))
    split = Split(float(before), float(after))
    growth = None if rate is None else np.full((1, n), rate)
    plain = by_loops.per_period(
        cash, needs, before, after, None if rate is None else [Fraction(rate)] * n
    )
    shared = per_period(np.array([cash]), np.array([needs]), split, growth)
    slack = 0 if rate is None else 2  # half cents, rounded on two ways

    assert np.abs(shared.us[0] - [us for us, _, _ in plain]).max() <= slack
    assert np.abs(shared.unmet[0] - [unmet for _, _, unmet in plain]).max() <= slack
    assert (shared.us + shared.japan == cash).all()

    one_time = needs[:1] + [0] * (n - 1)
    growths = np.full((1, n), rate or 1.0)
    plain = by_loops.cumulative(cash, one_time, before, after, [Fraction(rate or 1)] * n)
    shared = cumulative(np.array([cash]), np.array([one_time], float), split, growths)
    if rate is None:
        assert shared.us[0].tolist() == [us for us, _, _ in plain]
    assert (shared.us + shared.japan == cash).all()
