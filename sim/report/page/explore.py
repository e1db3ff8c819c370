"""A page over a finished sweep: choose levels, read what was simulated there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import DesignError
from sim.report.page.page import render
from sim.study.design.words import plural
from sim.study.findings.explorer import explorer
from sim.study.run.files import put_text

if TYPE_CHECKING:
    from sim.study.findings.sweep_results import SweepTables

EXPLORER = "explore.html"
MOST_BYTES = 2_000_000


def explorer_of(sweep: SweepTables, most_bytes: int = MOST_BYTES) -> str:
    """The explorer of a finished sweep, as HTML.

    Raises
    ------
    DesignError
        If the sweep is no grid, or the page would be larger than ``most_bytes``.
    """
    found, said = explorer(sweep), sweep.manifest
    points, courses = plural(said["points"], "design point"), plural(said["replications"], "run")
    lead = (
        f"{points}, {courses} each, the same luck everywhere. Nothing is computed here and nothing "
        "is fetched: every answer was simulated."
    )
    shown = {
        "levers": [lever._asdict() for lever in found.levers],
        "responses": found.responses,
        "base": found.base,
        "points": found.points,
        "run": f"sim run {sweep.folder}/config.yaml",
    }
    page = render(
        "explore.html",
        "explore.js",
        title=said["title"] or said["name"],
        lead=lead,
        kicker="explorer over a finished sweep",
        shown=shown,
        is_base=found.is_base,
    )
    size = len(page.encode())
    if size > most_bytes:
        raise DesignError(
            f"the explorer of {sweep.folder} would have {size / 1e6:.1f} MB; accepted: up to "
            f"{most_bytes / 1e6:g} MB, so take levels out of its factors ({said['points']} points)"
        )
    return page


def write_explorer(sweep: SweepTables) -> Path:
    """Write `EXPLORER` into the sweep folder; raises what `explorer_of` and the disk do."""
    path = sweep.folder / EXPLORER
    put_text(path, explorer_of(sweep))
    return path
