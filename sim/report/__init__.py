"""Figures and stories of what is finished: they format and select, they never simulate.

Importing this room loads nothing: figures need matplotlib, what only words something does not.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.report.figures.backtest import draw_backtest
    from sim.report.figures.bottlenecks import draw_bottlenecks
    from sim.report.figures.figures import FIGURES, draw, draw_all, picture
    from sim.report.figures.letters import names_of, unreadable
    from sim.report.figures.readings import draw_readings
    from sim.report.figures.sweep_figures import (
        SWEEP_FIGURES,
        draw_comparison,
        draw_of_sweep,
        draw_sweep,
        quick_figures,
    )
    from sim.report.page import write_page
    from sim.report.story.project import tell_project
    from sim.report.story.tariffs import tell_tariffs

_HOMES = {
    "figures.backtest": ("draw_backtest",),
    "figures.bottlenecks": ("draw_bottlenecks",),
    "figures.sweep_figures": (
        "SWEEP_FIGURES", "draw_comparison", "draw_of_sweep", "draw_sweep", "quick_figures",
    ),
    "figures.figures": ("FIGURES", "draw", "draw_all", "picture"),
    "figures.letters": ("names_of", "unreadable"),
    "figures.readings": ("draw_readings",),
    "page": ("write_page",),
    "story.project": ("tell_project",),
    "story.tariffs": ("tell_tariffs",),
}  # fmt: skip

__all__ = [
    "FIGURES", "SWEEP_FIGURES", "draw", "draw_all", "draw_backtest", "draw_bottlenecks",
    "draw_comparison", "draw_of_sweep", "draw_readings", "draw_sweep", "names_of", "picture",
    "quick_figures", "tell_project", "tell_tariffs", "unreadable", "write_page",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            value = getattr(import_module(f"sim.report.{home}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'sim.report' has no attribute {name!r}")
