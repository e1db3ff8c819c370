"""The dates that the names of responses stand for, so that tables can say them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.config.schema import Config

# Key of ``programme`` in a config, by the part of a response's name that stands for it.
_KEYS = {"deadline": "deadline", "2029_end": "end", "end": "run_out"}
_MONTHS = "January February March April May June July August September October November December"


def programme_dates(config: Config, varied: tuple[str, ...] = ()) -> dict[str, str]:
    """Dates in words, by what responses call them; ``varied`` are paths that have several values.

    Examples
    --------
    >>> programme_dates(config)  # doctest: +SKIP
    {'deadline': '19 January 2029', '2029_end': '31 December 2029', 'end': '31 December 2035'}
    """
    return {
        name: in_words(getattr(config.programme, key))
        for name, key in _KEYS.items()
        if not {f"programme.{key}", "programme"} & set(varied)
    }


def in_words(day: date) -> str:
    """A date in words.

    Examples
    --------
    >>> in_words(date(2029, 1, 19))
    '19 January 2029'
    """
    return f"{day.day} {_MONTHS.split()[day.month - 1]} {day.year}"


def with_dates(words: str, dates: Mapping[str, str]) -> str:
    """Words with the dates they stand for, such as ``by {deadline}``; unknown ones in words.

    Examples
    --------
    >>> with_dates("Paid by {deadline}, completed by {end}", {"deadline": "19 January 2029"})
    'Paid by 19 January 2029, completed by the end of the run'
    """
    return words.format_map({**_UNKNOWN, **dates})


_UNKNOWN = {
    "deadline": "the deadline",
    "2029_end": "the end of the programme",
    "end": "the end of the run",
    "gap_date": "the gap date",
}
