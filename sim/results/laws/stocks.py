"""Law 2: stocks are never negative, servers never overbooked; as the step trace shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import inf

import numpy as np

from sim.events import TERMINAL, CapacityTrace, Cause, FloatArray, IntArray, Kind
from sim.events.schemas import UNITS
from sim.results.laws.evidence import Evidence, Violation, last_steps
from sim.results.laws.public import inflow_shares
from sim.rules.drawing import answer

UNIT_WORDS = {
    "servers": "servers",
    "USD": "USD bn",
    "people": "people",
    "slots": "slots",
    "MW": "MW",
}
_QUEUES = (Cause.TEAM_QUEUE, Cause.PERMIT_QUEUE, Cause.APPRAISAL_QUEUE, Cause.FUNDING_DESK)


def trace_of(evidence: Evidence) -> CapacityTrace:
    """The step trace of a replication that has one."""
    assert evidence.capacity is not None, "the registry asks for the trace first"
    return evidence.capacity


def trace_is_sound(evidence: Evidence) -> Iterator[Violation]:
    """Steps of a resource in order of time, nothing negative, no resource that is none."""
    trace, names = trace_of(evidence), evidence.names.resources
    order = np.argsort(trace.resource, kind="stable")
    same = trace.resource[order[1:]] == trace.resource[order[:-1]]
    back = order[1:][same & (trace.time[order[1:]] < trace.time[order[:-1]])]
    for row in back.tolist():
        text = f"time goes back in the capacity trace of {names[trace.resource[row]]!r}"
        yield Violation(-1, int(trace.time[row]), text)
    for column in ("capacity", "in_use", "waiting", "waiting_cents"):
        for row in np.flatnonzero(~(getattr(trace, column) >= 0)).tolist():
            text = f"{names[trace.resource[row]]} has {column} of {getattr(trace, column)[row]:g}"
            yield Violation(-1, int(trace.time[row]), text)
    table = evidence.tables.get("capacity_trace")
    if table is not None:
        dates = evidence.measure.horizon.epoch.datetime64(trace.time)
        units = np.array([UNITS.index(UNIT_WORDS[unit]) for unit in evidence.names.resource_units])
        wrong = (table["date"] != dates) | (table["unit"] != units[trace.resource])
        for row in np.flatnonzero(wrong).tolist():
            text = f"capacity_trace: date or unit in row {row} is another"
            yield Violation(-1, int(trace.time[row]), text)
    missing = set(range(len(names))) - set(trace.resource.tolist())
    for resource in sorted(missing):
        yield Violation(-1, 0, f"{names[resource]} has no step")


def envelope_is_what_is_committed(evidence: Evidence) -> Iterator[Violation]:
    """The envelope's trace shows the net commitments, and who waits for room in it."""
    envelope = evidence.measure.horizon.envelope_cents
    trace = last_steps(trace_of(evidence), evidence.resource("envelope"))
    moves = {Kind.SELECTED: 1, Kind.DECLINED: -1, Kind.CANCELLED: -1}
    committed, room = 0.0, float(envelope)
    wanted: dict[int, float] = {}
    waiting: set[int] = set()
    first_site = evidence.measure.plan.nature.first_site
    candidates: dict[int, list[int]] = defaultdict(list)  # by the first of its sites
    for project in evidence.row:
        candidates[int(first_site[project])].append(project)

    def asked(sites: list[int]) -> float:
        """What all sites of a candidate want together; nothing before all of them wait."""
        return sum(wanted.get(s, 0) for s in sites) if waiting.issuperset(sites) else 0

    for time, events in evidence.instants():
        for event in events:
            committed += moves.get(event.kind, 0) * event.amount
            if event.kind == Kind.PROPOSED:
                wanted[event.project] = event.amount
            elif event.kind == Kind.HISTORY_EXCEEDED and event.resource == evidence.resource(
                "envelope"
            ):
                room += event.amount
            if event.cause == Cause.SELECTION_WAIT:
                change = waiting.add if event.kind == Kind.WAIT_BEGAN else waiting.discard
                change(event.project)
        if time in trace:
            large = len([1 for sites in candidates.values() if asked(sites) > room - committed])
            if trace[time] != (room, committed, large):
                text = f"the envelope is at {trace[time]}, events say {(room, committed, large)}"
                yield Violation(-1, time, text)
    if trace and next(reversed(trace.values()))[1] != committed:
        yield Violation(-1, evidence.end, f"the envelope's trace ends without {committed:.0f}")


def yearly_money_is_not_overdrawn(evidence: Evidence) -> Iterator[Violation]:
    """No yearly stock is drawn below zero; what is left lapses or is carried over as stated.

    What a cancelled project gives back is there again, in the year in which it does. The inflow of
    a year answers raised tariffs from the minute they are up until they come down.
    """
    supply, shares = evidence.measure.plan.supply, inflow_shares(evidence)
    factors = evidence.yen_factors
    kinds = {Kind.FUNDS_COMMITTED: supply.commitments, Kind.PART_DRAWN: supply.cash}
    tariffs = {Kind.TARIFF_RAISED, Kind.TARIFF_RELIEVED}
    moves = evidence.of({*kinds, *tariffs, Kind.HISTORY_EXCEEDED, Kind.MONEY_RETURNED})
    for kind, stocks in kinds.items():
        for stock in stocks:
            resource, label = stock.resource, evidence.names.resources[stock.resource]
            held, later = stock.at_start, list(stock.inflows(factors))
            trace = last_steps(trace_of(evidence), resource)
            used, moved, inflow, begin, raised = 0.0, 0.0, stock.at_start, 0, False
            mine = [e for e in moves if e.resource == resource or e.kind in tariffs]
            steps = sorted({*trace, *(event.time for event in mine)})
            for time in steps:
                while later and later[0][0] <= time:
                    begin, inflow = later.pop(0)
                    share = shares[max(since for since in shares if since <= begin)]
                    inflow = inflow if share == 1 or inflow == inf else round(inflow * share)
                    held = inflow + (held - used if stock.carries(begin) else 0)
                    used, moved = 0.0, 0.0
                    if raised:
                        more = answer(inflow, 1, stock.while_raised, raised=True, moved=0)
                        moved = max(more, -held)
                        held += moved
                while mine and mine[0].time == time:
                    event = mine.pop(0)
                    if event.kind in tariffs:
                        raised = event.kind == Kind.TARIFF_RAISED
                        end = later[0][0] if later else stock.last_end
                        rest = (end - time) / (end - begin)
                        more = answer(inflow, rest, stock.while_raised, raised, moved)
                        change = max(more, used - held)
                        held, moved = held + change, moved + change
                        continue
                    gained = event.kind in (Kind.HISTORY_EXCEEDED, Kind.MONEY_RETURNED)
                    held += event.amount if gained else 0
                    used += event.amount if event.kind == kind else 0
                    if not 0 <= used <= held:
                        text = f"{label} is drawn to {used:.0f} of {held:.0f} cents"
                        yield Violation(event.project, time, text)
                if time in trace and trace[time][:2] != (held, used):
                    text = f"{label} is at {trace[time][:2]}, events say {(held, used)}"
                    yield Violation(-1, time, text)


def servers_are_not_overbooked(evidence: Evidence) -> Iterator[Violation]:
    """Nothing starts beyond capacity, nothing waits beside a free unit, the queue is the log's.

    What is on record occupies what it occupies, beyond capacity too.
    """
    starts: dict[int, set[int]] = defaultdict(set)
    recorded: dict[int, set[int]] = defaultdict(set)
    queued: dict[int, list[tuple[int, int]]] = defaultdict(list)
    on_record: set[int] = set()  # an agency's work begun on record names no agency
    for event in evidence.events:
        if event.kind in (Kind.SCREENING_BEGAN, Kind.APPRAISAL_BEGAN):
            whose = recorded if event.cause == Cause.RECORDED else starts
            whose[event.resource].add(event.time)
        elif event.kind == Kind.PERMITS_BEGAN and event.cause == Cause.RECORDED:
            on_record.add(event.time)
        if event.cause in _QUEUES:
            step = 1 if event.kind == Kind.WAIT_BEGAN else -1
            queued[event.resource].append((event.time, step))
    for resource, name in enumerate(evidence.names.resources):
        if evidence.names.resource_units[resource] != "servers":
            continue
        before, mine = 0.0, recorded[resource]
        mine |= on_record if name.startswith("agency_") else set()
        asked = queued[resource]
        place = in_queue = 0
        for time, (capacity, in_use, waiting) in last_steps(trace_of(evidence), resource).items():
            while place < len(asked) and asked[place][0] <= time:
                in_queue += asked[place][1]
                place += 1
            wrong = ""
            # A capacity that shrank below what is in hand withholds starts, interrupts nothing.
            if in_use > capacity and (
                (in_use > before and time not in mine) or time in starts[resource]
            ):
                wrong = f"work starts at {in_use:g} of {capacity:g}"
            elif waiting and in_use < capacity:
                wrong = f"{waiting:g} wait beside {in_use:g} of {capacity:g}"
            elif waiting != in_queue:
                wrong = f"{waiting:g} wait, events say {in_queue}"
            if wrong:
                yield Violation(-1, time, f"{name}: {wrong}")
            before = in_use


def teams_are_the_proposals_in_screening(evidence: Evidence) -> Iterator[Violation]:
    """As many teams are at work as proposals are in screening."""
    trace = last_steps(trace_of(evidence), evidence.resource("teams"))
    screening: set[int] = set()
    kinds = {Kind.SCREENING_BEGAN, Kind.SCREENING_ENDED, *TERMINAL}
    moves = evidence.of(kinds)
    for time in sorted({*trace, *(event.time for event in moves)}):
        while moves and moves[0].time == time:
            event = moves.pop(0)
            change = screening.add if event.kind == Kind.SCREENING_BEGAN else screening.discard
            change(event.project)
        if time in trace and trace[time][1] != len(screening):
            text = f"{trace[time][1]:g} teams are at work, {len(screening)} are in screening"
            yield Violation(-1, time, text)


def grants_stay_below_supply(evidence: Evidence) -> Iterator[Violation]:
    """Specialists granted are no more than the programme can get, nor than are needed.

    Under ``first_come_full_crew`` a crew is kept when supply shrinks: granted falls, at least.
    """
    keeps = evidence.measure.config.policy.staffing == "first_come_full_crew"
    trace = trace_of(evidence)
    units = np.array([unit == "people" for unit in evidence.names.resource_units])
    over: FloatArray = trace.in_use - trace.capacity
    tolerance = 1e-6 * (1 + np.where(np.isfinite(trace.capacity), trace.capacity, 0))
    rows: IntArray = np.flatnonzero(units[trace.resource] & (over > tolerance))
    for row in [] if keeps else rows.tolist():
        name = evidence.names.resources[trace.resource[row]]
        text = f"{name} grants {trace.in_use[row]:.3f} of {trace.capacity[row]:.3f} people"
        yield Violation(-1, int(trace.time[row]), text)
