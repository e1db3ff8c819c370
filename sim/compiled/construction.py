"""The sites of all projects: at work, stopped, built. See docs/model.md, "Construction"."""

from __future__ import annotations

from sim.compiled import courses
from sim.compiled.calls import Calls
from sim.compiled.clock import Actor
from sim.compiled.courses import Site, Whole
from sim.compiled.energising import Energising
from sim.compiled.equipping import Equipping
from sim.compiled.programme import Programme
from sim.compiled.project import Project
from sim.compiled.sites import Sites
from sim.events import Cause, Kind
from sim.plan.points import layout
from sim.rules.splitting import unit_crew

ENDLESS = 1 << 40  # minutes: a line goes on until the last unit is built
STARTED, BUILT = range(2)  # what listeners are told
BUILDING_BEGAN, BUILDING_STOPPED = int(Kind.BUILDING_BEGAN), int(Kind.BUILDING_STOPPED)
UNIT_BUILT, ALL_BUILT, PAUSED = int(Kind.UNIT_BUILT), int(Kind.BUILT), int(Cause.PAUSED)


class Yard(Actor):
    """What is built of one project: a clock per unit, and of several the line that begins them."""

    def __init__(self, programme: Programme, project: Project, plan):
        units = len(plan.begins)
        self.plan, self.length = plan, max(1, plan.length)
        self.clocks = [Site(project, unit, self.length, 1 / units) for unit in range(units)]
        self.line, self.whole = None, self.clocks[0]
        if units > 1:
            self.line = Site(project, courses.LINE, ENDLESS, 0.0)
            self.whole = Whole(project, self.clocks)
        self.running = self.suspended = False  # suspended: by a pause on the way to a point
        self.resumed = programme.clock.event()
        self.left = units  # not built
        self._connect(units > 1)

    def _connect(self, several):
        """The only unit wants its crew at once; several have a line and go together."""
        for clock in self.clocks:
            clock.wanted, clock.line = not several, self.line
            clock.whole = self.whole if several else None
        return 0


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
        self.told = []  # when a project gets its notice to proceed, and when it is built

    def tell(self, step, project):
        """Somebody wants to know."""
        for actor in self.told:
            actor.act(step, project.ordinal, 0)
        return 0

    def new_yard(self, project):
        """Its sites and their crew, nobody at work yet."""
        world, ordinal = self.programme.world, project.ordinal
        plan, work = layout(world, ordinal), world.build[ordinal].item()
        for pool, crew in enumerate(world.specialists[ordinal].tolist()):
            self.sites.crews[ordinal, pool] = unit_crew(crew, work, plan.total)
        project.yard = Yard(self.programme, project, plan)
        return project.yard

    def complete(self, project, yard, unit):
        """A unit stands."""
        clock = yard.clocks[unit]
        clock.wanted = False
        clock.reached = clock.total  # a build of no length is spent all the same
        self.sites.leave(clock)
        cents = self.programme.unit_cents(project, unit)
        self.programme.tell(project, UNIT_BUILT, -1, 0, unit, cents)
        yard.left -= 1
        if not yard.left:
            if yard.line is not None:
                self.sites.suspend(yard.line)
            yard.suspended = False
            self.programme.tell(project, ALL_BUILT)
            self.tell(BUILT, project)
        return self.energising.unit_built(project, unit)

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
        for clock in yard.clocks:
            shares.append(self.sites.progress(clock))
        return sum(shares) / len(shares)  # Python's own sum: it may be more exact than a loop
