"""Where each number comes from: sourced values, and the table of sources.

A sourced value is written ``{value: 400, source: S12}`` and read as 400. A ``source`` key in any
other mapping covers every number and date below it that has none of its own. A table,
``sources.yaml`` beside a config or a top-level ``sources:`` in it, says what each id stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from sim.config.distributions import Strictly
from sim.config.messages import nearest, problem_at, validate
from sim.config.nodes import Keys, Node
from sim.config.shape import slot_of
from sim.config.values import Id
from sim.config.yaml_lines import read_yaml
from sim.errors import Problem

FILE = "sources.yaml"
OVERRIDE = "override"
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_PROJECTS = ("portfolio", "projects")
# Choices of the run and of how it is reported, not facts about the world.
EXEMPT = ("schema", "run", "report.envelope_thresholds")

_Text = Annotated[str, Field(min_length=1)]
# Dates of publications come as 2025, 2025-09 or 2025-09-04; a bare year is a number in YAML.
_When = Annotated[str, BeforeValidator(lambda v: str(v) if type(v) is int else v)]


# How far whoever gathered the evidence trusts the page it names; None: nobody has graded it.
_Grade = Literal["high", "medium", "low"] | None


class Published(Strictly):
    """Something anybody can look up."""

    kind: Literal["published"]
    title: _Text
    url: _Text
    date: Annotated[_When, Field(min_length=1)]
    grade: _Grade = None
    note: str = ""


class Assumption(Strictly):
    """A number we chose: why, and how far it could be off."""

    kind: Literal["assumption"]
    reason: _Text
    range: _Text | list[float | str]
    title: str = ""
    url: str = ""
    date: _When = ""
    grade: _Grade = None
    note: str = ""


Source = Annotated[Published | Assumption, Field(discriminator="kind")]
Table = dict[Id, Source]


class _Sources(Strictly):
    sources: Table


def lift(root: Node, path: Keys = ()) -> list[Problem]:
    """Replace sourced values by the value, in place, and push every source down to its values.

    ``path`` is where in a config the root stands.
    """
    problems: list[Problem] = []
    _lift(root, path, None, problems)
    return problems


def _lift(node: Node, path: Keys, source: str | None, problems: list[Problem]) -> None:
    entries = node.entries
    if "source" in entries:
        named = entries["source"]
        if not isinstance(named.value, str) and not (named.value is None and "value" in entries):
            message = f"{named.value!r} is not the id of a source"
            problems.append(_problem(named, (*path, "source"), message, "text; null: no source"))
        if "value" in entries and "kind" not in entries:
            problems += _unwrap(node, path, named)
            return
        source = named.value if isinstance(named.value, str) else None
        if not _is_project(path):
            del entries["source"]
    if isinstance(node.value, dict):
        for key, below in node.value.items():
            _lift(below, (*path, key), source, problems)
    elif source is not None and wants_source(node.plain()):
        node.source = source


def _unwrap(node: Node, path: Keys, named: Node) -> list[Problem]:
    """Turn ``{value: 400, source: S12}`` into 400 which knows its source."""
    entries = node.entries
    problems = [
        _problem(extra, path, f"key {key} stands beside value and source", "value, source, note")
        for key, extra in entries.items()
        if key not in ("value", "source", "note")
    ]
    node.value = entries["value"].value
    source = named.value if isinstance(named.value, str) else None
    if isinstance(node.value, dict):
        for key, below in node.value.items():
            _lift(below, (*path, key), source, problems)
    else:
        node.source, node.barred = source, source is None
    return problems


def mark_override(node: Node, path: Keys) -> None:
    """Mark every value given by ``--set`` which states no source of its own, in place."""
    for here, leaf in node.leaves(path):
        is_source = _is_project(here[:-1]) and here[-1] == "source"
        if leaf.source is None and not leaf.barred and not is_source:
            leaf.source = OVERRIDE


def wants_source(value: Any) -> bool:
    """Whether a plain value is a number or a date, or a list with one."""
    if isinstance(value, list):
        return any(wants_source(item) for item in value)
    if isinstance(value, str):
        return _DAY.fullmatch(value) is not None
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def take_inline(root: Node) -> Node | None:
    """Remove and return the top-level ``sources:`` of a config."""
    return root.entries.pop("sources", None)


def read_tables(
    inline: Iterable[Node], folders: Iterable[Path]
) -> tuple[dict[str, Published | Assumption] | None, list[Path], list[Problem]]:
    """Read the tables of a config, nearest first: of two entries with one id the first counts.

    Returns None for the table when there is none anywhere: then ids are free.
    """
    problems: list[Problem] = []
    tables: list[Node] = []
    files: list[Path] = []
    broken = False
    for node in inline:
        tables.append(Node({"sources": node}, node.file, node.line))
    for folder in dict.fromkeys(folders):
        path = folder / FILE
        if not path.exists():
            continue
        files.append(path)
        root, found = read_yaml(path)
        problems += found
        broken = broken or root is None
        if root is not None:
            tables.append(root)
    merged: dict[str, Published | Assumption] = {}
    for root in tables:
        table, found = validate(_Sources, root, slot_of(_Sources))
        problems += found
        broken = broken or table is None
        for key, source in table.sources.items() if table else ():
            merged.setdefault(key, source)
    return (merged if tables and not broken else None), files, problems


def unknown_sources(root: Node, table: Mapping[str, Any], path: Keys = ()) -> list[Problem]:
    """Ids the table does not have: each once a file, at its first use.

    ``path`` is where in a config the root stands.
    """
    uses: dict[tuple[str, str], list[tuple[Keys, Node]]] = {}
    for keys, leaf in root.leaves(path):
        source = leaf.source
        if keys[:2] == _PROJECTS and keys[-1:] == ("source",) and isinstance(leaf.value, str):
            source = leaf.value
        if source is not None and source not in table and source != OVERRIDE:
            uses.setdefault((leaf.file, source), []).append((keys, leaf))
    problems = []
    for (_, source), places in uses.items():
        keys, leaf = min(places, key=lambda place: place[1].line)
        more = f" ({len(places)} values name it)" if len(places) > 1 else ""
        message = f"source {source!r} is not in the table of sources{nearest(source, list(table))}"
        accepted = f"an id listed in {FILE}, or under sources in the file itself"
        problems.append(problem_at(root, keys, message + more, accepted))
    return problems


def unsourced(tree: Mapping[str, Any], sources: Mapping[str, str]) -> list[str]:
    """Dotted paths of the numbers and dates a config states without a source.

    ``sources`` is by dotted path. Defaults of the schema are not stated by a config. Exempt are
    choices of the run and of the report, which are no facts about the world.
    """
    found = []
    for path, leaf in _plain_leaves(tree):
        dotted = ".".join(path)
        exempt = any(dotted == item or dotted.startswith(item + ".") for item in EXEMPT)
        if not exempt and wants_source(leaf) and dotted not in sources:
            found.append(dotted)
    return found


def _plain_leaves(tree: Any, path: Keys = ()) -> Iterable[tuple[Keys, Any]]:
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _plain_leaves(value, (*path, key))
    else:
        yield path, tree


def _is_project(path: Keys) -> bool:
    return path[:2] == _PROJECTS and len(path) == 3


def _problem(node: Node, path: Keys, message: str, accepted: str) -> Problem:
    return Problem(node.file, node.line, ".".join(path), message, accepted)
