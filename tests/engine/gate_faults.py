"""Small faults at gates and in hazards; each has a check made by hand that catches it."""

from __future__ import annotations

from dataclasses import replace
from math import log

from support.small_faults import Patch, around

from sim.calendars import MINUTES_PER_DAY
from sim.engine import (
    calls,
    construction,
    energising,
    enforcement,
    equipment,
    equipping,
    hazards,
    money,
    selection,
    sites,
    yards,
)
from sim.engine import power as engine_power
from sim.events import Cause
from sim.plan import points


def a_pause_keeps_its_crew(patch: Patch) -> None:
    """The site stands still, and its people are counted as wanted and taken."""
    kept: set[int] = set()

    def suspend(old, self, site):
        old(self, site)
        kept.add(site.ordinal)
        site.group.needs[0] += site.needs[0]

    def join(old, self, site):
        if site.ordinal in kept:
            kept.remove(site.ordinal)
            site.group.needs[0] -= site.needs[0]
        old(self, site)

    around(patch, sites.Sites, "suspend", suspend)
    around(patch, sites.Sites, "join", join)


def a_pause_goes_on_building(patch: Patch) -> None:
    patch.setattr(construction.Construction, "suspend", lambda self, ordinal: None)


def a_pause_does_not_hold_back_the_start(patch: Patch) -> None:
    def nothing(self, ordinal):
        yield from ()

    patch.setattr(construction.Construction, "_await_resumption", nothing)


def a_cancelled_site_keeps_its_crew(patch: Patch) -> None:
    def abandon(old, self, ordinal):
        yard = self.yards[ordinal]
        old(self, ordinal)
        if yard is not None:
            site = yard.clocks[0]
            site.group.needs[0] += site.needs[0]

    around(patch, construction.Construction, "abandon", abandon)


def exposure_runs_on_in_a_pause(patch: Patch) -> None:
    def resume(old, self, ordinal):
        exposure = self.exposures[ordinal]
        length = self.programme.world.pause_length[ordinal, exposure.visit].item()
        exposure.cancel_left -= length * exposure.cancels
        old(self, ordinal)

    around(patch, hazards.Hazards, "_resume", resume)


def exposure_begins_with_history(patch: Patch) -> None:
    around(patch, hazards.Hazards, "_expose",
           lambda old, self, ordinal, rates, _: old(self, ordinal, rates, 0))  # fmt: skip


def exposure_starts_anew_with_building(patch: Patch) -> None:
    def started(old, self, ordinal):
        self.exposures[ordinal].cancel_left = self.programme.world.cancel_threshold[ordinal].item()
        self.exposures[ordinal].since = -1
        old(self, ordinal)

    around(patch, hazards.Hazards, "started", started)


def what_is_built_can_be_cancelled(patch: Patch) -> None:
    patch.setattr(hazards.Hazards, "built", lambda self, ordinal: None)


def every_year_without_shock(patch: Patch) -> None:
    def years(old, self):
        return [[(close, 1.0) for close, _ in row] for row in old(self)]

    around(patch, hazards.Hazards, "_years_by_sector", years)


def loadings_multiply_the_shock(patch: Patch) -> None:
    """Instead of raising it to a power."""

    def years(old, self):
        return [[(close, 3 * log(f, 3) if f != 1 else f) for close, f in row] for row in old(self)]

    around(patch, hazards.Hazards, "_years_by_sector", years)


def clocks_stop_for_begun_days_only(patch: Patch) -> None:
    """A pause of 12 days and a minute counts 12."""
    around(patch, calls.Calls, "extend", lambda old, self, ordinal, minutes: old(
        self, ordinal, minutes // MINUTES_PER_DAY * MINUTES_PER_DAY))  # fmt: skip


def clocks_never_stop(patch: Patch) -> None:
    patch.setattr(calls.Calls, "extend", lambda self, ordinal, minutes: None)


def a_withdrawn_call_keeps_its_claim(patch: Patch) -> None:
    def cancel(self, claim):
        claim.waited = False  # the wait itself is over

    patch.setattr(money.YearlyStock, "cancel", cancel)


def a_withdrawn_call_stays_a_breach(patch: Patch) -> None:
    def close(old, self, ordinal, visit, cause):
        if cause != Cause.CANCELLED:
            old(self, ordinal, visit, cause)

    around(patch, enforcement.Enforcement, "close_breach", close)


def a_cent_too_much_comes_back(patch: Patch) -> None:
    def give_back(old, self, ordinal, cents):
        old(self, ordinal, cents + 1)

    around(patch, money.YearlyStock, "give_back", give_back)


def money_given_back_is_lost(patch: Patch) -> None:
    def give_back(old, self, ordinal, cents):
        old(self, ordinal, cents)
        self.held -= cents

    around(patch, money.YearlyStock, "give_back", give_back)


def all_money_comes_back(patch: Patch) -> None:
    """What is spent as well."""
    patch.setattr(construction.Construction, "progress", lambda self, ordinal: 0.0)


def a_cancelled_project_keeps_its_envelope(patch: Patch) -> None:
    patch.setattr(selection.Envelope, "release", lambda self, cents: None)


def machines_needed_later(patch: Patch) -> None:
    """A twentieth of the building later."""

    def later(old, needs, site, unit):
        return old([replace(need, gate=need.gate + 0.05) for need in needs], site, unit)

    around(patch, construction, "of_unit", later)
    around(patch, points, "of_unit", later)


def units_begin_one_after_the_other(patch: Patch) -> None:
    """Each where the one before it ends."""

    def begins(old, world, ordinal):
        site = old(world, ordinal)
        return points.Layout(site.length, site.units, site.length * site.units)

    around(patch, yards, "layout", begins)


def machines_stop_the_whole_site(patch: Patch) -> None:
    def await_equipment(old, self, yard, point):
        if (point.kind, point.number) in self.equipping.delivered[yard.ordinal]:
            return
        self._stop(yard, Cause.EQUIPMENT, point.number)
        yield self.equipping.arrival(yard.ordinal, point.kind, point.number)
        yield from self._go_on(yard)

    around(patch, construction.Construction, "_await_equipment", await_equipment)


def every_unit_has_the_whole_crew(patch: Patch) -> None:
    patch.setattr(yards, "unit_crew", lambda crew, work, clocks: crew)


def an_unpaid_slice_stops_only_the_line(patch: Patch) -> None:
    def halt(old, self, yard, cause, part=0):
        wanted, yard.wanted = yard.wanted, set()
        old(self, yard, cause, part)
        yard.wanted = wanted

    around(patch, construction.Construction, "_halt", halt)


def orders_wait_for_permits(patch: Patch) -> None:
    """Ordered when building starts."""
    around(patch, equipping.Equipping, "order",
           lambda old, self, ordinal: self.programme.permitted[ordinal].callbacks.append(
               lambda _: old(self, ordinal)))  # fmt: skip


def orders_before_their_slice_is_paid(patch: Patch) -> None:
    def order(old, self, ordinal, call=None):
        self.equipping.order(ordinal)
        yield from ()

    around(patch, construction.Construction, "_order", order)


def equipment_is_ordered_in_a_pause(patch: Patch) -> None:
    def order(self, ordinal, call=None):
        self.equipping.order(ordinal)
        yield from ()

    patch.setattr(construction.Construction, "_order", order)


def the_cancelled_keep_their_slots(patch: Patch) -> None:
    def cancel(old, self, ordinal):
        old(self, ordinal)
        self.cancelled.discard(ordinal)

    around(patch, equipment.Maker, "cancel", cancel)


def what_is_nearly_built_is_cancelled(patch: Patch) -> None:
    def make(old, self, *rest):
        old(self, *rest)
        self.plan = replace(self.plan, last_progress=1.0)

    around(patch, hazards.Hazards, "__init__", make)


def anybody_takes_a_reserved_slot(patch: Patch) -> None:
    def reserve(old, self, ordinal, slots):
        self.left += slots
        self._ask()

    around(patch, equipment.Maker, "reserve", reserve)


def slots_are_given_on_record(patch: Patch) -> None:
    def make(old, self, *rest):
        old(self, *rest)
        self.record = Record(self.record)

    class Record:
        """The recorder, without its as-of date."""

        def __init__(self, real) -> None:
            self.real, self.open_minute = real, 0

        def __getattr__(self, name):
            return getattr(self.real, name)

    around(patch, equipment.Maker, "__init__", make)


def early_works_never_stop(patch: Patch) -> None:
    def awaits(self, yard):
        yield from ()

    patch.setattr(construction.Construction, "_await_permits", awaits)


def an_overrun_is_called_from_the_envelope(patch: Patch) -> None:
    def notice(old, self, ordinal, visit, *rest):
        if visit == len(self.plan.slices):
            self.commitments[0].claim((0, 0, ordinal), visit, self.topup_cents(ordinal))
        return old(self, ordinal, visit, *rest)

    around(patch, calls.Calls, "notice", notice)


def megawatts_of_a_plant_count_twice(patch: Patch) -> None:
    around(patch, engine_power.Grid, "supply", lambda old, self, mw: old(self, 2 * mw))


def a_plant_supplies_when_it_is_built(patch: Patch) -> None:
    def built(old, self, ordinal, unit):
        if self.megawatts[ordinal] < 0:
            self.region(ordinal).supply(self.unit_megawatts(ordinal, unit))
        old(self, ordinal, unit)

    around(patch, energising.Energising, "unit_built", built)


def megawatts_go_to_who_claims_first(patch: Patch) -> None:
    def claim(old, self, requested, *rest):
        old(self, self.clock.now, *rest)

    around(patch, engine_power.Grid, "claim", claim)


def megawatts_by_parts_of_one(patch: Patch) -> None:
    """Every unit wants the rounded-up share."""
    patch.setattr(energising.Energising, "unit_megawatts", lambda self, ordinal, unit: -(
        -abs(self.megawatts[ordinal]) // self.programme.units[ordinal]))  # fmt: skip
