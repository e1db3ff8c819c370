# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""Appraisal at the lenders' desks, where the real bargaining sits.

See docs/model.md, "Committees and appraisal".
"""

from __future__ import annotations

from sim.compiled.programme import Process
from sim.events import Cause, Kind
from sim.events.turns import Turn
from sim.world import lending

COMPLETION, APPRAISAL_QUEUE = int(Turn.COMPLETION), int(Cause.APPRAISAL_QUEUE)
BEGAN, ENDED = int(Kind.APPRAISAL_BEGAN), int(Kind.APPRAISAL_ENDED)
REOPENED = int(Kind.APPRAISAL_REOPENED)
APPROVED, REFUSED = lending.APPROVED, lending.REFUSED


def start_appraisal(programme, project):
    """Have the lenders start, unless they have."""
    if not project.appraising:
        project.appraising = True
        appraise = programme.clock.appraisals.spare()
        if appraise is None:
            appraise = programme.clock.appraisals.add(Appraise.__new__(Appraise))
        programme.start(appraise, project)
    return 0


class Appraise(Process):
    """Every facility that will lend appraises, side by side; done when the last one is."""

    def go(self):
        """See `Process`."""
        programme, project = self.programme, self.project
        # Of what asks Japan for nothing nobody lends, appraises or refuses.
        lenders = programme.lending if project.commitment else []
        if self.at == 0:
            self.at, self.heard = 1, 0
            if project.first_paid_on >= 0:
                self.at = 2
                self.sleep(project.first_paid_on, COMPLETION, ENDED)
                return 0
            for facility in lenders:
                programme.start(new_bargain(programme, facility), project)
        if self.at == 1:
            while self.heard < len(lenders):
                facility = lenders[self.heard]
                ready = project.lenders_ready[facility]
                self.heard += 1
                if self.until(ready):
                    return 0
        else:
            for ready in project.lenders_ready:
                ready.succeed()
        project.appraised.succeed()
        return 1


class Bargain(Process):
    """One lender appraises, and again as long as it bargains, until it approves or refuses."""

    def go(self):
        """See `Process`."""
        programme, project = self.programme, self.project
        ordinal, facility = project.ordinal, self.facility
        desks = programme.supply.desks[facility]
        if self.at == 1:
            outcome = programme.appraised[ordinal, facility, self.visit]
            if outcome == APPROVED:
                ready = project.lenders_ready[facility]
                ready.succeed()
                return 1
            if outcome == REFUSED:
                programme.refuse.act(0, ordinal, desks.resource)
                return 1
            cause = programme.record.cause_at(programme.clock.now)
            programme.tell(project, REOPENED, desks.resource, cause, self.visit)
            self.visit += 1
            if self.visit == programme.appraised.shape[2]:
                return 1
        self.at = 1
        minutes = programme.appraisal[ordinal, facility, self.visit]
        job = programme.work(desks, project, minutes, self.visit, BEGAN, ENDED, APPRAISAL_QUEUE)
        self.until(job)
        return 0


def new_bargain(programme, facility):
    """A lender that has not begun."""
    bargain = programme.clock.bargains.spare()
    if bargain is None:
        bargain = programme.clock.bargains.add(Bargain.__new__(Bargain))
    bargain.facility, bargain.visit = facility, 0
    return bargain
