"""Parts: whole or not there, and never mistaken for something else."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pyarrow as pa
import pytest

from sim.errors import StoreError
from sim.study.run.store import PartKey, PartStore, part_ranges

KEY = PartKey("c0ffee" * 10, "0.1.0+abc", seed=7, first=10, last=20)
TABLES = {
    "events": pa.table({"amount": [0.1, 0.2, 0.3]}),
    "outcomes": pa.table({"paid_usd_bn": [1 / 3]}),
}
NAMES = tuple(TABLES)


@pytest.fixture
def store(tmp_path: Path) -> PartStore:
    return PartStore(tmp_path / "parts", versions={"numpy": "2.3"})


def test_a_part_reads_back_as_it_was_written(store: PartStore):
    store.write(KEY, TABLES)

    assert store.fault(KEY, NAMES) is None
    assert {name: store.read(KEY, name) for name in NAMES} == TABLES


def test_the_name_of_a_part_says_config_seed_and_replications(store: PartStore):
    store.write(KEY, TABLES)

    assert [path.name for path in store.root.iterdir()] == ["c0ffeec0ffee-7-10-20"]


def test_a_part_that_is_not_there_is_no_fault_to_report(store: PartStore):
    assert store.fault(KEY, NAMES) == ""


def test_a_truncated_part_is_noticed(store: PartStore):
    store.write(KEY, TABLES)
    file = store.root / KEY.folder_name / "events.parquet"
    file.write_bytes(file.read_bytes()[:-1])

    assert "events.parquet has" in (store.fault(KEY, NAMES) or "")


def test_one_flipped_bit_is_noticed(store: PartStore):
    store.write(KEY, TABLES)
    file = store.root / KEY.folder_name / "events.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))

    assert store.fault(KEY, NAMES) == "events.parquet does not match its checksum"


def test_a_missing_table_is_noticed(store: PartStore):
    store.write(KEY, TABLES)
    (store.root / KEY.folder_name / "outcomes.parquet").unlink()

    assert store.fault(KEY, NAMES) == "outcomes.parquet is missing"


def test_a_part_without_a_readable_manifest_is_a_fault(store: PartStore):
    store.write(KEY, TABLES)
    (store.root / KEY.folder_name / "part.json").write_text("{", encoding="utf-8")

    assert "part.json cannot be read" in (store.fault(KEY, NAMES) or "")


@pytest.mark.parametrize(
    "other",
    [
        PartKey(KEY.config_hash[:12] + "0" * 48, KEY.code_version, 7, 10, 20),
        PartKey(KEY.config_hash, "0.1.0+other", 7, 10, 20),
    ],
    ids=["a config that shares twelve digits", "other code"],
)
def test_a_part_under_the_right_name_made_from_something_else_is_refused(
    store: PartStore, other: PartKey
):
    store.write(other, TABLES)

    assert other.folder_name == KEY.folder_name
    assert store.fault(KEY, NAMES) == "it holds something else"


def test_a_part_written_with_another_library_version_is_refused(store: PartStore):
    store.write(KEY, TABLES)

    newer = PartStore(store.root, versions={"numpy": "2.4"})

    assert "other versions" in (newer.fault(KEY, NAMES) or "")


def test_a_store_that_keeps_fewer_tables_does_not_serve_one_that_keeps_more(store: PartStore):
    store.write(KEY, {"outcomes": TABLES["outcomes"]})

    assert store.fault(KEY, ("outcomes",)) is None
    assert store.fault(KEY, NAMES) == "it does not hold the tables asked for"


def test_writing_again_replaces_a_damaged_part(store: PartStore):
    store.write(KEY, TABLES)
    (store.root / KEY.folder_name / "events.parquet").write_bytes(b"")

    store.write(KEY, TABLES)

    assert store.fault(KEY, NAMES) is None


def test_a_full_disk_leaves_no_half_part_and_says_what_to_do(
    store: PartStore, monkeypatch: pytest.MonkeyPatch
):
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("sim.study.run.store.os.fsync", full)

    with pytest.raises(StoreError, match=r"No space left.*Finished parts are kept.*run the same"):
        store.write(KEY, TABLES)

    assert list(store.root.iterdir()) == []


def test_what_a_killed_process_left_half_written_is_swept_away(store: PartStore):
    store.write(KEY, TABLES)
    half = store.root / ".writing-c0ffeec0ffee-7-20-30-1234"
    half.mkdir()
    (half / "events.parquet").write_bytes(b"PAR1")

    store.sweep_unfinished()

    assert not half.exists()
    assert store.fault(KEY, NAMES) is None


def test_the_same_tables_give_the_same_bytes(tmp_path: Path):
    one, two = PartStore(tmp_path / "one"), PartStore(tmp_path / "two")
    for store in (one, two):
        store.write(KEY, TABLES)

    contents = [
        {path.name: path.read_bytes() for path in (store.root / KEY.folder_name).iterdir()}
        for store in (one, two)
    ]

    assert contents[0] == contents[1]
    assert json.loads(contents[0]["part.json"])["first"] == 10


def test_parts_are_cut_the_same_way_whatever_the_machine():
    assert part_ranges(1) == [(0, 1)]
    assert part_ranges(20) == [(0, 10), (10, 20)]
    assert part_ranges(21) == [(0, 10), (10, 20), (20, 21)]
