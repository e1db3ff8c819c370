"""Names in letters that no installed font has: a PNG shows ids in their place.

An SVG keeps its text as text, and its reader's fonts show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from functools import cache
from typing import Any

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from sim.config import Config
from sim.report.figures import style
from sim.study.findings.run_results import RunTables

_NAMES = ("label", "name")  # what a config calls the thing with an id


def unreadable(names: Iterable[str]) -> list[str]:
    """Those with a letter that no font of the figures has."""
    known = _known(style.fonts())
    return [name for name in names if not known.issuperset(map(ord, name))]


def names_of(config: Config) -> list[str]:
    """Every name that a figure may show, each once."""
    named = _named(config.model_dump(by_alias=True), "")
    return list(dict.fromkeys(entry[key] for entry, key, _ in named))


def readable(run: RunTables) -> RunTables:
    """The run with ids in place of names that cannot be drawn; itself where all can be."""
    lost = set(unreadable(names_of(run.config)))
    if not lost:
        return run
    tree = run.config.model_dump(by_alias=True)
    for entry, key, own_id in _named(tree, ""):
        if entry[key] in lost:
            entry[key] = own_id
    found = copy(run)
    found.__dict__["config"] = Config.model_validate(tree)
    return found


def _named(tree: dict[str, Any], own_id: str) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Every mapping with a name, the key of that, and the mapping's own id."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _named(value, key)
        elif key in _NAMES and isinstance(value, str):
            yield tree, key, own_id


@cache
def _known(fonts: tuple[str, ...]) -> frozenset[int]:
    with style.context():
        files = [font_manager.findfont(name) for name in fonts]
    return frozenset(letter for file in files for letter in FT2Font(file).get_charmap())
