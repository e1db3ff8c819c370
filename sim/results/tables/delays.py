"""The delay ledger in long form: days by project, and dollars standing by month."""

from __future__ import annotations

import numpy as np

from sim.calendars import MINUTES_PER_DAY
from sim.events import CENTS_PER_USD_BN, LEDGER_CAUSES, FloatArray, IntArray
from sim.results.ledger.charging import Ledger
from sim.results.tables.batch import Batch
from sim.results.tables.facts import Columns
from sim.results.tables.horizon import Horizon

_SHORT = LEDGER_CAUSES.index("crews_short")


def delays_table(batch: Batch, ledger: Ledger) -> Columns:
    """Rows with days other than zero, by project, then cause, then pool.

    ``resource`` is the pool that was the limit; only ``crews_short`` has one, and what no pool
    explains, like its hidden days, is in a row without.
    """
    names = batch.names
    pools = [
        names.resources.index(f"specialists_{pool}")
        if f"specialists_{pool}" in names.resources
        else -1
        for pool in names.pools
    ]
    held, held_by_pool = _rest(ledger.held, ledger.held_short_by_pool)
    days, by_pool = _rest(ledger.minutes, ledger.short_by_pool)
    hidden = ledger.hidden / MINUTES_PER_DAY
    drag = ledger.drag / MINUTES_PER_DAY
    row, cause = np.nonzero((held != 0) | (days != 0) | (hidden != 0) | (drag != 0))
    pool_row, pool = np.nonzero((held_by_pool != 0) | (by_pool != 0))
    rows = np.concatenate([row, pool_row])
    causes = np.concatenate([cause, np.full(len(pool), _SHORT)])
    resources = np.concatenate([np.full(len(row), -1), np.array(pools, dtype=np.int64)[pool]])
    order = np.lexsort((resources, causes, rows))
    return {
        "replication": batch.number[batch.of_row[rows[order]]],
        "project": batch.attributes.entity[rows[order]].astype(np.int32),
        "cause": causes[order].astype(np.int16),
        "resource": resources[order].astype(np.int16),
        "held_days": np.concatenate([held[row, cause], held_by_pool[pool_row, pool]])[order],
        "days": np.concatenate([days[row, cause], by_pool[pool_row, pool]])[order],
        "hidden_days": np.concatenate([hidden[row, cause], np.zeros(len(pool))])[order],
        "drag_days": np.concatenate([drag[row, cause], np.zeros(len(pool))])[order],
    }


def _rest(minutes: FloatArray | IntArray, by_pool: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Days by cause, of ``crews_short`` what no pool explains, and days by pool."""
    days, pools = minutes / MINUTES_PER_DAY, by_pool / MINUTES_PER_DAY
    # What is left of a sum of rounded shares is nothing, unless it is a second.
    rest = days[:, _SHORT] - pools.sum(axis=1)
    days[:, _SHORT] = np.where(rest > 1 / 86_400, rest, 0.0)
    return days, pools


def held_table(batch: Batch, ledger: Ledger, horizon: Horizon) -> Columns:
    """Dollars of selected units standing at each cause: exact means by month and resource.

    A unit stands from its project's selection until it runs or the project is given up. Rows that
    are not zero, by month, then cause, then resource.
    """
    stood = ledger.standing.divided(horizon.month_end)
    shape = (batch.n, horizon.n_months, len(LEDGER_CAUSES), len(batch.names.resources) + 1)
    total, of = np.zeros(shape), batch.of_row[stood.row]
    cells = (of, stood.month, stood.cause, stood.resource + 1)
    np.add.at(total, cells, stood.cents * stood.minutes)
    of, month, cause, resource = np.nonzero(total)
    minutes = (horizon.month_end - horizon.month_begin)[month]
    return {
        "replication": batch.number[of],
        "month": horizon.month[month],
        "cause": cause.astype(np.int16),
        "resource": (resource - 1).astype(np.int16),
        "usd_bn": total[of, month, cause, resource] / minutes / CENTS_PER_USD_BN,
    }


def delay_columns(ledger: Ledger) -> Columns:
    """Columns delay_, hidden_ and drag_<cause>_days of the projects table."""
    columns: Columns = {}
    tables = {"delay": ledger.minutes, "hidden": ledger.hidden, "drag": ledger.drag}
    for word, minutes in tables.items():
        for cause, of_cause in zip(LEDGER_CAUSES, minutes.T / MINUTES_PER_DAY, strict=True):
            columns[f"{word}_{cause}_days"] = of_cause
    return columns
