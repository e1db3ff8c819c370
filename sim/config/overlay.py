"""Configs on top of configs: ``extends``, merging, ``null``, and single values from ``--set``."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from textwrap import shorten
from typing import Any

from sim.config.messages import given, nearest
from sim.config.nodes import Keys, Node, tree_node
from sim.config.ours import find_config, our_configs
from sim.config.shape import (
    ROOT,
    Slot,
    accepted_keys,
    describe,
    distribution_kinds,
    is_free,
    step,
)
from sim.config.sources import lift, mark_override
from sim.config.yaml_lines import beside, parse_value, read_yaml, shown
from sim.errors import ConfigError, Problem

SET = "--set"
_SUFFIXES = (".yaml", ".yml")
# What a title says of ``--set``: not how many replications, and no more than a line or two.
_NOT_TOLD = ("run", "name", "title", "description", "report", "sources")
_MOST_TOLD, _MOST_OF_A_VALUE = 3, 40


@dataclass
class Chain:
    """A file and those it extends, outermost first. ``broken``: one could not be read."""

    layers: list[tuple[Path, Node]] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    broken: bool = False


def read_chain(path: Path) -> Chain:
    """Read a config file and everything it extends."""
    chain = Chain()
    next_path: Path | None = path
    while next_path is not None:
        chain.files.append(next_path)
        root, problems = read_yaml(next_path)
        chain.problems += problems
        if root is None:
            chain.broken = True
            break
        chain.layers.append((next_path, root))
        if len(chain.files) > 1:
            root.entries.pop("name", None)  # a name belongs to its own file
        named = root.entries.pop("extends", None)
        next_path = _extended(named, chain) if named is not None else None
    return chain


def _extended(named: Node, chain: Chain) -> Path | None:
    """Return the file that ``extends`` names, None with a problem noted."""
    path, message, accepted = None, "", "the path of a config file, relative to this one"
    if not isinstance(named.value, str):
        message = f"{given(named.plain())} is not text"
    else:
        path = find_config(named.value, chain.files[-1].parent)
        seen = [file.resolve() for file in chain.files]
        if not os.path.isfile(path):  # of a path that cannot be one, pathlib raises
            near = nearest(path.name[:100], [*beside(path, "*.yaml"), *our_configs()])
            message = f"there is no file {shown(path)}{near}"
            accepted += ", or the name of one of ours (sim list)"
        elif path.suffix not in _SUFFIXES:  # so that no message repeats a file of the system
            message = f"{shown(path)} is no config by its name"
            accepted = f"a file named {' or '.join(_SUFFIXES)}"
        elif path.resolve() in seen:
            circle = [*chain.files[seen.index(path.resolve()) :], path]
            message = f"goes round in a circle: {' -> '.join(shown(file) for file in circle)}"
            accepted = "a chain that ends"
    if not message:
        return path
    chain.broken = True
    chain.problems.append(Problem(named.file, named.line, "extends", message, accepted))
    return None


def merge(lower: Node, upper: Node) -> Node:
    """Put ``upper`` on ``lower``: mappings by key, everything else replaces.

    A distribution of another kind replaces the whole distribution, for its parameters mean nothing
    to the other kind. ``null`` stays in the result until `prune`.
    """
    if upper.value is None:
        return replace(upper, removes=lower.value is not None or lower.removes)
    if not isinstance(lower.value, dict) or not isinstance(upper.value, dict):
        return upper
    if _other_kind(lower, upper):
        return upper
    entries = dict(lower.value)
    for key, node in upper.value.items():
        entries[key] = merge(entries[key], node) if key in entries else node
    return Node(entries, *_touched(upper))


def _touched(upper: Node) -> tuple[str, int]:
    """Where the topmost file says something: what is wrong with a whole mapping is its doing."""
    while len(upper.entries) == 1:
        upper = next(iter(upper.entries.values()))
    return upper.file, upper.line


def _other_kind(lower: Node, upper: Node) -> bool:
    kinds = [node.value for node in (lower.at("kind"), upper.at("kind")) if node is not None]
    return (
        len(kinds) == 2 and kinds[0] != kinds[1] and all(k in distribution_kinds() for k in kinds)
    )


def prune(node: Node, slot: Slot = ROOT, path: Keys = ()) -> list[Problem]:
    """Drop keys whose value is ``null``, in place: the default applies, the named item is gone.

    Returns a problem for each that takes nothing away: no key of the schema, and in no lower file.
    """
    problems: list[Problem] = []
    for key, below in list(node.entries.items()):
        here = (*path, key)
        if below.value is not None:
            under = step(slot, key, node.kind) if below.entries and not below.settled else None
            problems += prune(below, under, here) if under is not None else []
            continue
        del node.entries[key]
        node.gone[key] = below.file, below.line
        known = accepted_keys(slot, node.kind)
        if not below.removes and (known is None or key not in known):
            others = known or list(node.entries)
            what = "unknown key" if known else "there is nothing of that name to take away"
            message = f"{what}{nearest(key, others)}"
            accepted = ", ".join(others)
            problems.append(Problem(below.file, below.line, ".".join(here), message, accepted))
    return problems


def parse_sets(texts: Iterable[str]) -> dict[str, Any]:
    """Return ``a.b=v`` texts as dotted path -> value, the value read as YAML.

    Raises
    ------
    ConfigError
        When a text has no ``=``, or its value is no YAML.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for text in texts:
        path, equals, value = text.partition("=")
        path = path.strip()
        if not equals or not path:
            problems.append(Problem(SET, 0, text, "has no path and value", "a.b=VALUE"))
        elif path in values:
            problems.append(Problem(SET, 0, path, "is set twice", "one value for a path"))
        else:
            try:
                values[path] = parse_value(value)
            except ConfigError as error:
                problems += [Problem(SET, 0, path, p.message, p.accepted) for p in error.problems]
    if problems:
        raise ConfigError(problems)
    return values


def override_nodes(overrides: Mapping[str, Any]) -> tuple[dict[Keys, Node], list[Problem]]:
    """Return overrides as nodes by path; their values are marked `override` or keep a source."""
    nodes: dict[Keys, Node] = {}
    problems: list[Problem] = []
    for dotted, value in overrides.items():
        try:
            node = tree_node(value, SET)
        except ConfigError as error:
            problems += [Problem(SET, 0, dotted, p.message, p.accepted) for p in error.problems]
            continue
        path = tuple(dotted.split("."))
        problems += lift(node, path)
        mark_override(node, path)
        nodes[path] = node
    return nodes, problems


def add_to_title(root: Node, overrides: Mapping[str, Any]) -> None:
    """Say in the title, in place, what is set: results are not those of the file alone."""
    told = [
        f"{path} = {shorten(str(value), _MOST_OF_A_VALUE, placeholder=' ...')}"
        for path, value in overrides.items()
        if path.partition(".")[0] not in _NOT_TOLD
    ]
    title = root.entries.get("title", Node("", SET, 0))
    if told and isinstance(title.value, str):
        more = f" and {len(told) - _MOST_TOLD} more" if len(told) > _MOST_TOLD else ""
        words = (*([title.value] if title.value else []), f"with {', '.join(told[:_MOST_TOLD])}")
        root.entries["title"] = Node(f"{', '.join(words)}{more}", title.file, title.line)


def apply_override(root: Node, path: Keys, node: Node) -> list[Problem]:
    """Set one value in place; a path the schema or the config does not have is a problem.

    What is settled stays as it is: the path gets nodes of its own.
    """
    here, slot = root, ROOT
    for depth, key in enumerate(path):
        last = depth == len(path) - 1
        dotted = ".".join(path)
        if not isinstance(here.value, dict):
            inside = ".".join(path[:depth])
            message = f"{inside} is {given(here.plain())}, which has no keys"
            return [Problem(SET, 0, dotted, message, describe(slot))]
        below = step(slot, key, here.kind)
        if below is None:
            known = accepted_keys(slot, here.kind)
            return [_unknown(path, depth, known or list(here.entries))]
        if key not in here.entries:
            if is_free(slot) and not last:
                return [_unknown(path, depth, list(here.entries), "entry")]
            here.value[key] = node if last else Node({}, SET, 0)
        elif last:
            here.value[key] = merge(here.value[key], node)
        elif here.value[key].settled:
            here.value[key] = here.value[key].opened()
        here, slot = here.value[key], below
    return []


def _unknown(path: Keys, depth: int, known: Sequence[str], what: str = "key") -> Problem:
    hint = nearest(path[depth], known)
    if hint:
        best = hint.removeprefix(" (did you mean ").removesuffix("?)")
        hint = f" (did you mean {'.'.join((*path[:depth], best, *path[depth + 1 :]))}?)"
    message = f"there is no {what} {path[depth]} in {'.'.join(path[:depth]) or 'a config'}{hint}"
    return Problem(SET, 0, ".".join(path), message, ", ".join(known))


def sort_dated(node: Node, slot: Slot = ROOT) -> None:
    """Bring paths by date or year into order, in place: their order in a file means nothing."""
    if slot.has_dated_keys and node.entries:
        node.value = dict(sorted(node.entries.items()))
    for key, below in node.entries.items():
        under = step(slot, key, node.kind) if below.entries and not below.settled else None
        if under is not None:
            sort_dated(below, under)
