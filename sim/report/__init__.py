"""Figures and stories of what is finished: they format and select, they never simulate."""

from sim.report.experiment_figures import (
    SWEEP_FIGURES,
    draw_comparison,
    draw_of_sweep,
    draw_sweep,
    quick_figures,
)
from sim.report.figures import FIGURES, draw, draw_all, picture
from sim.report.frames import RunLike
from sim.report.story import story

__all__ = [
    "FIGURES",
    "SWEEP_FIGURES",
    "RunLike",
    "draw",
    "draw_all",
    "draw_comparison",
    "draw_of_sweep",
    "draw_sweep",
    "picture",
    "quick_figures",
    "story",
]
