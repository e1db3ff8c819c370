"""A run from config to finished folder, with the real engine on the smallest config."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim.config import Loaded, load
from sim.errors import ModelError, StoreError
from sim.events import RESPONSES
from sim.events.schemas import TABLES, arrow_schema
from sim.stats.summary import SUMMARY_COLUMNS
from sim.study.findings.summary import summarise
from sim.study.run.progress import Progress
from sim.study.run.runs import run_replications
from sim.study.run.simulate import EngineSimulation
from sim.study.run.study import Done
from sim.study.run.work import Means

MINIMAL = Path(__file__).parents[1] / "config" / "minimal.yaml"
RESULTS = (
    "capacity.parquet",
    "capacity_trace.parquet",
    "config.yaml",
    "delays.parquet",
    "distributions.parquet",
    "duties.parquet",
    "events.parquet",
    "finance.parquet",
    "held.csv",
    "held.parquet",
    "ledger.parquet",
    "outcomes.csv",
    "projects.parquet",
    "projects_summary.csv",
    "waits.csv",
    "summary.csv",
    "timeline.parquet",
)


def loaded(replications: int = 25, **sets: Any) -> Loaded:
    return load(MINIMAL, {"run.replications": replications, **sets})


def run(loaded: Loaded, folder: Path, **options: Any) -> Done:
    return run_replications(loaded, folder, summarise, **options)


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in RESULTS}


class Heard(Progress):
    def __init__(self) -> None:
        self.found = -1
        self.notes: list[str] = []

    def start(self, done: int, total: int) -> None:
        self.found = done

    def note(self, text: str) -> None:
        self.notes.append(text)


class Broken(EngineSimulation):
    def replicate(self, seed: int, replication: int) -> Any:
        if replication == 3:
            raise ModelError("replication 3, project 'A-01': paid exceeds called")
        return super().replicate(seed, replication)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of 25 replications."""
    folder = tmp_path_factory.mktemp("runs") / "minimal"
    return run(loaded(), folder).folder


def test_a_run_folder_holds_what_the_architecture_says_and_no_parts(finished: Path):
    assert sorted(path.name for path in finished.iterdir()) == sorted((*RESULTS, "manifest.json"))


def test_every_table_has_its_fixed_schema(finished: Path):
    for table in ("events", "projects", "timeline", "capacity", "capacity_trace"):
        assert pq.read_schema(finished / f"{table}.parquet").remove_metadata() == arrow_schema(
            table
        )


def test_rows_stand_in_order_of_replication(finished: Path):
    for table in ("events", "projects", "timeline", "capacity"):
        numbers = pd.read_parquet(finished / f"{table}.parquet").replication
        assert numbers.is_monotonic_increasing
        assert set(numbers) == set(range(25))


def test_categories_stand_in_the_order_of_the_config_not_of_appearance(finished: Path):
    events = pd.read_parquet(finished / "events.parquet")

    assert list(events.project.cat.categories[:3]) == ["A-01", "gas-001", "gas-002"]
    assert events.resource.cat.categories[0] == "teams"


def test_the_step_by_step_trace_is_kept_for_the_first_twenty_replications(finished: Path):
    trace = pd.read_parquet(finished / "capacity_trace.parquet")

    assert set(trace.replication) == set(range(20))


def test_outcomes_are_written_in_full_precision(finished: Path):
    text = (finished / "outcomes.csv").read_text(encoding="utf-8").splitlines()
    header, first = text[0].split(","), text[1].split(",")

    assert header == ["replication", *RESPONSES]
    assert len(text) == 26
    paid = first[header.index("paid_usd_bn_by_end")]
    assert paid == repr(float(paid))


def test_the_summary_has_the_columns_of_the_architecture(finished: Path):
    summary = pd.read_csv(finished / "summary.csv")

    assert tuple(summary.columns) == SUMMARY_COLUMNS
    assert set(summary.scope) == {"programme", "gas", "state:unknown"}


def test_the_manifest_says_from_what_and_with_what_the_run_was_made(finished: Path):
    manifest = json.loads((finished / "manifest.json").read_text(encoding="utf-8"))

    assert manifest["replications"] == 25
    assert manifest["seed"] == 1
    assert {"config_hash", "code_version", "command", "duration_seconds", "python"} <= set(manifest)
    assert {"numpy", "pyarrow", "simpy", "pydantic"} <= set(manifest["packages"])
    for name in RESULTS:
        content = (finished / name).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        assert manifest["files"][name] == {"bytes": len(content), "sha256": digest}


def test_running_again_computes_nothing(finished: Path):
    before = (finished / "manifest.json").read_bytes()

    done = run(loaded(), finished, means=Means(simulator=_never))

    assert done.up_to_date
    assert done.folder == finished
    assert (finished / "manifest.json").read_bytes() == before


def _never(config: Any) -> Any:
    raise AssertionError("nothing was to be computed")


def test_the_resolved_config_runs_again_to_the_same_bytes(finished: Path, tmp_path: Path):
    again = run(load(finished / "config.yaml"), tmp_path / "again").folder

    assert contents(again) == contents(finished)


def test_force_computes_the_same_bytes_again(tmp_path: Path):
    folder = run(loaded(3), tmp_path / "run").folder
    before = contents(folder)

    done = run(loaded(3), tmp_path / "run", force=True)

    assert not done.up_to_date
    assert done.folder == folder
    assert contents(folder) == before


def test_other_settings_go_to_the_next_folder_and_the_first_stays(tmp_path: Path):
    first = run(loaded(2), tmp_path / "run").folder
    before = contents(first)

    second = run(loaded(3), tmp_path / "run").folder

    assert second.name == "run-2"
    assert contents(first) == before


def test_fewer_replications_are_the_beginning_of_more(finished: Path, tmp_path: Path):
    few = run(loaded(7), tmp_path / "few").folder

    lines = (finished / "outcomes.csv").read_text(encoding="utf-8").splitlines()
    assert (few / "outcomes.csv").read_text(encoding="utf-8").splitlines() == lines[:8]


def test_a_full_disk_keeps_the_parts_and_says_what_to_do(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "run"

    def full(source: Any, target: Any) -> None:
        if Path(target).name == "timeline.parquet":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        replace(source, target)

    replace: Callable[[Any, Any], None] = os.replace
    monkeypatch.setattr("sim.study.run.files.os.replace", full)
    with pytest.raises(StoreError, match=r"timeline\.parquet: No space left.*parts are kept"):
        run(loaded(), folder)
    monkeypatch.undo()
    assert not list(folder.glob(".*")), "no half file is left"

    heard = Heard()
    run(loaded(), folder, progress=heard)

    assert heard.found == 25
    assert contents(folder) == contents(finished)


def test_a_broken_law_names_seed_replication_and_project(tmp_path: Path):
    with pytest.raises(ModelError, match=r"^seed 1, replication 3, project 'A-01': paid exceeds"):
        run(loaded(5), tmp_path / "run", means=Means(simulator=Broken))

    assert not (tmp_path / "run" / "manifest.json").exists()


def test_every_table_of_the_schemas_is_in_the_folder(finished: Path):
    kept = {path.stem for path in finished.iterdir()} - {
        "config",
        "manifest",
        "summary",
        "projects_summary",
        "waits",
    }

    assert kept == set(TABLES)
