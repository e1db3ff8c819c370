"""Cash calls and the money behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from math import inf

from sim.config.capacity import YearlyMoney
from sim.config.findings import TOLERANCE, Finding, adds_up, finding, needs
from sim.config.moments import support
from sim.config.policy import Slice
from sim.config.schema import Config
from sim.rules.registry import DRAWING

_WHERE = "policy.calls.slices"


@needs("policy.calls.slices")
def slices(config: Config) -> Iterator[Finding]:
    """Slices add up, come in order, and call money before it is spent."""
    parts = config.policy.calls.slices
    yield from adds_up(_WHERE, (part.share for part in parts.values()))
    order = "selection, then equipment_order, then ntp, then progress in ascending order"
    named = list(parts.items())
    first, opening = named[0]
    if opening.trigger != "selection":
        message = f"the first call is triggered by {opening.trigger}"
        yield finding(f"{_WHERE}.{first}.trigger", message, order)
    for (_, earlier), (name, later) in pairwise(named):
        if _rank(later) <= _rank(earlier):
            message = f"{later.trigger} follows {earlier.trigger}"
            yield finding(f"{_WHERE}.{name}.trigger", message, order)
    called = 0.0
    for name, part in named:
        progress = part.progress
        if progress is not None and called < progress - TOLERANCE:
            message = f"only {called:.10g} is called before progress {progress:g}"
            accepted = f"slices before it that add up to {progress:g} or more"
            yield finding(f"{_WHERE}.{name}", message, accepted)
        called += part.share


def _rank(part: Slice) -> tuple[int, float]:
    if part.progress is not None:
        return (3, part.progress)
    return (("selection", "equipment_order", "ntp").index(part.trigger), 0.0)


@needs("policy", "nature")
def maxima(config: Config) -> Iterator[Finding]:
    """What may repeat stays within its maximum."""
    limits, policy = config.nature.maxima, config.policy
    calls = len(policy.calls.slices)
    if calls > limits.calls:
        message = f"there are {calls} slices, more than {limits.calls}"
        yield finding("nature.maxima.calls", message, f"a whole number >= {calls}")
    rounds = policy.screening.max_rounds
    if rounds > limits.screening_rounds:
        message = f"policy.screening.max_rounds is {rounds}, more than {limits.screening_rounds}"
        yield finding("nature.maxima.screening_rounds", message, f"a whole number >= {rounds}")


@needs("programme", "capacity.facilities", "capacity.yen_per_usd")
def yearly_money(config: Config) -> Iterator[Finding]:
    """Limited money names its years, and yen have a rate."""
    yen_users = []
    for where, money, *_ in yearly(config):
        if not money.per_fiscal_year:
            yield finding(f"{where}.per_fiscal_year", "has no year", "at least one year")
        if money.currency == "jpy":
            yen_users.append(where)
    if yen_users and not config.capacity.yen_per_usd:
        message = f"{yen_users[0]} is in yen, but there is no exchange rate"
        yield finding("capacity.yen_per_usd", message, "a mapping {YYYY-MM-DD: yen per dollar}")


def yearly(config: Config) -> Iterator[tuple[str, YearlyMoney, str, str]]:
    """Path of all money that is limited by the year, the money, its facility and what it is."""
    for name, facility in config.capacity.facilities.items():
        for key in ("commitments", "cash"):
            money = getattr(facility, key)
            if isinstance(money, YearlyMoney):
                yield f"capacity.facilities.{name}.{key}", money, name, key


@needs("policy.calls.facility_shares", "capacity.facilities")
def some_money(config: Config) -> Iterator[Finding]:
    """A lending facility without a cent in any year would never pay its part."""
    for where, money, name, _ in yearly(config):
        lends = config.policy.calls.facility_shares.get(name, 0)
        if lends and not any((money.first_year, *money.per_fiscal_year.values())):
            message = f"{name} carries a share of every call and has no money in any year"
            accepted = "money in some year, unlimited, or a facility share of 0"
            yield finding(where, message, accepted)


@needs("programme", "capacity.facilities")
def last_days(config: Config) -> Iterator[Finding]:
    """A last day of signing is seen, and binds nobody selected later unless it is meant to."""
    dates = config.programme
    first = dates.as_of if dates.history == "recorded" else dates.start
    for name, facility in config.capacity.facilities.items():
        where, day = f"capacity.facilities.{name}", facility.signs_until
        if day is None:
            if facility.unsigned != "extend":
                yield finding(f"{where}.unsigned", "has no day", "signs_until as well")
        elif not first < day <= dates.run_out:
            message = f"{day} is not within what is simulated"
            accepted = f"a date after {first}, up to {dates.run_out}"
            yield finding(f"{where}.signs_until", message, accepted)
        elif facility.unsigned == "extend" and day < dates.deadline:
            message = f"{day} is before the deadline, and binds what is selected after it"
            accepted = f"a date from {dates.deadline} on, or unsigned: decline"
            yield finding(f"{where}.signs_until", message, accepted)
        yield from _taker(config, name, f"{where}.reassigned_to")


def _taker(config: Config, name: str, where: str) -> Iterator[Finding]:
    """Who takes a share over is another facility, that signs on, and takes over from one only."""
    facilities = config.capacity.facilities
    one = facilities[name]
    taker = one.reassigned_to
    if (one.unsigned == "reassign") != (taker is not None):
        message = "is not given" if taker is None else f"is {taker}, and unsigned: {one.unsigned}"
        yield finding(where, message, "a facility with unsigned: reassign, else none")
    if taker is None:
        return
    free = [
        key
        for key, other in facilities.items()
        if key != name
        and other.unsigned == "extend"
        and name == next((n for n, f in facilities.items() if f.reassigned_to == key), name)
    ]
    if taker not in free:
        what = "itself" if taker == name else "no facility that signs on for one other"
        yield finding(where, f"{taker} is {what}", ", ".join(free) or "unsigned: decline")


@needs("policy")
def waits_that_end(config: Config) -> Iterator[Finding]:
    """Dispositions that need a next meeting or round have one."""
    policy = config.policy
    selection, committee = policy.selection, policy.investment_committee
    if selection.rounds == "immediate" and selection.pass_over_probability:
        message = "is above 0, but immediate rounds never come back to who was passed over"
        yield finding("policy.selection.pass_over_probability", message, "0, or other rounds")
    if committee.meetings.kind == "none" and committee.defer_probability:
        message = "is above 0, but without meetings there is nothing to defer to"
        yield finding("policy.investment_committee.defer_probability", message, "0, or meetings")


@needs("programme", "policy", "capacity", "portfolio", "pipelines")
def payable(config: Config) -> Iterator[Finding]:
    """Under ``block`` and ``skip`` every part fits into some year's money.

    A part drawn whole, larger than the largest inflow of a year without carry-over, would wait for
    ever. Under ``partial`` it is drawn over several years.
    """
    calls = config.policy.calls
    if calls.draw not in DRAWING or not DRAWING[calls.draw].whole:
        return
    largest = {"commitments": 1.0, "cash": max(part.share for part in calls.slices.values())}
    for where, money, name, key in yearly(config):
        share = calls.facility_shares.get(name, 0)
        if share and not money.carry_over and money.per_fiscal_year:
            limit = _largest_inflow_usd_bn(money, config.capacity.yen_per_usd)
            yield from _too_large(config, where, share * largest[key], limit)


def _largest_inflow_usd_bn(money: YearlyMoney, yen_per_usd: Mapping[date, float]) -> float:
    """Upper bound of what a year brings, at the rate that makes most dollars of it."""
    largest = max(money.first_year, *money.per_fiscal_year.values())
    if money.currency == "usd":
        return largest
    return largest / min(yen_per_usd.values()) if yen_per_usd else inf


def _too_large(config: Config, where: str, share: float, limit: float) -> Iterator[Finding]:
    draw = config.policy.calls.draw
    accepted = f"parts up to {limit:.4g} bn, carry_over: true, or policy.calls.draw: partial"
    for key, project in config.portfolio.projects.items():
        part = project.committed_usd_bn * share
        if project.kind != "supplier" and part > limit * (1 + TOLERANCE):
            message = f"the {part:.4g} bn of project {key} never fit into a year (draw: {draw})"
            yield finding(where, message, accepted)
    for key, pipeline in config.pipelines.items():
        most = support(pipeline.cost_usd_bn)[1] * min(1.0, support(pipeline.japan_share)[1])
        part = most * share
        if part > limit * (1 + TOLERANCE):
            size = "sizes without an upper bound" if part == inf else f"{part:.4g} bn at most"
            message = f"pipeline {key} has {size}: some never fit into a year (draw: {draw})"
            yield finding(where, message, accepted)
