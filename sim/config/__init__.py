"""Configs: one frozen tree of models, from YAML in which every number knows its line and source.

`load` reads a file with all it extends and names, `from_tree` a plain Python tree; both raise
`ConfigError` with every problem at once. `resolved_text` writes a config out in full.
"""

from sim.config.check_waits import cautions
from sim.config.loading import Loaded, from_tree, load, load_tree
from sim.config.overlay import parse_sets
from sim.config.resolved import config_hash, resolved_text
from sim.config.scaffold import new_overlay
from sim.config.schema import Config
from sim.config.schema_paths import json_schema, paths
from sim.config.variation import varied
from sim.errors import ConfigError, Problem

__all__ = [
    "Config", "ConfigError", "Loaded", "Problem", "cautions", "config_hash", "from_tree",
    "json_schema", "load", "load_tree", "new_overlay", "parse_sets", "paths", "resolved_text",
    "varied",
]  # fmt: skip
