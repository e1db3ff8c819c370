"""Adding a cause or a response is a row (and a function): tried on a copy of the package.

`docs/architecture.md`, "To add something", promises it. The copy gets a wait that no one has heard
of, a cause of the ledger and a response; nothing else in it is touched.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.events import Cause

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ROWS = {
    "sim/events/ledger_causes.py": (
        "# fmt: on\n",
        'CONGRESS = _row("congress", "an act of Congress", "review", "review")\n',
    ),
    "sim/events/causes.py": (
        "    # fmt: on\n",
        '    CONGRESS_WAIT = CauseRow("Congress to act", "an act of Congress", ledger.CONGRESS,\n'
        '                             "main")\n',
    ),
    "sim/events/responses.py": (
        "]\n# fmt: on\n",
        '    Response("waits_begun", "waits", "Begun waits", "waits begun, to the end",\n'
        '             "waits_begun", shown=(RUN,)),\n',
    ),
    "sim/results/tables/responses.py": (
        "def kaplan_meier_median",
        "@measure\n"
        "def waits_begun(seen: Seen, row: Response) -> IntArray:\n"
        "    return seen.count(seen.facts.of(Kind.WAIT_BEGAN).of)\n\n\n",
    ),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict:
    copy = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "sim", copy / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "docs", copy / "docs")
    for path, (before, row) in ROWS.items():
        text = (copy / path).read_text("utf-8")
        assert text.count(before) == 1, f"{path}: no longer one {before!r}"
        (copy / path).write_text(text.replace(before, row + before), "utf-8")
    done = subprocess.run(
        [sys.executable, HERE / "in_a_copy.py", copy, ROOT / "tests/config/minimal.yaml"],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(copy), str(ROOT / "tests")])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer["package"] == str(copy / "sim" / "__init__.py")
    return answer


def test_a_new_cause_has_its_columns_days_and_rows(found: dict):
    days = 21 + 1439 / 1440  # 10 March to the last minute of 31 March
    assert found["days"] == pytest.approx([days, days, 0])
    assert [row["days"] for row in found["delays"]] == pytest.approx([days])
    assert found["logged"] == ["wait_began", "wait_ended"]
    assert found["code"] == len(Cause)  # behind all the others: their codes stand


def test_a_new_cause_is_told_and_listed(found: dict):
    assert "begins to wait for Congress to act" in found["told"]
    assert found["words"][0] == "an act of Congress"
    assert "congress" in found["words"][1:-1]
    for line in (
        "| `congress_wait` | an act of Congress | | `congress` |",
        "`selection_wait`, `congress` |",
    ):
        assert line in found["documents"]


def test_a_new_response_is_measured_summarised_printed_and_listed(found: dict):
    assert found["outcomes"]["waits_begun"] == 7
    assert found["unit"] == "waits"
    assert found["words"][-1] == "Begun waits"
    assert "  Begun waits   " in found["printed"]
    assert "| `waits_begun` | waits | waits begun, to the end |" in found["documents"]


def test_the_lists_in_the_documents_are_those_of_the_rows():
    document, script = ROOT / "docs" / "outputs.md", ROOT / "docs" / "lists.py"
    before = document.read_text("utf-8")
    shown = subprocess.run(
        [sys.executable, script, "--show"], capture_output=True, text=True, check=True
    ).stdout
    missing = [line for line in shown.splitlines() if line not in before]
    assert not missing, f"run python docs/lists.py: {missing}"
    listed = before.count("<!-- list: ")
    assert listed == before.count("<!-- end -->") == 5


def test_every_file_the_architecture_sends_a_reader_to_is_there():
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    table = text.partition("### To add something")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([\w/]+\.(?:py|txt))`", table))
    assert len(named) > 15
    assert [name for name in named if not (ROOT / "sim" / name).exists()
            and not (ROOT / name).exists()] == []  # fmt: skip
