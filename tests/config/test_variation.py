"""A point's config made from the base's own: the same as made anew, in everything but the time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.alone import alone
from support.configs import minimal_tree, with_values
from support.interrupted import interrupted

from sim.config import Config, config_hash, load, load_tree, varied
from sim.config.findings import CHECKS
from sim.config.ours import builtin_folder
from sim.config.overlay import apply_override, override_nodes, prune
from sim.errors import ConfigError
from sim.study.design.named_overlays import read_overlays
from sim.study.design.sweep_config import load_sweep

CONFIGS = builtin_folder()
BASE = load(CONFIGS / "base.yaml").tree
SWEEPS = sorted((CONFIGS / "sweeps").glob("*_small.yaml"))
TREE = minimal_tree()


def outcome(make: Callable[[], Config]) -> Any:
    """All there is to know of a config, types of numbers included; or every problem."""
    try:
        config = make()
    except ConfigError as error:
        return list(error.problems)
    return repr(config.model_dump()), config_hash(config)


def both(tree: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    """What comes of values, which is the same both ways."""
    short = outcome(lambda: varied(tree, values))
    assert short == outcome(lambda: load_tree(tree, values).config), values
    return short


@pytest.fixture
def never_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The base's config is there; from now on making one anew fails."""
    varied(BASE, {})

    def refuse(*given: Any) -> None:
        raise AssertionError("a config was made anew")

    monkeypatch.setattr("sim.config.variation.load_tree", refuse)


@pytest.mark.parametrize("path", SWEEPS, ids=lambda path: path.stem)
def test_the_points_of_our_sweeps_are_the_configs_they_would_be_anew(path: Path) -> None:
    sweep = load_sweep(path)
    for number in {1, len(sweep.design) - 1}:
        found = both(sweep.base.tree, sweep.design.point(number))
        assert isinstance(found, tuple)


def test_readings_laid_on_the_base_are_the_configs_they_would_be_anew() -> None:
    for values in list(read_overlays(CONFIGS / "readings").values())[::4]:
        assert isinstance(both(BASE, values), tuple)


def test_sound_values_of_every_form_are_laid_on_what_is_there(never_anew: None) -> None:
    for values in SOUND:
        varied(BASE, values)


SOUND: list[dict[str, Any]] = [
    {},
    {"capacity.teams.count": 7, "policy.funding.response": "as_disposed"},
    {"capacity.teams.count": {"2027-01-01": 5, "2025-01-01": 9}},  # in no order
    {"calendars.extra_closures": ["2026-05-05"]},
    {"policy.investment_committee.meetings": {"business_days": 12, "agenda": None}},
    {"nature.round_interval_days": {"kind": "constant", "value": 90}},  # of another kind
    {"nature.round_interval_days.mean": {"value": 100, "source": "nobody"}},
    {"portfolio.projects.T1-01.note": "told otherwise"},
    {"title": "Another", "name": "other"},
]
REFUSED: list[dict[str, Any]] = [
    {"capacity.teams.count": -1},
    {"capacity.teams.count": "some", "policy.funding.respons": "as_disposed"},
    {"nature.round_interval_days.kind": "constant"},
    {"nature.funding.decline_probability": None, "programme": None},
    {"capacity.specialists.gap.date": "2025-09-01"},
    {"policy.calls.slices.half.share": 0.4},
    {"portfolio.projects.NOBODY.units": 2},
    {"portfolio.projects.T1-01.id": None, "schema": 2},
    {"policy.staffing": "nowhere.py:share"},
    {"portfolio.file": "nowhere.csv"},
    {"sources": {}},
    {"programme.run_out": "2029-01-19"},
    {"title": {1, 2}},
]


@pytest.mark.parametrize("values", SOUND + REFUSED, ids=str)
def test_what_comes_of_values_is_the_same_both_ways(values: dict[str, Any]) -> None:
    assert isinstance(both(BASE, values), list) == (values in REFUSED)


def _places(tree: Any, path: str = "") -> list[str]:
    if not isinstance(tree, Mapping) or not tree:
        return [path]
    below = [place for key, value in tree.items() for place in _places(value, f"{path}.{key}")]
    return [path, *below] if path else below


PLACES = [place.removeprefix(".") for place in _places(TREE)]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 400),
    st.floats(0, 1),
    st.sampled_from(["none", "2026-03-01", "unlimited", "uniform", [], {}, ["2027-01-01"]]),
    st.fixed_dictionaries({"kind": st.just("uniform"), "low": st.just(1), "high": st.just(5)}),
    st.fixed_dictionaries({"value": st.integers(0, 9), "source": st.sampled_from(["S1", None])}),
    st.fixed_dictionaries({"2026-06-01": st.integers(0, 9), "2024-06-01": st.integers(0, 9)}),
)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(values=st.dictionaries(st.sampled_from(PLACES), VALUES, max_size=3))
def test_any_values_at_any_places_come_to_the_same_both_ways(values: dict[str, Any]) -> None:
    both(TREE, values)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(
    paths=st.lists(st.sampled_from(PLACES), unique=True, min_size=1, max_size=3),
    rows=st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=2, max_size=4),
)
def test_points_one_after_another_come_to_the_same_both_ways(
    paths: list[str], rows: list[list[Any]]
) -> None:
    """A point is made from the last one where the same paths have values there."""
    for row in rows:
        both(TREE, dict(zip(paths, row, strict=False)))


_POOLS = "capacity.specialists.pools"
AFTER: list[list[dict[str, Any]]] = [
    [{"capacity.teams.count": one, "title": "A"} for one in (7, 8, 7.0, True)],
    [{_POOLS: {one: {"people_at_start": 9e5}}} for one in ("electrical", "supervision")],
    [{"nature.round_interval_days": {"kind": "constant", "value": 90}}]
    + [{"nature.round_interval_days": {"mean": one}} for one in (100, 200)],
    [{f"nature.round_interval_days.{key}": 90} for key in ("mean", "value", "mean")],
    [{"policy.selection.growth_per_round": one} for one in (1.1, None, 1.2, 1)],
    [{"title": one, "portfolio.projects.T1-01.units": 2} for one in ("A", "B")],
    [{"capacity.teams.count": {one: 5, "2025-01-01": 9}} for one in ("2027-01-01", "2024-01-01")],
    [{"capacity.specialists.gap": {"people": 1e5}, "capacity.specialists.gap.people": one}
     for one in (2e5, 3e5)],
    [{"policy.calls.slices.half.share": one} for one in (0.25, 0.4, 0.25)],
]  # fmt: skip


@pytest.mark.parametrize("points", AFTER, ids=lambda points: next(iter(points[0])))
def test_a_point_keeps_nothing_of_the_one_before_it(points: list[dict[str, Any]]) -> None:
    assert tuple in {type(both(BASE, values)) for values in [*points, points[0]]}


def test_of_a_point_like_the_last_one_only_what_differs_is_made_and_checked() -> None:
    values = {"capacity.teams.count": 7, "capacity.specialists.gap.people": 1e5}
    first = varied(BASE, values)
    second = varied(BASE, values | {"capacity.teams.count": 8})
    assert second.capacity.specialists is first.capacity.specialists
    assert second.capacity.teams is not first.capacity.teams
    assert second.policy is first.policy


def test_values_do_not_stay_on_the_base() -> None:
    before = outcome(lambda: load_tree(BASE).config)
    for values in SOUND + REFUSED:
        outcome(lambda values=values: varied(BASE, values))
    assert outcome(lambda: varied(BASE, {})) == before


def test_another_tree_is_answered_by_itself() -> None:
    other = minimal_tree()
    other["programme"]["envelope_usd_bn"] = 123
    envelopes = [varied(tree, {}).programme.envelope_usd_bn for tree in (BASE, other, BASE)]
    assert envelopes == [550, 123, 550]


def test_a_tree_that_values_must_mend_is_made_anew() -> None:
    tree = minimal_tree()
    start = tree["programme"].pop("start")
    (problem,) = both(tree, {})
    assert (problem.path, problem.message) == ("programme.start", "is required and missing")
    assert isinstance(both(tree, {"programme.start": start}), tuple)


def test_a_table_of_sources_in_the_tree_has_to_know_those_of_values() -> None:
    test = {"kind": "assumption", "reason": "a test", "range": "any"}
    tree = minimal_tree() | {"sources": {"test": test}}
    found = both(tree, {"capacity.teams.count": {"value": 3, "source": "nobody"}})
    assert "source 'nobody' is not in the table of sources" in found[0].message
    assert isinstance(both(tree, {"capacity.teams.count": 3}), tuple)


READ: list[dict[str, Any]] = [
    {},
    {"policy.staffing": "priority", "policy.equipment_orders": "whole_order"},
    {"policy.staffing": "first_come_full_crew", "capacity.power": None},
    {"policy.overrun_paid_by": "japan_topup", "programme.history": "ignore"},
    {"capacity.specialists.gap.people": 5e6, "capacity.teams.count": 0},
    {"capacity.facilities.jbic.signs_until": "2026-01-01", "capacity.yen_per_usd": None},
    {"policy.calls.slices.half.share": 0.4, "policy.selection.preferred_regions": ["AK"]},
]


@pytest.mark.parametrize("values", READ, ids=str)
def test_a_check_reads_no_place_but_those_it_names(values: dict[str, Any]) -> None:
    """So that none need be run again while these places stay; whatever it finds there."""
    root = load_tree(BASE).root
    sets, _ = override_nodes(values)
    for keys, node in sets.items():
        assert not apply_override(root, keys, node)
    prune(root)
    config = Config.model_validate(root.plain())
    for check, places in CHECKS.items():
        assert list(check(alone(config, places))) == list(check(config))


def test_the_hash_of_a_config_is_that_of_its_whole_text() -> None:
    """Made section by section, it is what it was when all were written at once."""
    for values in ({}, {"capacity.teams.count": 3}, {"finance": None, "trade": None}, {}):
        values = {**values, "portfolio.projects.T1-01.note": "told otherwise"}
        config = load_tree(BASE, values).config
        plain = config.model_dump(mode="json", by_alias=True)
        for key in ("name", "title", "description", "run"):
            del plain[key]
        del plain["portfolio"]["file"], plain["report"]["steps"]
        for project in plain["portfolio"]["projects"].values():
            del project["source"], project["note"]
        text = json.dumps(plain, separators=(",", ":"))
        assert config_hash(config) == hashlib.sha256(text.encode()).hexdigest()


def test_a_config_with_the_hash_of_a_checked_one_is_not_checked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checked = config_hash(varied(BASE, {"capacity.teams.count": 7}))
    looked: list[Config] = []
    monkeypatch.setattr("sim.config.variation.sound", lambda config, _: looked.append(config))
    assert config_hash(varied(BASE, {"capacity.teams.count": 7}, checked)) == checked
    assert not looked
    varied(BASE, {"capacity.teams.count": 8}, checked)
    assert len(looked) == 1


def test_a_thread_gets_the_config_of_its_own_tree_whatever_others_ask_for() -> None:
    mine, others = minimal_tree(), with_values({"programme.deadline": "2029-06-30"})
    config = interrupted(varied, mine, {}, by=lambda: varied(others, {}))
    assert config == load_tree(mine).config
