"""What a command line says about a run, as the Python API wants it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.config import Loaded, load, parse_sets
from sim.study.run.folder import CONFIG
from sim.study.run.progress import Progress, progress_on_stderr


def load_with_sets(config: Path, sets: Sequence[str], also: dict[str, Any] | None = None) -> Loaded:
    """Load a config with ``--set`` values; what ``also`` gives comes from options of its own."""
    values = parse_sets(sets)
    values.update({path: value for path, value in (also or {}).items() if value is not None})
    return load(config, values)


def nothing_changed(loaded: Loaded) -> str:
    """A sentence on a config that is the one it extends; empty where it changes something."""
    if not loaded.unchanged or loaded.extends is None:
        return ""
    file = loaded.extends
    base = file.parent.name if file.name == CONFIG else file.stem  # of a finished run, its folder
    return (
        f"{loaded.config.name} changes nothing of {base}: only name, title, "
        "description or replications differ."
    )


def telling(quiet: bool) -> Progress:
    """Progress as ``--quiet`` has it."""
    return Progress() if quiet else progress_on_stderr()
