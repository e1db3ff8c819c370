"""Review compiled: the two tests, the committees and the President's rounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.calendars import MINUTES_PER_DAY
from sim.config.policy import Committee, InvestmentCommittee, Meetings
from sim.events import CENTS_PER_USD_BN
from sim.plan.days import Days
from sim.plan.rules import rule
from sim.rules.ranking import BoolArray, Preference, Ranking
from sim.rules.screening import TwoTests
from sim.world import Nature


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

    two_tests: TwoTests
    max_rounds: int  # of screening
    consultation: CommitteePlan
    investment: CommitteePlan
    appraisal_starts: Literal["docket", "recommendation", "notice"]


@dataclass(frozen=True)
class SelectionPlan:
    """The President's rounds: at once, on ``listed`` minutes, or by drawn intervals."""

    immediate: bool
    listed: tuple[int, ...] | None  # minutes, None unless the config lists dates
    first_interval_from: int  # minute of the last round before the run, or its beginning
    open_minutes: tuple[int, ...]  # by day until the deadline: 00:00 of the first open day from it
    ranking: Ranking
    preference: Preference
    preferred_sectors: BoolArray  # (n_sectors,)
    preferred_places: BoolArray  # (n_entities,) one of its states is preferred
    cap_cents: int | None  # of one round
    cap_count: int | None
    pass_over_probability: float
    does_not_fit: str
    scale_down_min_share: float

    def round_minute(self, previous: int, interval: int) -> int:
        """The first open day at or after the interval's end; -1 if that is past the deadline."""
        day = -(-(previous + interval) // MINUTES_PER_DAY)
        return self.open_minutes[day] if day < len(self.open_minutes) else -1


def review_plan(days: Days) -> ReviewPlan:
    """Compile screening and committees."""
    policy = days.config.policy
    return ReviewPlan(
        two_tests=TwoTests(
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


def selection_plan(days: Days, nature: Nature) -> SelectionPlan:
    """Compile the President's rounds."""
    config, policy = days.config, days.config.policy.selection
    last_round = config.nature.last_round if nature.pinned else None
    until = (config.programme.deadline - days.start).days + 1
    following = days.calendar(policy.calendar).next_open_table(days.start, until)
    states, cap = set(policy.preferred_regions), policy.cap_usd_bn_per_round
    listed = None
    if policy.rounds == "dates":
        as_meetings = Meetings(kind="dates", dates=policy.dates, calendar=policy.calendar)
        listed = days.meetings(as_meetings)
    return SelectionPlan(
        immediate=policy.rounds == "immediate",
        listed=listed,
        first_interval_from=(
            nature.open_minute if last_round is None else days.epoch.minute_of(last_round)
        ),
        open_minutes=tuple((following * MINUTES_PER_DAY).tolist()),
        ranking=rule(config, "ranking", policy.ranking),
        preference=rule(config, "preference", policy.preference),
        preferred_sectors=np.array(
            [name in policy.preferred_sectors for name in nature.sector_ids]
        ),
        preferred_places=np.array(
            [not states.isdisjoint(one) for one in nature.places.regions], np.bool_
        ),
        cap_cents=None if cap is None else round(cap * CENTS_PER_USD_BN),
        cap_count=policy.cap_count_per_round,
        pass_over_probability=policy.pass_over_probability,
        does_not_fit=policy.does_not_fit,
        scale_down_min_share=policy.scale_down_min_share,
    )
