"""Cash calls compiled: slices, lenders' shares, and the legal dates as tables of days."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.calendars import MINUTES_PER_DAY
from sim.config.policy import Slice, lead_days, reach_days
from sim.plan.days import Days, rests_on
from sim.plan.points import Gates
from sim.plan.rules import rule
from sim.plan.windows import Windows
from sim.rules.registry import Drawing
from sim.rules.splitting import TRILLION

SELECTION, ORDER, NTP, PROGRESS = range(4)
_TRIGGERS = {"selection": SELECTION, "equipment_order": ORDER, "ntp": NTP}


@dataclass(frozen=True)
class SlicePlan:
    """One call of every project: its share and what triggers it."""

    share: int  # of the committed amount, trillionths
    trigger: int  # SELECTION, ORDER, NTP or PROGRESS
    progress: int  # trillionths of the planned building at PROGRESS, else 0


@dataclass(frozen=True)
class CallsPlan:
    """The calls of every project, and when each may be and must be paid."""

    slices: tuple[SlicePlan, ...]
    slice_shares: tuple[int, ...]  # trillionths
    facility_shares: tuple[int, ...]  # trillionths
    signs_until: tuple[int | None, ...]  # close of the last day that binds, by facility
    takers: tuple[int, ...]  # who takes over what each has not signed by then; -1: nobody
    order_slice: int | None  # the slice called to order machines
    tops_up: bool  # Japan pays overruns
    pauses_stop_clocks: bool
    drawing: Drawing
    windows: Windows
    gates: Gates

    def dates(self, notice: int, first: bool) -> tuple[int, int, int]:
        """The dates of a call noticed at minute ``notice``: see `sim.plan.windows`."""
        return self.windows.dates(notice, first)


@rests_on(
    "policy.calls",
    "policy.overrun_paid_by",
    "policy.pauses_stop_clocks",
    "capacity.facilities.*.signs_until",
    "capacity.facilities.*.unsigned",
    "capacity.facilities.*.reassigned_to",
    "rule_files",
)
def calls_plan(days: Days) -> CallsPlan:
    """Compile the calls."""
    config, calls = days.config, days.config.policy.calls
    # A notice on the last day still finds its dates.
    reach = (days.last - days.start).days + reach_days(calls)
    calendar = days.calendar(calls.calendar)

    def later(business_days: int) -> array[int]:
        return array("q", calendar.due_table(days.start, reach, business_days).tobytes())

    slices = tuple(_slice(item) for item in calls.slices.values())
    triggers = [item.trigger for item in slices]
    names = list(config.capacity.facilities)
    tops_up = config.policy.overrun_paid_by == "japan_topup"
    lead_minutes = round(lead_days(calls) * MINUTES_PER_DAY)
    return CallsPlan(
        slices=slices,
        slice_shares=tuple(item.share for item in slices),
        facility_shares=tuple(
            round(calls.facility_shares.get(name, 0.0) * TRILLION)
            for name in config.capacity.facilities
        ),
        signs_until=tuple(
            days.epoch.close_of(one.signs_until)
            if one.signs_until is not None and one.unsigned != "extend"
            else None
            for one in config.capacity.facilities.values()
        ),
        takers=tuple(
            names.index(one.reassigned_to) if one.reassigned_to is not None else -1
            for one in config.capacity.facilities.values()
        ),
        order_slice=triggers.index(ORDER) if ORDER in triggers else None,
        tops_up=tops_up,
        pauses_stop_clocks=config.policy.pauses_stop_clocks,
        drawing=rule(config, "drawing", calls.draw),
        windows=Windows(
            calls.reading == "cap",
            later(calls.first_window_business_days),
            later(calls.later_window_business_days),
            later(calls.grace_business_days),
            later(calls.cure_business_days),
        ),
        gates=Gates(_gates(slices), len(slices), tops_up, lead_minutes),
    )


def _slice(item: Slice) -> SlicePlan:
    trigger = _TRIGGERS.get(item.trigger, PROGRESS)
    return SlicePlan(round(item.share * TRILLION), trigger, round((item.progress or 0) * TRILLION))


def _gates(slices: Sequence[SlicePlan]) -> Iterator[tuple[int, int, int]]:
    """Of every call that building needs, see `sim.plan.points.Gates`."""
    called = 0
    for number, item in enumerate(slices):
        if number and item.trigger != SELECTION:
            yield number, called, item.progress if item.trigger == PROGRESS else -1
        called = min(TRILLION, called + item.share)
