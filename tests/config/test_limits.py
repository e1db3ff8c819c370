"""What can be mended in a config, and the steps against it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.configs import MINIMAL

from sim.config import load, load_tree
from sim.config.limits import capacities, laid_on, limits, names_of_capacities
from sim.config.ours import builtin_folder
from sim.errors import DesignError
from sim.events import LEDGER_CAUSES
from sim.study.design.against import steps_against, without_limit

STEP = """
schema: 1
extends: minimal.yaml
report:
  steps:
    team:
      capacity: teams
      label: one team
      overlay: {capacity: {teams: {count: {add: 1}}}}
"""


@pytest.fixture(scope="module")
def base():
    return load(builtin_folder() / "base.yaml")


@pytest.fixture
def with_step(tmp_path: Path):
    """A config of one step, with ``more`` at its end."""
    (tmp_path / "minimal.yaml").write_text(MINIMAL.read_text("utf-8"), "utf-8")

    def write(more: str = "", step: str = STEP):
        path = tmp_path / "mine.yaml"
        path.write_text(step + more, "utf-8")
        return load(path)

    return write


def test_without_a_capacity_of_the_base_that_capacity_and_no_other_is_gone(base):
    """Times that become nothing are still there, with nothing in them."""
    there = capacities(base.config)
    still = {"appraisal", "permits", "development"}
    for name, one in there.items():
        left = capacities(load_tree(base.tree, one.lifted).config)
        assert set(there) - set(left) == {name} - still, name


def test_the_days_of_a_capacity_have_causes_of_the_ledger(base):
    for name, one in capacities(base.config).items():
        assert one.label, name
        assert set(one.causes) <= set(LEDGER_CAUSES), name


def test_every_capacity_can_be_named_by_a_step(base):
    assert set(capacities(base.config)) <= set(names_of_capacities(base.config))


def test_lifting_a_single_limit_leaves_all_others(base):
    there = {one.resource for one in limits(base.config)}
    for one in limits(base.config):
        left = {two.resource for two in limits(load_tree(base.tree, one.lifted).config)}
        assert there - left == {one.resource}


def test_every_step_of_the_base_makes_a_sound_config_that_is_another_one(base):
    steps = steps_against(base)
    assert len(steps) == len(base.config.report.steps)
    for name, overlay in steps.items():
        assert load_tree(base.tree, overlay).config != base.config, name


def test_the_base_has_a_step_against_every_capacity_that_can_be_bought(base):
    against = {step.capacity for step in base.config.report.steps.values()}
    assert set(capacities(base.config)) - against == {"nexi", "equity"}


def test_a_step_adds_to_what_the_config_at_hand_has(with_step):
    more = with_step("capacity: {teams: {count: 7}}\n")
    assert steps_against(more) == {"step team": {"capacity": {"teams": {"count": 8}}}}


def test_nobody_buys_more_of_what_has_no_limit(with_step):
    free = with_step("capacity: {teams: {count: unlimited}}\n")
    assert steps_against(free) == {}
    assert "teams" not in without_limit(free)


def test_a_step_adds_to_every_entry_of_a_list_and_leaves_other_values():
    tree = {"sizes": [1, 2], "kind": "x"}
    assert laid_on(tree, {"sizes": {"add": 2}, "kind": "y", "new": {"a": None}}) == {
        "sizes": [3, 4],
        "kind": "y",
        "new": {"a": None},
    }


def test_a_step_that_adds_to_no_number_is_refused_where_it_stands(with_step):
    loaded = with_step(step=STEP.replace("count: {add", "label: {add"))
    with pytest.raises(DesignError, match=r"steps.team.overlay.capacity.teams.label: nothing"):
        steps_against(loaded)


def test_steps_do_not_make_another_run_of_a_config(with_step):
    from sim.config import config_hash

    one, two = with_step(), with_step(step=STEP.replace("one team", "a team"))
    assert one.config != two.config
    assert config_hash(one.config) == config_hash(two.config) == config_hash(load(MINIMAL).config)
