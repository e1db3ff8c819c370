"""What was made from the tables of a sweep, and whether it still belongs to them.

``results.json`` says from which outcomes and design the effects and figures in a sweep folder were
made. When the tables change, what was made from the earlier ones is removed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import StoreError
from sim.study.run.folder import MANIFEST, PARTS, read_manifest
from sim.study.run.identity import MADE_BY
from sim.study.run.store import cannot_write, json_bytes
from sim.study.run.sweep_files import put_text
from sim.study.run.sweep_folder import DESIGN, KIND, sweep_begun

LINK = "results.json"
_TABLES = (DESIGN, "outcomes.parquet")
_RESULTS = ("sensitivity.csv", "variance.csv")
_FIGURES = ("response", "heat_map", "tornado", "indices")


def link_results(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Record that what is made now is made from the tables that are there.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    files = manifest.get("files", {})
    made_from = {name: files[name] for name in _TABLES if name in files}
    content = {"made_by": MADE_BY, "made_from": made_from}
    put_text(folder / LINK, json_bytes(content).decode())


def remove_stale(folder: Path, files: Mapping[str, Any]) -> list[str]:
    """Remove effects and figures that were made from other tables; their names.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    try:
        said = json.loads((folder / LINK).read_text(encoding="utf-8"))["made_from"]
    except (OSError, ValueError, KeyError, TypeError):
        said = None
    if said == {name: files[name] for name in _TABLES}:
        return []
    figures = [path for name in _FIGURES for form in ("svg", "png")
               for path in sorted((folder / "figures").glob(f"{name}_*.{form}"))]  # fmt: skip
    stale = [path for name in _RESULTS if (path := folder / name).is_file()] + figures
    try:
        for path in [*stale, folder / LINK]:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    names = [path.name for path in stale if path not in figures]
    return [*names, *(["figures"] if figures else [])]


def size_before(folder: Path) -> tuple[int, int] | None:
    """Design points and replications of the finished tables in a folder, None without any."""
    try:
        manifest = read_manifest(folder, KIND)
        return int(manifest["points"]), int(manifest["replications"])
    except (StoreError, KeyError, TypeError, ValueError):
        return None


def shrunk(before: tuple[int, int] | None, points: int, replications: int) -> str:
    """A sentence where the tables get smaller, which nobody may have meant."""
    if before is None or (points >= before[0] and replications >= before[1]):
        return ""
    return (
        f"the tables had {before[0]:,} design points x {before[1]:,} replications and now have "
        f"{points:,} x {replications:,}; the parts of the others are kept, so asking for as many "
        "as before computes nothing"
    )


def check_is_sweep(folder: Path) -> None:
    """Say in words what a folder is that is no finished sweep.

    Raises
    ------
    StoreError
        If it is a run, an unfinished sweep, or neither.
    """
    if (folder / MANIFEST).is_file():
        try:
            said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return  # reading it again says what is wrong
        if isinstance(said, dict) and said.get("made_by") == MADE_BY and "kind" not in said:
            raise StoreError(f"{folder} holds a run, not a sweep; sim sweep makes a sweep folder")
    elif (name := sweep_begun(folder)) is not None:
        raise StoreError(
            f"{folder} holds an unfinished sweep ({name}): its tables are not complete. The same "
            "sim sweep command again completes it"
        )
    elif (folder / "comparison.json").is_file():
        raise StoreError(f"{folder} holds a comparison, not a sweep")
    elif (folder / PARTS).is_dir():
        raise StoreError(f"{folder} holds an unfinished run, not a sweep")
