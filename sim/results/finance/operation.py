"""What a project earns once its units run, and what it sets aside to renew them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.events import FloatArray, IntArray
from sim.results.finance.walks import before, carried, cents, since, steps

_DUST = 1e-9


@dataclass(frozen=True)
class Units:
    """Units that run, sorted by project; shape (n_units,) unless stated. Lengths in periods."""

    row: IntArray  # project
    position: FloatArray  # when it was energised
    share: FloatArray  # of the project's cost
    life: FloatArray
    ramp: FloatArray  # to full output, linear from nothing
    cash: FloatArray  # cents a period at full output
    refresh_every: FloatArray  # 0: never
    refresh_cents: FloatArray  # each time


@dataclass(frozen=True)
class Running:
    """How long units have run, for the deemed amount: (n_units, periods), in periods."""

    units: Units
    served: FloatArray  # of each period, within the life
    unwritten: FloatArray  # the same, weighted by what is not written off yet, straight-line


@dataclass(frozen=True)
class Cash:
    """Cash of projects, whole cents, (n_projects, periods)."""

    earned: IntArray
    refreshed: IntArray  # spent on renewal
    distributed: IntArray  # what may leave the project: earned, less set aside, plus released


def running(units: Units, periods: int) -> Running:
    """Time served by each unit in each period."""
    elapsed = np.minimum(since(units.position, periods), units.life[:, np.newaxis])
    left = elapsed - elapsed**2 / (2 * units.life[:, np.newaxis])
    return Running(units, np.diff(elapsed, axis=1), np.diff(left, axis=1))


def over_projects(units: Units, values: FloatArray, projects: int) -> FloatArray:
    """Sum over each project's units."""
    total = np.zeros((projects, values.shape[1]))
    if len(units.row):
        first = np.flatnonzero(np.diff(units.row, prepend=-1))
        total[units.row[first]] = np.add.reduceat(values, first, axis=0)
    return total


def operate(units: Units, projects: int, periods: int) -> Cash:
    """Cash earned, renewed and distributable.

    Output rises linearly over the ramp. The cost of each renewal is set aside evenly in the
    interval before it, out of cash, and made up for later where the cash was short; a renewal
    spends what is there. The last one due before the end of the life is the last one saved for,
    and what is left in the end is distributed.
    """
    elapsed = np.minimum(since(units.position, periods), units.life[:, np.newaxis])
    ramp = units.ramp[:, np.newaxis]
    rising = elapsed**2 / (2 * np.maximum(ramp, _DUST))
    output = np.where(elapsed < ramp, rising, elapsed - ramp / 2)
    earned = cents(
        over_projects(units, np.diff(output, axis=1) * units.cash[:, np.newaxis], projects)
    )
    renewing = units.refresh_every > 0
    if not np.any(renewing):
        return Cash(earned, np.zeros_like(earned), earned)
    every = np.where(renewing, units.refresh_every, np.inf)[:, np.newaxis]
    times = np.where(renewing, np.ceil(units.life / every[:, 0] - _DUST) - 1, 0)[:, np.newaxis]
    price = units.refresh_cents[:, np.newaxis]
    saved = np.minimum(elapsed / every, times) * price
    asked = np.minimum(np.floor(elapsed / every + _DUST), times) * price
    wanted = cents(over_projects(units, np.diff(saved, axis=1), projects))
    needed = np.cumsum(cents(over_projects(units, np.diff(asked, axis=1), projects)), axis=1)
    short = carried(wanted, earned)
    aside = np.cumsum(wanted, axis=1) - short
    last = np.cumsum(earned[:, ::-1], axis=1)[:, ::-1] == earned  # nothing is earned later
    spent = np.maximum.accumulate(np.where(before(last), 0, np.minimum(needed, aside)), axis=1)
    kept = np.where(last, 0, aside - spent)
    refreshed = steps(spent)
    return Cash(earned, refreshed, earned - refreshed - steps(kept))
