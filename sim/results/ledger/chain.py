# cython: annotation_typing=False
"""The backward chain: what each day before the end was waited for.

docs/model.md, "Why was it late?". From the end the chain steps back. Where branches join, the days
go to the one that cleared last (ties: permits, development, equipment, funding, crews), and the
chain goes on from that branch's own start. What has not cleared when a project is cancelled or the
run ends clears there.
"""

from __future__ import annotations

from sim.events import Cause, Kind
from sim.events import ledger_causes as of
from sim.results.ledger.branches import Branches, paying
from sim.results.ledger.joins import Joins, set_going
from sim.results.ledger.stops import STOPS, Reason, path_of, stopped_by
from sim.results.ledger.trail import Piece, Stretch, Trail

WORK = -1  # cause of a piece at work on the site, divided later

# Which of the reasons that end together holds a stopped site.
_RANK = {int(Cause.PERMITS): 0, int(Cause.EQUIPMENT): 1, int(Cause.CASH_STARVED): 2}
_JOINS = (int(Cause.PERMITS), int(Cause.EQUIPMENT))
_PERMITS, _EQUIPMENT = int(Cause.PERMITS), int(Cause.EQUIPMENT)
_UNAPPRAISED = int(Cause.UNAPPRAISED)

# Members of an enumeration are slow to read where it matters.
_SELECTED, _DECLINED, _NTP = int(Kind.SELECTED), int(Kind.DECLINED), int(Kind.NTP_ISSUED)
_OPERATING, _BUILT, _RUNS = int(Kind.OPERATING), int(Kind.UNIT_BUILT), int(Kind.UNIT_ENERGISED)
_REQUESTED, _CONNECTED = int(Kind.GRID_REQUESTED), int(Kind.GRID_CONNECTED)
_APPLIED, _BEGAN = int(Kind.PERMITS_BEGAN), int(Kind.BUILDING_BEGAN)
_NOTICED, _PAID = int(Kind.CALL_NOTICED), int(Kind.CALL_PAID)
_ORDERED, _DELIVERED = int(Kind.EQUIPMENT_ORDERED), int(Kind.EQUIPMENT_DELIVERED)


def _cleared(one: Reason, at: int) -> tuple[int, ...]:
    """Of several reasons the largest cleared last; what outlives ``at`` ended no later."""
    end = min(one.end, at)
    return end, -one.end, -_RANK.get(one.cause, 3), one.begin, one.cause, -one.resource, one.part


class Chain:
    """One project's chain. ``pieces`` are newest first and partition the time from proposal.

    ``slack`` has for each piece what the joins after it leave: minutes by which the chain cleared
    a join later than the last branch that did not wait for the piece; see `Joins.slack`.
    """

    def __init__(self, branches: Branches) -> None:
        self.slack: list[int] = []
        self.joins = Joins()
        self.branches = branches
        self.trail: Trail = branches.trail
        self.pieces: list[Piece] = []
        self.work: list[tuple[Stretch, int]] = []  # stretches at work, each up to a minute
        self.cursor = branches.end
        self.unit = 0  # the one it walks back from
        self.path: list[Stretch] = []  # that unit at work, and before it the line that began it
        self._walk()
        self._charge(of.RECORDED, branches.begin)

    def _charge(self, cause: int, since: int, resource: int = -1) -> None:
        """Everything between ``since`` and the cursor goes to a cause."""
        since = max(since, self.branches.begin)
        if since < self.cursor:
            self.pieces.append((since, self.cursor, cause, resource))
            self.slack.append(self.joins.slack(self.cursor))
            self.cursor = since

    def _through(self, pieces: list[Piece], gaps: int, floor: int) -> None:
        """Back over a branch down to ``floor``; what its pieces leave open goes to ``gaps``."""
        for begin, end, cause, resource in reversed(pieces):
            if end <= floor:
                break
            if begin < self.cursor:
                self._charge(gaps, end)
                self._charge(cause, max(begin, floor), resource)
        self._charge(gaps, floor)

    # --- where it starts ----------------------------------------------------------------------

    def _walk(self) -> None:
        trail, branches = self.trail, self.branches
        if trail.first(_SELECTED) < 0 or trail.terminal == _DECLINED:
            began = branches.consultation[0]
            if began >= 0:
                self._charge(of.CONSULTATION, began)
            self._main()
        elif trail.first(_NTP) < 0:
            self._before_ntp()
        else:
            self._set_out()
            if trail.at(_BUILT, self.unit) < 0:
                self._site()
            else:
                self._power()

    def _set_out(self) -> None:
        """From the unit that runs last; of those that do not, from the last one not built."""
        trail = self.trail
        if trail.terminal == _OPERATING:
            runs = trail.last_part(_RUNS)
            self.unit = runs if runs >= 0 else trail.last_part(_BUILT)
        else:
            built = {part for _, _, _, part in trail.of(_BUILT)}
            running = {part for _, _, _, part in trail.of(_RUNS)}
            done = built if len(built) < trail.units else running
            self.unit = max({*range(trail.units)} - done, default=0)
        self.path = [trail.stretches[number] for number, _, _ in path_of(trail, self.unit)]

    def _power(self) -> None:
        """Back from a unit's power to its building, or to the request for its connection."""
        trail, unit = self.trail, self.unit
        built = max(trail.at(_BUILT, unit), self.branches.stood(unit))
        requested = trail.first(_REQUESTED)
        connected = -1
        if requested >= 0:
            done = trail.first(_CONNECTED)
            connected = done if done >= 0 else self.branches.end
            region = trail.of(_REQUESTED)[0][1]
            self._charge(of.POWER, max(built, connected), region)
            if connected > built:
                over = built if built >= 0 else self.branches.end
                self.joins.add(self.cursor, [(set_going(self.branches), over)])
                self._charge(of.POWER, requested, region)
                self._main()
                return
            self.joins.add(self.cursor, [(min(requested, set_going(self.branches)), connected)])
        self._charge(of.POWER, built)
        self._site()

    # --- the site -----------------------------------------------------------------------------

    def _site(self) -> None:
        """Back along the site to NTP, unless a stop leads elsewhere."""
        worked = False
        for stretch in reversed(self.path):
            if stretch.end < self.cursor or (worked and stretch.end == self.cursor):
                if self._stop(stretch.end):
                    return
                worked = True
            if stretch.begin < self.cursor:
                self.work.append((stretch, self.cursor))
                self._charge(WORK, stretch.begin)
                worked = True
        for begin, end, cause, _ in self.branches.history(_BEGAN):
            if begin < self.cursor <= end:
                self._charge(cause, begin)  # building on record
        self._charge(of.CREWS_WAITED, self.trail.first(_NTP))
        self._before_ntp()

    def _stop(self, since: int) -> bool:
        """Back over a stop; whether the chain left the site for the branch that cleared last."""
        trail = self.trail
        reasons = stopped_by(self.branches, self.unit, since, self.cursor)
        while True:
            at = self.cursor
            live = [one for one in reasons if one.begin < at or one.begin == since]
            if not live:
                self._charge(of.RECORDED, since)
                return False
            last = max(live, key=lambda one: _cleared(one, at))
            end, rest = min(last.end, at), [one for one in live if one is not last]
            if last.cause in _JOINS:
                permits = last.cause == _PERMITS
                going = trail.first(_APPLIED) if permits else set_going(self.branches)
                beside = [(one.begin, min(one.end, at)) for one in rest]
                self.joins.add(self.cursor, [(going, since), *beside])
                if permits:
                    self._permits()
                else:
                    self._equipment(last.part, last.resource)
                return True
            if at <= since:
                return False
            # What began and ended within this reason cost nothing beside it.
            others = [one.end for one in rest if one.end < end and one.begin <= last.begin]
            self._charge(of.RECORDED, max(since, end))
            self._charge(STOPS[last.cause], max(since, last.begin, *others))

    def _equipment(self, unit: int, machine: int) -> None:
        """Back to the order of what the site waited for, and to the payment behind it.

        Where the wait does not name the machine (-1), it was the one that came last.
        """
        trail, branches = self.trail, self.branches
        arrived = {r: time for time, r, _, part in trail.of(_DELIVERED) if part == unit}
        orders = sorted((resource, time) for time, resource, _, _ in trail.of(_ORDERED))
        orders = [order for order in orders if machine in (-1, order[0])]
        if orders:  # the config's first of several
            resource, ordered = max(orders, key=lambda order: arrived.get(order[0], self.trail.end))
            self._charge(of.EQUIPMENT, ordered, resource)
        for noticed, part in sorted((time, part) for time, _, _, part in trail.of(_NOTICED)):
            paid = trail.at(_PAID, part)
            behind_it = paid == self.cursor if orders else paid < 0
            if part and behind_it and paid != branches.paid and noticed <= self.cursor:
                self._later_call(part, noticed)
                return
        self._charge(of.EQUIPMENT, branches.paid)
        self._funding()

    # --- before building ----------------------------------------------------------------------

    def _before_ntp(self) -> None:
        """First call, permits (unless early works), development, pauses and the as-of date."""
        branches = self.branches
        paid, granted = branches.paid, branches.granted
        if granted > self.cursor:
            granted = -1
        developed = branches.developed
        base = max(paid, granted, developed)
        # In the order of a tie: permits, development, funding.
        begun = branches.development[0][0] if branches.development else -1
        gates = [
            (self.trail.first(_APPLIED), granted),
            (begun, developed),
            (branches.noticed, paid),
        ]
        last = 0 if granted == base else 1 if developed == base else 2
        self.joins.add(self.cursor, [(base, base)] if self.cursor > base else ())
        self._holds(base)
        holds = [(begin, end) for begin, end, _, _ in branches.pauses + branches.history(_NTP)]
        beside = [*gates[:last], *gates[last + 1 :], *holds]
        own = max(0, gates[last][0])
        self.joins.add(base, [(min(begin, own), end) for begin, end in beside])
        if last == 0:
            self._permits()
        elif last == 1:
            self._through(branches.development, of.DEVELOPMENT, begun)
            self._main()
        else:
            self._funding()

    def _holds(self, floor: int) -> None:
        """Back over pauses and waits for the as-of date that outlasted every other gate."""
        holds = self.branches.pauses + self.branches.history(_NTP)
        while self.cursor > floor:
            at = self.cursor
            live = [
                (min(end, at), -end, begin, cause) for begin, end, cause, _ in holds if begin < at
            ]
            if not live or max(live)[0] <= floor:
                break
            end, _, begin, cause = max(live)
            others = max(
                (other[0] for other in live if other[0] < end and other[2] <= begin), default=floor
            )
            self._charge(of.RECORDED, end)
            self._charge(cause, max(floor, begin, others))
        self._charge(of.RECORDED, floor)

    def _main(self) -> None:
        """Back along the main line to the proposal.

        Where it waited for a lender, that lender was beside what came before, and the others beside
        that lender.
        """
        for begin, end, _, _ in self.trail.waits.get(_UNAPPRAISED, ()):
            lenders = [one for one in self.branches.appraisals.values() if begin <= self.cursor]
            done = sorted(min(one[1], end) for one in lenders)
            self.joins.add(end, ((begin, one) for one in done[-2:-1]))
            self.joins.add(begin, ((one[0], begin) for one in lenders if one[1] >= end))
        self._through(self.branches.main, of.RECORDED, self.branches.begin)

    def _permits(self) -> None:
        """Back over court and agency to the application."""
        branches = self.branches
        began = self.trail.first(_APPLIED)
        if began < 0:
            self._charge(of.RECORDED, self.trail.first(_SELECTED))
        else:
            self._through(branches.permits, of.PERMIT_WORK, began)
        for begin, end, cause, _ in branches.history(_APPLIED):
            if end >= self.cursor > begin:
                self._charge(cause, begin)
        self._main()

    def _funding(self) -> None:
        """Back from the first payment to what let it start."""
        branches = self.branches
        noticed = branches.noticed
        if noticed < 0:
            self._main()
            return
        if branches.on_record:
            self._charge(of.RECORDED, noticed)
            self._main()
            return
        number = self._lender(0, branches.payment_began)
        requested, appraised, desk = branches.appraisals.get(number, (-1, -1, -1))
        consulted, decided = branches.consultation
        if max(appraised, decided) > noticed:
            selected = self.trail.first(_SELECTED)
            other = (consulted, decided) if appraised >= decided else (requested, appraised)
            self.joins.add(self.cursor, [(selected, noticed), other])
            if appraised >= decided:
                self._charge(of.APPRAISAL, requested, desk)
            else:
                self._charge(of.CONSULTATION, consulted)
        self._main()

    def _lender(self, part: int, began: int) -> int:
        """Back over the facility that paid its part last, which is returned; -1 where none has."""
        parts = self.branches.parts(part) if part else self.branches.first_parts()
        last = None
        for one in parts:
            if last is None or one.paid > last.paid:  # the config's first of several
                last = one
        if last is not None:
            others = [(min(one.begin, last.begin), one.paid) for one in parts if one is not last]
            self.joins.add(self.cursor, others)
            self._through(paying(last), of.FUNDING_MONEY, min(last.documented, self.cursor))
            began = last.begin
        self._charge(of.FUNDING_DESK, began)
        return -1 if last is None else last.lender

    def _later_call(self, part: int, noticed: int) -> None:
        """Back over a later slice to what triggered it."""
        self._lender(part, noticed)
        branches, trail = self.branches, self.trail
        if noticed == trail.first(_NTP) and noticed != branches.paid:
            self._before_ntp()
        elif noticed >= branches.paid:
            self._holds(branches.paid)
            self._funding()
        else:
            self._main()
