"""Readings: overlays on one base in the same worlds, the two that matter most together too."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest
from support.configs import MINIMAL

import sim
from sim.errors import ConfigError, DesignError
from sim.stats.compare import Difference
from sim.stats.intervals import Interval
from sim.study.design.named_overlays import read_overlays, together, widest_that_fit
from sim.study.findings.readings import HEADLINES, Read, Readings, _luck


def write(folder: Path, **texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(dedent(text), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("readings") / "mine.yaml"
    path.write_text(MINIMAL.read_text(encoding="utf-8"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(base: Path) -> Path:
    """A reading that halves what can be committed, one in which nobody lends, one of no effect."""
    return write(
        base.parent / "readings",
        small="""
            schema: 1
            extends: ../mine.yaml
            title: A small envelope
            programme: {envelope_usd_bn: 45}
            policy: {selection: {does_not_fit: scale_down, scale_down_min_share: 0}}
            """,
        never="""
            schema: 1
            extends: ../mine.yaml
            title: Nobody lends
            policy: {calls: {first_window_business_days: 900, reading: floor}}
            """,
        same="""
            schema: 1
            extends: ../mine.yaml
            title: More desks
            capacity: {facilities: {jbic: {desks: 4}}}
            """,
    )


@pytest.fixture(scope="module")
def found(base: Path, folder: Path) -> Readings:
    return sim.readings(base, replications=3, out=base.parent / "out")


def test_each_reading_gives_what_a_run_of_its_file_gives(found: Readings, folder: Path, tmp_path):
    for name in ("small", "never", "same"):
        run = sim.run(folder / f"{name}.yaml", replications=3, out=tmp_path / name)
        for response in HEADLINES:
            if response in run.outcomes:
                level = found.headlines[response][name].level.estimate
                assert level == pytest.approx(run.outcomes[response].mean(), abs=1e-12), response


@pytest.mark.parametrize(
    ("moved", "low", "outdoes"), [(51, 50, True), (49, 48, False), (51, -1, False)]
)
def test_a_choice_outdoes_luck_by_more_than_half_the_range_of_single_runs(moved, low, outdoes):
    """Runs range over 100; that the mean is known to within one is no matter."""
    mean = Interval(100.0, 99.5, 100.5)
    base = Read("base", "paid", mean, None, (60.0, 160.0))
    by = Difference("paid", "USD bn", "one", "base", 40, 40, True, Interval(moved, low, moved + 1),
                    0.01, 1.0, 0, "by hand")  # fmt: skip
    assert Read("one", "paid", mean, by, (60.0, 160.0)).outdoes(base) is outdoes
    assert not Read("one", "paid", mean, by, (60.0, 160.0)).outdoes(replace(base, luck=(nan, nan)))


def test_too_few_runs_and_probabilities_have_no_range_of_luck(found: Readings):
    assert found.table["runs_p05"].isna().all()
    assert found.beyond_luck == []


def test_luck_is_the_middle_ninety_of_single_runs():
    assert _luck(np.arange(101.0)) == (5.0, 95.0)
    assert np.isnan(_luck(np.arange(101) > 3)).all()


def test_the_two_that_move_a_mean_most_run_together_too(found: Readings):
    names = found.manifest["factors"]["overlay"]["levels"]
    assert names[:4] == ["base", "never", "same", "small"]
    assert set(names[4].split(" + ")) == {"never", "small"}
    assert found.title(names[4]) in (
        "A small envelope + Nobody lends",
        "Nobody lends + A small envelope",
    )
    assert found.ranked[-1] == "same"
    both = {name: rows[names[4]].level.estimate for name, rows in found.headlines.items()}
    assert both["paid_usd_bn_by_deadline"] == 0
    assert both["committed_usd_bn_by_deadline"] <= 45


def test_a_reading_of_no_effect_differs_by_nothing_in_every_world(found: Readings):
    for rows in found.headlines.values():
        assert rows["same"].moved == 0
        assert not rows["same"].against_base.decided
        assert rows["base"].against_base is None
        assert rows["base"].moved == 0


def test_the_same_command_again_computes_nothing(found: Readings, base: Path):
    again = sim.readings(base, replications=3, out=found.folder)
    assert again.up_to_date
    assert again.folder == found.folder
    assert again.table.equals(found.table)


def test_words_say_on_which_side_of_a_half_a_reading_puts_the_envelope(found: Readings):
    first, *others = found.what_it_takes()
    assert first.startswith("At least 90 % of the envelope is committed by the deadline in ")
    assert any("A small envelope" in line for line in others)


def test_an_overlay_lays_what_all_files_but_the_base_say(base: Path):
    folder = write(
        base.parent / "others",
        below="""
            schema: 1
            extends: ../mine.yaml
            policy: {calls: {reading: floor, cure_business_days: 3}}
            """,
        above="""
            schema: 1
            extends: below.yaml
            policy: {calls: {cure_business_days: 7}}
            """,
    )
    laid = read_overlays(folder)
    assert laid["above"] == {"policy": {"calls": {"reading": "floor", "cure_business_days": 7}}}
    assert laid["below"] == {"policy": {"calls": {"reading": "floor", "cure_business_days": 3}}}


def test_of_two_overlays_together_the_second_has_its_way():
    one = {"a": {"x": 1, "y": 2}, "b": [1]}
    assert together(one, {"a": {"y": 3}, "b": [2]}) == {"a": {"x": 1, "y": 3}, "b": [2]}
    assert one == {"a": {"x": 1, "y": 2}, "b": [1]}


def test_two_readings_that_make_no_sound_config_are_not_laid_together(base: Path):
    laid = {
        "a": {"programme": {"end": "2028-12-31"}},
        "b": {"programme": {"deadline": "2029-06-30"}},
        "desks": {"capacity": {"facilities": {"jbic": {"desks": 4}}}},
    }
    assert set(widest_that_fit(base, laid, ["b", "a", "desks"])) == {"b + desks"}


def test_two_readings_of_one_heap_before_the_deadline_are_not_laid_together(base: Path):
    """Rounds without a size, and rounds that come late or end in one that takes half."""
    laid = {
        "uncapped": {"nature": {"round_projects": None}},
        "late": {"policy": {"selection": {"late_rate": {"rate": 3, "last_days": 90}}}},
        "half": {"policy": {"selection": {"final_round": {"size": "share 0.5"}}}},
        "desks": {"capacity": {"facilities": {"jbic": {"desks": 4}}}},
    }
    ranked = ["uncapped", "late", "half", "desks"]
    assert set(widest_that_fit(base, laid, ranked)) == {"desks + uncapped"}
    assert not widest_that_fit(base, laid, ranked[:3])
    # A size in dollars in place of one by number is no heap.
    laid["uncapped"]["nature"]["round_usd_bn"] = {"kind": "constant", "value": 50}
    assert set(widest_that_fit(base, laid, ranked[:3])) == {"half + uncapped"}


def test_a_reading_that_is_unsound_is_refused_by_its_name(base: Path, tmp_path: Path):
    folder = write(
        base.parent / "bad", wrong="schema: 1\nextends: ../mine.yaml\npolicy: {staffing: x}\n"
    )
    with pytest.raises(
        ConfigError,
        match=r"^reading wrong: policy\.staffing: 'x' is not the name of a staffing rule",
    ):
        sim.readings(base, folder, replications=2, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_without_overlays_is_refused(base: Path, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DesignError, match="has no overlay; accepted: a folder with YAML files"):
        sim.readings(base, tmp_path / "empty")
