"""Parts: finished replications of one (config, code, seed), each in one file.

A part is ``<config hash, 20 digits>-<seed>-<first>-<last>.part``: a line of JSON that says what it
holds, then an Arrow file for each table, whose place and checksum stand in that line. Parts know
nothing of the study they are for, so one store serves many design points.

Two processes cannot harm each other here: every write has a temporary name of its own, the rename
is atomic, and whoever comes second puts the same rows in place of the same rows.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import StoreError
from sim.study.run.files import hold, put_bytes
from sim.study.run.identity import MADE_BY, PARTS_FORMAT, computing_versions

if TYPE_CHECKING:
    import pyarrow as pa

# One fixed number, whatever the machine: chunking must never show in a result.
REPLICATIONS_PER_PART = 10
FAILURES = "failures"  # a table that a part holds beside the others, or alone, if it has any
SUFFIX = ".part"
_NUMBERS_AT_ONCE = 1_000_000  # 8 MB
_SECONDS_ON_THE_WAY = 1.0
_LARGE = 1 << 16  # bytes; below it zstd costs more milliseconds than it saves

Span = tuple[int, int]  # first replication, and the one after the last


@dataclass(frozen=True, order=True)
class PartKey:
    """Replications ``first`` to ``last - 1`` of one config, code and seed."""

    config_hash: str
    code_version: str
    seed: int
    first: int
    last: int

    @property
    def point(self) -> str:
        """What the names of all parts of a design point begin with."""
        return f"{self.config_hash[:20]}-{self.seed}"


def pack(key: PartKey, versions: Mapping[str, str], tables: Mapping[str, pa.Table]) -> bytes:
    """A part as its file holds it; the same tables give the same bytes."""
    import pyarrow as pa

    bodies, places, offset = [], {}, 0
    for name, table in tables.items():
        compression = "zstd" if table.nbytes >= _LARGE else None
        options = pa.ipc.IpcWriteOptions(compression=compression, use_threads=False)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, table.schema, options=options) as writer:
            writer.write_table(table)
        body = sink.getvalue().to_pybytes()
        places[name] = (offset, len(body), hashlib.sha256(body).hexdigest())
        bodies.append(body)
        offset += len(body)
    header = {"made_by": MADE_BY, "format": PARTS_FORMAT, **vars(key)}
    header |= {"versions": dict(versions), "tables": places}
    return b"".join((json.dumps(header, separators=(",", ":")).encode(), b"\n", *bodies))


@dataclass(frozen=True)
class PartStore:
    """The folder that holds parts; ``versions`` must agree between writer and reader."""

    root: Path
    versions: Mapping[str, str] = field(default_factory=computing_versions)

    def path(self, key: PartKey) -> Path:
        """Where the part is, or would be."""
        return self.root / f"{key.point}-{key.first}-{key.last}{SUFFIX}"

    @contextmanager
    def writing(self) -> Iterator[Callable[[PartKey, bytes], None]]:
        """To write many parts: each is in its place at once, and on the disk some seconds later.

        A disk takes as long for a part as a processor for a small one, so it is waited for beside
        the work, once a second. A power cut costs the last parts: their checksums tell, and the
        same command computes them again.

        Raises
        ------
        StoreError
            If the disk refuses.
        """
        waiting: list[Path] = []
        since = monotonic()
        with ThreadPoolExecutor(1) as disk:
            under_way = disk.submit(hold, ())

            def write(key: PartKey, content: bytes) -> None:
                nonlocal since, under_way
                self.write(key, content, at_once=False)
                waiting.append(self.path(key))
                if monotonic() - since >= _SECONDS_ON_THE_WAY:
                    under_way.result()
                    under_way = disk.submit(hold, tuple(waiting))
                    waiting.clear()
                    since = monotonic()

            try:
                yield write
            finally:
                under_way.result()
                hold(waiting)

    def write(self, key: PartKey, content: bytes, at_once: bool = True) -> None:
        """Write a part, as `pack` makes it; it is there whole or not at all.

        Raises
        ------
        StoreError
            If the disk refuses.
        """
        try:
            put_bytes(self.path(key), content, at_once)
        except StoreError:
            if self.fault(key, ()) is not None:  # or another driver has put the same there
                raise

    def fault(self, key: PartKey, tables: Sequence[str]) -> str | None:
        """Say what is wrong with a part, ``""`` when there is none, None when it is whole."""
        try:
            for _ in self._bodies(key, tables, every=True):
                pass
        except FileNotFoundError:
            return ""
        except OSError as error:
            return str(error.strerror)
        except StoreError as error:
            return str(error)
        return None

    def read(
        self, key: PartKey, tables: Sequence[str], columns: Sequence[str] | None = None
    ) -> dict[str, pa.Table]:
        """Some tables of a part, or some of their columns; without those it need not hold.

        Raises
        ------
        StoreError
            If it is not there whole.
        """
        import pyarrow as pa

        found = {}
        try:
            for name, body in self._bodies(key, tables):
                file = pa.ipc.open_file(pa.BufferReader(body))
                if columns is not None:
                    places = [file.schema.get_field_index(column) for column in columns]
                    options = pa.ipc.IpcReadOptions(included_fields=places)
                    file = pa.ipc.open_file(pa.BufferReader(body), options=options)
                rows = file.read_all()
                found[name] = rows if columns is None else rows.select(list(columns))
        except (OSError, StoreError) as error:
            reason = "it is not there" if isinstance(error, FileNotFoundError) else error
            raise StoreError(f"{self.path(key)} cannot be read: {reason}") from error
        return found

    def _bodies(
        self, key: PartKey, tables: Sequence[str], every: bool = False
    ) -> Iterator[tuple[str, bytes]]:
        """The tables asked for, or every one, as Arrow files whose checksum holds."""
        with self.path(key).open("rb") as file:
            places = self._header(file.readline(), key)
            if FAILURES not in places and not {*tables} <= {*places, FAILURES}:
                raise StoreError("it does not hold the tables asked for")
            begin = file.tell()
            for name, (offset, size, sha256) in places.items():
                if every or name in tables:
                    file.seek(begin + offset)
                    body = file.read(size)
                    if hashlib.sha256(body).hexdigest() != sha256:
                        raise StoreError(f"its table {name} does not match its checksum")
                    yield name, body

    def _header(self, line: bytes, key: PartKey) -> dict[str, tuple[int, int, str]]:
        """Place, size and checksum of every table of a part that is what its name says."""
        try:
            header: dict[str, Any] = json.loads(line)
            made_by = header["made_by"], header["format"]
            found = PartKey(**{name: header[name] for name in vars(key)})
            versions, places = header["versions"], header["tables"]
            places = {str(name): (int(o), int(n), str(h)) for name, (o, n, h) in places.items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StoreError(f"its first line cannot be read ({type(error).__name__})") from error
        if made_by != (MADE_BY, PARTS_FORMAT) or found != key:
            raise StoreError("it holds something else, or is of another version of the program")
        if versions != dict(self.versions):
            raise StoreError("it was written with other versions of Python or of a library")
        return places

    def ranges(self) -> dict[str, list[Span]]:
        """By `PartKey.point`, the replications for which there is a file; not checked."""
        found: dict[str, list[Span]] = {}
        if not self.root.is_dir():
            return found
        with os.scandir(self.root) as entries:
            for entry in entries:
                if not entry.name.endswith(SUFFIX) or entry.name.startswith("."):
                    continue
                point, _, last = entry.name.removesuffix(SUFFIX).rpartition("-")
                point, _, first = point.rpartition("-")
                if first.isdigit() and last.isdigit():
                    found.setdefault(point, []).append((int(first), int(last)))
        return found


@dataclass(frozen=True)
class Kept:
    """The tables of one point from its parts, in order; read again each time they are asked for."""

    store: PartStore
    keys: tuple[PartKey, ...]
    replications: int

    def each(self, table: str, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """One table of every part, or some columns of it, in order of replication."""
        for key in self.keys:
            cut = key.last > self.replications
            rows = self.store.read(key, (table,), None if cut else columns)[table]
            if cut:
                rows = until(rows, self.replications)
                rows = rows if columns is None else rows.select(list(columns))
            yield rows

    def whole(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """The same of all parts, in memory."""
        import pyarrow as pa

        return pa.concat_tables(self.each(table, columns))


def groups(names: Sequence[str], rows: float) -> Iterator[tuple[str, ...]]:
    """Cut columns into groups, each of which fits into memory whatever the replications.

    Parts are read again for every group: of few replications once, of a hundred thousand for each
    column or two.

    Examples
    --------
    >>> list(groups(["a", "b", "c"], 500_000))
    [('a', 'b'), ('c',)]
    """
    size = max(1, int(_NUMBERS_AT_ONCE // max(rows, 1)))
    for first in range(0, len(names), size):
        yield tuple(names[first : first + size])


def joined(pieces: Iterable[Sequence[NDArray[Any]]]) -> list[NDArray[Any]]:
    """Columns of which every part has a piece; only one stands in memory twice at a time.

    Examples
    --------
    >>> joined([(np.array([1]), np.array([2.5])), (np.array([3, 4]), np.array([0.5, 1.5]))])
    [array([1, 3, 4]), array([2.5, 0.5, 1.5])]
    """
    columns: list[list[NDArray[Any]]] = []
    for piece in pieces:
        columns = columns or [[] for _ in piece]
        for column, own in zip(columns, piece, strict=True):
            column.append(own)
    columns.reverse()
    return [np.concatenate(columns.pop()) for _ in range(len(columns))]


def until(rows: pa.Table, replications: int) -> pa.Table:
    """The rows of the first replications."""
    import pyarrow.compute as pc

    return rows.filter(pc.less(rows.column("replication"), replications))


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
