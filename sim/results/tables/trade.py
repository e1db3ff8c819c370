"""Exports by tariff class and day, and the duties on them at any rates. See docs/money.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property

import numpy as np

from sim.calendars import DAYS_PER_YEAR, MINUTES_PER_DAY, Epoch
from sim.config.enforcement import Enforcement
from sim.config.trade import Trade
from sim.events import FloatArray, IntArray

TARIFF_CLASSES = ("general", "autos", "pharma", "chips")
_YEAR = 365  # days of a rate after which trade has adjusted


class Market:
    """Exports by class and day at any rates; built once per config, not to be changed."""

    def __init__(self, trade: Trade, enforcement: Enforcement, epoch: Epoch, end: int) -> None:
        listed = [trade.exports.get(name) for name in TARIFF_CLASSES]
        day = 1 / DAYS_PER_YEAR
        self.trade, self.epoch = trade, epoch
        self.days: IntArray = np.arange(MINUTES_PER_DAY, end + 1, MINUTES_PER_DAY)
        self.sold: FloatArray = np.array([its.usd_bn_per_year if its else 0.0 for its in listed])
        self.sold = self.sold[:, np.newaxis] * day
        self.elasticity: FloatArray = np.array(
            [(e.elasticity.first_year, e.elasticity.later) if e else (0, 0) for e in listed]
        )
        self.borne = np.array([its.borne_by_exporters_share if its else 0.0 for its in listed])
        dates = np.datetime64(epoch.start, "D") + np.arange(len(self.days))
        years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
        self.years, self.starts = np.unique(years, return_index=True)
        paths = enforcement.baseline
        self.baseline = np.nan_to_num(
            np.array([path_at(paths.get(c), epoch, self.days) for c in TARIFF_CLASSES])
        )

    def yearly(self, rates: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Exports, duties and what exporters bear of them, USD bn by year, at rates by day."""
        beyond = rates != self.baseline
        day = np.arange(rates.shape[1])
        since = day - np.maximum.accumulate(np.where(beyond, -1, day), axis=1)
        soon, later = self.elasticity[:, :1], self.elasticity[:, 1:]
        value = np.repeat(self.sold, len(day), axis=1)
        # Powers are slow; at the baseline's rates they are of 1.
        some = np.flatnonzero(beyond.any(axis=0))
        elasticity = np.where(since[:, some] <= _YEAR, soon, later)
        dearer = (1 + rates[:, some]) / (1 + self.baseline[:, some])
        value[:, some] *= dearer**-elasticity
        duty = value * rates
        exports, duties, borne = (
            np.add.reduceat(of.sum(axis=0), self.starts)
            for of in (value, duty, duty * self.borne[:, np.newaxis])
        )
        return exports, duties, borne

    @cached_property
    def under_the_deal(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """At the baseline's rates."""
        return self.yearly(self.baseline)

    @cached_property
    def without(self) -> dict[str, tuple[FloatArray, FloatArray, FloatArray]]:
        """At either path of rates without a deal; a class it leaves out keeps the baseline's."""
        found = {}
        for name in ("as_threatened", "as_courts_left_it"):
            rates = self.baseline.copy()
            for row, path in enumerate(map(getattr(self.trade, name).get, TARIFF_CLASSES)):
                if path:
                    rates[row] = path_at(path, self.epoch, self.days)
            found[name] = self.yearly(rates)
        return found


def path_at(steps: Mapping[date, float] | None, epoch: Epoch, instants: IntArray) -> FloatArray:
    """Rate of a dated path just before each instant; before its first date, the first rate."""
    if not steps:
        return np.full(len(instants), np.nan)
    days = sorted(steps)
    minutes = np.array([epoch.minute_of(day) for day in days], dtype=np.int64)
    last = np.searchsorted(minutes, instants, side="left") - 1
    return np.array([steps[day] for day in days], dtype=np.float64)[np.maximum(last, 0)]
