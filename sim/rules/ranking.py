"""Who comes first, and who is taken: committee agendas and presidential rounds."""

from __future__ import annotations

from collections.abc import Callable
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


def take(amounts_cents: list[int], limits: RoundLimits) -> list[tuple[int, int]]:
    """Go down a ranking and reserve the envelope.

    ``amounts_cents`` are what the ranked candidates ask. Returns (row, cents reserved) of those
    taken. One that does not fit is skipped (``skip``), ends the round (``stop``), or is scaled
    down to what is left when that is at least ``scale_down_min_share`` of it, which ends the
    round too (``scale_down``).
    """
    left = limits.envelope_left_cents
    if limits.cap_cents is not None:
        left = min(left, limits.cap_cents)
    taken: list[tuple[int, int]] = []
    for row, amount in enumerate(amounts_cents):
        if limits.cap_count is not None and len(taken) >= limits.cap_count:
            break
        if amount <= left:
            taken.append((row, amount))
            left -= amount
        elif limits.does_not_fit == "stop":
            break
        elif limits.does_not_fit == "scale_down" and left >= limits.scale_down_min_share * amount:
            if left > 0:
                taken.append((row, left))
            break
    return taken
