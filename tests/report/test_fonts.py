"""Names in letters that the font of the figures does not have."""

from __future__ import annotations

import warnings

import pytest
from matplotlib import font_manager
from matplotlib.figure import Figure

from sim.report.figures import style
from sim.report.figures.figures import picture


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
