"""Least yields against closed forms; plants without building time so that nothing else plays in."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from replications import base

from sim.config.schema import Config
from sim.study.findings.break_even import QUESTIONS, BreakEven, break_even, deemed_rate, japan_irr
from sim.study.findings.worked_spv import READINGS


@cache
def found() -> dict[tuple[str, str, str], BreakEven]:
    return {(row.reading, row.sector, row.question): row for row in break_even(base())}


def least(reading: str, sector: str, question: str) -> float:
    return found()[reading, sector, question].yield_share


def annuity(rate: float, years: float) -> float:
    per = rate / 4
    return 4 * per / (1 - (1 + per) ** (-4 * years))


def test_every_reading_sector_and_question_has_one_answer():
    assert len(found()) == len(READINGS) * len(base().sectors) * len(QUESTIONS)
    assert [name for name, row in found().items() if not 0 <= row.law_share <= 1] == []


def test_money_back_takes_twice_the_cost_over_the_life_less_the_ramp():
    # Half of 24 years and 9 months of full output (25 years, three months' ramp counts half).
    assert least("per_period", "gas_power", "money_back") == pytest.approx(2 / 24.875, abs=1e-4)


def test_ten_per_cent_after_principal_takes_the_cost_back_and_as_much_as_that():
    # Both sides together: (10 % x 25 years + 1) over 24.875 years.
    wanted = (0.10 * 25 + 1) / 24.875
    assert least("cumulative", "gas_power", "ten_project") == pytest.approx(wanted, abs=1e-4)


def test_the_deemed_rate_takes_twice_the_annuity_of_what_building_has_made_of_the_cost():
    # 33 months of building paid quarter by quarter: worth more when the plant runs.
    rate = deemed_rate(base(), "gas_power") / 4
    # 3.6 + 1.5 points to the end of 2027, 3.2 + 1.5 after it: between the two.
    quarters = round(base().sectors["gas_power"].construction.nominal_months / 3)
    grown = np.mean([(1 + rate) ** n for n in range(quarters)])
    bar = 2 * annuity(4 * rate, 25) * grown
    assert least("per_period", "gas_power", "deemed_rate") == pytest.approx(bar, rel=0.02)


def test_the_deemed_amount_takes_twice_rate_and_principal_a_year():
    bar = 2 * (deemed_rate(base(), "gas_power") + 1 / 25)
    assert least("per_period", "gas_power", "deemed_amount") == pytest.approx(bar, rel=0.01)


def test_where_loans_come_first_about_half_of_the_yield_is_enough():
    half = least("equity_only", "gas_power", "deemed_rate") / least(
        "per_period", "gas_power", "deemed_rate"
    )
    assert 0.45 < half < 0.65


def test_japan_never_gets_ten_per_cent_after_principal_where_the_switch_is_for_good():
    assert np.isnan(least("cumulative", "gas_power", "ten_japan"))
    assert found()["cumulative", "gas_power", "ten_japan"].law_share == 0


def test_the_least_yield_for_the_deemed_rate_is_where_japan_returns_it():
    yields = np.array([least("per_period", "gas_power", "deemed_rate")])
    deemed = deemed_rate(base(), "gas_power")
    compounded = (1 + deemed / 4) ** 4 - 1
    irr = japan_irr(base(), "gas_power", yields)["per_period"][0]
    assert irr == pytest.approx(compounded, abs=0.002)


def test_no_finance_section_no_least_yield():
    none: Config = base().model_copy(update={"finance": None})
    assert break_even(none) == []
