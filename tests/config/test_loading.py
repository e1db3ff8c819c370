"""What loading gives: a frozen config, its resolved text, its hash, its paths."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from support.configs import MINIMAL, changed, config_from, minimal_tree

from sim.config import (
    ConfigError,
    config_hash,
    from_tree,
    json_schema,
    load,
    load_tree,
    parse_sets,
    paths,
    resolved_text,
)
from sim.config.nodes import bad_character
from sim.config.schema_paths import unit_of

Write = Callable[..., Path]
BASE = MINIMAL.parents[2] / "configs" / "base.yaml"


def test_the_minimal_config_loads_alike_from_file_and_tree() -> None:
    loaded = load(MINIMAL)
    assert loaded.config.name == "minimal"
    assert loaded.config.programme.deadline == date(2029, 1, 19)
    tree = {**minimal_tree(), "name": "minimal"}
    assert config_from(tree) == loaded.config
    assert loaded.files == (MINIMAL,)


def test_a_config_is_frozen() -> None:
    loaded = load(MINIMAL)
    with pytest.raises(ValidationError, match="frozen"):
        loaded.config.programme.envelope_usd_bn = 1  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="config"):
        loaded.config = None  # type: ignore[misc, assignment]


def test_a_tree_may_hold_dates_tuples_and_numpy_numbers() -> None:
    tree = minimal_tree()
    tree["programme"]["start"] = date(2026, 1, 1)
    tree["programme"]["envelope_usd_bn"] = np.float64(550)
    tree["run"]["seed"] = np.int64(3)
    tree["capacity"]["teams"]["count"] = {date(2026, 1, 1): 4, date(2027, 1, 1): 6}
    tree["report"] = {"envelope_thresholds": (0.5, 0.9)}
    config = from_tree(tree)
    assert config.run.seed == 3
    assert config.capacity.teams.count == {date(2026, 1, 1): 4, date(2027, 1, 1): 6}


def test_a_tree_takes_overrides_and_no_extends() -> None:
    assert from_tree(minimal_tree(), {"run.seed": 9}).run.seed == 9
    with pytest.raises(ConfigError, match=r"^<tree>: extends: unknown key; accepted: "):
        from_tree({**minimal_tree(), "extends": "base.yaml"})


def test_a_tree_is_not_changed_by_loading() -> None:
    tree = minimal_tree()
    tree["programme"]["envelope_usd_bn"] = {"value": 5, "source": "S"}
    before = deepcopy(tree)
    from_tree(tree)
    assert tree == before


def _reloaded(text: str, folder: Path) -> Any:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def assert_fixed_point(loaded: Any, folder: Path) -> None:
    text = resolved_text(loaded)
    again = _reloaded(text, folder)
    assert again.config == loaded.config
    assert again.sources == loaded.sources
    assert again.unsourced == loaded.unsourced
    assert config_hash(again.config) == config_hash(loaded.config)
    assert resolved_text(again) == text
    assert len(again.files) == 1


def test_resolved_text_is_a_fixed_point_and_stands_alone(write: Write, tmp_path: Path) -> None:
    write("base.yaml", changed(
        ("portfolio:\n", "portfolio:\n  file: rows.csv\n"),
        ("envelope_usd_bn: 550", "envelope_usd_bn: {value: 5.5e2, source: mou}"),
        ("low: 28, mode: 33, high: 54", "low: 28, mode: 33, high: 54, source: mou"),
        ("reading: cap", "reading: {value: cap, source: mou}"),
    ))  # fmt: skip
    write("rows.csv", "id,name,kind,sector,announced_usd_bn,proposed_date,source,note\n"
                      'B-01,"Plant: B, #1",project,gas,1.5,2026-02-01,mou,"say ""yes"""\n'
                      "C-01,123,project,gas,2,2026-02-01,mou,\n")  # fmt: skip
    write("sources.yaml", "sources:\n"
                          "  mou: {kind: published, title: 'A: b', url: u, date: 2025-09-04}\n"
                          "  test: {kind: assumption, reason: r, range: [1, x]}\n"
                          "  unused: {kind: assumption, reason: r, range: any}\n")  # fmt: skip
    write("mine.yaml", "extends: base.yaml\nportfolio: {projects: {B-01: {announced_usd_bn: 3}}}\n")
    sets = parse_sets(["portfolio.projects.C-01.units=2", "sectors.gas.labour.specialist_share=0"])
    loaded = load("mine.yaml", sets)
    assert loaded.sources["sectors.gas.labour.specialist_share"] == "override"
    (tmp_path / "run").mkdir()
    assert_fixed_point(loaded, tmp_path / "run")
    text = resolved_text(loaded)
    assert "name: mine\n" in text
    assert "envelope_usd_bn: {value: 550, source: mou}" in text
    assert "{kind: triangular, low: 28, mode: 33, high: 54, source: mou}" in text
    assert "units: {value: 2, source: override}" in text
    assert "announced_usd_bn: {value: 3, source: null}" in text
    assert "unused" not in text
    assert "extends" not in text.replace("extends and files resolved", "")
    assert "rows.csv" not in text


def test_a_project_set_as_a_whole_keeps_its_source_and_resolves(tmp_path: Path) -> None:
    row = minimal_tree()["portfolio"]["projects"]["A-01"]
    values = {"portfolio.projects.B-01": row, "portfolio.projects.A-01.source": "other"}
    loaded = load(MINIMAL, {**values, "policy.calls.reading": "floor"})
    assert loaded.config.portfolio.projects["A-01"].source == "other"
    assert loaded.sources["portfolio.projects.A-01.announced_usd_bn"] == "test"
    assert loaded.sources["portfolio.projects.B-01.announced_usd_bn"] == "test"
    assert loaded.sources["policy.calls.reading"] == "override"
    assert_fixed_point(loaded, tmp_path)


@pytest.mark.skipif(not BASE.exists(), reason="no base config here")
def test_resolved_text_of_the_base_config_is_a_fixed_point(tmp_path: Path) -> None:
    assert_fixed_point(load(BASE), tmp_path)


TEXTS = st.text(max_size=12).filter(lambda text: not bad_character(text)) | st.sampled_from(
    ["yes", "null", "~", "1e6", "2026-01-01", "a: b", "#x", "- a", "{", "*a", "&a", "!t", "'", '"',
     "%a", "@a", "a\nb", " a ", "\t", "\u2028", "007", "=", "<<", "|", ">", "true", "日本"]
)  # fmt: skip
SHARES = st.floats(0, 1) | st.sampled_from([0.0, 1.0, 1e-9, 0.1 + 0.2, -0.0])


@settings(derandomize=True, deadline=None, max_examples=40)
@given(
    title=TEXTS,
    label=TEXTS,
    share=SHARES,
    amount=st.floats(0, 1e6) | st.integers(0, 10**6),
    sources=st.lists(st.sampled_from(["S1", "S2", "null: x", None]), min_size=4, max_size=4),
)
def test_any_text_and_number_survives_the_resolved_text(
    tmp_path_factory: pytest.TempPathFactory,
    title: str,
    label: str,
    share: float,
    amount: float,
    sources: list[str | None],
) -> None:
    def sourced(value: Any, number: int) -> Any:
        source = sources[number]
        return value if source is None else {"value": value, "source": source}

    tree = {**minimal_tree(), "title": title}
    tree["sectors"]["gas"]["label"] = sourced(label, 0)
    tree["sectors"]["gas"]["labour"]["specialist_share"] = sourced(share, 1)
    tree["programme"]["envelope_usd_bn"] = sourced(amount, 2)
    tree["portfolio"]["projects"]["A-01"]["announced_usd_bn"] = sourced(amount, 3)
    tree["portfolio"]["projects"]["A-01"]["note"] = title
    assert_fixed_point(load_tree(tree), tmp_path_factory.mktemp("resolved"))


def test_the_hash_tells_what_decides_a_replication() -> None:
    def hash_of(values: dict[str, Any]) -> str:
        return config_hash(from_tree(minimal_tree(), values))

    same = hash_of({})
    assert len(same) == 64
    for values in (
        {"run.seed": 5}, {"run.replications": 9}, {"title": "T"}, {"description": "D"},
        {"name": "other"}, {"programme.envelope_usd_bn": 550.0},
        {"programme.envelope_usd_bn": {"value": 550, "source": "S"}},
        {"portfolio.projects.A-01.source": "other"}, {"calendars.japan_bank_days": True},
    ):  # fmt: skip
        assert hash_of(values) == same, values
    for values in (
        {"programme.envelope_usd_bn": 551}, {"capacity.teams.count": "unlimited"},
        {"portfolio.projects.A-01.units": 2}, {"calendars.japan_bank_days": False},
    ):  # fmt: skip
        assert hash_of(values) != same, values


def test_the_order_of_projects_counts_but_that_of_dates_does_not() -> None:
    tree = minimal_tree()
    project = tree["portfolio"]["projects"]["A-01"]
    one, other = deepcopy(tree), deepcopy(tree)
    one["portfolio"]["projects"] = {"A-01": project, "B-01": project}
    other["portfolio"]["projects"] = {"B-01": project, "A-01": project}
    assert config_hash(from_tree(one)) != config_hash(from_tree(other))
    counts = {"2026-01-01": 1, "2027-01-01": 2}
    one, other = deepcopy(tree), deepcopy(tree)
    one["capacity"]["teams"]["count"] = counts
    other["capacity"]["teams"]["count"] = dict(reversed(counts.items()))
    assert config_hash(from_tree(one)) == config_hash(from_tree(other))


def test_every_path_has_a_value_a_unit_and_a_source() -> None:
    rows = {row.path: row for row in paths(load(MINIMAL, {"policy.calls.lead_margin_days": 3}))}
    assert rows["programme.envelope_usd_bn"][1:] == (550, "bn USD", "")
    assert rows["policy.calls.lead_margin_days"][1:] == (3, "days", "override")
    assert rows["policy.calls.grace_business_days"][1:] == (0, "business days", "default")
    assert rows["sectors.gas.construction.outcome_months.mode"].unit == "months"
    assert rows["pipelines.gas.cost_usd_bn.sigma"].unit == ""
    assert rows["sectors.gas.labour.crafts.electrical"].unit == "share"
    assert rows["nature.appraisal_days.jbic.value"].unit == "days"
    assert rows["policy.enforcement.baseline.general.2026-01-01"].unit == "share"
    assert rows["portfolio.projects.A-01.announced_usd_bn"][1:] == (10, "bn USD", "test")
    assert rows["programme.start"][1:] == ("2026-01-01", "date", "")
    assert rows["policy.calls.reading"].unit == ""
    assert list(rows)[:3] == ["schema", "name", "title"]


@pytest.mark.parametrize(
    ("key", "unit"),
    [("attrition_share_per_year", "share per year"), ("first_window_business_days",
     "business days"), ("labour_years_per_usd_bn", "labour-years per bn USD"), ("label", "")],
)  # fmt: skip
def test_the_unit_stands_in_the_name(key: str, unit: str) -> None:
    assert unit_of(key) == unit


def test_the_json_schema_is_json_and_knows_the_sections() -> None:
    schema = json.loads(json.dumps(json_schema()))
    assert schema["properties"]["schema"]["const"] == 1
    assert {"programme", "sectors", "policy", "capacity"} <= set(schema["properties"])


def test_loading_a_config_imports_nothing_heavy() -> None:
    code = (
        "import sys, sim.config; sim.config.load(sys.argv[1]); "
        "print([m for m in ('pandas', 'scipy', 'matplotlib', 'pyarrow', 'simpy') "
        "if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(MINIMAL)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_what_is_no_mapping_is_no_config() -> None:
    with pytest.raises(ConfigError, match=r"^<tree>: file: a list is not a mapping; accepted: a "):
        from_tree([1, 2])  # type: ignore[arg-type]
