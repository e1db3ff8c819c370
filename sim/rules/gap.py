"""The specialist market: people, other employers' demand and the gap, in closed form.

See docs/model.md, "Specialists". Everything here is deterministic: a run only looks its month up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import inf

MONTHS_PER_YEAR = 12


@dataclass(frozen=True)
class TrainingStream:
    """Monthly ``intake`` in dated steps; ``completion_share`` of it is out ``months`` later."""

    intake: tuple[tuple[date, float], ...]
    months: int
    completion_share: float


@dataclass(frozen=True)
class PoolFacts:
    """One pool as the config states it. ``people_at_start`` is inf where unlimited."""

    name: str
    market: bool
    people_at_start: float
    attrition_share_per_year: float
    visas_per_month: float
    streams: tuple[TrainingStream, ...]
    gap_share: float | None
    reference_demand: tuple[tuple[date, float], ...]


@dataclass(frozen=True)
class GapFacts:
    """``people`` short on ``gap_date``, and what becomes of it: hold_gap, continue, close_by."""

    people: float
    gap_date: date
    afterwards: str
    close_by: date | None


@dataclass(frozen=True)
class PoolPath:
    """S and O of one pool, a value per step date; both in people."""

    name: str
    people: tuple[float, ...]
    other_demand: tuple[float, ...]


def stepped(path: Sequence[tuple[date, float]], day: date, before: float | None = None) -> float:
    """Value of a dated step path on ``day``; ``before`` (default: first value) ahead of it."""
    value = path[0][1] if before is None else before
    for since, level in path:
        if since > day:
            break
        value = level
    return value


def interpolated(path: Sequence[tuple[date, float]], day: date) -> float:
    """Value of a dated path on ``day``, linear between its dates, constant outside; 0 if empty."""
    if not path:
        return 0.0
    if day <= path[0][0]:
        return path[0][1]
    for (since, low), (until, high) in pairwise(path):
        if day < until:
            return low + (high - low) * ((day - since).days / (until - since).days)
    return path[-1][1]


def months_earlier(day: date, months: int) -> date:
    """The first of the month ``months`` before ``day``'s month."""
    index = day.year * MONTHS_PER_YEAR + day.month - 1 - months
    return date(index // MONTHS_PER_YEAR, index % MONTHS_PER_YEAR + 1, 1)


def firsts_of_months(after: date, until: date) -> list[date]:
    """Firsts of months strictly after ``after``, up to and including ``until``."""
    days = []
    day = months_earlier(after, -1)
    while day <= until:
        days.append(day)
        day = months_earlier(day, -1)
    return days


def people_path(pool: PoolFacts, steps: Sequence[date]) -> tuple[float, ...]:
    """S on each step date. ``steps[0]`` is the start, the rest are firsts of following months.

    On each first of a month ``S <- S + graduates + visas - attrition``.
    """
    people = pool.people_at_start
    path = [people]
    for day in steps[1:]:
        graduates = sum(
            stepped(stream.intake, months_earlier(day, stream.months)) * stream.completion_share
            for stream in pool.streams
        )
        leavers = people * pool.attrition_share_per_year / MONTHS_PER_YEAR if people < inf else 0.0
        people = max(0.0, people + graduates + pool.visas_per_month - leavers)
        path.append(people)
    return tuple(path)


def gap_shares(pools: Sequence[PoolFacts]) -> Mapping[str, float]:
    """Each limited market pool's part of the gap; proportional to people where none is stated."""
    market = [pool for pool in pools if pool.market and pool.people_at_start < inf]
    if any(pool.gap_share is not None for pool in market):
        return {pool.name: pool.gap_share or 0.0 for pool in market}
    total = sum(pool.people_at_start for pool in market)
    return {pool.name: pool.people_at_start / total if total else 0.0 for pool in market}


def market_paths(
    pools: Sequence[PoolFacts], gap: GapFacts, steps: Sequence[date]
) -> tuple[PoolPath, ...]:
    """S and O of every pool on every step date.

    The market is balanced at the start (``O = S - Dref``); on the gap date
    ``O = S + share x gap - Dref``; O is linear in time in between. Afterwards ``hold_gap`` keeps
    the shortage, ``continue`` keeps O on its line, ``close_by`` brings the shortage to zero
    linearly. A ``dedicated`` or unlimited pool has O = 0. S moves on firsts of months only, so S
    on the gap date is that of the last step up to it.
    """
    shares = gap_shares(pools)
    # The gap date may lie beyond the last step: people are followed up to it all the same.
    months = [*steps, *firsts_of_months(steps[-1], gap.gap_date)]
    return tuple(
        PoolPath(
            pool.name, people[: len(steps)], _other_demand(pool, people, gap, shares, steps, months)
        )
        for pool in pools
        for people in [people_path(pool, months)]
    )


def _other_demand(
    pool: PoolFacts,
    people: Sequence[float],
    gap: GapFacts,
    shares: Mapping[str, float],
    steps: Sequence[date],
    months: Sequence[date],
) -> tuple[float, ...]:
    if pool.name not in shares:
        return (0.0,) * len(steps)
    short = shares[pool.name] * gap.people
    start = steps[0]
    balanced = people[0] - interpolated(pool.reference_demand, start)
    last = max(index for index, day in enumerate(months) if day <= max(gap.gap_date, start))
    on_gap_date = people[last] + short - interpolated(pool.reference_demand, gap.gap_date)
    span = (gap.gap_date - start).days
    path = []
    for day, supply in zip(steps, people, strict=False):
        if day <= gap.gap_date or gap.afterwards == "continue":
            path.append(balanced + (on_gap_date - balanced) * ((day - start).days / span))
            continue
        left = 1.0
        if gap.close_by is not None:
            left = max(0.0, (gap.close_by - day).days / (gap.close_by - gap.gap_date).days)
        path.append(supply + short * left - interpolated(pool.reference_demand, day))
    return tuple(path)
