"""Development worked out by hand: engineering, contracts, land and financial close, beside permits.

Everything is selected and paid on 1 January 2026; one unit takes 100 days.
"""

from __future__ import annotations

import numpy as np
import pytest
from gate_cases import chain, hazards, hidden, months, one, plants, run_struck
from support.configs import config_from
from support.hand_runs import DAY, Run, run, same

from sim.config.distributions import Triangular
from sim.events import Kind
from sim.plan import Plan
from sim.world import draw_world, pin_history
from sim.world.distributions import conditioned
from sim.world.uniforms import stream_key, uniforms


def plant(develop: float, permit: float = 0) -> Run:
    """One plant with so many days of development, and of permit work, from selection on."""
    tree = plants(100, A=one())
    tree["sectors"]["gas"]["development"] = {"remaining_months": months(develop)}
    tree["sectors"]["gas"]["permits"]["work_months"] = months(permit)
    return run(tree)


def check_development_is_the_last_gate() -> None:
    """60 days: 2 March. The permits of 20 days are granted on 21 January, and hidden."""
    it = plant(60, 20)
    same(it.lines(Kind.DEVELOPMENT_BEGAN, Kind.DEVELOPMENT_ENDED, Kind.NTP_ISSUED), [
        "2026-01-01 00:00 A development_began",
        "2026-03-02 00:00 A development_ended",
        "2026-03-02 00:00 A ntp_issued",
    ])  # fmt: skip
    same(chain(it), [
        ("development", "2026-01-01", "2026-03-02"),
        ("nominal_building", "2026-03-02", "2026-06-10"),
    ])  # fmt: skip
    same(hidden(it), {"permit_work": 20})


def test_notice_to_proceed_waits_for_development():
    check_development_is_the_last_gate()


def test_permits_that_come_later_hide_development():
    it = plant(20, 60)
    same(chain(it)[0], ("permit_work", "2026-01-01", "2026-03-02"))
    same(hidden(it), {"development": 20})


def test_of_two_that_clear_together_the_permits_are_charged():
    same(chain(plant(60, 60))[0], ("permit_work", "2026-01-01", "2026-03-02"))


def test_of_two_that_clear_together_development_is_charged_before_the_payment():
    """The window of 60 days closes in the minute in which development is done."""
    tree = plants(100, A=one())
    tree["sectors"]["gas"]["development"] = {"remaining_months": months(60)}
    tree["policy"]["calls"].update(reading="floor", first_window_business_days=60)
    it = run(tree)
    same(it.when(Kind.CALL_PAID), {"A": 60 * DAY})
    same(chain(it)[0], ("development", "2026-01-01", "2026-03-02"))
    same(hidden(it), {"funding_window": 60})


def test_unfinished_development_is_charged_to_the_end():
    it = plant(365.25 * 20)
    same(chain(it), [("development", "2026-01-01", "2036-01-01")])


def test_a_whole_law_counts_what_is_left_of_it():
    """100 days, three tenths of them behind: 70 days to 12 March."""
    tree = plants(100, A=one())
    tree["sectors"]["gas"]["development"] = {
        "whole_months": months(100), "done_share": {"kind": "constant", "value": 0.3},
    }  # fmt: skip
    same(run(tree).when(Kind.NTP_ISSUED), {"A": 70 * DAY})


def test_a_pause_holds_back_notice_to_proceed_and_not_development():
    """Paused on day 10 for 20 days: contracts are negotiated on, and NTP comes on day 60."""
    tree = plants(100, A=one())
    tree["sectors"]["gas"]["development"] = {"remaining_months": months(60)}
    it = run_struck(hazards(tree), pauses={"A": [(10, 20)]})
    same(it.when(Kind.NTP_ISSUED), {"A": 60 * DAY})


@pytest.mark.parametrize("replication", range(5))
def test_development_under_way_on_the_as_of_date_has_not_ended(replication):
    """Selected on 1 January and nothing more on record on 1 June, 151 days later: the law of what
    takes longer than 151 days, at the project's own uniform."""
    tree = plants(100, A=one(recommended_date="2026-01-01", selected_date="2026-01-01"))
    law = {"kind": "triangular", "low": 2, "mode": 6, "high": 12}
    tree["sectors"]["gas"]["development"] = {"remaining_months": law}
    tree["programme"].update(as_of="2026-06-01", history="recorded")
    nature = Plan.of(config_from(tree)).nature
    pinned = pin_history(nature, draw_world(nature, 3, replication)).development[0]
    u = uniforms(stream_key(3, replication), nature.entity_keys, "development", 1)[0]
    expected = conditioned(Triangular(**law), 152 / 30.4375, u)[0] * 30.4375 * DAY
    assert pinned == np.ceil(expected)
    assert pinned >= 152 * DAY  # the close of 1 June
