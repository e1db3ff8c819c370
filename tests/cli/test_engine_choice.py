"""Which engine runs, who says so and where, and both compared by ``sim verify --engines``."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import sim
from sim.study.findings import engines
from sim.study.run.engines import COMPILED, SIMPY, simulate_with

WHY = "it was not built when sim was installed; that needs a C compiler"


@pytest.fixture
def unbuilt(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without a C compiler."""
    monkeypatch.delenv("SIM_ENGINE", raising=False)
    for module in ("sim.built", "sim.study.run.engines"):
        monkeypatch.setattr(f"{module}.fault", lambda: WHY)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the compiled engine is; where it is not, its plain source runs in its place."""
    monkeypatch.delenv("SIM_ENGINE", raising=False)
    for module in ("sim.built", "sim.study.run.engines"):
        monkeypatch.setattr(f"{module}.fault", lambda: "")


def engine_in(folder: str) -> dict[str, str]:
    said = json.loads((Path(folder) / "manifest.json").read_text(encoding="utf-8"))
    found: dict[str, str] = said["engine"]
    return found


def test_without_a_compiled_engine_a_run_is_on_simpy_and_says_so_once(
    call, minimal: Path, unbuilt: None
):
    done = call("run", minimal)

    assert done.code == 0
    assert done.err.splitlines()[0] == f"on SimPy, not on the compiled engine: {WHY}"
    assert done.err.count("SimPy") == 1
    assert engine_in(done.last_line) == {"name": "simpy", "why": WHY}


def test_a_command_of_several_runs_says_so_once(call, minimal: Path, unbuilt: None):
    Path("other.yaml").write_text("schema: 1\nextends: minimal.yaml\nname: other\nrun: {seed: 9}\n")

    done = call("compare", minimal, "other.yaml", "--replications", "2")

    assert done.code == 0
    assert done.err.count("on SimPy") == 1


def test_both_engines_leave_the_same_bytes_and_the_manifest_names_them(
    call, minimal: Path, built: None
):
    ran = [
        call("run", minimal, "--engine", one, "--out", one, "--quiet") for one in (SIMPY, COMPILED)
    ]

    assert [one.code for one in ran] == [0, 0]
    assert [engine_in(one.last_line) for one in ran] == [
        {"name": SIMPY, "why": "SimPy was asked for"}, {"name": COMPILED},
    ]  # fmt: skip
    for table in ("outcomes.csv", "events.parquet", "capacity_trace.parquet"):
        assert (Path(SIMPY) / table).read_bytes() == (Path(COMPILED) / table).read_bytes(), table


def test_the_engine_is_no_part_of_what_was_asked(call, minimal: Path, built: None):
    call("run", minimal, "--engine", "simpy")

    assert "up to date" in call("run", minimal, "--engine", "compiled").out


def test_what_cannot_be_compiled_is_refused_before_anything_is_written(
    call, minimal: Path, unbuilt: None
):
    done = call("run", minimal, "--engine", "compiled")

    assert done.code == 2
    assert f"the compiled engine cannot run this: {WHY}; accepted: auto, simpy" in done.err
    assert not Path("outputs").exists()


def test_an_engine_that_is_none_is_refused(minimal: Path):
    with pytest.raises(
        sim.errors.DesignError, match="engine 'fast' is none; accepted: auto, simpy"
    ):
        sim.run(minimal, engine="fast")


@pytest.mark.parametrize(
    ("why", "told"), [(WHY, f"engine: SimPy; no compiled one: {WHY}"), ("", "engine: compiled")]
)
def test_the_version_says_which_engine_is_there(
    call, monkeypatch: pytest.MonkeyPatch, why: str, told: str
):
    monkeypatch.setattr("sim.built.fault", lambda: why)

    assert call("--version").out.splitlines()[1] == told


def test_verify_compares_both_engines(call, minimal: Path, built: None):
    done = call("verify", minimal, "--engines", "--replications", "3")

    assert done.code == 0
    assert "3 replications of seed" in done.out
    assert "events: both engines leave the same, to the bit." in " ".join(done.out.split())


def test_verify_tells_the_first_event_that_differs_with_three_either_side(
    call, minimal: Path, built: None, monkeypatch: pytest.MonkeyPatch
):
    def spoilt(plan, world):
        left = simulate_with(SIMPY)(plan, world)
        amount = left.log.amount.copy()
        amount[5] += 1
        return replace(left, log=replace(left.log, amount=amount))

    monkeypatch.setattr(
        engines, "simulate_with", lambda name: spoilt if name == COMPILED else simulate_with(SIMPY)
    )

    done = call("verify", minimal, "--engines", "--replications", "2")

    lines = done.err.splitlines()
    start = next(place for place, line in enumerate(lines) if "the engines differ" in line)
    assert done.code == 1
    assert lines[start].endswith("replication 0, log, row 5")
    assert (lines[start + 1], lines[start + 9]) == ("SimPy:", "compiled:")
    of_simpy, of_compiled = lines[start + 2 : start + 9], lines[start + 10 : start + 17]
    assert [one[0] for one in of_simpy] == [" ", " ", " ", ">", " ", " ", " "]
    assert [a == b for a, b in zip(of_simpy, of_compiled, strict=True)] == [
        True, True, True, False, True, True, True,
    ]  # fmt: skip
    assert lines[start + 17] == "and in 1 more of 2 replications: 1"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("verify", "minimal.yaml", "--replications", "3"), "--replications goes with --engines"),
        (("verify", "minimal.yaml", "--engines"), f"the compiled engine cannot run this: {WHY}"),
        (("verify", "nowhere.yaml", "--engines"), "nowhere.yaml"),
    ],
)
def test_verify_refuses_what_it_cannot_compare(
    call, minimal: Path, unbuilt: None, args: tuple[str, ...], words: str
):
    done = call(*args)

    assert done.code == 2
    assert words in done.err
