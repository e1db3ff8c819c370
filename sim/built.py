"""Modules that were made C of when the package was installed: whole, and of the source beside them.

Such a module hides the source it was made of. Where that was edited since, or one of them is not
as it was built, the source of all counts.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES, SOURCE_SUFFIXES, FileFinder, SourceFileLoader
from pathlib import Path

ROOT = Path(__file__).parent
FOLDERS = ("compiled", "plan", "rules", "results/ledger", "results/tables")
SUFFIX = EXTENSION_SUFFIXES[0]
# The build leaves one of them, each for a Python and platform: a module made C of is of one.
STAMP = ROOT / "compiled" / f"_built_from{SUFFIX.rpartition('.')[0]}"
REASON = STAMP.with_name(f"_not_built{SUFFIX.rpartition('.')[0]}")  # why the build failed, a line
SHARED = "compiled/_shared"  # what all of them share
FROM_SOURCE = "SIM_FROM_SOURCE"  # in the environment: for tests and coverage


def sources() -> list[Path]:
    """Every module with a file of C types beside it, and those files."""
    types = [path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.pxd"))]
    return [path for one in types for path in (one.with_suffix(".py"), one)]


def modules() -> list[Path]:
    """The files made of them, and what those share."""
    types = [path for path in sources() if path.suffix == ".pxd"]
    return [path.with_suffix(SUFFIX) for path in [*types, ROOT / SHARED]]


def stamp(made: Iterable[Path]) -> str:
    """What the sources are now, in a line; then the size of each file made of them, 0 if none."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    sizes = [f"{path.stat().st_size if path.is_file() else 0} {path.name}" for path in made]
    return "\n".join([digest.hexdigest(), *sizes])


@cache
def fault() -> str:
    """Why the modules as compiled cannot be used; empty where they can."""
    if os.environ.get(FROM_SOURCE):
        return f"{FROM_SOURCE} is set"
    if not STAMP.exists():
        why = f" ({REASON.read_text('utf-8', 'replace').strip()})" if REASON.exists() else ""
        return f"it was not built when sim was installed{why}; that needs a C compiler"
    then = STAMP.read_text("utf-8", "replace").split("\n")
    now = stamp(modules()).split("\n")
    if then[0] != now[0]:
        return "its source was edited since it was built; install sim again to build it"
    if then != now:
        changed = [line.partition(" ")[2] for line in now if line not in then]
        return (
            f"{(changed or [STAMP.name])[0]} is not as it was built; install sim again to build it"
        )
    return ""


def settle(folder: str) -> None:
    """Have the modules of a package come from their source where the compiled ones do not count."""
    if any(Path(folder).glob(f"*{SUFFIX}")) and fault():
        source = (SourceFileLoader, SOURCE_SUFFIXES)
        sys.path_importer_cache[folder] = FileFinder(folder, source)
