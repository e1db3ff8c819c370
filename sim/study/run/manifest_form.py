"""What a manifest must say, and of which type, so that no reader trips over one that was edited."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

_FORM: Mapping[str, type] = {
    "name": str, "code_version": str, "seed": int, "replications": int, "files": dict,
}  # fmt: skip
_FORM_OF: Mapping[str, Mapping[str, type]] = {
    "run": {"config_hash": str},
    "sweep": {
        "plan_hash": str, "points": int, "design": str, "settings": dict, "factors": dict,
        "outcomes": int, "failures": int,
    },
}  # fmt: skip
_FILE: Mapping[str, type] = {"bytes": int, "sha256": str}
_FACTOR: Mapping[str, type] = {"path": str, "label": str, "unit": str, "levels": list}
_PRECISION: Mapping[str, type] = {"asked": dict, "responses": list}
_WORDS = {str: "text", int: "a whole number from 0", dict: "a mapping", list: "a list"}

# Verbs that look at a folder of a kind.
_LOOKED_AT: Mapping[str, str] = {
    "run": "sim show, explain, returns, report, export and plot",
    "sweep": "sim sensitivity (which factor matters), sim explore (sliders) and sim plot",
    "comparison": "sim plot; sim compare with the same names prints it again",
}


def of_another_kind(folder: Path, found: str, wanted: str) -> str:
    """What is said where a folder holds another kind of study than is looked for.

    Examples
    --------
    >>> print(of_another_kind(Path("here"), "run", "sweep"))
    here holds a run, not a sweep; what looks at a run: sim show, explain, returns, report, export \
and plot
    """
    return f"{folder} holds a {found}, not a {wanted}; what looks at a {found}: {_LOOKED_AT[found]}"


def check_form(manifest: Mapping[str, Any]) -> None:
    """Refuse what `Request.from_dict` and the readers of tables could not take.

    Raises
    ------
    ValueError
        In words, what is wrong first.
    """
    kind = manifest.get("kind", "run")
    if kind not in ("run", "sweep"):
        raise ValueError(f"kind is {kind!r}")
    _check(manifest, {**_FORM, **_FORM_OF[kind]}, "")
    for name, said in manifest["files"].items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or not path.name:
            raise ValueError(f"files names {name!r}")
        _check(said, _FILE, f"files.{name}")
    for name, said in manifest["factors"].items() if kind == "sweep" else ():
        _check(said, _FACTOR, f"factors.{name}")
    if "precision" in manifest:
        _check(manifest["precision"], _PRECISION, "precision")


def _check(said: Any, form: Mapping[str, type], where: str) -> None:
    if not isinstance(said, dict):
        raise ValueError(f"{where} is not a mapping")
    for name, wanted in form.items():
        value = said.get(name)
        fits = isinstance(value, wanted) and not isinstance(value, bool)
        if not fits or (isinstance(value, int) and value < 0):
            path = f"{where}.{name}" if where else name
            raise ValueError(f"{path} is not {_WORDS[wanted]}")


def fault_of(error: Exception) -> str:
    """What is wrong with a manifest that somebody changed, or that a full disk cut short."""
    if isinstance(error, json.JSONDecodeError):
        return f"no JSON from line {error.lineno} on" if error.doc.strip() else "it is empty"
    return f"it lacks {error}" if isinstance(error, KeyError) else str(error)
