"""Small faults in clocks, money, queues and tariffs; a check made by hand catches each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import floor

import numpy as np
from support import hand_runs
from support.hand_runs import DAY
from support.small_faults import Patch, around

from sim.calendars import Calendar
from sim.engine import (
    calls,
    clock,
    enforcement,
    market,
    money,
    parts,
    programme,
    servers,
)
from sim.engine import selection as engine_selection
from sim.engine import sites as engine_sites
from sim.events import Cause, Kind
from sim.events.turns import Turn
from sim.plan import Plan
from sim.plan import calls as planned_calls
from sim.plan import supply as planned_supply
from sim.plan.calls import CallsPlan
from sim.rules import registry
from sim.rules.drawing import block, skip
from sim.rules.staffing import fair_share
from sim.rules.tariff import own_ladder


def deadline_a_day_early(patch: Patch) -> None:
    def compile_early(old, config):
        plan = old(config)
        return replace(plan, deadline_minute=plan.deadline_minute - DAY)

    around(patch, Plan, "of", compile_early)


def payment_a_minute_late(patch: Patch) -> None:
    def at(old, self, minute, turn, *rest, **named):
        return old(self, minute + (turn == Turn.PAYMENT), turn, *rest, **named)

    around(patch, clock.Clock, "at", at)


def legal_dates_close_after_payments(patch: Patch) -> None:
    def at(old, self, minute, turn, *rest, **named):
        moved = Turn.ENFORCEMENT if turn == Turn.DAY_CLOSE else turn
        return old(self, minute, moved, *rest, **named)

    around(patch, clock.Clock, "at", at)


def double_start_at_a_tie(patch: Patch) -> None:
    """Each gate that clears starts the site if the other has cleared: at a tie both do."""
    cleared: dict[tuple[int, int], int] = {}

    def tell(old, self, ordinal, kind, **details):
        old(self, ordinal, kind, **details)
        now = self.clock.now
        if kind in (Kind.PERMITS_GRANTED, Kind.CALL_PAID):
            cleared[ordinal, now] = cleared.get((ordinal, now), 0) + 1
        elif kind == Kind.NTP_ISSUED and cleared.get((ordinal, now)) == 2:
            old(self, ordinal, kind, **details)

    around(patch, programme.Programme, "tell", tell)


def waiters_counted_in_demand(patch: Patch) -> None:
    waiting: set[int] = set()

    def leave(old, self, site):
        old(self, site)
        if site.reached < site.total:
            waiting.add(id(site))
            site.group.needs[0] += site.needs[0]

    def join(old, self, site):
        old(self, site)
        if id(site) in waiting:
            waiting.remove(id(site))
            site.group.needs[0] -= site.needs[0]

    around(patch, engine_sites.Sites, "leave", leave)
    around(patch, engine_sites.Sites, "join", join)


def carry_over_lost(patch: Patch) -> None:
    around(patch, money.YearlyStock, "new_year", lambda old, stock, usd, _: old(stock, usd, False))


def carry_over_for_all(patch: Patch) -> None:
    around(patch, money.YearlyStock, "new_year", lambda old, stock, usd, _: old(stock, usd, True))


def inflows_a_day_early(patch: Patch) -> None:
    def inflows(old, days, paid_in):
        first, later = old(days, paid_in)
        return first, tuple((minute - DAY, cents) for minute, cents in later)

    around(patch, planned_supply, "yearly_inflows", inflows)


def yen_at_the_rate_of_the_start(patch: Patch) -> None:
    patch.setattr(planned_supply, "stepped", lambda path, _: path[0][1])


def one_cent_lost(patch: Patch) -> None:
    def share_out(old, cents, slices, facilities):
        *rows, last = old(cents, slices, facilities)
        return [*rows, [*last[:-1], last[-1] - cents % 2]]

    around(patch, calls, "share_out", share_out)


def block_lets_smaller_ones_pass(patch: Patch) -> None:
    def make(old, self, *rest):
        old(self, *rest)
        self.short = skip if self.short is block else self.short

    around(patch, money.YearlyStock, "__init__", make)


def money_in_order_of(*places: int) -> Callable[[Patch], None]:
    """Queue for money by these places of (due, notice, ordinal)."""

    def money_in_another_order(patch: Patch) -> None:
        def push(old, queue, entry):
            order, *rest = entry
            old(queue, (tuple(order[place] for place in places), *rest))

        around(patch, money, "heappush", push)

    return money_in_another_order


def later_calls_commit_again(patch: Patch) -> None:
    def claim(old, self):
        call, stock = self.call, self.calls.commitments[self.facility]
        if call.visit:
            again = stock.claim(self._order(), call.visit, call.parts[self.facility])
            again.done.callbacks.append(self._draw)
        else:
            old(self)

    around(patch, parts.Part, "claim", claim)


def five_per_cent_of_a_service(patch: Patch) -> None:
    def serve(old, self, ordinal, minutes, *rest):
        return old(self, ordinal, minutes * 105 // 100, *rest)

    around(patch, servers.Servers, "serve", serve)


def five_per_cent_of_a_building(patch: Patch) -> None:
    def reach(old, self, site, work):
        return old(self, site, work * 105 // 100)

    around(patch, engine_sites.Sites, "reach", reach)


def ties_go_to_the_higher_ordinal(patch: Patch) -> None:
    def push(old, queue, entry):
        minute, ordinal, visit, job = entry
        old(queue, (minute, -ordinal, visit, job))

    around(patch, servers, "heappush", push)


def the_last_come_is_served_first(patch: Patch) -> None:
    def push(old, queue, entry):
        minute, ordinal, visit, job = entry
        old(queue, (-minute, ordinal, visit, job))

    around(patch, servers, "heappush", push)


def a_team_too_many(patch: Patch) -> None:
    def make(old, self, *arguments):
        old(self, *arguments)
        self.capacity += 1

    around(patch, servers.Servers, "__init__", make)


def a_shrinking_capacity_starts_one_more(patch: Patch) -> None:
    def change(old, self, capacity):
        old(self, max(capacity, self.in_use))

    around(patch, servers.Servers, "set_capacity", change)


def one_rate_for_all_crafts(patch: Patch) -> None:
    def share(view):
        rates, limits = fair_share(view)
        return [min(rates, default=1.0)] * len(view.needs), limits

    patch.setitem(registry.STAFFING, "fair_share", registry.Staffing(share, "crafts"))


def only_what_others_leave(patch: Patch) -> None:
    def leftover(people, others, wanted, weight):
        return max(people - others, 0.0) if others else people

    patch.setattr(market, "obtainable", leftover)


def rates_rounded_down(patch: Patch) -> None:
    patch.setattr(engine_sites, "ceil", floor)


def people_a_month_late(patch: Patch) -> None:
    def load(old, self):
        month, self.month = self.month, max(0, self.month - 1)
        old(self)
        self.month = month

    around(patch, market.Market, "_load", load)


def a_window_counts_the_day_of_notice(patch: Patch) -> None:
    def early(old, capped, *tables):
        days = (one if one[0] == 0 else one[:1] + one[:-1] for one in tables)
        return old(capped, *days)

    around(patch, planned_calls, "Windows", early)


def a_due_day_closes_when_it_begins(patch: Patch) -> None:
    def dates(old, self, notice, first):
        earliest, due, missed = old(self, notice, first)
        return earliest, due - DAY, missed - DAY

    around(patch, CallsPlan, "dates", dates)


def a_floor_is_payable_from_notice(patch: Patch) -> None:
    def dates(old, self, notice, first):
        return (notice, *old(self, notice, first)[1:])

    around(patch, CallsPlan, "dates", dates)


def a_meeting_on_a_closed_day_sits(patch: Patch) -> None:
    patch.setattr(Calendar, "next_open", lambda self, day: day)


def a_payment_leaves_the_breach_open(patch: Patch) -> None:
    def close(old, self, ordinal, visit, cause):
        if cause != Cause.PAID:
            old(self, ordinal, visit, cause)

    around(patch, enforcement.Enforcement, "close_breach", close)


def a_new_breach_waits_for_the_end_of_relief(patch: Patch) -> None:
    def step(view):
        return own_ladder(replace(view, relief=False))

    patch.setitem(registry.TARIFF, "own_ladder", step)


def a_decline_keeps_the_envelope(patch: Patch) -> None:
    patch.setattr(engine_selection.Envelope, "release", lambda self, cents: None)


def the_litigated_permit_is_granted(patch: Patch) -> None:
    def simulate(old, plan, world):
        return old(plan, replace(world, litigated=np.zeros_like(world.litigated)))

    around(patch, hand_runs, "simulate", simulate)
