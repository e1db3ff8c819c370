# cython: annotation_typing=False
"""The branches of a project's life before building, as pieces of time each with its cause.

Every branch is a list of pieces in order of time. The chain walks over some of them; what it does
not walk over is hidden.
"""

from __future__ import annotations

from typing import TypeAlias

from sim.events import Cause, Kind
from sim.events import ledger_causes as of
from sim.events.causes import charged_at
from sim.results.ledger.trail import NOTHING, Piece, Trail

_MAIN_WAITS = charged_at("main")
_REVIEWS = (
    (int(Kind.SCREENING_BEGAN), int(Kind.SCREENING_ENDED)),
    (int(Kind.REVISION_BEGAN), int(Kind.REVISION_ENDED)),
)
# Members of an enumeration are slow to read where it matters.
_PROPOSED, _NOTICED, _PAID = int(Kind.PROPOSED), int(Kind.CALL_NOTICED), int(Kind.CALL_PAID)
_SELECTED = int(Kind.SELECTED)
_DOCUMENTED, _PART_PAID = int(Kind.PART_DOCUMENTED), int(Kind.PART_PAID)
_APPRAISAL_BEGAN, _APPRAISAL_ENDED = int(Kind.APPRAISAL_BEGAN), int(Kind.APPRAISAL_ENDED)
_CONSULTED, _CONSULTATION_ENDED = int(Kind.CONSULTATION_BEGAN), int(Kind.CONSULTATION_ENDED)
_PERMITS, _GRANTED = int(Kind.PERMITS_BEGAN), int(Kind.PERMITS_GRANTED)
_LITIGATION, _LITIGATION_ENDED = int(Kind.LITIGATION_BEGAN), int(Kind.LITIGATION_ENDED)
_DEVELOPING, _DEVELOPED = int(Kind.DEVELOPMENT_BEGAN), int(Kind.DEVELOPMENT_ENDED)
_PAUSED, _RESUMED = int(Kind.PAUSED), int(Kind.RESUMED)
_HANDED_ON = int(Kind.SHARE_HANDED_ON)
_BUILDING, _BUILT = int(Kind.BUILDING_BEGAN), int(Kind.UNIT_BUILT)
_APPRAISAL_QUEUE, _WINDOW = int(Cause.APPRAISAL_QUEUE), int(Cause.FUNDING_WINDOW)
_PERMIT_QUEUE, _HISTORY = int(Cause.PERMIT_QUEUE), int(Cause.HISTORY)
_RECORDED = int(Cause.RECORDED)


Appraised: TypeAlias = tuple[int, int, int]  # request, end, desk


class Part:
    """A lender's way through a call: its desk, its windows, its money."""

    def __init__(
        self, lender: int, begin: int, documented: int, paid: int, windows: list[Piece]
    ) -> None:
        self.lender, self.begin = lender, begin
        self.documented, self.paid = documented, paid
        self.windows = windows


class Branches:
    """What one project went through, branch by branch. Open pieces end where the trail does.

    What every chain asks for is read at once: plain attributes are the fastest to come back to.
    """

    def __init__(self, trail: Trail, lender: list[int]) -> None:
        self.trail = trail
        self.lender = lender
        self.begin: int = trail.first(_PROPOSED)
        self.end = trail.end
        self.noticed = trail.at(_NOTICED, 0)  # -1 where there was none
        self.appraisals = self._appraisals()  # by facility, in the config's order
        self.main = self._main()
        self.permits, self.granted = self._permits()
        self.development: list[Piece] = [
            (begin, end, of.DEVELOPMENT, -1)
            for begin, end, _ in trail.spans(_DEVELOPING, _DEVELOPED)
        ]
        self.developed = self.development[0][1] if self.development else -1
        self.pauses: list[Piece] = [
            (begin, end, of.PAUSED, -1) for begin, end, _ in trail.spans(_PAUSED, _RESUMED)
        ]
        self.consultation = (-1, -1)
        self.on_record = False
        self.payment_began = self.noticed
        self._first: list[Part] | None = None  # once asked for
        self.paid = self.end
        if self.noticed >= 0:
            self._first_call()

    def _main(self) -> list[Piece]:
        """From proposal to the first notice, or the end; what nothing explains is on record.

        From selection on it is unsigned, unless a lender is at it.
        """
        trail = self.trail
        pieces = [
            (begin, end, of.REVIEWING, resource)
            for began, ended in _REVIEWS
            for begin, end, resource in trail.spans(began, ended)
        ]
        for cause, code in _MAIN_WAITS.items():
            if cause in trail.waits:
                for begin, end, resource, _ in trail.waits[cause]:
                    pieces.append((begin, end, code, resource))
        until = self.end if self.noticed < 0 else self.noticed
        selected = trail.first(_SELECTED)
        if selected < 0:
            selected = until
        for begin, end, desk in self.appraisals.values():
            pieces.append((max(begin, selected), end, of.APPRAISAL, desk))
        pieces.sort()
        reviewed = filled(pieces, self.begin, min(selected, until), of.RECORDED)
        return reviewed + filled(pieces, max(selected, self.begin), until, of.UNSIGNED)

    def _permits(self) -> tuple[list[Piece], int]:
        """From application to the last grant, and when that cleared; empty without either."""
        trail = self.trail
        rounds: list[tuple[int, int, int]] = []
        in_court = False
        if trail.first(_LITIGATION) >= 0:
            rounds = trail.spans(_LITIGATION, _LITIGATION_ENDED)
            in_court = len(rounds) > len(trail.of(_LITIGATION_ENDED))
        granted = trail.last(_GRANTED)
        if granted < 0 or in_court:
            granted = self.end
        if trail.first(_PERMITS) < 0:
            return [], granted
        pieces = [(begin, end, of.LITIGATION, -1) for begin, end, _ in rounds]
        for begin, end, resource, _ in trail.waits.get(_PERMIT_QUEUE, NOTHING):
            pieces.append((begin, end, of.PERMIT_QUEUE, resource))
        pieces.sort()
        return filled(pieces, trail.first(_PERMITS), granted, of.PERMIT_WORK), granted

    def _appraisals(self) -> dict[int, Appraised]:
        """First request, last end and desk by facility."""
        trail, lender = self.trail, self.lender
        requests: dict[int, tuple[int, int]] = {}
        ends: dict[int, int] = {}
        begun: dict[int, int] = {}
        for begin, _, desk, _ in trail.waits.get(_APPRAISAL_QUEUE, NOTHING):
            _earlier(requests, lender[desk], begin, desk)
        for time, desk, _, visit in trail.of(_APPRAISAL_BEGAN):
            number = lender[desk]
            _earlier(requests, number, time, desk)
            begun[number] = visit
        for time, desk, _, visit in trail.of(_APPRAISAL_ENDED):
            number = lender[desk]
            if begun.get(number, visit) == visit:
                ends[number] = time
        return {
            number: (requests[number][0], ends.get(number, self.end), requests[number][1])
            for number in sorted(requests)
        }

    def _first_call(self) -> None:
        """What stands between the first notice and its payment."""
        trail = self.trail
        paid = trail.at(_PAID, 0)
        self.paid = self.end if paid < 0 else paid
        self.on_record = trail.has(_NOTICED, _RECORDED, 0) or trail.has(_PAID, _RECORDED, 0)
        if trail.first(_CONSULTED) >= 0:
            begin, end, _ = trail.spans(_CONSULTED, _CONSULTATION_ENDED)[0]
            self.consultation = (begin, end)
        # Papers begin: noticed and decided, and each lender's when it has appraised.
        self.payment_began = max(self.noticed, self.consultation[1])

    def first_parts(self) -> list[Part]:
        """Every facility's way through the first call; none that is on record, or not noticed."""
        if self._first is None:
            off = self.noticed < 0 or self.on_record
            self._first = [] if off else self.parts(0)
        return self._first

    def history(self, kind: int) -> list[Piece]:
        """Waits for the as-of date before a kind of event."""
        waits = self.trail.waits.get(_HISTORY, NOTHING)
        return [(b, e, of.RECORDED, -1) for b, e, _, part in waits if part == kind]

    def stood(self, unit: int) -> int:
        """Until when a unit built on record stood by nothing else than the record; -1: no such."""
        if self.trail.has(_BUILT, _RECORDED, unit):
            return self.history(_BUILDING)[-1][1]
        return -1

    def parts(self, part: int) -> list[Part]:
        """Every facility's way through a call, in the config's order: desk, window, money."""
        trail, lender, end = self.trail, self.lender, self.end
        begin = self.payment_began if part == 0 else trail.at(_NOTICED, part)
        documented = trail.by_lender(_DOCUMENTED, part, lender)
        paid = trail.by_lender(_PART_PAID, part, lender)
        windows: dict[int, list[Piece]] = {}
        for since, until, resource, its in trail.waits.get(_WINDOW, NOTHING):
            if its == part:
                piece = (since, until, of.FUNDING_WINDOW, resource)
                windows.setdefault(lender[resource], []).append(piece)
        # Who has not paid yet need not have left a trace of this call.
        known = {*paid} if trail.at(_PAID, part) >= 0 else {*self.appraisals, *documented, *paid}
        known -= {lender[resource] for _, resource, _, _ in trail.of(_HANDED_ON)}
        ready = {number: end for number, (_, end, _) in self.appraisals.items()}
        return [
            Part(
                number,
                max(begin, ready.get(number, begin)) if part == 0 else begin,
                documented.get(number, paid.get(number, end)),
                paid.get(number, end),
                windows.get(number, NOTHING),
            )
            for number in sorted(known)
        ]


def _earlier(requests: dict[int, tuple[int, int]], number: int, time: int, desk: int) -> None:
    """Keep a lender's first request."""
    if number not in requests or (time, desk) < requests[number]:
        requests[number] = (time, desk)


def filled(pieces: list[Piece], begin: int, end: int, gaps: int) -> list[Piece]:
    """Pieces in order and without overlap from ``begin`` to ``end``; gaps get their own cause."""
    found = []
    for since, until, cause, resource in pieces:
        if since > begin:
            if begin >= end:
                break
            found.append((begin, min(since, end), gaps, -1))
            begin = since
        until = min(until, end)
        if until > begin:
            found.append((begin, until, cause, resource))
            begin = until
    if begin < end:
        found.append((begin, end, gaps, -1))
    return found


def paying(part: Part) -> list[Piece]:
    """Window and money of one facility, from its papers to its payment."""
    return filled(part.windows, part.documented, part.paid, of.FUNDING_MONEY)
