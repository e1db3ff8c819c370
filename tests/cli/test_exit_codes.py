"""Exit codes and words: 0 done, 1 the model, 2 the input, 3 the machine, 130 interrupted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.errors import ModelError
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


def test_the_version_names_the_folder_of_the_program(call):
    done = call("--version")

    assert done.code == 0
    assert done.out == f"sim {sim.__version__} ({Path(sim.__file__).parent})\n"


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
        assert done.err == "sim: . is not a run folder: it has no manifest.json\n"


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
