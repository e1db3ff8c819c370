"""The timeline table: the programme month by month, and the totals it shares with responses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.events import CENTS_PER_USD_BN, FloatArray, IntArray, Kind
from sim.tables.facts import Columns, Facts


@dataclass(frozen=True)
class Totals:
    """Cumulative cents at every instant of the horizon, each shape (n_instants,).

    ``selected`` is gross, ``committed`` net of what was declined. ``under_construction`` is the
    committed amount of projects with NTP less their units built, ``completed`` the committed
    amount of the units built.
    """

    proposed: IntArray
    selected: IntArray
    committed: IntArray
    called: IntArray
    paid: IntArray
    spent: FloatArray
    under_construction: IntArray
    completed: IntArray


def totals(facts: Facts) -> Totals:
    """Read the programme's amounts at every instant of the horizon."""
    selected = facts.cents(Kind.SELECTED)
    completed = facts.cents(Kind.UNIT_BUILT)
    ntp = facts.of(Kind.NTP_ISSUED)
    started = facts.cents_of(Kind.NTP_ISSUED, facts.replication.attributes.selected_cents[ntp.row])
    return Totals(
        proposed=facts.cents(Kind.PROPOSED),
        selected=selected,
        committed=selected - facts.cents(Kind.DECLINED),
        called=facts.cents(Kind.CALL_NOTICED),
        paid=facts.cents(Kind.PART_DRAWN),
        spent=facts.spent_cents,
        under_construction=started - completed,
        completed=completed,
    )


def gap_people(facts: Facts, rows: IntArray) -> FloatArray:
    """Shortage O + D - S, at least 0, at rows of the market trace; same shape, people.

    A pool without limit has no gap, whatever O is.
    """
    market = facts.replication.market
    with np.errstate(invalid="ignore"):  # inf - inf
        short = market.other_demand[rows] + market.wanted[rows] - market.people[rows]
    return np.fmax(short, 0.0)


def timeline_table(facts: Facts, amounts: Totals) -> Columns:
    """One row per calendar month; amounts and counts at its end, specialists as its mean."""
    horizon, market = facts.horizon, facts.replication.market
    n = horizon.n_months
    columns: Columns = {
        "replication": np.full(n, facts.replication.replication, dtype=np.int32),
        "month": horizon.month,
    }
    for name in Totals.__dataclass_fields__:
        columns[f"{name}_usd_bn"] = getattr(amounts, name)[:n] / CENTS_PER_USD_BN
    raised = _standing(facts, Kind.TARIFF_RAISED, Kind.TARIFF_RELIEVED) > 0
    general, autos = np.where(raised, horizon.tariff_raised, horizon.tariff_baseline)
    minutes = horizon.month_end - horizon.month_begin
    columns |= {
        "selected_count": facts.counts(Kind.SELECTED)[:n].astype(np.int32),
        "completed_count": facts.counts(Kind.OPERATING)[:n].astype(np.int32),
        "open_breaches": _standing(facts, Kind.BREACH_OPENED, Kind.BREACH_CLOSED).astype(np.int32),
        "tariff_general": general,
        "tariff_autos": autos,
        "specialists_wanted": facts.market.integral(market.wanted).sum(axis=0) / minutes,
        "specialists_granted": facts.market.integral(market.granted).sum(axis=0) / minutes,
        "specialists_gap_people": gap_people(
            facts, facts.market.rows_before(horizon.month_end)
        ).sum(axis=0),
    }
    return columns


def _standing(facts: Facts, opened: Kind, closed: Kind) -> IntArray:
    """How many of what was opened are not closed at each month end."""
    n = facts.horizon.n_months
    return np.asarray(facts.counts(opened)[:n] - facts.counts(closed)[:n])
