"""Japan's decision to fund, and the first notice. See docs/model.md, "Decision to fund"."""

from __future__ import annotations

from collections.abc import Callable

from sim.engine.appraisal import start_appraisal
from sim.engine.calls import Call, Calls
from sim.engine.permits import start_permits
from sim.engine.programme import Programme, Story
from sim.engine.selection import Selection
from sim.events import Cause, Kind
from sim.events.turns import Turn
from sim.rules.screening import FundingView, Response


class Funding:
    """Japan's answer to a selection, and what starts with it."""

    def __init__(self, programme: Programme, selection: Selection, calls: Calls) -> None:
        self.programme = programme
        self.selection = selection
        self.calls = calls
        self.build: Callable[[int], Story]  # what starts with the first notice; set by the engine
        self.let_go: Callable[[int], None]  # machines of a project declined; set by the engine

    def after_selection(self, ordinal: int) -> Story:
        """Japan answers the selection; the clock of the first call runs from notice meanwhile."""
        programme, clock = self.programme, self.programme.clock
        if programme.plan.permits.starts[programme.sector[ordinal]] == "selection":
            start_permits(programme, ordinal)
        paid_on = programme.first_paid_on[ordinal]
        if paid_on >= 0:
            yield from self._funded_on_record(ordinal, paid_on)
            return
        at_notice = programme.plan.review.appraisal_starts == "notice"
        if not at_notice:
            start_appraisal(programme, ordinal)  # at the latest
        # A selection on record whose payment is not: the notice itself is not on record either.
        yield from programme.not_before_open(ordinal, Kind.FUNDING_DECIDED)
        if at_notice:
            start_appraisal(programme, ordinal)
        elif programme.selected_on[ordinal] >= 0 and programme.plan.selection.appraised_only:
            yield from programme.wait(ordinal, programme.appraised[ordinal], Cause.UNAPPRAISED)
        yield clock.at(clock.now, Turn.FUNDING_DECISION, ordinal, Kind.FUNDING_DECIDED, 1)
        world = programme.world
        plan = programme.plan.funding
        intention = plan.response(
            FundingView(
                consult=world.consult[ordinal].item(),
                decline=world.decline[ordinal].item(),
                consult_probability=plan.consult_probability,
                decline_probability=programme.decline_probability,
                commitment_cents=self._of_all_sites(ordinal),
                sector=str(programme.sector_names[ordinal]),
                state=str(programme.states[ordinal]),
                **self._weighed(ordinal),
            )
        )
        if intention is Response.FUND:
            self._fund(ordinal)
        yield clock.at(clock.now, Turn.NOTICE, ordinal, Kind.CALL_NOTICED)
        call = self.calls.notice(ordinal, 0)
        programme.start(ordinal, self.build(ordinal))
        programme.start(ordinal, self._pay_first(call))
        if intention is not Response.FUND:
            programme.tell(ordinal, Kind.CONSULTATION_BEGAN)
            minutes = world.consultation[ordinal].item()
            yield clock.at(
                clock.now + minutes, Turn.FUNDING_DECISION, ordinal, Kind.CONSULTATION_ENDED
            )
            programme.tell(ordinal, Kind.CONSULTATION_ENDED)
            if intention is Response.DECLINE:
                self._decline(ordinal)
            else:
                self._fund(ordinal)

    def _of_all_sites(self, ordinal: int) -> int:
        """What was selected of a project: Japan decides on all its sites together."""
        programme = self.programme
        return sum([programme.selected_cents[site] for site in programme.sites[ordinal]])

    def _weighed(self, ordinal: int) -> dict[str, float]:
        """The loss on a project and the duty a decline may bring, as known in this minute."""
        programme, weighed = self.programme, self.programme.plan.funding.deterrence
        if weighed is None:
            return {}
        share = weighed.loss_share[programme.sector[ordinal]]
        routes = self.calls.enforcement.routes
        return {
            "expected_loss_cents": share * self._of_all_sites(ordinal),
            "expected_duty_cents": weighed.duty(routes.in_law, routes.in_force),
        }

    def _funded_on_record(self, ordinal: int, paid_on: int) -> Story:
        """The first call was noticed at selection and paid on its recorded date."""
        programme, clock = self.programme, self.programme.clock
        self._fund(ordinal, Cause.RECORDED)
        start_appraisal(programme, ordinal)
        call = self.calls.notice(ordinal, 0, Cause.RECORDED)
        programme.start(ordinal, self.build(ordinal))
        yield clock.at(max(paid_on, clock.now), Turn.PAYMENT, ordinal, Kind.CALL_PAID)
        self.calls.pay_on_record(call)
        for visit, on in enumerate(programme.later_paid_on[ordinal], start=1):
            # A notice is not on record: it is implied in the minute of its payment.
            yield clock.at(max(on, clock.now), Turn.PAYMENT, ordinal, Kind.CALL_PAID, visit)
            self.calls.pay_on_record(self.calls.notice(ordinal, visit, Cause.RECORDED))

    def _pay_first(self, call: Call) -> Story:
        """Papers wait for Japan's decision, and each lender's for its own appraisal."""
        programme, ordinal = self.programme, call.ordinal
        call.waits_for = [int(Cause.CONSULTATION)] * len(call.parts)
        yield from programme.wait(ordinal, programme.funded[ordinal], Cause.CONSULTATION)
        if not call.unpaid:
            self.calls.pay(call)
        for facility, cents in enumerate(call.parts):
            if cents > 0:
                programme.start(ordinal, self._papers(call, facility))

    def _papers(self, call: Call, facility: int) -> Story:
        programme, ordinal = self.programme, call.ordinal
        ready = programme.lenders_ready[ordinal][facility]
        resource = programme.supply.desks[facility].resource
        call.waits_for[facility] = int(Cause.APPRAISAL)
        yield from programme.wait(ordinal, ready, Cause.APPRAISAL, resource=resource)
        self.calls.start_part(call, facility)

    def _fund(self, ordinal: int, cause: Cause = Cause.NONE) -> None:
        self.programme.tell(ordinal, Kind.FUNDING_DECIDED, cause=cause)
        self.programme.funded[ordinal].succeed()

    def _decline(self, ordinal: int) -> None:
        """Final: the commitment is released, and one breach opens over what all sites were."""
        self.calls.give_up(ordinal)
        cents = self.programme.selected_cents[ordinal]
        self.programme.finish(ordinal, Kind.DECLINED, amount=cents)
        self.let_go(ordinal)
        self.selection.release(cents)
        if ordinal == self.programme.sites[ordinal][0]:  # all decline in this minute
            whole = self._of_all_sites(ordinal)
            self.calls.enforcement.open_breach(ordinal, 0, Cause.DECLINED, whole)
