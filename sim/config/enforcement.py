"""What the United States does about a breach: tariffs by class, and the routes to higher ones."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.config.distributions import Strictly
from sim.config.rule_names import RuleOf
from sim.config.values import Count, Day, Flag, Id, Length, Once, PositiveLength, Share, UsdBn

MONTHS_AT_MOST = 12 * 100


class Route(Strictly):
    """One legal route to a higher tariff: how high, for how long. How soon is nature's.

    An order takes each route in law by its ``probability``, and the likeliest if that is none.
    ``in_law``: from its dates on the route can be used, or not; before the first, and without any,
    it can.
    """

    label: str
    probability: Share = 1
    in_law: dict[Day, Flag] = Field(default_factory=dict)
    max_duration_days: PositiveLength | None = None
    rates: dict[Id, Share]


class ActedOn(Strictly):
    """Probability that the US acts on a material breach, by what opened it."""

    call_missed: Share
    declined: Share
    review_failed: Share = 0
    signing_ended: Share = 0


class Review(Strictly):
    """What has been committed, called or paid by each of the dates, against a path.

    On ``dates``, or from ``first_day`` on ``every_months`` to ``last_day``. More than
    ``tolerance_usd_bn`` behind it is a breach, until a later review finds it back; the last date
    ends it.
    """

    label: str
    measure: Literal["committed", "called", "paid"]
    dates: Annotated[list[Day], Once] = Field(default_factory=list)
    every_months: Annotated[Count, Field(ge=1)] | None = None
    first_day: Day | None = None
    last_day: Day | None = None
    path_usd_bn: Annotated[dict[Day, UsdBn], Field(min_length=1)]
    tolerance_usd_bn: UsdBn = 0

    @model_validator(mode="after")
    def _when(self) -> Self:
        rhythm = [item is not None for item in (self.every_months, self.first_day, self.last_day)]
        if any(rhythm) == bool(self.dates) or any(rhythm) != all(rhythm):
            raise ValueError("takes dates, or every_months with first_day and last_day")
        if len(self.held_on) < 2:
            raise ValueError("takes two dates at least: the last one ends what failed before")
        return self

    @property
    def held_on(self) -> list[date]:
        """The days of the review; a day the month does not have is its last."""
        if self.first_day is None or self.last_day is None or self.every_months is None:
            return sorted(self.dates)
        first, found = self.first_day, []
        for month in range(first.month - 1, MONTHS_AT_MOST, self.every_months):
            year, place = first.year + month // 12, month % 12 + 1
            found.append(date(year, place, min(first.day, monthrange(year, place)[1])))
            if found[-1] > self.last_day:
                return found[:-1]
        return found


class Enforcement(Strictly):
    """Baseline tariff path by class, and what the US does about an open breach.

    A breach of less than ``materiality_usd_bn`` unpaid is let pass; of the others so many are
    answered by a threat, and of threats that run their length so many by an order. Rates are the
    highest of each class over the baseline and the routes in force.
    """

    active: Flag = True
    machine: Annotated[str, RuleOf("tariff")] = "own_ladder"
    baseline: dict[Id, dict[Day, Share]]
    materiality_usd_bn: UsdBn = 0
    acted_on_probability: ActedOn
    signed_probability: Share
    relief_days: Length
    reviews: dict[Id, Review] = Field(default_factory=dict)
    routes: Annotated[dict[Id, Route], Field(min_length=1, max_length=15)]
