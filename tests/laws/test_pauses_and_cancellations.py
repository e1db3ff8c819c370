"""Section 4, hazards: a pause holds work and no more; who is cancelled gives back what it must."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from law_runs import Event, Run, facility_of, lawful, runs
from test_called_money import overruns

from sim.calendars import MINUTES_PER_DAY
from sim.events import TERMINAL, Cause, Kind


def pauses_of(run: Run) -> dict[int, list[tuple[int, int]]]:
    """(minute it began, minute it ended) of every pause of every project, in order."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    since: dict[int, int] = {}
    for event in run.events:
        if event.kind == Kind.PAUSED:
            assert event.part == len(found[event.project])
            since[event.project] = event.time
        elif event.project in since and (event.kind == Kind.RESUMED or event.kind in TERMINAL):
            found[event.project].append((since.pop(event.project), event.time))
    for project, began in since.items():
        found[project].append((began, run.left.end_minute))
    return found


def check_pauses(run: Run) -> None:
    """No notice to proceed and no work while paused; as long as drawn, never on record."""
    pauses = pauses_of(run)
    rows = {entity: row for row, entity in enumerate(run.world.entity.tolist())}
    over = {event.project: event.time for event in run.events if event.kind in TERMINAL}
    for event in run.events:
        if event.kind in (Kind.NTP_ISSUED, Kind.BUILDING_BEGAN):
            assert not any(began < event.time < end for began, end in pauses[event.project])
        elif event.kind in (Kind.PAUSED, Kind.CANCELLED):
            assert event.time >= run.plan.open_minute
    sites = run.left.sites
    for project, start, end in zip(
        sites.project.tolist(), sites.start.tolist(), sites.end.tolist(), strict=True
    ):
        for began, ended in pauses[project]:
            assert end <= began or start >= ended, (project, start, end)
    for project, mine in pauses.items():
        for visit, (began, ended) in enumerate(mine):
            last = min(over.get(project, run.left.end_minute), run.left.end_minute)
            drawn = run.world.pause_length[rows[project], visit].item()
            assert ended == min(began + drawn, last)


@lawful
@given(runs())
def test_a_paused_project_neither_proceeds_nor_builds(run: Run) -> None:
    check_pauses(run)


def whole_days(minutes: int) -> int:
    """Minutes of whole days, rounded up; none below 0."""
    return max(0, -(-minutes // MINUTES_PER_DAY)) * MINUTES_PER_DAY


def check_legal_clocks(run: Run) -> None:
    """Calls are late at the close of their due date, which pauses move if the policy says so."""
    stop = run.config.policy.pauses_stop_clocks
    rows = {entity: row for row, entity in enumerate(run.world.entity.tolist())}
    resumes: dict[int, int] = {}  # when the last pause of a project ends
    closes: dict[tuple[int, int], dict[Kind, int]] = {}  # of open calls, what is still to come
    for event in run.events:
        call = (event.project, event.part)
        if event.kind == Kind.CALL_NOTICED:
            _, due, missed = run.plan.calls.dates(event.time, first=event.part == 0)
            # Noticed in a pause: its clocks begin to run when that is over.
            days = whole_days(resumes.get(event.project, 0) - event.time) if stop else 0
            if event.cause != Cause.RECORDED:
                closes[call] = {Kind.CALL_LATE: due + days, Kind.CALL_MISSED: missed + days}
        elif event.kind == Kind.CALL_PAID:
            closes.pop(call, None)
        elif event.kind in (Kind.CALL_LATE, Kind.CALL_MISSED):
            assert event.time == closes[call].pop(event.kind), event
        elif event.kind == Kind.PAUSED and stop:
            length = run.world.pause_length[rows[event.project], event.part].item()
            resumes[event.project] = event.time + length
            days = whole_days(length)
            for mine in [call for call in closes if call[0] == event.project]:
                closes[mine] = {kind: close + days for kind, close in closes[mine].items()}
        elif event.kind in TERMINAL:
            closes = {call: dates for call, dates in closes.items() if call[0] != event.project}
        for dates in closes.values():
            assert all(close >= event.time for close in dates.values()), event


@lawful
@given(runs())
def test_calls_are_late_when_their_clocks_have_run_down_and_pauses_stop_them_or_not(
    run: Run,
) -> None:
    check_legal_clocks(run)


def check_cancelled(run: Run) -> None:
    """Returned is what was drawn and not spent, to whom it came from; released is what is left."""
    by_project: dict[int, list[Event]] = defaultdict(list)
    for event in run.events:
        by_project[event.project].append(event)
    for events in by_project.values():
        ended = [event for event in events if event.kind == Kind.CANCELLED]
        if ended:
            cancelled_gives_back(run, events, ended[0])
        else:
            assert not any(
                event.kind in (Kind.CALL_WITHDRAWN, Kind.MONEY_RETURNED) for event in events
            )


def cancelled_gives_back(run: Run, events: list[Event], end: Event) -> None:
    policy, sites, lender = run.config.policy.cancelled, run.left.sites, facility_of(run)
    project = end.project
    selected = next(int(event.amount) for event in events if event.kind == Kind.SELECTED)
    drawn: dict[str, int] = defaultdict(int)
    returned: dict[str, int] = defaultdict(int)
    called, breaches = set(), set()
    for event in events:
        if event.kind == Kind.PART_DRAWN:
            drawn[lender[event.resource]] += int(event.amount)
        elif event.kind == Kind.MONEY_RETURNED:
            returned[lender[event.resource]] += int(event.amount)
        elif event.kind == Kind.CALL_NOTICED:
            called.add(event.part)
        elif event.kind in (Kind.CALL_PAID, Kind.CALL_WITHDRAWN):
            called.remove(event.part)
        elif event.kind == Kind.BREACH_OPENED:
            breaches.add(event.part)
        elif event.kind == Kind.BREACH_CLOSED:
            breaches.remove(event.part)
            assert event.cause != Cause.CANCELLED or event.time == end.time
        if event.kind in (Kind.CALL_WITHDRAWN, Kind.MONEY_RETURNED):
            assert event.time == end.time
    assert not called
    assert not breaches
    stretches = sites.project == project
    done = sites.end_progress[stretches].max(initial=0.0)
    topup = round(selected * overruns(run)[project])
    to_spend = selected + (topup if run.config.policy.overrun_paid_by == "japan_topup" else 0)
    unspent = max(0, sum(drawn.values()) - round(done * to_spend))
    wanted = unspent if policy.unspent_money == "returned" else 0
    assert abs(sum(returned.values()) - wanted) <= 1
    assert sum(returned.values()) <= sum(drawn.values())
    for name, cents in returned.items():
        assert 0 < cents <= drawn[name]
        # In proportion to what each has paid, to the cent.
        assert abs(cents * sum(drawn.values()) - wanted * drawn[name]) <= 2 * sum(drawn.values())
    sunk = min(sum(drawn.values()) - sum(returned.values()), selected)
    assert end.amount == (selected - sunk if policy.envelope == "released" else 0)


@lawful
@given(runs())
def test_a_cancelled_project_returns_what_it_has_not_spent_and_releases_what_is_not_sunk(
    run: Run,
) -> None:
    check_cancelled(run)
