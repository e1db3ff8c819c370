"""Cash calls: notice, split over facilities, payment part by part, late, missed. Section 4.6."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import simpy

from sim.calendars import MINUTES_PER_DAY
from sim.engine.enforcement import Enforcement
from sim.engine.money import Claim, YearlyStock
from sim.engine.parts import Part
from sim.engine.programme import Programme
from sim.events import Cause, Kind
from sim.events.turns import Turn
from sim.rules.splitting import share_out, split

# Plain whole numbers, as in `sim.engine.parts`.
PART_PAID, PAID = int(Kind.PART_PAID), int(Cause.PAID)


class Call:
    """One cash call: a slice of a project's commitment, split over the facilities."""

    __slots__ = ("behind", "cents", "claims", "due_close", "earliest", "missed", "missed_close",
                 "notice", "on_record", "ordinal", "paid", "parts", "payers", "reservations",
                 "unpaid", "visit", "waits_for")  # fmt: skip

    def __init__(
        self,
        ordinal: int,
        visit: int,
        cents: int,
        parts: list[int],
        notice: int,
        dates: tuple[int, int, int],
        paid: simpy.Event,
    ) -> None:
        self.ordinal = ordinal
        self.visit = visit
        self.cents = cents
        self.parts = parts
        self.notice = notice
        self.earliest, self.due_close, self.missed_close = dates
        self.unpaid = sum(1 for part in parts if part > 0)
        self.missed = False
        self.paid = paid
        self.on_record = False  # paid on record, without claims
        self.reservations: list[tuple[YearlyStock, Claim]] = []
        self.claims: dict[int, Claim] = {}  # by facility
        self.payers: dict[int, int] = {}  # who pays another facility's part
        self.behind: Part | None = None  # such a part, until its payer has paid its own
        self.waits_for = [int(Cause.APPRAISAL)] * len(parts)  # by facility, until it has paid

    def drawn(self, facility: int) -> int:
        """Cents one facility has paid of it."""
        if self.on_record:
            return self.parts[facility]
        mine = [one for its, one in self.claims.items() if self.payers.get(its, its) == facility]
        return sum([claim.drawn for claim in mine])

    def extend(self, minutes: int) -> None:
        """Move the close of the due date and of the cure period by whole days, rounded up."""
        length = -(-minutes // MINUTES_PER_DAY) * MINUTES_PER_DAY
        self.due_close += length
        self.missed_close += length

    def largest_debt(self) -> tuple[int, int]:
        """The facility that owes most of it, and what its part waits for."""
        owed = self.parts.copy()
        for facility, claim in self.claims.items():
            owed[facility] -= claim.drawn
        most = owed.index(max(owed))
        return self.payers.get(most, most), self.waits_for[most]

    @property
    def open_cents(self) -> int:
        """What has not been drawn of it."""
        return self.cents - sum(claim.drawn for claim in self.claims.values())


class Calls:
    """All calls of all projects, and what they are paid from."""

    def __init__(self, programme: Programme, enforcement: Enforcement) -> None:
        self.programme = programme
        self.plan = programme.plan.calls
        self.enforcement = enforcement
        self.commitments, self.cash = programme.supply.commitments, programme.supply.cash
        self.of: list[dict[int, Call]] = [{} for _ in range(programme.count)]
        self.called_cents = 0  # noticed so far and not withdrawn, of all projects
        self.desk_minutes = programme.world.call_desk
        self.shares = self.plan.facility_shares
        # What becomes of a project without a share, by facility that signs nothing new: once its
        # papers are done; and of those before, if another takes it over.
        self.unsigned: dict[int, Callable[[int], None]] = {}
        self.handed_on: dict[int, Callable[[int], None]] = {}
        self.stopped: dict[int, bool] = {}  # no more is called for it: whether partners pay
        self._parts: list[list[list[int]]] = [[] for _ in range(programme.count)]

    def stands(self, ordinal: int) -> bool:
        """Whether a project's calls still run their course."""
        return self.programme.alive[ordinal] and ordinal not in self.stopped

    def notice(self, ordinal: int, visit: int, cause: Cause = Cause.NONE) -> Call:
        """Notice a slice now; its windows run from here."""
        programme, clock = self.programme, self.programme.clock
        parts = self.parts(ordinal)[visit]
        cents = sum(parts)
        dates = self.plan.dates(clock.now, first=visit == 0)
        call = Call(ordinal, visit, cents, parts, clock.now, dates, clock.event())
        self.of[ordinal][visit] = call
        if ordinal in self.stopped:
            self._uncalled(call)
            return call
        if self.plan.pauses_stop_clocks and programme.paused[ordinal] is not None:
            call.extend(programme.paused_until[ordinal] - clock.now)
        programme.tell(ordinal, Kind.CALL_NOTICED, cause=cause, part=visit, amount=cents)
        self.called_cents += cents
        self._watch(call, cause)
        return call

    def stop(self, ordinal: int, *, partners_pay: bool) -> None:
        """Japan pays no more for a project."""
        self.stopped[ordinal] = partners_pay
        for call in self.of[ordinal].values():
            self._uncalled(call)

    def _uncalled(self, call: Call) -> None:
        """Whoever waits for it goes on where partners pay, and never elsewhere."""
        if self.stopped[call.ordinal] and not call.paid.triggered:
            call.paid.succeed()

    def _watch(self, call: Call, cause: Cause) -> None:
        """Late and missed are stamped by the clock; what is on record as paid was neither."""
        if cause == Cause.RECORDED:
            return
        self._at_close(call.due_close, call, Kind.CALL_LATE, self._due)

    def _at_close(
        self, minute: int, call: Call, kind: Kind, act: Callable[[Call, object], None]
    ) -> None:
        visit, turn = call.visit, Turn.DAY_CLOSE
        self.programme.clock.at(minute, turn, call.ordinal, kind, visit, partial(act, call))

    def pay(self, call: Call) -> None:
        """Nothing stands in the way of payment: each part goes its way."""
        if not self.stands(call.ordinal):
            return
        if not call.unpaid:
            self._paid(call, Cause.NONE)
        for facility, cents in enumerate(call.parts):
            if cents > 0:
                self.start_part(call, facility)

    def start_part(self, call: Call, facility: int) -> None:
        """One lender begins with its papers."""
        Part(self, call, facility).start()

    def pay_on_record(self, call: Call) -> None:
        """The record says it was paid now: the stocks give what it took."""
        for facility, cents in enumerate(call.parts):
            if cents > 0:
                if not call.visit:
                    self.commitments[facility].take_recorded(
                        call.ordinal, 0, self.whole(call.ordinal, facility)
                    )
                self.cash[facility].take_recorded(call.ordinal, call.visit, cents)
                self.part_paid(call, facility, Cause.RECORDED)
        call.on_record = True
        if not call.paid.triggered:
            self._paid(call, Cause.RECORDED)

    def parts(self, ordinal: int) -> list[list[int]]:
        """Cents of every call (rows) by facility, made once when the project is selected.

        One row more, behind the slices, where Japan pays overruns.
        """
        known = self._parts[ordinal]
        if not known:
            cents = self.programme.selected_cents[ordinal]
            known = self._parts[ordinal] = share_out(cents, self.plan.slice_shares, self.shares)
            if self.plan.tops_up:
                known.append(split(self.topup_cents(ordinal), self.shares))
        return known

    def topup_cents(self, ordinal: int) -> int:
        """What Japan pays beyond the committed amount, in proportion to its share of the cost."""
        if not self.plan.tops_up:
            return 0
        over = max(0.0, float(self.programme.world.cost_ratio[ordinal]) - 1)
        return round(self.programme.selected_cents[ordinal] * over)

    def whole(self, ordinal: int, facility: int) -> int:
        """One facility's share of the committed amount."""
        rows = self.parts(ordinal)[: len(self.plan.slices)]
        return sum(row[facility] for row in rows)

    def part_paid(self, call: Call, facility: int, cause: Cause = Cause.NONE) -> None:
        """One facility has paid its part; the call is paid with its last."""
        self.programme.tell(
            call.ordinal,
            PART_PAID,
            resource=self.cash[call.payers.get(facility, facility)].resource,
            cause=cause,
            part=call.visit,
            amount=call.parts[facility],
        )
        call.unpaid -= 1
        call.waits_for[facility] = PAID
        if not call.unpaid:
            self._paid(call, cause)
        elif call.behind is not None and call.behind.payer == facility:
            self.take_over(call.behind)

    def take_over(self, part: Part) -> None:
        """Another's part, its papers done, is paid by who has paid its own."""
        clock, call = self.programme.clock, part.call
        call.behind = None  # the minute after: a stock knows one claim of a call at a time
        clock.at(clock.now + 1, Turn.COMPLETION, call.ordinal, PART_PAID, part.number, part.claim)

    def _paid(self, call: Call, cause: Cause) -> None:
        self.programme.tell(
            call.ordinal, Kind.CALL_PAID, cause=cause, part=call.visit, amount=call.cents
        )
        call.paid.succeed()
        if call.missed:
            self.enforcement.close_breach(call.ordinal, call.visit, Cause.PAID)

    def _due(self, call: Call, _: object) -> None:
        """The close of the due date: unpaid is late; a breach only when the cure period closes."""
        programme, ordinal = self.programme, call.ordinal
        if call.paid.triggered or not self.stands(ordinal):
            return
        if programme.clock.now < call.due_close:  # a pause has moved it
            self._watch(call, Cause.NONE)
            return
        self._tell_unpaid(call, Kind.CALL_LATE)
        if call.missed_close == call.due_close:
            self._missed(call, _)
            return
        self._watch_cure(call)

    def _tell_unpaid(self, call: Call, kind: Kind) -> None:
        facility, cause = call.largest_debt()
        owes = {"resource": self.cash[facility].resource, "cause": cause, "amount": call.open_cents}
        self.programme.tell(call.ordinal, kind, part=call.visit, **owes)

    def _watch_cure(self, call: Call) -> None:
        self._at_close(call.missed_close, call, Kind.CALL_MISSED, self._missed)

    def _missed(self, call: Call, _: object) -> None:
        programme, ordinal = self.programme, call.ordinal
        if call.paid.triggered or not self.stands(ordinal):
            return
        if programme.clock.now < call.missed_close:
            self._watch_cure(call)
            return
        call.missed = True
        self._tell_unpaid(call, Kind.CALL_MISSED)
        self.enforcement.open_breach(ordinal, call.visit, Cause.CALL_MISSED, call.open_cents)

    def extend(self, ordinal: int, minutes: int) -> None:
        """The legal clocks of open calls stand still for a pause."""
        for call in self.of[ordinal].values():
            if not call.paid.triggered:
                call.extend(minutes)

    def paid_cents(self) -> int:
        """Cents paid so far by all facilities, what came back later included."""
        return sum(sum(self.drawn_cents(ordinal)) for ordinal in range(len(self.of)))

    def drawn_cents(self, ordinal: int) -> list[int]:
        """Cents paid so far, by facility."""
        calls = self.of[ordinal].values()
        return [sum(call.drawn(f) for call in calls) for f in range(len(self.shares))]

    def give_up(self, ordinal: int) -> None:
        """The project is declined: a missed call of it is no breach of its own any more."""
        for call in self.of[ordinal].values():
            if call.missed and not call.paid.triggered:
                self.enforcement.close_breach(ordinal, call.visit, Cause.DECLINED)
