"""A finished run beside a study of overlays is its base: not computed again, the same to a byte."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from cases import MINIMAL, Heard

import sim
from sim.study.design.named_overlays import sweep_of_overlays
from sim.study.findings.studies import run_beside
from sim.study.run.simulate import LedgerSimulation

N = 12  # a part of ten and a shorter one
LAID = {"late": {"policy": {"calls": {"first_window_business_days": 900, "reading": "floor"}}}}


def studied(folder: Path, seed: int | None = None) -> tuple[dict[str, str], int, list[str]]:
    """Checksums of the tables, parts computed, and what was said."""
    heard = Heard()
    plan = replace(sweep_of_overlays(MINIMAL, LAID, "study", N, seed), title="a title")
    tables = run_beside(plan, folder / "study", 1, heard, LedgerSimulation)
    manifest = json.loads((tables.folder / "manifest.json").read_text(encoding="utf-8"))
    return manifest["files"], manifest["parts_computed"], heard.notes


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], int, list[str]]:
    return studied(tmp_path_factory.mktemp("alone"))


def test_the_base_is_taken_from_a_finished_run_and_every_table_is_the_same(tmp_path: Path, alone):
    sim.run(MINIMAL, replications=N + 3, out=tmp_path / "run", figures=False)

    tables, parts, notes = studied(tmp_path)

    assert tables == alone[0]
    assert (parts, alone[1]) == (2, 4)
    assert f"{N} replications of {tmp_path / 'run'} are used" in notes


@pytest.mark.parametrize("spoil", ["fewer", "other luck", "older library"])
def test_a_run_that_could_differ_is_not_used(tmp_path: Path, alone, spoil: str):
    n, seed = (N - 1, None) if spoil == "fewer" else (N, 7 if spoil == "other luck" else None)
    run = sim.run(MINIMAL, replications=n, seed=seed, out=tmp_path / "run", figures=False)
    if spoil == "older library":
        said = run.folder / "manifest.json"
        known = json.loads(said.read_text(encoding="utf-8"))
        known["packages"]["numpy"] = "1.0"
        said.write_text(json.dumps(known), encoding="utf-8")

    tables, parts, notes = studied(tmp_path)

    assert (tables, parts) == alone[:2]
    assert not any("are used" in note for note in notes)
