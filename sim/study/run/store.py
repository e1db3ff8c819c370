"""Parts: finished replications of one (config, code, seed), each written whole or not at all.

A part is a folder ``<config hash, 12 digits>-<seed>-<first>-<last>`` with one parquet file per
table and ``part.json``, which says what it holds and with which checksums. Parts know nothing of
the run they are for, so one store can serve many design points.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import StoreError
from sim.study.run.identity import FORMAT, MADE_BY, computing_versions

if TYPE_CHECKING:
    import pyarrow as pa

# One fixed number, whatever the machine: chunking must never show in a result.
REPLICATIONS_PER_PART = 10
_WRITING = ".writing-"


@dataclass(frozen=True, order=True)
class PartKey:
    """Replications ``first`` to ``last - 1`` of one config, code and seed."""

    config_hash: str
    code_version: str
    seed: int
    first: int
    last: int

    @property
    def folder_name(self) -> str:
        return f"{self.config_hash[:12]}-{self.seed}-{self.first}-{self.last}"


@dataclass(frozen=True)
class PartStore:
    """The folder that holds parts; ``versions`` must agree between writer and reader."""

    root: Path
    versions: Mapping[str, str] = field(default_factory=computing_versions)

    def write(self, key: PartKey, tables: Mapping[str, pa.Table]) -> None:
        """Write a part whole; it is there under its name or not at all.

        Raises
        ------
        StoreError
            If the disk refuses.
        """
        final = self.root / key.folder_name
        temporary = self.root / f"{_WRITING}{key.folder_name}-{uuid.uuid4().hex[:8]}"
        try:
            temporary.mkdir(parents=True)
            files = {
                name: write_durably(temporary / f"{name}.parquet", parquet_bytes(table))
                for name, table in tables.items()
            }
            content = {"made_by": MADE_BY, "format": FORMAT, "versions": dict(self.versions)}
            content |= asdict(key) | {"files": files}
            write_durably(temporary / "part.json", json_bytes(content))
            if final.exists():
                shutil.rmtree(final)  # damaged, or left by a worker whose driver has gone
            os.replace(temporary, final)
            flush_folder(self.root)
        except OSError as error:
            shutil.rmtree(temporary, ignore_errors=True)
            if self.fault(key, tuple(tables)) is not None:
                raise cannot_write(final, error) from error

    def fault(self, key: PartKey, tables: Sequence[str]) -> str | None:
        """Say what is wrong with a part, ``""`` when there is none, None when it is whole."""
        folder = self.root / key.folder_name
        if not folder.is_dir():
            return ""
        try:
            content = json.loads((folder / "part.json").read_text(encoding="utf-8"))
            found = PartKey(**{name: content[name] for name in asdict(key)})
            if content["made_by"] != MADE_BY or content["format"] != FORMAT or found != key:
                return "it holds something else"
            if content["versions"] != dict(self.versions):
                return "it was written with other versions of Python or of a library"
            files: Mapping[str, Mapping[str, Any]] = content["files"]
            if set(files) != set(tables):
                return "it does not hold the tables asked for"
            return files_fault(folder, {f"{name}.parquet": files[name] for name in tables})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            return f"its part.json cannot be read ({type(error).__name__}: {error})"

    def read(self, key: PartKey, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Read one table, or some columns of it, of a part whose `fault` is None."""
        import pyarrow.parquet as pq

        path = self.root / key.folder_name / f"{table}.parquet"
        try:
            names = None if columns is None else list(columns)
            return pq.read_table(path, columns=names, use_threads=False, partitioning=None)
        except (OSError, ValueError) as error:
            raise StoreError(f"{path} cannot be read: {error}") from error

    def sweep_unfinished(self) -> None:
        """Remove what a killed process left half-written."""
        for path in self.root.glob(f"{_WRITING}*"):
            shutil.rmtree(path, ignore_errors=True)


def part_ranges(replications: int) -> list[tuple[int, int]]:
    """Cut ``0 .. replications`` into parts.

    Examples
    --------
    >>> part_ranges(25)
    [(0, 10), (10, 20), (20, 25)]
    """
    step = REPLICATIONS_PER_PART
    return [(first, min(first + step, replications)) for first in range(0, replications, step)]


def parquet_bytes(table: pa.Table) -> bytes:
    """A table as a parquet file in memory; the same table gives the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, **PARQUET)
    return bytes(sink.getvalue())


# Stated, so that a new default of the library does not change our files.
PARQUET: dict[str, Any] = {"compression": "zstd", "version": "2.6", "data_page_version": "1.0"}


def json_bytes(content: Mapping[str, Any]) -> bytes:
    """Readable JSON, a line break at its end."""
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def write_durably(path: Path, content: bytes) -> dict[str, Any]:
    """Write, flush to the disk, and give size and checksum."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def flush_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable, where the system can."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def checksum(path: Path) -> dict[str, Any]:
    """Size and checksum of a file, read in pieces."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        for piece in _pieces(file):
            digest.update(piece)
            size += len(piece)
    return {"bytes": size, "sha256": digest.hexdigest()}


def _pieces(file: Any, size: int = 1 << 20) -> Iterator[bytes]:
    while piece := file.read(size):
        yield piece


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
