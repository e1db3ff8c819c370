"""sim run, plot and explain: what is printed, and where things go."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import sim
from sim.cli import given
from sim.cli.texts import columns, duration, fitted, number, percent, size, together


def test_the_last_line_is_the_folder_after_a_readable_summary(call, minimal: Path):
    done = call("run", minimal, "--jobs", "1")

    assert done.code == 0
    assert done.last_line == str(Path("outputs") / "minimal")
    lines = done.out.splitlines()
    assert lines[0] == "minimal: Minimal, 2 replications; in brackets 95 % intervals."
    assert lines[1].startswith("Selected: USD ")
    assert len(lines) <= 12
    assert max(len(line) for line in lines) <= 80
    assert (Path("outputs") / "minimal" / "manifest.json").exists()


def test_show_prints_the_answer_and_tables_of_at_most_80_columns(call, minimal: Path):
    ran = call("run", minimal, "--jobs", "1")

    shown = call("show", ran.last_line)

    assert shown.code == 0
    assert shown.out.splitlines()[:3] == ran.out.splitlines()[:3]
    assert call("show", "minimal").out == shown.out  # by its name, from outputs/
    assert "Committed by 19 January" in shown.out
    assert "Probability of at least so many USD bn" in shown.out
    assert "Gas power" in shown.out
    assert max(len(line) for line in shown.out.splitlines()) <= 80


def test_numbers_on_the_screen_are_those_of_the_file(call, minimal: Path):
    done = call("run", minimal, "--jobs", "1")
    shown = call("show", done.last_line)

    with (Path(done.last_line) / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["response"], row["scope"]): row for row in csv.DictReader(file)}
    mean = float(rows["projects_per_round", "programme"]["mean"])
    (line,) = [line for line in shown.out.splitlines() if "Projects taken by a round" in line]
    assert f" {together([mean, mean, mean])[0]} " in line
    name = "completed_at_least_1_usd_bn_by_end"
    assert 0 < float(rows[name, "programme"]["mean"]) <= 1
    (line,) = [line for line in shown.out.splitlines() if line.startswith("  1  ")]
    assert f" {percent(float(rows[name, 'programme']['mean']))} (" in line


def test_progress_goes_to_stderr_in_plain_lines_when_it_is_no_terminal(call, minimal: Path):
    done = call("run", minimal, "--replications", "12", "--jobs", "1")

    assert done.err.splitlines() == ["12 replications", "12 of 12 replications"]


def test_quiet_prints_nothing_but_the_folder(call, minimal: Path):
    done = call("run", minimal, "--quiet", "--jobs", "1")

    assert (done.code, done.out, done.err) == (0, f"{Path('outputs') / 'minimal'}\n", "")


def test_the_same_run_again_is_up_to_date(call, minimal: Path):
    first = call("run", minimal, "--jobs", "1")
    again = call("run", minimal, "--jobs", "1")

    assert again.code == 0
    assert "up to date" in again.out
    assert again.last_line == first.last_line


def test_another_seed_goes_to_the_next_free_folder_and_says_so(call, minimal: Path):
    call("run", minimal, "--jobs", "1")

    other = call("run", minimal, "--seed", "2", "--jobs", "1")

    assert other.last_line == str(Path("outputs") / "minimal-2")
    assert "holds another run (other seed)" in other.err
    assert "this run is in" in other.err


def test_options_stand_in_the_resolved_config_and_the_manifest(call, minimal: Path):
    done = call(
        "run", minimal, "--seed", "9", "--replications", "3", "--jobs", "1",
        "--set", "programme.envelope_usd_bn=20", "--out", "here",
    )  # fmt: skip

    run = sim.open("here")
    assert done.last_line == "here"
    assert (run.config.run.seed, run.config.run.replications) == (9, 3)
    assert run.config.programme.envelope_usd_bn == 20
    assert (run.manifest["seed"], run.manifest["replications"]) == (9, 3)


def test_the_resolved_config_of_a_run_is_up_to_date_where_it_lies(call, minimal: Path):
    first = call("run", minimal, "--seed", "9", "--jobs", "1")

    again = call("run", Path(first.last_line) / "config.yaml", "--jobs", "1")

    assert "up to date" in again.out
    assert again.last_line == first.last_line


def test_force_removes_only_a_run(call, minimal: Path):
    call("run", minimal, "--jobs", "1", "--out", "mine")
    done = call("run", minimal, "--jobs", "1", "--out", "mine", "--seed", "5", "--force")
    assert (done.code, done.last_line) == (0, "mine")
    assert json.loads(Path("mine/manifest.json").read_text(encoding="utf-8"))["seed"] == 5

    Path("thesis").mkdir()
    Path("thesis/chapter1.tex").write_text("years of work", encoding="utf-8")
    refused = call("run", minimal, "--out", "thesis", "--force")

    assert refused.code == 3
    assert "only a run is removed by force: thesis holds no manifest.json" in refused.err
    assert Path("thesis/chapter1.tex").exists()


def test_explain_tells_the_story_of_a_project(call, minimal: Path):
    folder = call("run", minimal, "--quiet", "--jobs", "1").last_line

    done = call("explain", folder, "--project", "A-01", "--replication", "1")

    assert done.code == 0
    assert done.out.startswith("A-01: Plant A\n")
    assert "replication 1\n" in done.out
    assert "\n2026-01-05 " in done.out
    assert "\nWhat held it up\n" in done.out
    assert "Over the 2 replications of the run: proposed in 2 (100 %)." in done.out


def test_explain_tells_tariffs_in_place_of_a_project_and_never_both(call, minimal: Path):
    folder = call("run", minimal, "--quiet", "--jobs", "1").last_line

    done = call("explain", folder, "--tariffs", "--replication", "1")
    assert done.code == 0
    assert done.out.startswith("minimal, replication 1: breaches and tariffs\n")
    assert "No breach opens in " in done.out
    assert "No cash call is late in any run." in call("show", folder).out
    for words in ((), ("--tariffs", "--project", "A-01"), ("--tariffs", "--what-if", "teams")):
        refused = call("explain", folder, *words)
        assert refused.code == 2
        assert "takes --project ID, with --what-if if you like, or --tariffs alone" in refused.err


def test_explain_of_an_unknown_project_is_the_users(call, minimal: Path):
    folder = call("run", minimal, "--quiet", "--jobs", "1").last_line

    done = call("explain", folder, "--project", "A-1")

    assert done.code == 2
    assert done.err.startswith("sim: there is no project 'A-1'; nearest: A-01 (Plant A)")


def test_plot_prints_the_files_it_writes(call, minimal: Path, monkeypatch: pytest.MonkeyPatch):
    def draw_all(run: sim.Run, only: str | None, forms: tuple[str, ...], every: bool) -> list[Path]:
        return [run.folder / "figures" / f"{only or 'all'}.{form}" for form in forms if every]

    monkeypatch.setattr("sim.report.draw_all", draw_all)
    folder = call("run", minimal, "--quiet", "--jobs", "1").last_line

    assert call("plot", folder, "--what", "gantt").last_line == f"{folder}/figures/gantt.svg"
    assert call("plot", folder).last_line == f"{folder}/figures/all.svg"
    assert call("plot", folder, "--png").last_line == f"{folder}/figures/all.png"

    monkeypatch.setattr("sim.report.unreadable", lambda names: ["東京ガス", "横浜"])
    assert "no installed font" not in call("plot", folder).err
    said = call("plot", folder, "--png").err
    assert said == "no installed font has the letters of 東京ガス and 1 more: ids are shown\n"


def test_a_damaged_run_is_noticed_and_the_cure_named(call, minimal: Path):
    folder = Path(call("run", minimal, "--quiet", "--jobs", "1").last_line)
    file = folder / "events.parquet"
    file.write_bytes(file.read_bytes()[:-4])

    done = call("explain", folder, "--project", "A-01")

    assert done.code == 3
    assert "is damaged: events.parquet has" in done.err
    assert "--force computes it again" in done.err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (number(1234.56), "1,234.6"),
        (number(float("nan")), "-"),
        (number(float("inf")), "unlimited"),
        (percent(0.354), "35 %"),
        (percent(0.0004), "0.04 %"),
        (percent(0), "0 %"),
        (percent(float("nan")), "-"),
        (duration(0.2), "1 s"),
        (duration(600), "10 min"),
        (duration(9000), "2.5 h"),
        (size(10), "1 MB"),
        (size(3.2e9), "3.2 GB"),
    ],
)
def test_numbers_are_written_for_readers(text: str, expected: str):
    assert text == expected


def test_a_config_of_ours_is_found_by_its_name_from_any_folder(call, minimal: Path):
    listed = call("list").out.splitlines()
    assert {"base", "gap_0", "labour_small"} <= {line.split()[0] for line in listed if line}
    assert max(len(line) for line in listed) <= 80
    Path("mine.yaml").write_text("extends: gap_0\nschema: 1\n", encoding="utf-8")

    by_name = {row.partition("\t")[0]: row for row in
               call("schema", "--paths", "gap_0").out.splitlines()}  # fmt: skip
    extended = call("schema", "--paths", "mine.yaml").out.splitlines()

    assert by_name["capacity.specialists.gap.people"] in extended
    assert by_name["capacity.specialists.gap.people"].split("\t")[1] == "0.0"


def test_a_finished_run_stands_for_its_config(call, minimal: Path):
    done = call("run", minimal, "--jobs", "1", "--set", "programme.envelope_usd_bn=20")

    paths = call("schema", "--paths", done.last_line)

    assert "programme.envelope_usd_bn\t20.0\t" in paths.out


@pytest.mark.parametrize("wide", [10, 30, 60, 200])
@pytest.mark.parametrize(
    "row",
    [("a", "1"), ("Money in projects that ever pass to nine to one", "139 (121 to 156)"),
     ("x" * 90, "y" * 40), ("\u30ac\u30b9" * 30, "12")],
)  # fmt: skip
def test_a_table_fits_its_width_and_loses_no_letter(row: tuple[str, str], wide: int):
    found = fitted([("a long head", "mean 95 %"), row], wide)

    assert max(columns(line) for line in found) <= wide
    body = "".join(line.strip() for line in found if not line.lstrip().startswith("-"))
    for letter in {*"".join(row)} - {" "} - {*"a long head mean 95 %"}:
        assert body.count(letter) == "".join(row).count(letter)


def test_labels_or_numbers_are_broken_whichever_makes_a_table_shorter():
    head, numbers = ("", "of all", "of some"), ("10 % (5 to 15)", "20 % (15 to 25)")
    few_labels = [head, ("one label of many words", *numbers), *[("short", *numbers)] * 3]
    few_numbers = [head, *[("one label of many words", "1", "2")] * 6, ("short", *numbers)]

    assert [line.split()[0] for line in fitted(few_labels, 52)[2:]] == [
        "one", "words", "short", "short", "short",
    ]  # fmt: skip
    assert [line.split()[0] for line in fitted(few_numbers, 52)[2:8]] == ["one"] * 6


def test_a_verb_takes_all_cores_unless_it_is_told_how_many(monkeypatch: pytest.MonkeyPatch):
    seen = []
    monkeypatch.setattr(given, "all_cores", lambda: 7)
    verb = click.command()(given.jobs(lambda jobs: seen.append(jobs)))

    for words in ([], ["--jobs", "2"]):
        assert CliRunner().invoke(verb, words).exit_code == 0
    assert seen == [7, 2]
