"""What the groups of the figure of delays look like; which cause is in which, its row says."""

from __future__ import annotations

from typing import NamedTuple

from sim.events.ledger_causes import LEDGER_ROWS
from sim.report.figures import style


class Bar(NamedTuple):
    """Causes drawn as one; ``hatch`` tells what colour alone would."""

    label: str
    colour: str
    hatch: str = ""


# By the name that the rows of the ledger's causes give, in the order in which they are drawn.
BARS: dict[str, Bar] = {
    "record": Bar("fixed by the record", "#FFFFFF", "...."),
    "review": Bar("review: teams and committees", "#B9DDF3", "...."),
    "selection": Bar("the President's selection", style.ORANGE, "/////"),
    "lenders": Bar("lenders' appraisal, consultation", style.YELLOW, "\\\\\\\\\\"),
    "funding": Bar("funding: windows, desks, money", style.PURPLE, "xxxxx"),
    "permits": Bar("permits, courts included", style.GREY),
    "development": Bar("development: contracts, close", style.LIGHT_GREY, "....."),
    "building": Bar("building, typical time", style.GREEN),
    "overrun": Bar("building beyond typical", "#A5DCC9", "|||||"),
    "crews": Bar("crews missing or too small", style.VERMILLION, "-----"),
    "machines": Bar("machines", style.SKY, "+++++"),
    "power": Bar("grid connection and megawatts", style.BLUE),
    "paused": Bar("paused", "#FFFFFF", "xxxx"),
}


def causes_of(bar: str) -> tuple[str, ...]:
    """Causes of the ledger that a bar stands for, in its order."""
    return tuple(row.name for row in LEDGER_ROWS if row.bar == bar)
