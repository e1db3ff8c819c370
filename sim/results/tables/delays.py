"""The delays table: the ledger in long form, one row per project, cause and limiting pool."""

from __future__ import annotations

import numpy as np

from sim.calendars import MINUTES_PER_DAY
from sim.events import LEDGER_CAUSES, Replication
from sim.results.ledger.charging import Ledger
from sim.results.tables.facts import Columns

_SHORT = LEDGER_CAUSES.index("crews_short")


def delays_table(replication: Replication, ledger: Ledger) -> Columns:
    """Rows with days other than zero, by project, then cause, then pool.

    ``resource`` is the pool that was the limit; only ``crews_short`` has one, and what no pool
    explains, like its hidden days, is in a row without.
    """
    names = replication.names
    pools = [
        names.resources.index(f"specialists_{pool}") if f"specialists_{pool}" in names.resources
        else -1 for pool in names.pools
    ]  # fmt: skip
    days = ledger.minutes / MINUTES_PER_DAY
    by_pool = ledger.short_by_pool / MINUTES_PER_DAY
    # What is left of a sum of rounded shares is nothing, unless it is a second.
    rest = days[:, _SHORT] - by_pool.sum(axis=1)
    days[:, _SHORT] = np.where(rest > 1 / 86_400, rest, 0.0)
    hidden = ledger.hidden / MINUTES_PER_DAY
    row, cause = np.nonzero((days != 0) | (hidden != 0))
    pool_row, pool = np.nonzero(by_pool)
    rows = np.concatenate([row, pool_row])
    causes = np.concatenate([cause, np.full(len(pool), _SHORT)])
    resources = np.concatenate([np.full(len(row), -1), np.array(pools, dtype=np.int64)[pool]])
    order = np.lexsort((resources, causes, rows))
    return {
        "replication": np.full(len(rows), replication.replication, dtype=np.int32),
        "project": replication.attributes.entity[rows[order]].astype(np.int32),
        "cause": causes[order].astype(np.int16),
        "resource": resources[order].astype(np.int16),
        "days": np.concatenate([days[row, cause], by_pool[pool_row, pool]])[order],
        "hidden_days": np.concatenate([hidden[row, cause], np.zeros(len(pool))])[order],
    }


def delay_columns(ledger: Ledger) -> Columns:
    """Columns delay_<cause>_days and hidden_<cause>_days of the projects table."""
    columns: Columns = {}
    for word, minutes in (("delay", ledger.minutes), ("hidden", ledger.hidden)):
        for cause, of_cause in zip(LEDGER_CAUSES, minutes.T / MINUTES_PER_DAY, strict=True):
            columns[f"{word}_{cause}_days"] = of_cause
    return columns
