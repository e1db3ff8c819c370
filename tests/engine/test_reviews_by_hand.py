"""Reviews of the pace, worked out by hand. See docs/model.md, "Enforcement".

A of 2 bn is paid on 5 January 2026, B of 4 bn on 1 March 2027. The path has 2.5 bn
by July 2026, 5 bn by January 2027.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from breach_cases import one
from support.caught import caught, holds
from support.configs import config_from
from support.hand_runs import TARIFFS, bare_tree, constant, run, same, table

from sim.config.enforcement import Review
from sim.events import Kind
from sim.results.laws.history import history_is_kept
from sim.results.laws.reviews import reviews_find_what_is_behind

SHOWN = (Kind.BREACH_OPENED, Kind.BREACH_CLOSED, *TARIFFS)


def reviewed(measure: str = "paid", tolerance: float = 0.5, last: str = "2028-01-01") -> Any:
    tree = bare_tree(A=one("2026-01-05", 2), B=one("2027-03-01", 4))
    enforcement = tree["policy"]["enforcement"]
    enforcement["active"] = True
    enforcement["acted_on_probability"]["review_failed"] = 1
    enforcement["reviews"] = {
        "pace": {
            "label": "Pace", "measure": measure, "tolerance_usd_bn": tolerance,
            "dates": ["2026-07-01", "2027-01-01", "2027-04-01", last],
            "path_usd_bn": {"2026-07-01": 2.5, "2027-01-01": 5, "2028-01-01": 5},
        }
    }  # fmt: skip
    return tree


@pytest.mark.parametrize("measure", ["paid", "called", "committed"])
def test_a_failed_review_is_a_breach_until_a_later_one_finds_the_programme_back(measure):
    """2.5 less 2 is within tolerance; 5 less 2 is not: 3 bn behind. 30 and 90 days on: 1 May, but
    the review of 1 April finds 6 bn."""
    expected = """
        2027-01-01 00:00 - breach_opened #1 review_failed 3
        2027-01-01 00:00 - breach_threatened #1
        2027-01-31 00:00 - breach_ordered #1
        2027-04-01 00:00 - breach_closed #1 cured
    """
    same(run(reviewed(measure)).lines(*SHOWN), table(expected))


def test_what_is_paid_between_two_reviews_cures_nothing_until_the_next():
    """B's 4 bn on 1 March cure nothing before 1 April; without tolerance the first one fails."""
    expected = """
        2026-07-01 00:00 - breach_opened review_failed 0.5
        2026-07-01 00:00 - breach_threatened
        2026-07-31 00:00 - breach_ordered
        2026-10-29 00:00 - breach_raised review_failed
        2026-10-29 00:00 - tariff_raised 0.25
        2027-04-01 00:00 - breach_closed cured
        2027-04-01 00:00 - tariff_relieved
        2027-05-01 00:00 - tariff_compliant
    """
    same(run(reviewed(tolerance=0)).lines(*SHOWN), table(expected))


def test_the_last_review_ends_what_nobody_cured():
    tree = reviewed()
    del tree["portfolio"]["projects"]["B"]
    closed = run(tree).lines(Kind.BREACH_CLOSED)
    assert closed == ["2028-01-01 00:00 - breach_closed #1 settled"]


@pytest.mark.parametrize(
    ("months", "first", "expected"),
    [
        (6, "2026-07-01", ["2026-07-01", "2027-01-01", "2027-07-01", "2028-01-01"]),
        (1, "2027-10-31", ["2027-10-31", "2027-11-30", "2027-12-31"]),
        (12, "2024-02-29", ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28"]),
    ],
)
def test_a_review_every_n_months_falls_on_the_day_of_the_first(months, first, expected):
    """To 1 January 2028, that day included; of a month without the day, on its last."""
    plain = reviewed()["policy"]["enforcement"]["reviews"]["pace"] | {"dates": []}
    review = Review.model_validate(
        plain | {"every_months": months, "first_day": first, "last_day": "2028-01-01"}
    )
    assert [str(day) for day in review.held_on] == expected


def test_a_rhythm_reviews_as_its_dates_do():
    tree = reviewed()
    review = tree["policy"]["enforcement"]["reviews"]["pace"]
    review["dates"] = ["2026-07-01", "2027-01-01", "2027-07-01", "2028-01-01"]
    expected = run(tree).lines(*SHOWN)
    assert expected[0] == "2027-01-01 00:00 - breach_opened #1 review_failed 3"
    review |= {"dates": [], "every_months": 6, "first_day": "2026-07-01", "last_day": "2028-01-01"}
    same(run(tree).lines(*SHOWN), expected)


def test_a_rhythm_that_began_on_record_is_held_from_the_day_after_on():
    """Without tolerance 1 July would fail, and put a duty on record."""
    tree = reviewed(tolerance=0)
    tree["programme"] |= {"history": "recorded", "as_of": "2026-08-01"}
    tree["portfolio"]["projects"]["A"] |= dict.fromkeys(
        ("recommended_date", "selected_date", "first_paid_date"), "2026-01-05"
    )
    review = tree["policy"]["enforcement"]["reviews"]["pace"]
    review |= {"dates": [], "every_months": 6, "first_day": "2026-07-01", "last_day": "2028-01-01"}
    expected = """
        2027-01-01 00:00 - breach_opened #1 review_failed 3
        2027-07-01 00:00 - breach_closed #1 cured
    """
    it = run(tree)
    same(it.lines(Kind.BREACH_OPENED, Kind.BREACH_CLOSED), table(expected))
    holds(history_is_kept, it.left, config_from(tree))
    time = it.left.log.time.copy()
    time[it.left.log.kind == Kind.BREACH_OPENED] = 181 * 1440  # 1 July 2026
    early = replace(it.left, log=replace(it.left.log, time=time))
    caught(history_is_kept, early, "BREACH_OPENED is not on record", config_from(tree))


@pytest.mark.parametrize(("stopped", "desk", "told"), [("2026-02-04", 0, 1), ("2026-03-20", 20, 2)])
def test_what_nobody_noticed_and_what_was_withdrawn_is_not_called(stopped, desk, told):
    """Of 10 bn, 5 are called at selection. The other 5 were due on 24 February, after the stop of
    calls, and partners pay them; with twenty days at the desk they are called on 16 March and
    withdrawn on the 20th."""
    tree = bare_tree(A=one("2026-01-05", 10))
    tree["sectors"]["gas"]["construction"]["outcome_months"] = constant(100 / 30.4375)
    tree["nature"]["call_desk_days"]["jbic"] = constant(desk)
    policy = tree["policy"]
    policy["calls"]["slices"] = {
        "first": {"share": 0.5, "trigger": "selection"},
        "second": {"share": 0.5, "trigger": "progress 0.5"},
    }
    policy["events"] = {
        "end": {"label": "End", "date": stopped, "building": {"partners_finish_share": 1}}
    }
    policy["enforcement"]["reviews"] = {
        "pace": {
            "label": "Pace", "measure": "called", "dates": ["2026-04-01", "2027-01-01"],
            "path_usd_bn": {"2026-01-01": 9},
        }
    }  # fmt: skip
    it = run(tree)
    assert len(it.lines(Kind.CALL_NOTICED)) == told
    found = [line for line in it.lines(Kind.BREACH_OPENED) if "review_failed" in line]
    assert found == ["2026-04-01 00:00 - breach_opened review_failed 4"]


@pytest.mark.parametrize(
    ("kind", "column", "value", "text"),
    [
        (Kind.BREACH_OPENED, "amount", 1, "fails breach 1 .1., 300000000000 cents behind"),
        (Kind.BREACH_OPENED, "part", 0, "fails breach 0"),
        (Kind.BREACH_OPENED, "kind", Kind.PROPOSED, "cents behind the path open no breach"),
        (Kind.BREACH_OPENED, "time", 365 * 1440 - 1, "fails on no day of its own"),
        (Kind.BREACH_CLOSED, "kind", Kind.PROPOSED, "breach 1 of a review is not closed"),
        (Kind.BREACH_CLOSED, "part", 3, "cures breach 3"),
        (Kind.PART_DRAWN, "amount", 0, "cents behind the path open no breach"),
    ],
)
def test_a_log_whose_reviews_do_not_follow_what_it_adds_up_to_is_caught(kind, column, value, text):
    tree = reviewed()
    config, left = config_from(tree), run(tree).left
    holds(reviews_find_what_is_behind, left, config)
    values = getattr(left.log, column).copy()
    values[np.flatnonzero(left.log.kind == kind)[0]] = value
    damaged = replace(left, log=replace(left.log, **{column: values}))
    caught(reviews_find_what_is_behind, damaged, text, config)
