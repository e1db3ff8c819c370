"""What only real processes show: Ctrl-C, pipes, light imports, many workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MINIMAL = ROOT / "tests" / "config" / "minimal.yaml"
SIM = [sys.executable, "-m", "sim"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
HEAVY = ("pandas", "scipy.stats", "matplotlib", "pyarrow")


def started(*args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*SIM, *args],
        env=ENVIRONMENT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def results(folder: Path) -> dict[str, bytes]:
    names = [
        path for path in sorted(folder.iterdir()) if path.suffix in {".parquet", ".csv", ".yaml"}
    ]
    return {path.name: path.read_bytes() for path in names}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for a group of processes")
def test_ctrl_c_keeps_finished_parts_and_the_same_command_completes_them_to_the_same_bytes(
    call, minimal: Path
):
    """Two workers, struck after their first part; one process then completes what is missing."""
    command = ["run", str(minimal), "--replications", "60", "--out", "run"]
    process = started(*command, "--jobs", "2")
    parts = Path("run") / "parts"
    deadline = time.monotonic() + 60
    while not list(parts.glob("*-1-*-*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: driver and workers alike
    out, err = process.communicate(timeout=60)

    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert "interrupted: what is finished is kept in run" in err
    assert out == ""
    kept = [path.name for path in parts.glob("*-1-*-*")]
    assert 0 < len(kept) < 6, "it struck in the middle"
    assert not Path("run/manifest.json").exists()

    again = call(*command, "--jobs", "1")
    calm = call(*command[:-1], "calm", "--jobs", "1")

    assert f"{10 * len(kept)} of them finished before" in again.err
    assert (again.last_line, calm.last_line) == ("run", "calm")
    assert results(Path("run")) == results(Path("calm"))
    assert len(results(Path("run"))) == 9


def test_check_and_help_load_no_heavy_library(tmp_path: Path):
    script = (
        "import contextlib, io, sys\n"
        "from sim.cli import cli\n"
        f"for args in (['--help'], ['check', {str(MINIMAL)!r}]):\n"
        "    with contextlib.redirect_stdout(io.StringIO()):\n"
        "        try:\n"
        "            cli.main(args, prog_name='sim')\n"
        "        except SystemExit as stop:\n"
        "            assert not stop.code, stop.code\n"
        f"    print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path, env=ENVIRONMENT, text=True, capture_output=True, check=False,
    )  # fmt: skip

    assert done.stdout.splitlines() == ["[]", "[]"], done.stderr


@pytest.mark.skipif(os.name == "nt", reason="needs a shell with head")
def test_a_pipe_closed_early_makes_no_noise(tmp_path: Path):
    command = f"'{sys.executable}' -m sim schema; echo code $? >&2"
    done = subprocess.run(
        ["sh", "-c", f"({command}) | head -1"],
        cwd=tmp_path, env=ENVIRONMENT, text=True, capture_output=True, check=False,
    )  # fmt: skip

    assert done.stdout == "{\n"
    assert done.stderr == "code 0\n"
