"""Parts of a sweep: whole or not there, and never mistaken for something else."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest

from sim.errors import StoreError
from sim.study.run.row_store import RowStore, arrow_bytes, cover
from sim.study.run.store import PartKey

KEY = PartKey("c0ffee" * 10, "0.1.0+abc", seed=7, first=10, last=20)
ROWS = pa.table({"replication": pa.array([10, 11], pa.int32()), "paid_usd_bn": [1 / 3, None]})


@pytest.fixture
def store(tmp_path: Path) -> RowStore:
    return RowStore(tmp_path / "parts", versions={"numpy": "2.3"})


def test_a_part_reads_back_as_it_was_written(store: RowStore):
    store.write(KEY, arrow_bytes(ROWS))

    assert store.fault(KEY) is None
    assert store.read(KEY) == ROWS
    assert store.ranges() == {store.point_name(KEY.config_hash, 7): [(10, 20)]}


def test_a_part_that_is_not_there_is_no_fault_to_report(store: RowStore):
    assert store.fault(KEY) == ""
    assert store.ranges() == {}
    with pytest.raises(StoreError, match="cannot be read: it is not there"):
        store.read(KEY)


def test_a_truncated_part_is_noticed(store: RowStore):
    store.write(KEY, arrow_bytes(ROWS))
    store.path(KEY).write_bytes(store.path(KEY).read_bytes()[:-1])

    assert store.fault(KEY) == "it does not match its checksum"


def test_a_part_cut_in_its_first_line_is_noticed(store: RowStore):
    store.write(KEY, arrow_bytes(ROWS))
    store.path(KEY).write_bytes(store.path(KEY).read_bytes()[:40])

    assert "first line cannot be read" in (store.fault(KEY) or "")


def test_one_flipped_bit_is_noticed(store: RowStore):
    store.write(KEY, arrow_bytes(ROWS))
    content = bytearray(store.path(KEY).read_bytes())
    content[-100] ^= 1
    store.path(KEY).write_bytes(bytes(content))

    assert store.fault(KEY) == "it does not match its checksum"


@pytest.mark.parametrize(
    "other",
    [
        PartKey(KEY.config_hash[:20] + "0" * 40, KEY.code_version, 7, 10, 20),
        PartKey(KEY.config_hash, "0.1.0+other", 7, 10, 20),
    ],
    ids=["a config that shares twenty digits", "other code"],
)
def test_a_part_under_the_right_name_made_from_something_else_is_refused(
    store: RowStore, other: PartKey
):
    store.write(other, arrow_bytes(ROWS))

    assert store.path(other) == store.path(KEY)
    assert "another version of the program" in (store.fault(KEY) or "")


def test_a_part_written_with_another_library_version_is_refused(store: RowStore):
    store.write(KEY, arrow_bytes(ROWS))

    newer = RowStore(store.root, versions={"numpy": "2.4"})

    assert "other versions of Python or of a library" in (newer.fault(KEY) or "")


def test_a_full_disk_leaves_no_half_part_and_says_what_to_do(
    store: RowStore, monkeypatch: pytest.MonkeyPatch
):
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("sim.study.run.store.os.fsync", full)

    with pytest.raises(StoreError, match=r"No space left.*Finished parts are kept.*run the same"):
        store.write(KEY, arrow_bytes(ROWS))

    assert list(store.root.iterdir()) == []


def test_what_a_killed_process_left_half_written_is_swept_away(store: RowStore):
    store.write(KEY, arrow_bytes(ROWS))
    half = store.root / ".writing-c0ffee-7-20-30-1234"
    half.write_bytes(b"ARROW")

    store.sweep_unfinished()

    assert not half.exists()
    assert store.fault(KEY) is None


def test_many_writers_of_one_part_leave_one_whole_part(store: RowStore):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: store.write(KEY, arrow_bytes(ROWS)), range(64)))

    assert [path.name for path in store.root.iterdir()] == [store.path(KEY).name]
    assert store.read(KEY) == ROWS


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
