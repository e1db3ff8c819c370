"""One project worked to the cent, by the program and by hand; docs/money.md has these numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import numpy as np
import pytest
from by_hand_ohio import COST, number, partners, work
from replications import balances, base, books_of, moved

from sim.results.finance.loans import INSURED
from sim.results.finance.tables import Books
from sim.study.findings.plants import drawings, finished
from sim.study.findings.worked_spv import OHIO, Worked, books_of_ohio, worked_spv

DOCUMENT = (Path(__file__).parents[2] / "docs" / "money.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def books() -> Books:
    return books_of_ohio(base())


def test_every_cent_of_every_quarter_is_as_worked_by_hand(books: Books):
    money, by_hand = books.money, work()

    assert money.cash.earned[0].tolist() == by_hand.earned
    assert money.shared.us[0].tolist() == by_hand.us
    assert money.shared.japan[0].tolist() == by_hand.japan
    assert money.shared.unmet[0].tolist() == by_hand.unmet
    assert money.interest.sum(axis=0)[0].tolist() == by_hand.interest
    assert money.principal.sum(axis=0)[0].tolist() == by_hand.principal
    assert money.insurance.premium[0].tolist() == by_hand.premium
    assert money.lost.sum() == by_hand.lost
    assert money.lost[INSURED].sum() == by_hand.lost_insured
    assert money.insurance.claim.sum() == by_hand.claim
    assert books.building.overrun.sum() == partners()
    assert books.building.contributed.sum() == 0


def test_a_premium_for_specialists_costs_and_earns_nothing(books: Books):
    """6 % more of a cost, paid by partners: the same cash to the cent, and a share of it theirs."""
    plain, config = finished(base(), [OHIO]), base()
    factor = config.capacity.specialists.bidding.cost_factor
    assert factor > 1.05
    cost = np.rint(plain.attributes.cost_cents * factor).astype(np.int64)
    dear = books_of(replace(plain, attributes=replace(plain.attributes, cost_cents=cost)), config)

    assert np.abs(dear.money.cash.earned - books.money.cash.earned).max() <= 1
    assert dear.money.shared.us.sum() < books.money.shared.us.sum()


def test_the_ledger_from_notice_to_the_run_out_has_the_same_sums(books: Books):
    ledger, by_hand = books.ledger(), work()
    until = number(date(2036, 1, 1))

    assert moved(ledger, "committed") == COST
    assert moved(ledger, "drawn") == COST == sum(map(sum, drawings(base(), OHIO).values()))
    assert moved(ledger, "spent") == COST + partners()
    assert moved(ledger, "earned") == sum(by_hand.earned[:until])
    assert moved(ledger, "distributed", debit="us") == sum(by_hand.us[:until])
    assert moved(ledger, "interest") == sum(by_hand.interest[:until])
    assert moved(ledger, "premium") == sum(by_hand.premium[:until])
    assert balances(ledger)["spv"] == balances(ledger)["japan"] == 0
    first = ledger["minute"][ledger["reason"] == 2].min()
    assert books.terms.epoch.date_of(int(first)) == min(OHIO.calls)


def dollars(cents: int) -> str:
    return f"{cents / 100:,.2f}"


def rows_of(worked: Worked) -> list[str]:
    """The worked vehicle as lines of docs/money.md."""
    rows = [f"| {what} | {dollars(cents)} |" for what, cents in worked.first.items()]
    for year in worked.years:
        first, last, *amounts = year.values()
        years = f"{first}" if first == last else f"{first}-{last}"
        rows.append("| " + " | ".join([years, *map(dollars, amounts)]) + " |")
    for reading, cells in groupby(worked.returns, itemgetter("reading")):
        said = [f"`{one['why']}`" if one["why"] else f"{100 * one['irr']:.2f} %" for one in cells]
        rows.append(f"| `{reading}` | " + " | ".join(said) + " |")
    return rows


def test_the_document_has_these_numbers_line_by_line():
    worked = worked_spv(base())
    assert worked is not None
    missing = [line for line in rows_of(worked) if line not in DOCUMENT]

    assert len(rows_of(worked)) == 5 + 12 + 3
    assert not missing, "docs/money.md lacks:\n" + "\n".join(missing)


def test_the_worked_vehicle_has_the_years_worked_by_hand():
    worked, by_hand = worked_spv(base()), work()
    assert worked is not None
    first, later = worked.years[0], worked.years[3]

    assert first["drawn"] == 199_800_000_000
    assert later["first_year"] == 2030
    assert later["earned"] == sum(by_hand.earned[18:22])
    assert later["interest"] == sum(by_hand.interest[18:22])
    assert worked.years[-1]["lost"] == by_hand.lost


def test_without_gas_plants_or_a_finance_section_nothing_is_worked():
    assert worked_spv(base().model_copy(update={"finance": None})) is None
    sectors = {name: one for name, one in base().sectors.items() if name != "gas_power"}
    assert worked_spv(base().model_copy(update={"sectors": sectors})) is None


def test_the_deemed_amount_of_a_quarter_is_told_only_where_there_is_one():
    other = worked_spv(base(("finance.sharing.reading", "cumulative")))
    assert other is not None
    assert not other.first
