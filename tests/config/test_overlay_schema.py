"""What an editor would say of overlays: of ours nothing, of mistakes where they are."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.json_schema import faults

from sim.config import json_schema
from sim.config.ours import builtin_folder
from sim.config.overlay_schema import overlay_schema
from sim.config.yaml_lines import read_yaml

SCHEMA = overlay_schema(json_schema())
OVERLAYS = [path for room in ("scenarios", "readings")
            for path in sorted((builtin_folder() / room).glob("*.yaml"))]  # fmt: skip


def as_json(value: Any) -> Any:
    """As an editor sees YAML: dates are text, keys too."""
    if isinstance(value, dict):
        return {str(key): as_json(below) for key, below in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    return str(value) if isinstance(value, date) else value


def said(value: Any) -> list[str]:
    return list(faults(as_json(value), SCHEMA, SCHEMA))


@pytest.mark.parametrize("path", OVERLAYS, ids=lambda path: path.stem)
def test_every_overlay_of_ours_fits(path: Path):
    root, _ = read_yaml(path)

    assert root is not None
    assert said(root.plain()) == []


def test_values_with_a_source_and_null_fit():
    assert said({
        "schema": 1, "extends": "base",
        "programme": {"envelope_usd_bn": {"value": 400, "source": "mine", "note": "so"}},
        "policy": {"source": "mine", "calls": {"reading": "cap"}},
        "portfolio": {"projects": {"T1-01": None}},
    }) == []  # fmt: skip


@pytest.mark.parametrize(
    ("overlay", "fault"),
    [
        ({"programme": {"envelope": 400}}, ".programme.envelope: unknown key"),
        ({"programme": {"envelope_usd_bn": "many"}}, ".programme.envelope_usd_bn: no number"),
        ({"programme": {"envelope_usd_bn": -1}}, "out of range"),
        ({"policy": {"calls": {"reading": "ceiling"}}}, ".policy.calls.reading: none of"),
        ({"program": {}}, ".program: unknown key"),
    ],
)
def test_a_mistake_is_marked_where_it_is(overlay: dict[str, Any], fault: str):
    found = said({"schema": 1, "extends": "base", **overlay})

    assert any(fault in one for one in found), found
