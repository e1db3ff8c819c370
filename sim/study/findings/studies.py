"""Studies of the config of a run that lie beside it: the latest one that has a certain table."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from sim.study.run.folder import MANIFEST, manifest_or_none

if TYPE_CHECKING:
    from sim.study.findings.run_results import RunTables

Row = dict[str, str]


def latest_rows(run: RunTables, table: str) -> list[Row]:
    """Rows of a table, of the latest finished study of the same config by the same program.

    Looked for in the folders beside the run; none when there is no such study.
    """
    found: list[Path] = []
    for manifest in run.folder.resolve().parent.glob(f"*/{MANIFEST}"):
        said = manifest_or_none(manifest.parent) if (manifest.parent / table).is_file() else None
        if said is not None and (said.get("base_hash"), said.get("code_version")) == (
            run.manifest["config_hash"], run.manifest["code_version"],
        ):  # fmt: skip
            found.append(manifest.parent / table)
    if not found:
        return []
    with max(found, key=lambda path: path.stat().st_mtime).open(
        encoding="utf-8", newline=""
    ) as file:
        return list(csv.DictReader(file))
