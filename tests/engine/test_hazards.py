"""Pauses and cancellations by hand, to the minute and to the cent. See docs/model.md, "Pauses".

Hazards are put where a case wants them (``run_struck``): one a day of exposure, thresholds in
days. What is asserted stands in ``check_...`` functions for ``gate_faults.py``.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import gate_faults as faults
import numpy as np
import pytest
from gate_cases import (
    SITE,
    cash_on_1_april,
    chain,
    grid,
    halves,
    hazards,
    hidden,
    machines,
    months,
    one,
    one_crew,
    plants,
    rates,
    row_of,
    run_struck,
)
from support.hand_runs import (
    BREACHES,
    CENTS_PER_BN,
    DAY,
    NOTHING,
    Run,
    constant,
    pipeline,
    run,
    same,
    table,
)
from support.small_faults import caught, label

from sim.errors import ModelError
from sim.events import Kind
from sim.results.laws import Yardstick, broken_laws, evidence_of

PAUSES = (Kind.NTP_ISSUED, Kind.PAUSED, Kind.RESUMED, Kind.CANCELLED, *SITE)
MONEY = (Kind.SELECTED, Kind.CALL_NOTICED, Kind.PART_DRAWN, Kind.CALL_PAID, Kind.CANCELLED,
         Kind.CALL_WITHDRAWN, Kind.MONEY_RETURNED, Kind.LAPSED)  # fmt: skip


def building(begin: str, end: str) -> tuple[str, str, str]:
    return ("nominal_building", begin, end)


# -- Pauses ----------------------------------------------------------------------------------------


def permitted_after(days: float) -> dict[str, Any]:
    """One plant of 100 days, permits so many days after 1 January."""
    tree = hazards(plants(100, A=one()))
    tree["sectors"]["gas"]["permits"]["work_months"] = months(days)
    return tree


def check_pause_before_ntp() -> None:
    """Paused on day 10 for 40 days, permits on day 30: NTP on day 50, 20 days later than without.

    Permits go on in the pause: its first 20 days cost nothing.
    """
    it = run_struck(permitted_after(30), pauses={"A": [(10, 40)]})
    expected = """
        2026-01-11 00:00 A paused
        2026-02-20 00:00 A resumed
        2026-02-20 00:00 A ntp_issued
        2026-02-20 00:00 A building_began
        2026-05-31 00:00 A unit_built 1
        2026-05-31 00:00 A built
    """
    same(it.lines(*PAUSES), table(expected))
    same(
        chain(it),
        [
            ("permit_work", "2026-01-01", "2026-01-31"),
            ("paused", "2026-01-31", "2026-02-20"),
            building("2026-02-20", "2026-05-31"),
        ],
    )
    same(hidden(it), {"paused": 20})


def test_a_pause_before_ntp_holds_it_back_from_where_the_other_gates_cleared():
    check_pause_before_ntp()


def test_a_pause_over_before_the_other_gates_clear_costs_nothing():
    it = run_struck(permitted_after(30), pauses={"A": [(10, 20)]})
    same(it.when(Kind.NTP_ISSUED), {"A": 30 * DAY})
    same(hidden(it), {"paused": 20})


def check_mid_stretch() -> None:
    """NTP at once, paused after 30 days and 7 minutes for 20 days and 13 minutes.

    43,207 of 144,000 minutes are done: the other 100,793 begin at 50 days and 20 minutes. Ends on
    day 120, 00:13.
    """
    it = run_struck(hazards(plants(100, A=one())), pauses={"A": [(30 + 7 / DAY, 20 + 13 / DAY)]})
    expected = f"""
        2026-01-01 00:00 A ntp_issued
        2026-01-01 00:00 A building_began
        2026-01-31 00:07 A paused
        2026-01-31 00:07 A building_stopped paused {43_207 / 144_000}
        2026-02-20 00:20 A resumed
        2026-02-20 00:20 A building_began {43_207 / 144_000}
        2026-05-01 00:13 A unit_built 1
        2026-05-01 00:13 A built
    """
    same(it.lines(*PAUSES), table(expected))
    same(
        chain(it),
        [
            building("2026-01-01", "2026-01-31 00:07"),
            ("paused", "2026-01-31 00:07", "2026-02-20 00:20"),
            building("2026-02-20 00:20", "2026-05-01 00:13"),
        ],
    )


def test_a_pause_in_mid_stretch_stops_the_site_to_the_minute():
    check_mid_stretch()


def check_crew_of_a_paused_site() -> None:
    """Two plants that each want the whole crew of 100: half a rate each; 100 days of work.

    day  20 A is paused with 10 days behind it: B, with 10, has the crew alone.
    day  50 A comes back; B has 40: half each again.
    day 170 B has 100 and is built, A has 70.
    day 200 A is built.
    """
    tree = one_crew(hazards(plants(100, A=one(), B=one())))
    it = run_struck(tree, pauses={"A": [(20, 30)]})
    same(it.when(Kind.BUILT), {"B": 170 * DAY, "A": 200 * DAY})
    changes = {time // DAY: rate for time, rate in rates(it).items()}
    same(
        {day: changes[day] for day in (0, 20, 50, 170, 200)},
        {0: 0.5, 20: 1.0, 50: 0.5, 170: 1.0, 200: 0.0},
    )


def test_a_paused_site_gives_its_crew_back_at_once():
    check_crew_of_a_paused_site()


STOPS = {"money": "cash_starved", "machines": "equipment"}


def stopped_at_half(what: str, **run_changes: Any) -> Run:
    """A plant of 100 days that stops on day 50 until 1 April (day 90)."""
    tree = hazards(plants(100, A=one()))
    if what == "money":
        halves(cash_on_1_april(tree, 0.5))
    else:
        machines(tree, 90, 0.5)
    return run_struck(tree, **run_changes)


@pytest.mark.parametrize("what", STOPS)
def test_a_pause_that_outlasts_what_stopped_the_site_is_charged_from_there(what):
    """Paused from day 60 to day 120: it does not go back on day 90, nor is it stopped twice."""
    it = stopped_at_half(what, pauses={"A": [(60, 60)]})
    number = "#1 " if what == "money" else ""
    expected = f"""
        2026-01-01 00:00 A ntp_issued
        2026-01-01 00:00 A building_began
        2026-02-20 00:00 A building_stopped {number}{STOPS[what]} 0.5
        2026-03-02 00:00 A paused
        2026-05-01 00:00 A resumed
        2026-05-01 00:00 A building_began 0.5
        2026-06-20 00:00 A unit_built 1
        2026-06-20 00:00 A built
    """
    same(it.lines(*PAUSES), table(expected))
    assert ("paused", "2026-04-01", "2026-05-01") in chain(it)
    assert hidden(it)["paused"] == 30
    waits = [line for line in it.lines(Kind.WAIT_BEGAN, Kind.WAIT_ENDED) if "paused" in line]
    same(waits, ["2026-04-01 00:00 A wait_began paused", "2026-05-01 00:00 A wait_ended paused"])


@pytest.mark.parametrize("what", STOPS)
def test_a_pause_within_a_stop_changes_nothing(what):
    it = stopped_at_half(what, pauses={"A": [(60, 20)]})
    same(it.lines(*SITE), stopped_at_half(what).lines(*SITE))
    same(it.when(Kind.BUILT), {"A": 140 * DAY})


@pytest.mark.parametrize("what", STOPS)
def test_a_pause_within_a_stop_is_hidden(what):
    """What stopped the site cleared last, and began before the pause."""
    assert hidden(stopped_at_half(what, pauses={"A": [(60, 20)]})).get("paused") == 20


@pytest.mark.parametrize("what", STOPS)
def test_a_pause_that_begins_in_a_stop_and_ends_with_it_costs_nothing(what):
    """Both are over on 1 April at 00:00: the pause by its own event, before money is allocated."""
    it = stopped_at_half(what, pauses={"A": [(60, 30)]})
    same(it.when(Kind.BUILT), {"A": 140 * DAY})


def test_a_pause_in_the_minute_of_a_gate_is_one_stop():
    """It gets to the gate on day 50 and is paused in that minute, for 20 days; the machine is there
    on day 90. Off once, for the machine, which comes first in the minute; back once."""
    it = stopped_at_half("machines", pauses={"A": [(50, 20)]})
    expected = """
        2026-01-01 00:00 A building_began
        2026-02-20 00:00 A building_stopped equipment 0.5
        2026-04-01 00:00 A building_began 0.5
        2026-05-21 00:00 A unit_built 1
        2026-05-21 00:00 A built
    """
    same(it.lines(*SITE), table(expected))


def test_a_pause_in_the_minute_of_a_gate_that_is_open_stops_the_site_there():
    """The machine has come; half is done on day 50, the other half begins on day 70."""
    it = run_struck(machines(hazards(plants(100, A=one())), 40, 0.5), pauses={"A": [(50, 20)]})
    expected = """
        2026-01-01 00:00 A building_began
        2026-02-20 00:00 A building_stopped paused 0.5
        2026-03-12 00:00 A building_began 0.5
        2026-05-01 00:00 A unit_built 1
        2026-05-01 00:00 A built
    """
    same(it.lines(*SITE), table(expected))


def test_what_is_built_in_the_minute_of_a_pause_is_built():
    """The last point of the site comes first in the minute: nothing is left to pause."""
    it = run_struck(hazards(plants(100, A=one())), pauses={"A": [(100, 20)]})
    same(it.when(Kind.BUILT), {"A": 100 * DAY})
    same(it.when(Kind.PAUSED), {})


def test_of_several_pauses_each_counts_exposure_from_the_end_of_the_one_before():
    """10 days, paused for 5; 20 days, paused for 7; 70 more days of work: day 112."""
    it = run_struck(hazards(plants(100, A=one())), pauses={"A": [(10, 5), (20, 7)]})
    days = [time // DAY for time in map(int, it.left.log.time[it.left.log.kind == Kind.PAUSED])]
    same(days, [10, 35])
    same(it.when(Kind.BUILT), {"A": 112 * DAY})


def test_more_pauses_than_the_maximum_are_an_error():
    tree = hazards(plants(100, A=one()))
    tree["nature"]["maxima"]["pauses"] = 2
    twice = [(10, 5), (10, 5)]
    same(run_struck(tree, pauses={"A": twice}).when(Kind.BUILT), {"A": 110 * DAY})
    with pytest.raises(ModelError, match=r"paused more than nature.maxima.pauses \(2\) times"):
        run_struck(tree, pauses={"A": [*twice, (10, 0)]})


def check_no_order_in_a_pause() -> None:
    """Paid on 1 April (day 90) in a pause from day 80 to day 110: ordered when it is over."""
    tree = cash_on_1_april(hazards(machines(plants(100, A=one()), 70, 0.5)), 0)
    it = run_struck(tree, pauses={"A": [(80, 30)]})
    same(it.when(Kind.CALL_PAID), {"A": 90 * DAY})
    same(it.when(Kind.EQUIPMENT_ORDERED), {"A": 110 * DAY})
    same(it.when(Kind.BUILT), {"A": 230 * DAY})  # half on day 160, the machine on day 180


def test_nothing_is_ordered_in_a_pause():
    check_no_order_in_a_pause()


# -- Legal clocks ----------------------------------------------------------------------------------


def clock_case(stop: bool, pauses: list[tuple[float, float]]) -> list[str]:
    """Noticed on Monday 5 January; every day is open. Due on the 20th day, 25 January; cure of 5
    days to the 30th. There is no money before 1 April."""
    tree = cash_on_1_april(hazards(plants(100, A=one("2026-01-05"))), 0)
    tree["policy"]["calls"].update(first_window_business_days=20, cure_business_days=5)
    tree["policy"]["pauses_stop_clocks"] = stop
    tree["policy"]["enforcement"]["active"] = True
    it = run_struck(tree, pauses={"A": pauses})
    return it.lines(Kind.CALL_LATE, Kind.CALL_MISSED, Kind.BREACH_OPENED)


def missed(late: str, breach: str) -> list[str]:
    return [
        f"{late} 00:00 A call_late jbic_cash funding_money 1",
        f"{breach} 00:00 A call_missed jbic_cash funding_money 1",
        f"{breach} 00:00 A breach_opened call_missed 1",
    ]


def check_clocks_stand_still() -> None:
    """Paused for 12 days and a minute: 13 whole days. Due 7 February, cure to the 12th."""
    same(clock_case(True, [(10, 12 + 1 / DAY)]), missed("2026-02-08", "2026-02-13"))


def test_legal_clocks_run_on_in_a_pause():
    """The close of 25 and of 30 January, as without a pause."""
    same(clock_case(False, [(10, 12 + 1 / DAY)]), missed("2026-01-26", "2026-01-31"))


def test_legal_clocks_stand_still_for_whole_days_where_the_policy_says_so():
    check_clocks_stand_still()


def test_a_pause_of_whole_days_moves_the_due_date_by_as_many():
    same(clock_case(True, [(10, 12)]), missed("2026-02-07", "2026-02-12"))


def test_a_pause_in_the_cure_period_moves_its_end_only():
    """Late on 26 January; paused on the 28th for 3 days: cure to 2 February."""
    same(clock_case(True, [(23, 3)]), missed("2026-01-26", "2026-02-03"))


def test_two_pauses_move_a_due_date_twice():
    """3 days from 7 January, exposed 5 more days, 4 days from 15 January: due 1 February."""
    same(clock_case(True, [(2, 3), (5, 4)]), missed("2026-02-02", "2026-02-07"))


def test_a_pause_that_begins_when_a_call_is_late_does_not_take_that_back():
    """The close of the due date comes first in the minute: late on 26 January."""
    assert (
        clock_case(True, [(21, 2)])[0] == "2026-01-26 00:00 A call_late jbic_cash funding_money 1"
    )


def test_a_call_noticed_in_a_pause_has_its_clock_from_the_end_of_it():
    """The order's slice is noticed when the first is paid, on 1 April, in a pause from 26 March to
    25 April. Its 10 days begin when the pause ends: due 5 May, not 11 April."""
    tree = cash_on_1_april(hazards(halves(plants(100, A=one("2026-01-05")), "equipment_order")), 0)
    tree["capacity"]["facilities"]["jbic"]["cash"]["per_fiscal_year"] = {"2026": 0.5, "2027": 1}
    machines(tree, 10, 0.5)
    calls = tree["policy"]["calls"]
    calls.update(first_window_business_days=200, later_window_business_days=10)
    tree["policy"]["pauses_stop_clocks"] = True
    it = run_struck(tree, pauses={"A": [(80, 30)]})
    same(
        it.lines(Kind.CALL_LATE)[:1],
        ["2026-05-06 00:00 A call_late #1 jbic_cash funding_money 0.5"],
    )


# -- Exposure --------------------------------------------------------------------------------------


def check_exposure_stands_still() -> None:
    """Cancelled after 25 days of exposure: 10 before the pause, 15 after it ends on day 50."""
    it = run_struck(permitted_after(200), pauses={"A": [(10, 40)]}, cancels={"A": 25})
    same(it.when(Kind.CANCELLED), {"A": 65 * DAY})


def test_exposure_stands_still_in_a_pause():
    check_exposure_stands_still()


def test_a_cancellation_comes_before_a_pause_of_the_same_minute():
    it = run_struck(permitted_after(200), pauses={"A": [(25, 40)]}, cancels={"A": 25})
    same(it.lines(*PAUSES), ["2026-01-26 00:00 A cancelled 1"])


def check_rates_by_phase() -> None:
    """Half a hazard a day until NTP on day 30; then two a day: 40 are met on day 30 + 25/2."""
    tree = permitted_after(30)
    before, after = ({"pauses_per_year": 0, "cancellations_per_year": 365.25 * r} for r in (0.5, 2))
    tree["nature"]["hazards"].update(before_building=before, building=after)
    it = run_struck(tree, cancels={"A": 40})
    same(it.when(Kind.CANCELLED), {"A": 42 * DAY + DAY // 2})


def test_rates_change_with_the_notice_to_proceed():
    check_rates_by_phase()


def check_regime() -> None:
    """Selected on 22 December 2026: 10 days of exposure to the end of the year, at 1 a day.

    2027 is a year of shock: 3 a day. 25 are met after 5 days: 6 January. 100 are met after 30
    days, 31 January. In a sector that loads with 2 it is 9 a day: 25 after 1 day and 16 hours.
    """
    for loading, struck in ((1, 15 * DAY), (2, 11 * DAY + 16 * 60), (0, 25 * DAY)):
        tree = permitted_after(400)
        tree["portfolio"]["projects"]["A"]["proposed_date"] = "2026-12-22"
        hazards(tree, multiplier=3, loadings={"gas": loading})
        shocks = np.array([False, True] + [False] * 8)
        it = run_struck(tree, cancels={"A": 25}, shock_year=shocks)
        same(it.when(Kind.CANCELLED), {"A": 355 * DAY + struck})


def test_a_year_of_policy_shock_multiplies_exposure_by_the_power_of_the_loading():
    check_regime()


def finished_from(share: float, cancel_day: float) -> Run:
    """A plant of 100 days that is finished once more than ``share`` is done; a pause on day 80."""
    tree = hazards(plants(100, A=one()))
    tree["nature"]["hazards"]["cancelled_up_to_progress"] = share
    return run_struck(tree, pauses={"A": [(80, 5)]}, cancels={"A": cancel_day})


def check_finished() -> None:
    """A minute beyond three quarters it is finished; pauses go on."""
    same(finished_from(0.75, 75 + 1 / DAY).when(Kind.BUILT), {"A": 105 * DAY})


def test_what_is_nearly_built_is_finished_and_not_cancelled():
    check_finished()


def test_up_to_that_progress_it_is_cancelled():
    same(finished_from(0.75, 75).when(Kind.CANCELLED), {"A": 75 * DAY})


def check_exposure_since_history() -> None:
    """Selected on record on 5 January; history ends with 31 January: 10 days, 11 February."""
    tree = permitted_after(400)
    tree["programme"].update(as_of="2026-01-31", history="recorded")
    tree["portfolio"]["projects"]["A"].update(selected_date="2026-01-05")
    it = run_struck(tree, cancels={"A": 10})
    same(it.lines(Kind.SELECTED, Kind.CANCELLED),
         ["2026-01-05 00:00 A selected recorded 1", "2026-02-11 00:00 A cancelled 1"])  # fmt: skip


def test_exposure_starts_with_the_as_of_date():
    check_exposure_since_history()


def check_built_is_safe() -> None:
    """Built on day 100, connected on day 300; both thresholds would be met on day 150."""
    tree = grid(hazards(plants(100, A=one(megawatts=10))), 300)
    it = run_struck(tree, {"A": [(150, 5)]}, {"A": 150})
    same(it.when(Kind.OPERATING), {"A": 300 * DAY})
    assert not it.lines(Kind.PAUSED, Kind.CANCELLED)


def test_what_is_built_and_waits_for_power_is_neither_paused_nor_cancelled():
    check_built_is_safe()


# -- Cancellation before building ------------------------------------------------------------------


def queue_case(envelope: str = "released", money: str = "returned") -> Run:
    """A (8 bn) and B (5 bn) under an envelope of 10 bn; 3 bn of money until 1 April, then 50.

    A's call is noticed on 5 January, due on the 10th, cure to the 13th; 3 bn are drawn at once.
    A threat of 30 days and a route of 90 would raise the tariff on 14 May: with 10 and 15 it is
    on 8 February. A is cancelled on 24 February, after 50 days.
    """
    tree = cash_on_1_april(hazards(plants(100, A=one("2026-01-05", 8), B=one("2026-01-06", 5))), 3)
    tree["programme"]["envelope_usd_bn"] = 10
    policy = tree["policy"]
    policy["cancelled"] = {"envelope": envelope, "unspent_money": money}
    policy["calls"].update(first_window_business_days=5, cure_business_days=3)
    policy["enforcement"]["active"] = True
    tree["nature"]["enforcement"].update(
        threat_days=constant(10), route_delay_days={"section_232": constant(15)}
    )
    return run_struck(tree, cancels={"A": 50})


def check_withdrawn() -> None:
    """A's 5 bn are called no more, its 3 bn come back, its 8 bn of the envelope are B's at once.

    B draws 3 bn in that minute and 2 on 1 April; due on 1 March, it is late itself, and its breach
    raises the tariff in relief.
    """
    expected = """
        2026-01-05 00:00 A selected 8
        2026-01-05 00:00 A call_noticed 8
        2026-01-05 00:00 A part_drawn jbic_cash 3
        2026-02-24 00:00 A cancelled 8
        2026-02-24 00:00 A call_withdrawn 5
        2026-02-24 00:00 A money_returned jbic_cash 3
        2026-02-24 00:00 B selected 5
        2026-02-24 00:00 B call_noticed 5
        2026-02-24 00:00 B part_drawn jbic_cash 3
        2026-04-01 00:00 B part_drawn jbic_cash 2
        2026-04-01 00:00 B call_paid 5
    """
    same(queue_case().lines(*MONEY), table(expected))


def check_breach_of_a_cancelled_call() -> None:
    expected = """
        2026-01-11 00:00 A call_late jbic_cash funding_money 5
        2026-01-14 00:00 A call_missed jbic_cash funding_money 5
        2026-01-14 00:00 A breach_opened call_missed 5
        2026-01-14 00:00 A breach_threatened
        2026-01-24 00:00 A breach_ordered
        2026-02-08 00:00 A breach_raised call_missed
        2026-02-08 00:00 - tariff_raised 0.25
        2026-02-24 00:00 A breach_closed cancelled
        2026-02-24 00:00 - tariff_relieved
        2026-03-02 00:00 B call_late jbic_cash funding_money 2
        2026-03-05 00:00 B call_missed jbic_cash funding_money 2
        2026-03-05 00:00 B breach_opened call_missed 2
        2026-03-05 00:00 B breach_raised call_missed
        2026-03-05 00:00 - tariff_raised 0.25
        2026-04-01 00:00 B call_paid 5
        2026-04-01 00:00 B breach_closed paid
        2026-04-01 00:00 - tariff_relieved
        2026-05-01 00:00 - tariff_compliant
    """
    same(queue_case().lines(*BREACHES), table(expected))


def test_a_cancelled_project_withdraws_its_call_and_leaves_every_queue():
    check_withdrawn()


def test_the_breach_of_a_cancelled_call_is_over_and_the_tariff_goes_to_relief():
    check_breach_of_a_cancelled_call()


def test_an_envelope_that_is_kept_lets_nobody_in():
    lines = queue_case(envelope="kept").lines(*MONEY)
    assert "2026-02-24 00:00 A cancelled" in lines
    assert lines[-1] == "2029-01-20 00:00 B lapsed"


def test_money_that_is_kept_is_sunk_and_its_part_of_the_envelope_with_it():
    """3 bn stay drawn: 5 of the 8 bn are released, B's 5 fit, and its money comes on 1 April."""
    lines = queue_case(money="kept").lines(*MONEY)
    expected = """
        2026-02-24 00:00 A cancelled 5
        2026-02-24 00:00 A call_withdrawn 5
        2026-02-24 00:00 B selected 5
        2026-02-24 00:00 B call_noticed 5
        2026-04-01 00:00 B part_drawn jbic_cash 5
        2026-04-01 00:00 B call_paid 5
    """
    same(lines[3:], table(expected))


def test_a_cancelled_project_leaves_the_desk_to_the_next():
    """One desk, 30 days a call: A holds it from 5 January, B queues; A is cancelled on the 15th."""
    tree = hazards(plants(100, A=one("2026-01-05"), B=one("2026-01-06")))
    tree["nature"]["call_desk_days"]["jbic"] = constant(30)
    tree["capacity"]["facilities"]["jbic"]["desks"] = 1
    it = run_struck(tree, cancels={"A": 10})
    same(it.when(Kind.CALL_PAID), {"B": 44 * DAY})


def test_a_commitment_waited_for_is_claimed_no_more():
    """1 bn a year of commitments: A wants 3 and waits, B its 1 behind it; A is cancelled."""
    tree = hazards(plants(100, A=one("2026-01-05", 3), B=one("2026-01-06", 1)))
    tree["capacity"]["facilities"]["jbic"]["commitments"] = {
        "currency": "usd", "first_year": 0, "per_fiscal_year": {"2026": 1}, "carry_over": False,
    }  # fmt: skip
    it = run_struck(tree, cancels={"A": 10})
    lines = it.lines(Kind.FUNDS_COMMITTED, Kind.CALL_PAID, Kind.CALL_WITHDRAWN)
    expected = """
        2026-01-15 00:00 A call_withdrawn 3
        2026-04-01 00:00 B funds_committed jbic_commitments 1
        2026-04-01 00:00 B call_paid 1
    """
    same(lines, table(expected))


def test_nothing_follows_a_cancellation_but_what_it_undoes():
    """Permits, machines and the connection would all have come later."""
    tree = machines(permitted_after(60), 40, 0.5)
    it = run_struck(tree, cancels={"A": 10})
    last = it.lines(project="A")
    cancelled = next(k for k, line in enumerate(last) if "cancelled" in line)
    after = [line for line in last[cancelled + 1 :] if "deadline" not in line]
    same(after, ["2026-01-11 00:00 money_returned jbic_cash 1"])


# -- Cancellation during building ------------------------------------------------------------------

LENDERS = {"jbic": 0.64, "nexi": 0.28, "equity": 0.08}


def three_lenders(tree: dict[str, Any]) -> dict[str, Any]:
    """Paid by three facilities instead of one."""
    jbic = tree["capacity"]["facilities"]["jbic"]
    tree["capacity"]["facilities"] = dict.fromkeys(LENDERS, jbic)
    tree["policy"]["calls"]["facility_shares"] = LENDERS
    for key in ("appraisal_days", "call_desk_days"):
        tree["nature"][key] = dict.fromkeys(LENDERS, NOTHING)
    return tree


def site_case(envelope: str = "released", money: str = "returned", **drawn: Any) -> Run:
    """Two plants of 10 bn that share a crew at half a rate; A is cancelled on day 40, a fifth done.

    One call of everything, paid at once by three lenders. The envelope holds both and 1 bn more:
    C wants 8.
    """
    tree = hazards(plants(100, A=one(bn=10), B=one(bn=10), C=one("2026-01-02", 8)))
    one_crew(tree)["capacity"]["specialists"]["pools"]["electrical"]["people_at_start"] = 1000
    tree["programme"]["envelope_usd_bn"] = 21
    three_lenders(tree)
    tree["policy"]["cancelled"] = {"envelope": envelope, "unspent_money": money}
    return run_struck(tree, cancels={"A": 40}, **drawn)


GIVEN_BACK = (Kind.CANCELLED, Kind.CALL_WITHDRAWN, Kind.MONEY_RETURNED)
RETURNED = [
    "2026-02-10 00:00 A money_returned jbic_cash 5.12",
    "2026-02-10 00:00 A money_returned nexi_cash 2.24",
    "2026-02-10 00:00 A money_returned equity_cash 0.64",
]


@pytest.mark.parametrize(
    ("envelope", "money", "released", "returned", "c_selected"),
    [
        ("released", "returned", " 8", RETURNED, True),
        ("kept", "returned", "", RETURNED, False),
        # All 10 bn are drawn and stay so: nothing is left to release.
        ("released", "kept", "", [], False),
        ("kept", "kept", "", [], False),
    ],
)
def test_unspent_money_comes_back_in_proportion_and_what_is_spent_stays(
    envelope, money, released, returned, c_selected
):
    """A fifth of 10 bn is spent: 8 bn are not, 64 %, 28 % and 8 % of them."""
    it = site_case(envelope, money)
    same(it.lines(*GIVEN_BACK), [f"2026-02-10 00:00 A cancelled{released}", *returned])
    assert ("C" in it.when(Kind.SELECTED)) == c_selected
    trace = it.left.capacity
    mine = trace.resource == it.plan.resource["envelope"]
    reserved = 20 - (8 if released else 0) + (8 if c_selected else 0)
    assert trace.in_use[mine][-1] == reserved * CENTS_PER_BN


def lent(bn: float, cancelled: float) -> tuple[list[int], list[int]]:
    """Cents paid and given back by three lenders of a plant of 100 days, cancelled on a day."""
    tree = three_lenders(hazards(plants(100, A=one(bn=bn))))
    log = run_struck(tree, cancels={"A": cancelled}).left.log
    cents = log.amount.astype(np.int64)
    return (cents[log.kind == Kind.PART_PAID].tolist(),
            cents[log.kind == Kind.MONEY_RETURNED].tolist())  # fmt: skip


def check_returned_to_the_cent() -> None:
    """Cancelled a minute after it was paid: of 1 bn and 1 cent all but 1/144,000 comes back.

    1/144,000 of 100,000,000,001 cents is 694,444 cents: 99,999,305,557 are left.
    """
    paid, back = lent(1 + 1 / CENTS_PER_BN, 1 / DAY)
    same(paid, [64_000_000_000, 28_000_000_000, 8_000_000_001])
    assert sum(back) == 99_999_305_557, f"{sum(back)} cents instead of 99999305557"


def test_money_comes_back_to_the_cent():
    check_returned_to_the_cent()


@pytest.mark.parametrize("bn", [1 + 1 / CENTS_PER_BN, 0.5 + 1 / CENTS_PER_BN, 12.345_678_901_23])
def test_each_lender_gets_back_its_part_of_what_it_paid_to_the_cent(bn):
    paid, back = lent(bn, 1 / DAY)
    exact = [sum(back) * cents / sum(paid) for cents in paid]
    assert all(abs(a - b) < 1 for a, b in zip(back, exact, strict=True)), (back, exact)


def test_no_lender_gets_back_more_than_it_has_paid():
    """Cancelled before building, nothing is spent: each gets back just what it paid."""
    tree = three_lenders(permitted_after(200))
    tree["portfolio"]["projects"]["A"]["announced_usd_bn"] = 0.5 + 1 / CENTS_PER_BN
    log = run_struck(tree, cancels={"A": 10}).left.log
    paid = log.amount[log.kind == Kind.PART_PAID].tolist()
    same(log.amount[log.kind == Kind.MONEY_RETURNED].tolist(), paid)


def check_crew_of_a_cancelled_site() -> None:
    """Two plants, one crew: at half a rate 20 days are done on day 40. Alone from that minute on, B
    needs 80 more days: day 120, not 140."""
    tree = one_crew(hazards(plants(100, A=one(), B=one())))
    it = run_struck(tree, cancels={"A": 40})
    same(it.when(Kind.BUILT), {"B": 120 * DAY})
    changes = rates(it)
    same({day: changes[day * DAY] for day in (0, 40)}, {0: 0.5, 40: 1.0})


def test_the_crew_of_a_cancelled_site_is_free_at_once():
    check_crew_of_a_cancelled_site()


def test_the_chain_of_a_cancelled_project_ends_with_its_cancellation():
    tree = one_crew(hazards(plants(100, A=one(), B=one())))
    it = run_struck(tree, cancels={"A": 40})
    same(
        chain(it),
        [("crews_short", "2026-01-01", "2026-01-21"), building("2026-01-21", "2026-02-10")],
    )


def test_a_cancelled_site_with_an_open_call_withdraws_what_is_not_drawn():
    """Half is called at 50 %, on day 50, and finds 0.2 bn of 0.5 until 1 April; cancelled on day
    60. 0.7 bn are drawn and 0.5 spent: 0.2 come back."""
    it = run_struck(hazards(halves(cash_on_1_april(plants(100, A=one()), 0.7))), cancels={"A": 60})
    expected = """
        2026-03-02 00:00 A cancelled 0.5
        2026-03-02 00:00 A call_withdrawn #1 0.3
        2026-03-02 00:00 A money_returned jbic_cash 0.2
    """
    same(it.lines(*GIVEN_BACK), table(expected))


def test_money_given_back_is_drawn_by_who_waits_for_it_in_that_minute():
    """1 bn until 1 April: A has it, B waits. A is cancelled on day 10, a tenth spent: 0.9 bn."""
    tree = cash_on_1_april(hazards(plants(100, A=one(), B=one("2026-01-02", 0.9))), 1)
    it = run_struck(tree, cancels={"A": 10})
    same(it.when(Kind.CALL_PAID), {"A": 0, "B": 10 * DAY})


CASES = {
    "before NTP": lambda: run_struck(permitted_after(30), pauses={"A": [(10, 40)]}),
    "cancelled in a permit": lambda: run_struck(permitted_after(30), cancels={"A": 20}),
    "a stop for money": lambda: stopped_at_half("money", pauses={"A": [(60, 60)]}),
    "a stop for machines": lambda: stopped_at_half("machines", pauses={"A": [(60, 60)]}),
    "cancelled in a stop": lambda: stopped_at_half("machines", cancels={"A": 60}),
    "a queue for money": queue_case,
    "envelope kept": lambda: queue_case(envelope="kept"),
    "money kept": lambda: queue_case(money="kept"),
    "a site": site_case,
}


@pytest.mark.parametrize("case", CASES)
def test_the_laws_hold_in_every_case(case):
    it = CASES[case]()
    assert not list(broken_laws(evidence_of(it.left, Yardstick(it.config), it.world)))
    for project in it.ids:
        chain(it, project)  # adds up to the row of the ledger


# -- Many projects against a recursion that shares nothing with the engine -------------------------

YEARS = range(2026, 2036)
BEFORE, BUILDING = (2.0, 1.0), (1.0, 0.5)  # pauses and cancellations a year of exposure


def many(seed: int) -> Run:
    """Some 90 projects in ten years, with permits and building of years, and shocks."""
    tree = plants(500)
    tree["pipelines"] = {"p": pipeline(arrivals_per_year=30, maximum=200)}
    gas = tree["sectors"]["gas"]
    gas["permits"]["work_months"] = {"kind": "exponential", "mean": 6}
    tree["nature"].update(
        hazards={
            phase: {"pauses_per_year": pause, "cancellations_per_year": cancel}
            for phase, (pause, cancel) in (("before_building", BEFORE), ("building", BUILDING))
        } | {"pause_months": {"kind": "exponential", "mean": 2}},
        regime={"label": "Shock", "probability_per_year": 0.4, "multiplier": 3,
                "loadings": {"gas": 0.5}},
        shocks={"mood": {"label": "Mood", "hazard_loadings": {"gas": 0.3}}},
    )  # fmt: skip
    return run(tree, seed)


def met_between(it: Run, ordinal: int, what: int, begin: int, end: int, ntp: int) -> float:
    """Hazard of pause (0) or cancellation (1) in an exposure, year by year and phase by phase."""
    total = 0.0
    first = date(2026, 1, 1)
    for year, shocked in zip(YEARS, it.world.shock_year.tolist(), strict=True):
        opens, closes = ((date(y, 1, 1) - first).days * DAY for y in (year, year + 1))
        for rates_, since, until in ((BEFORE, 0, ntp), (BUILDING, ntp, 1 << 40)):
            minutes = max(0, min(end, closes, until) - max(begin, opens, since))
            total += minutes / (365.25 * DAY) * rates_[what] * (3**0.5 if shocked else 1)
    return total * float(it.world.hazard_factor[ordinal])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_everybody_is_struck_in_the_minute_in_which_the_exposure_meets_the_threshold(seed):
    """Exposure runs from selection to the pause, from its end to the next, and so on to built."""
    it = many(seed)
    struck = {Kind.PAUSED: 0, Kind.CANCELLED: 0}
    kinds = (Kind.SELECTED, Kind.NTP_ISSUED, Kind.PAUSED, Kind.RESUMED, Kind.CANCELLED, Kind.BUILT)
    log, lives = it.left.log, {}
    for time, entity, kind in zip(
        log.time.tolist(), log.project.tolist(), log.kind.tolist(), strict=True
    ):
        if kind in kinds:
            lives.setdefault(it.left.names.projects[entity], []).append((Kind(kind), time))
    for name, life in lives.items():
        ordinal = row_of(it, name)
        when = dict(life)
        ntp = when.get(Kind.NTP_ISSUED, 1 << 40)
        cancelled = visit = 0
        since = when[Kind.SELECTED]
        ends = (Kind.PAUSED, Kind.CANCELLED, Kind.BUILT)
        for kind, time in [*life, (Kind.BUILT, it.left.end_minute)]:
            if kind == Kind.RESUMED:
                since, visit = time, visit + 1
            if kind not in ends or since < 0:
                continue
            pause = met_between(it, ordinal, 0, since, time, ntp)
            # Permits come first in their minute: what was due with NTP strikes a minute later.
            sooner = time - 1 - (time - 1 == ntp)
            last = met_between(it, ordinal, 0, since, sooner, ntp)
            cancel = cancelled + met_between(it, ordinal, 1, since, time, ntp)
            before = cancelled + met_between(it, ordinal, 1, since, sooner, ntp)
            limits = it.world.pause_threshold[ordinal, visit], it.world.cancel_threshold[ordinal]
            assert last < limits[0] + 1e-9, name
            assert before < limits[1] + 1e-9, name
            if kind == Kind.PAUSED:
                assert pause > limits[0] - 1e-9, name
            if kind == Kind.CANCELLED:
                assert cancel > limits[1] - 1e-9, name
            struck[kind] = struck.get(kind, 0) + 1
            since, cancelled = -1, cancel
    assert struck[Kind.PAUSED] > 50
    assert struck[Kind.CANCELLED] > 20


def test_without_hazards_nothing_is_paused_or_cancelled():
    it = run(plants(100, A=one()))
    assert not it.lines(Kind.PAUSED, Kind.CANCELLED)


# -- Small faults, each caught by a check above: fault, check, and words of what the check then says

FAULTS = [
    (faults.a_pause_keeps_its_crew, check_crew_of_a_paused_site, "'B'"),
    (faults.a_pause_goes_on_building, check_mid_stretch, "unit_built|resumed"),
    (faults.a_pause_does_not_hold_back_the_start, check_pause_before_ntp, "ntp_issued"),
    (faults.a_cancelled_site_keeps_its_crew, check_crew_of_a_cancelled_site, "'B'"),
    (faults.exposure_runs_on_in_a_pause, check_exposure_stands_still, "'A'"),
    (faults.exposure_begins_with_history, check_exposure_since_history, "cancelled"),
    (faults.exposure_starts_anew_with_building, check_rates_by_phase, "'A'"),
    (faults.what_is_built_can_be_cancelled, check_built_is_safe, "is missing"),
    (faults.every_year_without_shock, check_regime, "'A'"),
    (faults.loadings_multiply_the_shock, check_regime, "'A'"),
    (faults.clocks_stop_for_begun_days_only, check_clocks_stand_still, "2026-02-07 .* call_late"),
    (faults.clocks_never_stop, check_clocks_stand_still, "2026-01-26 .* call_late"),
    (faults.a_withdrawn_call_keeps_its_claim, check_withdrawn, "A part_drawn jbic_cash 3"),
    (faults.a_withdrawn_call_stays_a_breach, check_breach_of_a_cancelled_call, "breach_closed"),
    (faults.a_cent_too_much_comes_back, check_returned_to_the_cent, "99999305560 cents"),
    (faults.money_given_back_is_lost, check_withdrawn, "part_drawn"),
    (faults.all_money_comes_back, check_returned_to_the_cent, "100000000001 cents"),
    (faults.a_cancelled_project_keeps_its_envelope, check_withdrawn, "B selected|B lapsed"),
    (faults.equipment_is_ordered_in_a_pause, check_no_order_in_a_pause, "'A'"),
    (faults.what_is_nearly_built_is_cancelled, check_finished, "missing"),
]


@pytest.mark.parametrize(("fault", "check", "words"), FAULTS, ids=label)
def test_a_small_fault_is_caught(monkeypatch, fault, check, words):
    caught(monkeypatch, fault, check, words)
