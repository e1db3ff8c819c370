# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""From proposal to the President's list: screening, revision, committees. Sections 4.1-4.3."""

from __future__ import annotations

from sim.compiled import appraisal, permits
from sim.compiled.actors import Actor
from sim.compiled.programme import Docket, Process, Programme
from sim.compiled.selection import Selection
from sim.errors import ModelError
from sim.events import Cause, Kind
from sim.events.turns import Turn
from sim.rules import screening

ARRIVAL, COMPLETION, IC, CC = int(Turn.ARRIVAL), int(Turn.COMPLETION), int(Turn.IC), int(Turn.CC)
IC_WAIT, CC_WAIT, TEAM_QUEUE = int(Cause.IC_WAIT), int(Cause.CC_WAIT), int(Cause.TEAM_QUEUE)
RECORDED, UNAPPRAISED = int(Cause.RECORDED), int(Cause.UNAPPRAISED)
PROPOSED, DOCKETED, ENDORSED = int(Kind.PROPOSED), int(Kind.DOCKETED), int(Kind.ENDORSED)
RECOMMENDED, DEFERRED, LAPSED = int(Kind.RECOMMENDED), int(Kind.DEFERRED), int(Kind.LAPSED)
REJECTED, SCREENING_BEGAN = int(Kind.REJECTED), int(Kind.SCREENING_BEGAN)
SCREENING_ENDED, REVISION_BEGAN = int(Kind.SCREENING_ENDED), int(Kind.REVISION_BEGAN)
REVISION_ENDED = int(Kind.REVISION_ENDED)
SIT, PASS = range(2)
FAILED = {"prospects": int(Cause.PROSPECTS_BELOW_HURDLE), "benefit": int(Cause.NO_BENEFIT_TO_JAPAN)}


class Review(Actor):
    """The way of a proposal to selection."""

    def __init__(self, programme: Programme, selection: Selection):
        self.programme, self.selection = programme, selection
        world, plan = programme.world, programme.plan.review
        self.most = plan.max_rounds
        self.hurdle, self.content_bar, self.otherwise = plan.bars
        self.appraisal_starts = plan.appraisal_starts
        self.appraised_only = selection.plan.appraised_only
        self.proposed, self.screening = world.proposed, world.screening
        self.revision, self.favour = world.revision, world.favour
        self.revision_gain = world.revision_gain_share
        self.investment = Committee(programme, IC, RECOMMENDED, IC_WAIT, plan.investment, self)
        self.consultation = Committee(programme, CC, ENDORSED, CC_WAIT, plan.consultation, self)

    def act(self, step, one, two):
        """A committee has passed it on; ``step`` is what that is called."""
        project = self.programme.projects[one]
        return self.endorse(project) if step == ENDORSED else self.pass_on(project)

    def docket(self, project):
        """Both tests passed: before the Consultation Committee."""
        programme = self.programme
        programme.tell(project, DOCKETED)
        if programme.permits_start[project.sector] == "docket":
            permits.start_permits(programme, project)
        if self.appraisal_starts == "docket":
            appraisal.start_appraisal(programme, project)
        return self.consultation.submit(project)

    def endorse(self, project):
        """The Consultation Committee has given its input: before the Investment Committee."""
        self.programme.tell(project, ENDORSED)
        return self.investment.submit(project)

    def begin(self, project):
        """It will be proposed."""
        life = self.programme.clock.lives.spare()
        if life is None:
            life = self.programme.clock.lives.add(Life.__new__(Life))
        life.review, life.visit = self, 0
        return self.programme.start(life, project)

    def recommend(self, project, cause=0):
        """The Investment Committee recommends; the lenders may start."""
        self.programme.tell(project, RECOMMENDED, -1, cause)
        starts = self.appraisal_starts
        # A docket date is never on record; a recommendation on record implies one.
        if starts == "recommendation" or (cause == RECORDED and starts == "docket"):
            appraisal.start_appraisal(self.programme, project)
        return 0

    def pass_on(self, project):
        """The Investment Committee recommends: on the President's list."""
        self.recommend(project)
        return self.present(project)

    def present(self, project):
        """On the President's list, at once or when the lenders have appraised it."""
        present = self.programme.clock.presents.spare()
        if present is None:
            present = self.programme.clock.presents.add(Present.__new__(Present))
        present.review = self
        return self.programme.start(present, project)

    def withdraw(self, project):
        """A lender has refused it: it is off every list."""
        self.consultation.docket.remove(project)
        self.investment.docket.remove(project)
        return self.selection.withdraw(project)

    def close(self):
        """Let go of the committees, and of the programme."""
        self.investment = self.consultation = self.programme = self.selection = None
        return 0

    def lapse(self):
        """The deadline has passed: what is not selected lapses."""
        self.consultation.docket.candidates.clear()
        self.investment.docket.candidates.clear()
        for project in self.programme.projects:
            if project.alive and not project.selected:
                self.programme.finish(project, LAPSED)
        return 0


class Life(Process):
    """One proposal, from its arrival until the committees have it."""

    def go(self):
        """See `Process`."""
        review, programme, project = self.review, self.programme, self.project
        if self.at == 0:
            self.at = 1
            self.sleep(review.proposed[project.ordinal], ARRIVAL, PROPOSED)
            return 0
        if self.at > 2:
            return self._screened() if self.at == 3 else self._revised()
        starts = programme.permits_start[project.sector]
        if self.at == 1:
            cause = programme.record.cause_at(programme.clock.now)
            programme.tell(project, PROPOSED, -1, cause, 0, project.commitment)
            if project.permits_granted_on >= 0 or starts == "proposal":
                permits.start_permits(programme, project)
            if project.recommended_on < 0 and project.selected_on < 0:
                return self._screen()
            if starts == "docket":
                permits.start_permits(programme, project)
            self.at = 2
            if project.recommended_on >= 0:
                self.sleep(project.recommended_on, IC, RECOMMENDED)
                return 0
        if project.recommended_on >= 0:
            review.recommend(project, RECORDED)
        if project.selected_on >= 0:
            review.selection.on_record(project)
        else:
            review.present(project)
        return 1

    def _screen(self):
        """Rounds of screening and revision, until the two tests are passed or rounds run out."""
        programme, project, visit = self.programme, self.project, self.visit
        if visit == self.review.most:
            return 1
        self.at = 3
        minutes, teams = self.review.screening[project.ordinal, visit], programme.supply.teams
        job = programme.work(
            teams, project, minutes, visit, SCREENING_BEGAN, SCREENING_ENDED, TEAM_QUEUE
        )
        self.until(job)
        return 0

    def _screened(self):
        review, programme, project, visit = self.review, self.programme, self.project, self.visit
        favour, hurdle = review.favour[project.ordinal, visit], review.hurdle
        bar, otherwise = review.content_bar, review.otherwise
        verdict = screening.two_tests(
            project.prospects, project.content, favour, hurdle, bar, otherwise
        )
        if verdict == "passes":
            review.docket(project)
            return 1
        cause = FAILED[verdict]
        if visit + 1 == review.most:
            programme.finish(project, REJECTED, -1, cause, visit + 1)
            return 1
        self.at = 4
        programme.tell(project, REVISION_BEGAN, -1, cause, visit)
        minutes = review.revision[project.ordinal, visit]
        self.sleep(programme.clock.now + minutes, COMPLETION, REVISION_ENDED, visit)
        return 0

    def _revised(self):
        project = self.project
        self.programme.tell(project, REVISION_ENDED, -1, 0, self.visit)
        project.prospects += self.review.revision_gain[project.ordinal, self.visit]
        self.visit += 1
        return self._screen()


class Present(Process):
    """See `Review.present`."""

    def go(self):
        """See `Process`."""
        review, project = self.review, self.project
        if self.at == 0:
            self.at = 1
            if review.appraised_only and self.wait(project.appraised, UNAPPRAISED):
                return 0
        review.selection.submit(project)
        return 1


class Committee(Actor):
    """A committee with a docket, a calendar and an agenda limit."""

    def __init__(self, programme: Programme, turn, kind, cause, plan, passed: Actor):
        self.programme, self.turn, self.kind, self.cause = programme, turn, kind, cause
        self.passed, self.meetings = passed, plan.meetings
        self.defer_probability, self.defer = plan.defer_probability, programme.world.defer
        self.docket = Docket(programme, plan.ranking)
        self.agenda = programme.count if plan.agenda is None else plan.agenda
        self.visits = [0] * programme.count
        self.sittings = 0
        self._convene()

    def act(self, step, one, two):
        """Sit, or pass on a proposal."""
        if step == SIT:
            return self._sit()
        project = self.programme.projects[one]
        if project.alive:
            self.passed.act(self.kind, one, 0)
        return 0

    def submit(self, project):
        """Put a proposal on the docket; without meetings it passes in this instant."""
        programme, ordinal = self.programme, project.ordinal
        now = programme.clock.now
        if self.meetings is None:
            return programme.clock.at(now, self.turn, ordinal, self.kind, 0, self, PASS, ordinal)
        self.docket.add(project)
        return programme.record.wait_began(now, project.entity, self.cause, -1, 0)

    def _convene(self):
        if self.meetings is None or self.sittings == len(self.meetings):
            return 0
        minute = self.meetings[self.sittings]
        self.sittings += 1
        programme = self.programme
        return programme.clock.at(
            minute, self.turn, programme.count, self.kind, self.sittings, self, SIT
        )

    def _sit(self):
        """Rank the docket, take the agenda, test the agenda only."""
        self._convene()
        programme = self.programme
        for project in self.docket.first(self.agenda):
            if self._defers(project):
                continue
            self.docket.remove(project)
            programme.record.wait_ended(programme.clock.now, project.entity, self.cause, -1, 0)
            self.passed.act(self.kind, project.ordinal, 0)
        return 0

    def _defers(self, project):
        """The Investment Committee's own test of an item on its agenda."""
        if not self.defer_probability:
            return False
        visit, most = self.visits[project.ordinal], self.defer.shape[1]
        self.visits[project.ordinal] = visit + 1
        if visit >= most:
            raise ModelError(f"more than {most} visits to a committee")
        if self.defer[project.ordinal, visit] >= self.defer_probability:
            return False
        self.programme.tell(project, DEFERRED, -1, 0, visit)
        return True
