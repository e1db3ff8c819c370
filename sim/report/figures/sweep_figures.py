"""Figures of a finished sweep or comparison by name, and the files they are written to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from sim.errors import DesignError
from sim.report.figures import sweep_frames as frames
from sim.report.figures import sweep_panels
from sim.report.figures.comparisons import comparison
from sim.report.figures.figures import SVG, save, unknown_figure
from sim.report.figures.sweep_effects import index_plot, tornado
from sim.study.findings.comparison_folder import read_dates
from sim.study.findings.effects import METHODS, Found, sensitivity
from sim.study.findings.sweep_results import SweepTables
from sim.study.run.collector import garbage_left
from sim.study.run.stale import link_results

if TYPE_CHECKING:
    import pandas as pd

SWEEP_FIGURES = ("response", "heat_map", "tornado", "indices")
# Drawn when no response is asked for, where they vary.
SHOWN = ("paid_usd_bn_by_deadline", "completed_usd_bn_by_end", "days_selection_to_ntp_p50")
_JOINED = ("grid", "one_at_a_time", "table")  # designs in which a line from level to level is fair
_TORNADO_DESIGNS = ("grid", "one_at_a_time")
_MOST_BINS = 5  # of a factor of a heat map


def figures_of(sweep: SweepTables) -> tuple[str, ...]:
    """Names of the figures that the design of a sweep allows."""
    kind = sweep.manifest["design"]
    allowed, n_factors = ["response"], len(sweep.factors)
    if (n_factors == 2 and kind != "one_at_a_time") or (n_factors > 2 and kind == "grid"):
        allowed.append("heat_map")
    if kind in METHODS:
        allowed.append("tornado" if kind in _TORNADO_DESIGNS else "indices")
    return tuple(allowed)


def quick_figures(sweep: SweepTables) -> tuple[str, ...]:
    """Those of `figures_of` that take no analysis of the design."""
    return tuple(name for name in figures_of(sweep) if name in ("response", "heat_map"))


def draw_of_sweep(
    sweep: SweepTables,
    name: str,
    response: str | None = None,
    factors: Sequence[str] = (),
    found: Found | None = None,
    confidence: float = 0.95,
) -> Figure:
    """Draw one figure of a sweep.

    Parameters
    ----------
    sweep : SweepTables
    name : str
        One of `SWEEP_FIGURES` that the design allows.
    response : str, optional
        The first of `SHOWN` that varies by default.
    factors : sequence of str, optional
        Of ``response``: all by default; of ``heat_map``: rows and columns, the first two by
        default.
    found : Found, optional
        Effects that are computed already.
    confidence : float
        Of the intervals of effects.

    Raises
    ------
    DesignError
        If there is no such figure, response or factor.
    """
    allowed = figures_of(sweep)
    if name not in allowed:
        raise unknown_figure(name, allowed, f" of a sweep of kind {sweep.manifest['design']}")
    response = response or responses_shown(sweep)[0]
    made = frames.made_from_sweep(sweep)
    if name == "response":
        axes = [frames.axis_of(sweep, factor) for factor in factors or sweep.factors]
        panels = [
            (
                axis,
                frames.response_table(sweep, response, axis),
                frames.point_table(sweep, response, axis),
            )
            for axis in axes
        ]
        joined = sweep.manifest["design"] in _JOINED
        n = sweep.manifest["replications"]
        return sweep_panels.response_plot(panels, response, made, n, sweep.dates, joined)
    if name == "heat_map":
        two = tuple(factors) or sweep.factors[:2]
        if len(two) != 2 or len(set(two)) != 2:
            raise DesignError(f"heat_map: factors {', '.join(two)}; accepted: two different ones")
        rows, columns = (frames.axis_of(sweep, factor, _MOST_BINS) for factor in two)
        table = frames.cell_table(sweep, response, rows, columns)
        still = frames.stillness(sweep, response, table)
        return sweep_panels.heat_map(table, rows, columns, response, made, sweep.dates, still)
    found = found or sensitivity(sweep, [response], confidence)[0]
    effects = frames.effect_table(sweep, found)
    if name == "indices":
        return index_plot(effects, response, made, confidence, sweep.dates)
    mean = frames.mean_of(sweep, response)
    return tornado(effects, response, made, confidence, sweep.dates, mean)


def responses_shown(sweep: SweepTables) -> tuple[str, ...]:
    """Responses to draw when none is asked for: those of `SHOWN` that vary, else the first."""
    varying = [name for name in SHOWN if name in sweep.responses and _varies(sweep, name)]
    return tuple(varying) or sweep.responses[:1]


def _varies(sweep: SweepTables, name: str) -> bool:
    values = sweep.response(name)
    values = values[~np.isnan(values)]
    return values.size > 0 and float(np.ptp(values)) > 0


def draw_sweep(
    sweep: SweepTables,
    only: str | None = None,
    responses: Sequence[str] = (),
    found: Sequence[Found] = (),
    confidence: float = 0.95,
    forms: Sequence[str] = SVG,
) -> list[Path]:
    """Draw the figures of a sweep into its folder ``figures``.

    Parameters
    ----------
    sweep : SweepTables
    only : str, optional
        This figure only; all that the design allows by default.
    responses : sequence of str, optional
        Those of `responses_shown` by default.
    found : sequence of Found
        Effects that are computed already.
    confidence : float
    forms : sequence of str
        Some of ``svg`` and ``png``.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    DesignError
        If there is no such figure or response.
    StoreError
        If the disk refuses.
    """
    place, written = sweep.folder / "figures", []
    effects = {one.response: one for one in found}
    for response in responses or responses_shown(sweep):
        for name in (only,) if only else figures_of(sweep):
            with garbage_left():
                figure = draw_of_sweep(
                    sweep, name, response, found=effects.get(response), confidence=confidence
                )
                written += save(figure, place, f"{name}_{response}", forms)
    link_results(sweep.folder, sweep.manifest)
    return written


def draw_comparison(folder: Path, forms: Sequence[str] = SVG) -> list[Path]:
    """Draw ``differences.csv`` of a folder of `sim compare`, a figure for each scenario.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    import pandas as pd

    table: pd.DataFrame = pd.read_csv(folder / "differences.csv", engine="pyarrow")
    written = []
    for scenario in dict.fromkeys(table["scenario"]):
        own = table[table["scenario"] == scenario]
        most = own[["n", "n_against"]].max()
        made = f"{scenario} and {own['against'].iloc[0]}\n{most['n']:,}"
        made += "" if most["n"] == most["n_against"] else f" and {most['n_against']:,}"
        figure = comparison(own, f"{made} replications", read_dates(folder))
        written += save(figure, folder / "figures", f"comparison_{scenario}", forms)
    return written
