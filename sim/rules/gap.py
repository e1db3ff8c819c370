"""The specialist market: people, other employers' demand and the gap, in closed form.

See docs/model.md, "Specialists". Everything here is deterministic: a run only looks its month up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
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
    """One pool as the config states it; ``unlimited`` relaxes its people and nothing else."""

    name: str
    market: bool
    people_at_start: float
    attrition_share_per_year: float
    visas_per_month: float
    streams: tuple[TrainingStream, ...]
    gap_share: float | None
    reference_demand: tuple[tuple[date, float], ...]
    unlimited: bool = False


@dataclass(frozen=True)
class GapFacts:
    """``people`` short on ``gap_date``, and what becomes of it: hold_gap, continue, close_by."""

    people: float
    gap_date: date
    afterwards: str
    close_by: date | None


@dataclass(frozen=True)
class MeasureFacts:
    """People a measure adds to one pool: those of every month that begins within its days.

    ``months`` later ``per_month`` people are there.
    """

    pool: str
    first_day: date
    last_day: date
    months: int
    per_month: float


@dataclass(frozen=True)
class PoolPath:
    """One pool, a value per step date; all in people.

    S = S_ref + M, without limit where the pool is relaxed; O rests on S_ref alone.
    """

    name: str
    people: tuple[float, ...]  # S
    other_demand: tuple[float, ...]  # O
    reference_people: tuple[float, ...]  # S_ref
    added: tuple[float, ...]  # M


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


@lru_cache(maxsize=8)  # of the spans of a few configs
def firsts_of_months(after: date, until: date) -> tuple[date, ...]:
    """Firsts of months strictly after ``after``, up to and including ``until``."""
    days = []
    day = months_earlier(after, -1)
    while day <= until:
        days.append(day)
        day = months_earlier(day, -1)
    return tuple(days)


def people_path(
    pool: PoolFacts, steps: Sequence[date], measures: Sequence[MeasureFacts] = ()
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """S_ref and M on each step date: the pool as it is, and what measures add to it.

    On each first of a month after the start ``S_ref <- S_ref + graduates + visas - attrition`` and
    ``M <- M + finishers - attrition``.
    """
    people, added = pool.people_at_start, 0.0
    path = [(people, added)]
    leaves = pool.attrition_share_per_year / MONTHS_PER_YEAR
    mine = [measure for measure in measures if measure.pool == pool.name]
    for day in steps[1:]:
        if day.day == 1:
            graduates = sum(
                stepped(stream.intake, months_earlier(day, stream.months)) * stream.completion_share
                for stream in pool.streams
            )
            people = max(0.0, people + graduates + pool.visas_per_month - people * leaves)
            added += (
                sum(
                    measure.per_month
                    for measure in mine
                    if measure.first_day <= months_earlier(day, measure.months) <= measure.last_day
                )
                - added * leaves
            )
        path.append((people, added))
    reference, extra = zip(*path, strict=True)
    return reference, extra


def gap_shares(pools: Sequence[PoolFacts]) -> Mapping[str, float]:
    """Each market pool's part of the gap, relaxed or not; by people at start if none is stated."""
    market = [pool for pool in pools if pool.market]
    if any(pool.gap_share is not None for pool in market):
        return {pool.name: pool.gap_share or 0.0 for pool in market}
    total = sum(pool.people_at_start for pool in market)
    return {pool.name: pool.people_at_start / total if total else 0.0 for pool in market}


def opened(gap: GapFacts, start: date, day: date) -> float:
    """How far the gap is open: h, from 0 at the start to 1 on the gap date, and as said later."""
    if day <= gap.gap_date or gap.afterwards == "continue":
        return (day - start).days / (gap.gap_date - start).days
    if gap.close_by is None:
        return 1.0
    return max(0.0, (gap.close_by - day).days / (gap.close_by - gap.gap_date).days)


def market_paths(
    pools: Sequence[PoolFacts],
    gap: GapFacts,
    steps: Sequence[date],
    measures: Sequence[MeasureFacts] = (),
) -> tuple[PoolPath, ...]:
    """S and O of every pool on every step date; ``steps[0]`` is the start.

    Other employers want ``O = S_ref - Dref + share x gap x h``: what the pool was going to have
    less what the programme was expected to want, and the gap as far as it is open. No measure and
    no relaxation moves O, so a gap of 0 is balance in every pool at every time, and measures that
    add share x gap people close it. A ``dedicated`` pool has O = 0.
    """
    shares, open_on = gap_shares(pools), [opened(gap, steps[0], day) for day in steps]
    paths = []
    for pool in pools:
        path = _without_gap(pool, tuple(steps), tuple(measures))
        short = shares.get(pool.name, 0.0) * gap.people
        if pool.market:
            wanted = zip(path.other_demand, open_on, strict=True)
            path = replace(path, other_demand=tuple(own + short * part for own, part in wanted))
        paths.append(path)
    return tuple(paths)


@lru_cache(maxsize=64)  # the pools of a few configs, which differ in their gap more often
def _without_gap(
    pool: PoolFacts, steps: tuple[date, ...], measures: tuple[MeasureFacts, ...]
) -> PoolPath:
    reference, added = people_path(pool, steps, measures)
    others = tuple(
        people - interpolated(pool.reference_demand, day) if pool.market else 0.0
        for people, day in zip(reference, steps, strict=True)
    )
    people = tuple(
        inf if pool.unlimited else own + more for own, more in zip(reference, added, strict=True)
    )
    return PoolPath(pool.name, people, others, reference, added)
