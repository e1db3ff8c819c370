"""What only a sweep does: points in common worlds, growth, and failures that are rows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cases
import numpy as np
import pytest
from cases import Heard, failures, outcomes, parts, results, small_sweep, sweep_file

from sim.api import open_sweep
from sim.errors import ConfigError, DesignError, StoreError
from sim.study.design.sweep_config import load_sweep
from sim.study.run.store import PartStore
from sim.study.run.sweeps import run_sweep
from sim.study.run.work import Means

PLAIN = Means(cases.Plain)


@pytest.fixture
def calm(tmp_path: Path) -> dict[str, bytes]:
    """What three points with twenty replications give undisturbed, one after the other."""
    run_sweep(small_sweep(tmp_path), tmp_path / "calm", means=PLAIN)
    return results(tmp_path / "calm")


def test_every_point_runs_every_replication_of_the_same_worlds(tmp_path: Path):
    run_sweep(small_sweep(tmp_path), tmp_path / "out", means=PLAIN)

    found = open_sweep(tmp_path / "out")
    expected = [[(31 + desks * 7 + world) / 3 for world in range(20)] for desks in (1, 2, 3)]
    np.testing.assert_array_equal(found.response("paid_usd_bn"), expected)
    assert found.design["desks"].tolist() == [1, 2, 3]
    keys = list(zip(found.outcomes["design_point"], found.outcomes["replication"], strict=True))
    assert keys == [(point, world) for point in range(3) for world in range(20)]
    assert found.failures.empty


def test_the_real_model_gives_a_sweep_the_outcomes_it_gives_a_run(tmp_path: Path):
    import sim

    sweep = small_sweep(tmp_path, levels=(1, 2), replications=3)
    run_sweep(sweep, tmp_path / "out")
    two_desks = sim.load(tmp_path / "minimal.yaml", {"capacity.facilities.jbic.desks": 2})

    run = sim.run(two_desks, replications=3, out=tmp_path / "run")

    found = outcomes(tmp_path / "out").to_pandas()
    own = found[found["design_point"] == 1].drop(columns="design_point").reset_index(drop=True)
    for name in run.outcomes:
        np.testing.assert_array_equal(
            own[name].to_numpy(float), run.outcomes[name].to_numpy(float), err_msg=name
        )


@pytest.mark.parametrize(
    ("levels", "replications", "there"),
    [((1, 3), 20, 40), ((1, 2, 3), 7, 21), ((2,), 13, 13), ((1, 2, 3, 4), 25, 60)],
    ids=["points are added", "replications are added", "both are added", "some are left out"],
)
def test_a_sweep_that_grows_computes_only_what_is_missing_to_the_same_bytes(
    tmp_path: Path, calm, levels, replications: int, there: int
):
    run_sweep(small_sweep(tmp_path, levels, replications), tmp_path / "out", means=PLAIN)
    heard = Heard()

    done = run_sweep(small_sweep(tmp_path), tmp_path / "out", progress=heard, means=PLAIN)

    assert done.folder == tmp_path / "out"
    assert (heard.found, heard.done) == (there, 60)
    assert results(tmp_path / "out") == calm


def test_points_with_equal_configs_are_computed_once(tmp_path: Path):
    path = cases.sweep_file(tmp_path)
    text = path.read_text(encoding="utf-8").replace("levels: [1, 2, 3]", "unit: desks")
    rows = "points: [{desks: 2}, {desks: 1}, {desks: 2}]"
    path.write_text(text.replace("kind: grid", f"kind: table, {rows}"), encoding="utf-8")
    heard = Heard()

    run_sweep(cases.load_sweep(path), tmp_path / "out", progress=heard, means=PLAIN)

    assert len(parts(tmp_path / "out")) == 4
    assert heard.done == heard.total == 60
    found = open_sweep(tmp_path / "out").response("paid_usd_bn")
    np.testing.assert_array_equal(found[0], found[2])
    assert not np.array_equal(found[0], found[1])


def test_a_point_that_cannot_be_made_fails_in_every_replication_and_the_others_go_on(
    tmp_path: Path,
):
    cases.CannotBeMadeWithTwoDesks.made = 0
    means = Means(cases.CannotBeMadeWithTwoDesks)
    run_sweep(small_sweep(tmp_path), tmp_path / "out", means=means)

    found = failures(tmp_path / "out")
    assert [(row["design_point"], row["replication"]) for row in found] == [
        (1, world) for world in range(20)
    ]
    assert {row["reason"] for row in found} == {"IndexError: index 7 is out of bounds"}
    assert outcomes(tmp_path / "out").num_rows == 40


def test_a_point_with_an_impossible_config_is_refused_before_anything_is_written(tmp_path: Path):
    with pytest.raises(
        ConfigError, match=r"desks.yaml: design: point 1 \(capacity.*desks 2\).*two desks are un"
    ):
        run_sweep(small_sweep(tmp_path), tmp_path / "out", means=Means(cases.RefusesTwoDesks))

    assert not (tmp_path / "out").exists()


def test_a_rule_of_the_users_own_is_tried_at_every_point_before_anything_is_written(tmp_path: Path):
    path = sweep_file(tmp_path, levels=[1])
    (tmp_path / "mine.py").write_text("shares = 1 / 0\n", encoding="utf-8")
    own = f"[fair_share, {tmp_path}/mine.py:shares]"
    text = path.read_text(encoding="utf-8").replace(
        "factors: {", f"factors: {{rule: {{path: policy.staffing, levels: {own}}}, "
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"point 1 .* raised ZeroDivisionError"):
        run_sweep(load_sweep(path), tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_tables_lost_or_damaged_are_made_again_from_the_parts(tmp_path: Path, calm):
    run_sweep(small_sweep(tmp_path), tmp_path / "out", means=PLAIN)
    path = tmp_path / "out" / "outcomes.parquet"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(StoreError, match=r"is damaged: outcomes.parquet has"):
        open_sweep(tmp_path / "out")
    heard = Heard()

    run_sweep(small_sweep(tmp_path), tmp_path / "out", progress=heard, means=PLAIN)

    assert heard.found == 60
    assert results(tmp_path / "out") == calm


def test_two_drivers_where_locks_do_not_work_leave_one_whole_sweep(
    tmp_path: Path, calm, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sim.study.run.folder._lock", lambda file: True)
    sweep = small_sweep(tmp_path)
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(run_sweep, sweep, tmp_path / "out", means=PLAIN) for _ in "ab"]:
            done.result()

    assert results(tmp_path / "out") == calm
    store = PartStore(tmp_path / "out" / "parts")
    assert sum(len(ranges) for ranges in store.ranges().values()) == 6


def test_a_sweep_folder_is_no_run_folder(tmp_path: Path):
    import sim

    run_sweep(small_sweep(tmp_path), tmp_path / "out", means=PLAIN)

    with pytest.raises(
        StoreError, match=r"not a run; what looks at a sweep: sim sensitivity .*sim explore"
    ):
        sim.open(tmp_path / "out")
    with pytest.raises(DesignError, match="has no response late_calls; accepted: paid_usd_bn"):
        open_sweep(tmp_path / "out").response("late_calls")
