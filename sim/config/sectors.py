"""Kinds of project: what nature decides about them, sector by sector."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.config.distributions import (
    Count,
    Day,
    Distribution,
    NotNegative,
    Number,
    Positive,
    PositiveCount,
    Share,
    Strictly,
)


class Construction(Strictly):
    """How long building takes at full crew, and what it costs against the plan.

    ``basis`` says which of two exclusive descriptions holds: ``outcome`` (a distribution of
    achieved durations of the first unit) or ``plan`` (planned duration x schedule ratio).
    ``nominal_months`` is the duration labour-years are spread over.
    """

    basis: Literal["outcome", "plan"]
    outcome_months: Distribution | None = None
    plan_months: Positive | None = None
    schedule_ratio: Distribution | None = None
    nominal_months: Positive
    unit_interval_months: NotNegative = 0
    cost_ratio: Distribution
    schedule_cost_rank_correlation: Annotated[Number, Field(gt=-1, lt=1)] = 0

    @model_validator(mode="after")
    def _one_basis(self) -> Self:
        plan = (self.plan_months is not None, self.schedule_ratio is not None)
        outcome = self.outcome_months is not None
        if self.basis == "outcome" and (not outcome or any(plan)):
            raise ValueError("basis outcome takes outcome_months and nothing of the plan")
        if self.basis == "plan" and (outcome or not all(plan)):
            raise ValueError("basis plan takes plan_months and schedule_ratio, no outcome_months")
        return self


class Permits(Strictly):
    """Permit work and the litigation that may follow each grant."""

    starts: Literal["proposal", "docket", "selection"]
    work_months: Distribution
    done_share: Distribution
    agency: str | None = None
    litigation_probability: Share = 0
    litigation_months: Distribution | None = None
    litigation_max_rounds: Count = 0

    @model_validator(mode="after")
    def _litigation(self) -> Self:
        if self.litigation_probability > 0 and (
            self.litigation_months is None or self.litigation_max_rounds == 0
        ):
            raise ValueError(
                "litigation_probability needs litigation_months and litigation_max_rounds"
            )
        return self


class Labour(Strictly):
    """Specialists a build needs, and how they divide over the pools of ``capacity.specialists``."""

    labour_years_per_usd_bn: NotNegative
    specialist_share: Share
    crafts: dict[str, Share]


class Sector(Strictly):
    """One kind of project."""

    label: str
    article_group: str
    screening_days: Distribution
    revision_days: Distribution
    prospects_share: Distribution
    revision_gain_share: Distribution
    japanese_content_share: Distribution
    permits: Permits
    construction: Construction
    labour: Labour


class Pipeline(Strictly):
    """Proposals nobody has named yet: arrivals, sizes and units.

    Poisson arrivals run from ``first_day`` (default: the programme's start, or the day after
    ``as_of`` when history is pinned) to the deadline; ``schedule`` lists the days.
    """

    label: str
    sector: str
    region: str = ""
    arrivals_per_year: NotNegative | None = None
    schedule: list[Day] | None = None
    first_day: Day | None = None
    maximum: PositiveCount
    cost_usd_bn: Distribution
    japan_share: Distribution
    units: PositiveCount = 1
    usd_bn_per_unit: Positive | None = None

    @model_validator(mode="after")
    def _arrivals(self) -> Self:
        if (self.arrivals_per_year is None) == (self.schedule is None):
            raise ValueError("takes either arrivals_per_year or schedule")
        if self.schedule is not None and len(self.schedule) > self.maximum:
            raise ValueError(f"schedule lists {len(self.schedule)} days, maximum {self.maximum}")
        return self


class ArticleGroup(Strictly):
    """A line of the source articles' sector table."""

    label: str
    share_low: Share
    share_high: Share


class Shock(Strictly):
    """A common shock drawn once per replication, N(0, 1), loading on sectors.

    A loading b multiplies the sector's construction time and cost by exp(b z - b^2/2): mean 1.
    """

    label: str
    schedule_loadings: dict[str, Number] = Field(default_factory=dict)
    cost_loadings: dict[str, Number] = Field(default_factory=dict)


class Maxima(Strictly):
    """How often a repeated thing may happen; exceeding one is a model error."""

    screening_rounds: PositiveCount
    committee_visits: PositiveCount
    selection_visits: PositiveCount
    presidential_rounds: PositiveCount
    calls: PositiveCount


class Funding(Strictly):
    """How Japan is disposed to a notice of selection."""

    consult_probability: Share
    decline_probability: Share
    consultation_days: Distribution


class Nature(Strictly):
    """What nobody decides and no sector owns."""

    viability_weight: Share
    shocks: dict[str, Shock]
    round_interval_days: Distribution
    last_round: Day | None = None
    appraisal_days: dict[str, Distribution]
    call_desk_days: dict[str, Distribution]
    funding: Funding
    maxima: Maxima
