"""The delay ledger makes what it is asked for, and no part depends on what was made before."""

from __future__ import annotations

import numpy as np
import pytest
from support.configs import config_from, with_values

from sim.engine import replicate
from sim.events import RESPONSES, Kind, Replication
from sim.plan import Plan
from sim.results import Horizon, some_tables, tabulate
from sim.results.ledger import charging
from sim.results.ledger.charging import charge

PARTS = ("minutes", "hidden", "drag", "short_by_pool", "held", "held_short_by_pool")
CONFIG = config_from(with_values({"programme.envelope_usd_bn": 20}))  # not for all


@pytest.fixture(scope="module")
def left() -> Replication:
    return replicate(Plan.of(CONFIG), 1, 0)


def chosen(left: Replication) -> np.ndarray:
    """Whether each project was selected."""
    selected = left.log.project[left.log.kind == Kind.SELECTED]
    return np.isin(left.attributes.entity, selected)


def test_outcomes_alone_walk_the_chains_of_the_selected_and_say_what_all_tables_say(
    left: Replication, monkeypatch: pytest.MonkeyPatch
):
    walked = []

    class Counted(charging.Chain):
        def __init__(self, branches):
            walked.append(branches)
            super().__init__(branches)

    monkeypatch.setattr(charging, "Chain", Counted)
    horizon = Horizon(CONFIG)
    alone = some_tables([left], horizon, ("outcomes",))["outcomes"]
    assert 0 < len(walked) == np.count_nonzero(chosen(left)) < len(left.attributes.entity)
    whole = tabulate(left, CONFIG, horizon).outcomes
    for name in RESPONSES:
        assert np.array_equal(alone[name], whole[name], equal_nan=True), name


@pytest.mark.parametrize("first", PARTS)
def test_every_part_is_the_same_whichever_is_made_first(left: Replication, first: str):
    usual, other = charge(left), charge(left)
    getattr(other, first)
    for name in PARTS:
        assert np.array_equal(getattr(usual, name), getattr(other, name)), name
    assert usual.minutes.any()


def test_a_ledger_of_some_projects_has_their_rows_and_zeros(left: Replication):
    some = chosen(left)
    of_some, of_all = charge(left, some), charge(left)
    for name in PARTS:
        expected = np.where(some[:, np.newaxis], getattr(of_all, name), 0)
        assert np.array_equal(getattr(of_some, name), expected), name
