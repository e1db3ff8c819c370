"""What results are held against: thresholds, groups of sectors, yardsticks. It moves no result."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from sim.config.distributions import Strictly
from sim.config.values import Id, NotNegative, Once, Share

Sectors = Annotated[list[Id], Once]


class SectorsNamed(Strictly):
    """Sectors that somebody names together."""

    label: str
    sectors: Sectors


class Yardstick(Strictly):
    """A yearly amount, in billions of ``currency``, that what leaves Japan is held against."""

    label: str
    currency: Literal["usd", "jpy"]
    per_year: NotNegative


class Makers(Strictly):
    """One kind of machine: its part of what the ``sectors`` cost, and what Japanese makers sell."""

    label: str
    sectors: Sectors
    cost_share: Share
    japanese_share: Share


class Step(Strictly):
    """What somebody can buy against a capacity, as the overlay that it lays on the config.

    ``capacity`` is one of `sim.config.limits.capacities`.
    """

    capacity: Id
    label: str
    overlay: dict[str, Any]


class Report(Strictly):
    """What the summary asks, P(amount by the deadline >= threshold x envelope), and compares.

    And what `sim bottlenecks` asks: what each of the ``steps`` is worth.
    """

    envelope_thresholds: Annotated[list[Share], Once] = Field(
        default_factory=lambda: [0.5, 0.75, 0.9, 0.95, 0.99]
    )
    expected_to_gain: dict[Id, SectorsNamed] = Field(default_factory=dict)
    yardsticks: dict[Id, Yardstick] = Field(default_factory=dict)
    makers: dict[Id, Makers] = Field(default_factory=dict)
    steps: dict[Id, Step] = Field(default_factory=dict)
