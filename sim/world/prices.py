"""Prices that move for everybody: the yen and the cost of plants, as ratios drawn period by period.

Each path is 1 up to the day from which nothing is known, and then the product of its ratios.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from sim.calendars import DAYS_PER_YEAR, MINUTES_PER_DAY
from sim.config.distributions import Distribution
from sim.world.distributions import inverse
from sim.world.given import OfRuns
from sim.world.model import FloatArray, IntArray
from sim.world.nature import Nature
from sim.world.present import Present
from sim.world.uniforms import KeyArray, Streams, uniforms_of

_LEAST = 1e-3  # of a ratio: a price may fall, and is never nothing
_MINUTES_PER_YEAR = DAYS_PER_YEAR * MINUTES_PER_DAY


def _path(
    law: Distribution, stream: Streams, entity: str, purpose: str, periods: int
) -> FloatArray:
    """(..., periods) product of the ratios so far."""
    ratios = inverse(law, uniforms_of(stream, entity, purpose, periods))
    return np.asarray(np.cumprod(np.maximum(ratios, _LEAST), axis=-1))


def yen_factors(runs: OfRuns, stream: Streams) -> FloatArray:
    """What each calendar month of the run makes of ``capacity.yen_per_usd``.

    Shape (months,), or (replications, months) for an array of streams.

    The ratios begin with the month after ``as_of``, or after the start where history is ignored.
    """
    law, first, last = runs.yen_per_usd_month_ratio, _month(runs.first), _month(runs.last)
    factors = np.ones((*stream.shape, last - first + 1))
    later = last - _month(runs.known)
    if law is not None and later > 0:
        factors[..., -later:] = _path(law, stream, "yen_per_usd", "month_ratio", later)
    return factors


def _month(day: date) -> int:
    return day.year * 12 + day.month


class PlantPrices:
    """What a plant costs by sector and day, over what the config says.

    Years are counted from ``as_of``, or from the start where history is ignored; in between, the
    logarithm is a straight line, and after the last it is flat.
    """

    def __init__(self, nature: Nature, streams: KeyArray) -> None:
        laws, run_out = nature.given.cost_year_ratio, nature.given.run_out
        self.since = nature.open_minute
        left = nature.epoch.close_of(run_out) - self.since
        self.years = max(1, int(np.ceil(left / _MINUTES_PER_YEAR)))
        self.log = np.zeros((len(streams), len(nature.sector_ids), self.years + 1))
        for row, name in enumerate(nature.sector_ids):
            if name in laws:
                path = _path(laws[name], streams, f"plant_prices:{name}", "year_ratio", self.years)
                self.log[:, row, 1:] = np.log(path)

    def at(self, rows: Present, minute: IntArray | FloatArray) -> FloatArray:
        """The factor on the cost of each project, at each minute."""
        years = np.clip((minute - self.since) / _MINUTES_PER_YEAR, 0, self.years)
        begun = np.minimum(years.astype(np.int64), self.years - 1)
        before, after = (self.log[rows.batch, rows.sector, begun + step] for step in (0, 1))
        return np.asarray(np.exp(before + (years - begun) * (after - before)))
