"""The tariff machine: the engine keeps its state and timers, the rule decides.

See docs/model.md, "Enforcement".
"""

from __future__ import annotations

from functools import partial

from sim.engine.clock import Step, Turn
from sim.engine.programme import Programme
from sim.events import Cause, Kind
from sim.rules.tariff import Facts, Order, Stage

SAID = {
    Order.NOTICE: Kind.TARIFF_NOTICE_GIVEN,
    Order.CONSULT: Kind.TARIFF_CONSULTATION_BEGAN,
    Order.RAISE: Kind.TARIFF_RAISED,
    Order.RELIEVE: Kind.TARIFF_RELIEVED,
    Order.COMPLY: Kind.TARIFF_COMPLIANT,
}


class Enforcement:
    """One machine for the whole programme, fed by the set of open breaches."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.plan = programme.plan.enforcement
        self.open: set[tuple[int, int]] = set()
        self.stage = Stage.COMPLIANT
        self._timers = 0
        self._steps = 0
        self._asked = -1
        self._new = False

    def open_breach(self, ordinal: int, visit: int, cause: Cause) -> None:
        """A missed or declined call is a breach until paid, withdrawn or settled."""
        clock, settles_after = self.programme.clock, self.plan.settles_after
        self.open.add((ordinal, visit))
        self._new = True
        self.programme.tell(ordinal, Kind.BREACH_OPENED, cause=cause, part=visit)
        if cause == Cause.DECLINED and settles_after is not None:
            clock.at(
                clock.now + settles_after, Turn.DAY_CLOSE, ordinal, Kind.BREACH_CLOSED, visit,
                lambda _: self.close_breach(ordinal, visit, Cause.SETTLED),
            )  # fmt: skip
        self._ask()

    def close_breach(self, ordinal: int, visit: int, cause: Cause) -> None:
        """The breach is over."""
        self.open.discard((ordinal, visit))
        self.programme.tell(ordinal, Kind.BREACH_CLOSED, cause=cause, part=visit)
        self._ask()

    def _ask(self) -> None:
        clock = self.programme.clock
        if self.plan.active and self._asked != clock.now:
            self._asked = clock.now
            self._steps += 1
            clock.at(
                clock.now, Turn.ENFORCEMENT, 0, Step.TARIFF_STEP, self._steps,
                lambda _: self._step(timer=False),
            )  # fmt: skip

    def _step(self, timer: bool) -> None:
        self._asked = -1
        while True:
            facts = Facts(len(self.open), timer, self._new)
            self.stage, order = self.plan.step(self.stage, facts)
            timer = self._new = False
            if order is None:
                return
            self._say(order)
            length = self.plan.stage_minutes.get(self.stage)
            self._timers += 1
            if length is None:
                continue
            number, clock = self._timers, self.programme.clock
            clock.at(
                clock.now + length, Turn.ENFORCEMENT, 0, Step.TARIFF_TIMER, number,
                partial(self._timer, number),
            )  # fmt: skip

    def _timer(self, number: int, _: object) -> None:
        if number == self._timers:  # else the stage it belonged to is over
            self._step(timer=True)

    def _say(self, order: Order) -> None:
        amount = self.plan.highest_rate if order is Order.RAISE else 0.0
        self.programme.log((self.programme.clock.now, -1, SAID[order], -1, 0, 0, amount))
