"""Exit codes and words: 0 done, 1 the model, 2 the input, 3 the machine, 130 interrupted."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest

import sim
from sim.cli import cli
from sim.errors import DesignError, ModelError
from sim.study.run.simulate import EngineSimulation


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def test_help_teaches_by_examples(call):
    done = call("--help")

    assert done.code == 0
    for verb in (
        "new",
        "check",
        "run",
        "plot",
        "explain",
        "forecast",
        "backtest",
        "verify",
        "schema",
    ):
        assert re.search(rf"^  {verb} ", done.out, re.MULTILINE)
    assert "sim run base" in done.out
    assert "Exit codes: 0 done, 1 a bug in the model, 2 your input, 3 the machine" in done.out


@pytest.mark.parametrize(
    "verb", ["new", "check", "run", "plot", "explain", "forecast", "backtest", "verify", "schema"]
)
def test_every_verb_has_examples_in_its_help(call, verb: str):
    done = call(verb, "--help")

    assert done.code == 0
    assert "Example" in done.out
    assert f"  sim {verb} " in done.out


@pytest.mark.parametrize("verb", ["", *cli.list_commands(click.Context(cli))])
def test_help_fits_eighty_columns(call, verb: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "80")

    done = call(*verb.split(), "--help")

    assert [line for line in done.out.splitlines() if len(line) > 80] == []


def test_the_version_names_the_folder_of_the_program(call):
    done = call("--version")

    assert done.code == 0
    assert done.out.splitlines()[0] == f"sim {sim.__version__} ({Path(sim.__file__).parent})"


@pytest.mark.parametrize(
    "args",
    [
        ("fly",),
        ("run",),
        ("run", "minimal.yaml", "--replications", "0"),
        ("run", "minimal.yaml", "--seed", "-1"),
        ("run", "minimal.yaml", "--jobs", "none"),
        ("run", "minimal.yaml", "--colour"),
        ("explain", "outputs/base"),
        ("schema", "--paths"),
        ("schema", "minimal.yaml"),
    ],
)
def test_a_command_line_that_makes_no_sense_is_2(call, minimal: Path, args: tuple[str, ...]):
    done = call(*args)

    assert done.code == 2
    assert "Usage: sim" in done.err
    assert listing(Path()) == ["minimal.yaml"]


def test_every_problem_of_a_config_comes_at_once_and_nothing_is_written(call, minimal: Path):
    text = minimal.read_text(encoding="utf-8")
    text = text.replace("run_out: 2035-12-31", "run_out: 2035-02-30").replace(
        "people: 0", "poeple: 0"
    )
    minimal.write_text(text, encoding="utf-8")

    for verb in ("check", "run"):
        done = call(verb, minimal)

        assert done.code == 2
        assert done.out == ""
        lines = done.err.splitlines()
        assert len(lines) >= 2
        for line in lines:
            assert re.fullmatch(r"minimal\.yaml:\d+: [\w.]+: .+", line), line
        assert any("programme.run_out" in line for line in lines)
        assert any("people" in line and "accepted: " in line for line in lines)
        assert listing(Path()) == ["minimal.yaml"]


def test_a_missing_file_is_the_users(call, minimal: Path):
    done = call("run", "nothing.yaml")

    assert done.code == 2
    assert done.err.startswith("nothing.yaml: ")
    assert "there is no such file" in done.err


def test_an_unknown_path_of_set_is_the_users(call, minimal: Path):
    done = call("run", minimal, "--set", "programme.envelop_usd_bn=400")

    assert done.code == 2
    assert "programme.envelop_usd_bn" in done.err
    assert "did you mean" in done.err
    assert listing(Path()) == ["minimal.yaml"]


def test_a_broken_law_is_1_and_names_seed_and_replication(
    call, minimal: Path, monkeypatch: pytest.MonkeyPatch
):
    def broken(self: Any, seed: int, replication: int) -> Any:
        raise ModelError(f"replication {replication}: paid exceeds called")

    monkeypatch.setattr(EngineSimulation, "replicate", broken)

    done = call("run", minimal)

    assert done.code == 1
    assert "sim: the model broke one of its laws, which is a bug" in done.err
    assert "seed 1, replication 0: paid exceeds called" in done.err
    assert "Traceback" not in done.err


def test_a_folder_that_is_no_run_is_3(call, minimal: Path):
    for args in (("plot", "."), ("explain", ".", "--project", "A-01")):
        done = call(*args)

        assert done.code == 3
        assert done.err == (
            "sim: . is not a run folder: it has no manifest.json. A command that makes one: "
            "sim run base\n"
        )


def test_a_disk_that_refuses_is_3(call, minimal: Path):
    Path("file").write_text("no folder", encoding="utf-8")

    done = call("run", minimal, "--out", "file/run")

    assert done.code == 3
    assert "cannot write" in done.err
    assert "Traceback" not in done.err


def test_too_little_memory_is_3(call, minimal: Path, monkeypatch: pytest.MonkeyPatch):
    def exhausted(self: Any, seed: int, replication: int) -> Any:
        raise MemoryError

    monkeypatch.setattr(EngineSimulation, "replicate", exhausted)

    done = call("run", minimal)

    assert done.code == 3
    assert done.err.splitlines()[-1] == "sim: out of memory; fewer --jobs need less"


@pytest.mark.parametrize(
    "words",
    [
        "libarrow.so.2600: failed to map segment from shared object",
        "can't start new thread",
        "Unknown error: Failed to launch worker thread: Resource temporarily unavailable",
    ],
)
def test_a_library_that_finds_no_room_is_3_too(
    call, minimal: Path, monkeypatch: pytest.MonkeyPatch, words: str
):
    def exhausted(*_: Any, **__: Any) -> Any:
        raise RuntimeError(words)

    for place in ("sim.study.run.simulate.EngineSimulation.replicate", "sim.cli.run.print_run"):
        with monkeypatch.context() as patch:
            patch.setattr(place, exhausted)
            done = call("run", minimal)

        assert done.code == 3
        assert done.err.splitlines()[-1] == "sim: out of memory; fewer --jobs need less"


def test_too_little_address_space_is_3_before_a_library_aborts(
    call, minimal: Path, monkeypatch: pytest.MonkeyPatch
):
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (400_000_000, -1))

    done = call("run", minimal)

    assert done.code == 3
    assert done.err == (
        "sim: the address space of a process is limited to 400 MB; sim needs 1,000 MB (ulimit -v)\n"
    )
    assert listing(Path()) == ["minimal.yaml"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("/", "/ is the root of the disk; accepted: a folder in it"),
        ("", "is empty; accepted: the name of a folder"),
        (
            "dangling",
            "dangling is a link that leads nowhere; accepted: a folder, or a name that is",
        ),
        ("loop", "loop is a link that leads nowhere"),
        ("minimal.yaml", "minimal.yaml is a file; accepted: a folder"),
    ],
)
def test_an_out_that_can_be_no_folder_is_2_and_nothing_is_computed(
    call, minimal: Path, name: str, words: str
):
    Path("dangling").symlink_to("nowhere")
    Path("loop").symlink_to("loop")

    done = call("run", minimal, "--out", name)

    assert done.code == 2
    assert f"Invalid value for '--out': {words}" in done.err
    assert listing(Path()) == ["dangling", "loop", "minimal.yaml"]
    with pytest.raises(DesignError, match=re.escape(f"out {words}")):
        sim.run(minimal, out=name)


def test_the_advice_for_a_damaged_run_mends_that_run_and_touches_no_other(call, minimal: Path):
    """Another run has the folder that the config's name stands for."""
    assert call("run", minimal, "--seed", 9, "--out", "outputs/minimal").code == 0
    assert call("run", minimal, "--out", "kept/a b").code == 0
    other = {path: path.read_bytes() for path in Path("outputs/minimal").glob("*.*")}
    events = Path("kept/a b/events.parquet").read_bytes()
    Path("kept/a b/events.parquet").write_bytes(events[:-1])

    told = call("explain", "kept/a b", "--project", "A-01")
    advice = re.search(r"(sim run .*) computes it again", told.err)
    assert told.code == 3
    assert advice is not None
    done = call(*shlex.split(advice[1])[1:])

    assert done.code == 0
    assert done.last_line == "kept/a b"
    assert Path("kept/a b/events.parquet").read_bytes() == events
    assert {path: path.read_bytes() for path in Path("outputs/minimal").glob("*.*")} == other


def test_an_interruption_is_130_and_says_how_to_go_on(
    call, minimal: Path, monkeypatch: pytest.MonkeyPatch
):
    def struck(self: Any, seed: int, replication: int) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(EngineSimulation, "replicate", struck)

    done = call("run", minimal)

    assert done.code == 130
    assert "interrupted: finished parts are kept in outputs" in done.err
    assert "the same command completes the run" in done.err


def test_a_reader_who_has_seen_enough_is_no_failure(
    call, minimal: Path, monkeypatch: pytest.MonkeyPatch
):
    def gone(*_: Any, **__: Any) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("sim.cli.schema.print_schema", gone)

    assert call("schema").code == 0


def test_something_unexpected_keeps_its_traceback(
    call, minimal: Path, monkeypatch: pytest.MonkeyPatch
):
    def bug(*_: Any) -> None:
        raise ZeroDivisionError("a bug of ours")

    monkeypatch.setattr("sim.cli.schema.print_schema", bug)

    with pytest.raises(ZeroDivisionError, match="a bug of ours"):
        call("schema")
