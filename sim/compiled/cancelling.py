"""What a cancelled project leaves, and what it gives back. See docs/model.md, "Cancellations"."""

from __future__ import annotations

from itertools import accumulate

from sim.events import Cause, Kind

CANCELLED, CALL_WITHDRAWN = int(Kind.CANCELLED), int(Kind.CALL_WITHDRAWN)
BY_CANCELLATION = int(Cause.CANCELLED)


def cancel(project, cause, programme, construction, calls, selection):
    """The project is over: its crew, its queues and open calls, by policy money and envelope.

    What was spent is gone. The envelope gets back what was committed and is not sunk.
    """
    committed, share = project.selected_cents, construction.progress(project)
    spent = round(share * (committed + calls.topup_cents(project)))
    drawn = calls.drawn_cents(project)
    unspent = max(0, sum(drawn) - spent) if programme.plan.unspent_returned else 0
    sunk = min(sum(drawn) - unspent, committed)
    programme.lost_cents += sunk
    programme.returned_cents += unspent
    released = committed - sunk if programme.plan.envelope_released else 0
    programme.finish(project, CANCELLED, -1, cause, 0, released)
    construction.abandon(project)
    withdraw_calls(project, programme, calls)
    if unspent:
        _give_back(project, unspent, drawn, calls)
    return selection.release(released)


def withdraw_calls(project, programme, calls):
    """What was called and is not paid is called no more, and no breach any longer."""
    if project.stopped:
        return 0  # it has been withdrawn already
    for call in project.calls:
        if call.paid.triggered:
            continue
        for payer, claim in zip(call.reserving, call.reserved, strict=True):
            stock = calls.commitments[payer]
            stock.cancel(claim)
        for facility in call.claiming:
            stock = calls.cash[call.payers[facility]]
            stock.cancel(call.claims[facility])
        cents = call.open_cents()
        programme.tell(project, CALL_WITHDRAWN, -1, 0, call.visit, cents)
        calls.called_cents -= cents
        if call.missed:
            calls.enforcement.close_breach(project, call.visit, BY_CANCELLATION)
    return 0


def _give_back(project, cents, drawn, calls):
    """Return money to the facilities in proportion to what each has paid, never more than that."""
    total = sum(drawn)
    returned = 0
    for stock, paid_so_far in zip(calls.cash, accumulate(drawn), strict=True):
        part = cents * paid_so_far // total - returned
        returned += part
        if part:
            stock.give_back(project, part)
    return 0
