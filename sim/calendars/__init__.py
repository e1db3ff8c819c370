"""Business days of two countries, and the minutes of the clock as dates."""

from sim.calendars.business_days import (
    CALENDARS,
    FIRST_DAY,
    LAST_DAY,
    Calendar,
    business_calendar,
)
from sim.calendars.clock_dates import (
    DAYS_PER_MONTH,
    DAYS_PER_YEAR,
    MINUTES_PER_DAY,
    Epoch,
    fiscal_year,
    minutes_from_days,
    minutes_from_months,
)

__all__ = [
    "CALENDARS", "DAYS_PER_MONTH", "DAYS_PER_YEAR", "FIRST_DAY", "LAST_DAY", "MINUTES_PER_DAY",
    "Calendar", "Epoch", "business_calendar", "fiscal_year", "minutes_from_days",
    "minutes_from_months",
]  # fmt: skip
