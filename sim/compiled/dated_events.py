"""Dated events: the course ends, and each project under way meets its fate."""

from __future__ import annotations

from sim.compiled.actors import Actor
from sim.compiled.calls import Calls
from sim.compiled.cancelling import withdraw_calls
from sim.compiled.hazards import Hazards
from sim.compiled.programme import Programme
from sim.compiled.selection import Selection
from sim.events import Cause, Kind
from sim.events.turns import Step, Turn

CAPACITY, DATED_EVENT = int(Turn.CAPACITY), int(Step.DATED_EVENT)
HAPPENED, CALLS_STOPPED = int(Kind.DATED_EVENT), int(Kind.CALLS_STOPPED)
PARTNERS_FINISH, COURSE_ENDED = int(Cause.PARTNERS_FINISH), int(Cause.COURSE_ENDED)


class DatedEvents(Actor):
    """Each event acts in its minute, ahead of that day's meetings; routes and budgets know it."""

    def __init__(self, programme: Programme, selection: Selection, calls: Calls, hazards: Hazards):
        self.programme, self.selection = programme, selection
        self.calls, self.hazards = calls, hazards
        self._schedule()

    def _schedule(self):
        for number, event in enumerate(self.programme.plan.events):
            self.programme.clock.at(event.minute, CAPACITY, 0, DATED_EVENT, number, self, 0, number)
        return 0

    def act(self, step, one, two):
        """One event."""
        return self._happen(one, self.programme.plan.events[one])

    def _happen(self, number, event):
        programme = self.programme
        programme.say(HAPPENED, 0, number)
        if event.stops_selection:
            self.selection.closed = True
        for project in programme.projects:
            phase = self._phase(project) if project.selected else None
            if phase is None:
                continue
            fate, luck = event.fates[phase], programme.world.fate[project.ordinal, number].item()
            stands = fate.withdrawn_share + fate.no_more_calls_share
            if luck < fate.withdrawn_share:
                self.hazards.cancel(project, COURSE_ENDED)
            elif luck < stands + fate.partners_finish_share and not project.stopped:
                self._stop_calls(project, luck >= stands)
        return 0

    def _stop_calls(self, project, partners_finish):
        """Withdraw what is open, leave the lenders' desks, and call no more."""
        programme = self.programme
        programme.tell(project, CALLS_STOPPED, -1, PARTNERS_FINISH if partners_finish else 0)
        withdraw_calls(project, programme, self.calls)
        for job in project.jobs:
            if job.servers in programme.supply.desks:
                job.servers.cancel(job)
        return self.calls.stop(project, partners_finish)

    def _phase(self, project):
        """Where a selected project is; None where nothing can become of it any more."""
        if not project.alive:
            return None
        first, yard = self.calls.of(project, 0), project.yard
        if first is None or not first.paid.triggered:
            return "unsigned"
        if yard is None:
            return "before_building"
        return "building" if yard.left else None
