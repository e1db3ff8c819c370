"""``sim schema``: the JSON Schema, or every dotted path of a config."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from sim.cli.settings import load_with_sets
from sim.config import json_schema, paths
from sim.config.overlay_schema import overlay_schema


def print_schema(overlay: bool = False) -> None:
    """Print the JSON Schema of a whole config, or of what people write on top of one."""
    found = overlay_schema(json_schema()) if overlay else json_schema()
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


def print_paths(config: Path | None, sets: Sequence[str]) -> None:
    """Print every dotted path with its value, unit and source, columns divided by tabs."""
    if config is None:
        raise click.UsageError("--paths needs a CONFIG, such as configs/base.yaml")
    click.echo("path\tvalue\tunit\tsource")
    for row in paths(load_with_sets(config, sets)):
        value = row.value if isinstance(row.value, str) else json.dumps(row.value)
        click.echo(f"{row.path}\t{value}\t{row.unit}\t{row.source}")
