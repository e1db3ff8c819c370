"""Figures and stories of a finished run: they format and select, they never simulate."""

from sim.report.figures import FIGURES, draw, draw_all, picture
from sim.report.frames import RunLike
from sim.report.story import story

__all__ = ["FIGURES", "RunLike", "draw", "draw_all", "picture", "story"]
