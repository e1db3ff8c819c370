"""Lists of events, causes and responses in docs/outputs.md, made from the rows of sim/events.

    python docs/lists.py          write them into the document
    python docs/lists.py --show   print them instead

They stand between ``<!-- list: NAME -->`` and ``<!-- end -->``. A test says when they are old.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from sim.events import LEDGER_CAUSES, LEDGER_GROUPS, RESPONSES, WAITS, Cause, Kind
from sim.events.ledger_causes import LEDGER_ROWS

DOCUMENT = Path(__file__).with_name("outputs.md")
MARKED = re.compile(r"(<!-- list: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def together(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Rows of a Markdown table; neighbours that differ in the name alone share one."""
    for rest, alike in groupby(rows, key=lambda row: row[1:]):
        names = ", ".join(f"`{name}`" for name, *_ in alike)
        yield re.sub(r"(?<=\|)  (?=\|)", " ", f"| {' | '.join((names, *rest))} |")


def events() -> Iterator[str]:
    """What happened, and what the columns mean beside it."""
    yield "| event | `part` | `amount` | resource, cause and others |\n|---|---|---|---|"
    said = []
    for kind in Kind:
        row = kind.row
        unit = row.unit if row.unit and row.unit not in row.amount else ""
        amount = f"{row.amount}, {unit}" if unit else row.amount
        others = [
            f"{what}: {text}"
            for what, text in (("resource", row.resource), ("cause", row.cause))
            if text
        ]
        said.append(
            (kind.name.lower(), row.part, amount, "; ".join([*others, row.note]).strip("; "))
        )
    yield from together(said)


def waits() -> Iterator[str]:
    """Causes a project can wait for."""
    yield "| cause | waits for | several at once | in the delay ledger |\n|---|---|---|---|"
    for cause in WAITS:
        row = cause.row
        several = f"added, by {row.several}" if row.several else ""
        charged = "" if row.charged is None else f"`{LEDGER_CAUSES[row.charged]}`"
        yield from together([(cause.name.lower(), row.waits_for, several, charged)])


def reasons() -> Iterator[str]:
    """Causes that say why something happened."""
    yield "| cause | why something happened |\n|---|---|"
    rows = [cause for cause in Cause if cause and cause not in WAITS]
    yield from together((cause.name.lower(), cause.row.note) for cause in rows)


def ledger() -> Iterator[str]:
    """Causes of the delay ledger by group."""
    yield "| group | causes |\n|---|---|"
    for group, causes in LEDGER_GROUPS.items():
        rows = [row for row in LEDGER_ROWS if row.name in causes]
        said = (f"`{row.name}`" + (f" ({row.note})" if row.note else "") for row in rows)
        yield f"| `{group}` | {', '.join(said)} |"


def responses() -> Iterator[str]:
    """Responses, those of several moments together."""
    yield "| response | unit | is |\n|---|---|---|"
    yield from together((row.name, row.unit, row.meaning) for row in RESPONSES.values())


LISTS = {made.__name__: made for made in (responses, waits, ledger, events, reasons)}


def made(text: str) -> str:
    """A document with its lists as the rows have them."""

    def one(match: re.Match[str]) -> str:
        return "\n".join([match[1].rstrip("\n"), *LISTS[match[2]](), match[3]])

    return MARKED.sub(one, text)


if __name__ == "__main__":
    if "--show" in sys.argv:
        print("\n\n".join("\n".join(write()) for write in LISTS.values()))
    else:
        DOCUMENT.write_text(made(DOCUMENT.read_text("utf-8")), "utf-8")
