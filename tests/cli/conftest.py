from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from sim.cli import cli

MINIMAL = Path(__file__).parents[1] / "config" / "minimal.yaml"


class Called(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def last_line(self) -> str:
        return self.out.splitlines()[-1]


Call = Callable[..., Called]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call the command line in this process: exit code and what it printed.

    It sees one core, so that no worker is started unasked, and a run draws no figures: others test
    both.
    """
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0}, raising=False)
    monkeypatch.setattr("sim.api._draw_figures", lambda run, progress, png: None)

    def called(*args: object) -> Called:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                cli.main([str(arg) for arg in args], prog_name="sim")
            except SystemExit as stop:
                code = stop.code
        assert isinstance(code, int)
        return Called(code, out.getvalue(), err.getvalue())

    return called


@pytest.fixture
def minimal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The smallest config, in an empty current folder."""
    monkeypatch.chdir(tmp_path)
    path = Path("minimal.yaml")
    path.write_bytes(MINIMAL.read_bytes())
    return path
