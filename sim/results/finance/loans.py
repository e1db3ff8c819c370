"""Loans to a project: what is due, what its cash serves, what is lost, what the insurer bears.

A project's lenders stand pro rata: one debt, each lender a part of its principal and of its
interest. Interest before the first operation is added to the principal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.events import FloatArray, IntArray
from sim.results.finance.walks import (
    before,
    carried,
    carried_with_interest,
    cells,
    cents,
    cents_of,
    part,
    steps,
    widened,
)

LOAN, INSURED = 0, 1  # lenders


@dataclass(frozen=True)
class Debt:
    """What is due, (n_projects, periods) unless stated; cents, unrounded where FloatArray."""

    interest: IntArray  # due on what the schedule leaves outstanding
    principal: IntArray  # due by the schedule
    rate: FloatArray  # of a period, mean of the lenders; unpaid amounts bear it
    owed: IntArray  # (2, n_projects, periods) principal so far, with capitalised interest
    parts: FloatArray  # (2, n_projects) of the principal
    interest_part: FloatArray  # (n_projects, periods) of the first lender in the interest


@dataclass(frozen=True)
class Service:
    """What cash paid of it, whole cents, (n_projects, periods)."""

    interest: IntArray
    principal: IntArray
    surplus: IntArray  # cash beyond what was due
    unpaid_interest: IntArray  # at the end of the period


def schedule(
    drawn: FloatArray, weighted: FloatArray, rate: FloatArray, first: IntArray, due: FloatArray
) -> Debt:
    """Set out interest and principal of every period.

    Parameters
    ----------
    drawn : FloatArray
        (2, n_projects, paid) cents drawn less returned and written off, by lender, in the first
        periods; nothing is drawn, and no first operation is, in the others.
    weighted : FloatArray
        The same, each amount times what is left of its period.
    rate : FloatArray
        (2, n_projects, periods) interest of a period, by lender.
    first : IntArray
        (n_projects,) period of the first operation: interest is payable from it on.
    due : FloatArray
        (n_projects, until) share of the principal that is due by the end of each period; all of
        it is in the last two.
    """
    paid, until, periods = drawn.shape[2], due.shape[1], rate.shape[2]
    payable = np.arange(until) >= first[:, np.newaxis]
    early = payable[:, :paid]
    scale = np.cumprod(1 + rate[:, :, :paid], axis=2)
    compounded = scale * np.cumsum((drawn + weighted * rate[:, :, :paid]) / scale, axis=2)
    total = np.cumsum(drawn, axis=2)
    last = (slice(None), np.arange(len(first)), np.clip(first - 1, 0, paid - 1))
    capitalised = (compounded[last] - total[last]) * (first > 0)
    capital = np.maximum(total + capitalised[:, :, np.newaxis], 0.0) * early
    so_far = np.rint(np.where(early, capital, compounded)).astype(np.int64)
    by_lender = capital[:, :, -1]
    # What stands at the beginning of each period: the principal is all there is after it is paid.
    standing, left = np.zeros((*by_lender.shape, until + 1)), 1 - due
    standing[:, :, 1 : paid + 1] = np.where(early, capital * left[:, :paid], compounded)
    np.multiply(by_lender[:, :, np.newaxis], left[:, paid:], out=standing[:, :, paid + 1 :])
    interest = standing[:, :, :until]
    interest[:, :, :paid] += weighted
    interest *= rate[:, :, :until]
    np.maximum(interest, 0.0, out=interest)
    interest *= payable.astype(np.float64)
    whole = by_lender.sum(axis=0)[:, np.newaxis] * due
    # As money is paid some is written off; later only more falls due.
    drawn_due = (capital[LOAN] + capital[INSURED]) * due[:, :paid]
    np.maximum.accumulate(drawn_due, axis=1, out=whole[:, :paid])
    whole[:, paid:] = np.maximum(whole[:, paid:], whole[:, paid - 1 : paid])
    parts = by_lender / np.maximum(by_lender.sum(axis=0), 1.0)
    parts[LOAN, by_lender.sum(axis=0) == 0] = 1.0
    own = parts[:, :, np.newaxis]
    both = interest[LOAN] + interest[INSURED]
    of_loan = np.where(both > 0, interest[LOAN] / np.maximum(both, 1e-9), own[LOAN])
    return Debt(
        interest=widened(cents(both), periods),
        principal=widened(cents_of(whole), periods),
        rate=rate[LOAN] * own[LOAN] + rate[INSURED] * own[INSURED],
        owed=widened(so_far, periods, held=True),
        parts=parts,
        interest_part=widened(of_loan, periods, held=True),
    )


def serve(debt: Debt, cash: IntArray) -> Service:
    """Interest first, then principal due; what is short is carried and bears interest."""
    due = debt.interest + debt.principal
    arrears = carried_with_interest(due, cash, 1 + debt.rate)
    interest = debt.interest + np.rint(before(arrears) * debt.rate).astype(np.int64)
    unpaid = carried(interest, cash)
    paid = interest - steps(unpaid)
    left = cash - paid
    overdue = carried(debt.principal, left)
    repaid = debt.principal - steps(overdue)
    return Service(paid, repaid, left - repaid, unpaid)


def default_period(service: Service, first: IntArray, quarters: int) -> IntArray:
    """Period in which interest has been short that many times in a row; past the end if never."""
    periods = service.interest.shape[1]
    short = (service.unpaid_interest > 0) & (np.arange(periods) >= first[:, np.newaxis])
    count = np.cumsum(short, axis=1)
    run: IntArray = count - np.maximum.accumulate(np.where(short, 0, count), axis=1)
    reached = run >= quarters
    ever = np.any(reached, axis=1)
    return np.asarray(np.where(ever, np.argmax(reached, axis=1), periods), np.int64)


def of_lenders(debt: Debt, service: Service) -> tuple[IntArray, IntArray, IntArray]:
    """Interest and principal paid to each lender, and the principal so far.

    Each (2, n_projects, periods); the insured one's last.
    """
    interest, so_far = np.empty((2, 2, *service.interest.shape), dtype=np.int64)
    interest[LOAN] = part(service.interest, debt.interest_part)
    np.subtract(service.interest, interest[LOAN], out=interest[INSURED])
    total = np.cumsum(service.principal, axis=1)
    so_far[LOAN] = part(total, debt.parts[LOAN][:, np.newaxis])
    np.subtract(total, so_far[LOAN], out=so_far[INSURED])
    return interest, steps(so_far), so_far


@dataclass(frozen=True)
class Insurance:
    """What insured lenders pay the insurer and get from it, whole cents, (n_projects, periods)."""

    premium: IntArray
    claim: IntArray
    recovered: IntArray  # by the insurer, of what lenders would have recovered


def insure(
    interest: IntArray,
    outstanding: IntArray,
    lost: IntArray,
    recovered: IntArray,
    *,
    cover: float,
    premium: float,
    delay: int,
) -> Insurance:
    """Premium out of interest; claims some periods after the loss; recoveries up to the claims.

    Parameters
    ----------
    interest : IntArray
        Received by insured lenders.
    outstanding : FloatArray
        Insured principal at the beginning of each period.
    lost, recovered : IntArray
        Insured principal lost, and what comes back of it later.
    cover, premium : float
        Share of the principal insured, and its price a period.
    delay : int
        Periods from loss to claim.
    """
    asked = np.maximum(outstanding, 0) * cover
    asked *= premium
    due = np.rint(asked, out=asked).astype(np.int64)
    claim, taken = np.zeros(lost.shape, np.int64), np.zeros(lost.shape, np.int64)
    row, period = cells(lost[:, : lost.shape[1] - delay])
    claim[row, period + delay] = part(lost[row, period], cover)
    some = np.flatnonzero(recovered.any(axis=1))
    so_far = np.minimum(np.cumsum(recovered[some], axis=1), np.cumsum(claim[some], axis=1))
    taken[some] = steps(np.maximum.accumulate(so_far, axis=1))
    return Insurance(np.minimum(interest, due), claim, np.minimum(taken, recovered))
