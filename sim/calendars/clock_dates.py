"""The clock: whole minutes since the programme's start, and the dates they stand for.

Dates are civil dates in Washington, without daylight saving: every day has 1440 minutes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias, overload

import numpy as np
import numpy.typing as npt

IntArray: TypeAlias = npt.NDArray[np.int64]
FloatArray: TypeAlias = npt.NDArray[np.float64]
Datetime64Array: TypeAlias = npt.NDArray[np.datetime64]

MINUTES_PER_DAY = 1440
DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = 30.4375

_MS_PER_MINUTE = 60_000
_MINUTES_PER_MONTH = DAYS_PER_MONTH * MINUTES_PER_DAY  # 43830, a whole number
_DUST_MINUTES = 1e-6
# What is longer than two hundred years ends after every run (the calendars end in 2045), and counts
# as so long: there every double still has its dust, and every instant of a run its date.
LONGEST_MINUTES = 200 * 366 * MINUTES_PER_DAY


@dataclass(frozen=True)
class Epoch:
    """Where minute zero lies: ``start`` at 00:00.

    Attributes
    ----------
    start : date
        The programme's first day.

    Examples
    --------
    >>> epoch = Epoch(date(2025, 9, 4))
    >>> epoch.minute_of(date(2025, 9, 5)), epoch.close_of(date(2025, 9, 5))
    (1440, 2880)
    >>> epoch.date_of(2879)
    datetime.date(2025, 9, 5)
    """

    start: date

    def minute_of(self, day: date) -> int:
        """Minute of 00:00 of ``day``; negative before the start."""
        return (day - self.start).days * MINUTES_PER_DAY

    def close_of(self, day: date) -> int:
        """Minute of 00:00 of the day after ``day``, when a deadline due on ``day`` acts.

        Anything stamped on ``day`` itself comes before it, and so is on time.
        """
        return self.minute_of(day) + MINUTES_PER_DAY

    def day_index(self, minute: int) -> int:
        """Whole days from the start to the day that holds ``minute``."""
        return int(minute) // MINUTES_PER_DAY

    def date_of(self, minute: int) -> date:
        """Find the date that holds ``minute``."""
        return self.start + timedelta(days=self.day_index(minute))

    def months(self, first: date, last: date) -> list[date]:
        """First days of the calendar months from that of ``first`` to that of ``last``.

        Both ends are included; the list is empty when ``last`` lies in an earlier month.

        Examples
        --------
        >>> Epoch(date(2025, 9, 4)).months(date(2025, 12, 31), date(2026, 1, 1))
        [datetime.date(2025, 12, 1), datetime.date(2026, 1, 1)]
        """
        begin, end = (day.year * 12 + day.month - 1 for day in (first, last))
        return [date(month // 12, month % 12 + 1, 1) for month in range(begin, end + 1)]

    def month_starts(self, until_minute: int) -> list[tuple[int, date]]:
        """Every 1st of a month strictly after the start, at or before ``until_minute``.

        Returns
        -------
        list of (int, date)
            Minute of 00:00 of that day, and the day; in order of time.

        Examples
        --------
        >>> Epoch(date(2025, 9, 4)).month_starts(27 * 1440)
        [(38880, datetime.date(2025, 10, 1))]
        """
        firsts = self.months(self.start, self.date_of(until_minute))
        return [(self.minute_of(day), day) for day in firsts if day > self.start]

    def datetime64(self, minutes: IntArray) -> Datetime64Array:
        """Instants of whole minutes, of the shape given, as ``datetime64[ms]``.

        Examples
        --------
        >>> Epoch(date(2025, 9, 4)).datetime64(np.array([0, 1441]))
        array(['2025-09-04T00:00:00.000', '2025-09-05T00:01:00.000'],
              dtype='datetime64[ms]')
        """
        return np.datetime64(self.start, "ms") + minutes * np.timedelta64(_MS_PER_MINUTE, "ms")


@overload
def minutes_from_days(days: float) -> int: ...
@overload
def minutes_from_days(days: FloatArray) -> IntArray: ...
def minutes_from_days(days: float | FloatArray) -> int | IntArray:
    """Whole minutes of a length in days, rounded up; at most `LONGEST_MINUTES`.

    A value at most 1e-6 minutes above a whole minute is that minute: the excess is float dust.

    Parameters
    ----------
    days : float or FloatArray
        Days of 1440 minutes.

    Raises
    ------
    ValueError
        If a length is not a number.

    Examples
    --------
    >>> minutes_from_days(0.5), minutes_from_days(1.0001)
    (720, 1441)
    >>> minutes_from_days(np.array([1 / 1440, 0.1 + 0.2])).tolist()
    [1, 432]
    """
    return _round_up(days, MINUTES_PER_DAY)


@overload
def minutes_from_months(months: float) -> int: ...
@overload
def minutes_from_months(months: FloatArray) -> IntArray: ...
def minutes_from_months(months: float | FloatArray) -> int | IntArray:
    """Whole minutes of a length in months of 30.4375 days, rounded up as `minutes_from_days`.

    Parameters
    ----------
    months : float or FloatArray
        Months of 30.4375 days, which is 43830 minutes.

    Raises
    ------
    ValueError
        If a length is not a number.

    Examples
    --------
    >>> minutes_from_months(1.0), minutes_from_months(12.0)
    (43830, 525960)
    """
    return _round_up(months, _MINUTES_PER_MONTH)


def _round_up(length: float | FloatArray, minutes_each: float) -> int | IntArray:
    if np.any(np.isnan(length)):
        raise ValueError("a length is not a number (NaN); accepted: any number")
    most = LONGEST_MINUTES / minutes_each
    if isinstance(length, np.ndarray):
        minutes = np.minimum(np.maximum(length, -most), most) * minutes_each
        return np.ceil(minutes - _DUST_MINUTES).astype(np.int64)
    return math.ceil(min(max(length, -most), most) * minutes_each - _DUST_MINUTES)


def fiscal_year(day: date, first_month: int = 4) -> int:
    """Fiscal year of ``day``, named by the calendar year it begins in, as Japan does.

    The United States name theirs by the year it ends in; this function does not.

    Parameters
    ----------
    day : date
        The day asked about.
    first_month : int
        Month in which the fiscal year begins, 1..12; 4 in Japan (Public Finance Act, art. 11).

    Raises
    ------
    ValueError
        If ``first_month`` is not a month.

    Examples
    --------
    >>> fiscal_year(date(2026, 3, 31)), fiscal_year(date(2026, 4, 1))
    (2025, 2026)
    """
    if not 1 <= first_month <= 12:
        raise ValueError(f"first_month is {first_month}; accepted: 1 to 12")
    return day.year if day.month >= first_month else day.year - 1
