"""Configs that differ from one tree in a few values: what no value touches is not made again.

A sweep makes thousands of them. Values are laid on a tree that was found sound before, as
`load_tree` lays them; the sections they touch are validated anew, with the models there are where
nothing below has changed, and the checks that read one of these sections are run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.config.checks import sound
from sim.config.loading import identify_projects, load_tree
from sim.config.nodes import Node
from sim.config.overlay import apply_override, override_nodes, prune, sort_dated
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


class _Base:
    """A tree with its config, None where it is not sound by itself."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        self.tree, self.root = tree, Node({}, "", 0)
        self.config: Config | None = None
        try:
            loaded = load_tree(tree)
        except ConfigError:
            return
        self.config, self.root = loaded.config, loaded.root
        self.root.settle()
        self.rules = own_rules(self.root)
        self.table = loaded.source_table if "sources" in tree else None

    def with_values(self, values: Mapping[str, Any], checked: str) -> Config | None:
        """The config with values, None where only the long way can tell what comes of them."""
        if self.config is None:
            return None
        root = self.root.opened()
        sets, problems = override_nodes(values)
        for keys, node in sets.items():
            problems += apply_override(root, keys, node)
            problems += unknown_sources(node, self.table, keys) if self.table is not None else []
        problems += prune(root)
        touched = {key for key, node in root.entries.items() if not node.settled}
        reads_files = ("portfolio", "file") in sets or own_rules(root) != self.rules
        gone = self.root.entries.keys() - root.entries.keys()
        beyond = touched - Config.model_fields.keys() or FILES in touched
        if problems or gone or reads_files or beyond:
            return None
        identify_projects(root)
        sort_dated(root)
        try:
            sections = {
                key: section(key).validate_python(_mixed(root.entries[key], vars(self.config)[key]))
                for key in touched
            }
        except ValidationError:
            return None
        config = self.config.model_copy(update=sections)
        known = bool(checked) and config_hash(config) == checked
        return config if known or sound(config, touched) else None


_last: _Base | None = None


def _mixed(node: Node, valid: Any) -> Any:
    """``node`` as plain values, but for the models that were made of what is still the same."""
    if not isinstance(node.value, dict):
        return node.plain()
    if node.settled and isinstance(valid, BaseModel):
        return valid
    below = vars(valid) if isinstance(valid, BaseModel) else valid
    known = below if isinstance(below, Mapping) else {}
    return {key: _mixed(entry, known.get(key)) for key, entry in node.entries.items()}
