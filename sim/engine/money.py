"""Facilities: yearly stocks of commitments and cash, drawn in order of due date.

See docs/model.md, "Cash calls". Both stocks are in cents; yen is converted when it flows in.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from math import inf

from sim.engine.clock import Clock, Moment
from sim.engine.record import Recorder
from sim.events import Cause, Kind
from sim.events.turns import POOL_SHIFT, Step, Turn
from sim.rules.drawing import Draw, ShortView


class Claim:
    """One amount wanted from a stock; ``done`` is the payment, once all of it has been drawn."""

    __slots__ = ("cents", "done", "drawn", "ordinal", "over", "visit", "waited")

    def __init__(self, ordinal: int, visit: int, cents: int, done: Moment) -> None:
        self.ordinal = ordinal
        self.visit = visit
        self.cents = cents
        self.drawn = 0
        self.done = done
        self.waited = False
        self.over = False  # given up: it draws no more


class YearlyStock:
    """Money that flows in by fiscal year and is consumed; claims queue when it runs out.

    ``short`` says what becomes of a claim that does not fit; see `sim.rules.drawing`.
    """

    def __init__(
        self,
        clock: Clock,
        record: Recorder,
        entities: list[int],
        resource: int,
        number: int,
        inflow: float,
        short: Callable[[ShortView], Draw],
        kind: Kind,
        cause: Cause,
    ) -> None:
        self.clock = clock
        self.record = record
        self.entities = entities
        self.resource = resource
        self.number = number
        self.short = short
        self.kind = kind  # logged at every drawing
        self.cause = cause  # of waiting
        self.held: float = inflow  # what the period holds in all
        self.used = 0
        self.waiting_cents = 0
        self.queue: list[tuple[tuple[int, int, int], int, Claim]] = []
        self.fresh: list[Claim] = []
        self._due = -1
        self._allocations = 0
        self._trace()

    @property
    def left(self) -> float:
        """Cents still there."""
        return self.held - self.used

    def claim(self, order: tuple[int, int, int], visit: int, cents: int) -> Claim:
        """Queue for ``cents`` by ``order`` = (due minute, notice minute, ordinal), then visit."""
        claim = Claim(order[-1], visit, cents, Moment(self.clock))
        self.waiting_cents += cents
        if self.held == inf:
            self._draw(claim, cents)
            self._trace()
            return claim
        heappush(self.queue, (order, visit, claim))
        self.fresh.append(claim)
        self._ask()
        return claim

    def take_recorded(self, ordinal: int, visit: int, cents: int) -> None:
        """History drew this, whatever the limit says; what exceeds it is logged."""
        beyond = max(0, cents - self.left)
        if beyond:
            self._log(ordinal, Kind.HISTORY_EXCEEDED, visit, beyond, Cause.RECORDED)
            self.held += beyond
        self.used += cents
        self._log(ordinal, self.kind, visit, cents, Cause.RECORDED)
        self._trace()

    def cancel(self, claim: Claim) -> None:
        """Give a claim up; what it has drawn stays drawn."""
        rest = claim.cents - claim.drawn
        if claim.over or not rest:
            return
        claim.over = True
        self.waiting_cents -= rest
        self.queue = [entry for entry in self.queue if entry[2] is not claim]
        heapify(self.queue)
        self._trace()
        if self.queue:
            self._ask()

    def add(self, claim: Claim, cents: int) -> None:
        """A claim that has drawn nothing yet wants so much more."""
        claim.cents += cents
        self.waiting_cents += cents
        self._trace()

    def release(self, claim: Claim) -> None:
        """Give a claim up of a project that goes on."""
        self.cancel(claim)
        self._end_wait(claim)

    def give_back(self, ordinal: int, cents: int) -> None:
        """Money drawn and not spent comes back, for others to draw."""
        self._log(ordinal, Kind.MONEY_RETURNED, 0, cents, Cause.NONE)
        self.flow(cents)

    def flow(self, cents: float) -> float:
        """So much more is there, or less: what is drawn stays drawn. Returns the change."""
        change = max(cents, -self.left)
        self.held += change
        self._trace()
        if self.queue:
            self._ask()
        return change

    def new_year(self, inflow: float, carry_over: bool) -> None:
        """A fiscal year begins: what is left stays or lapses, ``inflow`` comes in."""
        self.held = inflow + (self.left if carry_over else 0)
        self.used = 0
        self._trace()
        if self.queue:
            self._ask()

    def _ask(self) -> None:
        now = self.clock.now
        if self._due != now:
            self._due = now
            self._allocations += 1
            self.clock.at(
                now, Turn.MONEY, self.number, Step.ALLOCATION, self._allocations, self._allocate
            )

    def _allocate(self, _: object) -> None:
        self._due = -1
        passed: list[tuple[tuple[int, int, int], int, Claim]] = []
        while self.queue:
            claim = self.queue[0][2]
            rest = claim.cents - claim.drawn
            if rest <= self.left:
                heappop(self.queue)
                self._draw(claim, rest)
                self._end_wait(claim)
                continue
            left = int(self.left)
            drawn = self.short(ShortView(rest, left, claim.cents, claim.ordinal))
            if drawn is Draw.PASS:
                passed.append(heappop(self.queue))
                continue
            if drawn is Draw.PART and left > 0:
                self._draw(claim, left)
            break
        for entry in passed:
            heappush(self.queue, entry)
        for claim in self.fresh:
            if claim.drawn < claim.cents and not claim.over:
                claim.waited = True
                project = self.entities[claim.ordinal]
                self.record.wait_began(
                    self.clock.now, project, self.cause, self.resource, claim.visit
                )
        self.fresh.clear()
        self._trace()

    def _draw(self, claim: Claim, cents: int) -> None:
        claim.drawn += cents
        self.used += cents
        self.waiting_cents -= cents
        self._log(claim.ordinal, self.kind, claim.visit, cents, Cause.NONE)
        if claim.drawn == claim.cents:
            visit = self.number << POOL_SHIFT | claim.visit
            self.clock.at(
                self.clock.now, Turn.PAYMENT, claim.ordinal, self.kind, visit, moment=claim.done
            )

    def _end_wait(self, claim: Claim) -> None:
        if claim.waited:
            project = self.entities[claim.ordinal]
            self.record.wait_ended(self.clock.now, project, self.cause, self.resource, claim.visit)

    def _log(self, ordinal: int, kind: int, visit: int, cents: float, cause: int) -> None:
        self.record.log(
            (self.clock.now, self.entities[ordinal], kind, self.resource, cause, visit, cents)
        )

    def _trace(self) -> None:
        self.record.step(
            (
                self.resource,
                self.clock.now,
                self.held,
                self.used,
                len(self.queue),
                self.waiting_cents,
            )
        )
