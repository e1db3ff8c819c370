"""Law 6: tariffs are raised only with an open breach behind them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from sim.calendars import minutes_from_days
from sim.events import Kind
from sim.results.laws.evidence import Evidence, Violation

_MACHINE: dict[Kind, frozenset[Kind]] = {
    Kind.TARIFF_COMPLIANT: frozenset({Kind.TARIFF_NOTICE_GIVEN}),
    Kind.TARIFF_NOTICE_GIVEN: frozenset({Kind.TARIFF_CONSULTATION_BEGAN, Kind.TARIFF_COMPLIANT}),
    Kind.TARIFF_CONSULTATION_BEGAN: frozenset({Kind.TARIFF_RAISED, Kind.TARIFF_COMPLIANT}),
    Kind.TARIFF_RAISED: frozenset({Kind.TARIFF_RELIEVED}),
    Kind.TARIFF_RELIEVED: frozenset({Kind.TARIFF_RAISED, Kind.TARIFF_COMPLIANT}),
}
_BREACH = (Kind.BREACH_OPENED, Kind.BREACH_CLOSED)
BREACHES_AND_TARIFFS = frozenset({*_MACHINE, *_BREACH})


def tariffs_need_a_breach(evidence: Evidence) -> Iterator[Violation]:
    """Notice, consultation and raised tariffs have an open breach behind them at every instant.

    They come no sooner than notice and consultation allow, at the route's highest rate, and end
    with the last breach; while one is open the machine does not rest.
    """
    policy = evidence.measure.config.policy.enforcement
    delay = minutes_from_days(policy.notice_days)
    delay += minutes_from_days(policy.consultation_days + policy.route.delay_days)
    limited = policy.route.max_duration_days is not None
    state, noticed = Kind.TARIFF_COMPLIANT, 0
    breaches: set[tuple[int, int]] = set()
    events = evidence.of(BREACHES_AND_TARIFFS)
    for time, together in groupby(events, key=lambda event: event.time):
        for event in together:
            kind, breach = event.kind, (event.project, event.part)
            if kind in _BREACH:
                if (breach in breaches) == (kind == Kind.BREACH_OPENED):
                    was = "opened twice" if breach in breaches else "was not open"
                    yield Violation(event.project, time, f"breach {event.part} {was}")
                (breaches.add if kind == Kind.BREACH_OPENED else breaches.discard)(breach)
                continue
            # A route of limited duration ends with breaches open; then all starts again.
            again = limited and breaches and (state, kind) == (
                Kind.TARIFF_RELIEVED, Kind.TARIFF_NOTICE_GIVEN
            )  # fmt: skip
            if not policy.active or (kind not in _MACHINE[state] and not again):
                yield Violation(-1, time, f"{kind.name} after {state.name}")
            if kind == Kind.TARIFF_RAISED:
                if not breaches:
                    yield Violation(-1, time, "TARIFF_RAISED without an open breach")
                elif state != Kind.TARIFF_RELIEVED and time != noticed + delay:
                    text = f"TARIFF_RAISED {time - noticed} minutes after notice, not {delay}"
                    yield Violation(-1, time, text)
                rate = max(policy.route.rates.values())
                if event.amount != rate:
                    yield Violation(-1, time, f"TARIFF_RAISED to {event.amount:g}, not {rate:g}")
            noticed = time if kind == Kind.TARIFF_NOTICE_GIVEN else noticed
            state = kind
        rests = state in (Kind.TARIFF_COMPLIANT, Kind.TARIFF_RELIEVED)
        if not rests and not breaches:
            yield Violation(-1, time, f"{state.name} stands without an open breach")
        if state == Kind.TARIFF_COMPLIANT and policy.active and breaches:
            project = min(breaches)[0]
            yield Violation(project, time, "a breach is open and no notice was given")
