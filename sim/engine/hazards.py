"""Pauses and cancellations between selection and the end of building.

See docs/model.md, "Pauses".
"""

from __future__ import annotations

from math import inf

from sim.engine.calls import Calls
from sim.engine.cancelling import cancel
from sim.engine.construction import Construction
from sim.engine.programme import Programme
from sim.engine.selection import Selection
from sim.errors import ModelError
from sim.events import Cause, Kind
from sim.events.turns import Turn
from sim.plan.hazards import Rates
from sim.rules.hazards import Years, met, strikes_at


class Exposure:
    """What one project has met of its hazards. Times in minutes, hazards as pure numbers."""

    __slots__ = (
        "cancel_left",
        "cancels",
        "over",
        "pause_left",
        "pauses",
        "since",
        "timer",
        "visit",
    )

    def __init__(self, cancel_left: float, pause_left: float) -> None:
        self.cancel_left = cancel_left
        self.pause_left = pause_left
        self.cancels = 0.0  # rate per minute in the phase the project is in
        self.pauses = 0.0
        self.since = -1  # exposed from here on; below 0: not exposed
        self.timer = 0
        self.visit = 0
        self.over = False  # built: nothing strikes any more


class Hazards:
    """One timer a project, for whichever of pause and cancellation comes first."""

    def __init__(
        self, programme: Programme, construction: Construction, calls: Calls, selection: Selection
    ) -> None:
        self.programme = programme
        self.construction = construction
        self.calls = calls
        self.selection = selection
        plan = programme.plan
        self.active = plan.hazards is not None
        if plan.hazards is None:
            return
        self.plan = plan.hazards
        world = programme.world
        self.thresholds = world.pause_threshold
        self.exposures: dict[int, Exposure] = {}  # of selected projects
        self.years = self._years_by_sector()
        self.shifts_clocks = plan.calls.pauses_stop_clocks
        construction.when_started.append(self.started)
        construction.when_built.append(self.built)

    def _years_by_sector(self) -> list[Years]:
        """The factor of every calendar year's hazard, a list per sector."""
        shocked = self.programme.world.shock_year.tolist()
        sectors = range(len(self.programme.plan.names.sectors))
        return [self.plan.years(sector, shocked) for sector in sectors]

    def selected(self, ordinal: int) -> None:
        """Exposed from selection on, but not before the as-of date."""
        if self.active:
            cancel = self.programme.world.cancel_threshold[ordinal].item()
            self.exposures[ordinal] = Exposure(cancel, self.thresholds[ordinal, 0].item())
            self._expose(ordinal, self.plan.before_building, self.programme.plan.open_minute)

    def started(self, ordinal: int) -> None:
        """The notice to proceed: exposed to the hazards of building from now on."""
        self.settle(ordinal)
        self._expose(ordinal, self.plan.building, self.programme.plan.open_minute)

    def built(self, ordinal: int) -> None:
        """What is built is neither paused nor cancelled."""
        self.settle(ordinal)
        self.exposures[ordinal].over = True

    def _expose(self, ordinal: int, rates: Rates, not_before: int) -> None:
        exposure = self.exposures[ordinal]
        factor = self.programme.world.hazard_factor[ordinal].item()
        exposure.cancels = rates.cancellations * factor
        exposure.pauses = rates.pauses * factor
        exposure.since = max(self.programme.clock.now, not_before)
        self._arm(ordinal)

    def settle(self, ordinal: int) -> None:
        """Take what has been met off the thresholds; exposure ends here until it begins again."""
        exposure, now = self.exposures[ordinal], self.programme.clock.now
        exposure.timer += 1
        if 0 <= exposure.since < now:
            years = self.years[self.programme.sector[ordinal]]
            exposure.cancel_left -= met(exposure.since, now, exposure.cancels, years)
            exposure.pause_left -= met(exposure.since, now, exposure.pauses, years)
        exposure.since = -1

    def _arm(self, ordinal: int) -> None:
        exposure, clock = self.exposures[ordinal], self.programme.clock
        years = self.years[self.programme.sector[ordinal]]
        since = exposure.since
        cancel = strikes_at(since, max(exposure.cancel_left, 0.0), exposure.cancels, years)
        pause = strikes_at(since, max(exposure.pause_left, 0.0), exposure.pauses, years)
        exposure.timer += 1
        number = exposure.timer
        if cancel is not None and (pause is None or cancel <= pause):
            clock.at(
                cancel,
                Turn.COMPLETION,
                ordinal,
                Kind.CANCELLED,
                number,
                lambda _: self._strike(ordinal, number, Kind.CANCELLED),
            )
        elif pause is not None:
            clock.at(
                pause,
                Turn.COMPLETION,
                ordinal,
                Kind.PAUSED,
                number,
                lambda _: self._strike(ordinal, number, Kind.PAUSED),
            )

    def _strike(self, ordinal: int, number: int, kind: Kind) -> None:
        programme, exposure = self.programme, self.exposures[ordinal]
        if number != exposure.timer or not programme.alive[ordinal]:
            return
        self.settle(ordinal)
        if kind == Kind.CANCELLED and self.construction.progress(ordinal) > self.plan.last_progress:
            exposure.cancel_left = inf
            exposure.since = programme.clock.now
            self._arm(ordinal)
        elif kind == Kind.CANCELLED:
            self.cancel(ordinal)
        else:
            self._pause(ordinal)

    def cancel(self, ordinal: int, cause: Cause = Cause.NONE) -> None:
        """The project is given up."""
        cancel(ordinal, cause, self.programme, self.construction, self.calls, self.selection)

    def _pause(self, ordinal: int) -> None:
        """Work stops; legal clocks run on unless the policy stops them."""
        programme, exposure = self.programme, self.exposures[ordinal]
        visit = exposure.visit
        if visit == programme.world.pause_length.shape[1]:
            raise ModelError(f"a project was paused more than nature.maxima.pauses ({visit}) times")
        length = programme.world.pause_length[ordinal, visit].item()
        programme.tell(ordinal, Kind.PAUSED, part=visit)
        programme.paused[ordinal] = programme.clock.event()
        programme.paused_until[ordinal] = programme.clock.now + length
        self.construction.suspend(ordinal)
        if self.shifts_clocks:
            self.calls.extend(ordinal, length)
        programme.clock.at(
            programme.clock.now + length,
            Turn.COMPLETION,
            ordinal,
            Kind.RESUMED,
            visit,
            lambda _: self._resume(ordinal),
        )

    def _resume(self, ordinal: int) -> None:
        programme, exposure = self.programme, self.exposures[ordinal]
        over = programme.paused[ordinal]
        if not programme.alive[ordinal] or over is None:
            return
        programme.tell(ordinal, Kind.RESUMED, part=exposure.visit)
        programme.paused[ordinal] = None
        exposure.visit += 1
        exposure.pause_left = self.thresholds[ordinal, exposure.visit].item()
        if not exposure.over:
            exposure.since = programme.clock.now
            self._arm(ordinal)
        self.construction.resume(ordinal)
        over.succeed()
