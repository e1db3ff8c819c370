"""Rows of ``summary.csv`` that tell what held the selected projects of each sector up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.config.schema import Config
from sim.events import FloatArray, IntArray
from sim.events.delays import LEDGER_GROUPS
from sim.experiment.assemble import Parts
from sim.stats.summary import Row, summarise_mean
from sim.tables import RESPONSES

if TYPE_CHECKING:
    import pyarrow as pa


def delay_rows(config: Config, parts: Parts, replications: int) -> list[Row]:
    """Mean days on the critical chain of the selected projects, by sector and group of causes.

    The programme's own rows stand among the responses. A replication in which a sector has no
    selected project says nothing about it.
    """
    sectors = tuple(config.sectors)
    names = sorted({cause for causes in LEDGER_GROUPS.values() for cause in causes})
    columns = ["replication", "sector", "selected", *(f"delay_{name}_days" for name in names)]
    counts = np.zeros((len(sectors), replications))
    sums = {group: np.zeros((len(sectors), replications)) for group in LEDGER_GROUPS}
    for table in parts.each("projects", columns):
        chosen = ~np.isnat(table.column("selected").to_numpy())
        cell = (codes(table.column("sector"), sectors)[chosen],
                table.column("replication").to_numpy()[chosen])  # fmt: skip
        np.add.at(counts, cell, 1)
        for group, causes in LEDGER_GROUPS.items():
            days = sum(table.column(f"delay_{cause}_days").to_numpy()[chosen] for cause in causes)
            np.add.at(sums[group], cell, days)
    rows = []
    for group, total in sums.items():
        name = f"delay_{group}_days_mean"
        with np.errstate(invalid="ignore"):
            means: FloatArray = total / counts
        rows += [
            summarise_mean(name, RESPONSES[name].unit, sector, means[place])
            for place, sector in enumerate(sectors)
        ]
    return rows


def codes(column: pa.ChunkedArray, names: tuple[str, ...]) -> IntArray:
    """Dictionary-coded text as places in ``names``, -1 for null."""
    array = column.combine_chunks()
    place = np.array([names.index(name) for name in array.dictionary.to_pylist()], np.int64)
    codes = array.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return np.where(codes < 0, -1, np.append(place, -1)[codes])
