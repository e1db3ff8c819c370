"""From built to energised: a late plant holds up who waits for its megawatts.

See docs/model.md, "Power".

Two projects in a region without additions, worked out by hand. What is asserted stands in
``check_...`` functions for ``gate_faults.py``.
"""

from __future__ import annotations

import copy
from typing import Any

import gate_faults as faults
import pytest
from gate_cases import chain, grid, hidden, months, one, plants
from support.configs import config_from
from support.hand_runs import DAY, Run, run, same, table
from support.small_faults import caught, label

from sim.events import Kind
from sim.events import ledger_causes as of
from sim.plan import Plan
from sim.results.ledger.charging import charge
from sim.world import draw_world, pin_history
from sim.world.uniforms import stream_key, uniforms

LIVES = (Kind.GRID_CONNECTED, Kind.UNIT_BUILT, Kind.UNIT_ENERGISED, Kind.OPERATING)


def region(
    per_year: Any, plant_days: float = 300, units: int = 1, centres: int = 1
) -> dict[str, Any]:
    """A gas plant P of 2 bn and 100 MW, and data centres A, B, ... of 1 bn and 60 MW each.

    The plant takes ``plant_days`` to its first unit and 50 to the next, a data centre 100 days;
    connections take 40 days for the plant and 30 for the loads.
    """
    tree = plants(
        plant_days, 50, P=one(bn=2, megawatts=100, units=units),
        **{name: one(f"2026-01-0{k + 1}", megawatts=60, sector="centre")
           for k, name in enumerate("ABC"[:centres])},
    )  # fmt: skip
    centre = copy.deepcopy(tree["sectors"]["gas"])
    centre["label"] = "Data centres"
    centre["construction"].update(outcome_months=months(100), nominal_months=100 / 30.4375)
    tree["sectors"]["centre"] = centre
    grid(tree, 40, per_year, role="supply")
    grid(tree, 30, per_year, sector="centre")
    return tree


def check_the_centre_waits_for_the_plant() -> None:
    """No additions. A is built on day 100 (11 April) and runs in the minute the plant does, on day
    300 (28 October): 200 days later than with unlimited power."""
    it = run(region([0]))
    expected = """
        2026-01-31 00:00 A grid_connected power_all
        2026-02-10 00:00 P grid_connected power_all
        2026-04-11 00:00 A unit_built 1
        2026-10-28 00:00 P unit_built 2
        2026-10-28 00:00 P unit_energised power_all 2
        2026-10-28 00:00 P operating 2
        2026-10-28 00:00 A unit_energised power_all 1
        2026-10-28 00:00 A operating 1
    """
    same(it.lines(*LIVES), table(expected))
    same(
        chain(it),
        [("nominal_building", "2026-01-01", "2026-04-11"), ("power", "2026-04-11", "2026-10-28")],
    )
    same(hidden(it), {"power": 30})
    free = run(region("unlimited"))
    waited = it.when(Kind.OPERATING)["A"] - free.when(Kind.OPERATING)["A"]
    assert waited == 200 * DAY
    power = charge(it.left).minutes.sum(axis=0) - charge(free.left).minutes.sum(axis=0)
    assert power.sum() == power[of.POWER] == waited  # all of it is charged to power


def test_a_data_centre_runs_in_the_minute_the_late_plant_does():
    check_the_centre_waits_for_the_plant()


@pytest.mark.parametrize("days", [99, 100, 150, 301])
def test_a_day_of_the_plant_is_a_day_of_the_data_centre(days):
    it = run(region([0], plant_days=days))
    same(it.when(Kind.OPERATING), {"P": days * DAY, "A": max(100, days) * DAY})


def check_megawatts_are_given_once() -> None:
    """100 MW of the plant are enough for A (60 MW), not for B (60 MW) as well."""
    it = run(region([0], centres=2))
    same(it.when(Kind.OPERATING), {"P": 300 * DAY, "A": 300 * DAY})
    trace = it.left.capacity
    mine = trace.resource == it.plan.resource["power_all"]
    same(
        [column[mine][-1] for column in (trace.capacity, trace.in_use, trace.waiting)],
        [100, 60, 60],
    )


def test_the_megawatts_of_a_plant_are_given_once():
    check_megawatts_are_given_once()


def test_units_of_a_plant_supply_their_share_one_by_one():
    """Two units of 50 MW on days 300 and 350: A's 60 MW are there with the second."""
    it = run(region([0], units=2))
    same(it.when(Kind.OPERATING), {"P": 350 * DAY, "A": 350 * DAY})


def check_supply_when_connected() -> None:
    """Connected on day 400, built on day 300: A waits for the connection of P."""
    tree = region([0])
    tree["sectors"]["gas"]["power"]["connection_months"] = months(400)
    it = run(tree)
    same(it.when(Kind.BUILT), {"P": 300 * DAY, "A": 100 * DAY})
    same(it.when(Kind.OPERATING), {"P": 400 * DAY, "A": 400 * DAY})
    same(chain(it, "P"), [("power", "2026-01-01", "2027-02-05")])
    same(hidden(it, "P"), {"nominal_building": 300})


def test_a_plant_supplies_when_it_is_connected_not_when_it_is_built():
    check_supply_when_connected()


def waits(it: Run) -> list[str]:
    lines = it.lines(Kind.WAIT_BEGAN, Kind.WAIT_ENDED, project="A")
    return [line for line in lines if "power_all" in line]


def test_a_connection_later_than_the_building_is_waited_for_by_every_unit_that_stands():
    """Two units, built on days 100 and 150, connected on day 200 by unlimited power."""
    tree = grid(plants(100, 50, A=one(megawatts=60, units=2)), 200)
    it = run(tree)
    expected = """
        2026-04-11 00:00 unit_built 0.5
        2026-05-31 00:00 unit_built #1 0.5
        2026-07-20 00:00 grid_connected power_all
        2026-07-20 00:00 unit_energised power_all 0.5
        2026-07-20 00:00 unit_energised #1 power_all 0.5
        2026-07-20 00:00 operating 1
    """
    same(it.lines(*LIVES, project="A"), table(expected))
    expected = """
        2026-04-11 00:00 wait_began power_all grid_connection
        2026-05-31 00:00 wait_began #1 power_all grid_connection
        2026-07-20 00:00 wait_ended power_all grid_connection
        2026-07-20 00:00 wait_ended #1 power_all grid_connection
    """
    same(waits(it), table(expected))


def test_a_connection_then_megawatts_are_waited_for_one_after_the_other():
    """Built on day 100, connected on day 200, and the plant runs on day 300."""
    tree = region([0])
    tree["sectors"]["centre"]["power"]["connection_months"] = months(200)
    expected = """
        2026-04-11 00:00 wait_began power_all grid_connection
        2026-07-20 00:00 wait_ended power_all grid_connection
        2026-07-20 00:00 wait_began power_all power
        2026-10-28 00:00 wait_ended power_all power
    """
    same(waits(run(tree)), table(expected))


def test_a_building_that_ends_with_the_connection_waits_for_nothing():
    it = run(grid(plants(100, A=one(megawatts=60)), 100))
    same(it.when(Kind.OPERATING), {"A": 100 * DAY})
    assert charge(it.left).minutes[0][of.POWER] == 0


def two_units(megawatts: int, per_year: int) -> dict[str, list[int]]:
    """Days on which the units of a plant of two (days 100 and 150) are energised; ``per_year`` MW
    flow in from 1 January 2027, day 365: one a day if 365."""
    tree = grid(plants(100, 50, A=one(megawatts=megawatts, units=2)), 30, [0, per_year])
    it = run(tree)
    return {
        what: [it.when(kind, part)["A"] // DAY for part in (0, 1)]
        for what, kind in (("built", Kind.UNIT_BUILT), ("energised", Kind.UNIT_ENERGISED))
    }


def check_units_share_megawatts() -> None:
    """61 MW are 30 and 31: the 30th is there on day 395, the 61st on day 426."""
    same(two_units(61, 365), {"built": [100, 150], "energised": [395, 426]})


def test_units_share_the_megawatts_of_the_project_in_whole_ones():
    check_units_share_megawatts()


def test_a_unit_without_a_whole_megawatt_does_not_wait():
    """1 MW is 0 and 1: the first unit runs when it is built."""
    same(two_units(1, 365), {"built": [100, 150], "energised": [100, 366]})


def check_queue_by_request() -> None:
    """A asked on 1 January, B a day later; B is built and connected first, and waits behind nobody
    who has not claimed: it has 60 of the plant's 100 MW. Then A and C: A asked before C.

    Day 20 P runs (100 MW). Day 51 B is built: 60 MW, 40 are left. A is built on day 100, C on day
    62: C (asked on 3 January) claims first and finds 40. On 1 January 2027 (day 365) megawatts
    come, 2 a day: A, first in the queue, has its 60 on day 375, C on day 405.
    """
    tree = region([0, 730], plant_days=20, centres=3)
    tree["sectors"]["gas"]["power"]["connection_months"] = months(0)
    for name, plan in (("B", 50), ("C", 60)):
        tree["portfolio"]["projects"][name]["plan_months"] = plan / 30.4375
    it = run(tree)
    same(it.when(Kind.BUILT), {"P": 20 * DAY, "A": 100 * DAY, "B": 51 * DAY, "C": 62 * DAY})
    same(
        it.when(Kind.OPERATING),
        {"P": 20 * DAY, "A": 375 * DAY, "B": 51 * DAY, "C": 405 * DAY},
    )


def test_megawatts_go_by_the_minute_of_the_request_not_of_the_claim():
    check_queue_by_request()


def test_who_uses_no_grid_runs_when_it_is_built():
    tree = region([0])
    del tree["portfolio"]["projects"]["P"]
    tree["portfolio"]["projects"]["A"]["megawatts"] = 0
    it = run(tree)
    same(
        it.lines(Kind.UNIT_ENERGISED, Kind.GRID_REQUESTED), ["2026-04-11 00:00 A unit_energised 1"]
    )


def test_a_project_belongs_to_the_region_of_its_state():
    """A in Ohio, where the plant is; B in Texas, where nothing comes before 2027."""
    tree = region([0], centres=2)
    tree["capacity"]["power"] = {
        "elsewhere": "ercot",
        "regions": {
            name: {"label": name, "states": [state],
                   "additions_mw": {"first_year": 0, "per_year": {"2027": mw}}}
            for name, state, mw in (("pjm", "OH", 0), ("ercot", "TX", 365))
        },
    }  # fmt: skip
    projects = tree["portfolio"]["projects"]
    projects["P"]["region"] = projects["A"]["region"] = "OH"
    it = run(tree)
    same(it.when(Kind.OPERATING), {"P": 300 * DAY, "A": 300 * DAY, "B": 425 * DAY})


def test_a_connection_asked_for_ahead_is_there_so_much_sooner_and_first_in_the_queue():
    """300 days from the request, 120 days before selection: day 180, 30 June."""
    tree = grid(plants(100, A=one(megawatts=100)), 300)
    tree["sectors"]["gas"]["power"]["asked_ahead_months"] = months(120)
    it = run(tree)
    same(it.when(Kind.GRID_CONNECTED), {"A": 180 * DAY})
    same(chain(it)[-1], ("power", "2026-01-01", "2026-06-30"))


def test_a_connection_asked_for_long_ahead_is_there_at_once():
    tree = grid(plants(100, A=one(megawatts=100)), 30)
    tree["sectors"]["gas"]["power"]["asked_ahead_months"] = months(31)
    same(run(tree).when(Kind.GRID_CONNECTED), {"A": 0})


def test_a_connection_asked_for_ahead_and_not_there_on_record_is_conditioned_on_both():
    """Asked 120 days before selection on 1 January, not there by the close of 1 June: of 100 to 600
    days alike, what is longer than 272, counted from selection."""
    row = one(megawatts=100, recommended_date="2026-01-01", selected_date="2026-01-01")
    tree = grid(plants(100, A=row), 30)
    tree["sectors"]["gas"]["power"] |= {
        "asked_ahead_months": months(120),
        "connection_months": {"kind": "uniform", "low": 100 / 30.4375, "high": 600 / 30.4375},
    }
    tree["programme"].update(as_of="2026-06-01", history="recorded")
    nature = Plan.of(config_from(tree)).nature
    for replication in range(5):
        pinned = pin_history(nature, draw_world(nature, 3, replication)).grid_connection[0]
        u = uniforms(stream_key(3, replication), nature.entity_keys, "grid", 1)[0, 0]
        assert pinned == pytest.approx((152 + 328 * u) * DAY, abs=1)


@pytest.mark.parametrize("ahead", [True, False])
def test_of_two_loads_the_one_that_asked_first_has_the_megawatts(ahead):
    """A and B are both selected on 1 January, 100 MW for one of them in 2026; B's sector asked 10
    days ahead, or did not: then A, proposed first by name, goes first."""
    tree = plants(100, A=one(megawatts=100), B=one(megawatts=100, sector="other"))
    grid(tree, 30, [100, 0, 100])
    tree["sectors"]["other"] = copy.deepcopy(tree["sectors"]["gas"])
    if ahead:
        tree["sectors"]["other"]["power"]["asked_ahead_months"] = months(10)
    energised = run(tree).when(Kind.UNIT_ENERGISED)
    assert (energised["B"] < energised["A"]) == ahead


# -- Small faults, each caught by a check above: fault, check, and words of what the check then says

FAULTS = [
    (faults.megawatts_of_a_plant_count_twice, check_megawatts_are_given_once, "'B'"),
    (faults.a_plant_supplies_when_it_is_built, check_supply_when_connected, "'A'"),
    (faults.megawatts_go_to_who_claims_first, check_queue_by_request, "'C', 540000"),
    (faults.megawatts_by_parts_of_one, check_units_share_megawatts, "396|427|instead"),
]


@pytest.mark.parametrize(("fault", "check", "words"), FAULTS, ids=label)
def test_a_small_fault_is_caught(monkeypatch, fault, check, words):
    caught(monkeypatch, fault, check, words)
