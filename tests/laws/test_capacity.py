"""Law 2: stocks never negative, servers never overbooked, specialists as section 5 says."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from law_runs import Run, instants, last_in_each_minute, lawful, runs

from sim.calendars import fiscal_year
from sim.events import TERMINAL, Cause, Kind

CENTS_PER_BN = 10**11
MILLI = 1000


def inflows(run: Run, name: str, what: str) -> tuple[float, list[tuple[int, float]], bool]:
    """Cents of the broken first year, (minute, cents) of each later one, and whether left-overs
    stay; an unlimited stock has an infinite first year."""
    config, epoch = run.config, run.plan.epoch
    money = getattr(config.capacity.facilities[name], what)
    if isinstance(money, str):
        return float("inf"), [], False
    programme, month = config.programme, config.capacity.fiscal_year_first_month

    def cents(amount: float, day: date) -> int:
        known = [since for since in config.capacity.yen_per_usd if since <= day]
        rate = config.capacity.yen_per_usd[max(known)] if money.currency == "jpy" else 1.0
        return int(amount / rate * CENTS_PER_BN)

    later = []
    for year in range(fiscal_year(programme.start, month) + 1, programme.run_out.year + 1):
        day = date(year, month, 1)
        if day <= programme.run_out:
            listed = [since for since in money.per_fiscal_year if since <= year]
            amount = money.per_fiscal_year[max(listed)] if listed else 0
            later.append((epoch.minute_of(day), cents(amount, day)))
    return cents(money.first_year, programme.start), later, money.carry_over


def check_stocks(run: Run) -> None:
    """No yearly stock is drawn below zero; what is left lapses or is carried over as stated.

    What a cancelled project gives back is there again, in the year in which it does.
    """
    kinds = {"commitments": Kind.FUNDS_COMMITTED, "cash": Kind.PART_DRAWN}
    for name in run.facilities:
        for what, kind in kinds.items():
            resource = run.resource(f"{name}_{what}")
            held, later, carry_over = inflows(run, name, what)
            trace = last_in_each_minute(run.left.capacity, resource)
            used = 0.0
            for time, events in instants(run):
                while later and later[0][0] <= time:
                    held = later.pop(0)[1] + (held - used if carry_over else 0)
                    used = 0
                for event in events:
                    if event.resource != resource:
                        continue
                    if event.kind == Kind.HISTORY_EXCEEDED:
                        assert event.cause == Cause.RECORDED
                        held += event.amount
                    held += event.amount if event.kind == Kind.MONEY_RETURNED else 0
                    used += event.amount if event.kind == kind else 0
                    assert 0 <= used <= held
                if time in trace:
                    assert trace[time][:2] == (held, used)


@lawful
@given(runs())
def test_yearly_money_is_never_overdrawn_and_lapses_or_stays_as_stated(run: Run) -> None:
    check_stocks(run)


def check_servers(run: Run) -> None:
    """Nothing starts beyond capacity, nothing waits beside a free unit, the queue is the log's.

    What is on record occupies what it occupies, beyond capacity too.
    """
    units = run.left.names.resource_units
    starts: dict[int, set[int]] = defaultdict(set)
    recorded: dict[int, set[int]] = defaultdict(set)
    queued: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for event in run.events:
        if event.kind in (Kind.SCREENING_BEGAN, Kind.APPRAISAL_BEGAN):
            whose = recorded if event.cause == Cause.RECORDED else starts
            whose[event.resource].add(event.time)
        if event.kind == Kind.PERMITS_BEGAN and event.cause == Cause.RECORDED:
            recorded[run.resource("agency_bureau")].add(event.time)
        if event.cause in (Cause.TEAM_QUEUE, Cause.PERMIT_QUEUE, Cause.APPRAISAL_QUEUE,
                           Cause.FUNDING_DESK):  # fmt: skip
            step = 1 if event.kind == Kind.WAIT_BEGAN else -1
            queued[event.resource].append((event.time, step))
    for resource, unit in enumerate(units):
        if unit != "servers":
            continue
        before = 0.0
        trace = last_in_each_minute(run.left.capacity, resource)
        for time, (capacity, in_use, waiting) in trace.items():
            assert in_use >= 0
            assert waiting >= 0
            # A capacity that shrank below what is in hand withholds starts, interrupts nothing.
            if in_use > capacity:
                assert in_use <= before or time in recorded[resource]
                assert time not in starts[resource]
            assert not (waiting and in_use < capacity)
            assert waiting == sum(step for when, step in queued[resource] if when <= time)
            before = in_use


@lawful
@given(runs())
def test_no_work_starts_beyond_capacity_and_none_waits_beside_a_free_server(run: Run) -> None:
    check_servers(run)


@lawful
@given(runs())
def test_the_teams_at_work_are_the_proposals_in_screening(run: Run) -> None:
    trace = last_in_each_minute(run.left.capacity, run.resource("teams"))
    screening: set[int] = set()
    for time, events in instants(run):
        for event in events:
            if event.kind == Kind.SCREENING_BEGAN:
                screening.add(event.project)
            elif event.kind == Kind.SCREENING_ENDED or event.kind in TERMINAL:
                screening.discard(event.project)
        if time in trace:
            assert trace[time][1] == len(screening)


def check_specialists(run: Run) -> None:
    """Needs, supply and grants of every pool, from the sites at work; section 5's formula."""
    market, sites = run.left.market, run.left.sites
    weight = run.config.capacity.specialists.bidding_weight
    row_of = {entity: row for row, entity in enumerate(run.world.entity.tolist())}
    needs = run.world.specialists[[row_of[p] for p in sites.project.tolist()]] / MILLI
    by_group: dict[int, np.ndarray] = {}

    def rate(group: int, time: int) -> float:
        mine = by_group.setdefault(group, np.flatnonzero(sites.clock_group == group))
        work = np.interp([time, time + 1], sites.clock_time[mine], sites.clock_work[mine])
        return float(work[1] - work[0])

    rates = {(g, t): rate(g, t) for t in set(market.time.tolist()) if t < run.left.end_minute
             for g in set(sites.group.tolist())}  # fmt: skip
    assert all(-1e-9 <= value <= 1 + 1e-6 for value in rates.values())
    for row, (pool, time) in enumerate(
        zip(market.pool.tolist(), market.time.tolist(), strict=True)
    ):
        people, other = market.people[row], market.other_demand[row]
        wanted, granted = market.wanted[row], market.granted[row]
        at_work = np.flatnonzero((sites.start <= time) & (sites.end > time))
        tolerance = 1e-6 * (1 + wanted)
        assert wanted == pytest.approx(needs[at_work, pool].sum(), abs=1e-9 * (1 + wanted))
        assert people >= 0
        assert other >= 0
        bid = weight * wanted
        share = people * bid / (other + bid) if 0 < other + bid < np.inf else people
        supply = min(wanted, max(people - other, share))
        if run.config.policy.staffing != "first_come_full_crew":  # a crew is kept
            assert granted <= supply + tolerance
        if time < run.left.end_minute:
            crews = [rates[int(sites.group[i]), time] * needs[i, pool] for i in at_work]
            assert granted == pytest.approx(sum(crews), abs=tolerance)
    if run.config.policy.staffing == "fair_share":
        check_nobody_is_short_without_a_binding_pool(run, rates)


def check_nobody_is_short_without_a_binding_pool(
    run: Run, rates: dict[tuple[int, int], float]
) -> None:
    """Max-min: a group below its full rate uses a pool that is exhausted."""
    sites, capacity = run.left.sites, run.left.capacity
    pools = run.left.names.pools
    steps = [last_in_each_minute(capacity, run.resource(f"specialists_{name}")) for name in pools]
    row_of = {entity: row for row, entity in enumerate(run.world.entity.tolist())}
    for (group, time), rate in rates.items():
        mine = np.flatnonzero((sites.group == group) & (sites.start <= time) & (sites.end > time))
        if not len(mine) or rate > 1 - 1e-6:
            continue
        needs = run.world.specialists[[row_of[p] for p in sites.project[mine].tolist()]].sum(axis=0)
        bound = False
        for pool, trace in enumerate(steps):
            if needs[pool] and time in trace:
                can, used, _ = trace[time]
                bound |= used >= can - 1e-6 * (1 + can)
        assert bound, (group, time, rate)


@lawful
@given(runs())
def test_specialists_granted_are_neither_more_than_there_are_nor_than_are_needed(run: Run) -> None:
    check_specialists(run)


@lawful
@given(runs())
def test_the_work_done_in_a_stretch_is_what_its_crews_clock_counted(run: Run) -> None:
    """Progress at both ends, read off the clock in between, as the tables do."""
    sites = run.left.sites
    total = dict(zip(run.world.entity.tolist(), run.world.build.tolist(), strict=True))
    for row, (project, group) in enumerate(zip(sites.project, sites.group, strict=True)):
        mine = np.flatnonzero(sites.clock_group == group)
        ends = [sites.start[row], sites.end[row]]
        clock = np.interp(ends, sites.clock_time[mine], sites.clock_work[mine])
        if not total[int(project)]:
            assert ends[0] == ends[1]  # nothing to build: built as it begins
            continue
        done = (sites.end_progress[row] - sites.start_progress[row]) * total[int(project)]
        # A stretch ends with the minute in which its point was reached.
        assert done - 1e-6 <= clock[1] - clock[0] < done + 1 + 1e-6
