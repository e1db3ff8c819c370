"""What holds of a run and of a sweep alike: same bytes whatever happened, and nothing lost."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
from dataclasses import replace
from pathlib import Path

import cases
import pytest
from cases import KINDS, PARTS, REPLICATIONS, Heard, kept, parts, results, study, threads

from sim.errors import DesignError, ModelError, StoreError
from sim.study.run import worker
from sim.study.run.folder import MANIFEST, MARK, locked, read_manifest
from sim.study.run.study import run_study
from sim.study.run.work import Means
from sim.study.run.worker import CheckTask, Task, check_points, compute_parts

pytestmark = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def calm(kind: str, tmp_path: Path) -> dict[str, bytes]:
    """What the study gives undisturbed, one part after the other."""
    run_study(study(kind, tmp_path), tmp_path / "calm")
    return results(tmp_path / "calm")


def test_several_workers_write_the_same_bytes(kind: str, tmp_path: Path, calm):
    heard = Heard()

    run_study(study(kind, tmp_path), tmp_path / "out", 3, progress=heard, means=Means(pool=threads))

    assert heard.done == heard.total == REPLICATIONS
    assert results(tmp_path / "out") == calm


def test_configs_are_checked_and_parts_computed_by_the_same_workers(kind: str, tmp_path: Path):
    opened = []

    def pool(workers: int):
        opened.append(workers)
        return threads(workers)

    one = study(kind, tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.study.run.work._POINTS_PER_CHECK", 1)
        run_study(one, tmp_path / "out", 2, means=Means(pool=pool))

    assert opened == [2]


def test_a_finished_study_is_not_computed_again(kind: str, tmp_path: Path):
    run_study(study(kind, tmp_path), tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}

    again = run_study(study(kind, tmp_path, simulator=None), tmp_path / "out")

    assert again.up_to_date
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")} == before


@pytest.mark.parametrize("jobs", [1, 3])
def test_an_interrupted_study_is_completed_to_the_same_bytes(
    kind: str, tmp_path: Path, calm, jobs: int
):
    cases.Interrupted.struck = False
    heard, out = Heard(), tmp_path / "out"
    struck = study(kind, tmp_path, cases.Interrupted)
    with pytest.raises(KeyboardInterrupt, match="Ctrl-C"):
        run_study(struck, out, jobs, progress=heard, means=Means(pool=threads))
    left, before = len(parts(out)), kept(out)
    assert left < PARTS[kind], "it struck in the middle"
    assert jobs > 1 or left > 0
    assert not (out / MANIFEST).exists()
    assert f"interrupted: finished parts are kept in {out}, and the same" in heard.notes[-1]

    run_study(study(kind, tmp_path), out, progress=heard)

    assert heard.found == before
    assert results(out) == calm
    assert (out / "parts").exists() == (kind == "sweep")


class Fills(Heard):
    """After the first task there is no room left: a broken flush, or asked of the system."""

    def __init__(self, fill) -> None:
        super().__init__()
        self._fill = fill

    def advance(self, replications: int) -> None:
        super().advance(replications)
        self._fill()


def test_a_full_disk_ends_the_study_in_words_and_room_completes_it(
    kind: str, tmp_path: Path, calm, monkeypatch: pytest.MonkeyPatch
):
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("sim.study.run.store._SECONDS_ON_THE_WAY", 0)
    filling = Fills(lambda: monkeypatch.setattr("sim.study.run.files.os.fsync", full))
    with pytest.raises(StoreError, match=r"No space left on device. Finished parts are kept"):
        run_study(study(kind, tmp_path), tmp_path / "out", progress=filling)
    assert 0 < len(parts(tmp_path / "out")) < PARTS[kind], "it struck in the middle"
    monkeypatch.undo()

    run_study(study(kind, tmp_path), tmp_path / "out")

    assert results(tmp_path / "out") == calm


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="needs limits on the size of files")
def test_files_the_system_refuses_to_grow_end_the_study_and_room_completes_it(
    kind: str, tmp_path: Path, calm
):
    """The system's own refusal in the middle of a write, not an injected one."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    filling = Fills(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (500, before[1])))
    try:
        with pytest.raises(StoreError, match=r"File too large. Finished parts are kept"):
            run_study(study(kind, tmp_path), tmp_path / "out", progress=filling)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert 0 < len(parts(tmp_path / "out")) < PARTS[kind], "it struck in the middle"
    assert not list((tmp_path / "out" / "parts").glob(".*"))

    run_study(study(kind, tmp_path), tmp_path / "out")

    assert results(tmp_path / "out") == calm


def unsealed(kind: str, folder: Path) -> Path:
    """A study with all its parts and no tables."""

    def strike(path: Path, manifest: dict) -> None:
        raise KeyboardInterrupt("Ctrl-C")

    one = study(kind, folder)
    object.__setattr__(one, "adorn", strike)
    with pytest.raises(KeyboardInterrupt, match="Ctrl-C"):
        run_study(one, folder / "out")
    assert len(parts(folder / "out")) == PARTS[kind]
    assert not (folder / "out" / MANIFEST).exists(), "the manifest comes last"
    return folder / "out"


def test_a_study_interrupted_while_it_is_sealed_is_completed(kind: str, tmp_path: Path, calm):
    out, heard = unsealed(kind, tmp_path), Heard()

    run_study(study(kind, tmp_path), out, progress=heard)

    assert heard.found == REPLICATIONS
    assert results(out) == calm


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
    kind: str, tmp_path: Path, calm, damage, words: str
):
    out, heard = unsealed(kind, tmp_path), Heard()
    damage(parts(out)[-1])

    run_study(study(kind, tmp_path), out, progress=heard)

    assert (heard.found, heard.done) == (50, 60)
    again = [note for note in heard.notes if "are computed again" in note]
    assert [words in note for note in again] == [True]
    assert results(out) == calm


def test_a_folder_that_cannot_be_made_is_the_machines_fault(kind: str, tmp_path: Path):
    (tmp_path / "file").write_text("no folder", encoding="utf-8")

    with pytest.raises(StoreError, match=r"cannot write .*: Not a directory"):
        run_study(study(kind, tmp_path), tmp_path / "file" / "out")


def test_no_jobs_at_all_are_refused_before_anything_is_written(kind: str, tmp_path: Path):
    with pytest.raises(DesignError, match="jobs is 0; accepted: 1 or more"):
        run_study(study(kind, tmp_path), tmp_path / "out", jobs=0)

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("field", ["program", "package_file"])
def test_a_worker_with_another_sim_refuses(kind: str, tmp_path: Path, field: str):
    job = Means().job(study(kind, tmp_path))
    other = {"program": {**job.program, "sim": "0.0+of-old"}, "package_file": "elsewhere"}

    with pytest.raises(StoreError, match=r"a worker has sim .* instead of .*another sim on the pa"):
        check_points(replace(job, **{field: other[field]}), CheckTask(0, ({},)))


def test_a_worker_hears_at_once_of_all_replications_of_a_task(kind: str, tmp_path: Path):
    heard = []

    class Hears(cases.Plain):
        def expect(self, seed, replications):
            heard.append((seed, list(replications)))

    one = study(kind, tmp_path, Hears)
    job = Means().job(one)
    found = job.configure(job.tree, one.values(0), "")[1]

    made = compute_parts(job, Task(0, one.values(0), found, ((0, 10), (20, 30))))

    assert heard == [(job.seed, [*range(10), *range(20, 30)])]
    assert [(key.first, key.last) for key, _ in made] == [(0, 10), (20, 30)]


def test_a_process_keeps_one_compiled_config(kind: str, tmp_path: Path):
    run_study(study(kind, tmp_path), tmp_path / "out")

    assert len(worker._compiled) == 1


def test_a_second_driver_in_the_same_folder_is_sent_away(kind: str, tmp_path: Path):
    out = unsealed(kind, tmp_path)

    with locked(out) as held:
        assert held
        with pytest.raises(StoreError, match=f"another process is computing this {kind} in"):
            run_study(study(kind, tmp_path), out)

    assert len(parts(out)) == PARTS[kind]


def test_a_folder_that_holds_something_else_is_left_alone(kind: str, tmp_path: Path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("chapter 1", encoding="utf-8")
    heard = Heard()

    done = run_study(study(kind, tmp_path), tmp_path / "out", progress=heard)

    assert done.folder == tmp_path / "out-2"
    assert f"{tmp_path / 'out'} holds other files; it is left as it is" in heard.notes
    assert os.listdir(tmp_path / "out") == ["thesis.txt"]


def test_results_of_another_version_of_the_program_are_left_alone(kind: str, tmp_path: Path, calm):
    out, heard = unsealed(kind, tmp_path), Heard()
    mark = out / "parts" / MARK
    said = json.loads(mark.read_text(encoding="utf-8")) | {"code_version": "0.0+of-old"}
    mark.write_text(json.dumps(said), encoding="utf-8")

    done = run_study(study(kind, tmp_path), out, progress=heard)

    assert done.folder == tmp_path / "out-2"
    assert heard.found == 0
    words = f"another unfinished {kind} (other version of the program); it is left as it is"
    assert f"{out} holds {words}" in heard.notes
    assert results(tmp_path / "out-2") == calm


def test_an_unfinished_study_of_an_earlier_format_is_told_and_left_alone(kind: str, tmp_path: Path):
    out, heard = unsealed(kind, tmp_path), Heard()
    name = {"run": "request.json", "sweep": "sweep.json"}[kind]
    said = json.loads((out / "parts" / MARK).read_text(encoding="utf-8")) | {"format": 1}
    (out / "parts" / MARK).unlink()
    (out / "parts" / name).write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(StoreError, match=r"an earlier version of sim, which this one cannot"):
        read_manifest(out)

    done = run_study(study(kind, tmp_path), out, progress=heard)

    assert done.folder == tmp_path / "out-2"
    (words,) = [note for note in heard.notes if "an earlier version of sim" in note]
    assert "remove it, or run that version again" in words
    assert len(parts(out)) == PARTS[kind]


@pytest.mark.parametrize(
    ("simulator", "words"),
    [
        (cases.BreaksALaw, "seed 1, replication 13: paid exceeds called"),
        (cases.Stumbles, "seed 1, replication 13: IndexError: index 7 is out of bounds"),
        (
            cases.StumblesOverItsTables,
            "seed 1, replication 13: IndexError: index 7 is out of bounds",
        ),
    ],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_replication_that_fails_ends_a_run_and_is_a_row_of_a_sweep(
    kind: str, tmp_path: Path, jobs: int, simulator, words: str
):
    broken = study(kind, tmp_path, simulator)
    if kind == "run":
        with pytest.raises(ModelError, match=f"^{words}"):
            run_study(broken, tmp_path / "out", jobs, means=Means(pool=threads))
        assert not (tmp_path / "out" / MANIFEST).exists()
        return

    run_study(broken, tmp_path / "out", jobs, means=Means(pool=threads))

    row = {"design_point": 1, "replication": 13, "error": "ModelError", "reason": words}
    assert cases.failures(tmp_path / "out") == [row]
    assert cases.outcomes(tmp_path / "out").num_rows == 59
    assert run_study(broken, tmp_path / "out").up_to_date
