"""``sim plot``, and the figures that other verbs leave beside their tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

import sim
from sim.errors import DesignError


def print_plot(
    folder: Path, what: str | None, responses: Sequence[str] = (), png: bool = False
) -> None:
    """Draw the figures of a run, sweep or comparison again; print the files written."""
    from sim import report

    forms = ("svg", "png") if png else ("svg",)
    names: list[str] = []
    if _is_sweep_folder(folder):
        sweep = sim.open_sweep(folder)
        names = [said["label"] for said in sweep.manifest["factors"].values()]
        written = report.draw_sweep(sweep, what, responses, forms=forms)
    elif responses:
        raise DesignError(f"--response goes with a sweep folder; {folder} is none")
    elif (folder / "differences.csv").is_file() and not (folder / "manifest.json").exists():
        if what not in (None, "comparison"):
            raise DesignError(f"there is no figure {what!r} of a comparison; accepted: comparison")
        written = report.draw_comparison(folder, forms)
    else:
        run = sim.open(folder)
        names = report.names_of(run.config)
        written = report.draw_all(run, only=what, forms=forms, every=True)
    for path in written:
        click.echo(path)
    if png and (lost := report.unreadable(names)):
        more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
        click.echo(f"no installed font has the letters of {lost[0]}{more}: ids are shown", err=True)


def draw_beside(folder: Path, draw: Callable[[Any], object]) -> None:
    """Draw by `sim.report`; a figure that fails is a warning and does not cost the results."""
    try:
        from sim import report

        draw(report)
    except Exception as error:
        click.echo(
            f"the figures could not be drawn ({type(error).__name__}: {error}); the results are "
            f"complete, and sim plot {folder} tries again",
            err=True,
        )


def _is_sweep_folder(folder: Path) -> bool:
    try:
        said = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(said, dict) and said.get("kind") == "sweep"
