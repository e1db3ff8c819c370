"""What verbs are given: files and folders, by path or by name, and the options they share."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import click

from sim.errors import DesignError

_KEY = re.compile(r"""^["']?(\w+)["']?\s*:""", re.MULTILINE)
MOST_REPLICATIONS = 1_000_000  # as the schema has it, which is not loaded for --help
Option: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]


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


class Folder(click.Path):
    """A folder to write into, refused before anything is computed when none can be made there."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, file_okay=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Check the name and what is there."""
        from sim.study.run.folder import name_fault

        if fault := name_fault(os.fspath(value)):
            self.fail(fault, param, ctx)
        return super().convert(value, param, ctx)


def is_sweep(path: Path) -> bool:
    """Whether a YAML file is a sweep; a file that cannot be read is none."""
    return "sweep" in _keys(path)


def refuse_sweep(path: Path) -> None:
    """Send a sweep given to ``sim run`` to its own verb.

    Raises
    ------
    DesignError
        If the file is a sweep.
    """
    if path.is_file() and is_sweep(path):
        raise DesignError(f"{path} is a sweep; accepted: sim sweep {path}")


def refuse_config(path: Path) -> None:
    """Send a config given to ``sim sweep`` to its own verb.

    Raises
    ------
    DesignError
        If the file is a config.
    """
    keys = _keys(path) if path.is_file() else frozenset()
    if "sweep" not in keys and keys & {"extends", "programme", "name"}:
        raise DesignError(f"{path} is a config, not a sweep; accepted: sim run {path}")


def _keys(path: Path) -> frozenset[str]:
    """Keys of the whole file: those that begin a line, for reading a large one takes a while."""
    from sim.config.yaml_lines import read_text, read_yaml

    found = _KEY.findall(read_text(path, "a YAML file")[0] or "")
    if found:
        return frozenset(found)
    root, _ = read_yaml(path)
    return (
        frozenset(root.value) if root is not None and isinstance(root.value, dict) else frozenset()
    )


def all_cores() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


CONFIG, STUDY = ConfigFile(), StudyFolder()
seed = click.option("--seed", type=click.IntRange(0, 2**63 - 1), metavar="S",
                    help="In place of the config's.")  # fmt: skip
jobs = click.option("--jobs", type=click.IntRange(1, 1024), metavar="J",
                    callback=lambda _, __, value: value or all_cores(),
                    help="Processes to use; all cores by default. Changes no result.")  # fmt: skip
sets = click.option(
    "--set", "sets", multiple=True, metavar="PATH=VALUE",
    help="Change one value: its dotted path and the value. May be given again.",
)  # fmt: skip
engine = click.option(
    "--engine", type=click.Choice(["auto", "simpy", "compiled"]), expose_value=False,
    callback=lambda ctx, _, value: _use_engine(ctx, value),
    help="What simulates; auto is compiled where it was built. Changes no result.",
)  # fmt: skip
quiet = click.option("--quiet", is_flag=True, help="Print nothing but the folder.")


def replications(words: str, least: int = 1) -> Option:
    """``--replications N``, at least so many."""
    count = click.IntRange(least, MOST_REPLICATIONS)
    return click.option("--replications", type=count, metavar="N", help=words)


def out(words: str) -> Option:
    """``--out DIR``, a folder to write into."""
    return click.option("--out", type=Folder(), metavar="DIR", help=words)


def responses(words: str) -> Option:
    """``--response NAME``, as often as wanted."""
    return click.option("--response", "responses", multiple=True, metavar="NAME", help=words)


def _use_engine(ctx: click.Context, choice: str | None) -> None:
    """For as long as the command runs, its workers too."""
    if choice is not None:
        from sim.study.run.engines import using

        ctx.with_resource(using(choice))
