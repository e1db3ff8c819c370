"""The sweeps printed in docs/experiments.md are sweeps, and all designs are among them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from sim.study.design import sweep_checks
from sim.study.design.sweep_config import load_sweep
from sim.study.design.sweep_schema import DesignEntry

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
KINDS = [get_args(one.model_fields["kind"].annotation)[0]
         for one in get_args(get_args(DesignEntry)[0])]  # fmt: skip


def test_there_is_an_example_of_every_design():
    shown = [re.findall(r"kind: (\w+)", text.partition("design:")[2])[0] for text in EXAMPLES]

    assert sorted(shown) == sorted(KINDS)


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_loads(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sweep_checks, "MOST_LOADED", 2)
    path = tmp_path / "sweep.yaml"
    path.write_text(text.replace("configs/", f"{ROOT.as_posix()}/configs/"), encoding="utf-8")

    assert len(load_sweep(path).design) > 1
