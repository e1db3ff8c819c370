"""The specialist pools at work: monthly steps of the market, crews at every change. Section 5."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from sim.engine.clock import Clock, Turn
from sim.engine.model import Model
from sim.engine.record import Recorder
from sim.engine.sites import Sites
from sim.events import IntArray, Kind, MarketTrace, SiteTrace
from sim.rules.staffing import fair_share, obtainable
from sim.world.nature import MILLI

WIDTH = 6


class Market:
    """Supply and other demand by month (precomputed), the programme's demand, and who gets what."""

    def __init__(self, model: Model, clock: Clock, record: Recorder) -> None:
        self.model = model
        self.clock = clock
        self.record = record
        self.weight = model.config.capacity.specialists.bidding_weight
        self.pools = range(len(model.pools))
        self.first_resource = model.resource[f"specialists_{model.pools[0].name}"]
        self.month = 0
        self.rows = array("d")
        self.sites = Sites(clock, len(model.pools), self.ration)
        self._load()
        self.ration([])
        self._next_month()

    def _load(self) -> None:
        self.people = [path.people[self.month] for path in self.model.market]
        self.other = [path.other_demand[self.month] for path in self.model.market]

    def _next_month(self) -> None:
        if self.month + 1 < len(self.model.steps):
            minute = self.model.steps[self.month + 1][0]
            self.clock.at(minute, Turn.CAPACITY, 0, Kind.CAPACITY_CHANGED, self.month, self._step)

    def _step(self, _: object) -> None:
        self.month += 1
        self._load()
        self._next_month()
        self.sites.ask()

    def ration(self, needs: Sequence[Sequence[int]]) -> list[float]:
        """Rates of the groups for what they need, in thousandths of a person per pool."""
        wanted = [sum(need[p] for need in needs) / MILLI for p in self.pools]
        supply = [
            obtainable(self.people[p], self.other[p], wanted[p], self.weight) for p in self.pools
        ]
        rates = fair_share(needs, [limit * MILLI for limit in supply])
        now = self.clock.now
        for p in self.pools:
            used = sum(need[p] * rate for need, rate in zip(needs, rates, strict=True)) / MILLI
            self.record.step(self.first_resource + p, now, supply[p], used, wanted[p] - used, 0)
            self._row(p, now, wanted[p], used)
        return rates

    def _row(self, pool: int, now: int, wanted: float, used: float) -> None:
        row = (pool, now, self.people[pool], self.other[pool], wanted, used)
        last = len(self.rows) - len(self.pools) * WIDTH
        if last >= 0 and self.rows[last] == pool and self.rows[last + 1] == now:
            self.rows[last : last + WIDTH] = array("d", row)
        else:
            self.rows.extend(row)

    def close(self, end: int) -> None:
        """Cut the traces at the end of the run."""
        self.sites.close(end)

    def trace(self) -> MarketTrace:
        rows = np.frombuffer(self.rows, np.float64).reshape(-1, WIDTH)
        return MarketTrace(
            pool=rows[:, 0].astype(np.int64),
            time=rows[:, 1].astype(np.int64),
            people=rows[:, 2].copy(),
            other_demand=rows[:, 3].copy(),
            wanted=rows[:, 4].copy(),
            granted=rows[:, 5].copy(),
        )

    def site_trace(self, entity: list[int]) -> SiteTrace:
        """Stretches of all sites, and the clocks they ran by."""
        rows = np.array(self.sites.stretches, np.float64).reshape(-1, 6)
        clocks = np.array(self.sites.clock_rows, np.float64).reshape(-1, 3)

        def whole(column: np.ndarray) -> IntArray:
            return column.astype(np.int64)

        return SiteTrace(
            project=np.array(entity, np.int64)[whole(rows[:, 0])],
            group=whole(rows[:, 1]),
            start=whole(rows[:, 2]),
            end=whole(rows[:, 3]),
            start_progress=rows[:, 4].copy(),
            end_progress=rows[:, 5].copy(),
            clock_group=whole(clocks[:, 0]),
            clock_time=whole(clocks[:, 1]),
            clock_work=clocks[:, 2].copy(),
        )
