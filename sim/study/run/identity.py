"""What a result depends on, so that no folder mixes results that could differ.

A request is equal to another when config, code, seed and replications are equal. A part is taken
over only when, besides, the libraries that compute and write are the same.
"""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Self

import sim

MADE_BY = "us-japan-investment-sim"
FORMAT = 1

# Rooms that show results and never change them: an edit there keeps finished results valid.
_ONLY_SHOW = ("report", "cli", "api.py", "__main__.py")
_COMPUTE = ("numpy", "scipy", "simpy", "pyarrow", "holidays")
_ALL = (*_COMPUTE, "pydantic", "ruamel.yaml", "pandas", "matplotlib", "click", "rich")


@dataclass(frozen=True)
class Request:
    """What was asked for: two equal requests have the same result files, byte for byte."""

    config_hash: str
    code_version: str
    seed: int
    replications: int

    def as_dict(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read what `as_dict` wrote; further keys are left aside.

        Raises
        ------
        KeyError, TypeError, ValueError
            If a key is missing or is not what it should be.
        """
        return cls(
            config_hash=str(data["config_hash"]),
            code_version=str(data["code_version"]),
            seed=int(data["seed"]),
            replications=int(data["replications"]),
        )


def package_file() -> str:
    """Where this process has ``sim`` from; workers must have it from the same place."""
    return str(Path(sim.__file__).resolve())


@cache
def code_version() -> str:
    """Version and a hash of every source file that can change a result.

    Examples
    --------
    >>> code_version().split("+")[0] != ""
    True
    """
    root = Path(sim.__file__).resolve().parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py"), key=lambda path: path.relative_to(root).as_posix()):
        inside = path.relative_to(root)
        if inside.parts[0] in _ONLY_SHOW:
            continue
        digest.update(inside.as_posix().encode())
        digest.update(path.read_bytes())
    return f"{sim.__version__}+{digest.hexdigest()[:12]}"


@cache
def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def computing_versions() -> dict[str, str]:
    """Versions a part must share: Python and the libraries that compute and write results."""
    return {"python": platform.python_version()} | {name: _installed(name) for name in _COMPUTE}


def all_versions() -> dict[str, str]:
    """Versions of every package a run uses, for the manifest."""
    return {name: _installed(name) for name in _ALL}


def machine() -> dict[str, str]:
    """Python and platform, for the manifest."""
    return {"python": sys.version.split()[0], "platform": platform.platform()}
