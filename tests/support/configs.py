"""Configs for tests: the minimal one as a tree to change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.config import Config, from_tree
from sim.config.yaml_lines import read_yaml

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
