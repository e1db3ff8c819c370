"""The notebook for Jupyter runs from its first cell to its last, as somebody would run it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

NOTEBOOK = Path(__file__).resolve().parents[1] / "docs" / "tour.ipynb"


@pytest.mark.slow
def test_every_cell_of_the_notebook_runs_after_the_one_before(tmp_path: Path):
    """As written but for the numbers of replications, which only cost time."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert len(code) >= 6
    assert not any(cell.get("outputs") for cell in cells), "outputs are for who runs it"
    script = tmp_path / "tour.py"
    whole = re.sub(r"replications([=:]) ?\d+", r"replications\1 2", "\n\n".join(code))
    script.write_text(whole, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr[-3000:]
    assert "T1-01" in done.stdout
