"""Several routes to a higher tariff, worked out by hand. See docs/model.md, "Enforcement".

A's call of 2 bn is missed on 14 January 2026: a threat of 30 days, an order on 13 February, and
section 232 90 days on: 14 May. It is paid on 1 April 2027; relief ends 30 days later.
"""

from __future__ import annotations

from typing import Any

import pytest
from breach_cases import one, starved_tree
from support.hand_runs import TARIFFS, constant, run, same, table

from sim.events import Kind

ROUTES = (*TARIFFS, Kind.BREACH_OPENED, Kind.BREACH_CLOSED, Kind.ROUTE_ADDED, Kind.ROUTE_DROPPED,
          Kind.ROUTE_CLOSED, Kind.ROUTE_OPENED)  # fmt: skip
ORDERED = """
    2026-01-14 00:00 A breach_opened call_missed 2
    2026-01-14 00:00 A breach_threatened
    2026-02-13 00:00 A breach_ordered
"""
RAISED = """
    2026-05-14 00:00 A breach_raised call_missed
    2026-05-14 00:00 - tariff_raised 0.25
"""
PAID = """
    2027-04-01 00:00 A breach_closed paid
    2027-04-01 00:00 - tariff_relieved
    2027-05-01 00:00 - tariff_compliant
"""


def tree(delay: int | None = None, first: Any = None, **second: Any) -> dict[str, Any]:
    """Section 232, and with a ``delay`` section 301, all goods to 30 %."""
    found = starved_tree({"2026": 0, "2027": 2}, A=one("2026-01-05", 2))
    routes = found["policy"]["enforcement"]["routes"]
    routes["section_232"] |= first or {}
    if delay is not None:
        found["nature"]["enforcement"]["route_delay_days"]["section_301"] = constant(delay)
        routes["section_301"] = {"label": "301", "rates": {"general": 0.3}, **second}
    return found


def check(found: dict[str, Any], *expected: str) -> None:
    same(run(found).lines(*ROUTES), table("".join(expected)))


def test_two_routes_of_one_order_begin_each_after_its_own_delay_and_end_together():
    check(tree(120), ORDERED, RAISED, "2026-06-13 00:00 - route_added #1 0.3\n", PAID)


def test_two_routes_in_one_minute_are_both_in_force():
    check(tree(90), ORDERED, RAISED, "2026-05-14 00:00 - route_added #1 0.3\n", PAID)


def test_a_route_that_lapses_while_the_breach_is_open_leaves_the_other():
    check(
        tree(120, max_duration_days=60), ORDERED, RAISED,
        """
        2026-06-13 00:00 - route_added #1 0.3
        2026-08-12 00:00 - route_dropped #1
        """,
        PAID,
    )  # fmt: skip


def test_between_two_routes_tariffs_come_down_and_the_breach_is_ordered_again():
    """Section 232 ends after 30 days, 13 June; 180 days after the order it is 12 August."""
    check(
        tree(180, first={"max_duration_days": 30}), ORDERED, RAISED,
        """
        2026-06-13 00:00 A breach_ordered
        2026-06-13 00:00 - tariff_relieved
        2026-07-13 00:00 - tariff_compliant
        2026-08-12 00:00 A breach_raised call_missed
        2026-08-12 00:00 - tariff_raised #1 0.3
        """,
        PAID,
    )  # fmt: skip


def test_a_route_in_law_no_longer_ends_its_duty_and_lets_the_breach_pass():
    check(
        tree(first={"in_law": {"2026-07-01": False}}), ORDERED, RAISED,
        """
        2026-07-01 00:00 - route_closed
        2026-07-01 00:00 A breach_let_pass route_lapsed
        2026-07-01 00:00 - tariff_relieved
        2026-07-31 00:00 - tariff_compliant
        2027-04-01 00:00 A breach_closed paid
        """,
    )  # fmt: skip


def test_an_order_with_no_route_in_law_comes_to_nothing():
    check(
        tree(first={"in_law": {"2020-01-01": False, "2026-03-01": True}}), ORDERED,
        """
        2026-02-13 00:00 A breach_let_pass route_lapsed
        2026-03-01 00:00 - route_opened
        2027-04-01 00:00 A breach_closed paid
        """,
    )  # fmt: skip


def test_a_route_that_leaves_the_law_before_its_duty_begins_never_begins():
    check(
        tree(120, in_law={"2026-06-01": False}), ORDERED, RAISED,
        "2026-06-01 00:00 - route_closed #1\n", PAID,
    )  # fmt: skip


def test_a_court_ends_a_route_so_many_days_after_its_first_duty():
    found = tree(120)
    found["nature"]["enforcement"]["court_ends_route_days"] = {"section_301": constant(10)}
    check(
        found, ORDERED, RAISED,
        """
        2026-06-13 00:00 - route_added #1 0.3
        2026-06-23 00:00 - route_closed #1 court
        2026-06-23 00:00 - route_dropped #1
        """,
        PAID,
    )  # fmt: skip


@pytest.mark.parametrize(("least", "answer"), [(2, "breach_threatened"), (2.01, "immaterial")])
def test_a_breach_below_materiality_is_let_pass(least, answer):
    found = tree()
    found["policy"]["enforcement"]["materiality_usd_bn"] = least
    assert answer in run(found).lines(*ROUTES)[1]


def test_a_route_not_taken_by_any_luck_is_no_duty():
    found = tree(120, probability=0)
    check(found, ORDERED, RAISED, PAID)
    found["policy"]["enforcement"]["routes"]["section_232"]["probability"] = 0
    check(found, ORDERED, RAISED, PAID)  # the likeliest; of equals the first
