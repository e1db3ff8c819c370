"""Business days: which days are open, and when a notice of ``n`` open days falls due.

Four calendars answer the same questions. ``us`` closes on federal holidays as observed
(5 U.S.C. 6103), ``japan`` on national holidays with their substitute and citizens' holidays
(Act on National Holidays, Law 178 of 1948) and, as banks do, on 31 December and 1-3 January
(Banking Act enforcement order, art. 5); ``both`` is open only when both are; ``every_day`` never
closes by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cache, cached_property
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

IntArray: TypeAlias = npt.NDArray[np.int64]
DayArray: TypeAlias = npt.NDArray[np.datetime64]

CALENDARS = ("us", "japan", "both", "every_day")

# Holidays are known for these days only. A date outside is refused: past the last year every
# weekday would look open, which is wrong without a sign of it.
FIRST_DAY = date(2024, 1, 1)
LAST_DAY = date(2045, 12, 31)

_WEEKDAYS = "1111100"
_ALL_DAYS = "1111111"
_BANK_HOLIDAYS = ((1, 1), (1, 2), (1, 3), (12, 31))  # (month, day)


@dataclass(frozen=True)
class Calendar:
    """One calendar of open days. Made by `business_calendar`, not by hand.

    Two calendars are equal when they were asked for alike.

    Attributes
    ----------
    name : str
        One of `CALENDARS`.
    japan_bank_days : bool
        Whether Japan is also closed on 31 December and 1-3 January.
    extra_closures : tuple of date
        Days closed on top, sorted, each once.
    busdays : numpy.busdaycalendar
        The open days, in the form numpy's busday functions take.

    Every method raises ValueError for a day, given or found, outside `FIRST_DAY`..`LAST_DAY`.

    Examples
    --------
    The 45 business days of a notice given on Tuesday 17 February 2026:

    >>> notice = date(2026, 2, 17)
    >>> business_calendar("us").due(notice, 45)
    datetime.date(2026, 4, 21)
    >>> business_calendar("both").due(notice, 45)
    datetime.date(2026, 4, 23)
    """

    name: str
    japan_bank_days: bool
    extra_closures: tuple[date, ...]
    busdays: np.busdaycalendar = field(repr=False, compare=False)

    def __reduce__(self) -> tuple[object, tuple[str, bool, tuple[date, ...]]]:
        """Pickle the question, not the answer: a ``numpy.busdaycalendar`` cannot be pickled."""
        return _build, (self.name, self.japan_bank_days, self.extra_closures)

    def is_open(self, day: date) -> bool:
        """Whether ``day`` is a business day.

        Examples
        --------
        >>> business_calendar("us").is_open(date(2026, 7, 3))  # Independence Day, observed
        False
        """
        return bool(np.is_busday(self._known(day), busdaycal=self.busdays))

    def due(self, notice: date, n: int) -> date:
        """Due date of a notice: the ``n``-th open day strictly after ``notice``.

        Parameters
        ----------
        notice : date
            Calendar date of the notice, open or closed.
        n : int
            Window in business days, >= 0. Zero means the instant of notice: ``notice`` itself,
            even on a closed day.

        Raises
        ------
        ValueError
            If ``n`` is negative.

        Examples
        --------
        >>> business_calendar("japan").due(date(2026, 4, 28), 3)  # across Golden Week
        datetime.date(2026, 5, 7)
        """
        return _as_date(self._due(self._known(notice), n))

    def every(self, n: int, after: date, until: date) -> list[date]:
        """Every ``n``-th open day strictly after a day, up to another.

        Examples
        --------
        >>> business_calendar("us").every(10, date(2026, 7, 1), date(2026, 8, 1))
        [datetime.date(2026, 7, 16), datetime.date(2026, 7, 30)]
        """
        ends = np.asarray([self._known(after), self._known(until)])
        begin, end = np.searchsorted(self._open_days, ends, side="right")
        days: list[date] = self._open_days[begin + n - 1 : end : n].tolist()
        return days

    def next_open(self, day: date) -> date:
        """``day`` if it is open, else the next open day: where a meeting moves to.

        Examples
        --------
        >>> business_calendar("us").next_open(date(2026, 7, 3))
        datetime.date(2026, 7, 6)
        """
        return _as_date(self._next_open(self._known(day)))

    def open_before(self, day: date, n: int) -> date:
        """The n-th open day before the last open one up to ``day``, which is n = 0.

        Examples
        --------
        >>> business_calendar("us").open_before(date(2029, 1, 19), 4)
        datetime.date(2029, 1, 12)
        """
        found = np.busday_offset(self._known(day), -n, roll="backward", busdaycal=self.busdays)
        return _as_date(self._all_known(np.asarray(found)))

    def due_table(self, first: date, days: int, n: int) -> IntArray:
        """Due dates of notices on ``days`` consecutive days, agreeing with `due` for each.

        Parameters
        ----------
        first : date
            Notice date of row 0.
        days : int
            Number of rows, >= 0.
        n : int
            Window in business days, >= 0.

        Returns
        -------
        IntArray
            Shape (days,). Row i: days from ``first`` to the due date of ``first + i``.

        Raises
        ------
        ValueError
            If ``days`` or ``n`` is negative.

        Examples
        --------
        >>> business_calendar("us").due_table(date(2026, 7, 1), 4, 1).tolist()
        [1, 5, 5, 5]
        """
        notices = self._run_of_days(first, days)
        return _days_after(first, self._due(notices, n))

    def next_open_table(self, first: date, days: int) -> IntArray:
        """`next_open` of ``days`` consecutive days.

        Parameters
        ----------
        first : date
            Day of row 0.
        days : int
            Number of rows, >= 0.

        Returns
        -------
        IntArray
            Shape (days,). Row i: days from ``first`` to the first open day at or after
            ``first + i``.

        Raises
        ------
        ValueError
            If ``days`` is negative.

        Examples
        --------
        >>> business_calendar("us").next_open_table(date(2026, 7, 1), 4).tolist()
        [0, 1, 5, 5]
        """
        return _days_after(first, self._next_open(self._run_of_days(first, days)))

    def _due(self, notices: DayArray, n: int) -> DayArray:
        if n < 0:
            raise ValueError(f"calendar {self.name!r}: n is {n} business days; accepted: >= 0")
        if n == 0:
            return notices
        # A notice on a closed day counts from the open day before it: the open days after either
        # are the same.
        return self._open_day(np.searchsorted(self._open_days, notices, side="right") - 1 + n)

    def _next_open(self, days: DayArray) -> DayArray:
        return self._open_day(np.searchsorted(self._open_days, days))

    def _open_day(self, number: npt.NDArray[np.intp]) -> DayArray:
        last = len(self._open_days) - 1
        return self._all_known(np.asarray(self._open_days[np.minimum(number, last)]))

    @cached_property
    def _open_days(self) -> DayArray:
        """All of them, and those that may follow: what falls there is refused."""
        days = np.arange(np.datetime64(FIRST_DAY), np.datetime64(LAST_DAY) + 366)
        return days[np.is_busday(days, busdaycal=self.busdays)]

    def _run_of_days(self, first: date, days: int) -> DayArray:
        if days < 0:
            raise ValueError(f"calendar {self.name!r}: days is {days}; accepted: >= 0")
        return self._all_known(self._known(first) + np.arange(days))

    def _known(self, day: date) -> DayArray:
        return self._all_known(np.asarray(np.datetime64(day, "D")))

    def _all_known(self, days: DayArray) -> DayArray:
        unknown = (days < np.datetime64(FIRST_DAY)) | (days > np.datetime64(LAST_DAY))
        if np.any(unknown):
            raise ValueError(
                f"calendar {self.name!r} does not know the day {days[unknown][0]}; "
                f"accepted: {FIRST_DAY} to {LAST_DAY}"
            )
        return days


def business_calendar(
    name: str, *, japan_bank_days: bool = True, extra_closures: Iterable[date] = ()
) -> Calendar:
    """Build a calendar, or return the one built before for the same arguments.

    Parameters
    ----------
    name : {"us", "japan", "both", "every_day"}
        Which calendar.
    japan_bank_days : bool
        Whether ``japan``, and so ``both``, is also closed on 31 December and 1-3 January.
    extra_closures : iterable of date
        Days closed on this calendar, whichever it is, ``every_day`` included.

    Raises
    ------
    ValueError
        If ``name`` is not one of `CALENDARS`.

    Examples
    --------
    >>> business_calendar("japan", japan_bank_days=False).is_open(date(2025, 12, 31))
    True
    """
    if name not in CALENDARS:
        nearest = get_close_matches(name, CALENDARS, n=1, cutoff=0.0)[0]
        raise ValueError(
            f"no calendar {name!r}; accepted: {', '.join(CALENDARS)}; nearest: {nearest}"
        )
    return _build(name, japan_bank_days, tuple(sorted(set(extra_closures))))


@cache
def _build(name: str, japan_bank_days: bool, extra_closures: tuple[date, ...]) -> Calendar:
    closed = set(extra_closures)
    if name in ("us", "both"):
        closed |= _public_holidays("US")
    if name in ("japan", "both"):
        closed |= _public_holidays("JP")
        if japan_bank_days:
            years = range(FIRST_DAY.year, LAST_DAY.year + 1)
            closed |= {date(year, month, day) for year in years for month, day in _BANK_HOLIDAYS}
    busdays = np.busdaycalendar(
        weekmask=_ALL_DAYS if name == "every_day" else _WEEKDAYS,
        holidays=np.array(sorted(closed), dtype="datetime64[D]"),
    )
    return Calendar(name, japan_bank_days, extra_closures, busdays)


@cache
def _public_holidays(country: Literal["US", "JP"]) -> frozenset[date]:
    # Imported here: only who builds a calendar pays for the import.
    import holidays

    years = range(FIRST_DAY.year, LAST_DAY.year + 1)
    # Category "public" leaves out one-off closures of federal offices by executive order
    # (such as 24 and 26 December 2025): they are not legal holidays under 5 U.S.C. 6103.
    return frozenset(
        holidays.country_holidays(country, years=years, observed=True, categories="public")
    )


def _days_after(first: date, days: DayArray) -> IntArray:
    return (days - np.datetime64(first, "D")).astype(np.int64)


def _as_date(day: DayArray) -> date:
    found = day.item()
    assert isinstance(found, date)
    return found
