# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""One replication: the world runs through policy and capacity, and leaves a log and traces."""

from __future__ import annotations

from sim.compiled.actors import Actor
from sim.compiled.calls import Calls
from sim.compiled.clock import new_clock
from sim.compiled.construction import Construction
from sim.compiled.dated_events import DatedEvents
from sim.compiled.energising import Energising
from sim.compiled.enforcement import Enforcement
from sim.compiled.equipping import Equipping, Reserve
from sim.compiled.funding import AfterSelection, Funding
from sim.compiled.hazards import Hazards
from sim.compiled.known import known_of
from sim.compiled.market import Market
from sim.compiled.permits import Develop
from sim.compiled.programme import Docket, Programme
from sim.compiled.public import Public
from sim.compiled.record import Recorder
from sim.compiled.review import Review
from sim.compiled.reviews import Reviews
from sim.compiled.selection import Envelope, Selection
from sim.compiled.signing import Signing
from sim.compiled.supply import Supply
from sim.events import Cause, Kind, Replication
from sim.events.turns import Turn
from sim.plan.attributes import attributes

SELECTED, REFUSES, CLOSES = range(3)
DAY_CLOSE, DEADLINE = int(Turn.DAY_CLOSE), int(Kind.DEADLINE_CLOSED)
REFUSED_KIND, REFUSED = int(Kind.REFUSED), int(Cause.REFUSED)


class Step(Actor):
    """Tells the engine what an activity has decided."""

    def __init__(self, engine: Engine, what):
        self.engine, self.what = engine, what

    def act(self, step, one, two):
        """A selection, a refusal, or the deadline."""
        engine = self.engine
        if self.what == SELECTED:
            return engine.selected(engine.programme.projects[one])
        if self.what == REFUSES:
            return engine.refused(engine.programme.projects[one], two)
        return engine.lapse()


class Engine:
    """Wires one replication together."""

    def __init__(self, plan, world, traced=True):
        self.plan, self.world = plan, world
        self.clock = new_clock()
        self.record = Recorder(
            plan.open_minute, len(plan.nature.entity_ids), len(plan.names.resources), traced
        )
        known = known_of(plan)
        supply = Supply(known, self.clock, self.record, world)
        self.programme = Programme(known, world, self.clock, self.record, supply)
        self._wire()

    def _wire(self):
        plan, programme = self.plan, self.programme
        enforcement = self.enforcement = Enforcement(programme)
        envelope = Envelope(programme, plan.resource["envelope"], plan.envelope_cents)
        self.selection = Selection(programme, envelope, Step(self, SELECTED))
        calls = Calls(programme)
        calls.enforcement = enforcement
        apart = plan.specialists.staffing.rows != "crafts"
        self.market = Market(programme, self._staffing_rank() if apart else [])
        self.energising, self.equipping = Energising(programme), Equipping(programme)
        construction = self.construction = Construction(
            programme, calls, self.market.sites, self.equipping, self.energising
        )
        self.funding = Funding(programme, self.selection, calls, construction, self.equipping)
        self.hazards = Hazards(programme, construction, calls, self.selection)
        # Kept, because only the clock knows them.
        self.others = [
            Reviews(programme, enforcement, envelope, calls),
            Public(programme, calls),
            DatedEvents(programme, self.selection, calls, self.hazards),
            Signing(calls, self.hazards),
        ]
        self.review = Review(programme, self.selection)
        programme.refuse = Step(self, REFUSES)
        self.clock.at(plan.deadline_minute, DAY_CLOSE, 0, DEADLINE, 0, Step(self, CLOSES))
        for project in programme.projects:
            self.review.begin(project)
        return 0

    def _staffing_rank(self):
        """Each ordinal's rank among all projects, which rules want that see single sites."""
        programme = self.programme
        docket = Docket(programme, self.plan.specialists.ranking)
        for project in programme.projects:
            docket.add(project)
        order = [0] * programme.count
        for place, project in enumerate(docket.first(programme.count)):
            order[project.ordinal] = place
        return order

    def selected(self, project):
        """What begins with a selection."""
        programme = self.programme
        self.hazards.selected(project)
        self.energising.request(project)
        if self.plan.permits.develops[project.sector]:
            programme.start(Develop(), project)
        programme.start(Reserve(self.equipping), project)
        return programme.start(AfterSelection(self.funding), project)

    def refused(self, project, desks):
        """A lender refuses: the end, of a proposal at once, of a selected project as cancelled.

        A loan is for all sites of a project, so all of them end.
        """
        for site in project.sites:
            if not site.alive:
                continue
            if site.selected:
                self.hazards.cancel(site, REFUSED)
            else:
                self.review.withdraw(site)
                self.programme.finish(site, REFUSED_KIND, desks)
        return 0

    def lapse(self):
        """The deadline: what is not selected lapses."""
        self.programme.say(DEADLINE)
        self.selection.close()
        self.review.lapse()
        return 0

    def run(self):
        """Run until the end of the run-out; what is unfinished then is censored."""
        world, plan, end = self.world, self.plan, self.plan.end_minute
        self.clock.run(end)
        self.market.sites.cut(end)
        if self.record.traced:
            self.market.tell()
        left = Replication(
            replication=world.replication,
            names=plan.names,
            attributes=attributes(
                plan, world, self.programme.commitment_cents, self._selected_cents()
            ),
            log=self.record.event_log(),
            capacity=self.record.capacity_trace(),
            sites=self.market.site_trace(world.entity),
            market=self.market.trace(),
            end_minute=end,
            operation=world.operation,
        )
        self._part()
        return left

    def _part(self):
        """Undo what holds each other, so that nobody need look for what is over."""
        programme = self.programme
        self.record.close()
        self.clock.close()
        self.market.sites.close()
        self.review.close()
        self.enforcement.routes = None
        self.construction.close()
        programme.supply.close()
        for project in programme.projects:
            project.close()
        programme.supply = programme.refuse = None
        self.selection = self.funding = self.hazards = self.review = self.others = None
        return 0

    def _selected_cents(self):
        return [selected_cents(project) for project in self.programme.projects]


def selected_cents(project):
    """Cents of its commitment, 0 when it was never selected."""
    return project.selected_cents


def simulate(plan, world, traced=True):
    """Run a world that is already drawn and pinned; ``traced``: with the steps of capacity."""
    return Engine(plan, world, traced).run()
