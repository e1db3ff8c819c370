"""Who gets what of the money of projects, quarter by quarter to the end of the last life."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.events import FloatArray, IntArray, Kind
from sim.events.money import PARTIES
from sim.results.finance.deal import Deal
from sim.results.finance.entries import Entries
from sim.results.finance.loans import (
    INSURED,
    LOAN,
    Debt,
    Insurance,
    default_period,
    insure,
    of_lenders,
    schedule,
    serve,
)
from sim.results.finance.operation import Cash, Running, operate, over_projects, running
from sim.results.finance.terms import PER_YEAR, Terms
from sim.results.finance.walks import before, by_period, carried, cells, part, since, steps, widened
from sim.results.finance.waterfall import Shared, cumulative, deemed_amounts, per_period

EQUITY = 2


@dataclass(frozen=True)
class Money:
    """Whole cents, (n_projects, periods); lenders in front where there are two.

    ``recovered`` is what comes back of lost principal, by lender, the insurer's part included.
    """

    deal: Deal
    cash: Cash
    partners: IntArray
    shared: Shared  # of the split; Japan's side before recapture
    recaptured: IntArray  # taken by the US from Japan's side
    interest: IntArray  # (2, n, periods)
    principal: IntArray  # (2, n, periods)
    surplus: IntArray  # to equity, or kept where there is none
    lost: IntArray  # (2, n, periods) principal
    recovered: IntArray  # (2, n, periods)
    outstanding: IntArray  # (2, n, periods) principal at the end of the period
    insurance: Insurance
    defaulted: IntArray  # (n,) period, past the end if never


def follow_money(entries: Entries, terms: Terms, deal: Deal) -> Money:
    """Operation, waterfall, loans and losses of projects."""
    n, periods = len(deal.rows), deal.periods
    ran = running(deal.units, periods)
    cash = operate(ran, n)
    debt = _debt(deal, terms)
    loans_first = terms.finance.sharing.reading == "equity_only"
    defaulted = np.full(n, periods)
    if loans_first:
        senior = serve(
            debt, cash.distributed - part(cash.distributed, deal.partners_share[:, None])
        )
        runs_in_full = _period(np.ceil(deal.last + terms.ramp[deal.sector]), periods)
        patience = terms.finance.given_up.default_quarters
        defaulted = default_period(senior, runs_in_full, patience)
        cash, debt = _stopped(cash, debt, defaulted)
    partners = part(cash.distributed, deal.partners_share[:, np.newaxis])
    ours = cash.distributed - partners
    if loans_first:
        service = serve(debt, ours)
        shared = _split(deal, terms, ran, service.surplus)
        recaptured = np.zeros_like(ours)  # what loans earn is no distribution
        surplus = shared.japan
    else:
        shared = _split(deal, terms, ran, ours)
        service = serve(debt, shared.japan)
        recaptured = _recaptured(entries, terms, deal, service.interest)
        if np.any(recaptured):
            service = serve(debt, shared.japan - recaptured)
        surplus = service.surplus
    interest, principal, repaid = of_lenders(debt, service)
    end = np.minimum(defaulted, _period(np.ceil(deal.over) - 1, periods))
    end = np.where(np.isfinite(deal.over), end, _period(deal.given_up, periods))
    outstanding = debt.owed - repaid
    lost = _lost(deal, outstanding, end)
    outstanding *= (np.arange(periods) < end[:, np.newaxis]).astype(np.int64)
    recovered = _recovered(deal, terms, lost)
    cover = terms.finance.loans.cover
    insurance = insure(
        interest[INSURED],
        before(outstanding[INSURED]),
        lost[INSURED],
        recovered[INSURED],
        cover=cover.share,
        premium=cover.premium_per_year / PER_YEAR,
        delay=terms.claim_delay,
    )
    return Money(
        deal,
        cash,
        partners,
        shared,
        recaptured,
        interest,
        principal,
        surplus,
        lost,
        recovered,
        outstanding,
        insurance,
        defaulted,
    )


def _period(position: FloatArray, periods: int) -> IntArray:
    return np.minimum(position, periods).astype(np.int64)


def _written_off(deal: Deal) -> FloatArray:
    """(3, n, paid) what the cancellation wrote off, when it did."""
    gone = np.zeros_like(deal.net)
    rows = np.flatnonzero(np.isfinite(deal.given_up))
    gone[:, rows, _period(deal.given_up[rows], gone.shape[2] - 1)] = deal.lost[:, rows]
    return gone


def _debt(deal: Deal, terms: Terms) -> Debt:
    """Principal is due in equal parts between grace and tenor, after the last unit runs."""
    end = np.minimum(terms.tenor, terms.life[deal.sector])
    grace = np.minimum(terms.grace, end - 1)
    until = min(deal.periods, int(deal.net.shape[2] + np.max(end, initial=0)) + 3)
    passed = since(deal.last + grace, until)[:, 1:] / (end - grace)[:, np.newaxis]
    gone = _written_off(deal)
    return schedule(
        deal.net[:EQUITY] - gone[:EQUITY],
        deal.weighted[:EQUITY],
        terms.loan_rate(deal.sector, deal.periods),
        _period(deal.first, deal.periods),
        np.minimum(passed, 1.0),
    )


def _split(deal: Deal, terms: Terms, ran: Running, cash: IntArray) -> Shared:
    """The waterfall on ``cash``, on the investment it concerns, under the reading in force."""
    sharing, periods = terms.finance.sharing, deal.periods
    rate = terms.deemed_rate(deal.sector, periods)
    net, weighted = deal.net, deal.weighted
    investment = deal.investment.astype(np.float64)
    if sharing.reading == "equity_only":
        net, weighted = net[EQUITY:], weighted[EQUITY:]
        total = deal.net.sum(axis=2)
        investment = investment * total[EQUITY] / np.maximum(total.sum(axis=0), 1.0)
    waiting = None
    if sharing.reading == "cumulative" or sharing.counted_from == "payment":
        put, partly = (widened(paid.sum(axis=0), periods) for paid in (net, weighted))
    if sharing.reading == "cumulative":
        return cumulative(cash, put + partly * rate, terms.split, 1 + rate)
    if sharing.counted_from == "payment":
        lasting = since(deal.units.position, periods) * deal.units.share[:, np.newaxis]
        at_work = steps(over_projects(deal.units, lasting, len(put)))[:, 1:]
        standing = before(np.cumsum(put, axis=1)) + partly
        waiting = np.maximum(standing - investment[:, np.newaxis] * at_work, 0.0)
        waiting[np.arange(periods) >= deal.given_up[:, np.newaxis]] = 0.0
    deemed = deemed_amounts(
        ran, investment, rate, outstanding=sharing.interest_on == "outstanding", waiting=waiting
    )
    return per_period(cash, deemed, terms.split, 1 + rate if sharing.carry_bears_interest else None)


def _recaptured(entries: Entries, terms: Terms, deal: Deal, interest: IntArray) -> IntArray:
    """What the US takes of Japan's interest until it equals what Japan declined to fund."""
    reading = terms.finance.sharing.recapture
    recaptured, declined = np.zeros_like(interest), entries.of(Kind.DECLINED)
    if reading == "none" or not len(declined.time):
        return recaptured
    shape = (entries.batch.n, interest.shape[1])
    place, when = entries.batch.of_row[declined.row], terms.quarters.period(declined.time)
    unfunded = by_period(place, when, declined.cents, shape).astype(np.int64)
    concerned = interest
    if reading == "later_projects":
        chosen = entries.of(Kind.SELECTED)
        selected = np.zeros(entries.batch.first[-1], dtype=np.int64)
        selected[chosen.row] = chosen.time
        since_then = np.full(shape[0], np.iinfo(np.int64).max)
        np.minimum.at(since_then, place, declined.time)
        concerned = interest * (selected[deal.rows] > since_then[deal.place])[:, np.newaxis]
    for one in np.unique(place):
        own = np.flatnonzero(deal.place == one)
        so_far = np.cumsum(concerned[own], axis=0)
        total = concerned[own].sum(axis=0)
        open_after = carried(unfunded[[one]], total[np.newaxis])[0]
        taken = before(open_after) + unfunded[one] - open_after
        taken_so_far = np.rint(so_far / np.maximum(total, 1) * taken).astype(np.int64)
        recaptured[own] = np.diff(taken_so_far, axis=0, prepend=0)
    return recaptured


def _stopped(cash: Cash, debt: Debt, after: IntArray) -> tuple[Cash, Debt]:
    """Nothing is earned, and nothing falls due, once a project has defaulted."""
    on = np.arange(cash.earned.shape[1]) <= after[:, np.newaxis]
    return (
        Cash(cash.earned * on, cash.refreshed * on, cash.distributed * on),
        replace(debt, interest=debt.interest * on, principal=debt.principal * on),
    )


def _lost(deal: Deal, outstanding: IntArray, end: IntArray) -> IntArray:
    """Principal lost by lender: at the cancellation, at a default, or unpaid when all is over."""
    gone = np.rint(_written_off(deal)[:EQUITY]).astype(np.int64)
    lost = widened(gone, deal.periods)
    rows = np.flatnonzero((end < deal.periods) & np.isfinite(deal.over))
    lost[:, rows, end[rows]] += np.maximum(outstanding[:, rows, end[rows]], 0)
    return lost


def _recovered(deal: Deal, terms: Terms, lost: IntArray) -> IntArray:
    """What comes back later of principal lost; nothing of what is worn out."""
    recovered, delay = np.zeros_like(lost), terms.recovery_delay
    lender, row, period = cells(lost[:, :, : deal.periods - delay])
    sold = lost[lender, row, period] * (period < np.ceil(deal.over)[row] - 1)
    recovered[lender, row, period + delay] = part(sold, deal.recovery_share[row])
    return recovered


def receipts(money: Money) -> IntArray:
    """What each of `PARTIES` receives less what it pays out of that; outlays are apart.

    (n_parties, n, periods). Japan's is of the four on its side, and what they leave undivided.
    """
    received = np.empty((len(PARTIES), *money.surplus.shape), dtype=np.int64)
    of, insured = dict(zip(PARTIES, received, strict=True)), money.insurance
    np.add(money.shared.us, money.recaptured, out=of["us"])
    for lender, name in ((LOAN, "jbic"), (INSURED, "insured_lenders")):
        np.add(money.interest[lender], money.principal[lender], out=of[name])
        of[name] += money.recovered[lender]
    np.add(of["jbic"], of["insured_lenders"], out=of["japan"])
    of["japan"] += money.surplus
    np.add(insured.premium, insured.recovered, out=of["nexi"])
    of["nexi"] -= insured.claim
    of["insured_lenders"] -= of["nexi"]
    has_equity = money.deal.has_equity[:, np.newaxis].astype(np.int64)
    np.multiply(money.surplus, has_equity, out=of["equity"])
    of["partners"][:] = money.partners
    return received


def pay_in(flow: IntArray, money: Money, partners: IntArray) -> None:
    """Take off `receipts` what each party puts in, less what comes back unspent.

    ``partners`` are theirs, (n, quarters) up to the end of the run-out.
    """
    net = np.rint(money.deal.net).astype(np.int64)
    by_instrument = dict(zip(("jbic", "insured_lenders", "equity"), net, strict=True))
    of = dict(zip(PARTIES, flow[:, :, : partners.shape[1]], strict=True))
    for name, put in ({"partners": partners, "japan": net.sum(axis=0)} | by_instrument).items():
        of[name] -= put
