"""Review compiled: the two tests, the committees and the President's rounds."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, inf
from typing import Literal

import numpy as np

from sim.calendars import MINUTES_PER_DAY
from sim.config.policy import Committee, InvestmentCommittee, Meetings
from sim.errors import ModelError
from sim.plan.days import Days, rests_on
from sim.plan.rules import rule
from sim.rules.ranking import BoolArray, FloatArray, IntArray, Preference, Ranking
from sim.world import Nature, World

FINAL = 2**23  # number of the final round: the last of its minute


@dataclass(frozen=True)
class CommitteePlan:
    """One committee. ``meetings`` None passes everything straight through."""

    meetings: tuple[int, ...] | None  # minutes
    agenda: int | None  # items a meeting takes, None for all
    ranking: Ranking
    defer_probability: float  # of each item; only the Investment Committee tests


@dataclass(frozen=True)
class ReviewPlan:
    """From proposal to the President's list."""

    bars: tuple[float, float, float]  # what `sim.rules.screening.two_tests` takes of policy
    max_rounds: int  # of screening
    consultation: CommitteePlan
    investment: CommitteePlan
    appraisal_starts: Literal["docket", "recommendation", "notice"]


@dataclass(frozen=True)
class SelectionPlan:
    """The President's rounds: at once, on ``listed`` minutes, or by drawn intervals."""

    appraised_only: bool  # lenders come before selection
    immediate: bool
    listed: tuple[int, ...] | None  # minutes, None unless the config lists dates
    on_record: int  # rounds held before the run
    first_interval_from: int  # minute of the last of them, or the programme's beginning
    late_from: int  # minute from which rounds come at ``late_rate``
    late_rate: float
    final_minute: int  # of the final round, -1 where there is none
    final_share: Fraction | None  # of the candidates it takes; None: as the law says
    open_minutes: tuple[int, ...]  # by day until the deadline: 00:00 of the first open day from it
    ranking: Ranking
    preference: Preference
    preferred_sectors: BoolArray  # (n_sectors,)
    preferred_sites: BoolArray  # (n_entities,) one of the states it may lie in is preferred
    preferred_states: BoolArray  # (n_places,)
    growth: float  # of the size from round to round
    capped: bool  # a round's dollars are a cap, and not what it reaches
    pass_over_probability: float
    does_not_fit: str
    scale_down_min_share: float

    def round_minute(self, previous: int, interval: int) -> int:
        """The first open day at or after the interval's end; -1 if that is past the deadline."""
        slow = max(0, self.late_from - previous)
        if interval > slow:
            interval = slow + ceil((interval - slow) / self.late_rate)
        day = -(-(previous + interval) // MINUTES_PER_DAY)
        return self.open_minutes[day] if day < len(self.open_minutes) else -1

    def round_size(
        self, world: World, number: int, rounds: int, candidates: int
    ) -> tuple[float, float, float]:
        """Most projects of a round, cents that it reaches, and cents that it may not pass.

        By the law and the growth up to it, the last of ``rounds``, or the final round's share of
        the candidates.
        """
        if number == FINAL and self.final_share is not None:
            return ceil(self.final_share * candidates), inf, inf
        if not (world.round_projects[0] < inf or world.round_cents[0] < inf):
            return inf, inf, inf
        row = -1 if number == FINAL else number - 1
        grown = self.growth ** min(number - 1, rounds, 300)
        count = max(1.0, float(np.rint(drawn(world, world.round_projects, row) * grown)))
        cents = float(np.rint(drawn(world, world.round_cents, row) * grown))
        return (count, inf, cents) if self.capped else (count, cents, inf)


def drawn(world: World, of_rounds: FloatArray | IntArray, row: int) -> float:
    """What is drawn of a round, by its place; the final one stands last.

    Raises
    ------
    ModelError
        If there are more rounds than a world holds.
    """
    if row >= len(world.round_interval):
        raise ModelError("more presidential rounds than nature.maxima.presidential_rounds")
    return float(of_rounds[row])


@rests_on(
    "policy.screening",
    "policy.consultation_committee",
    "policy.investment_committee",
    "policy.appraisal_starts",
    "rule_files",
)
def review_plan(days: Days) -> ReviewPlan:
    """Compile screening and committees."""
    policy = days.config.policy
    return ReviewPlan(
        bars=(
            policy.screening.hurdle_share,
            policy.screening.japanese_content_min_share,
            policy.screening.benefit_otherwise_probability,
        ),
        max_rounds=policy.screening.max_rounds,
        consultation=_committee(days, policy.consultation_committee),
        investment=_committee(days, policy.investment_committee),
        appraisal_starts=policy.appraisal_starts,
    )


def _committee(days: Days, committee: Committee) -> CommitteePlan:
    defers = committee.defer_probability if isinstance(committee, InvestmentCommittee) else 0.0
    return CommitteePlan(
        days.meetings(committee.meetings),
        committee.meetings.agenda,
        rule(days.config, "ranking", committee.ranking),
        defers,
    )


@rests_on("policy.selection", "portfolio", "pipelines", "sectors", "rule_files")
def selection_plan(days: Days, nature: Nature) -> SelectionPlan:
    """Compile the President's rounds."""
    config, policy = days.config, days.config.policy.selection
    until = (config.programme.deadline - days.start).days + 1
    following = days.calendar(policy.calendar).next_open_table(days.start, until)
    states, late, final = set(policy.preferred_regions), policy.late_rate, policy.final_round
    final_minute, shares = -1, {"law": None, "all": Fraction(1)}
    if final.held and policy.rounds != "immediate":
        day = days.calendar(policy.calendar).open_before(
            config.programme.deadline, final.business_days_before
        )
        final_minute = days.epoch.minute_of(max(day, days.start))
    listed = None
    if policy.rounds == "dates":
        as_meetings = Meetings(kind="dates", dates=policy.dates, calendar=policy.calendar)
        listed = days.meetings(as_meetings)
    return SelectionPlan(
        appraised_only=policy.requires == "appraised",
        immediate=policy.rounds == "immediate",
        listed=listed,
        on_record=len(nature.rounds_on_record),
        first_interval_from=int(nature.rounds_on_record.max(initial=0)),
        late_from=nature.deadline_minute - (late.last_days * MINUTES_PER_DAY if late else 0),
        late_rate=late.rate if late else 1.0,
        final_minute=final_minute,
        final_share=(
            shares[final.size] if final.size in shares else Fraction(final.size.split()[1])
        ),
        open_minutes=tuple((following * MINUTES_PER_DAY).tolist()),
        ranking=rule(config, "ranking", policy.ranking),
        preference=rule(config, "preference", policy.preference),
        preferred_sectors=np.array(
            [name in policy.preferred_sectors for name in nature.sector_ids]
        ),
        preferred_sites=np.array(
            [not states.isdisjoint(one) for one in nature.places.regions], np.bool_
        ),
        preferred_states=np.array([name in states for name in nature.places.names], np.bool_),
        growth=policy.growth_per_round,
        capped=policy.dollars == "cap",
        pass_over_probability=policy.pass_over_probability,
        does_not_fit=policy.does_not_fit,
        scale_down_min_share=policy.scale_down_min_share,
    )
