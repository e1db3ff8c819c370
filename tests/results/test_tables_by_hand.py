"""Three projects whose every number is worked out in the comments; see hand_made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import nan

import numpy as np
import pytest
from support.hand_made import HAND_NAMES, hand_config, hand_replication, with_log
from support.made_logs import BN, DAY, Diary, floats, ints, make_config
from support.one_life import NAMES, short_of_crews

from sim.events import LEDGER_CAUSES, WAITS, Kind
from sim.events.schemas import STATUSES, TABLES
from sim.results import Horizon, Tables, some_tables, tabulate
from sim.results.ledger.charging import charge
from sim.results.tables.batch import Batch
from sim.results.tables.delays import delays_table

BETA, ALPHA, GAMMA = 0, 1, 2  # rows: attributes are in ordinal order


@pytest.fixture(scope="module")
def tables() -> Tables:
    return tabulate(hand_replication(), hand_config())


def dates(column, row):
    return str(column[row].astype("datetime64[m]"))


def test_every_table_has_the_columns_of_its_schema(tables):
    for table, columns in TABLES.items():
        made = getattr(tables, table)
        assert list(made) == [name for name, _ in columns], table
        assert len({len(column) for column in made.values()}) == 1, table


def test_the_month_grid_runs_from_the_start_to_the_run_out():
    horizon = Horizon(hand_config())
    assert [str(month)[:10] for month in horizon.month] == [
        f"2026-0{month}-01" for month in range(1, 9)
    ]
    assert horizon.month_begin[0] == 0
    assert horizon.month_end[0] == 31 * DAY  # 00:00 of 1 February
    assert horizon.month_end[-1] == horizon.end == (31 + 28 + 31 + 30 + 31 + 30 + 31 + 31) * DAY
    assert horizon.deadline == 90 * DAY  # close of 31 March
    assert horizon.programme_end == 181 * DAY  # close of 30 June


def test_a_grid_that_starts_and_ends_within_a_month_has_short_first_and_last_months():
    config = make_config(
        date(2026, 1, 21), date(2026, 2, 1), date(2026, 2, 2), date(2026, 3, 10), date(2026, 2, 1)
    )
    horizon = Horizon(config)
    assert [str(month)[:10] for month in horizon.month] == [
        "2026-01-01",
        "2026-02-01",
        "2026-03-01",
    ]
    assert (horizon.month_end - horizon.month_begin).tolist() == [11 * DAY, 28 * DAY, 10 * DAY]


def test_amounts_of_the_timeline_are_those_at_month_ends(tables):
    timeline = tables.timeline
    # January: gamma 2 (2 Jan) and alpha 4 (6 Jan); February: beta 2.
    assert timeline["proposed_usd_bn"].tolist() == [6, 8, 8, 8, 8, 8, 8, 8]
    # gamma on 12 Jan, alpha on 31 Jan 12:00, beta in the last minute of 31 March.
    assert timeline["selected_usd_bn"].tolist() == [6, 6, 8, 8, 8, 8, 8, 8]
    # beta is declined on 6 May.
    assert timeline["committed_usd_bn"].tolist() == [6, 6, 8, 8, 6, 6, 6, 6]
    # gamma 2 and alpha 1 in January, beta 0.5 on 31 March, alpha 3 at NTP on 1 April.
    assert timeline["called_usd_bn"].tolist() == [3, 3, 3.5, 6.5, 6.5, 6.5, 6.5, 6.5]
    # gamma 2 on 10 Feb; alpha 0.6 on 31 March, 0.4 on 1 April, 3 on 1 June.
    assert timeline["paid_usd_bn"].tolist() == [0, 2, 2.6, 3, 3, 6, 6, 6]
    # NTP: alpha 4 on 1 April, gamma 2 on 22 May; alpha's units of 2 on 1 July and 30 August.
    assert timeline["under_construction_usd_bn"].tolist() == [0, 0, 0, 4, 6, 6, 4, 2]
    assert timeline["completed_usd_bn"].tolist() == [0, 0, 0, 0, 0, 0, 2, 4]
    assert timeline["selected_count"].tolist() == [2, 2, 3, 3, 3, 3, 3, 3]
    assert timeline["completed_count"].tolist() == [0, 0, 0, 0, 0, 0, 0, 1]


def test_spending_follows_the_sites_at_every_month_end(tables):
    # alpha (4 bn): 0 -> 0.25 in April; off in May; from 1 June 0.25 -> 1 in 60 days of work, of
    # which 30 in June, 15.5 in July (half rate), 14.5 in August.
    # gamma (2 bn): 0 -> 0.5 in the 102 days from 22 May: 10 in May, 40 by the end of June, 71.
    alpha = [0, 0, 0, 1, 1, 4 * (0.25 + 0.75 * 30 / 60), 4 * (0.25 + 0.75 * 45.5 / 60), 4]
    gamma = [0, 0, 0, 0, 10 / 102, 40 / 102, 71 / 102, 1]
    expected = [a + g for a, g in zip(alpha, gamma, strict=True)]
    assert tables.timeline["spent_usd_bn"] == pytest.approx(expected, rel=1e-12)
    assert tables.projects["spent_usd_bn"].tolist() == [0, 4, 1]


def test_tariffs_are_raised_to_the_route_s_rate_and_never_lowered(tables):
    # Raised 16 May to 15 June, so at the end of May only. general: 0.15, raised 0.25.
    # autos: 0.275 until 1 March, then 0.15; the route's 0.10 is below it.
    assert tables.timeline["tariff_general"].tolist() == [0.15] * 4 + [0.25] + [0.15] * 3
    assert tables.timeline["tariff_autos"].tolist() == [0.275, 0.275] + [0.15] * 6
    # beta's breach from 6 May to 5 June, alpha's from 11 May to 1 June.
    assert tables.timeline["open_breaches"].tolist() == [0, 0, 0, 0, 2, 0, 0, 0]


def test_specialists_are_month_means_and_the_gap_is_that_of_the_month_end(tables):
    # D is 40 in April, 0 from 1 May, 20 from 22 May (10 of May's 31 days).
    wanted = [0, 0, 0, 40, 20 * 10 / 31, 20, 20, 20]
    assert tables.timeline["specialists_wanted"] == pytest.approx(wanted, rel=1e-12)
    granted = [0, 0, 0, 30, 5 * 10 / 31, 5, 5, 5]
    assert tables.timeline["specialists_granted"] == pytest.approx(granted, rel=1e-12)
    # O + D - S: 100 + 40 - 100 at the end of April, 100 + 20 - 90 after 22 May. The pool without
    # limit (S and O infinite) adds nothing.
    gap = [0, 0, 0, 40, 30, 30, 30, 30]
    assert tables.timeline["specialists_gap_people"].tolist() == gap


def test_milestones_are_the_dates_of_the_log(tables):
    projects = tables.projects
    assert dates(projects["proposed"], ALPHA) == "2026-01-06T00:00"
    assert dates(projects["selected"], BETA) == "2026-03-31T23:59"
    assert dates(projects["first_call_noticed"], ALPHA) == "2026-01-31T12:00"
    assert dates(projects["first_call_paid"], ALPHA) == "2026-04-01T00:00"  # not the second, June
    assert dates(projects["permits_granted"], GAMMA) == "2026-05-22T00:00"  # after litigation
    assert dates(projects["building_began"], ALPHA) == "2026-04-01T00:00"  # not again in June
    assert dates(projects["first_unit_built"], ALPHA) == "2026-07-01T00:00"
    assert dates(projects["operating"], ALPHA) == "2026-08-30T00:00"
    assert dates(projects["declined"], BETA) == "2026-05-06T00:00"
    assert np.isnat(projects["operating"][[BETA, GAMMA]]).all()
    assert np.isnat(projects["docketed"][GAMMA])  # recorded history skips it


def test_projects_say_what_they_are_at_the_end(tables):
    projects = tables.projects
    assert projects["project"].tolist() == [2, 0, 3]
    assert [STATUSES[code] for code in projects["status"]] == ["declined", "operating", "building"]
    assert projects["censored"].tolist() == [False, False, True]
    assert projects["final_cost_usd_bn"].tolist() == [2, 6, 3]  # 5 x 1.2, 2 x 1.5
    assert projects["called_usd_bn"].tolist() == [0.5, 4, 2]
    assert projects["paid_usd_bn"].tolist() == [0, 4, 2]
    assert projects["completed_usd_bn"].tolist() == [0, 4, 0]
    assert projects["revisions"].tolist() == [1, 0, 0]
    assert projects["litigation_rounds"].tolist() == [0, 0, 1]
    assert projects["late_calls"].tolist() == [0, 1, 0]
    assert projects["missed_calls"].tolist() == [0, 1, 0]
    assert projects["build_days_planned"].tolist() == [100, 120, 204]


def test_days_between_milestones_are_empty_where_one_is_missing(tables):
    # alpha: selected 31 Jan 12:00, NTP 1 April: 59.5 days. gamma: 12 Jan to 22 May: 130.
    np.testing.assert_array_equal(tables.projects["days_selection_to_ntp"], [nan, 59.5, 130])
    # alpha: 6 Jan to 30 Aug: day 5 to day 241.
    np.testing.assert_array_equal(tables.projects["days_proposal_to_operation"], [nan, 236, nan])


def test_waits_add_up_by_cause_and_an_open_one_runs_to_the_end(tables):
    projects = tables.projects
    assert projects["waited_team_queue_days"].tolist() == [0, 2, 0]
    assert projects["waited_funding_money_days"].tolist() == [0, 1, 0]
    assert projects["waited_cash_starved_days"].tolist() == [0, 31, 0]
    assert projects["waited_permits_days"].tolist() == [0, 0, 130]
    # beta: 31 March 23:59 to 6 May.
    assert projects["waited_consultation_days"].tolist() == [35 + 1 / 1440, 0, 0]
    # gamma, open since 22 August: ten days to the end of the 31st.
    assert projects["waited_funding_window_days"].tolist() == [0, 0, 10]
    total = sum(projects[f"waited_{cause.name.lower()}_days"].sum() for cause in WAITS)
    assert total == pytest.approx(2 + 1 + 31 + 130 + 35 + 1 / 1440 + 10)


def test_delays_are_the_ledger_s_days_and_add_up_to_the_life_of_a_project(tables):
    projects = tables.projects
    # alpha: 6 January to 30 August; what May cost without cash; 100 of its 120 days are nominal.
    assert projects["delay_cash_starved_days"].tolist() == [0, 31, 0]
    # gamma, not finished, is charged like the finished: half of 224 nominal days took it 102.
    assert projects["delay_nominal_building_days"].tolist() == [0, 100, 112]
    assert projects["delay_overrun_days"].tolist() == [0, 20, -10]
    assert projects["hidden_appraisal_days"].tolist() == [0, 10, 0]
    total = sum(projects[f"delay_{cause}_days"] for cause in LEDGER_CAUSES)
    # beta to 6 May, gamma censored at the end of August.
    assert total.tolist() == pytest.approx([125 - 31, 236, 242])


def test_the_delays_table_lists_what_is_not_zero_and_the_pool_behind_a_shortage():
    made = short_of_crews((0, 1)).replication()
    columns = delays_table(Batch([made]), charge(made))
    assert list(columns) == [name for name, _ in TABLES["delays"]]
    rows = zip(*(columns[name].tolist() for name in ("cause", "resource", "days", "hidden_days")),
               strict=True)  # fmt: skip
    names = (*NAMES.resources, None)
    found = [(LEDGER_CAUSES[c], names[r], round(d, 6), round(h, 6)) for c, r, d, h in rows]
    assert ("crews_short", "specialists_electrical", 30, 0) in found
    assert ("crews_short", "specialists_civil", 30, 0) in found
    assert ("overrun", None, -10, 0) in found
    assert ("selection_wait", None, 0, 3) in found  # hidden only
    assert sum(days for _, _, days, _ in found) == 204
    assert all(
        any(of)
        for of in zip(*(columns[f"{kind}days"] for kind in ("", "hidden_", "drag_")), strict=True)
    )


def test_a_shortage_no_pool_explains_has_no_resource():
    made = short_of_crews((-1, -1)).replication()
    columns = delays_table(Batch([made]), charge(made))
    short = columns["cause"] == LEDGER_CAUSES.index("crews_short")
    assert columns["resource"][short].tolist() == [-1]
    assert columns["days"][short].tolist() == [60]


def test_capacity_rows_are_exact_means_of_the_steps(tables):
    capacity = tables.capacity
    assert capacity["resource"].tolist() == list(range(7)) * 8
    assert str(capacity["month"][7])[:10] == "2026-02-01"

    def of(name, resource):
        return capacity[name][resource::7]

    # Team: busy 6 to 11 January (5 of 31 days), one waiting from the 6th to the 8th.
    assert of("in_use", 0)[0] == pytest.approx(5 / 31)
    assert of("waiting_mean", 0)[0] == pytest.approx(2 / 31)
    assert of("waiting_max", 0).tolist() == [1, 0, 0, 0, 0, 0, 0, 0]
    assert of("share_of_time_at_limit", 0)[0] == pytest.approx(5 / 31)
    assert of("waiting_usd_bn", 0)[0] == pytest.approx(4 * 2 / 31)
    assert of("capacity", 0).tolist() == [1, 1, 1, 1, 1, 1, 2, 2]  # two from 1 July on
    # Desks: unlimited, never at their limit.
    assert np.isinf(of("capacity", 1)).all()
    assert not of("share_of_time_at_limit", 1).any()
    # Cash in USD bn: 2 used from 10 February (19 of 28 days), 2.6 on 31 March only.
    assert of("in_use", 3)[1] == pytest.approx(2 * 19 / 28)
    assert of("in_use", 3)[2] == pytest.approx((2 * 30 + 2.6) / 31)
    assert of("share_of_time_at_limit", 3)[2] == pytest.approx(1 / 31)
    assert of("capacity", 3) == pytest.approx([2.6] * 3 + [5] * 5)
    # A pool with nothing to give and nobody asking is not at its limit.
    assert not of("share_of_time_at_limit", 5).any()


def test_the_capacity_trace_is_every_step_with_money_in_usd_bn(tables):
    trace = tables.capacity_trace
    assert len(trace["time"]) == 14
    assert trace["capacity"][-1] == 5
    assert trace["waiting_usd_bn"][-2] == pytest.approx(0.4)
    assert str(trace["date"][-1])[:10] == "2026-04-01"


def test_the_capacity_trace_is_made_for_the_first_twenty_replications():
    both = [replace(hand_replication(), replication=number) for number in (19, 20)]
    trace = some_tables(both, Horizon(hand_config()), ("capacity_trace",))["capacity_trace"]
    assert trace["replication"].tolist() == [19] * 14
    assert not len(tabulate(both[1], hand_config()).capacity_trace["time"])


def test_amounts_of_events_are_in_usd_and_codes_below_zero_mean_none(tables):
    events = tables.events
    selected = events["amount"][events["event"] == Kind.SELECTED]
    assert selected.tolist() == [2e9, 4e9, 2e9]
    changes = events["event"] == Kind.CAPACITY_CHANGED
    assert events["amount"][changes].tolist() == [5e9, 2]  # cash in USD, teams in teams
    assert set(events["project"][changes].tolist()) == {-1}
    began = events["event"] == Kind.BUILDING_BEGAN
    assert events["amount"][began].tolist() == [0.0, 0.0, 0.25]  # shares stay as they are
    recorded = events["cause"][(events["event"] == Kind.PROPOSED) & (events["project"] == 3)]
    assert recorded.tolist() == [0]  # the first value of the dictionary, which has no "none"
    assert events["seq"].tolist() == list(range(len(events["seq"])))


def test_the_first_call_is_slice_zero_whichever_is_paid_first():
    diary = Diary(HAND_NAMES, date(2026, 1, 1))
    for part, when in ((1, "2026-02-01"), (0, "2026-02-03")):
        diary.note(when, "alpha", Kind.CALL_NOTICED, Kind.CALL_PAID, part=part, amount=BN)
    projects = tabulate(with_log(hand_replication(), diary.log()), hand_config()).projects
    assert dates(projects["first_call_noticed"], ALPHA) == "2026-02-03T00:00"
    assert dates(projects["first_call_paid"], ALPHA) == "2026-02-03T00:00"


@pytest.mark.parametrize(
    ("capacity", "in_use", "waiting", "share"),
    [
        (5.0, 5.0, 0.0, 1.0),  # all in use, nobody waits
        (5.0, 3.0, 1.0, 1.0),  # money is left, and too little for the one in front
        (5.0, 3.0, 0.0, 0.0),
        (0.0, 0.0, 1.0, 1.0),  # nothing to give, somebody waits
        (0.0, 0.0, 0.0, 0.0),
        (np.inf, 9.0, 2.0, 0.0),  # without a limit there is none to be at
    ],
)
def test_at_the_limit_is_finite_and_either_queueing_or_all_in_use(capacity, in_use, waiting, share):
    made = hand_replication()
    n = len(HAND_NAMES.resources)
    values = {
        "resource": ints(list(range(n))),
        "time": ints([0] * n),
        "capacity": floats([capacity] * n),
        "in_use": floats([in_use] * n),
        "waiting": floats([waiting] * n),
        "waiting_cents": floats([0] * n),
    }
    steady = replace(made, capacity=replace(made.capacity, **values))
    found = tabulate(steady, hand_config()).capacity["share_of_time_at_limit"]
    assert found.tolist() == [share] * n * 8
