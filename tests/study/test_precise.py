"""Runs that stop when they know enough: the same bytes as a run with that many replications."""

from __future__ import annotations

from pathlib import Path

import pytest
from cases import MINIMAL, Heard, parts, results

import sim
from sim.errors import DesignError
from sim.events import RESPONSES
from sim.study.run import precise
from sim.study.run.precise import HEADLINES, Goal, parse_goal
from sim.study.run.work import Work

PAID = Goal(absolute={"paid_usd_bn_by_end": 5.0}, most=400)


@pytest.fixture(autouse=True)
def _no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.api._draw_figures", lambda run, progress, png: None)


def test_it_stops_when_the_half_width_is_confirmed_with_the_bytes_of_a_run_of_that_length(
    tmp_path: Path,
):
    found = sim.run(MINIMAL, precision=PAID, out=tmp_path / "precise")
    (said,) = found.manifest["precision"]["responses"]
    n = found.manifest["replications"]
    assert 40 < n < 400
    assert n == said["confirmed_at"] == said["n"]
    assert said["half_width"] <= said["wanted"] == 5.0

    sim.run(MINIMAL, replications=n, out=tmp_path / "at_once")

    assert results(tmp_path / "precise") == results(tmp_path / "at_once")
    assert len(results(tmp_path / "precise")) == 17


def test_the_number_of_replications_does_not_depend_on_the_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    found = sim.run(MINIMAL, precision=PAID, out=tmp_path / "one")
    monkeypatch.setattr(precise, "_FIRST_CHUNK", 170)

    again = sim.run(MINIMAL, precision=PAID, out=tmp_path / "two")

    assert found.manifest["replications"] == again.manifest["replications"]
    assert results(tmp_path / "one") == results(tmp_path / "two")


def test_a_spent_budget_is_said_and_written_down(tmp_path: Path):
    heard = Heard()
    goal = Goal(relative=0.1, most=50)

    found = sim.run(MINIMAL, precision=goal, out=tmp_path / "out", progress=heard)

    assert found.manifest["replications"] == 50
    outcomes = {row["response"]: row["outcome"] for row in found.manifest["precision"]["responses"]}
    assert tuple(outcomes) == HEADLINES
    assert outcomes["days_selection_to_ntp_p50"] == ("reached at 30, confirmed at 35")
    assert outcomes["completed_usd_bn_by_2029_end"] == "not reached"
    assert any(
        note.startswith("not reached in 50 replications: ") and "by_2029_end" in note
        for note in heard.notes
    )


def test_the_same_goal_again_finds_the_finished_run_and_another_one_does_not(tmp_path: Path):
    goal = Goal(relative=0.1, most=40)
    sim.run(MINIMAL, precision=goal, out=tmp_path / "out")

    assert sim.run(MINIMAL, precision=goal, out=tmp_path / "out").up_to_date
    other = sim.run(MINIMAL, precision=Goal(0.1, most=41), out=tmp_path / "out")
    assert (other.up_to_date, other.folder) == (False, tmp_path / "out-2")


def test_what_an_interruption_left_is_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Struck between the first chunk and the second."""
    whole = Work.compute

    def struck(work, replications):
        if replications > 40:
            raise KeyboardInterrupt("Ctrl-C")
        return whole(work, replications)

    monkeypatch.setattr(Work, "compute", struck)
    with pytest.raises(KeyboardInterrupt, match="Ctrl-C"):
        sim.run(MINIMAL, precision=PAID, out=tmp_path / "out")
    assert len(parts(tmp_path / "out")) == 6  # the first ten in three
    monkeypatch.setattr(Work, "compute", whole)
    heard = Heard()

    found = sim.run(MINIMAL, precision=PAID, out=tmp_path / "out", progress=heard)

    (note,) = heard.notes
    assert note.endswith("so many it takes to confirm the last response, paid_usd_bn_by_end")
    assert found.folder == tmp_path / "out"
    sim.run(MINIMAL, precision=PAID, out=tmp_path / "calm")
    assert results(tmp_path / "out") == results(tmp_path / "calm")


def test_headline_responses_are_responses():
    assert set(HEADLINES) <= set(RESPONSES)


def test_a_share_and_half_widths_in_their_own_units_are_read_from_the_command_line():
    goal = parse_goal(["0.02", "declined_count=0.5", "paid_usd_bn_by_end=2"], None)

    assert goal == Goal(0.02, {"declined_count": 0.5, "paid_usd_bn_by_end": 2.0}, 2000)
    targets = goal.targets
    assert (targets["declined_count"].relative, targets["declined_count"].absolute) == (None, 0.5)
    assert targets["paid_usd_bn_by_end"].wanted(50.0) == 2.0
    assert targets["paid_usd_bn_by_end"].wanted(500.0) == 10.0
    assert parse_goal([], None) is None


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["two"], r"'two' is no number; accepted: 0\.02 \(a share of the mean\)"),
        (["paid=1"], "there is no response paid; accepted: selected_count,"),
        (["-0.02"], r"accepted: a share of the mean, or RESPONSE=HALF_WIDTH, above 0"),
    ],
)
def test_a_goal_that_makes_no_sense_is_refused_in_words(texts: list[str], words: str):
    with pytest.raises(DesignError, match=words):
        parse_goal(texts, None)


def test_precision_and_replications_are_one_or_the_other(tmp_path: Path):
    with pytest.raises(DesignError, match="replications and precision are both given"):
        sim.run(MINIMAL, replications=5, precision=0.02, out=tmp_path / "out")


@pytest.mark.parametrize("share", [5.0, 0.6, 0.0005])
def test_a_share_of_the_mean_that_nobody_means_is_refused(share):
    with pytest.raises(DesignError, match=r"of the mean; accepted: 0\.001 to 0\.5, such as 0\.02"):
        Goal(relative=share)
