"""What a cancelled project leaves, and what it gives back. See docs/model.md, "Cancellations"."""

from __future__ import annotations

from itertools import accumulate

from sim.engine.calls import Calls
from sim.engine.construction import Construction
from sim.engine.programme import Programme
from sim.engine.selection import Selection
from sim.events import Cause, Kind


def cancel(
    ordinal: int,
    cause: Cause,
    programme: Programme,
    construction: Construction,
    calls: Calls,
    selection: Selection,
) -> None:
    """The project is over: its crew, its queues and open calls, by policy money and envelope.

    What was spent is gone. The envelope gets back what was committed and is not sunk.
    """
    committed = programme.selected_cents[ordinal]
    spent = round(construction.progress(ordinal) * (committed + calls.topup_cents(ordinal)))
    drawn = calls.drawn_cents(ordinal)
    unspent = max(0, sum(drawn) - spent) if programme.plan.unspent_returned else 0
    sunk = min(sum(drawn) - unspent, committed)
    programme.lost_cents += sunk
    programme.returned_cents += unspent
    released = committed - sunk if programme.plan.envelope_released else 0
    programme.finish(ordinal, Kind.CANCELLED, cause=cause, amount=released)
    construction.abandon(ordinal)
    withdraw_calls(ordinal, programme, calls)
    if unspent:
        _give_back(ordinal, unspent, drawn, calls)
    selection.release(released)


def withdraw_calls(ordinal: int, programme: Programme, calls: Calls) -> None:
    """What was called and is not paid is called no more, and no breach any longer."""
    if ordinal in calls.stopped:
        return  # it has been withdrawn already
    for call in calls.of[ordinal].values():
        if call.paid.triggered:
            continue
        for stock, claim in call.reservations:
            stock.cancel(claim)
        for facility, claim in call.claims.items():
            calls.cash[call.payers.get(facility, facility)].cancel(claim)
        programme.tell(ordinal, Kind.CALL_WITHDRAWN, part=call.visit, amount=call.open_cents)
        calls.called_cents -= call.open_cents
        if call.missed:
            calls.enforcement.close_breach(ordinal, call.visit, Cause.CANCELLED)


def _give_back(ordinal: int, cents: int, drawn: list[int], calls: Calls) -> None:
    """Return money to the facilities in proportion to what each has paid, never more than that."""
    total = sum(drawn)
    returned = 0
    for stock, paid_so_far in zip(calls.cash, accumulate(drawn), strict=True):
        part = cents * paid_so_far // total - returned
        returned += part
        if part:
            stock.give_back(ordinal, part)
