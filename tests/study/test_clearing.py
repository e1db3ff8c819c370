"""What --force may remove: files of an earlier run of ours, and never anything else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cases import finish

from sim.errors import StoreError
from sim.study.run.clearing import _RUN_FILES, clear, remove_parts
from sim.study.run.folder import MANIFEST, PARTS, begin, find_place, locked
from sim.study.run.identity import Request

REQUEST = Request("run", "base", "c0ffee" * 10, "0.1.0+abc", seed=7, replications=20)
OTHER = Request("run", "base", "decade" * 10, "0.1.0+abc", seed=7, replications=20)
SWEEP = Request("sweep", "desks", "c0ffee" * 10, "0.1.0+abc", seed=7, replications=20, points=3)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path / "outputs" / "base"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_files_of_a_finished_run_go_and_the_new_one_is_begun_there(base: Path):
    finish(base, OTHER)

    assert clear(base, REQUEST) == []

    assert names(base) == [PARTS]
    assert (find_place(base, REQUEST).folder, find_place(base, REQUEST).state) == (base, "begun")


def test_what_the_manifest_does_not_name_stays_and_is_told(base: Path):
    finish(base, OTHER)
    for mine in ("thesis.docx", "forecast.csv", "figures/mine.svg", "parts/notes.txt"):
        (base / mine).parent.mkdir(exist_ok=True)
        (base / mine).write_text("years of work", encoding="utf-8")

    assert clear(base, REQUEST) == ["forecast.csv", "thesis.docx"]

    for mine in ("thesis.docx", "forecast.csv", "figures/mine.svg", "parts/notes.txt"):
        assert (base / mine).read_text(encoding="utf-8") == "years of work"
    assert not (base / "summary.csv").exists()


def test_the_parts_of_a_study_go_and_other_files_there_stay(base: Path):
    begin(base, REQUEST)
    for name in ("abc-7-0-10.part", ".x.part.writing-1", "notes.txt"):
        (base / PARTS / name).touch()

    remove_parts(base)

    assert names(base / PARTS) == ["notes.txt"]


def test_an_unfinished_run_of_ours_is_cleared(base: Path):
    begin(base, OTHER)
    (base / PARTS / "abc-7-0-10.part").touch()

    clear(base, REQUEST)

    assert find_place(base, REQUEST).state == "begun"
    assert not list((base / PARTS).glob("*.part"))


def test_on_nothing_it_is_nothing(base: Path):
    assert clear(base, REQUEST) == []

    assert not base.exists()


def test_a_linked_folder_is_cleared_and_stays_a_link(base: Path, tmp_path: Path):
    finish(tmp_path / "disk", OTHER)
    base.parent.mkdir()
    base.symlink_to(tmp_path / "disk")

    clear(base, REQUEST)

    assert base.is_symlink()
    assert names(tmp_path / "disk") == [PARTS]


def test_a_linked_file_is_unlinked_and_not_what_it_leads_to(base: Path, tmp_path: Path):
    finish(base, OTHER)
    (tmp_path / "precious.csv").write_text("mine", encoding="utf-8")
    (base / "summary.csv").unlink()
    (base / "summary.csv").symlink_to(tmp_path / "precious.csv")

    clear(base, REQUEST)

    assert (tmp_path / "precious.csv").read_text(encoding="utf-8") == "mine"


def test_the_config_a_run_is_made_from_stays_until_it_is_written_again(base: Path):
    finish(base, OTHER, "config.yaml")

    clear(base, REQUEST, [base / "config.yaml"])

    assert names(base) == ["config.yaml", PARTS]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            None,
            r"only a run is removed by force: .* holds no manifest\.json of this program\. Nothing",
        ),
        (
            '{"name": "an app", "icons": []}',
            r"was not written by this program\. Nothing was removed",
        ),
        ('{"made_by": "an app"', r"is damaged .* so that nobody can say what may be removed"),
        ("", r"is damaged .*; remove it yourself, or give another folder"),
    ],
)
def test_a_folder_that_is_not_ours_is_never_touched(base: Path, content: str | None, words: str):
    base.mkdir(parents=True)
    (base / "summary.csv").write_text("years of work", encoding="utf-8")
    if content is not None:
        (base / MANIFEST).write_text(content, encoding="utf-8")
    before = names(base)

    with pytest.raises(StoreError, match=words):
        clear(base, REQUEST)

    assert names(base) == before


@pytest.mark.parametrize("how", [finish, begin], ids=["finished", "begun"])
def test_a_sweep_is_never_touched(base: Path, how):
    how(base, SWEEP)

    with pytest.raises(StoreError, match="Nothing was removed"):
        clear(base, REQUEST)


def test_a_torn_manifest_of_ours_does_not_stand_in_the_way(base: Path):
    finish(base, OTHER)
    text = json.dumps(json.loads((base / MANIFEST).read_text(encoding="utf-8")), indent=2)
    (base / MANIFEST).write_text(text[:90], encoding="utf-8")
    (base / "mine.txt").touch()

    assert clear(base, REQUEST) == ["mine.txt"]

    assert names(base) == ["mine.txt", PARTS]


def test_an_emptied_manifest_beside_every_file_of_a_run_does_not_either(base: Path):
    base.mkdir(parents=True)
    for name in (MANIFEST, *_RUN_FILES):
        (base / name).touch()

    clear(base, REQUEST)

    assert names(base) == [PARTS]


def test_a_manifest_that_names_files_elsewhere_removes_none_of_them(base: Path, tmp_path: Path):
    (tmp_path / "precious.csv").touch()
    said = {"bytes": 0, "sha256": "0"}
    finish(base, OTHER, files={"../../precious.csv": said, str(tmp_path / "precious.csv"): said})
    text = (base / MANIFEST).read_text(encoding="utf-8")
    (base / MANIFEST).write_text(text, encoding="utf-8")

    clear(base, REQUEST)

    assert (tmp_path / "precious.csv").exists()


def test_a_run_under_way_in_another_process_is_left_alone(base: Path):
    begin(base, OTHER)
    with locked(base) as held:
        assert held
        with pytest.raises(
            StoreError, match=r"another process is computing in .* Nothing was remo"
        ):
            clear(base, REQUEST)

    assert find_place(base, OTHER).state == "begun"
