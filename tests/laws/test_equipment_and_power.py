"""Law 2: slots and megawatts are granted only as they flow in, and none is withheld."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from hypothesis import given
from law_runs import Event, Run, instants, last_in_each_minute, lawful, runs

from sim.config.capacity import YearlySlots
from sim.events import TERMINAL, Cause, Kind


def by_year(run: Run, flow: YearlySlots) -> list[tuple[int, int, int]]:
    """(first minute, minute after the last, amount) of each calendar year."""
    programme, minute_of = run.config.programme, run.model.epoch.minute_of
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
            assert slots == own or not self.before(minute, project), event
            self.left -= slots - own
            if own:
                self.reserved[project] -= own
            self.used += slots
            assert self.left >= 0, event
            self.missing[project] = (minute, wanted - slots)
            if wanted == slots:
                del self.missing[project]
        elif event.kind in TERMINAL:
            self.missing.pop(project, None)

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
        ledger = Ledger(float("inf") if unlimited else years.pop(0)[2])
        kept = [
            (run.model.epoch.minute_of(date(year, 1, 1)) if year > start else 0, project, slots)
            for project, listed in maker.reserved.items()
            for year, slots in sorted(listed.items())
            if entity[project] in present
        ]
        for time, events in instants(run):
            while kept and kept[0][0] <= time:
                _, project, slots = kept.pop(0)
                mine = entity[project]
                ledger.reserved[mine] = ledger.reserved.get(mine, 0) + slots
            while years and years[0][0] <= time:
                stays = getattr(maker.slots, "carry_over", False) or ledger.missing
                ledger.left = years.pop(0)[2] + (ledger.left if stays else 0)
                ledger.used = 0
            for event in events:
                if event.resource == resource or event.kind in TERMINAL:
                    ledger.take(event)
            if time in trace:
                waiting = sum(slots for _, slots in ledger.missing.values())
                assert trace[time] == (ledger.held, ledger.used, waiting), (name, time)
            if not ledger.missing or time < run.model.open_minute:
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


def check_megawatts(run: Run) -> None:
    """Loads run on what the region added and the programme's own plants supply."""
    power = run.config.capacity.power
    assert power is not None
    rows = {entity: row for row, entity in enumerate(run.world.entity.tolist())}

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
        taken = supplied = 0
        waiting: dict[tuple[int, int], int] = {}
        for time, events in instants(run):
            for event in events:
                if event.resource != resource:
                    continue
                unit = (event.project, event.part)
                if event.kind == Kind.UNIT_ENERGISED:
                    taken += max(0, of_unit(event))
                    supplied += max(0, -of_unit(event))
                elif event.cause == Cause.POWER and event.kind == Kind.WAIT_BEGAN:
                    waiting[unit] = of_unit(event)
                elif event.cause == Cause.POWER and event.kind == Kind.WAIT_ENDED:
                    del waiting[unit]
            if not isinstance(flow, str):
                added = sum(
                    amount * (min(time, end) - begin) // (end - begin)
                    for begin, end, amount in years
                    if begin < time
                )
                assert taken <= added + supplied, (name, time)
            if time in trace:
                capacity, in_use, queued = trace[time]
                assert (in_use, queued) == (taken, sum(waiting.values())), (name, time)
                if isinstance(flow, str):
                    assert not waiting
                else:
                    assert in_use <= capacity <= added + supplied
                    # Nobody overtakes: who waits longest needs more than is left.
                    assert not waiting or max(waiting.values()) > capacity - in_use, (name, time)


@lawful
@given(runs())
def test_megawatts_granted_were_added_or_supplied_and_who_waits_needs_more(run: Run) -> None:
    check_megawatts(run)
