"""One base error; its children say who must act.

The command line maps each child to an exit code (``docs/command-line.md``): ``ModelError`` 1,
``ConfigError`` and ``DesignError`` 2, ``StoreError`` 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class SimError(Exception):
    """Anything this package raises on purpose."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with the user's input, and where.

    ``path`` is a dotted key path, or ``row 4, column cost_usd_bn`` for a table.
    """

    file: str
    line: int
    path: str
    message: str
    accepted: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        accepted = f"; accepted: {self.accepted}" if self.accepted else ""
        return printable(f"{place}: {self.path}: {self.message}{accepted}")


def printable(text: str) -> str:
    """Return the text with what no terminal should be sent (controls, bare bytes) as escapes."""
    return "".join(
        one if one.isprintable() or one in "\n\t" else one.encode("unicode_escape").decode()
        for one in text
    )


# How libraries word it that memory, or the address space of a thread, is not to be had.
_NO_ROOM = (
    "failed to map segment",
    "cannot allocate memory",
    "can't start new thread",
    "failed to launch worker thread",
)


def lacks_memory(error: Exception) -> bool:
    """Whether the machine, not the program, is behind an error of a library."""
    return any(words in str(error).lower() for words in _NO_ROOM)


class ConfigError(SimError):
    """The user must edit a file. Carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        # Made again from its problems: by pickle on its way from a worker, and by SimPy.
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class DesignError(SimError):
    """A sweep, or a call of the Python API, asks the impossible."""


class ModelError(SimError):
    """The model broke one of its own laws: a bug. Names seed and replication."""


class StoreError(SimError):
    """A folder is damaged, foreign, or was written by another version; or a worker differs."""
