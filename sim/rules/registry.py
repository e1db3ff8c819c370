"""Every rule that a config can name, by kind. The schema takes the names it accepts from here.

To add a rule: write one function of its kind's view, or for a ranking its column, and add one row
here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from sim.rules.drawing import Draw, ShortView, block, partial, skip
from sim.rules.ordering import OrdersView, by_unit, whole_order
from sim.rules.ranking import (
    Preference,
    Ranking,
    best_prospects,
    first_proposed,
    largest_first,
    listed,
    most_japanese_content,
    smallest_first,
)
from sim.rules.screening import FundingView, Response, always_fund, as_disposed, weighs_tariff
from sim.rules.staffing import StaffingRule, fair_share, first_come_full_crew, priority
from sim.rules.tariff import BreachView, Stage, own_ladder

Funding = Callable[[FundingView], Response]
Tariff = Callable[[BreachView], Stage]


@dataclass(frozen=True)
class Staffing:
    """A staffing rule, and the rows it wants: sets of crafts, or single sites in some order."""

    share: StaffingRule
    rows: Literal["crafts", "ranked", "asked", "proposed"]


@dataclass(frozen=True)
class Drawing:
    """What becomes of a claim that does not fit; ``whole`` claims are never drawn in parts."""

    short: Callable[[ShortView], Draw]
    whole: bool


@dataclass(frozen=True)
class Ordering:
    """Who gets slots; ``sets_aside``: a year's last slots stay for the first in the queue."""

    grant: Callable[[OrdersView], list[int]]
    sets_aside: bool


STAFFING: Mapping[str, Staffing] = {
    "fair_share": Staffing(fair_share, rows="crafts"),
    "priority": Staffing(priority, rows="ranked"),
    "first_come_full_crew": Staffing(first_come_full_crew, rows="asked"),
}
RANKING: Mapping[str, Ranking] = {
    "first_proposed": first_proposed,
    "largest_first": largest_first,
    "smallest_first": smallest_first,
    "best_prospects": best_prospects,
    "most_japanese_content": most_japanese_content,
}
PREFERENCE: Mapping[str, Preference] = {"listed": listed}
DRAWING: Mapping[str, Drawing] = {
    "partial": Drawing(partial, whole=False),
    "block": Drawing(block, whole=True),
    "skip": Drawing(skip, whole=True),
}
ORDERING: Mapping[str, Ordering] = {
    "by_unit": Ordering(by_unit, sets_aside=True),
    "whole_order": Ordering(whole_order, sets_aside=False),
}
FUNDING: Mapping[str, Funding] = {
    "as_disposed": as_disposed,
    "always_fund": always_fund,
    "weighs_tariff": weighs_tariff,
}
TARIFF: Mapping[str, Tariff] = {"own_ladder": own_ladder}

KINDS: Mapping[str, Mapping[str, object]] = {
    "staffing": STAFFING,
    "ranking": RANKING,
    "preference": PREFERENCE,
    "drawing": DRAWING,
    "ordering": ORDERING,
    "funding": FUNDING,
    "tariff": TARIFF,
}
