"""Where each number comes from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.configs import changed, line_of, minimal_tree, problems_of, refused

from sim.config import load, load_tree
from sim.config.sources import Assumption, Published

Write = Callable[..., Path]

TABLE = """\
sources:
  mou: {kind: published, title: Memorandum, url: "https://example.org/mou", date: 2025-09-04}
  guess: {kind: assumption, reason: No better idea., range: [1, 9]}
  test: {kind: assumption, reason: It is a test., range: any}
"""
ENVELOPE = ("envelope_usd_bn: 550", "envelope_usd_bn: {value: 550, source: mou, note: rounded}")
OUTCOME = ("low: 28, mode: 33, high: 54", "low: 28, mode: 33, high: 54, source: guess")


def test_a_sourced_value_is_read_as_the_value(write: Write) -> None:
    write("sources.yaml", TABLE)
    loaded = load(write("my.yaml", changed(ENVELOPE)))
    assert loaded.config.programme.envelope_usd_bn == 550
    assert loaded.sources["programme.envelope_usd_bn"] == "mou"
    assert isinstance(loaded.source_table["mou"], Published)
    assert isinstance(loaded.source_table["guess"], Assumption)
    assert Path("sources.yaml") in loaded.files


def test_a_source_in_a_mapping_covers_what_has_none_of_its_own(write: Write) -> None:
    text = changed(
        OUTCOME,
        ("programme:\n", "programme:\n  source: guess\n"),
        ENVELOPE,
        ("count: 4", "count: {2026-01-01: 4, 2027-01-01: 6, source: mou}"),
    )
    loaded = load(write("my.yaml", text))
    sources = loaded.sources
    assert sources["programme.start"] == "guess"
    assert sources["programme.envelope_usd_bn"] == "mou"
    assert "programme.history" not in sources  # a word, not a number
    assert sources["sectors.gas.construction.outcome_months.mode"] == "guess"
    assert sources["capacity.teams.count.2027-01-01"] == "mou"
    assert loaded.config.capacity.teams.count != {}


def test_words_and_lists_may_name_a_source_too(write: Write) -> None:
    text = changed(
        ("reading: cap", "reading: {value: cap, source: mou}"),
        ("rounds: immediate", "rounds: dates\n    dates: {value: [2026-05-01], source: mou}"),
    )
    loaded = load(write("my.yaml", text))
    assert loaded.sources["policy.calls.reading"] == "mou"
    assert loaded.sources["policy.selection.dates"] == "mou"


def test_a_whole_mapping_may_be_the_value(write: Write) -> None:
    loaded = load(
        write("my.yaml", changed(("count: 4", "count: {value: {2026-01-01: 4}, source: mou}")))
    )
    assert loaded.sources["capacity.teams.count.2026-01-01"] == "mou"


def test_a_constant_is_no_sourced_value(write: Write) -> None:
    text = changed(("screening_days: {kind: constant, value: 20}",
                    "screening_days: {kind: constant, value: 20, source: mou}"))  # fmt: skip
    loaded = load(write("my.yaml", text))
    assert loaded.sources["sectors.gas.screening_days.value"] == "mou"


def test_a_project_keeps_its_source_and_is_covered_by_it(write: Write) -> None:
    loaded = load(write("my.yaml", changed()))
    assert loaded.config.portfolio.projects["A-01"].source == "test"
    assert loaded.sources["portfolio.projects.A-01.announced_usd_bn"] == "test"
    assert loaded.sources["portfolio.projects.A-01.proposed_date"] == "test"


def test_a_plain_value_in_an_overlay_has_no_source(write: Write) -> None:
    write("base.yaml", changed(ENVELOPE, OUTCOME))
    write(
        "mine.yaml",
        "extends: base.yaml\nprogramme: {envelope_usd_bn: 5}\n"
        "sectors: {gas: {construction: {outcome_months: {low: 29}}}}\n",
    )
    loaded = load("mine.yaml")
    assert "programme.envelope_usd_bn" not in loaded.sources
    assert "sectors.gas.construction.outcome_months.low" not in loaded.sources
    assert loaded.sources["sectors.gas.construction.outcome_months.high"] == "guess"
    assert "programme.envelope_usd_bn" in loaded.unsourced


def test_an_overlay_may_give_its_own_source(write: Write) -> None:
    write("base.yaml", changed(ENVELOPE))
    write("mine.yaml", "extends: base.yaml\nprogramme: {envelope_usd_bn: {value: 5, source: me}}\n")
    assert load("mine.yaml").sources["programme.envelope_usd_bn"] == "me"


def test_unsourced_counts_numbers_and_dates_but_not_words_and_run_settings(write: Write) -> None:
    loaded = load(write("my.yaml", changed(ENVELOPE)))
    paths = loaded.unsourced
    assert "programme.start" in paths
    assert "sectors.gas.construction.outcome_months.mode" in paths
    assert not {"schema", "run.seed", "programme.history", "sectors.gas.label"} & set(paths)
    assert "programme.envelope_usd_bn" not in paths
    assert "portfolio.projects.A-01.announced_usd_bn" not in paths


def test_a_value_may_say_that_it_has_no_source(write: Write) -> None:
    text = changed(
        ("announced_usd_bn: 10", "announced_usd_bn: {value: 10, source: null}"),
    )
    assert "portfolio.projects.A-01.announced_usd_bn" in load(write("my.yaml", text)).unsourced


def test_an_unknown_source_is_refused_where_there_is_a_table(write: Write) -> None:
    write("sources.yaml", TABLE)
    text = changed(ENVELOPE, ("count: 4", "count: {value: 4, source: gues}"))
    path = write("my.yaml", text)
    with refused(
        f"my.yaml:{line_of(text, 'gues')}: capacity.teams.count: source 'gues' is not in the table "
        "of sources (did you mean guess?); accepted: an id listed in sources.yaml, or under "
        "sources in the file itself"
    ):
        load(path)


def test_the_source_of_a_project_is_looked_up_too(write: Write) -> None:
    write("sources.yaml", TABLE)
    text = changed(("source: test", "source: tset"))
    assert problems_of(write("my.yaml", text)) == [
        f"my.yaml:{line_of(text, 'announced')}: portfolio.projects.A-01.announced_usd_bn: source "
        "'tset' is not in the table of sources (did you mean test?) (3 values name it); accepted: "
        "an id listed in sources.yaml, or under sources in the file itself"
    ]


def test_tables_are_found_beside_every_file_of_the_chain(write: Write) -> None:
    write("configs/base.yaml", changed(ENVELOPE))
    write("configs/sources.yaml", TABLE)
    write(
        "mine/sources.yaml", "sources: {me: {kind: assumption, reason: I think so, range: 1 to 9}}"
    )
    write(
        "mine/my.yaml",
        "extends: ../configs/base.yaml\nprogramme: {envelope_usd_bn: {value: 5, source: me}}\n",
    )
    assert set(load("mine/my.yaml").source_table) == {"mou", "guess", "test", "me"}


def test_a_table_may_stand_in_the_config_and_comes_first(write: Write) -> None:
    write("sources.yaml", TABLE)
    text = changed(ENVELOPE) + (
        "sources:\n  mou: {kind: assumption, reason: mine, range: [1, 2]}\n"
    )
    assert isinstance(load(write("my.yaml", text)).source_table["mou"], Assumption)


def test_a_tree_may_carry_its_table() -> None:
    tree = minimal_tree()
    tree["sources"] = {"S": {"kind": "assumption", "reason": "r", "range": "any"}}
    tree["programme"]["envelope_usd_bn"] = {"value": 5, "source": "T"}
    accepted = "accepted: an id listed in sources.yaml, or under sources in the file itself"
    with refused(
        f"<tree>: programme.envelope_usd_bn: source 'T' is not in the table of sources; {accepted}",
        "<tree>: portfolio.projects.A-01.announced_usd_bn: source 'test' is not in the table of "
        f"sources (3 values name it); {accepted}",
    ):
        load_tree(tree)


ENTRIES = {
    "no address": (
        "{kind: published, title: T, date: 2025}",
        "sources.s.url: is required and missing; accepted: text",
    ),
    "no range": (
        "{kind: assumption, reason: R}",
        "sources.s.range: is required and missing; accepted: text or a list, each entry a number "
        "or text",
    ),
    "no kind": (
        "{title: T}",
        "sources.s.kind: is required and missing; accepted: published, assumption",
    ),
    "an unknown key": (
        "{kind: assumption, reason: R, range: any, ulr: U}",
        "sources.s.ulr: unknown key (did you mean url?); accepted: kind, reason, range, title, "
        "url, date, grade, note",
    ),
    "a grade of another scale": (
        "{kind: assumption, reason: R, range: any, grade: good}",
        "sources.s.grade: 'good' is not one of high, medium, low; accepted: one of high, medium, "
        "low",
    ),
    "an empty reason": (
        "{kind: assumption, reason: '', range: any}",
        "sources.s.reason: is empty; accepted: text",
    ),
    "plain text": ("somewhere", "sources.s: 'somewhere' is not a source; accepted: a source: "
                   "{kind: ..., ...} with kind one of published, assumption"),
}  # fmt: skip


@pytest.mark.parametrize("case", ENTRIES)
def test_an_entry_of_the_table_is_complete(case: str, write: Write) -> None:
    entry, expected = ENTRIES[case]
    write("sources.yaml", f"sources:\n  s: {entry}\n")
    with refused(f"sources.yaml:2: {expected}"):
        load(write("my.yaml", changed()))


def test_a_table_without_its_first_key_is_refused(write: Write) -> None:
    write("sources.yaml", "s: {kind: published}\n")
    got = problems_of(write("my.yaml", changed()))
    assert got == [
        "sources.yaml:1: s: unknown key; accepted: sources",
        "sources.yaml:1: sources: is required and missing; accepted: a mapping {ID: a source: "
        "{kind: ..., ...} with kind one of published, assumption}",
    ]


WRONG = {
    "a number for an id": (
        "{value: 550, source: 3}",
        "programme.envelope_usd_bn.source: 3 is not the id of a source; accepted: text; null: no "
        "source",
    ),
    "a key too many": (
        "{value: 550, source: mou, unit: bn}",
        "programme.envelope_usd_bn: key unit stands beside value and source; accepted: value, "
        "source, note",
    ),
    "no source": (
        "{value: 550}",
        "programme.envelope_usd_bn: a mapping is not a number; accepted: a number >= 0",
    ),
    "a wrong value": (
        "{value: many, source: mou}",
        "programme.envelope_usd_bn: 'many' is not a number; accepted: a number >= 0",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_sourced_value_in_a_wrong_form_is_refused(case: str, write: Write) -> None:
    form, expected = WRONG[case]
    text = changed(("envelope_usd_bn: 550", f"envelope_usd_bn: {form}"))
    path = write("my.yaml", text)
    with refused(f"my.yaml:{line_of(text, 'envelope_usd_bn')}: {expected}"):
        load(path)
