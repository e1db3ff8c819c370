"""Breaches, each on its ladder, and the tariffs that are raised while one is at its top.

The engine keeps stages and timers, the rule decides. See docs/model.md, "Enforcement".
"""

from __future__ import annotations

from functools import partial

from sim.engine.clock import Callback, Step, Turn
from sim.engine.programme import Programme
from sim.events import Cause, Kind
from sim.rules.tariff import BreachView, Stage

SAID = {
    Stage.THREATENED: (Kind.BREACH_THREATENED, Cause.NONE),
    Stage.ORDERED: (Kind.BREACH_ORDERED, Cause.NONE),
    Stage.IMMATERIAL: (Kind.BREACH_LET_PASS, Cause.IMMATERIAL),
    Stage.NOT_ACTED_ON: (Kind.BREACH_LET_PASS, Cause.NOT_ACTED_ON),
    Stage.NOT_SIGNED: (Kind.BREACH_LET_PASS, Cause.NOT_SIGNED),
    Stage.ROUTE_LAPSED: (Kind.BREACH_LET_PASS, Cause.ROUTE_LAPSED),
}
STAGES = {stage: number for number, stage in enumerate(Stage)}


class Breach:
    """A missed call, or a decline. Its draws are in row ``number``: 0 for a decline."""

    __slots__ = ("cause", "number", "ordinal", "stage", "unpaid", "visit")

    def __init__(self, ordinal: int, visit: int, cause: Cause, unpaid: int) -> None:
        self.ordinal = ordinal
        self.visit = visit
        self.cause = cause
        self.unpaid = unpaid  # cents
        self.number = 0 if cause == Cause.DECLINED else visit + 1
        self.stage = Stage.OPENED


class Enforcement:
    """All open breaches, and whether tariffs are raised, in relief or neither."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.plan = programme.plan.enforcement
        self.open: dict[tuple[int, int], Breach] = {}
        self.raised = False
        self.relief = False
        self._reliefs = 0

    def open_breach(self, ordinal: int, visit: int, cause: Cause, unpaid: int) -> None:
        """A breach of ``unpaid`` cents is open until paid, withdrawn or settled."""
        clock, world = self.programme.clock, self.programme.world
        breach = self.open[ordinal, visit] = Breach(ordinal, visit, cause, unpaid)
        self.programme.tell(ordinal, Kind.BREACH_OPENED, cause=cause, part=visit, amount=unpaid)
        settlement = world.settlement[ordinal].item()
        if cause == Cause.DECLINED and settlement >= 0:
            clock.at(
                clock.now + settlement, Turn.DAY_CLOSE, ordinal, Kind.BREACH_CLOSED, visit,
                lambda _: self.close_breach(ordinal, visit, Cause.SETTLED),
            )  # fmt: skip
        if self.plan.active:
            clock.at(
                clock.now, Turn.ENFORCEMENT, ordinal, Step.TARIFF_STEP, breach.number,
                lambda _: self._step(breach, timer=False),
            )  # fmt: skip

    def close_breach(self, ordinal: int, visit: int, cause: Cause) -> None:
        """The breach is over."""
        breach = self.open.pop((ordinal, visit))
        self.programme.tell(ordinal, Kind.BREACH_CLOSED, cause=cause, part=visit)
        if breach.stage is Stage.RAISED:
            self._check()

    def _step(self, breach: Breach, timer: bool) -> None:
        if self.open.get((breach.ordinal, breach.visit)) is not breach:
            return
        before = breach.stage
        breach.stage = self.plan.step(self._view(breach, timer))
        if breach.stage is before:
            return
        kind, cause = SAID.get(breach.stage, (Kind.BREACH_RAISED, breach.cause))
        self.programme.tell(breach.ordinal, kind, cause=cause, part=breach.visit)
        if breach.stage is Stage.RAISED and not self.raised:
            self.raised, self.relief = True, False
            self._say(Kind.TARIFF_RAISED, self.plan.highest_rate)
        elif before is Stage.RAISED:
            self._check()
        self._time(breach)

    def _view(self, breach: Breach, timer: bool) -> BreachView:
        plan, world = self.plan, self.programme.world
        return BreachView(
            stage=breach.stage,
            timer=timer,
            relief=self.relief,
            unpaid_cents=breach.unpaid,
            materiality_cents=plan.materiality_cents,
            acted_on=world.acted_on[breach.ordinal, breach.number].item(),
            acted_on_probability=plan.acted_on_probability[breach.cause],
            signed=world.signed[breach.ordinal, breach.number].item(),
            signed_probability=plan.signed_probability,
        )

    def _time(self, breach: Breach) -> None:
        """How long the stage lasts if nothing else ends it."""
        programme, at = self.programme, (breach.ordinal, breach.number)
        length: int | None = None
        match breach.stage:
            case Stage.THREATENED:
                length = programme.world.threat[at].item()
            case Stage.ORDERED:
                length = programme.world.route_delay[at].item()
            case Stage.RAISED:
                length = self.plan.longest
        if length is not None:
            programme.clock.at(
                programme.clock.now + length, Turn.ENFORCEMENT, breach.ordinal, Step.TARIFF_TIMER,
                breach.number * len(STAGES) + STAGES[breach.stage],
                partial(self._timer, breach, breach.stage),
            )  # fmt: skip

    def _timer(self, breach: Breach, stage: Stage, _: object) -> None:
        if breach.stage is stage:
            self._step(breach, timer=True)

    def _check(self) -> None:
        """Ask, when every breach of this minute has had its turn, whether the last duty ended."""
        self._reliefs += 1
        self._behind_all(self.programme.clock.now, 2 * self._reliefs, self._relieve)

    def _relieve(self, _: object) -> None:
        if not self.raised or any(one.stage is Stage.RAISED for one in self.open.values()):
            return
        self.raised, self.relief = False, True
        self._say(Kind.TARIFF_RELIEVED)
        number, minute = self._reliefs, self.programme.clock.now + self.plan.relief
        self._behind_all(minute, 2 * number + 1, partial(self._comply, number))

    def _comply(self, number: int, _: object) -> None:
        if self.relief and number == self._reliefs:  # else it belonged to an earlier relief
            self.relief = False
            self._say(Kind.TARIFF_COMPLIANT)

    def _behind_all(self, minute: int, visit: int, call: Callback) -> None:
        count = self.programme.count
        self.programme.clock.at(minute, Turn.ENFORCEMENT, count, Step.TARIFF_STEP, visit, call)

    def _say(self, kind: Kind, amount: float = 0.0) -> None:
        self.programme.log((self.programme.clock.now, -1, kind, -1, 0, 0, amount))
