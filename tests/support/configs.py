"""Configs for tests: the minimal one as a tree or a text to change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from sim.config import Config, from_tree, load
from sim.config.yaml_lines import read_yaml
from sim.errors import ConfigError

MINIMAL = Path(__file__).parents[1] / "config" / "minimal.yaml"


def minimal_tree() -> dict[str, Any]:
    """Return ``tests/config/minimal.yaml`` as a fresh plain tree."""
    root, problems = read_yaml(MINIMAL)
    assert not problems
    assert root is not None
    tree: dict[str, Any] = root.plain()
    return tree


def config_from(tree: dict[str, Any]) -> Config:
    """Return the checked config of a tree."""
    return from_tree(tree)


def changed(*changes: tuple[str, str]) -> str:
    """Return the text of the minimal config with each old fragment replaced by the new one."""
    text = MINIMAL.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in minimal.yaml"
        text = text.replace(old, new)
    return text


def line_of(text: str, fragment: str) -> int:
    """Return the number of the first line with ``fragment``."""
    return next(n for n, line in enumerate(text.splitlines(), 1) if fragment in line)


def problems_of(path: str | Path, overrides: dict[str, Any] | None = None) -> list[str]:
    """Return every problem of a config that must not load."""
    with pytest.raises(ConfigError, match=r"\w") as raised:
        load(path, overrides)
    return [str(problem) for problem in raised.value.problems]


@contextmanager
def refused(*lines: str) -> Iterator[None]:
    """Expect a `ConfigError` with exactly these problems, in any order."""
    with pytest.raises(ConfigError, match=re.escape(sorted(lines)[0])) as raised:
        yield
    assert sorted(str(problem) for problem in raised.value.problems) == sorted(lines)


def with_values(values: dict[str, Any]) -> dict[str, Any]:
    """Return the minimal tree with values set by dotted path."""
    tree = minimal_tree()
    for dotted, value in values.items():
        *parents, last = dotted.split(".")
        here = tree
        for key in parents:
            here = here[key]
        here[last] = deepcopy(value)
    return tree


# Of the base: rounds come often and take all that fits, and do not wait for the lenders.
BUSY = {
    "policy.selection.requires": "recommended",
    "nature.round_interval_days.mean": 105,
    "nature.round_projects": {"kind": "constant", "value": 50},
}
