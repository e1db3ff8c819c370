"""Files that are there whole or not at all: bytes, CSV, parquet; and what the disk may refuse.

Everything is written under a name of its own beside its place and then renamed, so two drivers
cannot write into one another's file and a reader never sees half of one.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import math
import os
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sim.errors import StoreError

if TYPE_CHECKING:
    import pyarrow as pa

_ABANDONED_SECONDS = 3600  # where locks do not work, a younger file may be under way
# Stated, so that a new default of the library does not change our files.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PARQUET: dict[str, Any] = {"compression": "zstd", "version": "2.6", "data_page_version": "1.0"}
_ALL_DIFFERENT = ("amount_cents",)  # a dictionary of what never comes twice makes a file larger
Said = dict[str, Any]  # size and checksum of a file


def _beside(final: Path) -> Path:
    return final.with_name(f".{final.name}.writing-{uuid.uuid4().hex[:8]}")


def remove_abandoned(folder: Path) -> None:
    """Remove what a killed process left half-written in a folder.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    try:
        for left in folder.glob(".*.writing-*"):
            with contextlib.suppress(FileNotFoundError):  # it may just be put in its place
                if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
                    left.unlink()
    except OSError as error:
        raise cannot_write(folder, error) from error


@contextmanager
def _put(final: Path, at_once: bool = True) -> Iterator[IO[bytes]]:
    """A file to write to, in its place when the block ends: one flush and one rename."""
    temporary = _beside(final)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            yield file
            file.flush()
            if at_once:
                os.fsync(file.fileno())
        os.replace(temporary, final)
        if at_once:
            _flush_folder(final.parent)
    except OSError as error:
        raise cannot_write(final, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def csv_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a table of ours, as text: that which was given, not `disarmed`."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: _given(text) for name, text in row.items()} for row in csv.DictReader(file)]


def put_bytes(final: Path, content: bytes, at_once: bool = True) -> Said:
    """Write a file whole, or not at all; give its size and checksum.

    Not ``at_once``, the system has it when this returns, and the disk only after `hold`: no killed
    process can damage it, a power cut can.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    with _put(final, at_once) as file:
        file.write(content)
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def hold(paths: Sequence[Path]) -> None:
    """Wait until the disk has files of one folder. One that is gone meanwhile is left aside.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    for path in paths:
        try:
            with contextlib.suppress(FileNotFoundError), path.open("rb+") as file:
                os.fsync(file.fileno())
        except OSError as error:
            raise cannot_write(path, error) from error
    if paths:
        _flush_folder(paths[0].parent)


def put_text(final: Path, text: str) -> Said:
    """The same for a text, the same bytes on every system."""
    return put_bytes(final, text.encode("utf-8"))


def put_json(final: Path, content: Mapping[str, Any]) -> Said:
    """The same for readable JSON."""
    return put_text(final, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def put_csv(final: Path, rows: Iterable[Mapping[str, Any]], exact: bool = False) -> Said:
    """The same for rows, taken one by one, an empty cell where there is nothing.

    Numbers are for people and have twelve digits at most; ``exact`` keeps every bit of them.
    """
    with _put(final) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(text, lineterminator="\n")
        columns: list[str] | None = None
        for row in rows:
            if columns is None:
                columns = list(row)
                writer.writerow(columns)
            writer.writerow([cell(row[column], exact) for column in columns])
        if columns is None:
            writer.writerow([])
        text.detach()
    return checksum(final)


def cell(value: Any, exact: bool = False) -> str:
    """What a table of text says of a value; see `put_csv`.

    Examples
    --------
    >>> cell(33.30000000000011), cell(0.1 + 0.2, exact=True), cell(float("nan")), cell(7)
    ('33.3', '0.30000000000000004', '', '7')
    >>> cell("=1+1"), cell(-1.5)
    ("'=1+1", '-1.5')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float):
        return repr(float(value) if exact else in_digits(value))
    return disarmed(value) if isinstance(value, str) else str(value)


def disarmed(text: str) -> str:
    """Text of somebody's, with an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if _formula(text) else text


def _formula(text: str) -> bool:
    """Also with apostrophes before it already: one is taken away where it is read."""
    return text.lstrip("'").startswith(_FORMULA)


def _given(text: str) -> str:
    return text[1:] if text.startswith("'") and _formula(text) else text


def in_digits(value: float) -> float:
    """A number as people are given it: 33.3, not 33.29999999999997."""
    return float(f"{value:.12g}")


class TableFile:
    """A parquet file written by and by in row groups of equal size, in place only when closed.

    The bytes depend on the rows alone, not on the pieces they come in.
    """

    ROWS = 1 << 16

    def __init__(self, final: Path) -> None:
        self.final = final
        self._temporary = _beside(final)
        self._held: list[pa.Table] = []
        self._rows = 0
        self._writer: Any = None
        self.total = 0

    def add(self, rows: pa.Table) -> None:
        """Put rows below those before.

        Raises
        ------
        StoreError
            If they have other columns than those before.
        """
        if self._held and rows.schema != self._held[0].schema:
            raise StoreError(f"parts disagree about the columns of {self.final.name}")
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
            coded = [name for name in table.column_names if name not in _ALL_DIFFERENT]
            self._writer = pq.ParquetWriter(
                self._temporary, table.schema, use_dictionary=coded, **_PARQUET
            )
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
        os.replace(self._temporary, self.final)

    def discard(self) -> None:
        """Leave nothing behind."""
        with contextlib.suppress(OSError):
            self._temporary.unlink(missing_ok=True)


@contextmanager
def table_files(*paths: Path) -> Iterator[list[TableFile]]:
    """Several tables, all put in place at the end or none.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    files = [TableFile(path) for path in paths]
    at = files[0]
    try:
        yield files
        for at in files:
            at.close()
        _flush_folder(at.final.parent)
    except OSError as error:
        raise cannot_write(at.final, error) from error
    finally:
        for file in files:
            file.discard()


def _flush_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable, where the system can."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def checksum(path: Path) -> Said:
    """Size and checksum of a file, read in pieces."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {"bytes": file.tell(), "sha256": digest}


def files_fault(folder: Path, files: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Say which file does not match its size or checksum; None when all do."""
    for name, said in files.items():
        path = folder / name
        if not path.is_file():
            return f"{name} is missing"
        size = path.stat().st_size
        if size != said["bytes"]:
            return f"{name} has {size} bytes instead of {said['bytes']}"
        if checksum(path)["sha256"] != said["sha256"]:
            return f"{name} does not match its checksum"
    return None


def cannot_write(path: Path, error: OSError) -> StoreError:
    """What to tell the user when the disk refuses."""
    reason = error.strerror or str(error)
    return StoreError(
        f"cannot write {path}: {reason}. Finished parts are kept; put that right "
        "and run the same command again to complete the run"
    )
