"""Lenders' inflow while tariffs are raised, posted pro rata, worked out by hand.

A's call of 2 bn is missed on 14 January 2026 and raises tariffs on 14 May, for 400 days: to 18 June
2027. It fits into no year before 1 April 2028. Fiscal 2026 has 365 days and 1.46 bn, 4 m a day;
fiscal 2027 has 366 days and 1.83 bn, 5 m a day.
"""

from __future__ import annotations

from typing import Any

import pytest
from breach_cases import one, starved_tree
from support.hand_runs import CENTS_PER_BN, Run, run, same

from sim.config import from_tree
from sim.errors import ConfigError
from sim.rules.drawing import answer


def tree(response: float, bn: float = 2, **cash: Any) -> dict[str, Any]:
    years = {"2026": 1.46, "2027": 1.83, "2028": 2, "2030": 4}
    found = starved_tree(years, A=one("2026-01-05", bn))
    found["policy"]["calls"]["draw"] = "block"
    found["policy"]["enforcement"]["routes"]["section_232"]["max_duration_days"] = 400
    facility = found["capacity"]["facilities"]["jbic"]
    facility["inflow_while_raised"] = response
    facility["cash"] |= cash
    return found


def held(made: Run, until: str = "2028-12") -> list[str]:
    """Day and billions of the cash there is, each time it changes."""
    trace, resource = made.left.capacity, made.left.names.resources.index("jbic_cash")
    found: dict[str, str] = {}
    for row in (trace.resource == resource).nonzero()[0].tolist():
        day = made.stamp(int(trace.time[row]))[:10]
        found[day] = f"{trace.capacity[row] / CENTS_PER_BN:.10g}"
    before = ["", *found.values()]
    changed = [
        (day, bn) for (day, bn), old in zip(found.items(), before, strict=False) if bn != old
    ]
    return [f"{day} {bn}" for day, bn in changed if day < until]


def test_half_of_what_is_left_of_a_year_stays_away_from_the_day_tariffs_are_raised():
    """322 of 365 days are left on 14 May, 322 x 2 m; all of fiscal 2027 at half, until 18 June:
    288 days are left, 288 x 2.5 m come back."""
    expected = [
        "2026-01-01 0", "2026-04-01 1.46", "2026-05-14 0.816",
        "2027-04-01 0.915", "2027-06-18 1.635", "2028-04-01 2",
    ]  # fmt: skip
    same(held(run(tree(0.5))), expected)


def test_pressure_brings_more_and_takes_the_rest_of_it_back():
    """Twice as much: 322 x 4 m more, then 1.83 bn more, of which 288 x 5 m go."""
    expected = [
        "2026-01-01 0", "2026-04-01 1.46", "2026-05-14 2.748",
        "2027-04-01 3.66", "2027-06-18 2.22", "2028-04-01 2",
    ]  # fmt: skip
    same(held(run(tree(2, bn=4))), expected)


def test_without_an_answer_the_inflow_is_the_configs():
    expected = ["2026-01-01 0", "2026-04-01 1.46", "2027-04-01 1.83", "2028-04-01 2"]
    same(held(run(tree(1))), expected)


@pytest.mark.parametrize(
    ("given", "cents"),
    [
        ((1000, 0.5, 0.5, True, 0), -250),
        ((1000, 0.5, 0.5, False, -250), 250),
        ((1000, 0.5, 0.5, False, -40), 40),  # no more than was withheld comes back
        ((1000, 0.5, 3, True, 0), 1000),
        ((1000, 0.25, 3, False, 1000), -500),
        ((float("inf"), 0.5, 0, True, 0), 0),
    ],
)
def test_the_answer_of_a_year_is_pro_rata(given, cents):
    assert answer(*given) == cents


def test_an_inflow_below_nothing_is_refused():
    with pytest.raises(ConfigError, match="inflow_while_raised"):
        from_tree(tree(-0.5))
