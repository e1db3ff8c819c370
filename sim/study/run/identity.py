"""What a result depends on, so that no folder mixes results that could differ.

A part is taken over only when config, code and seed are those asked for and, besides, the
libraries that compute and write are the same.
"""

from __future__ import annotations

import hashlib
import platform
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal, Self

import sim

MADE_BY = "us-japan-investment-sim"
FORMAT = 1  # of manifests
PARTS_FORMAT = 2  # of parts, and of the mark of a study under way; 1 had a folder for each part

Kind = Literal["run", "sweep"]

# Rooms that show results and never change them: an edit there keeps finished results valid.
_ONLY_SHOW = ("report", "cli", "api.py", "__main__.py")
_COMPUTE = ("numpy", "scipy", "simpy", "pyarrow", "holidays")
_ALL = (*_COMPUTE, "pydantic", "ruamel.yaml", "pandas", "matplotlib", "click", "rich")
# What must agree for a study to go on in a folder, with its word where the name is none.
_AGREE: Mapping[Kind, Mapping[str, str]] = {
    "run": {
        "plan_hash": "config",
        "code_version": "version of the program",
        "seed": "seed",
        "replications": "replications",
    },
    "sweep": {"name": "name", "code_version": "version of the program"},
}


@dataclass(frozen=True)
class Request:
    """What was asked for: the same request has the same result files, byte for byte.

    A run is a study of one point; its ``plan_hash`` is the hash of its config, and its name decides
    nothing. A sweep grows in its folder: points, levels, seed and replications may change there.
    """

    kind: Kind
    name: str
    plan_hash: str
    code_version: str
    seed: int
    replications: int
    points: int = 1

    @property
    def grows(self) -> bool:
        """Whether its folder may go on with another request of the same name; parts are kept."""
        return self.kind == "sweep"

    def differs(self, other: Request) -> list[str]:
        """In words, what keeps it from going on in the folder of another of its kind."""
        return [
            word
            for name, word in _AGREE[self.kind].items()
            if getattr(self, name) != getattr(other, name)
        ]

    def same(self, other: Request) -> bool:
        """Whether the other one has the same result files."""
        return replace(other, name=self.name) == self and not self.differs(other)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        rest = {
            "code_version": self.code_version,
            "seed": self.seed,
            "replications": self.replications,
        }
        if self.kind == "run":
            return {"name": self.name, "config_hash": self.plan_hash, **rest}
        plan = {"kind": self.kind, "name": self.name, "plan_hash": self.plan_hash}
        return {**plan, **rest, "points": self.points}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read what `as_dict` wrote; further keys are left aside.

        Raises
        ------
        KeyError, TypeError, ValueError
            If a key is missing or is not what it should be.
        """
        kind: Kind = "sweep" if data.get("kind") == "sweep" else "run"
        return cls(
            kind=kind,
            name=str(data["name"]),
            plan_hash=str(data["config_hash" if kind == "run" else "plan_hash"]),
            code_version=str(data["code_version"]),
            seed=int(data["seed"]),
            replications=int(data["replications"]),
            points=1 if kind == "run" else int(data["points"]),
        )


@cache
def package_file() -> str:
    """Where this process has ``sim`` from."""
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


def program() -> dict[str, str]:
    """What decides results besides the study: code and libraries of this process."""
    return {"sim": code_version(), **computing_versions()}


def unlike(own: Mapping[str, str], wanted: Mapping[str, str]) -> str:
    """In words, how one `program` differs from the one that is wanted; empty where it does not."""
    return "; ".join(
        f"{name} {own.get(name)} instead of {one}"
        for name, one in wanted.items()
        if own.get(name) != one
    )


def command_line() -> str:
    """What the user typed, for the manifest; ``python -m sim`` is the same command."""
    name = Path(sys.argv[0]).name
    return shlex.join(["sim" if name == "__main__.py" else name, *sys.argv[1:]])


def machine() -> dict[str, Any]:
    """Python, platform, and every package that a study uses, for the manifest."""
    return {
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "packages": {name: _installed(name) for name in _ALL},
    }
