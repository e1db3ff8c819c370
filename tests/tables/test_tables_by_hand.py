"""Three projects whose every number is worked out in the comments; see made_replications."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import isnan, nan

import numpy as np
import pytest
from made_replications import (
    BN,
    DAY,
    HAND_NAMES,
    Diary,
    floats,
    hand_config,
    hand_replication,
    ints,
    make_config,
    with_log,
)

from sim.errors import ModelError
from sim.events import Kind
from sim.events.schemas import OUTCOMES, STATUSES, TABLES, WAITS
from sim.tables import RESPONSES, Horizon, Tables, tabulate

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


def test_the_capacity_trace_is_made_for_the_first_twenty_replications_unless_asked():
    nineteenth, twentieth = (replace(hand_replication(), replication=n) for n in (19, 20))
    assert tabulate(nineteenth, hand_config()).capacity_trace is not None
    assert tabulate(twentieth, hand_config()).capacity_trace is None
    assert tabulate(twentieth, hand_config(), capacity_trace=True).capacity_trace is not None


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


def test_responses_are_read_at_the_close_of_their_dates(tables):
    assert tables.responses == pytest.approx(
        {
            "selected_count": 3,
            # Selected at 23:59 of the deadline counts.
            "committed_usd_bn_by_deadline": 8,
            "committed_usd_bn_by_2029_end": 6,
            "committed_usd_bn_by_end": 6,
            "called_usd_bn_by_deadline": 3.5,
            "called_usd_bn_by_2029_end": 6.5,
            "called_usd_bn_by_end": 6.5,
            # What is drawn at 00:00 of 1 April is not.
            "paid_usd_bn_by_deadline": 2.6,
            "paid_usd_bn_by_2029_end": 6,
            "paid_usd_bn_by_end": 6,
            "spent_usd_bn_by_deadline": 0,
            "spent_usd_bn_by_2029_end": 2.5 + 40 / 102,
            "spent_usd_bn_by_end": 5,
            "under_construction_usd_bn_at_deadline": 0,
            "completed_usd_bn_by_deadline": 0,
            "completed_usd_bn_by_2029_end": 0,  # the first unit is of 1 July, 00:00
            "completed_usd_bn_by_end": 4,
            "completed_count_by_deadline": 0,
            "completed_count_by_2029_end": 0,
            "completed_count_by_end": 1,
            "committed_share_of_envelope": 0.8,
            "paid_share_of_envelope": 0.26,
            # beta is censored at 35.0 days; alpha at 59.5 and gamma at 130: 1 - 1/2 = 1/2.
            "days_selection_to_ntp_p50": 59.5,
            # beta censored at 94 days, alpha at 236, gamma censored at 242: 1 - 1/2 = 1/2.
            "days_proposal_to_operation_p50": 236,
            "late_calls": 1,
            "missed_calls": 1,
            "declined_count": 1,
            "tariff_raised_days": 30,
            # 1 May, 00:00, once that minute's steps are done: 100 + 0 - 90.
            "specialist_gap_people_on_gap_date": 10,
            # 40 x 30 + 20 x 102 people-days wanted, 10 x 30 + 15 x 102 of them not granted.
            "specialists_unfilled_share_mean": (300 + 1530) / (1200 + 2040),
        }
    )


def test_the_responses_are_in_the_order_of_the_outcomes_table(tables):
    assert tuple(RESPONSES) == OUTCOMES == tuple(tables.responses)
    assert all(response.unit and response.description for response in RESPONSES.values())


def test_a_replication_in_which_nothing_happens_has_zeros_and_empty_medians():
    made = hand_replication()
    nothing = ints([])
    empty = replace(
        made,
        log=Diary(HAND_NAMES, date(2026, 1, 1)).log(),
        sites=replace(
            made.sites,
            **{name: nothing for name in ("project", "group", "start", "end", "clock_group")},
            **{name: nothing for name in ("clock_time",)},
            **{name: floats([]) for name in ("start_progress", "end_progress", "clock_work")},
        ),
        market=replace(
            made.market,
            pool=ints([0, 1]),
            time=ints([0, 0]),
            **{name: floats([0, 0]) for name in ("people", "other_demand", "wanted", "granted")},
        ),
    )
    tables = tabulate(empty, hand_config())
    empty_ones = {name for name, value in tables.responses.items() if isnan(value)}
    assert empty_ones == {
        "days_selection_to_ntp_p50",
        "days_proposal_to_operation_p50",
        "specialists_unfilled_share_mean",
    }
    assert not any(value for value in tables.responses.values() if not isnan(value))
    assert [STATUSES[code] for code in tables.projects["status"]] == ["not_proposed"] * 3
    assert not tables.projects["censored"].any()


def test_shares_of_an_envelope_of_zero_and_a_gap_date_after_the_end_are_empty():
    config = make_config(
        date(2026, 1, 1), date(2026, 3, 31), date(2026, 6, 30), date(2026, 8, 31),
        gap_date=date(2026, 9, 1), envelope=0.0,
    )  # fmt: skip
    found = tabulate(hand_replication(), config).responses
    assert isnan(found["committed_share_of_envelope"])
    assert isnan(found["paid_share_of_envelope"])
    assert isnan(found["specialist_gap_people_on_gap_date"])


def test_what_is_stamped_at_the_end_minute_is_after_the_end():
    made = hand_replication()
    diary = Diary(HAND_NAMES, date(2026, 1, 1))
    diary.note("2026-08-31T23:59", "alpha", Kind.PROPOSED, amount=BN)
    diary.note("2026-09-01", "beta", Kind.PROPOSED, amount=BN)
    tables = tabulate(with_log(made, diary.log()), hand_config())
    assert tables.timeline["proposed_usd_bn"][-1] == 1
    assert tables.projects["proposed"][ALPHA] == np.datetime64("2026-08-31T23:59")
    assert np.isnat(tables.projects["proposed"][BETA])
    assert len(tables.events["seq"]) == 2  # the log itself is kept whole


def test_a_tariff_class_the_config_does_not_list_is_empty():
    config = hand_config()
    enforcement = config.policy.enforcement
    general_only = enforcement.model_copy(
        update={"baseline": {"general": enforcement.baseline["general"]}}
    )
    policy = config.policy.model_copy(update={"enforcement": general_only})
    horizon = Horizon(config.model_copy(update={"policy": policy}))
    assert np.isnan(horizon.tariff_baseline[1]).all()
    assert np.isnan(horizon.tariff_raised[1]).all()


def test_a_replication_that_ran_to_another_end_is_refused():
    wrong = replace(hand_replication(), end_minute=1)
    with pytest.raises(ModelError, match=r"replication 3 ran to minute 1; .* closes at 349920"):
        tabulate(wrong, hand_config())


def test_an_event_of_a_project_that_is_not_present_is_refused():
    diary = Diary(HAND_NAMES, date(2026, 1, 1))
    diary.note("2026-02-01", "absent", Kind.PROPOSED, amount=BN)
    with pytest.raises(ModelError, match="replication 3: project 'absent' is in the log"):
        tabulate(with_log(hand_replication(), diary.log()), hand_config())


def test_a_log_that_goes_back_in_time_is_refused():
    log = hand_replication().log
    time = log.time.copy()
    time[5] = time[-1]
    with pytest.raises(ModelError, match="replication 3: time goes back in the event log"):
        tabulate(with_log(hand_replication(), replace(log, time=time)), hand_config())
