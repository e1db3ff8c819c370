"""Figures and stories of what is finished: they format and select, they never simulate."""

from sim.report.figures.backtest import draw_backtest
from sim.report.figures.bottlenecks import draw_bottlenecks
from sim.report.figures.experiment_figures import (
    SWEEP_FIGURES,
    draw_comparison,
    draw_of_sweep,
    draw_sweep,
    quick_figures,
)
from sim.report.figures.figures import FIGURES, draw, draw_all, picture
from sim.report.figures.readings import draw_readings
from sim.report.page import write_page
from sim.report.story.project import tell_project

__all__ = [
    "FIGURES",
    "SWEEP_FIGURES",
    "RunTables",
    "draw",
    "draw_all",
    "draw_backtest",
    "draw_bottlenecks",
    "draw_comparison",
    "draw_of_sweep",
    "draw_readings",
    "draw_sweep",
    "picture",
    "quick_figures",
    "tell_project",
    "write_page",
]
