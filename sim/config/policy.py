"""What somebody decides: rules and their parameters, without randomness."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from sim.config.dated_events import DatedEvent
from sim.config.distributions import Strictly
from sim.config.enforcement import Enforcement
from sim.config.rule_names import RuleOf
from sim.config.values import (
    Day,
    Flag,
    Id,
    Margin,
    Number,
    Once,
    Positive,
    PositiveCount,
    Share,
    State,
    Window,
)

CalendarName = Literal["us", "japan", "both", "every_day"]
Ranking = Annotated[str, RuleOf("ranking")]


class Screening(Strictly):
    """The two tests of the Consultation Committee's teams.

    Repayment prospects against ``hurdle_share`` (expected cash a year over cost), and benefit to
    Japanese companies: content of at least ``japanese_content_min_share``, or the favour of the
    Japanese side with ``benefit_otherwise_probability``.
    """

    hurdle_share: Share
    japanese_content_min_share: Share
    benefit_otherwise_probability: Share
    max_rounds: PositiveCount


class Meetings(Strictly):
    """When a committee sits. ``none`` passes straight through, at once and unlimited."""

    kind: Literal["none", "every", "dates"]
    business_days: Annotated[Window, Field(ge=1)] | None = None
    first_day: Day | None = None
    dates: Annotated[list[Day], Once] | None = None
    calendar: CalendarName = "both"
    agenda: PositiveCount | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind == "every" and (self.business_days is None or self.first_day is None):
            raise ValueError("kind every takes business_days and first_day")
        if self.kind == "dates" and not self.dates:
            raise ValueError("kind dates takes dates")
        return self


class Committee(Strictly):
    """A committee that takes its docket by rank, as far as its agenda goes."""

    meetings: Meetings
    ranking: Ranking = "first_proposed"


class InvestmentCommittee(Committee):
    """Also tests its agenda: an item is deferred to the next meeting with this probability."""

    defer_probability: Annotated[Share, Field(lt=1)] = 0


def _final_size(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"law|all|share (1|0?\.\d+)", value):
        return value
    raise ValueError(f"{value!r} is no size; accepted: law, all, 'share 0.5'")


class FinalRound(Strictly):
    """The last round, so many business days before the deadline; after it no other stands.

    It takes what the ``law`` of every round says, ``all`` that fits, or a share of the candidates.
    """

    held: Flag = True
    business_days_before: Window = 0
    size: Annotated[str, BeforeValidator(_final_size)] = "law"


class LateRate(Strictly):
    """In the ``last_days`` before the deadline rounds come ``rate`` times as often."""

    rate: Annotated[Number, Field(gt=0, le=100, description="A hundred times is every day.")]
    last_days: PositiveCount


class Selection(Strictly):
    """How the President selects, in rounds.

    ``dollars`` says how ``nature.round_usd_bn`` is read: a round ends after the project with which
    it has reached them, or takes nothing that would go beyond. Counts and dollars of a round are
    ``growth_per_round`` times those of the one before. ``final_round`` belongs to rounds by
    intervals and dates.
    """

    rounds: Literal["immediate", "intervals", "dates"]
    requires: Literal["recommended", "appraised"] = "recommended"
    dates: Annotated[list[Day], Once] | None = None
    calendar: CalendarName = "us"
    ranking: Ranking = "first_proposed"
    preference: Annotated[str, RuleOf("preference")] = "listed"
    preferred_sectors: Annotated[list[Id], Once] = Field(default_factory=list)
    preferred_regions: Annotated[list[State], Once] = Field(default_factory=list)
    late_rate: LateRate | None = None
    growth_per_round: Annotated[Positive, Field(le=10, description="Ten times each time.")] = 1
    dollars: Literal["reach", "cap"] = "reach"
    final_round: FinalRound = Field(default_factory=FinalRound)
    pass_over_probability: Annotated[Share, Field(lt=1)] = 0
    does_not_fit: Literal["skip", "stop", "scale_down"] = "skip"
    scale_down_min_share: Share = 0.5

    @model_validator(mode="after")
    def _dates(self) -> Self:
        if self.rounds == "dates" and not self.dates:
            raise ValueError("rounds dates takes dates")
        return self


def _trigger(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(
        r"selection|equipment_order|ntp|progress 0?\.\d+", value
    ):
        return value
    raise ValueError(
        f"{value!r} is no trigger; accepted: selection, equipment_order, ntp, 'progress 0.25'"
    )


class Slice(Strictly):
    """One cash call: a share of the committed amount and what triggers it."""

    share: Annotated[Share, Field(gt=0)]
    trigger: Annotated[str, BeforeValidator(_trigger)]

    @property
    def progress(self) -> float | None:
        """Progress share that triggers the call, None for a milestone."""
        return float(self.trigger.split()[1]) if self.trigger.startswith("progress") else None


class Calls(Strictly):
    """The reading of the 45 business days, and the slices. See docs/model.md, "Cash calls".

    ``grace_business_days`` belongs to the floor reading; the cap reading has none. A later call is
    noticed ahead of its trigger by the later window, a margin, and what the sponsor errs by.
    """

    reading: Literal["floor", "cap"]
    calendar: CalendarName = "both"
    first_window_business_days: Window
    later_window_business_days: Window
    grace_business_days: Window = 0
    cure_business_days: Window = 0
    lead_margin_days: Margin = 0
    slices: Annotated[dict[Id, Slice], Field(min_length=1)]
    facility_shares: Annotated[dict[Id, Share], Field(min_length=1)]
    draw: Annotated[str, RuleOf("drawing")] = "partial"


def lead_days(calls: Calls) -> float:
    """Days a later call is noticed ahead, without the sponsor's error: its window and the margin.

    Business days are taken as 7 calendar days in 5; holidays are what a margin is for.
    """
    week = 1.0 if calls.calendar == "every_day" else 7 / 5
    return calls.later_window_business_days * week + calls.lead_margin_days


def reach_days(calls: Calls) -> int:
    """Calendar days after a notice within which every due date and cure period surely ends."""
    window = max(calls.first_window_business_days, calls.later_window_business_days)
    return 2 * (window + calls.grace_business_days + calls.cure_business_days) + 60


class FundingPolicy(Strictly):
    """``as_disposed`` follows nature's dispositions; ``always_fund`` ignores them.

    ``weighs_tariff`` declines where the loss expected exceeds the duty expected.
    """

    response: Annotated[str, RuleOf("funding")] = "as_disposed"


class GivenBack(Strictly):
    """What a cancelled project gives back besides its crew and its place in every queue."""

    envelope: Literal["released", "kept"] = "released"
    unspent_money: Literal["returned", "kept"] = "returned"


class Policy(Strictly):
    """Every decision in the programme, as rules.

    ``staffing_ranking`` and ``staffing_minimum_share`` (of a crew) belong to staffing by
    ``priority``. ``overrun_paid_by: japan_topup`` calls from Japan what building costs beyond its
    plan, in proportion to its share and outside the envelope.
    """

    screening: Screening
    consultation_committee: Committee
    investment_committee: InvestmentCommittee
    appraisal_starts: Literal["docket", "recommendation", "notice"]
    selection: Selection
    funding: FundingPolicy
    calls: Calls
    staffing: Annotated[str, RuleOf("staffing")] = "fair_share"
    staffing_ranking: Ranking = "first_proposed"
    staffing_minimum_share: Annotated[Share, Field(gt=0)] = 0.5
    equipment_orders: Annotated[str, RuleOf("ordering")] = "by_unit"
    overrun_paid_by: Literal["partners", "japan_topup"] = "partners"
    cancelled: GivenBack = Field(default_factory=GivenBack)
    pauses_stop_clocks: Flag = False
    enforcement: Enforcement
    events: dict[Id, DatedEvent] = Field(default_factory=dict)
