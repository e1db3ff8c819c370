"""Dates in order: of the programme, the record, arrivals, meetings and paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import exp

from sim.calendars import DAYS_PER_YEAR, FIRST_DAY, LAST_DAY
from sim.config.findings import Finding, covers, finding, needs
from sim.config.policy import reach_days
from sim.config.schema import Config, Project
from sim.events import CENTS_PER_USD_BN

MILESTONES = ("proposed_date", "recommended_date", "selected_date", "first_paid_date")
RECORDED = (
    *MILESTONES[1:], "permits_granted_date", "developed_date", "ntp_date", "connected_date",
    "ordered_date",
)  # fmt: skip
# What is on record comes after what it needs; what it needs and is not on record is implied.
_NEEDS = {
    "developed_date": ("selected_date",),
    "connected_date": ("selected_date",),
    "ordered_date": ("first_paid_date",),
    "ntp_date": ("first_paid_date", "permits_granted_date", "developed_date"),
}
_RARELY = 1e-6  # how often a replication may find its pipeline too small


def arrivals_from(config: Config, first_day: date | None) -> date:
    """First day on which a pipeline may propose."""
    programme = config.programme
    earliest = programme.start
    if programme.history == "recorded":
        earliest = max(earliest, programme.as_of + timedelta(days=1))
    return earliest if first_day is None else max(earliest, first_day)


@needs("programme")
def programme(config: Config) -> Iterator[Finding]:
    """Start <= deadline <= end <= run_out, and as_of within them."""
    dates = config.programme
    order = ("start", "deadline", "end", "run_out")
    if dates.run_out == dates.deadline:
        message = f"run_out {dates.run_out} is the deadline: its close would not be seen"
        yield finding("programme.run_out", message, f"a date after {dates.deadline}")
    for earlier, later in pairwise(order):
        low, high = getattr(dates, earlier), getattr(dates, later)
        if high < low:
            message = f"{later} {high} is before {earlier} {low}"
            yield finding(f"programme.{later}", message, "start <= deadline <= end <= run_out")
    if dates.history == "recorded" and not dates.start <= dates.as_of <= dates.run_out:
        message = f"as_of {dates.as_of} is not between start {dates.start} and run_out"
        accepted = f"a date from {dates.start} to {dates.run_out}, or history: ignore"
        yield finding("programme.as_of", message, accepted)
    if dates.start < FIRST_DAY:
        message = f"{dates.start} is before the first day of the holiday calendars"
        yield finding("programme.start", message, f"a date from {FIRST_DAY}")


@needs("programme", "policy")
def calendar_range(config: Config) -> Iterator[Finding]:
    """Holidays are known for every day a due date may fall on."""
    calls = config.policy.calls
    policy = config.policy
    committees = (policy.consultation_committee, policy.investment_committee)
    between = max(committee.meetings.business_days or 0 for committee in committees)
    after = max(reach_days(calls), 2 * between + 60)
    last = config.programme.run_out
    if (LAST_DAY - last).days < after:
        accepted = f"a date up to {LAST_DAY - timedelta(days=after)}"
        message = f"due dates after {last} may pass the last day of the holiday calendars"
        yield finding("programme.run_out", message, accepted)


@needs("programme", "portfolio")
def records(config: Config) -> Iterator[Finding]:
    """Recorded dates stand in order, within the programme, and not after ``as_of``."""
    for name, project in config.portfolio.projects.items():
        if project.kind == "supplier":
            continue
        where = f"portfolio.projects.{name}"
        yield from _record(where, project)
        proposed, dates = project.proposed_date, config.programme
        if not dates.start <= proposed <= dates.deadline:
            side = "before the start" if proposed < dates.start else "after the deadline"
            accepted = f"a date from {dates.start} to {dates.deadline}"
            yield finding(f"{where}.proposed_date", f"{proposed} is {side}", accepted)
        if dates.history == "recorded":
            for key in RECORDED:
                day = getattr(project, key)
                too_late = key in ("recommended_date", "selected_date") and day is not None
                if too_late and day > dates.deadline:
                    message = f"{day} is after the deadline {dates.deadline}"
                    yield finding(f"{where}.{key}", message, "a date up to the deadline")
                if day is not None and day > dates.as_of:
                    message = f"{day} is after as_of {dates.as_of}: not on record yet"
                    accepted = "a date up to as_of, or no date"
                    yield finding(f"{where}.{key}", message, accepted)


def _record(where: str, project: Project) -> Iterator[Finding]:
    known = [(key, day) for key in MILESTONES if (day := getattr(project, key)) is not None]
    for (earlier, low), (later, high) in pairwise(known):
        if high < low:
            message = f"{high} is before {earlier} {low}"
            yield finding(f"{where}.{later}", message, " <= ".join(MILESTONES))
    first, last = project.announced_first_unit_date, project.announced_operating_date
    if first is not None and last is not None and last < first:
        message = f"{last} is before announced_first_unit_date {first}"
        yield finding(f"{where}.announced_operating_date", message, f"a date from {first}")
    granted = project.permits_granted_date
    if granted is not None and granted < project.proposed_date:
        message = f"{granted} is before proposed_date {project.proposed_date}"
        accepted = "a later date, or permits_done_share: 1 for permits held before"
        yield finding(f"{where}.permits_granted_date", message, accepted)
    if project.first_paid_date is not None and project.selected_date is None:
        message = "a payment is recorded, but no selection before it"
        yield finding(f"{where}.first_paid_date", message, "selected_date as well")
    for later, needed in _NEEDS.items():
        day = getattr(project, later)
        if day is not None and getattr(project, needed[0]) is None:
            message = f"{day} is recorded, but no {needed[0]} before it"
            yield finding(f"{where}.{later}", message, f"{needed[0]} as well")
        for earlier in needed:
            low = getattr(project, earlier)
            if day is not None and low is not None and day < low:
                message = f"{day} is before {earlier} {low}"
                yield finding(f"{where}.{later}", message, f"a date from {low}")
    if project.entry_probability < 1 and any(day for key, day in known[1:]):
        message = f"{known[-1][0]} is on record, so it has entered"
        yield finding(f"{where}.entry_probability", message, "1")


@needs("sectors", "portfolio")
def recorded_gates(config: Config) -> Iterator[Finding]:
    """What is on record as done is something the project has to do."""
    for name, project in config.portfolio.projects.items():
        sector = config.sectors.get(project.sector)
        if sector is None or project.kind == "supplier":
            continue
        where = f"portfolio.projects.{name}"
        if project.developed_date is not None and sector.development is None:
            message = f"{project.sector} has no development"
            yield finding(f"{where}.developed_date", message, "no date, or a sector with one")
        by_cost = (
            sector.power.mw_per_usd_bn * project.cost_usd_bn if sector.power is not None else 0.0
        )
        megawatts = by_cost if project.megawatts is None else project.megawatts
        if project.connected_date is not None and (sector.power is None or round(megawatts) == 0):
            message = "it neither takes megawatts from a grid nor gives any"
            yield finding(f"{where}.connected_date", message, "no date, or megawatts on a grid")


@needs("programme", "portfolio")
def recorded_envelope(config: Config) -> Iterator[Finding]:
    """What is on record as selected fits the envelope."""
    if config.programme.history == "ignore":
        return
    # In whole cents, as the world will have them: a cent too much does not fit.
    cents = sum(
        round(project.committed_usd_bn * CENTS_PER_USD_BN)
        for project in config.portfolio.projects.values()
        if project.kind != "supplier" and project.selected_date is not None
    )
    envelope = config.programme.envelope_usd_bn
    if cents > round(envelope * CENTS_PER_USD_BN):
        committed = cents / CENTS_PER_USD_BN
        message = f"{committed:.10g} bn is on record as selected, more than the envelope"
        accepted = f"a number >= {committed:.10g}, or programme.history: ignore"
        yield finding("programme.envelope_usd_bn", message, accepted)


@needs("programme", "pipelines")
def arrivals(config: Config) -> Iterator[Finding]:
    """Arrivals fall in the time for proposals, and the maximum is enough for them."""
    deadline = config.programme.deadline
    for name, pipeline in config.pipelines.items():
        start, first = config.programme.start, arrivals_from(config, None)
        where = f"pipelines.{name}"
        if pipeline.first_day is not None and not start <= pipeline.first_day <= deadline:
            message = f"{pipeline.first_day} is outside the time for proposals"
            yield finding(f"{where}.first_day", message, f"a date from {start} to {deadline}")
        first = max(first, pipeline.first_day or first)
        accepted = f"a date from {first} to {deadline}"
        for day in pipeline.schedule or ():
            if not first <= day <= deadline:
                message = f"{day} is outside the time for proposals"
                yield finding(f"{where}.schedule", message, accepted)
        days = (deadline - arrivals_from(config, pipeline.first_day)).days + 1
        mean = (pipeline.arrivals_per_year or 0) * max(days, 0) / DAYS_PER_YEAR
        enough = _poisson_bound(mean)
        if pipeline.maximum < enough:
            message = f"{pipeline.maximum} is too few for {mean:.3g} arrivals on average"
            yield finding(f"{where}.maximum", message, f"a whole number >= {enough}")


def _poisson_bound(mean: float) -> int:
    """Return the least n that a Poisson number exceeds with probability below 1e-6."""
    if mean > 500:  # normal approximation, on the safe side
        return int(mean + 6 * mean**0.5)
    count, term = 0, exp(-mean)
    below = term
    while 1 - below > _RARELY:
        count += 1
        term *= mean / count
        below += term
    return count


@needs("programme", "policy")
def sittings(config: Config) -> Iterator[Finding]:
    """Listed days ascend; nothing regular starts before the programme."""
    start = config.programme.start
    committees = {
        "consultation_committee": config.policy.consultation_committee,
        "investment_committee": config.policy.investment_committee,
    }
    for name, committee in committees.items():
        where = f"policy.{name}.meetings"
        yield from _known(f"{where}.dates", committee.meetings.dates or ())
        yield from _known(f"{where}.first_day", filter(None, [committee.meetings.first_day]))
        yield from _ascending(f"{where}.dates", committee.meetings.dates or ())
        yield from _not_before(f"{where}.first_day", committee.meetings.first_day, start)
    yield from _known("policy.selection.dates", config.policy.selection.dates or ())
    yield from _ascending("policy.selection.dates", config.policy.selection.dates or ())


def _known(where: str, days: Iterable[date]) -> Iterator[Finding]:
    """Report meetings on days of which no calendar says whether, and to when, they move."""
    last = LAST_DAY - timedelta(days=30)
    for day in days:
        if not FIRST_DAY <= day <= last:
            yield finding(where, f"{day} is outside the calendars", f"{FIRST_DAY} to {last}")


def _ascending(where: str, days: Sequence[date]) -> Iterator[Finding]:
    for earlier, later in pairwise(days):
        if later <= earlier:
            yield finding(
                where, f"{later} follows {earlier}", "each date later than the one before"
            )


def _not_before(where: str, day: date | None, start: date) -> Iterator[Finding]:
    if day is not None and day < start:
        yield finding(where, f"{day} is before the programme's start", f"a date from {start}")


@needs("programme", "policy", "capacity")
def paths(config: Config) -> Iterator[Finding]:
    """Dated paths say what holds on the first day."""
    start, capacity = config.programme.start, config.capacity
    yield from covers("capacity.teams.count", capacity.teams.count, start)
    for name, agency in capacity.agencies.items():
        yield from covers(f"capacity.agencies.{name}.count", agency.count, start)
    for name, facility in capacity.facilities.items():
        yield from covers(f"capacity.facilities.{name}.desks", facility.desks, start)
    if capacity.yen_per_usd:
        yield from covers("capacity.yen_per_usd", capacity.yen_per_usd, start)
    for name, rates in config.policy.enforcement.baseline.items():
        yield from covers(f"policy.enforcement.baseline.{name}", rates, start)


@needs("programme", "capacity")
def gap_dates(config: Config) -> Iterator[Finding]:
    """The gap opens after the start."""
    gap, start = config.capacity.specialists.gap, config.programme.start
    if gap.date <= start:
        message = f"{gap.date} is not after the programme's start"
        yield finding("capacity.specialists.gap.date", message, f"a date after {start}")
