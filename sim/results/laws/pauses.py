"""A pause holds work and no more; calls are late when their clocks have run down."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator

from sim.calendars import MINUTES_PER_DAY
from sim.events import TERMINAL, Cause, Kind
from sim.results.laws.evidence import Evidence, Violation

_WORK = frozenset({Kind.NTP_ISSUED, Kind.BUILDING_BEGAN})
OF_PAUSES = frozenset({Kind.PAUSED, Kind.RESUMED, Kind.CANCELLED, *_WORK, *TERMINAL})
OF_CLOCKS = frozenset(
    {Kind.CALL_NOTICED, Kind.CALL_PAID, Kind.CALL_WITHDRAWN, Kind.CALL_LATE, Kind.CALL_MISSED}
)


def pauses_of(evidence: Evidence) -> dict[int, list[tuple[int, int]]]:
    """(minute it began, minute it ended) of every pause of every project, in order."""
    found = evidence.stretches(Kind.PAUSED, {Kind.RESUMED, *TERMINAL})
    return defaultdict(list, {project: mine for (project, _), mine in found.items()})


def pauses_hold_work(evidence: Evidence) -> Iterator[Violation]:
    """No notice to proceed and no work while paused; pauses are counted and never on record.

    With the site's stretches none overlaps a pause; with the world each is as long as drawn.
    """
    pauses, visits = pauses_of(evidence), dict.fromkeys(evidence.row, 0)
    over: dict[int, int] = {}
    end, opens = evidence.end, 0
    if evidence.measure.config.programme.history != "ignore":
        opens = evidence.measure.plan.open_minute
    for event in evidence.of(OF_PAUSES):
        project, time = event.project, event.time
        if event.kind in TERMINAL:
            over[project] = time
        if event.kind in _WORK and any(a < time < b for a, b in pauses.get(project, ())):
            yield Violation(project, time, f"{event.kind.name} during a pause")
        elif event.kind in (Kind.PAUSED, Kind.CANCELLED) and time < opens:
            yield Violation(project, time, f"{event.kind.name} before history ends")
        if event.kind == Kind.PAUSED:
            if event.part != visits[project]:
                text = f"PAUSED for visit {event.part}, after {visits[project]} pauses"
                yield Violation(project, time, text)
            visits[project] += 1
    if evidence.sites is not None:
        sites = evidence.sites
        for project, start, stop in zip(
            sites.project.tolist(), sites.start.tolist(), sites.end.tolist(), strict=True
        ):
            if any(stop > began and start < ended for began, ended in pauses.get(project, ())):
                yield Violation(project, start, "the site is at work during a pause")
    world = evidence.world
    for project, mine in pauses.items() if world is not None else ():
        for visit, (began, ended) in enumerate(mine):
            assert world is not None
            drawn = world.pause_length[evidence.row[project], visit].item()
            if ended != min(began + drawn, over.get(project, end), end):
                text = f"a pause of {ended - began} minutes, drawn were {drawn}"
                yield Violation(project, began, text)


def _whole_days(minutes: int) -> int:
    """Minutes of whole days, rounded up; none below 0."""
    return max(0, -(-minutes // MINUTES_PER_DAY)) * MINUTES_PER_DAY


def calls_are_late_on_their_day(evidence: Evidence) -> Iterator[Violation]:
    """Late at the close of the due date, missed when the cure period closes, not a day off.

    Pauses move both if the policy says so; a call noticed in a pause counts from its end.
    """
    plan = evidence.measure.plan
    stop = evidence.measure.config.policy.pauses_stop_clocks
    pauses = pauses_of(evidence) if stop else {}
    closes: dict[int, dict[int, dict[Kind, int]]] = defaultdict(dict)  # what is still to come
    for event in evidence.of({*OF_CLOCKS, Kind.PAUSED, *TERMINAL}):
        project, time, mine = event.project, event.time, closes[event.project]
        if event.kind == Kind.CALL_NOTICED:
            _, due, missed = plan.calls.dates(time, first=event.part == 0)
            # Noticed in a pause: its clocks begin to run when that is over.
            days = _whole_days(_resumes(pauses.get(project, ()), time) - time)
            if event.cause != Cause.RECORDED:
                mine[event.part] = {Kind.CALL_LATE: due + days, Kind.CALL_MISSED: missed + days}
        elif event.kind in (Kind.CALL_LATE, Kind.CALL_MISSED):
            expected = mine.get(event.part, {}).pop(event.kind, None)
            if expected != time:
                text = f"{event.kind.name} of call {event.part}, due at minute {expected}"
                yield Violation(project, time, text)
        elif event.kind == Kind.PAUSED and stop:
            days = _whole_days(_resumes(pauses[project], time) - time)
            for part, dates in mine.items():
                mine[part] = {kind: close + days for kind, close in dates.items()}
        elif event.kind in (Kind.CALL_PAID, Kind.CALL_WITHDRAWN):
            yield from _overdue(project, time, {event.part: mine.pop(event.part, {})})
        elif event.kind in TERMINAL:
            yield from _overdue(project, time, closes.pop(project))
    for project, mine in closes.items():
        yield from _overdue(project, evidence.end, mine)


def _resumes(pauses: object, time: int) -> int:
    """When the pause in force at a minute ends; 0 without one."""
    assert isinstance(pauses, list | tuple)
    place = bisect_right(pauses, (time, float("inf"))) - 1
    return int(pauses[place][1]) if place >= 0 and pauses[place][1] > time else 0


def _overdue(project: int, time: int, calls: dict[int, dict[Kind, int]]) -> Iterator[Violation]:
    """Calls that should have been late or missed before this minute."""
    for part, dates in calls.items():
        for kind, close in dates.items():
            if close < time:
                text = f"call {part} is unpaid and not {kind.name} at its close"
                yield Violation(project, close, text)
