"""Law 2: slots and megawatts are granted only as they flow in, and none is withheld."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf

from sim.events import Cause, Kind
from sim.results.laws.evidence import Event, Evidence, Violation, last_steps
from sim.results.laws.stocks import trace_of

_GIVEN_UP = (Kind.CANCELLED, Kind.DECLINED)


@dataclass
class _Maker:
    """One maker's slots: open ones, reserved ones, and who waits for how many."""

    left: float
    reserved: dict[int, int] = field(default_factory=dict)
    used: int = 0  # this year
    missing: dict[int, tuple[int, int]] = field(default_factory=dict)  # project: (minute, slots)
    cancelled: set[int] = field(default_factory=set)
    reservations: set[int] = field(default_factory=set)  # an order adds nothing to them

    @property
    def held(self) -> float:
        return self.used + self.left + sum(self.reserved.values())

    def take(self, event: Event) -> str:
        project, slots = event.project, int(event.amount)
        if event.kind == Kind.EQUIPMENT_RESERVED or (
            event.kind == Kind.EQUIPMENT_ORDERED and project not in self.reservations
        ):
            self.missing[project] = (event.time, slots)
            if event.kind == Kind.EQUIPMENT_RESERVED:
                self.reservations.add(project)
        elif event.kind == Kind.SLOT_GRANTED:
            minute, wanted = self.missing.get(project, (event.time, 0))
            own = min(slots, self.reserved.get(project, 0))
            # The open ones go to the first in the queue: nobody overtakes.
            overtaken = self.left < inf and self.before(minute, project)
            self.left -= slots - own
            if event.cause == Cause.RECORDED:  # it may go beyond what is there
                self.left, overtaken = max(0, self.left), []
            if own:
                self.reserved[project] -= own
            self.used += slots
            self.missing[project] = (minute, wanted - slots)
            if wanted <= slots:
                del self.missing[project]
            if wanted < slots or self.left < 0:
                return f"{slots} granted: {wanted} were ordered, {self.left:g} are left"
            if slots != own and overtaken:
                return f"{slots} granted before those who asked earlier"
        elif event.kind in _GIVEN_UP:
            self.missing.pop(project, None)
            self.left += self.reserved.pop(project, 0)  # its maker sells them to others
            self.cancelled.add(project)
        return ""

    def reserve(self, project: int, slots: int) -> None:
        if project in self.cancelled:
            self.left += slots
        else:
            self.reserved[project] = self.reserved.get(project, 0) + slots

    def before(self, minute: int, project: int) -> list[int]:
        """Who asked earlier; of one minute, the order is the engine's."""
        return [p for p, (asked, _) in self.missing.items() if asked < minute and p != project]

    def idle(self, unit_of: dict[int, int]) -> Iterator[int]:
        """The first in the queue, when alone in its minute and a whole unit is there for it."""
        asked = [minute for minute, _ in self.missing.values()]
        for project, (minute, _) in self.missing.items():
            if minute == min(asked) and asked.count(minute) == 1:
                unit = unit_of.get(project, 1)
                if self.left + self.reserved.get(project, 0) >= unit:
                    yield project


def slots_are_granted_as_they_flow_in(evidence: Evidence) -> Iterator[Violation]:
    """Granted are slots that flowed in, were reserved or set aside; and none lies idle."""
    measure, sectors = evidence.measure, evidence.attributes.sector.tolist()
    for maker in measure.plan.supply.makers:
        resource, label = maker.resource, evidence.names.resources[maker.resource]
        trace = last_steps(trace_of(evidence), resource)
        years, book = list(maker.later), _Maker(maker.at_start)
        unit_of = {
            project: measure.slots_per_unit[sectors[row]].get(label, 1)
            for project, row in evidence.row.items()
        }
        kept = sorted(
            (minute, project, slots)
            for project, minute, slots in maker.reserved
            if project in evidence.row
        )
        for time, events in evidence.instants():
            while kept and kept[0][0] <= time:
                _, project, slots = kept.pop(0)
                book.reserve(project, slots)
            while years and years[0][0] <= time:
                stays = maker.carry_over or book.missing
                book.left = years.pop(0)[1] + (book.left if stays else 0)
                book.used = 0
            for event in events:
                if event.resource == resource or event.kind in _GIVEN_UP:
                    wrong = book.take(event)
                    if wrong:
                        yield Violation(event.project, time, f"{label}: {wrong}")
            waiting = sum(slots for _, slots in book.missing.values())
            if time in trace and trace[time] != (book.held, book.used, waiting):
                found = (book.held, book.used, waiting)
                text = f"{label} is at {trace[time]}, events say {found}"
                yield Violation(-1, time, text)
            if book.missing and time >= measure.plan.open_minute:
                for project in book.idle(unit_of):
                    yield Violation(project, time, f"{label}: slots lie idle while it waits")


@dataclass
class _Region:
    """One region's megawatts: additions flow in evenly, plants of the programme add theirs."""

    years: list[tuple[int, int, int]]  # none: unlimited
    carry_over: bool
    in_order: bool  # whether the keys of ``waiting`` are the order of the queue
    before: int = 0  # left of earlier years, less what was taken of this one
    own: int = 0  # of the programme's plants, not taken
    taken: int = 0
    waiting: dict[tuple[int, int, int], int] = field(default_factory=dict)

    def added(self, time: int) -> int:
        begin, end, amount = self.years[0]
        return self.before + amount * (time - begin) // (end - begin)

    def idle(self, time: int) -> bool:
        """Whether who is first in the queue, whoever that may be, needs no more than there is."""
        if not self.waiting or not self.years:
            return False
        first = self.waiting[min(self.waiting)] if self.in_order else max(self.waiting.values())
        return first <= self.added(time) + self.own

    def until(self, time: int) -> bool:
        """On to the minute: what a year leaves lapses, unless somebody waits for it.

        Whether megawatts lay idle on the way.
        """
        idle = False
        while self.years and self.years[0][1] <= time:
            idle |= self.idle(self.years[0][1] - 1)
            stays = self.carry_over or self.waiting
            self.before = self.added(self.years[0][1]) if stays else 0
            del self.years[0]
        return idle or bool(self.years and self.years[0][0] < time and self.idle(time - 1))

    def energise(self, time: int, megawatts: int, on_record: bool) -> str:
        if megawatts < 0:
            self.own -= megawatts
            return ""
        self.taken += megawatts
        if self.years:
            added = min(megawatts, self.added(time))
            self.before -= added
            self.own -= megawatts - added
        if on_record:  # it may go beyond what is there
            self.own = max(0, self.own)
        return "" if self.own >= 0 else f"{megawatts} MW taken, {-self.own} more than there are"

    @property
    def capacity(self) -> float:
        """What will have come in by the end of the year, and what is taken for good."""
        return self.taken + self.before + self.years[0][2] + self.own if self.years else inf


def megawatts_are_granted_as_they_flow_in(evidence: Evidence) -> Iterator[Violation]:
    """Loads run on what the region added and the programme's plants supply; none lies idle.

    Some asked ahead of their selection, which the world knows and no table; without a world a
    region is idle for certain only where the largest of those that wait would fit.
    """
    rows = evidence.row
    asked = {e.project: e for e in evidence.of({Kind.GRID_REQUESTED})}
    units: list[int] = evidence.attributes.units.tolist()
    ahead = evidence.world.grid_ahead.tolist() if evidence.world is not None else None

    def of_unit(event: Event) -> int:
        """Whole megawatts of a unit, below 0 supplied: rounded so that all add up."""
        if event.project not in asked:
            return 0
        whole, n = int(asked[event.project].amount), units[rows[event.project]]
        below, above = abs(whole) * event.part // n, abs(whole) * (event.part + 1) // n
        return (above - below) * (1 if whole > 0 else -1)

    for region in evidence.measure.plan.supply.regions:
        resource, label = region.resource, evidence.names.resources[region.resource]
        trace = last_steps(trace_of(evidence), resource)
        grid = _Region(list(region.additions or ()), region.carry_over, ahead is not None)
        for time, events in evidence.instants():
            idle = grid.until(time)
            for event in events:
                if event.resource != resource:
                    continue
                wrong = ""
                if event.kind == Kind.UNIT_ENERGISED:
                    wrong = grid.energise(time, of_unit(event), event.cause == Cause.RECORDED)
                elif event.cause == Cause.POWER and event.project in asked:
                    row, time_asked = rows[event.project], asked[event.project].time
                    key = (time_asked - (ahead[row] if ahead else 0), row, event.part)
                    if event.kind == Kind.WAIT_BEGAN:
                        grid.waiting[key] = of_unit(event)
                    else:
                        grid.waiting.pop(key, None)
                if wrong:
                    yield Violation(event.project, time, f"{label}: {wrong}")
            if idle or grid.idle(time):
                yield Violation(-1, time, f"{label}: megawatts lie idle while somebody waits")
            queued = sum(grid.waiting.values())
            if time in trace and trace[time] != (grid.capacity, grid.taken, queued):
                found = (grid.capacity, grid.taken, queued)
                yield Violation(-1, time, f"{label} is at {trace[time]}, events say {found}")
