"""Lenders that sign nothing new after a day. See docs/model.md, "Cash calls"."""

from __future__ import annotations

from functools import partial

from sim.engine.calls import Calls
from sim.engine.clock import Step, Turn
from sim.engine.hazards import Hazards
from sim.events import Cause


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
        calls, stock = self.calls, self.calls.commitments[facility]
        calls.unsigned[facility] = self._give_up
        for ordinal, of_project in enumerate(calls.of):
            if not calls.stands(ordinal) or 0 not in of_project:
                continue
            queued = [one for its, one in of_project[0].reservations if its is stock]
            if any(claim.drawn < claim.cents for claim in queued):
                self._give_up(ordinal)

    def _give_up(self, ordinal: int) -> None:
        cents = self.calls.programme.selected_cents[ordinal]
        self.hazards.cancel(ordinal, Cause.SIGNING_ENDED)
        self.calls.enforcement.open_breach(ordinal, 0, Cause.SIGNING_ENDED, cents, number=0)
