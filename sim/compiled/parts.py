# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""One cash call, and each lender's way through it: its desk, the earliest date, its money."""

from __future__ import annotations

from sim.calendars import MINUTES_PER_DAY
from sim.compiled.actors import Actor
from sim.events import Cause, Kind
from sim.events.turns import Step, Turn

COMPLETION, OPENS = int(Turn.COMPLETION), int(Step.WINDOW_OPENS)
DOCUMENTED = int(Kind.PART_DOCUMENTED)
APPRAISAL = int(Cause.APPRAISAL)
WINDOW, DESK = int(Cause.FUNDING_WINDOW), int(Cause.FUNDING_DESK)
COMMITMENT, MONEY = int(Cause.FUNDING_COMMITMENT), int(Cause.FUNDING_MONEY)
DUE, CURE_ENDS = range(2)
PAPERS_DONE, WINDOW_OPENS, RESERVED, DRAWN, TAKEN_OVER = range(5)


class Breaches(Actor):
    """Who is told of breaches; see `sim.compiled.enforcement`."""

    def open_breach(self, project, visit, cause, unpaid, number=-1):
        """A breach of ``unpaid`` cents is open."""
        raise NotImplementedError

    def close_breach(self, project, visit, cause):
        """The breach is over."""
        raise NotImplementedError

    def duties_now(self):
        """Which routes are in law, and which are in force."""
        raise NotImplementedError


class Call(Actor):
    """One cash call: a slice of a project's commitment, split over the facilities."""

    def begin(self, lenders):
        """Nobody has begun to pay it."""
        if self.claims is None or len(self.claims) != lenders:
            self.claims = [None] * lenders  # by facility
            self.payers = [0] * lenders  # who pays each facility's part
            self.waits_for = [0] * lenders  # by facility, until it has paid
            self.claiming = []  # facilities in the order of asking
            self.reserving, self.reserved = [], []  # whose stock, and the claim on it
        for lender in range(lenders):
            self.claims[lender] = None
            self.payers[lender], self.waits_for[lender] = lender, APPRAISAL
        self.behind = None  # a part of another's, until its payer has paid its own
        return 0

    def let_go(self):
        """See `Actor`."""
        self.calls = self.project = self.parts = self.paid = self.behind = None
        self.claiming.clear()
        if self.reserving:
            self.reserving.clear()
            self.reserved.clear()
        return 0

    def act(self, step, one, two):
        """The close of the due date, or of the cure period."""
        return self.calls.due(self) if step == DUE else self.calls.missed(self)

    def drawn(self, facility):
        """Cents one facility has paid of it."""
        if self.on_record:
            return self.parts[facility]
        cents = 0
        for its in self.claiming:
            if self.payers[its] == facility:
                claim = self.claims[its]
                cents += claim.drawn
        return cents

    def extend(self, minutes):
        """Move the close of the due date and of the cure period by whole days, rounded up."""
        length = -(-minutes // MINUTES_PER_DAY) * MINUTES_PER_DAY
        self.due_close += length
        self.missed_close += length
        return 0

    def largest_debt(self):
        """The part of which most is owed."""
        found, most = -1, 0
        for facility in range(len(self.parts)):
            claim = self.claims[facility]
            owed = self.parts[facility] - (0 if claim is None else claim.drawn)
            if found < 0 or owed > most:
                found, most = facility, owed
        return found

    def open_cents(self):
        """What has not been drawn of it."""
        cents = self.cents
        for claim in self.claims:
            if claim is not None:
                cents -= claim.drawn
        return cents


class Payments:
    """What the calls of all projects are paid from, and who is told; see `sim.compiled.calls`."""

    def stands(self, project):
        """Whether a project's calls still run their course."""
        raise NotImplementedError

    def whole(self, project, facility):
        """One facility's share of the committed amount."""
        raise NotImplementedError

    def part_paid(self, call, facility, cause=0):
        """One facility has paid its part."""
        raise NotImplementedError

    def due(self, call):
        """The close of the due date."""
        raise NotImplementedError

    def missed(self, call):
        """The close of the cure period."""
        raise NotImplementedError


class Part(Actor):
    """One facility's part of a call: desk, then the earliest date, then the money.

    Another facility may be its ``payer``, of ``whole`` cents over all calls.
    """

    def act(self, step, one, two):
        """What it waited for has come."""
        if step == PAPERS_DONE:
            return self._documented()
        if step == WINDOW_OPENS:
            return self._opened()
        if step == RESERVED:
            return self._draw()
        if step == TAKEN_OVER:
            return self.claim()
        return self._paid()

    def let_go(self):
        """See `Actor`."""
        self.calls = self.call = self.project = self.cash = None
        return 0

    def start(self):
        """Queue at the payer's desks."""
        calls, call, payer = self.calls, self.call, self.payer
        handed_on = calls.handed_on[payer]
        if handed_on is not None and not call.visit:
            return handed_on.act(0, payer, self.project.ordinal)
        programme = calls.programme
        call.waits_for[self.facility] = DESK
        minutes = calls.desk_minutes[self.project.ordinal, call.visit, payer]
        desks = programme.supply.desks[payer]
        job = programme.work(desks, self.project, minutes, call.visit, -1, DOCUMENTED, DESK)
        return job.then(self, PAPERS_DONE, 0, 0)

    def number(self):
        """Its place among the parts of all calls of the project."""
        return self.call.visit * len(self.call.parts) + self.facility

    def _documented(self):
        programme, call = self.calls.programme, self.call
        if not self.calls.stands(self.project):
            return 0
        now, ordinal = programme.clock.now, self.project.ordinal
        if now >= call.earliest:
            return self.claim()
        call.waits_for[self.facility] = WINDOW
        resource = self.cash.resource
        programme.record.wait_began(now, self.project.entity, WINDOW, resource, call.visit)
        return programme.clock.at(
            call.earliest, COMPLETION, ordinal, OPENS, self.number(), self, WINDOW_OPENS
        )

    def _opened(self):
        if not self.calls.stands(self.project):
            return 0
        programme, visit = self.calls.programme, self.call.visit
        now = programme.clock.now
        programme.record.wait_ended(now, self.project.entity, WINDOW, self.cash.resource, visit)
        return self.claim()

    def claim(self):
        """The first call reserves the project's whole share; later draws bypass that queue."""
        calls, call, payer = self.calls, self.call, self.payer
        if not calls.stands(self.project):
            return 0
        if call.visit:
            return self._draw()
        signing = calls.unsigned[payer]
        if signing is not None:
            return signing.act(0, payer, self.project.ordinal)
        call.waits_for[self.facility] = COMMITMENT
        whole = self.whole or calls.whole(self.project, self.facility)
        stock = calls.commitments[payer]
        reserved = stock.claim(self.project, call.due_close, call.notice, 0, whole)
        call.reserving.append(payer)
        call.reserved.append(reserved)
        return reserved.then(self, RESERVED, 0, 0)

    def _draw(self):
        call, facility = self.call, self.facility
        if not self.calls.stands(self.project):
            return 0
        call.waits_for[facility] = MONEY
        cents = call.parts[facility]
        claim = self.cash.claim(self.project, call.due_close, call.notice, call.visit, cents)
        call.claims[facility] = claim
        call.claiming.append(facility)
        return claim.then(self, DRAWN, 0, 0)

    def _paid(self):
        if self.calls.stands(self.project):
            self.calls.part_paid(self.call, self.facility)
        return 0


def new_part(calls, call, facility, payer, whole):
    """A part that has not begun."""
    made = calls.programme.clock.parts
    part = made.spare()
    if part is None:
        part = made.add(Part.__new__(Part))
    part.calls, part.call, part.project = calls, call, call.project
    part.facility, part.payer, part.whole = facility, payer, whole
    part.cash = calls.cash[payer]
    return part
