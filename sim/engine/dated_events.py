"""Dated events: the course ends, and each project under way meets its fate."""

from __future__ import annotations

from functools import partial

from sim.engine.calls import Calls
from sim.engine.cancelling import withdraw_calls
from sim.engine.construction import Construction
from sim.engine.hazards import Hazards
from sim.engine.programme import Programme
from sim.engine.selection import Selection
from sim.events import Cause, Kind
from sim.events.turns import Step, Turn
from sim.plan.dated_events import Dated


class DatedEvents:
    """Each event acts in its minute, ahead of that day's meetings; routes and budgets know it."""

    def __init__(
        self,
        programme: Programme,
        selection: Selection,
        calls: Calls,
        construction: Construction,
        hazards: Hazards,
    ) -> None:
        self.programme = programme
        self.selection = selection
        self.calls = calls
        self.construction = construction
        self.hazards = hazards
        for number, event in enumerate(programme.plan.events):
            programme.clock.at(
                event.minute,
                Turn.CAPACITY,
                0,
                Step.DATED_EVENT,
                number,
                partial(self._happen, number, event),
            )

    def _happen(self, number: int, event: Dated, _: object) -> None:
        programme = self.programme
        programme.log((programme.clock.now, -1, Kind.DATED_EVENT, -1, 0, number, 0))
        self.selection.closed |= event.stops_selection
        for ordinal in sorted(self.selection.selected):
            phase = self._phase(ordinal)
            if phase is None:
                continue
            fate, luck = event.fates[phase], programme.world.fate[ordinal, number].item()
            stands = fate.withdrawn_share + fate.no_more_calls_share
            if luck < fate.withdrawn_share:
                self.hazards.cancel(ordinal, Cause.COURSE_ENDED)
            elif luck < stands + fate.partners_finish_share and ordinal not in self.calls.stopped:
                self._stop_calls(ordinal, partners_finish=luck >= stands)

    def _stop_calls(self, ordinal: int, *, partners_finish: bool) -> None:
        """Withdraw what is open, leave the lenders' desks, and call no more."""
        programme = self.programme
        cause = Cause.PARTNERS_FINISH if partners_finish else Cause.NONE
        programme.tell(ordinal, Kind.CALLS_STOPPED, cause=cause)
        withdraw_calls(ordinal, programme, self.calls)
        for job in programme.jobs[ordinal]:
            if job.servers in programme.supply.desks:
                job.servers.cancel(job)
        self.calls.stop(ordinal, partners_pay=partners_finish)

    def _phase(self, ordinal: int) -> str | None:
        """Where a selected project is; None where nothing can become of it any more."""
        if not self.programme.alive[ordinal]:
            return None
        first, yard = self.calls.of[ordinal].get(0), self.construction.yards[ordinal]
        if first is None or not first.paid.triggered:
            return "unsigned"
        if yard is None:
            return "before_building"
        return "building" if yard.left else None
