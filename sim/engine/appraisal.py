"""Appraisal at the lenders' desks, where the real bargaining sits.

See docs/model.md, "Committees and appraisal".
"""

from __future__ import annotations

from sim.engine.programme import Programme, Story
from sim.events import Cause, Kind
from sim.events.turns import Turn
from sim.world.lending import APPROVED, REFUSED

KINDS = (Kind.APPRAISAL_BEGAN, Kind.APPRAISAL_ENDED)


def start_appraisal(programme: Programme, ordinal: int) -> None:
    """Have the lenders start, unless they have."""
    if ordinal not in programme.appraising:
        programme.appraising.add(ordinal)
        programme.start(ordinal, appraise(programme, ordinal))


def appraise(programme: Programme, ordinal: int) -> Story:
    """Every facility that will lend appraises, side by side; done when the last one is."""
    ready = programme.lenders_ready[ordinal]
    if programme.first_paid_on[ordinal] >= 0:
        yield programme.clock.at(
            programme.first_paid_on[ordinal], Turn.COMPLETION, ordinal, Kind.APPRAISAL_ENDED
        )
        for lender in ready:
            lender.succeed()
        programme.appraised[ordinal].succeed()
        return
    # Of what asks Japan for nothing nobody lends, appraises or refuses.
    shares = programme.plan.calls.facility_shares if programme.commitment[ordinal] else ()
    lending = [facility for facility, share in enumerate(shares) if share > 0]
    for facility in lending:
        programme.start(ordinal, _bargain(programme, ordinal, facility))
    for facility in lending:
        yield ready[facility]
    programme.appraised[ordinal].succeed()


def _bargain(programme: Programme, ordinal: int, facility: int) -> Story:
    """One lender appraises, and again as long as it bargains, until it approves or refuses."""
    desks, world = programme.supply.desks[facility], programme.world
    course = world.appraisal[ordinal, facility], world.appraised[ordinal, facility]
    for visit, (minutes, outcome) in enumerate(zip(*(row.tolist() for row in course), strict=True)):
        yield programme.work(desks, ordinal, minutes, visit, KINDS, Cause.APPRAISAL_QUEUE).done
        if outcome == APPROVED:
            programme.lenders_ready[ordinal][facility].succeed()
            return
        if outcome == REFUSED:
            programme.refuse(ordinal, desks.resource)
            return
        programme.tell(
            ordinal,
            Kind.APPRAISAL_REOPENED,
            resource=desks.resource,
            part=visit,
            cause=programme.record.cause_at(programme.clock.now),
        )
