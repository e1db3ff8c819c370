"""What a user reads when a value is wrong: file, line, path, what is wrong, what is accepted."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.configs import changed, line_of, minimal_tree, problems_of, refused

from sim.config import from_tree, load
from sim.config.yaml_lines import parse_yaml
from sim.errors import ConfigError, Problem

Write = Callable[..., Path]


def measure(rest: str, last_day: str = "2028-12-31") -> str:
    """Lines of a measure below specialists."""
    days = f"first_day: 2027-01-01, last_day: {last_day}"
    return f"measures:\n      more: {{label: More, {days}, {rest}}}"


VALUES = {
    "an unknown key": (
        "  start: 2026-01-01", "  begin: 2026-01-01\n  start: 2026-01-01", "  begin:",
        "programme.begin: unknown key; accepted: start, as_of, deadline, end, run_out, "
        "envelope_usd_bn, history",
    ),
    "a misspelt key": (
        "screening_days: {kind: constant, value: 20}", "screning_days: {kind: constant, value: 20}",
        None,
        "sectors.gas.screning_days: unknown key (did you mean screening_days?); accepted: label, "
        "article_group, screening_days, revision_days, prospects_share, revision_gain_share, "
        "japanese_content_share, permits, development, construction, labour, equipment, power",
    ),
    "an unknown parameter of a distribution": (
        "low: 28, mode: 33, high: 54", "low: 28, mod: 33, high: 54", None,
        "sectors.gas.construction.outcome_months.mod: unknown key (did you mean mode?); "
        "accepted: kind, low, mode, high",
    ),
    "an unknown kind": (
        "kind: triangular", "kind: triangle", None,
        "sectors.gas.construction.outcome_months.kind: 'triangle' is no known kind (did you mean "
        "triangular?); accepted: constant, uniform, exponential, triangular, pert, lognormal, "
        "weibull, gamma, empirical, bernoulli, mixture",
    ),
    "a missing kind": (
        "{kind: constant, value: 20}", "{values: [20]}", None,
        "sectors.gas.screening_days.kind: is required and missing; accepted: constant, uniform, "
        "exponential, triangular, pert, lognormal, weibull, gamma, empirical, bernoulli, mixture",
    ),
    "a number for a distribution": (
        "screening_days: {kind: constant, value: 20}", "screening_days: 20", None,
        "sectors.gas.screening_days: 20 is not a distribution; accepted: a distribution: "
        "{kind: ..., ...} with kind one of constant, uniform, exponential, triangular, pert, "
        "lognormal, "
        "weibull, gamma, empirical, bernoulli, mixture",
    ),
    "a distribution out of order": (
        "low: 28, mode: 33, high: 54", "low: 28, mode: 60, high: 54", None,
        "sectors.gas.construction.outcome_months: low 28, mode 60, high 54 are not in order; "
        "accepted: low <= mode <= high, low < high",
    ),
    "two spellings of a lognormal": (
        "median: 5, sigma: 0.5", "median: 5, mean: 6, sigma: 0.5", None,
        "pipelines.gas.cost_usd_bn: given mean, median, sigma; accepted: median + sigma, or "
        "mean + sigma, or p10 + p90",
    ),
    "text for a number": (
        "envelope_usd_bn: 550", "envelope_usd_bn: ten", None,
        "programme.envelope_usd_bn: 'ten' is not a number; accepted: a number >= 0",
    ),
    "marks in a number": (
        "envelope_usd_bn: 550", "envelope_usd_bn: 1_000", None,
        "programme.envelope_usd_bn: '1_000' is not a number; accepted: a number >= 0",
    ),
    "a boolean for a number": (
        "envelope_usd_bn: 550", "envelope_usd_bn: true", None,
        "programme.envelope_usd_bn: true is not a number; accepted: a number >= 0",
    ),
    "an infinite number": (
        "envelope_usd_bn: 550", "envelope_usd_bn: .inf", None,
        "programme.envelope_usd_bn: inf is not a finite number; accepted: a number >= 0",
    ),
    "a share above one": (
        "specialist_share: 0.4", "specialist_share: 40", None,
        "sectors.gas.labour.specialist_share: 40 is out of range; accepted: a number from 0 to 1",
    ),
    "more desks than are counted": (
        "desks: 3", "desks: 9716645", None,
        "capacity.facilities.jbic.desks: 9716645 is out of range; accepted: unlimited or a whole "
        "number from 0 to 1000000 or a mapping {YYYY-MM-DD: a whole number from 0 to 1000000}",
    ),
    "a fraction for a whole number": (
        "maximum: 40", "maximum: 40.5", None,
        "pipelines.gas.maximum: 40.5 is not a whole number; "
        "accepted: a whole number from 1 to 10000",
    ),
    "an impossible date": (
        "deadline: 2029-01-19", "deadline: 2029-02-30", None,
        "programme.deadline: '2029-02-30' is not a date of the calendar (day is out of range for "
        "month); accepted: a date YYYY-MM-DD",
    ),
    "a number for a date": (
        "deadline: 2029-01-19", "deadline: 2029", None,
        "programme.deadline: 2029 is not a date; accepted: YYYY-MM-DD",
    ),
    "an impossible date as a key": (
        "{2026-01-01: 0.15}", "{2026-13-01: 0.15}", None,
        "policy.enforcement.baseline.general.2026-13-01: the key '2026-13-01' is not a date "
        "YYYY-MM-DD; accepted: a date YYYY-MM-DD",
    ),
    "a word for a year": (
        "cash: unlimited", "cash: {currency: usd, first_year: 1, per_fiscal_year: {FY26: 3}}",
        None,
        "capacity.facilities.jbic.cash.per_fiscal_year.FY26: the key 'FY26' is not a year from "
        "1990 to 2100; accepted: a year from 1990 to 2100",
    ),
    "an unknown choice": (
        "reading: cap", "reading: caps", None,
        "policy.calls.reading: 'caps' is not one of floor, cap; accepted: one of floor, cap",
    ),
    "an unknown trigger": (
        "trigger: progress 0.5", "trigger: progress 50%", None,
        "policy.calls.slices.second.trigger: 'progress 50%' is no trigger; accepted: selection, "
        "equipment_order, ntp, 'progress 0.25'",
    ),
    "a wrong count": (
        "count: 4", "count: four", None,
        "capacity.teams.count: 'four' is not unlimited or a whole number or a mapping; accepted: "
        "unlimited or a whole number >= 0 or a mapping {YYYY-MM-DD: a whole number >= 0}",
    ),
    "a wrong step of a path": (
        "count: 4", "count: {2026-01-01: 4, 2027-01-01: -1}", None,
        "capacity.teams.count.2027-01-01: -1 is out of range; accepted: a whole number >= 0",
    ),
    "an unknown key in yearly money": (
        "cash: unlimited", "cash: {currency: usd, first_year: 1, per_fiscal_years: {2026: 3}}",
        None,
        "capacity.facilities.jbic.cash.per_fiscal_years: unknown key (did you mean "
        "per_fiscal_year?); accepted: currency, first_year, per_fiscal_year, carry_over",
    ),
    "text for a flag": (
        "relief_days: 30", "relief_days: 30\n    active: yes", "active: yes",
        "policy.enforcement.active: 'yes' is not true or false; accepted: true or false",
    ),
    "a number for text": (
        "label: Gas power", "label: 42", None,
        "sectors.gas.label: 42 is not text; accepted: text (put it in quotes)",
    ),
    "a list for a mapping": (
        "rates: {general: 0.25}", "rates: [0.25]", None,
        "policy.enforcement.routes.section_232.rates: a list is not a mapping; accepted: a mapping "
        "{ID: a number from 0 to 1}",
    ),
    "another schema": (
        "schema: 1", "schema: 2", None,
        "schema: 2 is not 1; accepted: 1",
    ),
    "a name with blanks": (
        "title: Minimal", "name: my scenario", None,
        "name: 'my scenario' is no plain name; accepted: letters, digits and . _ - (a letter or "
        "digit first)",
    ),
    "a word in a list": (
        "{kind: constant, value: 12}", "{kind: empirical, values: [1, two]}", None,
        "sectors.gas.permits.work_months.values.1: 'two' is not a number; accepted: a number",
    ),
    "weights for other values": (
        "{kind: constant, value: 12}", "{kind: empirical, values: [1, 2], weights: [1]}", None,
        "sectors.gas.permits.work_months: 1 weights for 2 values",
    ),
    "a range upside down": (
        "{kind: constant, value: 12}", "{kind: uniform, low: 3, high: 3}", None,
        "sectors.gas.permits.work_months: low 3 is not below high 3; accepted: low < high",
    ),
    "percentiles upside down": (
        "median: 5, sigma: 0.5", "p10: 5, p90: 0.5", None,
        "pipelines.gas.cost_usd_bn: p10 5 is not below p90 0.5; accepted: p10 < p90",
    ),
    "a mixture that is not whole": (
        "{kind: constant, value: 12}",
        "{kind: mixture, components: {a: {weight: 0.5, distribution: {kind: constant, value: 1}}}}",
        None, "sectors.gas.permits.work_months: weights add up to 0.5, not to 1",
    ),
    "a mixture in a mixture": (
        "{kind: constant, value: 12}",
        "{kind: mixture, components: {a: {weight: 1, distribution: {kind: mixture}}}}", None,
        "sectors.gas.permits.work_months.components.a.distribution.kind: 'mixture' is no known "
        "kind; accepted: constant, uniform, exponential, triangular, pert, lognormal, "
        "weibull, gamma, empirical, bernoulli",
    ),
    "two descriptions of building": (
        "basis: outcome", "basis: outcome\n      plan_months: 30", "construction:",
        "sectors.gas.construction: basis outcome takes outcome_months and nothing of the plan",
    ),
    "a plan without a plan": (
        "basis: outcome", "basis: plan", "construction:",
        "sectors.gas.construction: basis plan takes plan_months and schedule_ratio, no "
        "outcome_months",
    ),
    "litigation without an end": (
        "starts: selection", "starts: selection\n      litigation_probability: 0.2", "permits:",
        "sectors.gas.permits: litigation_probability needs litigation_months and "
        "litigation_max_rounds",
    ),
    "more days than the maximum": (
        "arrivals_per_year: 4\n    maximum: 40",
        "schedule: [2026-02-01, 2026-03-01]\n    maximum: 1", "  gas:\n    label: More",
        "pipelines.gas: schedule lists 2 days, maximum 1",
    ),
    "meetings without a rhythm": (
        "investment_committee:\n    meetings: {kind: none}",
        "investment_committee:\n    meetings: {kind: every}", "meetings: {kind: every}",
        "policy.investment_committee.meetings: kind every takes business_days and first_day",
    ),
    "meetings without dates": (
        "investment_committee:\n    meetings: {kind: none}",
        "investment_committee:\n    meetings: {kind: dates}", "meetings: {kind: dates}",
        "policy.investment_committee.meetings: kind dates takes dates",
    ),
    "rounds without dates": (
        "rounds: immediate", "rounds: dates", "selection:\n    rounds",
        "policy.selection: rounds dates takes dates",
    ),
    "a gap that closes on no date": (
        "gap: {people: 0, date: 2030-01-01}",
        "gap: {people: 0, date: 2030-01-01, afterwards: close_by}", None,
        "capacity.specialists.gap: afterwards close_by takes close_by, and only it does",
    ),
    "a gap that closes before it opens": (
        "gap: {people: 0, date: 2030-01-01}",
        "gap: {people: 0, date: 2030-01-01, afterwards: close_by, close_by: 2029-01-01}", None,
        "capacity.specialists.gap: close_by 2029-01-01 is not after the gap date 2030-01-01",
    ),
    "a measure that adds nobody": (
        "gap: {people: 0, date: 2030-01-01}",
        "gap: {people: 0, date: 2030-01-01}\n    " + measure("kind: visas"), "      more: {",
        "capacity.specialists.measures.more: takes finishers_per_month or "
        "intake_per_month, and not both",
    ),
    "a course without a length": (
        "gap: {people: 0, date: 2030-01-01}",
        "gap: {people: 0, date: 2030-01-01}\n    "
        + measure("kind: training, intake_per_month: {electrical: 5}"), "      more: {",
        "capacity.specialists.measures.more: intake_per_month takes months and completion_share, "
        "and only it does",
    ),
    "visas that train": (
        "gap: {people: 0, date: 2030-01-01}",
        "gap: {people: 0, date: 2030-01-01}\n    " + measure(
            "kind: visas, intake_per_month: {electrical: 5}, months: 3, completion_share: 1"
        ), "      more: {",
        "capacity.specialists.measures.more: intake_per_month is training; visas takes "
        "finishers_per_month",
    ),
    "a measure that ends before it begins": (
        "gap: {people: 0, date: 2030-01-01}",
        "gap: {people: 0, date: 2030-01-01}\n    " + measure(
            "kind: visas, finishers_per_month: {electrical: 5}", "2026-12-31"
        ), "      more: {",
        "capacity.specialists.measures.more: last_day 2026-12-31 is before first_day 2027-01-01",
    ),
    "two laws of development": (
        "    construction:\n",
        "    development: {remaining_months: {kind: constant, value: 9}, whole_months: "
        "{kind: constant, value: 9}}\n    construction:\n", "    development:",
        "sectors.gas.development: takes either remaining_months, or whole_months with a done_share",
    ),
    "a done share of what remains": (
        "    construction:\n",
        "    development: {remaining_months: {kind: constant, value: 9}, done_share: "
        "{kind: constant, value: 0.5}}\n    construction:\n", "    development:",
        "sectors.gas.development: whole_months takes a done_share, remaining_months none",
    ),
    "two ways of arriving": (
        "arrivals_per_year: 4", "arrivals_per_year: 4\n    schedule: [2026-05-01]",
        "  gas:\n    label: More", "pipelines.gas: takes either arrivals_per_year or schedule",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", VALUES)
def test_a_wrong_value_is_named_with_its_line_and_what_is_accepted(case: str, write: Write) -> None:
    old, new, at, expected = VALUES[case]
    text = changed((old, new))
    path = write("my.yaml", text)
    if at is not None and "\n" in at:
        line = text[: text.index(at)].count("\n") + 1
    else:
        line = line_of(text, at or new)
    got = problems_of(path)
    assert f"my.yaml:{line}: {expected}" in got
    others = [problem for problem in got if "is required and missing" not in problem]
    assert len(others) <= 1


def test_a_missing_key_is_reported_at_the_line_of_its_parent(write: Write) -> None:
    text = changed(("    article_group: energy\n", ""))
    path = write("my.yaml", text)
    with refused(
        f"my.yaml:{line_of(text, '  gas:')}: sectors.gas.article_group: is required and missing; "
        "accepted: text"
    ):
        load(path)


def test_a_missing_section_is_reported_at_the_top(write: Write) -> None:
    path = write("my.yaml", changed(("schema: 1\n", "")))
    with refused("my.yaml:2: schema: is required and missing; accepted: 1"):
        load(path)


YAML = {
    "an empty file": ("", "my.yaml:1: file: is empty; accepted: keys with values"),
    "only comments": (
        "# nothing\n",
        "my.yaml:1: file: says nothing: only comments; accepted: keys with values",
    ),
    "a list": ("- a\n", "my.yaml:1: file: holds a list; accepted: keys with values at the top"),
    "a word": (
        "hello\n",
        "my.yaml:1: file: holds plain text; accepted: keys with values at the top",
    ),
    "a tab": (
        "a:\n\tb: 1\n",
        "my.yaml:2: yaml: a tab where YAML wants blanks; accepted: indent with blanks",
    ),
    "two colons": (
        "a: 1\nb: c: d\n",
        "my.yaml:2: yaml: cannot be read: mapping values are not allowed here (two colons in one "
        "line, or wrong indentation); accepted: YAML 1.2",
    ),
    "a merge key": (
        "a: &x {b: 1}\nc:\n  <<: *x\n",
        "my.yaml:3: c: merge keys (<<) are not YAML 1.2; accepted: extends: FILE, or *alias",
    ),
    "two documents": (
        "a: 1\n---\nb: 2\n",
        "my.yaml:2: file: a second document ('---'); accepted: one document in a file",
    ),
    "a list as a key": (
        "? [a]\n: 1\n",
        "my.yaml:1: file: a key is itself a list, a mapping or an alias; accepted: a text key",
    ),
    "an alias without an anchor": (
        "a: *b\n",
        "my.yaml:1: a: alias *b refers to nothing complete above",
    ),
    "a control character": (
        "a: 1\nb: \x01\n",
        "my.yaml:2: yaml: holds a character that YAML does not allow (a control character?); "
        "accepted: plain text",
    ),
    "deep nesting": (
        "a: " + "[" * 60 + "]" * 60,
        "my.yaml:1: a.0.0: is nested too deeply; accepted: at most 40 levels",
    ),
    "another encoding": (
        "a: 1\nb: \xe9\n".encode("latin-1"),
        "my.yaml:2: file: is not UTF-8 text; accepted: text saved as UTF-8",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", YAML)
def test_a_file_that_cannot_be_read_says_why_and_where(case: str, write: Write) -> None:
    text, expected = YAML[case]
    path = write("my.yaml", text)
    with refused(expected):
        load(path)


def test_a_key_given_twice_is_refused_with_both_lines(write: Write) -> None:
    text = changed(("    relief_days: 30", "    signed_probability: 0.5\n    relief_days: 30"))
    path = write("my.yaml", text)
    first, second = line_of(text, "signed_probability: 1"), line_of(text, "signed_probability: 0.5")
    with refused(
        f"my.yaml:{second}: policy.enforcement.signed_probability: is given twice, first in line "
        f"{first}; accepted: one"
    ):
        load(path)


def test_a_tag_is_refused(write: Write) -> None:
    path = write("my.yaml", changed(("title: Minimal", "title: !!python/name:os.system Minimal")))
    with refused(
        "my.yaml:3: title: has the tag tag:yaml.org,2002:python/name:os.system; accepted: plain "
        "values without tags"
    ):
        load(path)


def test_aliases_that_blow_up_are_refused_quickly() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    root, problems = parse_yaml("\n".join(lines), "bomb.yaml")
    assert root is None
    assert "aliases blow the file up; accepted: at most 200,000 values" in str(problems[0])


def test_a_comma_in_a_flow_mapping_gets_a_hint(write: Write) -> None:
    text = changed(("{label: Energy, share_low", "{label: Energy, light and heat, share_low"))
    path = write("my.yaml", text)
    assert (
        f"my.yaml:{line_of(text, 'light and heat')}: article_mix.energy: key 'light and heat' has "
        "a dot or a blank (inside { } a comma ends a value: put the text in quotes); accepted: "
        "letters, digits, - _"
    ) in problems_of(path)


def test_a_missing_file_names_those_beside_it(write: Write) -> None:
    write("base.yaml", "a: 1")
    with refused(
        "bsae.yaml: file: there is no such file; accepted: a file that exists; beside it: base.yaml"
    ):
        load("bsae.yaml")


def test_a_folder_is_no_file(write: Write) -> None:
    write("folder/base.yaml", "a: 1")
    with refused("folder: file: is a folder; accepted: a YAML file"):
        load("folder")


def test_problems_of_several_files_come_all_at_once(write: Write) -> None:
    """YAML, schema, cross-checks, sources, rows and --set: one run shows everything."""
    base = changed(
        ("envelope_usd_bn: 550", "envelope_usd_bn: {value: 550, source: nobody}"),
        ("    relief_days: 30", "    relief_days: 30\n    relief_days: 31"),
        ("crafts: {electrical: 1}", "crafts: {electrcal: 1}"),
        ("portfolio:\n", "portfolio:\n  file: rows.csv\n"),
    )
    write("base.yaml", base)
    write(
        "sources.yaml",
        "sources:\n  test: {kind: published, title: T, url: U}\n  other: {kind: rumour}\n",
    )
    write(
        "rows.csv",
        "id,name,kind,sector,announced_usd_bn,proposed_date,source\n"
        "B-01,B,project,gas,1.5,2026-02-01,test\n"
        'C-01,C,project,gas,"1,500",2026-02-01,test\n',
    )
    write("mine.yaml", "extends: base.yaml\npolicy:\n  calls: {raeding: floor}\n")
    assert problems_of("mine.yaml", {"programme.envelop_usd_bn": 3}) == [
        "--set: programme.envelop_usd_bn: there is no key envelop_usd_bn in programme (did you "
        "mean programme.envelope_usd_bn?); accepted: start, as_of, deadline, end, run_out, "
        "envelope_usd_bn, history",
        f"base.yaml:{line_of(base, 'electrcal')}: sectors.gas.labour.crafts.electrcal: there is "
        "no pool of specialists electrcal (did you mean electrical?); accepted: electrical",
        f"base.yaml:{line_of(base, 'relief_days: 31')}: policy.enforcement.relief_days: is given "
        f"twice, first in line {line_of(base, 'relief_days: 30')}; accepted: one",
        "mine.yaml:3: policy.calls.raeding: unknown key (did you mean reading?); accepted: "
        "reading, calendar, first_window_business_days, later_window_business_days, "
        "grace_business_days, cure_business_days, lead_margin_days, slices, facility_shares, draw",
        "rows.csv:3: row C-01, column announced_usd_bn: '1,500' is not a number; accepted: a "
        "number with a point and no other marks",
        "sources.yaml:2: sources.test.date: is required and missing; accepted: text",
        "sources.yaml:3: sources.other.kind: 'rumour' is no known kind; accepted: published, "
        "assumption",
    ]


def test_a_sector_nobody_defines_is_told_beside_what_else_is_wrong_in_the_row(write: Write) -> None:
    write("base.yaml", changed())
    write(
        "mine.yaml",
        "extends: base.yaml\nportfolio:\n  projects:\n"
        "    A-01: {sector: batteries, kind: prject}\n",
    )
    assert problems_of("mine.yaml") == [
        "mine.yaml:4: portfolio.projects.A-01.kind: 'prject' is not one of project, supplier, "
        "idea; accepted: one of project, supplier, idea",
        "mine.yaml:4: portfolio.projects.A-01.sector: there is no sector batteries; accepted: gas",
    ]


def test_a_broken_overlay_does_not_hide_what_else_is_wrong(write: Write) -> None:
    write("base.yaml", changed(("title: Minimal", "title: A\ntitle: B")))
    write("mine.yaml", "extends: base.yaml\nrun: {seed: 1, seed: 2}\n")
    assert problems_of("mine.yaml") == [
        "base.yaml:4: title: is given twice, first in line 3; accepted: one",
        "mine.yaml:2: run.seed: is given twice, first in line 2; accepted: one",
    ]


def test_no_word_of_the_machinery_reaches_the_user(write: Write) -> None:
    for old, new, _, _ in VALUES.values():
        path = write("my.yaml", changed((old, new)))
        text = "\n".join(problems_of(path))
        for word in ("Input should", "pydantic", "http", "ctx", "Value error", "None", "Node"):
            assert word not in text


def _problems(call: Callable[[], object]) -> tuple[Problem, ...]:
    try:
        call()
    except ConfigError as error:
        return error.problems
    return ()


def _all_paths(tree: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    paths = [path] if path else []
    if isinstance(tree, dict):
        for key, value in tree.items():
            paths += _all_paths(value, (*path, key))
    return paths


TREE = minimal_tree()
PATHS = _all_paths(TREE)
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-10, 10**9), st.floats(), st.text(max_size=8),
    st.just("unlimited"), st.just("2027-01-01"), st.just({}), st.just([]), st.just([1, "a"]),
    st.just({"kind": "constant", "value": 1}), st.just({"kind": "mixture", "components": {}}),
    st.just({"value": 1, "source": "S"}), st.just({"source": "S"}), st.just({"2026-01-01": 1}),
    st.dictionaries(st.text(min_size=1, max_size=5), st.integers(), max_size=2),
)  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=120)
@given(st.lists(st.tuples(st.sampled_from(PATHS), JUNK), min_size=1, max_size=3))
def test_no_change_of_a_config_raises_anything_but_config_errors(
    changes: list[tuple[tuple[str, ...], Any]],
) -> None:
    tree = deepcopy(TREE)
    for path, value in changes:
        here = tree
        for key in path[:-1]:
            here = here[key] if isinstance(here, dict) and key in here else {}
        if isinstance(here, dict):
            here[path[-1]] = deepcopy(value)
    for problem in _problems(lambda: from_tree(tree)):
        assert problem.file == "<tree>"
        assert problem.path
        assert problem.message


LINES = changed().splitlines()


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.integers(0, len(LINES) - 1),
    st.sampled_from(["delete", "twice", "indent", "cut", "brace", "tab", "colon"]),
)
def test_every_problem_of_a_damaged_file_has_a_line(
    tmp_path_factory: pytest.TempPathFactory, number: int, damage: str
) -> None:
    lines = list(LINES)
    line = lines[number]
    lines[number] = {
        "delete": "", "twice": f"{line}\n{line}", "indent": f"   {line}",
        "cut": line[: len(line) // 2], "brace": f"{line} {{", "tab": f"\t{line}",
        "colon": f"{line}: x",
    }[damage]  # fmt: skip
    path = tmp_path_factory.mktemp("damaged") / "my.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    for problem in _problems(lambda: load(path)):
        assert problem.line > 0
        assert problem.file.endswith("my.yaml")
