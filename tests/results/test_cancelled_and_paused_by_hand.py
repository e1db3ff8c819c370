"""Amounts of a project cancelled on its site, beside one whose last unit waits for power."""

from __future__ import annotations

from datetime import date

import pytest
from support.hand_made import HAND_NAMES, hand_config, hand_replication, with_log
from support.made_logs import BN, Diary

from sim.events import Kind
from sim.events.schemas import STATUSES
from sim.results import Tables, tabulate

ALPHA = 1  # row: attributes are in ordinal order, beta first


@pytest.fixture(scope="module")
def tables() -> Tables:
    """alpha (4 bn, two units) is cancelled in May, its first unit running; beta stands dark."""
    diary = Diary(HAND_NAMES, date(2026, 1, 1))
    note = diary.note
    for who, amount in (("alpha", 4 * BN), ("beta", 2 * BN)):
        note("2026-01-02", who, Kind.PROPOSED, Kind.SELECTED, amount=amount)
        note("2026-01-03", who, Kind.CALL_NOTICED, amount=amount)
        note("2026-02-03", who, Kind.CALL_PAID, amount=amount)
        note("2026-02-03", who, Kind.NTP_ISSUED)
    note("2026-02-10", "beta", Kind.PAUSED)
    note("2026-02-20", "beta", Kind.RESUMED)
    note("2026-03-01", "beta", Kind.PAUSED, part=1)
    note("2026-03-02", "beta", Kind.RESUMED, part=1)
    note("2026-03-10", "alpha", Kind.UNIT_BUILT, Kind.UNIT_ENERGISED, amount=2 * BN)
    note("2026-06-10", "beta", Kind.UNIT_BUILT, Kind.BUILT, amount=2 * BN)
    note("2026-04-10", "alpha", Kind.UNIT_BUILT, part=1, amount=1 * BN)
    note("2026-05-10", "alpha", Kind.CANCELLED, amount=1 * BN)
    note("2026-05-10", "alpha", Kind.CALL_WITHDRAWN, part=1, amount=0.5 * BN)
    note("2026-05-10", "alpha", Kind.MONEY_RETURNED, resource="jbic_cash", amount=0.25 * BN)
    note("2026-08-10", "beta", Kind.UNIT_ENERGISED, amount=2 * BN)
    note("2026-08-10", "beta", Kind.OPERATING, amount=2 * BN)
    return tabulate(with_log(hand_replication(), diary.log()), hand_config())


def test_a_cancelled_project_leaves_the_books_but_for_what_runs(tables):
    timeline = tables.timeline
    assert timeline["committed_usd_bn"].tolist() == [6, 6, 6, 6, 5, 5, 5, 5]
    # NTP of 6 in February; units of 2 in March, 1 in April, 2 in June; alpha's last 1 in May.
    assert timeline["under_construction_usd_bn"].tolist() == [0, 6, 4, 3, 2, 0, 0, 0]
    assert timeline["completed_usd_bn"].tolist() == [0, 0, 2, 2, 2, 2, 2, 4]


def test_completed_dollars_are_those_of_units_energised(tables):
    assert tables.projects["completed_usd_bn"].tolist() == [2, 2, 0]
    found = tables.responses
    assert found["completed_usd_bn_by_2029_end"] == 2
    # beta, built on 10 June; alpha's dark unit went with it in May.
    assert found["built_not_energised_usd_bn_at_2029_end"] == 2


def test_what_was_returned_withdrawn_paused_and_cancelled_is_counted(tables):
    projects, found = tables.projects, tables.responses
    assert projects["returned_usd_bn"].tolist() == [0, 0.25, 0]
    assert projects["withdrawn_usd_bn"].tolist() == [0, 0.5, 0]
    assert projects["pauses"].tolist() == [2, 0, 0]
    assert found["cancelled_count"] == found["paused_count"] == 1
    assert found["returned_usd_bn_by_end"] == 0.25


def test_a_cancelled_project_is_finished_not_censored(tables):
    names = [STATUSES[code] for code in tables.projects["status"]]
    assert names == ["operating", "cancelled", "not_proposed"]
    assert not tables.projects["censored"].any()
    assert str(tables.projects["cancelled"][ALPHA])[:10] == "2026-05-10"


def test_a_cancelled_project_is_censored_where_it_was_cancelled(tables):
    """alpha at 128 days, beta operates at 220: one at risk, and it gets there."""
    assert tables.responses["days_proposal_to_operation_p50"] == 220


@pytest.mark.parametrize(
    ("returned", "paid", "topup"), [(0.25, 4, 0.75), (1, 4, 0), (1.5, 3.5, 0), (5, 0, 0)]
)
def test_money_returned_comes_off_the_top_up_first(returned: float, paid: float, topup: float):
    """alpha drew 4 bn of its commitment and 1 bn for its overrun."""
    config = hand_config()
    diary = Diary(HAND_NAMES, date(2026, 1, 1))
    diary.note("2026-01-02", "alpha", Kind.PROPOSED, Kind.SELECTED, amount=4 * BN)
    extra = len(config.policy.calls.slices)
    for part, amount in ((0, 4 * BN), (extra, 1 * BN)):
        diary.note(
            "2026-02-03", "alpha", Kind.PART_DRAWN, resource="jbic_cash", part=part, amount=amount
        )
    diary.note("2026-05-10", "alpha", Kind.CANCELLED, amount=1 * BN)
    diary.note(
        "2026-05-10", "alpha", Kind.MONEY_RETURNED, resource="jbic_cash", amount=returned * BN
    )
    made = tabulate(with_log(hand_replication(), diary.log()), config)

    assert made.projects["paid_usd_bn"].tolist() == [0, paid, 0]
    assert made.projects["topup_usd_bn"].tolist() == [0, topup, 0]
    assert made.projects["returned_usd_bn"].tolist() == [0, returned, 0]
    assert made.timeline["paid_usd_bn"].tolist() == [0, 4, 4, 4, paid, paid, paid, paid]
    assert made.responses["topup_usd_bn_by_end"] == topup
