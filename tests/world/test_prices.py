"""Prices that move, permits by state, plants sold ahead, and works that run already, by hand."""

from __future__ import annotations

from datetime import date
from math import inf
from typing import Any

import numpy as np
import pytest
from support.configs import config_from, refused, with_values

from sim.calendars import MINUTES_PER_DAY
from sim.config.capacity import YearlyMoney
from sim.engine import simulate
from sim.events import Kind
from sim.plan import Plan
from sim.plan.days import Days
from sim.plan.supply import MoneyPlan, yearly_inflows
from sim.results.laws import Yardstick, broken_laws, evidence_of
from sim.world import World, draw_world, pin_history
from sim.world.given import OfRuns
from sim.world.prices import yen_factors
from sim.world.uniforms import stream_key

DOUBLES = {"kind": "constant", "value": 2}
A = "portfolio.projects.A-01"


def world(replication: int = 0, **values: Any) -> World:
    """Of the minimal config without its pipeline, with values by dotted path (__ for the dot)."""
    tree = with_values({key.replace("__", "."): value for key, value in values.items()})
    tree["pipelines"] = {}
    return draw_world(Plan.of(config_from(tree)).nature, 1, replication)


def of(path: str, value: Any) -> World:
    return world(**{f"{A}.{path}": value})


def test_a_drawn_yen_is_the_configs_up_to_the_as_of_month_and_then_a_product_of_ratios():
    config = config_from(with_values({
        "nature.yen_per_usd_month_ratio": DOUBLES, "programme.as_of": date(2026, 3, 9),
        "programme.history": "recorded",
    }))  # fmt: skip
    assert yen_factors(OfRuns.of(config), stream_key(1, 0))[:6].tolist() == [1, 1, 1, 2, 4, 8]


def test_each_replication_has_a_yen_of_its_own_whoever_else_there_is():
    law = {"kind": "lognormal", "median": 1, "sigma": 0.03}
    paths = [world(n, **{"nature.yen_per_usd_month_ratio": law}).yen_factor for n in range(2)]
    other = world(1, **{"nature.yen_per_usd_month_ratio": law, f"{A}.announced_usd_bn": 3})

    assert not np.array_equal(*paths)
    assert np.array_equal(paths[1], other.yen_factor)
    assert np.all(world().yen_factor == 1)


def test_a_weaker_yen_buys_fewer_dollars_and_a_cap_in_dollars_stays():
    """400 bn yen at 160 are 2.5 bn dollars; at 320 they are 1.25, and a cap of 2 bn is none."""
    later = ((10, 2.5e11), (20, 2.5e11))
    plan = MoneyPlan(0, 0, later, False, 30, 1, inf, (0, 1), (2e11, 2e11))

    assert plan.inflows([1, 2]) == ((10, 2e11), (20, 1.25e11))
    assert MoneyPlan(0, 0, later, False, 30, 1, inf, (), (inf, inf)).inflows([1, 2]) == later


def test_the_drawn_yen_is_that_of_the_month_in_which_the_fiscal_year_begins():
    config = config_from(with_values({
        "nature.yen_per_usd_month_ratio": DOUBLES,
        "capacity.yen_per_usd": {date(2026, 1, 1): 100},
        "capacity.facilities.jbic.cash": {
            "currency": "jpy", "first_year": 1000, "per_fiscal_year": {2026: 1000}},
        "nature.round_interval_days": {"kind": "constant", "value": 60},
    }))  # fmt: skip
    plan = Plan.of(config)
    drawn = pin_history(plan.nature, draw_world(plan.nature, 1, 0))
    left = simulate(plan, drawn)
    cash = plan.names.resources.index("jbic_cash")
    log = left.log
    flows = log.amount[(log.kind == Kind.CAPACITY_CHANGED) & (log.resource == cash)]

    # January 2026 is 1, April 8: 10 bn dollars a year would be 1.25. Broken year: 10 at the start.
    assert flows[0] == 1.25e11
    assert flows[1] < 1e9  # another twelve doublings
    assert [said for law, said in broken_laws(evidence_of(left, Yardstick(config), drawn))] == []
    days = Days(config, plan.epoch, plan.open_minute)
    money = config.capacity.facilities["jbic"].cash
    assert isinstance(money, YearlyMoney)
    assert yearly_inflows(days, money)[1][0][1] == 10e11  # at the config's rate


def test_a_plant_proposed_later_is_planned_at_its_days_prices():
    """Prices double every year from the start: after one year 2, after half of one 2 ** 0.5."""
    year = date(2027, 1, 1)
    later = world(**{"nature.cost_year_ratio": {"gas": DOUBLES}, f"{A}.proposed_date": year})
    days = (year - date(2026, 1, 1)).days / 365.25

    assert later.cost_cents[0] == later.commitment_cents[0]
    assert later.cost_cents[0] / 1e12 == pytest.approx(2**days, rel=1e-9)


def test_what_prices_rise_by_until_half_the_building_is_planned_done_is_an_overrun():
    found = world(**{"nature.cost_year_ratio": {"gas": DOUBLES}})
    usual = world()

    assert usual.cost_ratio[0] == 1
    assert found.cost_ratio[0] == pytest.approx(2 ** (33 / 2 / 12), rel=1e-6)
    for same in ("specialists", "build", "megawatts", "permit_work"):
        assert np.array_equal(getattr(found, same), getattr(usual, same)), same


def rise(**values: Any) -> float:
    """Years that prices, doubling every year, are counted over."""
    found = world(**{"nature.cost_year_ratio": {"gas": DOUBLES}}, **values)
    return float(np.log2(found.cost_ratio[0]))


def test_a_rise_is_counted_over_the_wait_for_selection_development_and_half_the_projects_building():
    """6 months to selection, 9 of development, half of 33; of a half-built work a quarter."""
    wait = {"nature.months_to_selection": 6}
    develop = {"sectors.gas.development": {"remaining_months": {"kind": "constant", "value": 9}}}

    assert rise(**wait, **develop) == pytest.approx((6 + 9 + 33 / 2) / 12, rel=1e-6)
    assert rise(**wait, **{f"{A}.built_share": 0.5}) == pytest.approx((6 + 33 / 4) / 12, rel=1e-6)


def test_a_selection_on_record_ends_the_wait_on_its_day():
    record = {
        "programme.history": "recorded", "programme.as_of": date(2026, 2, 5),
        f"{A}.proposed_date": date(2026, 1, 6), f"{A}.selected_date": date(2026, 2, 5),
        "nature.months_to_selection": 60,
    }  # fmt: skip
    assert rise(**record) == pytest.approx(33 / 2 / 12, abs=1 / 365)


def test_permits_of_a_state_take_its_factor():
    slow = {"nature.permits_by_state": {"CA": 1.5}}
    here, there = (world(**slow, **{f"{A}.region": state}) for state in ("CA", "TX"))

    assert here.permit_work[0] == 1.5 * there.permit_work[0]
    assert there.permit_work[0] == world().permit_work[0]


def test_permits_under_way_on_record_are_conditioned_on_the_states_own_law():
    """Twelve months times 1.5, eleven of them gone: seven are left, counted from the selection."""
    record = {
        "programme.history": "recorded", "programme.as_of": date(2027, 1, 5),
        f"{A}.selected_date": date(2026, 2, 5), f"{A}.region": "CA",
        "nature.permits_by_state": {"CA": 1.5},
    }  # fmt: skip
    tree = with_values(record)
    tree["pipelines"] = {}
    nature = Plan.of(config_from(tree)).nature
    pinned = pin_history(nature, draw_world(nature, 1, 0))

    assert pinned.permit_work[0] == pytest.approx(18 * 30.4375 * MINUTES_PER_DAY, abs=1)


HAZARDS: dict[str, Any] = {
    "before_building": {"pauses_per_year": 0.1, "cancellations_per_year": 0.5},
    "building": {"pauses_per_year": 0.1, "cancellations_per_year": 0.5},
    "pause_months": {"kind": "constant", "value": 1},
}


def test_what_is_sold_ahead_is_cancelled_less_often_and_paused_as_often():
    """Half sold, 0.2 of the rate left where all is: 1 - 0.5 x 0.8 of the rate is left."""
    sold = HAZARDS | {"cancellations_with_offtake": 0.2}
    usual = world(**{"nature.hazards": HAZARDS})
    half = world(**{"nature.hazards": sold, f"{A}.offtake_share": 0.5})
    never = world(**{"nature.hazards": sold | {"cancellations_with_offtake": 0},
                     f"{A}.offtake_share": 1})  # fmt: skip

    assert half.cancel_threshold[0] == pytest.approx(usual.cancel_threshold[0] / 0.6)
    assert np.array_equal(half.pause_threshold, usual.pause_threshold)
    assert np.isinf(never.cancel_threshold[0])


def test_of_a_work_that_runs_the_rest_is_built_by_a_crew_for_the_rest():
    """Half built, the other half takes half as long; all its money goes into it: twice the crew."""
    rest, whole = of("built_share", 0.5), world()

    assert rest.build[0] == pytest.approx(whole.build[0] / 2, abs=1)
    assert rest.nominal[0] == pytest.approx(whole.nominal[0] / 2, abs=1)
    assert rest.specialists[0].sum() == pytest.approx(2 * whole.specialists[0].sum(), abs=1)
    assert rest.cost_cents[0] == whole.cost_cents[0]


def test_a_work_that_runs_has_its_development_behind_it():
    develop = {"sectors.gas.development": {"remaining_months": {"kind": "constant", "value": 9}}}

    assert world(**develop).development[0] > 0
    assert world(**develop, **{f"{A}.built_share": 0.1}).development[0] == 0


def test_a_path_of_no_sector_and_a_factor_of_no_state_are_refused():
    with refused(
        "<tree>: nature.cost_year_ratio.gass: there is no sector gass (did you mean gas?); "
        "accepted: gas",
        "<tree>: nature.permits_by_state.TK: there is no state TK; accepted: two letters, such as "
        "OH",
    ):
        config_from(with_values({
            "nature.cost_year_ratio": {"gass": DOUBLES}, "nature.permits_by_state": {"TK": 2},
        }))  # fmt: skip


def test_a_ratio_below_zero_is_refused():
    falls = {"kind": "uniform", "low": -1, "high": 1}
    with refused(
        "<tree>: nature.yen_per_usd_month_ratio: reaches from -1 to 1; accepted: values > 0"
    ):
        config_from(with_values({"nature.yen_per_usd_month_ratio": falls}))
