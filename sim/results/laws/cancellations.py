"""Who is cancelled gives back what the policy says: calls, money not spent, the envelope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from sim.events import Cause, Kind
from sim.results.laws.evidence import Event, Evidence, Violation

_KINDS = frozenset({
    Kind.SELECTED, Kind.CALL_NOTICED, Kind.CALL_PAID, Kind.CALL_WITHDRAWN, Kind.PART_DRAWN,
    Kind.MONEY_RETURNED, Kind.BREACH_OPENED, Kind.BREACH_CLOSED, Kind.CANCELLED,
})  # fmt: skip


def the_cancelled_give_back(evidence: Evidence) -> Iterator[Violation]:
    """In its minute calls are withdrawn and breaches closed; returned and released as stated.

    How much was spent is progress times dollars: checked where the site's stretches are known.
    """
    by_project: dict[int, list[Event]] = defaultdict(list)
    for event in evidence.of(_KINDS):
        by_project[event.project].append(event)
    for project, events in by_project.items():
        for end in [event for event in events if event.kind == Kind.CANCELLED]:
            for wrong in (*_left_open(events, end), *_money(evidence, events, end)):
                yield Violation(project, end.time, wrong)


def _left_open(events: list[Event], end: Event) -> Iterator[str]:
    called, breaches = set(), set()
    # Calls may have been withdrawn for good before, by a dated event.
    ends = {end.time, *(event.time for event in events if event.kind == Kind.CALL_WITHDRAWN)}
    for event in events:
        if event.kind == Kind.CALL_NOTICED:
            called.add(event.part)
        elif event.kind in (Kind.CALL_PAID, Kind.CALL_WITHDRAWN):
            called.discard(event.part)
        elif event.kind == Kind.BREACH_OPENED and event.cause != Cause.SIGNING_ENDED:
            breaches.add(event.part)
        elif event.kind == Kind.BREACH_CLOSED:
            breaches.discard(event.part)
            if event.cause == Cause.CANCELLED and event.time not in ends:
                yield f"breach {event.part} closed with it at minute {event.time}"
    for part in called:
        yield f"call {part} is open after CANCELLED"
    for part in breaches:
        yield f"breach {part} is open after CANCELLED"


def _money(evidence: Evidence, events: list[Event], end: Event) -> Iterator[str]:
    policy, lender = evidence.measure.config.policy, evidence.lender
    selected = 0.0
    drawn: dict[int, float] = defaultdict(float)
    returned: dict[int, float] = defaultdict(float)
    for event in events:
        if event.kind == Kind.SELECTED:
            selected = event.amount
        elif event.kind == Kind.PART_DRAWN:
            drawn[lender[event.resource]] += event.amount
        elif event.kind == Kind.MONEY_RETURNED:
            returned[lender[event.resource]] += event.amount
    paid, back = sum(drawn.values()), sum(returned.values())
    if back and policy.cancelled.unspent_money == "kept":
        yield f"{back:.0f} cents were returned, the policy keeps them"
    for who, cents in returned.items():
        # In proportion to what each has paid, to the cent.
        if not 0 < cents <= drawn[who] or abs(cents * paid - back * drawn[who]) > 2 * paid:
            yield f"{cents:.0f} cents returned to who has paid {drawn[who]:.0f} of {paid:.0f}"
    left = selected - min(paid - back, selected)
    released = left if policy.cancelled.envelope == "released" else 0
    if end.amount != released:
        yield f"CANCELLED releases {end.amount:.0f} cents, not {released:.0f}"
    if evidence.sites is not None and policy.cancelled.unspent_money == "returned":
        sites = evidence.sites
        done = (sites.end_progress - sites.start_progress)[sites.project == end.project].sum()
        over = evidence.overruns[end.project] if policy.overrun_paid_by == "japan_topup" else 0
        unspent = max(0, paid - round(float(done) * (selected + over)))
        if abs(back - unspent) > 1:
            yield f"{back:.0f} cents were returned, {unspent:.0f} were not spent"


def spending_is_work_done(evidence: Evidence) -> Iterator[Violation]:
    """What is spent at the end lies between the last progress logged and all of it."""
    spent = evidence.tables["projects"]["spent_usd_bn"]
    selected = evidence.tables["projects"]["selected_usd_bn"]
    low = np.zeros(len(spent))
    for event in evidence.of({Kind.BUILDING_BEGAN, Kind.BUILDING_STOPPED, Kind.BUILT}):
        if event.project in evidence.row:
            low[evidence.row[event.project]] = 1 if event.kind == Kind.BUILT else event.amount
    wrong = (spent < (low - 1e-9) * selected) | (spent > selected * (1 + 1e-9))
    for row in np.flatnonzero(wrong).tolist():
        text = f"{spent[row]:.6f} bn spent of {selected[row]:.6f}, progress was {low[row]:.4f}"
        yield Violation(int(evidence.attributes.entity[row]), -1, text)
