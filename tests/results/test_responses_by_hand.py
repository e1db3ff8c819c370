"""Responses of the three hand-made projects, and the edges of what a replication may be."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from math import isnan
from pathlib import Path

import numpy as np
import pytest
from support.hand_made import HAND_NAMES, hand_config, hand_replication, with_log
from support.made_logs import BN, Diary, floats, ints, make_config

from sim.errors import ModelError
from sim.events import LEDGER_GROUPS, RESPONSES, Kind, responses
from sim.events.schemas import STATUSES, TABLES
from sim.results import Horizon, Tables, tabulate
from sim.results.tables.responses import MEASURES, measure

BETA, ALPHA, GAMMA = 0, 1, 2  # rows: attributes are in ordinal order


# Empty here: the config by hand has no finance section.
OF_MONEY = {name for name, row in RESPONSES.items() if row.measure == "money"}
OF_DUTIES = {name for name, row in RESPONSES.items() if row.measure == "duties_between"}


@pytest.fixture(scope="module")
def tables() -> Tables:
    return tabulate(hand_replication(), hand_config())


def test_responses_are_read_at_the_close_of_their_dates(tables):
    found = {
        name: value for name, value in tables.responses.items() if name not in OF_MONEY | OF_DUTIES
    }
    assert found == pytest.approx(
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
            "late_share_of_first_calls": 0,
            "late_share_of_later_calls": 1,
            "missed_share_of_first_calls": 0,
            "missed_share_of_later_calls": 1,
            "declined_count": 1,
            # Over beta's decline from 16 May to 15 June, over alpha's call from 21 May to 1 June.
            "tariff_raised_days": 30,
            "tariff_raised_days_call_missed": 11,
            "tariff_raised_days_declined": 30,
            "tariff_raised_days_review_failed": 0,
            "tariff_raised_by_deadline": 0,
            "tariff_raised_by_2029_end": 1,
            "tariff_raised_by_end": 1,
            "japanese_turned_by_end": 0,
            "americans_turned_by_end": 0,
            "breaches_threatened": 2,
            # 1 May, 00:00, once that minute's steps are done: 100 + 0 - 90.
            "specialist_gap_people_on_gap_date": 10,
            # 40 x 30 + 20 x 102 people-days wanted, 10 x 30 + 15 x 102 of them not granted.
            "specialists_unfilled_share_mean": (300 + 1530) / (1200 + 2040),
            "projects_per_round": 1,
            "cancelled_count": 0,
            "paused_count": 0,
            "returned_usd_bn_by_end": 0,
            "topup_usd_bn_by_end": 0,
            "built_not_energised_usd_bn_at_2029_end": 0,
            # beta 25 days in review; alpha 2 in the queue and 3 in review.
            "delay_review_days_mean": (25 + 5) / 3,
            # beta's consultation; alpha's desk, two fiscal years' money, and May without cash.
            "delay_appraisal_and_funding_days_mean": (35 + 1 / 1440 + 2.5 + 57 + 31) / 3,
            "delay_development_days_mean": 0,
            "delay_permits_days_mean": 130 / 3,  # gamma
            "delay_equipment_days_mean": 0,
            "delay_crews_days_mean": 0,
            # alpha builds 120 days; gamma was at half of its 204 days after 102.
            "delay_building_days_mean": (120 + 102) / 3,
            "delay_power_days_mean": 0,
            "delay_paused_days_mean": 0,
            # beta from the docket to selection, alpha from the docket on, gamma's first ten days:
            # no wait was written down for them.
            "delay_recorded_days_mean": (34 - 1 / 1440 + 20.5 + 10) / 3,
        }
    )


def test_the_responses_are_in_the_order_of_the_outcomes_table(tables):
    assert ["replication", *RESPONSES] == [name for name, _ in TABLES["outcomes"]]
    assert tuple(RESPONSES) == tuple(tables.responses)


def test_every_response_has_a_measure_and_every_measure_a_response():
    assert {row.measure for row in RESPONSES.values()} == set(MEASURES)
    assert all(row.unit and row.words and row.meaning for row in RESPONSES.values())


def test_no_response_and_no_measure_is_there_twice():
    names = re.findall(r'Response\("(\w+)"', Path(responses.__file__).read_text("utf-8"))
    assert len(names) == len(set(names)) > 30
    with pytest.raises(ValueError, match="measure: there is a unfilled_share already; accepted"):
        measure(MEASURES["unfilled_share"])


def test_a_replication_in_which_nothing_happens_has_zeros_and_empty_medians():
    made = hand_replication()
    nothing = ints([])
    empty = replace(
        made,
        log=Diary(HAND_NAMES, date(2026, 1, 1)).log(),
        sites=replace(
            made.sites,
            **{name: nothing for name in ("project", "group", "start", "end", "clock_group")},
            **{name: nothing for name in ("clock_time", "clock_limit")},
            **{name: floats([]) for name in ("start_progress", "end_progress", "clock_work")},
            **{name: floats([]) for name in ("start_work", "end_work")},
            unit=nothing,
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
        "late_share_of_first_calls",
        "late_share_of_later_calls",
        "missed_share_of_first_calls",
        "missed_share_of_later_calls",
        "days_selection_to_ntp_p50",
        "days_proposal_to_operation_p50",
        "specialists_unfilled_share_mean",
        "projects_per_round",
        *(f"delay_{group}_days_mean" for group in LEDGER_GROUPS),
        *OF_MONEY,
        *OF_DUTIES,
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
    assert horizon.route_rates[0, 0] == 0.25


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


def test_the_gap_on_the_gap_date_counts_market_pools_only():
    """The dedicated pool lacks 7 people; the timeline, over all pools, shows them too."""
    made = hand_replication()
    market = replace(
        made.market,
        pool=ints([0, 1]),
        time=ints([0, 0]),
        people=floats([100, 10]),
        other_demand=floats([90, 0]),
        wanted=floats([30, 17]),
        granted=floats([10, 10]),
    )
    tables = tabulate(replace(made, market=market), hand_config())
    assert tables.responses["specialist_gap_people_on_gap_date"] == 20
    assert tables.timeline["specialists_gap_people"].tolist() == [27] * 8
