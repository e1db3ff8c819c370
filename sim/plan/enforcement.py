"""Enforcement compiled: who is acted on, and each route's law, length and rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sim.calendars import minutes_from_days
from sim.config.enforcement import Review
from sim.events import CENTS_PER_USD_BN, Cause
from sim.plan.days import Days, rests_on
from sim.plan.rules import rule
from sim.rules.gap import interpolated, stepped
from sim.rules.registry import Tariff


@dataclass(frozen=True)
class RoutesPlan:
    """The routes in their order."""

    probability: list[float]
    lawful_at_start: list[bool]
    law_changes: tuple[tuple[int, int, bool], ...]  # (minute, route, in law from then on)
    longest: list[int | None]  # minutes a duty over one breach may last; None: without end
    highest_rate: list[float]


@dataclass(frozen=True)
class ReviewOf:
    """One review: when, what, and how much there ought to be, linear between the path's dates."""

    minutes: tuple[int, ...]
    measure: str
    path_cents: tuple[int, ...]
    tolerance_cents: int


@dataclass(frozen=True)
class EnforcementPlan:
    """The ladder of every breach, and what raised tariffs are."""

    active: bool
    step: Tariff
    materiality_cents: int
    acted_on_probability: Mapping[Cause, float]  # by what opened the breach
    signed_probability: float
    relief: int  # minutes
    routes: RoutesPlan
    reviews: tuple[ReviewOf, ...]


@rests_on("policy.enforcement", "policy.events", "rule_files")
def enforcement_plan(days: Days) -> EnforcementPlan:
    """Compile enforcement."""
    policy = days.config.policy.enforcement
    probability = policy.acted_on_probability
    return EnforcementPlan(
        active=policy.active,
        step=rule(days.config, "tariff", policy.machine),
        materiality_cents=round(policy.materiality_usd_bn * CENTS_PER_USD_BN),
        acted_on_probability={
            Cause.CALL_MISSED: probability.call_missed,
            Cause.DECLINED: probability.declined,
            Cause.REVIEW_FAILED: probability.review_failed,
            Cause.SIGNING_ENDED: probability.signing_ended,
        },
        signed_probability=policy.signed_probability,
        relief=minutes_from_days(float(policy.relief_days)),
        routes=_routes(days),
        reviews=tuple(_review(days, review) for review in policy.reviews.values()),
    )


def _review(days: Days, review: Review) -> ReviewOf:
    path, dates = sorted(review.path_usd_bn.items()), review.held_on
    return ReviewOf(
        tuple(days.epoch.minute_of(day) for day in dates),
        review.measure,
        tuple(round(interpolated(path, day) * CENTS_PER_USD_BN) for day in dates),
        round(review.tolerance_usd_bn * CENTS_PER_USD_BN),
    )


def _routes(days: Days) -> RoutesPlan:
    routes = list(days.config.policy.enforcement.routes.values())
    paths = [sorted(_law(days, name).items()) for name in days.config.policy.enforcement.routes]
    longest = [route.max_duration_days for route in routes]
    return RoutesPlan(
        probability=[route.probability for route in routes],
        lawful_at_start=[bool(stepped(path, days.start, True)) for path in paths],
        law_changes=tuple(
            (days.epoch.minute_of(day), route, stands)
            for route, path in enumerate(paths)
            for day, stands in path
            if day > days.start
        ),
        longest=[None if days is None else minutes_from_days(float(days)) for days in longest],
        highest_rate=[max(route.rates.values(), default=0.0) for route in routes],
    )


def _law(days: Days, route: str) -> dict[date, bool]:
    """From which days on a route is in law or not: its own path, and the dated events."""
    policy = days.config.policy
    path = dict(policy.enforcement.routes[route].in_law)
    for event in policy.events.values():
        if route in event.closes_routes or route in event.opens_routes:
            path[event.date] = route in event.opens_routes
    return path
