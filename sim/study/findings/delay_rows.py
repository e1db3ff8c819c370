"""Rows of ``summary.csv`` that tell what held the selected projects of each sector up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.config.schema import Config
from sim.events import LEDGER_GROUPS, IntArray
from sim.stats.delays import mean_delays
from sim.stats.summary import Row, summarise_pooled
from sim.study.run.store import Kept, groups, joined

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
        sector, replication, censored, *days = joined(_pieces(kept, sectors, names))
        everyone = np.ones(len(sector), np.bool_)
        scopes = [("programme", everyone), *((k, sector == i) for i, k in enumerate(sectors))]
        for group, own in zip(names, days, strict=True):
            for scope, inside in scopes:
                found = mean_delays(own[inside, None], replication[inside], censored[inside])
                rows.append(summarise_pooled(f"delay_{group}_days", "days", scope, found))
    return rows


def _pieces(
    kept: Kept, sectors: tuple[str, ...], told: tuple[str, ...]
) -> Iterator[tuple[NDArray[Any], ...]]:
    """Of selected projects: sector, replication, who was not finished, and days by group."""
    names = sorted({cause for group in told for cause in LEDGER_GROUPS[group]})
    columns = ["replication", "sector", "selected", *FINISHED]
    columns += [f"delay_{name}_days" for name in names]
    for table in kept.each("projects", columns):
        chosen = ~np.isnat(table.column("selected").to_numpy())
        by_cause = {name: table.column(f"delay_{name}_days").to_numpy() for name in names}
        days = (sum(by_cause[cause] for cause in LEDGER_GROUPS[group]) for group in told)
        over = [~np.isnat(table.column(name).to_numpy()) for name in FINISHED]
        yield (
            codes(table.column("sector"), sectors)[chosen],
            table.column("replication").to_numpy()[chosen],
            ~np.logical_or.reduce(over)[chosen],
            *(np.asarray(own)[chosen] for own in days),
        )


def codes(column: pa.ChunkedArray, names: tuple[str, ...]) -> IntArray:
    """Dictionary-coded text as places in ``names``, -1 for null."""
    array = column.combine_chunks()
    place = np.array([names.index(name) for name in array.dictionary.to_pylist()], np.int64)
    codes = array.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return np.where(codes < 0, -1, np.append(place, -1)[codes])
