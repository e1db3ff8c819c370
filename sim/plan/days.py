"""The days of a config as minutes and tables: what compiling its parts needs, and no engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sim.calendars import Calendar, Epoch, business_calendar
from sim.config.places import Kept
from sim.config.policy import Meetings
from sim.config.schema import Config

# What the names and numbers of resources follow from.
RESOURCES = (
    "capacity.teams.label",
    "capacity.agencies.*.label",
    "capacity.facilities.*.label",
    "capacity.equipment.*.label",
    "capacity.power.regions.*.label",
    "capacity.specialists.pools.*.label",
)
More = ParamSpec("More")
Part = TypeVar("Part")


@dataclass(frozen=True)
class Days:
    """The span of a run and its calendars; ``last`` is the last day observed."""

    config: Config
    epoch: Epoch
    open_minute: int

    @property
    def start(self) -> date:
        """The first day, at minute 0."""
        return self.config.programme.start

    @property
    def last(self) -> date:
        """The last day."""
        return self.config.programme.run_out

    def calendar(self, name: str) -> Calendar:
        """A calendar of business days with the config's own closures."""
        settings = self.config.calendars
        return business_calendar(
            name,
            japan_bank_days=settings.japan_bank_days,
            extra_closures=tuple(settings.extra_closures),
        )

    def meetings(self, meetings: Meetings) -> tuple[int, ...] | None:
        """Minutes at which somebody meets, up to the deadline; None: passes straight through."""
        if meetings.kind == "none":
            return None
        calendar = self.calendar(meetings.calendar)
        deadline = self.config.programme.deadline
        if meetings.kind == "dates":
            days = [calendar.next_open(day) for day in meetings.dates or []]
        else:
            first = calendar.next_open(cast(date, meetings.first_day))
            days = [first, *calendar.every(meetings.business_days or 1, first, deadline)]
        minutes = {self.epoch.minute_of(day) for day in days if self.start <= day <= deadline}
        return tuple(minute for minute in sorted(minutes) if minute >= self.open_minute)


def rests_on(
    *places: str,
) -> Callable[[Callable[Concatenate[Days, More], Part]], Callable[Concatenate[Days, More], Part]]:
    """Of a function that compiles a part of a plan: keep it for the next config alike at places.

    Whatever else the function is given must follow from what stands there. The programme's dates
    and the calendars, which `Days` reads, are among the places of all.
    """

    def mark(
        make: Callable[Concatenate[Days, More], Part],
    ) -> Callable[Concatenate[Days, More], Part]:
        kept = RESTS_ON[make] = Kept[Part]("programme", "calendars", *places)

        @wraps(make)
        def found(days: Days, /, *more: More.args, **named: More.kwargs) -> Part:
            return kept.of(days.config, lambda: make(days, *more, **named))

        return found

    return mark


RESTS_ON: dict[Callable[..., Any], Kept[Any]] = {}  # by the function that makes it
