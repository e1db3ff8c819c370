"""Debt service, default and the insurer, by hand and against plain loops."""

from __future__ import annotations

import by_loops
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from replications import base

from sim.results.finance.loans import (
    Debt,
    default_period,
    insure,
    of_lenders,
    schedule,
    serve,
)
from sim.results.finance.terms import Terms


def debt(interest: list[int], principal: list[int], rate: float = 0.0, loan: float = 1.0) -> Debt:
    shape = (1, len(interest))
    return Debt(
        interest=np.array([interest]), principal=np.array([principal]), rate=np.full(shape, rate),
        owed=np.zeros((2, *shape)), parts=np.array([[loan], [1 - loan]]),
        interest_part=np.full(shape, loan),
    )  # fmt: skip


def test_interest_comes_before_principal_and_what_is_short_is_carried():
    service = serve(debt([10, 10, 10], [50, 50, 0]), np.array([[30, 5, 200]]))

    assert service.interest.tolist() == [[10, 5, 15]]
    assert service.principal.tolist() == [[20, 0, 80]]
    assert service.surplus.tolist() == [[0, 0, 105]]


def test_arrears_bear_interest():
    service = serve(debt([100, 0, 0], [0, 0, 0], rate=0.1), np.array([[0, 0, 500]]))

    assert service.interest.tolist() == [[0, 0, 121]]


AMOUNTS = st.lists(st.integers(0, 10**6), min_size=8, max_size=8)


@settings(deadline=None)
@given(interest=AMOUNTS, principal=AMOUNTS, cash=AMOUNTS, rate=st.sampled_from([0.0, 0.0625]))
def test_service_in_vectors_is_service_in_loops(interest, principal, cash, rate):
    service = serve(debt(interest, principal, rate), np.array([cash]))
    plain = by_loops.serve(interest, principal, [rate] * 8, cash)
    found = np.stack([service.interest[0], service.principal[0], service.surplus[0]], axis=1)

    assert np.abs(found - np.array(plain)).max() <= (8 if rate else 0)
    assert (found.sum(axis=1) == cash).all()
    assert (found >= 0).all()


def test_interest_before_the_first_operation_becomes_principal():
    drawn, none = np.array([[[1000.0, 0, 0, 0, 0]]]), np.zeros((1, 1, 5))
    plan = schedule(
        np.concatenate([drawn, none]),
        np.concatenate([drawn / 2, none]),  # drawn in the middle of the first period
        np.full((2, 1, 5), 0.1),
        np.array([2]),
        np.array([[0, 0, 0, 0.5, 1.0]]),
    )

    # 1000 for half a period, then 1050 for one: 1155 are owed when the plant begins.
    assert plan.interest.tolist() == [[0, 0, 116, 115, 58]]
    assert plan.principal.tolist() == [[0, 0, 0, 578, 577]]
    assert round(plan.owed[0, 0, 4], 6) == 1155


def test_lenders_stand_pro_rata_and_the_insured_one_takes_the_odd_cent():
    of = debt([7, 7, 7], [0, 0, 11], loan=0.5)
    interest, principal, _ = of_lenders(of, serve(of, np.array([[7, 7, 18]])))

    assert interest.tolist() == [[[3, 3, 3]], [[4, 4, 4]]]
    assert principal.tolist() == [[[0, 0, 5]], [[0, 0, 6]]]


def test_a_default_is_interest_short_so_many_times_in_a_row_once_the_plant_runs():
    of = debt([10] * 6, [0] * 6)
    service = serve(of, np.array([[0, 0, 30, 0, 0, 0]]))

    assert default_period(service, np.array([0]), 2).tolist() == [1]
    assert default_period(service, np.array([1]), 2).tolist() == [4]
    assert default_period(service, np.array([1]), 4).tolist() == [6]  # never


def test_the_insurer_pays_its_part_later_and_takes_recoveries_up_to_its_claims():
    rows = lambda *values: np.array([values], np.int64)  # noqa: E731
    found = insure(
        rows(10, 10, 3, 0, 0, 0), rows(1000, 1000, 1000, 0, 0, 0),
        rows(0, 0, 1000, 0, 0, 0), rows(0, 0, 0, 0, 990, 10),
        cover=0.975, premium=0.008, delay=1,
    )  # fmt: skip

    assert found.premium.tolist() == [[8, 8, 3, 0, 0, 0]]  # out of interest only
    assert found.claim.tolist() == [[0, 0, 0, 975, 0, 0]]
    assert found.recovered.tolist() == [[0, 0, 0, 0, 975, 0]]


def test_no_loan_is_below_its_lenders_cost():
    cost = ("finance.loans.loan.cost_per_year", 0.06)
    config = base(cost)
    assert config.finance is not None
    gas = np.array([list(config.sectors).index("gas_power")])

    loan, insured = Terms(config, config.finance).loan_rate(gas, 20)[:, 0]

    assert loan.tolist() == [0.015] * 20  # its cost, above 3.6 to 4.0 + 1.5
    # From July 2025: 4.0 for two quarters, 3.6 for eight, 3.2 after; each with 1.5 on top.
    yearly = [0.055] * 2 + [0.051] * 8 + [0.047] * 10
    assert np.allclose(4 * insured, yearly)
