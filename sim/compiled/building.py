# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""The processes that build: notice to proceed, then from point to point. Model, "Construction"."""

from __future__ import annotations

from sim.compiled import yards
from sim.compiled.construction import STARTED, Construction
from sim.compiled.equipping import OrderOnRecord
from sim.compiled.programme import Process
from sim.events import Cause, Kind
from sim.events.turns import Turn
from sim.plan import points
from sim.plan.points import merged, of_all, of_line, of_unit

SETS_OUT, ARRIVES, GOES_ON, BEGINS, COMES_BACK = range(5)  # where a walk goes on
NOTICE, MONEY, PERMITS = points.NOTICE, points.MONEY, points.PERMITS
EQUIPMENT, UNIT = points.EQUIPMENT, points.UNIT
TURN_NOTICE, ARRIVAL, NTP_ISSUED = int(Turn.NOTICE), int(Turn.ARRIVAL), int(Kind.NTP_ISSUED)
UNIT_BUILT, UNIT_ENERGISED = int(Kind.UNIT_BUILT), int(Kind.UNIT_ENERGISED)
BUILDING_BEGAN, CALL_NOTICED = int(Kind.BUILDING_BEGAN), int(Kind.CALL_NOTICED)
FIRST_CALL, DEVELOPMENT = int(Cause.FIRST_CALL), int(Cause.DEVELOPMENT)
UNPERMITTED, CASH_STARVED = int(Cause.PERMITS), int(Cause.CASH_STARVED)
PAUSED, NO_MACHINES = int(Cause.PAUSED), int(Cause.EQUIPMENT)


class Walk(Process):
    """From point to point of a unit, of all units together, of the line, or of the only unit."""

    def __init__(self, construction: Construction):
        self.construction = construction
        self.going, self.next = SETS_OUT, 0

    def on(self, yard, course, points):
        """Where it goes."""
        self.yard, self.course, self.points = yard, course, points
        return 0

    def go(self):
        """Nothing comes before it."""
        return self.walk()

    def walk(self):
        """As far as it gets; 1 at the end."""
        construction, project = self.construction, self.project
        while True:
            if self.going == GOES_ON:  # what stopped it is over; a pause may still hold it
                self.going = BEGINS
                if project.paused is not None and self.wait(project.paused, PAUSED):
                    return 0
            if self.going == BEGINS:
                self.going = SETS_OUT
                construction.start(project, self.yard)
            elif self.going == COMES_BACK:
                self.going = SETS_OUT
                construction.man(self.yard, self.yard.clocks[self.number])
            if self.going == SETS_OUT:
                if self.next == len(self.points):
                    return 1
                point = self.points[self.next]
                self.work, self.what, self.number = point.work, point.what, point.number
                self.kind = point.kind
                if self.what == EQUIPMENT or self.what == UNIT:
                    self.number = self.course.unit  # all units have the points of the first
                self.next += 1
                if self.work > self.course.reached:
                    self.going = ARRIVES
                    self.until(construction.sites.reach(self.course, self.work))
                    return 0
            elif self.work > self.course.reached:
                self.course.reached = self.work
            self.going = SETS_OUT
            if self.stops():
                return 0

    def stops(self):
        """What happens at the point, and whether it stops there."""
        construction, project, number = self.construction, self.project, self.number
        if self.what == NOTICE:
            call_once(construction, project, number)
        elif self.what == MONEY:
            call = construction.calls.of(project, number)
            return self.held(call.paid, CASH_STARVED, number)
        elif self.what == PERMITS:  # early works are done: the rest needs the last permit
            return self.held(project.permitted, UNPERMITTED, 0)
        elif self.what == EQUIPMENT:
            return self.without_machines()
        elif self.what == UNIT:
            if not self.yard.running:  # the site has stopped in this very minute
                self.going = ARRIVES
                return self.until(self.yard.resumed)
            construction.complete(project, self.yard, number)
        else:
            self.begin(number)
        return False

    def held(self, event, cause, part):
        """All stops until an event, unless it has come."""
        if event.triggered:
            return False
        self.construction.stop(self.project, self.yard, cause, part)
        self.going = GOES_ON
        return self.wait(event, cause, part)

    def without_machines(self):
        """A unit goes no further without its machines; the others do."""
        construction, project, unit = self.construction, self.project, self.number
        equipping, makers = construction.equipping, self.programme.supply.makers
        if equipping.has(project, self.kind, unit):
            return False
        maker = makers[self.kind]
        if self.yard.line is None:
            construction.stop(project, self.yard, NO_MACHINES, unit)
            self.going = GOES_ON
        else:
            construction.dismiss(self.yard.clocks[unit])
            self.going = COMES_BACK
        arrival = equipping.arrival(project, self.kind, unit)
        return self.wait(arrival, NO_MACHINES, unit, maker.resource)

    def begin(self, unit):
        """The line is where a unit begins."""
        construction, yard = self.construction, self.yard
        construction.man(yard, yard.clocks[unit])
        walk = new_walk(construction)
        walk.on(yard, yard.clocks[unit], yard.points)
        return self.programme.start(walk, self.project)


def new_walk(construction):
    """One that has not set out."""
    walk = Walk.__new__(Walk)
    walk.construction, walk.going, walk.next = construction, SETS_OUT, 0
    return walk


class Build(Walk):
    """From selection until every unit is built."""

    def go(self):
        """First call paid, permits granted (or early works), development done, not paused."""
        construction, programme, project = self.construction, self.programme, self.project
        clock, order_slice = programme.clock, construction.order_slice
        if self.at == 0:
            self.at = 1
            call = construction.calls.of(project, 0)
            if self.wait(call.paid, FIRST_CALL):
                return 0
        if self.at == 1:
            self.at = 2
            self.first_paid()
            if not construction.early_works[project.sector]:
                if self.wait(project.permitted, UNPERMITTED):
                    return 0
        if self.at == 2:
            self.at = 3
            if construction.develops[project.sector]:
                if self.wait(project.developed, DEVELOPMENT):
                    return 0
        if self.at == 3:
            self.at = 4
            if project.ntp_on >= 0:
                self.at = 6
                self.sleep(max(project.ntp_on, clock.now), TURN_NOTICE, NTP_ISSUED)
                return 0
            if self.not_before_open(NTP_ISSUED):
                return 0
        if self.at == 4:
            self.at = 5
            if project.paused is not None and self.wait(project.paused, PAUSED):
                return 0
        if self.at == 5:
            self.at = 6
            if order_slice is not None:
                call_for_equipment(construction, project)  # at the latest
        if self.at == 6:
            self.at = 7
            self.begun = clock.now
            programme.tell(project, NTP_ISSUED, -1, programme.record.cause_at(clock.now))
            construction.tell(STARTED, project)
            if project.built_on:
                construction.yard(project)
                programme.start(OnRecord(construction), project)
            if self.not_before_open(BUILDING_BEGAN):
                return 0
        if self.at == 7:
            self.at = 8
            for index in construction.at_notice:
                call_once(construction, project, index)
            self.raise_site()
        return self.walk()

    def first_paid(self):
        """Machines are ordered, or the call for them comes, on its date, now or when it may."""
        construction, programme, project = self.construction, self.programme, self.project
        now, on_record = programme.clock.now, project.ordered_on
        apart = construction.order_slice is not None
        if on_record > now or (on_record >= 0 and apart):
            programme.start(OrderOnRecord(construction.equipping), project)
        elif not apart and project.paused is None:
            construction.equipping.order(project)  # money allows it
        elif not apart:
            programme.start(Order(construction, None), project)
        if apart and now < programme.open_minute:
            programme.start(CallLater(construction), project)
        elif apart:
            call_for_equipment(construction, project)
        return 0

    def raise_site(self):
        """The site, from the first day in sight."""
        construction, programme, project = self.construction, self.programme, self.project
        yard = construction.yard(project)
        plan, needs = yard.plan, construction.equipping.needed(project)
        place, stand = yards.reached(programme, project, plan, self.begun), len(project.built_on)
        self.credit(place, stand, needs)
        for unit in range(len(project.energised_on), stand):
            construction.energising.unit_built(project, unit)
        if not yard.left:
            return self.on(yard, yard.whole, [])
        if yard.line is not None:
            yard.line.reached, yard.whole.reached = place, 0
            for clock in yard.clocks:
                yard.whole.reached += clock.reached
        construction.start(project, yard)
        early, ratio = construction.early_works, construction.cost_ratio[project.ordinal]
        errors = construction.lead_error[project.ordinal]
        found = of_all(construction.gates, plan, ratio, errors, early[project.sector])
        yard.points = of_unit(needs, plan, 0)
        if yard.line is None:
            return self.on(yard, yard.whole, merged(found, yard.points))
        walk = new_walk(construction)
        walk.on(yard, yard.whole, found)
        programme.start(walk, project)
        return self.on(yard, yard.line, of_line(plan)[stand:])

    def credit(self, place, stand, needs):
        """What the units in hand have done; on record machines that are not there are not in."""
        yard, on_record = self.construction.yard(self.project), self.project.ntp_on >= 0
        plan, most = yard.plan, yard.plan.length
        for need in needs:
            if on_record:
                most = min(most, round(plan.length * need.gate))
        for clock in yard.clocks[stand:]:
            done = min(most, max(0, place - plan.begin(clock.unit)))
            self.construction.sites.credit(clock, done)
        return 0


class OnRecord(Process):
    """Units are built and energised on their dates, whatever site, machines and grid say."""

    def __init__(self, construction: Construction):
        self.construction = construction

    def go(self):
        """One date after the other."""
        construction, project = self.construction, self.project
        if self.at == 0:
            steps = [(on, UNIT_BUILT, unit) for unit, on in enumerate(project.built_on)]
            runs = project.energised_on
            steps += [(on, UNIT_ENERGISED, unit) for unit, on in enumerate(runs)]
            self.steps = sorted(steps)
        elif self.kind == UNIT_ENERGISED:
            construction.energising.unit_built(project, self.unit)
        else:
            construction.on_record(project, self.unit)
        if self.at == len(self.steps):
            return 1
        minute, self.kind, self.unit = self.steps[self.at]
        self.at += 1
        self.sleep(minute, ARRIVAL, self.kind, self.unit)
        return 0


class CallLater(Process):
    """The first payment is on record, the call for the equipment is not."""

    def __init__(self, construction: Construction):
        self.construction = construction

    def go(self):
        """It comes when history ends."""
        if self.at == 0:
            self.at = 1
            if self.not_before_open(CALL_NOTICED):
                return 0
        call_for_equipment(self.construction, self.project)
        return 1


class Order(Process):
    """Equipment is ordered when the money for it is there and the project is not paused."""

    def __init__(self, construction: Construction, call):
        self.construction, self.call = construction, call

    def go(self):
        """Money first."""
        if self.at == 0:
            self.at = 1
            if self.call is not None and self.until(self.call.paid):
                return 0
        if self.at == 1:
            self.at = 2
            if self.project.paused is not None and self.until(self.project.paused):
                return 0
        self.construction.equipping.order(self.project)
        return 1


def call_once(construction, project, index):
    """Notice a slice and have it paid, unless it is on record as paid."""
    calls = construction.calls
    if calls.of(project, index) is None:
        calls.pay(calls.notice(project, index))
    return 0


def call_for_equipment(construction, project):
    """The machines are ordered when their slice is paid."""
    calls, programme = construction.calls, construction.programme
    index = construction.order_slice
    if calls.of(project, index) is not None:
        return 0
    call = calls.notice(project, index)
    calls.pay(call)
    return programme.start(Order(construction, call), project)
