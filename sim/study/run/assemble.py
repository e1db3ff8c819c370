"""From parts to the files of a run folder, part by part, so that memory stays flat.

A row group of a final file is a part. The bytes depend on the parts alone: not on the number of
workers, the order they finished in, or the time of day.
"""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import StoreError
from sim.study.run.store import (
    PARQUET,
    PartKey,
    PartStore,
    cannot_write,
    checksum,
    flush_folder,
    write_durably,
)

if TYPE_CHECKING:
    import pyarrow as pa

OUTCOMES = "outcomes"


class Parts:
    """The parts of one run, in order, read again each time they are asked for."""

    def __init__(self, store: PartStore, keys: Sequence[PartKey]) -> None:
        self._store = store
        self._keys = tuple(keys)

    def each(self, table: str, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """One table of every part, or some columns of it, in order of replication."""
        for key in self._keys:
            yield self._store.read(key, table, columns)

    def whole(self, table: str) -> pa.Table:
        """One table of all parts, in memory."""
        import pyarrow as pa

        return pa.concat_tables(self.each(table))


def write_parquet(folder: Path, table: str, parts: Parts) -> dict[str, Any]:
    """Write ``<table>.parquet`` from its parts; give its size and checksum.

    Raises
    ------
    StoreError
        If two parts have different columns, or the disk refuses.
    """
    import pyarrow.parquet as pq

    final = folder / f"{table}.parquet"
    temporary = _beside(final)
    writer = None
    try:
        with temporary.open("wb") as file:
            for piece in parts.each(table):
                if writer is None:
                    schema = piece.schema
                    writer = pq.ParquetWriter(file, schema, **PARQUET)
                elif piece.schema != schema:
                    raise StoreError(f"parts disagree about the columns of {final.name}")
                if piece.num_rows:
                    writer.write_table(piece, row_group_size=piece.num_rows)
            if writer is not None:
                writer.close()
            file.flush()
            os.fsync(file.fileno())
        return _put_in_place(temporary, final)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise cannot_write(final, error) from error


def write_csv(folder: Path, name: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Write ``<name>.csv``: numbers in full, an empty cell where there is none."""
    text = io.StringIO(newline="")
    columns = list(rows[0]) if rows else []
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row[column]) for column in columns])
    return write_text(folder, f"{name}.csv", text.getvalue())


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return repr(value) if isinstance(value, float) else str(value)


def write_text(folder: Path, name: str, text: str) -> dict[str, Any]:
    """Write a text file, the same bytes on every system; give its size and checksum."""
    final = folder / name
    temporary = _beside(final)
    try:
        write_durably(temporary, text.encode("utf-8"))
        return _put_in_place(temporary, final)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise cannot_write(final, error) from error


def _beside(final: Path) -> Path:
    return final.with_name(f".{final.name}.writing")


def _put_in_place(temporary: Path, final: Path) -> dict[str, Any]:
    os.replace(temporary, final)
    flush_folder(final.parent)
    return checksum(final)
