"""Dollars that stand at each cause, quarter by quarter: where most stand, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.events.ledger_causes import BAR_WORDS, LEDGER_ROWS, NO_FAULT
from sim.stats.intervals import FloatArray, Interval, mean_interval, percentile

if TYPE_CHECKING:
    from sim.study.findings.run_results import RunTables

_SEASONS = ("early", "spring", "summer", "late")


class Peak(NamedTuple):
    """The group of causes at which most dollars stand over the run, in its worst quarter."""

    response: str
    words: str
    when: str
    mean: Interval  # USD bn, over replications
    p05: float
    p95: float
    n: int


def never_selected(run: RunTables) -> FloatArray:
    """Dollars recommended to the President that no round had taken when the deadline closed.

    Returns
    -------
    FloatArray
        USD bn, (n_replications,).
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(run.folder / "projects.parquet") as file:
        table = file.read(["replication", "recommended", "status", "commitment_usd_bn"])
    # pyarrow's own comparison with a word would load pandas.
    status = table["status"].combine_chunks()
    lapsed = np.array([word == "lapsed" for word in status.dictionary.to_pylist()])
    left = lapsed[status.indices.to_numpy()] & table["recommended"].is_valid().to_numpy()
    replication, n = table["replication"].to_numpy()[left], int(run.manifest["replications"])
    values = np.bincount(replication, table["commitment_usd_bn"].to_numpy()[left], n)
    return values.astype(np.float64)


def peak_held(run: RunTables) -> Peak | None:
    """The group of most dollar-years, and the quarter in which most stand there; or nothing."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(run.folder / "held.parquet") as file:  # a data set would load pandas
        table = file.read(["replication", "month", "cause", "usd_bn"])
    bars = list(dict.fromkeys(row.bar for row in LEDGER_ROWS if row.bar not in NO_FAULT))
    bar_of = {row.name: row.bar for row in LEDGER_ROWS}
    cause = table.column("cause").combine_chunks()
    place = np.array(
        [
            bars.index(bar_of[name]) if bar_of.get(name) in bars else -1
            for name in cause.dictionary.to_pylist()
        ],
        np.int64,
    )[cause.indices.to_numpy()]
    if not (place >= 0).any():
        return None
    month = table.column("month").to_numpy().astype("datetime64[M]").astype(np.int64)
    first = int(month.min()) // 3
    shape = len(bars), int(run.manifest["replications"]), int(month.max()) // 3 - first + 1
    total = np.zeros(shape)  # USD bn, mean of a quarter
    there = place >= 0
    at = place[there], table.column("replication").to_numpy()[there], month[there] // 3 - first
    np.add.at(total, at, table.column("usd_bn").to_numpy()[there] / 3)
    worst = int(total.sum(axis=(1, 2)).argmax())
    quarter = int(total[worst].mean(axis=0).argmax())
    values = total[worst, :, quarter]
    year, season = divmod(first + quarter, 4)
    return Peak(
        f"held_usd_bn_{bars[worst]}",
        BAR_WORDS[bars[worst]],
        f"{_SEASONS[season]} {1970 + year}",
        mean_interval(values),
        percentile(values, 0.05),
        percentile(values, 0.95),
        len(values),
    )
