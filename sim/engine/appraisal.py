"""Appraisal at the lenders' desks, where the real bargaining sits.

See docs/model.md, "Committees and appraisal".
"""

from __future__ import annotations

from sim.engine.clock import Turn
from sim.engine.programme import Programme, Story
from sim.events import Cause, Kind

KINDS = (Kind.APPRAISAL_BEGAN, Kind.APPRAISAL_ENDED)


def start_appraisal(programme: Programme, ordinal: int) -> None:
    """Have the lenders start, unless they have."""
    if ordinal not in programme.appraising:
        programme.appraising.add(ordinal)
        programme.start(ordinal, appraise(programme, ordinal))


def appraise(programme: Programme, ordinal: int) -> Story:
    """Every facility that will lend appraises, side by side; done when the last one is."""
    if programme.first_paid_on[ordinal] >= 0:
        yield programme.clock.at(
            programme.first_paid_on[ordinal], Turn.COMPLETION, ordinal, Kind.APPRAISAL_ENDED
        )
        programme.appraised[ordinal].succeed()
        return
    minutes = programme.world.appraisal[ordinal].tolist()
    jobs = [
        programme.work(desks, ordinal, minutes[f], 0, KINDS, Cause.APPRAISAL_QUEUE)
        for f, desks in enumerate(programme.supply.desks)
        if programme.plan.calls.facility_shares[f] > 0
    ]
    for job in jobs:
        yield job.done
    programme.appraised[ordinal].succeed()
