"""What a finished run has computed, as parts of a study in which its config is a point."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.study.run.folder import read_manifest
from sim.study.run.identity import computing_versions
from sim.study.run.store import cover, pack
from sim.study.run.work import Work

if TYPE_CHECKING:
    import pyarrow as pa


def adopt(work: Work, run: Path) -> int:
    """Put a run's replications where the study keeps its own; how many.

    Only what the study lacks, and only what its own code and libraries would give again, to the
    bit. ``run`` is a run folder, checked to be whole.
    """
    said, asked = read_manifest(run, "run"), work.study.request
    versions = computing_versions()
    made_with = {"python": said["python"], **said["packages"]}
    same = (said["code_version"], said["seed"]) == (asked.code_version, asked.seed)
    if not same or any(made_with.get(name) != one for name, one in versions.items()):
        return 0
    if said["config_hash"] not in work.hashes:
        return 0
    spans = work.store.ranges().get(work.job.key(said["config_hash"], (0, 0)).point, ())
    n = min(int(said["replications"]), asked.replications)
    lacking = [(first, last) for first, last, has in cover(dict(sorted(spans)), n) if not has]
    whole = {name: _table(run, name) for name in work.study.keep} if lacking else {}
    for span in lacking:
        key = work.job.key(said["config_hash"], span)
        tables = {name: _between(rows, *span) for name, rows in whole.items()}
        work.store.write(key, pack(key, versions, tables))
    return sum(last - first for first, last in lacking)


def _table(run: Path, name: str) -> pa.Table:
    """A table of a run as workers make it."""
    import pyarrow.csv as csv
    import pyarrow.parquet as pq

    from sim.events.schemas import arrow_schema

    if name != "outcomes":
        with pq.ParquetFile(run / f"{name}.parquet") as file:
            return file.read()
    schema = arrow_schema(name)
    as_told = csv.ConvertOptions(column_types=schema, null_values=[""])
    return csv.read_csv(run / f"{name}.csv", convert_options=as_told).cast(schema)


def _between(rows: pa.Table, first: int, last: int) -> pa.Table:
    """The rows of some replications; they stand in order."""
    import numpy as np

    number = rows.column("replication").to_numpy()
    begin, end = np.searchsorted(number, [first, last]).tolist()
    return rows.slice(begin, end - begin).combine_chunks()
