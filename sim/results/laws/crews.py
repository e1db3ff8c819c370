"""Law 2 under each staffing rule: who gets a crew, who a part of one, who waits for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from sim.events import TERMINAL, Cause, Kind
from sim.results.laws.evidence import Evidence, Violation
from sim.results.laws.specialists import Work

_RATE = 1e-6  # rates are read off clocks that count in doubles
Rates = dict[int, float]


def crews_follow_the_rule(evidence: Evidence) -> Iterator[Violation]:
    """Shares, minima, whole crews and waits for them are those of the policy's staffing rule."""
    work, policy = Work(evidence), evidence.measure.config.policy
    if policy.staffing == "fair_share":
        for event in evidence.events:
            if event.cause == Cause.CREWS_WAITED:
                yield Violation(event.project, event.time, "waits for a crew under fair_share")
        return
    before: Rates = {}
    for time in work.times:
        rates = work.rates(time)
        if policy.staffing == "priority":
            found = _priority(work, rates, time, policy.staffing_minimum_share)
        else:
            found = _first_come(work, rates, time, before)
        for row, wrong in found:
            yield Violation(int(work.sites.project[row]) if row >= 0 else -1, time, wrong)
        before = rates
    yield from _waits(evidence, work)


def _short(work: Work, row: int, share: float, others: Rates, time: int) -> list[int]:
    """Pools too short for that share of a crew beside others at their rates."""
    found = []
    for pool, steps in enumerate(work.supply):
        need = work.needs[row, pool]
        if need:
            used = sum(work.needs[other, pool] * rate for other, rate in others.items())
            if used + share * need > steps[time][0] * (1 - _RATE) - _RATE:
                found.append(pool)
    return found


def _priority(work: Work, rates: Rates, time: int, minimum: float) -> Iterator[tuple[int, str]]:
    """Nobody between nothing and the minimum; below a full crew only for want of people."""
    admitted = {row: min(minimum, rate) for row, rate in rates.items() if rate > _RATE}
    for row, rate in rates.items():
        others = {other: used for other, used in rates.items() if other != row}
        if rate > _RATE and not minimum - _RATE <= rate <= 1 + _RATE:
            yield row, f"goes at {rate:.6f}, below the minimum of {minimum:g}"
        elif rate <= _RATE and not _short(work, row, minimum, admitted, time):
            # The minima of the others alone leave too little for one more.
            yield row, "has no crew, and its minimum was there"
        elif _RATE < rate < 1 - _RATE and not _short(work, row, rate + 2 * _RATE, others, time):
            yield row, f"goes at {rate:.6f}, and more was there"


def _first_come(work: Work, rates: Rates, time: int, before: Rates) -> Iterator[tuple[int, str]]:
    """Whole crews or none; a crew is kept; who waits lacks people, or is behind one who does."""
    waiting = [row for row, rate in rates.items() if rate <= _RATE]
    working = {row: rate for row, rate in rates.items() if rate > _RATE}
    for row, rate in working.items():
        if rate < 1 - _RATE:
            yield row, f"goes at {rate:.6f}, no whole crew"
    for row in waiting:
        if before.get(row, 0) > _RATE:
            yield row, "lost its crew"
    for row in working.keys() - {row for row, rate in before.items() if rate > _RATE}:
        # Granted now: there for it beside all that work.
        for pool, steps in enumerate(work.supply):
            if work.needs[row, pool]:
                held = sum(work.needs[other, pool] for other in working)
                if held > steps[time][0] * (1 + _RATE) + _RATE:
                    yield row, "got a crew that was not there"
    lacking = [row for row in waiting if _short(work, row, 1, working, time)]
    closed = work.needs[lacking].any(axis=0)
    for row in waiting:
        if not lacking or not (closed & (work.needs[row] > 0)).any():
            yield row, "waits, and a crew is there"


def _waits(evidence: Evidence, work: Work) -> Iterator[Violation]:
    """A site apart that is at work and gets nobody waits, and nobody else does."""
    waiting: set[tuple[int, int]] = set()
    whose = list(zip(work.sites.project.tolist(), work.sites.unit.tolist(), strict=True))
    expected = {
        time: {whose[row] for row, rate in work.rates(time).items() if rate <= _RATE}
        for time in work.times
    }
    for time, events in evidence.instants():
        for event in events:
            if event.cause == Cause.CREWS_WAITED:
                change = waiting.add if event.kind == Kind.WAIT_BEGAN else waiting.discard
                change((event.project, event.part))
        for project, unit in sorted(waiting ^ expected.get(time, waiting)):
            waits = (project, unit) in waiting
            text = "waits and works" if waits else "has nobody and does not wait"
            yield Violation(project, time, f"unit {unit} {text} for a crew")


def _built_alone(evidence: Evidence, work: Work) -> dict[int, tuple[int, float]]:
    """Minute of notice, and what a unit can have done by then, of works that go at their own pace.

    By entity; at the pace of the whole site since the proposal or the as-of date.
    """
    config, proposed = evidence.measure.config, work.world.proposed
    paces = {name: row.own_pace for name, row in config.portfolio.projects.items() if row.own_pace}
    found = {}
    for event in evidence.of({Kind.NTP_ISSUED}):
        pace = paces.get(evidence.names.projects[event.project])
        if pace and event.cause != Cause.RECORDED:
            since = max(
                int(proposed[evidence.row[event.project]]), evidence.measure.plan.open_minute
            )
            found[event.project] = (event.time, pace * (event.time - since))
    return found


def only_sites_at_work_have_crews(evidence: Evidence) -> Iterator[Violation]:
    """Waiting, starved, paused and equipment-stopped sites are in no pool: their crew is free.

    Of several units those that wait for machines are in none. And the work done in a stretch is
    what its crews' clock counted, to the minute.
    """
    work = Work(evidence)
    ends = {Kind.BUILDING_STOPPED, Kind.BUILT, *TERMINAL}
    built = evidence.stretches(Kind.BUILDING_BEGAN, ends)
    sites = work.sites
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    total = dict(zip(work.world.entity.tolist(), work.world.build.tolist(), strict=True))
    machines = evidence.stretches(Kind.WAIT_BEGAN, {Kind.WAIT_ENDED}, Cause.EQUIPMENT)
    on_record = {e.project for e in evidence.of({Kind.NTP_ISSUED}) if e.cause == Cause.RECORDED}
    alone, opens = _built_alone(evidence, work), evidence.measure.plan.open_minute
    for row, project in enumerate(sites.project.tolist()):
        start, end, unit = int(sites.start[row]), int(sites.end[row]), int(sites.unit[row])
        credited = sites.end_work[row] - sites.start_work[row] > 1
        if start == end and project in on_record and (credited or start < opens):
            continue  # built on record, by nobody of the pools
        if credited and (start, end) == (alone.get(project, (-1, 0))[0],) * 2:
            if sites.end_work[row] - sites.start_work[row] > alone[project][1] + 1:
                yield Violation(project, start, f"unit {unit} did more alone than its pace allows")
            continue
        if unit < 0 or evidence.attributes.units[evidence.row[project]] == 1:
            found[project].append((start, end))
        if any(a < end and start < b for a, b in machines[project, unit]):
            yield Violation(project, start, f"unit {unit} is at work without its machines")
        mine = work.clock[int(sites.group[row])]
        clock = np.interp([start, end], sites.clock_time[mine], sites.clock_work[mine])
        counted = float(clock[1] - clock[0])
        done = float(sites.end_work[row] - sites.start_work[row])
        # A stretch ends with the minute in which its point was reached; nothing to build is
        # built as it begins.
        as_counted = (
            done - 1e-6 <= counted < done + 1 + 1e-6 if total[project] or unit < 0 else start == end
        )
        if not as_counted:
            text = f"{done:.3f} minutes of work done, the clock counted {counted:.3f}"
            yield Violation(project, start, text)
    for project in sorted(found.keys() | {project for project, _ in built}):
        at_work, said = sorted(found[project]), built[project, 0]
        if at_work != said:
            text = f"at work in {at_work}, events say {said}"
            yield Violation(project, -1, text)
