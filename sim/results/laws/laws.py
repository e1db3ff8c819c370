"""The model's laws, checked on what a replication left behind (docs/model.md, "Laws").

Each check raises ModelError naming the replication and the project. They are plain loops: for
tests and for ``--check``, not for every run.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from sim.events import CAUSES, MONEY_KINDS, TERMINAL, WAITS, Kind, Replication
from sim.results.laws.law_events import Event, broken, events_of, lenders_of
from sim.results.laws.law_of_delays import delays_partition
from sim.results.laws.legal_path import Path
from sim.results.ledger.charging import charge
from sim.results.tables.horizon import Horizon


def check_laws(
    replication: Replication, horizon: Horizon, early_works: frozenset[int] = frozenset()
) -> None:
    """Every law of this module, in the order written below.

    Parameters
    ----------
    replication : Replication
        What the engine left behind.
    horizon : Horizon
        Of the config it ran under.
    early_works : frozenset of int
        Sectors that may build a share before the last permit.

    Raises
    ------
    ModelError
        Naming the replication, the project and what is wrong.
    """
    time_never_decreases(replication)
    paths_are_legal(replication, early_works)
    waits_pair_up(replication)
    calls_add_up(replication)
    commitments_fit_the_envelope(replication, horizon)
    tariffs_need_a_breach(replication, horizon)
    delays_partition(replication, charge(replication))


def time_never_decreases(replication: Replication) -> None:
    """Events and, within a resource or pool, steps are in order of time."""
    log, capacity, market = replication.log, replication.capacity, replication.market
    back = np.flatnonzero(log.time[1:] < log.time[:-1])
    if len(back):
        raise broken(replication, int(log.project[back[0] + 1]), "time goes back in the log")
    for what, series, time, labels in (
        ("capacity", capacity.resource, capacity.time, replication.names.resources),
        ("market", market.pool, market.time, replication.names.pools),
    ):
        order = np.argsort(series, kind="stable")
        same = series[order[1:]] == series[order[:-1]]
        back = np.flatnonzero(same & (time[order[1:]] < time[order[:-1]]))
        if len(back):
            label = labels[series[order[back[0]]]]
            raise broken(replication, -1, f"time goes back in the {what} trace of {label!r}")


def paths_are_legal(replication: Replication, early_works: frozenset[int] = frozenset()) -> None:
    """Law 4: a legal path, nothing after a terminal state, no step twice."""
    attributes = replication.attributes
    sector = dict(zip(attributes.entity.tolist(), attributes.sector.tolist(), strict=True))
    paths = {project: Path(early_works=sector[project] in early_works) for project in sector}
    lender = lenders_of(replication.names)
    for event in events_of(replication):
        if event.project < 0:
            continue
        wrong = paths.setdefault(event.project, Path()).step(
            event.time,
            event.kind,
            lender[event.resource],
            event.cause,
            event.part,
            event.amount,
        )
        if wrong:
            raise broken(replication, event.project, f"{wrong}, at minute {event.time}")


def waits_pair_up(replication: Replication) -> None:
    """Every wait that ended had begun; none is open once its project's path has ended."""
    is_open: set[tuple[int, int, int, int]] = set()
    ended: set[int] = set()
    for event in events_of(replication):
        wait = (event.project, event.cause, event.resource, event.part)
        what = f"wait for {CAUSES[event.cause]} (part {event.part})"
        if event.kind == Kind.WAIT_BEGAN:
            if event.cause not in WAITS:
                raise broken(replication, event.project, f"{what}, which is no cause of waiting")
            if wait in is_open:
                raise broken(replication, event.project, f"{what} began twice")
            is_open.add(wait)
        elif event.kind == Kind.WAIT_ENDED:
            if wait not in is_open:
                raise broken(replication, event.project, f"{what} ended and had not begun")
            is_open.remove(wait)
        elif event.kind in TERMINAL:
            ended.add(event.project)
    for project, cause, _, _ in sorted(is_open):
        if project in ended:
            text = f"wait for {CAUSES[cause]} is open after the end of the path"
            raise broken(replication, project, text)


class _Call:
    """One slice's money: what was called and what has been drawn, by facility."""

    def __init__(self, called: float) -> None:
        self.called = called
        self.drawn: dict[int, float] = defaultdict(float)

    @property
    def unpaid(self) -> float:
        return self.called - sum(self.drawn.values())


def calls_add_up(replication: Replication) -> None:
    """Law 1, money: at every instant called = paid + open + declined + withdrawn.

    No call is drawn beyond its amount or after a decline; a part's drawings make the part, the
    parts the call; late, missed and withdrawn amounts are what was unpaid; a cancelled project
    leaves no call open and returns no more than was drawn; calls stay within the project's
    commitment, but for one that is exactly its overrun (Japan's top-up); units built make it up,
    each energised with the amount it was built with.
    """
    calls: dict[tuple[int, int], _Call] = {}
    lender = lenders_of(replication.names)
    committed: dict[int, float] = {}
    called: dict[int, float] = defaultdict(float)
    built: dict[int, dict[int, float]] = defaultdict(dict)
    cancelled: list[int] = []
    beyond = _overruns(replication)
    for event in events_of(replication):
        if event.kind not in MONEY_KINDS:
            continue
        project, amount = event.project, event.amount
        wrong = "" if amount == round(amount) and amount >= 0 else "is no whole number of cents"
        if event.kind == Kind.SELECTED:
            committed[project] = amount
        elif event.kind == Kind.DECLINED and amount != committed.get(project):
            wrong = f"is not the {committed.get(project, 0):.0f} committed"
        elif event.kind == Kind.CALL_NOTICED:
            calls[project, event.part] = _Call(amount)
            called[project] += amount
            if amount == beyond.get(project):
                called[project] -= beyond.pop(project)  # outside the commitment, once
            if called[project] > committed.get(project, 0):
                wrong = f"brings calls above the {committed.get(project, 0):.0f} committed"
        elif event.kind == Kind.UNIT_BUILT:
            built[project][event.part] = amount
        elif event.kind == Kind.UNIT_ENERGISED and amount != built[project].get(event.part, 0):
            wrong = f"is not the {built[project].get(event.part, 0):.0f} of the unit built"
        elif event.kind == Kind.OPERATING:
            units = sum(built[project].values())
            if not amount == units == committed[project]:
                wrong = f"is not the {committed[project]:.0f} committed or {units:.0f} built"
        elif event.kind == Kind.CANCELLED:
            cancelled.append(project)
            if amount > committed.get(project, 0):
                wrong = f"exceeds the {committed.get(project, 0):.0f} committed"
        elif event.kind == Kind.MONEY_RETURNED:
            lender_drew = sum(
                call.drawn[lender[event.resource]]
                for (owner, _), call in calls.items()
                if owner == project
            )
            if amount > lender_drew:
                wrong = f"exceeds the {lender_drew:.0f} drawn"
        else:
            wrong = wrong or _call_event(calls, event, lender[event.resource])
        if wrong:
            text = f"{event.kind.name} of {amount:.2f} cents (part {event.part}) {wrong}"
            raise broken(replication, project, text)
    for (project, part), call in calls.items():
        if project in cancelled and call.unpaid:
            text = f"call {part} leaves {call.unpaid:.0f} cents open after CANCELLED"
            raise broken(replication, project, text)


def _overruns(replication: Replication) -> dict[int, int]:
    """Cents by which each building costs more than planned, in the project's proportion."""
    attributes = replication.attributes
    over = np.maximum(attributes.cost_ratio - 1, 0.0)
    cents = np.rint(attributes.selected_cents * over).astype(np.int64)
    return dict(zip(attributes.entity.tolist(), cents.tolist(), strict=True))


def _call_event(calls: dict[tuple[int, int], _Call], event: Event, lender: int) -> str:
    call = calls.get((event.project, event.part), _Call(0))
    if event.kind == Kind.PART_DRAWN:
        call.drawn[lender] += event.amount
        return "" if call.unpaid >= 0 else f"exceeds the call of {call.called:.0f}"
    if event.kind == Kind.PART_PAID and event.amount != call.drawn[lender]:
        return f"is not the {call.drawn[lender]:.0f} drawn"
    if event.kind == Kind.CALL_PAID and (event.amount != call.called or call.unpaid):
        return f"is not the {call.called - call.unpaid:.0f} drawn of {call.called:.0f} called"
    if event.kind in (Kind.CALL_LATE, Kind.CALL_MISSED) and event.amount != call.unpaid:
        return f"is not the {call.unpaid:.0f} unpaid"
    if event.kind == Kind.CALL_WITHDRAWN:
        if event.amount != call.unpaid:
            return f"is not the {call.unpaid:.0f} unpaid"
        call.called -= event.amount
    return ""


def commitments_fit_the_envelope(replication: Replication, horizon: Horizon) -> None:
    """Law 1, envelope: selected less declined and released never exceeds it.

    Recorded history may: what it exceeds by is logged against the envelope and allowed for.
    """
    committed, allowed = 0.0, float(horizon.envelope_cents)
    names = replication.names.resources
    envelope = names.index("envelope") if "envelope" in names else -1
    over: Event | None = None  # the selection that went beyond, in this instant
    for event in events_of(replication):
        if over and event.time > over.time:
            break
        if event.kind == Kind.HISTORY_EXCEEDED and event.resource == envelope:
            allowed += event.amount
        elif event.kind in (Kind.DECLINED, Kind.CANCELLED):
            committed -= event.amount
        elif event.kind == Kind.SELECTED:
            committed += event.amount
        over = (over or event) if committed > allowed else None
    if over:
        text = f"commitments of {committed:.0f} cents exceed the envelope of {allowed:.0f}"
        raise broken(replication, over.project, text)


def tariffs_need_a_breach(replication: Replication, horizon: Horizon) -> None:
    """Law 6: raised only with an open breach behind it, relieved once none is left."""
    machine = {
        Kind.TARIFF_COMPLIANT: {Kind.TARIFF_NOTICE_GIVEN},
        Kind.TARIFF_NOTICE_GIVEN: {Kind.TARIFF_CONSULTATION_BEGAN, Kind.TARIFF_COMPLIANT},
        Kind.TARIFF_CONSULTATION_BEGAN: {Kind.TARIFF_RAISED, Kind.TARIFF_COMPLIANT},
        Kind.TARIFF_RAISED: {Kind.TARIFF_RELIEVED},
        Kind.TARIFF_RELIEVED: {Kind.TARIFF_RAISED, Kind.TARIFF_COMPLIANT},
    }
    state = Kind.TARIFF_COMPLIANT
    breaches: set[tuple[int, int]] = set()
    empty_since = 0
    for event in events_of(replication):
        breach = (event.project, event.part)
        if event.kind == Kind.BREACH_OPENED:
            if breach in breaches:
                raise broken(replication, event.project, f"breach {event.part} opened twice")
            breaches.add(breach)
        elif event.kind == Kind.BREACH_CLOSED:
            if breach not in breaches:
                raise broken(replication, event.project, f"breach {event.part} was not open")
            breaches.remove(breach)
            empty_since = event.time
        elif event.kind in machine:
            if event.kind not in machine[state]:
                raise broken(replication, -1, f"{event.kind.name} after {state.name}")
            if event.kind == Kind.TARIFF_RAISED and not breaches:
                raise broken(replication, -1, "TARIFF_RAISED without an open breach")
            _relief_in_time(replication, state, breaches, event.time, empty_since, horizon)
            state = event.kind
    _relief_in_time(replication, state, breaches, horizon.end, empty_since, horizon)


def _relief_in_time(
    replication: Replication,
    state: Kind,
    breaches: set[tuple[int, int]],
    time: int,
    empty_since: int,
    horizon: Horizon,
) -> None:
    overdue = time - empty_since > horizon.relief_minutes
    if state == Kind.TARIFF_RAISED and not breaches and overdue:
        text = f"tariffs stay raised to minute {time}, the last breach closed at {empty_since}"
        raise broken(replication, -1, text)
