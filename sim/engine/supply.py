"""The capacities of one replication, made from the config and fed as its paths say."""

from __future__ import annotations

from datetime import date
from functools import partial
from math import inf

from sim.config.capacity import Equipment, Region
from sim.engine.clock import Clock, Step, Turn
from sim.engine.equipment import Maker
from sim.engine.money import YearlyStock
from sim.engine.power import Grid
from sim.engine.programme import Programme
from sim.engine.servers import Servers
from sim.events import Cause, Kind
from sim.plan.plan import Plan


class Supply:
    """Servers, yearly money, makers and grids; ``Programme`` is told which desks are whose."""

    def __init__(self, plan: Plan, programme: Programme) -> None:
        self.plan = plan
        self.programme = programme
        self.clock: Clock = programme.clock
        self.record = programme.record
        self._allocating = 0  # pools that allocate at desks' turn, each with a number of its own
        capacity = plan.config.capacity
        self.teams = self._servers("teams", capacity.teams.count)
        agencies = {
            name: self._servers(f"agency_{name}", agency.count)
            for name, agency in capacity.agencies.items()
        }
        programme.agencies = [
            agencies.get(sector.permits.agency or "") for sector in plan.config.sectors.values()
        ]
        facilities = capacity.facilities.items()
        programme.desks = [self._servers(f"{name}_desks", f.desks) for name, f in facilities]
        self.commitments = [
            self._stock(f"{name}_commitments", f.commitments, Kind.FUNDS_COMMITTED,
                        Cause.FUNDING_COMMITMENT)
            for name, f in facilities
        ]  # fmt: skip
        self.cash = [
            self._stock(f"{name}_cash", f.cash, Kind.PART_DRAWN, Cause.FUNDING_MONEY)
            for name, f in facilities
        ]
        self.makers = [self._maker(name, e) for name, e in capacity.equipment.items()]
        regions = capacity.power.regions.items() if capacity.power else ()
        self.grids = [self._grid(name, region) for name, region in regions]

    def _number(self) -> int:
        self._allocating += 1
        return self._allocating

    def _changed(self, resource: int, amount: float) -> None:
        self.record.log((self.clock.now, -1, Kind.CAPACITY_CHANGED, resource, 0, 0, amount))

    def _servers(self, name: str, path: object) -> Servers:
        resource = self.plan.resource[name]
        first, later = self.plan.server_steps(path)  # type: ignore[arg-type]
        servers = Servers(
            self.clock, self.record, self.programme.entity, resource, first, self._number()
        )

        def change(count: float, _: object) -> None:
            self._changed(resource, count)
            servers.set_capacity(count)

        for visit, (minute, count) in enumerate(later):
            self.clock.at(
                minute, Turn.CAPACITY, resource, Step.CAPACITY, visit, partial(change, count)
            )
        return servers

    def _stock(self, name: str, money: object, kind: Kind, cause: Cause) -> YearlyStock:
        resource = self.plan.resource[name]
        first, later = self.plan.yearly_inflows(money)  # type: ignore[arg-type]
        draw = self.plan.config.policy.calls.draw
        stock = YearlyStock(
            self.clock, self.record, self.programme.entity, resource, resource, first, draw, kind,
            cause,
        )  # fmt: skip
        carry_over = getattr(money, "carry_over", False)

        def new_year(cents: float, _: object) -> None:
            stock.new_year(cents, carry_over)
            self._changed(resource, stock.held)

        for visit, (minute, cents) in enumerate(later):
            self.clock.at(
                minute, Turn.CAPACITY, resource, Step.FISCAL_YEAR, visit, partial(new_year, cents)
            )
        return stock

    def _maker(self, name: str, equipment: Equipment) -> Maker:
        """Slots by calendar year; what is reserved is there on 1 January of its year."""
        resource, slots = self.plan.resource[f"equipment_{name}"], equipment.slots
        whole = self.plan.config.policy.equipment_orders == "whole_order"
        years = [] if isinstance(slots, str) else self.plan.calendar_years(slots)
        maker = Maker(
            self.clock, self.record, self.programme.entity, resource, self._number(),
            years[0][2] if years else inf, whole,
        )  # fmt: skip

        def new_year(amount: int, _: object) -> None:
            maker.new_year(amount, getattr(slots, "carry_over", False))
            self._changed(resource, maker.capacity)

        for visit, (minute, _, amount) in enumerate(years[1:]):
            # Behind what is reserved from that day on, so that the log tells all there is.
            self.clock.at(
                minute, Turn.CAPACITY, resource, Step.SLOTS, visit, partial(new_year, amount)
            )
        self._reserve(maker, equipment)
        return maker

    def _reserve(self, maker: Maker, equipment: Equipment) -> None:
        """Reserved slots of projects that came to be."""
        first = self.plan.config.programme.start.year

        def minute_of(year: int) -> int:
            return self.plan.epoch.minute_of(date(year, 1, 1))

        ordinals = {
            self.plan.nature.entity_ids[entity]: ordinal
            for ordinal, entity in enumerate(self.programme.entity)
        }
        for project, years in equipment.reserved.items():
            if project not in ordinals:
                continue
            ordinal = ordinals[project]
            for year, slots in years.items():
                if year <= first:
                    maker.reserve(ordinal, slots)
                elif minute_of(year) < self.plan.end_minute:
                    self.clock.at(
                        minute_of(year), Turn.CAPACITY, maker.resource, Step.RESERVED,
                        ordinal, partial(_reserved, maker, ordinal, slots),
                    )  # fmt: skip

    def _grid(self, name: str, region: Region) -> Grid:
        flow = region.additions_mw
        unlimited = isinstance(flow, str)
        return Grid(
            self.clock, self.record, self.plan.resource[f"power_{name}"], self._number(),
            None if isinstance(flow, str) else self.plan.calendar_years(flow),
            not unlimited and getattr(flow, "carry_over", False),
        )  # fmt: skip


def _reserved(maker: Maker, ordinal: int, slots: int, _: object) -> None:
    maker.reserve(ordinal, slots)
