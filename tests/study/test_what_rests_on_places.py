"""What is kept from one config to the next reads no place but those it rests on."""

from __future__ import annotations

import pickle
import re
import sys
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from support.alone import alone

from sim.calendars import MINUTES_PER_DAY
from sim.config import load, varied
from sim.config.ours import builtin_folder
from sim.config.places import Kept, changed
from sim.plan import Plan
from sim.plan.calls import CallsPlan
from sim.plan.days import RESTS_ON, Days
from sim.results import Horizon
from sim.results.tables import horizon
from sim.study.design.named_overlays import read_overlays
from sim.world import Nature
from sim.world.given import GIVEN, OfProjects, exactly

CONFIGS = builtin_folder()
BASE = load(CONFIGS / "base.yaml").tree
SOME = {
    "": {},
    "desks": {"capacity.facilities.jbic.desks": 7, "capacity.teams.count": 5},
    "windows": {"policy.calls.later_window_business_days": 9, "policy.calls.draw": "block"},
    "yen": {"capacity.facilities.nexi.cash": "unlimited", "policy.staffing": "priority"},
    "committees": {"policy.investment_committee.meetings.business_days": 12},
    "people": {"capacity.specialists.gap.people": 4e5, "policy.staffing_minimum_share": 0.4},
    "premium": {"capacity.specialists.bidding.premium_share": 0.4},
    "rounds": {"policy.selection.pass_over_probability": 0.3, "policy.selection.calendar": "japan"},
    "hazards": {"nature.hazards.cancelled_up_to_progress": 0.5, "nature.regime": None},
    "grid": {"capacity.power.elsewhere": "pjm", "policy.equipment_orders": "whole_order"},
    "signing": {"capacity.facilities.jbic.signs_until": "2030-03-31"},
    "start": {"programme.end": "2034-12-31", "calendars.extra_closures": ["2026-05-06"]},
    **{name: one for name, one in [*read_overlays(CONFIGS / "readings").items()][::3]},
}  # fmt: skip


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept of what other tests made."""
    for kept in [*RESTS_ON.values(), horizon._KEPT, Nature._text]:
        monkeypatch.setattr(kept, "_last", None)
    monkeypatch.setattr(Nature, "_last", None)


def told(part: Any) -> str:
    """All of a plan, or of a part of it; of the legal dates those of a notice each month."""
    if isinstance(part, Plan):
        return "\n".join(told(getattr(part, one.name)) for one in fields(Plan)[1:])
    dates = [
        part.dates(month * 30 * MINUTES_PER_DAY, first)
        for month in range(100)
        for first in (True, False)
        if isinstance(part, CallsPlan)
    ]
    with np.printoptions(threshold=sys.maxsize, floatmode="unique"):
        return re.sub(" at 0x[0-9a-f]+", "", f"{part!r} {dates}")


def test_parts_of_a_plan_are_those_of_its_own_config_whatever_was_compiled_before(
    forgotten: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    configs = [varied(BASE, values) for values in SOME.values()]
    configs += [varied(BASE, values) for values in SOME.values()]  # models of their own
    after_others = [told(Plan.of(config)) for config in [*configs, *reversed(configs)]]
    monkeypatch.setattr(Kept, "of", lambda kept, config, make: make())
    by_itself = [told(Plan.of(config)) for config in configs]
    assert after_others == [*by_itself, *reversed(by_itself)]
    assert len({*by_itself}) > len(SOME) / 2


@pytest.mark.parametrize("values", SOME.values(), ids=SOME)
def test_what_is_kept_reads_no_place_but_those_it_rests_on(
    values: dict[str, Any], forgotten: None
) -> None:
    config = varied(BASE, values)
    plan = Plan.of(config)
    nature = plan.nature
    more = {
        "selection_plan": (nature,),
        "power_plan": (nature,),
        "_ordered": (nature,),
        "_names": (nature,),
        "specialists_plan": (plan.end_minute, plan.resource),
        "supply_plan": (plan.resource, plan.names.projects),
    }
    for make, kept in RESTS_ON.items():
        name = make.__name__
        days = Days(alone(config, kept.places), plan.epoch, plan.open_minute)
        found = told(make(days, *more.get(name, ())))
        assert found == told(getattr(plan, name.removesuffix("_plan").strip("_"))), name
    given = exactly(OfProjects.of(alone(config, GIVEN)))
    assert given == exactly(OfProjects.of(config))
    apart = Horizon(alone(config, horizon._KEPT.places))
    assert pickle.dumps(apart) == pickle.dumps(Horizon(config))


@pytest.mark.parametrize("place", ["capacity.facilities", "capacity.facilities.*.desks"])
def test_a_place_has_changed_where_something_else_stands_there(place: str) -> None:
    base = varied(BASE, {})
    other = varied(BASE, {"capacity.facilities.jbic.desks": 7, "capacity.teams.count": 4})
    assert [*changed([place], base, other)] == [place]
    same = varied(BASE, {"capacity.facilities.jbic.desks": 7, "capacity.teams.count": 5})
    assert not [*changed([place, "capacity.facilities.*", "policy"], other, same)]
    assert not [*changed(["capacity.power.regions.*.label"], base, varied(BASE, {"title": "A"}))]
    without = base.model_copy(update={"capacity": base.capacity.model_copy(update={"power": None})})
    assert [*changed(["capacity.power.regions.*.label"], base, without)]
