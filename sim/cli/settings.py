"""What a command line says about a run, as the Python API wants it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.config import Loaded, load, parse_sets


def load_with_sets(config: Path, sets: Sequence[str], also: dict[str, Any] | None = None) -> Loaded:
    """Load a config with ``--set`` values; what ``also`` gives comes from options of its own."""
    values = parse_sets(sets)
    values.update({path: value for path, value in (also or {}).items() if value is not None})
    return load(config, values)


def all_cores() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1
