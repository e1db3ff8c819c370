"""Cash calls: noticed, split over the facilities, paid, late, missed. Section 4.6."""

from __future__ import annotations

import numpy as np

from sim.calendars import MINUTES_PER_DAY
from sim.compiled.clock import Actor
from sim.compiled.programme import Programme
from sim.events import Cause, Kind
from sim.events.turns import Step, Turn
from sim.rules.splitting import share_out, split

COMPLETION, DAY_CLOSE, OPENS = int(Turn.COMPLETION), int(Turn.DAY_CLOSE), int(Step.WINDOW_OPENS)
PAID, LATE, MISSED = int(Kind.PART_PAID), int(Kind.CALL_LATE), int(Kind.CALL_MISSED)
NOTICED, CALL_PAID = int(Kind.CALL_NOTICED), int(Kind.CALL_PAID)
DOCUMENTED = int(Kind.PART_DOCUMENTED)
APPRAISAL, RECORDED = int(Cause.APPRAISAL), int(Cause.RECORDED)
WINDOW, DESK = int(Cause.FUNDING_WINDOW), int(Cause.FUNDING_DESK)
COMMITMENT, MONEY = int(Cause.FUNDING_COMMITMENT), int(Cause.FUNDING_MONEY)
BY_PAYMENT, CALL_MISSED, DECLINED = int(Cause.PAID), int(Cause.CALL_MISSED), int(Cause.DECLINED)
DUE, CURE_ENDS = range(2)
PAPERS_DONE, WINDOW_OPENS, RESERVED, DRAWN = range(4)


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

    def act(self, step, one, two):
        """The close of the due date, or of the cure period."""
        return self.calls._due(self) if step == DUE else self.calls._missed(self)

    def drawn(self, facility):
        """Cents one facility has paid of it."""
        if self.on_record:
            return self.parts[facility]
        claim = self.claims[facility]
        return 0 if claim is None else claim.drawn

    def extend(self, minutes):
        """Move the close of the due date and of the cure period by whole days, rounded up."""
        length = -(-minutes // MINUTES_PER_DAY) * MINUTES_PER_DAY
        self.due_close += length
        self.missed_close += length
        return 0

    def largest_debt(self):
        """The facility that owes most of it."""
        found, most = 0, self.parts[0] - self.drawn(0)
        for facility in range(1, len(self.parts)):
            owes = self.parts[facility] - self.drawn(facility)
            if owes > most:
                found, most = facility, owes
        return found

    def open_cents(self):
        """What has not been drawn of it."""
        cents = self.cents
        for claim in self.claims:
            if claim is not None:
                cents -= claim.drawn
        return cents


class Calls:
    """All calls of all projects, and what they are paid from."""

    def __init__(self, programme: Programme):
        self.programme = programme
        self.plan = programme.plan.calls
        self.commitments, self.cash = programme.supply.commitments, programme.supply.cash
        self.lenders, self.slices = len(self.cash), len(self.plan.slices)
        self.called_cents = 0  # noticed so far and not withdrawn, of all projects
        self.desk_minutes = np.ascontiguousarray(programme.world.call_desk)
        self.shares = self.plan.facility_shares
        self.tops_up = self.plan.tops_up
        # What becomes of a project without a share, by facility that signs nothing new.
        self.unsigned = [None] * self.lenders

    def stands(self, project):
        """Whether a project's calls still run their course."""
        return project.alive and not project.stopped

    def of(self, project, visit):
        """A project's call, None where it is not noticed."""
        for call in project.calls:
            if call.visit == visit:
                return call
        return None

    def notice(self, project, visit, cause=0):
        """Notice a slice now; its windows run from here."""
        programme, now = self.programme, self.programme.clock.now
        parts = self.parts(project)[visit]
        call = Call.__new__(Call)
        call.calls, call.project, call.visit, call.parts = self, project, visit, parts
        call.cents, call.notice = sum(parts), now
        call.earliest, call.due_close, call.missed_close = self.plan.dates(now, visit == 0)
        call.unpaid = 0
        for cents in parts:
            if cents > 0:
                call.unpaid += 1
        call.missed = call.on_record = False  # on record: paid, without claims
        call.paid = programme.clock.event()
        call.reserved, call.claims = [None] * self.lenders, [None] * self.lenders
        call.reserving, call.claiming = [], []  # facilities, in the order of asking
        call.waits_for = [APPRAISAL] * self.lenders  # by facility, until it has paid
        project.calls.append(call)
        if project.stopped:
            self._uncalled(call)
            return call
        if self.plan.pauses_stop_clocks and project.paused is not None:
            call.extend(project.paused_until - now)
        programme.tell(project, NOTICED, -1, cause, visit, call.cents)
        self.called_cents += call.cents
        self._watch(call, cause)
        return call

    def stop(self, project, partners_pay):
        """Japan pays no more for a project."""
        project.stopped, project.partners_pay = True, partners_pay
        for call in project.calls:
            self._uncalled(call)
        return 0

    def _uncalled(self, call):
        """Whoever waits for it goes on where partners pay, and never elsewhere."""
        if call.project.partners_pay and not call.paid.triggered:
            call.paid.succeed()
        return 0

    def _watch(self, call, cause):
        """Late and missed are stamped by the clock; what is on record as paid was neither."""
        if cause != RECORDED:
            self.programme.clock.at(
                call.due_close, DAY_CLOSE, call.project.ordinal, LATE, call.visit, call, DUE
            )
        return 0

    def pay(self, call):
        """Nothing stands in the way of payment: each part goes its way."""
        if not self.stands(call.project):
            return 0
        if not call.unpaid:
            self._paid(call, 0)
        for facility in range(self.lenders):
            if call.parts[facility] > 0:
                self.start_part(call, facility)
        return 0

    def start_part(self, call, facility):
        """One lender begins with its papers."""
        part = Part.__new__(Part)
        part.calls, part.call, part.project, part.facility = self, call, call.project, facility
        part.cash = self.cash[facility]
        return part.start()

    def pay_on_record(self, call):
        """The record says it was paid now: the stocks give what it took."""
        project = call.project
        for facility in range(self.lenders):
            if call.parts[facility] > 0:
                if not call.visit:
                    stock = self.commitments[facility]
                    stock.take_recorded(project, 0, self.whole(project, facility))
                stock = self.cash[facility]
                stock.take_recorded(project, call.visit, call.parts[facility])
                self.part_paid(call, facility, RECORDED)
        call.on_record = True
        if not call.paid.triggered:
            self._paid(call, RECORDED)
        return 0

    def parts(self, project):
        """Cents of every call (rows) by facility, made once when the project is selected.

        One row more, behind the slices, where Japan pays overruns.
        """
        if project.parts is None:
            project.parts = share_out(project.selected_cents, self.plan.slice_shares, self.shares)
            if self.tops_up:
                project.parts.append(split(self.topup_cents(project), self.shares))
        return project.parts

    def topup_cents(self, project):
        """What Japan pays beyond the committed amount, in proportion to its share of the cost."""
        if not self.tops_up:
            return 0
        over = max(0.0, float(self.programme.world.cost_ratio[project.ordinal]) - 1)
        cents = project.selected_cents
        return round(cents * over)

    def whole(self, project, facility):
        """One facility's share of the committed amount."""
        cents, rows = 0, self.parts(project)
        for index in range(self.slices):
            cents += rows[index][facility]
        return cents

    def part_paid(self, call, facility, cause=0):
        """One facility has paid its part; the call is paid with its last."""
        stock, cents = self.cash[facility], call.parts[facility]
        self.programme.tell(call.project, PAID, stock.resource, cause, call.visit, cents)
        call.unpaid -= 1
        if not call.unpaid:
            self._paid(call, cause)
        return 0

    def _paid(self, call, cause):
        self.programme.tell(call.project, CALL_PAID, -1, cause, call.visit, call.cents)
        call.paid.succeed()
        if call.missed:
            self.enforcement.close_breach(call.project, call.visit, BY_PAYMENT)
        return 0

    def _due(self, call):
        """The close of the due date: unpaid is late; a breach only when the cure period closes."""
        if call.paid.triggered or not self.stands(call.project):
            return 0
        if self.programme.clock.now < call.due_close:  # a pause has moved it
            return self._watch(call, 0)
        self._tell_unpaid(call, LATE)
        if call.missed_close == call.due_close:
            return self._missed(call)
        return self._watch_cure(call)

    def _tell_unpaid(self, call, kind):
        facility = call.largest_debt()
        stock, cause = self.cash[facility], call.waits_for[facility]
        cents = call.open_cents()
        return self.programme.tell(call.project, kind, stock.resource, cause, call.visit, cents)

    def _watch_cure(self, call):
        return self.programme.clock.at(
            call.missed_close, DAY_CLOSE, call.project.ordinal, MISSED, call.visit, call, CURE_ENDS
        )

    def _missed(self, call):
        if call.paid.triggered or not self.stands(call.project):
            return 0
        if self.programme.clock.now < call.missed_close:
            return self._watch_cure(call)
        call.missed = True
        self._tell_unpaid(call, MISSED)
        return self.enforcement.open_breach(
            call.project, call.visit, CALL_MISSED, call.open_cents()
        )

    def extend(self, project, minutes):
        """The legal clocks of open calls stand still for a pause."""
        for call in project.calls:
            if not call.paid.triggered:
                call.extend(minutes)
        return 0

    def paid_cents(self):
        """Cents paid so far by all facilities, what came back later included."""
        cents = 0
        for project in self.programme.projects:
            if project.calls:
                cents += sum(self.drawn_cents(project))
        return cents

    def drawn_cents(self, project):
        """Cents paid so far, by facility."""
        cents = [0] * self.lenders
        for call in project.calls:
            for facility in range(self.lenders):
                cents[facility] += call.drawn(facility)
        return cents

    def give_up(self, project):
        """The project is declined: a missed call of it is no breach of its own any more."""
        for call in project.calls:
            if call.missed and not call.paid.triggered:
                self.enforcement.close_breach(project, call.visit, DECLINED)
        return 0


class Part(Actor):
    """One facility's part of a call: desk, then the earliest date, then the money."""

    def act(self, step, one, two):
        """What it waited for has come."""
        if step == PAPERS_DONE:
            return self._documented()
        if step == WINDOW_OPENS:
            return self._opened()
        if step == RESERVED:
            return self._draw()
        return self._paid()

    def start(self):
        """Queue at the facility's desks."""
        programme, call, facility = self.calls.programme, self.call, self.facility
        call.waits_for[facility] = DESK
        minutes = self.calls.desk_minutes[self.project.ordinal, call.visit, facility]
        desks = programme.supply.desks[facility]
        job = programme.work(desks, self.project, minutes, call.visit, -1, DOCUMENTED, DESK)
        job.done.then(self, PAPERS_DONE, 0, 0)
        return 0

    def _documented(self):
        programme, call, facility = self.calls.programme, self.call, self.facility
        if not self.calls.stands(self.project):
            return 0
        now = programme.clock.now
        if now >= call.earliest:
            return self._claim()
        call.waits_for[facility] = WINDOW
        programme.record.wait_began(
            now, self.project.entity, WINDOW, self.cash.resource, call.visit
        )
        number = call.visit * len(call.parts) + facility
        return programme.clock.at(
            call.earliest, COMPLETION, self.project.ordinal, OPENS, number, self, WINDOW_OPENS
        )

    def _opened(self):
        if not self.calls.stands(self.project):
            return 0
        programme, visit = self.calls.programme, self.call.visit
        now = programme.clock.now
        programme.record.wait_ended(now, self.project.entity, WINDOW, self.cash.resource, visit)
        return self._claim()

    def _claim(self):
        """The first call reserves the project's whole share; later draws bypass that queue."""
        calls, call, facility = self.calls, self.call, self.facility
        if call.visit:
            return self._draw()
        signing = calls.unsigned[facility]
        if signing is not None:
            return signing.act(0, facility, self.project.ordinal)
        call.waits_for[facility] = COMMITMENT
        whole = calls.whole(self.project, facility)
        stock = calls.commitments[facility]
        reserved = stock.claim(self.project, call.due_close, call.notice, 0, whole)
        call.reserved[facility] = reserved
        call.reserving.append(facility)
        return reserved.done.then(self, RESERVED, 0, 0)

    def _draw(self):
        call, facility = self.call, self.facility
        if not self.calls.stands(self.project):
            return 0
        call.waits_for[facility] = MONEY
        cents = call.parts[facility]
        claim = self.cash.claim(self.project, call.due_close, call.notice, call.visit, cents)
        call.claims[facility] = claim
        call.claiming.append(facility)
        return claim.done.then(self, DRAWN, 0, 0)

    def _paid(self):
        if self.calls.stands(self.project):
            self.calls.part_paid(self.call, self.facility)
        return 0
