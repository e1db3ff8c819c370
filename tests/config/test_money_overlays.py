"""Overlays about money: each changes what its title says, and nothing else of the config."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from sim.config import load
from sim.config.schema_paths import paths

CONFIGS = Path(__file__).parents[2] / "configs"
# Overlay -> beginnings of the paths it changes or adds.
CHANGES = {
    "split_cumulative": ("finance.sharing.reading",),
    "split_equity_only": ("finance.sharing.reading",),
    "recapture_all": ("finance.sharing.recapture",),
    "no_cover": ("finance.loans.cover.share", "finance.loans.cover.premium_per_year"),
    "refresh_fast": ("finance.sectors.data_centre.refresh.interval_years",),
    "escalation": (
        *(f"nature.cost_year_ratio.{name}"
          for name in ("semiconductor_fab", "advanced_packaging", "data_centre")),
        "nature.shocks.prices", "nature.months_to_selection",
    ),
    "permits_by_state": ("nature.permits_by_state",),
    "yen_drawn": ("nature.yen_per_usd_month_ratio",),
    "prefer_energy": ("policy.selection.preferred_sectors",),
    "prefer_battlegrounds": ("policy.selection.preferred_regions",),
    "yen_strong": ("capacity.yen_per_usd.2027-01-01",),
    "yen_weak": ("capacity.yen_per_usd.2027-01-01",),
    "pilots_of_20bn": ("pipelines.",),
    "works_of_the_articles": (
        "portfolio.projects.", "nature.hazards.cancellations_with_offtake",
    ),
    "ministry_split": ("policy.calls.facility_shares", "capacity.facilities"),
}  # fmt: skip
ABOUT_THE_FILE = ("name", "title", "description", "schema")


@cache
def values(path: Path) -> dict[str, object]:
    return {row.path: row.value for row in paths(load(path)) if row.path not in ABOUT_THE_FILE}


@pytest.mark.parametrize("name", CHANGES)
def test_the_overlays_of_money_load_and_change_what_they_say(name: str):
    base, other = (values(CONFIGS / one) for one in ("base.yaml", f"scenarios/{name}.yaml"))
    changed = [path for path in base.keys() | other.keys() if base.get(path) != other.get(path)]

    assert changed
    assert [path for path in changed if not path.startswith(CHANGES[name])] == []


def test_twenty_pilots_are_worth_400_bn():
    pipelines = load(CONFIGS / "scenarios" / "pilots_of_20bn.yaml").config.pipelines
    pilots = [one for one in pipelines.values() if one.schedule]

    assert sum(len(one.schedule or []) for one in pilots) == 20
    assert {one.cost_usd_bn.model_dump()["value"] for one in pilots} == {20}
    assert all(one.arrivals_per_year in (None, 0) for one in pipelines.values())


def test_works_of_the_articles_add_their_running_works_and_lift_alaska():
    projects = load(CONFIGS / "scenarios" / "works_of_the_articles.yaml").config.portfolio.projects
    rail = projects["W-RAIL"]

    assert rail.announced_usd_bn * rail.realised_share == pytest.approx(7.3, abs=0.1)
    assert (rail.permits_done_share, rail.built_share, rail.own_pace) == (1, 0.5, 0.4)
    assert projects["C-02"].entry_probability == 0.6
    assert projects["C-02"].offtake_share == 5.5 / 20
