"""Figures of made runs: what every one of them must say, and that they come out the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_runs import drawn, run_without_projects, small_run
from matplotlib.axes import Axes
from matplotlib.collections import FillBetweenPolyCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.errors import DesignError, StoreError
from sim.report import FIGURES, draw, draw_all, picture
from sim.report.figures.completion import title as completion_title
from sim.report.figures.figures import OF_A_RUN
from sim.report.figures.gantt import MOST_ROWS, gantt
from sim.report.figures.s_curves import title
from sim.study.findings.completion import completion

OVER_REPLICATIONS = ("s_curves", "specialists", "capacity")
UNITS = ("USD bn", "people", "%", "teams", "desks", "reviews")


def texts(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(Text) if text.get_visible())


def bands_in(figure: Figure) -> int:
    return len(figure.findobj(FillBetweenPolyCollection))


@pytest.mark.parametrize("name", FIGURES)
def test_the_footer_names_config_hash_replications_and_seed(name):
    run = small_run(25)

    shown = texts(drawn(name, 25))

    assert f"small, config {run.manifest['config_hash'][:12]}" in shown
    assert "25 replications, seed 7" in shown


@pytest.mark.parametrize("name", OVER_REPLICATIONS)
def test_every_axis_of_amounts_carries_its_unit(name):
    figure = drawn(name, 25)

    labelled = [axes for axes in figure.axes if axes.get_ylabel()]

    assert labelled
    for axes in labelled:
        assert any(unit in axes.get_ylabel() for unit in UNITS), axes.get_ylabel()


@pytest.mark.parametrize("name", OVER_REPLICATIONS)
def test_twenty_replications_or_more_have_bands_and_the_figure_says_what_they_are(name):
    figure = drawn(name, 25)

    assert bands_in(figure) > 0
    assert "medians of 25 replications" in texts(figure)


@pytest.mark.parametrize("name", OVER_REPLICATIONS)
@pytest.mark.parametrize(
    ("replications", "words"),
    [(1, "no 5-95 % band"), (5, "5 replications are too few for a 5-95 % band")],
)
def test_fewer_than_twenty_replications_have_no_band_and_the_figure_says_so(
    name, replications, words
):
    figure = drawn(name, replications)

    assert bands_in(figure) == 0
    assert words in texts(figure)


def test_each_replication_is_a_line_of_its_own_where_there_are_few():
    run = small_run(5)

    figure = drawn("s_curves", 5)

    panel = next(axes for axes in figure.axes if axes.get_title(loc="left").startswith("Paid"))
    lines = [line.get_ydata() for line in panel.lines if len(line.get_ydata()) > 20]
    wide = run.timeline.pivot(index="replication", columns="month", values="paid_usd_bn")
    assert np.array_equal(lines, wide.to_numpy())


@pytest.mark.parametrize(
    ("committed", "completed", "words"),
    [
        ([140.0, 150.0, 142.0, 144.0], [8.0, 8.4, 8.1, 8.3],
         "On average USD 144 bn of 550 are committed by 19 January 2029, "
         "8.2 run by the end of 2035"),
        ([40.0, 250.0, 142.0, 144.0], [8.0, 8.4, 8.1, 8.3], "From commitment to completion"),
        ([140.0, 150.0, 142.0, 144.0], [1.0, 28.4, 0.1, 3.3], "From commitment to completion"),
        ([140.0], [8.0], "From commitment to completion"),
    ],
)  # fmt: skip
def test_money_over_time_states_its_two_means_where_both_are_decided(committed, completed, words):
    outcomes = pd.DataFrame(
        {"committed_usd_bn_by_deadline": committed, "completed_usd_bn_by_end": completed}
    )

    assert title(replace(small_run(1), outcomes=outcomes)) == words


@pytest.mark.parametrize(("paid", "begins"), [((5.0, 5.1), "Of USD"), ((1.0, 9.0), "How far")])
def test_the_title_on_completion_is_withheld_while_a_mean_is_undecided(paid, begins):
    outcomes = pd.DataFrame({"paid_usd_bn_by_end": paid, "completed_usd_bn_by_end": (3.0, 3.1)})
    made = small_run(1)

    said = completion_title(replace(made, outcomes=outcomes), completion(made))

    assert said.startswith(begins)


@pytest.mark.parametrize("name", FIGURES)
def test_a_run_without_projects_is_drawn_and_says_that_there_is_nothing_to_show(name):
    figure = draw(run_without_projects(), name)

    assert "nothing to show" in texts(figure)
    assert picture(figure, "png").startswith(b"\x89PNG")


@pytest.mark.parametrize("name", FIGURES)
def test_two_drawings_give_the_same_bytes(name):
    first, second = drawn(name, 1), draw(small_run(1), name)

    assert picture(first, "svg") == picture(second, "svg")


def test_no_file_holds_a_date_or_the_version_that_drew_it():
    figure = drawn("specialists", 1)

    svg, png = picture(figure, "svg"), picture(figure, "png")
    assert b"<dc:date>" not in svg
    assert b"Matplotlib v" not in svg
    assert b"tEXt" not in png
    assert b"tIME" not in png


def test_drawing_all_writes_every_figure_of_a_run_in_the_forms_asked_for_and_nothing_else(
    tmp_path, monkeypatch
):
    for name, figure in [(name, drawn(name, 1)) for name in FIGURES]:
        monkeypatch.setitem(FIGURES, name, lambda run, figure=figure: figure)

    written = draw_all(small_run(1), tmp_path / "figures", forms=("svg", "png"), every=True)

    assert {path.name for path in written} == {
        f"{name}.{form}" for name in FIGURES for form in ("svg", "png")
    }
    assert sorted((tmp_path / "figures").iterdir()) == sorted(written)


def test_drawing_into_a_run_makes_its_folder_of_figures(tmp_path):
    run = replace(small_run(1), folder=tmp_path)

    written = draw_all(run, only="specialists")

    assert [path.relative_to(tmp_path).as_posix() for path in written] == [
        "figures/specialists.svg"
    ]


def test_a_run_leaves_the_few_figures_of_a_run(tmp_path, monkeypatch):
    figure = drawn("specialists", 1)
    for name in FIGURES:
        monkeypatch.setitem(FIGURES, name, lambda run: figure)

    written = draw_all(small_run(1), tmp_path)

    assert [path.stem for path in written] == [*OF_A_RUN]
    assert set(OF_A_RUN) < set(FIGURES)


def test_text_in_a_figure_is_text():
    svg = picture(drawn("specialists", 1), "svg").decode()

    assert "<text" in svg
    assert "Specialists" in svg


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "taken").write_text("")

    with pytest.raises(StoreError, match=r"cannot write .*specialists\.svg: .*not affected"):
        draw_all(small_run(1), tmp_path / "taken", only="specialists")


def test_an_unknown_figure_is_refused_with_the_nearest_name():
    with pytest.raises(DesignError, match=r"no figure 'gant'; did you mean gantt.*s_curves"):
        draw(small_run(1), "gant")


def test_an_unknown_format_is_refused():
    with pytest.raises(DesignError, match="no format 'pdf'; accepted: svg, png"):
        picture(drawn("gantt", 1), "pdf")


# --- the Gantt chart ------------------------------------------------------------------------


def test_the_gantt_chart_shows_named_projects_and_says_how_many_it_leaves_out():
    run = small_run(1)
    named = run.projects[run.projects["named"]]
    many = replace(run, projects=run.projects.loc[run.projects.index.repeat(5)].reset_index())

    few, crowded = gantt(run), gantt(many)

    assert str(named["project"].iloc[0]) in texts(few)
    assert f"all {len(run.projects)} shown" in texts(few)
    n = 5 * len(run.projects)
    assert f"{MOST_ROWS} of {n} shown. Left out: {n - MOST_ROWS} smaller" in texts(crowded)


def test_a_replication_without_projects_of_its_own_is_drawn_empty():
    assert "no project is proposed in replication 9" in texts(gantt(small_run(1), replication=9))


# --- the deadline ---------------------------------------------------------------------------


# By year, by yield or by sector.
MONEY = ("cash_by_party", "japan_irr_by_yield", "yen_by_year", "overruns", "missed_calls")


@pytest.mark.parametrize("name", [name for name in FIGURES if name not in MONEY])
def test_the_deadline_stands_in_every_figure_of_months(name):
    assert "allocation deadline 2029-01-19" in texts(drawn(name, 1))


# --- capacity -------------------------------------------------------------------------------


def test_capacity_has_the_worst_served_first_and_unlimited_is_said():
    figure = drawn("capacity_all", 25)

    panels = {axes.get_title(loc="left"): texts_of(axes) for axes in figure.axes}
    share = small_run(25).capacity.groupby("resource", observed=True)["share_of_time_at_limit"]
    assert share.mean().idxmax() == "specialists_electrical"
    assert next(iter(panels)) == "Electricians"
    assert panels["Electricians"].endswith("% of those wanted are missing")
    assert "unlimited" in panels["JBIC: cash, all years"]
    assert "never at the limit" in panels["Screening teams"]


def test_a_capacity_far_above_all_use_is_put_in_words_and_leaves_room_for_the_use():
    figure = drawn("capacity_all", 25)

    panel = next(axes for axes in figure.axes if axes.get_title(loc="left") == "Envelope")
    assert "capacity up to 550" in texts_of(panel)
    assert panel.get_ylim()[1] < 550


def test_slots_and_megawatts_have_panels_in_their_own_units():
    run = small_run(1)
    first = run.capacity["resource"].iloc[0]
    one = run.capacity[run.capacity["resource"] == first].astype({"resource": str, "unit": str})
    slots = one.assign(resource="equipment_turbines", unit="slots", in_use=3.0)
    megawatts = one.assign(resource="power_ercot", unit="MW", in_use=700.0)

    figure = draw(replace(run, capacity=pd.concat([one, slots, megawatts])), "capacity_all")

    units = {axes.get_title(loc="left"): axes.get_ylabel() for axes in figure.axes}
    assert units["equipment turbines"] == "slots"
    assert units["power ercot"] == "MW"
    assert "Slots: used are those granted in the calendar year. Megawatts:" in texts(figure)


def texts_of(axes: Axes) -> str:
    return "\n".join(text.get_text() for text in axes.texts)


@pytest.mark.parametrize("name", FIGURES)
def test_what_stands_beside_the_axes_stands_on_the_figure(name: str):
    figure = drawn(name, 20)
    canvas = figure.canvas.get_renderer()

    for axes in figure.axes:
        around = axes.get_tightbbox(canvas, for_layout_only=True)
        beyond = figure.bbox.get_points() - around.get_points()
        assert max(*beyond[0], *-beyond[1]) <= 2, beyond  # pixels
