"""Parts: whole or not there, and never mistaken for something else."""

from __future__ import annotations

import errno
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from sim.errors import StoreError
from sim.study.run.files import remove_abandoned
from sim.study.run.store import FAILURES, Kept, PartKey, PartStore, cover, pack

KEY = PartKey("c0ffee" * 10, "0.1.0+abc", seed=7, first=10, last=20)
VERSIONS = {"numpy": "2.3"}
OUTCOMES = pa.table({"replication": pa.array([10, 11], pa.int32()), "paid_usd_bn": [1 / 3, None]})
EVENTS = pa.table(
    {
        "replication": pa.array(np.arange(10_000) % 10 + 10, pa.int32()),
        "project": pa.array(["A", None] * 5_000).dictionary_encode(),
        "amount": pa.array(np.arange(10_000) / 7),
    }
)
TABLES = {"outcomes": OUTCOMES, "events": EVENTS}
NAMES = tuple(TABLES)


@pytest.fixture
def store(tmp_path: Path) -> PartStore:
    return PartStore(tmp_path / "parts", VERSIONS)


@pytest.fixture
def written(store: PartStore) -> Path:
    store.write(KEY, pack(KEY, VERSIONS, TABLES))
    return store.path(KEY)


def test_a_part_reads_back_as_it_was_written_table_by_table(store: PartStore, written: Path):
    assert store.fault(KEY, NAMES) is None
    assert store.read(KEY, NAMES) == TABLES
    assert store.read(KEY, ("events",), ("amount", "project")) == {
        "events": EVENTS.select(["amount", "project"])
    }


def test_the_name_of_a_part_says_config_seed_and_replications(store: PartStore, written: Path):
    assert [path.name for path in store.root.iterdir()] == ["c0ffeec0ffeec0ffeec0-7-10-20.part"]
    assert store.ranges() == {KEY.point: [(10, 20)]}


def test_a_large_table_is_compressed_and_the_same_tables_give_the_same_bytes():
    content = pack(KEY, VERSIONS, TABLES)

    assert len(content) < EVENTS.nbytes
    assert pack(KEY, VERSIONS, TABLES) == content


def test_a_part_that_is_not_there_is_no_fault_to_report(store: PartStore):
    assert store.fault(KEY, NAMES) == ""
    assert store.ranges() == {}
    with pytest.raises(StoreError, match="cannot be read: it is not there"):
        store.read(KEY, NAMES)


@pytest.mark.parametrize(
    ("end", "words"),
    [(-1, "its table events does not match its checksum"), (40, "first line cannot be read")],
)
def test_a_truncated_part_is_noticed(store: PartStore, written: Path, end: int, words: str):
    written.write_bytes(written.read_bytes()[:end])

    assert words in (store.fault(KEY, NAMES) or "")
    with pytest.raises(StoreError, match=words):
        store.read(KEY, NAMES)


def test_one_flipped_bit_is_noticed(store: PartStore, written: Path):
    content = bytearray(written.read_bytes())
    content[-100] ^= 1
    written.write_bytes(bytes(content))

    assert store.fault(KEY, ("outcomes",)) == "its table events does not match its checksum"
    assert store.read(KEY, ("outcomes",)) == {"outcomes": OUTCOMES}


@pytest.mark.parametrize(
    "other",
    [
        PartKey(KEY.config_hash[:20] + "0" * 40, KEY.code_version, 7, 10, 20),
        PartKey(KEY.config_hash, "0.1.0+other", 7, 10, 20),
    ],
    ids=["a config that shares twenty digits", "other code"],
)
def test_a_part_under_the_right_name_made_from_something_else_is_refused(
    store: PartStore, other: PartKey
):
    store.write(other, pack(other, VERSIONS, TABLES))

    assert store.path(other) == store.path(KEY)
    assert "another version of the program" in (store.fault(KEY, NAMES) or "")


def test_a_part_of_another_format_is_refused(store: PartStore, written: Path):
    written.write_bytes(written.read_bytes().replace(b'"format":2', b'"format":1'))

    assert "another version of the program" in (store.fault(KEY, NAMES) or "")


def test_a_part_written_with_another_library_version_is_refused(store: PartStore, written: Path):
    newer = PartStore(store.root, versions={"numpy": "2.4"})

    assert "other versions of Python or of a library" in (newer.fault(KEY, NAMES) or "")


def test_a_part_that_keeps_fewer_tables_does_not_serve_one_that_keeps_more_unless_it_says_why(
    store: PartStore,
):
    store.write(KEY, pack(KEY, VERSIONS, {"outcomes": OUTCOMES}))
    assert store.fault(KEY, ("outcomes", FAILURES)) is None
    assert store.fault(KEY, NAMES) == "it does not hold the tables asked for"

    store.write(KEY, pack(KEY, VERSIONS, {FAILURES: OUTCOMES}))
    assert store.fault(KEY, NAMES) is None


def test_writing_again_replaces_a_damaged_part(store: PartStore, written: Path):
    content = written.read_bytes()
    written.write_bytes(b"")

    store.write(KEY, content)

    assert store.fault(KEY, NAMES) is None


def test_a_full_disk_leaves_no_half_part_and_says_what_to_do(
    store: PartStore, monkeypatch: pytest.MonkeyPatch
):
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("sim.study.run.files.os.fsync", full)

    with pytest.raises(StoreError, match=r"No space left.*Finished parts are kept.*run the same"):
        store.write(KEY, pack(KEY, VERSIONS, TABLES))

    assert list(store.root.iterdir()) == []


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Files the disk was made to hold, of those that have a name of their own."""
    found: list[str] = []

    def fsync(descriptor: int) -> None:
        found.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")).name)

    monkeypatch.setattr("sim.study.run.files.os.fsync", fsync)
    return found


def keys(n: int) -> list[PartKey]:
    return [replace(KEY, first=10 * k, last=10 * k + 10) for k in range(n)]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="names of open files are asked for")
@pytest.mark.parametrize("ends", [None, KeyboardInterrupt("Ctrl-C"), StoreError("full")])
def test_of_many_parts_each_is_in_its_place_at_once_and_on_the_disk_at_the_end(
    store: PartStore, held: list[str], ends: BaseException | None
):
    def write() -> None:
        with store.writing() as write:
            for key in keys(3):
                write(key, pack(key, VERSIONS, TABLES))
                assert store.fault(key, NAMES) is None
            assert held == []
            if ends is not None:
                raise ends

    if ends is None:
        write()
    else:
        with pytest.raises(type(ends), match=str(ends)):
            write()
    assert held == [*(store.path(key).name for key in keys(3)), "parts"]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="names of open files are asked for")
def test_parts_are_held_by_the_disk_after_a_second_and_the_rest_at_the_end(
    store: PartStore, held: list[str], monkeypatch: pytest.MonkeyPatch
):
    now = iter([0.0, 0.5, 1.0, 1.0, 1.9])  # at the beginning, at each part, once they are held
    monkeypatch.setattr("sim.study.run.store.monotonic", lambda: next(now))
    names = [store.path(key).name for key in keys(3)]
    with store.writing() as write:
        for key in keys(3):
            write(key, pack(key, VERSIONS, TABLES))
    assert held == [*names[:2], "parts", names[2], "parts"]


@pytest.mark.parametrize("seconds", [0, 1000])
def test_what_the_disk_says_late_is_said_with_the_next_part_or_at_the_end(
    store: PartStore, monkeypatch: pytest.MonkeyPatch, seconds: int
):
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("sim.study.run.files.os.fsync", full)
    monkeypatch.setattr("sim.study.run.store._SECONDS_ON_THE_WAY", seconds)
    said = []

    def write() -> None:
        with store.writing() as write:
            for key in keys(3):
                said.append(key)
                write(key, pack(key, VERSIONS, TABLES))

    with pytest.raises(StoreError, match=r"No space left.*Finished parts are kept.*run the same"):
        write()
    assert len(said) == (3 if seconds else 2)


def test_a_part_that_another_driver_has_replaced_or_removed_is_no_fault(store: PartStore):
    with store.writing() as write:
        write(KEY, pack(KEY, VERSIONS, TABLES))
        store.path(KEY).unlink()


def test_what_a_killed_process_left_half_written_is_removed_and_what_is_under_way_stays(
    store: PartStore, written: Path
):
    old, young = (store.root / f".c0ffee-7-20-30.part.writing-{one}" for one in ("1234", "5678"))
    for half in (old, young):
        half.write_bytes(b"ARROW")
    os.utime(old, (time.time() - 4000,) * 2)

    remove_abandoned(store.root)

    assert sorted(store.root.iterdir()) == sorted([young, written])


def test_many_writers_of_one_part_leave_one_whole_part(store: PartStore):
    content = pack(KEY, VERSIONS, TABLES)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: store.write(KEY, content), range(64)))

    assert [path.name for path in store.root.iterdir()] == [store.path(KEY).name]
    assert store.read(KEY, NAMES) == TABLES


def test_tables_end_at_the_replication_asked_for_though_the_last_part_goes_on(
    store: PartStore, written: Path
):
    kept = Kept(store, (KEY,), replications=12)

    assert kept.whole("outcomes") == OUTCOMES
    (amounts,) = kept.each("events", ("amount",))
    assert amounts.column_names == ["amount"]
    assert amounts.num_rows == 2_000


@pytest.mark.parametrize(
    ("there", "replications", "expected"),
    [
        ({}, 12, [(0, 10, False), (10, 12, False)]),
        ({0: 5}, 20, [(0, 5, True), (5, 10, False), (10, 20, False)]),
        ({0: 10}, 5, [(0, 10, True)]),
        ({3: 10}, 20, [(0, 3, False), (3, 10, True), (10, 20, False)]),
        ({0: 10, 20: 25}, 30, [(0, 10, True), (10, 20, False), (20, 25, True), (25, 30, False)]),
    ],
)
def test_what_is_missing_is_cut_along_what_is_there(there, replications, expected):
    assert list(cover(there, replications)) == expected
