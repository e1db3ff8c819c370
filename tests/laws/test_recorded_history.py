"""Section 4, history: what is on record happens on its date, nothing else before as_of."""

from __future__ import annotations

from hypothesis import given
from law_runs import Run, lawful, runs

from sim.events import Cause, Kind

CONSEQUENCES = {
    Kind.CALL_LATE, Kind.CALL_MISSED, Kind.BREACH_OPENED, Kind.BREACH_CLOSED,
    Kind.TARIFF_NOTICE_GIVEN, Kind.TARIFF_CONSULTATION_BEGAN, Kind.TARIFF_RAISED,
    Kind.TARIFF_RELIEVED, Kind.TARIFF_COMPLIANT,
}  # fmt: skip
NOT_OF_A_PROJECT = {Kind.CAPACITY_CHANGED, Kind.DEADLINE_CLOSED}
WAITED = {Kind.WAIT_BEGAN, Kind.WAIT_ENDED}
MILESTONES = {
    "proposed_date": Kind.PROPOSED,
    "recommended_date": Kind.RECOMMENDED,
    "selected_date": Kind.SELECTED,
    "first_paid_date": Kind.CALL_PAID,
    "permits_granted_date": Kind.PERMITS_GRANTED,
}


def check_record(run: Run) -> None:
    config, names = run.config, run.left.names.projects
    if config.programme.history == "ignore":
        assert not any(event.cause == Cause.RECORDED for event in run.events)
        return
    when = {(names[e.project], e.kind): (e.time, e.cause) for e in reversed(run.events)
            if e.project >= 0}  # fmt: skip
    for project in config.portfolio.projects.values():
        for key, kind in MILESTONES.items():
            day = getattr(project, key)
            if day is None or (project.id, Kind.PROPOSED) not in when:
                continue
            if key == "proposed_date" and day > config.programme.as_of:
                continue
            minute = run.plan.epoch.minute_of(day)
            assert when.get((project.id, kind)) == (minute, Cause.RECORDED), (project.id, key)
    for event in run.events:
        if event.time < run.plan.open_minute and event.cause != Cause.RECORDED:
            assert event.kind in CONSEQUENCES | NOT_OF_A_PROJECT | WAITED, event
        assert event.time < run.plan.open_minute or event.cause != Cause.RECORDED, event


@lawful
@given(runs())
def test_recorded_milestones_keep_their_dates_and_nothing_unrecorded_precedes_as_of(
    run: Run,
) -> None:
    check_record(run)
