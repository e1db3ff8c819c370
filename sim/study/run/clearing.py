"""What is removed from a study's folder: parts when it is done, an earlier run with ``--force``.

Only files of ours go: those the manifest names, the manifest, and parts. Whatever else stands there
is somebody's, and stays.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

from sim.errors import StoreError
from sim.events.schemas import TABLES
from sim.study.run.folder import (
    CONFIG,
    LOCK,
    MANIFEST,
    MARK,
    PARTS,
    DamagedError,
    begin,
    begun,
    is_free,
    locked,
    read_manifest,
)
from sim.study.run.identity import MADE_BY, Request
from sim.study.run.store import SUFFIX

FIGURES = "figures"  # drawn again, each in place of its own name
_CSV = ("outcomes", "summary", "projects_summary", "waits")
_RUN_FILES = (
    CONFIG, *(f"{name}.csv" for name in _CSV),
    *(f"{name}.parquet" for name in TABLES if name not in _CSV),
)  # fmt: skip


def clear(folder: Path, request: Request, keep: Iterable[Path] = ()) -> list[str]:
    """Remove the run in ``folder`` and begin ``request`` there; names of what stays as it is.

    Parameters
    ----------
    keep : iterable of Path
        Files the request is made from: they stay until they are written again.

    Raises
    ------
    StoreError
        If the folder holds no run of ours, or another process is computing there.
    """
    if is_free(folder):
        return []
    names = _names_of_run(folder)
    needed = {path.resolve() for path in keep}
    with locked(folder) as held:
        if not held:
            raise StoreError(
                f"another process is computing in {folder}; wait for it, or give another folder. "
                "Nothing was removed"
            )
        try:
            for path in (folder / name for name in (MANIFEST, *names)):
                if path.resolve() not in needed:
                    path.unlink(missing_ok=True)
            remove_parts(folder)
        except OSError as error:
            raise StoreError(f"cannot clear {folder}: {error.strerror or error}") from error
        begin(folder, request)
    remade = (PARTS, FIGURES, *names)
    return sorted(path.name for path in folder.iterdir() if path.name not in remade)


def remove_parts(folder: Path) -> None:
    """Remove parts and what is beside them of ours, as far as the system lets us."""
    place = folder / PARTS
    left = [place / MARK, place / LOCK, *place.glob(f"*{SUFFIX}"), *place.glob(".*.writing-*")]
    with contextlib.suppress(OSError):
        for path in left:
            path.unlink(missing_ok=True)
        place.rmdir()


def _names_of_run(folder: Path) -> list[str]:
    """Files of the run in ``folder``, from its manifest; plain names only."""
    try:
        if (folder / MANIFEST).exists():
            files = read_manifest(folder, "run")["files"]
            return [name for name in files if Path(name).name == name]
    except DamagedError as error:
        if not _looks_ours(folder):
            raise StoreError(
                f"{error}, so that nobody can say what may be removed in {folder}. Nothing was "
                "removed; remove it yourself, or give another folder"
            ) from None
        return [*_RUN_FILES]
    except StoreError as error:
        raise StoreError(f"{error}. Nothing was removed") from None
    found = begun(folder)
    if found is None or found.kind != "run":
        raise StoreError(
            f"only a run is removed by force: {folder} holds no manifest.json of this program. "
            "Nothing was removed"
        )
    return [*_RUN_FILES]


def _looks_ours(folder: Path) -> bool:
    """Whether what is left of a manifest says that a run of ours is here, or all its files do."""
    try:
        said = (folder / MANIFEST).read_bytes()
    except OSError:
        said = b""
    if f'"made_by": "{MADE_BY}"'.encode() in said:
        return b'"kind": "sweep"' not in said
    tables = [name for name in _RUN_FILES if name.endswith(".parquet")]
    return all((folder / name).is_file() for name in tables)
