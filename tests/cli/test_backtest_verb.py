"""``sim backtest``: a table a column, one CSV and one figure."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from support.configs import MINIMAL


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two columns of the minimal config, and a record of two quantities."""
    place = tmp_path / "columns"
    place.mkdir()
    text = MINIMAL.read_text("utf-8")
    (place / "knows_nothing.yaml").write_text(text, "utf-8")
    (place / "knows_some.yaml").write_text(
        "schema: 1\nextends: knows_nothing.yaml\ntitle: Knows the first\n"
        "programme: {as_of: 2026-06-01, history: recorded}\n", "utf-8"
    )  # fmt: skip
    (place / "record.csv").write_text(
        "id,value,known_on,source\nround_count,1,2026-05-01,a\npaid_usd_bn,2,2026-12-31,a\n"
    )
    return place


def test_it_prints_a_table_a_column_and_leaves_one_csv_and_one_figure(
    call, folder: Path, tmp_path: Path
):
    done = call("backtest", folder, "--replications", "3", "--out", tmp_path / "out")

    assert done.code == 0
    assert done.out.index("knows_nothing: ") < done.out.index("knows_some: Knows the first")
    first, second = " ".join(done.out.split()).split(" wanted. ")[:2]
    assert first.startswith("knows_nothing: what happened was")
    assert second.startswith("knows_some: what happened was")
    assert first.endswith("of 3 runs are at least as far from the others, where 10 % are")
    assert max(len(line) for line in done.out.splitlines()[:-1]) <= 80
    place = Path(done.last_line)
    table = pd.read_csv(place / "backtest.csv")
    assert table[["column", "quantity"]].to_numpy().tolist() == [
        ["knows_nothing", "round_count"],
        ["knows_nothing", "paid_usd_bn"],
        ["knows_some", "paid_usd_bn"],
    ]
    assert {path.name for path in (place / "figures").iterdir()} == {"backtest.svg"}
    assert (place / "knows_some" / "manifest.json").is_file()
    again = call("backtest", folder, "--replications", "3", "--out", tmp_path / "out", "--quiet")
    assert again.out.splitlines() == [str(place)]


def test_a_folder_without_a_record_is_refused(call, tmp_path: Path):
    done = call("backtest", tmp_path, "--out", tmp_path / "out")

    assert done.code == 2
    assert "record.csv is missing; accepted: a folder with the record and configs" in done.err
    assert not (tmp_path / "out").exists()
