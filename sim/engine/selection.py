"""The President selects in rounds; the envelope is reserved here and only here. Section 4.4."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable

from sim.engine.clock import Step, Turn
from sim.engine.programme import Programme
from sim.errors import ModelError
from sim.events import Cause, Kind
from sim.rules.ranking import RoundLimits, take


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
        return self.cents - self.reserved

    def reserve(self, cents: int) -> None:
        if cents > self.left:
            raise ModelError(f"{cents} cents do not fit the envelope, {self.left} left")
        self.reserved += cents

    def release(self, cents: int) -> None:
        self.reserved -= cents

    def trace(self, waiting: int, waiting_cents: int) -> None:
        now = self.programme.clock.now
        self.programme.record.step(
            (self.resource, now, self.cents, self.reserved, waiting, waiting_cents)
        )


class Selection:
    """Candidates recommended to the President, and the rounds that take from them."""

    def __init__(
        self, programme: Programme, envelope: Envelope, selected: Callable[[int], None]
    ) -> None:
        self.programme = programme
        self.envelope = envelope
        self.when_selected = selected
        self.plan = plan = programme.plan.selection
        self.candidates: list[int] = []
        self.asked: list[int] = []  # cents of all candidates, smallest first
        self.selected: set[int] = set()
        self.visits = [0] * programme.count
        self.rounds = 0
        self.closed = False
        self._asked = -1
        self._listed = iter(plan.listed or ())
        self._intervals = iter(programme.world.round_interval.tolist())
        self._last_round = plan.first_interval_from
        self._call_round()

    def submit(self, ordinal: int) -> None:
        """A recommended proposal waits for the President."""
        programme = self.programme
        self.candidates.append(ordinal)
        insort(self.asked, programme.commitment[ordinal])
        programme.record.wait_began(
            programme.clock.now, programme.entity[ordinal], Cause.SELECTION_WAIT, -1, 0
        )
        self._trace()
        self.ask()

    def ask(self) -> None:
        """With selection ``immediate``: hold a round in this instant."""
        at = max(self.programme.clock.now, self.programme.plan.open_minute)
        if self.plan.immediate and self._asked != at and not self.closed:
            self._asked = at
            self._schedule(at)

    def on_record(self, ordinal: int) -> None:
        """A selection on record happens on its date, whatever the rounds say."""
        self.programme.clock.at(
            self.programme.selected_on[ordinal], Turn.PRESIDENT, ordinal, Kind.SELECTED,
            call=lambda _: self._select(
                ordinal, self.programme.commitment[ordinal], Cause.RECORDED
            ),
        )  # fmt: skip

    def _call_round(self) -> None:
        """Schedule the next round, if there is one before the deadline."""
        plan = self.plan
        if plan.immediate:
            return
        if plan.listed is not None:
            minute = next(self._listed, -1)
        else:
            interval = next(self._intervals, -1)
            if interval < 0:
                raise ModelError("more presidential rounds than nature.maxima.presidential_rounds")
            minute = plan.round_minute(self._last_round, interval)
            if minute >= 0:
                minute = self._last_round = max(minute, self.programme.clock.now)
        if 0 <= minute < self.programme.plan.deadline_minute:
            self._schedule(minute)

    def _schedule(self, minute: int) -> None:
        self.rounds += 1
        self.programme.clock.at(
            minute, Turn.PRESIDENT, self.programme.count, Step.ROUND, self.rounds, self._hold
        )

    def _hold(self, _: object) -> None:
        """One round: rank, pass over, go down the list while the envelope lasts."""
        self._asked = -1
        self._call_round()
        if self.closed or not self.candidates:
            return
        programme, plan = self.programme, self.plan
        ranked = programme.ranked(self.candidates, plan.ranking, plan.preference)
        taken, passed_over = take(
            [programme.commitment[ordinal] for ordinal in ranked],
            [self._luck(ordinal) for ordinal in ranked],
            RoundLimits(
                self.envelope.left,
                plan.cap_cents,
                plan.cap_count,
                plan.does_not_fit,
                plan.scale_down_min_share,
                plan.pass_over_probability,
            ),
        )
        for row in passed_over:
            visit = self.visits[ranked[row]]
            self.visits[ranked[row]] += 1
            programme.tell(ranked[row], Kind.PASSED_OVER, part=visit)
        for row, cents in taken:
            self.candidates.remove(ranked[row])
            del self.asked[bisect_left(self.asked, programme.commitment[ranked[row]])]
            programme.record.wait_ended(
                programme.clock.now, programme.entity[ranked[row]], Cause.SELECTION_WAIT, -1, 0
            )
            self._select(ranked[row], cents, Cause.NONE)

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
