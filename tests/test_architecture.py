"""The architecture as a test: floors, who may import what, file length, a light command line.

A room that does not exist yet is skipped; a room without a floor is a failure.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SIM = ROOT / "sim"

FLOORS = {
    "errors": 0,
    "built": 0,
    "calendars": 1,
    "events": 1,
    "rules": 2,
    "config": 3,
    "world": 4,
    "plan": 5,
    "engine": 6,
    "compiled": 6,
    "results": 7,
    "stats": 8,
    "study": 9,
    "report": 10,
    "api": 11,
    "cli": 12,
}
MAY_IMPORT_ANY_ROOM = {"api", "cli"}
ENGINES = {"engine", "compiled"}
HEAVY = {"matplotlib", "pandas", "pyarrow", "scipy", "simpy"}
LONGEST_FILE = 350  # as ruff format leaves them


@dataclass(frozen=True)
class Import:
    """One imported module, fully dotted: ``from sim import events`` is ``sim.events``."""

    name: str
    line: int
    relative: bool = False

    @property
    def package(self) -> str:
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Source:
    """One file of sim/ and the room it is in ("" for ``__init__.py`` and ``__main__.py``)."""

    path: Path
    room: str
    tree: ast.Module

    def place(self, line: int) -> str:
        return f"{self.path.relative_to(ROOT).as_posix()}:{line}"


def _imports(nodes: Iterator[ast.AST]) -> Iterator[Import]:
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                name = f"{node.module}.{alias.name}" if node.module else alias.name
                yield Import(name, node.lineno, relative=node.level > 0)
        elif isinstance(node, ast.Call) and node.args:
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if (
                called in {"import_module", "__import__"}
                and isinstance(first, ast.Constant)
                and isinstance(first.value, str)
            ):
                yield Import(first.value, node.lineno)


def all_imports(tree: ast.Module) -> list[Import]:
    return list(_imports(ast.walk(tree)))


def imports_that_run(tree: ast.Module, *, in_functions: bool = True) -> list[Import]:
    """Without those behind ``if TYPE_CHECKING``, and if asked without those in functions."""

    def running(node: ast.AST) -> Iterator[ast.AST]:
        for child in ast.iter_child_nodes(node):
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            if function and not in_functions:
                continue
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                for otherwise in child.orelse:
                    yield otherwise
                    yield from running(otherwise)
                continue
            yield child
            yield from running(child)

    return list(_imports(running(tree)))


def room_imported(name: str) -> str | None:
    """The room a dotted name belongs to; what ``sim`` itself re-exports comes from ``api``."""
    parts = name.split(".")
    if parts[0] != "sim" or len(parts) == 1 or parts[1].startswith("__"):
        return None
    return parts[1] if parts[1] in FLOORS else "api"


def floor_breaches(room: str, tree: ast.Module) -> list[tuple[int, str]]:
    if room in MAY_IMPORT_ANY_ROOM:
        return []
    found = []
    for item in all_imports(tree):
        target = room_imported(item.name)
        if target is None or target == room or FLOORS[target] < FLOORS[room]:
            continue
        words = f"{room} (floor {FLOORS[room]}) imports {item.name} (floor {FLOORS[target]})"
        found.append((item.line, words))
    return found


def draws(tree: ast.Module) -> list[tuple[int, str, bool]]:
    """Line, name, and whether it is numpy's generator, of everything that draws at random."""
    numpy_names = {"numpy"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            numpy_names |= {a.asname or a.name for a in node.names if a.name == "numpy"}
    found = []
    for item in all_imports(tree):
        if item.name.startswith("numpy.random"):
            found.append((item.line, item.name, True))
        elif item.package in {"random", "secrets"} and not item.relative:
            found.append((item.line, item.name, False))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            if owner in numpy_names and node.attr == "random":
                found.append((node.lineno, f"{owner}.random", True))
            elif node.attr in {"default_rng", "RandomState", "rvs", "urandom"}:
                found.append((node.lineno, node.attr, node.attr in {"default_rng", "RandomState"}))
    return found


def _sources() -> list[Source]:
    found = []
    for path in sorted(SIM.rglob("*.py")):
        first = path.relative_to(SIM).parts[0].removesuffix(".py")
        room = "" if first in {"__init__", "__main__"} else first
        found.append(Source(path, room, ast.parse(path.read_text(encoding="utf-8"), str(path))))
    return found


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    found = _sources()
    assert found, f"no Python file under {SIM}"
    return found


def _third_party_outside(sources: list[Source], package: str, rooms: set[str]) -> list[str]:
    return [
        f"{source.place(item.line)}: {item.name}"
        for source in sources
        if source.room not in rooms
        for item in all_imports(source.tree)
        if item.package == package and not item.relative
    ]


def _report(problems: list[str]) -> str:
    return "\n" + "\n".join(problems)


def test_the_import_reader_sees_functions_dynamic_imports_and_names_taken_from_the_package():
    tree = ast.parse(
        "from sim import report\n"
        "from sim.errors import SimError\n"
        "def late():\n"
        "    import sim.engine.run\n"
        "    importlib.import_module('sim.study')\n"
        "from sim import load\n"
        "import sim\n"
    )

    assert floor_breaches("rules", tree) == [
        (1, "rules (floor 2) imports sim.report (floor 10)"),
        (6, "rules (floor 2) imports sim.load (floor 11)"),
        (4, "rules (floor 2) imports sim.engine.run (floor 6)"),
        (5, "rules (floor 2) imports sim.study (floor 9)"),
    ]
    assert floor_breaches("cli", tree) == []


def test_two_rooms_on_one_floor_do_not_import_each_other():
    tree = ast.parse("from sim.events.kinds import Kind\n")

    assert floor_breaches("calendars", tree) == [
        (1, "calendars (floor 1) imports sim.events.kinds.Kind (floor 1)")
    ]
    assert floor_breaches("events", tree) == []


def test_the_search_for_draws_finds_every_spelling_of_numpys_generator():
    for text in (
        "import numpy.random",
        "from numpy import random",
        "from numpy.random import default_rng",
        "import numpy as np\nnp.random.seed(1)",
        "import numpy as other\nother.random.default_rng()",
    ):
        assert any(numpys for _, _, numpys in draws(ast.parse(text))), text
    for text in ("import random", "from secrets import token_hex", "norm.rvs(3)", "os.urandom(8)"):
        assert draws(ast.parse(text)), text
    assert draws(ast.parse("from sim.world import random_effects\nx = self.random")) == []


def test_imports_that_run_leave_out_type_checking_and_if_asked_functions():
    tree = ast.parse(
        "import json\n"
        "if TYPE_CHECKING:\n"
        "    import pandas\n"
        "try:\n"
        "    import scipy\n"
        "except ImportError:\n"
        "    pass\n"
        "def late():\n"
        "    import matplotlib\n"
    )

    assert [item.name for item in imports_that_run(tree)] == ["json", "scipy", "matplotlib"]
    at_load = imports_that_run(tree, in_functions=False)
    assert [item.name for item in at_load] == ["json", "scipy"]


def test_every_room_of_sim_has_a_floor(sources: list[Source]):
    unknown = {source.room for source in sources} - FLOORS.keys() - {""}

    assert not unknown, f"give these rooms a floor: {sorted(unknown)}"


def test_every_folder_with_modules_is_a_package_that_the_wheel_carries(sources: list[Source]):
    folders = {source.path.parent for source in sources}
    no_init = [folder.relative_to(ROOT).as_posix() for folder in sorted(folders)
               if not (folder / "__init__.py").exists()]  # fmt: skip
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    packages = {".".join(folder.relative_to(ROOT).parts) for folder in folders}

    assert not no_init, f"no __init__.py: {no_init}"
    assert set(setuptools["packages"]) == packages | setuptools["package-dir"].keys()


def test_a_room_imports_only_lower_floors_and_its_own_folder(sources: list[Source]):
    problems = [
        f"{source.place(line)}: {words}"
        for source in sources
        if source.room in FLOORS
        for line, words in floor_breaches(source.room, source.tree)
    ]

    assert not problems, _report(problems)


def test_in_the_study_design_comes_before_run_and_run_before_findings(sources: list[Source]):
    order = ("design", "run", "findings")
    problems = [
        f"{source.place(item.line)}: {item.name}"
        for source in sources
        if source.room == "study" and len(inside := source.path.relative_to(SIM).parts) > 2
        for item in all_imports(source.tree)
        for later in order[order.index(inside[1]) + 1 :]
        if item.name.startswith(f"sim.study.{later}")
    ]

    assert not problems, _report(problems)


def test_importing_the_package_pulls_in_nothing_heavy(sources: list[Source]):
    problems = [
        f"{source.place(item.line)}: {item.name}"
        for source in sources
        if source.room == ""
        for item in imports_that_run(source.tree, in_functions=False)
        if item.package in HEAVY
    ]

    assert not problems, _report(problems)


def test_no_import_in_sim_is_relative(sources: list[Source]):
    problems = [
        source.place(item.line)
        for source in sources
        for item in all_imports(source.tree)
        if item.relative
    ]

    assert not problems, _report(problems)


def test_no_test_imports_a_test():
    """What tests share stands in tests/support, or beside them in a module of its own."""
    folder = ROOT / "tests"
    problems = [
        f"{path.relative_to(ROOT).as_posix()}:{item.line}"
        for path in folder.rglob("test_*.py")
        for item in all_imports(ast.parse(path.read_text(encoding="utf-8")))
        if item.name.startswith("test_")
    ]

    assert not problems, _report(problems)


def test_only_the_engine_imports_simpy(sources: list[Source]):
    problems = _third_party_outside(sources, "simpy", {"engine"})

    assert not problems, _report(problems)


def test_no_engine_reads_the_config(sources: list[Source]):
    """What an engine needs stands compiled in the plan, as plain data."""
    problems = [
        f"{source.place(node.lineno)}: reads .config"
        for source in sources
        if source.room in ENGINES
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr == "config"
    ] + [
        f"{source.place(item.line)}: imports {item.name}"
        for source in sources
        if source.room in ENGINES
        for item in all_imports(source.tree)
        if room_imported(item.name) == "config"
    ]

    assert not problems, _report(problems)


def test_the_compiled_engine_has_the_modules_of_the_engine_each_with_its_types():
    engine, compiled = (
        {path.stem for path in (SIM / room).glob("*.py")} - {"__init__"}
        for room in ("engine", "compiled")
    )
    types = {path.stem for path in (SIM / "compiled").glob("*.pxd")}

    assert types == compiled
    assert engine - compiled == set()
    # Of construction, of programme, of the clock, and what is read of a plan once.
    assert compiled - engine == {"building", "project", "actors", "heap", "known"}


def hidden(types: str) -> set[str]:
    """What Python no longer sees of a module once it is compiled: its C numbers and functions."""
    lines = re.findall(r"(?m)^cdef (?!class)(.+)$", types)
    return {
        name
        for line in lines
        for name in (re.findall(r"(\w+)\(", line)[:1] or re.findall(r"(\w+)\s*(?:,|$)", line))
    }


def test_what_types_hide_is_known():
    functions = "cdef int at(Part part) except -1\ncdef class A:\n"
    assert hidden(f"cdef double INF, ROUNDING\n{functions}") == {"INF", "ROUNDING", "at"}
    assert hidden("cpdef double share(long long a)\ncimport cython\n    cdef int field\n") == set()


def test_nobody_imports_what_is_hidden_once_compiled(sources: list[Source]):
    """Uncompiled it would be there. What is compiled itself sees it in C, by its own ``.pxd``."""
    gone = {
        f"{'.'.join(path.relative_to(ROOT).with_suffix('').parts)}.{name}"
        for path in SIM.rglob("*.pxd")
        for name in hidden(path.read_text(encoding="utf-8"))
    }
    plain = [source.path for source in sources if not source.path.with_suffix(".pxd").exists()]
    problems = [
        f"{path.relative_to(ROOT).as_posix()}:{item.line}: {item.name}"
        for path in [*plain, *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").glob("*.py")]
        for item in all_imports(ast.parse(path.read_text(encoding="utf-8")))
        if item.name in gone
    ]

    assert gone
    assert not problems, _report(problems)


def test_a_plan_is_compiled_without_simpy():
    probe = "import sys, sim.plan; sys.exit('simpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], cwd=ROOT, check=False).returncode == 0


def test_only_the_report_imports_matplotlib(sources: list[Source]):
    # A type alone may be named elsewhere: ``Run.figure`` returns a Figure.
    problems = [
        f"{source.place(item.line)}: {item.name}"
        for source in sources
        if source.room != "report"
        for item in imports_that_run(source.tree)
        if item.package == "matplotlib"
    ]

    assert not problems, _report(problems)


def test_world_plan_engine_and_results_never_import_pandas(sources: list[Source]):
    others = FLOORS.keys() - {"world", "plan", *ENGINES, "results"}
    problems = _third_party_outside(sources, "pandas", others | {""})

    assert not problems, _report(problems)


def test_nobody_uses_numpys_random_generator(sources: list[Source]):
    problems = [
        f"{source.place(line)}: {name}"
        for source in sources
        for line, name, numpys in draws(source.tree)
        if numpys
    ]

    assert not problems, _report(problems)


def test_only_the_world_draws_at_random(sources: list[Source]):
    problems = [
        f"{source.place(line)}: {name}"
        for source in sources
        if source.room != "world"
        for line, name, _ in draws(source.tree)
    ]

    assert not problems, _report(problems)


def test_every_file_of_sim_fits_one_sitting(sources: list[Source]):
    lengths = {
        source.place(1): len(source.path.read_text(encoding="utf-8").splitlines())
        for source in sources
    }
    problems = [f"{place} has {n} lines" for place, n in lengths.items() if n > LONGEST_FILE]

    assert not problems, f"more than {LONGEST_FILE} lines:{_report(problems)}"


@pytest.mark.parametrize("room", ["study/findings", "report/figures"])
def test_the_map_of_a_large_room_names_its_helpers(room: str):
    """Every module of findings; of figures what others draw with, for a figure has its name."""
    folder = ROOT / "sim" / room
    words = (folder / "__init__.py").read_text(encoding="utf-8")
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    named = set(re.findall(r"`(\w+)`", words))

    assert named <= modules, named - modules
    assert room != "study/findings" or modules <= named, modules - named


def test_only_tables_are_laid_out_by_hand(sources: list[Source]):
    """Everything else stands as ruff format leaves it."""
    problems = []
    for source in sources:
        lines = source.path.read_text(encoding="utf-8").splitlines()
        by_hand = {number for number, line in enumerate(lines, 1) if line.endswith("# fmt: skip")}
        bodies = [source.tree.body, *(node.body for node in ast.walk(source.tree)
                                      if isinstance(node, ast.ClassDef))]  # fmt: skip
        tables = {node.end_lineno for body in bodies for node in body
                  if isinstance(node, ast.Assign | ast.AnnAssign)}  # fmt: skip
        problems += [source.place(line) for line in sorted(by_hand - tables)]

    assert not problems, _report(problems)


def _unpacked(statement: ast.AST) -> Iterator[ast.Tuple]:
    """Targets of more than five names that are filled by place from a row, not from a display."""
    if isinstance(statement, ast.Assign):
        value = statement.value
        counted = isinstance(value, ast.Call) and ast.unparse(value.func) == "range"
        targets = [] if counted or isinstance(value, ast.Tuple) else statement.targets
    elif isinstance(statement, ast.For | ast.comprehension):
        targets = [statement.target]
    else:
        return
    for target in targets:
        stored = [
            isinstance(one, ast.Name | ast.Attribute) and isinstance(one.ctx, ast.Store)
            for one in ast.walk(target)
        ]
        if isinstance(target, ast.Tuple) and sum(stored) > 5:
            yield target


def test_a_long_tuple_is_taken_apart_by_place_only_where_a_comment_says_why(sources: list[Source]):
    """A row of many values has names (a NamedTuple), but on a hot path that says so just above."""
    problems = []
    for source in sources:
        lines = source.path.read_text(encoding="utf-8").splitlines()
        for node in ast.walk(source.tree):
            for target in _unpacked(node):
                above = lines[max(0, target.lineno - 4) : target.lineno]
                if not any(line.lstrip().startswith("#") for line in above):
                    problems.append(source.place(target.lineno))

    assert not problems, _report(problems)


# An absolute path of somebody's machine: it begins with a slash (or a drive letter) and one of the
# folders in which people and build machines keep their work.
MACHINE_PATH = re.compile(
    r"(?<![\w.:/~*)}$-])/(?:home|root|Users|work|workspace|tmp|mnt|srv|opt|farm|scratch)/[\w.]"
    r"|\b[A-Za-z]:\\+Users\\"
)


def test_the_search_for_machine_paths_knows_paths_from_addresses():
    slash = "/"
    assert MACHINE_PATH.search(f"see {slash}home{slash}ann/sim")
    assert MACHINE_PATH.search(f"'{slash}tmp{slash}x'")
    assert MACHINE_PATH.search("C:" + r"\Users\ann")
    assert not MACHINE_PATH.search(f"https://example.org/home/news and $HOME{slash}work{slash}sim")


def test_no_file_of_the_repository_names_a_path_of_a_machine():
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    names = sorted(name for name in listed.split("\0") if name and (ROOT / name).is_file())
    assert "tests/test_architecture.py" in names

    problems = []
    for name in names:
        data = (ROOT / name).read_bytes()
        if b"\0" in data:
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), start=1):
            if MACHINE_PATH.search(line) or str(ROOT) in line:
                problems.append(f"{name}:{number}: {line.strip()[:100]}")

    assert not problems, _report(problems)


LIGHT_PROBE = """
import contextlib, importlib, importlib.util, io, json, sys

WATCHED = ("pandas", "scipy.stats", "matplotlib", "pyarrow")
loaded = lambda: [name for name in WATCHED if name in sys.modules]
seen = {}
import sim.cli
seen["import sim.cli"] = loaded()
sys.argv = ["sim", "--help"]
printed = io.StringIO()
with contextlib.redirect_stdout(printed):
    try:
        code = sim.cli.main()
    except SystemExit as stop:
        code = stop.code
seen["sim --help"] = loaded()
for room in ("world", "plan", "engine", "compiled.run", "results"):
    if importlib.util.find_spec("sim." + room):
        importlib.import_module("sim." + room)
seen["a worker's rooms"] = [name for name in loaded() if name == "pandas"]
print(json.dumps({"seen": seen, "code": code, "help": printed.getvalue()}))
"""


def test_the_command_lines_help_loads_no_heavy_library_and_a_workers_rooms_no_pandas(
    sources: list[Source],
):
    rooms = [source for source in sources if source.room == "cli"]
    if not any(isinstance(node, ast.FunctionDef) for room in rooms for node in room.tree.body):
        pytest.skip("sim has no command line yet")
    done = subprocess.run(
        [sys.executable, "-c", LIGHT_PROBE], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr

    answer = json.loads(done.stdout)
    assert answer["code"] in (0, None)
    assert "Usage" in answer["help"]
    assert answer["seen"] == {"import sim.cli": [], "sim --help": [], "a worker's rooms": []}
