"""Every figure by name, and the files they are written to: the same bytes each time."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

from matplotlib.figure import Figure

from sim.errors import DesignError, StoreError
from sim.report.figures import style
from sim.study.findings.run_results import RunTables
from sim.study.run.collector import garbage_left

FigureFunction: TypeAlias = Callable[[RunTables], Figure]


def _in(place: str) -> FigureFunction:
    """A function of a module that is loaded when the figure is drawn: a run draws four of them."""
    module, name = place.split(".")

    def draw_it(run: RunTables) -> Figure:
        made: Figure = getattr(import_module(f"sim.report.figures.{module}"), name)(run)
        return made

    return draw_it


FIGURES: dict[str, FigureFunction] = {
    "held": _in("held.held"),
    "gantt_p50": _in("schedule.gantt_p50"),
    "gantt": _in("gantt.gantt"),
    "s_curves": _in("s_curves.s_curves"),
    "specialists": _in("specialists.specialists"),
    "capacity": _in("capacity.capacity"),
    "capacity_all": _in("capacity.capacity_all"),
    "delays": _in("delays.delays"),
    "delays_hidden": _in("delays.delays_hidden"),
    "cash_by_party": _in("money.cash_by_party"),
    "japan_irr_by_yield": _in("money.japan_irr_by_yield"),
    "yen_by_year": _in("money.yen_by_year"),
    "overruns": _in("money.overruns"),
    "tariffs": _in("tariffs.tariffs"),
    "completion": _in("completion.completed_dollars"),
    "missed_calls": _in("missed_calls.missed_calls"),
}
# What a run leaves: no more than costs as much as some twenty replications. sim plot draws all.
OF_A_RUN = ("held", "gantt_p50", "s_curves", "delays")
SVG = ("svg",)
# Nothing that changes from one day, or one version of matplotlib, to the next.
_METADATA = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}


def draw(run: RunTables, name: str) -> Figure:
    """Draw one figure.

    Parameters
    ----------
    run : RunTables
        `sim.api.Run`, or anything with its tables.
    name : str
        One of `FIGURES`.

    Raises
    ------
    DesignError
        If there is no figure of that name.
    """
    if name not in FIGURES:
        raise unknown_figure(name, tuple(FIGURES))
    return FIGURES[name](run)


def unknown_figure(name: str, accepted: Sequence[str], of: str = "") -> DesignError:
    """What to raise for a name that is no figure."""
    near = get_close_matches(name, accepted, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return DesignError(f"there is no figure {name!r}{of}{hint}; accepted: {', '.join(accepted)}")


def draw_all(
    run: RunTables,
    folder: str | Path | None = None,
    only: str | None = None,
    forms: Sequence[str] = SVG,
    every: bool = False,
) -> list[Path]:
    """Draw the figures into a folder; a file appears whole or not at all.

    Parameters
    ----------
    run : RunTables
    folder : str or Path, optional
        ``figures`` in the run folder by default; made if need be.
    only : str, optional
        Draw this one only; those `OF_A_RUN` by default.
    forms : sequence of str
        Some of ``svg`` and ``png``.
    every : bool
        Draw all there are.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    DesignError
        If there is no figure of the name ``only``.
    StoreError
        If the disk refuses.
    """
    place = run.folder / "figures" if folder is None else Path(folder)
    letters = run
    if "png" in forms:
        from sim.report.figures.letters import readable

        letters = readable(run)
    written = []
    for name in (FIGURES if every else OF_A_RUN) if only is None else [only]:
        with garbage_left():
            figure = draw(run, name)
            for form in forms:
                shown = draw(letters, name) if form == "png" and letters is not run else figure
                written += save(shown, place, name, (form,))
    return written


def save(figure: Figure, folder: Path, name: str, forms: Sequence[str] = SVG) -> list[Path]:
    """Write a figure in some forms; each file appears whole or not at all.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    written = [folder / f"{name}.{form}" for form in forms]
    for path, form in zip(written, forms, strict=True):
        _write(path, picture(figure, form))
    return written


def picture(figure: Figure, form: str) -> bytes:
    """Bytes of a figure as ``svg`` or ``png``.

    Raises
    ------
    DesignError
        If ``form`` is another.
    """
    if form not in _METADATA:
        raise DesignError(f"there is no format {form!r}; accepted: {', '.join(_METADATA)}")
    buffer = io.BytesIO()
    with style.context():
        figure.savefig(buffer, format=form, metadata=_METADATA[form])
    return buffer.getvalue()


def _write(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.writing")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        os.replace(beside, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        reason = error.strerror or str(error)
        raise StoreError(
            f"cannot write {path}: {reason}; the results of the run are not affected"
        ) from error
