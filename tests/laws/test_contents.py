"""What the law tests were tried on, counted."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
from hypothesis import given, settings
from support.generated_configs import LAWFUL, MOST_PROJECTS
from support.law_runs import Event, Run, runs

from sim.events import Cause, Kind

CONTENTS: tuple[str, ...] = (
    "late call", "missed call", "litigation", "shortage", "tie", "revision", "rejection", "decline",
    "money waited for a later year", "scaled down", "passed over", "deferred", "recorded milestone",
    "cash-starved site", "tariffs raised", "capacity shrunk below use", "lapse", "operation",
    "several calls of one project", "no money waited for", "pipeline",
    "pause before the notice to proceed", "pause on site", "pause outlasted by another stop",
    "cancellation", "cancellation on site", "withdrawn call", "breach of a withdrawn call",
    "money returned", "part of the money returned", "envelope released", "site without machines",
    "wait for a slot", "slots of another year", "wait for the connection", "wait for megawatts",
    "plant that supplies", "wait for a crew", "part of a crew", "crew lost to a better rank",
    "early works that stopped", "early works done in time", "top-up call", "paid top-up call",
    "reserved slots", "regional pool", "review failed", "review cured", "second route",
    "mothballed", "finished by partners", "slots ahead of money", "project on two sites",
    "given up unsigned", "unit on record", "share handed on",
)  # fmt: skip


def contents(run: Run) -> set[str]:
    """Which of `CONTENTS` happened in a run."""
    told: dict[Kind, str] = {
        Kind.CALL_LATE: "late call",
        Kind.CALL_MISSED: "missed call",
        Kind.LITIGATION_BEGAN: "litigation",
        Kind.REVISION_BEGAN: "revision",
        Kind.REJECTED: "rejection",
        Kind.DECLINED: "decline",
        Kind.PASSED_OVER: "passed over",
        Kind.DEFERRED: "deferred",
        Kind.CANCELLED: "cancellation",
        Kind.CALL_WITHDRAWN: "withdrawn call",
        Kind.MONEY_RETURNED: "money returned",
        Kind.TARIFF_RAISED: "tariffs raised",
        Kind.LAPSED: "lapse",
        Kind.EQUIPMENT_RESERVED: "slots ahead of money",
        Kind.OPERATING: "operation",
        Kind.SHARE_HANDED_ON: "share handed on",
    }
    caused = {
        (Kind.BREACH_OPENED, Cause.REVIEW_FAILED): "review failed",
        (Kind.BREACH_CLOSED, Cause.CURED): "review cured",
        (Kind.ROUTE_ADDED, Cause.NONE): "second route",
        (Kind.CALLS_STOPPED, Cause.NONE): "mothballed",
        (Kind.CANCELLED, Cause.SIGNING_ENDED): "given up unsigned",
        (Kind.CALLS_STOPPED, Cause.PARTNERS_FINISH): "finished by partners",
    }
    found = {told[event.kind] for event in run.events if event.kind in told}
    happened = {(event.kind, event.cause) for event in run.events}
    found |= {words for (kind, cause), words in caused.items() if (kind, cause) in happened}
    sites = {e.project for e in run.events if e.kind == Kind.SELECTED}
    if any(run.left.names.projects[project].endswith("-B") for project in sites):
        found.add("project on two sites")
    left, attributes = run.left, run.left.attributes
    if np.any(left.market.granted < left.market.wanted * (1 - 1e-9)):
        found.add("shortage")
    if _tied(run):
        found.add("tie")
    money = {run.resource(f"{name}_{what}") for name in run.facilities
             for what in ("cash", "commitments")}  # fmt: skip
    waited = [e for e in run.events if e.kind == Kind.WAIT_BEGAN and e.resource in money]
    queued = any(e.cause != Cause.FUNDING_WINDOW for e in waited)
    found.add("money waited for a later year" if queued else "no money waited for")
    selected = attributes.selected_cents
    if np.any((selected > 0) & (selected < attributes.commitment_cents)):
        found.add("scaled down")
    if any(e.cause == Cause.RECORDED and e.kind != Kind.PROPOSED for e in run.events):
        found.add("recorded milestone")
    stands = {Kind.UNIT_BUILT, Kind.UNIT_ENERGISED}
    if any(event.kind in stands and event.cause == Cause.RECORDED for event in run.events):
        found.add("unit on record")
    if np.any((left.capacity.in_use > left.capacity.capacity) & _servers(run)):
        found.add("capacity shrunk below use")
    if any(e.kind == Kind.CALL_NOTICED and e.part > 0 for e in run.events):
        found.add("several calls of one project")
    if not np.all(attributes.named):
        found.add("pipeline")
    return found | _waits_and_stops(run) | _hazards(run) | _sharing(run)


def _waits_and_stops(run: Run) -> set[str]:
    stops = {
        Cause.CASH_STARVED: "cash-starved site",
        Cause.EQUIPMENT: "site without machines",
        Cause.PERMITS: "early works that stopped",
        Cause.PAUSED: "pause on site",
    }
    waits = {
        Cause.EQUIPMENT_SLOT: "wait for a slot",
        Cause.GRID_CONNECTION: "wait for the connection",
        Cause.POWER: "wait for megawatts",
        Cause.CREWS_WAITED: "wait for a crew",
        Cause.PAUSED: "pause before the notice to proceed",
    }
    slices = len(run.config.policy.calls.slices)
    found = set()
    began: set[int] = set()
    stopped: dict[int, int] = {}
    for event in run.events:
        if event.kind == Kind.BUILDING_STOPPED:
            found.add(stops[Cause(event.cause)])
            stopped[event.project] = event.cause
        if event.kind == Kind.BUILDING_BEGAN:
            began.add(event.project)
        if event.kind == Kind.PERMITS_GRANTED and event.project in began:
            waited = stopped.get(event.project) == Cause.PERMITS
            found |= set() if waited else {"early works done in time"}
        if event.kind == Kind.WAIT_BEGAN and event.cause in waits:
            held = event.cause == Cause.PAUSED and event.project in began
            found.add("pause outlasted by another stop" if held else waits[Cause(event.cause)])
        if event.kind in (Kind.CALL_NOTICED, Kind.CALL_PAID) and event.part == slices:
            found.add("top-up call" if event.kind == Kind.CALL_NOTICED else "paid top-up call")
        if event.kind == Kind.CANCELLED and event.project in began:
            found.add("cancellation on site")
        if event.kind == Kind.CANCELLED and event.amount:
            found.add("envelope released")
    return found


def _hazards(run: Run) -> set[str]:
    found = set()
    drawn: dict[int, float] = defaultdict(float)
    returned: dict[int, float] = defaultdict(float)
    for event in run.events:
        if event.kind == Kind.BREACH_CLOSED and event.cause == Cause.CANCELLED:
            found.add("breach of a withdrawn call")
        drawn[event.project] += event.amount if event.kind == Kind.PART_DRAWN else 0
        returned[event.project] += event.amount if event.kind == Kind.MONEY_RETURNED else 0
    if any(0 < cents < drawn[project] for project, cents in returned.items()):
        found.add("part of the money returned")
    return found


def _sharing(run: Run) -> set[str]:
    """Slots, megawatts and crews."""
    found = set()
    world, market = run.world, run.left.market
    apart = run.config.policy.staffing != "fair_share"
    energised = {event.project for event in run.events if event.kind == Kind.UNIT_ENERGISED}
    if energised & set(world.entity[world.megawatts < 0].tolist()):
        found.add("plant that supplies")
    ordered: dict[tuple[int, int], int] = {}
    year = 365 * 1440
    for event in run.events:
        if event.kind in (Kind.EQUIPMENT_ORDERED, Kind.EQUIPMENT_RESERVED):
            ordered[event.project, event.resource] = event.time
        elif event.kind == Kind.SLOT_GRANTED:
            waited = event.time - ordered[event.project, event.resource]
            found |= {"slots of another year"} if waited > year / 4 else set()
            name = run.left.names.projects[event.project]
            kind = run.left.names.resources[event.resource].removeprefix("equipment_")
            if name in run.config.capacity.equipment[kind].reserved:
                found.add("reserved slots")
    pools = run.left.names.pools
    if "texas" in pools and np.any(market.wanted[market.pool == pools.index("texas")] > 0):
        found.add("regional pool")
    if apart:
        clocks = run.left.sites
        for group in set(clocks.group.tolist()):
            mine = np.flatnonzero(clocks.clock_group == group)
            time, work = clocks.clock_time[mine], clocks.clock_work[mine]
            steps = np.diff(time) > 0
            rates = np.diff(work)[steps] / np.diff(time)[steps]
            found |= {"part of a crew"} if np.any((rates > 1e-6) & (rates < 1 - 1e-6)) else set()
        crewed = run.config.policy.staffing == "priority"
        worked: set[int] = set()
        for event in run.events if crewed else ():
            if event.kind == Kind.BUILDING_BEGAN:
                worked.add(event.project)
            begins = event.kind == Kind.WAIT_BEGAN and event.cause == Cause.CREWS_WAITED
            if begins and event.project in worked and _at_work_before(run, event):
                found.add("crew lost to a better rank")
    return found


def _at_work_before(run: Run, wait: Event) -> bool:
    """The site had been at work, and got on, before the minute in which it lost its crew."""
    sites = run.left.sites
    mine = (sites.project == wait.project) & (sites.start < wait.time) & (sites.end >= wait.time)
    for group in set(sites.group[mine].tolist()):
        clock = np.flatnonzero(sites.clock_group == group)
        ends = [wait.time - 1, wait.time]
        work = np.interp(ends, sites.clock_time[clock], sites.clock_work[clock])
        if work[1] > work[0]:
            return True
    return False


def _servers(run: Run) -> np.ndarray:
    units = np.array([unit == "servers" for unit in run.left.names.resource_units])
    return units[run.left.capacity.resource]


def _tied(run: Run) -> bool:
    """Two projects ask, in one minute, for the same limited resource."""
    asked: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    trace = run.left.capacity
    unlimited = {resource for resource in set(trace.resource.tolist())
                 if np.all(np.isinf(trace.capacity[trace.resource == resource]))}  # fmt: skip
    wanting = {Kind.WAIT_BEGAN, Kind.SCREENING_BEGAN, Kind.APPRAISAL_BEGAN, Kind.PART_DRAWN,
               Kind.FUNDS_COMMITTED}  # fmt: skip
    for event in run.events:
        if event.kind in wanting and event.resource >= 0 and event.resource not in unlimited:
            # A wait and a grant of one minute answer requests of one class.
            asked[event.time, event.resource, event.part].add(event.project)
    return any(len(projects) > 1 for projects in asked.values())


AT_LEAST_A_TENTH = ("late call", "missed call", "litigation", "shortage", "tie", "revision")
AT_LEAST_SOME = tuple(name for name in CONTENTS if name not in AT_LEAST_A_TENTH)
COUNTED = 500


def test_the_generated_configs_contain_what_the_laws_are_about() -> None:
    """At least a tenth each; everything else on the list at least once."""
    found: Counter[str] = Counter()
    sizes: list[int] = []

    @settings(LAWFUL, max_examples=COUNTED)
    @given(runs())
    def count(run: Run) -> None:
        assert len(run.world.entity) <= MOST_PROJECTS
        sizes.append(len(run.events))
        found.update(contents(run))

    count()
    for name in CONTENTS:
        print(f"{name:32} {found[name]:4} of {len(sizes)} = {found[name] / len(sizes):.0%}")
    print(f"events per run: {np.mean(sizes):.0f} on average, {max(sizes)} at most")
    for name in AT_LEAST_A_TENTH:
        assert found[name] >= len(sizes) / 10, name
    for name in AT_LEAST_SOME:
        assert found[name] > 0, name
