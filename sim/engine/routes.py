"""The legal routes to a higher tariff: which are in law, and which are in force."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sim.engine.programme import Programme
from sim.events import Cause, Kind
from sim.events.turns import Step, Turn


class Routes:
    """How many duties stand on each route, and what the log has been told of it.

    ``closed`` is told of a route that is in law no longer.
    """

    def __init__(self, programme: Programme, closed: Callable[[int], None]) -> None:
        self.programme = programme
        self.plan = plan = programme.plan.enforcement.routes
        self.closed = closed
        self.in_law = list(plan.lawful_at_start)
        self.duties = [0] * len(self.in_law)
        self.in_force: list[int] = []
        self._used = [False] * len(self.in_law)
        for visit, (minute, route, stands) in enumerate(plan.law_changes):
            self._change_at(minute, route, visit, stands, Cause.NONE)

    def _change_at(self, minute: int, route: int, visit: int, stands: bool, cause: Cause) -> None:
        self.programme.clock.at(
            minute,
            Turn.CAPACITY,
            route,
            Step.ROUTE_LAW,
            visit,
            partial(self._change, route, stands, cause),
        )

    def _change(self, route: int, stands: bool, cause: Cause, _: object) -> None:
        if self.in_law[route] == stands:
            return
        self.in_law[route] = stands
        self.say(Kind.ROUTE_OPENED if stands else Kind.ROUTE_CLOSED, route, cause=cause)
        if not stands:
            self.closed(route)

    def add(self, route: int) -> None:
        """One more duty by a route; with its first use its way through the courts begins."""
        self.duties[route] += 1
        if route not in self.in_force:
            kind = Kind.ROUTE_ADDED if self.in_force else Kind.TARIFF_RAISED
            self.in_force.append(route)
            self.say(kind, route, self.plan.highest_rate[route])
            if kind == Kind.TARIFF_RAISED:
                self.programme.supply.tariffs(raised=True)
        court = self.programme.world.court[route].item()
        if court >= 0 and not self._used[route]:
            now, last = self.programme.clock.now, len(self.plan.law_changes)
            self._change_at(now + court, route, last, False, Cause.COURT)
        self._used[route] = True

    def drop(self, routes: list[int]) -> None:
        """So many duties less, each by its route."""
        for route in routes:
            self.duties[route] -= 1

    def settle(self) -> bool:
        """Tell which routes no duty stands on any more; whether with them all tariffs are down."""
        gone = [route for route in self.in_force if not self.duties[route]]
        self.in_force = [route for route in self.in_force if self.duties[route]]
        if gone and not self.in_force:
            self.say(Kind.TARIFF_RELIEVED)
            self.programme.supply.tariffs(raised=False)
            return True
        for route in gone:
            self.say(Kind.ROUTE_DROPPED, route)
        return False

    def say(
        self, kind: Kind, route: int = 0, amount: float = 0.0, cause: Cause = Cause.NONE
    ) -> None:
        """Log what all trade is met with."""
        self.programme.log((self.programme.clock.now, -1, kind, -1, cause, route, amount))
