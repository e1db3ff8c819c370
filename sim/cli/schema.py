"""``sim schema``: the JSON Schema, or every dotted path of a config."""

from __future__ import annotations

import json
from pathlib import Path

import click


def print_schema() -> None:
    """Print the JSON Schema of a config file."""
    from sim.config import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
