"""People, other employers' demand and the gap, by hand. See docs/model.md, "Specialists"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import inf

import pytest

from sim.rules.gap import (
    GapFacts,
    MeasureFacts,
    PoolFacts,
    TrainingStream,
    firsts_of_months,
    gap_shares,
    interpolated,
    market_paths,
    months_earlier,
    people_path,
    stepped,
)

START, GAP_DATE, AFTER = date(2026, 1, 1), date(2028, 1, 1), date(2029, 1, 1)
STEPS = [START, date(2027, 1, 1), GAP_DATE, AFTER]  # 0, 365, 730 and 1,096 days
POOL = PoolFacts("a", True, 300.0, 0.0, 0.0, (), None, ((START, 30.0), (GAP_DATE, 50.0)))
HOLD = GapFacts(100.0, GAP_DATE, "hold_gap", None)


def test_people_gain_graduates_and_visas_and_lose_leavers_on_the_first_of_each_month():
    """By hand: 1,000 people, 12 % leave a year, 10 visas and 20 x 0.5 graduates a month.

    February 1000 + 10 + 10 - 10 = 1010; March 1010 + 20 - 10.10 = 1019.90.
    """
    stream = TrainingStream(((START, 20.0),), 3, 0.5)
    pool = replace(POOL, people_at_start=1000.0, attrition_share_per_year=0.12,
                   visas_per_month=10.0, streams=(stream,))  # fmt: skip
    steps = [START, date(2026, 2, 1), date(2026, 3, 1)]
    assert people_path(pool, steps)[0] == pytest.approx((1000.0, 1010.0, 1019.9))


def test_graduates_come_out_as_many_months_later_as_their_stream_takes():
    """Intake 20, from March 40, two months long, half complete: 10 on 1 April, 20 on 1 May.

    A second stream of 100 for a year, of which a quarter completes: 25 every month, as before the
    start its first value holds.
    """
    short = TrainingStream(((START, 20.0), (date(2026, 3, 1), 40.0)), 2, 0.5)
    long = TrainingStream(((START, 100.0),), 12, 0.25)
    steps = [START, *(date(2026, month, 1) for month in (2, 3, 4, 5))]
    pool = replace(POOL, people_at_start=0.0, streams=(short, long))
    assert people_path(pool, steps)[0] == (0.0, 35.0, 70.0, 105.0, 150.0)


def test_a_pool_never_has_less_than_nobody():
    pool = replace(POOL, people_at_start=10.0, visas_per_month=0.0, attrition_share_per_year=1.0)
    assert min(people_path(pool, [START] * 50)[0]) >= 0


def test_a_course_that_is_a_measure_adds_what_it_finishes_less_those_who_leave():
    """By hand: 20 begin in February and March, half finish two months later; 12 % leave a year.

    10 on 1 April; 10 + 10 - 0.1 on 1 May; 19.9 - 0.199 on 1 June. A pool without it has none.
    """
    pool = replace(POOL, attrition_share_per_year=0.12)
    course = MeasureFacts("a", date(2026, 1, 2), date(2026, 3, 31), 2, 10.0)
    steps = [START, *(date(2026, month, 1) for month in (2, 3, 4, 5, 6))]
    plain, added = people_path(pool, steps, [course])
    assert added == pytest.approx((0, 0, 0, 10, 19.9, 19.701))
    assert plain == people_path(pool, steps)[0]
    assert set(people_path(replace(pool, name="b"), steps, [course])[1]) == {0.0}


@pytest.mark.parametrize(
    ("afterwards", "close_by", "last"),
    [
        # O at the start 300 - 30 = 270; half way to the gap date 300 - 40 + 50 = 310, on it
        # 300 - 50 + 100 = 350. A year (366 days) later:
        ("hold_gap", None, 350.0),
        ("continue", None, 250 + 100 * 1096 / 730),  # the gap goes on along its line
        ("close_by", date(2030, 1, 1), 250 + 100 * 365 / 731),  # 365 of 731 days are left
        ("close_by", date(2028, 7, 1), 250.0),  # closed: balance again
    ],
)
def test_the_gap_opens_in_a_straight_line_and_then_does_what_the_config_says(
    afterwards, close_by, last
):
    gap = GapFacts(100.0, GAP_DATE, afterwards, close_by)
    path = market_paths([POOL], gap, STEPS)[0]
    assert path.other_demand == pytest.approx((270.0, 310.0, 350.0, last))
    assert path.people == (300.0,) * 4


MONTHS = [START, *firsts_of_months(START, AFTER)]
COURSE = TrainingStream(((START, 20.0), (date(2027, 3, 1), 60.0)), 5, 0.5)


def test_gap_zero_means_balance_in_every_pool_at_every_time():
    """However its people move: O = S - reference demand."""
    small = replace(POOL, name="b", people_at_start=70.0, attrition_share_per_year=0.3,
                    streams=(COURSE,))  # fmt: skip
    none = GapFacts(0.0, GAP_DATE, "continue", None)
    for path in market_paths([POOL, small], none, MONTHS):
        for day, people, other in zip(MONTHS, path.people, path.other_demand, strict=True):
            assert other == people - interpolated(POOL.reference_demand, day)


def test_the_shortage_on_the_gap_date_is_each_pools_part_of_the_gap():
    """S moves; O on the gap date is S + 0.75 x 100 - 50 and S + 0.25 x 100, by people at start."""
    small = replace(POOL, name="b", people_at_start=100.0, reference_demand=())
    growing = replace(POOL, visas_per_month=3.0)
    large, little = market_paths([growing, small], HOLD, STEPS)
    assert large.other_demand[2] + 50 - large.people[2] == pytest.approx(75)
    assert little.other_demand[2] - little.people[2] == pytest.approx(25)
    assert large.people[2] == 306


def test_measures_as_large_as_a_pools_part_of_the_gap_close_it_exactly():
    """M = share x gap on the gap date leaves S - O = Dref, to the last bit; O has not moved.

    24 firsts of months from February 2026 to the gap date: 4 a month make 96 = 0.75 x 128.
    """
    gap = replace(HOLD, people=128.0)
    pools = [replace(POOL, gap_share=0.75), replace(POOL, name="b", gap_share=0.25)]
    visas = MeasureFacts("a", START, GAP_DATE, 0, 4.0)
    before, after = (market_paths(pools, gap, MONTHS, given) for given in ([], [visas]))
    on = MONTHS.index(GAP_DATE)
    assert after[0].added[on] == 96
    assert after[0].people[on] - after[0].other_demand[on] == 50
    assert [path.other_demand for path in after] == [path.other_demand for path in before]
    assert after[1] == before[1]


def test_a_relaxed_pool_changes_no_other_pool_and_nothing_of_its_own_but_its_people():
    pools = [replace(POOL, streams=(COURSE,)), replace(POOL, name="b", people_at_start=70.0)]
    before = market_paths(pools, HOLD, MONTHS)
    relaxed, other = market_paths([replace(pools[0], unlimited=True), pools[1]], HOLD, MONTHS)
    assert other == before[1]
    assert relaxed == replace(before[0], people=(inf,) * len(MONTHS))


def test_stated_shares_of_the_gap_are_taken_as_they_are():
    pools = [replace(POOL, gap_share=0.1), replace(POOL, name="b", gap_share=0.9)]
    assert gap_shares(pools) == {"a": 0.1, "b": 0.9}


def test_a_dedicated_pool_has_no_other_demand_and_no_part_in_the_gap():
    dedicated = replace(POOL, name="d", market=False)
    assert gap_shares([POOL, dedicated]) == {"a": 1.0}
    assert market_paths([dedicated], HOLD, STEPS)[0].other_demand == (0.0,) * 4


def test_people_move_on_firsts_of_months_only():
    """S is 300, and 312 from 1 January 2027; the gap date in between, on 2 July 2026, sees 300."""
    growing = replace(POOL, visas_per_month=12.0, reference_demand=())
    gap = GapFacts(100.0, date(2026, 7, 2), "hold_gap", None)
    path = market_paths([growing], gap, [START, gap.gap_date, date(2027, 1, 1)])[0]
    assert path.people == (300.0, 300.0, 312.0)
    assert path.other_demand == (300.0, 400.0, 412.0)


def test_steps_hold_from_their_date_and_lines_join_theirs():
    path = [(date(2026, 3, 1), 5.0), (date(2026, 5, 1), 7.0)]
    assert [stepped(path, date(2026, m, d)) for m, d in ((1, 1), (3, 1), (4, 30), (5, 1))] == [
        5.0, 5.0, 5.0, 7.0,
    ]  # fmt: skip
    assert stepped(path, date(2026, 1, 1), before=1.0) == 1.0
    days = [(1, 1), (3, 1), (3, 31), (5, 1), (6, 1)]
    assert [interpolated(path, date(2026, m, d)) for m, d in days] == pytest.approx(
        [5.0, 5.0, 5 + 2 * 30 / 61, 7.0, 7.0]
    )
    assert interpolated([], START) == 0.0


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (0, date(2026, 1, 1)),
        (1, date(2025, 12, 1)),
        (12, date(2025, 1, 1)),
        (25, date(2023, 12, 1)),
    ],
)
def test_months_earlier_counts_calendar_months_across_years(months, expected):
    assert months_earlier(date(2026, 1, 31), months) == expected
