"""Notice to proceed and building, point by point. See docs/model.md, "Construction"."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sim.engine.calls import Call, Calls
from sim.engine.courses import Course, Site
from sim.engine.energising import Energising
from sim.engine.equipping import Equipping
from sim.engine.programme import Programme, Story
from sim.engine.sites import Sites
from sim.engine.yards import Yard, reached
from sim.events import Cause, Kind
from sim.events.turns import Turn
from sim.plan.calls import NTP
from sim.plan.points import (
    EQUIPMENT,
    MONEY,
    NOTICE,
    PERMITS,
    Point,
    merged,
    of_line,
    of_project,
    of_unit,
)


class Construction:
    """Sites of all projects."""

    def __init__(
        self,
        programme: Programme,
        calls: Calls,
        sites: Sites,
        equipping: Equipping,
        energising: Energising,
    ) -> None:
        self.programme = programme
        self.calls = calls
        self.sites = sites
        self.equipping = equipping
        self.energising = energising
        self.yards: list[Yard | None] = [None] * programme.count
        self.suspended: set[int] = set()  # taken off by a pause on the way to a point
        # Told when a project gets its notice to proceed, and when it is built.
        self.when_started: list[Callable[[int], None]] = []
        self.when_built: list[Callable[[int], None]] = []

    def build(self, ordinal: int) -> Story:
        """From selection until every unit is built."""
        programme, calls = self.programme, self.calls
        yield from self._await_ntp(ordinal)
        begun = programme.clock.now
        programme.tell(ordinal, Kind.NTP_ISSUED, cause=programme.record.cause_at(begun))
        for told in self.when_started:
            told(ordinal)
        if programme.built_on[ordinal]:
            programme.start(ordinal, self._on_record(self._yard(ordinal)))
        yield from programme.not_before_open(ordinal, Kind.BUILDING_BEGAN)
        for index, item in enumerate(programme.plan.calls.slices):
            if item.trigger == NTP and index not in calls.of[ordinal]:
                calls.pay(calls.notice(ordinal, index))
        yield from self._raise(ordinal, begun)

    def _yard(self, ordinal: int) -> Yard:
        yard = self.yards[ordinal] = self.yards[ordinal] or Yard(self.programme, ordinal)
        return yard

    def _on_record(self, yard: Yard) -> Story:
        """Units are built and energised on their dates, whatever site, machines and grid say."""
        programme, ordinal = self.programme, yard.ordinal
        built, runs = programme.built_on[ordinal], programme.energised_on[ordinal]
        steps = [(on, Kind.UNIT_BUILT, unit) for unit, on in enumerate(built)]
        steps += [(on, Kind.UNIT_ENERGISED, unit) for unit, on in enumerate(runs)]
        for on, kind, unit in sorted(steps):
            yield programme.clock.at(on, Turn.ARRIVAL, ordinal, kind, unit)
            if kind == Kind.UNIT_ENERGISED:
                self.energising.unit_built(ordinal, unit)
                continue
            self.equipping.stand(ordinal, unit)
            self.sites.credit(yard.clocks[unit], yard.clocks[unit].total)
            self._built(yard, unit)

    def _raise(self, ordinal: int, begun: int) -> Story:
        """The site, from the first day in sight to its last unit."""
        programme, yard = self.programme, self._yard(ordinal)
        plan, needs = yard.plan, self.equipping.needed(ordinal)
        place, stand = reached(programme, yard, begun), len(programme.built_on[ordinal])
        on_record = programme.ntp_on[ordinal] >= 0  # and machines that are not there are not in
        gates = [round(plan.length * need.gate) for need in needs if on_record]
        most = min([plan.length, *gates])
        for clock in yard.clocks[stand:]:
            self.sites.credit(clock, min(most, max(0, place - plan.begin(clock.unit))))
        for unit in range(len(programme.energised_on[ordinal]), stand):
            self.energising.unit_built(ordinal, unit)
        if not yard.left:
            return
        if yard.line is not None:
            yard.line.reached = place
            yard.whole.reached = sum([clock.reached for clock in yard.clocks])
        self._start(yard)
        points = of_project(programme.plan, programme.world, ordinal, plan)
        units = [of_unit(needs, plan, unit) for unit in range(plan.units)]
        if yard.line is None:
            yield from self._walk(yard, yard.clocks[0], merged(points, units[0]))
            return
        programme.start(ordinal, self._walk(yard, yard.whole, points))
        for point in of_line(plan)[stand:]:
            yield from self._reach(yard.line, point.work)
            clock = yard.clocks[point.number]
            self._man(yard, clock)
            programme.start(ordinal, self._walk(yard, clock, units[point.number]))

    def _reach(self, course: Course, work: int) -> Story:
        """On to a point, unless it is where the course stands."""
        if work > course.reached:
            yield self.sites.reach(course, work)
            course.reached = work

    def _walk(self, yard: Yard, course: Course, points: Sequence[Point]) -> Story:
        """From point to point of a unit, of all units together, or of the only one."""
        for point in points:
            yield from self._reach(course, point.work)
            if point.what == NOTICE:
                if point.number not in self.calls.of[yard.ordinal]:  # on record as paid
                    self.calls.pay(self.calls.notice(yard.ordinal, point.number))
            elif point.what == MONEY:
                yield from self._await_money(yard, point.number)
            elif point.what == PERMITS:
                yield from self._await_permits(yard)
            elif point.what == EQUIPMENT:
                yield from self._await_equipment(yard, point)
            else:
                yield from self._complete(yard, point.number)

    def _complete(self, yard: Yard, unit: int) -> Story:
        """A unit stands, unless its site has stopped in this very minute."""
        ordinal, clock = yard.ordinal, yard.clocks[unit]
        while not yard.running:
            yield yard.resumed
        yard.wanted.discard(unit)
        clock.reached = clock.total  # a build of no length is spent all the same
        self.sites.leave(clock)
        self._built(yard, unit)
        self.energising.unit_built(ordinal, unit)

    def _built(self, yard: Yard, unit: int) -> None:
        ordinal, programme = yard.ordinal, self.programme
        cents = programme.unit_cents(ordinal, unit)
        cause = programme.record.cause_at(programme.clock.now)
        programme.tell(ordinal, Kind.UNIT_BUILT, cause=cause, part=unit, amount=cents)
        yard.left -= 1
        if not yard.left:
            if yard.line is not None:
                self.sites.suspend(yard.line)
            self.suspended.discard(ordinal)
            programme.tell(ordinal, Kind.BUILT, cause=cause)
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
        on_record = programme.ordered_on[ordinal]
        if on_record > programme.clock.now or (on_record >= 0 and slice_for_it is not None):
            programme.start(ordinal, self.equipping.order_on_record(ordinal))
        elif slice_for_it is None and programme.paused[ordinal] is None:
            self.equipping.order(ordinal)  # money allows it
        elif slice_for_it is None:
            programme.start(ordinal, self._order(ordinal))
        if slice_for_it is not None and programme.clock.now < programme.plan.open_minute:
            programme.start(ordinal, self._call_later(ordinal, slice_for_it))
        elif slice_for_it is not None:
            self._call_for_equipment(ordinal, slice_for_it)
        if not programme.plan.permits.early_works[programme.sector[ordinal]]:
            yield from programme.wait(ordinal, programme.permitted[ordinal], Cause.PERMITS)
        if programme.plan.permits.develops[programme.sector[ordinal]]:
            yield from programme.wait(ordinal, programme.developed[ordinal], Cause.DEVELOPMENT)
        if programme.ntp_on[ordinal] >= 0:
            on = max(programme.ntp_on[ordinal], programme.clock.now)
            yield programme.clock.at(on, Turn.NOTICE, ordinal, Kind.NTP_ISSUED)
            return
        yield from programme.not_before_open(ordinal, Kind.NTP_ISSUED)
        yield from self._await_resumption(ordinal)
        if slice_for_it is not None:
            self._call_for_equipment(ordinal, slice_for_it)  # at the latest

    def _await_resumption(self, ordinal: int) -> Story:
        programme = self.programme
        resumed = programme.paused[ordinal]
        if resumed is not None:
            yield from programme.wait(ordinal, resumed, Cause.PAUSED)

    def _man(self, yard: Yard, clock: Site) -> None:
        """A unit wants its crew from now on."""
        yard.wanted.add(clock.unit)
        if yard.running:
            self.sites.join(clock)

    def _start(self, yard: Yard) -> None:
        self.programme.tell(yard.ordinal, Kind.BUILDING_BEGAN, amount=self.progress(yard.ordinal))
        yard.running = True
        if yard.line is not None:
            self.sites.join(yard.line)
        for unit in sorted(yard.wanted):
            self.sites.join(yard.clocks[unit])
        if not yard.resumed.triggered:
            yard.resumed.succeed()

    def _halt(self, yard: Yard, cause: Cause, part: int = 0) -> None:
        """All units and the line stand still where they are, and their crews go back."""
        yard.running = False
        yard.resumed = self.programme.clock.event()
        for unit in sorted(yard.wanted):
            clock = yard.clocks[unit]
            (self.sites.leave if clock.moment is None else self.sites.suspend)(clock)
        if yard.line is not None:
            self.sites.suspend(yard.line)
        share = self.progress(yard.ordinal)
        self.programme.tell(
            yard.ordinal, Kind.BUILDING_STOPPED, cause=cause, part=part, amount=share
        )

    def _stop(self, yard: Yard, cause: Cause, part: int = 0) -> None:
        if yard.ordinal in self.suspended:  # paused in the very minute it got there: off already
            self.suspended.discard(yard.ordinal)
        else:
            self._halt(yard, cause, part)

    def _go_on(self, yard: Yard) -> Story:
        """What stopped the site is over; a pause may still hold it."""
        yield from self._await_resumption(yard.ordinal)
        self._start(yard)

    def _await_money(self, yard: Yard, index: int) -> Story:
        call = self.calls.of[yard.ordinal][index]
        if call.paid.triggered:
            return
        self._stop(yard, Cause.CASH_STARVED, index)
        yield from self.programme.wait(yard.ordinal, call.paid, Cause.CASH_STARVED, index)
        yield from self._go_on(yard)

    def _await_permits(self, yard: Yard) -> Story:
        """Early works are done: the rest needs the last permit."""
        permitted = self.programme.permitted[yard.ordinal]
        if permitted.triggered:
            return
        self._stop(yard, Cause.PERMITS)
        yield from self.programme.wait(yard.ordinal, permitted, Cause.PERMITS)
        yield from self._go_on(yard)

    def _await_equipment(self, yard: Yard, point: Point) -> Story:
        """A unit goes no further without its machines; the others do."""
        programme, ordinal, unit = self.programme, yard.ordinal, point.number
        if (point.kind, unit) in self.equipping.delivered[ordinal]:
            return
        clock, resource = yard.clocks[unit], programme.supply.makers[point.kind].resource
        if yard.line is None:
            self._stop(yard, Cause.EQUIPMENT, unit)
        else:
            yard.wanted.discard(unit)
            self.sites.leave(clock)
        arrival = self.equipping.arrival(ordinal, point.kind, unit)
        yield from programme.wait(ordinal, arrival, Cause.EQUIPMENT, unit, resource)
        if yard.line is None:
            yield from self._go_on(yard)
        else:
            self._man(yard, clock)

    def suspend(self, ordinal: int) -> None:
        """A pause takes the site off, wherever it is."""
        yard = self.yards[ordinal]
        if yard is not None and yard.running:
            self.suspended.add(ordinal)
            self._halt(yard, Cause.PAUSED)

    def resume(self, ordinal: int) -> None:
        """The pause is over: back to work, unless something else holds the site."""
        yard = self.yards[ordinal]
        if yard is not None and ordinal in self.suspended:
            self.suspended.discard(ordinal)
            self._start(yard)

    def abandon(self, ordinal: int) -> None:
        """The project is cancelled: its crew is free, its orders and requests are dropped."""
        yard = self.yards[ordinal]
        if yard is not None:
            for clock in yard.clocks:
                self.sites.leave(clock)
            if yard.line is not None:
                self.sites.suspend(yard.line)
        self.equipping.cancel(ordinal)
        self.energising.cancel(ordinal)

    def progress(self, ordinal: int) -> float:
        """Share of the building done: the mean of its units."""
        yard = self.yards[ordinal]
        if yard is None:
            return 0.0
        return sum([self.sites.progress(clock) for clock in yard.clocks]) / len(yard.clocks)
