"""Rule files: found beside the config that names them, kept in it, hashed with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Write

from sim.config import config_hash, load, resolved_text
from sim.errors import ConfigError

MINIMAL = Path(__file__).parent / "minimal.yaml"
RULE = "def mine(view):\n    return view.ordinal - view.ordinal.min()\n"


@pytest.fixture
def named(write: Write) -> Path:
    """A config in a folder of its own that names a rule file beside it."""
    write("base.yaml", MINIMAL.read_text(encoding="utf-8"))
    write("own/rules.py", RULE)
    return write(
        "own/config.yaml",
        "schema: 1\nextends: ../base.yaml\npolicy:\n  selection: {ranking: rules.py:mine}\n",
    )


def test_the_text_of_a_rule_file_is_kept_and_hashed(named: Path, write: Write):
    loaded = load(named)
    assert loaded.config.rule_files == {"rules": RULE}
    assert loaded.config.policy.selection.ranking == "rules.py:mine"
    assert Path("own/rules.py") in loaded.files

    write("own/rules.py", RULE + "# another\n")
    assert config_hash(load(named).config) != config_hash(loaded.config)


@pytest.mark.parametrize("end", ["", "\t# a tab\n", "\n", "\n\n  \n# ü, 東京\n"])
def test_a_resolved_config_needs_no_file(named: Path, write: Write, end: str):
    write("own/rules.py", RULE + end)
    loaded = load(named)
    text = resolved_text(loaded)
    Path("own/rules.py").unlink()

    again = load(write("elsewhere/resolved.yaml", text))

    assert again.config.rule_files == {"rules": RULE + end}
    assert config_hash(again.config) == config_hash(loaded.config)
    assert resolved_text(again) == text


def test_two_files_of_one_name_are_kept_apart(named: Path, write: Write):
    write("rules.py", RULE + "# the other\n")
    sets = {"policy.investment_committee.ranking": "rules.py:mine"}

    config = load(named, sets).config

    names = {config.policy.selection.ranking, config.policy.investment_committee.ranking}
    assert names == {"rules.py:mine", "rules-2.py:mine"}
    assert len(set(config.rule_files.values())) == 2


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("gone.py:mine", RULE,
         r"own/config.yaml:4: policy.selection.ranking: there is no file own/gone.py that can be "
         r"read as text; accepted: a path relative to the file that names it"),
        ("rules.py:main", RULE,
         r"own/rules.py:1: main: there is no function main \(did you mean mine\?\), which "
         r"policy.selection.ranking names; accepted: mine"),
        ("rules.py:mine", "def mine(view:\n", r"own/rules.py:1: mine: is no Python"),
        ("rules.py", RULE, r"'rules.py' is not the name of a ranking rule; accepted: one of first_"
                           r"proposed, .*, or a function of yours as FILE.py:FUNCTION"),
    ],
)  # fmt: skip
def test_a_rule_that_is_not_there_is_refused_with_its_line(
    named: Path, write: Write, name: str, text: str, words: str
):
    write("own/rules.py", text)
    write(
        "own/config.yaml",
        f"schema: 1\nextends: ../base.yaml\npolicy:\n  selection: {{ranking: '{name}'}}\n",
    )
    with pytest.raises(ConfigError, match=words):
        load(named)


def test_loading_runs_no_code(named: Path, write: Write):
    write("own/rules.py", "open('trace', 'w').close()\n" + RULE)
    load(named)
    assert not Path("trace").exists()


def test_an_overlay_of_a_resolved_config_may_bring_a_file_of_the_same_name(
    named: Path, write: Write
):
    write("run/config.yaml", resolved_text(load(named)))
    write("over/rules.py", RULE + "# the other\n")
    overlay = write(
        "over/config.yaml",
        "schema: 1\nextends: ../run/config.yaml\n"
        "policy: {investment_committee: {ranking: rules.py:mine}}\n",
    )

    config = load(overlay).config

    assert config.policy.selection.ranking == "rules.py:mine"
    assert config.policy.investment_committee.ranking == "rules-2.py:mine"
    assert config.rule_files == {"rules": RULE, "rules-2": RULE + "# the other\n"}
