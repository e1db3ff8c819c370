"""Law 6: tariffs are raised only with an open breach behind them."""

from __future__ import annotations

from hypothesis import given
from law_runs import Run, instants, lawful, runs

from sim.calendars import minutes_from_days
from sim.events import Kind

TARIFFS: dict[str, dict[Kind, str]] = {
    "compliant": {Kind.TARIFF_NOTICE_GIVEN: "notice"},
    "notice": {
        Kind.TARIFF_CONSULTATION_BEGAN: "consultation",
        Kind.TARIFF_COMPLIANT: "compliant",
    },
    "consultation": {Kind.TARIFF_RAISED: "raised", Kind.TARIFF_COMPLIANT: "compliant"},
    "raised": {Kind.TARIFF_RELIEVED: "relief"},
    "relief": {Kind.TARIFF_RAISED: "raised", Kind.TARIFF_COMPLIANT: "compliant"},
}
# A route of limited duration ends with breaches open; then all starts again.
LIMITED_ROUTE = {"relief": {Kind.TARIFF_NOTICE_GIVEN: "notice"}}


def check_tariffs(run: Run) -> None:
    """Raised only while a breach is open, and no sooner than notice and consultation allow."""
    policy = run.config.policy.enforcement
    delay = minutes_from_days(policy.notice_days)
    delay += minutes_from_days(policy.consultation_days + policy.route.delay_days)
    limited = policy.route.max_duration_days is not None
    state, noticed = "compliant", 0
    breaches: set[tuple[int, int]] = set()
    for time, events in instants(run):
        for event in events:
            if event.kind == Kind.BREACH_OPENED:
                breaches.add((event.project, event.part))
            elif event.kind == Kind.BREACH_CLOSED:
                breaches.remove((event.project, event.part))
            elif event.kind.name.startswith("TARIFF"):
                assert policy.active
                moves = dict(TARIFFS[state])
                if limited and breaches:
                    moves |= LIMITED_ROUTE.get(state, {})
                assert event.kind in moves, (state, event)
                was, state = state, moves[event.kind]
                if state == "notice":
                    noticed = time
                if state == "raised":
                    assert breaches, event
                    assert was == "relief" or time == noticed + delay
                    assert event.amount == max(policy.route.rates.values())
        if state in ("notice", "consultation", "raised"):
            assert breaches, (state, time)
        if state == "compliant" and policy.active:
            assert not breaches, time


@lawful
@given(runs())
def test_tariffs_are_raised_only_with_an_open_breach_behind_them(run: Run) -> None:
    check_tariffs(run)
