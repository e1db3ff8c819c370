"""A public that turns hostile and calms again: how fast, and what it changes meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

JAPAN, US = 0, 1  # rows of the world's thresholds


@dataclass(frozen=True)
class Public:
    """One side, in the terms of the config; what it does not act on stays as it is."""

    side: int
    turns_per_year: float
    turns_per_year_while_raised: float
    turns_per_year_per_usd_bn_paid: float
    turns_per_year_per_usd_bn_lost: float
    calms_per_year: float
    decline_probability: float | None = None
    inflow_share: float = 1.0
    pass_over_probability: float | None = None

    def rate(self, hostile: bool, raised: bool, paid_usd_bn: float, lost_usd_bn: float) -> float:
        """Changes of mind a year, by what was paid and lost in the last twelve months.

        Examples
        --------
        >>> public = Public(0, 0.25, 0.5, 0.025, 0.125, 0.75)
        >>> public.rate(False, True, 10, 2), public.rate(True, True, 10, 2)
        (1.25, 0.75)
        """
        if hostile:
            return self.calms_per_year
        return (
            self.turns_per_year
            + self.turns_per_year_while_raised * raised
            + self.turns_per_year_per_usd_bn_paid * max(0.0, paid_usd_bn)
            + self.turns_per_year_per_usd_bn_lost * lost_usd_bn
        )
