"""What a run rests on: its numbers counted by source, published or assumed."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from sim.config import Loaded
from sim.config.sources import OVERRIDE, Published

PUBLISHED, ASSUMED, CHANGED = "published", "assumed", "changed"


class Rests(NamedTuple):
    """A source and how many values of the config rest on it.

    ``kind`` is ``published``, ``assumed``, or ``changed`` (by ``--set`` or an overlay, without a
    source); ``says`` its title or reason; ``range`` how far an assumption could be off.
    """

    source: str
    kind: str
    numbers: int
    says: str
    range: str = ""
    url: str = ""
    date: str = ""


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
            rows.append(Rests(source, CHANGED, numbers, "changed without a source of its own"))
        elif isinstance(said, Published):
            rows.append(Rests(source, PUBLISHED, numbers, said.title, "", said.url, said.date))
        else:
            both = [str(one) for one in said.range] if isinstance(said.range, list) else []
            wide = " to ".join(both) if both else str(said.range)
            rows.append(Rests(source, ASSUMED, numbers, said.reason, wide, said.url, said.date))
    return [row for row in rows if row.numbers]


def counts(rows: list[Rests]) -> dict[str, int]:
    """Numbers published, assumed and changed."""
    return {
        kind: sum(row.numbers for row in rows if row.kind == kind)
        for kind in (PUBLISHED, ASSUMED, CHANGED)
    }
