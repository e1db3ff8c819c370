"""Laws 6 and 11: a duty has a breach behind it that is open, material, acted on and ordered."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from sim.calendars import minutes_from_days
from sim.config.policy import Enforcement
from sim.events import CENTS_PER_USD_BN, Kind
from sim.results.laws.evidence import Event, Evidence, Violation

_TARIFFS: dict[Kind, frozenset[Kind]] = {  # what the step before may have been
    Kind.TARIFF_RAISED: frozenset({Kind.TARIFF_COMPLIANT, Kind.TARIFF_RELIEVED}),
    Kind.TARIFF_RELIEVED: frozenset({Kind.TARIFF_RAISED}),
    Kind.TARIFF_COMPLIANT: frozenset({Kind.TARIFF_RELIEVED}),
}
_BREACHES = (
    Kind.BREACH_OPENED, Kind.BREACH_CLOSED, Kind.BREACH_THREATENED, Kind.BREACH_ORDERED,
    Kind.BREACH_RAISED, Kind.BREACH_LET_PASS,
)  # fmt: skip
BREACHES_AND_TARIFFS = frozenset({*_BREACHES, *_TARIFFS})


class _Ladders:
    """Last step of every open breach, and of the programme."""

    def __init__(self, policy: Enforcement) -> None:
        self.policy = policy
        self.least = round(policy.materiality_usd_bn * CENTS_PER_USD_BN)
        self.relief = minutes_from_days(policy.relief_days)
        self.steps: dict[tuple[int, int], Kind] = {}
        self.unpaid: dict[tuple[int, int], float] = {}
        self.tariff, self.since = Kind.TARIFF_COMPLIANT, 0

    @property
    def raised(self) -> bool:
        return Kind.BREACH_RAISED in self.steps.values()

    def breach(self, event: Event) -> str:
        """Take a step of a breach; what is wrong with it, or nothing."""
        key, kind = (event.project, event.part), event.kind
        before = self.steps.get(key)
        if kind == Kind.BREACH_OPENED:
            self.steps[key], self.unpaid[key] = kind, event.amount
            return f"breach {event.part} opened twice" if before is not None else ""
        if before is None:
            return f"breach {event.part} was not open"
        if kind == Kind.BREACH_CLOSED:
            del self.steps[key]
            return ""
        self.steps[key] = kind
        raised_at_once = kind == Kind.BREACH_RAISED and before == Kind.BREACH_OPENED
        if raised_at_once and self.tariff != Kind.TARIFF_RELIEVED:
            return f"breach {event.part} raised at once, not in relief"
        acted_on = kind != Kind.BREACH_LET_PASS
        if acted_on and self.unpaid[key] < self.least:
            return f"{kind.name} over {self.unpaid[key]:g} cents, below materiality"
        return ""

    def programme(self, event: Event) -> str:
        """Take a step of the programme; what is wrong with it, or nothing."""
        kind, before, since = event.kind, self.tariff, self.since
        self.tariff, self.since = Kind(kind), event.time
        if before not in _TARIFFS[Kind(kind)]:
            return f"{kind.name} after {before.name}"
        if kind == Kind.TARIFF_COMPLIANT and event.time != since + self.relief:
            return f"relief of {event.time - since} minutes, not {self.relief}"
        rate = max(self.policy.route.rates.values(), default=0.0)
        if kind == Kind.TARIFF_RAISED and event.amount != rate:
            return f"TARIFF_RAISED to {event.amount:g}, not {rate:g}"
        return ""


def tariffs_need_a_breach(evidence: Evidence) -> Iterator[Violation]:
    """Tariffs are raised exactly while a breach is at the top of its ladder.

    No step over less than the materiality, nothing but openings and closings where enforcement
    is off, relief as long as the config says, the route's highest rate.
    """
    policy = evidence.measure.config.policy.enforcement
    ladders = _Ladders(policy)
    events = evidence.of(BREACHES_AND_TARIFFS)
    for time, together in groupby(events, key=lambda event: event.time):
        for event in together:
            opens_or_closes = event.kind in (Kind.BREACH_OPENED, Kind.BREACH_CLOSED)
            if not policy.active and not opens_or_closes:
                yield Violation(event.project, time, f"{event.kind.name} without enforcement")
            taken = ladders.programme if event.kind in _TARIFFS else ladders.breach
            wrong = taken(event)
            if wrong:
                yield Violation(event.project, time, wrong)
        if (ladders.tariff == Kind.TARIFF_RAISED) != ladders.raised:
            text = "stands without" if not ladders.raised else "is missing behind"
            yield Violation(-1, time, f"TARIFF_RAISED {text} a breach at the top of its ladder")
        if policy.active:
            yield from (
                Violation(project, time, f"breach {part} is open and nobody has looked at it")
                for (project, part), kind in ladders.steps.items()
                if kind == Kind.BREACH_OPENED
            )
