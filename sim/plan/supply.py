"""Capacities compiled: servers, yearly money, makers' slots and megawatts as steps in minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache
from math import inf

from sim.calendars import fiscal_year
from sim.config.capacity import Equipment, ServerPath, YearlyMoney, YearlySlots, in_year
from sim.events import CENTS_PER_USD_BN
from sim.plan.claims import Taken, taken
from sim.plan.days import RESOURCES, Days, rests_on
from sim.rules.gap import stepped

Steps = tuple[tuple[int, float], ...]  # (minute, value from then on)
Stretch = tuple[int, int, int]  # (first minute of a year, minute after its last, amount)


@dataclass(frozen=True)
class ServersPlan:
    """Units held for a duration."""

    resource: int
    at_start: float  # inf where unlimited
    later: Steps


@dataclass(frozen=True)
class MoneyPlan:
    """A yearly stock of one facility, in cents."""

    resource: int
    at_start: float  # of the broken first year, inf where unlimited
    later: Steps  # what flows in with each fiscal year
    carry_over: bool
    last_end: int  # minute at which the last year ends
    while_raised: float  # inflow is multiplied by it while tariffs are raised
    capped_from: float  # minute of the first cap, inf without one: a cap is on what is left too
    months: tuple[int, ...] = ()  # of the run, in which each of these begins; none for dollars
    most: tuple[float, ...] = ()  # what a dated event lets flow in, of each

    def carries(self, minute: int) -> bool:
        """Whether what is left stays in the year that begins at a minute."""
        return self.carry_over and minute < self.capped_from

    def inflows(self, yen_factor: Sequence[float]) -> Steps:
        """``later`` in one world: ``yen_factor`` is what each month makes of the config's rate."""
        if not self.months:
            return self._in_dollars
        paths = zip(self.later, self.months, self.most, strict=True)
        return tuple([(m, min(c // yen_factor[month], most)) for (m, c), month, most in paths])

    @cached_property
    def _in_dollars(self) -> Steps:
        """The same in every world, so made once."""
        paths = zip(self.later, self.most, strict=True)
        return tuple([(minute, min(cents, most)) for (minute, cents), most in paths])


@dataclass(frozen=True)
class MakerPlan:
    """A maker's slots by calendar year."""

    resource: int
    at_start: float  # of the broken first year, inf where unlimited
    later: tuple[tuple[int, int], ...]  # (minute, slots) of each later year
    carry_over: bool
    reserved: tuple[tuple[int, int, int], ...]  # (entity, minute, slots), in their order


@dataclass(frozen=True)
class RegionPlan:
    """Megawatts of one region of the grid; None for ``additions`` is unlimited."""

    resource: int
    additions: tuple[Stretch, ...] | None  # flowing in evenly over each stretch
    carry_over: bool


@dataclass(frozen=True)
class SupplyPlan:
    """All servers, money, makers and regions, in the order of the config."""

    teams: ServersPlan
    agencies: tuple[ServersPlan, ...]
    agency_of_sector: tuple[int | None, ...]  # place in ``agencies``
    desks: tuple[ServersPlan, ...]  # by facility
    commitments: tuple[MoneyPlan, ...]  # by facility
    cash: tuple[MoneyPlan, ...]  # by facility
    makers: tuple[MakerPlan, ...]
    regions: tuple[RegionPlan, ...]
    taken: tuple[Taken, ...]  # by other claimants; what is left of it stands above


@rests_on(
    *RESOURCES,
    "capacity.teams",
    "capacity.agencies",
    "capacity.facilities",
    "capacity.equipment",
    "capacity.power",
    "capacity.fiscal_year_first_month",
    "capacity.yen_per_usd",
    "capacity.claims",
    "policy.events",
    "portfolio",
    "pipelines",
    "sectors",
)
def supply_plan(days: Days, resource: Mapping[str, int], entities: Sequence[str]) -> SupplyPlan:
    """Compile every capacity but the specialists."""
    config, capacity = days.config, days.config.capacity
    agency_number = {name: number for number, name in enumerate(capacity.agencies)}
    entity_of = {name: number for number, name in enumerate(entities)}

    def servers(name: str, path: ServerPath) -> ServersPlan:
        return ServersPlan(resource[name], *_server_steps(days, path))

    month = capacity.fiscal_year_first_month
    last_end = days.epoch.minute_of(date(fiscal_year(days.last, month) + 1, month, 1))

    def money(name: str, paid_in: YearlyMoney | str, while_raised: float) -> MoneyPlan:
        carry_over = isinstance(paid_in, YearlyMoney) and paid_in.carry_over
        at_start, later = yearly_inflows(days, paid_in)
        later, most = _capped(days, name, later)
        in_yen = isinstance(paid_in, YearlyMoney) and paid_in.currency == "jpy"
        caps = [event.date for event in config.policy.events.values() if name in event.caps_usd_bn]
        return MoneyPlan(
            resource[name],
            at_start,
            later,
            carry_over,
            last_end,
            while_raised,
            min(map(days.epoch.minute_of, caps), default=inf),
            tuple(_month(days, minute) for minute, _ in later) if in_yen else (),
            most,
        )

    def region(name: str, flow: YearlySlots | str) -> RegionPlan:
        number = resource[f"power_{name}"]
        if isinstance(flow, str):
            return RegionPlan(number, None, carry_over=False)
        return RegionPlan(number, _calendar_years(days, flow), flow.carry_over)

    facilities = capacity.facilities.items()
    return SupplyPlan(
        teams=servers("teams", capacity.teams.count),
        agencies=tuple(servers(f"agency_{k}", a.count) for k, a in capacity.agencies.items()),
        agency_of_sector=tuple(
            agency_number.get(sector.permits.agency or "") for sector in config.sectors.values()
        ),
        desks=tuple(servers(f"{k}_desks", f.desks) for k, f in facilities),
        commitments=tuple(
            money(f"{k}_commitments", f.commitments, f.inflow_while_raised) for k, f in facilities
        ),
        cash=tuple(money(f"{k}_cash", f.cash, f.inflow_while_raised) for k, f in facilities),
        makers=tuple(
            _maker(days, resource[f"equipment_{k}"], maker, capacity.slots_left(k), entity_of)
            for k, maker in capacity.equipment.items()
        ),
        regions=tuple(
            region(k, capacity.megawatts_left(k))
            for k in (capacity.power.regions if capacity.power else ())
        ),
        taken=taken(days, resource),
    )


def _server_steps(days: Days, path: ServerPath) -> tuple[float, Steps]:
    """Capacity at the start, and later (minute, capacity) steps."""
    if path == "unlimited":
        return inf, ()
    if isinstance(path, int):
        return float(path), ()
    dated = [(day, float(n)) for day, n in sorted(path.items())]
    minute_of = days.epoch.minute_of
    later = tuple((minute_of(day), n) for day, n in dated if day > days.start)
    return stepped(dated, days.start), later


def yearly_inflows(days: Days, money: YearlyMoney | str) -> tuple[float, Steps]:
    """Cents in the broken first year, and (minute, cents) of each later fiscal year."""
    if isinstance(money, str):
        return inf, ()
    capacity = days.config.capacity
    month = capacity.fiscal_year_first_month
    rates = sorted(capacity.yen_per_usd.items())

    def cents(amount_bn: float, day: date) -> float:
        return _cents(amount_bn, stepped(rates, day) if money.currency == "jpy" else 1.0)

    years = range(fiscal_year(days.start, month) + 1, fiscal_year(days.last, month) + 1)
    firsts = [(year, date(year, month, 1)) for year in years]
    later = tuple(
        (days.epoch.minute_of(day), cents(in_year(money.per_fiscal_year, y), day))
        for y, day in firsts
    )
    return cents(money.first_year, days.start), later


@lru_cache(maxsize=256)  # of the budgets of a few configs
def _cents(amount_bn: float, rate: float) -> float:
    # As the decimals the config wrote: 400 bn yen at 160 are 2.5 bn dollars to the cent.
    return float(int(Fraction(str(amount_bn)) / Fraction(str(rate)) * CENTS_PER_USD_BN))


def _month(days: Days, minute: int) -> int:
    """Calendar month of the run that holds a minute, from 0."""
    day = days.epoch.date_of(minute)
    return (day.year - days.start.year) * 12 + day.month - days.start.month


def _capped(days: Days, name: str, later: Steps) -> tuple[Steps, tuple[float, ...]]:
    """Inflows and the dated events' caps; an unlimited stock has a limit from the first one on."""
    month, most = days.config.capacity.fiscal_year_first_month, dict.fromkeys(dict(later), inf)
    for event in sorted(days.config.policy.events.values(), key=lambda event: event.date):
        if name not in event.caps_usd_bn:
            continue
        cap = float(round(event.caps_usd_bn[name] * CENTS_PER_USD_BN))
        since = days.epoch.minute_of(event.date)
        years = range(fiscal_year(event.date, month), fiscal_year(days.last, month) + 1)
        begins = [days.epoch.minute_of(date(year, month, 1)) for year in years]
        later = later or tuple((begin, inf) for begin in begins if begin >= since)
        most = {m: min(most.get(m, inf), cap if m >= since else inf) for m, _ in later}
    return later, tuple(most.values())


def _calendar_years(days: Days, flow: YearlySlots) -> tuple[Stretch, ...]:
    """Every calendar year of the run, the broken first one from minute 0."""
    later = range(days.start.year + 1, days.last.year + 2)
    begins = [0, *(_new_year(days, year) for year in later)]
    amounts = [flow.first_year, *(int(in_year(flow.per_year, year)) for year in later[:-1])]
    return tuple(zip(begins, begins[1:], amounts, strict=False))


def _new_year(days: Days, year: int) -> int:
    return days.epoch.minute_of(date(year, 1, 1))


def _maker(
    days: Days,
    resource: int,
    equipment: Equipment,
    slots: YearlySlots | str,
    entity_of: Mapping[str, int],
) -> MakerPlan:
    """Slots by calendar year; what is reserved is there on 1 January of its year."""
    end = days.epoch.close_of(days.last)
    reserved = [
        (entity_of[project], max(0, _new_year(days, year)), count)
        for project, years in equipment.reserved.items()
        if project in entity_of
        for year, count in years.items()
    ]
    kept = tuple(row for row in reserved if row[1] < end)
    if isinstance(slots, str):
        return MakerPlan(resource, inf, (), carry_over=False, reserved=kept)
    years = _calendar_years(days, slots)
    later = tuple((begin, amount) for begin, _, amount in years[1:])
    return MakerPlan(resource, years[0][2], later, slots.carry_over, kept)
