"""What logs say of the money of projects, as arrays ready to be worked on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.events import Cause, FloatArray, IntArray, Kind
from sim.results.finance.entries import Entries
from sim.results.finance.operation import Units, in_ranks
from sim.results.finance.terms import PER_YEAR, Terms
from sim.results.finance.walks import by_period
from sim.results.tables.batch import Happened

BoolArray = NDArray[np.bool_]
NEVER = np.inf
SPARED = 4000  # idle periods of projects: fewer cost less than to do all things twice


def instruments(entries: Entries, terms: Terms) -> IntArray:
    """Instrument of each resource that is a facility's cash; -1 for the others."""
    names = entries.batch.names
    found = np.full(len(names.resources), -1, dtype=np.int64)
    for name, instrument in zip(names.facilities, terms.instrument, strict=True):
        found[names.resources.index(f"{name}_cash")] = instrument
    return found


@dataclass(frozen=True)
class Deal:
    """Projects of a batch into which money went, (n,) unless stated; periods count quarters.

    Payments by instrument: loans, insured loans, equity. What was written off is what had gone
    into units that never ran when the project was given up.
    """

    rows: IntArray  # of the batch
    place: IntArray  # of the replication in the batch
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
    net: FloatArray  # (3, n, paid) drawn less returned, up to the end of the run-out
    weighted: FloatArray  # the same times what is left of the period
    lost: FloatArray  # (3, n) written off at the cancellation
    ends: IntArray  # periods until all is over in it
    lasts: IntArray  # the same, of its replication
    periods: int  # the most of them

    def of(self, mine: IntArray) -> Deal:
        """Some of the projects, to the end of the last of them."""
        by_instrument = ("net", "weighted", "lost")
        own = {
            name: column[:, mine] if name in by_instrument else column[mine]
            for name, column in vars(self).items()
            if isinstance(column, np.ndarray)
        }
        periods = max(self.net.shape[2], int(own["ends"].max()))
        return replace(self, units=self.units.of(mine), periods=periods, **own)

    @property
    def has_equity(self) -> BoolArray:
        """(n,) whether equity was drawn: without it a surplus stays on Japan's side."""
        return np.asarray(np.any(self.net[2] != 0, axis=1))


def read_deal(entries: Entries, terms: Terms) -> Deal:
    """Gather payments, units and ends of the projects that drew money."""
    drawn, returned = entries.of(Kind.PART_DRAWN), entries.of(Kind.MONEY_RETURNED)
    rows = np.unique(drawn.row)
    index = np.full(entries.batch.first[-1] + 1, -1, dtype=np.int64)
    index[rows] = np.arange(len(rows))
    place = entries.batch.of_row[rows]
    attributes = entries.batch.attributes
    n, quarters, sector = len(rows), terms.quarters, attributes.sector[rows]

    selected, cost, ratio = (
        getattr(attributes, name)[rows] for name in ("selected_cents", "cost_cents", "cost_ratio")
    )
    topup = np.rint(selected * np.maximum(0.0, ratio - 1)) if terms.tops_up else 0.0
    promised = (selected + topup).astype(np.int64)
    planned = np.maximum(cost - selected, 0)
    partners = np.maximum(np.rint(cost * ratio).astype(np.int64) - promised, 0)

    units = _units(entries, terms, index, rows)
    energised, first, last = np.zeros(n), np.full(n, NEVER), np.full(n, -NEVER)
    np.add.at(energised, units.row, units.share)
    np.minimum.at(first, units.row, units.position)
    np.maximum.at(last, units.row, units.position)
    last[last < 0] = NEVER
    given_up = np.full(n, NEVER)
    cancelled = entries.of(Kind.CANCELLED)
    known = index[cancelled.row] >= 0
    given_up[index[cancelled.row[known]]] = quarters.position(cancelled.time[known])

    over = last + terms.life[sector]
    latest = np.maximum(np.where(np.isfinite(over), over, 0.0), float(terms.observed))
    ends = np.ceil(latest).astype(np.int64) + terms.recovery_delay + 1
    ends = np.minimum(ends, quarters.n)
    lasts = np.zeros(entries.batch.n, dtype=np.int64)
    np.maximum.at(lasts, place, ends)
    paid = len(quarters.until(entries.batch.end))
    net, weighted = _payments(
        [(drawn, 1), (returned, -1)], terms, instruments(entries, terms), index, (n, paid)
    )
    total = net.sum(axis=2)
    stopped = entries.of(Kind.CALLS_STOPPED)
    left = stopped.row[stopped.cause == Cause.PARTNERS_FINISH]
    partners_finish = np.isin(rows, left)
    investment, theirs = promised.copy(), planned.copy()
    investment[partners_finish] = np.rint(total.sum(axis=0))[partners_finish]
    theirs[partners_finish] = np.maximum(cost - investment, 0)[partners_finish]
    lost = np.maximum(total.sum(axis=0) - investment * energised, 0.0) * np.isfinite(given_up)
    return Deal(
        rows=rows,
        place=place,
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
        recovery_share=entries.drawn("recovery_share")[rows],
        net=net,
        weighted=weighted,
        lost=np.rint(lost * total / np.maximum(total.sum(axis=0), 1.0)),
        ends=ends,
        lasts=lasts[place],
        periods=max(paid, int(ends.max(initial=0))),
    )


def by_length(deal: Deal, terms: Terms) -> list[Deal]:
    """Those that last long apart, where that spares the others many idle periods.

    A few plants run for sixty years, most things for fifteen to thirty. What nothing is carried
    beyond: no amount that grows, none that accrues without a unit that runs, none of another
    project.
    """
    sharing = terms.finance.sharing
    carries = sharing.carry_bears_interest or sharing.counted_from == "payment"
    if sharing.reading != "per_period" or sharing.recapture != "none" or carries:
        return [deal]
    ends = np.sort(deal.ends)
    spared = np.arange(1, len(ends) + 1) * (ends[-1:] - ends)
    if spared.max(initial=0) < SPARED:
        return [deal]
    short = deal.ends <= ends[spared.argmax()]
    return [deal.of(np.flatnonzero(short)), deal.of(np.flatnonzero(~short))]


def _units(entries: Entries, terms: Terms, index: IntArray, rows: IntArray) -> Units:
    energised = entries.of(Kind.UNIT_ENERGISED)
    order = np.lexsort((energised.part, energised.row))
    order = order[index[energised.row[order]] >= 0]  # not of what is the partners' alone
    order = order[in_ranks(energised.row[order])]
    place = index[energised.row[order]]
    sector, cost, selected = (
        getattr(entries.batch.attributes, name)[rows][place]
        for name in ("sector", "cost_cents", "selected_cents")
    )
    cost = cost / terms.cost_factor  # a premium for crews earns nothing
    share = energised.cents[order] / np.maximum(selected, 1)
    yields, refresh_years = (
        entries.drawn(name)[rows][place] for name in ("yield_share", "refresh_years")
    )
    return Units(
        row=place,
        position=terms.quarters.position(energised.time[order]),
        share=share,
        life=terms.life[sector],
        ramp=terms.ramp[sector],
        cash=yields * cost * share * terms.output[sector] / PER_YEAR,
        refresh_every=refresh_years * PER_YEAR,
        refresh_cents=terms.refresh_share[sector] * cost * share,
    )


def _payments(
    payments: list[tuple[Happened, int]],
    terms: Terms,
    instrument: IntArray,
    index: IntArray,
    shape: tuple[int, int],
) -> tuple[FloatArray, FloatArray]:
    """Payments by instrument and quarter, plain and times what is left of the quarter."""
    n, quarters = shape
    place = np.concatenate(
        [instrument[paid.resource] * n + index[paid.row] for paid, _ in payments]
    )
    cents = np.concatenate([sign * paid.cents for paid, sign in payments])
    position = terms.quarters.position(np.concatenate([paid.time for paid, _ in payments]))
    period = position.astype(np.int64)
    net, weighted = (
        by_period(place, period, amounts, (3 * n, quarters)).reshape(3, n, quarters)
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
