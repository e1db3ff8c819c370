"""Long-lead equipment of the projects: orders when money allows, gates of the units. Model 4.8."""

from __future__ import annotations

from functools import partial

import simpy

from sim.engine.programme import Programme, Story
from sim.events import Kind
from sim.events.turns import Turn
from sim.plan.building import Need


class Equipping:
    """Which project has ordered what, and what has arrived."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.delivered: list[set[tuple[int, int]]] = [set() for _ in range(programme.count)]
        self._arrivals: dict[tuple[int, int, int], simpy.Event] = {}

    def needed(self, ordinal: int) -> tuple[Need, ...]:
        """What each unit of the project needs."""
        return self.programme.plan.equipment.needs[self.programme.sector[ordinal]]

    def reserve(self, ordinal: int) -> Story:
        """Some sponsors hold slots ahead of money, from selection on, or those on record do."""
        yield from self._slots_on_record(ordinal)
        reserves = self.programme.world.reserves[ordinal]
        needs = [need for need in self.needed(ordinal) if reserves[need.kind]]
        opens, clock = self.programme.plan.open_minute, self.programme.clock
        if needs and clock.now < opens:
            yield clock.at(opens, Turn.ARRIVAL, ordinal, Kind.EQUIPMENT_RESERVED)
        for need in needs:
            if not self.programme.supply.makers[need.kind].knows(ordinal):
                self._ask(ordinal, need, firm=False)

    def _slots_on_record(self, ordinal: int) -> Story:
        """Slots granted on their dates; where nothing has been ordered they are reservations."""
        clock = self.programme.clock
        for unit, on in enumerate(self.programme.slots_on[ordinal]):
            yield clock.at(max(on, clock.now), Turn.ARRIVAL, ordinal, Kind.SLOT_GRANTED, unit)
            for need in self.needed(ordinal):
                maker = self.programme.supply.makers[need.kind]
                if not maker.knows(ordinal):
                    self._ask(ordinal, need, firm=False)
                maker.grant_on_record(ordinal, unit)

    def order_on_record(self, ordinal: int) -> Story:
        """The order comes on its date, whenever its money does."""
        on = self.programme.ordered_on[ordinal]
        yield self.programme.clock.at(on, Turn.ARRIVAL, ordinal, Kind.EQUIPMENT_ORDERED)
        self.order(ordinal)

    def order(self, ordinal: int) -> None:
        """Money allows it: order for all units, what is reserved and what is not."""
        for need in self.needed(ordinal):
            maker = self.programme.supply.makers[need.kind]
            if maker.knows(ordinal):
                maker.confirm(ordinal)
            else:
                self._ask(ordinal, need, firm=True)

    def _ask(self, ordinal: int, need: Need, firm: bool) -> None:
        programme, world = self.programme, self.programme.world
        programme.supply.makers[need.kind].order(
            ordinal,
            world.units[ordinal].item(),
            need.slots_per_unit,
            world.equipment_delivery[ordinal, need.kind].item(),
            partial(self._delivered, ordinal, need.kind),
            programme.selected_cents[ordinal],
            firm,
            len(programme.built_on[ordinal]),
        )

    def stand(self, ordinal: int, unit: int) -> None:
        """A unit built on record has its machines, ordered at the latest by now."""
        self.order(ordinal)
        for need in self.needed(ordinal):
            self.programme.supply.makers[need.kind].deliver_on_record(ordinal, unit)

    def _delivered(self, ordinal: int, kind: int, unit: int) -> None:
        self.delivered[ordinal].add((kind, unit))
        arrival = self._arrivals.pop((ordinal, kind, unit), None)
        if arrival is not None:
            arrival.succeed()

    def arrival(self, ordinal: int, kind: int, unit: int) -> simpy.Event:
        """To wait for machines that are not there yet."""
        event = self.programme.clock.event()
        self._arrivals[ordinal, kind, unit] = event
        return event

    def cancel(self, ordinal: int) -> None:
        """Orders not granted leave their queues, reserved slots go to others."""
        for maker in self.programme.supply.makers:
            maker.cancel(ordinal)
