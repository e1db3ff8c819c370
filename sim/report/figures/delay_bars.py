"""What the bars of the figure of delays look like; which cause is in which, its row says."""

from __future__ import annotations

from typing import NamedTuple

from sim.events.ledger_causes import BARS as ROWS
from sim.events.ledger_causes import LEDGER_ROWS
from sim.report.figures import style


class Bar(NamedTuple):
    """Causes drawn as one; ``hatch`` tells what colour alone would."""

    label: str
    colour: str
    hatch: str


# Dots are few: each is a circle of eight curves, and more made a megabyte of the figure.
_LOOKS = {
    "record": ("#FFFFFF", ".."),
    "review": ("#B9DDF3", ".."),
    "selection": (style.ORANGE, "/////"),
    "lenders": (style.YELLOW, "\\\\\\\\\\"),
    "funding": (style.PURPLE, "xxxxx"),
    "permits": (style.GREY, ""),
    "development": (style.LIGHT_GREY, ".."),
    "building": (style.GREEN, ""),
    "overrun": ("#A5DCC9", "|||||"),
    "crews": (style.VERMILLION, "-----"),
    "machines": (style.SKY, "+++++"),
    "power": (style.BLUE, ""),
    "paused": ("#FFFFFF", "xxxx"),
}
BARS: dict[str, Bar] = {name: Bar(row.label, *_LOOKS[name]) for name, row in ROWS.items()}


def causes_of(bar: str) -> tuple[str, ...]:
    """Causes of the ledger that a bar stands for, in its order."""
    return tuple(row.name for row in LEDGER_ROWS if row.bar == bar)
