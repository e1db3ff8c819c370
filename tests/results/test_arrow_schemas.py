"""The run folder's columns and types, spelled out: readers rely on them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hand_made import HAND_NAMES, hand_config, hand_replication

from sim.events import CAUSES, KINDS, Cause, Kind
from sim.events.schemas import (
    DICTIONARIES,
    STATUSES,
    TABLES,
    WAITS,
    arrow_schema,
    dictionary_values,
)
from sim.results import arrow_tables, tabulate, to_arrow

INT16 = "dictionary<values=string, indices=int16, ordered=0>"
INT32 = "dictionary<values=string, indices=int32, ordered=0>"
WHEN = "timestamp[ms]"

CAUSES_OF_DELAY = (
    "reviewing", "team_queue", "cc_wait", "ic_wait", "selection_wait", "appraisal", "consultation",
    "funding_window", "funding_desk", "funding_money", "permit_work", "permit_queue", "litigation",
    "equipment", "crews_waited", "crews_short", "nominal_building", "overrun", "cash_starved",
    "power", "paused", "recorded",
)  # fmt: skip

SPELLED_OUT = {
    "events": {
        "replication": "int32",
        "seq": "int32",
        "time": "int64",
        "date": WHEN,
        "project": INT32,
        "event": INT16,
        "resource": INT16,
        "cause": INT16,
        "part": "int16",
        "amount": "double",
    },
    "projects": {
        "replication": "int32",
        "project": INT32,
        "sector": INT16,
        "named": "bool",
        "units": "int32",
        "cost_usd_bn": "double",
        "commitment_usd_bn": "double",
        "selected_usd_bn": "double",
        "cost_ratio": "double",
        "final_cost_usd_bn": "double",
        "japanese_content_share": "double",
        "prospects_share": "double",
        "specialists": "double",
        "build_days_planned": "double",
        "status": INT16,
        "censored": "bool",
        "proposed": WHEN,
        "docketed": WHEN,
        "endorsed": WHEN,
        "recommended": WHEN,
        "selected": WHEN,
        "funding_decided": WHEN,
        "first_call_noticed": WHEN,
        "first_call_paid": WHEN,
        "permits_granted": WHEN,
        "ntp": WHEN,
        "building_began": WHEN,
        "first_unit_built": WHEN,
        "built": WHEN,
        "first_unit_energised": WHEN,
        "operating": WHEN,
        "rejected": WHEN,
        "declined": WHEN,
        "lapsed": WHEN,
        "cancelled": WHEN,
        "called_usd_bn": "double",
        "paid_usd_bn": "double",
        "topup_usd_bn": "double",
        "spent_usd_bn": "double",
        "completed_usd_bn": "double",
        "released_usd_bn": "double",
        "returned_usd_bn": "double",
        "withdrawn_usd_bn": "double",
        "revisions": "int32",
        "litigation_rounds": "int32",
        "late_calls": "int32",
        "missed_calls": "int32",
        "pauses": "int32",
        "days_proposal_to_selection": "double",
        "days_selection_to_first_call_paid": "double",
        "days_selection_to_permits": "double",
        "days_selection_to_ntp": "double",
        "days_ntp_to_operation": "double",
        "days_selection_to_operation": "double",
        "days_proposal_to_operation": "double",
        "waited_team_queue_days": "double",
        "waited_cc_wait_days": "double",
        "waited_ic_wait_days": "double",
        "waited_selection_wait_days": "double",
        "waited_appraisal_queue_days": "double",
        "waited_appraisal_days": "double",
        "waited_consultation_days": "double",
        "waited_funding_desk_days": "double",
        "waited_funding_window_days": "double",
        "waited_funding_commitment_days": "double",
        "waited_funding_money_days": "double",
        "waited_permit_queue_days": "double",
        "waited_cash_starved_days": "double",
        "waited_first_call_days": "double",
        "waited_permits_days": "double",
        "waited_history_days": "double",
        "waited_equipment_slot_days": "double",
        "waited_equipment_days": "double",
        "waited_grid_connection_days": "double",
        "waited_power_days": "double",
        "waited_crews_waited_days": "double",
        "waited_paused_days": "double",
        **{f"delay_{cause}_days": "double" for cause in CAUSES_OF_DELAY},
        **{f"hidden_{cause}_days": "double" for cause in CAUSES_OF_DELAY},
    },
    "timeline": {
        "replication": "int32",
        "month": WHEN,
        "proposed_usd_bn": "double",
        "selected_usd_bn": "double",
        "committed_usd_bn": "double",
        "called_usd_bn": "double",
        "paid_usd_bn": "double",
        "spent_usd_bn": "double",
        "under_construction_usd_bn": "double",
        "completed_usd_bn": "double",
        "selected_count": "int32",
        "completed_count": "int32",
        "open_breaches": "int32",
        "tariff_general": "double",
        "tariff_autos": "double",
        "specialists_wanted": "double",
        "specialists_granted": "double",
        "specialists_gap_people": "double",
    },
    "capacity": {
        "replication": "int32",
        "month": WHEN,
        "resource": INT16,
        "unit": INT16,
        "capacity": "double",
        "in_use": "double",
        "waiting_mean": "double",
        "waiting_max": "double",
        "share_of_time_at_limit": "double",
        "waiting_usd_bn": "double",
    },
    "capacity_trace": {
        "replication": "int32",
        "time": "int64",
        "date": WHEN,
        "resource": INT16,
        "unit": INT16,
        "capacity": "double",
        "in_use": "double",
        "waiting": "double",
        "waiting_usd_bn": "double",
    },
    "outcomes": {
        "replication": "int32",
        "selected_count": "double",
        "committed_usd_bn_by_deadline": "double",
        "committed_usd_bn_by_2029_end": "double",
        "committed_usd_bn_by_end": "double",
        "called_usd_bn_by_deadline": "double",
        "called_usd_bn_by_2029_end": "double",
        "called_usd_bn_by_end": "double",
        "paid_usd_bn_by_deadline": "double",
        "paid_usd_bn_by_2029_end": "double",
        "paid_usd_bn_by_end": "double",
        "spent_usd_bn_by_deadline": "double",
        "spent_usd_bn_by_2029_end": "double",
        "spent_usd_bn_by_end": "double",
        "under_construction_usd_bn_at_deadline": "double",
        "completed_usd_bn_by_deadline": "double",
        "completed_usd_bn_by_2029_end": "double",
        "completed_usd_bn_by_end": "double",
        "completed_count_by_deadline": "double",
        "completed_count_by_2029_end": "double",
        "completed_count_by_end": "double",
        "committed_share_of_envelope": "double",
        "paid_share_of_envelope": "double",
        "days_selection_to_ntp_p50": "double",
        "days_proposal_to_operation_p50": "double",
        "late_calls": "double",
        "missed_calls": "double",
        "declined_count": "double",
        "tariff_raised_days": "double",
        "specialist_gap_people_on_gap_date": "double",
        "specialists_unfilled_share_mean": "double",
        "cancelled_count": "double",
        "paused_count": "double",
        "returned_usd_bn_by_end": "double",
        "topup_usd_bn_by_end": "double",
        "built_not_energised_usd_bn_at_2029_end": "double",
        "delay_review_days_mean": "double",
        "delay_appraisal_and_funding_days_mean": "double",
        "delay_permits_days_mean": "double",
        "delay_equipment_days_mean": "double",
        "delay_crews_days_mean": "double",
        "delay_building_days_mean": "double",
        "delay_power_days_mean": "double",
        "delay_paused_days_mean": "double",
        "delay_recorded_days_mean": "double",
    },
    "delays": {
        "replication": "int32",
        "project": INT32,
        "cause": INT16,
        "resource": INT16,
        "days": "double",
        "hidden_days": "double",
    },
}


@pytest.fixture(scope="module")
def two() -> dict[str, pa.Table]:
    made = hand_replication()
    return arrow_tables(tabulate(made, hand_config()), tabulate(made, hand_config()))


@pytest.mark.parametrize("table", SPELLED_OUT)
def test_the_schema_of_a_table_is_fixed(table):
    found = {field.name: str(field.type) for field in arrow_schema(table)}
    assert found == SPELLED_OUT[table]
    assert list(found) == list(SPELLED_OUT[table])


def test_no_table_is_without_a_fixed_schema():
    assert set(TABLES) == set(SPELLED_OUT)


@pytest.mark.parametrize("table", SPELLED_OUT)
def test_tables_of_replications_are_joined_under_the_schema(two, table):
    made = tabulate(hand_replication(), hand_config())
    assert two[table].schema == arrow_schema(table)
    two[table].validate(full=True)
    one = to_arrow(table, [getattr(made, table)], HAND_NAMES)
    assert two[table].num_rows == 2 * one.num_rows > 0
    assert two[table].slice(one.num_rows).equals(one)


def test_no_replication_of_a_table_is_an_empty_table_of_its_schema():
    for table in TABLES:
        empty = to_arrow(table, [], HAND_NAMES)
        assert empty.num_rows == 0
        assert empty.schema == arrow_schema(table)


def test_arrow_tables_of_nothing_are_refused():
    with pytest.raises(ValueError, match="takes at least one replication"):
        arrow_tables()


def test_categories_are_in_the_order_of_the_config_and_of_the_lists(two):
    def values(table, column):
        return tuple(two[table][column].chunk(0).dictionary.to_pylist())

    assert values("events", "project") == HAND_NAMES.projects  # the absent one too
    assert values("events", "event") == KINDS
    assert values("events", "resource") == HAND_NAMES.resources
    assert values("events", "cause") == CAUSES[1:]
    assert values("projects", "sector") == HAND_NAMES.sectors
    assert values("projects", "status") == STATUSES
    assert values("capacity", "unit") == ("servers", "USD bn", "people", "slots", "MW")
    assert values("delays", "cause") == CAUSES_OF_DELAY
    assert set(dictionary_values(HAND_NAMES)) == set(DICTIONARIES)


def test_nothing_is_null_and_never_a_code(two):
    events = two["events"].slice(0, two["events"].num_rows // 2).to_pylist()
    closed = next(event for event in events if event["event"] == "deadline_closed")
    assert closed["project"] is closed["resource"] is closed["cause"] is None
    selected = next(event for event in events if event["event"] == "selected")
    assert (selected["project"], selected["cause"]) == ("gamma", "recorded")
    assert selected["amount"] == 2e9
    projects = two["projects"].to_pylist()[:3]
    assert [row["project"] for row in projects] == ["beta", "alpha", "gamma"]
    assert [row["status"] for row in projects] == ["declined", "operating", "building"]
    assert projects[0]["operating"] is None
    assert projects[0]["days_selection_to_ntp"] is None  # empty, not nan
    assert str(projects[1]["operating"]) == "2026-08-30 00:00:00"


def test_an_unlimited_capacity_stays_infinite(two):
    desks = two["capacity"].to_pylist()[1]
    assert (desks["resource"], desks["capacity"]) == ("jbic_desks", float("inf"))


def test_a_part_below_zero_is_null():
    made = tabulate(hand_replication(), hand_config())
    events = made.events | {"part": np.full_like(made.events["part"], -1)}
    assert to_arrow("events", [events], HAND_NAMES)["part"].null_count == len(made.events["part"])


def test_every_cause_is_a_wait_or_says_why():
    why = {
        Cause.NONE, Cause.RECORDED, Cause.PROSPECTS_BELOW_HURDLE, Cause.NO_BENEFIT_TO_JAPAN,
        Cause.CALL_MISSED, Cause.DECLINED, Cause.PAID, Cause.SETTLED, Cause.DOES_NOT_FIT,
        Cause.CANCELLED,
    }  # fmt: skip
    assert set(WAITS) == set(Cause) - why


def test_every_kind_whose_comment_says_usd_is_divided_by_100():
    """The comments of sim/events/kinds.py are the contract."""
    import inspect

    from sim.events import kinds
    from sim.events.schemas import MONEY_KINDS

    said = set()
    for line in inspect.getsource(kinds.Kind).splitlines():
        if "USD" in line and " = " in line:
            said.add(Kind[line.split("=")[0].strip()])
    assert said == MONEY_KINDS
