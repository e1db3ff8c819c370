"""The folder of a comparison: which one to use, and what it was made from.

``comparison.json``, written last, says which runs were compared, and checksums of the tables. A
folder with another comparison, or with anything else, is left alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.stats.compare import Difference
from sim.study.findings.comparison import Finished, Twins, difference_rows, twin_rows
from sim.study.findings.dates import programme_dates
from sim.study.run.files import files_fault, put_csv, put_json
from sim.study.run.folder import Place, State, first_place, is_free
from sim.study.run.identity import FORMAT, MADE_BY, Request, code_version

COMPARISON = "comparison.json"


def comparison_of(runs: Sequence[Finished], confidence: float) -> dict[str, Any]:
    """What decides the tables of a comparison: the runs and their names, program, confidence."""
    return {
        "made_by": MADE_BY,
        "format": FORMAT,
        "kind": "comparison",
        "code_version": code_version(),
        "confidence": confidence,
        "runs": [{**Request.from_dict(run.manifest).as_dict(), "name": run.name} for run in runs],
    }


def find_comparison_place(folder: Path, asked: Mapping[str, Any]) -> Place:
    """Choose ``folder``, or the first of ``folder-2``, ``folder-3``, ... that serves.

    A folder serves when it is free, or holds this very comparison.
    """
    return first_place(folder, "comparison", lambda candidate: _state(candidate, asked))


def _state(folder: Path, asked: Mapping[str, Any]) -> tuple[State | None, str]:
    if is_free(folder):
        return "new", ""
    try:
        said = json.loads((folder / COMPARISON).read_text(encoding="utf-8"))
        files = said.pop("files")
        of_us = said["made_by"] == MADE_BY
        said.pop("dates", None)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        if (folder / "differences.csv").is_file():
            return None, f"{folder} holds a comparison that does not say of what; it is left as is"
        return None, f"{folder} holds other files; it is left as it is"
    if not of_us or said != dict(asked):
        same = of_us and {**said, "code_version": ""} == {**asked, "code_version": ""}
        what = "this comparison by another version of sim" if same else "another comparison"
        return None, f"{folder} holds {what}; it is left as it is"
    try:
        return ("begun" if files_fault(folder, files) else "complete"), ""
    except (KeyError, TypeError, AttributeError):
        return "begun", ""


def write_comparison(
    folder: Path,
    asked: Mapping[str, Any],
    runs: Sequence[Finished],
    differences: Sequence[Difference],
    twins: Sequence[Twins],
) -> None:
    """Write ``differences.csv``, ``twins.csv`` and ``comparison.json``.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    files = {
        "differences.csv": put_csv(folder / "differences.csv", difference_rows(differences)),
        "twins.csv": put_csv(folder / "twins.csv", twin_rows(twins)),
    }
    content = {**asked, "dates": common_dates(runs), "files": files}
    put_json(folder / COMPARISON, content)


def common_dates(runs: Sequence[Finished]) -> dict[str, str]:
    """Dates that the names of responses stand for, where all runs have the same."""
    first, *others = (programme_dates(run.config) for run in runs)
    return {name: at for name, at in first.items() if all(one.get(name) == at for one in others)}


def read_dates(folder: Path) -> dict[str, str]:
    """The same of a folder; none where it does not say."""
    try:
        said = json.loads((folder / COMPARISON).read_text(encoding="utf-8"))["dates"]
        return {str(name): str(at) for name, at in said.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
