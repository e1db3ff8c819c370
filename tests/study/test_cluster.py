"""The same sweep on dask.distributed: a real scheduler and workers from the command line."""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cases import Heard, outcomes, parts, results, small_sweep

from sim.errors import DesignError, StoreError
from sim.study.run import cluster
from sim.study.run.cluster import means_for
from sim.study.run.sweeps import run_sweep

ROOT = Path(__file__).parents[2]
LEVELS, REPLICATIONS, PARTS = (1, 2, 3, 4, 5, 6), 30, 18

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a dask process from the command line; it is ended with the test."""
    pytest.importorskip("distributed")
    with ExitStack() as stack:

        def started(*args: str, code: Path = ROOT) -> subprocess.Popen[bytes]:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *args, "--scheduler-file", "scheduler.json",
                 "--no-dashboard"],
                cwd=tmp_path,
                env={**os.environ, "PYTHONPATH": str(code)},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
            stack.callback(process.wait, 30)
            stack.callback(process.kill)
            return process

        yield started


WORKER = ("worker", "--nthreads", "1", "--no-nanny", "--local-directory", "scratch")


def address(folder: Path) -> str:
    """Where the scheduler listens, once it does."""
    path, deadline = folder / "scheduler.json", time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            return str(json.loads(path.read_text(encoding="utf-8"))["address"])
        except (OSError, ValueError, KeyError):
            time.sleep(0.05)
    raise AssertionError("the scheduler did not start")


class KillsOnce(Heard):
    def __init__(self, victim: subprocess.Popen[bytes], folder: Path) -> None:
        super().__init__()
        self._victim, self._folder = victim, folder
        self.parts_then = 0

    def advance(self, replications: int) -> None:
        super().advance(replications)
        if not self.parts_then:
            self.parts_then = len(parts(self._folder))
            self._victim.kill()


@pytest.mark.slow
def test_two_workers_of_which_one_is_killed_give_the_same_bytes_as_one_process(
    tmp_path: Path, start: Start
):
    sweep = small_sweep(tmp_path, LEVELS, REPLICATIONS)
    run_sweep(sweep, tmp_path / "calm")
    start("scheduler", "--host", "127.0.0.1", "--port", "0")
    where = address(tmp_path)
    first = start(*WORKER)
    start(*WORKER)
    killing = KillsOnce(first, tmp_path / "out")

    with means_for(where, 1) as (means, workers):
        run_sweep(sweep, tmp_path / "out", workers, progress=killing, means=means)

    assert 1 <= killing.parts_then <= PARTS - 1, "it struck in the middle"
    assert first.wait(30) != 0
    assert outcomes(tmp_path / "out").equals(outcomes(tmp_path / "calm"))
    assert results(tmp_path / "out") == results(tmp_path / "calm")


@pytest.mark.slow
def test_a_worker_with_another_version_of_the_program_is_refused(tmp_path: Path, start: Start):
    other = tmp_path / "other"
    shutil.copytree(ROOT / "sim", other / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "configs", other / "configs")
    with (other / "sim" / "engine" / "clock.py").open("a", encoding="utf-8") as file:
        file.write("# edited\n")
    start("scheduler", "--host", "127.0.0.1", "--port", "0")
    where = address(tmp_path)
    start(*WORKER, code=other)

    with (
        pytest.raises(StoreError, match=r"worker tcp:.* is refused: it has sim .* instead of"),
        means_for(where, 1),
    ):
        pass


@pytest.mark.slow
def test_a_cluster_of_this_machine_gives_the_same_bytes(tmp_path: Path):
    pytest.importorskip("distributed")
    sweep = small_sweep(tmp_path, LEVELS[:3], 12)
    run_sweep(sweep, tmp_path / "calm")

    with means_for("local:2", 1) as (means, workers):
        assert workers == 2
        run_sweep(sweep, tmp_path / "out", workers, means=means)

    assert results(tmp_path / "out") == results(tmp_path / "calm")


@pytest.mark.slow
def test_a_scheduler_that_is_killed_ends_the_study_in_words_and_parts_are_kept(
    tmp_path: Path, start: Start
):
    sweep = small_sweep(tmp_path, LEVELS, REPLICATIONS)
    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0")
    where = address(tmp_path)
    start(*WORKER)
    killing = KillsOnce(scheduler, tmp_path / "out")

    with (
        pytest.raises(
            StoreError, match=rf"the dask scheduler at {where} has gone\. Finished parts"
        ),
        means_for(where, 1) as (means, workers),
    ):
        run_sweep(sweep, tmp_path / "out", workers, progress=killing, means=means)

    assert parts(tmp_path / "out")


def test_futures_that_a_lost_scheduler_has_cancelled_are_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    class Lost(Executor):
        def submit(self, *_: Any, **__: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.cancel()
            future.set_running_or_notify_cancel()
            return future

    client = SimpleNamespace(get_executor=lambda pure: Lost())
    monkeypatch.setattr(cluster, "_distributed", lambda: SimpleNamespace(KilledWorker=OSError))
    monkeypatch.setattr(cluster, "_client", lambda *_: nullcontext(client))
    monkeypatch.setattr(cluster, "_same_code", lambda _: 1)

    with (
        pytest.raises(
            StoreError, match=r"scheduler at tcp://x:1 has gone.*the same command goes on"
        ),
        means_for("tcp://x:1", 1) as (means, workers),
    ):
        run_sweep(small_sweep(tmp_path), tmp_path / "out", workers, means=means)


@pytest.mark.parametrize(
    "text",
    ["", "somewhere", "local:none", "local:0", "local:9999", "http://x:1", "tcp://", "tcp://x:y",
     "tcp://x", "tcp://:1", "tcp://x:0", "tcp://x:65536"],
)  # fmt: skip
def test_what_is_no_address_is_refused_before_dask_is_asked_for(
    text: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(DesignError, match=f"cluster {text} is no address; accepted: tcp://HOST"),
        means_for(text, 1),
    ):
        pass


def test_certificates_that_are_missing_are_the_users(monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("distributed")
    with (
        pytest.raises(DesignError, match=r"cluster tls://127\.0\.0\.1:9: .*; accepted: tcp://, or"),
        means_for("tls://127.0.0.1:9", 1),
    ):
        pass


def test_no_answer_from_a_scheduler_is_told_in_words(monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "SECONDS_TO_CONNECT", 0.5)
    with (
        pytest.raises(StoreError, match=r"no dask scheduler answers at tcp://127\.0\.0\.1:9"),
        means_for("tcp://127.0.0.1:9", 1),
    ):
        pass


def test_no_old_client_is_collected_while_a_new_one_starts(monkeypatch: pytest.MonkeyPatch):
    """It would close, and wait for the lock that the thread of the new one holds."""
    collected = []

    def client(address: str, timeout: float) -> Any:
        collected.append(gc.isenabled())
        return nullcontext(SimpleNamespace(get_executor=None))

    monkeypatch.setattr(cluster, "_distributed", lambda: SimpleNamespace(Client=client))
    monkeypatch.setattr(cluster, "_same_code", lambda _: 3)
    with means_for("tcp://127.0.0.1:9", 1):
        assert gc.isenabled()
    assert collected == [False]


@pytest.mark.parametrize("late", [5, 6])
def test_a_loop_of_dask_that_starts_late_on_a_busy_machine_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, late: int
):
    tried = []

    def client(address: str, timeout: float) -> Any:
        tried.append(address)
        assert len(tried) > late
        return nullcontext(SimpleNamespace(get_executor=None))

    monkeypatch.setattr(cluster, "_distributed", lambda: SimpleNamespace(Client=client))
    monkeypatch.setattr(cluster, "_same_code", lambda _: 3)

    in_words = pytest.raises(
        StoreError, match=r"tcp://x:1 \(dask's own loop did not start, 6 times"
    )
    with nullcontext() if late == 5 else in_words, means_for("tcp://x:1", 1) as (_, workers):
        assert workers == 3
    assert len(tried) == 6


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(DesignError, match=r"pip install 'us-japan-investment-sim\[dask\]'"),
        means_for("local:2", 1),
    ):
        pass
