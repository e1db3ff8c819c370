"""How far a run is: plain lines in a pipe, a bar on a terminal."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from cases import MINIMAL, Heard

from sim.config import load
from sim.study.findings.summary import summarise
from sim.study.run.progress import Bar, Lines, progress_on_stderr, time_left, words_left
from sim.study.run.runs import run_replications


class Terminal:
    """Somewhere to write that says it is a terminal."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.written = ""

    def write(self, text: str) -> int:
        self.written += text
        return len(text)

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return True


def test_a_pipe_gets_lines_and_a_terminal_a_bar(monkeypatch: pytest.MonkeyPatch):
    assert isinstance(progress_on_stderr(), Lines)

    monkeypatch.setattr(sys, "stderr", Terminal())
    assert isinstance(progress_on_stderr(), Bar)


def test_lines_come_now_and_then_and_the_last_one_always(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    lines = Lines()
    lines.start(10, 40)
    for seconds in (1.0, 5.0, 1.0):
        now[0] += seconds
        lines.advance(10)
    lines.stop()

    assert capsys.readouterr().err.splitlines() == [
        "40 replications, 10 of them finished before",
        "30 of 40 replications, about 0:03 left",  # 20 in 6 seconds
        "40 of 40 replications",
    ]


def test_the_time_left_goes_by_the_pace_since_the_very_start():
    assert time_left(elapsed=30.0, done=20, left=180) == 270.0
    assert time_left(elapsed=38.0, done=0, left=200) == 0.0  # nothing is known yet


def test_the_time_left_is_told_once_a_share_and_some_seconds_are_behind():
    assert words_left(elapsed=10.2, done=2, left=198) == ""  # it was "about 16:50 left" of a minute
    assert words_left(elapsed=2.0, done=100, left=100) == ""
    assert words_left(elapsed=60.0, done=10, left=9_990) == ""
    assert words_left(elapsed=5.0, done=10, left=190) == "about 1:35 left"


def test_a_bar_names_each_stage_once_all_replications_are_there(monkeypatch: pytest.MonkeyPatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    bar = Bar()

    bar.stage("before it begins")
    bar.start(0, 4)
    bar.advance(4)
    bar.stage("writing table 1 of 2: [odd]")
    bar.stop()

    assert "before it begins" not in terminal.written
    assert "writing table 1 of 2: [odd]" in terminal.written


def test_lines_name_a_stage_that_follows_a_silence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    lines = Lines()
    lines.start(0, 10)
    lines.advance(10)
    lines.stage("writing table 1")
    now[0] += 6.0
    lines.stage("drawing the figures")

    assert capsys.readouterr().err.splitlines() == [
        "10 replications",
        "10 of 10 replications",
        "drawing the figures",
    ]


def test_a_bar_shows_how_many_are_done_and_lets_notes_through(monkeypatch: pytest.MonkeyPatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    bar = Bar()

    bar.note("before it begins")
    bar.start(10, 40)
    bar.advance(30)
    bar.note("replications 0 to 9 are computed again: [odd] name")
    bar.stop()
    bar.note("after its end")

    assert "before it begins\n" in terminal.written
    assert "40/40" in terminal.written
    assert "replications 0 to 9 are computed again: [odd] name" in terminal.written
    assert terminal.written.endswith("after its end\n")


def test_a_first_look_comes_after_twenty_replications_of_a_run_of_twice_as_many(tmp_path: Path):
    heard = Heard()
    loaded = load(MINIMAL, {"run.replications": 45})

    run_replications(loaded, tmp_path / "run", summarise, progress=heard)

    (words,) = heard.notes
    means = pd.read_csv(tmp_path / "run" / "outcomes.csv")[:20].mean()
    assert words == (
        f"so far, USD bn, mean of 20: committed by the deadline "
        f"{means['committed_usd_bn_by_deadline']:.3g}, paid by then "
        f"{means['paid_usd_bn_by_deadline']:.3g}, running at the end "
        f"{means['completed_usd_bn_by_end']:.3g}"
    )
    few = Heard()
    run_replications(load(MINIMAL, {"run.replications": 39}), tmp_path / "few", summarise,
                     progress=few)  # fmt: skip
    assert few.notes == []
