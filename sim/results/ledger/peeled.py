# cython: annotation_typing=False
"""The peeled partition: every day of a unit goes to the gate that was the next to clear.

docs/model.md, "Why was it late?". Where branches that clear at t1 <= ... <= tm join, the days
(t(i-1), t(i)] go to branch i and what is before to the earliest; of branches that clear together
the one stated first. So nobody is charged for days in which something else held the unit anyway.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from sim.events import Cause, Kind
from sim.events import ledger_causes as of
from sim.results.ledger.branches import Branches, Part, filled, paying
from sim.results.ledger.chain import WORK
from sim.results.ledger.stops import STOPS, path_of, stopped_by
from sim.results.ledger.trail import Piece

Line: TypeAlias = list[Piece]  # of one branch, in order; where it ends, the branch clears

_SELECTED, _DECLINED, _NTP = int(Kind.SELECTED), int(Kind.DECLINED), int(Kind.NTP_ISSUED)
_BUILT, _RUNS = int(Kind.UNIT_BUILT), int(Kind.UNIT_ENERGISED)
_APPLIED = int(Kind.PERMITS_BEGAN)
_NOTICED, _PAID = int(Kind.CALL_NOTICED), int(Kind.CALL_PAID)
_ORDERED, _DELIVERED = int(Kind.EQUIPMENT_ORDERED), int(Kind.EQUIPMENT_DELIVERED)
_PERMITS, _EQUIPMENT = int(Cause.PERMITS), int(Cause.EQUIPMENT)
_WAITED, _REQUESTED = int(Cause.CREWS_WAITED), int(Kind.GRID_REQUESTED)


def joined(lines: Iterable[Line], begin: int, end: int, idle: int = of.RECORDED) -> Line:
    """Days from ``begin`` to ``end`` by the branch that was the next to clear.

    Days in which that one was not under way go to the next one that was; days of none are ``idle``.
    """
    order = sorted((line for line in lines if line), key=lambda line: line[-1][1])
    found: Line = []
    for place, line in enumerate(order):
        clears = min(line[-1][1], end)
        if clears > begin:
            found += _under_way(order[place:], begin, clears, idle)
            begin = clears
    return found + _under_way([], begin, end, idle)


def _under_way(lines: list[Line], begin: int, end: int, idle: int) -> Line:
    if begin >= end:
        return []
    if not lines:
        return [(begin, end, idle, -1)]
    found: Line = []
    for since, until, cause, resource in lines[0]:
        since, until = max(since, begin), min(until, end)
        if since < until:
            found += _under_way(lines[1:], begin, since, idle)
            found.append((since, until, cause, resource))
            begin = until
    return found + _under_way(lines[1:], begin, end, idle)


class Peeled:
    """One project's partition, unit by unit; what is before notice to proceed they share."""

    def __init__(self, branches: Branches) -> None:
        self.branches, self.trail = branches, branches.trail
        ntp = self.trail.first(_NTP)
        self.ntp = branches.end if ntp < 0 else ntp
        self.before = self._before_ntp()

    def unit(self, unit: int) -> Line:
        """From proposal until the unit runs, the project ends or the run does.

        Of a piece at work (cause WORK) the resource is the number of its stretch.
        """
        trail, branches, line = self.trail, self.branches, [*self.before]
        if trail.first(_NTP) < 0:
            return line
        built, runs = trail.at(_BUILT, unit), trail.at(_RUNS, unit)
        over, at, idle = (built if built >= 0 else branches.end), self.ntp, of.CREWS_WAITED
        for number, begin, end in path_of(trail, unit):
            begin, end = max(begin, at), min(end, over)
            if begin < end:
                line += self._stop(at, begin, unit, idle) + self._work(number, begin, end)
                at, idle = end, of.RECORDED
        line += self._stop(at, over, unit, idle)
        region = trail.of(_REQUESTED)[0][1] if trail.first(_REQUESTED) >= 0 else -1
        until = runs if runs >= 0 else branches.end
        stood = min(max(over, branches.stood(unit)), until)
        line += [(over, stood, of.RECORDED, -1)] if stood > over else []
        return line if until <= stood else [*line, (stood, until, of.POWER, region)]

    # --- before building ----------------------------------------------------------------------

    def _before_ntp(self) -> Line:
        """The main line, and beside it permits, development, first call, pauses, the as-of date."""
        branches, trail = self.branches, self.trail
        gates: list[Line] = []
        if trail.terminal == _DECLINED:
            gates = self._decision(branches.appraisals)
        elif trail.first(_SELECTED) >= 0:
            gates = [
                [*branches.history(_APPLIED), *branches.permits],
                branches.development,
                self._funding(),
            ]
            gates += [[hold] for hold in (*branches.pauses, *branches.history(_NTP))]
            # Early works go ahead of the last permit, the record ahead of any gate.
            gates = [line for line in gates if line and line[-1][1] <= self.ntp]
        # The main line clears nothing here: it is what came before the branches.
        whole = joined(gates, branches.begin, self.ntp, _NOTHING)
        found: Line = []
        for piece in whole:
            if piece[2] == _NOTHING:
                found += joined([branches.main], piece[0], piece[1])
            else:
                found.append(piece)
        return found

    def _decision(self, lenders: Iterable[int]) -> list[Line]:
        """What payment starts with: these lenders' appraisals, consultation, notice."""
        branches, asked = self.branches, self.branches.appraisals
        lines: list[Line] = [
            [(begin, end, of.APPRAISAL, desk)]
            for begin, end, desk in (asked[number] for number in lenders if number in asked)
        ]
        return [*lines, [(*branches.consultation, of.CONSULTATION, -1)], branches.main]

    def _funding(self) -> Line:
        """Every lender from its own appraisal to its payment, each a branch."""
        branches = self.branches
        if branches.noticed < 0:
            return []
        if branches.on_record:
            return [(branches.noticed, branches.paid, of.RECORDED, -1)]
        lines = [
            joined(self._decision([part.lender]), branches.begin, part.begin) + self._lender(part)
            for part in branches.first_parts()
        ]
        return joined(lines, branches.begin, branches.paid, of.FUNDING_MONEY)

    def _lender(self, part: Part) -> Line:
        """Papers, window and money of a lender."""
        mine = [r for r, number in enumerate(self.branches.lender) if number == part.lender]
        money = [
            (since, until, cause, mine[-1] if resource < 0 else resource)
            for since, until, cause, resource in paying(part)
        ]
        return [(part.begin, part.documented, of.FUNDING_DESK, mine[0]), *money]

    # --- the site -----------------------------------------------------------------------------

    def _work(self, number: int, begin: int, end: int) -> Line:
        """A stretch, and in it the time with nobody there."""
        unit = self.trail.stretches[number].unit
        nobody = sorted(
            (since, until, of.CREWS_WAITED, -1)
            for since, until, _, part in self.trail.waits.get(_WAITED, ())
            if part == unit
        )
        return [
            (since, until, cause, number if cause == WORK else -1)
            for since, until, cause, _ in filled(nobody, begin, end, WORK)
        ]

    def _stop(self, since: int, until: int, unit: int, idle: int) -> Line:
        """What a unit stood for, off the site: each reason a branch, cleared when it was over."""
        if since >= until:
            return []
        branches = self.branches
        lines: list[Line] = []
        for one in stopped_by(branches, unit, since, until):
            if one.cause == _PERMITS:
                lines.append(filled(branches.permits, one.begin, one.end, of.PERMIT_WORK))
            elif one.cause == _EQUIPMENT:
                lines += self._machines(unit, one.resource, one.begin, one.end)
            else:
                lines.append([(one.begin, one.end, STOPS[one.cause], -1)])
        return joined(lines, since, until, idle)

    def _machines(self, unit: int, machine: int, begin: int, end: int) -> list[Line]:
        """Of each machine the order and the payment behind it; -1: of every machine."""
        trail = self.trail
        arrived = {r: time for time, r, _, part in trail.of(_DELIVERED) if part == unit}
        lines: list[Line] = []
        for ordered, resource, _, _ in trail.of(_ORDERED):
            if machine in (-1, resource):
                here = min(arrived.get(resource, end), end)
                lines.append([*self._slice(ordered), (ordered, here, of.EQUIPMENT, resource)])
        if not lines:  # the slice it is to be ordered with is unpaid
            lines.append(self._slice(-1))
        return [*lines, [(begin, end, of.EQUIPMENT, machine)]]

    def _slice(self, paid: int) -> Line:
        """The later call paid in this minute; -1: one still unpaid."""
        trail, branches = self.trail, self.branches
        for noticed, _, _, part in trail.of(_NOTICED):
            if part and trail.at(_PAID, part) == paid:
                until = paid if paid >= 0 else branches.end
                lines = [self._lender(one) for one in branches.parts(part)]
                return joined(lines, noticed, until, of.FUNDING_MONEY)
        return []


_NOTHING = -2  # cause of days in which no branch was under way
