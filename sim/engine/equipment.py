"""Long-lead equipment: makers' slots by calendar year, consumed by orders.

See docs/model.md, "Equipment".
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable
from functools import partial
from math import inf

from sim.engine.clock import Clock
from sim.engine.record import Recorder
from sim.errors import ModelError
from sim.events import Cause, Kind
from sim.events.turns import POOL_SHIFT, Step, Turn
from sim.rules.ordering import OrdersView
from sim.rules.registry import Ordering


class Order:
    """What one project wants of a maker: units of ``slots_per_unit`` slots each, in their order."""

    __slots__ = ("cancelled", "cents", "delivered", "delivery_minutes", "firm", "granted", "minute",
                 "ordinal", "slots_per_unit", "stands", "units", "waited")  # fmt: skip

    def __init__(
        self,
        minute: int,
        ordinal: int,
        units: int,
        slots_per_unit: int,
        delivery_minutes: int,
        delivered: Callable[[int], None],
        cents: int,
        firm: bool,
        stands: int,
    ) -> None:
        self.firm = firm  # money is there: what is granted is made
        self.stands = stands  # units built on record, whose machines come with them
        self.minute = minute
        self.ordinal = ordinal
        self.units = units
        self.slots_per_unit = slots_per_unit
        self.delivery_minutes = delivery_minutes
        self.delivered = delivered
        self.cents = cents
        self.granted = 0  # units
        self.waited = False
        self.cancelled = False

    @property
    def wanting(self) -> bool:
        """Some unit has no slots yet, and still wants them."""
        return self.granted < self.units and not self.cancelled

    @property
    def missing(self) -> int:
        """Slots not granted yet."""
        return (self.units - self.granted) * self.slots_per_unit


class Maker:
    """One kind of equipment: a yearly stock of slots; orders queue by (order minute, ordinal).

    ``ordering`` says who gets what is there, and whether slots left in a queue's year are set aside
    for it; see `sim.rules.ordering`. Slots reserved for a project are used by it first, wherever it
    stands in the queue, and by nobody else.

    The trace has, at every change, all slots of the year (capacity), those granted in it (in use),
    and those of orders in the queue that are not granted yet.
    """

    def __init__(
        self,
        clock: Clock,
        record: Recorder,
        entities: list[int],
        resource: int,
        number: int,
        first: float,
        ordering: Ordering,
    ) -> None:
        self.clock = clock
        self.record = record
        self.entities = entities
        self.resource = resource
        self.number = number  # this maker's ordinal among allocations
        self.ordering = ordering
        self.left = first  # open slots not granted
        self.reserved: dict[int, int] = {}  # ordinal -> slots not used yet
        self.capacity = first  # all slots of the year: new, left from before, reserved
        self.in_use = 0  # slots granted this year
        self.orders: dict[int, Order] = {}
        self.cancelled: set[int] = set()  # ordinals
        self.queue: list[tuple[int, int, Order]] = []
        self.waiting = 0  # slots
        self.waiting_cents = 0
        self.fresh: list[Order] = []
        self._due = -1  # minute of the pending allocation
        self._allocations = 0
        self._trace()

    def reserve(self, ordinal: int, slots: int) -> None:
        """From now on only this project can take these slots; they never lapse.

        What a cancelled project would have had, its maker sells to others.
        """
        if ordinal in self.cancelled:
            self.left += slots
            self.capacity += slots
            self._trace()
            self._ask()
        elif slots > 0:
            self.reserved[ordinal] = self.reserved.get(ordinal, 0) + slots
            self.capacity += slots
            self._trace()
            self._ask()

    def new_year(self, slots: float, carry_over: bool) -> None:
        """A calendar year begins: ``slots`` come in, open ones that are left stay or lapse."""
        set_aside = bool(self.queue) and self.ordering.sets_aside
        self.left = slots + (self.left if carry_over or set_aside else 0)
        self.capacity = self.left + sum(self.reserved.values())
        self.in_use = 0
        self._trace()
        self._ask()

    def order(
        self,
        ordinal: int,
        units: int,
        slots_per_unit: int,
        delivery_minutes: int,
        delivered: Callable[[int], None],
        cents: int = 0,
        firm: bool = True,
        stands: int = 0,
    ) -> None:
        """Order the machines of all units of a project, whose committed ``cents`` then wait.

        ``delivered(unit)`` is called ``delivery_minutes`` after the unit's grant. What is not
        ``firm`` is a reservation: it queues and is granted alike, and nothing is made before
        ``confirm``. Of the first ``stands`` units they are told by ``deliver_on_record``.

        Raises
        ------
        ModelError
            If the project has ordered before, or orders nothing.
        """
        if ordinal in self.orders or units < 1 or slots_per_unit < 1:
            raise ModelError(
                f"project {ordinal} orders {units} units of {slots_per_unit} slots of resource "
                f"{self.resource}; one order of at least one unit and slot is accepted"
            )
        now = self.clock.now
        terms = units, slots_per_unit, delivery_minutes, delivered, cents, firm, stands
        order = Order(now, ordinal, *terms)
        self.orders[ordinal] = order
        kind = Kind.EQUIPMENT_ORDERED if firm else Kind.EQUIPMENT_RESERVED
        self._log(order, kind, 0, order.missing, self.record.cause_at(now))
        if self.left == inf and now >= self.record.open_minute:
            self._grant(order, units)
            self._trace()
            return
        insort(self.queue, (now, ordinal, order))
        self.fresh.append(order)
        self.waiting += order.missing
        self.waiting_cents += cents
        self._trace()
        self._ask()

    def knows(self, ordinal: int) -> bool:
        """Whether a project has ordered or reserved."""
        return ordinal in self.orders

    def confirm(self, ordinal: int) -> None:
        """A reservation becomes an order: what was granted is made from now on."""
        order = self.orders[ordinal]
        if order.firm:
            return  # on record, and its money comes behind it
        order.firm = True
        slots = order.units * order.slots_per_unit
        self._log(order, Kind.EQUIPMENT_ORDERED, 0, slots, self.record.cause_at(self.clock.now))
        for unit in range(order.stands, order.granted):
            self._make(order, unit)

    def grant_on_record(self, ordinal: int, unit: int) -> None:
        """A unit's slots were granted by now, whatever the queue says or is there."""
        order = self.orders[ordinal]
        if unit < order.granted:
            return
        self._grant(order, 1)
        self.waiting -= order.slots_per_unit
        if not order.missing:
            self._leave_queue(order)
        self._trace()

    def deliver_on_record(self, ordinal: int, unit: int) -> None:
        """A unit stands on record: its machines are there now, whenever they were made."""
        self.grant_on_record(ordinal, unit)
        self._deliver(self.orders[ordinal], unit, None)

    def cancel(self, ordinal: int) -> None:
        """Leave the queue, and what was set aside or reserved, to others; nothing is delivered.

        Slots granted stay with the maker's work. A wait under way is left to
        ``Recorder.end_waits``.
        """
        if ordinal in self.cancelled:
            return
        self.cancelled.add(ordinal)
        order = self.orders.get(ordinal)
        waited = order is not None and order.wanting
        if order is not None:
            order.cancelled = True
            if waited:
                self._leave_queue(order)
        freed = self.reserved.pop(ordinal, 0)
        self.left += freed
        if waited or freed:
            self._trace()
            self._ask()

    def _ask(self) -> None:
        # What is not on record as granted is not granted before the as-of date.
        at = max(self.clock.now, self.record.open_minute)
        if self._due != at and self.queue:
            self._due = at
            self._allocations += 1
            self.clock.at(
                at, Turn.DESKS, self.number, Step.ALLOCATION, self._allocations, self._allocate
            )

    def _allocate(self, _: object) -> None:
        self._due = -1
        orders = [order for _, _, order in self.queue]
        for row in self.ordering.grant(self._view(orders)):
            order = orders[row]
            self._grant(order, 1)
            self.waiting -= order.slots_per_unit
            if not order.missing:
                self._leave_queue(order)
                if order.waited:
                    self.record.wait_ended(self.clock.now, *self._wait(order))
        for order in self.fresh:
            if order.wanting:
                order.waited = True
                self.record.wait_began(self.clock.now, *self._wait(order))
        self.fresh.clear()
        self._trace()

    def _view(self, orders: list[Order]) -> OrdersView:
        return OrdersView(
            ordinal=[order.ordinal for order in orders],
            ordered=[order.minute for order in orders],
            units=[order.units - order.granted for order in orders],
            slots_per_unit=[order.slots_per_unit for order in orders],
            reserved=[self.reserved.get(order.ordinal, 0) for order in orders],
            left=self.left,
        )

    def _grant(self, order: Order, units: int) -> None:
        """Use up slots: reserved ones first, then open ones."""
        ordinal = order.ordinal
        slots = units * order.slots_per_unit
        self.in_use += slots
        reserved = min(slots, self.reserved.get(ordinal, 0))
        if reserved:
            self.reserved[ordinal] -= reserved
        # History may use more than there is; the next year does not owe it.
        beyond = max(0, slots - reserved - self.left)
        self.capacity += beyond
        self.left -= slots - reserved - beyond
        for unit in range(order.granted, order.granted + units):
            cause = self.record.cause_at(self.clock.now)
            self._log(order, Kind.SLOT_GRANTED, unit, order.slots_per_unit, cause)
            if order.firm and unit >= order.stands:
                self._make(order, unit)
        order.granted += units

    def _make(self, order: Order, unit: int) -> None:
        # One project may order from several makers: the maker is part of the visit.
        self.clock.at(
            self.clock.now + order.delivery_minutes,
            Turn.COMPLETION,
            order.ordinal,
            Kind.EQUIPMENT_DELIVERED,
            self.number << POOL_SHIFT | unit,
            partial(self._deliver, order, unit),
        )

    def _deliver(self, order: Order, unit: int, _: object) -> None:
        if not order.cancelled:
            cause = self.record.cause_at(self.clock.now)
            self._log(order, Kind.EQUIPMENT_DELIVERED, unit, 0, cause)
            order.delivered(unit)

    def _leave_queue(self, order: Order) -> None:
        """Out of the queue, done or cancelled."""
        del self.queue[bisect_left(self.queue, (order.minute, order.ordinal))]
        self.waiting -= order.missing
        self.waiting_cents -= order.cents

    def _wait(self, order: Order) -> tuple[int, int, int, int]:
        return self.entities[order.ordinal], Cause.EQUIPMENT_SLOT, self.resource, 0

    def _log(self, order: Order, kind: int, part: int, amount: int, cause: int) -> None:
        entity = self.entities[order.ordinal]
        self.record.log((self.clock.now, entity, kind, self.resource, cause, part, amount))

    def _trace(self) -> None:
        self.record.step(
            (
                self.resource,
                self.clock.now,
                self.capacity,
                self.in_use,
                self.waiting,
                self.waiting_cents,
            )
        )
