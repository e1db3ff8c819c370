# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""The capacities of one replication, made from the plan; each follows its own path."""

from __future__ import annotations

from sim.compiled.actors import Actor, Line
from sim.compiled.clock import Clock
from sim.compiled.equipment import Maker
from sim.compiled.known import Known
from sim.compiled.money import Mood, YearlyStock
from sim.compiled.power import Grid
from sim.compiled.record import Recorder
from sim.compiled.servers import Servers
from sim.events import Cause, Kind
from sim.events.turns import Step, Turn

CAPACITY, CLAIM, CLAIM_TAKEN = int(Turn.CAPACITY), int(Step.CLAIM), int(Kind.CLAIM_TAKEN)
FUNDS_COMMITTED, PART_DRAWN = int(Kind.FUNDS_COMMITTED), int(Kind.PART_DRAWN)
COMMITMENT, MONEY = int(Cause.FUNDING_COMMITMENT), int(Cause.FUNDING_MONEY)


class Supply(Actor):
    """What the activities take from; all of it is handed to them in `Programme`."""

    def __init__(self, known: Known, clock: Clock, record: Recorder, world):
        plan = known.plan
        self.plan, self.clock, self.record = plan, clock, record
        self.mood = Mood()
        self.answering = []  # yearly money that answers a tariff
        self.numbers = 0  # of what allocates
        supply, self.yen_factor = plan.supply, world.yen_factor.tolist()
        ordinal_of = {entity: ordinal for ordinal, entity in enumerate(world.entity.tolist())}
        self.taken = supply.taken
        for place, one in enumerate(supply.taken):
            clock.at(one.minute, CAPACITY, one.resource, CLAIM, one.claim, self, 0, place)
        self.teams = self._servers(supply.teams)
        self.agencies = [self._servers(agency) for agency in supply.agencies]
        self.agency_of_sector = [
            None if place is None else self.agencies[place] for place in supply.agency_of_sector
        ]
        self.desks = [self._servers(desks) for desks in supply.desks]  # these three by facility
        self.commitments = [
            self._stock(money, FUNDS_COMMITTED, COMMITMENT) for money in supply.commitments
        ]
        self.cash = [self._stock(money, PART_DRAWN, MONEY) for money in supply.cash]
        self.makers = [self._maker(one, ordinal_of) for one in supply.makers]  # by kind
        self.grids = [  # by region
            self._grid(region, additions)
            for region, additions in zip(supply.regions, known.additions, strict=True)
        ]

    def act(self, step, one, two):
        """Tell what another claimant takes from now on."""
        taken = self.taken[one]
        return self.record.log(
            taken.minute, -1, CLAIM_TAKEN, taken.resource, 0, taken.claim, taken.amount
        )

    def tariffs(self, raised):
        """Tariffs have gone up, or are back at their baseline."""
        for inflow in self.answering:
            inflow.answer(raised)
        return 0

    def close(self):
        """Let go of who queues, and of what knows its stock."""
        for servers in [self.teams, *self.agencies, *self.desks]:
            servers.queue, servers.fresh = [], Line()
        for stock in self.commitments + self.cash:
            stock.inflow = None
        for maker in self.makers:
            maker.orders, maker.queue, maker.fresh = [], [], []
        for grid in self.grids:
            grid.queue, grid.fresh = [], []
        return 0

    def number(self):
        """Everything that allocates gets one, in the order of the config."""
        self.numbers += 1
        return self.numbers

    def _servers(self, plan):
        number = self.number()
        return Servers(self.clock, self.record, plan.resource, plan.at_start, number, plan.later)

    def _stock(self, plan, kind, cause):
        short, later = self.plan.calls.drawing.short, plan.inflows(self.yen_factor)
        stock = YearlyStock(self.clock, self.record, plan, later, short, kind, cause, self.mood)
        if plan.while_raised != 1:
            self.answering.append(stock.inflow)
        return stock

    def _maker(self, plan, ordinal_of):
        ordering = self.plan.equipment.ordering
        return Maker(self.clock, self.record, plan, self.number(), ordering, ordinal_of)

    def _grid(self, plan, additions):
        return Grid(self.clock, self.record, plan, additions, self.number())
