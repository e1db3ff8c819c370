"""Parts of a sweep: a few rows of one design point in one file, whole or not there at all.

A part is ``<config hash, 20 digits>-<seed>-<first>-<last>.part``: a line of JSON that says what it
holds, then an Arrow file whose checksum stands in that line. Beside `PartStore`, which holds the
large tables of a run under the same keys and rules, it costs one flush instead of seven and 30
microseconds of Arrow instead of milliseconds of parquet, which counts with 100,000 points.

Two processes cannot harm each other here: every write has a temporary name of its own, the rename
is atomic, and whoever comes second puts the same rows in place of the same rows.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import StoreError
from sim.study.run.identity import FORMAT, MADE_BY, computing_versions
from sim.study.run.store import (
    REPLICATIONS_PER_PART,
    PartKey,
    cannot_write,
    flush_folder,
    write_durably,
)

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIX = ".part"
_WRITING = ".writing-"


@dataclass(frozen=True)
class RowStore:
    """The folder that holds parts; ``versions`` must agree between writer and reader."""

    root: Path
    versions: Mapping[str, str] = field(default_factory=computing_versions)

    def path(self, key: PartKey) -> Path:
        """Where the part is, or would be."""
        name = f"{self.point_name(key.config_hash, key.seed)}-{key.first}-{key.last}"
        return self.root / f"{name}{SUFFIX}"

    def point_name(self, config_hash: str, seed: int) -> str:
        """What the names of all parts of a design point begin with."""
        return f"{config_hash[:20]}-{seed}"

    def write(self, key: PartKey, rows: bytes) -> None:
        """Write a part whole; it is there under its name or not at all.

        Parameters
        ----------
        rows : bytes
            An Arrow file, as `arrow_bytes` makes it.

        Raises
        ------
        StoreError
            If the disk refuses.
        """
        final = self.path(key)
        temporary = self.root / f"{_WRITING}{final.stem}-{uuid.uuid4().hex[:8]}"
        header = {"made_by": MADE_BY, "format": FORMAT, **asdict(key)}
        header |= {"versions": dict(self.versions), "sha256": hashlib.sha256(rows).hexdigest()}
        content = json.dumps(header, separators=(",", ":")).encode() + b"\n" + rows
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            write_durably(temporary, content)
            try:
                os.replace(temporary, final)
            except FileNotFoundError:  # swept away by another driver, where locks do not work
                write_durably(temporary, content)
                os.replace(temporary, final)
            flush_folder(self.root)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            if self.fault(key) is not None:
                raise cannot_write(final, error) from error

    def remove(self, key: PartKey) -> None:
        """Take a part away."""
        self.path(key).unlink(missing_ok=True)

    def fault(self, key: PartKey) -> str | None:
        """Say what is wrong with a part, ``""`` when there is none, None when it is whole."""
        return self._open(key)[0]

    def read(self, key: PartKey) -> pa.Table:
        """Rows of a part.

        Raises
        ------
        StoreError
            If it is not there whole.
        """
        import pyarrow as pa

        fault, rows = self._open(key)
        if fault is not None:
            raise StoreError(f"{self.path(key)} cannot be read: {fault or 'it is not there'}")
        return pa.ipc.open_file(pa.BufferReader(rows)).read_all()

    def _open(self, key: PartKey) -> tuple[str | None, bytes]:
        try:
            content = self.path(key).read_bytes()
        except FileNotFoundError:
            return "", b""
        except OSError as error:
            return f"{error.strerror}", b""
        line, _, rows = content.partition(b"\n")
        try:
            header = json.loads(line)
            found = PartKey(**{name: header[name] for name in asdict(key)})
            if header["made_by"] != MADE_BY or header["format"] != FORMAT or found != key:
                return "it holds something else, or comes from another version of the program", b""
            if header["versions"] != dict(self.versions):
                return "it was written with other versions of Python or of a library", b""
            if hashlib.sha256(rows).hexdigest() != header["sha256"]:
                return "it does not match its checksum", b""
        except (ValueError, KeyError, TypeError) as error:
            return f"its first line cannot be read ({type(error).__name__})", b""
        return None, rows

    def ranges(self) -> dict[str, list[tuple[int, int]]]:
        """By `point_name`, the replications for which there is a file; not checked."""
        found: dict[str, list[tuple[int, int]]] = {}
        if not self.root.is_dir():
            return found
        with os.scandir(self.root) as entries:
            for entry in entries:
                if not entry.name.endswith(SUFFIX) or entry.name.startswith("."):
                    continue
                point, _, span = entry.name.removesuffix(SUFFIX).rpartition("-")
                point, _, first = point.rpartition("-")
                if first.isdigit() and span.isdigit():
                    found.setdefault(point, []).append((int(first), int(span)))
        return found

    def sweep_unfinished(self) -> None:
        """Remove what a killed process left half-written. Only for who holds the folder's lock."""
        for path in self.root.glob(f"{_WRITING}*"):
            path.unlink(missing_ok=True)


def cover(there: Mapping[int, int], replications: int) -> Iterator[tuple[int, int, bool]]:
    """Cut ``0 .. replications`` along what is there, and the rest at every tenth replication.

    Parameters
    ----------
    there : mapping of int to int
        First replication of a part -> its last, not included.

    Yields
    ------
    tuple
        First, last (not included), and whether it is there. A part that is there may reach beyond
        ``replications``.

    Examples
    --------
    >>> list(cover({0: 5}, 25))
    [(0, 5, True), (5, 10, False), (10, 20, False), (20, 25, False)]
    """
    first = 0
    begins = sorted(there)
    while first < replications:
        if first in there:
            yield first, there[first], True
            first = there[first]
            continue
        block_end = (first // REPLICATIONS_PER_PART + 1) * REPLICATIONS_PER_PART
        last = min([block_end, replications, *(one for one in begins if one > first)])
        yield first, last, False
        first = last


def arrow_bytes(table: pa.Table) -> bytes:
    """A table as an Arrow file in memory; the same table gives the same bytes."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())
