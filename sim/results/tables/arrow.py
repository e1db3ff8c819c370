"""Column dicts of several replications as one Arrow table with its fixed schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.events import Names
from sim.events.schemas import DICTIONARIES, TABLES, arrow_schema, dictionary_values
from sim.results.tables.facts import Column, Columns

if TYPE_CHECKING:
    import pyarrow as pa


def to_arrow(table: str, parts: Sequence[Columns], names: Names) -> pa.Table:
    """One Arrow table from the same table of several replications, rows in the order given.

    Codes and parts below zero, dates not reached and nan become null.

    Parameters
    ----------
    table : str
        One of `sim.events.schemas.TABLES`.
    parts : sequence of column dicts
        As `tabulate` makes them; may be empty.
    names : Names
        What the codes stand for, the same in every part.

    Raises
    ------
    KeyError
        If ``table`` is unknown or a part lacks a column.
    """
    import pyarrow as pa

    schema = arrow_schema(table)
    values = {
        word: pa.array(texts, pa.string()) for word, texts in dictionary_values(names).items()
    }
    arrays = []
    for (name, word), field in zip(TABLES[table], schema, strict=True):
        column: Any = _joined([part[name] for part in parts])
        if word in DICTIONARIES:
            codes = pa.array(column, getattr(pa, DICTIONARIES[word])(), mask=column < 0)
            arrays.append(pa.DictionaryArray.from_arrays(codes, values[word]))
        elif word == "int16":
            arrays.append(pa.array(column, field.type, mask=column < 0))
        else:
            arrays.append(pa.array(column, field.type, from_pandas=True))
    return pa.Table.from_arrays(arrays, schema=schema)


def no_rows(table: str) -> Columns:
    """The columns of a table without a row."""
    kinds = {"date": "datetime64[ms]", "bool": "bool"}
    return {
        name: np.empty(0, dtype=kinds.get(word, DICTIONARIES.get(word, word)))
        for name, word in TABLES[table]
    }


def _joined(columns: list[Column]) -> Column:
    if len(columns) == 1:
        return columns[0]
    return np.concatenate(columns) if columns else np.empty(0, dtype=np.int64)
