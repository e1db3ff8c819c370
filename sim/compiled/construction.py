# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""The sites of all projects: at work, stopped, built. See docs/model.md, "Construction"."""

from __future__ import annotations

from sim.compiled.calls import Calls
from sim.compiled.energising import Energising
from sim.compiled.equipping import Equipping
from sim.compiled.programme import Programme
from sim.compiled.sites import Sites
from sim.compiled.yards import Yard
from sim.events import Cause, Kind
from sim.plan.calls import NTP

STARTED, BUILT = range(2)  # what listeners are told
BUILDING_BEGAN, BUILDING_STOPPED = int(Kind.BUILDING_BEGAN), int(Kind.BUILDING_STOPPED)
UNIT_BUILT, ALL_BUILT, PAUSED = int(Kind.UNIT_BUILT), int(Kind.BUILT), int(Cause.PAUSED)


class Construction:
    """Sites of all projects."""

    def __init__(
        self,
        programme: Programme,
        calls: Calls,
        sites: Sites,
        equipping: Equipping,
        energising: Energising,
    ):
        self.programme, self.calls, self.sites = programme, calls, sites
        self.equipping, self.energising = equipping, energising
        world = programme.world
        self.cost_ratio, self.lead_error = world.cost_ratio, world.lead_error
        calls_plan, permits = programme.plan.calls, programme.plan.permits
        self.gates, self.order_slice = calls_plan.gates, calls_plan.order_slice
        self.early_works, self.develops = permits.early_works, permits.develops  # by sector
        slices = calls_plan.slices
        self.at_notice = [index for index, one in enumerate(slices) if one.trigger == NTP]
        self.told = []  # when a project gets its notice to proceed, and when it is built

    def close(self):
        """Let go of what holds each other."""
        self.told = []
        for project in self.programme.projects:
            yard = project.yard
            if yard is not None:
                for clock in yard.clocks:
                    clock.whole = clock.line = None
        return 0

    def tell(self, step, project):
        """Somebody wants to know."""
        for actor in self.told:
            actor.act(step, project.ordinal, 0)
        return 0

    def yard(self, project):
        """What is built of a project, nobody at work yet."""
        if project.yard is None:
            project.yard = Yard(self.programme, project, self.sites)
        return project.yard

    def complete(self, project, yard, unit):
        """A unit stands."""
        clock = yard.clocks[unit]
        clock.wanted = False
        clock.reached = clock.total  # a build of no length is spent all the same
        self.sites.leave(clock)
        self.built(project, yard, unit)
        return self.energising.unit_built(project, unit)

    def on_record(self, project, unit):
        """A unit is built on its date, whatever site and machines say."""
        yard = self.yard(project)
        clock = yard.clocks[unit]
        self.equipping.stand(project, unit)
        self.sites.credit(clock, clock.total)
        return self.built(project, yard, unit)

    def built(self, project, yard, unit):
        """One more."""
        programme = self.programme
        cents = programme.unit_cents(project, unit)
        cause = programme.record.cause_at(programme.clock.now)
        programme.tell(project, UNIT_BUILT, -1, cause, unit, cents)
        yard.left -= 1
        if not yard.left:
            if yard.line is not None:
                self.sites.suspend(yard.line)
            yard.suspended = False
            programme.tell(project, ALL_BUILT, -1, cause)
            self.tell(BUILT, project)
        return 0

    def man(self, yard, clock):
        """A unit wants its crew from now on."""
        clock.wanted = True
        if yard.running:
            self.sites.join(clock)
        return 0

    def dismiss(self, clock):
        """It does not for the time being."""
        clock.wanted = False
        return self.sites.leave(clock)

    def start(self, project, yard):
        """Everybody to work."""
        self.programme.tell(project, BUILDING_BEGAN, -1, 0, 0, self.progress(project))
        yard.running = True
        if yard.line is not None:
            self.sites.join(yard.line)
        for clock in yard.clocks:
            if clock.wanted:
                self.sites.join(clock)
        if not yard.resumed.triggered:
            yard.resumed.succeed()
        return 0

    def halt(self, project, yard, cause, part=0):
        """All units and the line stand still where they are, and their crews go back."""
        yard.running = False
        yard.resumed = self.programme.clock.event()
        for clock in yard.clocks:
            if clock.wanted:
                if clock.moment is None:
                    self.sites.leave(clock)
                else:
                    self.sites.suspend(clock)
        if yard.line is not None:
            self.sites.suspend(yard.line)
        return self.programme.tell(
            project, BUILDING_STOPPED, -1, cause, part, self.progress(project)
        )

    def stop(self, project, yard, cause, part=0):
        """It cannot go on."""
        if yard.suspended:  # paused in the very minute it got there: off already
            yard.suspended = False
            return 0
        return self.halt(project, yard, cause, part)

    def suspend(self, project):
        """A pause takes the site off, wherever it is."""
        yard = project.yard
        if yard is not None and yard.running:
            yard.suspended = True
            self.halt(project, yard, PAUSED)
        return 0

    def resume(self, project):
        """The pause is over: back to work, unless something else holds the site."""
        yard = project.yard
        if yard is not None and yard.suspended:
            yard.suspended = False
            self.start(project, yard)
        return 0

    def abandon(self, project):
        """The project is cancelled: its crew is free, its orders and requests are dropped."""
        yard = project.yard
        if yard is not None:
            for clock in yard.clocks:
                self.sites.leave(clock)
            if yard.line is not None:
                self.sites.suspend(yard.line)
        self.equipping.cancel(project)
        return self.energising.cancel(project)

    def progress(self, project):
        """Share of the building done: the mean of its units."""
        yard, shares = project.yard, []
        if yard is None:
            return 0.0
        if yard.line is None:
            return self.sites.progress(yard.whole)
        for clock in yard.clocks:
            shares.append(self.sites.progress(clock))
        return sum(shares) / len(shares)  # Python's own sum: it may be more exact than a loop
