"""Policy and capacity compiled once per process: what every replication of a config shares."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import ceil, inf
from typing import cast

from sim.calendars import (
    MINUTES_PER_DAY,
    Calendar,
    business_calendar,
    fiscal_year,
    minutes_from_days,
)
from sim.config.capacity import ServerPath, YearlyMoney, YearlySlots
from sim.config.market import gap_facts, pool_facts
from sim.config.policy import Meetings, reach_days
from sim.config.schema import Config
from sim.events import CENTS_PER_USD_BN, Names
from sim.rules.gap import market_paths, stepped
from sim.rules.screening import AsDisposed, TwoTests
from sim.rules.splitting import TRILLION
from sim.world import Nature

ORDER = "equipment_order"


class Plan:
    """Everything an engine reads besides the world. Minutes, cents, plain lists."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.nature = Nature(config)
        self.epoch = self.nature.epoch
        programme, policy, capacity = config.programme, config.policy, config.capacity
        self.end_minute = self.epoch.close_of(programme.run_out)
        self.deadline_minute = self.nature.deadline_minute
        self.open_minute = self.nature.open_minute
        self.envelope_cents = round(programme.envelope_usd_bn * CENTS_PER_USD_BN)
        self._due_days = self._due_tables()
        self.two_tests = TwoTests(
            policy.screening.hurdle_share,
            policy.screening.japanese_content_min_share,
            policy.screening.benefit_otherwise_probability,
        )
        funding = config.nature.funding
        self.as_disposed = AsDisposed(funding.consult_probability, funding.decline_probability)
        self.cc_meetings = self._meeting_minutes(policy.consultation_committee.meetings)
        self.ic_meetings = self._meeting_minutes(policy.investment_committee.meetings)
        self.listed_rounds = self._listed_rounds()
        self.slices = tuple(policy.calls.slices.values())
        self.slice_shares = tuple(round(item.share * TRILLION) for item in self.slices)
        self.facility_ids = tuple(capacity.facilities)
        self.facility_shares = tuple(
            round(policy.calls.facility_shares.get(name, 0.0) * TRILLION)
            for name in self.facility_ids
        )
        triggers = [item.trigger for item in self.slices]
        self.order_slice = triggers.index(ORDER) if ORDER in triggers else None
        self.tops_up = policy.overrun_paid_by == "japan_topup"
        self.early_works = tuple(
            round(sector.permits.early_works_share * TRILLION) for sector in config.sectors.values()
        )
        self.lead_minutes = minutes_from_days(policy.calls.lead_days)
        self.steps = [
            (0, programme.start),
            *self.epoch.month_starts(self.end_minute),
        ]
        self.region_of_place = self._region_of_place()
        self.pools = pool_facts(config)
        self.market = market_paths(self.pools, gap_facts(config), [day for _, day in self.steps])
        self.names = self._names()
        self.resource = {name: index for index, name in enumerate(self.names.resources)}

    def _names(self) -> Names:
        capacity = self.config.capacity
        named: list[tuple[str, str, str]] = [("teams", "servers", capacity.teams.label)]
        named += [(f"agency_{k}", "servers", v.label) for k, v in capacity.agencies.items()]
        for what, unit, text in (
            ("desks", "servers", "desks"),
            ("commitments", "USD", "yearly commitments"),
            ("cash", "USD", "yearly cash"),
        ):
            named += [(f"{k}_{what}", unit, f"{v.label}: {text}")
                      for k, v in capacity.facilities.items()]  # fmt: skip
        named.append(("envelope", "USD", "Envelope"))
        named += [(f"equipment_{k}", "slots", v.label) for k, v in capacity.equipment.items()]
        if capacity.power is not None:
            named += [(f"power_{k}", "MW", v.label) for k, v in capacity.power.regions.items()]
        named += [(f"specialists_{k}", "people", v.label)
                  for k, v in capacity.specialists.pools.items()]  # fmt: skip
        return Names(
            projects=self.nature.entity_ids,
            resources=tuple(name for name, _, _ in named),
            resource_units=tuple(unit for _, unit, _ in named),
            resource_labels=tuple(label for _, _, label in named),
            pools=self.nature.pool_ids,
            sectors=self.nature.sector_ids,
            facilities=tuple(capacity.facilities),
        )

    def _calendar(self, name: str) -> Calendar:
        settings = self.config.calendars
        return business_calendar(
            name,
            japan_bank_days=settings.japan_bank_days,
            extra_closures=tuple(settings.extra_closures),
        )

    def _due_tables(self) -> dict[int, list[int]]:
        calls = self.config.policy.calls
        calendar = self._calendar(calls.calendar)
        first = self.config.programme.start
        # A notice on the last day still finds its dates.
        days = (self.config.programme.run_out - first).days + reach_days(calls)
        windows = {
            calls.first_window_business_days,
            calls.later_window_business_days,
            calls.grace_business_days,
            calls.cure_business_days,
        }
        return {n: calendar.due_table(first, days, n).tolist() for n in windows if n > 0}

    def open_day_after(self, day: int, n: int) -> int:
        """Day index of the n-th open day strictly after ``day``; ``day`` itself for n = 0."""
        return self._due_days[n][day] if n else day

    def call_dates(self, notice: int, first: bool) -> tuple[int, int, int]:
        """Minutes of earliest payment, close of the due date, and close of the cure period.

        See the two readings in model section 4.6.
        """
        calls = self.config.policy.calls
        window = calls.first_window_business_days if first else calls.later_window_business_days
        day = notice // MINUTES_PER_DAY
        target = self.open_day_after(day, window)
        if calls.reading == "cap":
            earliest, due = notice, target
        else:
            earliest = target * MINUTES_PER_DAY if window else notice
            due = self.open_day_after(target, calls.grace_business_days)
        cured = self.open_day_after(due, calls.cure_business_days)
        return earliest, (due + 1) * MINUTES_PER_DAY, (cured + 1) * MINUTES_PER_DAY

    def _meeting_minutes(self, meetings: Meetings) -> list[int] | None:
        """Minutes at which a committee sits, up to the deadline; None: passes straight through."""
        if meetings.kind == "none":
            return None
        calendar = self._calendar(meetings.calendar)
        deadline = self.config.programme.deadline
        days: list[date] = []
        if meetings.kind == "dates":
            days = [calendar.next_open(day) for day in meetings.dates or []]
        else:
            day = calendar.next_open(cast(date, meetings.first_day))
            while day <= deadline:
                days.append(day)
                day = calendar.due(day, meetings.business_days or 1)
        first = self.config.programme.start
        minutes = sorted({self.epoch.minute_of(day) for day in days if first <= day <= deadline})
        return [minute for minute in minutes if minute >= self.open_minute]

    def _listed_rounds(self) -> list[int] | None:
        selection = self.config.policy.selection
        if selection.rounds != "dates":
            return None
        as_meetings = Meetings(kind="dates", dates=selection.dates, calendar=selection.calendar)
        return self._meeting_minutes(as_meetings)

    def round_minute(self, previous: int, interval: int) -> int:
        """The next presidential round: the first open day at or after the interval's end."""
        selection = self.config.policy.selection
        calendar = self._calendar(selection.calendar)
        day = self.epoch.date_of(ceil((previous + interval) / MINUTES_PER_DAY) * MINUTES_PER_DAY)
        return self.epoch.minute_of(calendar.next_open(day))

    def _region_of_place(self) -> list[int]:
        """The power region of each place of the world, by number."""
        power = self.config.capacity.power
        if power is None:
            return []
        regions = list(power.regions)
        of_state = {state: k for k, name in enumerate(regions)
                    for state in power.regions[name].states}  # fmt: skip
        elsewhere = regions.index(power.elsewhere)
        return [of_state.get(place, elsewhere) for place in self.nature.places.names]

    def calendar_years(self, flow: YearlySlots) -> list[tuple[int, int, int]]:
        """(first minute, minute after the last, amount) of every calendar year of the run."""
        first = self.config.programme.start.year
        known = sorted(flow.per_year.items())
        stretches = []
        for year in range(first, self.config.programme.run_out.year + 1):
            since = [amount for listed, amount in known if listed <= year]
            amount = flow.first_year if year == first else since[-1] if since else 0
            begin = self.epoch.minute_of(date(year, 1, 1)) if year > first else 0
            stretches.append((begin, self.epoch.minute_of(date(year + 1, 1, 1)), amount))
        return stretches

    def server_steps(self, path: ServerPath) -> tuple[float, list[tuple[int, float]]]:
        """Capacity at the start, and later (minute, capacity) steps."""
        if path == "unlimited":
            return inf, []
        if isinstance(path, int):
            return float(path), []
        dated = sorted(path.items())
        start = self.config.programme.start
        first = stepped([(day, float(n)) for day, n in dated], start)
        return first, [(self.epoch.minute_of(d), float(n)) for d, n in dated if d > start]

    def yearly_inflows(self, money: YearlyMoney | str) -> tuple[float, list[tuple[int, float]]]:
        """Cents in the broken first year, and (minute, cents) of each later fiscal year."""
        if isinstance(money, str):
            return inf, []
        programme, capacity = self.config.programme, self.config.capacity
        month = capacity.fiscal_year_first_month
        rates = sorted(capacity.yen_per_usd.items())

        def cents(amount_bn: float, day: date) -> float:
            rate = stepped(rates, day) if money.currency == "jpy" else 1.0
            # As the decimals the config wrote: 400 bn yen at 160 are 2.5 bn dollars to the cent.
            return float(int(Fraction(str(amount_bn)) / Fraction(str(rate)) * CENTS_PER_USD_BN))

        years = sorted(money.per_fiscal_year.items())
        first = fiscal_year(programme.start, month)
        later = []
        for year in range(first + 1, fiscal_year(programme.run_out, month) + 1):
            day = date(year, month, 1)
            known = [amount for since, amount in years if since <= year]
            later.append((self.epoch.minute_of(day), cents(known[-1] if known else 0.0, day)))
        return cents(money.first_year, programme.start), later
