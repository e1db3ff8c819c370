"""From built to energised: the connection, and the megawatts of the region.

See docs/model.md, "Power".
"""

from __future__ import annotations

from functools import partial

from sim.engine.power import Grid
from sim.engine.programme import Programme
from sim.events import Cause, Kind
from sim.events.turns import Turn

NO_REQUEST = -1


class Energising:
    """Requests, connections, and the last milestones of every project."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.grids = programme.supply.grids
        self.region_of = programme.plan.power.region_of_place
        count = programme.count
        self.megawatts: list[int] = programme.world.megawatts.tolist()
        self.place: list[int] = programme.world.place.tolist()
        self.requested = [NO_REQUEST] * count
        self.connected = [False] * count
        self.waiting: list[list[int]] = [[] for _ in range(count)]
        self.energised = [0] * count
        self.short: set[tuple[int, int]] = set()  # units that wait for megawatts

    def region(self, ordinal: int) -> Grid | None:
        """The project's region, None when it does not use the grid."""
        if not self.grids or not self.megawatts[ordinal]:
            return None
        return self.grids[self.region_of[self.place[ordinal]]]

    def request(self, ordinal: int) -> None:
        """Tell of the request: its place in the queue is the day on which it was made."""
        grid, programme = self.region(ordinal), self.programme
        if grid is None:
            return
        now = programme.clock.now
        self.requested[ordinal] = now - programme.world.grid_ahead[ordinal].item()
        programme.tell(
            ordinal,
            Kind.GRID_REQUESTED,
            resource=grid.resource,
            cause=programme.record.cause_at(now),
            amount=self.megawatts[ordinal],
        )
        minutes = programme.world.grid_connection[ordinal].item()
        programme.clock.at(
            now + minutes,
            Turn.COMPLETION,
            ordinal,
            Kind.GRID_CONNECTED,
            call=lambda _: self._connect(ordinal, grid),
        )

    def _connect(self, ordinal: int, grid: Grid) -> None:
        programme = self.programme
        if not programme.alive[ordinal]:
            return
        self.connected[ordinal] = True
        cause = programme.record.cause_at(programme.clock.now)
        programme.tell(ordinal, Kind.GRID_CONNECTED, resource=grid.resource, cause=cause)
        project = programme.entity[ordinal]
        for unit in self.waiting[ordinal]:
            programme.record.wait_ended(
                programme.clock.now, project, Cause.GRID_CONNECTION, grid.resource, unit
            )
            self._power(ordinal, unit, grid)
        self.waiting[ordinal].clear()

    def cancel(self, ordinal: int) -> None:
        """Units that wait for megawatts wait no more; those that run go on running."""
        grid = self.region(ordinal)
        if grid is not None:
            grid.cancel(ordinal)

    def unit_built(self, ordinal: int, unit: int) -> None:
        """One unit stands: on to the grid with it, if it uses one."""
        grid, programme = self.region(ordinal), self.programme
        if grid is None:
            self._energise(ordinal, unit, -1)
        elif self.connected[ordinal]:
            self._power(ordinal, unit, grid)
        else:
            self.waiting[ordinal].append(unit)
            programme.record.wait_began(
                programme.clock.now,
                programme.entity[ordinal],
                Cause.GRID_CONNECTION,
                grid.resource,
                unit,
            )

    def unit_megawatts(self, ordinal: int, unit: int) -> int:
        """Whole megawatts of one unit; all units add up to the project's."""
        whole, units = abs(self.megawatts[ordinal]), self.programme.units[ordinal]
        return whole * (unit + 1) // units - whole * unit // units

    def _power(self, ordinal: int, unit: int, grid: Grid) -> None:
        """A connected unit supplies its megawatts, or waits for those it needs."""
        programme = self.programme
        megawatts = self.unit_megawatts(ordinal, unit)
        if self.megawatts[ordinal] < 0:
            self._energise(ordinal, unit, grid.resource)
            grid.supply(megawatts)
            return
        grid.claim(
            self.requested[ordinal],
            ordinal,
            unit,
            megawatts,
            partial(self._granted, ordinal, unit, grid),
            partial(self._wait, ordinal, unit, grid),
            programme.unit_cents(ordinal, unit),
        )

    def _wait(self, ordinal: int, unit: int, grid: Grid) -> None:
        programme = self.programme
        self.short.add((ordinal, unit))
        programme.record.wait_began(
            programme.clock.now, programme.entity[ordinal], Cause.POWER, grid.resource, unit
        )

    def _granted(self, ordinal: int, unit: int, grid: Grid) -> None:
        programme = self.programme
        if (ordinal, unit) in self.short:
            self.short.discard((ordinal, unit))
            programme.record.wait_ended(
                programme.clock.now, programme.entity[ordinal], Cause.POWER, grid.resource, unit
            )
        self._energise(ordinal, unit, grid.resource)

    def _energise(self, ordinal: int, unit: int, resource: int) -> None:
        programme = self.programme
        cause = programme.record.cause_at(programme.clock.now)
        programme.tell(
            ordinal,
            Kind.UNIT_ENERGISED,
            resource=resource,
            cause=cause,
            part=unit,
            amount=programme.unit_cents(ordinal, unit),
        )
        self.energised[ordinal] += 1
        if self.energised[ordinal] == self.programme.units[ordinal]:
            cents = programme.selected_cents[ordinal]
            programme.finish(ordinal, Kind.OPERATING, cause=cause, amount=cents)
