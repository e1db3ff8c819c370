"""The explorer: every point as it was simulated, beside the base, on the same luck."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.hostile import SCRIPT, hostile_sweep

from sim.api import Sweep
from sim.errors import DesignError
from sim.report.page.explore import explorer_of, write_explorer
from sim.study.findings.explorer import explorer


def test_the_base_is_the_point_with_its_config(tried: Sweep):
    found = explorer(tried)

    assert (found.is_base, found.base) == (True, [1, 1])
    assert [lever.levels for lever in found.levers] == [["1", "4"], ["one desk", "three"]]
    assert found.levers[0].sets == ["capacity.teams.count=1", "capacity.teams.count=4"]
    assert found.levers[1].sets[0] == """'capacity.facilities.jbic={"desks":1}'"""


def test_a_point_has_its_own_runs_and_their_difference_from_the_base(tried: Sweep):
    found = explorer(tried)
    place = [label for label, _ in found.responses].index("Paid by 31 December 2035, USD bn")
    values = tried.response("paid_usd_bn_by_end")  # points in the order of the grid

    mean, low, high, change, least, most, _ = found.points["0,1"][place]

    assert mean == pytest.approx(values[1].mean(), rel=1e-3)
    assert (low, high) == (None, None)  # six runs have no 5 %
    assert change == pytest.approx((values[1] - values[3]).mean(), rel=1e-3, abs=1e-9)
    assert least <= change <= most
    assert found.points["1,1"][place][3:] == [0, 0, 0, 0]
    assert not np.isnan([row[0] for rows in found.points.values() for row in rows[:4]]).any()


def test_without_the_base_among_them_the_first_point_is_what_others_are_compared_with(tmp_path):
    found = explorer(hostile_sweep(tmp_path, teams="[1, 2000]"))

    assert (found.is_base, found.base) == (False, [0, 0])
    assert found.levers[0].levels == ["1", "2,000"]
    assert found.levers[0].sets[1] == "capacity.teams.count=2000"


def test_the_explorer_is_one_file_in_the_sweep_folder(tried: Sweep):
    path = write_explorer(tried)

    text = path.read_text(encoding="utf-8")
    assert path == tried.folder / "explore.html"
    assert SCRIPT not in text
    assert text.count("<script") == 2  # its own, and data
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")


def test_what_is_no_grid_or_too_large_is_refused_with_what_to_do(tried: Sweep, tmp_path: Path):
    with pytest.raises(DesignError, match=r"kind one_at_a_time; accepted: grid"):
        explorer_of(hostile_sweep(tmp_path, kind="one_at_a_time"))
    with pytest.raises(DesignError, match=r"accepted: up to 0\.01 MB, so take levels out"):
        explorer_of(tried, most_bytes=10_000)
