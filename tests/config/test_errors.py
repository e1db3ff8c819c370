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
