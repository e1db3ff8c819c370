"""Keys that do nothing where they stand are cautions of ``sim check``."""

from __future__ import annotations

from typing import Any

import pytest
from support.configs import config_from, minimal_tree

from sim.config import cautions
from sim.config.schema import Config


def told(tree: dict[str, Any]) -> list[str]:
    return told_of(config_from(tree))


def told_of(config: Config) -> list[str]:
    return [f"{'.'.join(one.path)}: {one.message}" for one in cautions(config)]


@pytest.mark.parametrize("free", [True, False])
def test_a_claim_on_what_has_no_limit(free: bool) -> None:
    tree = minimal_tree()
    tree["capacity"]["specialists"]["pools"]["electrical"]["unlimited"] = free
    tree["capacity"]["claims"] = {
        "korea": {"label": "Korea", "people": {"electrical": {"2027-01-01": 9}}}
    }
    where = "capacity.claims.korea.people.electrical"
    assert (f"{where}: does nothing: electrical is unlimited" in told(tree)) is free


@pytest.mark.parametrize("response", ["weighs_tariff", "always_fund", "as_disposed"])
def test_a_probability_of_refusals_that_nobody_reads(response: str) -> None:
    tree = minimal_tree()
    tree["nature"]["public_reaction"] = {"japan": {"calms_per_year": 1, "decline_probability": 0.5}}
    config = config_from(tree)
    funding = config.policy.funding.model_copy(update={"response": response})
    policy = config.policy.model_copy(update={"funding": funding})
    where = "nature.public_reaction.japan.decline_probability"
    message = f"{where}: does nothing with policy.funding.response: {response}"
    found = told_of(config.model_copy(update={"policy": policy}))  # without what a rule asks for
    assert (message in found) is (response != "as_disposed")


@pytest.mark.parametrize("months", [0, 12])
def test_a_rise_of_costs_over_a_wait_of_nothing(months: float) -> None:
    tree = minimal_tree()
    tree["nature"]["cost_year_ratio"] = {"gas": {"kind": "constant", "value": 1.05}}
    tree["nature"]["months_to_selection"] = months
    message = "is 0, so that cost_year_ratio counts no rise while a proposal waits"
    assert (f"nature.months_to_selection: {message}" in told(tree)) is (months == 0)


def test_a_factor_on_permits_where_nobody_builds() -> None:
    tree = minimal_tree()
    tree["nature"]["permits_by_state"] = {"OH": 2, "TX": 2}
    tree["portfolio"]["projects"]["A-01"]["region"] = "OH"
    assert "nature.permits_by_state: no project and no pipeline lies in TX" in told(tree)
