"""Breaches, each on its ladder, and the tariffs that are raised while one is at its top.

The engine keeps stages and timers, the rule decides. See docs/model.md, "Enforcement".
"""

from __future__ import annotations

from sim.compiled.actors import Actor
from sim.compiled.parts import Breaches
from sim.compiled.programme import Programme
from sim.compiled.project import new_project
from sim.compiled.routes import Routes
from sim.events import Cause, Kind
from sim.events.turns import Step, Turn
from sim.rules.tariff import SAID, BreachView, Stage, routes_taken

ENFORCEMENT, DAY_CLOSE = int(Turn.ENFORCEMENT), int(Turn.DAY_CLOSE)
TARIFF_STEP, TARIFF_TIMER = int(Step.TARIFF_STEP), int(Step.TARIFF_TIMER)
OPENED, CLOSED = int(Kind.BREACH_OPENED), int(Kind.BREACH_CLOSED)
RAISED, COMPLIANT = int(Kind.BREACH_RAISED), int(Kind.TARIFF_COMPLIANT)
DECLINED, SETTLED = int(Cause.DECLINED), int(Cause.SETTLED)
NOTHING_TO_PAY = (int(Cause.DECLINED), int(Cause.SIGNING_ENDED))
FIRST_STEP, THREAT_ENDS, DUTY_BEGINS, DUTY_ENDS, SETTLES = range(5)
RELIEVE, COMPLY = range(2)


class Breach(Actor):
    """A missed call, a decline or a failed review. Its draws are in column ``number``."""

    def act(self, step, one, two):
        """A step on its ladder."""
        enforcement = self.enforcement
        if step == FIRST_STEP:
            return enforcement.step(self)
        if step == THREAT_ENDS:
            return enforcement.step(self, True)
        if step == DUTY_BEGINS:
            return enforcement._begin(self, one)
        if step == DUTY_ENDS:
            return enforcement._end(self, one)
        return enforcement.close_breach(self.project, self.visit, SETTLED)


class Closed(Actor):
    """Told of a route that is in law no longer."""

    def __init__(self, enforcement: Enforcement):
        self.enforcement = enforcement

    def act(self, step, one, two):
        """So are the duties by it."""
        return self.enforcement.closed(one)


class Enforcement(Breaches):
    """All open breaches, and whether tariffs are raised, in relief or neither."""

    def __init__(self, programme: Programme):
        self.programme, self.world = programme, programme.world
        self.plan = programme.plan.enforcement
        self.open = {}
        self.routes = Routes(programme, Closed(self))
        self.relief = False
        self._reliefs = 0
        # Reviews belong to no project.
        self.review_projects = [
            new_project(programme.count + number, -1) for number in range(len(self.plan.reviews))
        ]

    def act(self, step, one, two):
        """Relief begins, or is over."""
        return self._relieve() if step == RELIEVE else self._comply(one)

    def duties_now(self):
        """Which routes are in law, and which are in force."""
        return self.routes.in_law, self.routes.in_force

    def open_breach(self, project, visit, cause, unpaid, number=-1):
        """A breach of ``unpaid`` cents is open until paid, withdrawn, settled or cured."""
        clock, ordinal = self.programme.clock, project.ordinal
        breach = Breach.__new__(Breach)
        breach.enforcement, breach.project, breach.visit = self, project, visit
        breach.cause, breach.unpaid = Cause(cause), unpaid
        of_call = 0 if cause == DECLINED else visit + 1
        breach.number = of_call if number < 0 else number
        breach.stage = Stage.OPENED
        breach.to_come = []  # routes ordered
        breach.duties = []  # routes by which a duty over it is in force
        self.open[ordinal, visit] = breach
        self.programme.tell(project, OPENED, -1, cause, visit, unpaid)
        settlement = self.world.settlement[ordinal] if cause in NOTHING_TO_PAY else -1
        if settlement >= 0:
            clock.at(clock.now + settlement, DAY_CLOSE, ordinal, CLOSED, visit, breach, SETTLES)
        if self.plan.active:
            clock.at(
                clock.now, ENFORCEMENT, ordinal, TARIFF_STEP, breach.number, breach, FIRST_STEP
            )
        return 0

    def close_breach(self, project, visit, cause):
        """The breach is over."""
        breach = self.open.pop((project.ordinal, visit))
        self.programme.tell(project, CLOSED, -1, cause, visit)
        return self._lift(breach, breach.duties)

    def _is_open(self, breach):
        return self.open.get((breach.project.ordinal, breach.visit)) is breach

    def step(self, breach, timer=False):
        """Where it stands next, as the rule says."""
        if not self._is_open(breach):
            return 0
        before = breach.stage
        after = breach.stage = self.plan.step(self._view(breach, timer))
        if after is before:
            return 0
        kind, cause = SAID.get(after, (RAISED, breach.cause))
        self.programme.tell(breach.project, kind, -1, cause, breach.visit)
        if after is Stage.THREATENED:
            length = self.world.threat[breach.project.ordinal, breach.number]
            self._at(length, breach, 0, THREAT_ENDS, 0)
        elif before is Stage.THREATENED and after is Stage.ORDERED:
            self._order(breach)
        elif before is Stage.OPENED and after is Stage.RAISED:  # in relief: routes are at hand
            for route in self._taken(breach):
                self._levy(breach, route)
        return 0

    def _view(self, breach, timer):
        plan, world, ordinal, number = self.plan, self.world, breach.project.ordinal, breach.number
        return BreachView(
            stage=breach.stage,
            timer=timer,
            duties=len(breach.duties),
            to_come=len(breach.to_come),
            relief=self.relief,
            lawful=any(self.routes.in_law),
            unpaid_cents=breach.unpaid,
            materiality_cents=plan.materiality_cents,
            acted_on=world.acted_on[ordinal, number].item(),
            acted_on_probability=plan.acted_on_probability[breach.cause],
            signed=world.signed[ordinal, number].item(),
            signed_probability=plan.signed_probability,
        )

    def _taken(self, breach):
        luck = self.world.route_taken[breach.project.ordinal, breach.number].tolist()
        return routes_taken(self.routes.in_law, luck, self.plan.routes.probability)

    def _order(self, breach):
        """Each route of the order has a delay of its own; one without a law behind it is none."""
        breach.to_come = self._taken(breach)
        delay = self.world.route_delay[breach.project.ordinal, breach.number].tolist()
        for route in breach.to_come:
            self._at(delay[route], breach, 2 * route + 1, DUTY_BEGINS, route)
        if not breach.to_come:
            self.step(breach)
        return 0

    def _begin(self, breach, route):
        """A duty begins, if its route is still in law."""
        if not self._is_open(breach):
            return 0
        breach.to_come.remove(route)
        if self.routes.in_law[route]:
            breach.duties.append(route)
        self.step(breach)
        if route in breach.duties:
            self._levy(breach, route)
        return 0

    def _levy(self, breach, route):
        if route not in breach.duties:
            breach.duties.append(route)
        self.relief = False
        self.routes.add(route)
        longest = self.plan.routes.longest[route]
        if longest is not None:
            self._at(longest, breach, 2 * route + 2, DUTY_ENDS, route)
        return 0

    def _end(self, breach, route):
        """A duty has run as long as its route allows, or its route is in law no longer."""
        if self._is_open(breach) and route in breach.duties:
            breach.duties.remove(route)
            self.step(breach)
            self._lift(breach, [route])
        return 0

    def closed(self, route):
        """A route is in law no longer: so are the duties by it."""
        for breach in sorted(self.open.values(), key=_place):
            self._end(breach, route)
        return 0

    def _at(self, length, breach, place, step, route):
        """A timer of a breach: of its threat (place 0), or of a route's delay or duty."""
        clock = self.programme.clock
        visit = breach.number * (2 * len(self.routes.in_law) + 1) + place
        ordinal = breach.project.ordinal
        return clock.at(
            clock.now + length, ENFORCEMENT, ordinal, TARIFF_TIMER, visit, breach, step, route
        )

    def _lift(self, breach, routes):
        """Take so many duties down; when every breach of this minute has had its turn, tell."""
        if routes:
            self.routes.drop(routes)
            self._reliefs += 1
            self._behind_all(self.programme.clock.now, 2 * self._reliefs, RELIEVE, 0)
        return 0

    def _relieve(self):
        if not self.routes.settle():
            return 0
        self.relief = True
        number, minute = self._reliefs, self.programme.clock.now + self.plan.relief
        return self._behind_all(minute, 2 * number + 1, COMPLY, number)

    def _comply(self, number):
        if self.relief and number == self._reliefs:  # else it belonged to an earlier relief
            self.relief = False
            self.routes.say(COMPLIANT)
        return 0

    def _behind_all(self, minute, visit, step, number):
        count = self.programme.count + len(self.review_projects)
        return self.programme.clock.at(
            minute, ENFORCEMENT, count, TARIFF_STEP, visit, self, step, number
        )


def _place(breach: Breach):
    """In which order breaches have their turns."""
    return place_of(breach)


def place_of(breach):
    """By ordinal, then by number."""
    return breach.project.ordinal, breach.number
