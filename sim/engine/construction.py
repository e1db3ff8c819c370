"""Notice to proceed and building, point by point. See docs/model.md, "Construction"."""

from __future__ import annotations

from collections.abc import Callable

from sim.engine.calls import Call, Calls
from sim.engine.clock import Step, Turn
from sim.engine.energising import Energising
from sim.engine.equipping import Equipping
from sim.engine.points import EQUIPMENT, MONEY, NOTICE, PERMITS, Point, points
from sim.engine.programme import Programme, Story
from sim.engine.sites import Site, Sites
from sim.events import Cause, Kind
from sim.plan.calls import NTP


class Construction:
    """Sites of all projects."""

    def __init__(
        self, programme: Programme, calls: Calls, sites: Sites, equipping: Equipping,
        energising: Energising,
    ) -> None:  # fmt: skip
        self.programme = programme
        self.calls = calls
        self.sites = sites
        self.equipping = equipping
        self.energising = energising
        self.site_of: list[Site | None] = [None] * programme.count
        self.suspended: set[int] = set()  # taken off by a pause on the way to a point
        # Told when a project gets its notice to proceed, and when it is built.
        self.when_started: list[Callable[[int], None]] = []
        self.when_built: list[Callable[[int], None]] = []

    def build(self, ordinal: int) -> Story:
        """From selection until every unit is built."""
        programme, calls = self.programme, self.calls
        yield from self._await_ntp(ordinal)
        programme.tell(ordinal, Kind.NTP_ISSUED)
        for told in self.when_started:
            told(ordinal)
        for index, item in enumerate(programme.plan.calls.slices):
            if item.trigger == NTP:
                calls.pay(calls.notice(ordinal, index))
        yield from self._raise(ordinal)

    def _raise(self, ordinal: int) -> Story:
        """The site, from its first day to its last unit."""
        programme, world = self.programme, self.programme.world
        total, units = world.build[ordinal].item(), world.units[ordinal].item()
        site = Site(ordinal, world.specialists[ordinal].tolist(), max(1, total))
        self.site_of[ordinal] = site
        self._start(site)
        for point in points(programme.plan, world, ordinal, self.equipping.needed(ordinal)):
            if point.work > site.reached:
                yield self.sites.reach(site, point.work)
                site.reached = point.work
            if point.what == NOTICE:
                self.calls.pay(self.calls.notice(ordinal, point.number))
            elif point.what == MONEY:
                yield from self._await_money(ordinal, site, point.number)
            elif point.what == PERMITS:
                yield from self._await_permits(ordinal, site)
            elif point.what == EQUIPMENT:
                yield from self._await_equipment(ordinal, site, point)
            else:
                last = point.number + 1 == units
                programme.tell(
                    ordinal, Kind.UNIT_BUILT, part=point.number,
                    amount=programme.unit_cents(ordinal, point.number),
                )  # fmt: skip
                if last:
                    self._finish(ordinal, site)
                self.energising.unit_built(ordinal, point.number)

    def _finish(self, ordinal: int, site: Site) -> None:
        site.reached = site.total  # a build of no length is spent all the same
        self.sites.leave(site)
        self.suspended.discard(ordinal)
        self.programme.tell(ordinal, Kind.BUILT)
        for told in self.when_built:
            told(ordinal)

    def _call_later(self, ordinal: int, index: int) -> Story:
        """The first payment is on record, the call for the equipment is not."""
        yield from self.programme.not_before_open(ordinal, Kind.CALL_NOTICED)
        self._call_for_equipment(ordinal, index)

    def _call_for_equipment(self, ordinal: int, index: int) -> None:
        if index in self.calls.of[ordinal]:
            return
        call = self.calls.notice(ordinal, index)
        self.calls.pay(call)
        self.programme.start(ordinal, self._order(ordinal, call))

    def _order(self, ordinal: int, call: Call | None = None) -> Story:
        """Equipment is ordered when the money for it is there and the project is not paused."""
        if call is not None:
            yield call.paid
        resumed = self.programme.paused[ordinal]
        if resumed is not None:
            yield resumed
        self.equipping.order(ordinal)

    def _await_ntp(self, ordinal: int) -> Story:
        """First call paid, permits granted (or early works), development done, not paused."""
        programme = self.programme
        yield from programme.wait(ordinal, self.calls.of[ordinal][0].paid, Cause.FIRST_CALL)
        slice_for_it = programme.plan.calls.order_slice
        if slice_for_it is None and programme.paused[ordinal] is None:
            self.equipping.order(ordinal)  # money allows it
        elif slice_for_it is None:
            programme.start(ordinal, self._order(ordinal))
        elif programme.clock.now < programme.plan.open_minute:
            programme.start(ordinal, self._call_later(ordinal, slice_for_it))
        else:
            self._call_for_equipment(ordinal, slice_for_it)
        if not programme.plan.permits.early_works[programme.sector[ordinal]]:
            yield from programme.wait(ordinal, programme.permitted[ordinal], Cause.PERMITS)
        if programme.plan.permits.develops[programme.sector[ordinal]]:
            yield from programme.wait(ordinal, programme.developed[ordinal], Cause.DEVELOPMENT)
        yield from programme.not_before_open(ordinal, Kind.NTP_ISSUED)
        yield from self._await_resumption(ordinal)
        if slice_for_it is not None:
            self._call_for_equipment(ordinal, slice_for_it)  # at the latest

    def _await_resumption(self, ordinal: int) -> Story:
        programme = self.programme
        resumed = programme.paused[ordinal]
        if resumed is not None:
            yield from programme.wait(ordinal, resumed, Cause.PAUSED)

    def _start(self, site: Site) -> None:
        share = self.sites.progress(site)
        self.programme.tell(site.ordinal, Kind.BUILDING_BEGAN, amount=share)
        self.sites.join(site)

    def _stop(self, site: Site, cause: Cause, part: int = 0) -> None:
        if site.ordinal in self.suspended:  # paused in the very minute it got there: off already
            self.suspended.discard(site.ordinal)
            return
        self.sites.leave(site)
        share = self.sites.progress(site)
        self.programme.tell(
            site.ordinal, Kind.BUILDING_STOPPED, cause=cause, part=part, amount=share
        )

    def _go_on(self, site: Site) -> Story:
        """What stopped the site is over; a pause may still hold it."""
        yield from self._await_resumption(site.ordinal)
        self._start(site)

    def _await_money(self, ordinal: int, site: Site, index: int) -> Story:
        call = self.calls.of[ordinal][index]
        if call.paid.triggered:
            return
        self._stop(site, Cause.CASH_STARVED, index)
        yield from self.programme.wait(ordinal, call.paid, Cause.CASH_STARVED, index)
        yield from self._go_on(site)

    def _await_permits(self, ordinal: int, site: Site) -> Story:
        """Early works are done: the rest needs the last permit."""
        permitted = self.programme.permitted[ordinal]
        if permitted.triggered:
            return
        self._stop(site, Cause.PERMITS)
        yield from self.programme.wait(ordinal, permitted, Cause.PERMITS)
        yield from self._go_on(site)

    def _await_equipment(self, ordinal: int, site: Site, point: Point) -> Story:
        """The unit's machines must be there, and what they hold up of it done."""
        programme, clock = self.programme, self.programme.clock
        kind, unit = point.kind, point.number
        delivered = self.equipping.delivered_on[ordinal].get((kind, unit))
        if delivered is not None and delivered + point.installing <= clock.now:
            return
        self._stop(site, Cause.EQUIPMENT, unit)
        resource = programme.supply.makers[kind].resource
        project = programme.entity[ordinal]
        programme.record.wait_began(clock.now, project, Cause.EQUIPMENT, resource, unit)
        if delivered is None:
            yield self.equipping.arrival(ordinal, kind, unit)
        ready = self.equipping.delivered_on[ordinal][kind, unit] + point.installing
        if ready > clock.now:
            kinds = len(programme.supply.makers)
            yield clock.at(ready, Turn.COMPLETION, ordinal, Step.INSTALLED, unit * kinds + kind)
        programme.record.wait_ended(clock.now, project, Cause.EQUIPMENT, resource, unit)
        yield from self._go_on(site)

    def suspend(self, ordinal: int) -> None:
        """A pause takes the site off, wherever it is."""
        site = self.site_of[ordinal]
        if site is not None and ordinal in self.sites.at_work:
            self.sites.suspend(site)
            self.suspended.add(ordinal)
            self.programme.tell(
                ordinal, Kind.BUILDING_STOPPED, cause=Cause.PAUSED,
                amount=self.sites.progress(site),
            )  # fmt: skip

    def resume(self, ordinal: int) -> None:
        """The pause is over: back to work, unless something else holds the site."""
        site = self.site_of[ordinal]
        if site is not None and ordinal in self.suspended:
            self.suspended.discard(ordinal)
            self._start(site)

    def abandon(self, ordinal: int) -> None:
        """The project is cancelled: its crew is free, its orders and requests are dropped."""
        site = self.site_of[ordinal]
        if site is not None:
            self.sites.leave(site)
        self.equipping.cancel(ordinal)
        self.energising.cancel(ordinal)

    def progress(self, ordinal: int) -> float:
        """Share of the building done."""
        site = self.site_of[ordinal]
        return 0.0 if site is None else self.sites.progress(site)
