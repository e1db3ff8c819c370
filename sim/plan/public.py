"""The public compiled: its rates, and what changes while it is hostile."""

from __future__ import annotations

from dataclasses import dataclass

from sim.config.public import AmericanPublic, JapanesePublic, Turning
from sim.plan.days import Days
from sim.rules.public import TurningRate

JAPAN, US = 0, 1  # rows of the world's thresholds


@dataclass(frozen=True)
class PublicPlan:
    """One side; what it does not act on stays as it is."""

    side: int
    rate: TurningRate
    decline_probability: float | None = None
    pass_over_probability: float | None = None
    inflow_share: float = 1.0  # of what flows in with a fiscal year


def public_plan(days: Days) -> tuple[PublicPlan, ...]:
    """Compile the sides that may turn."""
    reaction = days.config.nature.public_reaction
    found = []
    if reaction.japan is not None:
        found.append(_japan(reaction.japan))
    if reaction.us is not None:
        found.append(_us(reaction.us))
    return tuple(found)


def _japan(one: JapanesePublic) -> PublicPlan:
    return PublicPlan(
        JAPAN,
        _rate(one),
        decline_probability=one.decline_probability,
        inflow_share=one.inflow_share,
    )


def _us(one: AmericanPublic) -> PublicPlan:
    return PublicPlan(US, _rate(one), pass_over_probability=one.pass_over_probability)


def _rate(one: Turning) -> TurningRate:
    return TurningRate(
        one.turns_per_year,
        one.turns_per_year_while_raised,
        one.turns_per_year_per_usd_bn_paid,
        one.turns_per_year_per_usd_bn_lost,
        one.calms_per_year,
    )
