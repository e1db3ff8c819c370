"""Reviews of the programme's pace: behind its path it is in breach, back on it cured."""

from __future__ import annotations

from functools import partial

from sim.engine.calls import Calls
from sim.engine.enforcement import Enforcement
from sim.engine.programme import Programme
from sim.engine.selection import Envelope
from sim.events import Cause
from sim.events.turns import Step, Turn
from sim.plan.enforcement import ReviewOf


class Reviews:
    """Each on its own dates, behind that day's notices; in between nothing is looked at."""

    def __init__(
        self, programme: Programme, enforcement: Enforcement, envelope: Envelope, calls: Calls
    ) -> None:
        self.programme = programme
        self.enforcement = enforcement
        self.envelope = envelope
        self.calls = calls
        self.failed: dict[int, int] = {}  # part of the open breach, by review
        part = 0
        for number, review in enumerate(programme.plan.enforcement.reviews):
            for visit, minute in enumerate(review.minutes):
                if minute >= programme.plan.open_minute:  # a rhythm may begin in the past
                    programme.clock.at(
                        minute,
                        Turn.NOTICE,
                        programme.count + number,
                        Step.REVIEW,
                        visit,
                        partial(self._look, number, review, visit, part),
                    )
                part += 1

    def _look(self, number: int, review: ReviewOf, visit: int, part: int, _: object) -> None:
        short = review.path_cents[visit] - self._measured(review.measure)
        ordinal, behind = self.programme.count + number, short > review.tolerance_cents
        last = visit == len(review.minutes) - 1
        if number not in self.failed:
            if behind and not last:  # what fails at the last has nothing to cure it
                self.failed[number] = part
                self.enforcement.open_breach(ordinal, part, Cause.REVIEW_FAILED, short, visit)
        elif not behind or last:
            cause = Cause.SETTLED if behind else Cause.CURED
            self.enforcement.close_breach(ordinal, self.failed.pop(number), cause)

    def _measured(self, measure: str) -> int:
        """Cents committed, called or paid by now."""
        if measure == "committed":
            return self.envelope.reserved
        if measure == "called":
            return self.calls.called_cents
        return self.calls.paid_cents()
