"""The dated story of tariffs in one replication: breaches, their ladders, routes and rates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from sim.calendars import Epoch
from sim.config.dated_events import DatedEvent
from sim.config.schema import Config
from sim.errors import DesignError
from sim.events import Cause, Kind
from sim.report.names import STOCKS, called, facility_name, facility_of, project_name, usd_bn
from sim.report.story.happenings import Happening, days_between, of_projects
from sim.report.story.project import dated, folded
from sim.report.story.sentences import in_days, listed, nth, sentence, who
from sim.report.story.telling import Line
from sim.rules.gap import stepped
from sim.study.design.words import plural

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.findings.run_results import RunTables

_LADDER = frozenset(
    {Kind.BREACH_THREATENED, Kind.BREACH_ORDERED, Kind.BREACH_RAISED, Kind.BREACH_LET_PASS,
     Kind.BREACH_CLOSED}
)  # fmt: skip
_ROUTES = {
    Kind.TARIFF_RAISED: "tariffs are raised: {}",
    Kind.ROUTE_ADDED: "another route is in force: {}",
    Kind.ROUTE_DROPPED: "no duty stands any more on: {}",
    Kind.ROUTE_CLOSED: "in law no longer: {}",
    Kind.ROUTE_OPENED: "in law again: {}",
}
_OTHERS = {
    Kind.TARIFF_RELIEVED: "the last duty is down",
    Kind.TARIFF_COMPLIANT: "relief is over: a new breach climbs from the foot of its ladder again",
}
_MOVES_RATES = (Kind.TARIFF_RAISED, Kind.ROUTE_ADDED, Kind.ROUTE_DROPPED, Kind.TARIFF_RELIEVED)
# In one minute: what befalls a route, then breaches, then what all trade is met with.
_PLACE = dict.fromkeys((Kind.DATED_EVENT, Kind.ROUTE_CLOSED, Kind.ROUTE_OPENED), 0) | (
    dict.fromkeys((*_MOVES_RATES, Kind.TARIFF_COMPLIANT), 2)
)
_MOST_NAMED = 5


def tell_tariffs(run: RunTables, replication: int = 0, width: int = 80) -> str:
    """Tell every breach of a replication, what the United States did about it, and the rates.

    Raises
    ------
    DesignError
        If the run has no such replication.
    """
    config, n = run.config, int(run.manifest["replications"])
    if replication >= n:
        raise DesignError(
            f"there is no replication {replication} in this run; accepted: 0 to {n - 1}"
        )
    title = f"{config.name}, replication {replication}: breaches and tariffs"
    header = folded([title, *_rules(config)], width)
    found = of_projects(run.events_of("replication", replication), replication, called(config))
    happened = sorted(
        ((owner, item) for owner, items in found.items() for item in items),
        key=lambda one: (one[1].time, _PLACE.get(one[1].kind, 1)),
    )
    if not any(item.kind is Kind.BREACH_OPENED for _, item in happened):
        return "\n".join([*header, "", *folded(_elsewhere(run, replication), width)])
    telling = _Telling(config, run.projects[run.projects["replication"] == replication])
    lines = [text for line in telling.tell(happened) for text in dated(line, width)]
    return "\n".join([*header, "", *lines, "", *folded(telling.ending(), width)])


def _rules(config: Config) -> list[str]:
    policy = config.policy.enforcement
    if not policy.active:
        return ["Enforcement is off in this config: no breach has an effect."]
    routes = [
        f"{route.label} ({', '.join(f'{name} {100 * rate:g} %' for name, rate in rates)})"
        for route in policy.routes.values()
        if (rates := route.rates.items())
    ]
    least = usd_bn(policy.materiality_usd_bn)
    return [f"Routes: {listed(routes)}; a breach counts from {least} on"]


def _elsewhere(run: RunTables, replication: int) -> list[str]:
    """Which replications do have a breach, those with a raise first."""
    opened = run.events_of("event", Kind.BREACH_OPENED.name.lower())["replication"]
    having = sorted({int(one) for one in opened})
    n = int(run.manifest["replications"])
    if not having:
        return [f"No breach opens in this run of {plural(n, 'replication')}."]
    raised = run.events_of("event", Kind.TARIFF_RAISED.name.lower())["replication"]
    first = sorted({int(one) for one in raised}) or having
    some = ", ".join(str(one) for one in having[:_MOST_NAMED])
    more = " …" if len(having) > _MOST_NAMED else ""
    return [
        f"No breach opens in replication {replication}. One opens in {len(having)} of {n}: {some}"
        f"{more}",
        f"sim explain {run.folder} --tariffs --replication {first[0]}",
    ]


class _Telling:
    """Reads what happened in order, and keeps what is in force."""

    def __init__(self, config: Config, projects: pd.DataFrame) -> None:
        self.config = config
        names = projects["project"].astype(str)
        self.sectors = dict(zip(names, projects["sector"].astype(str), strict=True))
        self.committed = dict(zip(names, projects["commitment_usd_bn"], strict=True))
        self.routes = list(config.policy.enforcement.routes.values())
        self.reviews = [
            (name, number)
            for name, review in config.policy.enforcement.reviews.items()
            for number in range(len(review.held_on))
        ]
        self.lines: list[Line] = []
        self.epoch = Epoch(config.programme.start)
        self.in_force: set[int] = set()
        self.opened: dict[tuple[str, int], int] = {}
        self.last: dict[tuple[str, int], tuple[int, Line]] = {}  # minute and line of the last step
        self.missed: dict[tuple[str, int], Happening] = {}
        self.breaches = 0
        self.passed: Counter[Cause] = Counter()
        self.raised_since, self.raised_days = -1, 0.0

    def tell(self, happened: Sequence[tuple[str, Happening]]) -> list[Line]:
        """Lines of the ladder and of the routes; nothing else that happened."""
        for owner, item in happened:
            if item.kind is Kind.CALL_MISSED:
                self.missed[owner, item.part] = item
            elif item.kind is Kind.BREACH_OPENED:
                self._opened(owner, item)
            elif item.kind in _LADDER:
                self._step(owner, item)
            elif item.kind is Kind.DATED_EVENT:
                event = list(self.config.policy.events.values())[item.part]
                self.lines.append(Line(item.day, f"{event.label} (dated event){_capped(event)}"))
            elif item.kind in _ROUTES or item.kind in _OTHERS:
                self._route(item)
        return self.lines

    def _opened(self, owner: str, item: Happening) -> None:
        self.breaches += 1
        self.opened[owner, item.part] = item.time
        over = f"over {usd_bn(item.amount / 1e9)}"
        if item.cause is Cause.CALL_MISSED and (owner, item.part) in self.missed:
            call = self.missed[owner, item.part]
            waits = call.cause.row.words.format(who=who(call.resource), n=call.part + 1)
            over += (
                f" unpaid of its {nth(item.part + 1)} call ({usd_bn(self.committed[owner])} "
                f"committed in all), most of it waiting for {waits}"
            )
        elif item.cause is Cause.DECLINED:
            over += ": Japan declines to fund"
        elif item.cause is Cause.SIGNING_ENDED:
            over += f": {item.cause.row.words}"
        elif item.cause is Cause.REVIEW_FAILED:
            over += " behind the path"
        name = self._name(owner, item)
        if owner:
            name += f" ({project_name(owner, self.sectors.get(owner, ''), self.config)})"
        self.lines.append(Line(item.day, f"{name}: a breach opens {over}"))
        self.last[owner, item.part] = item.time, self.lines[-1]

    def _step(self, owner: str, item: Happening) -> None:
        key, text = (owner, item.part), sentence(item)
        before, line = self.last[key]
        if item.kind is Kind.BREACH_LET_PASS:
            self.passed[item.cause] += 1
        if before == item.time and item.kind is not Kind.BREACH_CLOSED:
            line.text += f"; {text}"
            return
        if item.kind is Kind.BREACH_CLOSED:
            text += f", open for {in_days(days_between(self.opened.pop(key), item.time))}"
        since = days_between(before, item.time)
        self.lines.append(Line(item.day, f"{self._name(owner, item)}: {text}", since))
        self.last[key] = item.time, self.lines[-1]

    def _route(self, item: Happening) -> None:
        before = self._rates(item.day)
        if item.kind in (Kind.TARIFF_RAISED, Kind.ROUTE_ADDED):
            self.in_force.add(item.part)
        elif item.kind is Kind.ROUTE_DROPPED:
            self.in_force.discard(item.part)
        elif item.kind is Kind.TARIFF_RELIEVED:
            self.in_force.clear()
        if item.kind is Kind.TARIFF_RAISED:
            self.raised_since = item.time
        text = _OTHERS.get(item.kind, "")
        if item.kind in _ROUTES:
            court = " (a court)" if item.cause is Cause.COURT else ""
            text = _ROUTES[item.kind].format(self.routes[item.part].label) + court
        if item.kind in _MOVES_RATES:
            moved = [
                f"{name} {100 * was:g} to {100 * rate:g} %"
                for (name, was), rate in zip(
                    before.items(), self._rates(item.day).values(), strict=True
                )
                if rate != was
            ]
            text += f"; {listed(moved)}" if moved else "; no rate moves"
        since = 0.0
        if item.kind is Kind.TARIFF_RELIEVED:
            since = days_between(self.raised_since, item.time)
            self.raised_days, self.raised_since = self.raised_days + since, -1
        self.lines.append(Line(item.day, text, since))

    def _rates(self, day: date) -> dict[str, float]:
        """Rate of each class: the highest over its baseline and the routes in force."""
        return {
            name: max(
                stepped(sorted(path.items()), day),
                *(self.routes[route].rates.get(name, 0.0) for route in self.in_force),
                0.0,
            )
            for name, path in self.config.policy.enforcement.baseline.items()
        }

    def _name(self, owner: str, item: Happening) -> str:
        if owner:
            return owner
        review, number = self.reviews[item.part]
        label = self.config.policy.enforcement.reviews[review].label
        return f"{label}, {nth(number + 1)} review"

    def ending(self) -> list[str]:
        """What it comes to: why breaches were let pass, what stays open, how long duties stood."""
        end = self.epoch.close_of(self.config.programme.run_out)
        days, still = self.raised_days, self.raised_since >= 0
        if still:
            days += days_between(self.raised_since, end)
        why = "; ".join(f"{n} {cause.row.words}" for cause, n in self.passed.items())
        passed = f"{self.passed.total()} let pass ({why})" if why else "none let pass"
        raised = f"tariffs are raised for {in_days(days)}" if days else "tariffs are never raised"
        raised += ", and still are when the run ends" if still else ""
        count = f"{self.breaches} {'breach' if self.breaches == 1 else 'breaches'}"
        told = [f"In all: {count}, {passed}; {raised}."]
        if self.opened:
            left = [
                f"{owner or 'a review'} since {self.epoch.date_of(since)} "
                f"({in_days(days_between(since, end))})"
                for (owner, _), since in self.opened.items()
            ]
            told.append(f"Never paid, settled or cured, so open when the run ends: {listed(left)}.")
        return told


def _capped(event: DatedEvent) -> str:
    """What a dated event leaves of yearly money."""
    left = [
        f"{facility_name(facility_of(name))} has {usd_bn(most) if most else 'no'} "
        f"{STOCKS[name.removeprefix(facility_of(name))]}"
        for name, most in event.caps_usd_bn.items()
    ]
    return f": from then on {listed(left)} a fiscal year" if left else ""
