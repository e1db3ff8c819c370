"""What is on record happens on its recorded date, and nothing unrecorded before ``as_of``."""

from __future__ import annotations

from collections.abc import Iterator

from sim.events import Cause, Kind
from sim.results.laws.evidence import Evidence, Violation

# What follows by itself from what is on record. A late call, a breach or a duty does not: what
# nobody recorded did not happen.
_CONSEQUENCES = frozenset(
    {
        Kind.ROUTE_CLOSED,
        Kind.ROUTE_OPENED,
        Kind.DATED_EVENT,
        Kind.CAPACITY_CHANGED,
        Kind.CLAIM_TAKEN,
        Kind.DEADLINE_CLOSED,
        Kind.WAIT_BEGAN,
        Kind.WAIT_ENDED,
    }
)
_MILESTONES = {
    "proposed_date": Kind.PROPOSED,
    "recommended_date": Kind.RECOMMENDED,
    "selected_date": Kind.SELECTED,
    "first_paid_date": Kind.CALL_PAID,
    "permits_granted_date": Kind.PERMITS_GRANTED,
    "developed_date": Kind.DEVELOPMENT_ENDED,
    "ntp_date": Kind.NTP_ISSUED,
    "connected_date": Kind.GRID_CONNECTED,
    "ordered_date": Kind.EQUIPMENT_ORDERED,
}
# Of several: which of them the first date is of.
_EACH = {
    "later_paid_dates": (Kind.CALL_PAID, 1),
    "slots_granted_dates": (Kind.SLOT_GRANTED, 0),
    "units_built_dates": (Kind.UNIT_BUILT, 0),
    "units_energised_dates": (Kind.UNIT_ENERGISED, 0),
}


def history_is_kept(evidence: Evidence) -> Iterator[Violation]:
    """Recorded milestones keep their dates; all else is later."""
    config, names = evidence.measure.config, evidence.names.projects
    ignored = config.programme.history == "ignore"
    opens = 0 if ignored else evidence.measure.plan.open_minute
    when: dict[tuple[str, Kind], tuple[int, int]] = {}
    each: dict[tuple[str, Kind, int], tuple[int, int]] = {}
    entity: dict[str, int] = {}
    for event in evidence.events:
        if event.project >= 0:
            name = names[event.project]
            entity[name] = event.project
            when.setdefault((name, event.kind), (event.time, event.cause))
            each.setdefault((name, event.kind, event.part), (event.time, event.cause))
        early = event.time < opens
        if event.cause == Cause.RECORDED and (ignored or not early):
            text = f"{event.kind.name} is recorded, and history ends at minute {opens}"
            yield Violation(event.project, event.time, text)
        elif early and event.cause != Cause.RECORDED and event.kind not in _CONSEQUENCES:
            text = f"{event.kind.name} is not on record, before minute {opens}"
            yield Violation(event.project, event.time, text)
    for project in () if ignored else config.portfolio.projects.values():
        name = project.id
        if (name, Kind.PROPOSED) not in when:
            continue
        milestones = [
            (kind, day, when.get((name, kind)))
            for key, kind in _MILESTONES.items()
            if (day := getattr(project, key)) is not None
        ]
        milestones += [
            (kind, day, each.get((name, kind, part)))
            for key, (kind, first) in _EACH.items()
            for part, day in enumerate(getattr(project, key), start=first)
        ]
        for kind, day, found in milestones:
            if kind == Kind.PROPOSED and day > config.programme.as_of:
                continue
            minute = evidence.measure.plan.epoch.minute_of(day)
            if found != (minute, Cause.RECORDED):
                at = "never" if found is None else f"at minute {found[0]}"
                text = f"{kind.name} {at}, on record at minute {minute}"
                yield Violation(entity[name], minute, text)
