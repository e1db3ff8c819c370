"""The President selects in rounds; the envelope is reserved here and only here. Section 4.4."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable
from functools import partial

from sim.engine.programme import Programme
from sim.errors import ModelError
from sim.events import Cause, Kind
from sim.events.turns import Step, Turn
from sim.plan.review import FINAL, drawn
from sim.rules.ranking import RoundLimits, take
from sim.rules.splitting import in_proportion

AGAIN = 2**15  # behind every round: one put off, which its own minute may see again


class Envelope:
    """The programme's $ envelope: a stock reserved at selection, released by a final decline."""

    def __init__(self, programme: Programme, resource: int, cents: int) -> None:
        self.programme = programme
        self.resource = resource
        self.cents = cents
        self.reserved = 0
        self.trace(0, 0)

    @property
    def left(self) -> int:
        """Cents that nobody has reserved."""
        return self.cents - self.reserved

    def reserve(self, cents: int) -> None:
        """Take cents for a project selected; they must fit."""
        if cents > self.left:
            raise ModelError(f"{cents} cents do not fit the envelope, {self.left} left")
        self.reserved += cents

    def release(self, cents: int) -> None:
        """Give back what a project that lapsed had reserved."""
        self.reserved -= cents

    def trace(self, waiting: int, waiting_cents: int) -> None:
        """Record a step of the capacity: candidates left outside and their cents."""
        now = self.programme.clock.now
        self.programme.record.step(
            (self.resource, now, self.cents, self.reserved, waiting, waiting_cents)
        )


class Selection:
    """Candidates recommended to the President, and the rounds that take from them.

    All sites of a project are one candidate, by the first of them: it stands when each does.
    """

    def __init__(
        self, programme: Programme, envelope: Envelope, selected: Callable[[int], None]
    ) -> None:
        self.programme = programme
        self.envelope = envelope
        self.when_selected = selected
        self.plan = plan = programme.plan.selection
        self.candidates: list[int] = []
        self.submitted: set[int] = set()
        self.asked: list[int] = []  # cents of all candidates, smallest first
        self.selected: set[int] = set()
        self.visits = [0] * programme.count
        self.rounds = plan.on_record
        self.closed = False
        self._asked = -1
        self._put_off = 0  # number of a round whose day came before there was a candidate
        self._again = 0  # how often one was called after all
        self._listed = iter(plan.listed or ())
        self._last_round = plan.first_interval_from
        self._call_round()
        if plan.final_minute >= programme.plan.open_minute:
            self._schedule(plan.final_minute, FINAL)

    def submit(self, ordinal: int) -> None:
        """A recommended proposal waits for the President."""
        programme = self.programme
        self.submitted.add(ordinal)
        programme.record.wait_began(
            programme.clock.now, programme.entity[ordinal], Cause.SELECTION_WAIT, -1, 0
        )
        sites = programme.sites[ordinal]
        if self.submitted.issuperset(sites):
            self.candidates.append(sites[0])
            insort(self.asked, self._asks(sites[0]))
            self._trace()
            self.ask()

    def _asks(self, ordinal: int) -> int:
        """What a candidate would reserve of the envelope: the cents of all its sites."""
        return sum([self.programme.commitment[site] for site in self.programme.sites[ordinal]])

    def ask(self) -> None:
        """Hold a round now if selection is ``immediate``, or soon if one was put off."""
        if self._put_off and self.candidates:  # money may come back to nobody
            number, self._put_off = self._put_off, 0
            minute = self.plan.round_minute(self.programme.clock.now, 0)
            if 0 <= minute <= self._last_minute:
                self._last_round, self._again = minute, self._again % (FINAL // AGAIN - 1) + 1
                self._schedule(minute, number, AGAIN * self._again)
        at = max(self.programme.clock.now, self.programme.plan.open_minute)
        if self.plan.immediate and self._asked != at and not self.closed:
            self._asked = at
            self.rounds += 1
            self._schedule(at, self.rounds)

    def on_record(self, ordinal: int) -> None:
        """A selection on record happens on its date, whatever the rounds say."""
        self.programme.clock.at(
            self.programme.selected_on[ordinal],
            Turn.PRESIDENT,
            ordinal,
            Kind.SELECTED,
            call=lambda _: self._select(
                ordinal, self.programme.commitment[ordinal], Cause.RECORDED
            ),
        )

    def _call_round(self) -> None:
        """Schedule the next round, if there is one before the deadline."""
        plan = self.plan
        if plan.immediate:
            return
        if plan.listed is not None:
            minute = next(self._listed, -1)
        else:
            world = self.programme.world
            interval = drawn(world, world.round_interval, self.rounds)
            minute = plan.round_minute(self._last_round, int(interval))
            if minute >= 0:
                minute = self._last_round = max(minute, self.programme.clock.now)
        if 0 <= minute <= self._last_minute:
            self.rounds += 1
            self._schedule(minute, self.rounds)

    @property
    def _last_minute(self) -> int:
        """No round but the final one stands later."""
        final = self.plan.final_minute
        return self.programme.plan.deadline_minute - 1 if final < 0 else final

    def _schedule(self, minute: int, number: int, again: int = 0) -> None:
        self.programme.clock.at(
            minute,
            Turn.PRESIDENT,
            self.programme.count,
            Step.ROUND,
            again + number,
            partial(self._hold, number),
        )

    def _hold(self, number: int, _: object) -> None:
        """One round: rank, pass over, go down the list while the envelope lasts."""
        self._asked = -1
        drawn = self.plan.listed is None and not self.plan.immediate and number != FINAL
        if drawn and not self.candidates and not self.closed:
            self._put_off = number
            return
        if number != FINAL:
            self._call_round()
        if self.closed or not self.candidates:
            return
        programme, plan = self.programme, self.plan
        ranked = programme.ranked(self.candidates, plan.ranking, plan.preference, self._asks)
        taken, passed_over = take(
            [self._asks(ordinal) for ordinal in ranked],
            lambda row: self._luck(ranked[row]),
            self._limits(number, len(ranked)),
        )
        for row in passed_over:
            visit = self.visits[ranked[row]]
            self.visits[ranked[row]] += 1
            for site in programme.sites[ranked[row]]:
                programme.tell(site, Kind.PASSED_OVER, part=visit)
        for row, cents in taken:
            self._strike(ranked[row])
            sites = programme.sites[ranked[row]]
            parts = in_proportion(cents, [programme.commitment[site] for site in sites])
            for site, part in zip(sites, parts, strict=True):
                project = programme.entity[site]
                programme.record.wait_ended(
                    programme.clock.now, project, Cause.SELECTION_WAIT, -1, 0
                )
                self._select(site, part, Cause.NONE)

    def _strike(self, ordinal: int) -> None:
        self.candidates.remove(ordinal)
        del self.asked[bisect_left(self.asked, self._asks(ordinal))]

    def withdraw(self, ordinal: int) -> None:
        """It is no candidate any more, nor are its other sites."""
        self.submitted.discard(ordinal)
        first = self.programme.sites[ordinal][0]
        if first in self.candidates:
            self._strike(first)
            self._trace()

    def _limits(self, number: int, candidates: int) -> RoundLimits:
        """What a round takes of what is left."""
        plan = self.plan
        count, reach, cap = plan.round_size(self.programme.world, number, self.rounds, candidates)
        return RoundLimits(
            self.envelope.left,
            cap,
            count,
            plan.does_not_fit,
            plan.scale_down_min_share,
            self.programme.pass_over_probability,
            reach,
        )

    def _luck(self, ordinal: int) -> float:
        """The disposition of the President's next visit to a candidate."""
        luck, visit = self.programme.world.pass_over[ordinal], self.visits[ordinal]
        if visit >= len(luck):
            raise ModelError(f"a candidate was passed over more than {len(luck)} times")
        return float(luck[visit])

    def _select(self, ordinal: int, cents: int, cause: Cause) -> None:
        self.envelope.reserve(cents)
        self.selected.add(ordinal)
        self.programme.selected_cents[ordinal] = cents
        self.programme.tell(ordinal, Kind.SELECTED, cause=cause, amount=cents)
        self._trace()
        self.when_selected(ordinal)

    def release(self, cents: int) -> None:
        """What a decline or cancellation gives back can be used again before the deadline."""
        if not cents:
            return
        self.envelope.release(cents)
        self._trace()
        self.ask()

    def _trace(self) -> None:
        """What waits for the envelope are candidates that do not fit into what is left of it."""
        too_large = self.asked[bisect_right(self.asked, self.envelope.left) :]
        self.envelope.trace(len(too_large), sum(too_large))

    def close(self) -> None:
        """The deadline has passed."""
        self.closed = True
        self.candidates.clear()
        self.asked.clear()
        self._trace()
