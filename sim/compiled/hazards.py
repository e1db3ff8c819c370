# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""Pauses and cancellations between selection and the end of building.

See docs/model.md, "Pauses".
"""

from __future__ import annotations

from math import inf

import numpy as np

from sim.compiled.actors import Actor
from sim.compiled.calls import Calls
from sim.compiled.cancelling import cancel
from sim.compiled.construction import BUILT, STARTED, Construction
from sim.compiled.programme import Programme
from sim.compiled.selection import Selection
from sim.errors import ModelError
from sim.events import Kind
from sim.events.turns import Turn
from sim.rules import hazards

CANCEL, PAUSE, RESUME = range(2, 5)  # beside what construction tells
COMPLETION, CANCELLED = int(Turn.COMPLETION), int(Kind.CANCELLED)
PAUSED, RESUMED = int(Kind.PAUSED), int(Kind.RESUMED)


class Exposure:
    """What one project has met of its hazards. Times in minutes, hazards as pure numbers."""


class Hazards(Actor):
    """One timer a project, for whichever of pause and cancellation comes first."""

    def __init__(
        self, programme: Programme, construction: Construction, calls: Calls, selection: Selection
    ):
        self.programme, self.construction = programme, construction
        self.calls, self.selection = calls, selection
        self.plan = programme.plan.hazards
        self.active = self.plan is not None
        if not self.active:
            return
        world = programme.world
        self.thresholds = np.ascontiguousarray(world.pause_threshold)
        self.lengths = np.ascontiguousarray(world.pause_length)
        self.to_cancel = np.ascontiguousarray(world.cancel_threshold)
        self.factors = np.ascontiguousarray(world.hazard_factor)
        self.exposures = [None] * programme.count  # of selected projects
        self.last_progress = self.plan.last_progress
        self.shocked = tuple(world.shock_year.tolist())
        self.years = [None] * len(programme.plan.names.sectors)  # see `years_of`
        self.shifts_clocks = programme.plan.calls.pauses_stop_clocks
        construction.told.append(self)

    def act(self, step, one, two):
        """A hazard strikes, a pause ends, or construction tells how far it is."""
        project = self.programme.projects[one]
        if step == STARTED:
            # The notice to proceed: exposed to the hazards of building from now on.
            self.settle(project)
            return self._expose(project, self.plan.building)
        if step == BUILT:
            return self._built(project)
        if step == RESUME:
            return self._resume(project)
        return self._strike(project, step, two)

    def selected(self, project):
        """Exposed from selection on, but not before the as-of date."""
        if not self.active:
            return 0
        exposure = self.exposures[project.ordinal] = Exposure.__new__(Exposure)
        exposure.cancel_left = self.to_cancel[project.ordinal]
        exposure.pause_left = self.thresholds[project.ordinal, 0]
        exposure.timer = exposure.visit = 0
        exposure.since = -1  # exposed from here on; below 0: not exposed
        exposure.over = False  # built: nothing strikes any more
        return self._expose(project, self.plan.before_building)

    def _built(self, project):
        """What is built is neither paused nor cancelled."""
        self.settle(project).over = True
        return 0

    def _expose(self, project, rates):
        exposure, factor = self.exposures[project.ordinal], self.factors[project.ordinal]
        exposure.cancels = rates.cancellations * factor  # per minute in the phase it is in
        exposure.pauses = rates.pauses * factor
        exposure.since = max(self.programme.clock.now, self.programme.open_minute)
        return self._arm(project, exposure)

    def settle(self, project):
        """Take what has been met off the thresholds; exposure ends here until it begins again."""
        exposure, now = self.exposures[project.ordinal], self.programme.clock.now
        exposure.timer += 1
        if 0 <= exposure.since < now:
            years = self.years_of(project.sector)
            exposure.cancel_left -= hazards.met(exposure.since, now, exposure.cancels, years)
            exposure.pause_left -= hazards.met(exposure.since, now, exposure.pauses, years)
        exposure.since = -1
        return exposure

    def years_of(self, sector):
        """The factor of every calendar year's hazard, made when a project first asks."""
        if self.years[sector] is None:
            self.years[sector] = self.programme.known.years_of(sector, self.shocked)
        return self.years[sector]

    def _arm(self, project, exposure):
        years, since = self.years_of(project.sector), exposure.since
        cancel = hazards.strikes_at(since, max(exposure.cancel_left, 0.0), exposure.cancels, years)
        pause = hazards.strikes_at(since, max(exposure.pause_left, 0.0), exposure.pauses, years)
        exposure.timer += 1
        if cancel is not None and (pause is None or cancel <= pause):
            return self._at(project, cancel, CANCELLED, CANCEL, exposure.timer)
        if pause is not None:
            return self._at(project, pause, PAUSED, PAUSE, exposure.timer)
        return 0

    def _at(self, project, minute, kind, step, number):
        ordinal = project.ordinal
        return self.programme.clock.at(
            minute, COMPLETION, ordinal, kind, number, self, step, ordinal, number
        )

    def _strike(self, project, step, number):
        exposure = self.exposures[project.ordinal]
        if number != exposure.timer or not project.alive:
            return 0
        self.settle(project)
        if step == PAUSE:
            return self._pause(project, exposure.visit)
        if self.construction.progress(project) > self.last_progress:
            exposure.cancel_left, exposure.since = inf, self.programme.clock.now
            return self._arm(project, exposure)
        return self.cancel(project)

    def cancel(self, project, cause=0):
        """The project is given up."""
        cancel(project, cause, self.programme, self.construction, self.calls, self.selection)
        return 0

    def _pause(self, project, visit):
        """Work stops; legal clocks run on unless the policy stops them."""
        programme, now = self.programme, self.programme.clock.now
        if visit == self.lengths.shape[1]:
            raise ModelError(f"a project was paused more than nature.maxima.pauses ({visit}) times")
        length = self.lengths[project.ordinal, visit]
        programme.tell(project, PAUSED, -1, 0, visit)
        project.paused, project.paused_until = programme.clock.event(), now + length
        self.construction.suspend(project)
        if self.shifts_clocks:
            self.calls.extend(project, length)
        return self._at(project, now + length, RESUMED, RESUME, visit)

    def _resume(self, project):
        programme, over = self.programme, project.paused
        exposure = self.exposures[project.ordinal]
        if not project.alive or over is None:
            return 0
        programme.tell(project, RESUMED, -1, 0, exposure.visit)
        project.paused = None
        exposure.visit += 1
        exposure.pause_left = self.thresholds[project.ordinal, exposure.visit]
        if not exposure.over:
            exposure.since = programme.clock.now
            self._arm(project, exposure)
        self.construction.resume(project)
        return over.succeed()
