"""What operation would have come earlier without a cause; days, lives as in support.one_life.

docs/model.md, "Why was it late?".
"""

from __future__ import annotations

import pytest
from support.one_life import Life

from sim.events import Cause, Kind

REVIEW = {"team_queue": 2, "reviewing": 8}


def built(life: Life, begin: float) -> Life:
    return life.note(begin, Kind.NTP_ISSUED).at_work(begin, begin + 100, 0, 1).built(begin + 100)


def life(**fields: float | None) -> Life:
    """Permits applied for on day 10 and granted on day 33, jbic paid on day 34, nexi on day 30."""
    granted = fields.pop("granted", 33)
    return Life().reviewed().appraised().funded(**fields).permitted(granted)


def test_what_is_beside_takes_what_a_gate_gives_up():
    """Permits were a day behind the first payment: so much, and no more, anything of it drags.

    Review before the application on day 10 has nothing beside it.
    """
    beside = ("cc_wait", "ic_wait", "appraisal", "funding_desk", "funding_window", "funding_money")
    assert built(life(), 34).drag() == REVIEW | dict.fromkeys(beside, 1) | {"nominal_building": 100}


def test_of_two_that_clear_together_neither_drags():
    assert built(life(granted=34), 34).drag() == REVIEW | {"nominal_building": 100}


def test_permits_drag_as_long_as_the_first_payment_was_there():
    drag = built(life(granted=60), 60).drag()
    assert drag["permit_work"] == 26
    assert drag["permit_queue"] == 2
    assert "cc_wait" not in drag


def test_the_other_lender_takes_over_where_permits_do_not():
    """nexi paid on day 30, four days before jbic; permits were granted on day 12."""
    drag = built(life(granted=12), 34).drag()
    assert drag["funding_money"] == 4
    assert drag["appraisal"] == 4
    # The committees come before both lenders, who asked on day 17; permits were done long ago.
    assert (drag["cc_wait"], drag["ic_wait"]) == (3, 4)


def test_a_pause_takes_what_the_first_payment_gives_up():
    """Paused from day 30 to 45: the pause drags for eleven days, the payment not at all."""
    paused = life().note(30, Kind.PAUSED).wait(34, 45, Cause.PAUSED).note(45, Kind.RESUMED)
    drag = built(paused, 45).drag()
    assert drag["paused"] == 11
    assert "funding_money" not in drag


@pytest.mark.parametrize(("connected", "drag"), [(150, 16), (134, None)])
def test_a_connection_drags_as_long_as_the_building_was_there(connected: float, drag: float | None):
    """Asked for at selection, day 20; built on day 134."""
    it = life().note(20, Kind.GRID_REQUESTED, resource="power_ohio")
    it.note(34, Kind.NTP_ISSUED).at_work(34, 134, 0, 1)
    it.built(134, connected, region="power_ohio")
    it.note(connected, Kind.GRID_CONNECTED, resource="power_ohio")
    found = it.drag()
    assert found.get("power") == drag
    if drag is None:
        assert "nominal_building" not in found, "the connection came with the building"


def test_a_machine_drags_as_long_as_its_site_stood_and_so_does_its_payment():
    """Ordered with the first payment, day 34; the site stands on day 64 and goes on on day 80."""
    it = life(granted=33)
    it.note(34, Kind.EQUIPMENT_ORDERED, resource="equipment_turbines")
    it.note(34, Kind.NTP_ISSUED).at_work(34, 64, 0, 0.3).stop(64, Cause.EQUIPMENT)
    it.wait(64, 80, Cause.EQUIPMENT, "equipment_turbines")
    it.note(80, Kind.EQUIPMENT_DELIVERED, resource="equipment_turbines")
    it.at_work(80, 150, 0.3, 1).built(150)
    drag = it.drag()
    assert drag["equipment"] == 16
    # With the payment the machine comes sooner, until nexi's part is the last.
    assert drag["funding_money"] == 4
    late = life(granted=50)
    late.note(34, Kind.EQUIPMENT_ORDERED, resource="equipment_turbines")
    late.note(50, Kind.NTP_ISSUED).at_work(50, 79, 0, 0.3).stop(79, Cause.EQUIPMENT)
    late.wait(79, 80, Cause.EQUIPMENT, "equipment_turbines")
    late.note(80, Kind.EQUIPMENT_DELIVERED, resource="equipment_turbines")
    late.at_work(80, 150, 0.3, 1).built(150)
    assert late.drag()["funding_money"] == 1, "permits had the site on day 79 without the payment"


def test_a_lender_ahead_of_selection_drags_until_the_next_lender_is_done():
    """Docketed on day 10, recommended on day 17; jbic is done on day 30 and nexi on day 26."""
    it = Life().note(0, Kind.PROPOSED).note(0, Kind.SCREENING_BEGAN, resource="teams")
    it.note(10, Kind.SCREENING_ENDED, resource="teams").wait(10, 17, Cause.IC_WAIT)
    for lender, day in (("jbic", 30), ("nexi", 26)):
        it.note(10, Kind.APPRAISAL_BEGAN, resource=f"{lender}_desks")
        it.note(day, Kind.APPRAISAL_ENDED, resource=f"{lender}_desks")
    it.wait(17, 30, Cause.UNAPPRAISED).wait(30, 40, Cause.SELECTION_WAIT).note(40, Kind.SELECTED)
    assert it.note(40, Kind.CANCELLED).drag() == {
        "reviewing": 10, "appraisal": 4, "selection_wait": 10,
    }  # fmt: skip
