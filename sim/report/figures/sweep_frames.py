"""What the figures of sweeps read: a sweep's response by factor and level, and its effects."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import DesignError
from sim.events import FloatArray
from sim.report.figures.letters import unreadable
from sim.stats.noise import variance_parts
from sim.stats.verdicts import digits
from sim.study.design.words import plural
from sim.study.findings.effects import EFFECT_COLUMNS, Found, effect_rows
from sim.study.findings.sweep_results import SweepTables

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

STILL = 0.001  # of the mean of a response: what differs by less is shown as not varying
MOST_LEVELS = 8  # different numbers of a drawn factor above which it is cut into quantile bins
_APART = 0.06  # least distance of two numbers, of their whole range, to stand on an axis
_MOST_DRAWN = 4  # drawn numbers with long fractions, above which they are cut into bins too
_VALUES_PER_BIN = 5
_MOST_LETTERS = 60


@dataclass(frozen=True)
class Axis:
    """One factor of a sweep as an axis: the place of every design point on it.

    ``places`` (n_points,) numbers ``texts``, -1 where a point is not of this axis; ``at`` has the
    position of each place, in the factor's unit where ``numbers``, else 0, 1, 2 ...
    """

    factor: str
    label: str
    texts: tuple[str, ...]
    places: NDArray[np.intp]
    at: FloatArray
    numbers: bool
    bins: bool = False


def made_from_sweep(sweep: SweepTables) -> str:
    """Name and size of a sweep on two lines, for the corner of a figure."""
    said = sweep.manifest
    return (
        f"{said['name']}, {plural(said['points'], 'design point')}\n"
        f"{plural(said['replications'], 'replication')}, seed {said['seed']}"
    )


def factor_labels(sweep: SweepTables) -> dict[str, str]:
    """What every factor is called, with its unit unless its name ends in it."""
    found = {}
    for name, said in sweep.manifest["factors"].items():
        label, unit = said["label"] or name, said["unit"]
        label = name if unreadable([label]) else label
        known = not unit or label.casefold().endswith(unit.casefold())
        found[name] = label if known else f"{label}, {unit}"
    return found


def axis_of(sweep: SweepTables, factor: str, most: int = MOST_LEVELS) -> Axis:
    """Levels of a factor, or quantile bins where its values are many.

    Raises
    ------
    DesignError
        If the sweep has no such factor.
    """
    if factor not in sweep.factors:
        raise DesignError(
            f"{sweep.folder} has no factor {factor}; accepted: {', '.join(sweep.factors)}"
        )
    design, label = sweep.design, factor_labels(sweep)[factor]
    column = design[factor]
    mine = np.ones(len(design), np.bool_)
    if "varied" in design:
        mine = np.isin(design["varied"].to_numpy(), (-1, sweep.factors.index(factor)))
    numbers = column.dtype.kind in "iuf"
    found = np.unique(column[mine].to_numpy()) if numbers else np.empty(0)
    at = found.astype(np.float64)
    apart = len(at) < 2 or float(np.diff(at).min()) >= _APART * float(np.ptp(at))
    said = sweep.manifest
    given = said["factors"][factor]["levels"] or said["design"] in ("morris", "grid")
    drawn = f"unit:{factor}" in design and not given and len(found) > _MOST_DRAWN
    if len(found) > most or (drawn and not (apart and np.all(at == at.round()))):
        values = column.to_numpy().astype(np.float64)
        bins = max(2, min(most, len(found) // _VALUES_PER_BIN))
        edges = np.unique(np.quantile(values[mine], np.linspace(0, 1, bins + 1)))
        places = np.clip(np.searchsorted(edges, values, "right") - 1, 0, len(edges) - 2)
        kept = np.unique(places[mine])
        places = np.searchsorted(kept, places)
        at = np.array([np.median(values[mine & (places == one)]) for one in range(len(kept))])
        texts = tuple(f"{digits(edges[one])} to {digits(edges[one + 1])}" for one in kept)
        return Axis(factor, label, texts, np.where(mine, places, -1), at, True, bins=True)
    if numbers:
        places = np.searchsorted(found, column.to_numpy())
        texts = tuple(f"{value:,.0f}" if value.is_integer() else digits(value, 5) for value in at)
        at = at if apart else np.arange(len(at), dtype=np.float64)
        return Axis(factor, label, texts, np.where(mine, places, -1), at, apart)
    texts, places = _named(sweep, factor, mine)
    at = np.arange(len(texts), dtype=np.float64)
    return Axis(factor, label, texts, places, at, False)


def _named(
    sweep: SweepTables, factor: str, mine: NDArray[np.bool_]
) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Texts of levels that are no numbers, by their names in the sweep's file where they have."""
    design, names = sweep.design, sweep.manifest["factors"][factor]["levels"]
    if f"unit:{factor}" in design and names:
        unit = design[f"unit:{factor}"].to_numpy()
        return tuple(names), np.minimum((unit * len(names)).astype(np.intp), len(names) - 1)
    values = [str(value) for value in design[factor]]
    texts = {value: value for value, own in zip(values, mine, strict=True) if own}
    if "varied" in design:  # a level may spell the base's value differently: its config is the same
        values = [str(value) for value in design["config_hash"]]
        varied = design["varied"].to_numpy()
        base, *_ = (values[point] for point in np.flatnonzero(varied == -1))
        levels = [values[point] for point in np.flatnonzero(varied == sweep.factors.index(factor))]
        texts = dict(zip(levels, names, strict=True))
        texts = texts if base in texts else {base: "base", **texts}
    elif sweep.manifest["design"] == "grid":
        texts = dict(zip(texts, names, strict=True))
    short = tuple(shorten(text, _MOST_LETTERS, placeholder="...") for text in texts.values())
    place = {value: number for number, value in enumerate(texts)}
    places = np.array([place.get(value, -1) for value in values], np.intp)
    return short, np.where(mine, places, -1)


def response_table(sweep: SweepTables, response: str, axis: Axis) -> pd.DataFrame:
    """A response by level and replication: the mean over the level's design points, in one world.

    Columns ``place``, ``replication``, ``value``; what is defined at no point of a level is left
    out.
    """
    import pandas as pd

    y = sweep.response(response)
    rows: list[dict[str, Any]] = []
    for place in range(len(axis.texts)):
        for replication, value in enumerate(_means(y[axis.places == place], axis=0)):
            if not np.isnan(value):
                rows.append({"place": place, "replication": replication, "value": float(value)})
    return pd.DataFrame(rows, columns=["place", "replication", "value"])


def point_table(sweep: SweepTables, response: str, axis: Axis) -> pd.DataFrame:
    """Mean of each design point of an axis: ``place``, ``x`` (in the axis's unit), ``value``."""
    import pandas as pd

    means = _means(sweep.response(response), axis=1)
    mine = (axis.places >= 0) & ~np.isnan(means)
    x = sweep.design[axis.factor].to_numpy()[mine] if axis.numbers else axis.at[axis.places[mine]]
    return pd.DataFrame(
        {"place": axis.places[mine], "x": np.asarray(x, np.float64), "value": means[mine]}
    )


def cell_table(sweep: SweepTables, response: str, rows: Axis, columns: Axis) -> pd.DataFrame:
    """Mean over replications and design points of every pair of levels; nan where there is none.

    Columns ``row``, ``column``, ``value``, ``points``.
    """
    import pandas as pd

    means = _means(sweep.response(response), axis=1)
    found: list[dict[str, Any]] = []
    for row in range(len(rows.texts)):
        for column in range(len(columns.texts)):
            inside = (rows.places == row) & (columns.places == column)
            defined = means[inside & ~np.isnan(means)]
            value = float(defined.mean()) if defined.size else np.nan
            found.append({"row": row, "column": column, "value": value, "points": defined.size})
    return pd.DataFrame(found, columns=["row", "column", "value", "points"])


def mean_of(sweep: SweepTables, response: str) -> float:
    """Mean over all points and replications, nan where none is defined."""
    values = sweep.response(response)
    values = values[~np.isnan(values)]
    return float(values.mean()) if values.size else np.nan


def stillness(sweep: SweepTables, response: str, cells: pd.DataFrame) -> str:
    """Why the cells of a `cell_table` show no difference worth a colour; empty where they do.

    The range of k means that differ by noise alone is about ``2 sqrt(2 log k)`` standard errors.
    """
    defined = cells[cells["value"].notna()]
    spread = float(np.ptp(defined["value"])) if len(defined) else 0.0
    if len(defined) < 2 or spread == 0:
        return "The response does not vary between the cells." if len(defined) else ""
    if spread < STILL * abs(float(defined["value"].mean())):
        return (
            "The response does not vary: its means differ by less than a thousandth, so all "
            "cells have one colour."
        )
    y = sweep.response(response)
    noise = variance_parts(y).noise.estimate / (y.shape[1] * float(defined["points"].mean()))
    if noise > 0 and spread < 2 * np.sqrt(2 * np.log(len(defined)) * noise):
        return (
            "The response does not vary by more than replication noise alone gives, so all "
            "cells have one colour."
        )
    return ""


def effect_table(sweep: SweepTables, found: Found) -> pd.DataFrame:
    """Effects of one response as in ``sensitivity.csv``, and the ``label`` of each factor."""
    import pandas as pd

    table = pd.DataFrame(effect_rows([found]), columns=EFFECT_COLUMNS)
    labels = factor_labels(sweep)
    table["label"] = [labels[factor] for factor in table["factor"]]
    return table


def _means(y: FloatArray, axis: int) -> FloatArray:
    """Means of what is defined, nan where nothing is."""
    there = ~np.isnan(y)
    total = np.where(there, y, 0.0).sum(axis=axis)
    count = there.sum(axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
