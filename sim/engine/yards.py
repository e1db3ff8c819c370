"""What is built of a project, and where it stands when the as-of date comes."""

from __future__ import annotations

import simpy

from sim.engine.courses import LINE, Course, Site, Whole
from sim.engine.programme import Programme
from sim.plan.points import layout
from sim.rules.splitting import unit_crew

ENDLESS = 1 << 40  # minutes: a line goes on until the last unit is built


class Yard:
    """What is built of one project: a clock per unit, and of several the line that begins them."""

    def __init__(self, programme: Programme, ordinal: int) -> None:
        world, plan = programme.world, layout(programme.world, ordinal)
        units = plan.units
        work = world.build[ordinal].item()
        crew = [unit_crew(each, work, plan.total) for each in world.specialists[ordinal].tolist()]
        length = max(1, plan.length)
        self.ordinal = ordinal
        self.plan = plan
        self.clocks = [Site(ordinal, crew, length, unit, 1 / units) for unit in range(units)]
        self.line: Site | None = None
        self.whole: Course = self.clocks[0]
        self.wanted = {0}  # units that want their crew: begun, not built, machines there
        if units > 1:
            self.line = Site(ordinal, crew, ENDLESS, LINE, 0)
            self.whole = Whole(ordinal, self.clocks)
            self.wanted.clear()
        self.running = False
        self.resumed: simpy.Event = programme.clock.event()
        self.left = units  # not built


def reached(programme: Programme, yard: Yard, begun: int) -> int:
    """Where the line is by now, in minutes at full rate, of a site with notice to proceed then.

    What was built on record, or by a work that runs already. Where units are on record, the line
    has gone on from the last of them, and not as far as the end of the next.
    """
    now, built = programme.clock.now, programme.built_on[yard.ordinal]
    if not built:
        return _alone(programme, yard.ordinal, begun) + now - begun
    plan = yard.plan
    ends = [plan.begin(unit) + plan.length for unit in range(len(built) - 1, plan.units)]
    place = ends[0] + now - built[-1]
    return min([place, *(end - 1 for end in ends[1:])])


def _alone(programme: Programme, ordinal: int, begun: int) -> int:
    """Minutes at full rate that a work which runs already has done by its notice to proceed.

    Since its proposal or the as-of date; a last minute is left for the programme's money.
    """
    world, plan = programme.world, programme.plan
    entity, named = world.entity[ordinal].item(), plan.nature.named
    if entity >= len(named.own_pace) or not named.own_pace[entity]:
        return 0
    since: int = max(world.proposed[ordinal].item(), plan.open_minute)
    done = int(named.own_pace[entity].item() * max(0, begun - since))
    length: int = world.build[ordinal].item()
    return max(0, min(done, length - 1))
