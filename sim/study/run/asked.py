"""What a caller of the Python API asks for, as a checked config."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.config import Loaded, load
from sim.config.overlay import SET
from sim.errors import ConfigError
from sim.study.design.counts import refuse_counts
from sim.study.run.precise import with_run


def load_config(path: str | Path, values: Mapping[str, Any] | None = None) -> Loaded:
    """Load a config; problems of ``values`` stand at ``set``, as Python calls it.

    Raises
    ------
    ConfigError
        With every problem found and where it stands.
    """
    try:
        return load(path, dict(values or {}))
    except ConfigError as error:
        raise ConfigError(
            replace(one, file="set") if one.file == SET else one for one in error.problems
        ) from None


def config_asked(
    config: Loaded | str | Path, replications: int | None = None, seed: int | None = None
) -> Loaded:
    """A config with other choices of the run.

    Raises
    ------
    ConfigError, DesignError
        If the config, or what is asked of it, is at fault.
    """
    asked = {"run.replications": replications, "run.seed": seed}
    values = {path: value for path, value in asked.items() if value is not None}
    refuse_counts(replications, seed)
    if not isinstance(config, Loaded):
        return load_config(config, values)
    return with_run(config, replications, seed) if values else config
