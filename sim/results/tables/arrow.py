"""Columns of a table as an Arrow table with its fixed schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.events import Names
from sim.events.schemas import DICTIONARIES, TABLES, arrow_schema, dictionary_values
from sim.results.tables.facts import Columns

if TYPE_CHECKING:
    import pyarrow as pa


def to_arrow(table: str, columns: Columns, names: Names) -> pa.Table:
    """One Arrow table, rows in the order given.

    Codes and parts below zero, dates not reached and nan become null.

    Parameters
    ----------
    table : str
        One of `sim.events.schemas.TABLES`.
    columns : dict of arrays
        As `some_tables` makes them.
    names : Names
        What the codes stand for.

    Raises
    ------
    KeyError
        If ``table`` is unknown or a column is lacking.
    """
    import pyarrow as pa

    schema, texts = arrow_schema(table), dictionary_values(names)
    values: dict[str, pa.Array] = {}
    arrays = []
    for (name, word), field in zip(TABLES[table], schema, strict=True):
        column: Any = columns[name]
        if word in DICTIONARIES:
            codes = pa.array(column, getattr(pa, DICTIONARIES[word])(), mask=column < 0)
            if word not in values:
                values[word] = pa.array(texts[word], pa.string())
            arrays.append(pa.DictionaryArray.from_arrays(codes, values[word]))
        elif word == "int16":
            arrays.append(pa.array(column, field.type, mask=column < 0))
        elif column.dtype == word:
            arrays.append(_numbers(column, field.type))
        else:
            arrays.append(pa.array(column, field.type, from_pandas=True))
    return pa.Table.from_arrays(arrays, schema=schema)


def _numbers(column: Any, kind: pa.DataType) -> pa.Array:
    """What `pyarrow.array` makes of whole numbers, doubles or truths; that would import pandas.

    A worker of a sweep needs no pandas, which takes it longer to import than ten points.
    """
    import pyarrow as pa

    there = ~np.isnan(column)
    values = _bits(column) if column.dtype == np.bool_ else np.ascontiguousarray(column)
    buffers = [None if there.all() else pa.py_buffer(_bits(there)), pa.py_buffer(values)]
    return pa.Array.from_buffers(kind, len(column), buffers)


def _bits(truths: Any) -> Any:
    """Eight a byte, as Arrow has them."""
    return np.packbits(truths, bitorder="little")


def no_rows(table: str) -> Columns:
    """The columns of a table without a row."""
    kinds = {"date": "datetime64[ms]", "bool": "bool"}
    return {
        name: np.empty(0, dtype=kinds.get(word, DICTIONARIES.get(word, word)))
        for name, word in TABLES[table]
    }
