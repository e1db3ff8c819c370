"""Mutated configs are refused in words or run lawfully; `fuzz` is a script of its own too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("fuzz.py")


def fuzz(*args: str) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *args], capture_output=True, text=True, check=False
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_no_mutated_config_fails_otherwise_than_in_words():
    fuzz("--cases", "150")


@pytest.mark.slow
def test_none_of_five_thousand_does():
    fuzz("--cases", "5000", "--first", "150")
