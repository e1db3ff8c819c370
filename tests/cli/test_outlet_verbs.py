"""``sim report`` and ``sim export``: what was written is the last line, and lies in the folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.hostile import hostile_run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return hostile_run(tmp_path, 2).folder


def test_the_page_is_written_into_the_run_folder(call, folder: Path):
    done = call("report", folder)

    assert done.code == 0
    assert Path(done.last_line) == folder / "report.html"
    assert "The answer in five sentences" in (folder / "report.html").read_text(encoding="utf-8")
    assert call("report", folder).code == 0  # the folder is still whole


def test_a_spreadsheet_has_the_name_of_the_run_or_the_one_asked_for(call, folder: Path):
    assert Path(call("export", folder, "--to", "xlsx").last_line) == folder / "hostile.xlsx"
    asked = folder.parent / "for_ann.xlsx"
    assert Path(call("export", folder, "--to", "xlsx", "--out", asked).last_line) == asked
    assert asked.read_bytes() == (folder / "hostile.xlsx").read_bytes()


def test_plain_tables_stand_in_a_folder_of_their_own(call, folder: Path):
    done = call("export", folder, "--to", "csv")

    written = [Path(line) for line in done.out.splitlines()]
    assert written[0] == folder / "csv" / "cases.csv"
    assert all(path.is_file() for path in written)


def test_a_folder_that_is_no_run_and_a_form_that_is_none_are_refused(call, tmp_path: Path):
    assert call("report", tmp_path).code == 3
    wrong = call("export", tmp_path, "--to", "pdf")
    assert wrong.code == 2
    assert "'pdf' is not one of 'xlsx', 'csv'" in wrong.err


def test_explore_of_a_sweep_not_yet_run_names_the_command_that_runs_one(call):
    done = call("explore", "outputs/explorer")

    assert (done.code, done.out) == (3, "")
    assert done.err == (
        "sim: outputs/explorer is not a sweep folder: it is not there. A command that makes one: "
        "sim sweep explorer\n"
    )
