"""Japan's decision to fund, and the cash calls. Model sections 4.5 and 4.6."""

from __future__ import annotations

from collections.abc import Callable

import simpy

from sim.engine.appraisal import start_appraisal
from sim.engine.clock import Turn
from sim.engine.enforcement import Enforcement
from sim.engine.money import Claim, YearlyStock
from sim.engine.permits import permits
from sim.engine.programme import Programme, Story
from sim.engine.selection import Selection
from sim.events import Cause, Kind
from sim.rules.screening import FundingView, always_fund

DESK_KINDS = (-1, Kind.PART_DOCUMENTED)


class Call:
    """One cash call: a slice of a project's commitment, split over the facilities."""

    __slots__ = ("cents", "claims", "due_close", "earliest", "missed", "missed_close", "notice",
                 "paid", "parts", "unpaid", "visit")  # fmt: skip

    def __init__(
        self, visit: int, cents: int, parts: list[int], notice: int,
        dates: tuple[int, int, int], paid: simpy.Event,
    ) -> None:  # fmt: skip
        self.visit = visit
        self.cents = cents
        self.parts = parts
        self.notice = notice
        self.earliest, self.due_close, self.missed_close = dates
        self.unpaid = sum(1 for part in parts if part > 0)
        self.missed = False
        self.paid = paid
        self.claims: list[Claim] = []

    @property
    def open_cents(self) -> int:
        """What has not been drawn of it."""
        return self.cents - sum(claim.drawn for claim in self.claims)


def split(cents: int, shares: tuple[float, ...]) -> list[int]:
    """Whole cents by share; the remainder goes to the last share above zero."""
    parts = [int(cents * share) for share in shares]
    last = max(index for index, share in enumerate(shares) if share > 0)
    parts[last] += cents - sum(parts)
    return parts


class Funding:
    """Everything between selection and money in the SPV's account."""

    def __init__(
        self, programme: Programme, selection: Selection, enforcement: Enforcement,
        commitments: list[YearlyStock], cash: list[YearlyStock],
    ) -> None:  # fmt: skip
        self.programme = programme
        self.selection = selection
        self.enforcement = enforcement
        self.commitments = commitments
        self.cash = cash
        self.calls: list[dict[int, Call]] = [{} for _ in range(programme.count)]
        self.build: Callable[[int], Story]  # what starts with the first notice; set by the engine
        self.desk_minutes: list[list[list[int]]] = programme.world.call_desk.tolist()
        self.slices: list[list[int]] = [[] for _ in range(programme.count)]
        policy = programme.model.config.policy
        self.decide = (
            programme.model.as_disposed if policy.funding.response == "as_disposed" else always_fund
        )

    def after_selection(self, ordinal: int) -> Story:
        """Japan answers the selection; the clock of the first call runs from notice meanwhile."""
        programme = self.programme
        model, clock = programme.model, programme.clock
        self.slices[ordinal] = split(programme.selected_cents[ordinal], model.slice_shares)
        if programme.permits_start[programme.sector[ordinal]] == "selection":
            programme.env.process(permits(programme, ordinal))
        paid_on = programme.first_paid_on[ordinal]
        if paid_on >= 0:
            yield from self._funded_on_record(ordinal, paid_on)
            return
        # A selection on record whose payment is not: the notice itself is not on record either.
        yield from programme.not_before_open(ordinal, Kind.FUNDING_DECIDED)
        start_appraisal(programme, ordinal)  # at the latest
        yield clock.at(clock.now, Turn.FUNDING_DECISION, ordinal, Kind.FUNDING_DECIDED, 1)
        world = programme.world
        intention = self.decide(
            FundingView(world.consult[ordinal].item(), world.decline[ordinal].item())
        )
        yield clock.at(clock.now, Turn.NOTICE, ordinal, Kind.CALL_NOTICED)
        self.notice(ordinal, 0)
        programme.env.process(self.build(ordinal))
        if intention != "fund":
            programme.tell(ordinal, Kind.CONSULTATION_BEGAN)
            minutes = world.consultation[ordinal].item()
            yield clock.at(
                clock.now + minutes, Turn.FUNDING_DECISION, ordinal, Kind.CONSULTATION_ENDED
            )
            programme.tell(ordinal, Kind.CONSULTATION_ENDED)
        if intention == "decline":
            self._decline(ordinal)
            return
        programme.tell(ordinal, Kind.FUNDING_DECIDED)
        programme.funded[ordinal].succeed()

    def _funded_on_record(self, ordinal: int, paid_on: int) -> Story:
        """The first call was noticed at selection and paid on its recorded date."""
        programme, clock = self.programme, self.programme.clock
        programme.tell(ordinal, Kind.FUNDING_DECIDED, cause=Cause.RECORDED)
        programme.funded[ordinal].succeed()
        start_appraisal(programme, ordinal)
        call = self._open(ordinal, 0, Cause.RECORDED)
        programme.env.process(self.build(ordinal))
        yield clock.at(max(paid_on, clock.now), Turn.PAYMENT, ordinal, Kind.CALL_PAID)
        whole = split(programme.selected_cents[ordinal], programme.model.facility_shares)
        for facility, cents in enumerate(call.parts):
            if cents > 0:
                self.commitments[facility].take_recorded(ordinal, 0, whole[facility])
                self.cash[facility].take_recorded(ordinal, 0, cents)
                self._part_paid(ordinal, call, facility, Cause.RECORDED)
        if not sum(call.parts):
            self._call_paid(ordinal, call, Cause.RECORDED)

    def notice(self, ordinal: int, visit: int) -> Call:
        """Notice a call now; it is paid part by part when its appraisal and decision are there."""
        call = self._open(ordinal, visit, Cause.NONE)
        if visit:
            self._pay_parts(ordinal, call)
        else:
            self.programme.env.process(self._pay_first(ordinal, call))
        return call

    def call(self, ordinal: int, visit: int) -> Call:
        """The call of a slice that has been noticed."""
        return self.calls[ordinal][visit]

    def _open(self, ordinal: int, visit: int, cause: Cause) -> Call:
        programme, clock = self.programme, self.programme.clock
        cents = self.slices[ordinal][visit]
        call = Call(
            visit,
            cents,
            split(cents, programme.model.facility_shares),
            clock.now,
            programme.model.call_dates(clock.now, first=visit == 0),
            programme.env.event(),
        )
        self.calls[ordinal][visit] = call
        programme.tell(ordinal, Kind.CALL_NOTICED, cause=cause, part=visit, amount=cents)
        clock.at(
            call.due_close, Turn.DAY_CLOSE, ordinal, Kind.CALL_LATE, visit,
            lambda _: self._due(ordinal, call),
        )  # fmt: skip
        return call

    def _pay_first(self, ordinal: int, call: Call) -> Story:
        """The first call waits for the lenders' appraisal and for Japan's decision."""
        programme = self.programme
        yield from programme.wait(
            ordinal, programme.appraised[ordinal], Cause.APPRAISAL, call.visit
        )
        yield from programme.wait(
            ordinal, programme.funded[ordinal], Cause.CONSULTATION, call.visit
        )
        if programme.alive[ordinal]:
            self._pay_parts(ordinal, call)

    def _pay_parts(self, ordinal: int, call: Call) -> None:
        if not call.unpaid:
            self._call_paid(ordinal, call, Cause.NONE)
        for facility, cents in enumerate(call.parts):
            if cents > 0:
                self.programme.env.process(self._pay_part(ordinal, call, facility, cents))

    def _pay_part(self, ordinal: int, call: Call, facility: int, cents: int) -> Story:
        """Desk, then the earliest date, then the money."""
        programme, clock = self.programme, self.programme.clock
        minutes = self.desk_minutes[ordinal][call.visit][facility]
        yield programme.work(
            programme.desks[facility], ordinal, minutes, call.visit, DESK_KINDS, Cause.FUNDING_DESK
        ).done
        if not programme.alive[ordinal]:
            return
        part = call.visit * len(call.parts) + facility
        if clock.now < call.earliest:
            opens = clock.at(call.earliest, Turn.COMPLETION, ordinal, Kind.CALL_NOTICED, part)
            resource = self.cash[facility].resource
            yield from programme.wait(ordinal, opens, Cause.FUNDING_WINDOW, call.visit, resource)
            if not programme.alive[ordinal]:
                return
        order = (call.due_close, call.notice, ordinal)
        if call.visit == 0:
            whole = split(programme.selected_cents[ordinal], programme.model.facility_shares)
            yield self.commitments[facility].claim(order, 0, whole[facility]).done
        claim = self.cash[facility].claim(order, call.visit, cents)
        call.claims.append(claim)
        yield claim.done
        self._part_paid(ordinal, call, facility, Cause.NONE)

    def _part_paid(self, ordinal: int, call: Call, facility: int, cause: Cause) -> None:
        self.programme.tell(
            ordinal, Kind.PART_PAID, resource=self.cash[facility].resource, cause=cause,
            part=call.visit, amount=call.parts[facility],
        )  # fmt: skip
        call.unpaid -= 1
        if not call.unpaid:
            self._call_paid(ordinal, call, cause)

    def _call_paid(self, ordinal: int, call: Call, cause: Cause) -> None:
        self.programme.tell(
            ordinal, Kind.CALL_PAID, cause=cause, part=call.visit, amount=call.cents
        )
        call.paid.succeed()
        if call.missed:
            self.enforcement.close_breach(ordinal, call.visit, Cause.PAID)

    def _due(self, ordinal: int, call: Call) -> None:
        """The close of the due date: unpaid is late; a breach only when the cure period closes."""
        programme = self.programme
        if call.paid.triggered or not programme.alive[ordinal]:
            return
        programme.tell(ordinal, Kind.CALL_LATE, part=call.visit, amount=call.open_cents)
        if call.missed_close == call.due_close:
            self._missed(ordinal, call)
            return
        programme.clock.at(
            call.missed_close, Turn.DAY_CLOSE, ordinal, Kind.CALL_MISSED, call.visit,
            lambda _: self._missed(ordinal, call),
        )  # fmt: skip

    def _missed(self, ordinal: int, call: Call) -> None:
        programme = self.programme
        if call.paid.triggered or not programme.alive[ordinal]:
            return
        call.missed = True
        programme.tell(ordinal, Kind.CALL_MISSED, part=call.visit, amount=call.open_cents)
        self.enforcement.open_breach(ordinal, call.visit, Cause.CALL_MISSED)

    def _decline(self, ordinal: int) -> None:
        programme = self.programme
        for call in self.calls[ordinal].values():
            if call.missed and not call.paid.triggered:
                self.enforcement.close_breach(ordinal, call.visit, Cause.DECLINED)
        cents = programme.selected_cents[ordinal]
        programme.finish(ordinal, Kind.DECLINED, amount=cents)
        self.selection.decline(ordinal)
        self.enforcement.open_breach(ordinal, 0, Cause.DECLINED)
