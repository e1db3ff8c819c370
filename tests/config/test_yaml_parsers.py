"""The parser in C and the one in Python: the same values, lines and problems from every text."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from sim.config import yaml_lines
from sim.config.nodes import Node
from sim.config.yaml_lines import parse_yaml
from sim.errors import Problem

CONFIGS = Path(__file__).parents[2] / "configs"
OURS = sorted(CONFIGS.rglob("*.yaml"))
# What YAML has in store, beside what stands in our files.
ODD = (
    "a: &x {k: 1, l: [2]}\nb: *x\nc: {d: *x, e: [*x, *x]}\n",
    "p: &s\n  q: 1\nr:\n  - *s\n  - &t 3\n  - *t\n",
    "t: |\n  one\n\n  two\n \nu: >-\n  a\n  b\n\n  c\n",
    "q: \"a\\\n  b\\x41\"\nk: 'x\n\n  y''s'\n",
    "- a\n- b: c\n  d: e\n",
    "{a: b, c}: d\n",
    "a: b c\n  d e\n\n  f\n",
)
PIECES = (
    *" :,[]{}#&*!|>'\"%@`-?\n\t~<=\\/.a1é\x85\u2028\ufeff\r",
    "\n\n", "---\n", "...\n", "- ", "? ", ": ", "<<: ", "!!str ", "|\n", "|2-\n", ">+\n", ">-#",
    '"\\u00e9\\/"', "%YAML 1.1\n", "http://a.b/c:d", "\n  ", " #", "# ", "\n \n",
)  # fmt: skip

pytestmark = pytest.mark.skipif(yaml_lines.CParser is None, reason="ruamel.yaml.clib is missing")


def both(text: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, list[Problem]]]:
    """What either parser makes of a text: lines and values, and the problems."""
    found = []
    for parser in (yaml_lines.CParser, None):
        with monkeypatch.context() as patch:
            patch.setattr(yaml_lines, "CParser", parser)
            root, problems = parse_yaml(text, "x.yaml")
        found.append((with_lines(root), problems))
    return found


def with_lines(node: Node | None) -> Any:
    if node is None:
        return None
    value: Any = node.value
    if isinstance(value, dict):
        value = [(key, with_lines(below)) for key, below in value.items()]
    elif isinstance(value, list):
        value = [with_lines(below) for below in value]
    return node.line, type(node.value), value


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_both_parsers_read_our_configs_alike_and_c_reads_them_all(path: Path, monkeypatch):
    text = path.read_text(encoding="utf-8")

    by_c, by_python = both(text, monkeypatch)

    assert by_c == by_python
    monkeypatch.setattr(yaml_lines, "YAML", None)  # whoever needs it now fails
    assert parse_yaml(text, "x.yaml")[1] == by_python[1]


def test_both_parsers_read_and_refuse_damaged_files_alike(monkeypatch):
    rng = random.Random(20250904)
    texts = [path.read_text(encoding="utf-8").splitlines(keepends=True) for path in OURS]
    accepted = 0
    for _ in range(400):
        text = damaged(rng, texts)
        by_c, by_python = both(text, monkeypatch)
        assert by_c == by_python, text
        accepted += not by_c[1]

    assert 50 < accepted < 350, "both what is fine and what is not"


def damaged(rng: random.Random, texts: list[list[str]]) -> str:
    """Some lines of a config at their own indent, or odd ones, with up to three changes."""
    if rng.random() < 0.7:
        lines = rng.choice(texts)
        first = rng.randrange(len(lines))
        cut = lines[first : first + rng.randrange(1, 14)]
        indent = len(cut[0]) - len(cut[0].lstrip(" "))
        text = "".join(line[min(indent, len(line) - len(line.lstrip(" "))) :] for line in cut)
    else:
        text = "".join(rng.choice(ODD) for _ in range(rng.randrange(1, 4)))
    for _ in range(rng.randrange(4)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice((*PIECES, "")) + text[at + rng.randrange(2) :]
    return text


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\tb\n",  # a tab
        "a: b\u2028c: d\n",  # a line break of YAML 1.1 only
        "a: !!str 1\n",
        "*a: 1\n",
        "&ab: *a\n",
        "a: >-#\n  b\n",
        "a: |\n \n  one\n",
        "%YAML 1.1\n---\na: 1\n",
        "a: {b: http://x.y/z}\n",
        "a: {b:1}\n",
        "a: [?x, -1, :y]\n",
        'a: "\\/"\n',
    ],
    ids=repr,
)
def test_what_yaml_1_1_reads_otherwise_is_not_read_by_it(text: str, monkeypatch):
    by_c, by_python = both(text, monkeypatch)

    assert by_c == by_python
