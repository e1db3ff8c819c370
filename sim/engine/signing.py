"""Lenders that sign nothing new after a day. See docs/model.md, "Cash calls"."""

from __future__ import annotations

from functools import partial

from sim.engine.calls import Calls
from sim.engine.hazards import Hazards
from sim.events import Cause
from sim.events.turns import Step, Turn


class Signing:
    """What is selected and has no share reserved by then is given up: a breach of its own kind.

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
        calls = self.calls
        calls.unsigned[facility] = partial(self._give_up, facility)
        for ordinal, of_project in enumerate(calls.of):
            if calls.stands(ordinal) and 0 in of_project and self._queued(facility, ordinal):
                self._give_up(facility, ordinal)

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
