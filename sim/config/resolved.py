"""A config written out in full, and its hash."""

from __future__ import annotations

import hashlib
import json
import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from sim.config.loading import Loaded
from sim.config.nodes import Keys
from sim.config.report import Report
from sim.config.schema import Config, Portfolio, Project, section
from sim.config.shape import ROOT, Slot, accepted_keys, kind_of, step
from sim.config.sources import wants_source
from sim.config.yaml_lines import plain_scalar

_PLAIN = re.compile(r"[A-Za-z_/(][A-Za-z0-9_ ./()+=;%<>*-]*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_UNPRINTED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_WIDTH = 100
# Neither decides what a replication does: words, and how many replications are run.
_NO_RESULT = ("name", "title", "description", "run")
_NO_RESULT_OF: Mapping[type[BaseModel], set[str]] = {
    Portfolio: {"file"}, Project: {"source", "note"}, Report: {"steps"}
}  # fmt: skip
_json = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode
_DECIDING = tuple(
    (name, info.alias or name)
    for name, info in Config.model_fields.items()
    if name not in _NO_RESULT
)


def config_hash(config: Config) -> str:
    """Return the sha256 (hex) of all that decides a replication besides seed and number.

    Order counts where the user chose it (it breaks ties between projects); names of the config, run
    settings, sources, the steps of the report and the place of the portfolio's file do not.
    """
    global _last_digests
    known, digests = _last_digests, list[tuple[Any, Any]]()
    found = hashlib.sha256()
    for number, (name, key) in enumerate(_DECIDING):
        value = getattr(config, name)
        if len(digests) == number < len(known) and known[number][0] is value:
            found = known[number][1]
        else:
            known, found = [], found.copy()
            found.update(f'{"," if number else "{"}"{key}":'.encode())
            found.update(_section_text(name, value).encode())
        digests.append((value, found))
    _last_digests = digests
    found = found.copy()
    found.update(b"}")
    return found.hexdigest()


def _section_text(name: str, value: Any) -> str:
    if _holds_models(value):
        return _text(name, value)
    return _json(section(name).dump_python(value, mode="json"))


def _text(place: str, value: Any) -> str:
    """What decides a replication of a model, or of a mapping of models, as JSON."""
    if isinstance(value, dict):
        return _object(
            (_json(str(key)), _text(f"{place}.{key}", below)) for key, below in value.items()
        )
    known = _last_texts.get(place)
    if known is None or known[0] is not value:
        hidden = _NO_RESULT_OF.get(type(value), set())
        below = {name: one for name, one in value if name not in hidden and _holds_models(one)}
        plain = value.model_dump(mode="json", exclude=below.keys() | hidden)
        text = _object(
            (
                f'"{name}"',
                _text(f"{place}.{name}", below[name]) if name in below else _json(plain[name]),
            )
            for name in type(value).model_fields
            if name not in hidden
        )
        _last_texts[place] = known = value, text
    return known[1]


def _holds_models(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value) and all(map(_holds_models, value.values()))
    return isinstance(value, BaseModel)


def _object(texts: Iterable[tuple[str, str]]) -> str:
    return f"{{{','.join([f'{key}:{text}' for key, text in texts])}}}"


# Of each model the last one, which most points of a sweep have in common, and its text; and of the
# sections that lead the last config's text, up to each.
_last_texts: dict[str, tuple[Any, str]] = {}
_last_digests: list[tuple[Any, Any]] = []


def resolved_text(loaded: Loaded) -> str:
    """Return the config as YAML that loads by itself.

    Keys stand in the order of the schema, the portfolio's rows in ``portfolio.projects``, sourced
    values as ``{value, source}``, and the sources used in a table of their own. Loading the text
    gives an equal config, equal sources and the same text.
    """
    lines = ["# Written by the simulator: extends and files resolved, ready to be run again."]
    writer = _Writer(loaded)
    lines += writer.mapping(loaded.tree, ROOT, (), 0)
    used = set(loaded.sources.values())
    table = {key: source for key, source in loaded.source_table.items() if key in used}
    if table:
        lines.append("sources:")
        for key, source in table.items():
            lines.append(f"  {_key(key)}:")
            for name, value in source.model_dump(exclude_defaults=True).items():
                lines.append(f"    {name}: {_flow(value)}")
    return "\n".join(lines) + "\n"


@dataclass
class _Writer:
    loaded: Loaded

    def mapping(self, tree: Mapping[str, Any], slot: Slot, path: Keys, indent: int) -> list[str]:
        """Lines of a mapping in block style."""
        lines = []
        for key in _ordered(tree, slot):
            value, below = tree[key], step(slot, key, kind_of(tree))
            here = (*path, key)
            head = f"{' ' * indent}{_key(key)}:"
            if path == ("rule_files",) and isinstance(value, str) and _is_block(value):
                indented = textwrap.indent(value, " " * (indent + 2), lambda line: line != "\n")
                lines += [f"{head} |", *indented.removesuffix("\n").split("\n")]
            elif not isinstance(value, Mapping):
                lines.append(f"{head} {self.leaf(value, here)}")
            elif not value:
                lines.append(f"{head} {{}}")
            elif (flat := self.flat(value, below or slot, here)) is not None and (
                len(head) + len(flat) < _WIDTH
            ):
                lines.append(f"{head} {flat}")
            else:
                lines.append(head)
                lines += self.mapping(value, below or slot, here, indent + 2)
        return lines

    def leaf(self, value: Any, path: Keys) -> str:
        """Return a scalar or a list, with its source unless the project's own covers it."""
        dotted = ".".join(path)
        source, cover = self.loaded.sources.get(dotted), self.cover(path)
        text = _flow(value)
        if source is None and (dotted in self.loaded.no_source or (cover and wants_source(value))):
            return f"{{value: {text}, source: null}}"
        if source is None or (source == cover and wants_source(value)):
            return text
        return f"{{value: {text}, source: {_flow(source)}}}"

    def cover(self, path: Keys) -> str | None:
        """Return the source that a named project states for all its values."""
        if path[:2] != ("portfolio", "projects") or len(path) < 4:
            return None
        source = self.loaded.tree["portfolio"]["projects"][path[2]].get("source")
        return source if isinstance(source, str) else None

    def flat(self, tree: Mapping[str, Any], slot: Slot, path: Keys) -> str | None:
        """Return a mapping of leaves in one line; None where it has to stand in several.

        One source of all its numbers is said once: ``{kind: uniform, low: 1, high: 2, source: S}``.
        """
        if any(isinstance(value, Mapping) for value in tree.values()) or "source" in tree:
            return None
        keys = _ordered(tree, slot)
        sourced = [key for key in keys if wants_source(tree[key])]
        paths = {key: ".".join((*path, key)) for key in keys}
        common = {self.loaded.sources.get(paths[key]) for key in sourced}
        words = [key for key in keys if key not in sourced and paths[key] in self.loaded.sources]
        source = next(iter(common)) if len(common) == 1 and len(sourced) > 1 else None
        if source is None or words or ("value" in tree and "kind" not in tree):
            parts = [f"{_key(key)}: {self.leaf(tree[key], (*path, key))}" for key in keys]
        else:
            parts = [f"{_key(key)}: {_flow(tree[key])}" for key in keys]
            parts.append(f"source: {_flow(source)}")
        return "{" + ", ".join(parts) + "}"


def _ordered(tree: Mapping[str, Any], slot: Slot) -> list[str]:
    """Keys in the order of the schema, the user's own in the order they came."""
    known = accepted_keys(slot, kind_of(tree))
    if known is None:
        return list(tree)
    return sorted(tree, key=lambda key: known.index(key) if key in known else len(known))


def _key(key: str) -> str:
    return key if _is_plain(key) or key.isdigit() or _DAY.fullmatch(key) else _quoted(key)


def _flow(value: Any) -> str:
    """Return a scalar or a list as YAML in one line."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    text = str(value)
    return text if _DAY.fullmatch(text) or _is_plain(text) else _quoted(text)


def _is_block(text: str) -> bool:
    """Whether YAML keeps text that is indented as it stands."""
    return (
        text.endswith("\n")
        and not text.endswith("\n\n")
        and not text.startswith((" ", "\n"))
        and not _UNPRINTED.search(text)
        and text.replace("\n", " ").isprintable()
    )


def _quoted(text: str) -> str:
    """Return text in double quotes, with what YAML does not print as an escape."""
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTED.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _is_plain(text: str) -> bool:
    """Whether text reads as itself without quotes."""
    return (
        _PLAIN.fullmatch(text) is not None
        and not text.endswith(" ")
        and isinstance(plain_scalar(text), str)
    )
