# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""The state one replication keeps, shared by all activities, and the few verbs they all use."""

from __future__ import annotations

import numpy as np

from sim.compiled.actors import Actor
from sim.compiled.known import Known
from sim.compiled.project import new_project
from sim.events import Cause
from sim.events.turns import Turn
from sim.rules.ranking import unlisted
from sim.rules.splitting import unit_cents
from sim.world.history import (
    DEVELOPED,
    FIRST_PAID,
    NTP,
    PERMITS_GRANTED,
    RECOMMENDED,
    SELECTED,
)

COLUMNS = (  # of a rule's view, by which it may rank
    "ordinal",
    "commitment_cents",
    "prospects_share",
    "japanese_content_share",
    "unlisted",
)
NONE, ORDINAL, COMMITMENT, PROSPECTS, CONTENT, UNLISTED = range(-1, len(COLUMNS))
COMPLETION, ARRIVAL, HISTORY = int(Turn.COMPLETION), int(Turn.ARRIVAL), int(Cause.HISTORY)


class Process(Actor):
    """Something that goes on with one project, step by step, and ends with it.

    ``go`` says what comes next: it falls through its steps by ``at``, returns 0 where it waits and
    1 at its end. It is called again when what it waits for has happened.
    """

    def act(self, step, one, two):
        """Go on, unless the project has ended."""
        if self.over:
            return 0
        programme = self.programme
        if self.waiting:
            self.waiting = False
            programme.record.wait_ended(
                programme.clock.now, self.project.entity, self.cause, self.resource, self.part
            )
        programme.clock.active = self
        if self.go():
            self.over = True
        programme.clock.active = None
        return 0

    def let_go(self):
        """See `Actor`."""
        self.programme = self.project = None
        return 0

    def go(self):
        """From where it stands on to where it waits next (0), or to its end (1)."""
        raise NotImplementedError

    def until(self, event):
        """Whether an event is still to come; then it is waited for."""
        if event.processed:
            return False
        event.then(self, 0, 0, 0)
        return True

    def sleep(self, minute, turn, kind, visit=0):
        """Wait for a step of the clock of one's own."""
        self.programme.clock.at(minute, turn, self.project.ordinal, kind, visit, self)
        return True

    def wait(self, event, cause, part=0, resource=-1):
        """Whether an event is still to come; then the time until it is charged to ``cause``."""
        if event.processed or (event.triggered and not event.decided):
            return False
        self.waiting = True
        self.cause, self.part, self.resource = cause, part, resource
        programme = self.programme
        programme.record.wait_began(programme.clock.now, self.project.entity, cause, resource, part)
        event.then(self, 0, 0, 0)
        return True

    def not_before_open(self, kind, visit=0):
        """Nothing unrecorded happens before the as-of date: whether the day after it is to come."""
        programme = self.programme
        opens = programme.open_minute
        if programme.clock.now >= opens:
            return False
        moment = programme.clock.timer(opens, ARRIVAL, self.project.ordinal, kind, visit)
        return self.wait(moment, HISTORY, kind)


class Programme:
    """Projects by ordinal, their recorded history and their state."""

    def __init__(self, known: Known, world, clock, record, supply):
        plan = known.plan
        self.plan, self.world, self.supply, self.known = plan, world, supply, known
        self.clock, self.record = clock, record
        self.open_minute = plan.open_minute
        self.count = len(world.entity)
        self.decline_probability = plan.funding.decline_probability  # as the public has it
        self.pass_over_probability = plan.selection.pass_over_probability
        self.lost_cents = self.returned_cents = 0  # of cancelled projects
        self.permits_start = plan.permits.starts  # by sector
        self.lending = known.lending
        self.permit_work, self.development = world.permit_work, world.development
        self.litigated, self.litigation = world.litigated.view(np.uint8), world.litigation
        self.appraisal, self.appraised = world.appraisal, world.appraised
        self.projects = []
        self._projects()
        self._together()

    def _projects(self):
        """What the world holds of each, and the record."""
        plan, world, clock = self.plan, self.world, self.clock
        entity, sector, units, place = world.entity, world.sector, world.units, world.place
        prospects, content = world.prospects_share, world.japanese_content_share
        named, on_record = world.named.view(np.uint8), world.commitment_cents
        # The premium for specialists is in every cost; on sums on record partners pay it.
        charged = np.rint(world.commitment_cents * plan.specialists.cost_factor).astype(np.int64)
        self.commitment_cents = cents = charged
        lenders = len(plan.supply.desks)
        for ordinal in range(self.count):
            project = new_project(ordinal, int(entity[ordinal]))
            project.sector, project.units = int(sector[ordinal]), int(units[ordinal])
            project.place = int(place[ordinal])
            project.prospects, project.content = float(prospects[ordinal]), float(content[ordinal])
            project.appraised, project.permitted = clock.event(), clock.event()
            project.developed, project.funded = clock.event(), clock.event()
            project.lenders_ready = [clock.event() for _ in range(lenders)]
            if named[ordinal]:
                self._recorded(project, plan)
            if project.selected_on >= 0:
                cents[ordinal] = on_record[ordinal]
            project.commitment = int(cents[ordinal])
            self.projects.append(project)
        return 0

    def _together(self):
        """All sites of each project's, itself among them, in their order."""
        first, shared, sites = self.known.first_site, self.known.shared, {}
        for project in self.projects:
            if shared[project.entity]:
                sites.setdefault(first[project.entity], []).append(project)
            else:
                project.sites = (project,)
        for several in sites.values():
            for project in several:
                project.sites = tuple(several)
        return 0

    def _recorded(self, project, plan):
        entity = project.entity
        recorded = self.known.recorded[entity]
        project.named = True
        project.later_paid_on = plan.later_paid[entity]
        project.ordered_on = plan.ordered[entity]
        project.slots_on = plan.slots[entity]
        built = project.built_on = plan.built[entity]
        project.energised_on = plan.energised[entity]
        project.recommended_on = recorded[RECOMMENDED]
        project.selected_on = recorded[SELECTED]
        project.first_paid_on = recorded[FIRST_PAID]
        # A notice to proceed implies what it needs: what is not on record clears with it.
        begun = project.ntp_on = recorded[NTP]
        early = plan.permits.early_works[project.sector]
        permits, developed = recorded[PERMITS_GRANTED], recorded[DEVELOPED]
        implied = begun if not early else built[0] if built else -1
        project.permits_granted_on = implied if permits < 0 else permits
        project.developed_on = begun if developed < 0 else developed
        return 0

    def start(self, process, project):
        """Begin one of the project's processes; it ends with the project at the latest."""
        process.programme, process.project = self, project
        process.at, process.over, process.waiting = 0, False, False
        project.processes.append(process)
        return self.clock.begin(process)

    def tell(self, project, kind, resource=-1, cause=0, part=0, amount=0):
        """Log that something happened to a project now."""
        return self.record.log(self.clock.now, project.entity, kind, resource, cause, part, amount)

    def say(self, kind, cause=0, part=0, amount=0):
        """Log what belongs to no project."""
        return self.record.log(self.clock.now, -1, kind, -1, cause, part, amount)

    def unit_cents(self, project, unit):
        """What one unit counts of the committed amount; the last takes the remainder."""
        return unit_cents(project.selected_cents, project.units, unit)

    def work(self, servers, project, minutes, visit, began, ended, cause):
        """Queue for a server; the job is given up if the project ends."""
        cents = project.selected_cents or project.commitment
        job = servers.serve(project, minutes, visit, cents, began, ended, cause)
        project.jobs.append(job)
        return job

    def unlisted(self, project):
        """See `sim.rules.ranking`: a named row lists its sites, a pipeline where any may lie."""
        known = self.known
        sites, states = known.preferred_sites, known.preferred_states
        regions = sites[project.entity] if project.named else states[project.place]
        return unlisted(known.preferred_sectors[project.sector], regions)

    def finish(self, project, kind, resource=-1, cause=0, part=0, amount=0):
        """The project's last event: it leaves every queue and returns every server it holds.

        Its processes end here, but for the one that says so, which has nothing more to say.
        """
        project.alive = False
        for process in project.processes:
            if process is not self.clock.active:
                process.over = True
        project.processes.clear()
        for job in project.jobs:
            job.servers.cancel(job)
        project.jobs.clear()
        self.record.end_waits(self.clock.now, project.entity)
        return self.tell(project, kind, resource, cause, part, amount)


class Docket:
    """Who is before a committee or the President, best first; a project is in one at a time.

    What rules read of a project changes no more once it is here. ``whole``: each asks for what all
    its sites do.
    """

    def __init__(self, programme: Programme, ranking, preference=None, whole=False):
        self.programme, self.whole, self.candidates = programme, whole, []
        self.ranking, self.largest = COLUMNS.index(ranking.column), ranking.largest
        self.preference, self.unpreferred = NONE, False
        if preference is not None:
            self.preference = COLUMNS.index(preference.column)
            self.unpreferred = preference.largest

    def add(self, project):
        """Put it where it ranks."""
        project.ranked = self._number(project, self.ranking)
        project.preferred = self._number(project, self.preference)
        if self.largest:
            project.ranked = -project.ranked
        if self.unpreferred:
            project.preferred = -project.preferred
        low, high = 0, len(self.candidates)
        while low < high:
            middle = (low + high) >> 1
            if project.before(self.candidates[middle]):
                high = middle
            else:
                low = middle + 1
        self.candidates.insert(low, project)
        return 0

    def _number(self, project, column):
        """A column of `sim.rules.ranking.Candidates`."""
        if column == COMMITMENT:
            return project.asked() if self.whole else project.commitment
        if column == PROSPECTS:
            return project.prospects
        if column == CONTENT:
            return project.content
        if column == UNLISTED:
            return self.programme.unlisted(project)
        return project.ordinal if column == ORDINAL else 0

    def remove(self, project):
        """Whether it was here; it is no longer."""
        for place in range(len(self.candidates)):
            if self.candidates[place] is project:
                del self.candidates[place]
                return True
        return False

    def first(self, most):
        """So many projects, the best first."""
        return self.candidates[:most]
