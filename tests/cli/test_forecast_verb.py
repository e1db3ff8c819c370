"""``sim forecast``: a table on stdout and in the run folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
from support.configs import MINIMAL

import sim


def test_it_prints_a_narrow_table_and_leaves_it_in_the_run_folder(call, tmp_path: Path):
    run = call("run", MINIMAL, "--replications", "2", "--out", tmp_path / "run", "--quiet")

    done = call("forecast", run.last_line)

    assert done.code == 0
    assert "Forecast of 2 replications" in done.out
    assert max(len(line) for line in done.out.splitlines()[:-1]) <= 80
    table = pd.read_csv(done.last_line)
    assert Path(done.last_line) == tmp_path / "run" / "forecast.csv"
    again = sim.open(tmp_path / "run").forecast()
    assert table["id"].tolist() == again["id"].tolist()
    assert all(date.fromisoformat(day) for day in table["by"])
    assert call("run", MINIMAL, "--replications", "2", "--out", tmp_path / "run").code == 0
    assert sim.run(MINIMAL, replications=2, out=tmp_path / "run").up_to_date


def test_a_run_whose_record_reaches_past_all_dates_is_refused(call, tmp_path: Path):
    late = ("history=recorded", "as_of=2035-12-30", "deadline=2035-12-30", "end=2035-12-30")
    sets = [part for value in late for part in ("--set", f"programme.{value}")]
    run = call("run", MINIMAL, "--replications", "1", "--out", tmp_path / "run", "--quiet", *sets)

    done = call("forecast", run.last_line)

    assert done.code == 2
    assert "answers no statement; accepted: a run whose as_of lies before their dates" in done.err
