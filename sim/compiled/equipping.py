# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""Long-lead equipment of the projects: orders when money allows, gates of the units. Model 4.8."""

from __future__ import annotations

import numpy as np

from sim.compiled.actors import Actor
from sim.compiled.programme import Process, Programme
from sim.events import Kind
from sim.events.turns import Turn

ARRIVAL, SLOT_GRANTED = int(Turn.ARRIVAL), int(Kind.SLOT_GRANTED)
ORDERED, ON_RESERVE = int(Kind.EQUIPMENT_ORDERED), int(Kind.EQUIPMENT_RESERVED)


class Equipping(Actor):
    """Which project has ordered what, and what has arrived."""

    def __init__(self, programme: Programme):
        self.programme, self.makers = programme, programme.supply.makers
        self.needs = programme.plan.equipment.needs
        world = programme.world
        self.delivery = np.ascontiguousarray(world.equipment_delivery)
        self.reserves = np.ascontiguousarray(world.reserves).view(np.uint8)
        self.most_units = int(world.units.max(initial=0))
        self.delivered = bytearray(programme.count * len(self.makers) * self.most_units)
        self.arrivals = {}  # what somebody waits for, by place

    def act(self, step, one, two):
        """The machines of a kind (``step``) for a project's unit are there."""
        return self._deliver(self._place(one, step, two))

    def needed(self, project):
        """What each unit of the project needs."""
        return self.needs[project.sector]

    def order(self, project):
        """Money allows it: order for all units, what is reserved and what is not."""
        for need in self.needed(project):
            maker = self.makers[need.kind]
            if maker.knows(project):
                maker.confirm(project)
            else:
                self.ask(project, need, True)
        return 0

    def ask(self, project, need, firm):
        """Order, or reserve, the machines of one kind for all units."""
        kind = need.kind
        maker = self.makers[kind]
        minutes = self.delivery[project.ordinal, kind]
        return maker.order(project, need.slots_per_unit, minutes, self, kind, firm)

    def stand(self, project, unit):
        """A unit built on record has its machines, ordered at the latest by now."""
        self.order(project)
        for need in self.needed(project):
            maker = self.makers[need.kind]
            maker.deliver_on_record(project, unit)
        return 0

    def has(self, project, kind, unit):
        """Whether the machines of a unit are there."""
        return self.delivered[self._place(project.ordinal, kind, unit)]

    def _deliver(self, place):
        self.delivered[place] = 1
        arrival = self.arrivals.pop(place, None)
        return 0 if arrival is None else arrival.succeed()

    def arrival(self, project, kind, unit):
        """To wait for machines that are not there yet."""
        event = self.programme.clock.event()
        self.arrivals[self._place(project.ordinal, kind, unit)] = event
        return event

    def cancel(self, project):
        """Orders not granted leave their queues, reserved slots go to others."""
        for maker in self.makers:
            maker.cancel(project)
        return 0

    def _place(self, ordinal, kind, unit):
        return (ordinal * len(self.makers) + kind) * self.most_units + unit


class Reserve(Process):
    """Some sponsors hold slots ahead of money, from selection on, or those on record do."""

    def __init__(self, equipping: Equipping):
        self.equipping, self.unit = equipping, 0

    def go(self):
        """Slots granted on their dates, then what the sponsor reserves."""
        project, clock = self.project, self.programme.clock
        if self.at == 1:
            self._slots_on_record(self.unit - 1)
            self.at = 0
        if self.at == 0:
            unit = self.unit
            if unit < len(project.slots_on):
                self.at, self.unit, on = 1, unit + 1, project.slots_on[unit]
                self.sleep(max(on, clock.now), ARRIVAL, SLOT_GRANTED, unit)
                return 0
            self.at = 2
            if clock.now < self.programme.open_minute and self._reserved():
                self.sleep(self.programme.open_minute, ARRIVAL, ON_RESERVE)
                return 0
        self._reserve()
        return 1

    def _slots_on_record(self, unit):
        """Of one unit; where nothing has been ordered they are reservations."""
        for need in self.equipping.needed(self.project):
            maker = self.equipping.makers[need.kind]
            if not maker.knows(self.project):
                self.equipping.ask(self.project, need, False)
            maker.grant_on_record(self.project, unit)
        return 0

    def _reserved(self):
        """What it reserves of what it needs."""
        needs = []
        for need in self.equipping.needed(self.project):
            kind = need.kind
            if self.equipping.reserves[self.project.ordinal, kind]:
                needs.append(need)
        return needs

    def _reserve(self):
        for need in self._reserved():
            maker = self.equipping.makers[need.kind]
            if not maker.knows(self.project):
                self.equipping.ask(self.project, need, False)
        return 0


class OrderOnRecord(Process):
    """The order comes on its date, whenever its money does."""

    def __init__(self, equipping: Equipping):
        self.equipping = equipping

    def go(self):
        """Wait for the date, and order."""
        if self.at == 0:
            self.at = 1
            self.sleep(self.project.ordered_on, ARRIVAL, ORDERED)
            return 0
        self.equipping.order(self.project)
        return 1
