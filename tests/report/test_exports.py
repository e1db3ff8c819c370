"""A run for other programs: dates are dates, text stays text, the same bytes twice."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.hostile import FORMULA, SCRIPT

from sim.api import Run
from sim.report.exports import sheets, write_csv, write_xlsx
from sim.report.exports.sheets import Sheet
from sim.report.exports.workbook import fill

SHEETS = ["about", "summary", "projects", "timeline", "replications", "assumptions"]


@pytest.fixture(scope="module")
def book(hostile: Run, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("xlsx") / "run.xlsx"
    assert write_xlsx(hostile, path) == []
    return openpyxl.load_workbook(path)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_table_has_a_sheet_and_no_cell_is_a_formula(book: Any):
    assert book.sheetnames == SHEETS  # the config has no finance section
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert not [cell for cell in cells if cell.hyperlink]
    assert any(SCRIPT in str(cell.value) for cell in cells)


def test_the_first_sheet_holds_the_answer(book: Any, hostile: Run):
    told = dict(book["about"].iter_rows(values_only=True))

    assert told["selected"] == hostile.answer.sentences[0].text
    assert told["config"].endswith(hostile.manifest["config_hash"])


def test_a_number_has_no_more_digits_than_it_was_made_of():
    assert sheets._typed("usd_bn", "33.29999999999997") == 33.3
    assert sheets._typed("p_selected", "0.08333333333333333") == 0.0833333333333
    assert sheets._typed("usd_bn", "") is None


def test_dates_are_dates_and_heads_have_their_unit(book: Any):
    first, second, *_ = book["timeline"].iter_rows(values_only=True)

    assert first[:4] == ("month's end", "committed, p05, USD bn", "committed, median, USD bn",
                         "committed, p95, USD bn")  # fmt: skip
    assert second[0] == datetime(2026, 1, 31)
    heads = next(book["replications"].iter_rows(values_only=True))
    assert "Paid by 19 January 2029, USD bn" in heads
    names, *rows = book["projects"].iter_rows(values_only=True)
    first = dict(zip(names, rows[0], strict=True))
    assert first["project"] == "A-01"
    assert isinstance(first["selected, 50 % of runs by"], datetime)
    assert first["name"] == FORMULA + SCRIPT
    assert first["USD bn"] == 10


def test_numbers_are_those_of_the_run(book: Any, hostile: Run):
    rows = list(book["replications"].iter_rows(values_only=True))
    place = list(hostile.outcomes.columns).index("paid_usd_bn_by_end")

    assert len(rows) == 21
    assert [row[place] for row in rows[1:]] == hostile.outcomes["paid_usd_bn_by_end"].tolist()


def test_the_same_run_gives_the_same_bytes(hostile: Run, tmp_path: Path):
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsx(hostile, tmp_path / name)

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_table_that_is_too_long_is_left_out_with_a_word(hostile: Run, tmp_path: Path):
    said = write_xlsx(hostile, tmp_path / "short.xlsx", most_rows=19)

    assert "replications has 20 rows and is left out; --to csv has it" in said
    book = openpyxl.load_workbook(tmp_path / "short.xlsx")
    assert "replications" not in book.sheetnames
    assert "left out" in {row[0].value for row in book["about"].iter_rows()}


def test_text_that_begins_like_a_formula_is_text_in_both(tmp_path: Path):
    sheet = Sheet("made", ["name", "number"], 1, lambda: iter([(FORMULA, -1.5)]))
    path = tmp_path / "made.xlsx"

    fill(path, [sheet])

    cell, number = next(openpyxl.load_workbook(path)["made"].iter_rows(min_row=2))
    assert (cell.value, cell.data_type, number.value) == (FORMULA, "s", -1.5)


def test_the_log_has_a_line_per_event_of_a_project(hostile: Run, tmp_path: Path):
    written = write_csv(hostile, tmp_path)

    log = rows_of(written[0])
    events = hostile.events[hostile.events["project"].notna()]
    assert list(log[0])[:3] == ["case", "activity", "timestamp"]
    assert len(log) == len(events)
    assert log[0] == {
        "case": f"0/{events['project'].iloc[0]}",
        "activity": events["event"].iloc[0],
        "timestamp": events["date"].iloc[0].strftime("%Y-%m-%dT%H:%M"),
        "resource": "", "cause": log[0]["cause"], "amount_usd": log[0]["amount_usd"],
    }  # fmt: skip
    assert {path.stem for path in written} >= {"cases", "summary", "timeline", "replications"}


def test_csv_disarms_formulas(hostile: Run, tmp_path: Path):
    write_csv(hostile, tmp_path)

    (source,) = [row for row in rows_of(tmp_path / "assumptions.csv") if row["source"] == "test"]
    assert source["range"] == "'=1+1"
    assert source["title, or reason"].startswith(SCRIPT)
