"""What several modules look at: one hostile run, one hostile sweep."""

from __future__ import annotations

import pytest
from support.hostile import hostile_run, hostile_sweep

from sim.api import Run, Sweep


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """20 replications, enough for bands and percentiles."""
    return hostile_run(tmp_path_factory.mktemp("page"), 20)


@pytest.fixture(scope="session")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    """Two levers of two levels; the base is the last point."""
    return hostile_sweep(tmp_path_factory.mktemp("explored"))
