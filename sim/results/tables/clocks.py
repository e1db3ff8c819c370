# cython: annotation_typing=False, boundscheck=False, wraparound=False, initializedcheck=False
"""How far the sites of a trace are at some instants, by the clocks of their groups."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.events import FloatArray, IntArray, SiteTrace


class Clocks:
    """The clocks of a site trace, their marks one behind the other; each is linear between its own.

    Before its first mark and behind its last one a clock stands; one without marks never moves.
    """

    def __init__(self, sites: SiteTrace) -> None:
        group, time, work = sites.clock_group.data, sites.clock_time.data, sites.clock_work.data
        groups = max(sites.clock_group.max(initial=-1), sites.group.max(initial=-1)) + 1
        bounds = np.zeros(groups + 2, np.int64)
        self.bounds = bounds.data
        self.times = np.empty(len(group), np.int64).data
        self.works = np.empty(len(group)).data
        for at in range(len(group)):
            self.bounds[group[at] + 2] += 1
        np.cumsum(bounds, out=bounds)
        for at in range(len(group)):
            place = self.bounds[group[at] + 1]
            self.bounds[group[at] + 1] = place + 1
            self.times[place], self.works[place] = time[at], work[at]

    def work(self, group: int, minute: int) -> float:
        """Minutes of work of a group's clock at a minute."""
        times, works, low, high = self.times, self.works, self.bounds[group], self.bounds[group + 1]
        first, last = low, high - 1
        if first > last:
            return 0.0
        if minute <= times[first]:
            minute = times[first]
        while low < high:  # behind the last mark up to the minute
            middle = (low + high) // 2
            if times[middle] <= minute:
                low = middle + 1
            else:
                high = middle
        at = low - 1
        since, done = times[at], works[at]
        if at == last or since == minute:
            return done
        return (works[at + 1] - done) / (times[at + 1] - since) * (minute - since) + done


def done_share(sites: SiteTrace, instants: IntArray, first: int = 0) -> FloatArray:
    """Share of each stretch's gain reached at each instant, shape (n_stretches, n_instants).

    A stretch in which the clock stood still has gained nothing, or all at its end. Nothing is said
    of the instants before place ``first``.
    """
    clocks = Clocks(sites)
    share = np.zeros((len(sites.start), len(instants)))
    into: Any = share.data
    asked, group, starts, ends = instants.data, sites.group.data, sites.start.data, sites.end.data
    for row in range(len(starts)):
        start, end, number = starts[row], ends[row], group[row]
        begun = total = -1.0
        for at in range(first, len(asked)):
            if asked[at] >= end:
                into[row, at] = 1.0
            elif asked[at] > start:
                if total < 0:
                    begun = clocks.work(number, start)
                    total = max(0.0, clocks.work(number, end) - begun)
                if total > 0:
                    into[row, at] = (clocks.work(number, asked[at]) - begun) / total
    return share
