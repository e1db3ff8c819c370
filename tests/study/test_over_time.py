"""Bands and dollars held, by hand on two replications of four months."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from support.configs import changed

import sim
from sim.study.findings.evidence import ASSUMED, NOTHING, PUBLISHED, counts, rests_on
from sim.study.findings.over_time import held_over_time, money_over_time

MONTHS = pd.to_datetime(["2028-11-01", "2028-12-01", "2029-01-01", "2029-02-01"])


def run_of(held: list[tuple[int, int, str, float]]) -> Any:
    amounts = {name: [1.0, 2.0, 3.0, 4.0, 3.0, 4.0, 5.0, 6.0]
               for name in ("committed_usd_bn", "called_usd_bn", "paid_usd_bn",
                            "completed_usd_bn")}  # fmt: skip
    timeline = {"replication": [0] * 4 + [1] * 4, "month": [*MONTHS, *MONTHS], **amounts}
    rows = [(number, MONTHS[month], cause, usd) for number, month, cause, usd in held]
    table = pd.DataFrame(rows, columns=["replication", "month", "cause", "usd_bn"])
    manifest = {"replications": 2}
    return SimpleNamespace(timeline=pd.DataFrame(timeline), held=table, manifest=manifest)


def test_money_stands_at_the_last_day_of_each_month():
    found = money_over_time(run_of([]))

    assert found.ends[1:3] == [date(2028, 12, 31), date(2029, 1, 31)]
    assert found.usd_bn["paid"]["median"].tolist() == [2.0, 3.0, 4.0, 5.0]


def test_dollars_held_are_means_of_the_quarter_and_of_the_replications():
    found = held_over_time(run_of([
        (0, 0, "crews_short", 6.0), (0, 1, "crews_waited", 2.0), (1, 3, "crews_short", 10.0),
        (0, 2, "power", 4.0),
    ]))  # fmt: skip

    assert found.quarters == ["2028 Q4", "2029 Q1"]
    # Both quarters are observed for two months: (6 + 2) / 2 months / 2 replications.
    assert found.usd_bn["crews"].tolist() == [2.0, 2.5]
    assert found.usd_bn["power"].tolist() == [0.0, 1.0]
    assert found.usd_bn_years["crews"] == pytest.approx([8 / 12, 10 / 12])
    assert found.peak("crews") == (2.5, "2029 Q1")
    assert set(found.usd_bn) == {"crews", "power"}  # what holds nothing is not there


def test_a_lead_has_the_interval_of_its_pairs():
    found = held_over_time(run_of([
        (0, 0, "crews_short", 12.0), (1, 0, "crews_short", 24.0), (1, 1, "power", 12.0),
    ]))  # fmt: skip

    lead = found.leads("crews", "power")

    assert (lead.estimate, lead.low, lead.high) == (1.0, 1.0, 1.0)


def test_numbers_are_counted_by_what_they_rest_on(tmp_path: Path):
    path = tmp_path / "counted.yaml"
    text = changed(
        ("envelope_usd_bn: 550", "envelope_usd_bn: {value: 550, source: told}"),
        ("hurdle_share: 0.08", "hurdle_share: {value: 0.08, source: test}"),
    )
    text += (
        "sources:\n"
        "  told: {kind: published, title: A paper, url: 'https://example.org', date: 2025-09-04}\n"
        "  test: {kind: assumption, reason: ours, range: [0, 0.1]}\n"
    )
    path.write_text(text, encoding="utf-8")
    loaded = sim.load(path)

    rows = {row.source: row for row in rests_on(loaded)}

    assert rows["told"][1:4] == (PUBLISHED, 1, "A paper")
    assert rows["test"].range == "0 to 0.1"
    said = counts(list(rows.values()))
    assert said[PUBLISHED] == 1
    assert said[ASSUMED] == 3  # the hurdle, the project's amount and date
    assert said[NOTHING] == len(loaded.unsourced) > 50
