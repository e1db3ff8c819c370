"""Lenders that sign nothing new after a day. See docs/model.md, "Cash calls"."""

from __future__ import annotations

from sim.compiled.calls import Calls
from sim.compiled.clock import Actor
from sim.compiled.hazards import Hazards
from sim.events import Cause
from sim.events.turns import Step, Turn

DAY_CLOSE, SIGNING_ENDS = int(Turn.DAY_CLOSE), int(Step.SIGNING_ENDS)
ENDED = int(Cause.SIGNING_ENDED)
GIVE_UP, CLOSE = range(2)


class Signing(Actor):
    """What is selected and has no share reserved by then is given up: a breach of its own kind.

    A lender whose day does not bind who is selected is not here.
    """

    def __init__(self, calls: Calls, hazards: Hazards):
        self.calls, self.programme, self.hazards = calls, calls.programme, hazards
        self._schedule()

    def _schedule(self):
        for facility, minute in enumerate(self.calls.plan.signs_until):
            if minute is not None:
                self.programme.clock.at(
                    minute, DAY_CLOSE, facility, SIGNING_ENDS, 0, self, CLOSE, facility
                )
        return 0

    def act(self, step, one, two):
        """The last day of a facility, or a project that asks it for a share afterwards."""
        if step == CLOSE:
            return self._close(one)
        return self._give_up(one, self.programme.projects[two])

    def _close(self, facility):
        """The close of the last day: shares still queued are not signed, nor are any later."""
        calls = self.calls
        calls.unsigned[facility] = self
        for project in self.programme.projects:
            if calls.stands(project) and calls.of(project, 0) is not None:
                if self._queued(facility, project):
                    self._give_up(facility, project)
        return 0

    def _queued(self, facility, project):
        """Whether a project's share waits, in whole or in part, for money to be reserved."""
        call = self.calls.of(project, 0)
        claim = call.reserved[facility]
        return claim is not None and claim.drawn < claim.cents

    def _give_up(self, facility, project):
        """With it go its other sites that are not signed either: one breach over all of them."""
        gone = []
        for site in project.sites:
            if not self._signed(facility, site):
                gone.append(site)
        for site in gone:
            self.hazards.cancel(site, ENDED)
        cents = 0
        for site in gone:
            cents += site.selected_cents
        return self.calls.enforcement.open_breach(gone[0], 0, ENDED, cents, 0)

    def _signed(self, facility, site):
        """Whether a site needs nothing more of a lender: reserved, on record or over."""
        call = self.calls.of(site, 0)
        if not self.calls.stands(site) or (call is not None and call.on_record):
            return True
        if call is None or call.reserved[facility] is None:
            return False
        return not self._queued(facility, site)
