"""Business days and clock dates, against lists of holidays written out here.

Sources. United States: Office of Personnel Management, "Federal Holidays" (dates as observed).
Japan: Cabinet Office, "On national holidays" for 2025-2027; later years follow the Act on
National Holidays with the equinox days of the National Astronomical Observatory of Japan's table.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.calendars import (
    CALENDARS,
    Calendar,
    Epoch,
    business_calendar,
    fiscal_year,
    minutes_from_days,
    minutes_from_months,
)
from sim.calendars.clock_dates import LONGEST_MINUTES

# Year, then month and day of each closed weekday. A holiday on a weekend is left out; the day on
# which it is observed is in, as is 31 December 2027 for Saturday 1 January 2028.
US_CLOSED = """
2025 0101 0120 0217 0526 0619 0704 0901 1013 1111 1127 1225
2026 0101 0119 0216 0525 0619 0703 0907 1012 1111 1126 1225
2027 0101 0118 0215 0531 0618 0705 0906 1011 1111 1125 1224 1231
2028 0117 0221 0529 0619 0704 0904 1009 1110 1123 1225
2029 0101 0115 0219 0528 0619 0704 0903 1008 1112 1122 1225
2030 0101 0121 0218 0527 0619 0704 0902 1014 1111 1128 1225
2031 0101 0120 0217 0526 0619 0704 0901 1013 1111 1127 1225
2032 0101 0119 0216 0531 0618 0705 0906 1011 1111 1125 1224 1231
"""
# 22 September 2026 and 21 September 2032 are citizens' holidays, between two holidays.
JAPAN_CLOSED = """
2025 0101 0113 0211 0224 0320 0429 0505 0506 0721 0811 0915 0923 1013 1103 1124
2026 0101 0112 0211 0223 0320 0429 0504 0505 0506 0720 0811 0921 0922 0923 1012 1103 1123
2027 0101 0111 0211 0223 0322 0429 0503 0504 0505 0719 0811 0920 0923 1011 1103 1123
2028 0110 0211 0223 0320 0503 0504 0505 0717 0811 0918 0922 1009 1103 1123
2029 0101 0108 0212 0223 0320 0430 0503 0504 0716 0917 0924 1008 1123
2030 0101 0114 0211 0320 0429 0503 0506 0715 0812 0916 0923 1014 1104
2031 0101 0113 0211 0224 0321 0429 0505 0506 0721 0811 0915 0923 1013 1103 1124
2032 0101 0112 0211 0223 0429 0503 0504 0505 0719 0811 0920 0921 0922 1011 1103 1123
"""
BANK_CLOSED = "0101 0102 0103 1231"

# (calendar, notice, n, due, why)
DUE_DATES = [
    # 45 days from Tuesday 17 February 2026: 3 left in that week, eight full
    # weeks to 17 April make 43, then the 20th and the 21st. Japan closes 23 Feb and 20 Mar.
    ("us", "2026-02-17", 45, "2026-04-21", "no federal holiday in between"),
    ("japan", "2026-02-17", 45, "2026-04-23", "Emperor's Birthday and Vernal Equinox"),
    ("both", "2026-02-17", 45, "2026-04-23", "the same two, and none of the US"),
    ("every_day", "2026-02-17", 45, "2026-04-03", "11 days left in February, 31 in March, 3"),
    # New Year 2025/26. Tuesday 30 December to Monday 5 January.
    ("us", "2025-12-30", 1, "2025-12-31", "New Year's Eve is a working day"),
    ("us", "2025-12-30", 2, "2026-01-02", "only Thursday 1 January is closed"),
    ("japan", "2025-12-30", 1, "2026-01-05", "31 Dec to 2 Jan are bank holidays, then weekend"),
    ("japan_offices", "2025-12-30", 2, "2026-01-02", "without bank days, New Year's Day only"),
    ("both", "2025-12-24", 3, "2025-12-30", "Christmas out; Fri 26, Mon 29, Tue 30"),
    ("both", "2025-12-24", 4, "2026-01-05", "and then Japan's bank holidays"),
    ("every_day", "2025-12-30", 2, "2026-01-01", "no holiday counts"),
    # Golden Week.
    ("japan", "2026-04-28", 1, "2026-04-30", "Showa Day, Wednesday 29 April"),
    ("japan", "2026-04-28", 3, "2026-05-07", "30 Apr, 1 May; 4, 5, and 6 for Sunday 3"),
    ("japan", "2027-04-28", 2, "2027-05-06", "Fri 30 Apr; Mon 3 to Wed 5 May closed"),
    ("japan", "2025-05-02", 1, "2025-05-07", "Greenery Day on Sunday 4: substitute Tuesday 6"),
    ("japan", "2030-05-02", 1, "2030-05-07", "Friday 3; Children's Day on Sunday 5: Monday 6"),
    # Thanksgiving, fourth Thursday of November.
    ("us", "2026-11-25", 1, "2026-11-27", "Thursday 26 is closed, Friday is not"),
    ("both", "2026-11-20", 3, "2026-11-27", "Labour Thanksgiving Mon 23 and Thanksgiving Thu 26"),
    # United States: on Saturday observed on Friday, on Sunday observed on Monday.
    ("us", "2026-07-02", 1, "2026-07-06", "4 July is a Saturday: Friday 3 closed"),
    ("japan", "2026-07-02", 1, "2026-07-03", "not in Japan"),
    ("us", "2027-07-02", 1, "2027-07-06", "4 July is a Sunday: Monday 5 closed"),
    ("us", "2027-12-23", 5, "2028-01-03", "Fri 24 for Christmas; 27-30; Fri 31 for New Year 2028"),
    ("us", "2028-11-09", 1, "2028-11-13", "Veterans Day is a Saturday: Friday 10 closed"),
    # Japan: a holiday on a Saturday is lost, on a Sunday it moves to the next open day.
    ("japan", "2026-09-18", 1, "2026-09-24", "Mon 21, Wed 23, and Tue 22 between two holidays"),
    ("japan", "2032-09-17", 1, "2032-09-23", "Mon 20, Wed 22, and Tue 21 between two holidays"),
    ("japan", "2027-03-19", 1, "2027-03-23", "Vernal Equinox on Sunday 21: Monday 22 closed"),
    ("japan", "2029-08-10", 1, "2029-08-13", "Mountain Day on a Saturday is lost"),
    ("us", "2028-02-28", 1, "2028-02-29", "the leap day is a Tuesday, and open"),
    ("both", "2028-02-28", 2, "2028-03-01", "and the day after is 1 March"),
    ("japan", "2028-02-29", 0, "2028-02-29", "n = 0 is the instant of notice"),
    ("every_day", "2028-02-29", 366, "2029-03-01", "365 days to 28 February, and one"),
    # Notice on a closed day.
    ("us", "2026-07-04", 1, "2026-07-06", "Saturday: the first open day after is Monday"),
    ("japan", "2026-05-03", 1, "2026-05-07", "Sunday in Golden Week"),
    ("both", "2031-01-01", 1, "2031-01-06", "Wednesday; 2 and 3 January are bank holidays"),
    ("us", "2026-07-04", 0, "2026-07-04", "n = 0 stays on the closed day"),
]


def calendar_named(name: str) -> Calendar:
    """A calendar of the tables here; ``japan_offices`` is Japan without bank days."""
    offices = name == "japan_offices"
    return business_calendar("japan" if offices else name, japan_bank_days=not offices)


def listed_open(name: str, day: date) -> bool:
    """Whether ``day`` is open by the lists written out above: no library, no numpy."""
    if name == "every_day" or day.isoweekday() > 5:
        return name == "every_day"
    us, japan = (
        next(f"{day:%m%d}" not in row for row in text.splitlines() if row[:4] == str(day.year))
        for text in (US_CLOSED, JAPAN_CLOSED)
    )
    if name != "japan_offices":
        japan = japan and f"{day:%m%d}" not in BANK_CLOSED
    return {"us": us, "both": us and japan}.get(name, japan)


@pytest.mark.parametrize(("name", "notice", "n", "due", "why"), DUE_DATES)
def test_due_dates_agree_with_the_table_made_by_hand(
    name: str, notice: str, n: int, due: str, why: str
) -> None:
    found = calendar_named(name).due(date.fromisoformat(notice), n)
    assert found == date.fromisoformat(due), why


@pytest.mark.parametrize("name", [*CALENDARS, "japan_offices"])
def test_days_and_due_dates_of_2025_to_2032_are_as_the_official_lists_say(name: str) -> None:
    calendar = calendar_named(name)
    days = [date(2025, 1, 1) + timedelta(days=i) for i in range(8 * 365 + 2)]  # 2 leap days
    listed = [day for day in days if listed_open(name, day)]
    assert [day for day in days if calendar.is_open(day)] == listed
    for notice in days[: 7 * 365 : 37]:
        after = [day for day in listed if day > notice][:90]
        assert [calendar.due(notice, n) for n in range(1, 91)] == after


def test_a_meeting_in_the_september_holidays_moves_to_their_end() -> None:
    both = business_calendar("both")
    assert both.next_open(date(2026, 9, 21)) == date(2026, 9, 24)
    assert both.next_open(date(2026, 9, 24)) == date(2026, 9, 24)


@pytest.mark.parametrize("name", CALENDARS)
def test_an_extra_closure_closes_every_calendar(name: str) -> None:
    wednesday = date(2026, 10, 7)
    closed = business_calendar(name, extra_closures=[wednesday])
    assert business_calendar(name).is_open(wednesday)
    assert not closed.is_open(wednesday)
    assert closed.due(date(2026, 10, 6), 1) == date(2026, 10, 8)


def test_the_same_question_gives_the_same_calendar_also_through_a_pickle() -> None:
    closures = [date(2026, 10, 8), date(2026, 10, 7)]
    calendar = business_calendar("both", extra_closures=closures)
    assert business_calendar("both", extra_closures=reversed(closures)) is calendar
    assert pickle.loads(pickle.dumps(calendar)) == calendar


def test_an_unknown_calendar_is_refused_with_the_nearest_name() -> None:
    message = "no calendar 'japn'; accepted: us, japan, both, every_day; nearest: japan"
    with pytest.raises(ValueError, match=message):
        business_calendar("japn")


def test_a_negative_window_or_length_is_refused() -> None:
    us = business_calendar("us")
    with pytest.raises(ValueError, match=r"'us': n is -1 business days; accepted: >= 0"):
        us.due(date(2026, 1, 2), -1)
    with pytest.raises(ValueError, match=r"'us': days is -3; accepted: >= 0"):
        us.next_open_table(date(2026, 1, 2), -3)


@pytest.mark.parametrize("name", CALENDARS)
def test_a_day_whose_holidays_are_not_known_is_refused(name: str) -> None:
    calendar = business_calendar(name)
    with pytest.raises(ValueError, match="know the day 2023-12-31; accepted: 2024-01-01 to"):
        calendar.is_open(date(2023, 12, 31))
    with pytest.raises(ValueError, match=r"know the day 2046-01-0\d; accepted: .* to 2045"):
        calendar.due_table(date(2045, 12, 1), 31, 1)


def test_importing_the_room_loads_no_heavy_library() -> None:
    heavy = "{'holidays', 'pandas', 'scipy'}"
    script = f"import sys, sim.calendars; sys.exit(str({heavy} & set(sys.modules)))"
    command = [sys.executable, "-c", script]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.stderr.strip() == "set()"


calendars = st.builds(
    business_calendar,
    st.sampled_from(CALENDARS),
    japan_bank_days=st.booleans(),
    extra_closures=st.sampled_from([(), (date(2028, 2, 29), date(2030, 7, 1))]),
)
notices = st.dates(date(2024, 1, 1), date(2040, 12, 31))
windows = st.integers(0, 400)
laws = settings(derandomize=True, deadline=None)
EPOCH = Epoch(date(2025, 9, 4))


@laws
@given(calendars, notices, windows, windows, st.integers(0, 60))
def test_a_longer_window_and_a_later_notice_never_fall_due_earlier(
    calendar: Calendar, notice: date, n: int, more: int, wait_days: int
) -> None:
    due = calendar.due(notice, n)
    assert due <= calendar.due(notice, n + more)
    assert due <= calendar.due(notice + timedelta(days=wait_days), n)
    assert due < calendar.due(notice, n + 1)


@laws
@given(calendars, notices, st.integers(1, 400))
def test_the_due_day_is_open_and_closes_a_window_of_n_open_days(
    calendar: Calendar, notice: date, n: int
) -> None:
    due = calendar.due(notice, n)
    days = [notice + timedelta(days=i + 1) for i in range((due - notice).days)]
    assert calendar.is_open(due)
    assert n == sum(map(calendar.is_open, days))


@laws
@given(calendars, notices, st.integers(0, 50), windows)
def test_the_tables_agree_with_their_methods_for_each_day(
    calendar: Calendar, first: date, length: int, n: int
) -> None:
    days = [first + timedelta(days=i) for i in range(length)]
    due, opens = calendar.due_table(first, length, n), calendar.next_open_table(first, length)
    assert due.dtype == opens.dtype == np.int64
    assert due.tolist() == [(calendar.due(day, n) - first).days for day in days]
    assert opens.tolist() == [(calendar.next_open(day) - first).days for day in days]
    later = [day for day in days if calendar.next_open(day) != day]
    assert later == [day for day in days if not calendar.is_open(day)]
    assert all(calendar.next_open(day) == calendar.due(day, 1) for day in later)


@laws
@given(calendars, notices, st.integers(1, 60), st.integers(0, 400))
def test_every_nth_open_day_is_due_n_days_after_the_one_before(
    calendar: Calendar, after: date, n: int, length: int
) -> None:
    until = after + timedelta(days=length)
    expected, day = [], calendar.due(after, n)
    while day <= until:
        expected.append(day)
        day = calendar.due(day, n)
    assert calendar.every(n, after, until) == expected


@laws
@given(notices, st.integers(0, 1439))
def test_every_minute_of_a_day_lies_before_its_close_and_reads_as_that_day(
    day: date, minute_of_day: int
) -> None:
    minute = EPOCH.minute_of(day) + minute_of_day
    assert EPOCH.date_of(minute) == day
    assert EPOCH.day_index(minute) == (day - EPOCH.start).days
    assert minute < EPOCH.close_of(day) == EPOCH.minute_of(day + timedelta(days=1))
    instant = EPOCH.datetime64(np.array([minute]))
    assert instant.dtype == np.dtype("datetime64[ms]")
    assert instant.astype("datetime64[D]").item() == day


def test_months_cover_both_ends_but_month_starts_leave_out_the_start_itself() -> None:
    start = Epoch(date(2025, 12, 1))
    february = start.minute_of(date(2026, 2, 1))
    assert february == (31 + 31) * 1440
    expected = [(31 * 1440, date(2026, 1, 1)), (february, date(2026, 2, 1))]
    assert start.month_starts(february) == expected
    assert start.month_starts(february - 1) == expected[:1]
    assert start.month_starts(0) == start.month_starts(-1) == []
    over_new_year = [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert EPOCH.months(date(2025, 12, 31), date(2026, 2, 1)) == over_new_year
    assert EPOCH.months(date(2026, 2, 1), date(2026, 1, 31)) == []


def test_a_length_is_rounded_up_to_the_next_minute_but_dust_is_not_a_minute() -> None:
    minutes = np.array([3.0, 3.0000000001, 3.0000009, 3.00001, 2.9999999999, 0.0])
    expected = [3, 3, 3, 4, 3, 0]
    assert minutes_from_days(minutes / 1440).tolist() == expected
    assert minutes_from_months(minutes / 43830).tolist() == expected
    assert [minutes_from_days(float(m) / 1440) for m in minutes] == expected
    assert minutes_from_days(minutes).dtype == np.int64
    assert minutes_from_days(365.25) == minutes_from_months(12.0) == 525960  # a year


@pytest.mark.parametrize("length", [float("inf"), 1e300, 73_201.0])
def test_a_length_beyond_every_run_counts_as_two_hundred_years(length: float) -> None:
    assert minutes_from_days(length) == LONGEST_MINUTES
    assert minutes_from_months(np.array([1.0, length, -length])).tolist() == [
        43830,
        LONGEST_MINUTES,
        -LONGEST_MINUTES,
    ]


def test_what_is_no_number_is_no_length() -> None:
    with pytest.raises(ValueError, match=r"a length is not a number \(NaN\)"):
        minutes_from_days(float("nan"))
    with pytest.raises(ValueError, match=r"a length is not a number \(NaN\)"):
        minutes_from_months(np.array([1.0, float("nan")]))


def test_a_fiscal_year_is_named_by_the_year_it_begins_in() -> None:
    assert fiscal_year(date(2026, 3, 31)) == 2025
    assert fiscal_year(date(2026, 4, 1)) == 2026
    assert fiscal_year(date(2026, 12, 31), first_month=1) == 2026
    with pytest.raises(ValueError, match="first_month is 13; accepted: 1 to 12"):
        fiscal_year(date(2026, 1, 1), first_month=13)
