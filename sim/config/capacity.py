"""What is scarce: servers, stocks and specialists, as paths over time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from sim.config.distributions import Strictly
from sim.config.values import (
    Count,
    Day,
    Flag,
    Id,
    NotNegative,
    Number,
    Once,
    Share,
    State,
)


def _year(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}", value):
        return int(value)
    return value


Year = Annotated[int, BeforeValidator(_year), Field(ge=1990, le=2100)]
Unlimited = Literal["unlimited"]
States = Annotated[list[State], Once]
Money = Annotated[NotNegative, Field(le=1e9, description="Billions: is this in yen or dollars?")]
Rate = Annotated[Number, Field(ge=1, le=10_000, description="Yen per dollar: 150, or so.")]
People = Annotated[NotNegative, Field(le=1e9, description="There are not so many people.")]
Months = Annotated[Count, Field(le=600, description="A course of more than 50 years never ends.")]
ServerPath = Unlimited | Count | dict[Day, Count]


class Servers(Strictly):
    """Units held for a duration. ``count`` is a number, a dated path, or ``unlimited``."""

    label: str
    count: ServerPath


class YearlyMoney(Strictly):
    """Money that flows in each fiscal year, in billions of ``currency``.

    Years before the first listed have none, years after the last repeat it. ``first_year`` is the
    broken year in which the programme starts, stated for what is left of it.
    """

    currency: Literal["usd", "jpy"]
    first_year: Money
    per_fiscal_year: dict[Year, Money]
    carry_over: Flag = False


class Facility(Strictly):
    """A source of money with desks and two yearly stocks.

    ``inflow_while_raised``: what flows in is multiplied by it while tariffs are raised, pro rata:
    a backlash below 1, pressure that works above.
    ``signs_until`` is the last day on which it reserves a share; ``unsigned`` what becomes of what
    is selected and has none by then: the day does not bind it (``extend``), it is given up, or the
    facility ``reassigned_to`` takes the share over.
    """

    label: str
    instrument: Literal["loan", "insured_loan", "equity"]
    desks: ServerPath
    commitments: Unlimited | YearlyMoney
    cash: Unlimited | YearlyMoney
    inflow_while_raised: Annotated[NotNegative, Field(le=100)] = 1
    signs_until: Day | None = None
    unsigned: Literal["extend", "decline", "reassign"] = "extend"
    reassigned_to: Id | None = None


class Training(Strictly):
    """A stream of new specialists, out ``months`` after their intake.

    The intake of a month is a number or a dated path; its first value holds before its first date.
    """

    intake_per_month: People | dict[Day, People]
    months: Months
    completion_share: Share


class YearlySlots(Strictly):
    """Whole slots or megawatts open to the programme by calendar year.

    Years before the first listed have none, years after the last repeat it. ``first_year`` is the
    broken year in which the programme starts, stated for what is left of it. What is not taken in
    a year goes to others, unless ``carry_over``.
    """

    first_year: Count
    per_year: dict[Year, Count]
    carry_over: Flag = False


class Equipment(Strictly):
    """Makers' slots for one kind of long-lead equipment.

    ``reserved``: by project id and year, slots only that project can take, besides ``slots``;
    what it does not need in a year stays reserved.
    """

    label: str
    slots: Unlimited | YearlySlots
    reserved: dict[Id, dict[Year, Count]] = Field(default_factory=dict)


def in_year(per_year: Mapping[int, float], year: int) -> float:
    """What flows in in a year: years before the first listed have none, later ones repeat."""
    listed = [amount for known, amount in sorted(per_year.items()) if known <= year]
    return listed[-1] if listed else 0


class Claim(Strictly):
    """What the programme of another country takes of what is open to this one.

    ``slots`` by kind of equipment and ``megawatts`` by region, in calendar years: those before the
    first listed take none, later ones repeat. ``people`` by pool, from a date until the next.
    """

    label: str
    slots: dict[Id, dict[Year, Count]] = Field(default_factory=dict)
    megawatts: dict[Id, dict[Year, Count]] = Field(default_factory=dict)
    people: dict[Id, dict[Day, People]] = Field(default_factory=dict)


def _left(flow: Unlimited | YearlySlots, claims: Sequence[Mapping[int, int]]) -> YearlySlots | str:
    if isinstance(flow, str):
        return flow
    years = sorted({*flow.per_year, *(year for claim in claims for year in claim)})
    left = {
        year: max(0, int(in_year(flow.per_year, year) - sum(in_year(c, year) for c in claims)))
        for year in years
    }
    return flow.model_copy(update={"per_year": left})


class Region(Strictly):
    """Megawatts for large loads in some states, flowing in evenly over each year."""

    label: str
    states: States
    additions_mw: Unlimited | YearlySlots


class Power(Strictly):
    """The grid by region. Projects in a state listed nowhere belong to the region ``elsewhere``."""

    elsewhere: str
    regions: Annotated[dict[Id, Region], Field(min_length=1)]


class Pool(Strictly):
    """Specialists of one craft group, everywhere or in the listed ``states``.

    A project takes a craft from the pool of its state, else from the pool without states.

    ``market``: shared with other employers, short by the pool's part of the gap. ``dedicated``:
    the programme's own, nobody else bids (O = 0). ``unlimited``: the programme gets whoever it
    wants of this pool, and nothing else changes.
    """

    label: str
    craft: str | None = None  # default: the pool's own id
    states: States = Field(default_factory=list)
    kind: Literal["market", "dedicated"] = "market"
    people_at_start: People
    unlimited: Flag = False
    attrition_share_per_year: Share = 0
    visas_per_month: People = 0
    training: dict[Id, Training] = Field(default_factory=dict)
    gap_share: Share | None = None
    reference_demand_people: dict[Day, People] = Field(default_factory=dict)


class Gap(Strictly):
    """The shortage on a date and what becomes of it later; see docs/model.md, "Specialists"."""

    people: People
    date: Day
    afterwards: Literal["hold_gap", "continue", "close_by"] = "hold_gap"
    close_by: Day | None = None

    @model_validator(mode="after")
    def _close(self) -> Self:
        if (self.afterwards == "close_by") != (self.close_by is not None):
            raise ValueError("afterwards close_by takes close_by, and only it does")
        if self.close_by is not None and self.close_by <= self.date:
            raise ValueError(f"close_by {self.close_by} is not after the gap date {self.date}")
        return self


class Measure(Strictly):
    """A lever that adds people to pools, in months that begin from ``first_day`` to ``last_day``.

    ``finishers_per_month`` are there at once; of ``intake_per_month`` a ``completion_share`` is
    there ``months`` later. Visas bring finishers, retention keeps some who would leave.
    """

    label: str
    kind: Literal["training", "visas", "retention"]
    first_day: Day
    last_day: Day
    finishers_per_month: dict[Id, People] = Field(default_factory=dict)
    intake_per_month: dict[Id, People] = Field(default_factory=dict)
    months: Months | None = None
    completion_share: Share | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.finishers_per_month) == bool(self.intake_per_month):
            raise ValueError("takes finishers_per_month or intake_per_month, and not both")
        course = (self.months, self.completion_share)
        if (None in course) if self.intake_per_month else (course != (None, None)):
            raise ValueError("intake_per_month takes months and completion_share, and only it does")
        if self.intake_per_month and self.kind != "training":
            raise ValueError(f"intake_per_month is training; {self.kind} takes finishers_per_month")
        if self.last_day < self.first_day:
            raise ValueError(f"last_day {self.last_day} is before first_day {self.first_day}")
        return self


class Bidding(Strictly):
    """What the programme pays over all rivals, what it gets for it, and what that costs."""

    premium_share: Share = 0
    elasticity: NotNegative = 0
    pay_share_of_cost: Share = 0

    @property
    def weight(self) -> float:
        """Omega: how hard a person of the programme's demand bids against one of others'."""
        return float((1 + self.premium_share) ** self.elasticity)

    @property
    def cost_factor(self) -> float:
        """A project's cost with the premium over its cost without."""
        return 1 + self.premium_share * self.pay_share_of_cost


class Specialists(Strictly):
    """The market for scarce skills: pools, the gap, measures against it, and the bidding."""

    gap: Gap
    bidding: Bidding = Field(default_factory=Bidding)
    measures: dict[Id, Measure] = Field(default_factory=dict)
    pools: Annotated[dict[Id, Pool], Field(min_length=1)]


class Capacity(Strictly):
    """Everything scarce. Any of it can be ``unlimited``."""

    teams: Servers
    agencies: dict[Id, Servers] = Field(default_factory=dict)
    facilities: Annotated[dict[Id, Facility], Field(min_length=1)]
    fiscal_year_first_month: Annotated[Count, Field(ge=1, le=12)] = 4
    yen_per_usd: dict[Day, Rate] = Field(default_factory=dict)
    equipment: dict[Id, Equipment] = Field(default_factory=dict)
    power: Power | None = None
    specialists: Specialists
    claims: dict[Id, Claim] = Field(default_factory=dict)

    def slots_left(self, kind: str) -> YearlySlots | str:
        """A maker's slots less what other claimants take, whatever this programme wants."""
        claims = [claim.slots.get(kind, {}) for claim in self.claims.values()]
        return _left(self.equipment[kind].slots, claims)

    def megawatts_left(self, region: str) -> YearlySlots | str:
        """A region's megawatts less what other claimants take."""
        assert self.power is not None
        claims = [claim.megawatts.get(region, {}) for claim in self.claims.values()]
        return _left(self.power.regions[region].additions_mw, claims)


__all__ = ["Capacity", "Facility", "Number", "Pool", "Servers", "Specialists", "YearlyMoney"]
