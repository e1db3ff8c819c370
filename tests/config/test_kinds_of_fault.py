"""What trying it broke: other spellings of the same, and mistakes that were told elsewhere.

What is refused stands in ``refusals/kinds_of_fault.txt``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.configs import MINIMAL, minimal_tree, with_values

from sim.config import cautions, config_hash, from_tree, load
from sim.errors import ConfigError

EQUAL: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a whole number with a point": (
        {"capacity.facilities.jbic.desks": 6.0}, {"capacity.facilities.jbic.desks": 6},
    ),
    "a state by its name": (
        {"pipelines.gas.region": "ohio; Texas"}, {"pipelines.gas.region": "OH;TX"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("values", "plain"), EQUAL.values(), ids=EQUAL)
def test_another_spelling_is_the_same_config(values: dict[str, Any], plain: dict[str, Any]) -> None:
    assert config_hash(from_tree(with_values(values))) == config_hash(from_tree(with_values(plain)))


def test_a_length_without_end_is_sound() -> None:
    assert from_tree(with_values({"policy.enforcement.relief_days": 1e300}))


def test_an_overlays_mistake_is_told_at_the_overlay(tmp_path: Path) -> None:
    path = tmp_path / "mode.yaml"
    path.write_text(
        f"schema: 1\nextends: {MINIMAL}\nsectors:\n  gas:\n    construction:\n"
        "      outcome_months:\n        mode: 60\n",
        "utf-8",
    )
    with pytest.raises(ConfigError, match=r"mode\.yaml:7: sectors\.gas\.construction\.outcome"):
        load(path)


@pytest.mark.parametrize("to", ["a" * 5000, '"a\\0b"', "/etc"])
def test_extends_of_what_is_no_file_is_refused(tmp_path: Path, to: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(f"schema: 1\nextends: {to}\n", "utf-8")
    with pytest.raises(ConfigError, match=r"x\.yaml:2: extends: there is no file"):
        load(path)


def test_cautions_name_listed_states_in_which_nobody_lies() -> None:
    tree = minimal_tree()
    tree["capacity"]["specialists"]["pools"]["gulf"] = {
        "label": "G", "craft": "electrical", "states": ["TX"], "people_at_start": 5,
    }  # fmt: skip

    assert [one.message for one in cautions(from_tree(tree))] == [
        "no project and no pipeline lies in TX"
    ]


@pytest.mark.parametrize("carried", [False, True])
def test_money_that_ends_is_a_caution_unless_it_is_carried_over(carried: bool) -> None:
    tree = minimal_tree()
    cash = {"currency": "usd", "first_year": 100, "carry_over": carried}
    cash |= {"per_fiscal_year": {2026: 100, 2027: 0}}
    tree["capacity"]["facilities"]["jbic"]["cash"] = cash

    told = [one.message for one in cautions(from_tree(tree))]

    waits = "is 0 from fiscal year 2027 on: calls that come then wait for ever"
    assert (waits in told) is not carried


def sold_ahead(**hazards: float) -> list[str]:
    """Cautions about a plant sold ahead, without hazards or with a factor on its cancellations."""
    tree = minimal_tree()
    tree["portfolio"]["projects"]["A-01"]["offtake_share"] = 0.5
    if hazards:
        rates = {"pauses_per_year": 0.1, "cancellations_per_year": 0.5}
        pause = {"pause_months": {"kind": "constant", "value": 1}}
        tree["nature"]["hazards"] = {
            "before_building": rates,
            "building": rates,
            **pause,
            **hazards,
        }
    return [f"{'.'.join(one.path)}: {one.message}" for one in cautions(from_tree(tree))]


def test_cautions_name_a_plant_sold_ahead_that_is_cancelled_as_often() -> None:
    where = "portfolio.projects.A-01.offtake_share: does nothing without"

    assert sold_ahead() == [f"{where} nature.hazards"]
    assert sold_ahead(cancellations_with_offtake=1) == [
        f"{where} cancellations_with_offtake below 1"
    ]
    assert sold_ahead(cancellations_with_offtake=0.3) == []


def test_what_is_sold_ahead_is_the_same_for_all_sites_of_a_project() -> None:
    tree = minimal_tree()
    rows = tree["portfolio"]["projects"]
    rows["A-02"] = rows["A-01"] | {"site_of": "A-01", "offtake_share": 0.5}
    with pytest.raises(ConfigError, match=r"offtake_share is 0\.5, and 0.* of A-01"):
        from_tree(tree)
