"""Things that happen on a date: a course that ends, a court, a budget. See docs/config.md."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from sim.config.distributions import Strictly
from sim.config.values import Day, Flag, Id, NotNegative, Once, Share


class Fate(Strictly):
    """What becomes of projects in a phase: given up, mothballed or finished by partners.

    The others go on as if nothing had happened. Neither of the last two is called for any more: a
    site that is mothballed stands when its money is spent, partners pay what is missing.
    """

    withdrawn_share: Share = 0
    no_more_calls_share: Share = 0
    partners_finish_share: Share = 0

    @model_validator(mode="after")
    def _shares(self) -> Self:
        if self.withdrawn_share + self.no_more_calls_share + self.partners_finish_share > 1:
            raise ValueError("the shares of a fate add up to more than 1")
        return self


class DatedEvent(Strictly):
    """What happens at 00:00 of a day, and what it does to selection, routes, budgets, projects.

    ``unsigned``: selected, the first call not paid; ``before_building``: paid, no notice to
    proceed; ``building``: not all units built. ``caps_usd_bn``: yearly money by resource, such as
    ``jbic_cash`` or ``jbic_commitments``, in fiscal years that begin from that day on, what was
    left before included.
    """

    label: str
    date: Day
    stops_selection: Flag = False
    unsigned_withdrawn_share: Share = 0
    before_building: Fate = Field(default_factory=Fate)
    building: Fate = Field(default_factory=Fate)
    closes_routes: Annotated[list[Id], Once] = Field(default_factory=list)
    opens_routes: Annotated[list[Id], Once] = Field(default_factory=list)
    caps_usd_bn: dict[Id, NotNegative] = Field(default_factory=dict)
