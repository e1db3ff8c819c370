"""Laws 6 and 11: a duty has a breach behind it that is open, material, acted on and ordered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from sim.calendars import minutes_from_days
from sim.config.enforcement import Enforcement, Route
from sim.events import CENTS_PER_USD_BN, Kind
from sim.results.laws.evidence import Event, Evidence, Violation

_TARIFFS: dict[Kind, frozenset[Kind]] = {  # what the step before may have been
    Kind.TARIFF_RAISED: frozenset({Kind.TARIFF_COMPLIANT, Kind.TARIFF_RELIEVED}),
    Kind.TARIFF_RELIEVED: frozenset({Kind.TARIFF_RAISED}),
    Kind.TARIFF_COMPLIANT: frozenset({Kind.TARIFF_RELIEVED}),
}
ROUTE_BEGINS = frozenset({Kind.TARIFF_RAISED, Kind.ROUTE_ADDED})
_ROUTES = frozenset({Kind.ROUTE_ADDED, Kind.ROUTE_DROPPED, Kind.ROUTE_CLOSED, Kind.ROUTE_OPENED})
_BREACHES = (
    Kind.BREACH_OPENED, Kind.BREACH_CLOSED, Kind.BREACH_THREATENED, Kind.BREACH_ORDERED,
    Kind.BREACH_RAISED, Kind.BREACH_LET_PASS,
)  # fmt: skip
BREACHES_AND_TARIFFS = frozenset({*_BREACHES, *_TARIFFS, *_ROUTES})

_NEAR = 1e-9  # bn
_WITHOUT = (Kind.BREACH_OPENED, Kind.BREACH_CLOSED, Kind.ROUTE_CLOSED, Kind.ROUTE_OPENED)


def _lawful(route: Route, start: date) -> bool:
    """Whether a route is in law on the first day."""
    since = [day for day in route.in_law if day <= start]
    return not since or route.in_law[max(since)]


class _Ladders:
    """Last step of every open breach, and of the programme."""

    def __init__(self, policy: Enforcement, start: date) -> None:
        self.policy = policy
        self.least = round(policy.materiality_usd_bn * CENTS_PER_USD_BN)
        self.relief = minutes_from_days(policy.relief_days)
        self.steps: dict[tuple[int, int], Kind] = {}
        self.unpaid: dict[tuple[int, int], float] = {}
        self.tariff, self.since = Kind.TARIFF_COMPLIANT, 0
        self.standing: set[int] = set()  # routes in force
        self.lawless: set[int] = {  # routes not in law
            number
            for number, route in enumerate(policy.routes.values())
            if not _lawful(route, start)
        }

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
        wrong = self._route(event)
        if wrong or kind in _ROUTES:
            return wrong
        self.tariff, self.since = Kind(kind), event.time
        if before not in _TARIFFS[Kind(kind)]:
            return f"{kind.name} after {before.name}"
        if kind == Kind.TARIFF_COMPLIANT and event.time != since + self.relief:
            return f"relief of {event.time - since} minutes, not {self.relief}"
        return ""

    def _route(self, event: Event) -> str:
        """Take a step of a route; what is wrong with it, or nothing."""
        kind, route, stood = event.kind, event.part, event.part in self.standing
        if kind in ROUTE_BEGINS:
            rates = list(self.policy.routes.values())[route].rates
            rate = max(rates.values(), default=0.0)
            self.standing.add(route)
            if stood or route in self.lawless:
                return f"{kind.name} by route {route}, {'in force' if stood else 'not in law'}"
            if event.amount != rate:
                return f"{kind.name} to {event.amount:g}, not {rate:g}"
        elif kind == Kind.ROUTE_DROPPED:
            self.standing.discard(route)
            if not stood or not self.standing:
                return f"ROUTE_DROPPED of route {route}, {'the last' if stood else 'not in force'}"
        elif kind in (Kind.ROUTE_CLOSED, Kind.ROUTE_OPENED):
            (self.lawless.add if kind == Kind.ROUTE_CLOSED else self.lawless.discard)(route)
        elif kind == Kind.TARIFF_RELIEVED:
            self.standing.clear()
        return ""


def duties_need_a_route(evidence: Evidence) -> Iterator[Violation]:
    """Duties are those of the baseline in every year in which no route was in force.

    In a year with one, no more is sold than at the baseline's rates.
    """
    table, horizon = evidence.tables["duties"], evidence.measure.horizon
    if horizon.market is None:
        return
    years: set[int] = set()
    since: int | None = None
    for event in evidence.of({Kind.TARIFF_RAISED, Kind.TARIFF_RELIEVED}):
        day = horizon.epoch.date_of(event.time).year
        if event.kind == Kind.TARIFF_RELIEVED:
            years |= set(range(day if since is None else since, day + 1))
        since = day if event.kind == Kind.TARIFF_RAISED else None
    if since is not None:
        years |= set(range(since, 3000))
    for row, year in enumerate(table["year"].tolist()):
        for what in ("exports", "duties"):
            now = float(table[f"{what}_usd_bn"][row])
            deal = float(table[f"{what}_baseline_usd_bn"][row])
            if abs(now - deal) > _NEAR and (
                year not in years or (what == "exports" and now > deal)
            ):
                text = f"{what} of {now:g} bn in {year}, {deal:g} at the baseline, by no route"
                yield Violation(-1, -1, text)


def tariffs_need_a_breach(evidence: Evidence) -> Iterator[Violation]:
    """Tariffs are raised exactly while a breach is at the top of its ladder.

    No step over less than the materiality, nothing but openings and closings where enforcement
    is off, relief as long as the config says, the route's highest rate.
    """
    policy = evidence.measure.config.policy.enforcement
    ladders = _Ladders(policy, evidence.measure.config.programme.start)
    events = evidence.of(BREACHES_AND_TARIFFS)
    for time, together in groupby(events, key=lambda event: event.time):
        for event in together:
            if not policy.active and event.kind not in _WITHOUT:
                yield Violation(event.project, time, f"{event.kind.name} without enforcement")
            taken = ladders.breach if event.kind in _BREACHES else ladders.programme
            wrong = taken(event)
            if wrong:
                yield Violation(event.project, time, wrong)
        if ladders.standing & ladders.lawless:
            yield Violation(-1, time, "a duty stands by a route that is not in law")
        if (ladders.tariff == Kind.TARIFF_RAISED) != ladders.raised:
            text = "stands without" if not ladders.raised else "is missing behind"
            yield Violation(-1, time, f"TARIFF_RAISED {text} a breach at the top of its ladder")
        if policy.active:
            yield from (
                Violation(project, time, f"breach {part} is open and nobody has looked at it")
                for (project, part), kind in ladders.steps.items()
                if kind == Kind.BREACH_OPENED
            )
