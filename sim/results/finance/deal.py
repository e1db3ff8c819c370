"""What a replication's log says of the money of its projects, as arrays ready to be worked on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.events import Cause, FloatArray, IntArray, Kind, OperationDraws, Replication
from sim.results.finance.operation import Units
from sim.results.finance.terms import PER_YEAR, Quarters, Terms
from sim.results.finance.walks import by_period
from sim.results.tables.facts import rows_of_projects

BoolArray = NDArray[np.bool_]
NEVER = np.inf


class Happened(NamedTuple):
    """Events of one kind, in order, each shape (n_of_kind,)."""

    time: IntArray
    row: IntArray  # of Attributes
    resource: IntArray
    part: IntArray
    cents: IntArray


def happened(replication: Replication, kind: Kind) -> Happened:
    """Read the events of a kind before the end."""
    log = replication.log
    found = np.flatnonzero((log.kind == kind) & (log.time < replication.end_minute))
    return Happened(
        log.time[found],
        rows_of_projects(replication)[log.project[found]],
        log.resource[found],
        log.part[found],
        np.rint(log.amount[found]).astype(np.int64),
    )


def instruments(replication: Replication, terms: Terms) -> IntArray:
    """Instrument of each resource that is a facility's cash; -1 for the others."""
    found = np.full(len(replication.names.resources), -1, dtype=np.int64)
    for name, instrument in zip(replication.names.facilities, terms.instrument, strict=True):
        found[replication.names.resources.index(f"{name}_cash")] = instrument
    return found


@dataclass(frozen=True)
class Deal:
    """Projects into which money went, (n,) unless stated; periods count quarters.

    Payments by instrument: loans, insured loans, equity. What was written off is what had gone
    into units that never ran when the project was given up.
    """

    rows: IntArray  # row of Attributes
    sector: IntArray
    units: Units
    first: FloatArray  # position of the first operation, inf without any
    last: FloatArray  # of the last unit that runs, likewise
    over: FloatArray  # end of the life of that unit
    complete: BoolArray  # every unit runs
    given_up: FloatArray  # position of the cancellation, inf without one
    promised: IntArray  # cents Japan was to put in for the whole project
    investment: IntArray  # the same, or what it did where partners finish
    partners_cents: IntArray  # what partners were to put in for it
    overrun_cents: IntArray  # part of that beyond the plan
    partners_share: FloatArray  # of the distributed cash
    recovery_share: FloatArray
    net: FloatArray  # (3, n, periods) drawn less returned
    weighted: FloatArray  # the same times what is left of the period
    lost: FloatArray  # (3, n) written off at the cancellation
    periods: int

    @property
    def has_equity(self) -> BoolArray:
        """(n,) whether equity was drawn: without it a surplus stays on Japan's side."""
        return np.asarray(np.any(self.net[2] != 0, axis=1))


def read_deal(replication: Replication, terms: Terms, draws: OperationDraws) -> Deal:
    """Gather payments, units and ends of the projects that drew money."""
    attributes = replication.attributes
    drawn = happened(replication, Kind.PART_DRAWN)
    returned = happened(replication, Kind.MONEY_RETURNED)
    rows = np.unique(drawn.row)
    index = np.full(len(attributes.entity) + 1, -1, dtype=np.int64)
    index[rows] = np.arange(len(rows))
    n, quarters, sector = len(rows), terms.quarters, attributes.sector[rows]

    selected, cost = attributes.selected_cents[rows], attributes.cost_cents[rows]
    ratio = attributes.cost_ratio[rows]
    topup = np.rint(selected * np.maximum(0.0, ratio - 1)) if terms.tops_up else 0.0
    promised = (selected + topup).astype(np.int64)
    planned = np.maximum(cost - selected, 0)
    partners = np.maximum(np.rint(cost * ratio).astype(np.int64) - promised, 0)

    units = _units(replication, terms, draws, index)
    energised, first, last = np.zeros(n), np.full(n, NEVER), np.full(n, -NEVER)
    np.add.at(energised, units.row, units.share)
    np.minimum.at(first, units.row, units.position)
    np.maximum.at(last, units.row, units.position)
    last[last < 0] = NEVER
    given_up = np.full(n, NEVER)
    cancelled = happened(replication, Kind.CANCELLED)
    known = index[cancelled.row] >= 0
    given_up[index[cancelled.row[known]]] = quarters.position(cancelled.time[known])

    over = last + terms.life[sector]
    latest = np.max(over, where=np.isfinite(over), initial=float(terms.observed))
    periods = min(int(np.ceil(latest)) + terms.recovery_delay + 1, quarters.n)
    payments = [(drawn, 1), (returned, -1)]
    net, weighted = _payments(
        payments, terms.quarters, instruments(replication, terms), index, (n, periods)
    )
    total = net.sum(axis=2)
    partners_finish = np.isin(rows, _left_to_partners(replication))
    investment, theirs = promised.copy(), planned.copy()
    investment[partners_finish] = np.rint(total.sum(axis=0))[partners_finish]
    theirs[partners_finish] = np.maximum(cost - investment, 0)[partners_finish]
    lost = np.maximum(total.sum(axis=0) - investment * energised, 0.0) * np.isfinite(given_up)
    return Deal(
        rows=rows,
        sector=sector,
        units=units,
        first=first,
        last=last,
        over=over,
        complete=energised > 1 - 1e-9,
        given_up=given_up,
        promised=promised,
        investment=investment,
        partners_cents=partners,
        overrun_cents=np.maximum(partners - planned, 0),
        partners_share=_partners_share(
            terms, theirs, cost, partners + promised - investment, investment
        ),
        recovery_share=draws.recovery_share[rows],
        net=net,
        weighted=weighted,
        lost=np.rint(lost * total / np.maximum(total.sum(axis=0), 1.0)),
        periods=periods,
    )


def _left_to_partners(replication: Replication) -> IntArray:
    """Rows of the projects that partners finish for their own money."""
    log = replication.log
    found = (log.kind == Kind.CALLS_STOPPED) & (log.cause == Cause.PARTNERS_FINISH)
    found &= log.time < replication.end_minute
    return np.asarray(rows_of_projects(replication)[log.project[found]])


def _units(replication: Replication, terms: Terms, draws: OperationDraws, index: IntArray) -> Units:
    attributes, energised = replication.attributes, happened(replication, Kind.UNIT_ENERGISED)
    order = np.lexsort((energised.part, energised.row))
    order = order[index[energised.row[order]] >= 0]  # not of what is the partners' alone
    row = energised.row[order]
    sector = attributes.sector[row]
    cost = attributes.cost_cents[row] / terms.cost_factor  # a premium for crews earns nothing
    share = energised.cents[order] / np.maximum(attributes.selected_cents[row], 1)
    return Units(
        row=index[row],
        position=terms.quarters.position(energised.time[order]),
        share=share,
        life=terms.life[sector],
        ramp=terms.ramp[sector],
        cash=draws.yield_share[row] * cost * share * terms.output[sector] / PER_YEAR,
        refresh_every=draws.refresh_years[row] * PER_YEAR,
        refresh_cents=terms.refresh_share[sector] * cost * share,
    )


def _payments(
    payments: list[tuple[Happened, int]],
    quarters: Quarters,
    instrument: IntArray,
    index: IntArray,
    shape: tuple[int, int],
) -> tuple[FloatArray, FloatArray]:
    """Payments by instrument and quarter, plain and times what is left of the quarter."""
    place = np.concatenate(
        [instrument[paid.resource] * shape[0] + index[paid.row] for paid, _ in payments]
    )
    cents = np.concatenate([sign * paid.cents for paid, sign in payments])
    position = quarters.position(np.concatenate([paid.time for paid, _ in payments]))
    period = position.astype(np.int64)
    cells = (3 * shape[0], shape[1])
    net, weighted = (
        by_period(place, period, amounts, cells).reshape(3, *shape)
        for amounts in (cents, cents * (period + 1 - position))
    )
    return net, weighted


def _partners_share(
    terms: Terms, planned: IntArray, cost: IntArray, partners: IntArray, investment: IntArray
) -> FloatArray:
    """Partners' part of distributed cash, under the reading in force."""
    reading = terms.finance.sharing.partners_share
    if reading == "none":
        return np.zeros(len(cost))
    if reading == "of_outlay":
        return np.asarray(partners / np.maximum(partners + investment, 1))
    return np.asarray(planned / np.maximum(cost, 1))
