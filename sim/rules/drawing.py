"""What a yearly stock does when the first in its queue wants more than there is left."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


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
