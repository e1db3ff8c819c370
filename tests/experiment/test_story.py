"""The dated story of a project: every kind of event has words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sim.config import load
from sim.errors import DesignError
from sim.events import CAUSES as ALL_CAUSES
from sim.events import KINDS, Kind
from sim.experiment import story
from sim.experiment.runs import run_replications
from sim.experiment.story import Happening, story_lines, tell

MINIMAL = Path(__file__).parents[1] / "config" / "minimal.yaml"
DAY = 1440
OF_THE_PROGRAMME = {
    Kind.TARIFF_NOTICE_GIVEN,
    Kind.TARIFF_CONSULTATION_BEGAN,
    Kind.TARIFF_RAISED,
    Kind.TARIFF_RELIEVED,
    Kind.TARIFF_COMPLIANT,
    Kind.CAPACITY_CHANGED,
    Kind.DEADLINE_CLOSED,
}


def happening(event: str, day: int = 0, **more: object) -> Happening:
    values: dict[str, object] = {"resource": None, "cause": None, "part": None, "amount": 0.0}
    values |= more
    when = date.fromordinal(date(2026, 1, 1).toordinal() + day)
    return Happening(time=day * DAY, day=when, event=event, **values)  # type: ignore[arg-type]


def test_every_event_a_project_can_have_has_a_sentence():
    told = {KINDS[kind] for kind in Kind if kind not in OF_THE_PROGRAMME}

    assert told - story.SENTENCES.keys() == {"wait_began", "wait_ended"}


def test_every_cause_has_words():
    assert set(ALL_CAUSES) - story.CAUSES.keys() == {"none"}


def test_a_recorded_event_says_so():
    lines = story_lines([happening("selected", cause="recorded", amount=33e9)])

    assert lines == ["2026-01-01  selected by the President: USD 33.00 bn committed (recorded)"]


def test_a_wait_is_one_line_at_its_end_and_names_whom_it_was_for():
    lines = story_lines(
        [
            happening("wait_began", 0, cause="funding_desk", resource="jbic_desks", part=1),
            happening("wait_began", 1, cause="funding_desk", resource="nexi_desks", part=1),
            happening("wait_ended", 9, cause="funding_desk", resource="jbic_desks", part=1),
            happening("wait_ended", 31, cause="funding_desk", resource="nexi_desks", part=1),
        ],
        {"jbic_desks": "JBIC", "nexi_desks": "NEXI"},
    )

    assert lines == [
        "2026-01-10  ... 9.0 days waited for a lender's desk (JBIC)",
        "2026-02-01  ... 30 days waited for a lender's desk (NEXI)",
    ]


def test_a_wait_of_no_length_is_not_told():
    wait = {"cause": "permits"}

    assert story_lines([happening("wait_began", **wait), happening("wait_ended", **wait)]) == []


def test_a_wait_that_never_ends_is_told():
    assert story_lines([happening("wait_began", cause="selection_wait")]) == [
        "2026-01-01  ... waits for a presidential round from here to the end"
    ]


def test_parts_are_counted_from_one():
    assert story_lines([happening("call_noticed", part=0, amount=1.32e9)]) == [
        "2026-01-01  cash call 1 noticed: USD 1.32 bn"
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_replications(load(MINIMAL), tmp_path_factory.mktemp("story") / "run").folder


def test_the_story_of_a_named_project_goes_from_proposal_to_its_end(folder: Path):
    text = tell(folder, load(MINIMAL).config, 2, "A-01", 1)

    lines = text.splitlines()
    assert lines[0] == "A-01: Plant A"
    assert lines[1] == "Gas power; cost USD 10.00 bn, 1 unit; replication 1"
    assert lines[3] == "2026-01-05  proposed; it would need USD 10.00 bn"
    assert "notice to proceed" in text
    assert lines[-1] == "At the end of the run (2035-12-31): operating"
    days = [line[:10] for line in lines[3:-2]]
    assert days == sorted(days)


def test_a_generated_project_has_a_story_too(folder: Path):
    text = tell(folder, load(MINIMAL).config, 2, "gas-001", 0)

    assert text.startswith("gas-001: a generated project")


def test_an_unknown_project_is_answered_with_near_ones(folder: Path):
    with pytest.raises(DesignError, match="no project A-1 in replication 0; accepted: .* A-01"):
        tell(folder, load(MINIMAL).config, 2, "A-1", 0)


def test_an_unknown_replication_is_refused(folder: Path):
    with pytest.raises(DesignError, match="no replication 2 in .*; accepted: 0 to 1"):
        tell(folder, load(MINIMAL).config, 2, "A-01", 2)


def test_an_idea_that_did_not_enter_is_explained(tmp_path: Path):
    path = tmp_path / "idea.yaml"
    path.write_text(
        f"extends: {MINIMAL.as_posix()}\nschema: 1\nportfolio: {{projects: {{B-01: {{name: Idea, "
        "kind: idea, sector: gas, announced_usd_bn: 1, entry_probability: 0, "
        "proposed_date: 2026-02-01, source: test}}}\n",
        encoding="utf-8",
    )
    loaded = load(path)
    folder = run_replications(loaded, tmp_path / "run").folder

    with pytest.raises(DesignError, match="B-01 does not enter in replication 0"):
        tell(folder, loaded.config, 2, "B-01", 0)
