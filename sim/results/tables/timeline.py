"""The timeline table: the programme month by month, and the totals it shares with responses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.events import CENTS_PER_USD_BN, FloatArray, IntArray, Kind
from sim.results.tables.facts import Columns, Facts, cents_by_project, returned_of_topups
from sim.results.tables.tariffs import rates_at, routes_in_force
from sim.results.tables.trade import TARIFF_CLASSES


@dataclass(frozen=True)
class Totals:
    """Cumulative cents at each instant of the horizon, each shape (n_replications, n_instants).

    ``selected`` is gross, ``committed`` net of what was declined or released by a cancellation.
    ``under_construction`` is the committed amount of projects with NTP less their units built,
    without cancelled ones; ``completed`` the committed amount of the units energised.
    ``dark`` is what is built and not energised, without cancelled projects. ``called`` and
    ``paid`` are of the committed amounts; ``topup`` was drawn for overruns, outside the envelope.
    Both are less what cancelled projects returned, of the top-up first.
    """

    proposed: IntArray
    selected: IntArray
    committed: IntArray
    called: IntArray
    paid: IntArray
    spent: FloatArray
    under_construction: IntArray
    completed: IntArray
    dark: IntArray
    topup: IntArray


# Amounts of the programme that the timeline does not show.
_NOT_IN_TIMELINE = ("dark", "topup")


def totals(facts: Facts) -> Totals:
    """Read the programme's amounts at every instant of the horizon."""
    attributes = facts.batch.attributes
    selected = facts.cents(Kind.SELECTED)
    built, completed = facts.cents(Kind.UNIT_BUILT), facts.cents(Kind.UNIT_ENERGISED)
    planned_draws = _planned(facts, Kind.PART_DRAWN)
    ntp, cancelled = facts.of(Kind.NTP_ISSUED), facts.of(Kind.CANCELLED)
    started = facts.sum_of(Kind.NTP_ISSUED, attributes.selected_cents[ntp.row])
    # A cancelled project takes what it had under construction, or built and dark, with it.
    on_site = np.zeros_like(attributes.selected_cents)
    on_site[ntp.row] = attributes.selected_cents[ntp.row]
    built_of, energised_of = (
        cents_by_project(facts, kind) for kind in (Kind.UNIT_BUILT, Kind.UNIT_ENERGISED)
    )
    given_up = facts.sum_of(Kind.CANCELLED, (on_site - built_of)[cancelled.row])
    left_dark = facts.sum_of(Kind.CANCELLED, (built_of - energised_of)[cancelled.row])
    of_topup = facts.sum_of(Kind.CANCELLED, returned_of_topups(facts)[cancelled.row])
    return Totals(
        proposed=facts.cents(Kind.PROPOSED),
        selected=selected,
        committed=selected - facts.cents(Kind.DECLINED) - facts.cents(Kind.CANCELLED),
        called=_planned(facts, Kind.CALL_NOTICED),
        paid=planned_draws - (facts.cents(Kind.MONEY_RETURNED) - of_topup),
        topup=facts.cents(Kind.PART_DRAWN) - planned_draws - of_topup,
        spent=facts.spent_cents,
        under_construction=started - built - given_up,
        completed=completed,
        dark=built - completed - left_dark,
    )


def _planned(facts: Facts, kind: Kind) -> IntArray:
    """Sums of a call's kind without top-ups, which lie outside the envelope."""
    events = facts.of(kind)
    cents = np.where(events.part < facts.horizon.slices, events.amount, 0)
    return facts.sum_of(kind, cents.astype(np.int64))


def gap_people(facts: Facts, rows: IntArray) -> FloatArray:
    """Shortage O + D - S, at least 0, at rows of the market trace; same shape, people."""
    market = facts.batch.market
    short = market.other_demand[rows] + market.wanted[rows] - market.people[rows]
    return np.maximum(short, 0.0)


def timeline_table(facts: Facts, amounts: Totals) -> Columns:
    """One row per calendar month; amounts and counts at its end, specialists as its mean."""
    horizon, batch, market = facts.horizon, facts.batch, facts.batch.market
    n, minutes = horizon.n_months, horizon.month_end - horizon.month_begin
    columns: Columns = {
        "replication": np.repeat(batch.number, n),
        "month": np.tile(horizon.month, batch.n),
    }
    for name in Totals.__dataclass_fields__:
        if name not in _NOT_IN_TIMELINE:
            columns[f"{name}_usd_bn"] = getattr(amounts, name)[:, :n].ravel() / CENTS_PER_USD_BN
    standing = {
        "selected_count": facts.counts(Kind.SELECTED),
        "completed_count": facts.counts(Kind.OPERATING),
        "open_breaches": facts.counts(Kind.BREACH_OPENED) - facts.counts(Kind.BREACH_CLOSED),
        "hostile_japan": facts.counts(Kind.JAPANESE_TURNED) - facts.counts(Kind.JAPANESE_CALMED),
        "hostile_us": facts.counts(Kind.AMERICANS_TURNED) - facts.counts(Kind.AMERICANS_CALMED),
    }
    for name, count in standing.items():
        columns[name] = count[:, :n].ravel().astype(np.int32)
    rates = [
        rates_at(facts, routes, horizon.month_end, horizon.tariff_baseline)
        for routes in routes_in_force(facts)
    ]
    for name, rate in zip(TARIFF_CLASSES, np.concatenate(rates, axis=1), strict=True):
        columns[f"tariff_{name}"] = rate

    def pools_together(values: FloatArray) -> FloatArray:
        return np.asarray(values.reshape(batch.n, -1, n).sum(axis=1))

    gap = gap_people(facts, facts.market.rows_before(horizon.month_end))
    for name, people in (
        ("wanted", pools_together(facts.market.integral(market.wanted)) / minutes),
        ("granted", pools_together(facts.market.integral(market.granted)) / minutes),
        ("gap_people", pools_together(gap)),
    ):
        columns[f"specialists_{name}"] = people.ravel()
    return columns
