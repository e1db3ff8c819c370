# cython: annotation_typing=False
"""A stretch at work on a site, divided: nobody there, too few, nominal building and overrun."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from math import floor

import numpy as np

from sim.events import Cause, FloatArray, IntArray
from sim.events import ledger_causes as of
from sim.results.ledger.trail import LINE, Stretch, Trail
from sim.results.tables.batch import Batch, narrow
from sim.rules.staffing import ALIKE

_WAITED = int(Cause.CREWS_WAITED)
_EVER = 2**62


class SiteWork:
    """Divides stretches at work of a batch of replications, and remembers which pool was the limit.

    Work at full rate W and elapsed time E come from the trace: E - W less the time with nobody
    there is ``crews_short``; of W, what it would have been in the nominal time is
    ``nominal_building``, the rest ``overrun``, finished or not. Both are rounded at the ends of a
    stretch, so that stretches add up to the whole.
    """

    def __init__(self, batch: Batch) -> None:
        attributes, sites = batch.attributes, batch.sites
        self.build: list[int] = attributes.build_minutes.tolist()
        self.nominal: list[int] = attributes.nominal_minutes.tolist()
        names = batch.names
        self.pools = [
            names.resources.index(f"specialists_{pool}")
            if f"specialists_{pool}" in names.resources
            else -1
            for pool in names.pools
        ]
        self.noted: list[tuple[int, int, int, int, int]] = []  # row, group, begin, end, sign
        order = np.argsort(narrow(sites.clock_group), kind="stable")
        self._groups: IntArray = sites.clock_group[order]
        self._marks_of_all = (
            sites.clock_time[order],
            sites.clock_work[order],
            sites.clock_limit[order],
        )
        self._plain: dict[int, tuple[list[int], list[float]]] = {}
        self._still: dict[int, list[tuple[int, int]]] = {}  # begins and ends

    def split(
        self, row: int, trail: Trail, stretch: Stretch, until: int, note: bool = False
    ) -> list[tuple[int, int]]:
        """Causes and minutes of a stretch up to a minute; they add up to its length."""
        begin, before = stretch.begin, stretch.begin_work
        group, unit = stretch.group, stretch.unit
        reached = self._worked(stretch, until)
        ratio = self.nominal[row] / max(1, self.build[row])
        elapsed = until - begin
        work = _whole(reached) - _whole(before)
        planned = _whole(reached * ratio) - _whole(before * ratio)
        waited = self._stood(group, begin, until) if unit == LINE else 0
        if note:
            self.noted.append((row, group, begin, until, 1))
        for since, to, _, part in trail.waits.get(_WAITED, ()):
            since, to = max(since, begin), min(to, until)
            if to > since and part == unit:
                waited += to - since
                if note:
                    self.noted.append((row, group, since, to, -1))
        short = max(0, elapsed - waited - work)
        return [
            (of.CREWS_WAITED, waited),
            (of.CREWS_SHORT, short),
            (of.NOMINAL_BUILDING, planned),
            (of.OVERRUN, elapsed - waited - short - planned),
        ]

    def divide(
        self, row: IntArray, stretches: FloatArray, begin: IntArray, end: IntArray
    ) -> Iterator[tuple[int, int, FloatArray]]:
        """Cause, resource and minutes, each shape (n,), of pieces of stretches by the date.

        As `split`, but where building is faster than typical all of it is ``nominal_building``.
        """
        first, last = stretches[:, 2], stretches[:, 3]
        marks = np.array([stretches[:, 0], stretches[:, 1], begin, end]).astype(np.int64)
        at, stood = np.zeros(marks.shape), np.zeros(marks.shape)
        lost = np.zeros((len(self.pools) + 1, *marks.shape))
        for group, mine in _grouped(stretches[:, 4].astype(np.int64)):
            clock, work, _ = self._clock(group)
            at[:, mine] = np.interp(marks[:, mine], clock, work)
            idle = np.where(np.diff(work) == 0, np.diff(clock), 0)
            stood[:, mine] = np.interp(marks[:, mine], clock, [0, *np.cumsum(idle)])
            lost[..., mine] = self._lost(group, marks[:, mine].ravel()).reshape(
                len(lost), len(marks), -1
            )
        done = at[1] - at[0]
        share = np.divide(at[3] - at[2], done, out=np.zeros_like(done), where=done > 0)
        worked = (last - first) * share
        waited = np.where(stretches[:, 5] == LINE, stood[3] - stood[2], 0.0)
        there = end - begin - waited
        worked = np.minimum(worked, there)
        ratio = (np.array(self.nominal) / np.maximum(1, np.array(self.build)))[row]
        building = worked * np.minimum(ratio, 1.0)
        yield of.CREWS_WAITED, -1, waited
        yield of.NOMINAL_BUILDING, -1, building
        yield of.OVERRUN, -1, worked - building
        short, by_pool = there - worked, np.maximum(lost[:, 3] - lost[:, 2], 0.0)
        total = by_pool.sum(axis=0)
        by_pool[-1, total <= 0] = total[total <= 0] = 1.0
        for pool, minutes in zip([*self.pools, -1], by_pool, strict=True):
            yield of.CREWS_SHORT, pool, short * minutes / total

    def _stood(self, group: int, begin: int, until: int) -> int:
        """Minutes in which a group's clock stood still."""
        if group not in self._still:
            times, work = self._marks(group)
            still = [place for place in range(len(work) - 1) if work[place] == work[place + 1]]
            self._still[group] = [(times[place], times[place + 1]) for place in still]
            self._still[group].append((times[-1], _EVER))
        stood = 0
        for since, to in self._still[group]:
            since, to = max(since, begin), min(to, until)
            if to > since:
                stood += to - since
        return stood

    def _worked(self, stretch: Stretch, until: int) -> float:
        """Minutes of the clock at a minute of a stretch."""
        first, last = stretch.begin_work, stretch.end_work
        if until >= stretch.end:
            return last
        times, work = self._marks(stretch.group)
        begun = _between(times, work, stretch.begin)
        done = _between(times, work, stretch.end) - begun
        if done <= 0:
            return first
        return first + (last - first) * (_between(times, work, until) - begun) / done

    def _marks(self, group: int) -> tuple[list[int], list[float]]:
        """Times and work of a group's clock as plain numbers."""
        if group not in self._plain:
            times, work, _ = self._clock(group)
            self._plain[group] = (times.tolist(), work.tolist())
        return self._plain[group]

    def _clock(self, group: int) -> tuple[IntArray, FloatArray, IntArray]:
        """Times, work and limit of a group's clock."""
        begin, end = np.searchsorted(self._groups, [group, group + 1])
        times, work, limit = self._marks_of_all
        return times[begin:end], work[begin:end], limit[begin:end]

    def _lost(self, group: int, times: IntArray) -> FloatArray:
        """Minutes lost to each pool's limit up to each time, shape (n_pools + 1, n_times).

        The last row is lost where all crafts were alike.
        """
        clock, work, limit = self._clock(group)
        lost = np.maximum(np.diff(clock) - np.diff(work), 0.0)
        found = np.zeros((len(self.pools) + 1, len(times)))
        for pool, code in enumerate([*range(len(self.pools)), ALIKE]):
            mine = limit[:-1] == code
            if np.any(mine):
                total = np.zeros(len(clock))
                np.cumsum(np.where(mine, lost, 0.0), out=total[1:])
                found[pool] = np.interp(times, clock, total)
        return found

    def by_pool(self, short: IntArray) -> FloatArray:
        """What was noted by limiting pool, shape (n_projects, n_pools), of ``short``.

        What was lost with all crafts alike is in none.
        """
        found = np.zeros((len(short), len(self.pools) + 1))
        if not self.noted:
            return found[:, :-1]
        row, group, begin, end, sign = np.array(self.noted, dtype=np.int64).T
        for number, mine in _grouped(group):
            lost = self._lost(number, end[mine]) - self._lost(number, begin[mine])
            np.add.at(found, row[mine], (lost * sign[mine]).T)
        found = np.maximum(found, 0.0)
        total = found.sum(axis=1, keepdims=True)
        scale = np.divide(short[:, np.newaxis], total, out=np.zeros_like(total), where=total > 0)
        return np.asarray((found * scale)[:, :-1])


def _grouped(groups: IntArray) -> Iterator[tuple[int, IntArray]]:
    """Each group and its places, in their order."""
    order = np.argsort(narrow(groups), kind="stable")
    bounds = np.flatnonzero(np.diff(groups[order])) + 1
    for mine in np.split(order, bounds) if len(order) else ():
        yield int(groups[mine[0]]), mine


def _whole(value: float) -> int:
    """To the nearest minute, halves up: what is reached later is never less."""
    return floor(value + 0.5)


def _between(times: list[int], work: list[float], at: int) -> float:
    """A clock's work at a minute: linear between its marks, as numpy reads it."""
    place = bisect_right(times, at) - 1
    if place < 0:
        return work[0]
    since, done = times[place], work[place]
    if since == at or place == len(times) - 1:
        return done
    to, then = times[place + 1], work[place + 1]
    return (then - done) / (to - since) * (at - since) + done
