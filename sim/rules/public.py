"""How fast a public turns hostile, or calms: a rate that reads what has happened so far."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PublicView:
    """What a public sees on the first of a month."""

    hostile: bool
    raised: bool  # tariffs are
    paid_usd_bn: float  # in the last twelve months, net of what came back
    lost_usd_bn: float  # sunk in projects given up in the last twelve months


@dataclass(frozen=True)
class TurningRate:
    """Changes of mind a year, in the terms of the config."""

    base: float
    while_raised: float
    per_usd_bn_paid: float
    per_usd_bn_lost: float
    calming: float

    def __call__(self, view: PublicView) -> float:
        """The rate in that month.

        Examples
        --------
        >>> rate = TurningRate(0.25, 0.5, 0.025, 0.125, 0.75)
        >>> rate(PublicView(False, True, 10, 2)), rate(PublicView(True, True, 10, 2))
        (1.25, 0.75)
        """
        if view.hostile:
            return self.calming
        return (
            self.base
            + self.while_raised * view.raised
            + self.per_usd_bn_paid * max(0.0, view.paid_usd_bn)
            + self.per_usd_bn_lost * view.lost_usd_bn
        )
