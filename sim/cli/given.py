"""What a verb is given: a config, by path or by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


class ConfigFile(click.Path):
    """A config or a sweep: a path, the name of one of ours, or a finished run for its config."""

    def __init__(self, folders: bool = False) -> None:
        super().__init__(path_type=Path)
        self.folders = folders  # whether a folder is one and not the config in it

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Find the file; whether it is there, the verb says."""
        from sim.config.ours import find_config

        path = Path(str(super().convert(value, param, ctx)))
        return path if self.folders and path.is_dir() else find_config(path)


class StudyFolder(click.Path):
    """The folder of a finished study: a path, or a name for the one in ``outputs``."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Find the folder; whether it holds a study, the verb says."""
        path = Path(str(super().convert(value, param, ctx)))
        ours = Path("outputs") / path
        return ours if path.name == str(path) and not path.exists() and ours.is_dir() else path
