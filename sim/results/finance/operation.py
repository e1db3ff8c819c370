"""What a project earns once its units run, and what it sets aside to renew them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from sim.events import FloatArray, IntArray
from sim.results.finance.walks import before, carried, cents_of, since, steps

_DUST = 1e-9


@dataclass(frozen=True)
class Units:
    """Units that run; shape (n_units,) unless stated. Lengths in periods.

    In ranks: the first units of all projects, then the second ones, and so on; in each rank stand
    the projects with most units first.
    """

    row: IntArray  # project
    position: FloatArray  # when it was energised
    share: FloatArray  # of the project's cost
    life: FloatArray
    ramp: FloatArray  # to full output, linear from nothing
    cash: FloatArray  # cents a period at full output
    refresh_every: FloatArray  # 0: never
    refresh_cents: FloatArray  # each time

    def of(self, projects: IntArray) -> Units:
        """Those of some projects, numbered anew."""
        place = np.full(max(self.row.max(initial=-1), projects.max(initial=-1)) + 1, -1)
        place[projects] = np.arange(len(projects))
        mine = place[self.row] >= 0
        own = Units(*(column[mine] for column in vars(self).values()))
        return replace(own, row=place[own.row])


@dataclass(frozen=True)
class Running:
    """How long units have run by the end of each period, from 0: (n_units, periods + 1)."""

    units: Units
    elapsed: FloatArray  # in periods, within the life

    @property
    def unwritten(self) -> FloatArray:
        """The same, weighted by what is not written off yet, straight-line."""
        elapsed = self.elapsed
        return elapsed - elapsed**2 / (2 * self.units.life[:, np.newaxis])


@dataclass(frozen=True)
class Cash:
    """Cash of projects, whole cents, (n_projects, periods)."""

    earned: IntArray
    refreshed: IntArray  # spent on renewal
    distributed: IntArray  # what may leave the project: earned, less set aside, plus released


def in_ranks(row: IntArray) -> IntArray:
    """The order of `Units` of units that are sorted by project.

    Examples
    --------
    >>> in_ranks(np.array([0, 1, 1, 1, 2, 2])).tolist()
    [1, 4, 0, 2, 5, 3]
    """
    _, first, count = np.unique(row, return_index=True, return_counts=True)
    rank = np.arange(len(row)) - np.repeat(first, count)
    return np.lexsort((row, -np.repeat(count, count), rank))


def running(units: Units, periods: int) -> Running:
    """Time served by each unit."""
    return Running(units, np.minimum(since(units.position, periods), units.life[:, np.newaxis]))


def over_projects(units: Units, values: FloatArray, projects: int) -> FloatArray:
    """Sum over each project's units, rank by rank."""
    total = np.zeros((projects, values.shape[1]))
    if len(units.row):
        begins = np.flatnonzero(units.row == units.row[0])  # who has most is first in every rank
        found = values[: begins[1] if len(begins) > 1 else None].copy()
        for begin, end in pairwise([*begins[1:].tolist(), len(units.row)]):
            found[: end - begin] += values[begin:end]
        total[units.row[: len(found)]] = found
    return total


def operate(ran: Running, projects: int) -> Cash:
    """Cash earned, renewed and distributable.

    Output rises linearly over the ramp. The cost of each renewal is set aside evenly in the
    interval before it, out of cash, and made up for later where the cash was short; a renewal
    spends what is there. The last one due before the end of the life is the last one saved for,
    and what is left in the end is distributed.
    """
    units, elapsed = ran.units, ran.elapsed
    ramp = units.ramp[:, np.newaxis]
    rising = np.minimum(elapsed, ramp)
    rising *= 1 - rising / (2 * np.maximum(ramp, _DUST))
    earned_so_far = over_projects(units, (elapsed - rising) * units.cash[:, np.newaxis], projects)
    earned = cents_of(earned_so_far[:, 1:])
    refreshed, distributed = np.zeros_like(earned), earned.copy()
    renewing = np.unique(units.row[units.refresh_every > 0])
    if len(renewing):
        spent, kept = _renewed(ran, earned[renewing], renewing)
        refreshed[renewing] = steps(spent)
        distributed[renewing] -= steps(spent + kept)
    return Cash(earned, refreshed, distributed)


def _renewed(ran: Running, earned: IntArray, projects: IntArray) -> tuple[IntArray, IntArray]:
    """What some projects have spent on renewal so far, and what is kept for it."""
    mine = np.flatnonzero(np.isin(ran.units.row, projects))
    units = Units(*(column[mine] for column in vars(ran.units).values()))
    elapsed, price = ran.elapsed[mine], units.refresh_cents[:, np.newaxis]
    every = np.where(units.refresh_every > 0, units.refresh_every, np.inf)[:, np.newaxis]
    times = np.maximum(np.ceil(units.life[:, np.newaxis] / every - _DUST) - 1, 0)

    def in_cents(renewals: FloatArray) -> IntArray:
        so_far = over_projects(units, np.minimum(renewals, times) * price, projects[-1] + 1)
        return np.rint(so_far[projects, 1:]).astype(np.int64)

    wanted = in_cents(elapsed / every)
    needed = in_cents(np.floor(elapsed / every + _DUST))
    aside = wanted - carried(steps(wanted), earned)
    so_far = np.cumsum(earned, axis=1)
    last = so_far == so_far[:, -1:]  # nothing is earned later
    spent = np.maximum.accumulate(np.where(before(last), 0, np.minimum(needed, aside)), axis=1)
    return spent, np.where(last, 0, aside - spent)
