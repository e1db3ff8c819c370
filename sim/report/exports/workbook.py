"""One spreadsheet of a run. What is text stays text, whatever it begins with."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.exports.sheets import Sheet, Value, about, sheets_of
from sim.study.run.files import put_bytes

if TYPE_CHECKING:
    from sim.study.findings.run_results import RunTables

MOST_ROWS = 100_000  # more take minutes to open
_LONGEST = 32_767  # letters of a cell
_NARROWEST, _WIDEST, _LOOKED_AT = 10, 46, 200  # columns in letters, and rows that decide on them
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_MADE = datetime(2025, 9, 4)  # a file says when it was made; ours are the same every day


def write_xlsx(run: RunTables, path: Path, most_rows: int = MOST_ROWS) -> list[str]:
    """Write a run as a spreadsheet: the same run, the same bytes.

    Returns
    -------
    list of str
        A sentence for each table that is too long and left out.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    sheets = sheets_of(run)
    left_out = [
        f"{one.name} has {one.rows:,} rows and is left out; --to csv has it"
        for one in sheets
        if one.rows > most_rows
    ]
    told = [*about(run), *(("left out", words) for words in left_out)]
    first = Sheet("about", ("question", "answer"), len(told), lambda: iter(told))
    fill(path, [first, *(one for one in sheets if one.rows <= most_rows)])
    return left_out


def fill(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write tables as the sheets of one file.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _OPTIONS)
    book.set_properties({"created": _MADE})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    as_date = book.add_format({"num_format": "yyyy-mm-dd"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        widths = [_NARROWEST] * len(sheet.heads)
        for column, head in enumerate(sheet.heads):
            page.write_string(0, column, head, bold)
        for at, row in enumerate(sheet.values(), start=1):
            for column, value in enumerate(row):
                _put(page, at, column, value, as_date)
                if isinstance(value, str) and at <= _LOOKED_AT:
                    widths[column] = min(max(widths[column], len(value)), _WIDEST)
        for column, width in enumerate(widths):
            page.set_column(column, column, width + 2)
        page.freeze_panes(1, 1)
    book.close()
    put_bytes(path, buffer.getvalue())


def _put(page: Any, at: int, column: int, value: Value, as_date: Any) -> None:
    if isinstance(value, str):
        page.write_string(at, column, value[:_LONGEST])
    elif isinstance(value, date):
        page.write_datetime(at, column, value, as_date)
    elif value is not None:
        page.write_number(at, column, value)
