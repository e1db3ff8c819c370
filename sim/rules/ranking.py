"""Who comes first, and who is taken: committee agendas and presidential rounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Candidates:
    """Proposals before a committee or the President, a row each, in the order of proposal."""

    ordinal: IntArray  # order of proposal; breaks every tie
    commitment_cents: IntArray
    prospects_share: FloatArray  # expected yearly cash over cost
    japanese_content_share: FloatArray
    sector: NDArray[np.str_]  # its id in the config
    state: NDArray[np.str_]  # where it lies, empty where nothing is known
    listed_sector: BoolArray  # one of policy.selection.preferred_sectors
    listed_region: BoolArray  # may lie in one of policy.selection.preferred_regions

    @property
    def unlisted(self) -> IntArray:
        """Whether neither is listed."""
        return unlisted(self.listed_sector, self.listed_region)


def unlisted(listed_sector: BoolArray, listed_region: BoolArray) -> IntArray:
    """0 for a sector listed or a region listed, else 1. Both is not more than one."""
    return 1 - (listed_sector | listed_region)


Ranking = Callable[[Candidates], NDArray[Any]]  # a number per row; the smallest come first
Preference = Ranking


@dataclass(frozen=True)
class By:
    """By one number of each candidate: data, for one engine reads columns and one a candidate."""

    column: Literal[
        "ordinal", "commitment_cents", "prospects_share", "japanese_content_share", "unlisted"
    ]
    largest: bool = False  # first, instead of the smallest

    def __call__(self, view: Candidates) -> NDArray[Any]:
        """A number per row; the smallest come first."""
        numbers: NDArray[Any] = getattr(view, self.column)
        return -numbers if self.largest else numbers


first_proposed = By("ordinal")
largest_first = By("commitment_cents", largest=True)
smallest_first = By("commitment_cents")
best_prospects = By("prospects_share", largest=True)
most_japanese_content = By("japanese_content_share", largest=True)
listed = By("unlisted")  # ahead of all others


def rank(view: Candidates, ranking: Ranking, preference: Preference | None = None) -> IntArray:
    """Rows of ``view``, best first: by preference, ranking and order of proposal."""
    numbers = (view.ordinal, ranking(view))
    return np.lexsort(numbers if preference is None else (*numbers, preference(view)))


@dataclass(frozen=True)
class RoundLimits:
    """What one presidential round may take, in cents and projects, and what if one does not fit.

    It ends with the project that reaches ``reach_cents``, and takes none beyond ``cap_cents``.
    """

    envelope_left_cents: int
    cap_cents: float = inf
    count: float = inf
    does_not_fit: str = "skip"
    scale_down_min_share: float = 1.0
    pass_over_probability: float = 0.0
    reach_cents: float = inf


def take(
    amounts_cents: Sequence[int], luck: Callable[[int], float], limits: RoundLimits
) -> tuple[list[tuple[int, int]], list[int]]:
    """Go down a ranking and reserve the envelope.

    ``amounts_cents`` are what the ranked candidates ask, ``luck`` gives a row's disposition in
    (0, 1). Returns (row, cents reserved) of those taken, and the rows passed over: only who would
    be taken can be, and only theirs is read. One that does not fit is skipped (``skip``), ends the
    round (``stop``), or, where the envelope is what it does not fit, is scaled down to what is left
    of it if that is at least ``scale_down_min_share`` (``scale_down``), which ends the round too.
    """
    left, spent = limits.envelope_left_cents, 0
    taken: list[tuple[int, int]] = []
    passed_over: list[int] = []
    for row, amount in enumerate(amounts_cents):
        if len(taken) >= limits.count or spent >= limits.reach_cents:
            break
        cents = amount
        if amount > left and limits.does_not_fit == "scale_down":
            least = limits.scale_down_min_share * amount
            cents = left if left > 0 and left >= least else amount
        if cents > min(left, limits.cap_cents - spent):
            if limits.does_not_fit == "stop":
                break
            continue
        if luck(row) < limits.pass_over_probability:
            passed_over.append(row)
            continue
        taken.append((row, cents))
        left -= cents
        spent += cents
        if cents < amount:
            break
    return taken, passed_over
