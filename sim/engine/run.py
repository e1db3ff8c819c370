"""One replication: the world runs through policy and capacity, and leaves a log and traces."""

from __future__ import annotations

from sim.engine.calls import Calls
from sim.engine.clock import Clock
from sim.engine.construction import Construction
from sim.engine.dated_events import DatedEvents
from sim.engine.energising import Energising
from sim.engine.enforcement import Enforcement
from sim.engine.equipping import Equipping
from sim.engine.funding import Funding
from sim.engine.hazards import Hazards
from sim.engine.market import Market, crew_waits
from sim.engine.permits import develop
from sim.engine.programme import Programme
from sim.engine.public import Public
from sim.engine.record import Recorder
from sim.engine.review import Review
from sim.engine.reviews import Reviews
from sim.engine.selection import Envelope, Selection
from sim.engine.signing import Signing
from sim.engine.supply import make_supply
from sim.errors import ModelError
from sim.events import Cause, Kind, Replication
from sim.events.turns import Turn
from sim.plan import Plan
from sim.plan.attributes import attributes
from sim.world import World, draw_world, pin_history


def replicate(plan: Plan, seed: int, replication: int) -> Replication:
    """Draw one world and simulate it.

    Raises
    ------
    ModelError
        If a law of the model breaks; names seed and replication.
    """
    world = draw_world(plan.nature, seed, replication)
    try:
        return simulate(plan, pin_history(plan.nature, world))
    except ModelError as error:
        raise ModelError(f"seed {seed}, replication {replication}: {error}") from error


class Engine:
    """Wires one replication together; ``order`` permutes the creation of processes (for tests)."""

    def __init__(
        self, plan: Plan, world: World, order: list[int] | None = None, traced: bool = True
    ) -> None:
        self.plan, self.world = plan, world
        self.clock = Clock()
        self.record = Recorder(plan.open_minute, traced)
        supply = make_supply(plan, self.clock, self.record, world)
        self.programme = Programme(plan, world, self.clock, self.record, supply)
        self.enforcement = Enforcement(self.programme)
        envelope = Envelope(self.programme, plan.resource["envelope"], plan.envelope_cents)
        self.selection = Selection(self.programme, envelope, self._selected)
        calls = Calls(self.programme, self.enforcement)
        self.funding = Funding(self.programme, self.selection, calls)
        self.market = Market(
            plan.specialists, self.clock, self._staffing_rank(), crew_waits(self.programme)
        )
        self.energising = Energising(self.programme)
        self.equipping = Equipping(self.programme)
        construction = Construction(
            self.programme,
            calls,
            self.market.sites,
            self.equipping,
            self.energising,
        )
        self.funding.build = construction.build
        self.funding.let_go = self.equipping.cancel
        self.hazards = Hazards(self.programme, construction, calls, self.selection)
        Reviews(self.programme, self.enforcement, envelope, calls)
        Public(self.programme, calls)
        DatedEvents(self.programme, self.selection, calls, construction, self.hazards)
        Signing(calls, self.hazards)
        self.review = Review(self.programme, self.selection)
        self.programme.refuse = self._refused
        self.clock.at(
            plan.deadline_minute, Turn.DAY_CLOSE, 0, Kind.DEADLINE_CLOSED, call=self._close
        )
        for ordinal in order or range(self.programme.count):
            self.programme.start(ordinal, self.review.life(ordinal))

    def _staffing_rank(self) -> list[int]:
        """Each ordinal's rank among all projects, for staffing rules that see single sites."""
        ranked = self.programme.ranked(range(self.programme.count), self.plan.specialists.ranking)
        order = [0] * len(ranked)
        for place, ordinal in enumerate(ranked):
            order[ordinal] = place
        return order

    def _selected(self, ordinal: int) -> None:
        self.hazards.selected(ordinal)
        self.energising.request(ordinal)
        if self.plan.permits.develops[self.programme.sector[ordinal]]:
            self.programme.start(ordinal, develop(self.programme, ordinal))
        self.programme.start(ordinal, self.equipping.reserve(ordinal))
        self.programme.start(ordinal, self.funding.after_selection(ordinal))

    def _refused(self, ordinal: int, desks: int) -> None:
        """A lender refuses: the end, of a proposal at once, of a selected project as cancelled.

        A loan is for all sites of a project, so all of them end.
        """
        for site in self.programme.sites[ordinal]:
            if not self.programme.alive[site]:
                continue
            if site in self.selection.selected:
                self.hazards.cancel(site, Cause.REFUSED)
            else:
                self.review.withdraw(site)
                self.programme.finish(site, Kind.REFUSED, resource=desks)

    def _close(self, _: object) -> None:
        self.record.log((self.clock.now, -1, Kind.DEADLINE_CLOSED, -1, 0, 0, 0))
        self.selection.close()
        self.review.close()

    def run(self) -> Replication:
        """Run until the end of the run-out; what is unfinished then is censored."""
        end = self.plan.end_minute
        self.clock.run(until=end)
        self.market.close(end)
        world, plan = self.world, self.plan
        return Replication(
            replication=world.replication,
            names=plan.names,
            attributes=attributes(
                plan, world, self.programme.commitment_cents, self.programme.selected_cents
            ),
            log=self.record.event_log(),
            capacity=self.record.capacity_trace(self.market.capacity_steps()),
            sites=self.market.site_trace(self.programme.entity),
            market=self.market.trace(),
            end_minute=end,
            operation=world.operation,
        )


def simulate(
    plan: Plan, world: World, order: list[int] | None = None, traced: bool = True
) -> Replication:
    """Run a world that is already drawn and pinned; ``traced``: with the steps of capacity."""
    return Engine(plan, world, order, traced).run()
