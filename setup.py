"""Builds the compiled engine where there is a C compiler; all else stands in pyproject.toml.

Without a compiler, or with SIM_NO_COMPILED set, the package has no compiled engine and runs on
SimPy: failing to build is a line, never an error.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from subprocess import CalledProcessError

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

specification = importlib.util.spec_from_file_location("built", "sim/built.py")
built = importlib.util.module_from_spec(specification)
specification.loader.exec_module(built)

SHARED = f"sim.{built.SHARED.replace('/', '.')}"  # what Cython would else write into every module
BUILD = Path("build/compiled")
LINE = 200  # characters at most of why there is none
# Identity with Python's arithmetic: no fused products, whole numbers that wrap as numpy's do.
FLAGS = ["-O1", "-g0", "-ffp-contract=off", "-fwrapv", "-fno-strict-aliasing"]
DIRECTIVES = {
    "language_level": 3,
    "infer_types": True,
    "auto_pickle": False,
}


def extension(name: str, source: str) -> Extension:
    """One module; MSVC needs no flags, it contracts nothing unless told to."""
    return Extension(name, [source], extra_compile_args=[] if os.name == "nt" else FLAGS)


def modules() -> list[Extension]:
    """Every module with a file of C types beside it, and what they share."""
    types = [path for path in built.sources() if path.suffix == ".pxd"]
    found = [path.relative_to(built.ROOT.parent).with_suffix("") for path in types]
    made = [extension(".".join(path.parts), f"{path.as_posix()}.py") for path in found]
    return [*made, extension(SHARED, (BUILD / "_shared.c").as_posix())]


class BuildWherePossible(build_ext):
    """Translates to C and compiles, all modules or none."""

    def finalize_options(self) -> None:
        """On all cores; in place, what did not change is not compiled again."""
        super().finalize_options()
        self.parallel = os.cpu_count()
        if self.inplace:
            self.build_lib, self.build_temp = str(BUILD / "lib"), str(BUILD / "temp")

    def run(self) -> None:
        """Translate and compile, or say in a line why not, and leave it for who asks later."""
        if self.inplace and not self.force and built_here():
            return
        files = [Path(self.get_ext_fullpath(one.name)) for one in self.extensions]
        stamp, reason = (files[-1].with_name(one.name) for one in (built.STAMP, built.REASON))
        try:
            for one in (stamp, reason, *files):  # one cut short may look newer than its source
                one.unlink(missing_ok=True)
            translate(self.extensions, force=bool(self.force))
            super().run()
            stamp.write_text(built.stamp(files))
        except Exception as error:
            why = in_a_line(error)
            shutil.rmtree(BUILD, ignore_errors=True)  # nor is what a full disk cut short used again
            with suppress(OSError):
                for file in files:
                    file.unlink(missing_ok=True)
                reason.parent.mkdir(parents=True, exist_ok=True)
                reason.write_text(why, "utf-8")
            self.extensions = self.distribution.ext_modules = []
            print(f"No compiled engine, sim runs on SimPy: {why}", file=sys.stderr)


def in_a_line(error: BaseException) -> str:
    """What went wrong; of a command no options, which are many."""
    first: BaseException | None = error
    while first is not None and not isinstance(first, CalledProcessError):
        first = first.__context__
    if first is not None:
        return f"{first.cmd[0]} ended with exit code {first.returncode}"
    return (str(error) or type(error).__name__).splitlines()[0][:LINE]


def built_here() -> bool:
    """Whether this very source was built beside it before: `make test` after `make run`."""
    return not built.fault() and built.STAMP.stat().st_mtime > Path(__file__).stat().st_mtime


def translate(extensions: list[Extension], force: bool) -> None:
    """Have the modules made of C."""
    from Cython.Build import cythonize

    BUILD.mkdir(parents=True, exist_ok=True)
    translated = cythonize(
        extensions,
        build_dir=str(BUILD),
        compiler_directives=DIRECTIVES,
        nthreads=os.cpu_count() or 1,
        quiet=True,
        force=force or None,
        shared_utility_qualified_name=SHARED,
    )
    sources = {one.name: one.sources for one in translated}
    for one in extensions:
        one.sources = sources[one.name]


if __name__ == "__main__":  # the processes that translate import this file afresh
    wanted = not os.environ.get("SIM_NO_COMPILED")
    setup(ext_modules=modules() if wanted else [], cmdclass={"build_ext": BuildWherePossible})
