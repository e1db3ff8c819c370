"""Modules that were made C of when the package was installed: there, and of the source beside them.

Such a module hides the source it was made of. Where that was edited since, the source counts.
"""

from __future__ import annotations

import hashlib
import os
import sys
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES, SOURCE_SUFFIXES, FileFinder, SourceFileLoader
from pathlib import Path

ROOT = Path(__file__).parent
FOLDERS = ("compiled", "plan", "rules", "results/ledger")
SUFFIX = EXTENSION_SUFFIXES[0]
# The build leaves it, one for each Python and platform: a module made C of is of one.
STAMP = ROOT / "compiled" / f"_built_from{SUFFIX.rpartition('.')[0]}"
FROM_SOURCE = "SIM_FROM_SOURCE"  # in the environment: for tests and coverage


def sources() -> list[Path]:
    """Every module with a file of C types beside it, and those files."""
    types = [path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.pxd"))]
    return [path for one in types for path in (one.with_suffix(".py"), one)]


def stamp() -> str:
    """What the sources are now."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@cache
def fault() -> str:
    """Why the modules as compiled cannot be used; empty where they can."""
    if os.environ.get(FROM_SOURCE):
        return f"{FROM_SOURCE} is set"
    if not STAMP.exists() or not STAMP.with_name(f"run{SUFFIX}").exists():
        return "it was not built when sim was installed; that needs a C compiler"
    if STAMP.read_text() != stamp():
        return "its source was edited since it was built; install sim again to build it"
    return ""


def settle(folder: str) -> None:
    """Have the modules of a package come from their source where the compiled ones do not count."""
    if any(Path(folder).glob(f"*{SUFFIX}")) and fault():
        source = (SourceFileLoader, SOURCE_SUFFIXES)
        sys.path_importer_cache[folder] = FileFinder(folder, source)
