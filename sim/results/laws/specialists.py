"""Law 2: people wanted, supplied and granted, pool by pool, from the sites at work."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from sim.events import FloatArray, IntArray, MarketTrace, SiteTrace
from sim.results.laws.evidence import Evidence, Violation, last_steps
from sim.results.laws.stocks import trace_of
from sim.rules.splitting import unit_crew
from sim.world import World

_MILLI = 1000


class Work:
    """Sites at work, what crews they need and how fast they go: evidence with the world."""

    def __init__(self, evidence: Evidence) -> None:
        assert evidence.sites is not None
        assert evidence.market is not None
        assert evidence.world is not None, "the registry asks for the world first"
        self.evidence, self.end = evidence, evidence.end
        self.sites: SiteTrace = evidence.sites
        self.units = evidence.sites.unit >= 0  # (n_stretches,) a line needs nobody
        self.market: MarketTrace = evidence.market
        self.world: World = evidence.world
        rows = [evidence.row[project] for project in self.sites.project.tolist()]
        build, length, units = self.world.build, self.world.first_unit, self.world.units
        clocks = np.where(units == 1, build, units * np.minimum(length, build)).tolist()
        #: (n_stretches, n_pools) people of a whole crew
        self.needs: FloatArray = np.array(
            [
                [
                    unit_crew(crew, build[row].item(), clocks[row]) * unit / _MILLI
                    for crew in self.world.specialists[row].tolist()
                ]
                for row, unit in zip(rows, self.units.tolist(), strict=True)
            ]
        ).reshape(len(rows), len(evidence.names.pools))
        self.times = sorted({t for t in self.market.time.tolist() if t < self.end})

    @cached_property
    def supply(self) -> list[dict[int, tuple[float, float, float]]]:
        """Steps of each pool: what the programme can get, what is granted."""
        return [
            last_steps(trace_of(self.evidence), self.evidence.resource(f"specialists_{name}"))
            for name in self.evidence.names.pools
        ]

    @cached_property
    def clock(self) -> dict[int, IntArray]:
        """Rows of each group's clock."""
        groups = set(self.sites.group.tolist())
        return {group: np.flatnonzero(self.sites.clock_group == group) for group in groups}

    def rate(self, group: int, time: int) -> float:
        """Work of a group in the minute from ``time`` on."""
        mine = self.clock[group]
        work = np.interp([time, time + 1], self.sites.clock_time[mine], self.sites.clock_work[mine])
        return float(work[1] - work[0])

    def at_work(self, time: int) -> IntArray:
        """Stretches of units that hold a minute."""
        at_work = (self.sites.start <= time) & (self.sites.end > time)
        return np.flatnonzero(at_work & self.units)

    def rates(self, time: int) -> dict[int, float]:
        """Rate by stretch at work."""
        return {
            row: self.rate(int(self.sites.group[row]), time) for row in self.at_work(time).tolist()
        }


def specialists_follow_the_market(evidence: Evidence) -> Iterator[Violation]:
    """Wanted is what sites at work need; granted what their rates use, and within the formula.

    P = min(D, max(S - O, S wD / (O + wD))) with the bidding weight w. Under ``fair_share`` a group
    below its full rate uses a pool that is exhausted.
    """
    work, market = Work(evidence), evidence.market
    assert market is not None
    policy = evidence.measure.config.policy
    weight = evidence.measure.config.capacity.specialists.bidding.weight
    rates = {time: work.rates(time) for time in work.times}
    for time, of_rows in rates.items():
        for row, rate in of_rows.items():
            if not -1e-9 <= rate <= 1 + 1e-6:
                project = int(work.sites.project[row])
                yield Violation(project, time, f"a site goes at {rate:.6f} of its full rate")
        if policy.staffing == "fair_share":
            yield from _short_without_a_binding_pool(work, of_rows, time)
    names = ("pool", "time", "people", "other_demand", "wanted", "granted")
    columns = (getattr(market, name).tolist() for name in names)
    # Every pool at every step of a replication: bare tuples, in the order of ``names``.
    for pool, time, people, other, wanted, granted in zip(*columns, strict=True):
        at_work = work.at_work(time)
        tolerance = 1e-6 * (1 + wanted)
        needed = float(work.needs[at_work, pool].sum())
        bid = weight * wanted
        share = people * bid / (other + bid) if 0 < other + bid < np.inf else people
        supply = min(wanted, max(people - other, share))
        wrong = ""
        if abs(wanted - needed) > 1e-9 * (1 + wanted) + 1e-6 * needed:
            wrong = f"{wanted:.3f} wanted, sites at work need {needed:.3f}"
        elif policy.staffing != "first_come_full_crew" and granted > supply + tolerance:
            wrong = f"{granted:.3f} granted, {supply:.3f} can be had"  # else a crew is kept
        elif time < work.end:
            used = sum(rates[time][row] * work.needs[row, pool] for row in at_work.tolist())
            if abs(granted - used) > tolerance:
                wrong = f"{granted:.3f} granted, rates use {used:.3f}"
        if wrong:
            yield Violation(-1, time, f"{evidence.names.pools[pool]}: {wrong}")


def _short_without_a_binding_pool(
    work: Work, rates: dict[int, float], time: int
) -> Iterator[Violation]:
    groups = {int(work.sites.group[row]): rate for row, rate in rates.items()}
    for group, rate in groups.items():
        if rate > 1 - 1e-6:
            continue
        mine = [row for row in rates if work.sites.group[row] == group]
        needs = work.needs[mine].sum(axis=0)
        bound = False
        for pool, steps in enumerate(work.supply):
            if needs[pool] and time in steps:
                can, used, _ = steps[time]
                bound |= used >= can - 1e-6 * (1 + can)
        if not bound:
            project = int(work.sites.project[mine[0]])
            yield Violation(project, time, f"short at {rate:.6f}, and no pool of it is exhausted")
