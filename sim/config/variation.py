"""Configs that differ from one tree in a few values: what no value touches is not made again.

A sweep makes thousands of them, each most often like the one before it but for a factor or two.
Values are laid on a tree that was found sound before, as `load_tree` lays them: on that of the last
config, where all others are what they were there. The sections they touch are validated anew, with
the models there are where nothing below has changed, and the checks that read one of these are run.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from sim.config.checks import sound
from sim.config.loading import identify_projects, load_tree
from sim.config.nodes import Keys, Node, tree_node
from sim.config.overlay import SET, apply_override, override_nodes, prune, sort_dated
from sim.config.resolved import config_hash
from sim.config.rule_files import FILES, own_rules
from sim.config.schema import Config, section
from sim.config.sources import unknown_sources
from sim.errors import ConfigError


def varied(tree: Mapping[str, Any], values: Mapping[str, Any], checked: str = "") -> Config:
    """Return the config that `load_tree` makes of a tree and values by dotted path.

    The config of the last tree is kept, to be found again while the same tree, unchanged, is asked
    for. ``checked`` is the hash of a config that was found sound: what has it is not checked again.

    Raises
    ------
    ConfigError
        With every problem, in the words of `load_tree`.
    """
    global _last
    last = _last  # read once: other threads have trees of their own
    if last is None or last.tree is not tree:
        last = _last = _Base(tree)
    config = last.with_values(values, checked)
    return load_tree(tree, values).config if config is None else config


class _Made(NamedTuple):
    """A sound config, and what it was made of."""

    told: Mapping[str, str]  # of each value by its dotted path, as text
    root: Node  # settled
    config: Config


class _Base:
    """A tree with its config, None where it is not sound by itself."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        self.tree = tree
        self.own: _Made | None = None
        try:
            loaded = load_tree(tree)
        except ConfigError:
            return
        loaded.root.settle()
        self.own = self.last = _Made({}, loaded.root, loaded.config)
        self.rules = own_rules(loaded.root)
        self.table = loaded.source_table if "sources" in tree else None

    def with_values(self, values: Mapping[str, Any], checked: str) -> Config | None:
        """The config with values, None where only the long way can tell what comes of them."""
        if self.own is None:
            return None
        try:
            told = {path: repr(tree_node(value, SET).plain()) for path, value in values.items()}
        except ConfigError:
            return None
        before = self.last
        changed = {path: values[path] for path in told if told[path] != before.told.get(path)}
        root = _taken_back(before, self.own.root, told, changed)
        if root is None:
            before, changed, root = self.own, {**values}, self.own.root.opened()
        sets, problems = override_nodes(changed)
        for keys, node in sets.items():
            problems += apply_override(root, keys, node)
            problems += unknown_sources(node, self.table, keys) if self.table is not None else []
        problems += prune(root)
        touched = {key for key, node in root.entries.items() if not node.settled}
        reads_files = "portfolio.file" in values or own_rules(root) != self.rules
        gone = self.own.root.entries.keys() - root.entries.keys()
        beyond = touched - Config.model_fields.keys() or FILES in touched
        if problems or gone or reads_files or beyond:
            return None
        identify_projects(root)
        sort_dated(root)
        there, valid = before.root.entries, vars(before.config)
        try:
            sections = {
                key: section(key).validate_python(
                    _mixed(root.entries[key], there.get(key), valid[key])
                )
                for key in touched
            }
        except ValidationError:
            return None
        config = before.config.model_copy(update=sections)
        known = bool(checked) and config_hash(config) == checked
        if not known and not sound(config, before.config):
            return None
        root.settle()
        self.last = _Made(told, root, config)
        return config


_last: _Base | None = None


def _taken_back(
    before: _Made, own: Node, told: Mapping[str, str], changed: Mapping[str, Any]
) -> Node | None:
    """The last tree without the values that have changed: ``own`` has what stood there before them.

    None where the order of values tells, or what one takes away.
    """
    paths = tuple(told)
    if paths != tuple(before.told) or not _apart(paths):
        return None
    root = before.root.opened()
    for path in changed:
        *above, key = path.split(".")
        here, beside = root, own.at(*above)
        for step in above:
            below = here.entries.get(step)
            if below is None:
                return None
            if below.settled:
                here.entries[step] = below = below.opened()
            here = below
        if key not in here.entries:
            return None
        stood = beside.entries.get(key) if beside is not None else None
        here.entries[key] = stood if stood is not None else Node(None, SET, 0)
    return root


@lru_cache(maxsize=8)
def _apart(paths: tuple[str, ...]) -> bool:
    """Whether no path leads through another."""
    keys: list[Keys] = sorted(tuple(path.split(".")) for path in paths)
    return all(later[: len(earlier)] != earlier for earlier, later in pairwise(keys))


def _mixed(node: Node, before: Node | None, valid: Any) -> Any:
    """``node`` as plain values, but for the models that were made of what is still the same."""
    if not isinstance(node.value, dict):
        return node.plain()
    if node is before and isinstance(valid, BaseModel):
        return valid
    below = vars(valid) if isinstance(valid, BaseModel) else valid
    known = below if isinstance(below, Mapping) else {}
    there = before.entries if before is not None else {}
    return {
        key: _mixed(entry, there.get(key), known.get(key)) for key, entry in node.entries.items()
    }
