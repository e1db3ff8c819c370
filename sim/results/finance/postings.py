"""The ledger: every movement of money up to the run-out, a row a transfer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from sim.events import FloatArray, IntArray, Kind
from sim.events.money import ACCOUNTS, REASONS
from sim.results.finance.deal import Deal, instruments
from sim.results.finance.entries import Entries
from sim.results.finance.loans import INSURED, LOAN
from sim.results.finance.money import Money
from sim.results.finance.terms import Terms
from sim.results.finance.walks import steps
from sim.results.tables.clocks import done_share
from sim.results.tables.facts import Columns

_ACCOUNT = {name: number for number, name in enumerate(ACCOUNTS)}
_REASON = {name: number for number, name in enumerate(REASONS)}
_PAYS = ("jbic", "insured_lenders", "equity")  # by instrument
_LENDERS = ((LOAN, "jbic"), (INSURED, "insured_lenders"))
_PAYER = np.array([_ACCOUNT[name] for name in _PAYS])


@dataclass(frozen=True)
class Building:
    """What building took by the end of each quarter so far, whole cents, (n_projects, quarters)."""

    spent: IntArray
    contributed: IntArray  # by partners, as planned
    overrun: IntArray  # by partners, beyond it
    stamps: IntArray  # (quarters,) last minute of each


def build(deal: Deal, progress: FloatArray, until: IntArray) -> Building:
    """Spending in proportion to progress, out of money drawn and of the partners' own.

    Counted up to the end of each quarter; ``progress`` is by project of the batch. Partners put in
    what was planned first, and what is not drawn where they finish a project.
    """
    progress = np.minimum(progress[deal.rows], 1.0)
    drawn = np.cumsum(deal.net.sum(axis=0), axis=1)
    needed = np.rint(progress * deal.promised[:, np.newaxis])
    ours = np.maximum.accumulate(np.minimum(needed, drawn), axis=1)

    theirs = np.rint(progress * deal.partners_cents[:, np.newaxis])
    planned = np.minimum(theirs, (deal.partners_cents - deal.overrun_cents)[:, np.newaxis])
    missing = (needed - ours) * (deal.investment < deal.promised)[:, np.newaxis]
    missing = np.maximum.accumulate(missing, axis=1)
    spent, contributed, overrun = (
        np.asarray(steps(so_far), np.int64)
        for so_far in (ours + missing + theirs, planned + missing, theirs - planned)
    )
    return Building(spent, contributed, overrun, until - 1)


def progress_of(entries: Entries, until: IntArray) -> FloatArray:
    """Share of its work that each project of the batch has done by some minutes."""
    batch, sites = entries.batch, entries.batch.sites
    gain = (sites.end_progress - sites.start_progress)[:, np.newaxis] * done_share(sites, until)
    n, quarters = len(batch.of_row), len(until)
    cell = batch.row_of_stretch[:, np.newaxis] * quarters + np.arange(quarters)
    done = np.bincount(cell.ravel(), weights=gain.ravel(), minlength=n * quarters)
    return np.asarray(done.reshape(n, quarters), np.float64)


class Block(NamedTuple):
    """Transfers, a row each, as they are posted."""

    minute: IntArray
    row: IntArray  # of the batch
    debit: IntArray
    credit: IntArray
    cents: IntArray
    reason: IntArray
    part: IntArray


@dataclass
class Ledger:
    """Blocks of transfers under way to one table."""

    entries: Entries
    rows: IntArray  # of the batch, for each row of money
    stamps: IntArray  # of each quarter
    blocks: list[Block] = field(default_factory=list)

    def post(
        self,
        minute: IntArray,
        row: IntArray,
        debit: IntArray | str,
        credit: IntArray | str,
        cents: IntArray,
        reason: str,
        parts: IntArray | int = -1,
    ) -> None:
        """Add transfers: ``debit`` receives ``cents`` from ``credit``."""
        n = len(minute)
        accounts = [_ACCOUNT[item] if isinstance(item, str) else item for item in (debit, credit)]
        columns = (*accounts, _REASON[reason], parts)
        wide = [np.broadcast_to(np.asarray(item), n) for item in columns]
        self.blocks.append(Block(minute, row, wide[0], wide[1], cents, wide[2], wide[3]))

    def quarterly(self, debit: str, credit: str, cents: IntArray, reason: str) -> None:
        """Add what an array of projects and quarters holds, at the end of each quarter."""
        row, quarter = np.nonzero(cents[:, : len(self.stamps)])
        amounts = cents[row, quarter]
        self.post(self.stamps[quarter], self.rows[row], debit, credit, amounts, reason)

    def table(self) -> Columns:
        """All of it by replication, in order of time; equal times as posted."""
        whole = Block(*(np.concatenate(column) for column in zip(*self.blocks, strict=True)))
        order = np.lexsort((whole.minute, self.entries.batch.of_row[whole.row]))
        order = order[whole.cents[order] != 0]
        return {
            "replication": self.entries.number(whole.row[order]),
            "minute": whole.minute[order],
            "project": self.entries.batch.attributes.entity[whole.row[order]].astype(np.int32),
            "debit": whole.debit[order].astype(np.int16),
            "credit": whole.credit[order].astype(np.int16),
            "amount_cents": whole.cents[order],
            "reason": whole.reason[order].astype(np.int16),
            "part": whole.part[order].astype(np.int16),
        }


def ledger_table(entries: Entries, terms: Terms, money: Money, building: Building) -> Columns:
    """Every transfer up to the end of the run-out."""
    ledger = Ledger(entries, money.deal.rows, terms.quarters.edges[1 : terms.observed + 1] - 1)
    for kind, debit, credit, reason in (
        (Kind.SELECTED, "committed", "envelope", "committed"),
        (Kind.DECLINED, "envelope", "committed", "released"),
        (Kind.CANCELLED, "envelope", "committed", "released"),
    ):
        events = entries.of(kind)
        ledger.post(events.time, events.row, debit, credit, events.cents, reason)
    instrument = instruments(entries, terms)
    events = entries.of(Kind.PART_DRAWN)
    for reason, chosen in (
        ("drawn", events.part < terms.slices),
        ("topup", events.part >= terms.slices),
    ):
        payer = _PAYER[instrument[events.resource[chosen]]]
        ledger.post(
            events.time[chosen],
            events.row[chosen],
            "spv",
            payer,
            events.cents[chosen],
            reason,
            events.part[chosen],
        )
    events = entries.of(Kind.MONEY_RETURNED)
    payer = _PAYER[instrument[events.resource]]
    ledger.post(events.time, events.row, payer, "spv", events.cents, "returned")

    observed, ledger.stamps = ledger.stamps, building.stamps
    ledger.quarterly("spv", "partners", building.contributed, "contribution")
    ledger.quarterly("spv", "partners", building.overrun, "overrun")
    ledger.quarterly("contractors", "spv", building.spent, "spent")
    ledger.stamps = observed
    _operate(ledger, money, senior=terms.finance.sharing.reading == "equity_only")
    return ledger.table()


def _operate(ledger: Ledger, money: Money, *, senior: bool) -> None:
    """What projects earn and who gets it; what is lost and who bears it."""
    shared, insured = money.shared, money.insurance
    ledger.quarterly("spv", "market", money.cash.earned, "earned")
    ledger.quarterly("contractors", "spv", money.cash.refreshed, "refresh")
    ledger.quarterly("us", "spv", shared.us, "distributed")
    ledger.quarterly("partners", "spv", money.partners, "distributed")
    ledger.quarterly("japan", "spv", shared.japan, "distributed")
    ledger.quarterly("us", "japan", money.recaptured, "recapture")
    for number, name in _LENDERS:
        payer = "spv" if senior else "japan"
        ledger.quarterly(name, payer, money.interest[number], "interest")
        ledger.quarterly(name, payer, money.principal[number], "principal")
    dividend = money.surplus * money.deal.has_equity[:, np.newaxis]
    ledger.quarterly("equity", "japan", dividend, "dividend")
    ledger.quarterly("nexi", "insured_lenders", insured.premium, "premium")
    ledger.quarterly("insured_lenders", "nexi", insured.claim, "claim")
    ledger.quarterly("jbic", "market", money.recovered[LOAN], "recovery")
    own = money.recovered[INSURED] - insured.recovered
    ledger.quarterly("insured_lenders", "market", own, "recovery")
    ledger.quarterly("nexi", "market", insured.recovered, "recovery")
