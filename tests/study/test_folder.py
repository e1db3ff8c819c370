"""Which folder a study goes to, and what --force may remove."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cases import finish

from sim.errors import StoreError
from sim.study.run import folder
from sim.study.run.folder import (
    MANIFEST,
    begin,
    claimed,
    find_place,
    name_fault,
    open_folder,
    read_manifest,
)
from sim.study.run.identity import Request

REQUEST = Request("run", "base", "c0ffee" * 10, "0.1.0+abc", seed=7, replications=20)
SWEEP = Request("sweep", "desks", "c0ffee" * 10, "0.1.0+abc", seed=7, replications=20, points=3)
OTHERS = [
    replace(REQUEST, plan_hash="decade" * 10),
    replace(REQUEST, code_version="0.1.0+other"),
    replace(REQUEST, seed=8),
    replace(REQUEST, replications=21),
]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path / "outputs" / "base"


def test_a_free_folder_is_used(base: Path):
    place = find_place(base, REQUEST)

    assert (place.folder, place.state, place.notes) == (base, "new", ())


def test_an_empty_folder_is_free(base: Path):
    base.mkdir(parents=True)
    (base / ".DS_Store").write_bytes(b"")

    assert find_place(base, REQUEST).state == "new"


def test_the_same_run_finished_is_up_to_date(base: Path):
    finish(base, REQUEST)

    place = find_place(base, REQUEST)

    assert (place.folder, place.state) == (base, "complete")


def test_the_same_run_begun_is_completed(base: Path):
    begin(base, REQUEST)

    place = find_place(base, REQUEST)

    assert (place.folder, place.state) == (base, "begun")


@pytest.mark.parametrize("other", OTHERS, ids=["config", "code", "seed", "replications"])
@pytest.mark.parametrize("how", [finish, begin], ids=["finished", "begun"])
def test_a_different_request_goes_to_the_next_free_folder(base: Path, other: Request, how):
    how(base, other)

    place = find_place(base, REQUEST)

    assert (place.folder, place.state) == (base.with_name("base-2"), "new")
    assert "(other " in place.notes[0]
    assert any(str(base.with_name("base-2")) in note for note in place.notes)


@pytest.mark.parametrize(
    "other",
    [
        replace(SWEEP, plan_hash="decade" * 10, points=4),
        replace(SWEEP, seed=8),
        replace(SWEEP, replications=21),
    ],
    ids=["points", "seed", "replications"],
)
@pytest.mark.parametrize("how", [finish, begin], ids=["finished", "begun"])
def test_a_sweep_that_has_grown_goes_on_in_its_folder(base: Path, other: Request, how):
    how(base, other)

    place = find_place(base, SWEEP)

    assert (place.folder, place.state) == (base, "begun")
    assert find_place(base, other).state == ("complete" if how is finish else "begun")


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (replace(SWEEP, name="teams"), "another unfinished sweep (other name)"),
        (replace(SWEEP, code_version="0"), "unfinished sweep (other version of the program)"),
        (REQUEST, "another unfinished run; it is left as it is"),
    ],
)
def test_a_sweep_of_another_name_or_version_or_a_run_is_left_alone(
    base: Path, other: Request, words: str
):
    begin(base, other)

    place = find_place(base, SWEEP)

    assert place.folder.name == "base-2"
    assert words in place.notes[0]


def test_the_name_of_a_config_decides_nothing_of_a_run(base: Path):
    finish(base, REQUEST)

    assert find_place(base, replace(REQUEST, name="other")).state == "complete"


def test_the_next_folder_that_holds_the_same_run_is_found_again(base: Path):
    finish(base, OTHERS[0])
    begin(base.with_name("base-2"), OTHERS[1])
    finish(base.with_name("base-3"), REQUEST)

    place = find_place(base, REQUEST)

    assert (place.folder.name, place.state) == ("base-3", "complete")


def test_files_of_somebody_else_are_left_alone(base: Path):
    base.mkdir(parents=True)
    (base / "thesis.docx").write_bytes(b"years of work")

    place = find_place(base, REQUEST)

    assert place.folder.name == "base-2"
    assert place.notes[0] == f"{base} holds other files; it is left as it is"


def test_a_finished_run_with_a_changed_file_is_no_longer_complete_and_is_left_alone(base: Path):
    finish(base, REQUEST)
    (base / "summary.csv").write_text("my own notes", encoding="utf-8")

    place = find_place(base, REQUEST)

    assert place.folder.name == "base-2"
    assert "summary.csv has 12 bytes instead of 14; it is left as it is" in place.notes[0]


def test_a_folder_given_as_a_dot_still_has_a_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")

    assert find_place(Path(), REQUEST).folder == tmp_path.with_name(f"{tmp_path.name}-2")


def test_a_second_process_with_the_same_request_is_refused(base: Path):
    lock = claimed(base, REQUEST)
    with lock, pytest.raises(StoreError, match="another process is computing this run"):
        claimed(base, REQUEST).__enter__()

    with claimed(base, REQUEST) as place:
        assert (place.folder, place.state) == (base, "begun")


def test_a_second_process_with_another_request_gets_the_next_folder(base: Path):
    with claimed(base, REQUEST) as one, claimed(base, OTHERS[2]) as two:
        assert (one.folder.name, two.folder.name) == ("base", "base-2")


def test_of_two_processes_that_see_the_same_free_folder_one_gets_it(
    base: Path, monkeypatch: pytest.MonkeyPatch
):
    """The other one claims it between our look and our lock."""
    look = folder.find_place
    looked: list[Path] = []

    def slow_look(path: Path, request: Request) -> folder.Place:
        place = look(path, request)
        if not looked:
            begin(place.folder, OTHERS[0])
        looked.append(place.folder)
        return place

    monkeypatch.setattr(folder, "find_place", slow_look)

    with claimed(base, REQUEST) as place:
        assert place.folder.name == "base-2"
    assert [path.name for path in looked] == ["base", "base-2"]


def test_a_run_finished_while_we_were_looking_is_not_computed_again(
    base: Path, monkeypatch: pytest.MonkeyPatch
):
    look = folder.find_place
    looked: list[Path] = []

    def slow_look(path: Path, request: Request) -> folder.Place:
        place = look(path, request)
        if not looked:
            finish(place.folder, REQUEST)
        looked.append(place.folder)
        return place

    monkeypatch.setattr(folder, "find_place", slow_look)

    with claimed(base, REQUEST) as place:
        assert (place.folder, place.state) == (base, "complete")


def test_an_unfinished_run_cannot_be_opened_and_the_message_says_what_to_do(base: Path):
    begin(base, REQUEST)

    with pytest.raises(
        StoreError, match=r"unfinished run \(base\).*same sim run command completes it"
    ):
        read_manifest(base)


def test_a_folder_without_manifest_is_no_run_folder(tmp_path: Path):
    with pytest.raises(StoreError, match=r"is not a run folder: it has no manifest\.json"):
        read_manifest(tmp_path, "run")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"made_by": ', "no JSON from line 1 on"),
        ("", "it is empty"),
        ('{"made_by": "us-japan-investment-sim"}', "it lacks 'format'"),
    ],
)
def test_a_torn_manifest_is_called_damaged(base: Path, text: str, words: str):
    finish(base, REQUEST)
    (base / MANIFEST).write_text(text, encoding="utf-8")

    with pytest.raises(StoreError, match=rf"is damaged \({words}\)"):
        read_manifest(base)


def test_a_manifest_of_a_later_format_is_refused(base: Path):
    finish(base, REQUEST)
    text = (base / MANIFEST).read_text(encoding="utf-8")
    (base / MANIFEST).write_text(text.replace('"format": 1', '"format": 2'), encoding="utf-8")

    with pytest.raises(StoreError, match="has format 2; this version reads 1"):
        read_manifest(base)


def test_a_missing_file_is_damage_and_the_advice_names_this_folder(base: Path):
    finish(base, REQUEST)
    (base / "summary.csv").unlink()

    with pytest.raises(StoreError, match=r"summary\.csv is missing\. sim run \S+/base/config\.yaml "
                       r"--out \S+/base --force computes it again"):  # fmt: skip
        open_folder(base, "run")


def test_a_damaged_config_is_not_what_the_advice_runs(base: Path):
    finish(base, REQUEST, "config.yaml")
    (base / "config.yaml").write_text("schema: 1\n", encoding="utf-8")

    with pytest.raises(
        StoreError, match=r"sim run with the config it was made from, --out \S+/base"
    ):
        open_folder(base, "run")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("replications", "twenty", "replications is not a whole number from 0"),
        ("replications", -1, "replications is not a whole number from 0"),
        ("seed", True, "seed is not a whole number from 0"),
        ("name", None, "name is not text"),
        ("config_hash", 7, "config_hash is not text"),
        ("kind", ["run"], r"kind is \['run'\]"),
        ("files", [], "files is not a mapping"),
        ("files", {"summary.csv": 14}, r"files\.summary\.csv is not a mapping"),
        (
            "files",
            {"a.csv": {"bytes": "14", "sha256": "x"}},
            r"files\.a\.csv\.bytes is not a whole",
        ),
        ("files", {"/etc/passwd": {"bytes": 1, "sha256": "x"}}, "files names '/etc/passwd'"),
        ("files", {"../base/x": {"bytes": 1, "sha256": "x"}}, "files names"),
        ("precision", 0.05, "precision is not a mapping"),
    ],
)
def test_a_manifest_with_a_wrong_type_is_damaged(base: Path, key: str, value: Any, words: str):
    finish(base, REQUEST, **{key: value})

    with pytest.raises(StoreError, match=rf"manifest\.json is damaged \({words}"):
        read_manifest(base)
    assert find_place(base, REQUEST).folder.name == "base-2"


def test_a_manifest_of_a_sweep_with_a_wrong_type_is_damaged(base: Path):
    finish(base, SWEEP, factors={"desks": {"path": "capacity", "label": 3}})

    with pytest.raises(StoreError, match=r"factors\.desks\.label is not text"):
        read_manifest(base)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "is empty; accepted: the name of a folder"),
        ("  ", "is empty"),
        ("a\x00b", "holds bytes that are no letters"),
        ("a\x1bb", "holds bytes that are no letters"),
        ("x" * 201, "is too long a name; accepted: up to 200 bytes"),
        ("x/" * 2000, "is too long a path; accepted: up to 3,000 bytes"),
        ("/", "/ is the root of the disk; accepted: a folder in it"),
        ("//", "is the root of the disk"),
        ("/dev/..", "is the root of the disk"),
        ("file", "file is a file; accepted: a folder"),
        (
            "dangling",
            "dangling is a link that leads nowhere; accepted: a folder, or a name that is",
        ),
        ("loop", "loop is a link that leads nowhere"),
        ("new", ""),
        ("there", ""),
        ("linked", ""),
    ],
)
def test_a_name_that_can_be_no_folder_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, words: str
):
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    Path("there").mkdir()
    Path("linked").symlink_to("there")
    Path("dangling").symlink_to("nowhere")
    Path("loop").symlink_to("loop")

    found = name_fault(name)

    assert words in found
    assert bool(words) == bool(found)


def test_a_next_folder_that_is_a_link_to_nowhere_is_left_alone(base: Path):
    finish(base, OTHERS[0])
    base.with_name("base-2").symlink_to("nowhere")

    assert find_place(base, REQUEST).folder.name == "base-3"
