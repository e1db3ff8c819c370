"""Enforcement compiled: who is acted on, how long a duty lasts, and the highest rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.calendars import minutes_from_days
from sim.events import CENTS_PER_USD_BN, Cause
from sim.plan.days import Days
from sim.plan.rules import rule
from sim.rules.registry import Tariff


@dataclass(frozen=True)
class EnforcementPlan:
    """The ladder of every breach, and what raised tariffs are."""

    active: bool
    step: Tariff
    materiality_cents: int
    acted_on_probability: Mapping[Cause, float]  # by what opened the breach
    signed_probability: float
    longest: int | None  # minutes a duty over one breach may last; None: without end
    relief: int  # minutes
    highest_rate: float


def enforcement_plan(days: Days) -> EnforcementPlan:
    """Compile enforcement."""
    policy = days.config.policy.enforcement
    longest = policy.route.max_duration_days
    probability = policy.acted_on_probability
    return EnforcementPlan(
        active=policy.active,
        step=rule(days.config, "tariff", policy.machine),
        materiality_cents=round(policy.materiality_usd_bn * CENTS_PER_USD_BN),
        acted_on_probability={
            Cause.CALL_MISSED: probability.call_missed,
            Cause.DECLINED: probability.declined,
        },
        signed_probability=policy.signed_probability,
        longest=None if longest is None else minutes_from_days(float(longest)),
        relief=minutes_from_days(float(policy.relief_days)),
        highest_rate=max(policy.route.rates.values(), default=0.0),
    )
