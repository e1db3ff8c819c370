"""One replication: the world runs through policy and capacity, and leaves a log and traces."""

from __future__ import annotations

from functools import partial

import numpy as np

from sim.engine.calls import Calls
from sim.engine.clock import Clock, Step, Turn
from sim.engine.construction import Construction
from sim.engine.enforcement import Enforcement
from sim.engine.funding import Funding
from sim.engine.market import Market
from sim.engine.model import Model
from sim.engine.money import YearlyStock
from sim.engine.programme import Programme
from sim.engine.record import Recorder
from sim.engine.review import Review
from sim.engine.selection import Envelope, Selection
from sim.engine.servers import Servers
from sim.errors import ModelError
from sim.events import Attributes, Cause, Kind, Replication
from sim.world import World, draw_world, pin_history
from sim.world.nature import MILLI


def replicate(model: Model, seed: int, replication: int) -> Replication:
    """Draw one world and simulate it.

    Raises
    ------
    ModelError
        If a law of the model breaks; names seed and replication.
    """
    world = draw_world(model.nature, seed, replication)
    try:
        return simulate(model, pin_history(model.nature, world))
    except ModelError as error:
        raise ModelError(f"seed {seed}, replication {replication}: {error}") from error


class Engine:
    """Wires one replication together; ``order`` permutes the creation of processes (for tests)."""

    def __init__(self, model: Model, world: World, order: list[int] | None = None) -> None:
        self.model, self.world = model, world
        self.clock = Clock()
        self.record = Recorder(model.open_minute)
        self.programme = Programme(model, world, self.clock, self.record)
        self.pools_of_servers = 0
        teams = self._capacity()
        self.enforcement = Enforcement(self.programme)
        envelope = Envelope(self.programme, model.resource["envelope"], model.envelope_cents)
        self.selection = Selection(self.programme, envelope, self._selected)
        calls = Calls(self.programme, self.enforcement, self.commitments, self.cash)
        self.funding = Funding(self.programme, self.selection, calls)
        self.market = Market(model, self.clock)
        self.funding.build = Construction(self.programme, calls, self.market.sites).build
        self.review = Review(self.programme, teams, self.selection)
        self.clock.at(
            model.deadline_minute, Turn.DAY_CLOSE, 0, Kind.DEADLINE_CLOSED, call=self._close
        )
        for ordinal in order or range(self.programme.count):
            self.clock.process(self.review.life(ordinal))

    def _servers(self, name: str, path: object) -> Servers:
        resource = self.model.resource[name]
        first, later = self.model.server_steps(path)  # type: ignore[arg-type]
        self.pools_of_servers += 1
        servers = Servers(
            self.clock, self.record, self.programme.entity, resource, first, self.pools_of_servers
        )
        for visit, (minute, count) in enumerate(later):
            self.clock.at(
                minute, Turn.CAPACITY, resource, Step.CAPACITY, visit,
                partial(self._change, servers, count),
            )  # fmt: skip
        return servers

    def _change(self, servers: Servers, count: float, _: object) -> None:
        self.record.log((self.clock.now, -1, Kind.CAPACITY_CHANGED, servers.resource, 0, 0, count))
        servers.set_capacity(count)

    def _stock(self, name: str, money: object, kind: Kind, cause: Cause) -> YearlyStock:
        resource = self.model.resource[name]
        first, later = self.model.yearly_inflows(money)  # type: ignore[arg-type]
        draw = self.model.config.policy.calls.draw
        stock = YearlyStock(
            self.clock, self.record, self.programme.entity, resource, resource, first, draw, kind,
            cause,
        )  # fmt: skip
        carry_over = getattr(money, "carry_over", False)
        for visit, (minute, cents) in enumerate(later):
            self.clock.at(
                minute, Turn.CAPACITY, resource, Step.FISCAL_YEAR, visit,
                partial(self._new_year, stock, cents, carry_over),
            )  # fmt: skip
        return stock

    def _new_year(self, stock: YearlyStock, cents: float, carry_over: bool, _: object) -> None:
        stock.new_year(cents, carry_over)
        self.record.log(
            (self.clock.now, -1, Kind.CAPACITY_CHANGED, stock.resource, 0, 0, stock.held)
        )

    def _capacity(self) -> Servers:
        capacity = self.model.config.capacity
        programme = self.programme
        teams = self._servers("teams", capacity.teams.count)
        agencies = {
            name: self._servers(f"agency_{name}", agency.count)
            for name, agency in capacity.agencies.items()
        }
        programme.agencies = [
            agencies.get(sector.permits.agency or "")
            for sector in self.model.config.sectors.values()
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
        return teams

    def _selected(self, ordinal: int) -> None:
        self.clock.process(self.funding.after_selection(ordinal))

    def _close(self, _: object) -> None:
        self.record.log((self.clock.now, -1, Kind.DEADLINE_CLOSED, -1, 0, 0, 0))
        self.selection.close()
        self.review.close()

    def run(self) -> Replication:
        """Run until the end of the run-out; what is unfinished then is censored."""
        end = self.model.end_minute
        self.clock.run(until=end)
        self.market.close(end)
        world, model = self.world, self.model
        return Replication(
            replication=world.replication,
            names=model.names,
            attributes=Attributes(
                entity=world.entity,
                named=world.named,
                sector=world.sector,
                units=world.units,
                cost_cents=world.cost_cents,
                commitment_cents=world.commitment_cents,
                selected_cents=np.array(self.programme.selected_cents, np.int64),
                cost_ratio=world.cost_ratio,
                japanese_content_share=world.japanese_content_share,
                prospects_share=world.prospects_share,
                build_minutes=world.build,
                nominal_minutes=world.nominal,
                specialists=world.specialists.sum(axis=1) / MILLI,
            ),
            log=self.record.event_log(),
            capacity=self.record.capacity_trace(self.market.capacity_steps()),
            sites=self.market.site_trace(self.programme.entity),
            market=self.market.trace(),
            end_minute=end,
        )


def simulate(model: Model, world: World, order: list[int] | None = None) -> Replication:
    """Run a world that is already drawn and pinned."""
    return Engine(model, world, order).run()
