"""A sweep: same bytes whatever happened on the way, and failures that are rows."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import sweep_cases
from sweep_cases import Heard, failures, outcomes, parts, small_sweep, tables

from sim.errors import ConfigError, DesignError, StoreError
from sim.study.run import store as store_module
from sim.study.run.folder import locked
from sim.study.run.row_store import RowStore
from sim.study.run.studies import open_sweep
from sim.study.run.sweep_parts import SweepMeans
from sim.study.run.sweeps import run_sweep

PLAIN = SweepMeans(sweep_cases.Plain)


@contextmanager
def threads(workers: int) -> Iterator[Executor]:
    with ThreadPoolExecutor(workers) as executor:
        yield executor


@pytest.fixture
def calm(tmp_path: Path) -> dict[str, bytes]:
    """What three points with twenty replications give undisturbed, one after the other."""
    run_sweep(small_sweep(tmp_path), tmp_path / "calm", means=PLAIN)
    return tables(tmp_path / "calm")


def test_every_point_runs_every_replication_of_the_same_worlds(tmp_path: Path):
    run_sweep(small_sweep(tmp_path), tmp_path / "out", means=PLAIN)

    found = open_sweep(tmp_path / "out")
    expected = [[(31 + desks * 7 + world) / 3 for world in range(20)] for desks in (1, 2, 3)]
    np.testing.assert_array_equal(found.response("paid_usd_bn"), expected)
    assert found.design["desks"].tolist() == [1, 2, 3]
    keys = list(zip(found.outcomes["design_point"], found.outcomes["replication"], strict=True))
    assert keys == [(point, world) for point in range(3) for world in range(20)]
    assert found.failures.empty


def test_the_real_model_gives_a_sweep_the_outcomes_it_gives_a_run(tmp_path: Path):
    import sim

    sweep = small_sweep(tmp_path, levels=(1, 2), replications=3)
    run_sweep(sweep, tmp_path / "out")
    two_desks = sim.load(tmp_path / "minimal.yaml", {"capacity.facilities.jbic.desks": 2})

    run = sim.run(two_desks, replications=3, out=tmp_path / "run")

    found = outcomes(tmp_path / "out").to_pandas()
    own = found[found["design_point"] == 1].drop(columns="design_point").reset_index(drop=True)
    for name in run.outcomes:
        np.testing.assert_array_equal(
            own[name].to_numpy(float), run.outcomes[name].to_numpy(float), err_msg=name
        )


def test_several_workers_write_the_same_bytes(tmp_path: Path, calm):
    means = SweepMeans(sweep_cases.Plain, pool=threads)
    run_sweep(small_sweep(tmp_path), tmp_path / "out", jobs=3, means=means)

    assert tables(tmp_path / "out") == calm


def test_a_finished_sweep_is_not_computed_again(tmp_path: Path):
    run_sweep(small_sweep(tmp_path), tmp_path / "out", means=PLAIN)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}

    again = run_sweep(small_sweep(tmp_path), tmp_path / "out", means=PLAIN)

    assert again.up_to_date
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")} == before


@pytest.mark.parametrize(
    ("levels", "replications", "there"),
    [((1, 3), 20, 40), ((1, 2, 3), 7, 21), ((2,), 13, 13), ((1, 2, 3, 4), 25, 60)],
    ids=["points are added", "replications are added", "both are added", "some are left out"],
)
def test_a_sweep_that_grows_computes_only_what_is_missing_to_the_same_bytes(
    tmp_path: Path, calm, levels, replications: int, there: int
):
    run_sweep(small_sweep(tmp_path, levels, replications), tmp_path / "out", means=PLAIN)
    heard = Heard()

    done = run_sweep(small_sweep(tmp_path), tmp_path / "out", progress=heard, means=PLAIN)

    assert done.folder == tmp_path / "out"
    assert (heard.found, heard.done) == (there, 60)
    assert tables(tmp_path / "out") == calm


def test_points_with_equal_configs_are_computed_once(tmp_path: Path):
    path = sweep_cases.sweep_file(tmp_path)
    text = path.read_text(encoding="utf-8").replace("levels: [1, 2, 3]", "unit: desks")
    rows = "points: [{desks: 2}, {desks: 1}, {desks: 2}]"
    path.write_text(text.replace("kind: grid", f"kind: table, {rows}"), encoding="utf-8")
    heard = Heard()

    run_sweep(sweep_cases.load_sweep(path), tmp_path / "out", progress=heard, means=PLAIN)

    assert len(parts(tmp_path / "out")) == 4
    assert heard.done == heard.total == 60
    found = open_sweep(tmp_path / "out").response("paid_usd_bn")
    np.testing.assert_array_equal(found[0], found[2])
    assert not np.array_equal(found[0], found[1])


def test_a_replication_that_fails_is_a_row_with_its_reason_and_does_not_stop_the_others(
    tmp_path: Path,
):
    means = SweepMeans(sweep_cases.BreaksAtTwoDesks)
    run_sweep(small_sweep(tmp_path), tmp_path / "out", means=means)

    assert failures(tmp_path / "out") == [
        {
            "design_point": 1,
            "replication": 13,
            "error": "ModelError",
            "reason": "seed 1, replication 13: paid exceeds called",
        }
    ]
    found = outcomes(tmp_path / "out")
    assert found.num_rows == 59
    assert found.column("paid_usd_bn").null_count == 0
    assert run_sweep(small_sweep(tmp_path), tmp_path / "out", means=means).up_to_date


def test_a_point_that_cannot_be_made_fails_in_every_replication_and_the_others_go_on(
    tmp_path: Path,
):
    sweep_cases.CannotBeMadeWithTwoDesks.made = 0
    means = SweepMeans(sweep_cases.CannotBeMadeWithTwoDesks)
    run_sweep(small_sweep(tmp_path), tmp_path / "out", means=means)

    found = failures(tmp_path / "out")
    assert [(row["design_point"], row["replication"]) for row in found] == [
        (1, world) for world in range(20)
    ]
    assert {row["reason"] for row in found} == {"IndexError: index 7 is out of bounds"}
    assert outcomes(tmp_path / "out").num_rows == 40


def test_a_point_with_an_impossible_config_is_refused_before_anything_is_written(tmp_path: Path):
    with pytest.raises(
        ConfigError, match=r"desks.yaml: design: point 1 \(capacity.*desks 2\).*two desks are un"
    ):
        run_sweep(
            small_sweep(tmp_path), tmp_path / "out", means=SweepMeans(sweep_cases.RefusesTwoDesks)
        )

    assert not (tmp_path / "out").exists()


def test_fewer_than_one_job_is_refused(tmp_path: Path):
    with pytest.raises(DesignError, match="jobs is 0; accepted: 1 or more"):
        run_sweep(small_sweep(tmp_path), tmp_path / "out", jobs=0, means=PLAIN)


def test_ctrl_c_keeps_finished_parts_and_the_same_command_completes_them(tmp_path: Path, calm):
    sweep_cases.InterruptedAtTwoDesks.struck = False
    means = SweepMeans(sweep_cases.InterruptedAtTwoDesks)
    heard = Heard()
    with pytest.raises(KeyboardInterrupt, match="Ctrl-C"):
        run_sweep(small_sweep(tmp_path), tmp_path / "out", progress=heard, means=means)
    assert 0 < len(parts(tmp_path / "out")) < 6, "it struck in the middle"
    assert not (tmp_path / "out" / "manifest.json").exists()
    assert "interrupted: finished parts are kept in" in heard.notes[-1]

    run_sweep(small_sweep(tmp_path), tmp_path / "out", progress=heard, means=means)

    assert heard.found == 20
    assert tables(tmp_path / "out") == calm


class FillsTheDisk(Heard):
    """After the first point there is no room left: asked of the system, or by a broken flush."""

    def __init__(self, fill) -> None:
        super().__init__()
        self._fill = fill

    def advance(self, replications: int) -> None:
        super().advance(replications)
        self._fill()


def test_a_full_disk_ends_the_sweep_in_words_and_room_completes_it(
    tmp_path: Path, calm, monkeypatch: pytest.MonkeyPatch
):
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    filling = FillsTheDisk(lambda: monkeypatch.setattr(store_module.os, "fsync", full))
    with pytest.raises(StoreError, match=r"No space left on device. Finished parts are kept"):
        run_sweep(small_sweep(tmp_path), tmp_path / "out", progress=filling, means=PLAIN)
    assert 0 < len(parts(tmp_path / "out")) < 6, "it struck in the middle"
    monkeypatch.undo()

    run_sweep(small_sweep(tmp_path), tmp_path / "out", means=PLAIN)

    assert tables(tmp_path / "out") == calm


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="needs limits on the size of files")
def test_files_the_system_refuses_to_grow_end_the_sweep_and_room_completes_it(tmp_path: Path, calm):
    """The system's own refusal in the middle of a write, not an injected one."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    filling = FillsTheDisk(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (500, before[1])))
    try:
        with pytest.raises(StoreError, match=r"File too large. Finished parts are kept"):
            run_sweep(small_sweep(tmp_path), tmp_path / "out", progress=filling, means=PLAIN)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert 0 < len(parts(tmp_path / "out")) < 6, "it struck in the middle"
    assert not list((tmp_path / "out" / "parts").glob(".writing-*"))

    run_sweep(small_sweep(tmp_path), tmp_path / "out", means=PLAIN)

    assert tables(tmp_path / "out") == calm


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def _of_another_version(path: Path) -> None:
    """A whole part of a program that computed something else, under the right name."""
    line, _, rows = path.read_bytes().partition(b"\n")
    header = json.loads(line) | {"code_version": "0.0+of-old"}
    path.write_bytes(json.dumps(header).encode() + b"\n" + rows)


@pytest.mark.parametrize(
    ("damage", "words"),
    [(_truncated, "does not match its checksum"), (_of_another_version, "another version")],
)
def test_a_part_that_is_not_as_it_should_be_is_noticed_and_computed_again(
    tmp_path: Path, calm, damage, words: str
):
    run_sweep(small_sweep(tmp_path), tmp_path / "out", means=PLAIN)
    damage(parts(tmp_path / "out")[2])
    (tmp_path / "out" / "outcomes.parquet").unlink()
    heard = Heard()

    run_sweep(small_sweep(tmp_path), tmp_path / "out", progress=heard, means=PLAIN)

    assert (heard.found, heard.done) == (50, 60)
    assert [words in note for note in heard.notes] == [True]
    assert tables(tmp_path / "out") == calm


def test_tables_lost_or_damaged_are_made_again_from_the_parts(tmp_path: Path, calm):
    run_sweep(small_sweep(tmp_path), tmp_path / "out", means=PLAIN)
    _truncated(tmp_path / "out" / "outcomes.parquet")
    with pytest.raises(StoreError, match=r"is damaged: outcomes.parquet has"):
        open_sweep(tmp_path / "out")
    heard = Heard()

    run_sweep(small_sweep(tmp_path), tmp_path / "out", progress=heard, means=PLAIN)

    assert heard.found == 60
    assert tables(tmp_path / "out") == calm


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("chapter 1", encoding="utf-8")
    heard = Heard()

    done = run_sweep(small_sweep(tmp_path), tmp_path / "out", progress=heard, means=PLAIN)

    assert done.folder == tmp_path / "out-2"
    assert f"{tmp_path / 'out'} holds other files" in heard.notes
    assert os.listdir(tmp_path / "out") == ["thesis.txt"]


def test_results_of_another_version_of_the_program_are_left_alone(tmp_path: Path, calm):
    run_sweep(small_sweep(tmp_path), tmp_path / "out", means=PLAIN)
    ours = tmp_path / "out" / "parts" / "sweep.json"
    content = json.loads(ours.read_text(encoding="utf-8")) | {"code_version": "0.0+of-old"}
    ours.write_text(json.dumps(content), encoding="utf-8")
    heard = Heard()

    done = run_sweep(small_sweep(tmp_path), tmp_path / "out", progress=heard, means=PLAIN)

    assert done.folder == tmp_path / "out-2"
    assert heard.found == 0
    assert "by another version of sim; it is left as it is" in heard.notes[1]
    assert tables(tmp_path / "out-2") == calm


def test_a_second_driver_in_the_same_folder_is_sent_away(tmp_path: Path):
    run_sweep(small_sweep(tmp_path, levels=(1,)), tmp_path / "out", means=PLAIN)

    with locked(tmp_path / "out") as held:
        assert held
        with pytest.raises(StoreError, match="another process is computing this sweep in"):
            run_sweep(small_sweep(tmp_path), tmp_path / "out", means=PLAIN)

    assert len(parts(tmp_path / "out")) == 2


def test_two_drivers_where_locks_do_not_work_leave_one_whole_sweep(
    tmp_path: Path, calm, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sim.study.run.folder._lock", lambda file: True)
    sweep = small_sweep(tmp_path)
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(run_sweep, sweep, tmp_path / "out", means=PLAIN) for _ in "ab"]:
            done.result()

    assert tables(tmp_path / "out") == calm
    store = RowStore(tmp_path / "out" / "parts")
    assert sum(len(ranges) for ranges in store.ranges().values()) == 6


def test_a_sweep_folder_is_no_run_folder(tmp_path: Path):
    import sim

    run_sweep(small_sweep(tmp_path), tmp_path / "out", means=PLAIN)

    with pytest.raises(StoreError, match="holds a sweep, not a run"):
        sim.open(tmp_path / "out")
    with pytest.raises(DesignError, match="has no response late_calls; accepted: paid_usd_bn"):
        open_sweep(tmp_path / "out").response("late_calls")
