"""How long a group's clock stood still, by hand: nobody was at the line in that time."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.results.ledger.site_work import SiteWork, _between


@pytest.mark.parametrize(
    ("begin", "until", "stood"),
    [
        (0, 15, 0),  # before it began, and while it ran
        (0, 22, 2),
        (25, 28, 3),  # within
        (25, 60, 15),  # the rest of a stop, and from its last mark on
        (40, 45, 0),
        (55, 60, 5),
    ],
)
def test_a_clock_stands_still_between_equal_marks_and_after_the_last(
    begin: int, until: int, stood: int
):
    clock = {
        "clock_group": np.array([1, 0, 0, 0, 0]),
        "clock_time": np.array([0, 10, 20, 30, 50]),
        "clock_work": np.array([0.0, 0, 10, 10, 30]),
        "clock_limit": np.full(5, -1),
    }
    nobody = SimpleNamespace(build_minutes=np.array([]), nominal_minutes=np.array([]))
    names = SimpleNamespace(pools=(), resources=())
    left = SimpleNamespace(sites=SimpleNamespace(**clock), attributes=nobody, names=names)

    assert SiteWork(left)._stood(0, begin, until) == stood


@pytest.mark.parametrize(
    ("times", "work"),
    [
        ([10, 20, 20, 23, 50], [0.0, 7.1, 7.1, 7.1, 30.7]),  # a mark twice, and one without work
        ([10], [4.0]),
    ],
)
def test_a_clock_is_read_as_numpy_reads_it_to_the_bit(times: list[int], work: list[float]):
    minutes = range(5, 60)
    found = [_between(times, work, minute) for minute in minutes]
    assert found == np.interp(minutes, times, work).tolist()
