"""Hashes of every table of six configs, of a run folder and of a sweep: equal before and after.

    python tests/golden/same_tables.py             compare with the record; exit 1 if one differs
    python tests/golden/same_tables.py --record    record anew, when results changed

Values are hashed, not files: manifests, hashes of configs, row groups and compression may change,
results may not.
The hashes hold for the versions in constraints.txt.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import sim
import sim.api

ROOT = Path(__file__).resolve().parents[2]
RECORDED = Path(__file__).with_suffix(".json")
CONFIGS = (
    "base",
    "readings/cap_reading",
    "scenarios/staffing_priority",
    "scenarios/staffing_first_come",
    "scenarios/overruns_by_japan",
    "scenarios/regional_crafts",
)
REPLICATIONS = 4
RUN = ("base", 12)  # over two parts, by two workers
SWEEP = ("windows_small", 3)


def hashes(folder: Path) -> dict[str, str]:
    """One hash of each table in a folder."""
    found = {}
    for path in sorted(folder.glob("*.parquet")):
        digest = hashlib.sha256()
        table = pq.read_table(path, partitioning=None)
        for name, column in zip(table.column_names, table.columns, strict=True):
            if name == "config_hash":  # of the schema as much as of the config: no result
                continue
            digest.update(f"{name}: {column.type};".encode())
            if pa.types.is_dictionary(column.type):
                column = column.cast(column.type.value_type)
            # What stands in memory behind a null depends on the row groups, and is no value.
            valid = pc.is_valid(column)
            if column.null_count:
                column = pc.if_else(valid, column, pa.scalar(0).cast(column.type))
            values = pa.table({"column": column, "valid": valid}).combine_chunks()
            values = values.replace_schema_metadata(None)
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, values.schema) as writer:
                writer.write_table(values)
            digest.update(sink.getvalue())
        found[path.name] = digest.hexdigest()[:16]
    for path in sorted([*folder.glob("*.csv"), folder / "config.yaml"]):
        found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return found


def compute(work: Path) -> dict[str, str]:
    """Hash of every table, by config and file."""
    sim.api._draw_figures = lambda *args: None  # figures are no tables, and cost more than these
    found = {}
    for name in CONFIGS:
        path, out = ROOT / "configs" / f"{name}.yaml", work / "configs" / name
        folder = sim.run(path, replications=REPLICATIONS, out=out).folder
        found |= {f"{name}/{table}": one for table, one in hashes(folder).items()}
    name, replications = RUN
    path = ROOT / "configs" / f"{name}.yaml"
    folder = sim.run(path, replications=replications, jobs=2, out=work / "run").folder
    found |= {f"run/{table}": one for table, one in hashes(folder).items()}
    name, replications = SWEEP
    path = ROOT / "configs/sweeps" / f"{name}.yaml"
    folder = sim.sweep(path, replications=replications, jobs=2, out=work / "sweep").folder
    found |= {f"sweep/{table}": one for table, one in hashes(folder).items()}
    return found


def main() -> int:
    """Compare, or record."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--record", action="store_true", help="record instead of comparing")
    record = parser.parse_args().record
    with tempfile.TemporaryDirectory() as work:
        found = compute(Path(work))
    if record:
        RECORDED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        print(f"{len(found)} tables recorded in {RECORDED.relative_to(ROOT)}")
        return 0
    before = json.loads(RECORDED.read_text(encoding="utf-8"))
    other = [name for name in sorted({*before, *found}) if before.get(name) != found.get(name)]
    together = hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:16]
    print(f"{len(found)} tables, {len(other)} differ; all together {together}")
    for name in other:
        print(f"  {name}: {before.get(name)} before, {found.get(name)} now")
    return bool(other)


if __name__ == "__main__":
    sys.exit(main())
