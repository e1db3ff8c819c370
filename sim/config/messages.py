"""Validation of a tree by the schema, and its failures in plain words with file and line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.config.nodes import Keys, Node
from sim.config.shape import (
    Slot,
    accepted_keys,
    describe,
    is_tagged,
    key_words,
    kinds_of,
    models,
    short,
    step,
)
from sim.errors import Problem

M = TypeVar("M", bound=BaseModel)

_RANGE = {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}


def validate(
    model: type[M], root: Node, slot: Slot, also: Sequence[str] = ()
) -> tuple[M | None, list[Problem]]:
    """Validate a tree.

    Parameters
    ----------
    model
        What the root must be.
    root
        The tree.
    slot
        The same as a slot, for words about what is accepted.
    also
        Further top-level keys to name among the accepted ones.

    Returns
    -------
    tuple
        The model, or None with every problem.
    """
    try:
        return model.model_validate(root.plain()), []
    except ValidationError as error:
        errors = error.errors(include_url=False)
    problems: dict[tuple[Keys, str], Problem] = {}
    passed = set()  # a number of the right kind, and too large: other kinds are not the matter
    for details in errors:
        translated = _Translation(root, slot, details, also).problem()
        if translated is not None:
            path, problem = translated
            problems.setdefault((path, problem.message), problem)
            if details["type"] in _RANGE:
                passed.add((path, problem.message))
    about = {path for path, _ in passed}
    return None, [
        problem for key, problem in problems.items() if key in passed or key[0] not in about
    ]


def problem_at(root: Node, path: Keys, message: str, accepted: str = "") -> Problem:
    """Return a problem with the file and line of ``path``, in the words of that file."""
    file, line = root.place(path)
    dotted = ".".join(path)
    if file.endswith(".csv") and path[:2] == ("portfolio", "projects") and len(path) > 2:
        column = f", column {path[3]}" if len(path) > 3 else ""
        dotted = f"row {path[2]}{column}"
    return Problem(file, line, dotted or "file", message, accepted)


def nearest(word: str, known: Sequence[str]) -> str:
    """Return a hint at the most alike of ``known``, empty when nothing is alike."""
    folded = {name.lower(): name for name in reversed(known)}
    found = get_close_matches(word.lower(), folded, 1, 0.6)
    return f" (did you mean {folded[found[0]]}?)" if found else ""


def given(value: Any) -> str:
    """Return the value as an error repeats it."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


class _Translation:
    """One error of the validator, brought back to a path of the tree."""

    def __init__(self, root: Node, slot: Slot, details: ErrorDetails, also: Sequence[str]) -> None:
        self.root, self.slot, self.node, self.also = root, slot, root, also
        self.type, self.text = details["type"], details["msg"]
        self.limits = details.get("ctx", {})
        self.path: Keys = ()
        self.missing = ""
        self.foreign_branch = False
        self.parent = slot
        parts = [str(part) for part in details["loc"]]
        self.is_key = parts[-1:] == ["[key]"]
        self._walk([part for part in parts if part != "[key]"])

    def _walk(self, parts: list[str]) -> None:
        """Follow the error's location; parts that name a member of a union are no keys."""
        for position, part in enumerate(parts):
            last = position == len(parts) - 1
            if len(self.slot.options) > 1 and self._is_label(part):
                continue
            if last and self.type in ("missing", "extra_forbidden"):
                self.missing = part
                return
            below = step(self.slot, part, self.node.kind)
            value = self.node.value
            if below is None:
                continue
            if isinstance(value, dict) and part in value:
                self.parent, self.node = self.slot, value[part]
            elif isinstance(value, list) and part.isdigit():
                self.node = value[int(part)]
            else:
                continue
            self.path, self.slot = (*self.path, part), below

    def _is_label(self, part: str) -> bool:
        """Whether ``part`` names a union's member; notes it when the value is of another one."""
        if is_tagged(self.slot):
            return any(part in kinds_of(model) for model in models(self.slot))
        named = [option for option in self.slot.options if _label_of(option)(part)]
        if not named or (isinstance(self.node.value, dict) and part in self.node.value):
            return False
        wants_mapping = get_origin(named[0].type) is dict or bool(models(named[0]))
        self.foreign_branch = wants_mapping != isinstance(self.node.value, dict)
        return True

    def problem(self) -> tuple[Keys, Problem] | None:
        if self.foreign_branch:
            if isinstance(self.node.value, dict):
                return None  # the mapping's own branch says what is wrong with it
            return self._say(f"{given(self.node.plain())} is not {short(self.slot)}")
        if self.type == "extra_forbidden":
            return self._unknown_key()
        if self.type == "missing":
            return self._missing_key()
        if self.type.startswith("union_tag"):
            return self._kind()
        if self.is_key:
            return self._bad_key()
        if self.type in ("value_error", "assertion_error"):
            message, _, accepted = self.text.partition("; accepted: ")
            message = message.removeprefix("Value error, ")
            if message.startswith("is not"):
                message = f"{given(self.node.plain())} {message}"
            path, problem = self._say(message, accepted)
            whole = not accepted and bool(models(self.slot))  # the message says what it takes
            return path, replace(problem, accepted="") if whole else problem
        if self.type == "too_short":
            return self._say("is empty", "at least one entry")
        if self.type == "string_too_short":
            return self._say("is empty", "text")
        if self.type == "string_pattern_mismatch":
            accepted = "letters, digits and . _ - (a letter or digit first)"
            return self._say(f"{given(self.node.plain())} is no plain name", accepted)
        value = given(self.node.plain())
        if self.type in _RANGE:
            return self._out_of_range(value)
        if self.type == "finite_number":
            return self._say(f"{value} is not a finite number")
        if self.type == "string_type":
            return self._say(f"{value} is not text", "text (put it in quotes)")
        return self._say(f"{value} is not {short(self.slot)}")

    def _say(self, message: str, accepted: str = "") -> tuple[Keys, Problem]:
        accepted = accepted or describe(self.slot)
        return self.path, problem_at(self.root, self.path, message, accepted)

    def _out_of_range(self, value: str) -> tuple[Keys, Problem]:
        most = self.limits.get("le")
        if most is None:
            return self._say(f"{value} is out of range")
        reasons = [option.reason for option in self.slot.options if option.reason]
        message = f"{value} is out of range" + (f" ({reasons[0]})" if reasons else "")
        return self._say(message, describe(self.slot, general=True))

    def _unknown_key(self) -> tuple[Keys, Problem]:
        path = (*self.path, self.missing)
        known = [*(accepted_keys(self.slot, self.node.kind) or []), *self._also()]
        message = f"unknown key{nearest(self.missing, known)}"
        return path, problem_at(self.root, path, message, ", ".join(known))

    def _missing_key(self) -> tuple[Keys, Problem]:
        path = (*self.path, self.missing)
        below = step(self.slot, self.missing, self.node.kind)
        accepted = describe(below) if below is not None else ""
        return path, problem_at(self.root, path, "is required and missing", accepted)

    def _kind(self) -> tuple[Keys, Problem]:
        known = [str(kind) for model in models(self.slot) for kind in kinds_of(model)]
        kind = self.node.at("kind")
        path = (*self.path, "kind")
        if kind is None:
            return path, problem_at(self.root, path, "is required and missing", ", ".join(known))
        hint = nearest(str(kind.value), known)
        message = f"{given(kind.plain())} is no known kind{hint}"
        return path, problem_at(self.root, path, message, ", ".join(known))

    def _bad_key(self) -> tuple[Keys, Problem]:
        words = key_words(self.parent)
        return self._say(f"the key {self.path[-1]!r} is not {words}", words)

    def _also(self) -> Sequence[str]:
        return self.also if not self.path else ()


def _label_of(option: Slot) -> Callable[[str], bool]:
    """Return a test whether a part of an error's location names this member of a union."""
    if models(option):
        return lambda part: part == option.type.__name__
    if get_origin(option.type) is dict:
        return lambda part: part.startswith("dict[")
    if get_origin(option.type) is list:
        return lambda part: part.startswith("list[")
    if option.type in (int, float, str):
        name = option.type.__name__
        return lambda part: name in part and not part.startswith(("dict[", "list["))
    return lambda part: part.startswith("literal[")
