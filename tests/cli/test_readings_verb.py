"""``sim readings``: what it prints and leaves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from support.configs import MINIMAL

from sim.cli.readings import _print
from sim.study.design.named_overlays import BASE, OVERLAY
from sim.study.findings.readings import HEADLINES, Readings


def test_it_prints_luck_beside_choices_and_leaves_a_table_and_a_figure_each(call, tmp_path: Path):
    base, folder = tmp_path / "mine.yaml", tmp_path / "readings"
    base.write_text(MINIMAL.read_text("utf-8"), "utf-8")
    folder.mkdir()
    (folder / "desks.yaml").write_text(
        "schema: 1\nextends: ../mine.yaml\ntitle: More desks\n"
        "capacity: {facilities: {jbic: {desks: 4}}}\n"
    )

    done = call("readings", base, "--replications", "2", "--out", tmp_path / "out")

    assert done.code == 0
    assert "Luck and choices" in done.out
    assert "mean, 95 %" in done.out
    assert "of single\nruns is luck" in done.out
    assert "No decided change: More desks." in done.out
    assert max(len(line) for line in done.out.splitlines()[:-1]) <= 80  # the last is the folder
    place = Path(done.last_line)
    assert (place / "readings.csv").read_text("utf-8").startswith("response,reading,mean,low,high")
    assert {path.stem for path in (place / "figures").glob("*.svg")} == {
        f"readings_{name}" for name in HEADLINES
    }


def test_it_says_first_which_choice_moves_the_headlines_and_every_title_in_full(
    monkeypatch, capsys
):
    long = "Japan declines what costs it more than the duty would, and what its banks refuse too"
    titles = {"weighs": long, "weighs_much": f"{long} twice over", "idle": "Nothing moves"}
    moved = {BASE: 0.0, "weighs + weighs_much": 300.0, "weighs": 200.0, "weighs_much": 100.0}
    rows = np.array(
        [[moved.get(one, 0.0) + luck for luck in range(10)] for one in (*moved, "idle")]
    )
    done = Readings.__new__(Readings)
    done.titles, done.laid, done.dearer = titles, {}, {"weighs": 0.1}
    done.manifest = {"factors": {OVERLAY: {"levels": [*moved, "idle"]}}}
    done.dates = {"deadline": "19 January 2029"}
    monkeypatch.setattr(
        done, "_values", lambda response: rows if "usd" in response else rows * 0 > 0
    )
    monkeypatch.setattr(done, "what_it_takes", lambda: ["It takes a miracle."])

    _print(done)

    told = " ".join(capsys.readouterr().out.split())
    assert told.startswith(
        "Committed by 19 January 2029, USD bn: 4 (2 to 7); most changed by: " + long
    )
    assert "probability: 0.00 (0.00 to 0.28); no choice changes it so much" in told
    assert "It takes a miracle. Luck and choices" in told
    assert f"{long} twice over" in told
    assert "No decided change: Nothing moves." in told
    assert f'10.0 % more in "{long}" than in base' in told
