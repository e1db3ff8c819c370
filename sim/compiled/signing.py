"""Lenders that sign nothing new after a day. See docs/model.md, "Cash calls"."""

from __future__ import annotations

from sim.compiled import parts
from sim.compiled.actors import Actor
from sim.compiled.calls import Calls
from sim.compiled.hazards import Hazards
from sim.events import Cause, Kind
from sim.events.turns import Step, Turn

DAY_CLOSE, SIGNING_ENDS = int(Turn.DAY_CLOSE), int(Step.SIGNING_ENDS)
ENDED, PAID = int(Cause.SIGNING_ENDED), int(Cause.PAID)
HANDED_ON = int(Kind.SHARE_HANDED_ON)
GIVE_UP, CLOSE = range(2)


class Signing(Actor):
    """What becomes of what is selected and has no share reserved by then.

    It is given up, a breach of its own kind, or another lender takes the share over.

    A lender whose day does not bind who is selected is not here.
    """

    def __init__(self, calls: Calls, hazards: Hazards):
        self.calls, self.programme, self.hazards = calls, calls.programme, hazards
        self.takers = calls.plan.takers
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
        return self._end(one, self.programme.projects[two])

    def _close(self, facility):
        """The close of the last day: shares still queued are not signed, nor are any later."""
        calls = self.calls
        calls.unsigned[facility] = self
        if self.takers[facility] >= 0:
            calls.handed_on[facility] = self
        for project in self.programme.projects:
            queues = calls.stands(project) and calls.of(project, 0) is not None
            if queues and self._queued(facility, project):
                self._end(facility, project)
        return 0

    def _end(self, facility, project):
        """Another lender takes the share over, or the project is given up."""
        taker = self.takers[facility]
        if taker >= 0:
            return self._hand_on(facility, taker, project)
        return self._give_up(facility, project)

    def _hand_on(self, facility, taker, project):
        """Another lender takes a share over, with its own if nothing of that is reserved yet.

        Else behind it: with papers of its own where it has no part in the call.
        """
        calls = self.calls
        call = calls.of(project, 0)
        mine, its, cash = (
            calls.commitments[facility],
            calls.commitments[taker],
            calls.cash[facility],
        )
        asked, drawn = [], 0
        for payer, claim in zip(call.reserving, call.reserved, strict=True):
            if payer == facility:
                mine.release(claim)
            elif payer == taker:
                asked.append(claim)
                drawn += claim.drawn
        whole, own = calls.whole(project, facility), call.parts[taker]
        together = own and not drawn
        for row in calls.parts(project)[0 if together else 1 :]:
            row[taker] += row[facility]
            row[facility] = 0
        self.programme.tell(project, HANDED_ON, cash.resource, ENDED, 0, whole)
        if together:
            call.unpaid -= 1
            for claim in asked:
                its.add(claim, whole)
            return 0
        call.payers[facility] = taker
        part = parts.new_part(calls, call, facility, taker, whole)
        if not own:
            return part.start()
        if call.waits_for[taker] == PAID:
            return calls.take_over(part)
        call.behind = part
        return 0

    def _queued(self, facility, project):
        """Whether a project's share waits, in whole or in part, for money to be reserved."""
        call = self.calls.of(project, 0)
        for payer, claim in zip(call.reserving, call.reserved, strict=True):
            if payer == facility and claim.drawn < claim.cents:
                return True
        return False

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
        if call is None or facility not in call.reserving:
            return False
        return not self._queued(facility, site)
