"""Enforcement compiled: lengths of the tariff machine's stages, and its highest rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.calendars import minutes_from_days
from sim.plan.days import Days
from sim.plan.rules import rule
from sim.rules.registry import Tariff
from sim.rules.tariff import Stage


@dataclass(frozen=True)
class EnforcementPlan:
    """One machine for the whole programme."""

    active: bool
    step: Tariff
    stage_minutes: Mapping[Stage, int]  # stages not listed last until something ends them
    highest_rate: float
    settles_after: int | None  # minutes until a decline's breach is settled; None: never


def enforcement_plan(days: Days) -> EnforcementPlan:
    """Compile the tariff machine."""
    policy = days.config.policy.enforcement
    route = policy.route
    lengths = {
        Stage.NOTICE: policy.notice_days,
        Stage.CONSULTATION: policy.consultation_days + route.delay_days,
        Stage.RAISED: route.max_duration_days,
        Stage.RELIEF: policy.relief_days,
    }
    declined = policy.declined_breach_days
    return EnforcementPlan(
        active=policy.active,
        step=rule(days.config, "tariff", policy.machine),
        stage_minutes={
            stage: minutes_from_days(float(n)) for stage, n in lengths.items() if n is not None
        },
        highest_rate=max(route.rates.values(), default=0.0),
        settles_after=None if declined is None else minutes_from_days(float(declined)),
    )
