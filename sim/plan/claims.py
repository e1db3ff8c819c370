"""Other claimants compiled: what each takes of slots, megawatts and people, and from when on.

What is left to the programme is the capacity path less theirs, in `sim.plan.supply`, and others'
demand with theirs, in `sim.config.market`; this is what the log is told of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from sim.config.capacity import in_year
from sim.config.market import people_wanted
from sim.plan.days import Days


class Taken(NamedTuple):
    """What a claim takes of a resource from a minute on: slots or MW a year, or people."""

    minute: int
    resource: int
    claim: int  # place in ``capacity.claims``
    amount: float


def taken(days: Days, resource: Mapping[str, int]) -> tuple[Taken, ...]:
    """Every change of what a claim takes, after the start; in the order of the resources."""
    return tuple(
        Taken(days.epoch.minute_of(day), resource[name], claim, amount)
        for name, day, claim, amount in sorted(
            _changes(days), key=lambda one: (resource[one[0]], one[1], one[2])
        )
    )


def _changes(days: Days) -> Iterator[tuple[str, date, int, float]]:
    capacity, years = days.config.capacity, range(days.start.year + 1, days.last.year + 1)
    regions = capacity.power.regions if capacity.power is not None else {}
    flows = {f"equipment_{name}": one.slots for name, one in capacity.equipment.items()}
    flows |= {f"power_{name}": one.additions_mw for name, one in regions.items()}
    before: dict[tuple[str, int], float] = {}

    def changed(name: str, day: date, claim: int, amount: float) -> bool:
        was, before[name, claim] = before.get((name, claim), 0.0), amount
        return amount != was

    for name, flow in flows.items():
        kind, _, key = name.partition("_")
        for year in years:
            left = 0.0 if isinstance(flow, str) else in_year(flow.per_year, year)
            for number, claim in enumerate(capacity.claims.values()):
                asked = claim.slots if kind == "equipment" else claim.megawatts
                # Who stands first in the config takes first, and nobody more than there is.
                amount = min(left, in_year(asked.get(key, {}), year))
                left -= amount
                if changed(name, day := date(year, 1, 1), number, amount):
                    yield name, day, number, amount
    firsts = [day for _, day in days.epoch.month_starts(days.epoch.close_of(days.last))]
    for number, claim in enumerate(capacity.claims.values()):
        for key, path in claim.people.items():
            for day in firsts:
                amount = people_wanted(path, day)
                if changed(name := f"specialists_{key}", day, number, amount):
                    yield name, day, number, amount
