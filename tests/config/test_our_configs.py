"""The configs we publish: base, its overlays, and the table of their sources."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from sim.config import Loaded, load
from sim.config.ours import builtin_folder
from sim.config.yaml_lines import read_yaml
from sim.plan.plan import Plan
from sim.study.design.expected import expected_sectors, sector_mix

CONFIGS = builtin_folder()
BASE = CONFIGS / "base.yaml"
SCENARIOS = sorted((CONFIGS / "scenarios").glob("*.yaml"))
READINGS = sorted((CONFIGS / "readings").glob("*.yaml"))
BACKTEST = sorted((CONFIGS / "backtest").glob("*.yaml"))
OURS = [BASE, *SCENARIOS, *READINGS, *BACKTEST]

# In sources.yaml, but the source of no value: why each stands there all the same.
NOT_OF_A_VALUE = {
    "seed_000": "source article without a number of ours; quoted in the note of route_232",
    "seed_002": "source article without a number of ours",
    "seed_004": "source article; names sectors and regions, quoted in the reasons of size_*",
    "sector_groups": "explains article_group, a word and no number",
    # A row of portfolio.csv has one source; assumptions behind its other cells stand in its note.
    "completion_clean": "a row of backtest/checks.csv, which no config reads",
    "completion_fabs": "a row of backtest/checks.csv, which no config reads",
    "clinch_river_plan": "note of T2-01",
    "diamond_plan": "note of T1-03",
    "sites_smr": "notes of T2-01 and its second site",
    "ideas_carried": "notes of the ideas",
    "ideas_entry": "notes of the ideas",
    "named_permits_done": "notes of the named projects",
    "named_proposal_dates": "notes of the named projects",
    "round_one_loans": "notes of T1-01 to T1-03",
    "softbank_counted_in": "note of F-06",
}
# Shares of the expected proposals may leave the articles' bands by this much: the named projects
# come in lumps of up to 40 bn (5 % of 770), and 'other' is printed as one number.
TOLERANCE = 0.02


@cache
def ours(path: Path) -> Loaded:
    return load(path)


@cache
def plan(path: Path) -> Plan:
    return Plan.of(ours(path).config)


def stem(path: Path) -> str:
    return path.stem


every_config = pytest.mark.parametrize("path", OURS, ids=stem)
every_scenario = pytest.mark.parametrize("path", [*SCENARIOS, *READINGS, *BACKTEST], ids=stem)


def test_there_are_scenarios() -> None:
    assert len(SCENARIOS) >= 17


@every_config
def test_every_number_has_a_source_that_the_table_knows(path: Path) -> None:
    loaded = ours(path)

    assert loaded.unsourced == []
    assert loaded.no_source == frozenset()
    assert loaded.source_table
    assert set(loaded.sources.values()) <= loaded.source_table.keys()


@every_config
def test_every_config_says_what_it_is(path: Path) -> None:
    config = ours(path).config

    assert config.name == path.stem
    assert len(config.description) > 60
    if path != BASE:
        base = ours(BASE).config
        assert config.title != base.title
        assert config.description != base.description


@every_config
def test_every_config_compiles(path: Path) -> None:
    assert plan(path)


@every_scenario
def test_a_scenario_extends_the_base_and_differs_from_it(path: Path) -> None:
    root, problems = read_yaml(path)

    assert not problems
    assert root is not None
    assert root.plain()["extends"] == "../base.yaml"
    own_words = {"name", "title", "description"}
    changed = {key: value for key, value in ours(path).tree.items() if key not in own_words}
    assert changed != {key: ours(BASE).tree.get(key) for key in changed}
    assert changed["run"] == ours(BASE).tree["run"], "replications and luck are those of the base"


def test_the_base_expects_the_articles_mix() -> None:
    config = ours(BASE).config

    for line in sector_mix(config, expected_sectors(config, plan(BASE))):
        low, high = line.article_low - TOLERANCE, line.article_high + TOLERANCE
        assert low <= line.proposed <= high, line.label


def test_no_source_is_listed_for_nothing() -> None:
    used = {source for path in OURS for source in ours(path).sources.values()}
    for sweep in (CONFIGS / "sweeps").glob("*.yaml"):
        used |= set(re.findall(r"source: (\w+)", sweep.read_text("utf-8")))

    assert ours(BASE).source_table.keys() - used == NOT_OF_A_VALUE.keys()


def test_sources_named_only_in_notes_are_named_there() -> None:
    rows = (CONFIGS / "portfolio.csv").read_text("utf-8")
    in_notes = [key for key, why in NOT_OF_A_VALUE.items() if why.startswith("note")]

    assert [key for key in in_notes if key not in rows] == []
