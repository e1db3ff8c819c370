# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""The President selects in rounds; the envelope is reserved here and only here. Section 4.4."""

from __future__ import annotations

from sim.compiled.actors import Actor
from sim.compiled.programme import Docket, Programme
from sim.errors import ModelError
from sim.events import Cause, Kind
from sim.events.turns import Step, Turn
from sim.plan import review
from sim.plan.review import drawn
from sim.rules.ranking import RoundLimits, take
from sim.rules.splitting import in_proportion

PRESIDENT, ROUND, SELECTED = int(Turn.PRESIDENT), int(Step.ROUND), int(Kind.SELECTED)
PASSED_OVER, SELECTION_WAIT = int(Kind.PASSED_OVER), int(Cause.SELECTION_WAIT)
RECORDED = int(Cause.RECORDED)
HOLD, ON_RECORD = range(2)
AGAIN = 2**15  # behind every round: one put off, which its own minute may see again
FINAL = review.FINAL


class Envelope:
    """The programme's $ envelope: a stock reserved at selection, released by a final decline."""

    def __init__(self, programme: Programme, resource, cents):
        self.programme, self.resource, self.cents = programme, resource, cents
        self.reserved = 0
        self.trace(0, 0)

    def left(self):
        """Cents that nobody has reserved."""
        return self.cents - self.reserved

    def reserve(self, cents):
        """Take cents for a project selected; they must fit."""
        if cents > self.left():
            raise ModelError(f"{cents} cents do not fit the envelope, {self.left()} left")
        self.reserved += cents
        return 0

    def release(self, cents):
        """Give back what a project that lapsed had reserved."""
        self.reserved -= cents
        return 0

    def trace(self, waiting, waiting_cents):
        """Record a step of the capacity: candidates left outside and their cents."""
        record, now = self.programme.record, self.programme.clock.now
        return record.step(self.resource, now, self.cents, self.reserved, waiting, waiting_cents)


class Selection(Actor):
    """Candidates recommended to the President, and the rounds that take from them.

    All sites of a project are one candidate, by the first of them: it stands when each does.
    """

    def __init__(self, programme: Programme, envelope: Envelope, when_selected: Actor):
        self.programme, self.envelope = programme, envelope
        self.when_selected = when_selected
        self.plan = plan = programme.plan.selection
        self.pass_over = programme.world.pass_over
        self.docket = Docket(programme, plan.ranking, plan.preference, True)
        self.candidates = self.docket.candidates
        self.submitted = set()
        self.asked = []  # cents of all candidates, smallest first
        self.visits = [0] * programme.count
        self.rounds = plan.on_record
        self.immediate, self.closed = plan.immediate, False
        self.asked_for = -1
        self.put_off = 0  # number of a round whose day came before there was a candidate
        self.again = 0  # how often one was called after all
        self.listed = 0  # of the plan's dates, how many are scheduled
        self.last_round = plan.first_interval_from
        # No round but the final one stands later.
        final, deadline = plan.final_minute, programme.plan.deadline_minute
        self.last_minute = deadline - 1 if final < 0 else final
        self._call_round()
        if final >= programme.open_minute:
            self._schedule(final, FINAL)

    def act(self, step, one, two):
        """Hold a round, or select what is on record."""
        if step == HOLD:
            return self._hold(one)
        project = self.programme.projects[one]
        return self._select(project, project.commitment, RECORDED)

    def submit(self, project):
        """A recommended proposal waits for the President."""
        programme = self.programme
        self.submitted.add(project)
        programme.record.wait_began(programme.clock.now, project.entity, SELECTION_WAIT, -1, 0)
        for site in project.sites:
            if site not in self.submitted:
                return 0
        first = project.sites[0]
        self.docket.add(first)
        cents = first.asked()
        self.asked.insert(self._fitting(cents), cents)
        self._trace()
        return self.ask()

    def ask(self):
        """Hold a round now if selection is ``immediate``, or soon if one was put off."""
        now, opens = self.programme.clock.now, self.programme.open_minute
        if self.put_off and self.candidates:  # money may come back to nobody
            number, self.put_off = self.put_off, 0
            minute = self.plan.round_minute(now, 0)
            if 0 <= minute <= self.last_minute:
                self.last_round, self.again = minute, self.again % (FINAL // AGAIN - 1) + 1
                self._schedule(minute, number, AGAIN * self.again)
        at = max(now, opens)
        if self.immediate and self.asked_for != at and not self.closed:
            self.asked_for = at
            self.rounds += 1
            self._schedule(at, self.rounds)
        return 0

    def on_record(self, project):
        """A selection on record happens on its date, whatever the rounds say."""
        ordinal = project.ordinal
        return self.programme.clock.at(
            project.selected_on, PRESIDENT, ordinal, SELECTED, 0, self, ON_RECORD, ordinal
        )

    def _call_round(self):
        """Schedule the next round, if there is one before the deadline."""
        plan = self.plan
        if self.immediate:
            return 0
        minute = -1
        if plan.listed is None:
            world = self.programme.world
            interval = drawn(world, world.round_interval, self.rounds)
            minute = plan.round_minute(self.last_round, int(interval))
            if minute >= 0:
                minute = self.last_round = max(minute, self.programme.clock.now)
        elif self.listed < len(plan.listed):
            minute = plan.listed[self.listed]
            self.listed += 1
        if 0 <= minute <= self.last_minute:
            self.rounds += 1
            self._schedule(minute, self.rounds)
        return 0

    def _schedule(self, minute, number, again=0):
        programme = self.programme
        return programme.clock.at(
            minute, PRESIDENT, programme.count, ROUND, again + number, self, HOLD, number
        )

    def _hold(self, number):
        """One round: rank, pass over, go down the list while the envelope lasts."""
        self.asked_for = -1
        drawn = self.plan.listed is None and not self.immediate and number != FINAL
        if drawn and not self.candidates and not self.closed:
            self.put_off = number
            return 0
        if number != FINAL:
            self._call_round()
        if self.closed or not self.candidates:
            return 0
        ranked = self.docket.first(len(self.candidates))
        taken, passed_over = take(
            [project.asked() for project in ranked],
            Luck(self, ranked),
            self._limits(number, len(ranked)),
        )
        for row in passed_over:
            self._passed_over(ranked[row])
        for row, cents in taken:
            self._taken(ranked[row], cents)
        return 0

    def _passed_over(self, project):
        visit = self.visits[project.ordinal]
        self.visits[project.ordinal] = visit + 1
        for site in project.sites:
            self.programme.tell(site, PASSED_OVER, -1, 0, visit)
        return 0

    def _taken(self, project, cents):
        programme = self.programme
        self._strike(project)
        parts = in_proportion(cents, commitments(project))
        for place, site in enumerate(project.sites):
            programme.record.wait_ended(programme.clock.now, site.entity, SELECTION_WAIT, -1, 0)
            self._select(site, parts[place], 0)
        return 0

    def _strike(self, project):
        """Whether it was a candidate; it is no longer."""
        if not self.docket.remove(project):
            return False
        del self.asked[self._fitting(project.asked()) - 1]
        return True

    def withdraw(self, project):
        """It is no candidate any more, nor are its other sites."""
        self.submitted.discard(project)
        if self._strike(project.sites[0]):
            self._trace()
        return 0

    def _limits(self, number, candidates):
        """What a round takes of what is left."""
        plan = self.plan
        count, reach, cap = plan.round_size(self.programme.world, number, self.rounds, candidates)
        return RoundLimits(
            self.envelope.left(),
            cap,
            count,
            plan.does_not_fit,
            plan.scale_down_min_share,
            self.programme.pass_over_probability,
            reach,
        )

    def luck(self, project):
        """The disposition of the President's next visit to a candidate."""
        visit = self.visits[project.ordinal]
        if visit >= self.pass_over.shape[1]:
            most = self.pass_over.shape[1]
            raise ModelError(f"a candidate was passed over more than {most} times")
        return self.pass_over[project.ordinal, visit]

    def _select(self, project, cents, cause):
        self.envelope.reserve(cents)
        project.selected, project.selected_cents = True, cents
        self.programme.tell(project, SELECTED, -1, cause, 0, cents)
        self._trace()
        return self.when_selected.act(0, project.ordinal, 0)

    def release(self, cents):
        """What a decline or cancellation gives back can be used again before the deadline."""
        if cents:
            self.envelope.release(cents)
            self._trace()
            self.ask()
        return 0

    def _trace(self):
        """What waits for the envelope are candidates that do not fit into what is left of it."""
        fit, cents = self._fitting(self.envelope.left()), 0
        for place in range(fit, len(self.asked)):
            asked = self.asked[place]
            cents += asked
        return self.envelope.trace(len(self.asked) - fit, cents)

    def _fitting(self, cents):
        """How many candidates ask for no more than so much."""
        low, high = 0, len(self.asked)
        while low < high:
            middle = (low + high) >> 1
            asked = self.asked[middle]
            if cents < asked:
                high = middle
            else:
                low = middle + 1
        return low

    def close(self):
        """The deadline has passed."""
        self.closed = True
        self.candidates.clear()
        self.asked.clear()
        return self._trace()


class Luck:
    """The dispositions towards the candidates of one round, by rank."""

    def __init__(self, selection: Selection, ranked):
        self.selection, self.ranked = selection, ranked

    def __call__(self, row):
        """Its next visit's, read only where it is asked for."""
        return self.selection.luck(self.ranked[row])


def commitments(project):
    """What each of its sites asks for."""
    return [site.commitment for site in project.sites]
