"""sim check, new and schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.config import load


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal in which every phrase stands on one line."""
    monkeypatch.setenv("COLUMNS", "200")


def test_check_fits_a_terminal_of_80_columns(call, minimal: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "80")

    done = call("check", minimal)

    assert max(len(line) for line in done.out.splitlines()) <= 80


def test_check_prints_what_a_run_would_be_and_writes_nothing(call, minimal: Path):
    done = call("check", minimal)

    assert done.code == 0
    assert done.err == ""
    assert "Expected proposals; USD bn is what would count against the envelope" in done.out
    assert "Sector mix by dollars" in done.out
    assert "Specialists on 1 January 2030" in done.out
    assert "From two timed replications" in done.out
    assert [path.name for path in Path().iterdir()] == ["minimal.yaml"]


def test_check_counts_numbers_without_a_source_and_lists_them_on_request(call, minimal: Path):
    short = call("check", minimal)
    full = call("check", minimal, "--sources")

    (count,) = [line for line in short.out.splitlines() if line.startswith("Numbers without")]
    n = int(count.rsplit(" ", 1)[1])
    assert n > 10
    assert "sim check --sources lists them" in short.out
    assert "  programme.envelope_usd_bn\n" in full.out
    assert len([line for line in full.out.splitlines() if line.startswith("  programme.")]) >= 5


def test_check_takes_values_from_set(call, minimal: Path):
    done = call("check", minimal, "--set", "programme.envelope_usd_bn=123")

    assert "Envelope USD 123 bn" in done.out


def test_new_writes_an_overlay_that_checks(call, minimal: Path):
    done = call("new", "mine", "--from", minimal)

    assert done.code == 0
    assert done.last_line == "mine.yaml"
    assert load("mine.yaml").config.name == "mine"
    assert call("check", "mine.yaml").code == 0


def test_new_does_not_overwrite(call, minimal: Path):
    call("new", "mine", "--from", minimal)
    before = Path("mine.yaml").read_bytes()

    done = call("new", "mine", "--from", minimal)

    assert done.code == 2
    assert "mine.yaml" in done.err
    assert Path("mine.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "verb"), [("base", "run"), ("ample_money", "run"), ("labour", "sweep")]
)
def test_new_takes_no_name_that_comes_with_the_program(call, minimal: Path, name: str, verb: str):
    done = call("new", name, "--from", minimal)

    assert done.code == 2
    assert f"sim new: name: {name} comes with the program: " in done.err
    assert f"accepted: another name, such as my_{name}; sim {verb} {name} runs it" in done.err
    assert not Path(f"{name}.yaml").exists()


def test_check_and_run_say_when_an_overlay_changes_nothing(call, minimal: Path):
    said = "mine changes nothing of minimal: only name, title, description or replications differ."
    call("new", "mine", "--from", minimal)
    alone = "--replications", "1", "--jobs", "1", "--no-figures"

    assert said in " ".join(call("check", "mine.yaml").out.split())
    assert said in call("run", "mine.yaml", *alone).err
    assert said not in call("run", "mine.yaml", *alone, "--quiet").err
    assert "changes nothing" not in call("check", minimal).out  # extends nothing
    assert "changes nothing" not in call("run", "mine.yaml", *alone, "--seed", "9").err
    with Path("mine.yaml").open("a", encoding="utf-8") as file:
        file.write("programme: {envelope_usd_bn: 30}\n")
    assert "changes nothing" not in call("check", "mine.yaml").out
    assert "changes nothing" not in call("run", "mine.yaml", *alone).err


@pytest.mark.parametrize("name", ["gap_0", "builtin:gap_0", "builtin:scenarios/gap_0"])
def test_new_starts_from_a_scenario_that_came_along_in_any_folder(call, minimal: Path, name: str):
    done = call("new", "mine", "--from", name)

    assert (done.code, done.err) == (0, "")
    assert "\nextends: gap_0\n" in Path("mine.yaml").read_text("utf-8")
    assert load("mine.yaml").config.capacity.specialists.gap.people == 0


def test_new_says_which_bases_it_accepts(call, minimal: Path):
    done = call("new", "mine", "--from", "gap0.yaml")

    assert done.code == 2
    assert "there is no config 'gap0.yaml' (did you mean gap_0?); accepted: the path of a config " \
           "file, or one of ours: base, ample_money, " in done.err  # fmt: skip
    assert "gap_1500k" in done.err
    assert "sources" not in done.err


def test_schema_prints_a_json_schema(call):
    done = call("schema")

    assert json.loads(done.out)["properties"]["programme"]


def test_schema_paths_lists_path_value_unit_and_source(call, minimal: Path):
    done = call("schema", "--paths", minimal, "--set", "programme.envelope_usd_bn=400")

    rows = [line.split("\t") for line in done.out.splitlines()]
    assert rows[0] == ["path", "value", "unit", "source"]
    assert ["programme.envelope_usd_bn", "400", "bn USD", "override"] in [
        [row[0], row[1].removesuffix(".0"), *row[2:]] for row in rows
    ]
