"""Single values a config may hold: numbers, whole numbers, dates, ids; each with its bounds.

A bound has its reason as its description, which the schema and the error repeat.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, Strict

from sim.calendars import LAST_DAY
from sim.calendars.states import codes_of
from sim.config.nodes import ID

# General bounds, told only to who passes them: a double holds whole cents up to 1e15; nothing that
# is counted one by one (servers, slots, megawatts) comes near a million; a seed has 63 bits.
MOST = 1e15
MOST_COUNT = 1_000_000
MOST_SEED = 2**63 - 1
MOST_USD_BN = 1e6
MOST_UNITS = 1000
MOST_COST_RATIO = 50.0  # of what is built to what was planned
FIRST_DATE = date(1990, 1, 1)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _whole(value: Any) -> Any:
    """9200.0 is whole: so numbers come back from a spreadsheet or a data frame."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _day(value: Any) -> Any:
    """YYYY-MM-DD and nothing else, so that one day has one spelling."""
    if not isinstance(value, date):
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValueError("is not a date; accepted: YYYY-MM-DD")
        try:
            value = date.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f"{value!r} is not a date of the calendar ({error})") from None
    if not FIRST_DATE <= value <= LAST_DAY:
        message = f"{value} is outside the calendars, whose holidays end with {LAST_DAY}"
        raise ValueError(f"{message}; accepted: a date from {FIRST_DATE} to {LAST_DAY}")
    return value


def _once(values: list[Any]) -> list[Any]:
    for place, value in enumerate(values):
        if value in values[:place]:
            raise ValueError(f"{value} is listed twice; accepted: each once")
    return values


def _state(value: str) -> str:
    return _one(codes_of(value)) if value.strip() else value


def _one(codes: Sequence[str]) -> str:
    if len(codes) != 1:
        raise ValueError(f"{'; '.join(codes)} are several states; accepted: one in an entry")
    return codes[0]


Number = Annotated[float, Strict(), Field(allow_inf_nan=False, ge=-MOST, le=MOST)]
Positive = Annotated[Number, Field(gt=0)]
NotNegative = Annotated[Number, Field(ge=0)]
Share = Annotated[Number, Field(ge=0, le=1)]
UsdBn = Annotated[
    NotNegative, Field(le=MOST_USD_BN, description="Billions of dollars: is this in dollars?")
]
Ratio = Annotated[
    Number, Field(ge=-3, le=3, description="Log points: 3 is a factor of 20 for one deviation.")
]
# A fixed length beyond the horizon means never; the clock ends it, whatever its size.
Length = Annotated[float, Strict(), Field(allow_inf_nan=False, ge=0)]
PositiveLength = Annotated[Length, Field(gt=0)]
Margin = Annotated[
    Number, Field(ge=-1000, le=1000, description="Days, below 0 for later: 1,000 are three years.")
]
Whole = Annotated[int, BeforeValidator(_whole), Strict()]
Count = Annotated[Whole, Field(ge=0, le=MOST_COUNT)]
PositiveCount = Annotated[Count, Field(ge=1)]
Seed = Annotated[Whole, Field(ge=0, le=MOST_SEED)]
Window = Annotated[
    Count, Field(le=1000, description="Business days: 1,000 are four years, which is no window.")
]
Repeats = Annotated[
    PositiveCount,
    Field(le=1000, description="So many are drawn for every project before the clock starts."),
]
Units = Annotated[
    PositiveCount,
    Field(le=MOST_UNITS, description="Each unit has orders, claims and dates of its own."),
]
Flag = Annotated[bool, Strict()]
Day = Annotated[date, BeforeValidator(_day)]
Once = AfterValidator(_once)
Id = Annotated[str, Field(pattern=rf"\A{ID.pattern}\z")]
State = Annotated[str, AfterValidator(_state)]
# Where a project may lie: states divided by ";", as a cell of the portfolio has them.
Places = Annotated[str, AfterValidator(lambda text: ";".join(_once(codes_of(text))))]
