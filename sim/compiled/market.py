# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""The specialist pools at work: monthly steps of the market, crews at every change. Section 5."""

from __future__ import annotations

from array import array

from sim.compiled.courses import Rationing
from sim.compiled.programme import Programme
from sim.compiled.sites import Sites
from sim.events import MarketTrace, SiteTrace
from sim.events.turns import Step, Turn
from sim.rules import staffing
from sim.rules.staffing import Filling, StaffingView, fair_share
from sim.world.nature import MILLI

WIDTH = 7
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
        self.wanted, self.used = array("q", [0] * self.pools), array("d", [0] * self.pools)
        self.supply = array("d", [0] * self.pools)
        self.fair = plan.staffing.share is fair_share
        self.filling, self.room = Filling(self.pools, 64), 64
        self.rows, self.row, self.written = programme.record.new_rows(WIDTH * self.pools), 0, -1
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
        nobody could ever get a whole one otherwise.
        """
        needs, wanted, used = self.sites.needs, self.wanted, self.used
        for pool in range(self.pools):
            wanted[pool], used[pool] = 0, 0.0
        for group in groups:
            for pool in range(self.pools):
                wanted[pool] += needs[group.number, pool]
        supply = self._supply()
        if groups:
            self._share(groups, supply)
        for group in groups:
            share = group.share
            if share:
                for pool in range(self.pools):
                    used[pool] += needs[group.number, pool] * share
        return self._write(supply)

    def _supply(self):
        supply, month, weight = self.supply, self.month, self.weight
        for pool in range(self.pools):
            people, other = self.people[pool, month], self.other[pool, month]
            supply[pool] = staffing.obtainable(people, other, self.wanted[pool] / A_PERSON, weight)
        return supply

    def _share(self, groups, supply):
        """What the rule says."""
        if self.fair:
            return self._fill(groups, supply)
        rates, limits = self.plan.staffing.share(self._view(groups, supply))
        for row in range(len(groups)):
            group = groups[row]
            group.share, group.bound = rates[row], limits[row]
        return 0

    def _fill(self, groups, supply):
        """Fair shares."""
        if len(groups) > self.room:
            self.room = 2 * len(groups)
            self.filling = Filling(self.pools, self.room)
        filling, needs, pools = self.filling, self.sites.needs, self.pools
        for row in range(len(groups)):
            group = groups[row]
            for pool in range(pools):
                filling.needs[row * pools + pool] = needs[group.number, pool]
        for pool in range(pools):
            filling.supply[pool] = supply[pool] * A_PERSON
        filling.share(len(groups))
        for row in range(len(groups)):
            group = groups[row]
            group.share, group.bound = filling.rates[row], filling.limits[row]
        return 0

    def _view(self, groups, supply):
        needs = self.sites.needs
        pools, rows, crewed, ordinals, asked = range(self.pools), [], [], [], []
        for group in groups:
            rows.append([needs[group.number, pool] for pool in pools])
            crewed.append(group.rate > 0)
            ordinals.append(group.site.project.ordinal)
            asked.append(group.asked)
        people = [limit * A_PERSON for limit in supply]
        if not self.apart:
            return StaffingView(rows, people)
        rank = [self.rank[ordinal] for ordinal in ordinals]
        return StaffingView(rows, people, crewed, self.plan.minimum_share, ordinals, rank, asked)

    def _write(self, supply):
        """A row a pool; of several in one minute the last stands."""
        now = self.clock.now
        if now != self.written:
            self.row, self.written = self.rows.add(), now
        at, row = self.row, self.rows.values
        for pool in range(self.pools):
            row[at], row[at + 1] = pool, now
            row[at + 2], row[at + 3] = self.people[pool, self.month], self.other[pool, self.month]
            row[at + 4], row[at + 5] = self.wanted[pool] / A_PERSON, self.used[pool] / A_PERSON
            row[at + 6] = supply[pool]
            at += WIDTH
        return 0

    def trace(self):
        """S, O, D and what was granted."""
        rows = self.rows
        return MarketTrace(*rows.whole(WIDTH, (0, 1)), *rows.exact(WIDTH, (2, 3, 4, 5)))

    def tell(self):
        """The same as the last steps of the record."""
        record, row, first = self.sites.record, self.rows.values, self.plan.first_resource
        for number in range(self.rows.size // WIDTH):
            at = number * WIDTH
            pool, minute = int(row[at]), int(row[at + 1])
            waiting = row[at + 4] - row[at + 5]
            record.step(first + pool, minute, row[at + 6], row[at + 5], waiting, 0)
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
