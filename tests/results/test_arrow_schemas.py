"""Columns, types and codes of the run folder, in golden lists: readers rely on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from support.hand_made import HAND_NAMES, hand_config, hand_replication

from sim.events.schemas import DICTIONARIES, TABLES, arrow_schema, dictionary_values
from sim.results import Horizon, arrow_tables, some_tables, tabulate, to_arrow
from sim.results.tables import arrow
from sim.results.tables.arrow import no_rows

# A paragraph each: the name of a table and its columns in order, or of a column's words by code.
GOLDEN = {
    name: rest
    for name, *rest in map(
        str.split, Path(__file__).with_suffix(".txt").read_text("utf-8").split("\n\n")
    )
}


@pytest.fixture(scope="module")
def two() -> dict[str, pa.Table]:
    made = hand_replication()
    return arrow_tables(some_tables([made, made], Horizon(hand_config()), TABLES), HAND_NAMES)


@pytest.mark.parametrize("table", TABLES)
def test_the_schema_of_a_table_is_fixed(table):
    words = {"dictionary<values=string, indices=int16, ordered=0>": "coded16",
             "dictionary<values=string, indices=int32, ordered=0>": "coded32",
             "timestamp[ms]": "date"}  # fmt: skip
    found = [(field.name, str(field.type)) for field in arrow_schema(table)]
    assert [f"{name}:{words.get(kind, kind)}" for name, kind in found] == GOLDEN[table]


def test_no_table_and_no_list_of_words_is_without_a_golden_list():
    lists = {"event", "cause", "status", "unit", "ledger_cause", "account", "reason", "party",
             "no_rate"}  # fmt: skip
    assert set(GOLDEN) == set(TABLES) | lists
    assert set(dictionary_values(HAND_NAMES)) == set(DICTIONARIES)
    assert lists == set(DICTIONARIES) - {"project", "resource", "sector", "state"}  # of configs


@pytest.mark.parametrize("table", TABLES)
def test_tables_of_replications_are_joined_under_the_schema(two, table):
    made = tabulate(hand_replication(), hand_config())
    assert two[table].schema == arrow_schema(table)
    two[table].validate(full=True)
    one = to_arrow(table, getattr(made, table), HAND_NAMES)
    assert two[table].num_rows == 2 * one.num_rows
    # The config by hand has no finance section.
    assert (one.num_rows > 0) != (table in ("finance", "ledger", "distributions", "duties"))
    assert two[table].slice(one.num_rows).equals(one)


def test_no_row_of_a_table_is_an_empty_table_of_its_schema():
    for table in TABLES:
        empty = to_arrow(table, no_rows(table), HAND_NAMES)
        assert empty.num_rows == 0
        assert empty.schema == arrow_schema(table)


def test_tables_of_nothing_are_refused():
    with pytest.raises(ValueError, match="takes at least one replication"):
        some_tables([], Horizon(hand_config()), TABLES)


def test_categories_are_in_the_order_of_the_config_and_of_the_lists(two):
    def values(table, column):
        return tuple(two[table][column].chunk(0).dictionary.to_pylist())

    assert values("events", "project") == HAND_NAMES.projects  # the absent one too
    assert values("events", "resource") == HAND_NAMES.resources
    assert values("projects", "sector") == HAND_NAMES.sectors
    for table, column, word in (
        ("events", "event", "event"),
        ("events", "cause", "cause"),
        ("projects", "status", "status"),
        ("capacity", "unit", "unit"),
        ("delays", "cause", "ledger_cause"),
    ):
        assert [text.replace(" ", "_") for text in values(table, column)] == GOLDEN[word]


def test_nothing_is_null_and_never_a_code(two):
    events = two["events"].slice(0, two["events"].num_rows // 2).to_pylist()
    closed = next(event for event in events if event["event"] == "deadline_closed")
    assert closed["project"] is closed["resource"] is closed["cause"] is None
    selected = next(event for event in events if event["event"] == "selected")
    assert (selected["project"], selected["cause"]) == ("gamma", "recorded")
    assert selected["amount"] == 2e9
    projects = two["projects"].to_pylist()[:3]
    assert [row["project"] for row in projects] == ["beta", "alpha", "gamma"]
    assert [row["status"] for row in projects] == ["declined", "operating", "building"]
    assert projects[0]["operating"] is None
    assert projects[0]["days_selection_to_ntp"] is None  # empty, not nan
    assert str(projects[1]["operating"]) == "2026-08-30 00:00:00"


def test_an_unlimited_capacity_stays_infinite(two):
    desks = two["capacity"].to_pylist()[1]
    assert (desks["resource"], desks["capacity"]) == ("jbic_desks", float("inf"))


def test_a_part_below_zero_is_null():
    made = tabulate(hand_replication(), hand_config())
    events = made.events | {"part": np.full_like(made.events["part"], -1)}
    assert to_arrow("events", events, HAND_NAMES)["part"].null_count == len(made.events["part"])


NUMBERS = [
    np.array([1.5, np.nan, 3.0] * 7),
    np.array([1.5, np.nan, 3.0] * 7)[::2],
    np.full(3, np.nan),
    np.array([]),
    np.arange(10, dtype=np.int32),
    np.arange(10),
    np.array([True, False, False] * 5),
    np.array([True, False, False] * 5)[::2],
]


@pytest.mark.parametrize("column", NUMBERS, ids=str)
def test_numbers_are_what_pyarrow_makes_of_them_to_the_byte(column: np.ndarray) -> None:
    made = arrow._numbers(column, pa.from_numpy_dtype(column.dtype))
    made.validate(full=True)
    usual = pa.array(column, from_pandas=True)
    assert made.null_count == usual.null_count
    first, second = (pa.record_batch([one], ["a"]).serialize() for one in (made, usual))
    assert first.equals(second)


def test_outcomes_are_made_without_what_imports_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker of a sweep is at work sooner, and smaller."""
    columns = no_rows("outcomes")
    monkeypatch.setattr(pa, "array", lambda *given, **how: pytest.fail("pyarrow.array was called"))
    assert to_arrow("outcomes", columns, HAND_NAMES).num_rows == 0
