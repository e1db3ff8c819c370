"""Slots and deliveries of one project's machines, those of one minute and maker told in one go."""

from __future__ import annotations

from sim.events import Kind
from sim.report.story.happenings import Happening
from sim.report.story.sentences import listed, plain, recorded, sentence

OF_UNITS = frozenset({Kind.SLOT_GRANTED, Kind.EQUIPMENT_DELIVERED})


class Lot:
    """Events of one kind, maker and minute, one per unit."""

    def __init__(self, item: Happening) -> None:
        self.first = item
        self.units = [item.part + 1]

    def takes(self, item: Happening) -> bool:
        """Take one more unit, if it belongs to the lot."""
        mine = self.first
        belongs = (item.kind, item.resource, item.time) == (mine.kind, mine.resource, mine.time)
        if belongs:
            self.units.append(item.part + 1)
        return belongs

    @property
    def text(self) -> str:
        """The lot in plain English."""
        if len(self.units) == 1:
            return sentence(self.first)
        said = plain(self.first).removesuffix(f"unit {self.units[0]}")
        slots = said.replace("slot granted", "slots granted")
        return f"{slots}units {in_runs(self.units)}{recorded(self.first)}"


def in_runs(numbers: list[int]) -> str:
    """Write ascending numbers, neighbours as a range.

    Examples
    --------
    >>> in_runs([1, 2, 3, 5]), in_runs([1, 2])
    ('1 to 3 and 5', '1 and 2')
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return listed(
        [
            text
            for run in runs
            for text in (
                [f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(number) for number in run]
            )
        ]
    )
