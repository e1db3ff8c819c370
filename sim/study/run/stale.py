"""What was made from the tables of a sweep, and whether it still belongs to them.

``results.json`` says from which outcomes and design the effects and figures in a sweep folder were
made. When the tables change, what was made from the earlier ones is removed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.study.run.files import cannot_write, put_json
from sim.study.run.identity import MADE_BY

LINK = "results.json"
_TABLES = ("design.parquet", "outcomes.parquet")
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
    put_json(folder / LINK, {"made_by": MADE_BY, "made_from": made_from})


def remove_stale(folder: Path, files: Mapping[str, Any]) -> str:
    """Remove effects and figures that were made from other tables; a sentence if there were any.

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
        return ""
    figures = [
        path
        for name in _FIGURES
        for form in ("svg", "png")
        for path in sorted((folder / "figures").glob(f"{name}_*.{form}"))
    ]
    results = [path for name in _RESULTS if (path := folder / name).is_file()]
    try:
        for path in [*results, *figures, folder / LINK]:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    names = [path.name for path in results] + ["figures"] * bool(figures)
    return (
        names
        and (
            f"removed, because made from the earlier tables: {', '.join(names)}; "
            "sim sensitivity and sim plot make them again"
        )
    ) or ""


def shrunk(before: Mapping[str, Any] | None, points: int, replications: int) -> str:
    """A sentence where the tables get smaller than they were, which nobody may have meant."""
    had = (before or {}).get("points", 0), (before or {}).get("replications", 0)
    if points >= had[0] and replications >= had[1]:
        return ""
    return (
        f"the tables had {had[0]:,} design points x {had[1]:,} replications and now have "
        f"{points:,} x {replications:,}; the parts of the others are kept, so asking for as many "
        "as before computes nothing"
    )
