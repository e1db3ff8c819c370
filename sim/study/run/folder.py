"""The run folder: which one to use, what may be removed, and whether a finished one is whole.

A run under way is recorded in ``parts/request.json``; ``manifest.json``, written last, says that a
run is complete. Whatever else is found in a folder is somebody else's and is left alone.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal, TypeVar

from sim.errors import StoreError
from sim.study.run.identity import FORMAT, MADE_BY, Request
from sim.study.run.store import cannot_write, files_fault, json_bytes, write_durably

MANIFEST = "manifest.json"
PARTS = "parts"
_REQUEST = "request.json"
_LOCK = "lock"
_SYSTEM_FILES = {".DS_Store", "Thumbs.db", "desktop.ini"}

State = Literal["complete", "begun", "new"]
T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """The folder a run or sweep goes to, what it holds already, what was noticed on the way."""

    folder: Path
    state: State
    notes: tuple[str, ...] = ()


def find_place(folder: Path, request: Request) -> Place:
    """Choose ``folder``, or the first of ``folder-2``, ``folder-3``, ... that serves the request.

    A folder serves when it is free, or holds the same request complete, or begun.

    Examples
    --------
    >>> find_place(Path("no/such/folder"), Request("c0ffee", "0.1", 0, 20)).state
    'new'
    """
    return first_place(folder, "run", lambda candidate: _state(candidate, request))


def first_place(
    folder: Path, kind: str, state_of: Callable[[Path], tuple[State | None, str]]
) -> Place:
    """Choose the first folder that serves; ``state_of`` one that does not is None, and why."""
    if folder.name in ("", ".."):
        folder = folder.resolve()
    notes: list[str] = []
    number = 1
    while True:
        candidate = folder if number == 1 else folder.with_name(f"{folder.name}-{number}")
        state, note = state_of(candidate)
        if state is not None:
            if number > 1:
                notes.append(f"this {kind} is in {candidate}")
            return Place(candidate, state, tuple(notes))
        notes.append(note)
        number += 1


def _state(folder: Path, request: Request) -> tuple[State | None, str]:
    """What ``folder`` is to the request; None, and why, when it does not serve."""
    if is_free(folder):
        return "new", ""
    if not (folder / MANIFEST).exists():
        begun = _begun(folder)
        if begun == request:
            return "begun", ""
        return None, f"{folder} holds {'another unfinished run' if begun else 'other files'}"
    try:
        manifest = read_manifest(folder)
        same = Request.from_dict(manifest) == request
        fault = files_fault(folder, manifest["files"]) if same else None
    except StoreError as error:
        return None, f"{error}; it is left as it is"
    except (KeyError, TypeError, ValueError):
        return None, f"{folder} holds a manifest of another form; it is left as it is"
    if not same:
        return None, f"{folder} holds another run ({_differences(manifest, request)})"
    if fault:
        return None, f"{folder} holds this run, but {fault}; it is left as it is"
    return "complete", ""


def _differences(manifest: Mapping[str, Any], request: Request) -> str:
    words = {"config_hash": "config", "code_version": "version of the program"}
    asked = request.as_dict()
    other = [words.get(name, name) for name, value in asked.items() if manifest[name] != value]
    return f"other {', '.join(other)}"


def is_free(folder: Path) -> bool:
    """Whether a folder is not there, or holds nothing of anybody's."""
    if not folder.exists():
        return True
    return folder.is_dir() and not {path.name for path in folder.iterdir()} - _SYSTEM_FILES


def _begun(folder: Path) -> Request | None:
    """What the run under way in ``folder`` is to become; None when there is none of ours."""
    return read_mark(folder / PARTS / _REQUEST, Request.from_dict)


def read_mark(path: Path, read: Callable[[Mapping[str, Any]], T]) -> T | None:
    """What a file of ours says of the work under way in its folder; None when there is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["made_by"] != MADE_BY or content["format"] != FORMAT:
            return None
        return read(content)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def begin(folder: Path, request: Request) -> None:
    """Record in ``folder`` that ``request`` is under way there."""
    try:
        (folder / PARTS).mkdir(parents=True, exist_ok=True)
        content = {"made_by": MADE_BY, "format": FORMAT} | request.as_dict()
        path = folder / PARTS / _REQUEST
        write_durably(path.with_suffix(".writing"), json_bytes(content))
        os.replace(path.with_suffix(".writing"), path)
    except OSError as error:
        raise cannot_write(folder, error) from error


@contextmanager
def claimed(folder: Path, request: Request) -> Iterator[Place]:
    """Find the request's place and keep every other process out of it, unless it is complete.

    Of two processes that see the same free folder one gets it, the other looks on.

    Raises
    ------
    StoreError
        If another process is computing the same run there, or the disk refuses.
    """
    while True:
        place = find_place(folder, request)
        if place.state == "complete":
            yield place
            return
        with locked(place.folder) as held:
            if held:
                if (place.folder / MANIFEST).exists() or _begun(place.folder) not in (
                    None,
                    request,
                ):
                    continue  # someone was quicker, and has gone again
                begin(place.folder, request)
                yield place
                return
        if _begun(place.folder) == request:
            raise StoreError(
                f"another process is computing this very run in {place.folder}; wait for it"
            )


@contextmanager
def locked(folder: Path) -> Iterator[bool]:
    """Make the folder and keep other processes out of it while the block runs; False: one is in.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    with _lock_file(folder) as file:
        yield _lock(file)


def _lock_file(folder: Path) -> IO[bytes]:
    try:
        (folder / PARTS).mkdir(parents=True, exist_ok=True)
        return (folder / PARTS / _LOCK).open("ab")
    except OSError as error:
        raise cannot_write(folder, error) from error


def _lock(file: IO[bytes]) -> bool:
    """False when someone else has it. A file system without locks locks nothing."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True


def remove(folder: Path, needed: Iterable[Path] = ()) -> None:
    """Remove a run folder of ours, finished or begun.

    Raises
    ------
    StoreError
        If the folder is not ours, or holds the working folder or one of the ``needed`` files.
    """
    if is_free(folder):
        return
    ours = _begun(folder) is not None
    if (folder / MANIFEST).exists():
        read_manifest(folder)
        ours = True
    if not ours or folder.is_symlink():
        raise StoreError(
            f"--force removes only a run folder: {folder} holds no manifest.json of this program. "
            "Nothing was removed"
        )
    inside = [path for path in needed if _holds(folder, path) and path.name != "config.yaml"]
    if _holds(folder, Path.cwd()):
        inside.append(Path.cwd())
    if inside or (folder / ".git").exists():
        what = inside[0] if inside else folder / ".git"
        raise StoreError(f"--force would remove {what} with {folder}. Nothing was removed")
    try:
        (folder / MANIFEST).unlink(missing_ok=True)  # from here on it is no finished run
        shutil.rmtree(folder)
    except OSError as error:
        raise StoreError(f"cannot remove {folder}: {error.strerror or error}") from error


def _holds(folder: Path, path: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def read_manifest(folder: Path, kind: str = "run") -> dict[str, Any]:
    """Read the manifest of a finished run, or sweep.

    Raises
    ------
    StoreError
        If there is none, or it is not ours.
    """
    path = folder / MANIFEST
    if not path.exists():
        if _begun(folder) is not None:
            raise StoreError(
                f"{folder} holds an unfinished run; the same sim run command completes it"
            )
        raise StoreError(f"{folder} is not a {kind} folder: it has no manifest.json")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(manifest, dict) or manifest.get("made_by") != MADE_BY:
            raise StoreError(f"{path} was not written by this program")
        if manifest["format"] != FORMAT:
            raise StoreError(f"{path} has format {manifest['format']}; this version reads {FORMAT}")
        if manifest.get("kind", "run") != kind:
            raise StoreError(f"{folder} holds a {manifest.get('kind', 'run')}, not a {kind}")
        if not isinstance(manifest["files"], Mapping):
            raise TypeError("files is no mapping")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{path} is damaged ({type(error).__name__}: {error})") from error
    return manifest


def check_whole(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Compare every result file with the manifest.

    Raises
    ------
    StoreError
        If one is missing or differs.
    """
    fault = files_fault(folder, manifest["files"])
    if fault:
        raise StoreError(
            f"{folder} is damaged: {fault}. sim run {folder / 'config.yaml'} --force "
            "computes it again"
        )
