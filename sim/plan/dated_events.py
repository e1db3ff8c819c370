"""Dated events compiled: their minutes, and what becomes of projects by phase."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.config.dated_events import Fate
from sim.plan.days import Days


@dataclass(frozen=True)
class Dated:
    """One event, and what becomes of projects by phase."""

    minute: int
    stops_selection: bool
    fates: Mapping[str, Fate]


def dated_events(days: Days) -> tuple[Dated, ...]:
    """Compile the events in the order of the config."""
    return tuple(
        Dated(
            days.epoch.minute_of(event.date),
            event.stops_selection,
            {
                "unsigned": Fate(withdrawn_share=event.unsigned_withdrawn_share),
                "before_building": event.before_building,
                "building": event.building,
            },
        )
        for event in days.config.policy.events.values()
    )
