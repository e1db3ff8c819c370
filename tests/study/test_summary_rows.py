"""The rows of summary.csv against plain recounts of the tables they come from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.config import from_tree, load
from sim.config.yaml_lines import read_yaml
from sim.events import RESPONSES
from sim.events.ledger_causes import BARS, LEDGER_ROWS
from sim.stats import intervals
from sim.study.findings.summary import (
    AMOUNTS_BY,
    DURATIONS,
    MOMENTS,
    amount_name,
    summarise,
)
from sim.study.run.files import in_digits
from sim.study.run.runs import run_replications

MINIMAL = Path(__file__).parents[1] / "config" / "minimal.yaml"
TWO_SECTORS = """
extends: {minimal}
schema: 1
run: {{replications: 30, seed: 5}}
nature: {{funding: {{decline_probability: 0.2}}}}
policy: {{funding: {{response: as_disposed}}}}
sectors:
  fab:
    label: Fab
    article_group: energy
    screening_days: {{kind: constant, value: 20}}
    revision_days: {{kind: constant, value: 30}}
    prospects_share: {{kind: constant, value: 0.2}}
    revision_gain_share: {{kind: constant, value: 0.05}}
    japanese_content_share: {{kind: constant, value: 0.5}}
    permits:
      starts: selection
      work_months: {{kind: constant, value: 3}}
      done_share: {{kind: constant, value: 0}}
    construction:
      basis: outcome
      outcome_months: {{kind: triangular, low: 20, mode: 30, high: 90}}
      nominal_months: 30
      cost_ratio: {{kind: constant, value: 1}}
    labour:
      labour_years_per_usd_bn: 1000
      specialist_share: 0.4
      crafts: {{electrical: 1}}
pipelines:
  fab:
    label: Fabs
    sector: fab
    arrivals_per_year: 3
    maximum: 40
    cost_usd_bn: {{kind: lognormal, median: 20, sigma: 0.5}}
    japan_share: {{kind: constant, value: 1}}
    units: 3
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("summary")
    config = home / "two.yaml"
    config.write_text(TWO_SECTORS.format(minimal=MINIMAL.as_posix()), encoding="utf-8")
    return run_replications(load(config), home / "run", summarise).folder


@pytest.fixture(scope="module")
def summary(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "summary.csv").set_index(["response", "scope"])


@pytest.fixture(scope="module")
def outcomes(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "outcomes.csv")


@pytest.fixture(scope="module")
def projects(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder / "projects.parquet")


def test_every_response_has_a_row_for_the_programme(summary: pd.DataFrame):
    assert [name for name in RESPONSES if (name, "programme") not in summary.index] == []


def test_means_and_intervals_are_those_of_the_outcomes(
    summary: pd.DataFrame, outcomes: pd.DataFrame
):
    row = summary.loc["paid_usd_bn_by_end", "programme"]

    expected = intervals.mean_interval(outcomes.paid_usd_bn_by_end)
    assert tuple(row[["mean", "mean_low", "mean_high"]]) == tuple(map(in_digits, expected))
    assert row["n"] == 30


@pytest.mark.parametrize(
    "response",
    [
        "selected_count",
        "committed_usd_bn_by_end",
        *(f"completed_{what}_{moment}" for what in ("usd_bn", "count") for moment in MOMENTS),
    ],
)
def test_sectors_add_up_to_the_programme(summary: pd.DataFrame, response: str):
    parts = summary.loc[[(response, "gas"), (response, "fab")], "mean"]

    assert parts.sum() == pytest.approx(summary.loc[(response, "programme"), "mean"], abs=1e-9)
    if response.endswith("by_end"):
        assert (parts > 0).all()


def test_a_threshold_counts_the_replications_that_reach_it(
    summary: pd.DataFrame, outcomes: pd.DataFrame
):
    for amount in ("committed", "paid"):
        share = outcomes[f"{amount}_share_of_envelope"]
        for threshold in (0.5, 0.75, 0.9, 0.95, 0.99):
            row = summary.loc[f"{amount}_at_least_{threshold:g}_of_envelope_by_deadline"].iloc[0]
            hits = int((share >= threshold).sum())
            expected = tuple(map(in_digits, intervals.wilson(hits, 30)))
            assert (row["mean"], row["mean_low"], row["mean_high"]) == expected
            assert row["method"] == "Wilson"


@pytest.mark.parametrize("name", list(DURATIONS))
@pytest.mark.parametrize("scope", ["programme", "gas", "fab"])
def test_durations_pool_selected_projects_and_censor_the_declined_and_the_unfinished(
    summary: pd.DataFrame, projects: pd.DataFrame, name: str, scope: str
):
    begin, reached = DURATIONS[name]
    own = projects[projects.selected.notna()]
    own = own if scope == "programme" else own[own.sector == scope]
    until = own[reached].fillna(own.declined).fillna(pd.Timestamp("2036-01-01"))
    days = (until - own[begin]).dt.total_seconds() / 86400
    observed = own[reached].notna().to_numpy()
    curve = intervals.kaplan_meier(days, observed, own.replication)

    row = summary.loc[name, scope]

    assert row["n"] == len(own)
    assert row["n_censored"] == (~observed).sum()
    assert row["n_censored"] >= own.declined.notna().sum() > 0
    assert row["p50"] == in_digits(curve.quantile(0.5).estimate)


def test_without_an_envelope_there_is_no_share_of_it(tmp_path: Path):
    loaded = load(MINIMAL, {"programme.envelope_usd_bn": 0, "run.replications": 2})

    folder = run_replications(loaded, tmp_path / "run", summarise).folder

    rows = pd.read_csv(folder / "summary.csv").set_index("response")
    row = rows.loc["committed_at_least_0.9_of_envelope_by_deadline"]
    assert row["n"] == 0
    assert np.isnan(row["mean"])


def test_a_sector_without_projects_has_zeros_and_no_durations(tmp_path: Path):
    root, _ = read_yaml(MINIMAL)
    assert root is not None
    tree = root.plain()
    tree["sectors"]["idle"] = tree["sectors"]["gas"] | {"label": "Idle"}
    from_tree(tree)
    config = tmp_path / "idle.yaml"
    config.write_text(
        f"extends: {MINIMAL.as_posix()}\nschema: 1\nsectors:\n  idle: "
        + str(tree["sectors"]["idle"]).replace("'", '"'),
        encoding="utf-8",
    )

    folder = run_replications(load(config), tmp_path / "run", summarise).folder

    rows = pd.read_csv(folder / "summary.csv").set_index(["response", "scope"])
    assert rows.loc[("completed_usd_bn_by_end", "idle"), "mean"] == 0
    assert rows.loc[("days_selection_to_operation", "idle"), "n"] == 0


def test_amounts_in_billions_are_counted_whatever_the_envelope(
    summary: pd.DataFrame, outcomes: pd.DataFrame
):
    for amount, by in AMOUNTS_BY:
        values = outcomes[f"{amount}_usd_bn_{by}"]
        for least in (1, 25, 100):
            row = summary.loc[amount_name(amount, least, by)].iloc[0]
            assert row["mean"] == in_digits((values >= least).mean())
    told = [summary.loc[amount_name("paid", least, "by_deadline")].iloc[0] for least in (10, 100)]
    assert 0 < told[1]["mean"] < told[0]["mean"]


@pytest.fixture(scope="module")
def by_project(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "projects_summary.csv").set_index("project")


def test_a_project_has_one_row_that_counts_the_unfinished_as_later(
    by_project: pd.DataFrame, projects: pd.DataFrame
):
    assert sorted(by_project.index) == sorted(projects.project.unique())
    assert by_project.index[0] == "A-01"  # named ones first
    finished = 0
    for name, row in by_project.iterrows():
        own = projects[projects.project == name]
        days = own.operating.dt.normalize().fillna(pd.Timestamp("2100-01-01")).sort_values()
        median = days.iloc[int(np.ceil(len(own) / 2)) - 1]
        late = median.year == 2100
        assert row["operating_p50"] == ("after 2035" if late else f"{median:%Y-%m-%d}")
        finished += not late
        assert row["p_proposed"] == in_digits(len(own) / 30)
        assert row["p_selected"] == pytest.approx(own.selected.notna().mean())
        for year in (2029, 2032, 2035):
            by = (own.operating < f"{year + 1}-01-01").mean()
            assert row[f"p_operating_by_{year}"] == pytest.approx(by), name
    assert 0 < finished < len(by_project)


def test_the_main_cause_is_the_one_without_which_it_ran_soonest_and_never_building_itself(
    by_project: pd.DataFrame, projects: pd.DataFrame
):
    for name, row in by_project.iterrows():
        own = projects[projects.project == name]
        days = {
            cause: own[f"drag_{cause.name}_days"].mean()
            for cause in LEDGER_ROWS
            if cause.name not in ("nominal_building", "recorded")
        }
        assert row["main_cause"] == BARS[max(days, key=days.__getitem__).bar].short
        assert row["main_cause_days"] == pytest.approx(max(days.values()))
