"""The finance section compiled once per config: rates by quarter, terms by sector, readings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import numpy as np

from sim.calendars import Epoch
from sim.config.finance import Finance
from sim.config.schema import Config
from sim.events import FloatArray, IntArray
from sim.results.finance.waterfall import Split

PER_YEAR = 4  # periods
MONTHS = 12 // PER_YEAR
PARTIES = ("us", "jbic", "insured_lenders", "nexi", "equity", "partners")
_OF_INSTRUMENT = {"loan": 0, "insured_loan": 1, "equity": 2}


@dataclass(frozen=True)
class Quarters:
    """Calendar quarters from the one that holds the start; the first may have begun before it."""

    edges: IntArray  # (n + 1,) minutes
    year: IntArray  # (n,) calendar year

    @property
    def n(self) -> int:
        """Number of quarters."""
        return len(self.year)

    def until(self, end: int) -> IntArray:
        """Ends of the quarters that begin before a minute, the last of them cut there."""
        ends = self.edges[1:]
        return np.minimum(ends[: int(np.sum(ends < end)) + 1], end)

    def position(self, minute: IntArray) -> FloatArray:
        """Minutes as moments in periods: 2.25 is a quarter through the third."""
        return np.asarray(np.interp(minute, self.edges, np.arange(self.n + 1)))

    def period(self, minute: IntArray) -> IntArray:
        """Number of the quarter that holds each minute."""
        return np.searchsorted(self.edges, minute, side="right") - 1


class Terms:
    """What every replication of a config shares; sectors in the config's order.

    Attributes
    ----------
    quarters : Quarters
        Up to a hundred years after the run-out.
    observed : int
        Quarters that end by the end of the run-out: their money is in the ledger.
    """

    def __init__(self, config: Config, finance: Finance) -> None:
        self.finance = finance
        self.epoch = Epoch(config.programme.start)
        self.end = self.epoch.close_of(config.programme.run_out)
        longest = max(term.life_years for term in finance.sectors.values())
        self.quarters = _quarters(config.programme.start, config.programme.run_out, longest + 15)
        self.observed = int(np.sum(self.quarters.edges[1:] <= self.end))
        self.slices = len(config.policy.calls.slices)
        self.cost_factor = config.capacity.specialists.bidding.cost_factor
        self.tops_up = config.policy.overrun_paid_by == "japan_topup"
        self.instrument = np.array(
            [_OF_INSTRUMENT[item.instrument] for item in config.capacity.facilities.values()]
        )
        terms = [finance.sectors[name] for name in config.sectors]
        self.life = np.array([term.life_years for term in terms]) * PER_YEAR
        self.ramp = np.array([term.ramp_months for term in terms]) / MONTHS
        self.output = np.array([term.capacity_factor for term in terms])
        self.refresh_share = np.array(
            [term.refresh.share_of_cost if term.refresh else 0.0 for term in terms]
        )
        self.spread = np.array([term.spread_per_year for term in terms])
        self.reference = self._reference()
        sharing = finance.sharing
        self.split = Split(sharing.us_share_before, sharing.us_share_after)
        loans = finance.loans
        self.grace = loans.grace_months / MONTHS
        self.tenor = loans.tenor_years * PER_YEAR
        self.claim_delay = max(1, round(loans.cover.claim_months / MONTHS))
        recovered = round(finance.given_up.recovery_months / MONTHS)
        self.recovery_delay = max(self.claim_delay, recovered)

    def _reference(self) -> FloatArray:
        """Reference rate a year, (quarters,): the one in force when the quarter begins."""
        path = sorted(self.finance.reference_rate_per_year.items())
        since = np.array([self.epoch.minute_of(day) for day, _ in path])
        place = np.searchsorted(since, self.quarters.edges[:-1], side="right") - 1
        return np.asarray(np.array([rate for _, rate in path])[np.maximum(place, 0)])

    @cached_property
    def _deemed_rates(self) -> FloatArray:
        """By sector."""
        return np.asarray(self.reference + self.spread[:, np.newaxis]) / PER_YEAR

    @cached_property
    def _loan_rates(self) -> FloatArray:
        """By lender and sector."""
        loans = self.finance.loans
        rates = [
            np.maximum(
                self._deemed_rates + item.margin_per_year / PER_YEAR, item.cost_per_year / PER_YEAR
            )
            for item in (loans.loan, loans.insured_loan)
        ]
        return np.asarray(rates)

    def deemed_rate(self, sector: IntArray, periods: int) -> FloatArray:
        """Deemed rate of a period, (n_projects, periods)."""
        return self._deemed_rates[:, :periods].take(sector, axis=0)

    def deemed_growth(self, sector: IntArray, periods: int) -> FloatArray:
        """What one grows to at the deemed rate by the end of each period, likewise."""
        grown = np.cumprod(1 + self._deemed_rates[:, :periods], axis=1)
        return np.asarray(grown.take(sector, axis=0))

    def loan_rate(self, sector: IntArray, periods: int) -> FloatArray:
        """Interest of a period, (2, n_projects, periods): loans and insured loans."""
        return self._loan_rates[:, :, :periods].take(sector, axis=1)


@lru_cache(maxsize=8)  # of the spans of a few configs; nobody writes into them
def _quarters(start: date, run_out: date, years_beyond: float) -> Quarters:
    epoch = Epoch(start)
    first = (start.month - 1) // MONTHS * MONTHS + 1
    count = int((run_out.year - start.year + 1 + years_beyond) * PER_YEAR)
    months = [start.year * 12 + first - 1 + MONTHS * number for number in range(count + 1)]
    days = [date(month // 12, month % 12 + 1, 1) for month in months]
    edges = np.array([epoch.minute_of(day) for day in days], np.int64)
    return Quarters(edges, np.array([day.year for day in days[:-1]], np.int64))
