"""Names in letters that the font of the figures does not have."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path

import pytest
from made_runs import small_run
from matplotlib import font_manager
from matplotlib.figure import Figure

from sim.config import Config
from sim.report.figures import style
from sim.report.figures.figures import draw_all, picture
from sim.report.figures.letters import readable, unreadable


@style.styled
def _named(name: str) -> Figure:
    figure = Figure(layout="constrained")
    figure.subplots().set_yticks([0.5], [name])
    return figure


@pytest.mark.parametrize("form", ["svg", "png"])
def test_japanese_names_are_drawn_without_a_warning(form: str, monkeypatch: pytest.MonkeyPatch):
    mine = [font for font in font_manager.fontManager.ttflist if font.name.startswith("DejaVu")]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", mine)
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        assert picture(_named("東京ガス T1-01"), form)

    if form == "svg":
        assert "東京ガス T1-01" in picture(_named("東京ガス T1-01"), form).decode()


def test_a_font_for_japanese_that_is_installed_stands_behind_ours(monkeypatch: pytest.MonkeyPatch):
    import matplotlib as mpl

    entry = font_manager.FontEntry(name="IPAexGothic")
    ours = font_manager.FontEntry(name="DejaVu Sans")
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [entry, ours])

    with style.context():
        assert mpl.rcParams["font.sans-serif"] == ["DejaVu Sans", "IPAexGothic"]


def test_where_no_font_has_the_letters_a_png_shows_ids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    mine = [font for font in font_manager.fontManager.ttflist if font.name.startswith("DejaVu")]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", mine)
    run = small_run(1)
    project = next(iter(run.config.portfolio.projects))
    tree = run.config.model_dump(by_alias=True)
    tree["portfolio"]["projects"][project]["name"] = "東京ガス発電所"
    run = replace(run, config=Config.model_validate(tree))

    assert unreadable(["Ohio – gas", "東京ガス発電所"]) == ["東京ガス発電所"]
    assert readable(small_run(1)) is small_run(1)
    assert readable(run).config.portfolio.projects[project].name == project
    of_run = {"mine": lambda run: _named(run.config.portfolio.projects[project].name)}
    monkeypatch.setattr("sim.report.figures.figures.FIGURES", of_run)
    svg, png = draw_all(run, tmp_path, only="mine", forms=("svg", "png"))
    assert "東京ガス発電所" in svg.read_text(encoding="utf-8")
    assert png.read_bytes() == picture(_named(project), "png")
