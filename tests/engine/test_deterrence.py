"""Japan weighs the loss on a project against the duty a decline would bring. By hand."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from sim.config import load
from sim.config.moments import mean
from sim.plan import Plan
from sim.plan.deterrence import DeterrencePlan
from sim.rules.screening import FundingView, Response, weighs_tariff

READINGS = Path(__file__).parents[2] / "configs" / "readings"


@cache
def weighed(name: str) -> DeterrencePlan:
    found = Plan.of(load(READINGS / f"{name}.yaml").config).funding.deterrence
    assert found is not None
    return found


def test_the_duty_is_the_product_of_its_chances_its_rate_what_is_sold_and_how_long():
    """0.6 x 0.25 x 10 points on cars of 42.9 bn, for (45 + 164 + 365) / 3 days."""
    cents = weighed("japan_weighs_tariff").duty([True], [])
    by_hand = 0.6 * 0.25 * 0.10 * 42.9 * (45 + 164 + 365) / 3 / 365.25
    assert cents == pytest.approx(by_hand * 1e11)


def test_of_two_routes_each_class_counts_the_higher_and_none_where_tariffs_are_up():
    certain = weighed("japan_weighs_certain_duty")
    cars, rest = 0.10 * 42.9, 0.125 * 85.5
    length = (45 + 164 + 365) / 3 / 365.25 * 1e11
    assert certain.duty([True, True], []) == pytest.approx((cars + rest) * length)
    assert certain.duty([False, True], []) == pytest.approx(rest * length)
    assert certain.duty([True, True], [0]) == 0
    assert certain.duty([False, False], []) == 0


def test_the_loss_is_what_half_the_yield_does_not_bring_back_at_japans_cost():
    """Without a discount the annuity is the life; here 3.8 % a year, from the end of building."""
    plan, config = (
        weighed("japan_weighs_tariff"),
        load(READINGS / "japan_weighs_tariff.yaml").config,
    )
    assert config.finance is not None
    sector = list(config.sectors).index("gas_power")
    its = config.finance.sectors["gas_power"]
    wait = float(config.sectors["gas_power"].construction.nominal_months) / 12
    factor = sum(1.038 ** -(wait + year) for year in range(1, round(its.life_years) + 1))
    assert 0 < plan.loss_share[sector] == pytest.approx(1 - mean(its.yield_share) / 2 * factor)


@pytest.mark.parametrize(("loss", "answer"), [(2, Response.DECLINE), (1, Response.FUND)])
def test_a_loss_above_the_duty_is_declined(loss, answer):
    view = FundingView(0.5, 0.5, 0, 0, 100, "gas", "TX", loss, 1.0)
    assert weighs_tariff(view) is answer
