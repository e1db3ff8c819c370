"""A public turns hostile and calms by turns; what it does to yearly money."""

from __future__ import annotations

from collections.abc import Iterator

from sim.events import Kind
from sim.results.laws.evidence import Evidence, Violation
from sim.rules.public import JAPAN, US

TURNED = {Kind.JAPANESE_TURNED: JAPAN, Kind.AMERICANS_TURNED: US}
CALMED = {Kind.JAPANESE_CALMED: JAPAN, Kind.AMERICANS_CALMED: US}
CHANGES = (*TURNED, *CALMED)


def publics_turn_and_calm(evidence: Evidence) -> Iterator[Violation]:
    """By turns, on the first of a month after the record, and only a side the config has."""
    plan, hostile = evidence.measure.plan, set[int]()
    sides = {one.side for one in plan.public}
    months = set(plan.specialists.months[1:])
    for event in evidence.of(set(CHANGES)):
        turns = event.kind in TURNED
        side = (TURNED | CALMED)[event.kind]
        wrong = ""
        if side not in sides:
            wrong = "a public that is off"
        elif turns == (side in hostile):
            wrong = "for the second time"
        elif event.time not in months or event.time < plan.open_minute:
            wrong = "in the middle of a month, or on record"
        if wrong:
            yield Violation(-1, event.time, f"{event.kind.name.lower()}: {wrong}")
        (hostile.add if turns else hostile.discard)(side)


def inflow_shares(evidence: Evidence) -> dict[int, float]:
    """What of its yearly money the plan gets, from each minute on in which a public changes."""
    plan, hostile, found = evidence.measure.plan, set[int](), {0: 1.0}
    for event in evidence.of(set(CHANGES)):
        turns = event.kind in TURNED
        (hostile.add if turns else hostile.discard)((TURNED | CALMED)[event.kind])
        found[event.time] = 1.0
        for one in plan.public:
            found[event.time] *= one.inflow_share if one.side in hostile else 1.0
    return found
