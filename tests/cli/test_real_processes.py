"""What only real processes show: Ctrl-C, pipes, light imports, many workers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).parents[2]
MINIMAL = ROOT / "tests" / "config" / "minimal.yaml"
SIM = [sys.executable, "-m", "sim"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
HEAVY = ("pandas", "scipy.stats", "matplotlib", "pyarrow")
NOT_FOR_A_LOOK = (
    *HEAVY,
    "scipy.special",
    "simpy",
    "jinja2",
    "sim.world",
    "sim.engine",
    "sim.compiled.run",
    "sim.results",
)


def started(*args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*SIM, *args],
        env=ENVIRONMENT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


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


def test_a_run_that_is_up_to_date_loads_only_what_reads_a_config_and_a_few_rows(tmp_path: Path):
    folder = sim.run(MINIMAL, replications=3, out=tmp_path / "run", figures=False).folder
    script = (
        "import sys\n"
        "from sim.cli import cli\n"
        "try:\n"
        f"    cli.main(['run', {str(MINIMAL)!r}, '--replications', '3', '--no-figures', '--out',"
        f" {str(folder)!r}], prog_name='sim')\n"
        "finally:\n"
        f"    print([name for name in {NOT_FOR_A_LOOK!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path, env=ENVIRONMENT, text=True, capture_output=True, check=False,
    )  # fmt: skip

    first, *_, last, heavy = done.stdout.splitlines()
    assert "up to date" in first
    assert (last, heavy) == (str(folder), "[]")


@pytest.mark.skipif(os.name == "nt", reason="needs a shell with head")
def test_a_pipe_closed_early_makes_no_noise(tmp_path: Path):
    command = f"'{sys.executable}' -m sim schema; echo code $? >&2"
    done = subprocess.run(
        ["sh", "-c", f"({command}) | head -1"],
        cwd=tmp_path, env=ENVIRONMENT, text=True, capture_output=True, check=False,
    )  # fmt: skip

    assert done.stdout == "{\n"
    assert done.stderr == "code 0\n"


def test_a_script_from_standard_input_is_told_at_once_that_workers_cannot_import_it(tmp_path: Path):
    script = f"import sim\nsim.run({str(MINIMAL)!r}, replications=20, jobs=2)\n"
    done = subprocess.run(
        [sys.executable, "-"],
        input=script, cwd=tmp_path, env=ENVIRONMENT, text=True, capture_output=True, check=False,
    )  # fmt: skip

    assert done.stderr.splitlines()[-1] == (
        "sim.errors.DesignError: workers cannot import <stdin>, which is no file; accepted: a "
        "script saved to a file, or jobs=1"
    )
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full here")
def test_a_full_disk_behind_the_output_is_told_in_words():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*SIM, "list"], env=ENVIRONMENT, text=True, stdout=full, stderr=subprocess.PIPE,
            check=False,
        )  # fmt: skip

    assert done.stderr == "sim: cannot print the output: No space left on device\n"
    assert done.returncode == 3
