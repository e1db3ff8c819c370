"""The dated forecast: every kind of statement counted by hand on four replications."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from support.configs import MINIMAL

from sim.config import load
from sim.config.ours import builtin_folder
from sim.study.findings.forecast import STATEMENTS, forecast
from sim.study.findings.run_results import RunTables

N = 4
BASE = load(builtin_folder() / "base.yaml").config


def made(
    config: Any = BASE,
    projects: tuple[tuple[int, str, str, str], ...] = (),
    events: tuple[tuple[int, str, str], ...] = (),
    paid: tuple[tuple[int, str, float], ...] = ((0, "2027-12-01", 0.0),),
    committed: tuple[float, ...] = (0, 0, 0, 0),
) -> RunTables:
    """A run of four replications: dates of projects, events, and months of money, as given."""
    run = RunTables(Path("none"), {"replications": N, "seed": 1})
    rows = pd.DataFrame(projects, columns=["replication", "project", "column", "day"])
    rows["day"] = pd.to_datetime(rows["day"])
    table = rows.pivot(index=["replication", "project"], columns="column", values="day")
    wanted = ["selected", "ntp", "first_unit_energised", "operating"]
    kinds = pd.DataFrame(events, columns=["replication", "event", "date"])
    months = pd.DataFrame(paid, columns=["replication", "month", "paid_usd_bn"])
    run.__dict__.update(
        config=config,
        projects=table.reindex(columns=wanted).astype("datetime64[ms]").reset_index(),
        events=kinds.assign(date=pd.to_datetime(kinds["date"])),
        timeline=months.assign(month=pd.to_datetime(months["month"])),
        outcomes=pd.DataFrame(
            {"committed_usd_bn_by_deadline": committed, "paid_usd_bn_by_deadline": 0.0}
        ),
    )
    return run


def told(run: RunTables) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in forecast(run)}


def share(run: RunTables, name: str) -> float:
    return told(run)[name]["probability"]


def test_the_base_answers_twelve_statements_all_in_its_future():
    found = forecast(made())

    assert [one["id"] for one in found] == [one.id for one in STATEMENTS]
    assert len(found) == 12
    days = [date.fromisoformat(one["by"]) for one in found]
    assert BASE.programme.as_of < min(days) <= max(days) <= BASE.programme.run_out
    assert all(one["n"] == N and len(one["judged"]) > 30 for one in found)


def test_the_day_itself_counts_and_the_next_does_not():
    last = date(2027, 9, 30)
    run = made(projects=((0, "T1-01", "ntp", f"{last}"), (1, "T1-01", "ntp", "2027-10-01"),
                         (2, "T1-02", "ntp", "2027-01-01")))  # fmt: skip

    found = told(run)["ohio_ntp"]

    assert (found["by"], found["probability"]) == (f"{last}", 0.25)
    assert found["low"] < 0.25 < found["high"]


def test_a_round_is_a_day_of_selection_and_those_on_record_count():
    record = tuple((r, "T1-01", "selected", "2026-02-17") for r in range(N))
    run = made(projects=(
        *record,
        (0, "A", "selected", "2027-06-30"), (0, "B", "selected", "2027-06-30"),
        (1, "A", "selected", "2027-01-05"), (1, "B", "selected", "2028-06-30"),
        (2, "A", "selected", "2027-07-01"),
    ))  # fmt: skip

    assert share(run, "next_round") == 0.5
    assert share(run, "third_round") == 0.25


def test_the_second_batch_is_selected_when_all_its_projects_are():
    batch = ("T2-01", "T2-01-AL", "T2-02", "T2-03")
    run = made(projects=(
        *((0, name, "selected", "2028-01-01") for name in batch),
        *((1, name, "selected", "2028-01-01") for name in batch[:3]),
        *((2, name, "selected", "2029-01-20") for name in batch),
    ))  # fmt: skip

    assert share(run, "second_batch") == 0.25


def test_twelve_projects_are_counted_over_all_rounds_up_to_the_deadline():
    run = made(projects=(
        *((0, f"P{n}", "selected", f"2028-01-{n + 1:02}") for n in range(12)),
        *((1, f"P{n}", "selected", f"2028-01-{n + 1:02}") for n in range(11)),
        (1, "P11", "selected", "2029-01-20"),
    ))  # fmt: skip

    assert share(run, "selected_12") == 0.25


def test_money_is_read_at_the_close_of_the_month_that_ends_on_the_date():
    run = made(
        paid=((0, "2027-12-01", 10), (1, "2027-11-01", 99), (1, "2027-12-01", 9.9),
              (2, "2028-01-01", 50), (2, "2027-12-01", 0), (3, "2027-12-01", 11)),
        committed=(150, 149.9, 550, 0),
    )  # fmt: skip

    assert share(run, "paid_10") == 0.5
    assert share(run, "committed_150") == 0.5
    assert share(run, "paid_20") == 0


def test_an_event_counts_once_a_replication():
    missed = ((0, "call_missed", "2027-01-01"), (0, "call_missed", "2028-01-01"))
    run = made(
        events=(*missed, (1, "call_missed", "2030-01-01"), (2, "tariff_raised", "2029-12-31"))
    )

    assert share(run, "missed_call") == 0.25
    assert share(run, "tariffs_raised") == 0.25


def test_what_a_run_cannot_answer_is_left_out():
    of_minimal = told(made(load(MINIMAL).config))

    assert not of_minimal.keys() & {"ohio_ntp", "ohio_block", "gulflink", "second_batch"}
    dates = BASE.programme.model_copy(update={"as_of": date(2028, 6, 30)})
    later = told(made(BASE.model_copy(update={"programme": dates})))
    assert not later.keys() & {"next_round", "third_round", "ohio_ntp", "paid_10"}
    assert "missed_call" in later


def test_a_statement_is_a_row_of_the_table():
    row = told(made())["gulflink"]

    assert list(row) == ["id", "statement", "by", "probability", "low", "high", "n", "judged"]
    assert (row["by"], row["probability"], row["low"]) == ("2030-12-31", 0.0, 0.0)
    assert row["high"] == pytest.approx(0.4899, abs=1e-4)  # Wilson's limit of 0 in 4
