"""What is built of a project, and where it stands when the as-of date comes."""

from __future__ import annotations

from sim.compiled import courses
from sim.compiled.actors import Actor
from sim.compiled.courses import Whole
from sim.compiled.programme import Programme
from sim.compiled.project import Project
from sim.compiled.sites import Sites
from sim.plan.points import planned
from sim.rules.splitting import unit_crew

ENDLESS = 1 << 40  # minutes: a line goes on until the last unit is built


class Yard(Actor):
    """What is built of one project: a clock per unit, and of several the line that begins them."""

    def __init__(self, programme: Programme, project: Project, sites: Sites):
        self._plan(sites, project)
        plan = self.plan
        units, length = plan.units, max(1, plan.length)
        self.clocks = [courses.new_site(project, unit, length, 1 / units) for unit in range(units)]
        self.line, self.whole = None, self.clocks[0]
        if units > 1:
            self.line = courses.new_site(project, courses.LINE, ENDLESS, 0.0)
            self.whole = Whole(project, self.clocks)
        self.running = self.suspended = False  # suspended: by a pause on the way to a point
        self.resumed = programme.clock.event()
        self.left = units  # not built
        self._connect(units > 1)

    def _plan(self, sites, project):
        """When its units are built, and who works at one."""
        ordinal = project.ordinal
        work, first = int(sites.build[ordinal]), int(sites.first_unit[ordinal])
        self.plan = planned(work, project.units, first)
        for pool in range(sites.pools):
            people = int(sites.people[ordinal, pool])
            sites.crews[ordinal * sites.pools + pool] = unit_crew(people, work, self.plan.total)
        return 0

    def _connect(self, several):
        """The only unit wants its crew at once; several have a line and go together."""
        for clock in self.clocks:
            clock.wanted, clock.line = not several, self.line
            clock.whole = self.whole if several else None
        return 0


def reached(programme, project, plan, begun):
    """Where the line is by now, in minutes at full rate, of a site with notice to proceed then.

    What was built on record, or by a work that runs already. Where units are on record, the line
    has gone on from the last of them, and not as far as the end of the next.
    """
    now, built = programme.clock.now, project.built_on
    if not built:
        return _alone(programme, project, begun) + now - begun
    last = len(built) - 1
    place = plan.begin(last) + plan.length + now - built[last]
    for unit in range(last + 1, plan.units):
        place = min(place, plan.begin(unit) + plan.length - 1)
    return place


def _alone(programme, project, begun):
    """Minutes at full rate that a work which runs already has done by its notice to proceed.

    Since its proposal or the as-of date; a last minute is left for the programme's money.
    """
    world, plan = programme.world, programme.plan
    ordinal, entity, own_pace = project.ordinal, project.entity, plan.nature.named.own_pace
    if entity >= len(own_pace) or not own_pace[entity]:
        return 0
    since = max(world.proposed[ordinal].item(), plan.open_minute)
    done = int(own_pace[entity].item() * max(0, begun - since))
    return max(0, min(done, world.build[ordinal].item() - 1))
