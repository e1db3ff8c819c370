"""Tables of money: ledger, yearly sums beyond it, returns by project and party."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.events import CENTS_PER_USD_BN, IntArray
from sim.events.money import PARTIES, SHARING
from sim.results.finance.deal import by_length, read_deal
from sim.results.finance.entries import Entries
from sim.results.finance.money import Money, follow_money, pay_in, receipts
from sim.results.finance.postings import Building, build, ledger_table, progress_of
from sim.results.finance.returns import UNFINISHED, returns
from sim.results.finance.terms import PER_YEAR, Terms
from sim.results.finance.walks import over_time
from sim.results.tables.batch import Batch
from sim.results.tables.facts import Columns

YEARS = 1 / PER_YEAR


@dataclass(frozen=True)
class Books:
    """The money of a batch of replications, followed to the end."""

    entries: Entries
    terms: Terms
    money: Money
    building: Building

    @cached_property
    def received(self) -> dict[str, IntArray]:
        """By party, (n, periods)."""
        return dict(zip(PARTIES, receipts(self.money), strict=True))

    @cached_property
    def flow(self) -> IntArray:
        """(n_parties, n, periods) received less put in."""
        flow = receipts(self.money)
        pay_in(flow, self.money, self.building.contributed + self.building.overrun)
        return flow

    @cached_property
    def flows(self) -> dict[str, IntArray]:
        """The same by party."""
        return dict(zip(PARTIES, self.flow, strict=True))

    @property
    def finished(self) -> np.ndarray:
        """(n,) whether a project runs with every unit or was given up."""
        return np.asarray(self.money.deal.complete | np.isfinite(self.money.deal.given_up))

    @cached_property
    def earn_deemed_rate(self) -> np.ndarray:
        """(n,) finished, and worth nothing less at the deemed rate than Japan put in."""
        growth = self.terms.deemed_growth(self.money.deal.sector, self.money.deal.periods)
        worth = over_time((self.flows["japan"] / growth).T)
        return np.asarray(self.finished & (worth > -1.0))

    @cached_property
    def unmet(self) -> IntArray:
        """(n,) cents of deemed amounts left unpaid when all is over in the replication."""
        deal = self.money.deal
        last = np.minimum(deal.lasts, deal.periods) - 1
        return np.asarray(self.money.shared.unmet[np.arange(len(deal.rows)), last])

    @property
    def meet_deemed_amount(self) -> np.ndarray:
        """(n,) complete, and nothing of the deemed amounts is left unpaid in the end."""
        return np.asarray(self.money.deal.complete & (self.unmet <= 0))

    def ledger(self) -> Columns:
        """One row a transfer, up to the end of the run-out."""
        return ledger_table(self.entries, self.terms, self.money, self.building)

    def distributions(self) -> Columns:
        """Sums by year, project and party of what each receives after that; pays, below zero."""
        first = self.terms.observed
        year = self.terms.quarters.year[first : self.money.deal.periods]
        starts = np.flatnonzero(np.diff(year, prepend=-1))
        late = np.stack([self.received[party][:, first:] for party in list(PARTIES)[:-1]])
        sums = np.add.reduceat(late, starts, axis=2) if len(starts) else late[:, :, :0]
        row, party, when = np.nonzero(sums.transpose(1, 0, 2))
        rows = self.money.deal.rows[row]
        return {
            "replication": self.entries.number(rows),
            "year": year[starts[when]].astype(np.int32),
            "project": self.entries.batch.attributes.entity[rows].astype(np.int32),
            "party": party.astype(np.int16),
            "amount_cents": sums[party, row, when],
        }

    def finance(self) -> Columns:
        """One row per project that drew money: what it took, what it earns, returns by party."""
        deal, money, entries = self.money.deal, self.money, self.entries
        finished = self.finished
        flipped = np.argmax(money.shared.switched, axis=1)
        ever = np.any(money.shared.switched, axis=1)
        moment = self.terms.epoch.datetime64(self.terms.quarters.edges[flipped + 1] - 1)
        moment[~ever] = np.datetime64("NaT")
        columns: Columns = {
            "replication": entries.number(deal.rows),
            "project": entries.batch.attributes.entity[deal.rows].astype(np.int32),
            "sector": deal.sector.astype(np.int16),
            "state": entries.batch.attributes.state[deal.rows].astype(np.int16),
            "finished": finished,
            "yield_share": entries.drawn("yield_share")[deal.rows],
            "japan_usd_bn": deal.net.sum(axis=(0, 2)) / CENTS_PER_USD_BN,
            "partners_usd_bn": _billions(self.building.contributed),
            "overrun_usd_bn": _billions(self.building.overrun),
            "spent_usd_bn": _billions(self.building.spent),
            "distributed_usd_bn": _billions(money.cash.distributed),
            **{f"received_usd_bn_{party}": _billions(self.received[party]) for party in SHARING},
            "earns_deemed_rate": self.earn_deemed_rate,
            "meets_deemed_amount": self.meet_deemed_amount,
            "unmet_usd_bn": self.unmet / CENTS_PER_USD_BN,
            "lost_usd_bn": _billions(money.lost.sum(axis=0)),
            "flip_date": moment,
        }
        for party in PARTIES:
            found = returns(self.flows[party], YEARS, self.terms.finance.discount_rate_per_year)
            why = np.where(finished, found.why, UNFINISHED)
            columns |= {
                f"irr_{party}": np.where(finished, found.irr, np.nan),
                f"no_irr_{party}": why.astype(np.int16),
                f"multiple_{party}": np.where(finished, found.multiple, np.nan),
                f"npv_usd_bn_{party}": np.where(finished, found.npv, np.nan) / CENTS_PER_USD_BN,
                f"payback_years_{party}": np.where(finished, found.payback_years, np.nan),
            }
        return columns


def _billions(cents: IntArray) -> np.ndarray:
    return np.asarray(cents.sum(axis=1) / CENTS_PER_USD_BN)


def open_books(batch: Batch, terms: Terms | None, *, apart: bool = False) -> list[Books]:
    """Follow the money of replications together; no books where there is no finance section.

    There is one of all projects that drew money, or, ``apart``, one of those that last long too.
    """
    if terms is None or any(one.operation is None for one in batch.replications):
        return []
    entries, until = Entries(batch), terms.quarters.until(batch.end)
    deal, progress = read_deal(entries, terms), progress_of(entries, until)
    return [
        Books(entries, terms, follow_money(entries, terms, one), build(one, progress, until))
        for one in (by_length(deal, terms) if apart else [deal])
    ]
