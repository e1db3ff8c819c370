"""The legal routes to a higher tariff: which are in law, and which are in force."""

from __future__ import annotations

import numpy as np

from sim.compiled.actors import Actor
from sim.compiled.programme import Programme
from sim.events import Cause, Kind
from sim.events.turns import Step, Turn

CAPACITY, ROUTE_LAW = int(Turn.CAPACITY), int(Step.ROUTE_LAW)
ROUTE_OPENED, ROUTE_CLOSED = int(Kind.ROUTE_OPENED), int(Kind.ROUTE_CLOSED)
ROUTE_ADDED, ROUTE_DROPPED = int(Kind.ROUTE_ADDED), int(Kind.ROUTE_DROPPED)
TARIFF_RAISED, TARIFF_RELIEVED = int(Kind.TARIFF_RAISED), int(Kind.TARIFF_RELIEVED)
BY_COURT = int(Cause.COURT)


class Routes(Actor):
    """How many duties stand on each route, and what the log has been told of it.

    ``closed`` is told of a route that is in law no longer.
    """

    def __init__(self, programme: Programme, closed: Actor):
        self.programme, self.closed = programme, closed
        self.plan = plan = programme.plan.enforcement.routes
        self.in_law, self.in_force = list(plan.lawful_at_start), []
        self.duties, self._used = [0] * len(self.in_law), [False] * len(self.in_law)
        self.law_changes = list(plan.law_changes)
        self.court = np.ascontiguousarray(programme.world.court)
        self._schedule()

    def _schedule(self):
        for visit, (minute, route, _) in enumerate(self.law_changes):
            self._change_at(minute, route, visit)
        return 0

    def _change_at(self, minute, route, visit):
        return self.programme.clock.at(
            minute, CAPACITY, route, ROUTE_LAW, visit, self, 0, route, visit
        )

    def act(self, step, one, two):
        """The law changes as the plan says, or by a court."""
        by_court = two == len(self.law_changes)
        stands = False if by_court else self.law_changes[two][2]
        return self._change(one, stands, BY_COURT if by_court else 0)

    def _change(self, route, stands, cause):
        if self.in_law[route] == stands:
            return 0
        self.in_law[route] = stands
        self.say(ROUTE_OPENED if stands else ROUTE_CLOSED, route, 0.0, cause)
        if not stands:
            self.closed.act(0, route, 0)
        return 0

    def add(self, route):
        """One more duty by a route; with its first use its way through the courts begins."""
        self.duties[route] += 1
        if route not in self.in_force:
            kind = ROUTE_ADDED if self.in_force else TARIFF_RAISED
            self.in_force.append(route)
            self.say(kind, route, self.plan.highest_rate[route])
            if kind == TARIFF_RAISED:
                self.programme.supply.tariffs(True)
        if self.court[route] >= 0 and not self._used[route]:
            now = self.programme.clock.now
            self._change_at(now + self.court[route], route, len(self.law_changes))
        self._used[route] = True
        return 0

    def drop(self, routes):
        """So many duties less, each by its route."""
        for route in routes:
            self.duties[route] -= 1
        return 0

    def settle(self):
        """Tell which routes no duty stands on any more; whether with them all tariffs are down."""
        gone = [route for route in self.in_force if not self.duties[route]]
        self.in_force = [route for route in self.in_force if self.duties[route]]
        if gone and not self.in_force:
            self.say(TARIFF_RELIEVED)
            self.programme.supply.tariffs(False)
            return True
        for route in gone:
            self.say(ROUTE_DROPPED, route)
        return False

    def say(self, kind, route=0, amount=0.0, cause=0):
        """Log what all trade is met with."""
        return self.programme.say(kind, cause, route, amount)
