"""What a run rests on: its numbers counted by source, published or assumed."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from sim.config import Loaded
from sim.config.sources import OVERRIDE, Published

PUBLISHED, ASSUMED, NOTHING = "published", "assumed", "no source"
GRADES = ("high", "medium", "low", "")  # the last: nobody has graded it


class Rests(NamedTuple):
    """A source and how many values of the config rest on it.

    ``kind`` is ``published``, ``assumed``, or ``no source`` (given by ``--set`` or in a file that
    names none); ``says`` its title or reason; ``range`` how far an assumption could be off;
    ``grade`` how well the page it names bears it, one of `GRADES`.
    """

    source: str
    kind: str
    numbers: int
    says: str
    range: str = ""
    url: str = ""
    date: str = ""
    grade: str = ""


def rests_on(loaded: Loaded) -> list[Rests]:
    """Every source used, those of most numbers first; choices of the run rest on nothing."""
    counted = Counter(
        source for path, source in loaded.sources.items() if not path.startswith("run.")
    )
    counted[OVERRIDE] += len(loaded.unsourced)
    rows = []
    for source, numbers in counted.most_common():
        said = loaded.source_table.get(source)
        if said is None:
            rows.append(Rests(source, NOTHING, numbers, "given without a source"))
        elif isinstance(said, Published):
            rows.append(
                Rests(
                    source,
                    PUBLISHED,
                    numbers,
                    said.title,
                    "",
                    said.url,
                    said.date,
                    said.grade or "",
                )
            )
        else:
            both = said.range if isinstance(said.range, list) else [said.range]
            wide = " to ".join(f"{one:g}" if isinstance(one, float) else one for one in both)
            rows.append(
                Rests(
                    source,
                    ASSUMED,
                    numbers,
                    said.reason,
                    wide,
                    said.url,
                    said.date,
                    said.grade or "",
                )
            )
    return [row for row in rows if row.numbers]


def counts(rows: list[Rests]) -> dict[str, int]:
    """Numbers published, assumed, and without a source."""
    return {
        kind: sum(row.numbers for row in rows if row.kind == kind)
        for kind in (PUBLISHED, ASSUMED, NOTHING)
    }


def graded(rows: list[Rests], kind: str) -> str:
    """How many numbers of a kind rest on sources of each of `GRADES`; empty where none is graded.

    Examples
    --------
    >>> rows = [Rests("a", "assumed", 3, "", grade="high"), Rests("b", "assumed", 4, "")]
    >>> graded(rows, "assumed")
    '3 high, 4 not graded'
    """
    found = {
        grade: sum(row.numbers for row in rows if row.kind == kind and row.grade == grade)
        for grade in GRADES
    }
    if sum(found.values()) == found[""]:
        return ""
    return ", ".join(f"{n:,} {grade or 'not graded'}" for grade, n in found.items() if n)
