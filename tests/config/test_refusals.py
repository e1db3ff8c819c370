"""What is refused, one table: a fragment of an overlay, and every line that a user then reads.

In ``refusals/*.txt`` a case is its name behind ``#``, the fragment as it would be written, and each
message behind ``>`` with the line of the fragment it is about.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.configs import changed, problems_of

TABLES = sorted((Path(__file__).parent / "refusals").glob("*.txt"))
MACHINERY = ("Input should", "pydantic", "http", "ctx", "Value error", "None", "Node")


def _cases() -> dict[str, tuple[str, list[str]]]:
    """By name: the fragment, and what is said of it."""
    cases = {}
    for table in TABLES:
        _, *blocks = table.read_text(encoding="utf-8").strip().split("\n\n")
        for block in blocks:
            name, *lines = block.split("\n")
            assert name.startswith("# "), f"{table.name}: {name}"
            assert name not in cases, f"{table.name}: {name} is there twice"
            said = [line[2:] for line in lines if line.startswith("> ")]
            assert said, f"{table.name}: {name}"
            cases[name[2:]] = "\n".join(lines[: -len(said)]), said
    return cases


CASES = _cases()


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_with_its_line_and_in_these_words(
    case: str, write: Callable[..., Path]
) -> None:
    fragment, said = CASES[case]
    write("base.yaml", changed())
    path = write("my.yaml", f"{fragment}\nextends: base.yaml\n")

    assert problems_of(path) == [f"my.yaml:{line}" for line in said]
    assert not [word for word in MACHINERY if word in "\n".join(said)]
