"""``sim sweep``, ``sim check SWEEP``, ``sim sensitivity`` and ``sim compare``."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import sim
from sim.cli.compare import _ranked, sentence
from sim.stats.compare import Difference
from sim.stats.intervals import Interval
from sim.study.findings import comparison

SWEEP = """\
schema: 1
sweep: desks
title: Desks and envelope
base: minimal.yaml
replications: 4
factors:
  desks: {path: capacity.facilities.jbic.desks, levels: [1, 2], unit: desks}
  envelope: {path: programme.envelope_usd_bn, levels: [50, 550], label: Envelope}
design: {kind: grid}
"""


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal in which every phrase stands on one line."""
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def desks(minimal: Path) -> Path:
    path = Path("desks.yaml")
    path.write_text(SWEEP, encoding="utf-8")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_sweep_ends_with_its_folder_and_again_is_up_to_date(call, desks: Path):
    done = call("sweep", desks, "--jobs", "1")
    again = call("sweep", desks, "--jobs", "1")

    assert (done.code, done.last_line) == (0, "outputs/desks")
    assert "desks: 4 design points x 4 replications, seed 1, 16 outcomes, 0 failures" in done.out
    assert "Paid by 31 December 2035, USD bn" in done.out
    outcomes = pq.read_table("outputs/desks/outcomes.parquet").to_pandas()
    means = outcomes.groupby("design_point")["paid_usd_bn_by_end"].mean()
    (line,) = [one for one in done.out.splitlines() if "Paid by 31 December 2035" in one]
    assert line.split()[-1] == f"#{means.idxmax()}"
    assert line.split()[-4] == f"#{means.idxmin()}"
    assert "#0: desks 1 desks, Envelope 50" in done.out
    assert done.err.splitlines()[-1] == "16 of 16 replications"
    assert (again.code, again.last_line) == (0, "outputs/desks")
    assert "up to date: this very sweep is finished already" in again.out


def test_quiet_prints_the_folder_alone(call, desks: Path):
    done = call("sweep", desks, "--jobs", "1", "--quiet", "--replications", "2", "--out", "here")

    assert (done.code, done.out, done.err) == (0, "here\n", "")
    assert pq.read_metadata("here/outcomes.parquet").num_rows == 8


def test_failures_are_told_and_give_the_exit_code_of_a_bug(
    call, desks: Path, monkeypatch: pytest.MonkeyPatch
):
    whole = __import__("sim.engine", fromlist=["simulate"]).simulate

    def breaks(plan, world, traced):
        if world.replication == 3:
            raise IndexError("index 7 is out of bounds")
        return whole(plan, world, traced=traced)

    monkeypatch.setattr("sim.engine.simulate", breaks)

    done = call("sweep", desks, "--jobs", "1", "--engine", "simpy")

    assert done.code == 1
    assert "4 of 16 replications failed; all reasons are in failures.parquet" in done.err
    assert (
        "design point 0, replication 3: ModelError: seed 1, replication 3: IndexError" in done.err
    )
    assert done.last_line == "outputs/desks"
    assert pq.read_metadata("outputs/desks/outcomes.parquet").num_rows == 12


def test_a_mistake_in_the_sweep_is_told_with_its_line_and_nothing_is_written(call, desks: Path):
    desks.write_text(SWEEP.replace("levels: [1, 2]", "levels: [1, few]"), encoding="utf-8")

    done = call("sweep", desks, "--jobs", "1")

    assert done.code == 2
    assert "desks.yaml:7: factors.desks.levels.1" in done.err
    assert not Path("outputs").exists()


def test_an_address_that_is_none_is_refused(call, desks: Path):
    done = call("sweep", desks, "--cluster", "somewhere")

    assert done.code in (2, 3)
    assert "accepted: " in done.err


def test_check_says_how_many_runs_how_long_and_how_much_disk(call, desks: Path):
    done = call("check", desks)

    assert done.code == 0
    assert "grid: 4 design points x 4 replications = 16 runs, seed 1; base minimal" in done.out
    assert "From 4 timed design points: " in done.out
    assert "on the disk in 4 parts" in done.out
    assert not Path("outputs").exists()


def test_check_of_a_sweep_takes_no_settings_of_configs(call, desks: Path):
    done = call("check", desks, "--sources")

    assert done.code == 2
    assert "--set and --sources are for configs; this file is a sweep" in done.err


def test_sensitivity_prints_effects_and_writes_them_into_the_folder(call, desks: Path):
    call("sweep", desks, "--jobs", "1")

    done = call("sensitivity", "outputs/desks", "--response", "paid_usd_bn_by_end")

    assert (done.code, done.last_line) == (0, "outputs/desks")
    assert done.out.startswith(
        "Envelope matters most; of 2 factors 1 cannot be told from none anywhere.\n"
        "  Paid by 31 December 2035, USD bn: Envelope raises it by "
    )
    assert "Not shown (no effect in any world: desks): see --all." in done.out
    every = call("sensitivity", "outputs/desks", "--response", "paid_usd_bn_by_end", "--all").out
    assert ("2 against 1" in done.out, "2 against 1" in every) == (False, True)
    found = rows(Path("outputs/desks/sensitivity.csv"))
    assert [(row["factor"], row["measure"]) for row in found] == [
        ("desks", "2 against 1"),
        ("envelope", "550 against 50"),
    ]
    assert found[0]["verdict"] == "no effect in any world"
    assert (found[1]["verdict"], found[1]["decided"]) == ("raises it", "True")
    assert float(found[1]["estimate"]) > 0
    assert len(rows(Path("outputs/desks/variance.csv"))) == 1


def test_a_table_of_points_has_no_effects(call, desks: Path):
    points = "{kind: table, points: [{desks: 1, envelope: 50}, {desks: 2, envelope: 60}]}"
    text = SWEEP.replace("{kind: grid}", points)
    text = text.replace("levels: [1, 2], ", "").replace(", levels: [50, 550]", "")
    desks.write_text(text, encoding="utf-8")
    assert call("sweep", desks, "--jobs", "1").code == 0

    done = call("sensitivity", "outputs/desks")

    assert done.code == 2
    assert "a design of kind table, from which no effects can be read" in done.err


def test_configs_are_run_and_compared_world_by_world(call, minimal: Path):
    Path("tight.yaml").write_text(
        "extends: minimal.yaml\nprogramme: {envelope_usd_bn: 30}\n", encoding="utf-8"
    )

    done = call("compare", minimal, "tight.yaml", "--replications", "6", "--jobs", "1")

    assert (done.code, done.last_line) == (0, "outputs/compare_minimal_tight")
    assert done.out.startswith("tight, less minimal: ")
    assert "Less minimal, compared in pairs, on 6 common worlds" in done.out
    found = {row["response"]: row for row in rows(Path(done.last_line) / "differences.csv")}
    assert float(found["paid_usd_bn_by_end"]["difference"]) < 0
    assert found["paid_usd_bn_by_end"]["paired"] == "True"
    assert "committed_at_least_0.9_of_envelope_by_deadline" in found
    twins = rows(Path(done.last_line) / "twins.csv")
    assert [(row["sector"], row["milestone"]) for row in twins[:2]] == [
        ("programme", "selected"),
        ("programme", "operating"),
    ]
    assert int(twins[0]["only_against"]) > 0


def difference(
    response: str, estimate: float, half: float, decided: bool, n: int = 40
) -> Difference:
    span = Interval(estimate, estimate - half, estimate + half)
    p = 0.01 if decided else 0.5
    return Difference(response, "any", "other", "base", n, n, True, span, p, 1, None, "", p)


def test_a_comparison_tells_headlines_first_and_then_what_differs_most_for_sure():
    found = [
        difference("spent_usd_bn_by_end", 8, 2, True),
        difference("called_usd_bn_by_end", 9, 1, True),
        difference("late_calls", 90, 100, False),
        difference("payback_years_equity", -0.5, 0, True, n=2),
        difference("tariff_raised_by_end", 0.1, 0.01, True),
        difference("paid_usd_bn_by_end", 1, 2, False),
        difference("committed_usd_bn_by_deadline", 1, 2, False),
    ]

    ranked = _ranked(found)

    assert list(ranked) == [
        "committed_usd_bn_by_deadline", "paid_usd_bn_by_end", "tariff_raised_by_end",
        "called_usd_bn_by_end", "spent_usd_bn_by_end", "late_calls",
        "payback_years_equity",
    ]  # fmt: skip
    told_only_where_all_are_asked_for = ranked["late_calls"], ranked["payback_years_equity"]
    assert told_only_where_all_are_asked_for == (0, 0)  # undecided; in two worlds of forty


def test_a_comparison_says_in_a_sentence_what_surely_changes_what_may_and_what_does_not():
    dates = {"deadline": "19 January 2029", "2029_end": "31 December 2029", "end": "2035"}
    share = difference("tariff_raised_by_end", 0.1, 0.04, True)
    found = [
        difference("completed_usd_bn_by_end", -8.9, 2.5, True),
        difference("committed_usd_bn_by_deadline", 1, 2, False),
        difference("paid_usd_bn_by_deadline", 1, 2, False),
        difference("paid_usd_bn_by_2029_end", 1, 2, False),
        difference("npv_usd_bn_us", 1, 2, False),
        replace(difference("completed_usd_bn_by_deadline", 0, 0, False), p=1),
        replace(share, unit="probability"),
        difference("late_calls", 9, 1, True),
    ]

    told = sentence("other", "base", {one.response: one for one in found}, dates)

    assert told == (
        "other, less base: completed by 2035 USD -8.90 bn (-11.4 to -6.40); P(tariffs raised by "
        "2035) +10.0 points (+6.00 to +14.0); not decided: committed by 19 January 2029, paid by "
        "19 January 2029 and by 31 December 2029, present value for the United States; equal in "
        "every world: completed by 19 January 2029."
    )
    assert "no headline surely changes; not decided" in sentence(
        "other", "base", {found[1].response: found[1]}, dates
    )


def test_runs_of_other_seeds_are_compared_as_independent_and_it_says_so(call, minimal: Path):
    call("run", minimal, "--out", "one", "--jobs", "1", "--replications", "5")
    call("run", minimal, "--out", "two", "--jobs", "1", "--replications", "5", "--seed", "9")

    done = call("compare", "one", "two", "--out", "here", "--all")

    assert (done.code, done.last_line) == (0, "here")
    assert "Less one, compared as INDEPENDENT samples: they share no worlds" in done.out
    assert {row["paired"] for row in rows(Path("here/differences.csv"))} == {"False"}
    assert rows(Path("here/twins.csv")) == []


def test_one_run_is_nothing_to_compare(call, minimal: Path):
    done = call("compare", minimal, "--jobs", "1")

    assert done.code == 2
    assert "compare: 1 run; accepted: two or more" in done.err


def test_precision_says_what_was_not_reached(call, minimal: Path):
    done = call("run", minimal, "--jobs", "1", "--precision", "0.05", "--max-replications", "40")

    assert done.code == 0
    said = " ".join(done.out.split())
    assert "NOT REACHED within the budget of 40 replications (--max-replications): " in said
    assert "Selection to NTP, median, days" in said
    assert "_usd_bn" not in said  # labels, no ids
    assert done.err.startswith("at most 40 replications may be needed (--max-replications): about ")
    assert "reached at 30" in done.out
    both = call("run", minimal, "--precision", "0.05", "--replications", "40")
    assert (both.code, "give one of the two" in both.err) == (2, True)
    alone = call("run", minimal, "--max-replications", "40")
    assert (alone.code, "is the budget of --precision" in alone.err) == (2, True)


def test_a_sweep_its_sensitivity_and_plot_leave_figures_beside_the_tables(call, desks: Path):
    figures = Path("outputs/desks/figures")
    call("sweep", desks, "--jobs", "1")
    assert {path.name.partition("_")[0] for path in figures.iterdir()} == {"response", "heat"}

    call("sensitivity", "outputs/desks", "--response", "paid_usd_bn_by_end")
    assert (figures / "tornado_paid_usd_bn_by_end.svg").is_file()
    done = call("plot", "outputs/desks", "--what", "tornado", "--response", "late_calls")
    assert (done.code, done.last_line) == (0, str(figures / "tornado_late_calls.svg"))


def test_figures_that_cannot_be_drawn_are_a_warning_and_cost_no_results(call, desks: Path):
    call("sweep", desks, "--jobs", "1", "--replications", "2")
    for path in Path("outputs/desks/figures").iterdir():
        path.unlink()
    Path("outputs/desks/figures").rmdir()
    Path("outputs/desks/figures").write_text("in the way", encoding="utf-8")

    done = call("sweep", desks, "--jobs", "1", "--replications", "2")

    assert (done.code, done.last_line) == (0, "outputs/desks")
    assert "the figures could not be drawn (StoreError: " in done.err
    assert "sim plot outputs/desks tries again" in done.err


def test_runs_are_called_by_their_folders_and_no_other_comparison_is_overwritten(
    call, minimal: Path
):
    for seed in ("1", "2", "3"):
        call("run", minimal, "--jobs", "1", "--replications", "3", "--seed", seed,
             "--out", f"seed_{seed}", "--quiet")  # fmt: skip

    done = call("compare", "seed_1", "seed_2", "--out", "here")
    again = call("compare", "seed_1", "seed_2", "--out", "here")
    before = Path("here/differences.csv").read_bytes()
    other = call("compare", "seed_1", "seed_3", "--out", "here")

    assert "Less seed_1, compared as INDEPENDENT samples" in done.out
    assert "Paid by 31 December 2035" in done.out
    assert "up to date: this very comparison is there already" in again.out
    assert (other.code, other.last_line) == (0, "here-2")
    assert "here holds another comparison; it is left as it is" in other.err
    assert Path("here/differences.csv").read_bytes() == before
    assert {row["scenario"] for row in rows(Path("here-2/differences.csv"))} == {"seed_3"}
    assert call("compare", "seed_1", "seed_2").last_line == "outputs/compare_seed_1_seed_2"
    twice = call("compare", "seed_1", "./seed_1")
    assert (twice.code, "seed_1 is given twice" in twice.err) == (2, True)


def test_folders_of_one_name_are_told_apart_by_the_folder_above(call, minimal: Path):
    for place in ("a/base", "b/base"):
        call("run", minimal, "--jobs", "1", "--replications", "2", "--out", place, "--quiet")

    done = call("compare", "a/base", "b/base", "--out", "here")

    assert "Less a_base, compared in pairs" in done.out
    assert "b_base" in done.out


def test_a_comparison_is_checked_before_anything_is_simulated(call, minimal: Path):
    assert call("compare", minimal).code == 2
    Path("wrong.yaml").write_text("extends: minimal.yaml\nprogram: {}\n", encoding="utf-8")
    assert call("compare", minimal, "wrong.yaml").code == 2
    assert not Path("outputs").exists()


def test_twins_have_the_labels_of_sectors_and_a_sign(call, minimal: Path):
    Path("tight.yaml").write_text(
        "extends: minimal.yaml\nprogramme: {envelope_usd_bn: 30}\n", encoding="utf-8"
    )

    done = call("compare", minimal, "tight.yaml", "--replications", "6", "--jobs", "1", "--all")

    assert "days: + is later, - is earlier" in done.out
    assert "all sectors" in done.out
    assert "p adjusted for all " in done.out


def test_several_scenarios_stand_beside_each_other_the_largest_decided_change_first(
    call, minimal: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "80")
    for name, change in (
        ("tight", "programme: {envelope_usd_bn: 30}"),
        ("same", "capacity: {facilities: {jbic: {desks: 40}}}"),
    ):
        Path(f"{name}.yaml").write_text(f"extends: minimal.yaml\n{change}\n", encoding="utf-8")

    done = call("compare", minimal, "tight.yaml", "same.yaml", "--replications", "30",
                "--jobs", "1")  # fmt: skip

    assert max(len(line) for line in done.out.splitlines()) <= 80
    (head,) = [
        line for line in done.out.splitlines() if line.split() == ["minimal", "tight", "same"]
    ]
    assert head
    differences = rows(Path(done.last_line) / "differences.csv")
    assert {row["decided"] for row in differences} == {"True", "False"}
    table = done.out.partition(head)[2].splitlines()[2:]
    first = next(number for number, line in enumerate(table) if line.endswith("="))
    assert not any(line.rstrip("= ").endswith("?") for line in table[: first + 1])
    assert not list(Path("outputs").glob("*/figures"))


def test_a_finished_run_of_a_config_is_used_and_its_first_worlds_compared(call, minimal: Path):
    ran = call("run", minimal, "--replications", "9", "--jobs", "1", "--quiet")
    Path("tight.yaml").write_text(
        "extends: minimal.yaml\nprogramme: {envelope_usd_bn: 30}\n", encoding="utf-8"
    )

    done = call("compare", minimal, "tight.yaml", "--replications", "6", "--jobs", "1")

    assert "Less minimal, compared in pairs, on 6 common worlds" in done.out
    assert done.err.splitlines()[0] == "tight, 2 of 2"
    runs = comparison.open_runs([Path("outputs/minimal"), Path("outputs/tight")])
    used = runs[0].responses()["paid_usd_bn_by_end"]
    assert used.size == 9
    assert comparison.levels(runs[0], 6)["paid_usd_bn_by_end"] == pytest.approx(used[:6].mean())
    assert {path.name for path in Path("outputs").iterdir()} == {
        "minimal", "tight", "compare_minimal_tight",
    }  # fmt: skip
    assert ran.last_line == "outputs/minimal"
    other = call("compare", minimal, "tight.yaml", "--replications", "6", "--seed", "5",
                 "--jobs", "1", "--quiet")  # fmt: skip
    found = rows(Path(other.last_line) / "differences.csv")
    assert {row["n"] for row in found if row["response"] == "selected_count"} == {"6"}
    assert sim.open("outputs/minimal-2").manifest["seed"] == 5


def test_a_sweep_with_fewer_replications_says_so_and_takes_stale_results_away(call, desks: Path):
    folder = Path("outputs/desks")
    call("sweep", desks, "--jobs", "1")
    call("sensitivity", folder, "--response", "late_calls")
    assert (folder / "figures/tornado_late_calls.svg").is_file()

    again = call("sweep", desks, "--jobs", "1")
    assert (folder / "sensitivity.csv").is_file()
    fewer = call("sweep", desks, "--jobs", "1", "--replications", "2")

    assert "removed" not in again.err
    assert "the tables had 4 design points x 4 replications and now have 4 x 2" in fewer.err
    assert "removed, because made from the earlier tables: sensitivity.csv, variance.csv" in (
        fewer.err
    )
    assert not (folder / "sensitivity.csv").exists()
    assert not (folder / "figures/tornado_late_calls.svg").exists()
    assert (folder / "figures").is_dir()  # the new ones


def test_sensitivity_says_what_a_folder_is_that_is_no_finished_sweep(call, desks: Path):
    call("run", "minimal.yaml", "--jobs", "1", "--replications", "2", "--out", "one")
    done = call("sensitivity", "one")
    assert (done.code, "one holds a run, not a sweep" in done.err) == (3, True)

    call("sweep", desks, "--jobs", "1")
    Path("outputs/desks/manifest.json").unlink()
    done = call("sensitivity", "outputs/desks")
    assert done.code == 3
    assert "outputs/desks holds an unfinished sweep (desks)" in done.err
    assert "the same sim sweep command completes it" in done.err


def test_a_sweep_and_a_config_are_sent_to_their_own_verbs(call, desks: Path):
    done = call("run", desks)
    assert (done.code, "desks.yaml is a sweep; accepted: sim sweep desks.yaml" in done.err) == (
        2,
        True,
    )
    done = call("sweep", "minimal.yaml")
    assert done.code == 2
    assert "minimal.yaml is a config, not a sweep; accepted: sim run minimal.yaml" in done.err
    assert not Path("outputs").exists()


def test_effects_name_their_levels_and_the_base(call, desks: Path):
    desks.write_text(SWEEP.replace("kind: grid", "kind: one_at_a_time"), encoding="utf-8")
    call("sweep", desks, "--jobs", "1")

    done = call("sensitivity", "outputs/desks", "--response", "paid_usd_bn_by_end", "--all")

    assert "each factor's last level against its first" in done.out
    assert "2 against 1" in done.out
    assert "base: 550" in done.out
    assert "Paid by 31 December 2035, USD bn (paid_usd_bn_by_end)" in done.out


def test_a_response_that_never_varies_has_no_share_of_noise(call, desks: Path):
    call("sweep", desks, "--jobs", "1")

    done = call("sensitivity", "outputs/desks", "--response", "declined_count")

    assert "no effect in any world" in done.out
    assert "It does not vary between the design points." in done.out
    assert "replication noise" not in done.out


def test_check_shows_the_ends_of_a_uniform_factor_of_a_morris_design(call, desks: Path):
    text = SWEEP.partition("factors:")[0] + (
        "factors:\n"
        "  gap: {path: capacity.specialists.gap.people, whole: true, label: Gap, unit: people,\n"
        "    distribution: {kind: uniform, low: 0, high: 1500000}}\n"
        "  envelope: {path: programme.envelope_usd_bn, label: Envelope,\n"
        "    distribution: {kind: triangular, low: 50, mode: 300, high: 550}}\n"
        "design: {kind: morris, trajectories: 3}\n"
    )
    desks.write_text(text, encoding="utf-8")

    done = call("check", desks)

    assert done.code == 0
    assert "0 to 1,500,000 people\n" in done.out
    assert "the medians of 4 equally likely parts" in done.out


def test_check_warns_of_two_factors_that_vary_together(call, desks: Path):
    text = SWEEP.replace("kind: grid", "kind: latin_hypercube, points: 3, seed: 1")
    desks.write_text(text, encoding="utf-8")

    done = call("check", desks)

    assert "Take care: desks and Envelope have a rank correlation of " in done.out
