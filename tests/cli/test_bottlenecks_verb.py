"""``sim bottlenecks``: what it prints and leaves."""

from __future__ import annotations

from pathlib import Path

from support.configs import MINIMAL


def test_it_prints_one_ranked_table_that_fits_and_leaves_tables_and_a_figure(call, tmp_path: Path):
    base = tmp_path / "mine.yaml"
    base.write_text(MINIMAL.read_text("utf-8").replace("count: 4", "count: 1"), "utf-8")

    done = call("bottlenecks", base, "--replications", "2", "--by", "2032-12-31",
                "--out", tmp_path / "out")  # fmt: skip

    assert done.code == 0
    first, found, _ = done.out.partition(
        "\nCompleted by 31 December 2032, USD bn: what is added in"
    )
    assert found
    assert "capacity is shown to hold it up" in first or "What holds it up most: " in first
    assert done.out.count(first.strip()) == 1
    assert "Screening teams" in done.out
    assert all(len(line) <= 80 for line in done.out.splitlines() if str(tmp_path) not in line)
    place = Path(done.last_line)
    first = (place / "bottlenecks.csv").read_text("utf-8").splitlines()[0]
    assert first.startswith("rank,capacity,what,label,response,by,unit,n,difference,")
    assert (place / "bottlenecks_by_year.csv").is_file()
    drawn = sorted(path.stem for path in (place / "figures").glob("*.svg"))
    assert drawn == ["bottleneck_pairs", "bottlenecks"]


def test_a_date_inside_a_month_is_the_users_mistake_and_nothing_is_written(call, tmp_path: Path):
    done = call("bottlenecks", MINIMAL, "--by", "2032-06-15", "--out", tmp_path / "out")

    assert done.code == 2
    assert "amounts are kept at the ends of months; accepted: 2032-06-30" in done.err
    assert not (tmp_path / "out").exists()
