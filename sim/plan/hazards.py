"""Pauses and cancellations compiled, and what a cancelled project gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sim.calendars import MINUTES_PER_DAY
from sim.config.sectors import PhaseRates
from sim.plan.days import Days, rests_on
from sim.rules.hazards import Years

MINUTES_PER_YEAR = 365.25 * MINUTES_PER_DAY
NEVER = 1 << 62


@dataclass(frozen=True)
class Rates:
    """Events per minute of exposure, in a year without policy shock."""

    cancellations: float
    pauses: float


@dataclass(frozen=True)
class HazardsPlan:
    """Hazards of selected projects. In a year of policy shock each sector has its own factor."""

    before_building: Rates
    building: Rates
    last_progress: float  # what is built further is finished, not cancelled
    year_closes: tuple[int, ...]  # minutes; empty without years of policy shock
    shock_factors: tuple[float, ...]  # by sector

    def years(self, sector: int, shocked: list[bool]) -> Years:
        """The factor of every calendar year's hazard for one sector."""
        if not self.year_closes:
            return [(NEVER, 1.0)]
        return [both[shock] for both, shock in zip(self._either[sector], shocked, strict=True)]

    @cached_property
    def _either(self) -> list[list[tuple[tuple[int, float], tuple[int, float]]]]:
        """Of each sector's years: close and factor without a shock, and with one."""
        return [
            [((close, 1.0), (close, factor)) for close in self.year_closes]
            for factor in self.shock_factors
        ]


@rests_on("nature.hazards", "nature.regime", "sectors")
def hazards_plan(days: Days) -> HazardsPlan | None:
    """Compile the hazards; None where the config has none."""
    config = days.config
    hazards, regime = config.nature.hazards, config.nature.regime
    if hazards is None:
        return None
    years = range(days.start.year + 1, days.last.year + 2)
    closes = tuple(days.epoch.minute_of(date(year, 1, 1)) for year in years)
    return HazardsPlan(
        before_building=_per_minute(hazards.before_building),
        building=_per_minute(hazards.building),
        last_progress=hazards.cancelled_up_to_progress,
        year_closes=() if regime is None else closes,
        shock_factors=()
        if regime is None
        else tuple(regime.multiplier ** regime.loadings.get(name, 1.0) for name in config.sectors),
    )


def _per_minute(phase: PhaseRates) -> Rates:
    return Rates(
        phase.cancellations_per_year / MINUTES_PER_YEAR, phase.pauses_per_year / MINUTES_PER_YEAR
    )
