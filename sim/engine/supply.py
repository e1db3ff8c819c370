"""The capacities of one replication, made from the plan and fed as its paths say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import count
from math import inf

from sim.engine.clock import Clock
from sim.engine.equipment import Maker
from sim.engine.money import YearlyStock
from sim.engine.power import Grid
from sim.engine.record import Recorder
from sim.engine.servers import Servers
from sim.events import Cause, Kind
from sim.events.turns import Step, Turn
from sim.plan import Plan
from sim.plan.supply import MakerPlan, MoneyPlan, ServersPlan
from sim.rules.drawing import answer
from sim.world import World


class Inflow:
    """Yearly money of which more or less flows in while tariffs are raised, by the minute."""

    def __init__(self, clock: Clock, stock: YearlyStock, plan: MoneyPlan) -> None:
        self.clock, self.stock, self.plan = clock, stock, plan
        self.ends = [*(minute for minute, _ in plan.later), plan.last_end]
        self.year, self.begin, self.inflow = 0, 0, plan.at_start
        self.moved, self.raised = 0.0, False

    def new_year(self, cents: float) -> None:
        """A fiscal year begins, as if tariffs were not raised, and answers at once if they are."""
        self.stock.new_year(cents, self.plan.carries(self.clock.now))
        self.year, self.begin, self.inflow = self.year + 1, self.clock.now, cents
        self.moved = 0.0
        if self.raised:
            self.answer(raised=True)

    def answer(self, raised: bool) -> None:
        """What is left of the year's inflow follows."""
        self.raised, end = raised, self.ends[self.year]
        rest = (end - self.clock.now) / (end - self.begin)
        change = answer(self.inflow, rest, self.plan.while_raised, raised, self.moved)
        self.moved += self.stock.flow(change)


@dataclass
class Mood:
    """What a fiscal year brings of what the plan has for it, as the public has it."""

    share: float = 1.0

    def brings(self, cents: float) -> float:
        """Whole cents; no limit is none at any share."""
        return cents if self.share == 1 or cents == inf else float(round(cents * self.share))


@dataclass(frozen=True)
class Supply:
    """What the activities take from; all of it is handed to them in `Programme`."""

    teams: Servers
    agency_of_sector: tuple[Servers | None, ...]
    desks: tuple[Servers, ...]  # by facility
    commitments: tuple[YearlyStock, ...]  # by facility
    cash: tuple[YearlyStock, ...]  # by facility
    makers: tuple[Maker, ...]  # by kind of equipment
    grids: tuple[Grid, ...]  # by region
    answering: tuple[Inflow, ...]  # yearly money that answers a tariff
    mood: Mood

    def tariffs(self, *, raised: bool) -> None:
        """Tariffs have gone up, or are back at their baseline."""
        for inflow in self.answering:
            inflow.answer(raised)


def make_supply(plan: Plan, clock: Clock, record: Recorder, world: World) -> Supply:
    """Make everything of the plan but its specialists, and schedule its changes."""
    maker = _Making(plan, clock, record, world)
    supply = plan.supply
    for one in supply.taken:
        row = (one.minute, -1, Kind.CLAIM_TAKEN, one.resource, 0, one.claim, one.amount)
        clock.at(
            one.minute,
            Turn.CAPACITY,
            one.resource,
            Step.CLAIM,
            one.claim,
            partial(_tell, record, row),
        )
    teams = maker.servers(supply.teams)
    agencies = [maker.servers(agency) for agency in supply.agencies]
    return Supply(
        teams=teams,
        agency_of_sector=tuple(
            None if place is None else agencies[place] for place in supply.agency_of_sector
        ),
        desks=tuple(maker.servers(desks) for desks in supply.desks),
        commitments=tuple(
            maker.stock(money, Kind.FUNDS_COMMITTED, Cause.FUNDING_COMMITMENT)
            for money in supply.commitments
        ),
        cash=tuple(
            maker.stock(money, Kind.PART_DRAWN, Cause.FUNDING_MONEY) for money in supply.cash
        ),
        makers=tuple(maker.maker(one) for one in supply.makers),
        grids=tuple(
            Grid(
                clock, record, region.resource, maker.number(), region.additions, region.carry_over
            )
            for region in supply.regions
        ),
        answering=tuple(maker.answering),
        mood=maker.mood,
    )


class _Making:
    """Makes capacities one after another; those that allocate get a number each."""

    def __init__(self, plan: Plan, clock: Clock, record: Recorder, world: World) -> None:
        self.plan = plan
        self.clock = clock
        self.record = record
        self.entity: list[int] = world.entity.tolist()
        self.yen_factor: list[float] = world.yen_factor.tolist()
        self._numbers = count(1)
        self.answering: list[Inflow] = []
        self.mood = Mood()

    def number(self) -> int:
        return next(self._numbers)

    def _changed(self, resource: int, amount: float) -> None:
        self.record.log((self.clock.now, -1, Kind.CAPACITY_CHANGED, resource, 0, 0, amount))

    def servers(self, plan: ServersPlan) -> Servers:
        servers = Servers(
            self.clock, self.record, self.entity, plan.resource, plan.at_start, self.number()
        )

        def change(units: float, _: object) -> None:
            self._changed(plan.resource, units)
            servers.set_capacity(units)

        for visit, (minute, units) in enumerate(plan.later):
            self.clock.at(
                minute, Turn.CAPACITY, plan.resource, Step.CAPACITY, visit, partial(change, units)
            )
        return servers

    def stock(self, plan: MoneyPlan, kind: Kind, cause: Cause) -> YearlyStock:
        resource = plan.resource
        stock = YearlyStock(
            self.clock,
            self.record,
            self.entity,
            resource,
            resource,
            plan.at_start,
            self.plan.calls.drawing.short,
            kind,
            cause,
        )

        answers = Inflow(self.clock, stock, plan)
        if plan.while_raised != 1:
            self.answering.append(answers)

        def new_year(cents: float, _: object) -> None:
            answers.new_year(self.mood.brings(cents))
            self._changed(resource, stock.held)

        for visit, (minute, cents) in enumerate(plan.inflows(self.yen_factor)):
            self.clock.at(
                minute, Turn.CAPACITY, resource, Step.FISCAL_YEAR, visit, partial(new_year, cents)
            )
        return stock

    def maker(self, plan: MakerPlan) -> Maker:
        maker = Maker(
            self.clock,
            self.record,
            self.entity,
            plan.resource,
            self.number(),
            plan.at_start,
            self.plan.equipment.ordering,
        )

        def new_year(slots: int, _: object) -> None:
            maker.new_year(slots, plan.carry_over)
            self._changed(plan.resource, maker.capacity)

        for visit, (minute, slots) in enumerate(plan.later):
            # Behind what is reserved from that day on, so that the log tells all there is.
            self.clock.at(
                minute, Turn.CAPACITY, plan.resource, Step.SLOTS, visit, partial(new_year, slots)
            )
        ordinal_of = {entity: ordinal for ordinal, entity in enumerate(self.entity)}
        for entity, minute, slots in plan.reserved:
            if entity not in ordinal_of:
                continue  # a project that did not come to be
            ordinal = ordinal_of[entity]
            if not minute:
                maker.reserve(ordinal, slots)
                continue
            self.clock.at(
                minute,
                Turn.CAPACITY,
                plan.resource,
                Step.RESERVED,
                ordinal,
                partial(_reserve, maker, ordinal, slots),
            )
        return maker


def _reserve(maker: Maker, ordinal: int, slots: int, _: object) -> None:
    maker.reserve(ordinal, slots)


def _tell(record: Recorder, row: tuple[float, ...], _: object) -> None:
    record.log(row)
