"""One lender's way through a cash call: its desk, the earliest date, its money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.events import Cause, Kind
from sim.events.turns import Step, Turn

if TYPE_CHECKING:
    from sim.engine.calls import Call, Calls

# The engine's most frequent events: plain whole numbers, because reading a member of an
# enumeration costs Python 3.11 as much as logging the event.
COMPLETION, OPENS = int(Turn.COMPLETION), int(Step.WINDOW_OPENS)
WINDOW, DESK = int(Cause.FUNDING_WINDOW), int(Cause.FUNDING_DESK)
COMMITMENT, MONEY = int(Cause.FUNDING_COMMITMENT), int(Cause.FUNDING_MONEY)
DESK_KINDS = (-1, int(Kind.PART_DOCUMENTED))


class Part:
    """One facility's part of a call: desk, then the earliest date, then the money.

    A chain of callbacks and not a process: there are more parts than everything else together.
    Another facility may be its ``payer``, of ``whole`` cents over all calls.
    """

    __slots__ = ("call", "calls", "facility", "number", "payer", "project", "whole")

    def __init__(
        self, calls: Calls, call: Call, facility: int, payer: int = -1, whole: int = 0
    ) -> None:
        self.call = call
        self.calls = calls
        self.facility = facility
        self.payer = facility if payer < 0 else payer
        self.whole = whole
        self.number = call.visit * len(call.parts) + facility
        self.project = calls.programme.entity[call.ordinal]

    def start(self) -> None:
        """Queue at the payer's desks."""
        calls, programme, call = self.calls, self.calls.programme, self.call
        if self.payer in calls.handed_on and not call.visit:
            return calls.handed_on[self.payer](call.ordinal)
        call.waits_for[self.facility] = DESK
        minutes = calls.desk_minutes[call.ordinal, call.visit, self.payer].item()
        desks = programme.supply.desks[self.payer]
        job = programme.work(desks, call.ordinal, minutes, call.visit, DESK_KINDS, DESK)
        job.done.callbacks.append(self._documented)

    def _documented(self, _: object) -> None:
        programme, call = self.calls.programme, self.call
        if not self.calls.stands(call.ordinal):
            return
        clock = programme.clock
        if clock.now >= call.earliest:
            self.claim()
            return
        call.waits_for[self.facility] = WINDOW
        resource = self.calls.cash[self.payer].resource
        programme.record.wait_began(clock.now, self.project, WINDOW, resource, call.visit)
        clock.at(call.earliest, COMPLETION, call.ordinal, OPENS, self.number, self._opened)

    def _opened(self, _: object) -> None:
        programme, call = self.calls.programme, self.call
        if self.calls.stands(call.ordinal):
            resource = self.calls.cash[self.payer].resource
            now = programme.clock.now
            programme.record.wait_ended(now, self.project, WINDOW, resource, call.visit)
            self.claim()

    def claim(self, _: object = None) -> None:
        """The first call reserves the project's whole share; later draws bypass that queue."""
        calls, call = self.calls, self.call
        if not calls.stands(call.ordinal):
            return
        if call.visit:
            self._draw(None)
            return
        if self.payer in calls.unsigned:
            return calls.unsigned[self.payer](call.ordinal)
        call.waits_for[self.facility] = COMMITMENT
        whole = self.whole or calls.whole(call.ordinal, self.facility)
        stock = calls.commitments[self.payer]
        reserved = stock.claim(self._order(), 0, whole)
        call.reservations.append((stock, reserved))
        reserved.done.callbacks.append(self._draw)

    def _draw(self, _: object) -> None:
        call = self.call
        if not self.calls.stands(call.ordinal):
            return
        call.waits_for[self.facility] = MONEY
        claim = self.calls.cash[self.payer].claim(
            self._order(), call.visit, call.parts[self.facility]
        )
        call.claims[self.facility] = claim
        claim.done.callbacks.append(self._paid)

    def _paid(self, _: object) -> None:
        if self.calls.stands(self.call.ordinal):
            self.calls.part_paid(self.call, self.facility)

    def _order(self) -> tuple[int, int, int]:
        return self.call.due_close, self.call.notice, self.call.ordinal
