"""What sim check says a run would be, against hand calculation and the run itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sim.config import load
from sim.config.schema import Config
from sim.plan import Plan
from sim.study.design.expected import (
    MixRow,
    PoolRow,
    SectorRow,
    expected_sectors,
    pools_on_gap_date,
    sector_mix,
)
from sim.study.run.preview import estimate
from sim.study.run.runs import run_of, run_replications

MINIMAL = Path(__file__).parents[1] / "config" / "minimal.yaml"


def compiled(sets: Mapping[str, Any] | None = None, **more: Any) -> tuple[Config, Plan]:
    """The small config with some values changed, and its plan."""
    sets = {**(sets or {}), **{key.replace("__", "."): value for key, value in more.items()}}
    config = load(MINIMAL, sets).config
    return config, Plan.of(config)


def test_expected_proposals_are_named_ones_and_arrivals_times_mean_size():
    """Four a year from 2026-01-01 to 2029-01-19; a lognormal's mean is median x exp(s^2 / 2)."""
    (row,) = expected_sectors(*compiled())

    years = (1095 + 1 + 18 + 1) / 365.25  # 2028 is a leap year; the deadline counts
    assert (row.named_count, row.named_usd_bn) == (1, 10)
    assert row.generated_count == pytest.approx(4 * years)
    assert row.generated_usd_bn == pytest.approx(4 * years * 5 * math.exp(0.125))
    assert row.usd_bn == pytest.approx(10 + row.generated_usd_bn)


def test_an_idea_counts_with_its_probability():
    idea = {
        "portfolio.projects.A-01.kind": "idea",
        "portfolio.projects.A-01.entry_probability": 0.25,
    }
    (row,) = expected_sectors(*compiled(idea))

    assert (row.named_count, row.named_usd_bn) == (0.25, 2.5)


def test_the_mix_compares_named_and_all_proposals_with_the_articles():
    config = load(MINIMAL).config

    assert sector_mix(config, [SectorRow("gas", 1, 10, 4, 30)]) == [MixRow("Energy", 0, 1, 1, 1)]


def test_a_mix_of_nothing_is_no_number():
    (row,) = sector_mix(load(MINIMAL).config, [SectorRow("gas", 0, 0, 0, 0)])

    assert math.isnan(row.named)
    assert math.isnan(row.proposed)


DREF = "capacity.specialists.pools.electrical.reference_demand_people"
GAP = "capacity.specialists.gap.people"


def on_gap_date(**sets: Any) -> PoolRow:
    (row,) = pools_on_gap_date(compiled(**sets)[0])
    return row


def test_the_gap_date_shows_the_stated_gap():
    """O = S + gap - Dref, so P = max(S - O, S D / (O + D)) = S D / (S + gap)."""
    row = on_gap_date(sets={GAP: 30_000, DREF: {"2026-01-01": 10_000}})

    assert row.label == "Electricians"
    assert (row.reference_people, row.added) == (100_000, 0)
    assert row.other_demand == pytest.approx(100_000 + 30_000 - 10_000)
    assert row.served_share == pytest.approx(100_000 / 130_000)


def test_at_the_weight_that_is_enough_the_reference_demand_is_served_in_full():
    """omega* = O / (S - D) = 120 / 90 = 4/3: premium 1/3 at an elasticity of 1."""
    sets = {GAP: 30_000, DREF: {"2026-01-01": 10_000}}
    assert on_gap_date(sets=sets).enough_weight == pytest.approx(4 / 3)
    bids = {"capacity.specialists.bidding": {"premium_share": 0.3334, "elasticity": 1}}
    assert on_gap_date(sets=sets | bids).served_share == 1
    bids = {"capacity.specialists.bidding": {"premium_share": 0.3332, "elasticity": 1}}
    assert on_gap_date(sets=sets | bids).served_share < 1


def test_without_a_gap_the_reference_demand_is_served_in_full():
    assert on_gap_date(sets={DREF: {"2026-01-01": 10_000}}).served_share == 1


def test_a_pool_nobody_refers_to_has_no_served_share():
    assert math.isnan(on_gap_date().served_share)


def test_the_premium_is_in_what_is_proposed_but_not_in_what_is_on_record():
    bids = {"capacity.specialists.bidding": {"premium_share": 0.5, "pay_share_of_cost": 0.5}}
    plain, dear = (expected_sectors(*compiled(sets))[0] for sets in ({}, bids))
    assert dear.usd_bn == pytest.approx(1.25 * plain.usd_bn)
    record = {"programme.history": "recorded", "programme.as_of": "2026-03-01",
              "portfolio.projects.A-01.selected_date": "2026-03-01"}  # fmt: skip
    assert expected_sectors(*compiled(bids | record))[0].named_usd_bn == plain.named_usd_bn


def test_the_disk_estimate_is_within_a_factor_of_two_of_the_run(tmp_path: Path):
    loaded = load(MINIMAL, {"run.replications": 30})
    effort = estimate(run_of(loaded))

    used: list[int] = []

    def weigh(folder: Path, _: Any = None) -> None:
        used.append(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()))

    folder = run_replications(loaded, tmp_path / "run", lambda config, kept: {}, adorn=weigh).folder

    weigh(folder)
    most, in_the_end = used
    assert in_the_end / 2 < effort.disk_bytes < in_the_end * 2
    assert most / 2 < effort.most_disk_bytes < most * 2
    assert most > 1.3 * in_the_end
    assert effort.seconds >= 30 * effort.seconds_per_replication
