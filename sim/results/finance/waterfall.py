"""How the cash of a project is shared between the United States and Japan: paragraph 13.

A *need* is what each side should have before the switch; while it is not met cash is shared
``us_before``, afterwards ``us_after``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.events import FloatArray, IntArray
from sim.results.finance.operation import Running, over_projects
from sim.results.finance.walks import before, carried, carried_with_interest, cents, part, steps

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Split:
    """Shares of the United States: 0.5 before the switch and 0.9 after it."""

    us_before: float = 0.5
    us_after: float = 0.9

    @property
    def poorer(self) -> float:
        """Share of the side that gets less before the switch: it decides when both are met."""
        return min(self.us_before, 1 - self.us_before)


@dataclass(frozen=True)
class Shared:
    """Cash shared, whole cents, (n_projects, periods); ``unmet`` is the need carried forward."""

    us: IntArray
    japan: IntArray
    switched: BoolArray  # some of the period's cash was shared after the switch
    unmet: IntArray


def deemed_amounts(
    running: Running,
    investment: FloatArray,
    rate: FloatArray,
    *,
    outstanding: bool = False,
    waiting: FloatArray | None = None,
) -> IntArray:
    """Deemed allocation amount of each period, without what earlier ones left unpaid.

    Investment x deemed rate + investment / expected life, by unit from its first operation.

    Parameters
    ----------
    running : Running
        Time served by each unit.
    investment : FloatArray
        (n_projects,) cents Japan put in, shared over the units as the cost is.
    rate : FloatArray
        (n_projects, periods) deemed rate of a period.
    outstanding : bool
        Whether interest is on the amount not written off yet, not on the original one.
    waiting : FloatArray, optional
        (n_projects, periods) cents paid and not in operation yet, mean over the period: they
        bear interest too where the amount counts from payment.
    """
    units, projects = running.units, len(investment)
    share = units.share[:, np.newaxis]
    served = running.elapsed * share
    by_life = over_projects(units, served / units.life[:, np.newaxis], projects)
    base = running.unwritten * share if outstanding else served
    due = steps(over_projects(units, base, projects))[:, 1:] * rate
    due += steps(by_life)[:, 1:]
    due *= investment[:, np.newaxis]
    if waiting is not None:
        due += waiting * rate
    return cents(due)


def share(cash: IntArray, need: IntArray, split: Split) -> tuple[IntArray, IntArray, BoolArray]:
    """Cash of the US and of Japan, and whether the switch was passed; the odd cent is Japan's."""
    least = need / split.poorer
    least -= 1e-6
    first = np.minimum(cash, np.ceil(least, out=least).astype(np.int64))
    rest = cash - first
    us = part(first, split.us_before)
    us += part(rest, split.us_after)
    return us, cash - us, rest > 0


def per_period(
    cash: IntArray, deemed: IntArray, split: Split, growth: FloatArray | None = None
) -> Shared:
    """Before the switch until each side has the period's deemed amount and what is carried.

    ``growth`` is 1 + the deemed rate where the carry bears interest.
    """
    met = part(cash, split.poorer)
    if growth is None:
        unmet = carried(deemed, met)
        return Shared(*share(cash, before(unmet) + deemed, split), unmet)
    unmet = carried_with_interest(deemed, met, growth)
    owed = np.rint(before(unmet) * growth).astype(np.int64)
    return Shared(*share(cash, owed + deemed, split), unmet)


def cumulative(cash: IntArray, put: FloatArray, split: Split, growth: FloatArray) -> Shared:
    """Before the switch until principal and compounded interest have gone to each side once.

    ``put`` is what Japan paid in each period, with interest to its end. After that for good.
    """
    met = part(cash, split.poorer)
    unmet = carried_with_interest(put, met, growth)
    to_come = np.cumsum(put[:, ::-1], axis=1)[:, ::-1] - put
    done = np.maximum.accumulate(
        (unmet == 0) & (to_come < 0.5) & (np.cumsum(put, axis=1) > 0), axis=1
    )
    need = np.rint(before(unmet) * growth + put).astype(np.int64)
    need[before(done)] = 0
    unmet[done] = 0
    return Shared(*share(cash, need, split), unmet)
