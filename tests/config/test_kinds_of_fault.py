"""What trying it broke, a row for each kind: refused in these words, or equal to the plain one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from support.configs import MINIMAL, minimal_tree, with_values

from sim.config import cautions, config_hash, from_tree, load
from sim.errors import ConfigError

POOLS = "capacity.specialists.pools"
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "dollars typed for billions": (
        {"portfolio.projects.A-01.announced_usd_bn": 33_300_000_000},
        "33300000000 is out of range (Billions of dollars: is this in dollars?)",
    ),
    "dollars drawn": (
        {"pipelines.gas.cost_usd_bn": {"kind": "constant", "value": 5e9}},
        "goes up to 5e+09 (one draw in a thousand): is this in dollars?",
    ),
    "a removal of nothing": (
        {"portfolio.projects.F-99": None},
        "F-99: there is nothing of that name to take away; accepted: A-01",
    ),
    "an empty unknown key": (
        {"capacity.teams": {"label": "T", "count": 2, "peeple": None}},
        "capacity.teams.peeple: unknown key",
    ),
    "a state that is none": (
        {"portfolio.projects.A-01.region": "Peachtree"},
        "'Peachtree' is no state",
    ),
    "states divided by a comma": (
        {"pipelines.gas.region": "TX,OH"}, "'TX,OH' is no state (several are divided by ;)",
    ),
    "a state nearly spelled": (
        {"policy.selection.preferred_regions": ["Gorgia"]}, "did you mean GA?",
    ),
    "a week date": ({"programme.deadline": "2029-W03-5"}, "'2029-W03-5' is not a date"),
    "a date without dashes": ({"programme.deadline": "20290119"}, "'20290119' is not a date"),
    "a date beyond the calendars": (
        {"policy.selection.rounds": "dates", "policy.selection.dates": ["2050-01-04"]},
        "2050-01-04 is outside the calendars, whose holidays end with 2045-12-31",
    ),
    "an id that opens a formula": (
        {"article_mix.=cmd": {"label": "x", "share_low": 0, "share_high": 1}},
        "the key '=cmd' is not letters, digits, - and _",
    ),
    "an escape sequence": ({"title": "a\x1b[31m"}, "holds the control character U+001B"),
    "a lone surrogate": ({"title": "a\ud800"}, "holds the control character U+D800"),
    "a bidirectional override": ({"title": "a\u202eb"}, "holds the control character U+202E"),
    "a threshold twice": (
        {"report": {"envelope_thresholds": [0.5, 0.50]}},
        "0.5 is listed twice; accepted: each once",
    ),
    "a closure twice": (
        {"calendars": {"extra_closures": ["2027-01-04", "2027-01-04"]}},
        "2027-01-04 is listed twice",
    ),
    "a law longer than every run": (
        {"nature.call_desk_days.jbic": {"kind": "lognormal", "median": 10, "sigma": 4}},
        "nature.call_desk_days.jbic: goes up to 2.335e+06",
    ),
    "a window of ages": (
        {"policy.calls.first_window_business_days": 10**9}, "1000000000 is out of range",
    ),
    "a billion arrivals": ({"pipelines.gas.maximum": 10**9}, "accepted: a whole number from 1 to"),
    "a trillion replications": ({"run.replications": 10**12}, "run.replications: 10000000000"),
    "nobody of a craft": (
        {f"{POOLS}.electrical.people_at_start": 0},
        "project A-01 needs 1,455, and there are never more than 0: it would wait for ever",
    ),
    "a crew larger than the pool": (
        {"policy.staffing": "first_come_full_crew", f"{POOLS}.electrical.people_at_start": 1000},
        "project A-01 needs 1,455 at once, and there are never more than 1,000",
    ),
    "meetings after the deadline": (
        {"policy.consultation_committee.meetings":
            {"kind": "every", "business_days": 5, "first_day": "2030-01-07"}},
        "never comes to pass: all that waits for it would wait for ever",
    ),
}  # fmt: skip
EQUAL: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a whole number with a point": (
        {"capacity.facilities.jbic.desks": 6.0}, {"capacity.facilities.jbic.desks": 6},
    ),
    "a state by its name": (
        {"pipelines.gas.region": "ohio; Texas"}, {"pipelines.gas.region": "OH;TX"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("values", "words"), REFUSED.values(), ids=REFUSED)
def test_what_was_silently_wrong_is_refused(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(words)):
        from_tree(with_values(values))


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
