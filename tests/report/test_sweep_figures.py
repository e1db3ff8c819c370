"""Figures of sweeps: units on the axes, no band that n cannot support, the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import FillBetweenPolyCollection
from matplotlib.colors import to_hex
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.text import Text

import sim
from sim.errors import DesignError
from sim.events import RESPONSES
from sim.report import draw_comparison, draw_sweep, picture
from sim.report.figures.comparisons import comparison
from sim.report.figures.numbers import PlainNumbers
from sim.report.figures.sweep_effects import index_plot, tornado
from sim.study.findings.effects import sensitivity
from sim.study.findings.labels import response_label

RESPONSE = "completed_usd_bn_by_end"
EFFECT = ["response", "factor", "measure", "estimate", "low", "high", "verdict", "decided",
          "too_imprecise", "note", "label"]  # fmt: skip


def texts(figure: Figure) -> str:
    shown = (text.get_text() for text in figure.findobj(Text) if text.get_visible())
    return " ".join(" ".join(shown).split())


def made_sweep(folder: Path, n: int, kind: str = "grid", **outcomes: Any) -> sim.Sweep:
    """Desks of 10, 20, 40 by two modes on a grid, or desks alone drawn at 40 points."""
    if kind == "grid":
        pairs = [(desks, mode) for desks in (10, 20, 40) for mode in ("slow", "fast")]
        design = pd.DataFrame(pairs, columns=["desks", "mode"])
        factors = {
            "desks": {"label": "Desks of JBIC", "unit": "people", "levels": ["10", "20", "40"]},
            "mode": {"label": "Mode", "unit": "", "levels": ["slow", "fast"]},
        }
    else:
        unit = (np.arange(40) + 0.5) / 40
        design = pd.DataFrame({"desks": 10 + 30 * unit, "unit:desks": unit})
        factors = {"desks": {"label": "Desks of JBIC", "unit": "people", "levels": []}}
    points = len(design)
    design["config_hash"] = [str(point) for point in range(points)]
    design.insert(0, "design_point", range(points))
    keys = [(point, world) for point in range(points) for world in range(n)]
    table = pd.DataFrame(keys, columns=["design_point", "replication"])
    value = design["desks"].to_numpy(float)[table["design_point"]] * 10 + table["replication"]
    table[RESPONSE] = outcomes.get("value", value)
    folder.mkdir()
    design.to_parquet(folder / "design.parquet")
    table.to_parquet(folder / "outcomes.parquet")
    said = {"name": "made", "points": points, "replications": n, "seed": 7, "design": kind,
            "settings": {}, "factors": factors}  # fmt: skip
    return sim.Sweep(folder, said)


def one_at_a_time(folder: Path, hash_of_slow: str) -> sim.Sweep:
    """A base point, three levels of desks, two of mode; ``slow`` is spelt unlike the base's."""
    sweep = made_sweep(folder / "sweep", 20)
    sweep.manifest["design"] = "one_at_a_time"
    sweep.design["varied"] = [-1, 0, 0, 0, 1, 1]
    sweep.design["mode"] = ["slowly", "slowly", "slowly", "slowly", "slow", "fast"]
    sweep.design.loc[4, "config_hash"] = hash_of_slow
    return sweep


def effects(*rows: tuple[str, float, float, float, str]) -> pd.DataFrame:
    found = [
        (RESPONSE, "desks", measure, at, low, high, verdict, bool(verdict), False, "", "Desks")
        for measure, at, low, high, verdict in rows
    ]
    return pd.DataFrame(found, columns=EFFECT)


def differences() -> pd.DataFrame:
    rows = [
        (RESPONSE, "USD bn", 20.0, 5.0, 0.001),
        ("late_calls", "calls", 0.2, 0.1, 0.2),
        ("declined_count", "projects", 0.1, 0.4, 0.6),
        ("selected_count", "projects", 0.0, 0.0, 1.0),
    ]
    return pd.DataFrame(
        {"scenario": "much", "against": "base", "response": response, "unit": unit, "n": 25,
         "n_against": 25, "paired": True, "difference": at, "low": at - half, "high": at + half,
         "p_adjusted": p, "decided": p <= 0.05}
        for response, unit, at, half, p in rows
    )  # fmt: skip


@pytest.mark.parametrize("n", [19, 20])
def test_bands_stand_on_twenty_replications_and_below_the_figure_says_there_are_none(tmp_path, n):
    figure = made_sweep(tmp_path / "sweep", n).figure("response", RESPONSE)

    bands = len(figure.findobj(FillBetweenPolyCollection))
    bars = [one for axes in figure.axes for one in axes.containers
            if isinstance(one, ErrorbarContainer)]  # fmt: skip
    assert (bands, len(bars)) == ((1, 2) if n == 20 else (0, 0))
    assert ("19 replications are too few for a 5-95 % band" in texts(figure)) == (n == 19)


def test_a_response_against_its_factors_has_units_on_its_axes(tmp_path):
    figure = made_sweep(tmp_path / "sweep", 20).figure("response", RESPONSE)

    assert figure.axes[0].get_ylabel() == "Completed by the end of the run, USD bn"
    assert [axes.get_xlabel() for axes in figure.axes] == ["Desks of JBIC, people", "Mode"]
    assert "made, 6 design points 20 replications, seed 7" in texts(figure)


def test_a_drawn_factor_is_cut_into_quantile_bins_and_the_figure_says_so(tmp_path):
    figure = made_sweep(tmp_path / "sweep", 20, "latin_hypercube").figure("response", RESPONSE)

    assert "(or in a quantile bin)" in texts(figure)
    bars = [one for one in figure.axes[0].containers if isinstance(one, ErrorbarContainer)]
    medians = [float(bar.lines[0].get_ydata()[0]) for bar in bars]
    assert len(medians) == 8
    assert all(np.diff(medians) > 0)


def test_the_levels_of_points_drawn_apart_are_not_joined_by_lines(tmp_path):
    """What changes from level to level there is the other factors too."""
    figure = made_sweep(tmp_path / "sweep", 20, "latin_hypercube").figure("response", RESPONSE)

    lines = [line for line in figure.axes[0].lines
             if line.get_linestyle() != "None" and len(line.get_xdata()) > 2]  # fmt: skip
    assert lines == []
    assert figure.findobj(FillBetweenPolyCollection) == []
    assert "Small grey dots: means of single design points" in texts(figure)
    assert "Large dots: medians of 20 replications" in texts(figure)


def test_one_at_a_time_leaves_the_points_of_other_factors_out_of_a_level(tmp_path):
    axes = one_at_a_time(tmp_path, "0").figure("response", RESPONSE, "mode").axes[0]

    assert [one.get_text() for one in axes.get_xticklabels()] == ["slow", "fast"]
    assert len(axes.lines[0].get_xdata()) == 3  # the base and the two points of its own


def test_a_level_with_another_config_than_the_base_stands_beside_it(tmp_path):
    axes = one_at_a_time(tmp_path, "other").figure("response", RESPONSE, "mode").axes[0]

    assert [one.get_text() for one in axes.get_xticklabels()] == ["base", "slow", "fast"]


def test_a_heat_map_prints_its_means_and_the_unit(tmp_path):
    figure = made_sweep(tmp_path / "sweep", 5).figure("heat_map", RESPONSE, "mode", "desks")

    shown = texts(figure)
    for mean in ("102", "202", "402"):
        assert shown.count(mean) == 2
    assert figure.axes[0].get_xlabel() == "Desks of JBIC, people"
    assert figure.axes[1].get_ylabel() == "Completed by the end of the run, USD bn"


def test_a_heat_map_says_what_it_shows(tmp_path):
    figure = made_sweep(tmp_path / "sweep", 5).figure("heat_map", RESPONSE, "mode", "desks")

    assert figure.get_suptitle() == "Completed by the end of the run"
    assert "Mean by Mode and Desks of JBIC, people" in texts(figure)


@pytest.mark.parametrize(
    ("apart", "words"),
    [
        (0.0, "The response does not vary between the cells."),
        (0.0005, "its means differ by less than a thousandth"),
    ],
)
def test_a_heat_map_of_a_response_that_does_not_vary_has_one_colour(tmp_path, apart, words):
    value = np.repeat(109.3 + apart * np.arange(6), 5)
    figure = made_sweep(tmp_path / "sweep", 5, value=value).figure("heat_map", RESPONSE)

    assert words in texts(figure)
    assert len(figure.axes) == 1  # no bar of colours
    (image,) = figure.axes[0].images
    assert len(np.unique(image.get_array().compressed())) == 1


def test_a_heat_map_of_replication_noise_alone_has_one_colour(tmp_path):
    worlds = np.arange(30)  # six points in five worlds, each its own
    value = 100 + 9 * np.sin(worlds * worlds)
    sweep = made_sweep(tmp_path / "sweep", 5, value=value)

    assert "by more than replication noise alone gives" in texts(sweep.figure("heat_map", RESPONSE))


def test_a_tornado_of_next_to_nothing_is_drawn_as_small_as_it_is():
    table = effects(("20 against 10", 0.001, 0.0005, 0.0015, "raises it"))

    figure = tornado(table, RESPONSE, "made", mean=109.3)

    assert figure.axes[0].get_xlim() == pytest.approx((-1.093, 1.093))
    assert "No factor moves the response by a thousandth of its mean, 109" in texts(figure)


def test_real_dates_stand_in_figures_where_they_are_known():
    dates = {"end": "31 December 2035", "2029_end": "31 December 2029"}

    figure = tornado(effects(), RESPONSE, "made", dates=dates)

    assert "Completed by 31 December 2035, USD bn" in texts(figure)
    label = response_label("completed_usd_bn_by_2029_end", dates=dates)
    assert label == "Completed by 31 December 2029, USD bn"
    table = comparison(differences(), "made", dates)
    assert "Completed by 31 December 2035" in texts(table)


def test_a_tornado_hatches_what_is_not_decided_and_has_the_unit():
    table = effects(("20 against 10", 5, 4, 6, "raises it"), ("40 against 10", -1, -3, 1, ""))

    axes = tornado(table, RESPONSE, "made").axes[0]

    assert axes.get_xlabel() == "change of the response, USD bn"
    hatches = {bar.get_width(): bar.get_hatch() for bar in axes.patches}
    assert hatches == {5.0: None, -1.0: "///"}


def test_a_tornado_names_both_levels_whatever_they_are_called(tmp_path):
    sweep = made_sweep(tmp_path / "sweep", 5)
    sweep.manifest["factors"]["mode"]["levels"] = ["slow", "less of it"]

    labels = sweep.figure("tornado", RESPONSE).axes[0].get_yticklabels()

    assert {one.get_text() for one in labels} == {
        "Desks of JBIC, people:\n20 against 10",
        "Desks of JBIC, people:\n40 against 10",
        "Mode:\nless of it against slow",
    }


def test_one_at_a_time_names_the_quantiles_that_stand_for_a_distribution(tmp_path):
    sweep = one_at_a_time(tmp_path, "0")
    sweep.manifest["factors"]["desks"]["levels"] = []
    sweep.manifest["factors"]["mode"]["levels"] = ["fast"]
    sweep.design["varied"] = [-1, 0, 0, 0, -2, 1]
    sweep.design["desks"] = [10.0, 150000.0, 10.0, 1350000.0, 10.0, 10.0]

    found = sensitivity(sweep, [RESPONSE])[0].effects

    assert {one.factor: one.measure for one in found} == {
        "desks": "1,350,000 against 150,000",
        "mode": "fast against the base",
    }


def test_no_hopeless_interval_stretches_the_scale_of_shares():
    table = effects(("S1", 0.5, -2000, 2000, ""), ("ST", 0.6, 0.1, 1.1, ""))

    for axes in index_plot(table, RESPONSE, "made").axes:
        assert axes.get_xlim() == pytest.approx((-1.05, 1.55))


@pytest.mark.parametrize(
    ("ticks", "shown"),
    [
        ([0, 0.015, 0.03], ["0.000", "0.015", "0.030"]),
        ([-500000, 0, 500000], ["−500,000", "0", "500,000"]),
        ([1200000.5, 1200001], ["1,200,000.5", "1,200,001.0"]),
        ([0, 0], ["0", "0"]),
    ],
)
def test_ticks_are_written_as_people_write_numbers(ticks, shown):
    assert PlainNumbers().format_ticks(ticks) == shown


def test_a_response_is_named_in_words():
    assert response_label("completed_count_by_2029_end") == (
        "Projects operating by the end of the programme"
    )
    assert response_label("paid_at_least_0.9_of_envelope_by_deadline", unit=False) == (
        "Paid at least 90 % of the envelope by the deadline"
    )
    for name in RESPONSES:
        assert "_" not in response_label(name)


def test_an_index_that_is_not_told_from_none_is_hollow():
    table = effects(("S1", 0.5, 0.45, 0.55, "matters"), ("ST", 0.6, 0.1, 1.1, ""))

    figure = index_plot(table, RESPONSE, "made")

    faces = [to_hex(line.get_markerfacecolor()) for axes in figure.axes for line in axes.lines
             if line.get_marker() == "o"]  # fmt: skip
    assert [face == "#ffffff" for face in faces] == [False, True]
    assert [axes.get_xlabel() for axes in figure.axes] == ["share of variance"] * 2


def test_a_comparison_scales_each_difference_by_its_half_width_and_fills_what_is_decided():
    figure = comparison(differences(), "made")

    marks = {line.get_marker() + ("" if to_hex(line.get_markerfacecolor()) != "#ffffff" else " "):
             float(line.get_xdata()[0]) for line in figure.axes[0].lines
             if line.get_marker() in ("D", "o")}  # fmt: skip
    assert marks == pytest.approx({"D": 4.0})  # 0.2 +- 0.1 is not after adjusting
    assert "+20.0 (15.0 to 25.0)" in texts(figure)
    assert "Left out: 3 of 4 responses (3 not decided or without a difference)" in texts(figure)


def test_where_nothing_is_decided_a_comparison_draws_what_differs_hollow():
    figure = comparison(differences().assign(decided=False), "made")

    assert all(f"in {unit}:" in texts(figure) for unit in ("USD bn", "calls", "projects"))
    assert not any(line.get_marker() == "D" for line in figure.axes[0].lines)


def test_a_response_without_values_does_not_make_a_comparison_one_of_independent_samples():
    table = differences()
    table.loc[2, ["paired", "n", "n_against", "low", "high"]] = [False, 0, 0, np.nan, np.nan]

    assert "in pairs, on 25 common worlds" in texts(comparison(table, "made"))
    table["paired"] = False
    assert "INDEPENDENT samples: no common worlds" in texts(comparison(table, "made"))


def test_of_many_decided_differences_the_largest_twenty_are_drawn():
    one = differences()[:1]
    table = pd.concat([one.assign(difference=float(at), low=at - 1.0, high=at + 1.0)
                       for at in range(2, 77)], ignore_index=True)  # fmt: skip

    figure = comparison(table, "made")

    drawn = [float(line.get_xdata()[0]) for line in figure.axes[0].lines
             if line.get_marker() == "D"]  # fmt: skip
    assert drawn == pytest.approx(list(range(76, 56, -1)))
    assert "Left out: 55 of 75 responses (55 decided but smaller, 0 not" in texts(figure)


def test_a_comparison_with_a_large_difference_has_plain_numbers_on_an_uneven_scale():
    table = differences()
    table.loc[0, ["difference", "low", "high"]] = [-900.0, -901.0, -899.0]
    table.loc[1, ["difference", "low", "high"]] = [2.0, 2.0, 2.0]
    table["decided"] = True

    figure = comparison(table, "made")

    shown = texts(figure)
    assert "−900.0 (−901.0 to −899.0)" in shown
    assert "+2.00 in every world" in shown
    assert "logarithmic beyond" in shown
    ticks = [one.get_text() for one in figure.axes[0].get_xticklabels()]
    assert set(ticks) >= {"−1,000", "−100", "−10", "−2", "0", "2"}
    assert "Left out: 1 of 4 responses" in shown


@pytest.mark.parametrize("form", ["svg", "png"])
def test_the_same_tables_give_the_same_bytes(tmp_path, form):
    sweep = made_sweep(tmp_path / "sweep", 20)

    for name in ("response", "heat_map", "tornado"):
        first, second = (picture(sweep.figure(name, RESPONSE), form) for _ in range(2))
        assert first == second
    first, second = (picture(comparison(differences(), "made"), form) for _ in range(2))
    assert first == second


def test_what_is_empty_says_so(tmp_path):
    sweep = made_sweep(tmp_path / "sweep", 20, value=np.nan)

    for name in ("response", "heat_map"):
        assert "the response is not defined at any point" in texts(sweep.figure(name, RESPONSE))
    assert "no effect has an estimate" in texts(tornado(effects(), RESPONSE, "made"))
    assert "no effect has an estimate" in texts(index_plot(effects(), RESPONSE, "made"))
    assert "no response differs" in texts(comparison(differences()[:0], "made"))


def test_an_unknown_figure_response_or_factor_is_refused_with_what_is_accepted(tmp_path):
    sweep = made_sweep(tmp_path / "sweep", 3)

    with pytest.raises(DesignError, match=r"no figure 'tornadoo'.*did you mean tornado\?"):
        sweep.figure("tornadoo")
    with pytest.raises(DesignError, match=r"no response profit; accepted: completed"):
        sweep.figure("response", "profit")
    with pytest.raises(DesignError, match=r"no factor teams; accepted: desks, mode"):
        sweep.figure("response", RESPONSE, "teams")


def test_files_are_named_by_figure_and_response_or_scenario(tmp_path):
    written = draw_sweep(made_sweep(tmp_path / "sweep", 3), "heat_map", [RESPONSE])
    differences().to_csv(tmp_path / "differences.csv", index=False)
    written += draw_comparison(tmp_path, ("svg", "png"))

    assert [path.name for path in written] == [
        f"heat_map_{RESPONSE}.svg",
        "comparison_much.svg", "comparison_much.png",
    ]  # fmt: skip
    assert all(path.stat().st_size for path in written)
