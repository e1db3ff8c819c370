"""One project with and without a limit: its dates in the same worlds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.configs import MINIMAL

import sim
from sim.errors import DesignError
from sim.study.findings.comparison import Finished
from sim.study.findings.run_results import RunTables
from sim.study.findings.twins import (
    WORDS,
    Twin,
    beside_the_ledger,
    between,
    dates_of,
    what_if,
    what_if_told,
)
from sim.study.run.folder import read_manifest
from sim.study.run.runs import run_replications

N = 4
ONE_TEAM = {"capacity.teams.count": 1, "sectors.gas.screening_days.value": 200}


def run_of(values: dict[str, object], folder: Path) -> RunTables:
    loaded = sim.load(MINIMAL, {**values, "run.replications": N})
    done = run_replications(loaded, folder, lambda config, kept: {})
    return RunTables(done.folder, read_manifest(done.folder, "run"))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunTables:
    return run_of(ONE_TEAM, tmp_path_factory.mktemp("twins") / "run")


def test_the_twin_has_the_dates_of_a_run_without_the_limit(run, tmp_path):
    free = run_of({**ONE_TEAM, "capacity.teams.count": "unlimited"}, tmp_path / "free")
    for project in ("A-01", "gas-003"):
        twin = what_if(run, project, "teams")
        as_was, without = dates_of(run, project, N), dates_of(free, project, N)
        for name in WORDS:
            assert np.array_equal(twin.as_was[name], as_was[name], equal_nan=True)
            assert np.array_equal(twin.without[name], without[name], equal_nan=True)


def test_days_earlier_are_between_those_who_have_it_in_both():
    def dates(*days: str) -> np.ndarray:
        return np.array(days, "datetime64[ms]")

    never = {name: dates("NaT", "NaT", "NaT") for name in WORDS}
    twin = Twin(
        "A-01",
        {**never, "operating": dates("2030-01-11", "NaT", "2031-01-21")},
        {**never, "operating": dates("2030-01-01", "2033-01-01", "2031-01-01")},
    )
    assert twin.reached("operating") == (2, 3)
    assert twin.days_earlier("operating").estimate == 15
    assert np.isnan(twin.days_earlier("selected").estimate)


def test_it_is_told_date_by_date_and_over_all_replications(run):
    lines = what_if_told(run, "A-01", 0, "teams")
    assert lines[0] == "What if there were no limit: Screening teams"
    assert [line.split("  ")[0] for line in lines[2:7]] == list(WORDS.values())
    assert " ".join(lines[7:]).startswith("In 4 replications it runs by 31 December 2035 in ")
    assert all(len(line) <= 80 for line in lines)


@pytest.mark.parametrize(
    ("held", "chain", "hidden", "earlier", "says"),
    [
        (0, 1565, 0, 0.2, "1,565 days it was what cleared last, the chain, but no day was held by"),
        (0, 0, 1565, 0, "its 1,565 days are hidden, beside what took longer, and held the plant"),
        (0, 0, 1565, 3, "so 3 come back."),
        (341, 400, 0, 0, "held 341 days at it, but none come back: behind it stood what would"),
        (98, 98, 9, 60, "held 98 days at it, but 60 come back: behind it stood what would have"),
        (20, 30, 0, 200, "held 20 days at it, and 200 come back: what is earlier finds crews"),
        (50, 50, 0, np.nan, "held 50 days at it; it does not run by the end in both"),
        (218, 1709, 0, 221, "The ledger agrees: held 218 days at it, and as many come back."),
        (0, 0, 0, 9, "The ledger has no day of it; what comes earlier crowds others."),
    ],
)
def test_the_days_of_the_ledger_and_those_that_come_back_are_one_story(
    held, chain, hidden, earlier, says
):
    assert says in beside_the_ledger(held, chain, hidden, earlier)


def test_a_limit_or_project_that_is_not_there_is_refused(run):
    with pytest.raises(DesignError, match="what if turbines: the config has no such limit; acc"):
        what_if(run, "A-01", "turbines")
    with pytest.raises(DesignError, match="no project B-99 in any replication"):
        what_if(run, "B-99", "teams")


def test_one_project_in_two_runs_is_told_as_its_twin_is(run, tmp_path):
    free = run_of({**ONE_TEAM, "capacity.teams.count": "unlimited"}, tmp_path / "free")
    lines = between([Finished.open(run.folder), Finished.open(free.folder)], "A-01")
    assert lines[0] == "A-01 in replication 0: run, and free"
    twin = what_if_told(run, "A-01", 0, "teams")
    words = " ".join(twin[1:]).replace("as it was", "run").replace("without it", "free")
    assert words.split()[: len(" ".join(lines[1:]).split())] == " ".join(lines[1:]).split()


def test_runs_of_other_seeds_have_no_twins(run, tmp_path):
    other = run_of({**ONE_TEAM, "run.seed": 99}, tmp_path / "other")
    with pytest.raises(DesignError, match="other and run share no worlds; accepted: runs of one"):
        between([Finished.open(run.folder), Finished.open(other.folder)], "A-01")
