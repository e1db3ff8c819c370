"""Law 2: slots and megawatts are granted only as they flow in, and none is withheld."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from math import inf

from hypothesis import given
from law_runs import Event, Run, instants, last_in_each_minute, lawful, runs

from sim.config.capacity import YearlySlots
from sim.events import Cause, Kind


def by_year(run: Run, flow: YearlySlots) -> list[tuple[int, int, int]]:
    """(first minute, minute after the last, amount) of each calendar year."""
    programme, minute_of = run.config.programme, run.plan.epoch.minute_of
    stretches = []
    for year in range(programme.start.year, programme.run_out.year + 1):
        listed = [since for since in flow.per_year if since <= year]
        amount = flow.per_year[max(listed)] if listed else 0
        first = year == programme.start.year
        begin = 0 if first else minute_of(date(year, 1, 1))
        end = minute_of(date(year + 1, 1, 1))
        stretches.append((begin, end, flow.first_year if first else amount))
    return stretches


@dataclass
class Ledger:
    """One maker's slots kept by hand: open ones, reserved ones, and who waits for how many."""

    left: float
    reserved: dict[int, int] = field(default_factory=dict)
    used: int = 0  # this year
    missing: dict[int, tuple[int, int]] = field(default_factory=dict)  # project: (minute, slots)
    cancelled: set[int] = field(default_factory=set)

    @property
    def held(self) -> float:
        return self.used + self.left + sum(self.reserved.values())

    def take(self, event: Event) -> None:
        project, slots = event.project, int(event.amount)
        if event.kind == Kind.EQUIPMENT_ORDERED:
            self.missing[project] = (event.time, slots)
        elif event.kind == Kind.SLOT_GRANTED:
            minute, wanted = self.missing[project]
            assert wanted >= slots
            own = min(slots, self.reserved.get(project, 0))
            # The open ones go to the first in the queue: nobody overtakes.
            overtaken = self.left < inf and self.before(minute, project)
            assert slots == own or not overtaken, event
            self.left -= slots - own
            if own:
                self.reserved[project] -= own
            self.used += slots
            assert self.left >= 0, event
            self.missing[project] = (minute, wanted - slots)
            if wanted == slots:
                del self.missing[project]
        elif event.kind == Kind.CANCELLED:
            self.missing.pop(project, None)
            self.left += self.reserved.pop(project, 0)  # its maker sells them to others
            self.cancelled.add(project)

    def reserve(self, project: int, slots: int) -> None:
        if project in self.cancelled:
            self.left += slots
        else:
            self.reserved[project] = self.reserved.get(project, 0) + slots

    def before(self, minute: int, project: int) -> list[int]:
        """Who asked earlier; of one minute, the order is the engine's."""
        return [p for p, (asked, _) in self.missing.items() if asked < minute and p != project]


def check_slots(run: Run) -> None:
    """Granted are slots that flowed in, were reserved or set aside; and none lies idle."""
    entity = {name: number for number, name in enumerate(run.left.names.projects)}
    present = set(run.world.entity.tolist())
    start = run.config.programme.start.year
    needs = {name: sector.equipment for name, sector in run.config.sectors.items()}
    sector_of = dict(zip(run.world.entity.tolist(), run.world.sector.tolist(), strict=True))
    for name, maker in run.config.capacity.equipment.items():
        resource = run.resource(f"equipment_{name}")
        trace = last_in_each_minute(run.left.capacity, resource)
        unlimited = isinstance(maker.slots, str)
        years = [] if isinstance(maker.slots, str) else by_year(run, maker.slots)
        ledger = Ledger(inf if unlimited else years.pop(0)[2])
        kept = [
            (run.plan.epoch.minute_of(date(year, 1, 1)) if year > start else 0, project, slots)
            for project, listed in maker.reserved.items()
            for year, slots in sorted(listed.items())
            if entity[project] in present
        ]
        for time, events in instants(run):
            while kept and kept[0][0] <= time:
                _, project, slots = kept.pop(0)
                ledger.reserve(entity[project], slots)
            while years and years[0][0] <= time:
                stays = getattr(maker.slots, "carry_over", False) or ledger.missing
                ledger.left = years.pop(0)[2] + (ledger.left if stays else 0)
                ledger.used = 0
            for event in events:
                if event.resource == resource or event.kind == Kind.CANCELLED:
                    ledger.take(event)
            if time in trace:
                waiting = sum(slots for _, slots in ledger.missing.values())
                assert trace[time] == (ledger.held, ledger.used, waiting), (name, time)
            if not ledger.missing or time < run.plan.open_minute:
                continue
            for project, (minute, _) in ledger.missing.items():
                if minute == min(asked for asked, _ in ledger.missing.values()):
                    sector = list(needs)[sector_of[project]]
                    unit = needs[sector][name].slots_per_unit
                    idle = ledger.left + ledger.reserved.get(project, 0)
                    tied = len([1 for asked, _ in ledger.missing.values() if asked == minute]) > 1
                    assert idle < unit or tied, (name, time, project)


@lawful
@given(runs())
def test_slots_granted_are_slots_that_flowed_in_and_none_lies_idle(run: Run) -> None:
    check_slots(run)


@dataclass
class Megawatts:
    """One region kept by hand: additions flow in evenly, plants of the programme add theirs."""

    years: list[tuple[int, int, int]]  # none: unlimited
    carry_over: bool
    before: int = 0  # left of earlier years, less what was taken of this one
    own: int = 0  # of the programme's plants, not taken
    taken: int = 0
    waiting: dict[tuple[int, int, int], int] = field(default_factory=dict)

    def added(self, time: int) -> int:
        begin, end, amount = self.years[0]
        return self.before + amount * (time - begin) // (end - begin)

    def check_nobody_waits_beside_enough(self, time: int) -> None:
        """Who is first in the queue needs more than there is."""
        if self.waiting:
            assert self.waiting[min(self.waiting)] > self.added(time) + self.own, time

    def until(self, time: int) -> None:
        """On to the minute: what a year leaves lapses, unless somebody waits for it."""
        while self.years and self.years[0][1] <= time:
            self.check_nobody_waits_beside_enough(self.years[0][1] - 1)
            stays = self.carry_over or self.waiting
            self.before = self.added(self.years[0][1]) if stays else 0
            del self.years[0]
        if self.years and self.years[0][0] < time:
            self.check_nobody_waits_beside_enough(time - 1)

    def energise(self, time: int, megawatts: int) -> None:
        if megawatts < 0:
            self.own -= megawatts
            return
        self.taken += megawatts
        if self.years:
            added = min(megawatts, self.added(time))
            self.before -= added
            self.own -= megawatts - added
            assert self.own >= 0, time

    @property
    def capacity(self) -> float:
        """What will have come in by the end of the year, and what is taken for good."""
        return self.taken + self.before + self.years[0][2] + self.own if self.years else inf


def check_megawatts(run: Run) -> None:
    """Loads run on what the region added and the programme's own plants supply."""
    power = run.config.capacity.power
    assert power is not None
    rows = {entity: row for row, entity in enumerate(run.world.entity.tolist())}
    requested = {e.project: e.time for e in run.events if e.kind == Kind.GRID_REQUESTED}

    def of_unit(event: Event) -> int:
        """Whole megawatts of a unit, below 0 supplied: rounded so that all add up."""
        row = rows[event.project]
        whole, units = int(run.world.megawatts[row]), int(run.world.units[row])
        below, above = abs(whole) * event.part // units, abs(whole) * (event.part + 1) // units
        return (above - below) * (1 if whole > 0 else -1)

    for name, region in power.regions.items():
        resource = run.resource(f"power_{name}")
        trace = last_in_each_minute(run.left.capacity, resource)
        flow = region.additions_mw
        years = [] if isinstance(flow, str) else by_year(run, flow)
        grid = Megawatts(years, getattr(flow, "carry_over", False))
        for time, events in instants(run):
            grid.until(time)
            for event in events:
                if event.resource != resource:
                    continue
                if event.kind == Kind.UNIT_ENERGISED:
                    grid.energise(time, of_unit(event))
                elif event.cause == Cause.POWER:
                    assert years
                    key = (requested[event.project], rows[event.project], event.part)
                    if event.kind == Kind.WAIT_BEGAN:
                        grid.waiting[key] = of_unit(event)
                    else:
                        del grid.waiting[key]
            if grid.years:
                grid.check_nobody_waits_beside_enough(time)
            if time in trace:
                queued = sum(grid.waiting.values())
                assert trace[time] == (grid.capacity, grid.taken, queued), (name, time)


@lawful
@given(runs())
def test_megawatts_granted_were_added_or_supplied_and_who_waits_needs_more(run: Run) -> None:
    check_megawatts(run)
