"""Tables and responses of money: ledger, yearly sums beyond it, returns by project and party."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.events import CENTS_PER_USD_BN, IntArray, Replication
from sim.events.money import PARTIES, SHARING
from sim.results.finance.loans import INSURED, LOAN
from sim.results.finance.money import Money, follow_money, outlays, receipts
from sim.results.finance.postings import Building, build, ledger_table
from sim.results.finance.returns import UNFINISHED, Returns, returns
from sim.results.finance.terms import PER_YEAR, Terms
from sim.results.tables.facts import Columns

YEARS = 1 / PER_YEAR


@dataclass(frozen=True)
class Books:
    """The money of one replication, followed to the end."""

    replication: Replication
    terms: Terms
    money: Money
    building: Building
    received: dict[str, IntArray]  # by party, (n, periods)
    flows: dict[str, IntArray]  # received less put in

    @property
    def finished(self) -> np.ndarray:
        """(n,) whether a project runs with every unit or was given up."""
        return np.asarray(self.money.deal.complete | np.isfinite(self.money.deal.given_up))

    @cached_property
    def earn_deemed_rate(self) -> np.ndarray:
        """(n,) finished, and worth nothing less at the deemed rate than Japan put in."""
        rate = self.terms.deemed_rate(self.money.deal.sector, self.money.deal.periods)
        worth = (self.flows["japan"] / np.cumprod(1 + rate, axis=1)).sum(axis=1)
        return np.asarray(self.finished & (worth > -1.0))

    @cached_property
    def meet_deemed_amount(self) -> np.ndarray:
        """(n,) complete, and nothing of the deemed amounts is left unpaid in the end."""
        return np.asarray(self.money.deal.complete & (self.money.shared.unmet[:, -1] <= 0))

    def ledger(self) -> Columns:
        """One row a transfer, up to the end of the run-out."""
        return ledger_table(self.replication, self.terms, self.money, self.building)

    def distributions(self) -> Columns:
        """Sums by year, project and party of what each receives after that; pays, below zero."""
        first = self.terms.observed
        year = self.terms.quarters.year[first : self.money.deal.periods]
        starts = np.flatnonzero(np.diff(year, prepend=-1))
        late = np.stack([self.received[party][:, first:] for party in list(PARTIES)[:-1]])
        sums = np.add.reduceat(late, starts, axis=2) if len(starts) else late[:, :, :0]
        row, party, when = np.nonzero(sums.transpose(1, 0, 2))
        return {
            "replication": self._number(len(row)),
            "year": year[starts[when]].astype(np.int32),
            "project": self._entity()[row].astype(np.int32),
            "party": party.astype(np.int16),
            "amount_cents": sums[party, row, when],
        }

    def finance(self) -> Columns:
        """One row per project that drew money: what it took, what it earns, returns by party."""
        deal, money, n = self.money.deal, self.money, len(self.money.deal.rows)
        draws, finished = self.replication.operation, self.finished
        assert draws is not None
        flipped = np.argmax(money.shared.switched, axis=1)
        ever = np.any(money.shared.switched, axis=1)
        moment = self.terms.epoch.datetime64(self.terms.quarters.edges[flipped + 1] - 1)
        moment[~ever] = np.datetime64("NaT")
        columns: Columns = {
            "replication": self._number(n),
            "project": self._entity().astype(np.int32),
            "sector": deal.sector.astype(np.int16),
            "state": self.replication.attributes.state[deal.rows].astype(np.int16),
            "finished": finished,
            "yield_share": draws.yield_share[deal.rows],
            "japan_usd_bn": deal.net.sum(axis=(0, 2)) / CENTS_PER_USD_BN,
            "partners_usd_bn": self._billions(self.building.contributed),
            "overrun_usd_bn": self._billions(self.building.overrun),
            "spent_usd_bn": self._billions(self.building.spent),
            "distributed_usd_bn": self._billions(money.cash.distributed),
            **{
                f"received_usd_bn_{party}": self._billions(self.received[party])
                for party in SHARING
            },
            "earns_deemed_rate": self.earn_deemed_rate,
            "meets_deemed_amount": self.meet_deemed_amount,
            "unmet_usd_bn": money.shared.unmet[:, -1] / CENTS_PER_USD_BN,
            "lost_usd_bn": self._billions(money.lost.sum(axis=0)),
            "flip_date": moment,
        }
        for party in PARTIES:
            found = self._returns(self.flows[party])
            why = np.where(finished, found.why, UNFINISHED)
            columns |= {
                f"irr_{party}": np.where(finished, found.irr, np.nan),
                f"no_irr_{party}": why.astype(np.int16),
                f"multiple_{party}": np.where(finished, found.multiple, np.nan),
                f"npv_usd_bn_{party}": np.where(finished, found.npv, np.nan) / CENTS_PER_USD_BN,
                f"payback_years_{party}": np.where(finished, found.payback_years, np.nan),
            }
        return columns

    def responses(self) -> dict[str, float]:
        """Returns of the programme: of its finished projects, and with the others as outlay."""
        deal, finished = self.money.deal, self.finished
        flows = np.stack([self.flows[party] for party in PARTIES])
        whole = self._returns(flows.sum(axis=1))
        done = self._returns(flows[:, finished].sum(axis=1))
        found: dict[str, float] = {}
        for number, party in enumerate(PARTIES):
            found |= {
                f"irr_{party}": done.irr[number],
                f"irr_{party}_with_unfinished": whole.irr[number],
                f"multiple_{party}": done.multiple[number],
                f"npv_usd_bn_{party}": done.npv[number] / CENTS_PER_USD_BN,
                f"payback_years_{party}": done.payback_years[number],
            }
        own = self._returns(self.flows["jbic"][finished]).irr
        lent = np.maximum(deal.net[LOAN].sum(axis=1), 0.0)[finished]
        below = ~(own >= self.terms.finance.loans.loan.cost_per_year)
        at_risk = self.money.outstanding[:, :, : self.terms.observed].sum(axis=1)
        peak = at_risk.max(axis=1, initial=0) / CENTS_PER_USD_BN
        invested, flips = (
            deal.investment * deal.complete,
            np.any(self.money.shared.switched, axis=1),
        )
        total = invested.sum()
        found |= {
            "lent_below_cost_usd_bn": float(lent[below].sum()) / CENTS_PER_USD_BN,
            "peak_exposure_usd_bn_jbic": peak[LOAN],
            "peak_exposure_usd_bn_insured_lenders": peak[INSURED],
            "peak_exposure_usd_bn_nexi": peak[INSURED] * self.terms.finance.loans.cover.share,
            "flipped_share": invested[flips].sum() / total if total else np.nan,
            "flip_year_p50": self._flip_year(invested),
        }
        found |= self._asked()
        return {name: float(value) for name, value in found.items()}

    def _asked(self) -> dict[str, float]:
        """What the articles promise, and what the programme answers."""
        deal, finished = self.money.deal, self.finished
        n = np.count_nonzero(finished) or np.nan
        net = {party: int(self.flows[party][finished].sum()) for party in SHARING}
        back = self.flows["japan"].sum(axis=1) >= 0
        content = self.replication.attributes.japanese_content_share[deal.rows]
        spent = self.building.spent.sum(axis=1)
        return {
            "overrun_usd_bn_by_end": float(self._billions(self.building.overrun).sum()),
            "money_back_share": np.count_nonzero(finished & back) / n,
            "earns_deemed_rate_share": np.count_nonzero(self.earn_deemed_rate) / n,
            "meets_deemed_amount_share": np.count_nonzero(self.meet_deemed_amount) / n,
            **{f"net_usd_bn_{party}": net[party] / CENTS_PER_USD_BN for party in SHARING},
            "japanese_orders_usd_bn_by_end": float(content @ spent) / CENTS_PER_USD_BN,
        }

    def _flip_year(self, invested: IntArray) -> float:
        """Year by which half of the money in complete projects has passed to the second split."""
        switched = self.money.shared.switched
        passed = (invested[:, np.newaxis] * np.logical_or.accumulate(switched, axis=1)).sum(axis=0)
        reached = np.flatnonzero(2 * passed >= invested.sum())
        if not len(reached) or not invested.sum():
            return float("nan")
        return float(self.terms.quarters.year[reached[0]] + (reached[0] % PER_YEAR + 1) * YEARS)

    def _returns(self, flows: IntArray) -> Returns:
        return returns(flows.astype(np.float64), YEARS, self.terms.finance.discount_rate_per_year)

    def _billions(self, cents: IntArray) -> np.ndarray:
        return np.asarray(cents.sum(axis=1) / CENTS_PER_USD_BN)

    def _entity(self) -> IntArray:
        return self.replication.attributes.entity[self.money.deal.rows]

    def _number(self, n: int) -> np.ndarray:
        return np.full(n, self.replication.replication, dtype=np.int32)


def open_books(replication: Replication, terms: Terms | None) -> Books | None:
    """Follow the money of one replication; None where the config has no finance section."""
    if terms is None or replication.operation is None:
        return None
    money = follow_money(replication, terms, replication.operation)
    building = build(replication, terms, money)
    received = receipts(money)
    put = outlays(money, building.contributed + building.overrun)
    flows = {party: received[party] - put[party] for party in received}
    return Books(replication, terms, money, building, received, flows)
