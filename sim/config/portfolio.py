"""Named projects from a CSV file: one row per project, an empty cell for the default."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import get_origin

from sim.config.messages import given, nearest
from sim.config.nodes import ID, Node, Scalar, bad_character
from sim.config.schema import Project
from sim.config.shape import fields, slot_of
from sim.config.yaml_lines import read_text, shown
from sim.errors import Problem

_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")


def read_portfolio(path: Path) -> tuple[Node | None, list[Problem]]:
    """Read rows as a mapping id -> project; None when the file as a whole cannot be used."""
    file = shown(path)
    text, problem = read_text(path, "a CSV file")
    if text is None:
        return None, [problem] if problem else []
    if separator := _other_separator(text):
        message = f"columns are divided by {separator}"
        return None, [Problem(file, 1, "header", message, "columns divided by commas, names first")]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        while header and not header[-1]:
            header.pop()  # of columns without a name only a filled cell is a mistake
        problems = _check_header(header, file)
        if problems:
            return None, problems
        rows: dict[str, Node] = {}
        while True:
            line = reader.line_num + 1
            cells = next(reader, None)
            if cells is None:
                return Node(rows, file, 1), problems
            problems += _add_row(rows, header, cells, file, line)
    except csv.Error as error:
        message = f"cannot be read as CSV: {error}"
        return None, [Problem(file, reader.line_num, "row", message, "cells divided by commas")]


def _other_separator(text: str) -> str:
    """Return what divides the columns when it is not the comma, as the error names it."""
    first = text.partition("\n")[0].strip()
    if first.lower().startswith("sep="):
        return f"what line 1 says ({first[:10]!r}, a line that only some spreadsheets read)"
    words = {";": "semicolons", "\t": "tabs", "|": "bars"}
    return next((words[mark] for mark in words if first.count(mark) > first.count(",")), "")


def _check_header(header: list[str], file: str) -> list[Problem]:
    columns = fields(Project)
    known = list(columns)
    if not any(header):
        return [Problem(file, 1, "header", "is empty", ", ".join(known))]
    if not set(header) & set(known):
        return [Problem(file, 1, "header", "names no column of a portfolio", ", ".join(known))]
    problems = []
    for position, name in enumerate(header):
        where = f"column {name or position + 1}"
        if name in header[:position]:
            problems.append(Problem(file, 1, where, "is there twice", "each column once"))
        elif name not in columns:
            message = f"unknown column{nearest(name, known)}"
            problems.append(Problem(file, 1, where, message, ", ".join(known)))
    problems += [
        Problem(file, 1, f"column {name}", "is required and missing", ", ".join(known))
        for name, info in columns.items()
        if info.is_required() and name not in header
    ]
    return problems


def _add_row(
    rows: dict[str, Node], header: list[str], cells: list[str], file: str, line: int
) -> list[Problem]:
    """Add one row; a blank line is none."""
    cells = [cell.strip() for cell in cells]
    if not any(cells):
        return []
    row = dict(zip(header, cells, strict=False))
    key = row.get("id", "")
    where = f"row {key or line}"
    if len(cells) > len(header) and any(cells[len(header) :]):
        message = f"has {len(cells)} cells for {len(header)} columns"
        accepted = "one cell a column (quote a cell with a comma in it)"
        return [Problem(file, line, where, message, accepted)]
    problems = []
    if not ID.fullmatch(key):
        message = f"{key!r} is no id" if key else "has no id"
        accepted = "letters, digits, - and _, a letter or digit first"
        problems.append(Problem(file, line, f"{where}, column id", message, accepted))
    elif key in rows:
        message = f"the id is given twice, first in line {rows[key].line}"
        problems.append(Problem(file, line, f"{where}, column id", message, "each id once"))
    entries: dict[str, Node] = {}
    for name, cell in row.items():
        if cell == "":
            continue
        if message := bad_character(cell):
            where_cell = f"{where}, column {name}"
            problems.append(Problem(file, line, where_cell, message, "plain text"))
        value, accepted = _cell(name, cell)
        if accepted:
            message = f"{given(cell)} is not {accepted}"
            hint = f"{accepted} with a point and no other marks" if accepted == "a number" else ""
            problem = Problem(file, line, f"{where}, column {name}", message, hint or accepted)
            problems.append(problem)
        entries[name] = Node(value, file, line)
        if _is_list(name):
            parts = [part.strip() for part in cell.split(";")]
            entries[name] = Node([Node(part, file, line) for part in parts], file, line)
    if ID.fullmatch(key) and key not in rows:
        rows[key] = Node(entries, file, line)
    return problems


def _is_list(name: str) -> bool:
    """Whether a cell of the column holds several values, divided by ";"."""
    return get_origin(slot_of(fields(Project)[name].annotation).type) is list


def _cell(name: str, cell: str) -> tuple[Scalar, str]:
    """Return the cell's value by the type of its column, and what it is not, if it is not."""
    info = fields(Project)[name]
    types = {option.type for option in slot_of(info.annotation).options}
    if int in types:
        if re.fullmatch(r"[-+]?[0-9]{1,18}(\.0*)?", cell):  # 9200.0, as data frames write it
            return int(cell.partition(".")[0]), ""
        return 1, "a whole number"
    if float in types:
        if _NUMBER.fullmatch(cell):
            return float(cell), ""
        return 1.0, "a number"
    return cell, ""
