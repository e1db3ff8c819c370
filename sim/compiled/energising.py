# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""From built to energised: the connection, and the megawatts of the region.

See docs/model.md, "Power".
"""

from __future__ import annotations

import numpy as np

from sim.compiled import power
from sim.compiled.actors import Actor
from sim.compiled.programme import Programme
from sim.events import Cause, Kind
from sim.events.turns import Turn

CONNECT = 2  # beside what a grid tells a load
COMPLETION = int(Turn.COMPLETION)
GRID_CONNECTION, POWER = int(Cause.GRID_CONNECTION), int(Cause.POWER)
GRID_REQUESTED, GRID_CONNECTED = int(Kind.GRID_REQUESTED), int(Kind.GRID_CONNECTED)
UNIT_ENERGISED, OPERATING = int(Kind.UNIT_ENERGISED), int(Kind.OPERATING)


class Link:
    """How one project stands with its region of the grid; ``grid`` is None if it uses none."""


class Energising(Actor):
    """Requests, connections, and the last milestones of every project."""

    def __init__(self, programme: Programme):
        self.programme, self.grids = programme, programme.supply.grids
        self.region_of = programme.plan.power.region_of_place
        self.megawatts = np.ascontiguousarray(programme.world.megawatts)
        self.ahead = np.ascontiguousarray(programme.world.grid_ahead)
        self.connection = np.ascontiguousarray(programme.world.grid_connection)
        self.links = [None] * programme.count  # of selected projects

    def act(self, step, one, two):
        """A connection, or the grid's answer to one unit."""
        if step == CONNECT:
            return self._connect(self.links[one])
        if step == power.GRANTED:
            return self._granted(self.links[one], two)
        return self._fall_short(self.links[one], two)

    def region(self, project):
        """The project's region, None when it does not use the grid."""
        if not self.grids or not self.megawatts[project.ordinal]:
            return None
        return self.grids[self.region_of[project.place]]

    def request(self, project):
        """Tell of the request: its place in the queue is the day on which it was made."""
        ordinal, clock = project.ordinal, self.programme.clock
        link = self.links[ordinal] = Link.__new__(Link)
        link.project, link.grid = project, self.region(project)
        link.resource, link.energised = -1, 0
        if link.grid is None:
            return 0
        link.resource, link.megawatts = link.grid.resource, self.megawatts[ordinal]
        link.requested = clock.now - self.ahead[ordinal]
        link.connected, link.waiting = False, []
        link.short = set()  # units that wait for megawatts
        cause = self.programme.record.cause_at(clock.now)
        self.programme.tell(project, GRID_REQUESTED, link.resource, cause, 0, link.megawatts)
        minute = clock.now + self.connection[ordinal]
        return clock.at(minute, COMPLETION, ordinal, GRID_CONNECTED, 0, self, CONNECT, ordinal)

    def _connect(self, link):
        programme = self.programme
        if not link.project.alive:
            return 0
        link.connected = True
        cause = programme.record.cause_at(programme.clock.now)
        programme.tell(link.project, GRID_CONNECTED, link.resource, cause)
        for unit in link.waiting:
            self._end_wait(link, unit, GRID_CONNECTION)
            self._power(link, unit)
        link.waiting.clear()
        return 0

    def cancel(self, project):
        """Units that wait for megawatts wait no more; those that run go on running."""
        link = self.links[project.ordinal]
        return 0 if link is None or link.grid is None else link.grid.cancel(project)

    def unit_built(self, project, unit):
        """One unit stands: on to the grid with it, if it uses one."""
        link = self.links[project.ordinal]
        if link.grid is None:
            return self._energise(link, unit)
        if link.connected:
            return self._power(link, unit)
        link.waiting.append(unit)
        return self._wait(link, unit, GRID_CONNECTION)

    def _power(self, link, unit):
        """A connected unit supplies its megawatts, or waits for those it needs."""
        megawatts = unit_megawatts(link, unit)
        if link.megawatts < 0:
            self._energise(link, unit)
            return link.grid.supply(megawatts)
        cents = self.programme.unit_cents(link.project, unit)
        return link.grid.claim(link.requested, link.project, unit, megawatts, self, cents)

    def _wait(self, link, unit, cause):
        programme, project = self.programme, link.project.entity
        return programme.record.wait_began(programme.clock.now, project, cause, link.resource, unit)

    def _end_wait(self, link, unit, cause):
        programme, project = self.programme, link.project.entity
        return programme.record.wait_ended(programme.clock.now, project, cause, link.resource, unit)

    def _fall_short(self, link, unit):
        link.short.add(unit)
        return self._wait(link, unit, POWER)

    def _granted(self, link, unit):
        if unit in link.short:
            link.short.discard(unit)
            self._end_wait(link, unit, POWER)
        return self._energise(link, unit)

    def _energise(self, link, unit):
        programme, project = self.programme, link.project
        cents = programme.unit_cents(project, unit)
        cause = programme.record.cause_at(programme.clock.now)
        programme.tell(project, UNIT_ENERGISED, link.resource, cause, unit, cents)
        link.energised += 1
        if link.energised == project.units:
            programme.finish(project, OPERATING, -1, cause, 0, project.selected_cents)
        return 0


def unit_megawatts(link, unit):
    """Whole megawatts of one unit; all units add up to the project's."""
    whole, units = abs(link.megawatts), link.project.units
    return whole * (unit + 1) // units - whole * unit // units
