"""docs/clauses.md: every cell is there – keys, overlays, modules, results and tests."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import sim.cli
from sim.config import load
from sim.config.schema_paths import paths
from sim.events import RESPONSES
from sim.events.schemas import TABLES
from sim.report import FIGURES

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "clauses.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if line.startswith("| ") and not line.startswith("| where ")
]
MODELLED = [row for row in ROWS if len(row) == 6]
LEFT_OUT = [row for row in ROWS if len(row) == 3]
CONFIG, MODULE, RESULT, TEST = range(2, 6)
ARTICLES = ("000", "001", "002", "003", "004")


def coded(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@cache
def keys() -> set[str]:
    """Every dotted path of the base, and every part of one."""
    found = set()
    for row in paths(load(ROOT / "configs" / "base.yaml")):
        parts = row.path.split(".")
        found |= {".".join(parts[: n + 1]) for n in range(len(parts))}
    return found


@cache
def names_of_tests() -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    return {name for text in texts for name in re.findall(r"(?m)^def (test_\w+)", text)}


def test_every_row_is_a_clause_with_five_cells_or_a_no_with_its_reason():
    assert len(MODELLED) + len(LEFT_OUT) == len(ROWS)
    assert {row[0] for row in ROWS} >= set(ARTICLES)
    assert [row for row in LEFT_OUT if len(row[2]) < 20] == []


def unknown(column: int, known: Callable[[str], bool]) -> list[str]:
    """Cells that name something not known, or nothing at all."""
    return [
        f"{row[0]}, {row[1]}: {row[column]}"
        for row in MODELLED
        if not all(map(known, coded(row[column])))
        or not (coded(row[column]) or (column == CONFIG and row[column] == "–"))
    ]


def test_the_config_of_a_clause_is_a_key_of_the_base_or_an_overlay():
    configs = ROOT / "configs"
    assert unknown(CONFIG, lambda one: one in keys() or (configs / one).is_file()) == []


def test_the_module_of_a_clause_is_a_file():
    assert unknown(MODULE, lambda one: (ROOT / "sim" / one).is_file()) == []


def test_the_result_of_a_clause_is_registered():
    columns = {name for table in TABLES.values() for name, _ in table}
    files = {f"{table}.parquet" for table in TABLES}
    verbs = {f"sim {name}" for name in sim.cli.cli.commands}
    known = set(RESPONSES) | columns | files | verbs | set(FIGURES)

    assert unknown(RESULT, known.__contains__) == []


def test_the_test_of_a_clause_is_a_test():
    assert unknown(TEST, names_of_tests().__contains__) == []
