"""What the finance section refuses, with the path of it."""

from __future__ import annotations

import pytest
from replications import BASE
from support.configs import problems_of

from sim.config import load


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("finance.sectors.lng", None, "has no entry for sector lng"),
        (
            "finance.sectors.lng.life_years",
            120,
            "120 is out of range (Years: nothing here lasts a century.)",
        ),
        ("finance.sectors.lng.yield_share.low", -0.1, "a share lies between 0 and 1"),
        ("finance.sectors.data_centre.refresh.interval_years.low", 0, "may be 0"),
        ("finance.sharing.us_share_after", 0.4, "0.4 is below us_share_before"),
        ("finance.loans.grace_months", 240, "240 months leave no time to repay"),
        ("finance.sharing.reading", "yearly", "per_period, cumulative, equity_only"),
        ("finance.reference_rate_per_year", {"2025-09-04": None}, "after the programme's start"),
        ("finance.given_up.recovery_share.high", 1.5, "a share lies between 0 and 1"),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_stands(path: str, value: object, words: str):
    (problem,) = problems_of(BASE, {path: value})

    assert path.rpartition(".")[0] in problem
    assert words in problem


def test_no_sector_is_left_unpriced_and_none_is_invented():
    terms = {"yield_share": {"kind": "constant", "value": 0.1}, "capacity_factor": 1}
    terms |= {"ramp_months": 1, "life_years": 1, "spread_per_year": 0.01}
    (problem,) = problems_of(BASE, {"finance.sectors.moon_base": terms})

    assert "there is no sector moon_base" in problem


def test_a_config_without_the_section_loads():
    assert load(BASE, {"finance": None}).config.finance is None
