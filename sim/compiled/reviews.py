"""Reviews of the programme's pace: behind its path it is in breach, back on it cured."""

from __future__ import annotations

from sim.compiled.actors import Actor
from sim.compiled.calls import Calls
from sim.compiled.enforcement import Enforcement
from sim.compiled.programme import Programme
from sim.compiled.selection import Envelope
from sim.events import Cause
from sim.events.turns import Step, Turn

NOTICE, REVIEW = int(Turn.NOTICE), int(Step.REVIEW)
FAILED, SETTLED, CURED = int(Cause.REVIEW_FAILED), int(Cause.SETTLED), int(Cause.CURED)


class Reviews(Actor):
    """Each on its own dates, behind that day's notices; in between nothing is looked at."""

    def __init__(
        self, programme: Programme, enforcement: Enforcement, envelope: Envelope, calls: Calls
    ):
        self.programme, self.enforcement = programme, enforcement
        self.envelope, self.calls = envelope, calls
        self.reviews = programme.plan.enforcement.reviews
        self.failed = {}  # part of the open breach, by review
        self.first_part = []  # by review
        part = 0
        for number, review in enumerate(self.reviews):
            ordinal = programme.count + number
            self.first_part.append(part)
            part += len(review.minutes)
            for visit, minute in enumerate(review.minutes):
                if minute >= programme.open_minute:  # a rhythm may begin in the past
                    programme.clock.at(minute, NOTICE, ordinal, REVIEW, visit, self, number, visit)

    def act(self, step, one, two):
        """Look at review ``step`` on its date ``one``."""
        number, visit, review = step, one, self.reviews[step]
        part = self.first_part[number] + visit
        short = review.path_cents[visit] - self._measured(review.measure)
        behind, last = short > review.tolerance_cents, visit == len(review.minutes) - 1
        project = self.enforcement.review_projects[number]
        if number not in self.failed:
            if behind and not last:  # what fails at the last has nothing to cure it
                self.failed[number] = part
                self.enforcement.open_breach(project, part, FAILED, short, visit)
        elif not behind or last:
            cause = SETTLED if behind else CURED
            self.enforcement.close_breach(project, self.failed.pop(number), cause)
        return 0

    def _measured(self, measure):
        """Cents committed, called or paid by now."""
        if measure == "committed":
            return self.envelope.reserved
        if measure == "called":
            return self.calls.called_cents
        return self.calls.paid_cents()
