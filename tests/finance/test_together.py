"""Money of many replications at once: each has the bits it has alone, in any batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from drawn_terms import draws_for, finances
from hypothesis import given, settings
from hypothesis import strategies as st
from replications import base, replication
from support.configs import config_from
from support.generated_configs import LAWFUL, Tree, trees

from sim.config.schema import Config
from sim.engine import replicate
from sim.events import Replication
from sim.plan import Plan
from sim.results import Columns, Horizon, some_tables
from sim.results.finance import deal, returns, tables
from sim.results.finance.terms import Terms

MONEY = ("outcomes", "finance", "ledger", "distributions")
SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=4)


def tables_in(
    batches: Sequence[Sequence[Replication]], horizon: Horizon
) -> dict[str, list[Columns]]:
    """Tables of money of each batch."""
    made = [some_tables(batch, horizon, MONEY) for batch in batches]
    return {name: [one[name] for one in made] for name in MONEY}


def check_batches(left: Sequence[Replication], horizon: Horizon, sizes: list[int]) -> None:
    """One by one, and cut into batches of some sizes, there are the same bits."""
    cuts = np.cumsum([0, *sizes])
    batches = [left[begin:end] for begin, end in zip(cuts, [*cuts[1:], None], strict=True)]
    together = tables_in([batch for batch in batches if batch], horizon)
    for table, alone in tables_in([[one] for one in left], horizon).items():
        for name in alone[0]:
            one, other = (
                np.concatenate([made[name] for made in parts]) for parts in (alone, together[table])
            )
            assert one.dtype == other.dtype
            assert np.array_equal(one, other, equal_nan=one.dtype.kind in "fM"), (table, name)
    check_apart(left, horizon)


def check_apart(left: Sequence[Replication], horizon: Horizon) -> None:
    """What lasts long beside the rest or apart from it, wherever that spares a period."""
    whole = some_tables(left, horizon, MONEY)["outcomes"]
    with patch.object(deal, "SPARED", 1):
        apart = some_tables(left, horizon, ("outcomes",))["outcomes"]
    for name, column in whole.items():
        assert np.array_equal(column, apart[name], equal_nan=column.dtype.kind == "f"), name


@settings(LAWFUL, max_examples=25)
@given(trees(), st.integers(0, 99), SIZES)
def test_money_of_generated_configs_does_not_depend_on_the_batch(
    tree: Tree, seed: int, sizes: list[int]
):
    config = config_from(tree)
    plan = Plan.of(config)
    left = [replicate(plan, seed, number) for number in range(5)]

    check_batches(left, Horizon(config), sizes)


def terms_of(config: Config, data: st.DataObject) -> Horizon:
    horizon = Horizon(config)
    horizon.terms = Terms(config, data.draw(finances()))
    return horizon


@settings(deadline=None, max_examples=25)
@given(data=st.data(), sizes=SIZES)
def test_money_under_any_terms_does_not_depend_on_the_batch(data: st.DataObject, sizes: list[int]):
    """Whatever is read into the articles; some replications have plants that earn much more."""
    left = [replication(number) for number in range(6)]
    chosen = data.draw(st.integers(0, 5))
    left[chosen] = replace(left[chosen], operation=data.draw(draws_for(left[chosen])))

    check_batches(left, terms_of(base(), data), sizes)


def test_money_with_top_ups_does_not_depend_on_the_batch():
    topups = ("policy.overrun_paid_by", "japan_topup")
    left = [replication(number, topups) for number in range(4)]

    check_batches(left, Horizon(base(topups)), [3])


def test_a_sum_by_halves_is_caught(monkeypatch: pytest.MonkeyPatch):
    """A named small fault: what is summed over time depends on how many periods there are."""
    monkeypatch.setattr(returns, "over_time", lambda amounts: amounts.T.copy().sum(axis=1))

    with pytest.raises(AssertionError, match="outcomes"):
        check_batches([replication(number) for number in range(6)], Horizon(base()), [6])


def test_projects_apart_that_pay_for_each_other_are_caught(monkeypatch: pytest.MonkeyPatch):
    """A named small fault: the US takes from each set what Japan declined to fund, so twice."""
    terms = Horizon(base()).terms
    assert terms is not None
    monkeypatch.setattr(tables, "by_length", lambda of, _: deal.by_length(of, terms))
    taken = ("finance.sharing.recapture", "all_projects")
    left = [replication(number, ("nature.funding.decline_probability", 0.3)) for number in range(6)]

    with pytest.raises(AssertionError, match="irr_jbic"):
        check_apart(left, Horizon(base(taken)))
