"""From proposal to the President's list: screening, revision, committees. Sections 4.1-4.3."""

from __future__ import annotations

from collections.abc import Callable

from sim.engine.appraisal import start_appraisal
from sim.engine.permits import start_permits
from sim.engine.programme import Programme, Story
from sim.engine.selection import Selection
from sim.errors import ModelError
from sim.events import Cause, Kind
from sim.events.turns import Turn
from sim.plan.review import CommitteePlan
from sim.rules.screening import two_tests

SCREENING = (Kind.SCREENING_BEGAN, Kind.SCREENING_ENDED)
FAILED = {"prospects": Cause.PROSPECTS_BELOW_HURDLE, "benefit": Cause.NO_BENEFIT_TO_JAPAN}


class Review:
    """The way of a proposal to selection."""

    def __init__(self, programme: Programme, selection: Selection) -> None:
        self.programme = programme
        self.selection = selection
        self.plan = plan = programme.plan.review
        self.investment = Committee(
            programme, Turn.IC, Kind.RECOMMENDED, Cause.IC_WAIT, plan.investment, self.pass_on
        )
        self.consultation = Committee(
            programme, Turn.CC, Kind.ENDORSED, Cause.CC_WAIT, plan.consultation, self.endorse
        )

    def life(self, ordinal: int) -> Story:
        """One proposal, from its arrival until the committees have it."""
        programme = self.programme
        yield programme.clock.at(
            programme.world.proposed[ordinal].item(), Turn.ARRIVAL, ordinal, Kind.PROPOSED
        )
        programme.tell(
            ordinal,
            Kind.PROPOSED,
            cause=programme.record.cause_at(programme.clock.now),
            amount=programme.commitment[ordinal],
        )
        if programme.permits_granted_on[ordinal] >= 0 or self.permits_start(ordinal) == "proposal":
            start_permits(programme, ordinal)
        recommended_on, selected_on = (
            programme.recommended_on[ordinal],
            programme.selected_on[ordinal],
        )
        if recommended_on < 0 and selected_on < 0:
            yield from self.screen(ordinal)
            return
        if self.permits_start(ordinal) == "docket":
            start_permits(programme, ordinal)
        if recommended_on >= 0:
            yield programme.clock.at(recommended_on, Turn.IC, ordinal, Kind.RECOMMENDED)
            self.recommend(ordinal, Cause.RECORDED)
        if selected_on >= 0:
            self.selection.on_record(ordinal)
        else:
            programme.start(ordinal, self.present(ordinal))

    def permits_start(self, ordinal: int) -> str:
        """What starts the project's permits: proposal, docket or selection."""
        return self.programme.plan.permits.starts[self.programme.sector[ordinal]]

    def screen(self, ordinal: int) -> Story:
        """Rounds of screening and revision, until the two tests are passed or rounds run out."""
        programme = self.programme
        world, most = programme.world, self.plan.max_rounds
        for visit in range(most):
            job = programme.work(
                programme.supply.teams,
                ordinal,
                world.screening[ordinal, visit].item(),
                visit,
                SCREENING,
                Cause.TEAM_QUEUE,
            )
            yield job.done
            verdict = two_tests(
                programme.prospects[ordinal],
                programme.content[ordinal],
                world.favour[ordinal, visit].item(),
                *self.plan.bars,
            )
            if verdict == "passes":
                self.docket(ordinal)
                return
            if visit + 1 == most:
                cause = FAILED[verdict]
                programme.finish(ordinal, Kind.REJECTED, cause=cause, part=visit + 1)
                return
            programme.tell(ordinal, Kind.REVISION_BEGAN, cause=FAILED[verdict], part=visit)
            minutes = world.revision[ordinal, visit].item()
            yield programme.after(ordinal, minutes, Kind.REVISION_ENDED, visit)
            programme.tell(ordinal, Kind.REVISION_ENDED, part=visit)
            programme.prospects[ordinal] += world.revision_gain_share[ordinal, visit].item()

    def docket(self, ordinal: int) -> None:
        """Both tests passed: before the Consultation Committee."""
        programme = self.programme
        programme.tell(ordinal, Kind.DOCKETED)
        if self.permits_start(ordinal) == "docket":
            start_permits(programme, ordinal)
        if self.plan.appraisal_starts == "docket":
            start_appraisal(programme, ordinal)
        self.consultation.submit(ordinal)

    def endorse(self, ordinal: int) -> None:
        """The Consultation Committee has given its input: before the Investment Committee."""
        self.programme.tell(ordinal, Kind.ENDORSED)
        self.investment.submit(ordinal)

    def recommend(self, ordinal: int, cause: Cause = Cause.NONE) -> None:
        """The Investment Committee recommends; the lenders may start."""
        self.programme.tell(ordinal, Kind.RECOMMENDED, cause=cause)
        # A docket date is never on record; a recommendation on record implies one.
        starts = ("docket", "recommendation") if cause == Cause.RECORDED else ("recommendation",)
        if self.plan.appraisal_starts in starts:
            start_appraisal(self.programme, ordinal)

    def pass_on(self, ordinal: int) -> None:
        """The Investment Committee recommends: on the President's list."""
        self.recommend(ordinal)
        self.programme.start(ordinal, self.present(ordinal))

    def present(self, ordinal: int) -> Story:
        """On the President's list, at once or when the lenders have appraised it."""
        programme = self.programme
        if self.selection.plan.appraised_only:
            yield from programme.wait(ordinal, programme.appraised[ordinal], Cause.UNAPPRAISED)
        self.selection.submit(ordinal)

    def withdraw(self, ordinal: int) -> None:
        """A lender has refused it: it is off every list."""
        for docket in (self.consultation.docket, self.investment.docket):
            if ordinal in docket:
                docket.remove(ordinal)
        self.selection.withdraw(ordinal)

    def close(self) -> None:
        """The deadline has passed: what is not selected lapses."""
        programme = self.programme
        for docket in (self.consultation.docket, self.investment.docket, self.selection.candidates):
            docket.clear()
        for ordinal in range(programme.count):
            if programme.alive[ordinal] and ordinal not in self.selection.selected:
                programme.finish(ordinal, Kind.LAPSED)


class Committee:
    """A committee with a docket, a calendar and an agenda limit."""

    def __init__(
        self,
        programme: Programme,
        turn: Turn,
        kind: Kind,
        cause: Cause,
        plan: CommitteePlan,
        passed: Callable[[int], None],
    ) -> None:
        self.programme = programme
        self.turn = turn
        self.kind = kind
        self.cause = cause
        self.plan = plan
        self.passed = passed
        self.docket: list[int] = []
        self.visits = [0] * self.programme.count
        self.meetings = iter(plan.meetings or ())
        self.sittings = 0
        self._convene()

    def submit(self, ordinal: int) -> None:
        """Put a proposal on the docket; without meetings it passes in this instant."""
        programme = self.programme
        if self.plan.meetings is None:
            programme.clock.at(
                programme.clock.now,
                self.turn,
                ordinal,
                self.kind,
                call=lambda _: self._pass_through(ordinal),
            )
            return
        self.docket.append(ordinal)
        project = programme.entity[ordinal]
        programme.record.wait_began(programme.clock.now, project, self.cause, -1, 0)

    def _pass_through(self, ordinal: int) -> None:
        if self.programme.alive[ordinal]:
            self.passed(ordinal)

    def _convene(self) -> None:
        for minute in self.meetings:
            self.sittings += 1
            self.programme.clock.at(
                minute, self.turn, self.programme.count, self.kind, self.sittings, self._sit
            )
            return

    def _sit(self, _: object) -> None:
        """Rank the docket, take the agenda, test the agenda only."""
        self._convene()
        programme = self.programme
        ranked = programme.ranked(self.docket, self.plan.ranking)
        for ordinal in ranked[: self.plan.agenda]:
            if self._defers(ordinal):
                continue
            self.docket.remove(ordinal)
            project = programme.entity[ordinal]
            programme.record.wait_ended(programme.clock.now, project, self.cause, -1, 0)
            self.passed(ordinal)

    def _defers(self, ordinal: int) -> bool:
        """The Investment Committee's own test of an item on its agenda."""
        if not self.plan.defer_probability:
            return False
        programme, visit = self.programme, self.visits[ordinal]
        self.visits[ordinal] += 1
        luck = programme.world.defer[ordinal]
        if visit >= len(luck):
            raise ModelError(f"more than {len(luck)} visits to a committee")
        if luck[visit] >= self.plan.defer_probability:
            return False
        programme.tell(ordinal, Kind.DEFERRED, part=visit)
        return True
