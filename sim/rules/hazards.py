# cython: annotation_typing=False
"""When a hazard strikes: an exponential threshold against hazard met. See docs/model.md, "Pauses".

Hazard is met at ``rate`` per minute times the factor of the year; all pure numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

Years = Sequence[tuple[int, float]]  # (minute the year ends, factor of its hazard), in order


def met(begin: int, end: int, rate: float, years: Years) -> float:
    """Hazard met from ``begin`` to ``end`` (minutes)."""
    total = 0.0
    for close, factor in years:
        if close > begin:
            stop = min(close, end)
            total += (stop - begin) * rate * factor
            begin = stop
            if begin >= end:
                break
    return total


def strikes_at(begin: int, left: float, rate: float, years: Years) -> int | None:
    """First minute after ``begin`` at which ``left`` more hazard has been met; None: not in time.

    ``left`` > 0 is what the threshold is above the hazard met before.
    """
    for close, factor in years:
        if close <= begin:
            continue
        speed = rate * factor
        if speed > 0:
            needed = left / speed
            if needed <= close - begin:
                whole = int(needed)
                if whole < needed:  # rounded up
                    whole += 1
                return begin + max(1, whole)
            left -= (close - begin) * speed
        begin = close
    return None
