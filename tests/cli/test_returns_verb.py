"""``sim returns``: questions on stdout, numbers in the run folder."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from support.configs import MINIMAL

BASE = Path(__file__).parents[2] / "configs" / "base.yaml"
TITLES = (
    "What each side earns",
    "Which vehicles keep their promise", "Least yield, a share of cost a year, under per_period",
    "What 10 % a year after principal takes", "Does Japan get its money back?",
    "Who ends with the profit", "Who bore the overruns", "What leaves Japan",
    "Orders to Japanese companies", "Projects in operation", "Where the committed dollars go",
    "The Ohio gas plant, T1-01",
)  # fmt: skip


def test_every_question_is_answered_and_the_numbers_are_kept(call, tmp_path: Path):
    run = call("run", BASE, "--replications", "2", "--jobs", "1", "--out", tmp_path / "run",
               "--quiet")  # fmt: skip

    done = call("returns", run.last_line, "--worked", "--against", run.last_line)

    assert done.code == 0, done.err
    words = " ".join(done.out.split())
    assert words.startswith("Japan's side: present value USD -")
    assert "The United States: present value USD " in words.partition("What each side earns")[0]
    assert [title for title in TITLES if title not in words] == []
    assert "26,672,343,121.42" in done.out
    table = pd.read_csv(done.last_line)
    assert Path(done.last_line) == tmp_path / "run" / "returns.csv"
    assert {"earns", "promises", "outflow", "places"} <= set(table["question"])


def test_a_run_without_money_is_refused(call, tmp_path: Path):
    run = call("run", MINIMAL, "--replications", "1", "--out", tmp_path / "run", "--quiet")

    done = call("returns", run.last_line)

    assert done.code == 2
    assert "has no money; accepted: a run whose config has finance" in done.err
