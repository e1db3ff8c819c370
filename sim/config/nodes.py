"""A config as a tree in which every value knows its file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from numbers import Integral, Real
from typing import Any, TypeAlias

from sim.errors import ConfigError, Problem

Scalar: TypeAlias = str | int | float | bool | None
Keys: TypeAlias = tuple[str, ...]


@dataclass
class Node:
    """A value with its place, and the id of its source once `sim.config.sources` has lifted it.

    ``barred`` marks a value whose config says that it has no source; ``removes`` a ``null`` that
    takes away what a lower file says; ``gone`` holds the places of keys that ``null`` took away.
    ``settled`` marks what is known to be sound and is never changed in place, with all below it.
    """

    value: Scalar | dict[str, Node] | list[Node]
    file: str
    line: int
    source: str | None = None
    barred: bool = False
    settled: bool = False
    removes: bool = False
    gone: dict[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def entries(self) -> dict[str, Node]:
        """Values by key, empty when this is no mapping."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def kind(self) -> Any:
        """The kind a mapping names, plain; None where it names none."""
        named = self.entries.get("kind")
        return named.plain() if named is not None else None

    @property
    def is_leaf(self) -> bool:
        """Whether this is a value and no mapping."""
        return not isinstance(self.value, dict)

    def at(self, *keys: str) -> Node | None:
        """Return the value at a path of mapping keys, None where there is none."""
        node: Node | None = self
        for key in keys:
            node = node.entries.get(key) if node is not None else None
        return node

    def plain(self) -> Any:
        """Return the same as plain dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def leaves(self, path: Keys = ()) -> Iterator[tuple[Keys, Node]]:
        """Every scalar and every list (whole) with its path."""
        if isinstance(self.value, dict):
            for key, node in self.value.items():
                yield from node.leaves((*path, key))
        else:
            yield path, self

    def place(self, path: Keys) -> tuple[str, int]:
        """File and line of the value at ``path``, of its nearest existing parent if missing."""
        node = self
        for key in path:
            if isinstance(node.value, dict) and key in node.value:
                node = node.value[key]
            elif isinstance(node.value, list) and key.isdigit() and int(key) < len(node.value):
                node = node.value[int(key)]
            else:
                return node.gone.get(key, (node.file, node.line))
        return node.file, node.line

    def opened(self) -> Node:
        """Return a copy whose keys can be changed without changing this one."""
        value = dict(self.value) if isinstance(self.value, dict) else self.value
        return replace(self, value=value, gone=dict(self.gone), settled=False)

    def settle(self) -> None:
        """Mark this and all below it as settled."""
        if not self.settled:
            self.settled = True
            for node in self.entries.values():
                node.settle()

    def copied(self, line: int) -> Node:
        """Copy what an alias stands for, so that the two can be changed apart."""
        if isinstance(self.value, dict):
            return replace(
                self, value={k: v.copied(v.line) for k, v in self.value.items()}, line=line
            )
        if isinstance(self.value, list):
            return replace(self, value=[item.copied(item.line) for item in self.value], line=line)
        return replace(self, line=line)


ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_BAD = re.compile(  # C0 but tab and line end, DEL and C1, bidirectional marks, lone surrogates
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def bad_character(text: str) -> str:
    """Return what is wrong with a text's characters, empty when nothing is."""
    found = _BAD.search(text)
    return f"holds the control character U+{ord(found[0]):04X}" if found else ""


def tree_node(value: Any, file: str, line: int = 0) -> Node:
    """Return a plain Python tree as nodes that all share one place.

    Keys and dates become text; numbers of other libraries become plain ones.
    """
    if isinstance(value, Mapping):
        entries = {_plain_key(key): tree_node(item, file, line) for key, item in value.items()}
        return Node(entries, file, line)
    if isinstance(value, (list, tuple)):
        return Node([tree_node(item, file, line) for item in value], file, line)
    if isinstance(value, date):
        return Node(value.isoformat()[:10], file, line)
    if isinstance(value, str) and (message := bad_character(value)):
        raise ConfigError([Problem(file, line, "value", message, "plain text")])
    if value is None or isinstance(value, (bool, str)):
        return Node(value, file, line)
    if isinstance(value, Integral):
        return Node(int(value), file, line)
    if isinstance(value, Real):
        return Node(float(value) + 0.0, file, line)
    problem = Problem(
        file, line, "value", f"a value of type {type(value).__name__} has no place in a config"
    )
    raise ConfigError([replace(problem, accepted="text, numbers, dates, lists, mappings")])


def _plain_key(key: Any) -> str:
    return key.isoformat()[:10] if isinstance(key, date) else str(key)
