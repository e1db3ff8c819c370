"""Law 1: called money adds up at every instant, and commitments fit the envelope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import inf

from sim.events import MONEY_KINDS, Cause, Kind
from sim.results.laws.evidence import Event, Evidence, Violation

_LATE = (Kind.CALL_LATE, Kind.CALL_MISSED)


class _Call:
    """One slice's money: what was called and what has been drawn, by lender."""

    def __init__(self, called: float) -> None:
        self.called = called
        self.drawn: dict[int, float] = defaultdict(float)
        self.settled: dict[int, float] = defaultdict(float)  # of it, parts paid

    @property
    def unpaid(self) -> float:
        return self.called - sum(self.drawn.values())


class _Book:
    """One project's money so far, in cents."""

    def __init__(self, overrun: float) -> None:
        self.overrun = overrun
        self.committed = 0.0
        self.called = 0.0
        self.calls: dict[int, _Call] = {}
        self.built: dict[int, float] = {}

    def take(self, event: Event, lender: int) -> str:
        """Write an event down. The empty text when it adds up, else what is wrong with it."""
        kind, amount, part = event.kind, event.amount, event.part
        if not 0 <= amount < inf or amount != round(amount):
            return "is no whole number of cents"
        if kind == Kind.SELECTED:
            self.committed = amount
        elif kind == Kind.DECLINED:
            for call in self.calls.values():
                call.called -= call.unpaid
            return self.unless(amount == self.committed, "is not", self.committed, "committed")
        elif kind == Kind.CALL_NOTICED:
            return self.notice(amount, part)
        elif kind == Kind.UNIT_BUILT:
            self.built[part] = amount
        elif kind == Kind.UNIT_ENERGISED:
            built = self.built.get(part, 0)
            return self.unless(amount == built, "is not", built, "of the unit built")
        elif kind == Kind.OPERATING:
            built = sum(self.built.values())
            if not amount == built == self.committed:
                return f"is not the {self.committed:.0f} committed or {built:.0f} built"
        elif kind == Kind.CANCELLED:
            fits = amount <= self.committed
            return self.unless(fits, "exceeds", self.committed, "committed")
        elif kind == Kind.MONEY_RETURNED:
            drew = sum(call.drawn[lender] for call in self.calls.values())
            return self.unless(amount <= drew, "exceeds", drew, "drawn")
        elif kind in _OF_A_CALL:
            return self.move(self.calls.get(part, _Call(0)), kind, amount, lender)
        return ""

    def notice(self, amount: float, part: int) -> str:
        self.calls[part] = _Call(amount)
        self.called += amount
        if amount == self.overrun:
            self.called -= amount  # outside the commitment, once
            self.overrun = -1
        fits = self.called <= self.committed
        return self.unless(fits, "brings calls above", self.committed, "committed")

    def move(self, call: _Call, kind: Kind, amount: float, lender: int) -> str:
        if kind == Kind.PART_DRAWN:
            call.drawn[lender] += amount
            return "" if call.unpaid >= 0 else f"exceeds the call of {call.called:.0f}"
        if kind == Kind.PART_PAID:
            drawn = call.drawn[lender] - call.settled[lender]
            call.settled[lender] += amount
            return self.unless(amount == drawn, "is not", drawn, "drawn")
        unpaid = call.unpaid
        if kind == Kind.CALL_PAID:
            if amount != call.called or unpaid:
                return f"is not the {call.called - unpaid:.0f} drawn of {call.called:.0f} called"
            return ""
        if kind == Kind.CALL_WITHDRAWN:
            call.called -= unpaid
        return self.unless(amount == unpaid, "is not", unpaid, "unpaid")

    @staticmethod
    def unless(holds: bool, verb: str, cents: float, what: str) -> str:
        return "" if holds else f"{verb} the {cents:.0f} {what}"


_OF_A_CALL = frozenset(
    {Kind.PART_DRAWN, Kind.PART_PAID, Kind.CALL_PAID, Kind.CALL_WITHDRAWN, *_LATE}
)


def called_money_adds_up(evidence: Evidence) -> Iterator[Violation]:
    """At every instant called = paid + open (in time, late, missed) + declined + withdrawn.

    No call is drawn beyond its amount or after a decline; a part's drawings make the part, the
    parts the call; late, missed and withdrawn amounts are what was unpaid; a cancelled project
    leaves no call open and returns no more than was drawn; calls stay within the project's
    commitment, but for one that is exactly its overrun (Japan's top-up); units built make it up,
    each energised with the amount it was built with.
    """
    lender, over = evidence.lender, evidence.overruns
    books: dict[int, _Book] = {}
    cancelled: dict[int, int] = {}
    for event in evidence.of(MONEY_KINDS):
        book = books.get(event.project)
        if book is None:
            book = books[event.project] = _Book(over.get(event.project, 0) or -1)
        wrong = book.take(event, lender[event.resource])
        if wrong:
            text = f"{event.kind.name} of {event.amount:.2f} cents (part {event.part}) {wrong}"
            yield Violation(event.project, event.time, text)
        if event.kind == Kind.CANCELLED:
            cancelled[event.project] = event.time
    for project, minute in cancelled.items():
        for part, call in books[project].calls.items():
            if call.unpaid:
                text = f"call {part} leaves {call.unpaid:.0f} cents open after CANCELLED"
                yield Violation(project, minute, text)


def commitments_fit_the_envelope(evidence: Evidence) -> Iterator[Violation]:
    """Selected less declined and released never exceeds the envelope; nobody selects too late.

    Recorded history may exceed it: by what is logged against the envelope in that minute.
    """
    horizon, names = evidence.measure.horizon, evidence.names.resources
    committed, allowed = 0.0, float(horizon.envelope_cents)
    envelope = names.index("envelope") if "envelope" in names else -1
    moves = {Kind.SELECTED: 1, Kind.DECLINED: -1, Kind.CANCELLED: -1}
    over: Event | None = None  # the selection that went beyond, in this instant
    for event in evidence.of({Kind.HISTORY_EXCEEDED, *moves}):
        if over and event.time > over.time:
            break
        if event.kind == Kind.HISTORY_EXCEEDED:
            allowed += event.amount if event.resource == envelope else 0
        else:
            committed += moves[event.kind] * event.amount
        over = (over or event) if committed > allowed else None
        late = event.kind == Kind.SELECTED and event.time >= horizon.deadline
        if late and event.cause != Cause.RECORDED:
            yield Violation(event.project, event.time, "SELECTED after the deadline")
    if over:
        text = f"commitments of {committed:.0f} cents exceed the envelope of {allowed:.0f}"
        yield Violation(over.project, over.time, text)


def calls_follow_the_policy(evidence: Evidence) -> Iterator[Violation]:
    """Calls are the slices of the committed amount, and each lender pays its share of them.

    The call behind the slices is Japan's for what building costs beyond its plan. A lender's
    commitment, reserved over several years at most, is its share of all slices, and what another
    has handed on to it.
    """
    policy, lender = evidence.measure.config.policy, evidence.lender
    names = [evidence.resource(f"{name}_cash") for name in evidence.names.facilities]
    listed = policy.calls.facility_shares
    shares = {
        lender[resource]: listed.get(name, 0.0)
        for resource, name in zip(names, evidence.names.facilities, strict=True)
    }
    slices = [item.share for item in policy.calls.slices.values()]
    off = len(listed) * len(slices)  # the last slice takes what rounding left of every other one
    handed: dict[int, dict[int, float]] = {}  # shares of the projects that had one handed on
    committed: dict[int, float] = {}
    reserved: dict[tuple[int, int], float] = defaultdict(float)
    paid: dict[tuple[int, int], dict[int, float]] = defaultdict(dict)
    settled: dict[tuple[int, int], float] = defaultdict(float)
    called: dict[int, list[float]] = defaultdict(list)
    for event in evidence.of(
        {
            Kind.SELECTED,
            Kind.CALL_NOTICED,
            Kind.FUNDS_COMMITTED,
            Kind.PART_PAID,
            Kind.CALL_PAID,
            Kind.SHARE_HANDED_ON,
        }
    ):
        project, part, amount, wrong = event.project, event.part, event.amount, ""
        if event.kind == Kind.SELECTED:
            committed[project] = amount
        elif event.kind == Kind.CALL_NOTICED and part < len(slices):
            called[project].append(amount)
            if abs(amount - slices[part] * committed.get(project, 0)) >= len(slices):
                wrong = f"is not its {slices[part]:g} of the committed amount"
        elif event.kind == Kind.CALL_NOTICED:
            due = evidence.overruns.get(project, 0)
            row = evidence.row.get(project, -1)
            costs_more = row >= 0 and evidence.attributes.cost_ratio[row] > 1
            if policy.overrun_paid_by != "japan_topup" or not costs_more or amount != due:
                wrong = f"is not the {due} that Japan owes beyond the plan"
        elif event.kind == Kind.FUNDS_COMMITTED:
            mine = lender[event.resource]
            reserved[project, mine] += amount
            whole = committed.get(project, 0) * handed.get(project, shares).get(mine, 0)
            if reserved[project, mine] >= whole + len(listed):
                wrong = f"brings reservations above the lender's {whole:.0f}"
        elif event.kind == Kind.PART_PAID:
            mine = lender[event.resource]
            paid[project, part][mine] = paid[project, part].get(mine, 0) + amount
            settled[project, mine] += amount if part < len(slices) else 0
            if settled[project, mine] > reserved[project, mine]:
                wrong = f"brings payments above the {reserved[project, mine]:.0f} reserved"
        elif event.kind == Kind.SHARE_HANDED_ON:
            who = lender[event.resource]
            of = handed[project] = handed.get(project, shares).copy()
            share, of[who] = of[who], 0.0
            of[evidence.takers.get(who, who)] += share
            if abs(amount - committed.get(project, 0) * share) >= len(listed):
                wrong = "is not the lender's share"
        else:
            parts = paid[project, part]
            if sum(parts.values()) != amount:
                wrong = f"is not the {sum(parts.values()):.0f} of its parts"
            for who, share in handed.get(project, shares).items():
                if abs(parts.get(who, 0) - amount * share) >= off:
                    wrong = "is not paid by its lenders in their shares"
        if wrong:
            text = f"{event.kind.name} of {amount:.0f} cents (part {part}) {wrong}"
            yield Violation(project, event.time, text)
    for project, cents in called.items():
        whole = committed.get(project, 0)
        if sum(cents) > whole or (len(cents) == len(slices) and sum(cents) != whole):
            text = f"calls of {sum(cents):.0f} cents for the {whole:.0f} committed"
            yield Violation(project, -1, text)
        for who in shares if len(cents) == len(slices) else ():
            done = all(who in paid[project, part] for part in range(len(slices)))
            if done and settled[project, who] != reserved[project, who]:
                text = f"a lender has paid {settled[project, who]:.0f} cents"
                yield Violation(project, -1, f"{text} of the {reserved[project, who]:.0f} reserved")


def nobody_signs_after_the_last_day(evidence: Evidence) -> Iterator[Violation]:
    """A lender whose last day binds reserves nothing from the close of that day on.

    And hands nothing on before.
    """
    plan, lender = evidence.measure.plan.calls, evidence.lender
    ends = {
        lender[evidence.resource(f"{name}_commitments")]: minute
        for name, minute in zip(evidence.names.facilities, plan.signs_until, strict=True)
        if minute is not None
    }
    for event in evidence.of({Kind.FUNDS_COMMITTED, Kind.SHARE_HANDED_ON}):
        over, hands_on = event.time >= ends.get(lender[event.resource], inf), Kind.SHARE_HANDED_ON
        if over != (event.kind == hands_on):
            said = "reserved after" if over else "handed on before"
            text = f"{evidence.names.resources[event.resource]} are {said} the last day"
            yield Violation(event.project, event.time, text)
