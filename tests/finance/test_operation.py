"""What units earn and set aside, by hand."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.results.finance.operation import Units, in_ranks, operate, over_projects, running


def unit(**changes: float) -> Units:
    values = {"position": 0.0, "share": 1.0, "life": 6.0, "ramp": 0.0, "cash": 100.0,
              "refresh_every": 0.0, "refresh_cents": 0.0} | changes  # fmt: skip
    return Units(row=np.zeros(1, np.int64), **{k: np.array([v]) for k, v in values.items()})


def test_a_unit_energised_within_a_period_earns_the_rest_of_it_and_ends_as_far_into_its_last():
    cash = operate(running(unit(position=0.75), 8), 1)

    assert cash.earned.tolist() == [[25, 100, 100, 100, 100, 100, 75, 0]]
    assert cash.distributed.tolist() == cash.earned.tolist()


def test_output_rises_evenly_over_the_ramp():
    # 1/4, 3/4 of an eighth of the way: half of two periods is lost.
    assert operate(running(unit(ramp=2.0), 7), 1).earned.tolist() == [
        [25, 75, 100, 100, 100, 100, 0]
    ]


def test_renewal_is_set_aside_before_it_is_due_and_never_for_the_end_of_the_life():
    cash = operate(running(unit(refresh_every=3.0, refresh_cents=90.0), 7), 1)

    assert cash.distributed.tolist() == [[70, 70, 70, 100, 100, 100, 0]]
    assert cash.refreshed.tolist() == [[0, 0, 90, 0, 0, 0, 0]]


def test_a_renewal_that_cash_cannot_pay_is_made_up_for_and_spends_what_is_there():
    cash = operate(running(unit(cash=20.0, refresh_every=3.0, refresh_cents=90.0), 7), 1)

    assert cash.distributed.tolist() == [[0, 0, 0, 0, 10, 20, 0]]
    assert cash.refreshed.tolist() == [[0, 0, 60, 20, 10, 0, 0]]


def test_what_is_set_aside_in_vain_is_distributed_with_the_last_cash():
    units = unit(life=6.0, ramp=12.0, cash=120.0, refresh_every=4.0, refresh_cents=1000.0)
    cash = operate(running(units, 8), 1)

    assert cash.earned.sum() == cash.refreshed.sum() + cash.distributed.sum()


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 9), st.floats(1, 30), st.floats(0, 8), st.integers(0, 10**9),
            st.sampled_from([0.0, 2.5, 5.0, 7.0]), st.integers(0, 10**9),
        ),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_what_is_earned_is_renewed_or_distributed_to_the_cent(rows: list[tuple[float, ...]]):
    position, life, ramp, cash, every, price = (np.array(c, float) for c in zip(*rows, strict=True))
    n = len(rows)
    units = Units(np.zeros(n, np.int64), position, np.ones(n) / n, life, ramp, cash, every, price)
    money = operate(running(units, 45), 1)

    assert money.earned.sum() == money.refreshed.sum() + money.distributed.sum()
    assert (money.distributed >= 0).all()
    assert (money.refreshed >= 0).all()
    assert abs(money.earned.sum() - np.sum(cash * np.where(
        life < ramp, life**2 / (2 * np.maximum(ramp, 1e-9)), life - ramp / 2))) <= 1  # fmt: skip


def test_units_are_summed_by_project_in_ranks():
    by_project, amounts = np.array([1, 4, 4, 4, 6, 6]), np.array([1.0, 20, 21, 22, 300, 301])
    order = in_ranks(by_project)
    units = Units(by_project[order], *(np.zeros(6),) * 7)

    assert units.row.tolist() == [4, 6, 1, 4, 6, 4]
    total = over_projects(units, amounts[order, np.newaxis], 8)
    assert total[:, 0].tolist() == [0, 1, 0, 0, 63, 0, 601, 0]
