"""One project worked to the cent, by the program and by hand; docs/money.md has these numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from by_hand_ohio import number, partners, work
from ohio import CALLS, COST, drawings, ohio
from replications import balances, base, books_of, moved

from sim.events.money import NO_RATE
from sim.results.finance.loans import INSURED
from sim.results.finance.tables import Books

DOCUMENT = (Path(__file__).parents[2] / "docs" / "money.md").read_text(encoding="utf-8")
# The hand-made log has the cost as announced, so nothing of it is a premium for specialists.
NO_PREMIUM = ("capacity.specialists.bidding.premium_share", 0)
READINGS = ("per_period", "cumulative", "equity_only")


@pytest.fixture(scope="module")
def books() -> Books:
    return books_of(ohio(), base(NO_PREMIUM))


def under(reading: str) -> Books:
    finance = base().finance
    assert finance is not None
    sharing = finance.sharing.model_copy(update={"reading": reading})
    return books_of(ohio(), base(NO_PREMIUM), finance.model_copy(update={"sharing": sharing}))


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
    plain, config = ohio(), base()
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
    assert moved(ledger, "drawn") == COST == sum(sum(p.values()) for p in drawings().values())
    assert moved(ledger, "spent") == COST + partners()
    assert moved(ledger, "earned") == sum(by_hand.earned[:until])
    assert moved(ledger, "distributed", debit="us") == sum(by_hand.us[:until])
    assert moved(ledger, "interest") == sum(by_hand.interest[:until])
    assert moved(ledger, "premium") == sum(by_hand.premium[:until])
    assert balances(ledger)["spv"] == balances(ledger)["japan"] == 0
    first = ledger["minute"][ledger["reason"] == 2].min()
    assert books.terms.epoch.date_of(int(first)) == min(CALLS)


def dollars(cents: int) -> str:
    return f"{cents / 100:,.2f}"


def table_of_years(books: Books) -> list[str]:
    """What each year brought, in dollars, years alike told once."""
    money, years = books.money, books.terms.quarters.year[: books.money.deal.periods]
    columns = [
        money.deal.net.sum(axis=0)[0], money.cash.earned[0], money.shared.us[0],
        money.interest.sum(axis=0)[0], money.principal.sum(axis=0)[0],
        money.insurance.premium[0], money.insurance.claim[0], money.lost.sum(axis=0)[0],
    ]  # fmt: skip
    rows: list[tuple[int, int, tuple[int, ...]]] = []
    for year in np.unique(years):
        values = tuple(round(float(column[years == year].sum())) for column in columns)
        if rows and rows[-1][2] == values:
            rows[-1] = (rows[-1][0], int(year), values)
        elif any(values):
            rows.append((int(year), int(year), values))
    return [
        "| " + " | ".join([f"{a}" if a == b else f"{a}-{b}", *map(dollars, values)]) + " |"
        for a, b, values in rows
    ]


def table_of_returns() -> list[str]:
    rows = []
    for reading in READINGS:
        finance = under(reading).finance()
        cells = []
        for party in ("us", "jbic", "insured_lenders", "nexi", "equity", "partners", "japan"):
            why, rate = finance[f"no_irr_{party}"][0], finance[f"irr_{party}"][0]
            cells.append(f"`{list(NO_RATE)[why]}`" if why >= 0 else f"{100 * rate:.2f} %")
        rows.append(f"| `{reading}` | " + " | ".join(cells) + " |")
    return rows


def test_the_document_has_these_numbers_line_by_line(books: Books):
    money, quarter = books.money, number(date(2030, 7, 1))
    numbers = {
        "owed when the first unit starts": money.outstanding[:, 0, quarter - 1].sum(),
        "earned in its first quarter": money.cash.earned[0, quarter],
        "the deemed amount of that quarter": money.shared.unmet[0, quarter]
        + money.shared.us[0, quarter],
        "to each side": money.shared.us[0, quarter],
        "carried forward": money.shared.unmet[0, quarter],
    }
    expected = [f"| {what} | {dollars(int(cents))} |" for what, cents in numbers.items()]
    missing = [
        line
        for line in expected + table_of_years(books) + table_of_returns()
        if line not in DOCUMENT
    ]

    assert not missing, "docs/money.md lacks:\n" + "\n".join(missing)
