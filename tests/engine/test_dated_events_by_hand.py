"""Dated events, worked out by hand: what happens to projects under way, by phase."""

from __future__ import annotations

from typing import Any

from breach_cases import one
from support.hand_runs import bare_tree, constant, run, same, table

from sim.events import Kind

SHOWN = (
    Kind.SELECTED, Kind.CALL_NOTICED, Kind.CALL_PAID, Kind.CALL_WITHDRAWN, Kind.CANCELLED,
    Kind.NTP_ISSUED, Kind.BUILDING_STOPPED, Kind.BUILT, Kind.LAPSED, Kind.DATED_EVENT,
    Kind.CALLS_STOPPED, Kind.MONEY_RETURNED,
)  # fmt: skip


def building(day: str = "2026-02-04", **event: Any) -> dict[str, Any]:
    """A of 10 bn is selected on 5 January and built in 100 days; half is called at progress 0.5."""
    tree = bare_tree(A=one("2026-01-05", 10))
    tree["sectors"]["gas"]["construction"]["outcome_months"] = constant(100 / 30.4375)
    tree["policy"]["calls"]["slices"] = {
        "first": {"share": 0.5, "trigger": "selection"},
        "second": {"share": 0.5, "trigger": "progress 0.5"},
    }
    tree["policy"]["events"] = {"end": {"label": "The course ends", "date": day, **event}}
    return tree


BEGUN = """
    2026-01-05 00:00 A selected 10
    2026-01-05 00:00 A call_noticed 5
    2026-01-05 00:00 A call_paid 5
    2026-01-05 00:00 A ntp_issued
"""


def check(tree: dict[str, Any], *expected: str) -> None:
    same(run(tree).lines(*SHOWN), table("".join(expected)))


def test_without_more_calls_a_half_built_site_stands_when_its_money_is_spent():
    """50 days after 5 January, half of it is built: 24 February."""
    check(
        building(building={"no_more_calls_share": 1}), BEGUN,
        """
        2026-02-04 00:00 - dated_event
        2026-02-04 00:00 A calls_stopped
        2026-02-24 00:00 A building_stopped #1 cash_starved 0.5
        """,
    )  # fmt: skip


def test_a_half_built_site_that_partners_finish_goes_on_without_a_call():
    """Half is built on 24 February, all on 15 April; Japan has paid 5 of the 10 bn."""
    check(
        building(building={"partners_finish_share": 1}), BEGUN,
        """
        2026-02-04 00:00 - dated_event
        2026-02-04 00:00 A calls_stopped partners_finish
        2026-04-15 00:00 A built
        """,
    )  # fmt: skip


def test_a_site_that_stands_for_its_money_goes_on_in_the_minute_partners_take_over():
    """Twenty days at the desk: begun on 25 January, half built on 16 March; 50 days are left."""
    tree = building("2026-03-20", building={"partners_finish_share": 1})
    tree["nature"]["call_desk_days"]["jbic"] = constant(20)
    lines = run(tree).lines(*SHOWN, Kind.BUILDING_BEGAN)
    expected = """
        2026-03-16 00:00 A call_noticed #1 5
        2026-03-16 00:00 A building_stopped #1 cash_starved 0.5
        2026-03-20 00:00 - dated_event
        2026-03-20 00:00 A calls_stopped partners_finish
        2026-03-20 00:00 A call_withdrawn #1 5
        2026-03-20 00:00 A building_began 0.5
        2026-05-09 00:00 A built
    """
    same([line for line in lines if line > "2026-03"], table(expected))


def test_a_call_open_on_the_day_is_withdrawn_and_never_late():
    """Ten days at the desk: begun on 15 January, half built on 6 March, due on 26 March."""
    tree = building("2026-03-10", building={"no_more_calls_share": 1})
    tree["policy"]["calls"] |= {"later_window_business_days": 20, "lead_margin_days": -20}
    tree["nature"]["call_desk_days"]["jbic"] = constant(10)
    lines = run(tree).lines(*SHOWN, Kind.PART_DOCUMENTED, Kind.CALL_LATE, Kind.CALL_MISSED)
    expected = """
        2026-03-06 00:00 A call_noticed #1 5
        2026-03-06 00:00 A building_stopped #1 cash_starved 0.5
        2026-03-10 00:00 - dated_event
        2026-03-10 00:00 A calls_stopped
        2026-03-10 00:00 A call_withdrawn #1 5
    """
    same([line for line in lines if line > "2026-02"], table(expected))


def test_a_half_built_site_given_up_returns_what_is_not_spent():
    """30 of 100 days: 3 of 5 bn are spent, 2 come back."""
    check(
        building(building={"withdrawn_share": 1}), BEGUN,
        """
        2026-02-04 00:00 - dated_event
        2026-02-04 00:00 A cancelled course_ended 7
        2026-02-04 00:00 A money_returned jbic_cash 2
        """,
    )  # fmt: skip


def test_the_others_go_on_as_if_nothing_had_happened():
    check(
        building(before_building={"withdrawn_share": 1}, unsigned_withdrawn_share=1), BEGUN,
        """
        2026-02-04 00:00 - dated_event
        2026-02-24 00:00 A call_noticed #1 5
        2026-02-24 00:00 A building_stopped #1 cash_starved 0.5
        2026-02-24 00:00 A call_paid #1 5
        2026-04-15 00:00 A built
        """,
    )  # fmt: skip


def test_an_unsigned_selection_is_withdrawn_and_nobody_else_is_selected():
    """A waits for its money of 1 April; B, proposed later, is never selected and lapses."""
    tree = building(unsigned_withdrawn_share=1, stops_selection=True)
    tree["portfolio"]["projects"]["B"] = tree["portfolio"]["projects"]["A"] | {
        "proposed_date": "2026-03-01"
    }
    tree["nature"]["call_desk_days"]["jbic"] = constant(60)
    check(
        tree,
        """
        2026-01-05 00:00 A selected 10
        2026-01-05 00:00 A call_noticed 5
        2026-02-04 00:00 - dated_event
        2026-02-04 00:00 A cancelled course_ended 10
        2026-02-04 00:00 A call_withdrawn 5
        """,
        f"{run(tree).stamp(run(tree).plan.deadline_minute)} B lapsed\n",
    )


def test_a_route_closed_by_an_event_is_in_law_no_longer():
    tree = building(closes_routes=["section_232"])
    assert "2026-02-04 00:00 - route_closed" in run(tree).lines(Kind.ROUTE_CLOSED)


def test_a_cap_holds_in_the_fiscal_years_that_begin_from_its_day_on():
    """The facility's end: nothing from 1 April 2026; A's second call waits for ever."""
    tree = building("2026-02-04", caps_usd_bn={"jbic_cash": 2})
    check(
        tree, BEGUN,
        """
        2026-02-04 00:00 - dated_event
        2026-02-24 00:00 A call_noticed #1 5
        2026-02-24 00:00 A building_stopped #1 cash_starved 0.5
        2026-02-24 00:00 A call_paid #1 5
        2026-04-15 00:00 A built
        """,
    )  # fmt: skip
    tree["portfolio"]["projects"]["A"]["proposed_date"] = "2026-04-05"
    caps = [line for line in run(tree).lines(Kind.CAPACITY_CHANGED) if "jbic_cash" in line]
    assert caps[:2] == [
        "2026-04-01 00:00 - capacity_changed jbic_cash 200000000000",
        "2027-04-01 00:00 - capacity_changed jbic_cash 200000000000",
    ]


def test_a_facility_that_ends_signs_nothing_new_with_what_was_left():
    """5 bn carried over would have signed A's 2 bn of 5 April; the year before they do."""
    tree = building(caps_usd_bn={"jbic_commitments": 0})
    left = {"first_year": 5, "per_fiscal_year": {"2026": 0}, "carry_over": True, "currency": "usd"}
    tree["capacity"]["facilities"]["jbic"]["commitments"] = left
    plant = tree["portfolio"]["projects"]["A"]
    tree["portfolio"]["projects"] = {
        "A": plant | one("2026-03-30", 2),
        "B": plant | one("2026-04-05", 2),
    }
    signed = run(tree).lines(Kind.FUNDS_COMMITTED)
    assert signed == ["2026-03-30 00:00 A funds_committed jbic_commitments 2"]
    tree["policy"]["events"] = {}
    assert len(run(tree).lines(Kind.FUNDS_COMMITTED)) == 2
