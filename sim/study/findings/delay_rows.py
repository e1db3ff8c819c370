"""Rows of ``summary.csv`` that tell what held the selected projects of each sector up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.config.schema import Config
from sim.events import LEDGER_GROUPS, FloatArray, IntArray
from sim.stats.delays import mean_delays
from sim.stats.summary import Row, summarise_pooled
from sim.study.run.store import Kept, groups

if TYPE_CHECKING:
    import pyarrow as pa


_SELECTED = 20  # projects of a replication, about: for how many numbers are read at once
FINISHED = ("operating", "cancelled", "declined")


def delay_rows(config: Config, kept: Kept) -> list[Row]:
    """Mean days on the critical chain of the selected projects, by group of causes and sector.

    Projects of all replications are pooled, as in the figure of delays; the interval rests on the
    spread between replications. ``n_censored``: neither operating nor cancelled nor declined when
    the run ends, with their days so far.
    """
    sectors = tuple(config.sectors)
    rows = []
    for names in groups(tuple(LEDGER_GROUPS), _SELECTED * kept.replications):
        days, sector, replication, censored = _read(kept, sectors, names)
        everyone = np.ones(len(sector), np.bool_)
        scopes = [("programme", everyone), *((k, sector == i) for i, k in enumerate(sectors))]
        for column, group in enumerate(names):
            for scope, inside in scopes:
                found = mean_delays(
                    days[inside, column : column + 1], replication[inside], censored[inside]
                )
                rows.append(summarise_pooled(f"delay_{group}_days", "days", scope, found))
    return rows


def _read(
    kept: Kept, sectors: tuple[str, ...], told: tuple[str, ...]
) -> tuple[FloatArray, IntArray, IntArray, NDArray[np.bool_]]:
    """Days by group (n_projects, n_groups), sector, replication, and who was not finished."""
    names = sorted({cause for group in told for cause in LEDGER_GROUPS[group]})
    columns = ["replication", "sector", "selected", *FINISHED]
    columns += [f"delay_{name}_days" for name in names]
    pieces = []
    for table in kept.each("projects", columns):
        chosen = ~np.isnat(table.column("selected").to_numpy())
        by_cause = {name: table.column(f"delay_{name}_days").to_numpy() for name in names}
        days = np.column_stack(
            [sum(by_cause[cause] for cause in LEDGER_GROUPS[group]) for group in told]
        )
        over = [~np.isnat(table.column(name).to_numpy()) for name in FINISHED]
        pieces.append(
            (
                days[chosen],
                codes(table.column("sector"), sectors)[chosen],
                table.column("replication").to_numpy()[chosen].astype(np.int64),
                ~np.logical_or.reduce(over)[chosen],
            )
        )
    days, sector, replication, censored = (np.concatenate(p) for p in zip(*pieces, strict=True))
    return days, sector, replication, censored


def codes(column: pa.ChunkedArray, names: tuple[str, ...]) -> IntArray:
    """Dictionary-coded text as places in ``names``, -1 for null."""
    array = column.combine_chunks()
    place = np.array([names.index(name) for name in array.dictionary.to_pylist()], np.int64)
    codes = array.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return np.where(codes < 0, -1, np.append(place, -1)[codes])
