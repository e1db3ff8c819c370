"""Files of a sweep folder: written beside their place and put there whole.

Temporary names are never shared, so two drivers cannot write into one another's file.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.study.run.store import PARQUET, cannot_write, flush_folder, write_durably

if TYPE_CHECKING:
    import pyarrow as pa


def beside(name: str) -> str:
    """What the names of a file under way begin with."""
    return f".{name}.writing-"


def put_text(final: Path, text: str) -> dict[str, Any]:
    """Write a text file whole, beside another driver too; give its size and checksum.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    temporary = final.with_name(f"{beside(final.name)}{uuid.uuid4().hex[:8]}")
    try:
        found = write_durably(temporary, text.encode("utf-8"))
        os.replace(temporary, final)
        flush_folder(final.parent)
        return found
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise cannot_write(final, error) from error


class TableFile:
    """A parquet file written by and by in row groups of equal size, in place only when closed.

    The bytes depend on the rows alone, not on the pieces they come in.
    """

    ROWS = 1 << 16

    def __init__(self, final: Path) -> None:
        self._final = final
        self._temporary = final.with_name(f"{beside(final.name)}{uuid.uuid4().hex[:8]}")
        self._held: list[pa.Table] = []
        self._rows = 0
        self._writer: Any = None
        self.total = 0

    def add(self, rows: pa.Table) -> None:
        """Put rows below those before."""
        self._held.append(rows)
        self._rows += rows.num_rows
        self.total += rows.num_rows
        if len(self._held) >= 512 or self._rows >= self.ROWS:
            self._flush(whole=False)

    def _flush(self, whole: bool) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.concat_tables(self._held).combine_chunks()
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._temporary, table.schema, **PARQUET)
        while table.num_rows >= self.ROWS or (whole and table.num_rows):
            self._writer.write_table(table.slice(0, self.ROWS), row_group_size=self.ROWS)
            table = table.slice(self.ROWS)
        self._held, self._rows = [table], table.num_rows

    def close(self) -> None:
        """Write what is left and put the file in its place."""
        self._flush(whole=True)
        self._writer.close()
        with self._temporary.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(self._temporary, self._final)

    def discard(self) -> None:
        """Leave nothing behind."""
        self._temporary.unlink(missing_ok=True)


@contextmanager
def table_files(paths: Iterable[Path]) -> Iterator[list[TableFile]]:
    """Several tables, all put in place at the end or none."""
    files = [TableFile(path) for path in paths]
    try:
        yield files
        for file in files:
            file.close()
    except OSError as error:
        raise cannot_write(files[0]._final, error) from error
    finally:
        for file in files:
            file.discard()
