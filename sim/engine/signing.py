"""Lenders that sign nothing new after a day. See docs/model.md, "Cash calls"."""

from __future__ import annotations

from functools import partial

from sim.engine.calls import Calls
from sim.engine.hazards import Hazards
from sim.engine.parts import Part
from sim.events import Cause, Kind
from sim.events.turns import Step, Turn


class Signing:
    """What becomes of what is selected and has no share reserved by then.

    It is given up, a breach of its own kind, or another lender takes the share over.

    A lender whose day does not bind who is selected is not here.
    """

    def __init__(self, calls: Calls, hazards: Hazards) -> None:
        self.calls = calls
        self.hazards = hazards
        for facility, minute in enumerate(calls.plan.signs_until):
            if minute is not None:
                calls.programme.clock.at(
                    minute,
                    Turn.DAY_CLOSE,
                    facility,
                    Step.SIGNING_ENDS,
                    call=partial(self._close, facility),
                )

    def _close(self, facility: int, _: object) -> None:
        """The close of the last day: shares still queued are not signed, nor are any later."""
        calls, taker = self.calls, self.calls.plan.takers[facility]
        end = partial(self._give_up, facility)
        if taker >= 0:
            end = calls.handed_on[facility] = partial(self._hand_on, facility, taker)
        calls.unsigned[facility] = end
        for ordinal, of_project in enumerate(calls.of):
            if calls.stands(ordinal) and 0 in of_project and self._queued(facility, ordinal):
                end(ordinal)

    def _hand_on(self, facility: int, taker: int, ordinal: int) -> None:
        """Another lender takes a share over, with its own if nothing of that is reserved yet.

        Else behind it: with papers of its own where it has no part in the call.
        """
        calls, call = self.calls, self.calls.of[ordinal][0]
        mine, its = calls.commitments[facility], calls.commitments[taker]
        for stock, claim in call.reservations:
            if stock is mine:
                stock.release(claim)
        whole, own = calls.whole(ordinal, facility), call.parts[taker]
        asked = [claim for stock, claim in call.reservations if stock is its]
        together = own and not any(claim.drawn for claim in asked)
        for row in calls.parts(ordinal)[0 if together else 1 :]:
            row[taker] += row[facility]
            row[facility] = 0
        calls.programme.tell(
            ordinal,
            Kind.SHARE_HANDED_ON,
            resource=calls.cash[facility].resource,
            cause=Cause.SIGNING_ENDED,
            amount=whole,
        )
        if together:
            call.unpaid -= 1
            for claim in asked:
                its.add(claim, whole)
            return
        call.payers[facility] = taker
        part = Part(calls, call, facility, taker, whole)
        if not own:
            part.start()
        elif call.waits_for[taker] == Cause.PAID:
            calls.take_over(part)
        else:
            call.behind = part

    def _queued(self, facility: int, ordinal: int) -> bool:
        """Whether a project's share waits, in whole or in part, for money to be reserved."""
        stock = self.calls.commitments[facility]
        mine = [one for its, one in self.calls.of[ordinal][0].reservations if its is stock]
        return any(claim.drawn < claim.cents for claim in mine)

    def _give_up(self, facility: int, ordinal: int) -> None:
        """With it go its other sites that are not signed either: one breach over all of them."""
        calls, programme = self.calls, self.calls.programme
        gone = [site for site in programme.sites[ordinal] if not self._signed(facility, site)]
        for site in gone:
            self.hazards.cancel(site, Cause.SIGNING_ENDED)
        cents = sum([programme.selected_cents[site] for site in gone])
        calls.enforcement.open_breach(gone[0], 0, Cause.SIGNING_ENDED, cents, number=0)

    def _signed(self, facility: int, site: int) -> bool:
        """Whether a site needs nothing more of a lender: reserved, on record or over."""
        calls = self.calls
        call = calls.of[site].get(0)
        if not calls.stands(site) or (call is not None and call.on_record):
            return True
        stock = calls.commitments[facility]
        asked = call is not None and any(its is stock for its, _ in call.reservations)
        return asked and not self._queued(facility, site)
