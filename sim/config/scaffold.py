"""A new overlay to start from: ``sim new NAME``."""

from __future__ import annotations

import os
import re
from importlib.resources import files
from pathlib import Path

from sim.config.messages import nearest
from sim.config.ours import find_config, our_configs
from sim.config.yaml_lines import shown
from sim.errors import ConfigError, Problem

_STEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def new_overlay(name: str, base: str = "base", folder: str | os.PathLike[str] = ".") -> Path:
    """Write a commented overlay that extends ``base``; it loads as it is.

    Parameters
    ----------
    name
        Stem of the new file: letters, digits, ``-`` and ``_``.
    base
        What `sim.config.ours.find_config` takes: a path, or the name of one of ours.
    folder
        Where to write, created if missing.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ConfigError
        When the name is no plain stem or is that of one of ours, the base does not exist, or the
        file exists already.
    """
    if not _STEM.fullmatch(name):
        accepted = "letters, digits, - and _, a letter or digit first, no .yaml"
        raise ConfigError([Problem("sim new", 0, "name", f"{name!r} is no plain name", accepted)])
    if ours := our_configs().get(name):  # a command given the name would take ours
        message = f"{name} comes with the program: {ours.parent.name}/{ours.name} (sim list)"
        accepted = f"another name, such as my_{name}; sim run {name} runs it as it is"
        if ours.parent.name == "sweeps":
            accepted = accepted.replace("sim run", "sim sweep")
        raise ConfigError([Problem("sim new", 0, "name", message, accepted)])
    path = Path(folder) / f"{name}.yaml"
    extends = _extends(base, path)
    if path.exists():
        message = "is there already, and is not overwritten"
        raise ConfigError([Problem(shown(path), 0, "file", message, "another name")])
    template = files("sim.config").joinpath("templates", "overlay.yaml").read_text("utf-8")
    text = template.replace("@NAME@", name).replace("@EXTENDS@", extends)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text.replace("@FILE@", Path(os.path.relpath(path)).as_posix()))
    return path


def _extends(base: str, path: Path) -> str:
    """Return what ``extends`` says in the new file."""
    found = find_config(base)
    ours = {name: one for name, one in our_configs().items() if one.parent.name != "sweeps"}
    if not found.is_file():
        message = f"there is no config {base!r}{nearest(Path(base).stem, list(ours))}"
        accepted = f"the path of a config file, or one of ours: {', '.join(ours)}"
        raise ConfigError([Problem("sim new", 0, "base", message, accepted)])
    if ours.get(found.stem) == found:
        return found.stem
    return Path(os.path.relpath(found, path.parent)).as_posix()
