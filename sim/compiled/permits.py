# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""What notice to proceed needs besides money: permits and development, side by side.

See docs/model.md, "Permits" and "Development".
"""

from __future__ import annotations

from sim.compiled.programme import Process
from sim.events import Cause, Kind
from sim.events.turns import Turn

COMPLETION, RECORDED = int(Turn.COMPLETION), int(Cause.RECORDED)
PERMIT_QUEUE, GRANTED = int(Cause.PERMIT_QUEUE), int(Kind.PERMITS_GRANTED)
DEVELOPMENT_BEGAN, DEVELOPMENT_ENDED = int(Kind.DEVELOPMENT_BEGAN), int(Kind.DEVELOPMENT_ENDED)
PERMITS_BEGAN, WORK_ENDED = int(Kind.PERMITS_BEGAN), int(Kind.PERMIT_WORK_ENDED)
LITIGATION_BEGAN, LITIGATION_ENDED = int(Kind.LITIGATION_BEGAN), int(Kind.LITIGATION_ENDED)


def start_permits(programme, project):
    """Apply, unless it has been done."""
    if not project.permitting:
        project.permitting = True
        permits = programme.clock.permits.spare()
        if permits is None:
            permits = programme.clock.permits.add(Permits.__new__(Permits))
        programme.start(permits, project)
    return 0


class Develop(Process):
    """Engineering, contracts, land and financial close, from selection on."""

    def go(self):
        """See `Process`."""
        programme, project = self.programme, self.project
        now = programme.clock.now
        cause = programme.record.cause_at(now)
        if self.at == 0:
            self.at = 1
            programme.tell(project, DEVELOPMENT_BEGAN, -1, cause)
            on = project.developed_on
            if on < 0:
                on = now + programme.development[project.ordinal]
            self.sleep(on, COMPLETION, DEVELOPMENT_ENDED)
            return 0
        programme.tell(project, DEVELOPMENT_ENDED, -1, cause)
        project.developed.succeed()
        return 1


class Permits(Process):
    """From application to the last grant that stands."""

    def go(self):
        """See `Process`."""
        programme, project = self.programme, self.project
        now, ordinal = programme.clock.now, project.ordinal
        cause = programme.record.cause_at(now)
        if self.at == 0:
            if project.permits_granted_on >= 0:
                self.at = 4
                self.sleep(project.permits_granted_on, COMPLETION, GRANTED)
                return 0
            self.at = 1
            # A docket date is never on record, so neither is what starts with it.
            starts = programme.permits_start[project.sector]
            if starts == "docket" and self.not_before_open(PERMITS_BEGAN):
                return 0
        if self.at == 1:
            programme.tell(project, PERMITS_BEGAN, -1, cause)
            minutes = programme.permit_work[ordinal]
            # What the portfolio says is granted stands.
            self.granted_before = now < programme.open_minute and not minutes
            self.visit = 0
            agency = programme.supply.agency_of_sector[project.sector]
            if minutes and agency is not None:
                self.at = 3
                job = programme.work(agency, project, minutes, 0, -1, WORK_ENDED, PERMIT_QUEUE)
                self.until(job)
                return 0
            self.at = 2
            if minutes:
                self.sleep(now + minutes, COMPLETION, WORK_ENDED)
                return 0
        if self.at == 2:
            self.at = 3
            programme.tell(project, WORK_ENDED, -1, cause)
        elif self.at == 4:
            return self._granted(RECORDED)
        elif self.at == 5:
            programme.tell(project, LITIGATION_ENDED, -1, 0, self.visit)
            self.visit += 1
        last = self.granted_before or self.visit == programme.litigated.shape[1]
        if last or not programme.litigated[ordinal, self.visit]:
            return self._granted(cause)
        self.at = 5
        programme.tell(project, LITIGATION_BEGAN, -1, 0, self.visit)
        length = programme.litigation[ordinal, self.visit]
        self.sleep(now + length, COMPLETION, LITIGATION_ENDED, self.visit)
        return 0

    def _granted(self, cause):
        self.programme.tell(self.project, GRANTED, -1, cause)
        self.project.permitted.succeed()
        return 1
