"""``sim readings``: what it prints and leaves."""

from __future__ import annotations

from pathlib import Path

from support.configs import MINIMAL

from sim.cli.readings import _name
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


def test_no_two_readings_are_cut_to_the_same_words():
    long = "Japan declines what costs it more than the duty would"
    done = Readings.__new__(Readings)
    done.titles = {"weighs": long, "weighs_much": f"{long} twice over", "short": "Short"}

    assert [_name(done, one) for one in ("weighs", "weighs_much", "weighs + short", "short")] == [
        "weighs", "weighs_much", "weighs + short", "Short",
    ]  # fmt: skip
