# cython: annotation_typing=False, boundscheck=False, wraparound=False, initializedcheck=False
"""Who gets how many specialists: the market's answer to the programme, and the sharing inside it.

See docs/model.md, "Staffing rules". Pure functions on small sequences; the engine calls them at
every change.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

# Rates in [0, 1], a row each, and the pool that limits each row: -1 for one at full rate, ALIKE
# where the next tightest of its pools is no looser than by rounding.
Shares = tuple[list[float], list[int]]
ALIKE = -2
INF = inf
ROUNDING = 0.005  # half a point: shares of a crew are told in whole per cent
SLACK = ROUNDING  # the same, unboxed where this is compiled


@dataclass(frozen=True, slots=True)
class StaffingView:
    """Who wants specialists, a row each, and what the pools can give; all people in one unit.

    Under fair shares a row stands for all sites with one set of crafts, under the other rules for
    one site. The columns after ``minimum_share`` are empty under fair shares.
    """

    needs: Sequence[Sequence[int]]  # by row and pool, at full rate
    supply: Sequence[float]  # by pool
    crewed: Sequence[bool] = ()  # at work already
    minimum_share: float = 1.0  # policy.staffing_minimum_share
    ordinal: Sequence[int] = ()  # order of proposal
    rank: Sequence[int] = ()  # among all projects, by policy.staffing_ranking; 0 is best
    asked: Sequence[int] = ()  # minute at which the site asked for a crew


StaffingRule = Callable[[StaffingView], Shares]

# A supply is a quotient: what is missing of a crew by so small a part of it counts as there.
DUST = 1e-9


def obtainable(people: float, other_demand: float, wanted: float, weight: float = 1.0) -> float:
    """People the programme could get from a pool: ``max(S - O, S wD / (O + wD))``.

    What it gets is the smaller of this and ``wanted``. All arguments in people.
    """
    if people == INF:
        return INF
    bid = weight * wanted
    total = other_demand + bid
    return max(people - other_demand, people * bid / total if total > 0 else people, 0.0)


class Filling:
    """Max-min filling: one common rate rises until a craft binds, its users freeze, and so on.

    All over flat columns: ``needs`` holds a row of ``pools`` whole numbers for each of so many
    rows, ``supply`` a number per pool; `share` leaves a rate and a limit per row. An engine keeps
    one and fills it in anew.

    Source: progressive filling, Bertsekas & Gallager, Data Networks (1992), section 6.5.2.
    """

    def __init__(self, pools: int, rows: int, needs: array[int]) -> None:
        self.pools, self.rows = pools, rows
        self.needs, self.limits = needs, array("q", bytes(8 * rows))
        self.rates, self.supply = array("d", bytes(8 * rows)), array("d", bytes(8 * pools))
        self.rising = array("q", bytes(8 * rows))
        self.wanted = array("q", bytes(8 * pools))
        self.used, self.levels = array("d", bytes(8 * pools)), array("d", bytes(8 * pools))

    def share(self, rows: int) -> int:
        """Fill in the rates of the first so many rows, and which pool limits each."""
        for row in range(rows):
            self.rates[row], self.limits[row], self.rising[row] = 1.0, -1, 1
        for pool in range(self.pools):
            self.used[pool] = 0.0
        self._want(rows)
        if self._enough():
            return 0
        craft = self._tightest()
        while craft >= 0:
            rate = max(self.levels[craft], 0.0)
            near = self.levels[craft] + SLACK
            for row in range(rows):
                at = row * self.pools
                if self.rising[row] and self.needs[at + craft]:
                    self.rising[row] = 0
                    self.rates[row], self.limits[row] = rate, self._limit(craft, at, near)
                    for pool in range(self.pools):
                        self.used[pool] += self.needs[at + pool] * rate
                        self.wanted[pool] -= self.needs[at + pool]
            craft = self._tightest()
        return 0

    def _want(self, rows: int) -> int:
        """What all rows want of each pool; later, those whose rate still rises."""
        for pool in range(self.pools):
            self.wanted[pool] = 0
        for row in range(rows):
            at = row * self.pools
            for pool in range(self.pools):
                self.wanted[pool] += self.needs[at + pool]
        return 0

    def _enough(self) -> bool:
        """The usual case without any shortage: everybody gets what they need."""
        for pool in range(self.pools):
            if self.wanted[pool] > self.supply[pool]:
                return False
        return True

    def _tightest(self) -> int:
        """The pool that binds first as the rate rises, -1 if none does below 1."""
        found, least = -1, 1.0
        for pool in range(self.pools):
            total = self.wanted[pool]
            level = (self.supply[pool] - self.used[pool]) / total if total > 0 else INF
            self.levels[pool] = level
            if level < least:
                found, least = pool, level
        return found

    def _limit(self, craft: int, at: int, near: float) -> int:
        """The tightest craft of a row; ALIKE if another one is as tight but for rounding."""
        for pool in range(self.pools):
            if self.needs[at + pool] and self.levels[pool] <= near and pool != craft:
                return ALIKE
        return craft


def fair_share(view: StaffingView) -> Shares:
    """Max-min filling: one common rate rises until a craft binds; its users freeze; and so on.

    Groups that use the same pools always share one rate, so a group stands for all sites with one
    set of crafts. The pool that limits a group is the one at which it froze, if clearly tightest.
    """
    rows = len(view.needs)
    needs = array("q", [people for need in view.needs for people in need])
    filling = Filling(len(view.supply), rows, needs)
    filling.supply = array("d", view.supply)
    filling.share(rows)
    return list(filling.rates), list(filling.limits)


def priority(view: StaffingView) -> Shares:
    """Down the ranking, nobody below a minimum; who comes late and ranks high takes from the low.

    Rows come in rank order, best first. First the minima: who is crewed keeps theirs, in rank order
    while the supply lasts, so that the lowest loses first; then newcomers get theirs, in rank
    order, if all their crafts have it left. Who gets no minimum gets nothing. Then the rest: each
    one admitted rises towards rate 1 in rank order, as far as its crafts allow. So a newcomer
    pushes lower ranks down to their minimum, never below.

    Source: preemptive priority that resumes, Kleinrock, Queueing Systems, vol. 2 (1976), chapter
    3; the minimum is our own (docs/model.md, "Staffing rules").
    """
    needs, supply, minimum_share = view.needs, view.supply, view.minimum_share
    rates, limits = [1.0] * len(needs), [-1] * len(needs)
    if _enough([sum(column) for column in zip(*needs, strict=True)], supply):
        return rates, limits
    left, dust = list(supply), [DUST * limit for limit in supply]
    incumbents = [g for g, works in enumerate(view.crewed) if works]
    newcomers = [g for g, works in enumerate(view.crewed) if not works]
    for g in (*incumbents, *newcomers):
        limits[g] = _tightest(needs[g], minimum_share, left, dust)
        rates[g] = minimum_share if limits[g] < 0 else 0.0
        _take(needs[g], rates[g], left)
    for g, need in enumerate(needs):
        if limits[g] < 0:
            rest, rates[g] = 1.0 - minimum_share, 1.0
            craft = _tightest(need, rest, left, dust)
            if craft >= 0:
                rest = max(0.0, left[craft] / need[craft])
                rates[g] = min(1.0, minimum_share + rest)
            if rates[g] < 1.0:
                levels = [
                    of / people if people else inf for of, people in zip(left, need, strict=True)
                ]
                limits[g] = _clearly(craft, need, levels)
            _take(need, rest, left)
    return rates, limits


def first_come_full_crew(view: StaffingView) -> Shares:
    """A whole crew or none, in the order of asking; who has a crew keeps it.

    Rows come in the order in which they asked. Who has a crew keeps it whole even when the supply
    has shrunk below what they hold. Then newcomers get a whole crew if all their crafts have it
    left. One that has to wait lets nobody behind it have a craft of which it lacks people; who
    needs none of those may start.

    Source: jobs that take several servers at once, first come, first served: Harchol-Balter, The
    multiserver job queueing model, Queueing Systems 100 (2022); crafts are our own.
    """
    needs, supply, held = view.needs, view.supply, view.crewed
    rates, limits = [1.0] * len(needs), [-1] * len(needs)
    if _enough([sum(column) for column in zip(*needs, strict=True)], supply):
        return rates, limits
    left, dust = list(supply), [DUST * limit for limit in supply]
    for need, holds in zip(needs, held, strict=True):
        if holds:
            _take(need, 1.0, left)
    for g, need in enumerate(needs):
        if held[g]:
            continue
        limits[g] = _tightest(need, 1.0, left, dust)
        if limits[g] < 0:
            _take(need, 1.0, left)
            continue
        rates[g] = 0.0
        for p, people in enumerate(need):
            if people > left[p] + dust[p]:
                left[p] = -inf  # waited for: closed to all who come later
    return rates, limits


def _enough(wanted: Sequence[int], supply: Sequence[float]) -> bool:
    """Whether everybody gets what they need."""
    return all(total <= limit for total, limit in zip(wanted, supply, strict=False))


def _tightest(need: Sequence[int], share: float, left: list[float], dust: list[float]) -> int:
    """Of the pools without that share of a crew left the one with least for it; -1: none lacks."""
    found, least = -1, inf
    for p, people in enumerate(need):
        if people and share * people > left[p] + dust[p]:
            level = left[p] / people
            if level < least:
                found, least = p, level
    return found


def _clearly(craft: int, need: Sequence[int], levels: Sequence[float]) -> int:
    """The tightest craft of a row; ALIKE if another of its crafts is as tight but for rounding."""
    near = levels[craft] + ROUNDING
    alike = any(
        people and level <= near and p != craft
        for p, (people, level) in enumerate(zip(need, levels, strict=True))
    )
    return ALIKE if alike else craft


def _take(need: Sequence[int], share: float, left: list[float]) -> None:
    for p, people in enumerate(need):
        if people:
            left[p] -= share * people
