"""The activities of `sim.engine` once more, in plain Python that Cython makes C of.

One module per activity, named as there. A ``.pxd`` file beside each gives fields, methods and
locals their C types. Without a compiler nothing here is used, though all of it would run.
"""

from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path


def unusable() -> str:
    """Why the modules as compiled cannot be used here; empty where they can.

    A module that was edited after it was compiled counts as not compiled.
    """
    folder, suffix = Path(__file__).parent, EXTENSION_SUFFIXES[0]
    for types in folder.glob("*.pxd"):
        built = types.with_suffix(suffix)
        if not built.exists():
            return "it is not built: no C compiler was found when sim was installed"
        newest = max(types.stat().st_mtime, types.with_suffix(".py").stat().st_mtime)
        if built.stat().st_mtime < newest:
            return f"{types.stem} was edited after it was built; install again to build it"
    return ""
