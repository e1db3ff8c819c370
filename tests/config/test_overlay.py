"""Configs on top of configs, ``null``, single values from ``--set``, and ``sim new``."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from support.configs import changed, minimal_tree, problems_of, refused

from sim.config import load, new_overlay, parse_sets
from sim.config.ours import builtin_folder, find_config, our_configs
from sim.config.yaml_lines import parse_value
from sim.errors import ConfigError

Write = Callable[..., Path]

_CALLS = ("reading=cap", "grace_business_days=2", "cure_business_days=5")
PROGRAMME_KEYS = "start, as_of, deadline, end, run_out, envelope_usd_bn, history"


@pytest.fixture
def base(write: Write) -> Path:
    return write("base.yaml", changed())


def test_mappings_merge_by_key_and_everything_else_replaces(write: Write, base: Path) -> None:
    write("a/middle.yaml", "extends: ../base.yaml\nprogramme: {envelope_usd_bn: 400}\n")
    write(
        "b/top.yaml",
        "extends: ../a/middle.yaml\nprogramme: {history: recorded}\n"
        "policy: {calls: {slices: {first: {share: 0.7}, second: {share: 0.3}}}}\n",
    )
    config = load("b/top.yaml").config
    assert config.programme.envelope_usd_bn == 400
    assert config.programme.history == "recorded"
    assert [s.share for s in config.policy.calls.slices.values()] == [0.7, 0.3]
    assert config.policy.calls.slices["second"].progress == 0.5


def test_lists_and_scalars_over_mappings_replace(write: Write, base: Path) -> None:
    write("mine.yaml", "extends: base.yaml\ncapacity: {teams: {count: {2026-01-01: 2}}}\n")
    write("top.yaml", "extends: mine.yaml\ncapacity: {teams: {count: unlimited}}\n")
    assert load("top.yaml").config.capacity.teams.count == "unlimited"


def test_null_resets_to_the_default_and_removes_named_items(write: Write, base: Path) -> None:
    write("mine.yaml", "extends: base.yaml\nrun: {seed: null}\npipelines: {gas: null}\n")
    config = load("mine.yaml").config
    assert config.run.seed == 0
    assert config.run.replications == 2
    assert config.pipelines == {}


def test_what_null_took_away_can_be_written_anew(write: Write, base: Path) -> None:
    write("a.yaml", "extends: base.yaml\nportfolio: {projects: {A-01: null}}\n")
    tree = minimal_tree()["portfolio"]["projects"]["A-01"]
    tree["units"] = 3
    row = ", ".join(f"{key}: {value}" for key, value in tree.items())
    write("b.yaml", f"extends: a.yaml\nportfolio: {{projects: {{A-01: {{{row}}}}}}}\n")
    assert load("a.yaml").config.portfolio.projects == {}
    assert load("b.yaml").config.portfolio.projects["A-01"].units == 3


def test_a_required_key_taken_away_is_reported_where_it_was_taken(write: Write, base: Path) -> None:
    write("mine.yaml", "extends: base.yaml\nsectors:\n  gas:\n    label: null\n")
    with refused("mine.yaml:4: sectors.gas.label: is required and missing; accepted: text"):
        load("mine.yaml")


def test_a_distribution_of_another_kind_replaces_the_whole(write: Write, base: Path) -> None:
    write(
        "mine.yaml",
        "extends: base.yaml\nsectors: {gas: {construction: {outcome_months: "
        "{kind: uniform, low: 30, high: 40}}}}\n",
    )
    outcome = load("mine.yaml").config.sectors["gas"].construction.outcome_months
    assert outcome is not None
    assert outcome.model_dump() == {"kind": "uniform", "low": 30, "high": 40}


def test_the_same_kind_merges_by_parameter(write: Write, base: Path) -> None:
    write(
        "mine.yaml",
        "extends: base.yaml\nsectors: {gas: {construction: {outcome_months: {high: 60}}}}\n",
    )
    outcome = load("mine.yaml").config.sectors["gas"].construction.outcome_months
    assert outcome is not None
    assert outcome.model_dump() == {"kind": "triangular", "low": 28, "mode": 33, "high": 60}


def test_dates_of_a_path_are_put_in_order(write: Write, base: Path) -> None:
    write(
        "mine.yaml",
        "extends: base.yaml\ncapacity: {teams: {count: {2028-01-01: 6, 2026-01-01: 2}}}\n",
    )
    loaded = load("mine.yaml")
    assert list(loaded.tree["capacity"]["teams"]["count"]) == ["2026-01-01", "2028-01-01"]


def test_the_name_is_the_stem_of_the_outermost_file(write: Write) -> None:
    write("base.yaml", changed(("title: Minimal", "title: Minimal\nname: given")))
    write("mine.yaml", "extends: base.yaml\n")
    assert load("base.yaml").config.name == "given"
    assert load("mine.yaml").config.name == "mine"


def test_a_circle_is_named(write: Write) -> None:
    write("a.yaml", "extends: b.yaml\n")
    write("b.yaml", "title: B\nextends: c.yaml\n")
    write("c.yaml", "extends: b.yaml\n")
    with refused(
        "c.yaml:1: extends: goes round in a circle: b.yaml -> c.yaml -> b.yaml; accepted: a chain "
        "that ends"
    ):
        load("a.yaml")


def test_extending_nothing_is_an_error_at_its_line(write: Write, base: Path) -> None:
    write("mine.yaml", "title: Mine\nextends: bsae.yaml\n")
    with refused(
        "mine.yaml:2: extends: there is no file bsae.yaml (did you mean base.yaml?); accepted: the "
        "path of a config file, relative to this one, or the name of one of ours (sim list)"
    ):
        load("mine.yaml")


def test_a_folder_of_the_same_name_does_not_hide_one_of_ours(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    assert find_config("base", tmp_path) == our_configs()["base"]


def test_a_file_that_is_no_config_by_its_name_is_not_read(write: Write, base: Path) -> None:
    """So no message repeats what stands in a file of the system."""
    write("shadow", "root:!:20263::::::\n")
    write("mine.yaml", "title: Mine\nextends: shadow\n")
    with refused(
        "mine.yaml:2: extends: shadow is no config by its name; accepted: a file named .yaml or "
        ".yml"
    ):
        load("mine.yaml")


def test_extending_a_list_is_an_error(write: Write, base: Path) -> None:
    write("mine.yaml", "extends: [base.yaml]\n")
    with refused(
        "mine.yaml:1: extends: a list is not text; accepted: the path of a config file, relative "
        "to this one"
    ):
        load("mine.yaml")


def test_set_replaces_a_value_and_marks_its_source(base: Path) -> None:
    sets = parse_sets(
        ["programme.envelope_usd_bn=1e2", "capacity.teams.count=unlimited", "run.seed=7",
         "policy.enforcement.baseline.general.2027-01-01=0.2",
         "sectors.gas.permits.work_months={kind: uniform, low: 6, high: 18}"]
    )  # fmt: skip
    loaded = load(base, sets)
    assert loaded.config.programme.envelope_usd_bn == 100
    assert loaded.config.capacity.teams.count == "unlimited"
    assert len(loaded.config.policy.enforcement.baseline["general"]) == 2
    assert loaded.sources["programme.envelope_usd_bn"] == "override"
    assert loaded.sources["sectors.gas.permits.work_months.low"] == "override"


def test_set_may_carry_its_own_source(base: Path) -> None:
    loaded = load(base, parse_sets(["programme.envelope_usd_bn={value: 5, source: me}"]))
    assert loaded.config.programme.envelope_usd_bn == 5
    assert loaded.sources["programme.envelope_usd_bn"] == "me"


@pytest.mark.parametrize(
    ("sets", "title"),
    [
        ([], "Minimal"),
        (["run.replications=3", "description=mine"], "Minimal"),
        (["programme.envelope_usd_bn=5"], "Minimal, with programme.envelope_usd_bn = 5"),
        (["programme.envelope_usd_bn=5", "title=Mine"], "Mine"),
        (
            ["programme.envelope_usd_bn=5", *(f"policy.calls.{key}" for key in _CALLS)],
            "Minimal, with programme.envelope_usd_bn = 5, policy.calls.reading = cap, "
            "policy.calls.grace_business_days = 2 and 1 more",
        ),
    ],
)
def test_set_is_told_in_the_title(base: Path, sets: list[str], title: str) -> None:
    assert load(base, parse_sets(sets)).config.title == title


def test_set_reaches_into_a_section_that_only_has_defaults(base: Path) -> None:
    assert not load(base, {"calendars.japan_bank_days": False}).config.calendars.japan_bank_days


def test_set_null_resets(base: Path) -> None:
    assert load(base, parse_sets(["run.seed=null"])).config.run.seed == 0


SETS = {
    "an unknown key": (
        {"programme.envelope": 5},
        "--set: programme.envelope: there is no key envelope in programme (did you mean "
        f"programme.envelope_usd_bn?); accepted: {PROGRAMME_KEYS}",
    ),
    "an unknown section": (
        {"program.start": "2026-01-01"},
        "--set: program.start: there is no key program in a config (did you mean "
        "programme.start?); accepted: schema, name, title, description, run, programme, calendars, "
        "article_mix, sectors, portfolio, rule_files, pipelines, nature, policy, capacity, "
        "finance, trade, report",
    ),
    "a project that is not there": (
        {"portfolio.projects.A-10.units": 2},
        "--set: portfolio.projects.A-10.units: there is no entry A-10 in portfolio.projects (did "
        "you mean portfolio.projects.A-01.units?); accepted: A-01",
    ),
    "a path below a value": (
        {"capacity.teams.count.2026-01-01": 2},
        "--set: capacity.teams.count.2026-01-01: capacity.teams.count is 4, which has no keys; "
        "accepted: unlimited or a whole number >= 0 or a mapping {YYYY-MM-DD: a whole number >= 0}",
    ),
    "a wrong value": (
        {"run.seed": "many"},
        "--set: run.seed: 'many' is not a whole number; accepted: a whole number >= 0",
    ),
    "a parameter of another kind": (
        {"sectors.gas.construction.outcome_months.median": 30},
        "--set: sectors.gas.construction.outcome_months.median: there is no key median in "
        "sectors.gas.construction.outcome_months; accepted: kind, low, mode, high",
    ),
    "an object": (
        {"run.seed": object()},
        "--set: run.seed: a value of type object has no place in a config; accepted: text, "
        "numbers, dates, lists, mappings",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SETS)
def test_set_of_what_is_not_there_is_refused(case: str, base: Path) -> None:
    values, expected = SETS[case]
    with refused(expected):
        load(base, values)


def test_the_text_of_a_set_is_checked_all_at_once() -> None:
    with refused(
        "--set: run.seed: has no path and value; accepted: a.b=VALUE",
        "--set: run.replications: is set twice; accepted: one value for a path",
        "--set: title: expected ',' or ']', but got '<stream end>'; accepted: a YAML value",
    ):
        parse_sets(["run.seed", "run.replications=1", "run.replications=2", "title=[a"])


def test_values_of_set_are_read_as_yaml_1_2() -> None:
    for text, value in {
        "1e6": 1e6, "yes": "yes", "true": True, "2027-01-01": "2027-01-01", "007": "007",
        "1_000": "1_000", "'5'": "5", "[1, a]": [1, "a"], "": None, "-.5": -0.5, "0": 0,
    }.items():  # fmt: skip
        assert parse_value(text) == value


def test_a_new_overlay_loads_and_extends_a_config_by_its_path(write: Write) -> None:
    write("configs/base.yaml", changed())
    path = new_overlay("mine", base="configs/base.yaml", folder="configs/scenarios")
    assert path == Path("configs/scenarios/mine.yaml")
    assert "\nextends: ../base.yaml\n" in path.read_text(encoding="utf-8")
    config = load(path).config
    assert (config.name, config.title) == ("mine", "mine")


def test_a_new_overlay_in_an_empty_folder_extends_the_copy_that_came_along(
    write: Write, tmp_path: Path
) -> None:
    write("empty.txt", "")
    path = new_overlay("mine")
    assert "\nextends: base\n" in path.read_text(encoding="utf-8")
    loaded = load(path)
    assert loaded.config.name == "mine"
    assert loaded.files[1] == builtin_folder() / "base.yaml"


def test_a_new_overlay_may_start_from_a_file(write: Write, base: Path) -> None:
    path = new_overlay("mine", base="base.yaml", folder="deep/er")
    assert load(path).config.programme.envelope_usd_bn == 550


def test_every_line_a_new_overlay_offers_can_be_uncommented(write: Write) -> None:
    write("empty.txt", "")
    path = new_overlay("mine")
    text = path.read_text(encoding="utf-8")
    head, tail = text.split("a title, url and date.\n")
    path.write_text(head + re.sub("^# ", "", tail, flags=re.M), encoding="utf-8")
    loaded = load(path)
    assert loaded.config.programme.envelope_usd_bn == 600
    assert loaded.config.capacity.teams.count == "unlimited"
    added = loaded.config.portfolio.projects["my_battery"]
    assert (added.sector, added.announced_usd_bn) == ("battery", 5)
    assert loaded.sources["portfolio.projects.my_battery.announced_usd_bn"] == "my_source"


def with_project(path: Path) -> str:
    """A new overlay with its table of sources and its project uncommented, and nothing else."""
    text = path.read_text(encoding="utf-8")
    return re.sub(
        r"^# (?:sources|portfolio):\n(?:#  .*\n)+",
        lambda block: re.sub("^# ", "", block[0], flags=re.M),
        text,
        flags=re.M,
    )


def test_the_project_of_a_new_overlay_works_alone_as_written(write: Write) -> None:
    write("empty.txt", "")
    path = new_overlay("mine")
    path.write_text(with_project(path), encoding="utf-8")
    loaded = load(path)
    assert loaded.config.portfolio.projects["my_battery"].source == "my_source"


def test_a_project_without_source_and_a_source_without_range_are_told_together(
    write: Write,
) -> None:
    write("empty.txt", "")
    path = new_overlay("mine")
    text = re.sub(r"^ +(range|source):.*\n", "", with_project(path), flags=re.M)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(
        ConfigError,
        match=r"(?s)sources\.my_source\.range: is required.*my_battery\.source: is required",
    ):
        load(path)


def test_a_new_overlay_overwrites_nothing(write: Write, base: Path) -> None:
    write("mine.yaml", "precious")
    with refused(
        "mine.yaml: file: is there already, and is not overwritten; accepted: another name"
    ):
        new_overlay("mine", base="base.yaml")
    assert Path("mine.yaml").read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize("name", ["../mine", "a b", "", "mine.yaml", "-x", "a/b"])
def test_a_new_overlay_has_a_plain_name(name: str, write: Write, base: Path) -> None:
    with refused(
        f"sim new: name: {name!r} is no plain name; accepted: letters, digits, - and _, a letter "
        "or digit first, no .yaml"
    ):
        new_overlay(name, base="base.yaml")


def test_a_new_overlay_of_nothing_is_refused(write: Write) -> None:
    write("empty.txt", "")
    with pytest.raises(Exception, match=r"sim new: base: there is no config 'bsae' \(did you mean "
                                        r"base\?\); accepted: the path of a config file, or one of "
                                        r"ours: .*base"):  # fmt: skip
        new_overlay("mine", base="bsae")
    assert not Path("mine.yaml").exists()


def test_problems_in_an_overlay_have_its_own_line(write: Write, base: Path) -> None:
    write("mine.yaml", "extends: base.yaml\nprogramme:\n  envelope_usd_bn: -1\n")
    assert problems_of("mine.yaml") == [
        "mine.yaml:3: programme.envelope_usd_bn: -1 is out of range; accepted: a number >= 0"
    ]
