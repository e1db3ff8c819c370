"""Where a unit's work has been: along the line until it begins of its own, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.events import EventLog
from sim.results.ledger.stops import path_of
from sim.results.ledger.told import Told
from sim.results.ledger.trail import Stretch, Trail

LINE, OTHER, OWN = -1, 1, 0
NOTHING = EventLog(*[np.empty(0, dtype=np.int64)] * 6, np.empty(0))


def trail(*stretches: tuple[int, int, int]) -> Trail:
    made = Trail(200, 2, Told([NOTHING], np.array([-1]), 0, 200), 0)
    made.stretches = [Stretch(begin, end, 0.0, 0.0, 0, unit) for begin, end, unit in stretches]
    return made


@pytest.mark.parametrize(
    ("stretches", "path"),
    [
        (  # the line goes on beside the unit it began, for other units
            [(0, 100, LINE), (60, 150, OWN), (80, 120, OTHER)],
            [(0, 0, 60), (1, 60, 150)],
        ),
        (  # what the line does after the unit has begun is none of its path
            [(0, 40, LINE), (50, 90, OWN), (50, 70, LINE), (95, 99, OWN)],
            [(0, 0, 40), (1, 50, 90), (3, 95, 99)],
        ),
        ([(0, 40, LINE), (150, 230, LINE)], [(0, 0, 40), (1, 150, 200)]),  # it never begins
    ],
)
def test_the_line_counts_for_a_unit_until_its_own_work_begins(stretches, path):
    assert path_of(trail(*stretches), OWN) == path
