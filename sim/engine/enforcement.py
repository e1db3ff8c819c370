"""Breaches, each on its ladder, and the tariffs that are raised while one is at its top.

The engine keeps stages and timers, the rule decides. See docs/model.md, "Enforcement".
"""

from __future__ import annotations

from functools import partial

from sim.engine.clock import Callback
from sim.engine.programme import Programme
from sim.engine.routes import Routes
from sim.events import Cause, Kind
from sim.events.turns import Step, Turn
from sim.rules.tariff import SAID, BreachView, Stage, routes_taken

SETTLED = (Cause.DECLINED, Cause.SIGNING_ENDED)  # nothing can be paid any more


class Breach:
    """A missed call, a decline or a failed review. Its draws are in column ``number``."""

    __slots__ = ("cause", "duties", "number", "ordinal", "stage", "to_come", "unpaid", "visit")

    def __init__(
        self, ordinal: int, visit: int, cause: Cause, unpaid: int, number: int | None
    ) -> None:
        self.ordinal = ordinal
        self.visit = visit
        self.cause = cause
        self.unpaid = unpaid  # cents
        of_call = 0 if cause == Cause.DECLINED else visit + 1
        self.number = of_call if number is None else number
        self.stage = Stage.OPENED
        self.to_come: list[int] = []  # routes ordered
        self.duties: list[int] = []  # routes by which a duty over it is in force


class Enforcement:
    """All open breaches, and whether tariffs are raised, in relief or neither."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.plan = programme.plan.enforcement
        self.open: dict[tuple[int, int], Breach] = {}
        self.routes = Routes(programme, self._closed)
        self.relief = False
        self._reliefs = 0
        programme.entity.extend(-1 for _ in self.plan.reviews)  # they belong to no project

    def open_breach(
        self, ordinal: int, visit: int, cause: Cause, unpaid: int, number: int | None = None
    ) -> None:
        """A breach of ``unpaid`` cents is open until paid, withdrawn, settled or cured."""
        clock, world = self.programme.clock, self.programme.world
        breach = self.open[ordinal, visit] = Breach(ordinal, visit, cause, unpaid, number)
        self.programme.tell(ordinal, Kind.BREACH_OPENED, cause=cause, part=visit, amount=unpaid)
        settlement = world.settlement[ordinal].item() if cause in SETTLED else -1
        if settlement >= 0:
            clock.at(
                clock.now + settlement,
                Turn.DAY_CLOSE,
                ordinal,
                Kind.BREACH_CLOSED,
                visit,
                lambda _: self.close_breach(ordinal, visit, Cause.SETTLED),
            )
        if self.plan.active:
            clock.at(
                clock.now,
                Turn.ENFORCEMENT,
                ordinal,
                Step.TARIFF_STEP,
                breach.number,
                lambda _: self._step(breach),
            )

    def close_breach(self, ordinal: int, visit: int, cause: Cause) -> None:
        """The breach is over."""
        breach = self.open.pop((ordinal, visit))
        self.programme.tell(ordinal, Kind.BREACH_CLOSED, cause=cause, part=visit)
        self._lift(breach, breach.duties)

    def _is_open(self, breach: Breach) -> bool:
        return self.open.get((breach.ordinal, breach.visit)) is breach

    def _step(self, breach: Breach, timer: bool = False) -> None:
        if not self._is_open(breach):
            return
        before = breach.stage
        breach.stage = self.plan.step(self._view(breach, timer))
        if breach.stage is before:
            return
        kind, cause = SAID.get(breach.stage, (Kind.BREACH_RAISED, breach.cause))
        self.programme.tell(breach.ordinal, kind, cause=cause, part=breach.visit)
        match before, breach.stage:
            case _, Stage.THREATENED:
                length = self.programme.world.threat[breach.ordinal, breach.number].item()
                self._at(length, breach, 0, lambda _: self._step(breach, timer=True))
            case Stage.THREATENED, Stage.ORDERED:
                self._order(breach)
            case Stage.OPENED, Stage.RAISED:  # in relief: the routes are at hand
                for route in self._taken(breach):
                    self._levy(breach, route)

    def _view(self, breach: Breach, timer: bool) -> BreachView:
        plan, world = self.plan, self.programme.world
        return BreachView(
            stage=breach.stage,
            timer=timer,
            duties=len(breach.duties),
            to_come=len(breach.to_come),
            relief=self.relief,
            lawful=any(self.routes.in_law),
            unpaid_cents=breach.unpaid,
            materiality_cents=plan.materiality_cents,
            acted_on=world.acted_on[breach.ordinal, breach.number].item(),
            acted_on_probability=plan.acted_on_probability[breach.cause],
            signed=world.signed[breach.ordinal, breach.number].item(),
            signed_probability=plan.signed_probability,
        )

    def _taken(self, breach: Breach) -> list[int]:
        luck = self.programme.world.route_taken[breach.ordinal, breach.number].tolist()
        return routes_taken(self.routes.in_law, luck, self.plan.routes.probability)

    def _order(self, breach: Breach) -> None:
        """Each route of the order has a delay of its own; one without a law behind it is none."""
        breach.to_come = self._taken(breach)
        delay = self.programme.world.route_delay[breach.ordinal, breach.number]
        for route in breach.to_come:
            self._at(
                delay[route].item(), breach, 2 * route + 1, partial(self._begin, breach, route)
            )
        if not breach.to_come:
            self._step(breach)

    def _begin(self, breach: Breach, route: int, _: object) -> None:
        """A duty begins, if its route is still in law."""
        if not self._is_open(breach):
            return
        breach.to_come.remove(route)
        if self.routes.in_law[route]:
            breach.duties.append(route)
        self._step(breach)
        if route in breach.duties:
            self._levy(breach, route)

    def _levy(self, breach: Breach, route: int) -> None:
        if route not in breach.duties:
            breach.duties.append(route)
        self.relief = False
        self.routes.add(route)
        longest = self.plan.routes.longest[route]
        if longest is not None:
            self._at(longest, breach, 2 * route + 2, partial(self._end, breach, route))

    def _end(self, breach: Breach, route: int, _: object = None) -> None:
        """A duty has run as long as its route allows, or its route is in law no longer."""
        if self._is_open(breach) and route in breach.duties:
            breach.duties.remove(route)
            self._step(breach)
            self._lift(breach, [route])

    def _closed(self, route: int) -> None:
        """A route is in law no longer: so are the duties by it."""
        for breach in sorted(self.open.values(), key=lambda one: (one.ordinal, one.number)):
            self._end(breach, route)

    def _at(self, length: int, breach: Breach, place: int, call: Callback) -> None:
        """A timer of a breach: of its threat (place 0), or of a route's delay or duty."""
        clock = self.programme.clock
        visit = breach.number * (2 * len(self.routes.in_law) + 1) + place
        clock.at(
            clock.now + length, Turn.ENFORCEMENT, breach.ordinal, Step.TARIFF_TIMER, visit, call
        )

    def _lift(self, breach: Breach, routes: list[int]) -> None:
        """Take so many duties down; when every breach of this minute has had its turn, tell."""
        if routes:
            self.routes.drop(routes)
            self._reliefs += 1
            self._behind_all(self.programme.clock.now, 2 * self._reliefs, self._relieve)

    def _relieve(self, _: object) -> None:
        if not self.routes.settle():
            return
        self.relief = True
        number, minute = self._reliefs, self.programme.clock.now + self.plan.relief
        self._behind_all(minute, 2 * number + 1, partial(self._comply, number))

    def _comply(self, number: int, _: object) -> None:
        if self.relief and number == self._reliefs:  # else it belonged to an earlier relief
            self.relief = False
            self.routes.say(Kind.TARIFF_COMPLIANT)

    def _behind_all(self, minute: int, visit: int, call: Callback) -> None:
        count = self.programme.count + len(self.plan.reviews)
        self.programme.clock.at(minute, Turn.ENFORCEMENT, count, Step.TARIFF_STEP, visit, call)
