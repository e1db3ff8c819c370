"""Named projects from a table: every problem with its row and column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from support.configs import changed, line_of, refused

from sim.config import load
from sim.errors import ConfigError

Write = Callable[..., Path]

HEADER = "id,name,kind,sector,announced_usd_bn,proposed_date,source"
KNOWN = (
    "id, name, kind, counted_in, site_of, sector, region, announced_usd_bn, realised_share, "
    "japan_share, entry_probability, units, plan_months, megawatts, japanese_content_share, "
    "permits_done_share, offtake_share, built_share, own_pace, proposed_date, recommended_date, "
    "selected_date, first_paid_date, permits_granted_date, developed_date, ntp_date, "
    "connected_date, announced_first_unit_date, announced_operating_date, later_paid_dates, "
    "ordered_date, slots_granted_dates, units_built_dates, units_energised_dates, source, note"
)


def row(key: str, amount: str = "1.5", day: str = "2026-02-01", kind: str = "project") -> str:
    return f"{key},Plant {key},{kind},gas,{amount},{day},S1"


@pytest.fixture
def config(write: Write) -> Path:
    """A config whose projects stand in ``tables/rows.csv``, beside one of its own."""
    return write("my.yaml", changed(("portfolio:\n", "portfolio:\n  file: tables/rows.csv\n")))


def table(write: Write, *rows: str, header: str = HEADER) -> None:
    write("tables/rows.csv", "\n".join([header, *rows]) + "\n")


def test_a_cell_holds_several_dates_divided_by_semicolons(write: Write, config: Path) -> None:
    paid = "later_paid_dates"
    header = f"{HEADER},selected_date,first_paid_date,{paid},ntp_date"
    days = "2026-02-02,2026-02-03"
    table(write, f"{row('B-01')},{days},2026-02-20; 2026-03-01,2026-02-04", header=header)
    with pytest.raises(ConfigError, match="2 payments are on record, of 1 calls after the first"):
        load(config)
    table(write, f"{row('B-01')},{days},2026-02-20,2026-02-04", header=header)
    loaded = load(config)
    assert loaded.config.portfolio.projects["B-01"].later_paid_dates == [date(2026, 2, 20)]
    assert loaded.sources[f"portfolio.projects.B-01.{paid}"] == "S1"
    table(write, f"{row('B-01')},{days},2026-02-20;soon,2026-02-04", header=header)
    with pytest.raises(ConfigError, match=r"later_paid_dates.*'soon' is not a date"):
        load(config)


def test_rows_become_projects_with_sources_and_defaults(write: Write, config: Path) -> None:
    table(
        write,
        'B-01,"Plant B, phase 1",project,gas,1.5,2026-02-01,S1,,3',
        "",
        "C-01,=SUM(A1:A9),supplier,gas,2e1,2026-02-01,S2,0.5,",
        header=HEADER + ",realised_share,units",
    )
    loaded = load(config)
    projects = loaded.config.portfolio.projects
    assert list(projects) == ["B-01", "C-01", "A-01"]
    assert projects["B-01"].name == "Plant B, phase 1"
    assert (projects["B-01"].units, projects["B-01"].realised_share) == (3, 1)
    assert projects["C-01"].name == "=SUM(A1:A9)"
    assert projects["C-01"].announced_usd_bn == 20
    assert loaded.sources["portfolio.projects.B-01.announced_usd_bn"] == "S1"
    assert loaded.sources["portfolio.projects.C-01.realised_share"] == "S2"
    assert "portfolio.projects.C-01.units" not in loaded.sources
    assert loaded.config.portfolio.file is None
    assert Path("tables/rows.csv") in loaded.files


def test_a_byte_order_mark_and_windows_line_ends_are_fine(write: Write, config: Path) -> None:
    text = "\r\n".join(["﻿" + HEADER, row("B-01"), ""])
    write("tables/rows.csv", text)
    assert "B-01" in load(config).config.portfolio.projects


def test_the_config_overrides_adds_and_removes_rows(write: Write, config: Path) -> None:
    table(write, row("B-01"), row("C-01"), row("D-01"))
    write(
        "mine.yaml",
        "extends: my.yaml\nportfolio: {projects: {B-01: {announced_usd_bn: 9}, C-01: null}}\n",
    )
    loaded = load("mine.yaml", {"portfolio.projects.D-01.units": 4})
    projects = loaded.config.portfolio.projects
    assert list(projects) == ["B-01", "D-01", "A-01"]
    assert projects["B-01"].announced_usd_bn == 9
    assert projects["D-01"].units == 4
    assert loaded.sources["portfolio.projects.D-01.units"] == "override"
    assert loaded.sources["portfolio.projects.B-01.proposed_date"] == "S1"
    assert "portfolio.projects.B-01.announced_usd_bn" not in loaded.sources


def test_the_file_is_relative_to_the_one_that_names_it(write: Write, config: Path) -> None:
    table(write, row("B-01"))
    write("far/away.yaml", "extends: ../my.yaml\n")
    assert "B-01" in load("far/away.yaml").config.portfolio.projects
    write("far/rows.csv", HEADER + "\n" + row("Z-01") + "\n")
    write("far/own.yaml", "extends: ../my.yaml\nportfolio: {file: rows.csv}\n")
    assert "Z-01" in load("far/own.yaml").config.portfolio.projects


def test_a_file_given_by_set_is_relative_to_the_current_folder(write: Write, config: Path) -> None:
    write("other.csv", HEADER + "\n" + row("Z-01") + "\n")
    assert "Z-01" in load(config, {"portfolio.file": "other.csv"}).config.portfolio.projects
    assert list(load(config, {"portfolio.file": None}).config.portfolio.projects) == ["A-01"]


def test_a_missing_table_is_reported_where_it_is_named(write: Write, config: Path) -> None:
    line = line_of(config.read_text(encoding="utf-8"), "file:")
    with refused(
        f"my.yaml:{line}: portfolio.file: there is no file tables/rows.csv; accepted: a path "
        "relative to the file that names it"
    ):
        load(config)


def test_a_table_is_named_by_text(write: Write, config: Path) -> None:
    text = config.read_text(encoding="utf-8").replace("tables/rows.csv", "[rows.csv]")
    with refused(
        f"my.yaml:{line_of(text, 'file:')}: portfolio.file: a list is not text; accepted: the path "
        "of a CSV file"
    ):
        load(write("my.yaml", text))
    with refused(
        "--set: portfolio.file: there is no file no.csv; accepted: a path relative to the current "
        "folder"
    ):
        load(config, {"portfolio.file": "no.csv"})


ROWS: dict[str, tuple[tuple[str, ...], str]] = {
    "a thousands separator": (
        (row("B-01", '"1,500"'),),
        "2: row B-01, column announced_usd_bn: '1,500' is not a number; accepted: a number with a "
        "point and no other marks",
    ),
    "not a number": (
        (row("B-01", "NaN"),),
        "2: row B-01, column announced_usd_bn: 'NaN' is not a number; accepted: a number with a "
        "point and no other marks",
    ),
    "a negative amount": (
        (row("B-01"), row("C-01", "-5")),
        "3: row C-01, column announced_usd_bn: -5 is out of range; accepted: a number >= 0",
    ),
    "a missing amount": (
        (row("B-01", ""),),
        "2: row B-01, column announced_usd_bn: is required and missing; accepted: a number >= 0",
    ),
    "an impossible date": (
        (row("B-01", day="2026-02-30"),),
        "2: row B-01, column proposed_date: '2026-02-30' is not a date of the calendar (day is out "
        "of range for month); accepted: a date YYYY-MM-DD",
    ),
    "an unknown kind": (
        (row("B-01", kind="plan"),),
        "2: row B-01, column kind: 'plan' is not one of project, supplier, idea; accepted: one of "
        "project, supplier, idea",
    ),
    "an id given twice": (
        (row("B-01"), row("C-01"), row("B-01")),
        "4: row B-01, column id: the id is given twice, first in line 2; accepted: each id once",
    ),
    "no id": (
        (row(""),),
        "2: row 2, column id: has no id; accepted: letters, digits, - and _, a letter or digit "
        "first",
    ),
    "an id with a dot": (
        (row("B.1"),),
        "2: row B.1, column id: 'B.1' is no id; "
        "accepted: letters, digits, - and _, a letter or digit first",
    ),
    "a cell too many": (
        (row("B-01") + ",x",),
        "2: row B-01: has 8 cells for 7 columns; accepted: one cell a column (quote a cell with a "
        "comma in it)",
    ),
    "a row behind a cell of two lines": (
        ('B-01,"Plant\nB",project,gas,1,2026-02-01,S1', row("C-01", "x")),
        "4: row C-01, column announced_usd_bn: 'x' is not a number; accepted: a number with a "
        "point and no other marks",
    ),
    "a project of a missing sector": (
        (row("B-01").replace("gas", "gaz"),),
        "2: row B-01, column sector: there is no sector gaz (did you mean gas?); accepted: gas",
    ),
    "a proposal before the start": (
        (row("B-01", day="2025-02-01"),),
        "2: row B-01, column proposed_date: 2025-02-01 is before the start; accepted: a date from "
        "2026-01-01 to 2029-01-19",
    ),
    "a quote left open": (
        ('B-01,"Plant',),
        "2: row: cannot be read as CSV: unexpected end of data; accepted: cells divided by commas",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ROWS)
def test_a_wrong_cell_is_named_by_line_row_and_column(
    case: str, write: Write, config: Path
) -> None:
    rows, expected = ROWS[case]
    table(write, *rows)
    with refused(f"tables/rows.csv:{expected}"):
        load(config)


HEADERS = {
    "an unknown column": (
        HEADER.replace("announced_usd_bn", "announced_usd_bn,unitz"),
        [f"column unitz: unknown column (did you mean units?); accepted: {KNOWN}"],
    ),
    "a missing column": (
        HEADER.replace(",source", ""),
        [f"column source: is required and missing; accepted: {KNOWN}"],
    ),
    "a column given twice": (
        HEADER + ",kind",
        ["column kind: is there twice; accepted: each column once"],
    ),
    "an empty header": ("", [f"header: is empty; accepted: {KNOWN}"]),
}


@pytest.mark.parametrize("case", HEADERS)
def test_a_wrong_header_is_refused(case: str, write: Write, config: Path) -> None:
    header, expected = HEADERS[case]
    table(write, header=header)
    with refused(*(f"tables/rows.csv:1: {line}" for line in expected)):
        load(config)


def test_a_fraction_of_a_unit_is_refused(write: Write, config: Path) -> None:
    table(write, row("B-01") + ",1.5", header=HEADER + ",units")
    with refused(
        "tables/rows.csv:2: row B-01, column units: '1.5' is not a whole number; accepted: a whole "
        "number"
    ):
        load(config)


def test_a_table_in_another_encoding_is_refused(write: Write, config: Path) -> None:
    write("tables/rows.csv", f"{HEADER}\n{row('B-01')}\n{row('Ü-01')}\n".encode("latin-1"))
    with refused("tables/rows.csv:3: file: is not UTF-8 text; accepted: text saved as UTF-8"):
        load(config)
