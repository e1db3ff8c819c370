"""A grid of design points beside its base, level by level: what an explorer shows."""

from __future__ import annotations

import shlex
from typing import Any, NamedTuple

import numpy as np

from sim.errors import DesignError
from sim.events import RESPONSES
from sim.events.responses import SWEEP, shown_in
from sim.stats.compare import Sample, compare
from sim.stats.intervals import FloatArray, mean_interval, percentile, wilson
from sim.study.findings.labels import response_label, unit_of
from sim.study.findings.sweep_results import SweepTables


class Lever(NamedTuple):
    """A factor of the grid: its levels in words, and what ``--set`` takes for each."""

    id: str
    label: str
    unit: str
    levels: list[str]
    sets: list[str]


class Explorer(NamedTuple):
    """Every point of a grid, found by its levels.

    Attributes
    ----------
    base : list of int
        Level of each lever at the point the others are compared with.
    is_base : bool
        Whether that point is the base config itself; else it is the first point of the grid.
    points : dict
        By levels, such as ``0,2,1``, a list for each of ``responses``: mean, 5 % and 95 % of the
        replications (for a probability: its interval), difference from the base on the same luck,
        its 95 % limits, and 1 where its sign is clear; None where a number is not defined.
    """

    levers: list[Lever]
    responses: list[tuple[str, str]]  # label and unit
    base: list[int]
    is_base: bool
    points: dict[str, list[list[float | None]]]


def explorer(sweep: SweepTables) -> Explorer:
    """Read a finished sweep.

    Raises
    ------
    DesignError
        If it is no grid.
    """
    if sweep.manifest["design"] != "grid":
        raise DesignError(
            f"{sweep.folder} holds a design of kind {sweep.manifest['design']}; accepted: grid, "
            "which has a point for every combination of levels"
        )
    levers, places = [], []
    for name in sweep.factors:
        said, column = sweep.manifest["factors"][name], sweep.design[name].tolist()
        values = list(dict.fromkeys(column))
        places.append([values.index(value) for value in column])
        sets = [
            " --set ".join(
                shlex.quote(f"{path}={_plain(value)}") for path in said["path"].split(", ")
            )
            for value in values
        ]
        words = [f"{int(one):,}" if one.isdecimal() else one for one in said["levels"]]
        levers.append(Lever(name, said["label"], said["unit"], words, sets))
    keys = [list(levels) for levels in zip(*places, strict=True)]
    hashes = sweep.design["config_hash"].tolist()
    own = sweep.manifest.get("base_hash")
    base = hashes.index(own) if own in hashes else 0
    names = [row.name for row in shown_in(SWEEP) if row.name in sweep.responses]
    told = [_told(name, sweep.response(name), base) for name in names]
    points = {
        ",".join(map(str, levels)): [rows[at] for rows in told] for at, levels in enumerate(keys)
    }
    labels = [(response_label(name, dates=sweep.dates), unit_of(name)) for name in names]
    return Explorer(levers, labels, keys[base], own in hashes, points)


def _told(name: str, values: FloatArray, base: int) -> list[list[float | None]]:
    """For each point its seven numbers."""
    unit, worlds = RESPONSES[name].unit, np.arange(values.shape[1])
    share = unit == "probability"
    kept = [row[~np.isnan(row)] for row in values]
    samples = [
        Sample(str(at), worlds[~np.isnan(row)], own > 0 if share else own)
        for at, (row, own) in enumerate(zip(values, kept, strict=True))
    ]
    rows = []
    for at, own in enumerate(kept):
        if share:
            level = wilson(int((own > 0).sum()), own.size)
            spread = [level.estimate, level.low, level.high]
        else:
            spread = [mean_interval(own).estimate, percentile(own, 0.05), percentile(own, 0.95)]
        found = compare(name, unit, samples[at], samples[base])
        change = [*found.difference, float(found.decided)] if at != base else [0.0, 0.0, 0.0, 0.0]
        rows.append([_short(value) for value in (*spread, *change)])
    return rows


def _short(value: float) -> float | None:
    """Four digits are enough to read."""
    return None if np.isnan(value) else float(f"{value:.4g}")


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
