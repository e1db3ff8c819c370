"""Responses of money: returns of the programme, and what the articles promise of it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.events import CENTS_PER_USD_BN, FloatArray, IntArray
from sim.events.money import PARTIES, SHARING
from sim.results.finance.loans import INSURED, LOAN
from sim.results.finance.returns import reach, returns
from sim.results.finance.tables import YEARS, Books
from sim.results.finance.terms import PER_YEAR
from sim.results.finance.walks import by_period

BoolArray = NDArray[np.bool_]


def programme(books: Books) -> dict[str, FloatArray]:
    """Responses by name, (n_replications,): of finished projects, and with the others.

    Sums of cents are exact, and others are taken project by project, so that a replication's are
    the same alone and beside others.
    """
    return _returned(books) | _flipped(books) | _promised(books)


class _Sums:
    """Sums over the projects of each replication of a batch."""

    def __init__(self, books: Books, rows: IntArray | None = None) -> None:
        place, self.n = books.money.deal.place, books.entries.batch.n
        self.place = place if rows is None else place[rows]

    def over_periods(self, cents: IntArray) -> IntArray:
        """Whole cents (..., n_projects, periods) as (..., n_replications, periods)."""
        bounds = np.searchsorted(self.place, np.arange(self.n + 1)).tolist()
        each = [cents[..., begin:end, :].sum(axis=-2) for begin, end in pairwise(bounds)]
        return np.stack(each, axis=-2)

    def of(self, amounts: NDArray[Any]) -> FloatArray:
        """(n_replications,) of an amount by project, or of how many there are."""
        return np.asarray(np.bincount(self.place, weights=amounts, minlength=self.n), np.float64)


def _returned(books: Books) -> dict[str, FloatArray]:
    """Returns by party, of all projects and of those that are finished; what was lent too cheap."""
    deal, terms, finished = books.money.deal, books.terms, books.finished
    everybody, unfinished = _Sums(books), np.flatnonzero(~finished)
    others = _Sums(books, unfinished)
    whole = everybody.over_periods(books.flow)
    done = whole - others.over_periods(books.flow[:, unfinished])
    both = np.concatenate([done, whole]).reshape(-1, deal.periods)
    rated = returns(both, YEARS, terms.finance.discount_rate_per_year)
    of = {name: column.reshape(2, *done.shape[:2]) for name, column in vars(rated).items()}
    found: dict[str, FloatArray] = {}
    for number, party in enumerate(PARTIES):
        found |= {
            f"irr_{party}": of["irr"][0, number],
            f"irr_{party}_with_unfinished": of["irr"][1, number],
            f"multiple_{party}": of["multiple"][0, number],
            f"npv_usd_bn_{party}": of["npv"][0, number] / CENTS_PER_USD_BN,
            f"payback_years_{party}": of["payback_years"][0, number],
        }
        if party in SHARING:
            found[f"net_usd_bn_{party}"] = done[number].sum(axis=1) / CENTS_PER_USD_BN
    cost = terms.finance.loans.loan.cost_per_year
    below = np.flatnonzero(finished)[~reach(books.flows["jbic"][finished], YEARS, cost)]
    lent = np.maximum(deal.net[LOAN].sum(axis=1), 0.0)
    found["lent_below_cost_usd_bn"] = _Sums(books, below).of(lent[below]) / CENTS_PER_USD_BN
    at_risk = everybody.over_periods(books.money.outstanding[:, :, : terms.observed])
    peak = at_risk.max(axis=2, initial=0) / CENTS_PER_USD_BN
    return found | {
        "peak_exposure_usd_bn_jbic": peak[LOAN],
        "peak_exposure_usd_bn_insured_lenders": peak[INSURED],
        "peak_exposure_usd_bn_nexi": peak[INSURED] * terms.finance.loans.cover.share,
    }


def _flipped(books: Books) -> dict[str, FloatArray]:
    """Share of the money in complete projects that passes to the second split, and when half has.

    The year is that by which half of it has passed.
    """
    deal, switched, sums = books.money.deal, books.money.shared.switched, _Sums(books)
    invested, flips = deal.investment * deal.complete, switched.any(axis=1)
    total = sums.of(invested)
    first = switched.argmax(axis=1)
    shape = (sums.n, deal.periods)
    passed = np.cumsum(by_period(deal.place, first, invested * flips, shape), axis=1)
    reached = 2 * passed >= total[:, np.newaxis]
    when = reached.argmax(axis=1)
    year = books.terms.quarters.year[when] + (when % PER_YEAR + 1) * YEARS
    with np.errstate(invalid="ignore"):
        share = passed[:, -1] / total
    return {
        "flipped_share": share,
        "flip_year_p50": np.where(reached.any(axis=1) & (total > 0), year, np.nan),
    }


def _promised(books: Books) -> dict[str, FloatArray]:
    """What the articles promise, and what the programme answers."""
    deal, finished, sums = books.money.deal, books.finished, _Sums(books)
    back = books.flows["japan"].sum(axis=1) >= 0
    content = books.entries.batch.attributes.japanese_content_share[deal.rows]
    spent, overrun = (cents.sum(axis=1) for cents in (books.building.spent, books.building.overrun))
    with np.errstate(invalid="ignore"):
        money_back, earn, meet = (
            sums.of(kept) / sums.of(finished)
            for kept in (finished & back, books.earn_deemed_rate, books.meet_deemed_amount)
        )
    return {
        "overrun_usd_bn_by_end": sums.of(overrun) / CENTS_PER_USD_BN,
        "money_back_share": money_back,
        "earns_deemed_rate_share": earn,
        "meets_deemed_amount_share": meet,
        "japanese_orders_usd_bn_by_end": sums.of(content * spent) / CENTS_PER_USD_BN,
    }
