"""Money once a project runs: operation, sharing, loans, and what is lost."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.config.distributions import Distribution, Strictly
from sim.config.values import Day, Flag, Id, NotNegative, Number, PositiveCount, Share

# Quarters are listed one by one, and a yearly rate compounds over all of them.
Rate = Annotated[Number, Field(ge=-1, le=10, description="A share a year: is this in percent?")]
Cost = Annotated[Rate, Field(ge=0)]
Years = Annotated[Number, Field(gt=0, le=100, description="Years: nothing here lasts a century.")]
Months = Annotated[NotNegative, Field(le=1200, description="Months: nothing lasts a century.")]


class Refresh(Strictly):
    """Re-investment: ``share_of_cost`` every ``interval_years``, set aside quarter by quarter."""

    interval_years: Distribution
    share_of_cost: Annotated[Share, Field(gt=0)]


class Operation(Strictly):
    """What a sector earns once it runs.

    ``yield_share`` is operating cash a year over the planned cost, at the output the plan counts
    on; ``capacity_factor`` is the part of that output it reaches after a linear ramp. The deemed
    rate is the reference rate + ``spread_per_year``.
    """

    yield_share: Distribution
    capacity_factor: Share
    ramp_months: Months
    life_years: Years
    spread_per_year: Rate
    refresh: Refresh | None = None


class Sharing(Strictly):
    """The waterfall: how the cash of a project is shared. Every choice is a reading.

    ``per_period``: 50/50 until each side has the deemed amount of the period and what earlier ones
    left unpaid, the rest 90/10. ``cumulative``: 50/50 until principal and interest compounded from
    payment have gone to each side, then 90/10 for good. ``equity_only``: loans are served first,
    ``per_period`` holds for the equity.
    """

    reading: Literal["per_period", "cumulative", "equity_only"]
    us_share_before: Annotated[Share, Field(gt=0, lt=1)]
    us_share_after: Share
    interest_on: Literal["original", "outstanding"]
    counted_from: Literal["operation", "payment"]
    carry_bears_interest: Flag
    partners_share: Literal["of_plan", "of_outlay", "none"]
    recapture: Literal["none", "all_projects", "later_projects"]


class Lender(Strictly):
    """A kind of loan: ``margin_per_year`` over the deemed rate, never below ``cost_per_year``."""

    margin_per_year: Rate
    cost_per_year: Cost


class Cover(Strictly):
    """What the insurer takes over of the insured loans, and for how much a year."""

    share: Share
    premium_per_year: Cost
    claim_months: Months


class Loans(Strictly):
    """Terms of all loans; interest before the first operation is added to the principal.

    Principal is due in equal parts between ``grace_months`` after the last unit runs and
    ``tenor_years`` after it, or the end of its life if that is earlier.
    """

    tenor_years: Years
    grace_months: Months
    loan: Lender
    insured_loan: Lender
    cover: Cover


class GivenUp(Strictly):
    """Loans of a project that ends before its time.

    ``default_quarters`` in a row without full interest, once the last unit is past its ramp, are a
    default where loans are senior (reading ``equity_only``); ``recovery_share`` of the principal
    comes back ``recovery_months`` later, as it does after a cancellation.
    """

    default_quarters: PositiveCount
    recovery_share: Distribution
    recovery_months: Months


class Finance(Strictly):
    """All of it. ``discount_rate_per_year`` is for present values at the programme's start.

    ``yield_factor`` multiplies what every plant earns: a lever for sweeps.
    """

    yield_factor: Annotated[NotNegative, Field(le=10, description="Ten times every yield.")] = 1
    reference_rate_per_year: Annotated[dict[Day, Rate], Field(min_length=1)]
    discount_rate_per_year: Annotated[Rate, Field(gt=-1)]
    sectors: dict[Id, Operation]
    sharing: Sharing
    loans: Loans
    given_up: GivenUp
