"""Kinds of project: what nature decides about them, sector by sector."""

from __future__ import annotations

from typing import Annotated, Literal, Self, cast

from pydantic import Field, model_validator

from sim.config.distributions import Constant, Distribution, Strictly
from sim.config.public import PublicReaction
from sim.config.values import (
    Count,
    Day,
    Id,
    NotNegative,
    Number,
    Places,
    PositiveCount,
    Ratio,
    Repeats,
    Share,
    Units,
    UsdBn,
)

_ROUNDS = "All are drawn before the clock starts."
_MONTHS = "Months: more than a century ends with no run."
_WORK = "Ten times the work of a permit."
_FACTOR = "A factor on the rate of pauses and cancellations."
Building = Annotated[Number, Field(ge=0.01, le=1200, description=_MONTHS)]
Arrivals = Annotated[
    PositiveCount, Field(le=10_000, description="Each possible project has a name and draws.")
]


class Construction(Strictly):
    """How long building takes at full crew, and what it costs against the plan.

    ``basis`` says which of two exclusive descriptions holds: ``outcome`` (a distribution of
    achieved durations of the first unit) or ``plan`` (planned duration x schedule ratio).
    ``nominal_months`` is the duration labour-years are spread over.
    """

    basis: Literal["outcome", "plan"]
    outcome_months: Distribution | None = None
    plan_months: Building | None = None
    schedule_ratio: Distribution | None = None
    nominal_months: Building
    unit_interval_months: Annotated[NotNegative, Field(le=1200, description=_MONTHS)] = 0
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
    litigation_max_rounds: Annotated[Count, Field(le=100, description=_ROUNDS)] = 0
    early_works_share: Share = 0  # of the building, allowed before the last permit

    @model_validator(mode="after")
    def _litigation(self) -> Self:
        if self.litigation_probability > 0 and (
            self.litigation_months is None or self.litigation_max_rounds == 0
        ):
            raise ValueError(
                "litigation_probability needs litigation_months and litigation_max_rounds"
            )
        return self


class Development(Strictly):
    """Engineering, contracts, land and financial close, which notice to proceed needs.

    Either ``remaining_months`` from selection, or ``whole_months`` with the ``done_share`` that is
    behind the project when it is selected.
    """

    remaining_months: Distribution | None = None
    whole_months: Distribution | None = None
    done_share: Distribution | None = None

    @model_validator(mode="after")
    def _one_law(self) -> Self:
        if (self.remaining_months is None) == (self.whole_months is None):
            raise ValueError("takes either remaining_months, or whole_months with a done_share")
        if (self.whole_months is None) != (self.done_share is None):
            raise ValueError("whole_months takes a done_share, remaining_months none")
        return self

    @property
    def months(self) -> Distribution:
        """The law given, of which a ``done_share`` may be over."""
        return cast(Distribution, self.remaining_months or self.whole_months)


class MachinesNeeded(Strictly):
    """Machines of one kind of ``capacity.equipment`` that every unit waits for.

    A unit needs them when ``gate_progress`` of its own building is done. ``delivery_months`` run
    from the maker's slot to the site. So many sponsors (``reserved_share``) reserve slots when they
    are selected, ahead of any money.
    """

    slots_per_unit: Units = 1
    delivery_months: Distribution
    gate_progress: Share
    reserved_share: Share = 0


class GridUse(Strictly):
    """What a project takes from its region's grid when it runs, or gives to it.

    The connection takes ``connection_months`` from the request, which comes ``asked_ahead_months``
    before selection.
    """

    role: Literal["load", "supply"]
    mw_per_usd_bn: Annotated[NotNegative, Field(le=1e6, description="A bn buys no terawatt.")]
    connection_months: Distribution
    asked_ahead_months: Distribution | None = None


class Labour(Strictly):
    """Specialists a build needs, and how they divide over the crafts of ``capacity.specialists``.

    A craft is the id of a pool, or the ``craft`` that several regional pools share.
    """

    labour_years_per_usd_bn: Annotated[
        NotNegative, Field(le=1e6, description="A labour-year costs more than 1,000 dollars.")
    ]
    specialist_share: Share
    crafts: dict[Id, Share]


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
    development: Development | None = None
    construction: Construction
    labour: Labour
    equipment: dict[Id, MachinesNeeded] = Field(default_factory=dict)
    power: GridUse | None = None


class Pipeline(Strictly):
    """Proposals nobody has named yet: arrivals, sizes and units.

    Poisson arrivals run from ``first_day`` (default: the programme's start, or the day after
    ``as_of`` when history is pinned) to the deadline; ``schedule`` lists the days. Of several
    states in ``region``, divided by ``;``, each project gets one at random.
    """

    label: str
    sector: str
    region: Places = ""
    arrivals_per_year: NotNegative | None = None
    schedule: list[Day] | None = None
    first_day: Day | None = None
    maximum: Arrivals
    cost_usd_bn: Distribution
    japan_share: Distribution
    units: Units = 1
    usd_bn_per_unit: Annotated[UsdBn, Field(ge=0.001)] | None = None

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

    A loading b multiplies the sector's construction time, cost or rate of pauses and cancellations
    by exp(b z - b^2/2): mean 1.
    """

    label: str
    schedule_loadings: dict[Id, Ratio] = Field(default_factory=dict)
    cost_loadings: dict[Id, Ratio] = Field(default_factory=dict)
    hazard_loadings: dict[Id, Ratio] = Field(default_factory=dict)


class PhaseRates(Strictly):
    """Events a year of exposure in one phase of a project, in a year without policy shock."""

    pauses_per_year: NotNegative
    cancellations_per_year: NotNegative


class Hazards(Strictly):
    """Pauses and cancellations of selected projects, in exposure time.

    Exposure runs from selection to NTP and from NTP to built, and stands still in a pause. A
    building of which more than ``cancelled_up_to_progress`` is done is finished, not cancelled.
    ``cancellations_with_offtake`` is a factor for a plant whose whole output is sold ahead.
    """

    before_building: PhaseRates
    building: PhaseRates
    pause_months: Distribution
    cancelled_up_to_progress: Share = 1
    cancellations_with_offtake: Share = 1


class Regime(Strictly):
    """Years of policy shock: each calendar year is one with ``probability_per_year``.

    In it the hazards of a sector are multiplied by ``multiplier`` to the power of its loading (1
    where none is given).
    """

    label: str
    probability_per_year: Share
    multiplier: Annotated[NotNegative, Field(le=1000, description=_FACTOR)]
    loadings: dict[Id, Annotated[NotNegative, Field(le=10, description=_FACTOR)]] = Field(
        default_factory=dict
    )


class Maxima(Strictly):
    """How often a repeated thing may happen; exceeding one is a model error."""

    screening_rounds: Repeats
    committee_visits: Repeats
    selection_visits: Repeats
    presidential_rounds: Annotated[PositiveCount, Field(le=10_000, description=_ROUNDS)]
    calls: Repeats
    pauses: Repeats = 20


class Funding(Strictly):
    """How Japan is disposed to a notice of selection."""

    consult_probability: Share
    decline_probability: Share
    consultation_days: Distribution


class Reactions(Strictly):
    """How long the steps of enforcement take; null for declines that are never settled.

    By route: from order to duty, and from its first duty until a court ends it for good (never).
    """

    threat_days: Distribution
    route_delay_days: dict[Id, Distribution]
    court_ends_route_days: dict[Id, Distribution] = Field(default_factory=dict)
    settlement_days: Distribution | None = None


class Bargaining(Strictly):
    """How a lender's appraisal ends: refused, bargained over and appraised again, or approved.

    The less viable a project, the sooner it is refused; the last of so many ``appraisals`` ends in
    approval or refusal.
    """

    again_share: Share
    refused_share: Share
    appraisals: Annotated[PositiveCount, Field(le=20, description=_ROUNDS)]

    @model_validator(mode="after")
    def _shares(self) -> Self:
        if self.again_share + self.refused_share > 1:
            raise ValueError("again_share and refused_share add up to more than 1")
        return self


class Nature(Strictly):
    """What nobody decides and no sector owns.

    ``round_projects`` and ``round_usd_bn`` are what one presidential round takes; without a law,
    all that fits. ``permits_by_state`` is a factor on the permit work of projects in a state. The
    two ratios are of a month's yen per dollar, and of a year's plant costs, to the one before;
    ``months_to_selection``, from proposal, are what a rise of plant costs is counted over.
    """

    viability_weight: Share
    shocks: dict[Id, Shock]
    round_interval_days: Distribution
    round_projects: Distribution | None = None
    round_usd_bn: Distribution | None = None
    appraisal_days: dict[Id, Distribution]
    bargaining: Bargaining | None = None
    call_desk_days: dict[Id, Distribution]
    lead_error_days: Distribution = Constant(kind="constant", value=0)
    funding: Funding
    enforcement: Reactions
    hazards: Hazards | None = None
    regime: Regime | None = None
    public_reaction: PublicReaction = Field(default_factory=PublicReaction)
    permits_by_state: dict[Id, Annotated[NotNegative, Field(le=10, description=_WORK)]] = Field(
        default_factory=dict
    )
    yen_per_usd_month_ratio: Distribution | None = None
    cost_year_ratio: dict[Id, Distribution] = Field(default_factory=dict)
    months_to_selection: Annotated[NotNegative, Field(le=120)] = 0
    maxima: Maxima
