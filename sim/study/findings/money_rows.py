"""Rows of ``summary.csv``: what the projects of each sector and state earn, and for whom."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.config.schema import Config
from sim.events import FloatArray, IntArray
from sim.events.money import PARTIES
from sim.stats.summary import Row, summarise_mean
from sim.study.findings.delay_rows import codes
from sim.study.findings.place_rows import STATE, places_known
from sim.study.run.store import Kept, groups, joined

_PAID = 20  # projects of a replication that drew money, about
# Column of the finance table -> unit, and whether a replication has the sum or the mean.
_COLUMNS = {
    "npv_usd_bn": ("USD bn", False),
    "irr": ("share a year", True),
    "multiple": ("ratio", True),
}


def money_rows(config: Config, kept: Kept, replications: int) -> list[Row]:
    """Present value, return and multiple by party, of finished projects by sector and state.

    Present values are added up; rates and multiples are means over the projects that have one, in
    rows named ``project_irr_<party>`` and ``project_multiple_<party>``. A replication without such
    a project in the scope is left out.
    """
    if config.finance is None:
        return []
    states = places_known(config)
    scopes = {
        "sector": {name: name for name in config.sectors},
        "state": {name: f"{STATE}{name}" for name in states},
    }
    wanted = {f"{column}_{party}": (column, party) for column, party in product(_COLUMNS, PARTIES)}
    rows = []
    for group, ids in scopes.items():
        for names in groups(tuple(wanted), _PAID * replications):
            cells, *values = joined(_pieces(kept, group, tuple(ids), names, replications))
            for name, own in zip(names, values, strict=True):
                rows += _rows(*wanted[name], tuple(ids.values()), cells, own, replications)
    return rows


def _pieces(
    kept: Kept, group: str, ids: tuple[str, ...], names: tuple[str, ...], replications: int
) -> Iterator[tuple[NDArray[Any], ...]]:
    """Group and replication of each project that has a group as one number, and its values."""
    for table in kept.each("finance", ["replication", group, *names]):
        code = codes(table.column(group), ids)
        cell = code * replications + table.column("replication").to_numpy()
        values = (table.column(name).to_numpy() for name in names)
        yield tuple(column[code >= 0] for column in (cell, *values))


def _rows(
    column: str,
    party: str,
    scopes: tuple[str, ...],
    cells: IntArray,
    values: FloatArray,
    replications: int,
) -> list[Row]:
    unit, averaged = _COLUMNS[column]
    known = ~np.isnan(values)
    size = len(scopes) * replications
    count = np.bincount(cells[known], minlength=size)
    total = np.bincount(cells[known], values[known], minlength=size)
    found = np.where(count > 0, total / np.where(averaged, np.maximum(count, 1), 1), np.nan)
    label = f"project_{column}_{party}" if averaged else f"{column}_{party}"
    return [
        summarise_mean(label, unit, scope, found[n * replications : (n + 1) * replications])
        for n, scope in enumerate(scopes)
    ]
