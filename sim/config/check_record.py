"""Payments, orders and slots on record: as many as there are, in an order that can be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from sim.config.findings import Finding, finding, needs
from sim.config.schema import Config, Project


@needs("programme", "portfolio")
def lists(config: Config) -> Iterator[Finding]:
    """Dates of a list ascend, come after what they need, and are on record by ``as_of``."""
    for name, project in config.portfolio.projects.items():
        if project.kind == "supplier":
            continue
        where = f"portfolio.projects.{name}"
        yield from _list(config, where, "later_paid_dates", project, "first_paid_date")
        yield from _list(config, where, "slots_granted_dates", project, "selected_date")


def _list(config: Config, where: str, key: str, project: Project, needed: str) -> Iterator[Finding]:
    days: list[date] = getattr(project, key)
    before: date | None = getattr(project, needed)
    if days and before is None:
        yield finding(
            f"{where}.{key}",
            f"{days[0]} is recorded, but no {needed} before it",
            f"{needed} as well",
        )
    elif days and before is not None and days[0] < before:
        message = f"{days[0]} is before {needed} {before}"
        yield finding(f"{where}.{key}", message, f"a date from {before}")
    for low, high in pairwise(days):
        if high < low:
            yield finding(f"{where}.{key}", f"{high} follows {low}", "dates in their order")
    as_of = config.programme.as_of
    if config.programme.history == "recorded" and days and max(days) > as_of:
        message = f"{max(days)} is after as_of {as_of}: not on record yet"
        yield finding(f"{where}.{key}", message, "dates up to as_of, or none")


@needs("portfolio", "policy")
def payments(config: Config) -> Iterator[Finding]:
    """No more calls are paid than there are; what notice to proceed triggers is paid after it."""
    later = list(config.policy.calls.slices.items())[1:]
    for name, project in config.portfolio.projects.items():
        where, days = f"portfolio.projects.{name}.later_paid_dates", project.later_paid_dates
        if project.kind == "supplier":
            continue
        if len(days) > len(later):
            message = f"{len(days)} payments are on record, of {len(later)} calls after the first"
            yield finding(where, message, f"at most {len(later)}")
        ntp = project.ntp_date
        for (label, item), day in zip(later, days, strict=False):
            building = item.trigger == "ntp" or item.progress is not None
            if building and ntp is None:
                message = f"{day} pays {label}, called at {item.trigger}, and no ntp_date is there"
                yield finding(where, message, "ntp_date as well")
                break
            if building and ntp is not None and day < ntp:
                message = f"{day} pays {label}, called at {item.trigger}, before ntp_date {ntp}"
                yield finding(where, message, f"a date from {ntp}")


@needs("sectors", "portfolio")
def machines(config: Config) -> Iterator[Finding]:
    """Who orders machines needs some, and has slots for no more units than there are."""
    for name, project in config.portfolio.projects.items():
        sector, where = config.sectors.get(project.sector), f"portfolio.projects.{name}"
        if sector is None or project.kind == "supplier":
            continue
        keys = ("ordered_date", "slots_granted_dates")
        for key in keys:
            if getattr(project, key) and not sector.equipment:
                message = f"{project.sector} needs no machines"
                yield finding(f"{where}.{key}", message, "no date, or a sector with equipment")
        if len(project.slots_granted_dates) > project.units:
            message = f"slots for {len(project.slots_granted_dates)} of {project.units} units"
            yield finding(f"{where}.{keys[1]}", message, "at most one date for each unit")
