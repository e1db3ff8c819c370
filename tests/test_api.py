"""The Python API: load, run, open, and tables as data frames."""

from __future__ import annotations

import json
import multiprocessing
import sys
from pathlib import Path

import pandas as pd
import pytest

import sim
import sim.api
from sim.errors import ConfigError, DesignError, StoreError
from sim.events.schemas import TABLES
from sim.study.run.files import checksum

MINIMAL = Path(__file__).parent / "config" / "minimal.yaml"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> sim.Run:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.api._draw_figures", lambda run, progress, png: None)
        return sim.run(MINIMAL, replications=12, out=tmp_path_factory.mktemp("api") / "run")


@pytest.fixture
def no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.api._draw_figures", lambda run, progress, png: None)


def test_load_takes_values_by_dotted_path():
    loaded = sim.load(MINIMAL, set={"programme.envelope_usd_bn": 400, "run.seed": 3})

    assert loaded.config.programme.envelope_usd_bn == 400
    assert loaded.config.run.seed == 3
    assert loaded.sources["programme.envelope_usd_bn"] == "override"


def test_load_reports_every_problem():
    with pytest.raises(ConfigError, match=r"programme\.envelop"):
        sim.load(MINIMAL, set={"programme.envelop": 1})


@pytest.mark.parametrize("table", ["events", "projects", "timeline", "capacity", "capacity_trace"])
def test_every_table_is_a_data_frame_with_the_columns_of_its_schema(run: sim.Run, table: str):
    frame = getattr(run, table)

    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == [name for name, _ in TABLES[table]]
    assert getattr(run, table) is frame, "read once"


def test_outcomes_and_summary_agree(run: sim.Run):
    summary = run.summary.set_index(["response", "scope"])

    assert len(run.outcomes) == 12
    assert summary.loc[("paid_usd_bn_by_end", "programme"), "mean"] == pytest.approx(
        run.outcomes.paid_usd_bn_by_end.mean(), rel=1e-12
    )


def test_a_run_knows_its_config_and_manifest(run: sim.Run):
    assert run.config.run.replications == 12
    assert run.manifest["replications"] == 12
    assert not run.up_to_date
    assert repr(run) == f"Run({str(run.folder)!r}, replications=12, seed=1)"


def test_a_run_opens_again_with_the_same_tables(run: sim.Run):
    again = sim.open(run.folder)

    pd.testing.assert_frame_equal(again.events, run.events)
    pd.testing.assert_frame_equal(again.outcomes, run.outcomes)


def test_explain_is_the_story_of_a_project(run: sim.Run):
    assert run.explain("A-01", replication=11).startswith("A-01: Plant A")
    with pytest.raises(DesignError, match="no replication 12 in this run; accepted: 0 to 11"):
        run.explain("A-01", replication=12)


def test_open_refuses_a_folder_that_is_no_run(tmp_path: Path):
    with pytest.raises(StoreError, match="is not a run folder"):
        sim.open(tmp_path)


def test_a_table_that_has_gone_is_damage(run: sim.Run, tmp_path: Path):
    with pytest.raises(StoreError, match=r"is damaged: events\.parquet is missing"):
        _ = sim.Run(tmp_path, run.manifest).events


@pytest.mark.usefixtures("no_figures")
def test_a_loaded_config_may_be_run_with_other_settings_and_says_so_when_written(tmp_path: Path):
    loaded = sim.load(MINIMAL)

    made = sim.run(loaded, replications=3, seed=8, out=tmp_path / "run")

    assert (made.config.run.replications, made.config.run.seed) == (3, 8)
    assert made.manifest["seed"] == 8
    assert loaded.config.run.seed == 1, "what was loaded has not changed"
    by_path = sim.run(MINIMAL, replications=3, seed=8, out=tmp_path / "path")
    text = (made.folder / "config.yaml").read_text(encoding="utf-8")
    assert text == (by_path.folder / "config.yaml").read_text(encoding="utf-8")


@pytest.mark.usefixtures("no_figures")
def test_tables_for_people_have_twelve_digits_at_most_and_outcomes_all(run: sim.Run):
    longest = {
        path.name: max(map(digits, path.read_text(encoding="utf-8").replace("\n", ",").split(",")))
        for path in sorted(run.folder.glob("*.csv"))
    }

    assert longest.pop("outcomes.csv") > 12
    assert longest["summary.csv"] == 12
    assert max(longest.values()) == 12, longest


def digits(text: str) -> int:
    """Significant digits of a number; 0 of other text."""
    try:
        written = repr(float(text)).partition("e")[0]
    except ValueError:
        return 0
    return len(written.removesuffix(".0").replace(".", "").lstrip("-0"))


def test_a_run_of_an_earlier_version_has_the_rows_of_held_csv_from_its_tables(run: sim.Run):
    files = {name: said for name, said in run.manifest["files"].items() if name != "held.csv"}

    earlier = sim.api.Run(run.folder, {**run.manifest, "files": files})

    assert len(run.held_rows) > 1
    assert earlier.held_rows == run.held_rows


def test_a_digit_in_a_file_that_is_extended_makes_another_run(tmp_path: Path, no_figures: None):
    base, overlay = tmp_path / "lower.yaml", tmp_path / "upper.yaml"
    text = MINIMAL.read_text(encoding="utf-8")
    base.write_text(text, encoding="utf-8")
    overlay.write_text("schema: 1\nextends: lower.yaml\nname: upper\n", encoding="utf-8")
    first = sim.run(overlay, replications=2, out=tmp_path / "out")

    base.write_text(f"{text}# a comment is no change\n", encoding="utf-8")
    assert sim.run(overlay, replications=2, out=tmp_path / "out").up_to_date
    assert text.count("envelope_usd_bn: 550") == 1
    base.write_text(text.replace("envelope_usd_bn: 550", "envelope_usd_bn: 551"), encoding="utf-8")
    other = sim.run(overlay, replications=2, out=tmp_path / "out")

    assert not other.up_to_date
    assert other.folder != first.folder
    assert other.config.programme.envelope_usd_bn == 551


def test_running_twice_is_up_to_date(tmp_path: Path):
    first = sim.run(MINIMAL, out=tmp_path / "run")
    second = sim.run(MINIMAL, out=tmp_path / "run")

    assert (first.up_to_date, second.up_to_date) == (False, True)


@pytest.mark.usefixtures("no_figures")
def test_the_default_folder_is_outputs_and_the_configs_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)

    assert sim.run(MINIMAL).folder == Path("outputs/minimal")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"replications": 0}, "replications is 0; accepted: 1 or more"),
        ({"seed": -1}, "seed is -1; accepted: 0 or more"),
        ({"jobs": 0}, "jobs is 0; accepted: 1 or more"),
    ],
)
def test_impossible_settings_are_refused_before_anything_is_written(
    tmp_path: Path, arguments: dict[str, int], message: str
):
    with pytest.raises(DesignError, match=message):
        sim.run(MINIMAL, out=tmp_path / "run", **arguments)

    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("what", "verb", "broken"),
    [("figures", "plot", "draw_all"), ("page", "report", "write_page")],
)
def test_a_picture_that_fails_costs_neither_the_results_nor_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    what: str, verb: str, broken: str,
):  # fmt: skip
    drawn = []

    def failing(run: sim.Run) -> None:
        raise ValueError("no ink")

    for make in ("draw_all", "write_page"):
        monkeypatch.setattr(f"sim.report.{make}", failing if make == broken else drawn.append)

    made = sim.run(MINIMAL, out=tmp_path / "run", progress=True)

    assert sim.open(made.folder).manifest["replications"] == 2
    assert len(drawn) == 1
    said = capsys.readouterr().err
    assert f"the {what} could not be drawn (ValueError: no ink); the results are complete" in said
    assert f"sim {verb} {made.folder} tries again" in said


def test_a_figure_is_drawn_by_the_report(run: sim.Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sim.report.draw", lambda own, name: (own, name))

    assert run.figure("s_curves") == (run, "s_curves")


def test_a_worker_that_imports_a_script_without_a_guard_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(multiprocessing.current_process(), "_inheriting", True, raising=False)

    with pytest.raises(DesignError, match=r"below if __name__ == '__main__': every worker"):
        sim.run(MINIMAL, jobs=2, out=tmp_path / "run")

    assert not (tmp_path / "run").exists()


def test_the_package_offers_these_names_and_no_more():
    names = ["Backtest", "Bottlenecks", "Checked", "Comparison", "Readings", "Run", "Sensitivity"]
    names += ["Sweep", "__version__", "backtest", "bottlenecks", "check", "compare", "load", "open"]
    names += ["open_sweep", "readings", "run", "sensitivity", "sweep", "verify"]
    assert sim.__all__ == names
    assert set(sim.__all__) <= set(dir(sim))
    with pytest.raises(AttributeError, match="module 'sim' has no attribute 'fly'"):
        _ = sim.fly


def test_the_version_is_a_text():
    assert sim.__version__
    assert sys.modules["sim"].__version__ == sim.__version__


def test_what_is_set_from_python_is_not_called_an_option():
    with pytest.raises(ConfigError, match=r"^set: programme\.envelop: there is no key") as caught:
        sim.load(MINIMAL, set={"programme.envelop": 1})
    with pytest.raises(ConfigError, match=r"^set: run\.seed: "):
        sim.check(MINIMAL, set={"run.seed": "none"})

    assert "--" not in str(caught.value)


def test_a_config_a_run_and_a_sweep_are_one_line_and_in_a_notebook_a_small_table(run: sim.Run):
    loaded = sim.load(MINIMAL, set={"title": "Tom & <b>Jerry</b>"})

    for one in (loaded, loaded.config, run):
        assert len(repr(one).splitlines()) == 1
        assert len(repr(one)) < 200
    assert repr(loaded.config) == str(loaded.config) == "Config('minimal', 2 replications, seed 1)"
    for one in (loaded, loaded.config):
        assert "Tom &amp; &lt;b&gt;Jerry&lt;/b&gt;" in one._repr_html_()
    assert "<th>replications</th><td>12</td>" in run._repr_html_()


@pytest.mark.parametrize(("asked", "words"), [
    ({"replications": 0}, "replications is 0; accepted: 1 or more"),
    ({"replications": 10**7}, "replications is 10000000; accepted: 1000000 or less"),
    ({"seed": -1}, "seed is -1; accepted: 0 or more"),
])  # fmt: skip
def test_no_study_runs_with_an_impossible_number_of_replications_or_seed(asked, words, tmp_path):
    sweep = MINIMAL.parents[2] / "configs" / "sweeps" / "committees_small.yaml"
    for study, file in (
        (sim.run, MINIMAL), (sim.run, sim.load(MINIMAL)), (sim.sweep, sweep),
        (sim.readings, MINIMAL), (sim.bottlenecks, MINIMAL),
    ):  # fmt: skip
        with pytest.raises(DesignError, match=f"^{words}$"):
            study(file, **asked, out=tmp_path / "out")

    assert not list(tmp_path.iterdir())


def test_check_says_what_a_config_would_be_and_writes_nothing(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    found = sim.check(MINIMAL, set={"run.replications": 30})

    assert found.loaded.config.run.replications == 30
    assert found.proposed_usd_bn == pytest.approx(sum(row.usd_bn for row in found.proposed))
    assert found.effort.replications == 30
    assert found.effort.most_disk_bytes > found.effort.disk_bytes
    assert repr(found).startswith("Checked('minimal', proposed USD ")
    assert not list(tmp_path.iterdir())


def test_compare_takes_runs_and_folders_and_an_earlier_run_lacks_what_it_did_not_know(
    run: sim.Run, tmp_path: Path, no_figures: None
):
    other = sim.run(sim.load(MINIMAL, {"programme.envelope_usd_bn": 5}), 12, out=tmp_path / "low")
    table = other.outcomes.drop(columns=["topup_usd_bn_by_end"])
    table.to_csv(other.folder / "outcomes.csv", index=False)
    manifest = json.loads((other.folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"]["outcomes.csv"] = checksum(other.folder / "outcomes.csv")
    (other.folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    done = sim.compare(run, other.folder, out=tmp_path / "compared")

    assert repr(done) == f"Comparison('{tmp_path / 'compared'}', low against run)"
    told = set(done.differences.response)
    assert "committed_usd_bn_by_deadline" in told
    assert "topup_usd_bn_by_end" not in told
    assert set(done.twins.scenario) == {"low"}
    assert (done.folder / "differences.csv").is_file()
    assert sim.compare(run, other.folder, out=tmp_path / "compared").up_to_date


def test_sensitivity_takes_a_sweep_or_its_folder_and_writes_only_when_asked(tmp_path: Path):
    file = tmp_path / "desks.yaml"
    (tmp_path / "minimal.yaml").write_bytes(MINIMAL.read_bytes())
    file.write_text(
        "schema: 1\nsweep: desks\nbase: minimal.yaml\nreplications: 3\ndesign: {kind: grid}\n"
        "factors: {desks: {path: capacity.facilities.jbic.desks, levels: [1, 3]}}\n",
        encoding="utf-8",
    )
    done = sim.sweep(file, out=tmp_path / "out")

    found = sim.sensitivity(done, ["paid_usd_bn_by_end"])

    assert set(found.effects.factor) == {"desks"}
    assert set(found.variance.response) == {"paid_usd_bn_by_end"}
    assert "<th>factors</th><td>desks</td>" in done._repr_html_()
    assert not (done.folder / "sensitivity.csv").exists()
    sim.sensitivity(done.folder, ["paid_usd_bn_by_end"]).write()
    assert (done.folder / "sensitivity.csv").is_file()


def test_a_run_draws_its_figures_as_png_too_where_asked_also_when_up_to_date(tmp_path: Path):
    drawn = sim.run(MINIMAL, replications=2, out=tmp_path / "run", png=True).folder / "figures"
    named = sorted(path.name for path in drawn.iterdir())
    assert {Path(name).suffix for name in named} == {".svg", ".png"}
    for path in drawn.glob("*.png"):
        path.unlink()
    assert sim.run(MINIMAL, replications=2, out=tmp_path / "run", png=True).up_to_date
    assert sorted(path.name for path in drawn.iterdir()) == named
