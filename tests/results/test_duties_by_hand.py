"""Duties by year, worked out by hand. See docs/money.md, "Duties"."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from sim.calendars import Epoch
from sim.config.enforcement import ActedOn, Enforcement, Route
from sim.config.trade import Exports, Response, Trade
from sim.results.tables.trade import Market

START = date(2026, 1, 1)
DAYS = 3 * 365  # 2026 to 2028, without the leap day's last


def market(soon: float = 1, later: float = 2, threatened: float = 0.2) -> Market:
    """Cars of 365.25 bn a year, so 1 bn a day, at 10 %; a tenth of the duty is exporters'."""
    exports = Exports(
        usd_bn_per_year=365.25,
        elasticity=Response(first_year=soon, later=later),
        borne_by_exporters_share=0.1,
    )
    enforcement = Enforcement(
        baseline={"autos": {START: 0.1}},
        acted_on_probability=ActedOn(call_missed=1, declined=1),
        signed_probability=1,
        relief_days=0,
        routes={"one": Route(label="one", rates={"autos": 0.21})},
    )
    trade = Trade(
        exports={"autos": exports},
        as_threatened={"autos": {START: threatened}},
        as_courts_left_it={},
    )
    return Market(trade, enforcement, Epoch(START), DAYS * 1440)


def test_at_the_baseline_a_year_sells_what_the_config_says_and_pays_the_rate_on_it():
    exports, duties, borne = market().under_the_deal
    assert exports == pytest.approx([365, 365, 365])
    assert duties == pytest.approx([36.5] * 3)
    assert borne == pytest.approx([3.65] * 3)


def test_above_the_baseline_less_is_sold_and_from_the_second_year_less_still():
    """1.21 over 1.1 is 1.1: a day sells 1 / 1.1 for 365 days, then 1 / 1.21."""
    its = market()
    rates = its.baseline.copy()
    rates[1, 100:] = 0.21  # autos stand second
    exports, duties, _ = its.yearly(rates)
    assert exports[0] == pytest.approx(100 + 265 / 1.1)
    assert duties[0] == pytest.approx(10 + 0.21 * 265 / 1.1)
    assert exports[1] == pytest.approx(100 / 1.1 + 265 / 1.21)
    assert exports[2] == pytest.approx(365 / 1.21)


def test_a_rate_that_comes_down_begins_its_first_year_anew():
    its = market()  # the first year is days 366 to 730, and 730 is the third year's first
    rates = its.baseline.copy()
    rates[1, :365] = rates[1, 366:] = 0.21
    assert its.yearly(rates)[0] == pytest.approx([365 / 1.1, 1 + 364 / 1.1, 1 / 1.1 + 364 / 1.21])


def test_a_path_without_the_deal_keeps_the_baseline_where_it_says_nothing():
    without = market(soon=0, later=0).without
    assert without["as_threatened"][1] == pytest.approx([73] * 3)
    assert without["as_courts_left_it"][1] == pytest.approx([36.5] * 3)
    assert np.all(without["as_threatened"][0] == without["as_courts_left_it"][0])
