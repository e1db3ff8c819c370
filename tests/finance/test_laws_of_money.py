"""Laws 1 and 7 over generated finance settings: nothing is made, nothing is lost, to the cent."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_terms import draws_for, finances
from hypothesis import given, settings
from hypothesis import strategies as st
from replications import BASE, balances, base, books_of, moved, replication
from support.law_runs import Run, fewer, runs

from sim.config import load
from sim.engine import replicate
from sim.events import Kind
from sim.events.money import ACCOUNTS, REASONS
from sim.plan import Plan
from sim.results import Columns, Horizon
from sim.results.finance.entries import Entries
from sim.results.finance.returns import rates
from sim.results.finance.tables import Books
from sim.results.tables.batch import Batch
from sim.results.tables.facts import gather

TOPUPS = ("policy.overrun_paid_by", "japan_topup")
OFTEN = ("nature.round_interval_days.mean", 25)
STOP = """{"label": "Partners finish", "date": "2029-01-20",
  "before_building": {"partners_finish_share": 1}, "building": {"partners_finish_share": 0.9}}"""
PARTNERS = ("policy.events.stop", STOP)
# 1 has declined, cancelled and returned money
WORLDS = ((0,), (1,), (1, TOPUPS), (1, PARTNERS))


def project_balances_never_below_zero(ledger: Columns) -> bool:
    """Of every project's vehicle, transfer by transfer."""
    spv = ACCOUNTS.index("spv")
    sign = (ledger["debit"] == spv).astype(np.int64) - (ledger["credit"] == spv)
    order = np.argsort(ledger["project"], kind="stable")
    running = np.cumsum((sign * ledger["amount_cents"])[order])
    first = np.flatnonzero(np.diff(ledger["project"][order], prepend=-2))
    began = np.repeat(np.append(0, running[first[1:] - 1]), np.diff(np.append(first, len(order))))
    return bool(np.all(running - began >= 0))


def check_laws(books: Books) -> None:
    money, deal = books.money, books.money.deal
    shared, loans = money.shared, (money.interest + money.principal).sum(axis=0)
    senior = books.terms.finance.sharing.reading == "equity_only"
    distributed = shared.us + shared.japan + money.partners + (loans if senior else 0)
    assert np.array_equal(distributed, money.cash.distributed)
    passed_on = money.recaptured + money.surplus + (0 if senior else loans)
    assert np.array_equal(passed_on, shared.japan)
    for amounts in (
        *vars(shared).values(), money.recaptured, money.surplus, money.interest, money.principal,
        money.lost, money.recovered, *vars(money.insurance).values(), *vars(money.cash).values(),
        *vars(books.building).values(),
    ):  # fmt: skip
        assert np.all(amounts >= 0)

    ledger = books.ledger()
    assert np.all(ledger["amount_cents"] > 0)
    assert np.all(np.diff(ledger["minute"]) >= 0)
    assert ledger["minute"][-1] < books.entries.batch.end
    assert sum(balances(ledger).values()) == 0
    assert project_balances_never_below_zero(ledger)
    if deal.has_equity.all():
        assert balances(ledger)["japan"] == 0

    # The insurer never takes back more than it paid, and no lender recovers more than it lost.
    paid, taken = (np.cumsum(x, axis=1) for x in (money.insurance.claim, money.insurance.recovered))
    assert np.all(taken <= paid)
    assert np.all(np.cumsum(money.recovered, axis=2) <= np.cumsum(money.lost, axis=2))


@pytest.mark.parametrize("world", WORLDS, ids=str)
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_us_japan_and_partners_get_what_is_distributed_and_postings_balance(world, data):
    made = replication(*world)
    books = books_of(made, base(*world[1:]), data.draw(finances()), data.draw(draws_for(made)))

    check_laws(books)


@fewer
@given(runs())
def test_money_is_neither_made_nor_lost_in_any_generated_config(run: Run):
    assert run.config.finance is not None
    books = books_of(run.left, run.config)
    if len(books.money.deal.rows):
        check_laws(books)


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_the_ledger_says_what_the_log_says(world):
    made, config = replication(*world), base(*world[1:])
    books = books_of(made, config)
    ledger = books.ledger()
    happened = Entries(Batch([made])).of
    topups = happened(Kind.PART_DRAWN)
    over = topups.part >= len(config.policy.calls.slices)

    assert moved(ledger, "committed") == happened(Kind.SELECTED).cents.sum()
    assert moved(ledger, "released") == sum(
        happened(kind).cents.sum() for kind in (Kind.DECLINED, Kind.CANCELLED)
    )
    assert moved(ledger, "drawn") == topups.cents[~over].sum()
    assert moved(ledger, "topup") == topups.cents[over].sum()
    assert moved(ledger, "returned") == happened(Kind.MONEY_RETURNED).cents.sum()
    if len(world) == 1:
        facts = gather(Batch([made]), Horizon(config))
        theirs = moved(ledger, "contribution") + moved(ledger, "overrun")
        assert abs(moved(ledger, "spent") - theirs - facts.spent_cents[0, -1]) < len(
            books.money.deal.rows
        )


def test_a_lost_cent_is_caught():
    """A named small fault: one cent less for Japan in one quarter of one project."""
    books = books_of(replication(1), base())
    shared = books.money.shared
    row, quarter = np.argwhere(shared.japan > 0)[0]
    shared.japan[row, quarter] -= 1

    with pytest.raises(AssertionError, match="array_equal"):
        check_laws(books)


def test_a_cent_from_nowhere_is_caught():
    """A named small fault: the partners are paid one cent twice."""
    books = books_of(replication(1), base())
    row, quarter = np.argwhere(books.money.partners > 0)[0]
    books.money.partners[row, quarter] += 1

    with pytest.raises(AssertionError, match="array_equal"):
        check_laws(books)


def test_every_reason_is_posted_in_the_base_under_a_reading_or_in_an_overlay():
    posted: set[str] = set()
    finance = base().finance
    assert finance is not None
    for reading in ("per_period", "equity_only"):
        sharing = finance.sharing.model_copy(
            update={"reading": reading, "recapture": "all_projects"}
        )
        books = books_of(
            replication(1, TOPUPS, OFTEN),
            base(TOPUPS, OFTEN),
            finance.model_copy(update={"sharing": sharing}),
        )
        posted |= {list(REASONS)[code] for code in np.unique(books.ledger()["reason"])}
    books = books_of(replication(1, OFTEN), base(OFTEN))
    posted |= {list(REASONS)[code] for code in np.unique(books.ledger()["reason"])}

    assert set(REASONS) - posted == {"refresh"}  # servers of the base are renewed after 2035
    fast = load(BASE.parent / "scenarios" / "refresh_fast.yaml", dict([OFTEN])).config
    renewed = books_of(replicate(Plan.of(fast), fast.run.seed, 1), fast)
    assert moved(renewed.ledger(), "refresh") > 0


def test_beyond_the_run_out_the_yearly_sums_take_over():
    books = books_of(replication(1), base())
    ledger, beyond = books.ledger(), books.distributions()
    us = moved(ledger, "distributed", debit="us")

    assert beyond["year"].min() == 2036
    assert us + beyond["amount_cents"][beyond["party"] == 0].sum() == books.received["us"].sum()


def test_flows_of_japan_are_those_of_its_four():
    books = books_of(replication(1), base())
    four = sum(books.flows[name] for name in ("jbic", "insured_lenders", "nexi", "equity"))

    assert np.array_equal(books.flows["japan"], four)


def test_a_quarter_late_moves_every_return():
    """A named small fault: the cash of a quarter is paid out in the next one."""
    books = books_of(replication(1), base())
    late = np.roll(books.received["japan"], 1, axis=1)
    put = books.received["japan"] - books.flows["japan"]
    found = [rates((cash - put)[books.finished].sum(axis=0)[None], 0.25)[0][0]
             for cash in (books.received["japan"], late)]  # fmt: skip

    assert found[0] - found[1] > 1e-4


def test_partners_who_finish_a_project_pay_what_japan_does_not():
    """All of its cost in the end; Japan's side counts with what it has put in, and no more."""
    made, config = replication(0, PARTNERS), base(PARTNERS)
    books = books_of(made, config)
    deal, building = books.money.deal, books.building
    left = (deal.investment < deal.promised) & deal.complete
    assert left.sum() >= 2
    drawn = np.rint(deal.net.sum(axis=(0, 2)))
    theirs = (building.contributed + building.overrun).sum(axis=1)
    assert np.array_equal(deal.investment[left], drawn[left])
    whole = deal.promised + deal.partners_cents
    assert np.array_equal((theirs + drawn)[left], whole[left])
    planned = deal.partners_cents - deal.overrun_cents
    more = building.contributed.sum(axis=1) - planned
    assert np.array_equal(more[left], (deal.promised - deal.investment)[left])
    share = 1 - deal.investment / made.attributes.cost_cents[deal.rows]
    assert np.allclose(deal.partners_share[left], share[left])
    plain = books_of(replication(0), base()).money.deal
    assert np.array_equal(plain.investment, plain.promised)
