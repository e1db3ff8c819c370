"""The folder of a study: which one to use, what may be removed, whether a finished one is whole.

A study under way is recorded in ``parts/study.json``; ``manifest.json``, written last, says that
its tables are complete. A run that differs from the one in a folder goes to the next folder; a
sweep that has grown goes on in its own. Whatever else is found is somebody else's and left alone.
"""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from sim.errors import DesignError, StoreError, printable
from sim.study.run.files import cannot_write, files_fault, put_json, remove_abandoned
from sim.study.run.identity import FORMAT, MADE_BY, PARTS_FORMAT, Kind, Request
from sim.study.run.manifest_form import check_form, fault_of, of_another_kind

MANIFEST = "manifest.json"
CONFIG = "config.yaml"
PARTS = "parts"
MARK = "study.json"
OLD_MARKS = ("request.json", "sweep.json")  # of format 1, whose parts this version cannot read
LOCK = "lock"
_SYSTEM_FILES = {".DS_Store", "Thumbs.db", "desktop.ini"}

_LONGEST_NAME, _LONGEST_PATH = 200, 3000  # bytes; numbers and names of files are added to them

State = Literal["complete", "begun", "new"]


class DamagedError(StoreError):
    """A manifest that cannot be read, whosever it is."""


@dataclass(frozen=True)
class Place:
    """The folder a study goes to, what it holds already, what was noticed on the way."""

    folder: Path
    state: State
    notes: tuple[str, ...] = ()


def name_fault(text: str) -> str:
    """What is wrong with the name of a folder to write into, and what is accepted; "" if nothing.

    Examples
    --------
    >>> name_fault(""), name_fault("outputs/base")
    ('is empty; accepted: the name of a folder', '')
    """
    if not text.strip():
        return "is empty; accepted: the name of a folder"
    if text != printable(text):
        return "holds bytes that are no letters; accepted: plain text"
    path = Path(text)
    if max(len(os.fsencode(part)) for part in path.parts or (".",)) > _LONGEST_NAME:
        return f"is too long a name; accepted: up to {_LONGEST_NAME} bytes"
    if len(os.fsencode(path)) > _LONGEST_PATH:
        return f"is too long a path; accepted: up to {_LONGEST_PATH:,} bytes"
    if path.is_symlink() and not path.exists():
        return f"{text} is a link that leads nowhere; accepted: a folder, or a name that is free"
    if path.exists() and not path.is_dir():
        return f"{text} is a file; accepted: a folder"
    if not os.path.basename(os.path.realpath(path)):
        return f"{text} is the root of the disk; accepted: a folder in it"
    return ""


def folder_named(out: str | Path | None, default: Path) -> Path:
    """The folder that was asked for.

    Raises
    ------
    DesignError
        If none can be made there.
    """
    if out is None:
        return default
    if fault := name_fault(os.fspath(out)):
        raise DesignError(f"out {fault}")
    return Path(out)


def find_place(folder: Path, request: Request) -> Place:
    """Choose ``folder``, or the first of ``folder-2``, ``folder-3``, ... that serves the request.

    A folder serves when it is free, or holds the same request complete, or one begun that can go
    on as this one.
    """
    return first_place(folder, request.kind, lambda candidate: _state(candidate, request))


def first_place(
    folder: Path, kind: str, state_of: Callable[[Path], tuple[State | None, str]]
) -> Place:
    """Choose the first folder that serves; ``state_of`` one that does not is None, and why."""
    if folder.name in ("", ".."):
        folder = folder.resolve()
    notes: list[str] = []
    for candidate in numbered(folder):
        state, note = state_of(candidate)
        if state is not None:
            if notes:
                notes.append(f"this {kind} is in {candidate}")
            return Place(candidate, state, tuple(notes))
        notes.append(note)
    raise AssertionError("numbers do not end")


def numbered(folder: Path) -> Iterator[Path]:
    """``folder``, ``folder-2``, ``folder-3`` and so on."""
    yield folder
    number = 2
    while True:
        yield folder.with_name(f"{folder.name}-{number}")
        number += 1


def _state(folder: Path, request: Request) -> tuple[State | None, str]:
    """What ``folder`` is to the request; None, and why, when it does not serve."""
    if is_free(folder):
        return "new", ""
    found, manifest, fault = begun(folder), None, ""
    if (folder / MANIFEST).exists():
        try:
            manifest = read_manifest(folder)
            found = Request.from_dict(manifest)
            fault = files_fault(folder, manifest["files"]) or ""
        except StoreError as error:
            fault = str(error)
        except (KeyError, TypeError, ValueError):
            fault = f"{folder} holds a manifest of another form"
        if manifest is None and not request.grows:
            return None, f"{fault}; it is left as it is"
    if found is None:
        what = f"an unfinished study {_OF_OLD}" if has_old_mark(folder) else "other files"
        return None, f"{folder} holds {what}; it is left as it is"
    differs = request.differs(found) if found.kind == request.kind else []
    if differs or found.kind != request.kind:
        what = f"another {'' if manifest else 'unfinished '}{found.kind}"
        why = f" (other {', '.join(differs)})" if differs else ""
        return None, f"{folder} holds {what}{why}; it is left as it is"
    if manifest is None:
        return "begun", ""
    if not fault and request.same(found) and not manifest.get("tried_in_vain"):
        return "complete", ""
    if request.grows:
        return "begun", ""  # tables are made again from parts, which have checksums of their own
    return None, f"{folder} holds this run, but {fault}; it is left as it is"


def is_free(folder: Path) -> bool:
    """Whether a folder is not there, or holds nothing of anybody's."""
    if not folder.exists():
        return not folder.is_symlink()
    return folder.is_dir() and not {path.name for path in folder.iterdir()} - _SYSTEM_FILES


_OF_OLD = (
    "of an earlier version of sim, which this one cannot complete (remove it, or run that version "
    "again)"
)


def begun(folder: Path) -> Request | None:
    """The study under way in ``folder``, or the one whose parts it keeps; None without any."""
    said = _mark(folder / PARTS / MARK, PARTS_FORMAT)
    try:
        return None if said is None else Request.from_dict(said)
    except (KeyError, TypeError, ValueError):
        return None


def has_old_mark(folder: Path) -> bool:
    """Whether a study of format 1 is under way in ``folder``."""
    return any(_mark(folder / PARTS / name, 1) is not None for name in OLD_MARKS)


def _mark(path: Path, form: int) -> Mapping[str, Any] | None:
    """What a file of ours says of the study under way in its folder."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return said if (said["made_by"], said["format"]) == (MADE_BY, form) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def begin(folder: Path, request: Request) -> None:
    """Record in ``folder`` that ``request`` is under way there; its tables are not complete now."""
    remove_abandoned(folder)
    remove_abandoned(folder / PARTS)
    try:
        (folder / MANIFEST).unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    said = {"made_by": MADE_BY, "format": PARTS_FORMAT, **request.as_dict()}
    put_json(folder / PARTS / MARK, said)


@contextmanager
def claimed(folder: Path, request: Request) -> Iterator[Place]:
    """Find the request's place and keep every other process out of it, unless it is complete.

    Of two processes that see the same free folder one gets it, the other looks on.

    Raises
    ------
    StoreError
        If another process is computing the same study there, or the disk refuses.
    """
    while True:
        place = find_place(folder, request)
        if place.state == "complete":
            yield place
            return
        with locked(place.folder) as held:
            other = begun(place.folder)
            ours = other is not None and other.kind == request.kind and not request.differs(other)
            if held:
                finished = (place.folder / MANIFEST).exists() and not request.grows
                if finished or not (ours or other is None):
                    continue  # someone was quicker, and has gone again
                begin(place.folder, request)
                yield place
                return
        if ours:
            raise StoreError(
                f"another process is computing this {request.kind} in {place.folder}; wait for "
                "it, or give another folder"
            )


@contextmanager
def locked(folder: Path) -> Iterator[bool]:
    """Make the folder and keep other processes out of it while the block runs; False: one is in.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    try:
        (folder / PARTS).mkdir(parents=True, exist_ok=True)
        file = (folder / PARTS / LOCK).open("ab")
    except OSError as error:
        raise cannot_write(folder, error) from error
    with file:
        yield _lock(file)


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


def read_manifest(folder: Path, kind: Kind | None = None) -> dict[str, Any]:
    """Read the manifest of a finished study, of a certain kind if that is given.

    Raises
    ------
    StoreError
        If there is none, or it is not ours.
    """
    path = folder / MANIFEST
    if not path.exists():
        raise StoreError(_unfinished(folder, kind or "run"))
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(manifest, dict) or manifest.get("made_by") != MADE_BY:
            raise StoreError(f"{path} was not written by this program")
        if manifest["format"] != FORMAT:
            raise StoreError(f"{path} has format {manifest['format']}; this version reads {FORMAT}")
        found = manifest.get("kind", "run")
        if kind not in (None, found):
            raise StoreError(of_another_kind(folder, found, str(kind)))
        check_form(manifest)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise DamagedError(f"{path} is damaged ({fault_of(error)})") from error
    return manifest


def _unfinished(folder: Path, kind: Kind) -> str:
    """What a folder is that has no manifest, and what to do."""
    found = begun(folder)
    if found is not None:
        return (
            f"{folder} holds an unfinished {found.kind} ({found.name}): its tables are not "
            f"complete; the same sim {found.kind} command completes it"
        )
    if has_old_mark(folder):
        return f"{folder} holds an unfinished study {_OF_OLD}"
    if (folder / "comparison.json").is_file():
        return of_another_kind(folder, "comparison", kind)
    what = "has no manifest.json" if folder.exists() else "is not there"
    make = {"run": "sim run base", "sweep": "sim sweep explorer"}[kind]  # and prints its name last
    return f"{folder} is not a {kind} folder: it {what}. A command that makes one: {make}"


def open_folder(folder: Path, kind: Kind) -> dict[str, Any]:
    """Manifest of a finished study, every file of which is as the manifest says.

    Raises
    ------
    StoreError
        If there is none, or a file is missing or differs.
    """
    manifest = read_manifest(folder, kind)
    fault = files_fault(folder, manifest["files"])
    if fault and kind == "run":
        whole = not fault.startswith(CONFIG)
        config = shlex.quote(str(folder / CONFIG)) if whole else "with the config it was made from,"
        raise StoreError(
            f"{folder} is damaged: {fault}. sim run {config} --out {shlex.quote(str(folder))} "
            "--force computes it again"
        )
    if fault:
        raise StoreError(
            f"{folder} is damaged: {fault}. The sim sweep command that made it makes its tables "
            "again from its parts"
        )
    return manifest


def manifest_or_none(folder: Path) -> dict[str, Any] | None:
    """The same where that matters little."""
    try:
        return read_manifest(folder)
    except StoreError:
        return None
