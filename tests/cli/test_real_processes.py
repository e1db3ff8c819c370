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


def started(*args: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*SIM, *args],
        cwd=folder,
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
    tmp_path: Path,
):
    """Two processes, struck after the first part; then one process goes on."""
    more = ["run", str(MINIMAL), "--replications", "120", "--out", "run"]
    process = started(*more, "--jobs", "2", folder=tmp_path)
    parts = tmp_path / "run" / "parts"
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
    assert 0 < len(kept) < 12, "it struck in the middle"
    assert not (tmp_path / "run" / "manifest.json").exists()

    second = started(*more, "--jobs", "1", folder=tmp_path)
    _, err = second.communicate(timeout=120)
    assert second.returncode == 0, err
    assert f"{10 * len(kept)} of them finished before" in err

    calm = started(*more[:-1], "calm", "--jobs", "2", folder=tmp_path)
    _, err = calm.communicate(timeout=120)
    assert calm.returncode == 0, err
    assert results(tmp_path / "run") == results(tmp_path / "calm")
    assert len(results(tmp_path / "run")) == 8


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
