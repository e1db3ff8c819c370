"""Who comes first, and who is taken: committee agendas and presidential rounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Candidates:
    """Proposals before a committee or the President; equally long arrays, a row per candidate."""

    ordinal: IntArray  # order of proposal; breaks every tie
    commitment_cents: IntArray
    prospects_share: FloatArray
    japanese_content_share: FloatArray
    preferred: IntArray  # 0 where preferred, else 1


Ranking = Callable[[Candidates], FloatArray]

# Each ranking gives a key; the smallest comes first.
RANKINGS: dict[str, Ranking] = {
    "first_proposed": lambda view: view.ordinal.astype(np.float64),
    "largest_first": lambda view: -view.commitment_cents.astype(np.float64),
    "smallest_first": lambda view: view.commitment_cents.astype(np.float64),
    "best_prospects": lambda view: -view.prospects_share,
    "most_japanese_content": lambda view: -view.japanese_content_share,
}


def rank(ranking: str, view: Candidates) -> IntArray:
    """Rows of ``view``, best first: preferred ones ahead, then the ranking, then the ordinal."""
    return np.lexsort((view.ordinal, RANKINGS[ranking](view), view.preferred))


@dataclass(frozen=True)
class RoundLimits:
    """What one presidential round may take, in cents and projects, and what if one does not fit."""

    envelope_left_cents: int
    cap_cents: int | None = None
    cap_count: int | None = None
    does_not_fit: str = "skip"
    scale_down_min_share: float = 1.0
    pass_over_probability: float = 0.0


def take(
    amounts_cents: Sequence[int], luck: Sequence[float], limits: RoundLimits
) -> tuple[list[tuple[int, int]], list[int]]:
    """Go down a ranking and reserve the envelope.

    ``amounts_cents`` are what the ranked candidates ask, ``luck`` their dispositions in (0, 1).
    Returns (row, cents reserved) of those taken, and the rows passed over: only who would be
    taken can be. One that does not fit is skipped (``skip``), ends the round (``stop``), or, where
    the envelope is what it does not fit, is scaled down to what is left of it if that is at least
    ``scale_down_min_share`` (``scale_down``), which ends the round too.
    """
    left = limits.envelope_left_cents
    cap_left = left if limits.cap_cents is None else limits.cap_cents
    taken: list[tuple[int, int]] = []
    passed_over: list[int] = []
    for row, amount in enumerate(amounts_cents):
        if limits.cap_count is not None and len(taken) >= limits.cap_count:
            break
        cents = amount
        if amount > left and limits.does_not_fit == "scale_down":
            least = limits.scale_down_min_share * amount
            cents = left if left > 0 and left >= least else amount
        if cents > min(left, cap_left):
            if limits.does_not_fit == "stop":
                break
            continue
        if luck[row] < limits.pass_over_probability:
            passed_over.append(row)
            continue
        taken.append((row, cents))
        left -= cents
        cap_left -= cents
        if cents < amount:
            break
    return taken, passed_over
