"""Notice to proceed and building, point by point. Model section 4.9."""

from __future__ import annotations

from sim.engine.calls import Calls
from sim.engine.model import TRILLION
from sim.engine.programme import Programme, Story
from sim.engine.sites import Site, Sites
from sim.events import Cause, Kind

NOTICE, GATE, UNIT = range(3)
Point = tuple[int, int, int]  # (minutes of full-rate work, what, index)


class Construction:
    """Sites of all projects."""

    def __init__(self, programme: Programme, calls: Calls, sites: Sites) -> None:
        self.programme = programme
        self.calls = calls
        self.sites = sites

    def points(self, ordinal: int) -> list[Point]:
        """What happens at which progress, in order.

        A later slice is called ``lead`` ahead of its trigger; the site stops at its gate, where
        the money of the slices before it is spent. Units are built one after another.
        """
        model, world = self.programme.model, self.programme.world
        total = world.build[ordinal].item()
        points: list[Point] = []
        called = 0  # trillionths
        for index, item in enumerate(model.slices):
            if index > 0 and item.trigger != "selection":
                points.append((-(-total * called // TRILLION), GATE, index))
                if item.progress is not None:
                    trigger = round(item.progress * TRILLION)
                    ahead = -(-total * trigger // TRILLION) - model.lead_minutes
                    gate = points[-1][0]  # never after it, whatever the shares are rounded to
                    points.append((max(0, min(ahead, gate)), NOTICE, index))
            called = min(TRILLION, called + model.slice_shares[index])
        units, first = world.units[ordinal].item(), world.first_unit[ordinal].item()
        for unit in range(units):
            work = first + (total - first) * unit // (units - 1) if units > 1 else total
            points.append((work, UNIT, unit))
        return sorted(points)

    def build(self, ordinal: int) -> Story:
        """From selection to operation."""
        programme, calls = self.programme, self.calls
        yield from self._await_ntp(ordinal)
        programme.tell(ordinal, Kind.NTP_ISSUED)
        for index, item in enumerate(programme.model.slices):
            if item.trigger == "ntp":
                calls.pay(calls.notice(ordinal, index))
        total = programme.world.build[ordinal].item()
        site = Site(ordinal, programme.world.specialists[ordinal].tolist(), max(1, total))
        self._start(site)
        unit_cents = programme.selected_cents[ordinal] // programme.world.units[ordinal].item()
        for work, what, index in self.points(ordinal):
            if work > site.reached:
                yield self.sites.reach(site, work)
                site.reached = work
            if what == NOTICE:
                calls.pay(calls.notice(ordinal, index))
            elif what == GATE:
                yield from self._await_money(ordinal, site, index)
            else:
                last = index + 1 == programme.world.units[ordinal]
                cents = programme.selected_cents[ordinal] - unit_cents * index
                programme.tell(
                    ordinal, Kind.UNIT_BUILT, part=index, amount=cents if last else unit_cents
                )
        site.reached = site.total  # a build of no length is spent all the same
        self.sites.leave(site)
        programme.tell(ordinal, Kind.BUILT)
        programme.finish(ordinal, Kind.OPERATING, amount=programme.selected_cents[ordinal])

    def _await_ntp(self, ordinal: int) -> Story:
        """First call paid and permits granted; crews come by the staffing rule."""
        programme = self.programme
        yield from programme.wait(ordinal, self.calls.of[ordinal][0].paid, Cause.FIRST_CALL)
        yield from programme.wait(ordinal, programme.permitted[ordinal], Cause.PERMITS)
        yield from programme.not_before_open(ordinal, Kind.NTP_ISSUED)

    def _start(self, site: Site) -> None:
        share = site.reached / site.total
        self.programme.tell(site.ordinal, Kind.BUILDING_BEGAN, amount=share)
        self.sites.join(site)

    def _await_money(self, ordinal: int, site: Site, index: int) -> Story:
        call = self.calls.of[ordinal][index]
        if call.paid.triggered:
            return
        programme = self.programme
        self.sites.leave(site)
        share = site.reached / site.total
        programme.tell(
            ordinal, Kind.BUILDING_STOPPED, cause=Cause.CASH_STARVED, part=index, amount=share
        )
        yield from programme.wait(ordinal, call.paid, Cause.CASH_STARVED, index)
        self._start(site)
