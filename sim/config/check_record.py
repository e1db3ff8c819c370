"""Payments, orders, slots and units on record: as many as there are, in an order that can be."""

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
        yield from _list(config, where, "units_built_dates", project, "ntp_date")
        yield from _list(config, where, "units_energised_dates", project, "ntp_date")


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


@needs("portfolio", "policy.calls.slices")
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


@needs("portfolio")
def units(config: Config) -> Iterator[Finding]:
    """No more units stand than there are, nor run than stand, and what each needs was there."""
    for name, project in config.portfolio.projects.items():
        where, built = f"portfolio.projects.{name}", project.units_built_dates
        runs, count = project.units_energised_dates, project.units
        if project.kind == "supplier" or not (built or runs):
            continue
        if len(built) > count:
            message = f"{len(built)} units are built on record, of {count}"
            yield finding(f"{where}.units_built_dates", message, f"at most {count}")
        if len(runs) > len(built):
            message = f"{len(runs)} run on record, and {len(built)} are built"
            yield finding(f"{where}.units_energised_dates", message, f"at most {len(built)}")
        for number, (stands, day) in enumerate(zip(built, runs, strict=False), start=1):
            if day < stands:
                message = f"{day} is before unit {number} is built, {stands}"
                yield finding(f"{where}.units_energised_dates", message, f"a date from {stands}")
        for number, (day, slot) in enumerate(
            zip(built, project.slots_granted_dates, strict=False), start=1
        ):
            if slot > day:
                message = f"{slot} is after unit {number} is built, {day}"
                yield finding(f"{where}.slots_granted_dates", message, f"a date up to {day}")
        for key, days in (("ordered_date", built), ("connected_date", runs)):
            on: date | None = getattr(project, key)
            if on is not None and days and on > days[0]:
                message = f"{on} is after the first unit that needs it, {days[0]}"
                yield finding(f"{where}.{key}", message, f"a date up to {days[0]}")


@needs("sectors", "portfolio", "policy.calls.slices", "policy.overrun_paid_by")
def whole_sites(config: Config) -> Iterator[Finding]:
    """A site built in whole has been paid in whole; in part only where units come one by one."""
    later = len(config.policy.calls.slices) - 1
    for name, project in config.portfolio.projects.items():
        sector, built = config.sectors.get(project.sector), project.units_built_dates
        if sector is None or project.kind == "supplier" or not built:
            continue
        where, paid = f"portfolio.projects.{name}", project.later_paid_dates
        if len(built) < project.units:
            if not sector.construction.unit_interval_months:
                part = f"{len(built)} of {project.units} units are built"
                message = f"{part}, and {project.sector} builds them all at once"
                yield finding(f"{where}.units_built_dates", message, "all of them or none")
            continue
        if len(paid) < later or (paid and paid[-1] > built[-1]):
            message = f"its last unit was built on {built[-1]}, before its last call was paid"
            accepted = f"all later calls ({later}), by {built[-1]}"
            yield finding(f"{where}.later_paid_dates", message, accepted)
        if config.policy.overrun_paid_by == "japan_topup":
            message = "its last unit is built, and what Japan pays for overruns is not on record"
            accepted = "all but the last unit, or overrun_paid_by: partners"
            yield finding(f"{where}.units_built_dates", message, accepted)
