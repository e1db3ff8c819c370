"""Rules of the user's own: the text of their files put into the config, in place.

So a resolved config runs as it is, its hash covers the code, and no worker reads a file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from sim.config.messages import nearest, problem_at
from sim.config.nodes import Keys, Node
from sim.config.rule_names import RuleOf, own_rule
from sim.config.shape import ROOT, Slot, fields, models, slot_of
from sim.config.yaml_lines import shown
from sim.errors import Problem

FILES = "rule_files"


def _rule_paths(slot: Slot = ROOT, path: Keys = ()) -> Iterator[Keys]:
    """Every place of a config that names a rule; none is below a mapping with free keys."""
    for model in models(slot):
        for key, info in fields(model).items():
            below = slot_of(info.annotation, tuple(info.metadata))
            if any(isinstance(bound, RuleOf) for bound in below.bounds):
                yield (*path, key)
            elif len(models(below)) == 1:
                yield from _rule_paths(below, (*path, key))


RULE_PATHS = tuple(_rule_paths())


def own_rules(root: Node) -> dict[Keys, tuple[str, str]]:
    """File and function of every rule of the user's own that a config names, by path."""
    found = {}
    for path in RULE_PATHS:
        node = root.at(*path)
        own = own_rule(node.value) if node is not None and isinstance(node.value, str) else None
        if own is not None:
            found[path] = own
    return found


def add_rule_files(root: Node, files: Mapping[str, Path]) -> tuple[list[Path], list[Problem]]:
    """Read every rule file that is named, in place: text by file name, and rules by that name.

    Paths are relative to the file that names them, or to the current folder (``--set``, a tree).
    A text that the same file states in ``rule_files`` goes before one on the disk, that before a
    text stated elsewhere.
    """
    read: list[Path] = []
    problems: list[Problem] = []
    policy, texts = root.at("policy"), root.at(FILES)
    if policy is None or (texts is not None and not isinstance(texts.value, dict)):
        return read, problems  # validation says what is wrong
    before = dict(texts.entries) if texts is not None else {}
    for path, (file, function) in own_rules(root).items():
        node = root.at(*path)
        assert node is not None
        says = files.get(node.file)
        place = (says.parent if says is not None else Path()) / file
        stated = before.get(file.removesuffix(".py"))
        if stated is None or (says is not None and stated.file != node.file and place.is_file()):
            try:
                text = place.read_text(encoding="utf-8-sig")
            except (OSError, ValueError):
                message = f"there is no file {shown(place)} that can be read as text"
                accepted = "a path relative to the file that names it"
                problems.append(problem_at(root, path, message, accepted))
                continue
            read.append(place)
            texts = root.entries.setdefault(FILES, Node({}, node.file, node.line))
            name = _name_for(place.stem, text, texts)
            texts.entries[name] = stated = Node(text, shown(place), 1)
            node.value = f"{name}.py:{function}"
        problems += _without_function(stated, ".".join(path), function)
    return read, problems


def _name_for(name: str, text: str, texts: Node) -> str:
    """The file's own name as a key, with a number where another text has it."""
    stem, number = re.sub(r"[^A-Za-z0-9_-]", "-", name), 1
    name = stem
    while name in texts.entries and texts.entries[name].value != text:
        number += 1
        name = f"{stem}-{number}"
    return name


def _without_function(stated: Node, dotted: str, function: str) -> list[Problem]:
    """A text that is no Python, or does not define the function; nothing of it is run."""
    try:
        tree = ast.parse(str(stated.value))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 0
        return [Problem(stated.file, line, function, f"is no Python: {error}", "Python code")]
    known = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    known += [
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    if function in known:
        return []
    message = f"there is no function {function}{nearest(function, known)}, which {dotted} names"
    functions = [name for name in known if not name.startswith("_")]
    accepted = ", ".join(functions) or "a function with a def of its own"
    return [Problem(stated.file, stated.line, function, message, accepted)]
