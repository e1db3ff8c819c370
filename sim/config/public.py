"""The public on either side: it turns hostile and calms, read off what has happened so far."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.config.distributions import Strictly
from sim.config.values import NotNegative, Share

PerYear = Annotated[NotNegative, Field(le=1000, description="Thrice a day.")]


class Turning(Strictly):
    """How often a year a public turns hostile, and calms again.

    Turning adds up: a base rate, more while tariffs are raised, more for each bn paid and each bn
    lost in given-up projects within twelve months.
    """

    turns_per_year: PerYear = 0
    turns_per_year_while_raised: PerYear = 0
    turns_per_year_per_usd_bn_paid: PerYear = 0
    turns_per_year_per_usd_bn_lost: PerYear = 0
    calms_per_year: PerYear


class JapanesePublic(Turning):
    """While hostile, refusals are as likely as this, and less money flows in with a fiscal year."""

    decline_probability: Share | None = None
    inflow_share: Annotated[Share, Field(gt=0)] = 1


class AmericanPublic(Turning):
    """While hostile, the President passes over with this probability."""

    pass_over_probability: Annotated[Share, Field(lt=1)]


class PublicReaction(Strictly):
    """A side left out never turns."""

    japan: JapanesePublic | None = None
    us: AmericanPublic | None = None
