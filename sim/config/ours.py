"""The configs and sweeps that come with the program, and how a name becomes a file."""

from __future__ import annotations

import os
from pathlib import Path

BUILTIN = "builtin:"  # in front of a name, where a file of that name might be meant
ROOMS = ("", "scenarios", "readings", "sweeps")
_NO_CONFIG = ("sources",)  # a table that configs name


def builtin_folder() -> Path:
    """Return the folder of our own configs: in an installed package, or beside ``sim/``.

    There is one copy of them in the repository, ``configs/``; a wheel carries it as
    ``sim/config/builtin/``.
    """
    here = Path(__file__).resolve().parent
    packaged = here / "builtin"
    return packaged if packaged.is_dir() else here.parents[1] / "configs"


def our_configs() -> dict[str, Path]:
    """Configs and sweeps of ours by name, the base first, then room by room."""
    found: dict[str, Path] = {}
    for room in ROOMS:
        for path in sorted((builtin_folder() / room).glob("*.yaml")):
            if path.stem not in _NO_CONFIG:
                found.setdefault(path.stem, path)
    return found


def find_config(given: str | os.PathLike[str], folder: Path | None = None) -> Path:
    """The file that a path or a name stands for, whether or not it is there.

    Parameters
    ----------
    given : str or PathLike
        A path; the folder of a finished run or sweep, for the config in it; or, where there is no
        such file, the name of one of ours, without folder and ``.yaml``.
    folder : Path, optional
        What a path is relative to; the current folder by default.
    """
    text = os.fspath(given)
    name = text.removeprefix(BUILTIN)
    if text.startswith(BUILTIN):
        return our_configs().get(Path(name).stem) or builtin_folder() / f"{name}.yaml"
    path = Path(text) if folder is None else folder / text
    if os.path.isfile(path / "manifest.json"):
        return path / "config.yaml"
    if Path(text).name == text and (os.path.isdir(path) or not os.path.lexists(path)):
        return our_configs().get(text, path)
    return path
