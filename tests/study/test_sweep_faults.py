"""Faults really done to real processes; each struck when some parts were there and others not.

Afterwards the tables equal those of an undisturbed serial run, value by value and byte by byte.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sweep_cases
from sweep_cases import Heard, outcomes, parts, small_sweep, sweep_file, tables

from sim.study.run.sweep_parts import SweepMeans
from sim.study.run.sweeps import run_sweep

ROOT = Path(__file__).parents[2]
LEVELS, REPLICATIONS, PARTS = (1, 2, 3, 4, 5, 6), 30, 18

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The undisturbed sweep, in this process, with the real model."""
    folder = tmp_path_factory.mktemp("calm")
    run_sweep(small_sweep(folder, LEVELS, REPLICATIONS), folder / "out")
    return folder / "out"


def started(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sim", "sweep", "desks.yaml", "--jobs", "2", "--out", "out"]
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def wait_for_a_part(process: subprocess.Popen[str], folder: Path) -> None:
    deadline = time.monotonic() + 60
    while not parts(folder / "out") and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.005)


def assert_same(folder: Path, calm: Path) -> None:
    assert outcomes(folder).equals(outcomes(calm))
    assert tables(folder) == tables(calm)


def test_a_driver_killed_outright_is_started_again_and_completes_the_sweep(
    tmp_path: Path, calm: Path
):
    sweep_file(tmp_path, LEVELS, REPLICATIONS)
    process = started(tmp_path)
    wait_for_a_part(process, tmp_path)
    process.kill()
    process.communicate(timeout=60)
    kept = len(parts(tmp_path / "out"))
    assert 1 <= kept <= PARTS - 1, "it struck in the middle"
    assert not (tmp_path / "out" / "manifest.json").exists()

    again = started(tmp_path)
    out, err = again.communicate(timeout=120)

    assert again.returncode == 0, err
    assert f"180 replications, {10 * kept} of them finished before" in err
    assert out.splitlines()[-1] == "out"
    assert_same(tmp_path / "out", calm)


def test_ctrl_c_leaves_with_its_exit_code_and_the_same_command_completes_the_sweep(
    tmp_path: Path, calm: Path
):
    sweep_file(tmp_path, LEVELS, REPLICATIONS)
    process = started(tmp_path)
    wait_for_a_part(process, tmp_path)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: driver and workers alike
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert "interrupted: finished parts are kept in out" in err
    assert 1 <= len(parts(tmp_path / "out")) <= PARTS - 1, "it struck in the middle"

    run_sweep(small_sweep(tmp_path, LEVELS, REPLICATIONS), tmp_path / "out")

    assert_same(tmp_path / "out", calm)


class KillsAWorker(Heard):
    """When the first parts have come, one of the workers is killed by its pid."""

    def __init__(self, marks: Path, folder: Path) -> None:
        super().__init__()
        self._marks, self._folder = marks, folder
        self.parts_then = 0

    def advance(self, replications: int) -> None:
        super().advance(replications)
        if not self.parts_then:
            self.parts_then = len(parts(self._folder))
            os.kill(int(next(self._marks.iterdir()).name), signal.SIGKILL)


def test_a_worker_killed_by_its_pid_is_replaced_and_only_missing_parts_are_submitted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    marks = tmp_path / "marks"
    marks.mkdir()
    monkeypatch.setenv(sweep_cases.MARKS, str(marks))
    sweep = small_sweep(tmp_path, LEVELS, 10)
    run_sweep(sweep, tmp_path / "calm", means=SweepMeans(sweep_cases.Plain))
    killing = KillsAWorker(marks, tmp_path / "out")

    run_sweep(
        sweep, tmp_path / "out", 2, progress=killing, means=SweepMeans(sweep_cases.TellsItsPid)
    )

    assert 1 <= killing.parts_then <= len(LEVELS) - 1, "it struck in the middle"
    assert "a worker process died; what it had in hand is computed again" in killing.notes
    assert len(list(marks.iterdir())) > 2, "a new pool took over"
    assert_same(tmp_path / "out", tmp_path / "calm")


def test_a_point_that_kills_every_worker_is_a_failure_and_the_others_are_computed(tmp_path: Path):
    sweep = small_sweep(tmp_path, (1, 2, 3, 4), 10)
    means = SweepMeans(sweep_cases.DiesAtTwoDesks)

    run_sweep(sweep, tmp_path / "out", 2, means=means)

    found = sweep_cases.failures(tmp_path / "out")
    assert [(row["design_point"], row["replication"]) for row in found] == [
        (1, world) for world in range(10)
    ]
    assert {row["error"] for row in found} == {"StoreError"}
    assert "the worker process died of it" in found[0]["reason"]
    assert outcomes(tmp_path / "out").num_rows == 30
    again = run_sweep(sweep, tmp_path / "out", means=SweepMeans(sweep_cases.Plain))
    assert not again.up_to_date, "what the machine did is tried again"
    assert sweep_cases.failures(tmp_path / "out") == []


@pytest.mark.slow
def test_a_hundred_thousand_points_need_less_than_a_gigabyte_in_the_driver(tmp_path: Path):
    """The driver alone, with a stub for the model; it says its own peak."""
    script = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from sweep_cases import Plain, sweep_file\n"
        "from sim.config import load\n"
        "from sim.study.design.sweep_config import load_sweep\n"
        "from sim.study.run.sweep_parts import SweepMeans\n"
        "from sim.study.run.sweeps import run_sweep\n"
        "from many_points import configure\n"
        "path = sweep_file(Path('.'), (1, 2), 2)\n"
        "text = path.read_text().replace('levels: [1, 2]', "
        "'whole: true, distribution: {kind: uniform, low: 1, high: 1000000000000}')\n"
        "path.write_text(text.replace('kind: grid', 'kind: latin_hypercube, points: 100000'))\n"
        "run_sweep(load_sweep(path), Path('out'), means=SweepMeans(Plain, configure))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{Path(__file__).parent}"},
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert outcomes(tmp_path / "out").num_rows == 200_000
    peak_kilobytes = int(done.stdout)
    print(f"peak {peak_kilobytes / 1024:.0f} MiB")
    assert peak_kilobytes < 1024 * 1024
