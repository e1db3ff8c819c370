"""YAML in, a plain tree out in which every value knows its file and line.

Only what a config needs: YAML 1.2, one document, mappings with text keys, lists and scalars. Dates
stay text, so that an impossible one keeps its line; ``1e6`` is a number; a key given twice is
refused, as are tags. Aliases are fine up to ``MAX_NODES`` values in all.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from sim.config.nodes import ID, Keys, Node, Scalar, bad_character
from sim.errors import ConfigError, Problem

try:  # the same events in a twentieth of the time; where it is not installed nothing else differs
    from _ruamel_yaml import CParser  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    CParser = None

MAX_BYTES = 20_000_000
MAX_NODES = 200_000
MAX_DEPTH = 40

_BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS = {"", "~", "null", "Null", "NULL"}
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,30})")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"([-+]?)\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
# What the C parser, which knows YAML 1.1, may take otherwise: odd white space, directives, tags,
# anchors of other letters, block scalars with a comment or a blank line at their head.
_NOT_FOR_C = re.compile(
    "[\t\x85\u2028\u2029\ufeff]|^(%|---)|(^|[\\s,:{[-])(!|[&*](?![\\w-]+[\\s,}\\]]))(?=\\S)"
    "|[|>][-+0-9]*(#| *\n *\n)",
    re.MULTILINE | re.ASCII,
)


def shown(path: Path) -> str:
    """Return the path as messages show it: relative when it is below the current folder."""
    try:
        text = str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):
        text = str(path)
    return text if len(text) <= 200 else f"{text[:100]}...{text[-50:]}"


def read_yaml(path: Path) -> tuple[Node | None, list[Problem]]:
    """Parse a file. No tree when it cannot be read at all; problems never stop at the first."""
    text, problem = read_text(path, "a YAML file")
    if text is None:
        return None, [problem] if problem else []
    root, problems = pickle.loads(_parsed(text, shown(path)))
    return root, problems


@lru_cache(maxsize=8)
def _parsed(text: str, file: str) -> bytes:
    """What `parse_yaml` gives, kept: a study reads one base for dozens of overlays.

    As bytes, since readers change their tree in place; to copy it costs a fiftieth of parsing.
    """
    return pickle.dumps(parse_yaml(text, file))


def read_text(path: Path, what: str) -> tuple[str | None, Problem | None]:
    """Return the text of a UTF-8 file, or the problem with it."""
    file = shown(path)
    try:
        with path.open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
    except FileNotFoundError:
        near = _neighbours(path)
        return None, Problem(file, 0, "file", "there is no such file", near or what)
    except IsADirectoryError:
        return None, Problem(file, 0, "file", "is a folder", what)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return None, Problem(file, 0, "file", f"cannot be read ({reason})", what)
    if len(raw) > MAX_BYTES:
        return None, Problem(file, 0, "file", f"is larger than {MAX_BYTES // 10**6} MB", what)
    try:
        return raw.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return None, Problem(file, line, "file", "is not UTF-8 text", "text saved as UTF-8")


def beside(path: Path, pattern: str) -> list[str]:
    """Names of the files beside one that fit a pattern; none where the folder cannot be read."""
    try:
        return sorted(other.name for other in path.parent.glob(pattern))
    except (OSError, ValueError):
        return []


def _neighbours(path: Path) -> str:
    names = beside(path, f"*{path.suffix or '.yaml'}")
    return f"a file that exists; beside it: {', '.join(names[:8])}" if names else ""


def parse_yaml(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """Parse YAML text that must hold one mapping; see `read_yaml`."""
    builder = _Builder(file)
    try:
        root = builder.build(text)
    except _StopError as stop:
        return None, [*builder.problems, stop.problem]
    except MarkedYAMLError as error:
        return None, [*builder.problems, _syntax(error, file)]
    except YAMLError as error:
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        message = "holds a character that YAML does not allow (a control character?)"
        return None, [*builder.problems, Problem(file, line, "yaml", message, "plain text")]
    if root is None or root.value is None:
        message = "is empty" if not text.strip() else "says nothing: only comments"
        return None, [*builder.problems, Problem(file, 1, "file", message, "keys with values")]
    if not isinstance(root.value, dict):
        what = "a list" if isinstance(root.value, list) else "plain text"
        problem = Problem(file, root.line, "file", f"holds {what}", "keys with values at the top")
        return None, [*builder.problems, problem]
    return root, builder.problems


def parse_value(text: str) -> Any:
    """Parse one value as YAML (for ``--set``), as a plain tree.

    Raises
    ------
    ConfigError
        When it is no YAML value.
    """
    builder = _Builder("--set")
    try:
        root = builder.build(text)
    except _StopError as stop:
        raise ConfigError([stop.problem]) from None
    except YAMLError as error:
        problem = getattr(error, "problem", None) or "not a YAML value"
        raise ConfigError([Problem("--set", 0, text, str(problem), "a YAML value")]) from None
    if builder.problems:
        raise ConfigError(replace(problem, line=0) for problem in builder.problems)
    return None if root is None else root.plain()


def plain_scalar(text: str) -> Scalar:
    """Resolve an unquoted scalar by the YAML 1.2 core rules, octal and leading zeros aside."""
    if text in _NULLS:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text) + 0.0  # no -0.0: it equals 0 and prints apart
    if _SPECIAL.fullmatch(text):  # refused later, with the words for a number
        return float(text.replace(".", "", 1))
    return text


def events_of(text: str) -> Iterator[Event]:
    """The parser's events, by C where that is there and sure to give the same.

    What C refuses is parsed again, for the words of the refusal, or because YAML 1.2 allows it.
    """
    if CParser is not None and not _NOT_FOR_C.search(text):
        parser, found = CParser(text), []
        try:
            while parser.check_event():
                found.append(parser.get_event())
        except (YAMLError, ValueError):
            pass
        else:
            return iter(found)
    return iter(YAML(typ="safe", pure=True).parse(text))


def _syntax(error: MarkedYAMLError, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark is not None else 1
    text = str(error.problem or error.context or "cannot be read as YAML")
    if r"'\t'" in text:
        return Problem(file, line, "yaml", "a tab where YAML wants blanks", "indent with blanks")
    if "mapping values are not allowed" in text:
        text += " (two colons in one line, or wrong indentation)"
    elif "could not find expected ':'" in text:
        text += " (a key without a colon, or wrong indentation, just above)"
    elif error.context:
        text = f"{error.context}: {text}"
    return Problem(file, line, "yaml", f"cannot be read: {text}", "YAML 1.2")


class _StopError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem


@dataclass
class _Builder:
    """Builds nodes from the parser's events; a problem that can be survived is only noted."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    anchors: dict[str, tuple[Node, int]] = field(default_factory=dict)
    nodes: int = 0

    def build(self, text: str) -> Node | None:
        root: Node | None = None
        documents = 0
        events = events_of(text)
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._stop(event, (), "a second document ('---')", "one document in a file")
            elif isinstance(event, (ScalarEvent, MappingStartEvent, SequenceStartEvent)):
                root = self._node(event, events, ())
        return root

    def _node(self, event: Any, events: Iterator[Event], path: Keys) -> Node:
        before = self.nodes
        self._count(event, 1, path)
        if len(path) > MAX_DEPTH:
            self._stop(event, path[:3], "is nested too deeply", f"at most {MAX_DEPTH} levels")
        if isinstance(event, AliasEvent):
            if event.anchor not in self.anchors:
                self._stop(event, path, f"alias *{event.anchor} refers to nothing complete above")
            node, size = self.anchors[event.anchor]
            self._count(event, size - 1, path)
            return node.copied(event.start_mark.line + 1)
        if getattr(event, "tag", None) is not None:
            self._note(event, path, f"has the tag {event.tag}", "plain values without tags")
        node = Node(None, self.file, event.start_mark.line + 1)
        if isinstance(event, ScalarEvent):
            node.value = event.value if event.style else plain_scalar(event.value)
            if message := bad_character(event.value):
                self._note(event, path, message, "plain text")
        elif isinstance(event, SequenceStartEvent):
            node.value = self._list(events, path)
        elif isinstance(event, MappingStartEvent):
            node.value = self._mapping(events, path, bool(event.flow_style))
        if event.anchor:
            self.anchors[event.anchor] = (node, self.nodes - before)
        return node

    def _list(self, events: Iterator[Event], path: Keys) -> list[Node]:
        items: list[Node] = []
        while not isinstance(event := next(events), SequenceEndEvent):
            items.append(self._node(event, events, (*path, str(len(items)))))
        return items

    def _mapping(self, events: Iterator[Event], path: Keys, flow: bool) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        while not isinstance(event := next(events), MappingEndEvent):
            line = event.start_mark.line + 1
            key = self._key(event, path)
            node = self._node(next(events), events, (*path, key))
            node.line = line
            if key in entries:
                first = entries[key].line
                self._note(event, (*path, key), f"is given twice, first in line {first}", "one")
            elif flow and node.value is None and not ID.fullmatch(key):
                message = f"key {key!r} has a dot or a blank"
                message += " (inside { } a comma ends a value: put the text in quotes)"
                self._note(event, path, message, "letters, digits, - _")
            else:
                entries[key] = node
        return entries

    def _key(self, event: Event, path: Keys) -> str:
        if not isinstance(event, ScalarEvent):
            self._stop(event, path, "a key is itself a list, a mapping or an alias", "a text key")
        if not event.style and event.value == "<<":
            self._stop(event, path, "merge keys (<<) are not YAML 1.2", "extends: FILE, or *alias")
        return str(event.value)

    def _count(self, event: Event, more: int, path: Keys) -> None:
        self.nodes += more
        if self.nodes > MAX_NODES:
            self._stop(event, path, "aliases blow the file up", f"at most {MAX_NODES:,} values")

    def _note(self, event: Event, path: Keys, message: str, accepted: str = "") -> None:
        line = event.start_mark.line + 1
        self.problems.append(Problem(self.file, line, ".".join(path) or "file", message, accepted))

    def _stop(self, event: Event, path: Keys, message: str, accepted: str = "") -> NoReturn:
        line = event.start_mark.line + 1
        raise _StopError(Problem(self.file, line, ".".join(path) or "file", message, accepted))
