# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""Cash calls: noticed, split over the facilities, paid, late, missed. Section 4.6."""

from __future__ import annotations

import numpy as np

from sim.compiled import parts
from sim.compiled.parts import Call, Payments
from sim.compiled.programme import Programme
from sim.events import Cause, Kind
from sim.events.turns import Turn
from sim.rules.splitting import share_out, split

COMPLETION, DAY_CLOSE = int(Turn.COMPLETION), int(Turn.DAY_CLOSE)
PART_PAID, LATE, MISSED = int(Kind.PART_PAID), int(Kind.CALL_LATE), int(Kind.CALL_MISSED)
NOTICED, CALL_PAID = int(Kind.CALL_NOTICED), int(Kind.CALL_PAID)
APPRAISAL, RECORDED, PAID = int(Cause.APPRAISAL), int(Cause.RECORDED), int(Cause.PAID)
CALL_MISSED, DECLINED = int(Cause.CALL_MISSED), int(Cause.DECLINED)
DUE, CURE_ENDS, TAKEN_OVER = parts.DUE, parts.CURE_ENDS, parts.TAKEN_OVER


class Calls(Payments):
    """All calls of all projects, and what they are paid from."""

    def __init__(self, programme: Programme):
        self.programme = programme
        self.plan = programme.plan.calls
        self.windows = self.plan.windows
        self.commitments, self.cash = programme.supply.commitments, programme.supply.cash
        self.lenders, self.slices = len(self.cash), len(self.plan.slices)
        self.called_cents = 0  # noticed so far and not withdrawn, of all projects
        self.desk_minutes = np.ascontiguousarray(programme.world.call_desk)
        self.shares = self.plan.facility_shares
        self.tops_up = self.plan.tops_up
        # What becomes of a project without a share, by facility that signs nothing new: once its
        # papers are done; and of those before, if another takes it over.
        self.unsigned, self.handed_on = [None] * self.lenders, [None] * self.lenders

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
        split_up = self.parts(project)[visit]
        call = programme.clock.calls.spare()
        if call is None:
            call = programme.clock.calls.add(Call.__new__(Call))
            call.claims = None
        call.begin(self.lenders)
        call.calls, call.project, call.visit, call.parts = self, project, visit, split_up
        call.notice = now
        call.earliest, call.due_close, call.missed_close = self.windows.dates(now, visit == 0)
        call.cents = call.unpaid = 0
        for cents in split_up:
            call.cents += cents
            if cents > 0:
                call.unpaid += 1
        call.missed = call.on_record = False  # on record: paid, without claims
        call.paid = programme.clock.event()
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
        part = parts.new_part(self, call, facility, facility, 0)
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
            row = rows[index]
            part = row[facility]
            cents += part
        return cents

    def part_paid(self, call, facility, cause=0):
        """One facility has paid its part; the call is paid with its last."""
        stock, cents = self.cash[call.payers[facility]], call.parts[facility]
        self.programme.tell(call.project, PART_PAID, stock.resource, cause, call.visit, cents)
        call.unpaid -= 1
        call.waits_for[facility] = PAID
        if not call.unpaid:
            self._paid(call, cause)
            return 0
        part = call.behind
        if part is not None and part.payer == facility:
            self.take_over(part)
        return 0

    def take_over(self, part):
        """Another's part, its papers done, is paid by who has paid its own."""
        clock, call = self.programme.clock, part.call
        call.behind = None  # the minute after: a stock knows one claim of a call at a time
        ordinal, number = call.project.ordinal, part.number()
        return clock.at(clock.now + 1, COMPLETION, ordinal, PART_PAID, number, part, TAKEN_OVER)

    def _paid(self, call, cause):
        self.programme.tell(call.project, CALL_PAID, -1, cause, call.visit, call.cents)
        call.paid.succeed()
        if call.missed:
            self.enforcement.close_breach(call.project, call.visit, PAID)
        return 0

    def due(self, call):
        """The close of the due date: unpaid is late; a breach only when the cure period closes."""
        if call.paid.triggered or not self.stands(call.project):
            return 0
        if self.programme.clock.now < call.due_close:  # a pause has moved it
            return self._watch(call, 0)
        self._tell_unpaid(call, LATE)
        if call.missed_close == call.due_close:
            return self.missed(call)
        return self._watch_cure(call)

    def _tell_unpaid(self, call, kind):
        most = call.largest_debt()
        stock, cause = self.cash[call.payers[most]], call.waits_for[most]
        cents = call.open_cents()
        return self.programme.tell(call.project, kind, stock.resource, cause, call.visit, cents)

    def _watch_cure(self, call):
        return self.programme.clock.at(
            call.missed_close, DAY_CLOSE, call.project.ordinal, MISSED, call.visit, call, CURE_ENDS
        )

    def missed(self, call):
        """The close of the cure period: a breach, if a pause has not moved it."""
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
