# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""Facilities: yearly stocks of commitments and cash, drawn in order of due date.

See docs/model.md, "Cash calls". Both stocks are in cents; yen is converted when it flows in.
"""

from __future__ import annotations

from math import inf

from sim.compiled.actors import Actor, Line
from sim.compiled.clock import Event
from sim.events import Cause, Kind
from sim.events.turns import POOL_SHIFT, Step, Turn
from sim.rules.drawing import Draw, ShortView, answer

MONEY, PAYMENT, POOL = int(Turn.MONEY), int(Turn.PAYMENT), POOL_SHIFT
CAPACITY, INF = int(Turn.CAPACITY), inf
ALLOCATION, FISCAL_YEAR = int(Step.ALLOCATION), int(Step.FISCAL_YEAR)
ALLOCATE, NEW_YEAR = range(2)
MONEY_RETURNED, HISTORY_EXCEEDED = int(Kind.MONEY_RETURNED), int(Kind.HISTORY_EXCEEDED)
CAPACITY_CHANGED, RECORDED = int(Kind.CAPACITY_CHANGED), int(Cause.RECORDED)


class Claim(Event):
    """One amount wanted from a stock; the event is the payment, once all of it has been drawn."""

    def before(self, other):
        """By due date, notice and ordinal, then visit."""
        if self.due != other.due:
            return self.due < other.due
        if self.notice != other.notice:
            return self.notice < other.notice
        if self.project.ordinal != other.project.ordinal:
            return self.project.ordinal < other.project.ordinal
        return self.visit < other.visit


class YearlyStock(Actor):
    """Money that flows in by fiscal year and is consumed; claims queue when it runs out.

    ``short`` says what becomes of a claim that does not fit; see `sim.rules.drawing`.
    """

    def __init__(self, clock, record, plan, later, short, kind, cause, mood):
        self.clock, self.record, self.plan, self.mood = clock, record, plan, mood
        self.resource = self.number = plan.resource
        self.short = short
        self.kind = kind  # logged at every drawing
        self.cause = cause  # of waiting
        self.held = plan.at_start  # what the period holds in all
        self.used = self.waiting_cents = 0
        self.queue, self.fresh, self.later = [], Line(), later
        self._due = -1
        self._allocations = 0
        self._trace()
        self.inflow = Inflow(self, plan)
        self._schedule()

    def _schedule(self):
        for visit, (minute, _) in enumerate(self.later):
            self.clock.at(
                minute, CAPACITY, self.resource, FISCAL_YEAR, visit, self, NEW_YEAR, visit
            )
        return 0

    def act(self, step, one, two):
        """Allocate, or begin a fiscal year."""
        if step == ALLOCATE:
            return self._allocate()
        self.inflow.new_year(self.mood.brings(self.later[one][1]))
        return self.record.log(self.clock.now, -1, CAPACITY_CHANGED, self.resource, 0, 0, self.held)

    def left(self):
        """Cents still there."""
        return self.held - self.used

    def claim(self, project, due, notice, visit, cents):
        """Queue for ``cents`` by due and notice minute, ordinal and visit."""
        claim = self.clock.claims.spare()
        if claim is None:
            claim = self.clock.claims.add(Claim.__new__(Claim))
        claim.project, claim.visit, claim.cents, claim.drawn = project, visit, cents, 0
        claim.due, claim.notice = due, notice
        claim.waited = claim.over = False  # over: given up, it draws no more
        claim.begin(self.clock, True)
        self.waiting_cents += cents
        if self.held == INF:
            self._draw(claim, cents)
            self._trace()
            return claim
        self._push(claim)
        self.fresh.put(claim)
        self._ask()
        return claim

    def _push(self, claim):
        queue = self.queue
        place = len(queue)
        while place > 0 and claim.before(queue[place - 1]):
            place -= 1
        queue.insert(place, claim)
        return 0

    def take_recorded(self, project, visit, cents):
        """History drew this, whatever the limit says; what exceeds it is logged."""
        beyond = max(0.0, cents - self.left())
        if beyond:
            self._log(project, HISTORY_EXCEEDED, visit, beyond, RECORDED)
            self.held += beyond
        self.used += cents
        self._log(project, self.kind, visit, cents, RECORDED)
        return self._trace()

    def cancel(self, claim):
        """Give a claim up; what it has drawn stays drawn."""
        rest = claim.cents - claim.drawn
        if claim.over or not rest:
            return 0
        claim.over = True
        self.waiting_cents -= rest
        self.queue.remove(claim)
        self._trace()
        if self.queue:
            self._ask()
        return 0

    def add(self, claim, cents):
        """A claim that has drawn nothing yet wants so much more."""
        claim.cents += cents
        self.waiting_cents += cents
        return self._trace()

    def release(self, claim):
        """Give a claim up of a project that goes on."""
        self.cancel(claim)
        return self._end_wait(claim)

    def give_back(self, project, cents):
        """Money drawn and not spent comes back, for others to draw."""
        self._log(project, MONEY_RETURNED, 0, cents, 0)
        self.flow(cents)
        return 0

    def flow(self, cents):
        """So much more is there, or less: what is drawn stays drawn. Returns the change."""
        change = max(cents, -self.left())
        self.held += change
        self._trace()
        if self.queue:
            self._ask()
        return change

    def new_year(self, inflow, carry_over):
        """A fiscal year begins: what is left stays or lapses, ``inflow`` comes in."""
        self.held = inflow + (self.left() if carry_over else 0.0)
        self.used = 0
        self._trace()
        if self.queue:
            self._ask()
        return 0

    def _ask(self):
        now = self.clock.now
        if self._due != now:
            self._due = now
            self._allocations += 1
            self.clock.at(now, MONEY, self.number, ALLOCATION, self._allocations, self, ALLOCATE)
        return 0

    def _allocate(self):
        self._due = -1
        passed = None
        while self.queue:
            claim = self.queue[0]
            rest, left = claim.cents - claim.drawn, self.left()
            if rest <= left:
                del self.queue[0]
                self._draw(claim, rest)
                self._end_wait(claim)
                continue
            there = int(left)
            drawn = self.short(ShortView(rest, there, claim.cents, claim.project.ordinal))
            if drawn is Draw.PASS:
                passed = [claim] if passed is None else [*passed, claim]
                del self.queue[0]
                continue
            if drawn is Draw.PART and there > 0:
                self._draw(claim, there)
            break
        if passed is not None:
            self.queue = passed + self.queue
        while self.fresh.first is not None:
            claim = self.fresh.take()
            if claim.drawn < claim.cents and not claim.over:
                claim.waited = True
                self.record.wait_began(
                    self.clock.now, claim.project.entity, self.cause, self.resource, claim.visit
                )
        return self._trace()

    def _draw(self, claim, cents):
        claim.drawn += cents
        self.used += cents
        self.waiting_cents -= cents
        self._log(claim.project, self.kind, claim.visit, cents, 0)
        if claim.drawn == claim.cents:
            visit = self.number << POOL | claim.visit
            self.clock.at(self.clock.now, PAYMENT, claim.project.ordinal, self.kind, visit, claim)
        return 0

    def _end_wait(self, claim):
        if claim.waited:
            self.record.wait_ended(
                self.clock.now, claim.project.entity, self.cause, self.resource, claim.visit
            )
        return 0

    def _log(self, project, kind, visit, cents, cause):
        return self.record.log(
            self.clock.now, project.entity, kind, self.resource, cause, visit, cents
        )

    def _trace(self):
        return self.record.step(
            self.resource,
            self.clock.now,
            self.held,
            self.used,
            len(self.queue),
            self.waiting_cents,
        )


class Inflow:
    """Yearly money of which more or less flows in while tariffs are raised, by the minute."""

    def __init__(self, stock, plan):
        self.stock, self.plan = stock, plan
        self.ends = [*(minute for minute, _ in plan.later), plan.last_end]
        self.year, self.begin, self.inflow = 0, 0, plan.at_start
        self.moved, self.raised = 0.0, False

    def new_year(self, cents):
        """A fiscal year begins, as if tariffs were not raised, and answers at once if they are."""
        now = self.stock.clock.now
        self.stock.new_year(cents, self.plan.carries(now))
        self.year, self.begin, self.inflow = self.year + 1, now, cents
        self.moved = 0.0
        if self.raised:
            self.answer(True)
        return 0

    def answer(self, raised):
        """What is left of the year's inflow follows."""
        self.raised = raised
        end, now = self.ends[self.year], self.stock.clock.now
        rest = (end - now) / (end - self.begin)
        change = answer(self.inflow, rest, self.plan.while_raised, raised, self.moved)
        self.moved += self.stock.flow(change)
        return 0


class Mood:
    """What a fiscal year brings of what the plan has for it, as the public has it."""

    def __init__(self):
        self.share = 1.0

    def brings(self, cents):
        """Whole cents; no limit is none at any share."""
        return cents if self.share == 1 or cents == INF else float(round(cents * self.share))
