"""All that worlds read of a config: where this is equal, so are the worlds.

Nothing that draws sees the config itself. So a process that goes from one point of a sweep to the
next knows by a comparison whether worlds it has are worlds of the next point too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pydantic_core import to_json

from sim.config.distributions import Constant, Distribution
from sim.config.public import PublicReaction
from sim.config.schema import Config, Project
from sim.config.sectors import Bargaining, Maxima, Pipeline, Sector, Shock

NOTHING: Distribution = Constant(kind="constant", value=0)


@dataclass(frozen=True)
class Earnings:
    """What decides how a project does once it runs, or once it is given up; laws by sector."""

    yield_factor: float
    yield_share: tuple[Distribution, ...]
    refresh_years: tuple[Distribution, ...]
    recovery_share: Distribution

    @classmethod
    def of(cls, config: Config) -> Earnings | None:
        """None where the config has no finance."""
        if config.finance is None:
            return None
        terms = [config.finance.sectors[name] for name in config.sectors]
        return cls(
            yield_factor=config.finance.yield_factor,
            yield_share=tuple(term.yield_share for term in terms),
            refresh_years=tuple(
                term.refresh.interval_years if term.refresh else NOTHING for term in terms
            ),
            recovery_share=config.finance.given_up.recovery_share,
        )


@dataclass(frozen=True, eq=False)
class OfProjects:
    """What decides which projects there are and all that is drawn for each, shocks included.

    Most fields are named as in the config. Compared by `exactly`.
    """

    start: date
    as_of: date
    deadline: date
    run_out: date
    pinned: bool  # to the record
    sectors: Mapping[str, Sector]
    projects: tuple[Project, ...]  # of the portfolio, those that are simulated
    pipelines: Mapping[str, Pipeline]
    facilities: tuple[str, ...]
    equipment: tuple[str, ...]
    pools: Mapping[str, tuple[str, tuple[str, ...]]]  # craft and states of each pool
    routes: tuple[str, ...]
    reviews: Mapping[str, int]  # how many dates each one has
    events: tuple[str, ...]
    call_triggers: tuple[str, ...]
    appraisal_starts: str
    maxima: Maxima
    viability_weight: float
    shocks: Mapping[str, Shock]
    appraisal_days: Mapping[str, Distribution]
    bargaining: Bargaining | None
    call_desk_days: Mapping[str, Distribution]
    lead_error_days: Distribution
    consultation_days: Distribution
    threat_days: Distribution
    route_delay_days: Mapping[str, Distribution]
    settlement_days: Distribution | None
    pause_months: Distribution | None  # without hazards there are none
    cancellations_with_offtake: float
    permits_by_state: Mapping[str, float]
    cost_year_ratio: Mapping[str, Distribution]
    months_to_selection: float
    earnings: Earnings | None

    @classmethod
    def of(cls, config: Config) -> OfProjects:
        """What there is of it in a checked config."""
        programme, capacity, nature = config.programme, config.capacity, config.nature
        enforcement, hazards = config.policy.enforcement, nature.hazards
        return cls(
            start=programme.start,
            as_of=programme.as_of,
            deadline=programme.deadline,
            run_out=programme.run_out,
            pinned=programme.history == "recorded",
            sectors=config.sectors,
            projects=tuple(
                project
                for project in config.portfolio.projects.values()
                if project.kind != "supplier" and not project.counted_in
            ),
            pipelines=config.pipelines,
            facilities=tuple(capacity.facilities),
            equipment=tuple(capacity.equipment),
            pools={
                name: (pool.craft or name, tuple(pool.states))
                for name, pool in capacity.specialists.pools.items()
            },
            routes=tuple(enforcement.routes),
            reviews={name: len(review.held_on) for name, review in enforcement.reviews.items()},
            events=tuple(config.policy.events),
            call_triggers=tuple(one.trigger for one in config.policy.calls.slices.values()),
            appraisal_starts=config.policy.appraisal_starts,
            maxima=nature.maxima,
            viability_weight=nature.viability_weight,
            shocks=nature.shocks,
            appraisal_days=nature.appraisal_days,
            bargaining=nature.bargaining,
            call_desk_days=nature.call_desk_days,
            lead_error_days=nature.lead_error_days,
            consultation_days=nature.funding.consultation_days,
            threat_days=nature.enforcement.threat_days,
            route_delay_days=nature.enforcement.route_delay_days,
            settlement_days=nature.enforcement.settlement_days,
            pause_months=hazards.pause_months if hazards else None,
            cancellations_with_offtake=hazards.cancellations_with_offtake if hazards else 1.0,
            permits_by_state=nature.permits_by_state,
            cost_year_ratio=nature.cost_year_ratio,
            months_to_selection=nature.months_to_selection,
            earnings=Earnings.of(config),
        )


@dataclass(frozen=True, eq=False)
class OfRuns:
    """What decides what a world has once: rounds, the yen, years of policy shock, courts."""

    first: date  # of the run, and its last day
    last: date
    known: date  # the last day of which the yen is known
    presidential_rounds: int
    round_interval_days: Distribution
    round_projects: Distribution | None
    round_usd_bn: Distribution | None
    yen_per_usd_month_ratio: Distribution | None
    shock_years: float  # their share
    public_reaction: PublicReaction
    routes: tuple[str, ...]
    court_ends_route_days: Mapping[str, Distribution]

    @classmethod
    def of(cls, config: Config) -> OfRuns:
        """What there is of it in a checked config."""
        programme, nature = config.programme, config.nature
        return cls(
            first=programme.start,
            last=programme.run_out,
            known=programme.as_of if programme.history == "recorded" else programme.start,
            presidential_rounds=nature.maxima.presidential_rounds,
            round_interval_days=nature.round_interval_days,
            round_projects=nature.round_projects,
            round_usd_bn=nature.round_usd_bn,
            yen_per_usd_month_ratio=nature.yen_per_usd_month_ratio,
            shock_years=nature.regime.probability_per_year if nature.regime else 0.0,
            public_reaction=nature.public_reaction,
            routes=tuple(config.policy.enforcement.routes),
            court_ends_route_days=nature.enforcement.court_ends_route_days,
        )


# Where `OfProjects` reads it: what stands there in two configs need not be compared in bytes.
GIVEN = (
    "programme", "sectors", "portfolio", "pipelines", "capacity.facilities.*",
    "capacity.equipment.*", "capacity.specialists.pools", "policy.enforcement", "policy.events",
    "policy.calls.slices", "policy.appraisal_starts", "nature.maxima", "nature.viability_weight",
    "nature.shocks", "nature.appraisal_days", "nature.bargaining", "nature.call_desk_days",
    "nature.lead_error_days", "nature.funding.consultation_days", "nature.enforcement",
    "nature.hazards", "nature.permits_by_state", "nature.cost_year_ratio",
    "nature.months_to_selection", "finance",
)  # fmt: skip


def exactly(given: OfProjects | OfRuns) -> bytes:
    """All of it in bytes, which differ where anything does, the order of names included."""
    return to_json(given)
