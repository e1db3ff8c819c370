# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""Japan's decision to fund, and the first notice. See docs/model.md, "Decision to fund"."""

from __future__ import annotations

from sim.compiled import appraisal, permits
from sim.compiled.building import Build
from sim.compiled.calls import Calls
from sim.compiled.construction import Construction
from sim.compiled.equipping import Equipping
from sim.compiled.parts import Call
from sim.compiled.programme import Process, Programme
from sim.compiled.selection import Selection
from sim.events import Cause, Kind
from sim.events.turns import Turn
from sim.rules.screening import FundingView, Response

TO_DECIDE, NOTICE, PAYMENT = int(Turn.FUNDING_DECISION), int(Turn.NOTICE), int(Turn.PAYMENT)
FUNDING_DECIDED, CALL_NOTICED = int(Kind.FUNDING_DECIDED), int(Kind.CALL_NOTICED)
CALL_PAID, DECLINED = int(Kind.CALL_PAID), int(Kind.DECLINED)
CONSULTATION_BEGAN = int(Kind.CONSULTATION_BEGAN)
CONSULTATION_ENDED = int(Kind.CONSULTATION_ENDED)
UNAPPRAISED, CONSULTATION = int(Cause.UNAPPRAISED), int(Cause.CONSULTATION)
FUND, DECLINE = Response.FUND, Response.DECLINE
APPRAISAL, RECORDED, BY_DECLINE = int(Cause.APPRAISAL), int(Cause.RECORDED), int(Cause.DECLINED)


class Funding:
    """Japan's answer to a selection, and what starts with it."""

    def __init__(
        self,
        programme: Programme,
        selection: Selection,
        calls: Calls,
        construction: Construction,
        equipping: Equipping,
    ):
        self.programme, self.selection, self.calls = programme, selection, calls
        self.construction, self.equipping = construction, equipping
        plan, world = programme.plan, programme.world
        self.consult, self.declines = world.consult, world.decline
        self.rule, self.deterrence = plan.funding.response, plan.funding.deterrence
        self.consult_probability = plan.funding.consult_probability
        self.sectors, self.places = list(plan.names.sectors), list(plan.places)
        self.at_notice = plan.review.appraisal_starts == "notice"
        self.appraised_only = plan.selection.appraised_only
        self.starts = list(plan.permits.starts)

    def response(self, project):
        """What Japan means to do, as known in this minute."""
        loss = duty = 0.0
        if self.deterrence is not None:
            loss, duty = self.weighed(project)
        return self.rule(
            FundingView(
                self.consult[project.ordinal],
                self.declines[project.ordinal],
                self.consult_probability,
                self.programme.decline_probability,
                self.of_all_sites(project),
                self.sectors[project.sector],
                self.places[project.place],
                loss,
                duty,
            )
        )

    def of_all_sites(self, project):
        """What was selected of a project: Japan decides on all its sites together."""
        cents = 0
        for site in project.sites:
            cents += site.selected_cents
        return cents

    def weighed(self, project):
        """The loss on a project and the duty a decline may bring, as known in this minute."""
        weighed = self.deterrence
        in_law, in_force = self.calls.enforcement.duties_now()
        loss = weighed.loss_share[project.sector] * self.of_all_sites(project)
        return loss, weighed.duty(in_law, in_force)

    def fund(self, project, cause=0):
        """Japan pays."""
        self.programme.tell(project, FUNDING_DECIDED, -1, cause)
        return project.funded.succeed()

    def decline(self, project):
        """Final: the commitment is released, and one breach opens over what all sites were."""
        self.calls.give_up(project)
        cents = project.selected_cents
        self.programme.finish(project, DECLINED, -1, 0, 0, cents)
        self.equipping.cancel(project)
        self.selection.release(cents)
        if project is project.sites[0]:  # all decline in this minute
            whole = self.of_all_sites(project)
            self.calls.enforcement.open_breach(project, 0, BY_DECLINE, whole)
        return 0


class AfterSelection(Process):
    """Japan answers the selection; the clock of the first call runs from notice meanwhile."""

    def __init__(self, funding: Funding):
        self.funding = funding

    def go(self):
        """See `Process`."""
        funding, programme, project = self.funding, self.programme, self.project
        clock = programme.clock
        if self.at == 0:
            if funding.starts[project.sector] == "selection":
                permits.start_permits(programme, project)
            if project.first_paid_on >= 0:
                self.at = 6
                self._noticed_on_record()
                self.sleep(max(project.first_paid_on, clock.now), PAYMENT, CALL_PAID)
                return 0
            if not funding.at_notice:
                appraisal.start_appraisal(programme, project)  # at the latest
            self.at = 1
            # A selection on record whose payment is not: nor is the notice itself.
            if self.not_before_open(FUNDING_DECIDED):
                return 0
        if self.at == 1:
            self.at = 2
            if funding.at_notice:
                appraisal.start_appraisal(programme, project)
            elif (
                project.selected_on >= 0
                and funding.appraised_only
                and self.wait(project.appraised, UNAPPRAISED)
            ):
                return 0
        if self.at == 2:
            self.at = 3
            self.sleep(clock.now, TO_DECIDE, FUNDING_DECIDED, 1)
            return 0
        if self.at == 3:
            self.at = 4
            self.intention = funding.response(project)
            if self.intention is FUND:
                funding.fund(project)
            self.sleep(clock.now, NOTICE, CALL_NOTICED)
            return 0
        if self.at == 4:
            call = funding.calls.notice(project, 0)
            programme.start(Build(funding.construction), project)
            programme.start(PayFirst(funding, call), project)
            if self.intention is FUND:
                return 1
            self.at = 5
            programme.tell(project, CONSULTATION_BEGAN)
            minutes = programme.world.consultation[project.ordinal]
            self.sleep(clock.now + minutes, TO_DECIDE, CONSULTATION_ENDED)
            return 0
        if self.at == 5:
            programme.tell(project, CONSULTATION_ENDED)
            if self.intention is DECLINE:
                funding.decline(project)
            else:
                funding.fund(project)
            return 1
        return self._pay_on_record()

    def _noticed_on_record(self):
        """The first call was noticed at selection and paid on its recorded date."""
        funding, programme, project = self.funding, self.programme, self.project
        funding.fund(project, RECORDED)
        appraisal.start_appraisal(programme, project)
        self.call = funding.calls.notice(project, 0, RECORDED)
        self.visit = 0
        return programme.start(Build(funding.construction), project)

    def _pay_on_record(self):
        calls, project, clock = self.funding.calls, self.project, self.programme.clock
        if self.visit:
            # A notice is not on record: it is implied in the minute of its payment.
            self.call = calls.notice(project, self.visit, RECORDED)
        calls.pay_on_record(self.call)
        self.visit += 1
        if self.visit > len(project.later_paid_on):
            return 1
        on = project.later_paid_on[self.visit - 1]
        self.sleep(max(on, clock.now), PAYMENT, CALL_PAID, self.visit)
        return 0


class PayFirst(Process):
    """Papers wait for Japan's decision, and each lender's for its own appraisal."""

    def __init__(self, funding: Funding, call: Call):
        self.funding, self.call = funding, call

    def go(self):
        """See `Process`."""
        call, calls = self.call, self.funding.calls
        if self.at == 0:
            self.at = 1
            call.waits_for = [CONSULTATION] * len(call.parts)
            if self.wait(self.project.funded, CONSULTATION):
                return 0
        if not call.unpaid:
            calls.pay(call)
        for facility in range(calls.lenders):
            if call.parts[facility] > 0:
                papers = Papers.__new__(Papers)
                papers.funding, papers.call, papers.facility = self.funding, call, facility
                self.programme.start(papers, self.project)
        return 1


class Papers(Process):
    """One lender's: they wait for its own appraisal."""

    def go(self):
        """See `Process`."""
        call, facility = self.call, self.facility
        if self.at == 0:
            self.at = 1
            ready = self.project.lenders_ready[facility]
            desks = self.programme.supply.desks[facility]
            call.waits_for[facility] = APPRAISAL
            if self.wait(ready, APPRAISAL, 0, desks.resource):
                return 0
        self.funding.calls.start_part(call, facility)
        return 1
