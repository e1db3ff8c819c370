"""How many dollars stood at something, over time and in the worst quarter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.calendars import DAYS_PER_YEAR
from sim.stats.intervals import FloatArray


@dataclass(frozen=True)
class Stood:
    """Dollars standing at the causes of a capacity in the base, means over the replications.

    ``usd_bn_years`` to the end of the run; ``peak_usd_bn`` in the worst ``quarter``, its first day.
    """

    usd_bn_years: float
    peak_usd_bn: float
    quarter: date | None


def days_of(months: Sequence[date]) -> FloatArray:
    """(n_months,) days of each; all months are whole."""
    first = np.array([np.datetime64(month, "M") for month in months])
    return np.asarray(
        ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(np.float64)
    )


def stood_of(usd_bn: FloatArray, days: FloatArray, months: Sequence[date]) -> Stood:
    """From means by month to the worst quarter, each month by its days."""
    quarters: dict[date, list[int]] = {}
    for place, month in enumerate(months):
        first = month.replace(month=month.month - (month.month - 1) % 3)
        quarters.setdefault(first, []).append(place)
    means = {first: float(usd_bn[at] @ days[at] / days[at].sum()) for first, at in quarters.items()}
    worst = max(means, key=lambda one: means[one])
    return Stood(
        float(usd_bn @ days) / DAYS_PER_YEAR, means[worst], worst if means[worst] > 0 else None
    )
