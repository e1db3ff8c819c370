"""Replications on several processes: same bytes, and nothing lost when a worker is."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import small_simulators

from sim.errors import ModelError, StoreError
from sim.study.run import runner
from sim.study.run.identity import code_version, package_file
from sim.study.run.progress import Silent
from sim.study.run.runner import compute_missing
from sim.study.run.store import PartStore, part_ranges
from sim.study.run.worker import Job

TABLES = small_simulators.TABLES


class Heard(Silent):
    def __init__(self) -> None:
        self.notes: list[str] = []
        self.found = self.done = 0

    def start(self, done: int, total: int) -> None:
        self.found = self.done = done

    def advance(self, replications: int) -> None:
        self.done += replications

    def note(self, text: str) -> None:
        self.notes.append(text)


def job(root: Path, simulator: Any = small_simulators.Plain, **config: Any) -> Job:
    return Job(
        config=SimpleNamespace(**config),  # type: ignore[arg-type]
        config_hash="c0ffee" * 10 + simulator.__name__,
        seed=7,
        root=str(root),
        tables=TABLES,
        simulator=simulator,
        code_version=code_version(),
        package_file=package_file(),
    )


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@contextmanager
def threads(workers: int) -> Iterator[Executor]:
    with ThreadPoolExecutor(workers) as executor:
        yield executor


def test_one_process_and_two_write_the_same_bytes_and_one_thread_serves_each_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    compute_missing(job(tmp_path / "one"), 45, 1, Silent())
    compute_missing(job(tmp_path / "two"), 45, 2, Silent())

    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert len(contents(tmp_path / "one")) == 5 * (len(TABLES) + 1)
    assert os.environ["OMP_NUM_THREADS"] == "8", "the driver's own setting is put back"


def test_a_worker_has_one_thread_for_maths(tmp_path: Path):
    told = job(tmp_path, small_simulators.TellsItsThreads)

    compute_missing(told, 20, 2, Silent())

    read = PartStore(tmp_path).read(told.key(10, 20), "outcomes")
    assert read.column("paid_usd_bn").to_pylist() == [1.0] * 10


def test_only_missing_parts_are_computed(tmp_path: Path):
    compute_missing(job(tmp_path), 20, 1, Silent())
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
    heard = Heard()

    compute_missing(job(tmp_path), 30, 1, heard)

    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
    assert before.items() <= after.items()
    assert len(after) == 3 * len(TABLES)
    assert heard.done == 30
    assert heard.notes == []


def test_a_truncated_part_is_noticed_and_computed_again(tmp_path: Path):
    compute_missing(job(tmp_path), 30, 1, Silent())
    whole = contents(tmp_path)
    file = tmp_path / job(tmp_path).key(10, 20).folder_name / "events.parquet"
    file.write_bytes(file.read_bytes()[:-9])
    heard = Heard()

    compute_missing(job(tmp_path), 30, 1, heard)

    assert contents(tmp_path) == whole
    assert len(heard.notes) == 1
    assert "replications 10 to 19 are computed again: events.parquet has" in heard.notes[0]


def test_what_an_interruption_leaves_is_completed_to_the_same_bytes(tmp_path: Path):
    mark = str(tmp_path / "mark")
    disturbed = job(tmp_path / "disturbed", small_simulators.Interrupted, mark=mark)
    store = PartStore(tmp_path / "disturbed")

    with pytest.raises(KeyboardInterrupt, match="Ctrl-C"):
        compute_missing(disturbed, 45, 1, Silent())
    finished = [store.fault(disturbed.key(*part), TABLES) is None for part in part_ranges(45)]
    assert finished == [True, False, False, False, False], "it struck in the middle"
    heard = Heard()
    compute_missing(disturbed, 45, 1, heard)
    compute_missing(dataclasses.replace(disturbed, root=str(tmp_path / "calm")), 45, 1, Silent())

    assert heard.found == 10
    assert heard.done == 45
    assert contents(tmp_path / "disturbed") == contents(tmp_path / "calm")


def test_a_worker_that_dies_is_replaced_and_nothing_is_lost(tmp_path: Path):
    heard = Heard()
    frail = job(tmp_path / "a", small_simulators.DiesOnce, mark=str(tmp_path / "mark"))

    compute_missing(frail, 45, 2, heard)

    assert (tmp_path / "mark").exists(), "a worker did die"
    assert heard.notes == ["a worker process died; its replications are computed again"]
    assert heard.done == 45
    store = PartStore(tmp_path / "a")
    assert all(store.fault(frail.key(*part), TABLES) is None for part in part_ranges(45))


def test_workers_that_keep_dying_end_the_run_and_finished_parts_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(runner, "MAX_POOLS", 2)
    doomed = job(tmp_path, small_simulators.AlwaysDies)

    with pytest.raises(StoreError, match=r"died 2 times.*Finished parts are kept.*fewer jobs"):
        compute_missing(doomed, 20, 2, Silent())


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_broken_law_names_its_seed_and_replication(tmp_path: Path, jobs: int):
    with pytest.raises(ModelError, match="seed 7, replication 13: paid exceeds called"):
        compute_missing(
            job(tmp_path, small_simulators.BreaksALaw), 30, jobs, Silent(), pool=threads
        )


def test_any_other_error_inside_the_model_names_its_seed_and_replication_too(tmp_path: Path):
    with pytest.raises(ModelError, match="seed 7, replication 13: IndexError: index 7 is out"):
        compute_missing(job(tmp_path, small_simulators.Stumbles), 30, 1, Silent())


@pytest.mark.parametrize("field", ["code_version", "package_file"])
def test_a_worker_with_another_sim_refuses(tmp_path: Path, field: str):
    other = dataclasses.replace(job(tmp_path), **{field: "something else"})

    with pytest.raises(StoreError, match="is there another sim on the path"):
        compute_missing(other, 10, 1, Silent())

    assert not list(tmp_path.iterdir())


def test_the_number_of_parts_handed_out_is_bounded(tmp_path: Path):
    class Counting(ThreadPoolExecutor):
        waiting = 0
        most = 0

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            self.waiting += 1
            Counting.most = max(Counting.most, self.waiting)
            future = super().submit(fn, *args, **kwargs)
            future.add_done_callback(self.one_done)
            return future

        def one_done(self, _: Future[Any]) -> None:
            self.waiting -= 1

    @contextmanager
    def counting(workers: int) -> Iterator[Executor]:
        with Counting(workers) as executor:
            yield executor

    compute_missing(job(tmp_path), 400, 3, Silent(), pool=counting)

    assert Counting.most <= 6
