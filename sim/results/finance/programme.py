"""Responses of money: returns of the programme, and what the articles promise of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.events import CENTS_PER_USD_BN, FloatArray, IntArray
from sim.events.money import PARTIES, SHARING
from sim.results.finance.loans import INSURED, LOAN
from sim.results.finance.returns import measures, rates, reach
from sim.results.finance.tables import YEARS, Books
from sim.results.finance.terms import PER_YEAR
from sim.results.finance.walks import by_period

BoolArray = NDArray[np.bool_]


def programme(books: Sequence[Books]) -> dict[str, FloatArray]:
    """Responses by name, (n_replications,): of finished projects, and with the others.

    Sums of cents are exact, and others are taken project by project, so that a replication's are
    the same alone and beside others, and however many books its projects stand in.
    """
    order = np.argsort(np.concatenate([one.money.deal.rows for one in books]))
    parts: Any = zip(*map(_projects, books), strict=True)
    projects = _Projects(*(np.concatenate(part).take(order) for part in parts))
    sums = _Sums(projects.place, books[0].entries.batch.n)
    return (
        _returned(books, projects, sums)
        | _flipped(books, projects, sums)
        | _promised(projects, sums)
    )


class _Projects(NamedTuple):
    """What is asked of each project, (n_projects,)."""

    place: IntArray  # of its replication
    finished: BoolArray
    lent_below_cost: FloatArray  # cents
    invested: IntArray  # cents, where it is complete
    flips: BoolArray  # some of its cash is shared the second way
    flipped: IntArray  # period in which that is first so
    money_back: BoolArray
    earn_deemed_rate: BoolArray
    meet_deemed_amount: BoolArray
    overrun: IntArray  # cents
    orders: FloatArray  # cents spent in Japan


def _projects(books: Books) -> _Projects:
    deal, finished, terms = books.money.deal, books.finished, books.terms
    cost, switched = terms.finance.loans.loan.cost_per_year, books.money.shared.switched
    below = finished.copy()
    below[finished] = ~reach(books.flows["jbic"][finished], YEARS, cost)
    content = books.entries.batch.attributes.japanese_content_share[deal.rows]
    return _Projects(
        place=deal.place,
        finished=finished,
        lent_below_cost=np.where(below, np.maximum(deal.net[LOAN].sum(axis=1), 0.0), 0.0),
        invested=deal.investment * deal.complete,
        flips=np.asarray(switched.any(axis=1)),
        flipped=switched.argmax(axis=1),
        money_back=finished & (books.flows["japan"].sum(axis=1) >= 0),
        earn_deemed_rate=books.earn_deemed_rate,
        meet_deemed_amount=books.meet_deemed_amount,
        overrun=books.building.overrun.sum(axis=1),
        orders=content * books.building.spent.sum(axis=1),
    )


class _Sums(NamedTuple):
    """Sums over the projects of each replication of a batch."""

    place: IntArray
    n: int

    def of(self, amounts: NDArray[Any]) -> FloatArray:
        """(n_replications,) of an amount by project, or of how many there are."""
        return np.asarray(np.bincount(self.place, weights=amounts, minlength=self.n), np.float64)


def _over_projects(cents: IntArray, place: IntArray, n: int) -> IntArray:
    """Whole cents (..., n_projects, periods) as (..., n_replications, periods)."""
    bounds = np.searchsorted(place, np.arange(n + 1)).tolist()
    return np.stack([cents[..., a:b, :].sum(axis=-2) for a, b in pairwise(bounds)], axis=-2)


def _together(parts: Sequence[IntArray]) -> IntArray:
    """Sum of arrays that end in so many periods, to the end of the longest."""
    longest, *others = sorted(parts, key=lambda part: -part.shape[-1])
    for part in others:
        longest[..., : part.shape[-1]] += part
    return longest


def _returned(books: Sequence[Books], projects: _Projects, sums: _Sums) -> dict[str, FloatArray]:
    """Returns by party, of all projects and of those that are finished; what was lent too cheap."""
    terms, flows, others, at_risk = books[0].terms, [], [], []
    for one in books:
        place, unfinished = one.money.deal.place, np.flatnonzero(~one.finished)
        flows.append(_over_projects(one.flow, place, sums.n))
        others.append(_over_projects(one.flow[:, unfinished], place[unfinished], sums.n))
        observed = one.money.outstanding[:, :, : terms.observed]
        at_risk.append(_over_projects(observed, place, sums.n))
    whole = _together(flows)
    done = whole - _together(others)
    flat, shape = done.reshape(-1, done.shape[-1]), done.shape[:2]
    irr, _ = rates(np.concatenate([flat, whole.reshape(flat.shape)]), YEARS)
    irr = irr.reshape(2, *shape)
    measured = measures(flat, YEARS, terms.finance.discount_rate_per_year)
    multiple, worth, payback_years = (column.reshape(shape) for column in measured)
    found: dict[str, FloatArray] = {}
    for number, party in enumerate(PARTIES):
        found |= {
            f"irr_{party}": irr[0, number],
            f"irr_{party}_with_unfinished": irr[1, number],
            f"multiple_{party}": multiple[number],
            f"npv_usd_bn_{party}": worth[number] / CENTS_PER_USD_BN,
            f"payback_years_{party}": payback_years[number],
        }
        if party in SHARING:
            found[f"net_usd_bn_{party}"] = done[number].sum(axis=1) / CENTS_PER_USD_BN
    peak = _together(at_risk).max(axis=2, initial=0) / CENTS_PER_USD_BN
    return found | {
        "lent_below_cost_usd_bn": sums.of(projects.lent_below_cost) / CENTS_PER_USD_BN,
        "peak_exposure_usd_bn_jbic": peak[LOAN],
        "peak_exposure_usd_bn_insured_lenders": peak[INSURED],
        "peak_exposure_usd_bn_nexi": peak[INSURED] * terms.finance.loans.cover.share,
    }


def _flipped(books: Sequence[Books], projects: _Projects, sums: _Sums) -> dict[str, FloatArray]:
    """Share of the money in complete projects that passes to the second split, and when half has.

    The year is that by which half of it has passed.
    """
    total = sums.of(projects.invested)
    shape = (sums.n, max(one.money.deal.periods for one in books))
    cents = projects.invested * projects.flips
    passed = np.cumsum(by_period(projects.place, projects.flipped, cents, shape), axis=1)
    reached = 2 * passed >= total[:, np.newaxis]
    when = reached.argmax(axis=1)
    year = books[0].terms.quarters.year[when] + (when % PER_YEAR + 1) * YEARS
    with np.errstate(invalid="ignore"):
        share = passed[:, -1] / total
    return {
        "flipped_share": share,
        "flip_year_p50": np.where(reached.any(axis=1) & (total > 0), year, np.nan),
    }


def _promised(projects: _Projects, sums: _Sums) -> dict[str, FloatArray]:
    """What the articles promise, and what the programme answers."""
    kept = (projects.money_back, projects.earn_deemed_rate, projects.meet_deemed_amount)
    with np.errstate(invalid="ignore"):
        money_back, earn, meet = (sums.of(one) / sums.of(projects.finished) for one in kept)
    return {
        "overrun_usd_bn_by_end": sums.of(projects.overrun) / CENTS_PER_USD_BN,
        "money_back_share": money_back,
        "earns_deemed_rate_share": earn,
        "meets_deemed_amount_share": meet,
        "japanese_orders_usd_bn_by_end": sums.of(projects.orders) / CENTS_PER_USD_BN,
    }
