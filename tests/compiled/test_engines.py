"""Which engine is chosen and why, what counts as built, and how a difference is told."""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.machinery import EXTENSION_SUFFIXES, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from support.configs import MINIMAL, minimal_tree

import sim.built
from sim.config import Config, Loaded, from_tree, load
from sim.config.loading import load_tree
from sim.engine import simulate as simpy
from sim.errors import DesignError
from sim.events import EventLog, Replication
from sim.plan import Plan
from sim.study.findings import engines as report
from sim.study.findings.engines import compare_engines, differences
from sim.study.run import engines
from sim.study.run.engines import AUTO, COMPILED, SIMPY, VARIABLE, engine_of, using
from sim.world import World, draw_world

MISSING = "it is nowhere"
OWN_RULE = "def everybody(view):\n    return [0] * len(view.ordinal)\n"


@pytest.fixture(autouse=True)
def _nothing_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where it was built; where it was not, the plain source stands in."""
    monkeypatch.setattr(engines, "fault", lambda: "")


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "fault", lambda: MISSING)


def chosen(choice: str | None, config: Config | None = None) -> tuple[str, str]:
    with using(choice):
        return engine_of(from_tree(minimal_tree()) if config is None else config)


# The choice.


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("choice", [None, AUTO, COMPILED])
def test_the_compiled_engine_runs_where_it_is_built(choice: str | None) -> None:
    assert chosen(choice) == (COMPILED, "")


@pytest.mark.usefixtures("missing")
@pytest.mark.parametrize("choice", [None, AUTO])
def test_where_it_is_not_built_simpy_runs_and_it_says_why(choice: str | None) -> None:
    assert chosen(choice) == (SIMPY, MISSING)


@pytest.mark.usefixtures("built")
def test_simpy_runs_where_it_is_asked_for() -> None:
    assert chosen(SIMPY) == (SIMPY, "SimPy was asked for")


@pytest.mark.usefixtures("missing")
def test_the_compiled_engine_asked_for_and_not_there_is_refused() -> None:
    words = f"the compiled engine cannot run this: {MISSING}; accepted: auto, simpy"
    with pytest.raises(DesignError, match=f"^{re.escape(words)}$"):
        chosen(COMPILED)


def test_an_engine_that_is_none_is_refused() -> None:
    words = "engine 'simpie' is none; accepted: auto, simpy, compiled"
    with pytest.raises(DesignError, match=f"^{re.escape(words)}$"):
        chosen("simpie")


@pytest.fixture
def own_rule(tmp_path: Path) -> Config:
    """A config with a ranking of the user's own."""
    (tmp_path / "mine.py").write_text(OWN_RULE, encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(
        f"schema: 1\nextends: {MINIMAL}\n"
        "policy: {consultation_committee: {ranking: 'mine.py:everybody'}}\n",
        encoding="utf-8",
    )
    return load(tmp_path / "mine.yaml").config


@pytest.mark.usefixtures("built")
def test_a_rule_file_of_the_users_own_runs_on_simpy_and_says_so(own_rule: Config) -> None:
    why = "a rule file of the user's own runs on SimPy"
    assert chosen(None, own_rule) == (SIMPY, why)
    with pytest.raises(DesignError, match=f"cannot run this: {why}; accepted: auto, simpy"):
        chosen(COMPILED, own_rule)


def test_each_name_is_an_engine_of_its_own() -> None:
    modules = [engines.simulate_with(name).__module__ for name in (SIMPY, COMPILED)]
    assert modules == ["sim.engine.run", "sim.compiled.run"]


@pytest.mark.parametrize("before", [None, SIMPY])
def test_using_an_engine_leaves_the_choice_as_it_was(
    before: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if before is not None:
        monkeypatch.setenv(VARIABLE, before)
    with using(COMPILED):
        with using(None):
            assert os.environ[VARIABLE] == COMPILED
        with using(SIMPY):
            assert os.environ[VARIABLE] == SIMPY
        assert os.environ[VARIABLE] == COMPILED
    assert os.environ.get(VARIABLE) == before
    with pytest.raises(ZeroDivisionError, match="zero"), using(COMPILED):
        1 / 0  # noqa: B018
    assert os.environ.get(VARIABLE) == before


# What counts as built: a package of one module, with a file that is no module in its place.


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As built: ``run.py`` with its types, what was made of it, and of what it was made."""
    monkeypatch.delenv(sim.built.FROM_SOURCE, raising=False)
    root = tmp_path / "sim"
    for folder in sim.built.FOLDERS:
        (root / folder).mkdir(parents=True)
    (root / "built.py").write_bytes(Path(sim.built.__file__).read_bytes())
    (root / "compiled/run.py").write_text("ANSWER = 42\n")
    (root / "compiled/run.pxd").write_text("cdef int ANSWER\n")
    made = built_of(root)
    for module in made.modules():
        module.write_bytes(b"\x7fELF, and so on")
    made.STAMP.write_text(made.stamp(made.modules()))
    return root


def built_of(root: Path) -> ModuleType:
    """``sim.built`` as it starts in that package."""
    spec = importlib.util.spec_from_file_location("built_elsewhere", root / "built.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def module_that_counts(root: Path) -> str:
    """The file from which ``run`` would be imported."""
    folder = str(root / "compiled")
    built_of(root).settle(folder)
    spec = PathFinder.find_spec("run", [folder])
    assert spec is not None
    return Path(str(spec.origin)).name


def test_a_module_made_of_the_source_beside_it_counts(package: Path) -> None:
    assert built_of(package).fault() == ""
    assert module_that_counts(package) == f"run{EXTENSION_SUFFIXES[0]}"


@pytest.mark.parametrize("file", ["compiled/run.py", "compiled/run.pxd"])
def test_one_whose_source_was_edited_since_counts_as_not_built(package: Path, file: str) -> None:
    with (package / file).open("a") as source:
        source.write("# one word more\n")
    assert "its source was edited" in built_of(package).fault()
    assert module_that_counts(package) == "run.py"


def test_a_rule_that_is_shared_and_edited_counts_too(package: Path) -> None:
    (package / "rules/staffing.py").write_text("")
    (package / "rules/staffing.pxd").write_text("")
    assert "its source was edited" in built_of(package).fault()


def test_without_a_stamp_it_is_not_built_and_a_failed_build_has_left_the_reason(
    package: Path,
) -> None:
    made = built_of(package)
    made.STAMP.unlink()
    assert made.fault() == "it was not built when sim was installed; that needs a C compiler"
    assert module_that_counts(package) == "run.py"

    made.REASON.write_text("cc ended with exit code 1\n", "utf-8")
    assert "was installed (cc ended with exit code 1); that needs" in built_of(package).fault()


@pytest.mark.parametrize("name", ["run", "_shared"])
@pytest.mark.parametrize("damage", [Path.unlink, lambda file: os.truncate(file, 4)])
def test_a_module_that_is_missing_or_cut_short_counts_as_not_built(
    package: Path, name: str, damage: Callable[[Path], None]
) -> None:
    file = package / f"compiled/{name}{EXTENSION_SUFFIXES[0]}"
    damage(file)
    assert built_of(package).fault().startswith(f"{file.name} is not as it was built; install sim")
    assert module_that_counts(package) == "run.py"


@pytest.mark.parametrize("left", [b"", b"\xff\xfe"])
def test_a_stamp_that_is_damaged_counts_as_none(package: Path, left: bytes) -> None:
    built_of(package).STAMP.write_bytes(left)
    assert "install sim again to build it" in built_of(package).fault()


def test_the_plain_source_can_be_asked_for(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(sim.built.FROM_SOURCE, "1")
    assert built_of(package).fault() == f"{sim.built.FROM_SOURCE} is set"
    assert module_that_counts(package) == "run.py"


# How a difference is told.


@pytest.fixture(scope="module")
def short() -> Loaded:
    """The minimal config with two proposals and no more."""
    tree = minimal_tree() | {"pipelines": {}}
    return load_tree(tree)


@pytest.fixture(scope="module")
def left(short: Loaded) -> Replication:
    plan = Plan.of(short.config)
    return simpy(plan, draw_world(plan.nature, 1, 0))


def tampered(left: Replication, part: str, **changes: Callable[[Any], Any]) -> Replication:
    """The same replication with other columns in one part of it."""
    columns = getattr(left, part)
    new = {name: of(getattr(columns, name).copy()) for name, of in changes.items()}
    return replace(left, **{part: replace(columns, **new)})


def added(row: int, more: float) -> Callable[[Any], Any]:
    def change(column: Any) -> Any:
        column[row] += more
        return column

    return change


def test_nothing_is_told_where_both_are_equal(short: Loaded, left: Replication) -> None:
    again = tampered(left, "log", amount=lambda column: column)
    assert list(differences(left, again, Plan.of(short.config).epoch)) == []


@pytest.mark.parametrize(
    ("row", "first", "last"), [(8, 5, 11), (0, 0, 3), (-1, -4, -1)], ids=["amid", "first", "last"]
)
def test_the_first_event_that_differs_is_told_with_three_either_side(
    short: Loaded, left: Replication, row: int, first: int, last: int
) -> None:
    size = len(left.log.time)
    row, first, last = row % size, first % size, last % size
    other = tampered(left, "log", amount=added(row, 0.5))
    (found,) = differences(left, other, Plan.of(short.config).epoch)
    assert found.where == f"log, row {row}"
    assert len(found.simpy) == len(found.compiled) == last - first + 1
    marked = [n for n, line in enumerate(found.simpy, first) if line.startswith(">")]
    assert marked == [row]
    unlike = [n for n, (a, b) in enumerate(zip(found.simpy, found.compiled, strict=True), first)
              if a != b]  # fmt: skip
    assert unlike == [row]


def test_an_event_is_told_in_words(short: Loaded, left: Replication) -> None:
    other = tampered(left, "log", time=added(1, 1))
    (found,) = differences(left, other, Plan.of(short.config).epoch)
    assert found.simpy[1].split("  ")[:3] == [">", "2026-01-05 +0 min", "A-01"]
    assert found.compiled[1].split("  ")[:3] == [">", "2026-01-05 +1 min", "A-01"]
    assert found.simpy[1].split("  ")[3] in ("screening_began", "wait_began")


def test_the_earliest_of_all_columns_is_the_first_event(short: Loaded, left: Replication) -> None:
    other = tampered(left, "log", time=added(9, 1), cause=added(4, 1))
    (found,) = differences(left, other, Plan.of(short.config).epoch)
    assert found.where == "log, row 4"


def test_a_log_that_ends_early_differs_where_it_ends(short: Loaded, left: Replication) -> None:
    log, cut = left.log, len(left.log.time) - 2
    columns = {name: getattr(log, name)[:cut] for name in EventLog.__dataclass_fields__}
    other = replace(left, log=EventLog(**columns))
    (found,) = differences(left, other, Plan.of(short.config).epoch)
    assert found.where == f"log, row {cut}"
    assert (len(found.simpy), len(found.compiled)) == (5, 3)


@pytest.mark.parametrize(
    ("part", "column"),
    [("capacity", "in_use"), ("sites", "end_progress"), ("market", "granted"),
     ("attributes", "cost_ratio")],
)  # fmt: skip
def test_every_part_is_compared_to_the_last_bit(
    short: Loaded, left: Replication, part: str, column: str
) -> None:
    def a_bit_more(values: Any) -> Any:
        values[-1] = np.nextafter(values[-1], np.inf)
        return values

    other = tampered(left, part, **{column: a_bit_more})
    (found,) = differences(left, other, Plan.of(short.config).epoch)
    assert found.where == f"{part}.{column}, row {len(getattr(getattr(left, part), column)) - 1}"
    assert found.simpy[-1].startswith("> ")
    assert found.simpy[-1] != found.compiled[-1]


def test_a_column_of_another_type_differs(short: Loaded, left: Replication) -> None:
    other = tampered(left, "attributes", units=lambda column: column.astype(np.int32))
    found = list(differences(left, other, Plan.of(short.config).epoch))
    assert [one.where.split(",")[0] for one in found] == ["attributes.units"]


# Both on the same worlds.


@pytest.mark.usefixtures("built")
def test_both_engines_are_compared_on_as_many_worlds_as_asked(short: Loaded) -> None:
    found = compare_engines(short, 2, first=3)
    assert found.holds
    assert (found.seed, found.replications) == (1, 2)
    assert found.events > 40


@pytest.mark.usefixtures("built")
def test_a_replication_that_differs_is_named(
    short: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong_in_four(plan: Plan, world: World) -> Replication:
        done = simpy(plan, world)
        return tampered(done, "log", amount=added(3, 1)) if world.replication == 4 else done

    one_of = {SIMPY: simpy, COMPILED: wrong_in_four}
    monkeypatch.setattr(report, "simulate_with", one_of.__getitem__)
    found = compare_engines(short, 3, first=3)
    assert not found.holds
    assert [(one.replication, one.where) for one in found.differences] == [(4, "log, row 3")]


@pytest.mark.usefixtures("missing")
def test_what_is_not_there_is_not_compared(short: Loaded) -> None:
    with pytest.raises(DesignError, match=f"cannot run this: {MISSING}"):
        compare_engines(short, 1)
