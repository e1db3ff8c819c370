"""Law 2 under each staffing rule: who gets a crew, who a part of one, who waits for one."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import given
from law_runs import Run, instants, last_in_each_minute, lawful, runs

from sim.events import TERMINAL, Cause, Kind

MILLI = 1000
RATE = 1e-6  # rates are read off clocks that count in doubles


class Crews:
    """Rates of single sites, and what their pools could give, at the steps of the market."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.sites = run.left.sites
        rows = {entity: row for row, entity in enumerate(run.world.entity.tolist())}
        self.needs = run.world.specialists[[rows[p] for p in self.sites.project.tolist()]] / MILLI
        self.clock = {
            group: np.flatnonzero(self.sites.clock_group == group)
            for group in set(self.sites.group.tolist())
        }
        pools = run.left.names.pools
        self.supply = [
            last_in_each_minute(run.left.capacity, run.resource(f"specialists_{name}"))
            for name in pools
        ]
        self.times = [t for t in sorted(set(run.left.market.time.tolist()))
                      if t < run.left.end_minute]  # fmt: skip

    def at(self, time: int) -> dict[int, float]:
        """Rate by row of the site trace, of the sites at work."""
        rates = {}
        for row in np.flatnonzero((self.sites.start <= time) & (self.sites.end > time)).tolist():
            mine = self.clock[int(self.sites.group[row])]
            ends = [time, time + 1]
            work = np.interp(ends, self.sites.clock_time[mine], self.sites.clock_work[mine])
            rates[row] = float(work[1] - work[0])
        return rates

    def short(self, row: int, share: float, others: dict[int, float], time: int) -> list[int]:
        """Pools too short for that share of a crew beside others at their rates."""
        found = []
        for pool, steps in enumerate(self.supply):
            need = self.needs[row, pool]
            if need:
                used = sum(self.needs[other, pool] * rate for other, rate in others.items())
                if used + share * need > steps[time][0] * (1 - RATE) - RATE:
                    found.append(pool)
        return found


def check_priority(crews: Crews, minimum: float) -> None:
    """Nobody between nothing and the minimum; below a full crew only for want of people."""
    for time in crews.times:
        rates = crews.at(time)
        admitted = {row: min(minimum, rate) for row, rate in rates.items() if rate > RATE}
        for row, rate in rates.items():
            assert rate <= RATE or minimum - RATE <= rate <= 1 + RATE, (time, row, rate)
            others = {other: used for other, used in rates.items() if other != row}
            if rate <= RATE:
                # The minima of the others alone leave too little for one more.
                assert crews.short(row, minimum, admitted, time), (time, row)
            elif rate < 1 - RATE:
                assert crews.short(row, rate + 2 * RATE, others, time), (time, row, rate)


def check_first_come(crews: Crews) -> None:
    """Whole crews or none; a crew is kept; who waits lacks people, or is behind one who does."""
    before: dict[int, float] = {}
    for time in crews.times:
        rates = crews.at(time)
        waiting = [row for row, rate in rates.items() if rate <= RATE]
        working = {row: rate for row, rate in rates.items() if rate > RATE}
        assert all(rate >= 1 - RATE for rate in working.values()), time
        assert not [row for row in waiting if before.get(row, 0) > RATE], time
        for row in working.keys() - {row for row, rate in before.items() if rate > RATE}:
            # Granted now: there for it beside all that work.
            for pool, steps in enumerate(crews.supply):
                if crews.needs[row, pool]:
                    held = sum(crews.needs[other, pool] for other in working)
                    assert held <= steps[time][0] * (1 + RATE) + RATE, (time, row)
        lacking = [row for row in waiting if crews.short(row, 1, working, time)]
        assert bool(lacking) == bool(waiting), time
        closed = crews.needs[lacking].any(axis=0)
        for row in waiting:
            assert (closed & (crews.needs[row] > 0)).any(), (time, row)
        before = rates


def check_waits_for_crews(crews: Crews) -> None:
    """A site apart that is at work and gets nobody waits, and nobody else does."""
    waiting: set[int] = set()
    expected = {time: {int(crews.sites.project[row]) for row, rate in crews.at(time).items()
                       if rate <= RATE} for time in crews.times}  # fmt: skip
    for time, events in instants(crews.run):
        for event in events:
            if event.cause == Cause.CREWS_WAITED:
                change = waiting.add if event.kind == Kind.WAIT_BEGAN else waiting.remove
                change(event.project)
        if time in expected:
            assert waiting == expected[time], time


def check_crews(run: Run) -> None:
    crews, policy = Crews(run), run.config.policy
    if policy.staffing == "fair_share":
        assert not any(event.cause == Cause.CREWS_WAITED for event in run.events)
        return
    if policy.staffing == "priority":
        check_priority(crews, policy.staffing_minimum_share)
    else:
        check_first_come(crews)
    check_waits_for_crews(crews)


@lawful
@given(runs())
def test_crews_are_shared_as_the_staffing_rule_says(run: Run) -> None:
    check_crews(run)


def check_only_sites_at_work_have_crews(run: Run) -> None:
    """Waiting, starved, paused and equipment-stopped sites are in no pool: their crew is free."""
    at_work: dict[int, int] = {}
    stretches: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for event in run.events:
        if event.kind == Kind.BUILDING_BEGAN:
            at_work[event.project] = event.time
        left = event.kind in (Kind.BUILDING_STOPPED, Kind.BUILT) or event.kind in TERMINAL
        if left and event.project in at_work:
            stretches[event.project].append((at_work.pop(event.project), event.time))
    for project, began in at_work.items():
        stretches[project].append((began, run.left.end_minute))
    sites = run.left.sites
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for project, start, end in zip(
        sites.project.tolist(), sites.start.tolist(), sites.end.tolist(), strict=True
    ):
        found[project].append((start, end))
    assert {p: sorted(rows) for p, rows in found.items()} == stretches


@lawful
@given(runs())
def test_only_sites_at_work_want_crews(run: Run) -> None:
    check_only_sites_at_work_have_crews(run)
