"""Dated events compiled: their minutes, and the shares of each fate by phase."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.plan.days import Days


@dataclass(frozen=True)
class Dated:
    """One event; (withdrawn, no more calls) shares by phase."""

    minute: int
    stops_selection: bool
    fates: Mapping[str, tuple[float, float]]


def dated_events(days: Days) -> tuple[Dated, ...]:
    """Compile the events in the order of the config."""
    return tuple(
        Dated(
            days.epoch.minute_of(event.date),
            event.stops_selection,
            {
                "unsigned": (event.unsigned_withdrawn_share, 0.0),
                "before_building": (
                    event.before_building.withdrawn_share,
                    event.before_building.no_more_calls_share,
                ),
                "building": (event.building.withdrawn_share, event.building.no_more_calls_share),
            },
        )
        for event in days.config.policy.events.values()
    )
