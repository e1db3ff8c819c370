"""The design as a table, and what decides it: ``design.parquet`` and the hash in a manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study.design.design import Design

if TYPE_CHECKING:
    import pyarrow as pa

_CHECKED = b"plan_hash"  # in the table's metadata


def plan_hash(design: Design, base_hash: str) -> str:
    """Hash of all that decides the tables of a sweep besides seed, replications and code."""
    digest = hashlib.sha256(base_hash.encode())
    digest.update(_text([design.kind, describe_factors(design)]).encode())
    for number in range(len(design)):
        digest.update(_text(list(design.point(number).values())).encode())
    return digest.hexdigest()


def describe_factors(design: Design) -> dict[str, dict[str, Any]]:
    """What the manifest says of every factor: path, label, unit, and levels with their names."""
    return {
        factor.id: {
            "path": ", ".join(factor.paths),
            "label": factor.label or factor.id,
            "unit": factor.unit,
            "levels": [factor.text(level) for level in factor.levels],
        }
        for factor in design.factors
    }


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), default=str)


def design_table(design: Design, hashes: Sequence[str], checked: str) -> pa.Table:
    """A row per design point: number, value of every factor, hash of its config.

    A column whose values are not all numbers, all texts or all true and false holds JSON. What the
    analysis of the design needs besides stands in ``unit:<factor>`` (the uniforms behind the values
    of a drawn design) and ``varied`` (place of the one factor that differs from the base).
    ``checked`` says which design, checked by which code, the hashes are of.
    """
    import pyarrow as pa

    columns: dict[str, Any] = {"design_point": pa.array(range(len(design)), pa.int32())}
    for factor, column in zip(design.factors, design.columns, strict=True):
        values: Any = column
        if column.dtype == np.object_:
            types = {type(value) for value in column}
            plain = types in ({str}, {bool}) or types <= {int, float}
            values = column.tolist() if plain else [_text(value) for value in column]
        columns[factor.id] = pa.array(values)
    columns["config_hash"] = pa.array(hashes, pa.string())
    if design.varied is not None:
        columns["varied"] = pa.array(design.varied, pa.int32())
    if design.unit is not None:
        for factor, unit in zip(design.factors, design.unit.T, strict=True):
            columns[f"unit:{factor.id}"] = pa.array(unit)
    return pa.table(columns).replace_schema_metadata({_CHECKED: checked.encode()})


def read_hashes(path: Path, checked: str) -> list[str] | None:
    """Config hashes in a design's table, if that says ``checked``."""
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            if (file.schema_arrow.metadata or {}).get(_CHECKED) != checked.encode():
                return None
            found: list[str] = file.read(["config_hash"]).column(0).to_pylist()
            return found
    except (OSError, ValueError):
        return None
