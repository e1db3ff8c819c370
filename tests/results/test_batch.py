"""Replications that stand together have the tables that each has alone, to the bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.hand_made import hand_config, hand_replication

from sim.config import load
from sim.engine import replicate
from sim.errors import ModelError
from sim.events import Kind, Replication
from sim.events.schemas import TABLES
from sim.plan import Plan
from sim.results import Horizon, some_tables

CONFIGS = ("base", "configs/scenarios/escalation.yaml")


@pytest.mark.parametrize("name", CONFIGS)
def test_tables_of_a_batch_are_those_of_each_one_behind_the_other(name: str):
    config = load(name).config
    plan, horizon = Plan.of(config), Horizon(config)
    left = [replicate(plan, config.run.seed, number) for number in (3, 0, 7)]
    together = some_tables(left, horizon, TABLES)
    alone = [some_tables([one], horizon, TABLES) for one in left]
    for table, columns in together.items():
        for column, values in columns.items():
            expected = np.concatenate([one[table][column] for one in alone])
            assert values.dtype == expected.dtype, (table, column)
            assert values.tobytes() == expected.tobytes(), (table, column)
    assert len(set(together["outcomes"]["committed_usd_bn_by_end"])) == 3


def time_goes_back(made: Replication) -> Replication:
    return replace(made, log=replace(made.log, time=made.log.time[::-1]))


def a_stranger_is_there(made: Replication) -> Replication:
    attributes = made.attributes
    kept = attributes.entity != 0
    some = {name: getattr(attributes, name)[kept] for name in attributes.__dataclass_fields__}
    return replace(made, attributes=replace(attributes, **some))


def nothing_at_the_start(made: Replication) -> Replication:
    return replace(made, market=replace(made.market, time=made.market.time + 1))


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (time_goes_back, "time goes back in the event log"),
        (a_stranger_is_there, "project 'alpha' is in the log and not present"),
        (nothing_at_the_start, "market trace: '[a-z]+' has no step at minute 0"),
    ],
)
def test_a_fault_names_the_replication_it_is_in(spoil, fault: str):
    made = hand_replication()
    assert Kind.PROPOSED in made.log.kind
    left = [replace(made, replication=4), replace(spoil(made), replication=5)]
    with pytest.raises(ModelError, match=f"^replication 5[:,] {fault}"):
        some_tables(left, Horizon(hand_config()), ("outcomes",))
