"""How far a run is: plain lines in a pipe, a bar on a terminal."""

from __future__ import annotations

import sys
import time

import pytest

from sim.study.run.progress import Bar, Lines, progress_on_stderr


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
        "30 of 40 replications",
        "40 of 40 replications",
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
