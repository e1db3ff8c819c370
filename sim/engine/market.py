"""The specialist pools at work: monthly steps of the market, crews at every change. Section 5."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.engine.clock import Clock
from sim.engine.courses import Group
from sim.engine.programme import Programme
from sim.engine.sites import Sites, Waits
from sim.events import Cause, FloatArray, IntArray, MarketTrace, SiteTrace
from sim.events.turns import Step, Turn
from sim.plan.specialists import SpecialistsPlan
from sim.rules.staffing import Shares, StaffingView, obtainable
from sim.world.nature import MILLI

WIDTH = 7


def crew_waits(programme: Programme) -> Waits:
    """Log waits for a crew; those of a project that is over have ended with it."""
    record = programme.record

    def told(ordinal: int, unit: int, began: bool) -> None:
        if programme.alive[ordinal]:
            write = record.wait_began if began else record.wait_ended
            write(programme.clock.now, programme.entity[ordinal], Cause.CREWS_WAITED, -1, unit)

    return told


class Market:
    """Supply and other demand by month (precomputed), the programme's demand, and who gets what.

    ``rank`` is each ordinal's place in the staffing ranking, read where the rule wants single
    sites; ``waits`` is told of sites without a crew. See ``Sites``.
    """

    def __init__(
        self, plan: SpecialistsPlan, clock: Clock, rank: Sequence[int], waits: Waits | None = None
    ) -> None:
        self.plan = plan
        self.clock = clock
        self.weight = plan.bidding_weight
        self.pools = range(len(plan.market))
        self.first_resource = plan.first_resource
        self.month = 0
        self.rows: list[float] = []
        self.nothing = [0] * len(plan.market)
        self.rank = rank
        rows = plan.staffing.rows
        self.apart = rows != "crafts"
        orders = {"ranked": rank, "proposed": range(len(rank))}
        self.sites = Sites(
            clock,
            len(plan.market),
            self.ration,
            apart=self.apart,
            order=orders.get(rows),
            waits=waits,
        )
        self._load()
        self.ration([])
        self._next_month()

    def _load(self) -> None:
        self.people = [path.people[self.month] for path in self.plan.market]
        self.other = [path.other_demand[self.month] for path in self.plan.market]

    def _next_month(self) -> None:
        if self.month + 1 < len(self.plan.months):
            minute = self.plan.months[self.month + 1]
            self.clock.at(minute, Turn.CAPACITY, 0, Step.MONTH, self.month, self._step)

    def _step(self, _: object) -> None:
        self.month += 1
        self._load()
        self._next_month()
        self.sites.ask()

    def ration(self, groups: Sequence[Group]) -> Shares:
        """Rates of the groups, and limits.

        Demand is what all of them need, those who wait for a crew too: under a market's shortage
        nobody could ever get a whole one otherwise.
        """
        needs = [group.needs for group in groups]
        wanted = [sum(column) for column in zip(*needs, strict=True)] or self.nothing
        supply = [
            obtainable(people, other, want / MILLI, self.weight)
            for people, other, want in zip(self.people, self.other, wanted, strict=True)
        ]
        shares = rates, _ = self.plan.staffing.share(
            self._view(groups, needs, [limit * MILLI for limit in supply])
        )
        now, used = self.clock.now, [0.0] * len(wanted)
        for need, rate in zip(needs, rates, strict=True):
            if rate:
                used = [u + people * rate for u, people in zip(used, need, strict=True)]
        for p, want in enumerate(wanted):
            self.rows += (
                p,
                now,
                self.people[p],
                self.other[p],
                want / MILLI,
                used[p] / MILLI,
                supply[p],
            )
        return shares

    def _view(
        self, groups: Sequence[Group], needs: list[list[int]], supply: list[float]
    ) -> StaffingView:
        if not self.apart:
            return StaffingView(needs, supply)
        ordinals = [group.ordinal for group in groups]
        return StaffingView(
            needs,
            supply,
            [group.rate > 0 for group in groups],
            self.plan.minimum_share,
            ordinals,
            [self.rank[ordinal] for ordinal in ordinals],
            [group.asked for group in groups],
        )

    def close(self, end: int) -> None:
        """Cut the traces at the end of the run."""
        self.sites.close(end)

    def trace(self) -> MarketTrace:
        """S, O, D and what was granted; of several rows in one minute the last stands."""
        rows = self._rows()
        pool, time = rows[:, :2].T.astype(np.int64)
        return MarketTrace(pool, time, *np.ascontiguousarray(rows[:, 2:6].T))

    def capacity_steps(self) -> FloatArray:
        """The same as rows of the step trace, shape (n, 6)."""
        rows = self._rows()
        resource = self.first_resource + rows[:, 0]
        waiting, none = rows[:, 4] - rows[:, 5], np.zeros(len(rows))
        return np.column_stack((resource, rows[:, 1], rows[:, 6], rows[:, 5], waiting, none))

    def _rows(self) -> FloatArray:
        rows = np.fromiter(self.rows, np.float64, len(self.rows)).reshape(
            -1, len(self.pools), WIDTH
        )
        last = np.append(np.diff(rows[:, 0, 1]) > 0, True)
        kept: FloatArray = rows[last].reshape(-1, WIDTH)
        return kept

    def site_trace(self, entity: list[int]) -> SiteTrace:
        """Stretches of all sites, and the clocks they ran by."""
        rows = np.array(self.sites.stretches, np.float64).reshape(-1, 9)
        clocks = np.array(self.sites.clock_rows, np.float64).reshape(-1, 4)

        def whole(column: np.ndarray) -> IntArray:
            return column.astype(np.int64)

        return SiteTrace(
            project=np.array(entity, np.int64)[whole(rows[:, 0])],
            group=whole(rows[:, 1]),
            start=whole(rows[:, 2]),
            end=whole(rows[:, 3]),
            start_progress=rows[:, 4].copy(),
            end_progress=rows[:, 5].copy(),
            unit=whole(rows[:, 6]),
            start_work=rows[:, 7].copy(),
            end_work=rows[:, 8].copy(),
            clock_group=whole(clocks[:, 0]),
            clock_time=whole(clocks[:, 1]),
            clock_work=clocks[:, 2].copy(),
            clock_limit=whole(clocks[:, 3]),
        )
