"""Faults really done to real processes; each struck when some parts were there and others not.

Afterwards the tables equal those of an undisturbed serial study, byte by byte.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import cases
import pytest
from cases import KINDS, MINIMAL, PARTS, Heard, kept, outcomes, parts, results, study, sweep_file

import sim
from sim.errors import StoreError
from sim.study.run.study import run_study

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
both_kinds = pytest.mark.parametrize("kind", KINDS)


def arguments(kind: str) -> list[str]:
    """Sixty replications in six parts of ten, by two workers."""
    asked = {"run": ["minimal.yaml", "--replications", "60"], "sweep": ["desks.yaml"]}[kind]
    return [kind, *asked, "--jobs", "2", "--out", "out"]


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """Both undisturbed, in this process, with the real model."""
    folder = tmp_path_factory.mktemp("calm")
    run = sim.run(MINIMAL, replications=60, out=folder / "run")
    sweep = sim.sweep(sweep_file(folder), out=folder / "sweep")
    return {"run": results(run.folder), "sweep": results(sweep.folder)}


def started(kind: str, folder: Path) -> subprocess.Popen[str]:
    sweep_file(folder)
    return subprocess.Popen(
        [sys.executable, "-m", "sim", *arguments(kind)],
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


@both_kinds
def test_a_driver_killed_outright_is_started_again_and_completes_the_study(
    kind: str, tmp_path: Path, calm
):
    process = started(kind, tmp_path)
    wait_for_a_part(process, tmp_path)
    process.kill()
    process.communicate(timeout=60)
    before = kept(tmp_path / "out")
    assert 1 <= len(parts(tmp_path / "out")) <= PARTS[kind] - 1, "it struck in the middle"
    assert not (tmp_path / "out" / "manifest.json").exists()

    again = started(kind, tmp_path)
    out, err = again.communicate(timeout=120)

    assert again.returncode == 0, err
    assert f"60 replications, {before} of them finished before" in err
    assert out.splitlines()[-1] == "out"
    assert results(tmp_path / "out") == calm[kind]


@both_kinds
def test_ctrl_c_leaves_with_its_exit_code_and_the_same_command_completes_the_study(
    kind: str, tmp_path: Path, calm
):
    process = started(kind, tmp_path)
    wait_for_a_part(process, tmp_path)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: driver and workers alike
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert "interrupted: finished parts are kept in out" in err
    assert 1 <= len(parts(tmp_path / "out")) <= PARTS[kind] - 1, "it struck in the middle"

    again = started(kind, tmp_path)
    _out, err = again.communicate(timeout=120)

    assert again.returncode == 0, err
    assert results(tmp_path / "out") == calm[kind]


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


@both_kinds
def test_a_worker_killed_by_its_pid_is_replaced_and_only_missing_parts_are_submitted_again(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    marks = tmp_path / "marks"
    marks.mkdir()
    monkeypatch.setenv(cases.MARKS, str(marks))
    run_study(study(kind, tmp_path), tmp_path / "calm")
    killing = KillsAWorker(marks, tmp_path / "out")

    run_study(study(kind, tmp_path, cases.TellsItsPid), tmp_path / "out", 2, progress=killing)

    assert 1 <= killing.parts_then <= PARTS[kind] - 1, "it struck in the middle"
    assert killing.done == 60
    assert "a worker process died; what it had in hand is computed again" in killing.notes
    assert len(list(marks.iterdir())) > 2, "a new pool took over"
    assert results(tmp_path / "out") == results(tmp_path / "calm")


def test_a_point_that_kills_every_worker_is_a_failure_and_the_others_are_computed(tmp_path: Path):
    run_study(study("sweep", tmp_path, cases.Dies), tmp_path / "out", 2)

    found = cases.failures(tmp_path / "out")
    assert [(row["design_point"], row["replication"]) for row in found] == [
        (1, world) for world in range(20)
    ]
    assert {row["error"] for row in found} == {"StoreError"}
    assert "the worker process died of it" in found[0]["reason"]
    assert outcomes(tmp_path / "out").num_rows == 40
    again = run_study(study("sweep", tmp_path), tmp_path / "out")
    assert not again.up_to_date, "what the machine did is tried again"
    assert cases.failures(tmp_path / "out") == []


def test_a_replication_that_kills_every_worker_ends_a_run_and_finished_parts_are_kept(
    tmp_path: Path,
):
    with pytest.raises(
        StoreError, match=r"replications 10 to 19 cannot be computed: the worker .*parts are kept"
    ):
        run_study(study("run", tmp_path, cases.Dies), tmp_path / "out", 2)

    assert 1 <= len(parts(tmp_path / "out")) <= PARTS["run"] - 1


def test_a_worker_has_one_thread_for_maths_and_the_drivers_setting_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OMP_NUM_THREADS", "8")

    run_study(study("sweep", tmp_path, cases.TellsItsThreads), tmp_path / "out", 2)

    assert outcomes(tmp_path / "out").column("paid_usd_bn").to_pylist() == [1.0] * 60
    assert os.environ["OMP_NUM_THREADS"] == "8"


@pytest.mark.slow
def test_a_hundred_thousand_points_need_less_than_a_gigabyte_in_the_driver(tmp_path: Path):
    """The driver alone, with a stub for the model; it says its own peak."""
    script = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from cases import Plain, stub_configure, sweep_file\n"
        "from sim.study.design.sweep_config import load_sweep\n"
        "from sim.study.run.work import Means\n"
        "from sim.study.run.sweeps import run_sweep\n"
        "path = sweep_file(Path('.'), (1, 2), 2)\n"
        "text = path.read_text().replace('levels: [1, 2]', "
        "'whole: true, distribution: {kind: uniform, low: 1, high: 1000000}')\n"
        "path.write_text(text.replace('kind: grid', 'kind: latin_hypercube, points: 100000'))\n"
        "run_sweep(load_sweep(path), Path('out'), means=Means(Plain, stub_configure))\n"
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
    shutil.rmtree(tmp_path / "out")  # a hundred thousand files slow the end of the next three runs
