"""Runs made without a run folder: the engine's tables as data frames."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from support.configs import config_from, minimal_tree

from sim.config import Config, config_hash
from sim.engine import replicate
from sim.events import LEDGER_CAUSES
from sim.events.schemas import TABLES
from sim.plan import Plan
from sim.report import draw
from sim.results import Horizon, arrow_tables, some_tables

SEED = 7


@dataclass(frozen=True)
class MadeRun:
    folder: Path
    manifest: dict[str, Any]
    config: Config
    events: pd.DataFrame
    projects: pd.DataFrame
    timeline: pd.DataFrame
    capacity: pd.DataFrame
    delays: pd.DataFrame
    held: pd.DataFrame
    finance: pd.DataFrame
    ledger: pd.DataFrame
    distributions: pd.DataFrame
    outcomes: pd.DataFrame
    duties: pd.DataFrame = field(default_factory=pd.DataFrame)

    def events_of(self, column: str, value: int | str) -> pd.DataFrame:
        return self.events[self.events[column] == value]

    @property
    def summary_rows(self) -> list[dict[str, str]]:
        return [
            {"response": name, "mean": f"{self.outcomes[name].mean()}"} for name in ("late_calls",)
        ]


def make_run(config: Config, replications: int) -> MadeRun:
    plan, horizon = Plan.of(config), Horizon(config)
    left = [replicate(plan, SEED, number) for number in range(replications)]
    made = some_tables(left, horizon, TABLES)
    frames = {name: table.to_pandas() for name, table in arrow_tables(made, left[0].names).items()}
    manifest = {
        "config_hash": config_hash(config),
        "replications": replications,
        "seed": SEED,
    }
    wanted = ("events", "projects", "timeline", "capacity", "delays", "held", "finance", "ledger",
              "distributions", "outcomes", "duties")  # fmt: skip
    return MadeRun(Path("nowhere"), manifest, config, **{name: frames[name] for name in wanted})


def small_config(**changes: Any) -> Config:
    return config_from({**minimal_tree(), "name": "small", **changes})


@cache
def small_run(replications: int) -> MadeRun:
    return make_run(small_config(), replications)


def delays_of(projects: pd.DataFrame) -> pd.DataFrame:
    """A table of delays whose days held are those of the chain."""
    rows = [
        {"replication": row["replication"], "project": row["project"], "cause": cause,
         "resource": None, "held_days": row[f"delay_{cause}_days"]}
        for _, row in projects.iterrows()
        for cause in LEDGER_CAUSES
    ]  # fmt: skip
    return pd.DataFrame(rows)


@cache
def run_without_projects() -> MadeRun:
    return make_run(small_config(portfolio={"projects": {}}, pipelines={}), 2)


@cache
def drawn(name: str, replications: int) -> Figure:
    """One figure of the minimal config, drawn once for all tests that only look at it."""
    return draw(small_run(replications), name)
