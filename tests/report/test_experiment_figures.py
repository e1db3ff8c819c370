"""Figures of experiments: units on the axes, no band that n cannot support, the same bytes."""

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
from sim.report import draw_comparison, draw_sweep, picture
from sim.report.comparisons import comparison
from sim.report.experiments import index_plot, tornado

RESPONSE = "completed_usd_bn_by_end"
EFFECT = ["response", "factor", "measure", "estimate", "low", "high", "claim", "withheld", "label"]


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


def effects(*rows: tuple[str, float, float, float, str]) -> pd.DataFrame:
    found = [
        (RESPONSE, "desks", measure, at, low, high, claim, "" if claim else "too wide", "Desks")
        for measure, at, low, high, claim in rows
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
         "p_adjusted": p, "decided": abs(at) > half}
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

    assert figure.axes[0].get_ylabel() == "Completed by end, USD bn"
    assert [axes.get_xlabel() for axes in figure.axes] == ["Desks of JBIC, people", "Mode"]
    assert "made, 6 design points 20 replications, seed 7" in texts(figure)


def test_a_drawn_factor_is_cut_into_quantile_bins_and_the_figure_says_so(tmp_path):
    figure = made_sweep(tmp_path / "sweep", 20, "latin_hypercube").figure("response", RESPONSE)

    assert "(or in a quantile bin)" in texts(figure)
    medians = figure.axes[0].lines[-1]
    assert len(medians.get_xdata()) == 8
    assert all(np.diff(medians.get_ydata()) > 0)


def test_one_at_a_time_leaves_the_points_of_other_factors_out_of_a_level(tmp_path):
    sweep = made_sweep(tmp_path / "sweep", 20)
    sweep.design["varied"] = [-1, 0, 0, 1, 1, 1]
    sweep.manifest["design"] = "one_at_a_time"
    sweep.design["mode"] = ["slow", "slow", "slow", "slow", "fast", "fast"]

    axes = sweep.figure("response", RESPONSE, "mode").axes[0]

    assert [one.get_text() for one in axes.get_xticklabels()] == ["slow", "fast"]
    assert len(axes.lines[0].get_xdata()) == 4  # the base and the three points of its own


def test_a_heat_map_prints_its_means_and_the_unit(tmp_path):
    figure = made_sweep(tmp_path / "sweep", 5).figure("heat_map", RESPONSE, "mode", "desks")

    shown = texts(figure)
    for mean in ("102", "202", "402"):
        assert shown.count(mean) == 2
    assert figure.axes[0].get_xlabel() == "Desks of JBIC, people"
    assert figure.axes[1].get_ylabel() == "Completed by end, USD bn"


def test_a_tornado_hatches_what_is_withheld_and_has_the_unit():
    table = effects(("20 less 10", 5, 4, 6, "moves it"), ("40 less 10", -1, -3, 1, ""))

    axes = tornado(table, RESPONSE, "made").axes[0]

    assert axes.get_xlabel() == "change of the response, USD bn"
    hatches = {bar.get_width(): bar.get_hatch() for bar in axes.patches}
    assert hatches == {5.0: None, -1.0: "///"}


def test_an_index_without_claim_is_hollow():
    table = effects(("S1", 0.5, 0.45, 0.55, "explains"), ("ST", 0.6, 0.1, 1.1, ""))

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
    assert marks == pytest.approx({"D": 4.0, "o": 2.0, "o ": 0.25})
    assert "+20.0 (15.0 to 25.0)" in texts(figure)
    assert all(f"in {unit}:" in texts(figure) for unit in ("USD bn", "calls", "projects"))
    assert "Not drawn: 1 of 4 responses" in texts(figure)


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
    written += draw_comparison(tmp_path)

    assert [path.name for path in written] == [
        f"heat_map_{RESPONSE}.svg", f"heat_map_{RESPONSE}.png",
        "comparison_much.svg", "comparison_much.png",
    ]  # fmt: skip
    assert all(path.stat().st_size for path in written)
