"""What every replication of a config is measured against: months, dates, baseline tariffs."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.calendars import Epoch
from sim.config.enforcement import Enforcement
from sim.config.places import Kept
from sim.config.schema import Config
from sim.events import CENTS_PER_USD_BN, FloatArray, IntArray
from sim.results.finance.terms import Terms
from sim.results.tables.trade import TARIFF_CLASSES, Market, path_at

DateArray: TypeAlias = NDArray[np.datetime64]


class Horizon:
    """Instants at which tables are read, in minutes since the programme's start.

    Built once per config, not to be changed. A value "at" one of these instants counts what is
    stamped strictly before it: `month_end` is 00:00 of the next 1st, `deadline` the close of the
    deadline date. The first month begins at the start, the last one ends at `end`.

    Parameters
    ----------
    config : Config
        The config whose replications are tabulated.

    Attributes
    ----------
    month : DateArray
        (n_months,) first day of each calendar month from the start to the end of the run-out.
    month_begin, month_end : IntArray
        (n_months,) minutes.
    deadline, programme_end, end : int
        Close of the deadline, of ``programme.end`` and of ``programme.run_out``.
    instants, moments : IntArray
        (n_months + 3,) `month_end`, then the ``moments``: `deadline`, `programme_end`, `end`.
    gap_minute : int
        00:00 of the gap date; what happens at that minute has happened.
    envelope_cents : int
        The programme's envelope.
    tariff_baseline : FloatArray
        (classes, n_months) rate at each month end without a raise; rows as `TARIFF_CLASSES`; nan
        for a class the config does not list.
    route_rates : FloatArray
        (routes, classes) what each route raises them to, -inf where it leaves a class alone.
    slices : int
        Calls of the committed amount; one with a higher number is a top-up.
    market_pools : frozenset of str
        Pools shared with other employers.
    market : Market or None
        Exports and their duties, where the config has a trade section.
    terms : Terms or None
        What money is measured against, where the config has a finance section.

    Examples
    --------
    >>> horizon = Horizon(config)  # doctest: +SKIP
    >>> horizon.n_months  # 2025-09 to 2035-12  # doctest: +SKIP
    124
    """

    def __init__(self, config: Config) -> None:
        programme = config.programme
        specialists = config.capacity.specialists
        self.epoch = Epoch(programme.start)
        self.deadline = self.epoch.close_of(programme.deadline)
        self.programme_end = self.epoch.close_of(programme.end)
        self.end = self.epoch.close_of(programme.run_out)
        self.gap_minute = self.epoch.minute_of(specialists.gap.date)
        self.envelope_cents = round(programme.envelope_usd_bn * CENTS_PER_USD_BN)
        self.slices = len(config.policy.calls.slices)
        self.market_pools = frozenset(
            name for name, pool in specialists.pools.items() if pool.kind == "market"
        )
        self.terms = Terms(config, config.finance) if config.finance is not None else None
        months = self.epoch.months(programme.start, programme.run_out)
        begin = [0] + [self.epoch.minute_of(day) for day in months[1:]]
        self.month: DateArray = np.array(months, dtype="datetime64[ms]")
        self.month_begin: IntArray = np.array(begin, dtype=np.int64)
        self.month_end: IntArray = np.append(self.month_begin[1:], self.end)
        self.moments: IntArray = np.array([self.deadline, self.programme_end, self.end])
        self.instants: IntArray = np.append(self.month_end, self.moments)
        self.market = (
            Market(config.trade, config.policy.enforcement, self.epoch, self.end)
            if config.trade is not None
            else None
        )
        self._read_tariffs(config.policy.enforcement)

    @property
    def n_months(self) -> int:
        """Rows of the month grid."""
        return len(self.month)

    @classmethod
    def of(cls, config: Config) -> Horizon:
        """That of a config; the last one, where all it reads is what it was."""
        return _KEPT.of(config, lambda: cls(config))

    def _read_tariffs(self, enforcement: Enforcement) -> None:
        self.tariff_baseline: FloatArray = np.array(
            [
                path_at(enforcement.baseline.get(name), self.epoch, self.month_end)
                for name in TARIFF_CLASSES
            ]
        )
        self.route_rates: FloatArray = np.array(
            [
                [route.rates.get(name, -np.inf) for name in TARIFF_CLASSES]
                for route in enforcement.routes.values()
            ]
        )


_KEPT: Kept[Horizon] = Kept(
    "programme",
    "sectors",
    "policy.calls.slices",
    "policy.overrun_paid_by",
    "policy.enforcement",
    "capacity.facilities.*.instrument",
    "capacity.specialists.gap.date",
    "capacity.specialists.pools.*.kind",
    "capacity.specialists.bidding",
    "finance",
    "trade",
)
