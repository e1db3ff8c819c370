"""From a file to a checked config, with every problem of every file at once."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.config.checks import check
from sim.config.html import html_table
from sim.config.messages import given, problem_at, validate
from sim.config.nodes import Keys, Node, tree_node
from sim.config.ours import find_config
from sim.config.overlay import (
    SET,
    add_to_title,
    apply_override,
    merge,
    override_nodes,
    prune,
    read_chain,
    sort_dated,
)
from sim.config.portfolio import read_portfolio
from sim.config.rule_files import add_rule_files
from sim.config.schema import Config
from sim.config.shape import ROOT
from sim.config.sources import (
    Assumption,
    Published,
    lift,
    read_tables,
    take_inline,
    unknown_sources,
    unsourced,
)
from sim.config.yaml_lines import shown
from sim.errors import ConfigError, Problem

_TREE = "<tree>"
_ALSO = ("extends", "sources")
_NAMES, _COUNT = dict.fromkeys(("name", "title", "description"), ""), {"replications": 1}


@dataclass(frozen=True, repr=False)
class Loaded:
    """A checked config, and where its values come from.

    Attributes
    ----------
    config : Config
        The config itself.
    sources : Mapping of str to str
        Dotted path of a number, a date or a list -> source id, or ``override``.
    source_table : Mapping of str to Published or Assumption
        What each id stands for; empty when no table was found.
    files : tuple of Path
        Every file read.
    extends : Path or None
        The config that the file extends.
    tree : dict
        The resolved plain tree, as stated (no defaults), rows of the portfolio included.
    root : Node
        The same, with the place of every value.
    """

    config: Config
    sources: Mapping[str, str]
    source_table: Mapping[str, Published | Assumption]
    files: tuple[Path, ...]
    tree: dict[str, Any]
    root: Node = field(compare=False)
    no_source: frozenset[str] = field(default_factory=frozenset)
    extends: Path | None = None

    @property
    def unsourced(self) -> list[str]:
        """Dotted paths of the numbers and dates stated without a source."""
        return unsourced(self.tree, self.sources)

    @property
    def unchanged(self) -> bool:
        """Whether it extends a config and changes nothing of it but words and replications."""
        if self.extends is None:
            return False
        own, base = (
            config.model_copy(update={**_NAMES, "run": config.run.model_copy(update=_COUNT)})
            for config in (self.config, load(self.extends).config)
        )
        return own == base

    def __repr__(self) -> str:
        return f"Loaded({self.config!r}, from {len(self.files)} files)"

    def _repr_html_(self) -> str:
        more = {
            "numbers without a source": len(self.unsourced),
            "files": ", ".join(path.name for path in self.files),
        }
        return html_table(self.config.heading, {**self.config.in_short(), **more})


def load(path: str | os.PathLike[str], overrides: Mapping[str, Any] | None = None) -> Loaded:
    """Load a config file with everything it extends and names.

    Parameters
    ----------
    path
        A YAML file.
    overrides
        Dotted path -> value, as ``--set`` gives them (see `sim.config.overlay.parse_sets`).

    Returns
    -------
    Loaded
        The config and its sources.

    Raises
    ------
    ConfigError
        With every problem of every file.
    """
    path = find_config(path)
    chain = read_chain(path)
    problems = list(chain.problems)
    inline, merged = [], None
    for _, root in chain.layers:
        table = take_inline(root)
        inline += [table] if table is not None else []
        problems += lift(root)
        merged = root if merged is None else merge(root, merged)
    if merged is not None:
        add_to_title(merged, overrides or {})
    folders = [layer.parent for layer, _ in chain.layers]
    return _finish(
        _Parts(merged, inline, folders, chain.files, problems, chain.broken, _ALSO),
        path.stem,
        overrides or {},
    )


def from_tree(tree: Mapping[str, Any], overrides: Mapping[str, Any] | None = None) -> Config:
    """Return the config that a plain Python tree describes, checked like a file.

    Raises
    ------
    ConfigError
        With every problem; the file is ``<tree>``.
    """
    return load_tree(tree, overrides).config


def load_tree(tree: Mapping[str, Any], overrides: Mapping[str, Any] | None = None) -> Loaded:
    """Like `from_tree`, with sources."""
    root = tree_node(tree, _TREE)
    table = take_inline(root)
    inline = [table] if table is not None else []
    return _finish(
        _Parts(root, inline, [], [], lift(root), False, _ALSO[1:]), "tree", overrides or {}
    )


@dataclass
class _Parts:
    """What was read so far."""

    root: Node | None
    inline: list[Node]
    folders: list[Path]
    files: list[Path]
    problems: list[Problem]
    broken: bool
    also: Sequence[str]


def _finish(parts: _Parts, default_name: str, overrides: Mapping[str, Any]) -> Loaded:
    """Rows, overrides, validation, checks: what is common to files and trees."""
    problems = parts.problems
    table, table_files, found = read_tables(parts.inline, parts.folders)
    problems += found
    root = parts.root
    if root is None:
        raise ConfigError(problems)
    sets, found = override_nodes(overrides)
    problems += found
    first: Keys = ("portfolio", "file")  # before the rows are read
    if first in sets:
        problems += apply_override(root, first, sets.pop(first))
    csv_file, found, broken = _add_rows(root, {shown(f): f for f in parts.files})
    problems += found
    for keys, node in sets.items():
        problems += apply_override(root, keys, node)
    problems += prune(root)
    rule_files, found = add_rule_files(root, {shown(f): f for f in parts.files})
    problems += found
    root.entries.setdefault("name", Node(default_name, root.file, root.line))
    identify_projects(root)
    sort_dated(root)
    if table is not None:
        problems += unknown_sources(root, table)
    config = None
    if not parts.broken and not broken:
        plain = root.plain()
        config, found = validate(Config, root, ROOT, parts.also)
        problems += found
        problems += [
            problem_at(root, finding.path, finding.message, finding.accepted)
            for finding in check(plain, config)
        ]
    if problems or config is None:
        raise ConfigError(problems)
    leaves = {".".join(keys): leaf for keys, leaf in root.leaves()}
    return Loaded(
        config=config,
        sources={path: leaf.source for path, leaf in leaves.items() if leaf.source is not None},
        source_table=table or {},
        files=(*parts.files, *table_files, *([csv_file] if csv_file else []), *rule_files),
        tree=plain,
        root=root,
        extends=parts.files[1] if len(parts.files) > 1 else None,
        no_source=frozenset(path for path, leaf in leaves.items() if leaf.barred),
    )


def _add_rows(root: Node, files: Mapping[str, Path]) -> tuple[Path | None, list[Problem], bool]:
    """Put the rows of ``portfolio.file`` below the config's own projects, in place."""
    portfolio = root.at("portfolio")
    named = root.at("portfolio", "file")
    if portfolio is None or named is None or named.value is None:
        return None, [], False
    where: Keys = ("portfolio", "file")
    if not isinstance(named.value, str):
        message = f"{given(named.plain())} is not text"
        return None, [problem_at(root, where, message, "the path of a CSV file")], True
    says = files.get(named.file)
    path = (says.parent if says is not None else Path()) / named.value
    if not os.path.isfile(path):
        message = f"there is no file {shown(path)}"
        accepted = "a path relative to the file that names it"
        if named.file in (SET, _TREE):
            accepted = "a path relative to the current folder"
        return None, [problem_at(root, where, message, accepted)], True
    rows, problems = read_portfolio(path)
    if rows is None:
        return path, problems, True
    problems += lift(rows, ("portfolio", "projects"))
    own = portfolio.entries.get("projects")
    portfolio.entries["projects"] = rows if own is None else merge(rows, own)
    named.value = None  # the rows now stand in the config
    return path, problems, False


def identify_projects(root: Node) -> None:
    """Give each project its key as its id, in place."""
    projects = root.at("portfolio", "projects")
    for key, project in projects.entries.items() if projects is not None else ():
        if isinstance(project.value, dict) and "id" not in project.value:
            project.value = {"id": Node(key, project.file, project.line), **project.value}
