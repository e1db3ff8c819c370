"""What a yearly stock does when its queue wants more than is left, or tariffs change its inflow."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import inf


@dataclass(frozen=True)
class ShortView:
    """The claim whose turn it is; claims queue by due date, notice and ordinal. Cents."""

    wanted_cents: int  # of the claim, not drawn yet; more than is left
    left_cents: int
    claim_cents: int  # the whole claim
    ordinal: int  # of the project


class Draw(Enum):
    """What becomes of it."""

    PART = "part"  # it takes what is left and waits for the rest, the others behind it
    STOP = "stop"  # it waits for the whole, and holds up all behind it
    PASS = "pass"  # it waits, and smaller ones may pass


def partial(view: ShortView) -> Draw:
    """Take what there is."""
    return Draw.PART


def block(view: ShortView) -> Draw:
    """Wait until the whole claim fits; nobody passes."""
    return Draw.STOP


def skip(view: ShortView) -> Draw:
    """Wait until the whole claim fits; smaller ones pass."""
    return Draw.PASS


def answer(inflow: float, rest: float, response: float, raised: bool, moved: float) -> float:
    """Cents by which the inflow of a year changes when tariffs go up, or come down again.

    Parameters
    ----------
    inflow : float
        Of the whole year, as the config has it; inf where there is no limit.
    rest : float
        Share of the year that is left.
    response : float
        What the inflow is multiplied by while they are raised.
    raised : bool
        They have gone up, or the year begins with them up; else they come down.
    moved : float
        What the year has gained so far, below 0 what was withheld: no more than that comes back.

    Examples
    --------
    >>> answer(1200, 0.75, 0.5, True, 0), answer(1200, 0.5, 0.5, False, -450)
    (-450, 300)
    """
    if inflow == inf:
        return 0
    change = round((response - 1) * inflow * rest)
    if raised or response > 1:
        return change if raised else -change
    return min(-change, -moved)
