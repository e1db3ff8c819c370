# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""The specialist pools at work: monthly steps of the market, crews at every change. Section 5."""

from __future__ import annotations

from array import array

import numpy as np

from sim.compiled.courses import Rationing
from sim.compiled.programme import Programme
from sim.compiled.sites import Sites
from sim.events import MarketTrace, SiteTrace
from sim.events.turns import Step, Turn
from sim.rules import staffing
from sim.rules.staffing import Filling, StaffingView, fair_share
from sim.world.nature import MILLI

CAPACITY, MONTH, A_PERSON = int(Turn.CAPACITY), int(Step.MONTH), MILLI


class Market(Rationing):
    """Supply and other demand by month (precomputed), the programme's demand, and who gets what.

    ``rank`` is each ordinal's place in the staffing ranking, read where the rule wants single
    sites. See ``Sites``.
    """

    def __init__(self, programme: Programme, rank):
        self.plan, self.clock, self.rank = programme.plan.specialists, programme.clock, rank
        plan = self.plan
        self.pools = len(plan.market)
        self.weight = plan.bidding_weight
        self.people, self.other = plan.people, plan.other_demand
        self.months, self.month = plan.months, 0
        rows = plan.staffing.rows
        self.apart = rows != "crafts"
        orders = {"ranked": rank, "proposed": range(len(rank))}
        self.sites = Sites(programme, self.pools, self, self.apart, orders.get(rows))
        self.used, self.supply = array("d", [0] * self.pools), array("d", [0] * self.pools)
        self.fair = plan.staffing.share is fair_share
        if self.fair:
            self.filling = Filling(self.pools, self.sites.rows, self.sites.needs)
        self.rows, self.row, self.written = programme.record.new_rows(2 + 3 * self.pools), 0, -1
        self.ration([])
        self._next_month()

    def _next_month(self):
        if self.month + 1 < len(self.months):
            minute = self.months[self.month + 1]
            self.clock.at(minute, CAPACITY, 0, MONTH, self.month, self)
        return 0

    def act(self, step, one, two):
        """A month begins."""
        self.month += 1
        self._next_month()
        return self.sites.ask()

    def ration(self, groups):
        """Shares of the groups, and what bounds them.

        Demand is what all of them need, those who wait for a crew too: under a market's shortage
        nobody could ever get a whole one otherwise. No rule withholds what is there for all.
        """
        needs, wanted, used, supply = self.sites.needs, self.sites.wanted, self.used, self.supply
        enough, month = True, self.month
        for pool in range(self.pools):
            people, other = self.people[pool, month], self.other[pool, month]
            bid = wanted[pool] / A_PERSON
            supply[pool] = staffing.obtainable(people, other, bid, self.weight)
            if wanted[pool] > supply[pool] * A_PERSON:
                enough = False
        if enough:
            for group in groups:
                group.share, group.bound = 1.0, -1
            for pool in range(self.pools):
                used[pool] = wanted[pool]
            return self._write()
        if self.fair:
            self._fill(groups)
        else:
            rates, limits = self.plan.staffing.share(self._view(groups))
            for row in range(len(groups)):
                group = groups[row]
                group.share, group.bound = rates[row], limits[row]
        for pool in range(self.pools):
            used[pool] = 0.0
        for group in groups:
            share, row = group.share, group.number * self.pools
            if share:
                for pool in range(self.pools):
                    used[pool] += needs[row + pool] * share
        return self._write()

    def _fill(self, groups):
        """Fair shares, of the very columns in which sites keep what their groups need."""
        filling = self.filling
        for pool in range(self.pools):
            filling.supply[pool] = self.supply[pool] * A_PERSON
        filling.share(len(groups))
        for group in groups:
            row = group.number
            group.share, group.bound = filling.rates[row], filling.limits[row]
        return 0

    def _view(self, groups):
        needs, width = self.sites.needs, self.pools
        pools, rows, crewed, ordinals, asked = range(self.pools), [], [], [], []
        for group in groups:
            rows.append([needs[group.number * width + pool] for pool in pools])
            crewed.append(group.rate > 0)
            ordinals.append(group.site.project.ordinal)
            asked.append(group.asked)
        people = [limit * A_PERSON for limit in self.supply]
        if not self.apart:
            return StaffingView(rows, people)
        rank = [self.rank[ordinal] for ordinal in ordinals]
        return StaffingView(rows, people, crewed, self.plan.minimum_share, ordinals, rank, asked)

    def _write(self):
        """A row a minute, of several the last: minute, month, and three numbers for each pool."""
        now = self.clock.now
        if now != self.written:
            self.row, self.written = self.rows.add(), now
        at, row = self.row, self.rows.values
        row[at], row[at + 1] = now, self.month
        for pool in range(self.pools):
            row[at + 2] = self.sites.wanted[pool] / A_PERSON
            row[at + 3], row[at + 4] = self.used[pool] / A_PERSON, self.supply[pool]
            at += 3
        return 0

    def trace(self):
        """S, O, D and what was granted."""
        row, at, place = self.rows.values, 0, 0
        count = self.rows.size // self.rows.width * self.pools
        columns, states = np.empty((2, count), np.int64), np.empty((4, count))
        whole, exact = columns, states
        while place < count:
            minute, month, at = int(row[at]), int(row[at + 1]), at + 2
            for pool in range(self.pools):
                whole[0, place], whole[1, place] = pool, minute
                exact[0, place], exact[1, place] = self.people[pool, month], self.other[pool, month]
                exact[2, place], exact[3, place] = row[at], row[at + 1]
                at, place = at + 3, place + 1
        return MarketTrace(*columns, *states)

    def tell(self):
        """The same as the last steps of the record."""
        record, row, first, at = self.sites.record, self.rows.values, self.plan.first_resource, 0
        while at < self.rows.size:
            minute, at = int(row[at]), at + 2
            for pool in range(self.pools):
                used = row[at + 1]
                record.step(first + pool, minute, row[at + 2], used, row[at] - used, 0)
                at += 3
        return 0

    def site_trace(self, entity):
        """Stretches of all sites, and the clocks they ran by; ``entity`` is an array."""
        rows, clocks = self.sites.stretches, self.sites.clock_rows
        ordinal, group, start, end, unit = rows.whole(9, (0, 1, 2, 3, 6))
        start_progress, end_progress, start_work, end_work = rows.exact(9, (4, 5, 7, 8))
        number, time, limit = clocks.whole(4, (0, 1, 3))
        return SiteTrace(
            project=entity[ordinal],
            group=group,
            start=start,
            end=end,
            start_progress=start_progress,
            end_progress=end_progress,
            unit=unit,
            start_work=start_work,
            end_work=end_work,
            clock_group=number,
            clock_time=time,
            clock_work=clocks.exact(4, (2,))[0],
            clock_limit=limit,
        )
