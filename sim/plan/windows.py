# cython: annotation_typing=False
"""When a cash call may be paid, and when it must be: business days as tables of days."""

from __future__ import annotations

from array import array

from sim.calendars import MINUTES_PER_DAY

DAY = MINUTES_PER_DAY


class Windows:
    """Each table gives, by day of the run, the day so many business days later.

    ``capped``: the window is the latest date of payment, not the earliest.
    """

    def __init__(
        self,
        capped: bool,
        first: array[int],
        later: array[int],
        grace: array[int],
        cure: array[int],
    ) -> None:
        self.capped = capped
        self.first, self.later, self.grace, self.cure = first, later, grace, cure

    def dates(self, notice: int, first: bool) -> tuple[int, int, int]:
        """Of a call noticed at minute ``notice``; see docs/model.md, "Cash calls".

        Minutes: earliest payment, close of the due date, close of the cure period.
        """
        day, earliest = notice // DAY, notice
        target = due = self.first[day] if first else self.later[day]
        if not self.capped:
            if target != day:
                earliest = target * DAY
            due = self.grace[target]
        return earliest, (due + 1) * DAY, (self.cure[due] + 1) * DAY
