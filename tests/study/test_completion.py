"""Selected dollars by state of completion, counted by hand."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from sim.study.findings.completion import completion

MILESTONES = ("selected", "first_call_paid", "ntp", "built", "declined", "cancelled")


def run(*rows: dict[str, object], completed: tuple[float, ...] = (0, 0, 0)) -> SimpleNamespace:
    empty = dict.fromkeys(MILESTONES, None)
    plain = {"selected_usd_bn": 10, "spent_usd_bn": 0, "completed_usd_bn": 0, "paid_usd_bn": 0}
    projects = pd.DataFrame([plain | empty | row for row in rows])
    for name in MILESTONES:
        projects[name] = pd.to_datetime(projects[name])
    months = pd.to_datetime(["2027-01-01", "2027-02-01", "2027-03-01"])
    timeline = pd.DataFrame({"replication": 0, "month": months, "completed_usd_bn": completed})
    return SimpleNamespace(projects=projects, timeline=timeline)


def test_a_project_passes_from_state_to_state_at_the_end_of_the_month_of_its_milestone():
    """One begun in March; one withdrawn unsigned; one of two units, one of which runs."""
    found = completion(
        run(
            {"selected": "2027-01-05", "first_call_paid": "2027-02-10", "ntp": "2027-03-31"},
            {"selected": "2027-01-05", "cancelled": "2027-02-01"},
            {"selected": "2027-01-05", "first_call_paid": "2027-01-06", "ntp": "2027-01-07"},
            completed=(0, 0, 5),
        )
    )
    assert {name: list(values) for name, values in found.usd_bn.items()} == {
        "operating": [0, 0, 5],
        "site": [10, 10, 15],
        "begun": [0, 10, 0],
        "unsigned": [20, 0, 0],
        "given_up": [0, 10, 10],
    }


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({}, "unsigned"),
        ({"first_call_paid": "2027-01-06"}, "begun"),
        ({"first_call_paid": "2027-01-06", "ntp": "2027-01-07", "spent_usd_bn": 2.4}, "site_0"),
        ({"first_call_paid": "2027-01-06", "ntp": "2027-01-07", "spent_usd_bn": 2.5}, "site_25"),
        ({"first_call_paid": "2027-01-06", "ntp": "2027-01-07", "spent_usd_bn": 9.9}, "site_75"),
        ({"ntp": "2027-01-07", "built": "2027-02-01", "spent_usd_bn": 10}, "dark"),
        ({"ntp": "2027-01-07", "cancelled": "2027-02-01", "spent_usd_bn": 6}, "given_up"),
        ({"declined": "2027-02-01"}, "given_up"),
    ],
)
def test_what_does_not_run_in_the_end_stands_at_what_is_built_of_it(row, state):
    found = completion(run({"selected": "2027-01-05", "paid_usd_bn": 6} | row))
    assert {name: usd for name, usd in found.at_end.items() if usd} == {state: 10}
    assert {name: usd for name, usd in found.paid_at_end.items() if usd} == {state: 6}


def test_the_units_that_run_are_operating_and_the_rest_of_the_project_a_site():
    row = {"ntp": "2027-01-07", "spent_usd_bn": 6, "completed_usd_bn": 4, "paid_usd_bn": 5}
    found = completion(run({"selected": "2027-01-05", "first_call_paid": "2027-01-06"} | row))
    assert {name: usd for name, usd in found.at_end.items() if usd} == {
        "operating": 4,
        "site_50": 6,
    }
    assert found.paid_at_end["operating"] == 2
    assert found.paid_at_end["site_50"] == 3
