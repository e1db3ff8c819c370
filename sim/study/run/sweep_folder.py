"""The folder of a sweep: which one to use, its design, and its tables made from parts.

``parts/sweep.json`` says whose parts they are; ``manifest.json``, written last, says that the
tables are complete. A sweep that has grown (more points, more replications, other levels) goes on
in its folder and keeps every part; one of another name or version of the program gets the next.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import StoreError
from sim.study.design.sweep_config import Sweep
from sim.study.run.folder import (
    MANIFEST,
    PARTS,
    Place,
    State,
    first_place,
    is_free,
    locked,
    read_manifest,
    read_mark,
)
from sim.study.run.identity import FORMAT, MADE_BY
from sim.study.run.store import cannot_write, files_fault, json_bytes
from sim.study.run.sweep_files import beside, put_text

if TYPE_CHECKING:
    import pyarrow as pa

KIND = "sweep"
DESIGN = "design.parquet"
_OURS = "sweep.json"
_PLAN = b"plan_hash"
_ABANDONED_SECONDS = 3600  # where locks do not work, a younger file may be under way


@dataclass(frozen=True)
class SweepRequest:
    """What was asked for: two equal requests have the same tables, byte for byte."""

    plan_hash: str
    code_version: str
    seed: int
    replications: int
    points: int

    def as_dict(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        return asdict(self)


def plan_hash(sweep: Sweep, base_hash: str) -> str:
    """Hash of all that decides the tables of a sweep besides seed, replications and code."""
    digest = hashlib.sha256(base_hash.encode())
    digest.update(_text([sweep.design.kind, describe_factors(sweep)]).encode())
    for number in range(len(sweep.design)):
        digest.update(_text(list(sweep.design.point(number).values())).encode())
    return digest.hexdigest()


def describe_factors(sweep: Sweep) -> dict[str, dict[str, Any]]:
    """What the manifest says of every factor: path, label, unit, and levels with their names."""
    return {
        factor.id: {
            "path": factor.path,
            "label": factor.label or factor.id,
            "unit": factor.unit,
            "levels": [factor.text(level) for level in factor.levels],
        }
        for factor in sweep.design.factors
    }


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), default=str)


def find_sweep_place(folder: Path, name: str, request: SweepRequest) -> Place:
    """Choose ``folder``, or the first of ``folder-2``, ``folder-3``, ... that serves."""
    return first_place(folder, "sweep", lambda candidate: _state(candidate, name, request))


def _state(folder: Path, name: str, request: SweepRequest) -> tuple[State | None, str]:
    if is_free(folder):
        return "new", ""
    ours = _owner(folder)
    if ours is None:
        return None, f"{folder} holds other files"
    if ours != (name, request.code_version):
        what = "another sweep" if ours[0] != name else "this sweep by another version of sim"
        return None, f"{folder} holds {what}; it is left as it is"
    if not (folder / MANIFEST).exists():
        return "begun", ""
    try:
        manifest = read_manifest(folder, KIND)
        same = all(manifest[key] == value for key, value in request.as_dict().items())
        if same and not manifest["tried_in_vain"] and not files_fault(folder, manifest["files"]):
            return "complete", ""
    except (StoreError, KeyError, TypeError):
        pass  # tables are made again from parts, which have checksums of their own
    return "begun", ""


def _owner(folder: Path) -> tuple[str, str] | None:
    path = folder / PARTS / _OURS
    return read_mark(path, lambda found: (found["name"], found["code_version"]))


def sweep_begun(folder: Path) -> str | None:
    """Name of the sweep whose parts a folder holds, None when there are none."""
    owner = _owner(folder)
    return owner and owner[0]


@contextmanager
def claimed_sweep(folder: Path, name: str, request: SweepRequest) -> Iterator[Place]:
    """Find the sweep's place and keep every other driver out of it, unless it is complete.

    Raises
    ------
    StoreError
        If another process is at work there, or the disk refuses.
    """
    while True:
        place = find_sweep_place(folder, name, request)
        if place.state == "complete":
            yield place
            return
        with locked(place.folder) as held:
            owner = _owner(place.folder)
            if held:
                if owner not in (None, (name, request.code_version)):
                    continue  # someone was quicker, and has gone again
                begin_sweep(place.folder, name, request)
                yield place
                return
        if owner in (None, (name, request.code_version)):
            raise StoreError(
                f"another process is computing this sweep in {place.folder}; wait for it, or give "
                "another --out"
            )


def begin_sweep(folder: Path, name: str, request: SweepRequest) -> None:
    """Record whose parts these are; from here on the tables are not complete."""
    content = {"made_by": MADE_BY, "format": FORMAT, "kind": KIND, "name": name}
    content["code_version"] = request.code_version
    path = folder / PARTS / _OURS
    try:
        for left in folder.glob(f"{beside('*')}*"):  # by a driver that was killed
            with contextlib.suppress(FileNotFoundError):  # it may just be put in its place
                if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
                    left.unlink()
        (folder / MANIFEST).unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    put_text(path, json_bytes(content).decode())


def design_table(sweep: Sweep, hashes: Sequence[str], plan: str) -> pa.Table:
    """A row per design point: number, value of every factor, hash of its config.

    A column whose values are not all numbers, all texts or all true and false holds JSON. What the
    analysis of the design needs besides stands in ``unit:<factor>`` (the uniforms behind the values
    of a drawn design) and ``varied`` (place of the one factor that differs from the base).
    """
    import pyarrow as pa

    columns: dict[str, Any] = {"design_point": pa.array(range(len(sweep.design)), pa.int32())}
    for factor, column in zip(sweep.design.factors, sweep.design.columns, strict=True):
        values: Any = column
        if column.dtype == np.object_:
            types = {type(value) for value in column}
            plain = types in ({str}, {bool}) or types <= {int, float}
            values = column.tolist() if plain else [_text(value) for value in column]
        columns[factor.id] = pa.array(values)
    columns["config_hash"] = pa.array(hashes, pa.string())
    if sweep.design.varied is not None:
        columns["varied"] = pa.array(sweep.design.varied, pa.int32())
    if sweep.design.unit is not None:
        for factor, unit in zip(sweep.design.factors, sweep.design.unit.T, strict=True):
            columns[f"unit:{factor.id}"] = pa.array(unit)
    return pa.table(columns).replace_schema_metadata({_PLAN: plan.encode()})


def hashes_of(folder: Path, plan: str) -> list[str] | None:
    """Config hashes of a design that was checked before, if it is this one and was by this code."""
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(folder / DESIGN) as file:
            if (file.schema_arrow.metadata or {}).get(_PLAN) != plan.encode():
                return None
            found: list[str] = file.read(["config_hash"]).column(0).to_pylist()
            return found
    except (OSError, ValueError):
        return None
