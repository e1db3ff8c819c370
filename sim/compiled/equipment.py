# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""Long-lead equipment: makers' slots by calendar year, consumed by orders.

See docs/model.md, "Equipment".
"""

from __future__ import annotations

from array import array
from math import inf

from sim.compiled.actors import Actor
from sim.errors import ModelError
from sim.events import Cause, Kind
from sim.events.turns import POOL_SHIFT, Step, Turn
from sim.rules.ordering import OrdersView

CAPACITY, COMPLETION, DESKS = int(Turn.CAPACITY), int(Turn.COMPLETION), int(Turn.DESKS)
ALLOCATION, SLOTS, RESERVED = int(Step.ALLOCATION), int(Step.SLOTS), int(Step.RESERVED)
CAPACITY_CHANGED, SLOT_GRANTED = int(Kind.CAPACITY_CHANGED), int(Kind.SLOT_GRANTED)
ORDERED, ON_RESERVE = int(Kind.EQUIPMENT_ORDERED), int(Kind.EQUIPMENT_RESERVED)
DELIVERED, EQUIPMENT_SLOT = int(Kind.EQUIPMENT_DELIVERED), int(Cause.EQUIPMENT_SLOT)
POOL = POOL_SHIFT
ALLOCATE, DELIVER, NEW_YEAR, RESERVE = range(4)


class Order:
    """What one project wants of a maker: units of ``slots_per_unit`` slots each, in their order."""

    def wanting(self):
        """Some unit has no slots yet, and still wants them."""
        return self.granted < self.units and not self.cancelled

    def missing(self):
        """Slots not granted yet."""
        return (self.units - self.granted) * self.slots_per_unit


class Maker(Actor):
    """One kind of equipment: a yearly stock of slots; orders queue by (order minute, ordinal).

    ``ordering`` says who gets what is there, and whether slots left in a queue's year are set aside
    for it; see `sim.rules.ordering`. Slots reserved for a project are used by it first, wherever it
    stands in the queue, and by nobody else.

    The trace has, at every change, all slots of the year (capacity), those granted in it (in use),
    and those of orders in the queue that are not granted yet.
    """

    def __init__(self, clock, record, plan, number, ordering, ordinal_of):
        self.clock, self.record, self.ordering = clock, record, ordering
        self.resource, self.number = plan.resource, number
        self.later, self.carry_over = plan.later, plan.carry_over
        self.left = plan.at_start  # open slots not granted
        self.capacity = self.left  # all slots of the year: new, left from before, reserved
        self.in_use = 0  # slots granted this year
        projects = len(ordinal_of)
        self.reserved = array("q", bytes(8 * projects))  # slots not used yet
        self.cancelled = bytearray(projects)
        self.orders = [None] * projects
        self.queue, self.fresh = [], []
        self.waiting = self.waiting_cents = 0  # slots, and what their projects were committed
        self._due = -1  # minute of the pending allocation
        self._allocations = 0
        self._trace()
        self._schedule(plan.reserved, ordinal_of)

    def _schedule(self, reserved, ordinal_of):
        for visit, (minute, _) in enumerate(self.later):
            # Behind what is reserved from that day on, so that the log tells all there is.
            self.clock.at(minute, CAPACITY, self.resource, SLOTS, visit, self, NEW_YEAR, visit)
        for entity, minute, slots in reserved:
            ordinal = ordinal_of.get(entity, -1)
            if ordinal < 0:
                continue  # a project that did not come to be
            if not minute:
                self.reserve(ordinal, slots)
                continue
            self.clock.at(
                minute, CAPACITY, self.resource, RESERVED, ordinal, self, RESERVE, ordinal, slots
            )
        return 0

    def act(self, step, one, two):
        """Allocate, deliver, begin a calendar year, or set slots aside for a project."""
        if step == ALLOCATE:
            return self._allocate()
        if step == DELIVER:
            return self._deliver(one, two)
        if step == RESERVE:
            return self.reserve(one, two)
        self.new_year(self.later[one][1])
        return self.record.log(
            self.clock.now, -1, CAPACITY_CHANGED, self.resource, 0, 0, self.capacity
        )

    def reserve(self, ordinal, slots):
        """From now on only this project can take these slots; they never lapse.

        What a cancelled project would have had, its maker sells to others.
        """
        if self.cancelled[ordinal]:
            self.left += slots
        elif slots > 0:
            self.reserved[ordinal] += slots
        else:
            return 0
        self.capacity += slots
        self._trace()
        return self._ask()

    def new_year(self, slots):
        """A calendar year begins: ``slots`` come in, open ones that are left stay or lapse."""
        set_aside = self.queue and self.ordering.sets_aside
        self.left = slots + (self.left if self.carry_over or set_aside else 0)
        self.capacity = self.left
        for place in range(len(self.reserved)):
            self.capacity += self.reserved[place]
        self.in_use = 0
        self._trace()
        return self._ask()

    def order(self, project, slots_per_unit, delivery_minutes, told, step, firm):
        """Order the machines of all units of a project, whose committed cents then wait.

        ``told.act(step, ordinal, unit)`` is called ``delivery_minutes`` after the unit's grant.
        What is not ``firm`` is a reservation: it queues and is granted alike, and nothing is made
        before ``confirm``. Units built on record are told of by ``deliver_on_record``.
        """
        if self.orders[project.ordinal] is not None or project.units < 1 or slots_per_unit < 1:
            raise ModelError(
                f"project {project.ordinal} orders {project.units} units of {slots_per_unit} slots "
                f"of resource {self.resource}; one order of at least one unit and slot is accepted"
            )
        now = self.clock.now
        order = Order.__new__(Order)
        order.project, order.minute, order.units = project, now, project.units
        order.slots_per_unit, order.delivery_minutes = slots_per_unit, delivery_minutes
        order.told, order.step, order.firm = told, step, firm  # firm: what is granted is made
        order.cents, order.granted = project.selected_cents, 0
        order.stands = len(project.built_on)  # units whose machines come with them
        order.waited = order.cancelled = False
        self.orders[project.ordinal] = order
        kind = ORDERED if firm else ON_RESERVE
        self._log(order, kind, 0, order.missing(), self.record.cause_at(now))
        if self.left == inf and now >= self.record.open_minute:
            self._grant(order, order.units)
            return self._trace()
        self._push(order)
        self.fresh.append(order)
        self.waiting += order.missing()
        self.waiting_cents += order.cents
        self._trace()
        return self._ask()

    def knows(self, project):
        """Whether a project has ordered or reserved."""
        return self.orders[project.ordinal] is not None

    def confirm(self, project):
        """A reservation becomes an order: what was granted is made from now on."""
        order = self.orders[project.ordinal]
        if order.firm:
            return 0  # on record, and its money comes behind it
        order.firm = True
        slots = order.units * order.slots_per_unit
        self._log(order, ORDERED, 0, slots, self.record.cause_at(self.clock.now))
        for unit in range(order.stands, order.granted):
            self._make(order, unit)
        return 0

    def grant_on_record(self, project, unit):
        """A unit's slots were granted by now, whatever the queue says or is there."""
        order = self.orders[project.ordinal]
        if unit < order.granted:
            return 0
        self._grant(order, 1)
        self.waiting -= order.slots_per_unit
        if not order.missing():
            self._leave_queue(order)
        return self._trace()

    def deliver_on_record(self, project, unit):
        """A unit stands on record: its machines are there now, whenever they were made."""
        self.grant_on_record(project, unit)
        return self._deliver(project.ordinal, unit)

    def cancel(self, project):
        """Leave the queue, and what was set aside or reserved, to others; nothing is delivered.

        Slots granted stay with the maker's work. A wait under way is left to
        ``Recorder.end_waits``.
        """
        ordinal = project.ordinal
        if self.cancelled[ordinal]:
            return 0
        self.cancelled[ordinal] = 1
        order = self.orders[ordinal]
        waited = order is not None and order.wanting()
        if order is not None:
            order.cancelled = True
            if waited:
                self._leave_queue(order)
        freed, self.reserved[ordinal] = self.reserved[ordinal], 0
        self.left += freed
        if waited or freed:
            self._trace()
            self._ask()
        return 0

    def _ask(self):
        # What is not on record as granted is not granted before the as-of date.
        at = max(self.clock.now, self.record.open_minute)
        if self._due != at and self.queue:
            self._due = at
            self._allocations += 1
            self.clock.at(at, DESKS, self.number, ALLOCATION, self._allocations, self, ALLOCATE)
        return 0

    def _allocate(self):
        self._due = -1
        orders = self.queue[:]
        now, record = self.clock.now, self.record
        for row in self.ordering.grant(self._view()):
            order = orders[row]
            self._grant(order, 1)
            self.waiting -= order.slots_per_unit
            if not order.missing():
                self._leave_queue(order)
                if order.waited:
                    record.wait_ended(now, order.project.entity, EQUIPMENT_SLOT, self.resource, 0)
        for order in self.fresh:
            if order.wanting():
                order.waited = True
                record.wait_began(now, order.project.entity, EQUIPMENT_SLOT, self.resource, 0)
        if self.fresh:
            self.fresh = []
        return self._trace()

    def _view(self):
        ordinal, ordered, units, slots_per_unit, reserved = [], [], [], [], []
        for order in self.queue:
            ordinal.append(order.project.ordinal)
            ordered.append(order.minute)
            units.append(order.units - order.granted)
            slots_per_unit.append(order.slots_per_unit)
            reserved.append(self.reserved[order.project.ordinal])
        return OrdersView(ordinal, ordered, units, slots_per_unit, reserved, self.left)

    def _grant(self, order, units):
        """Use up slots: reserved ones first, then open ones."""
        ordinal = order.project.ordinal
        slots = units * order.slots_per_unit
        self.in_use += slots
        reserved = min(slots, self.reserved[ordinal])
        self.reserved[ordinal] -= reserved
        # History may use more than there is; the next year does not owe it.
        beyond = max(0.0, slots - reserved - self.left)
        self.capacity += beyond
        self.left -= slots - reserved - beyond
        cause = self.record.cause_at(self.clock.now)
        for unit in range(order.granted, order.granted + units):
            self._log(order, SLOT_GRANTED, unit, order.slots_per_unit, cause)
            if order.firm and unit >= order.stands:
                self._make(order, unit)
        order.granted += units
        return 0

    def _make(self, order, unit):
        # One project may order from several makers: the maker is part of the visit.
        minute, ordinal = self.clock.now + order.delivery_minutes, order.project.ordinal
        visit = self.number << POOL | unit
        return self.clock.at(
            minute, COMPLETION, ordinal, DELIVERED, visit, self, DELIVER, ordinal, unit
        )

    def _deliver(self, ordinal, unit):
        order = self.orders[ordinal]
        if not order.cancelled:
            self._log(order, DELIVERED, unit, 0, self.record.cause_at(self.clock.now))
            order.told.act(order.step, ordinal, unit)
        return 0

    def _leave_queue(self, order):
        """Out of the queue, done or cancelled."""
        self.queue.remove(order)
        self.waiting -= order.missing()
        self.waiting_cents -= order.cents
        return 0

    def _push(self, order):
        """Into the queue, behind who ordered before; of one minute, by ordinal."""
        place = len(self.queue)
        while place > 0:
            other = self.queue[place - 1]
            if other.minute < order.minute or other.project.ordinal < order.project.ordinal:
                break
            place -= 1
        self.queue.insert(place, order)
        return 0

    def _log(self, order, kind, part, amount, cause):
        return self.record.log(
            self.clock.now, order.project.entity, kind, self.resource, cause, part, amount
        )

    def _trace(self):
        return self.record.step(
            self.resource,
            self.clock.now,
            self.capacity,
            self.in_use,
            self.waiting,
            self.waiting_cents,
        )
