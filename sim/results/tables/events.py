"""The events table: the log as it is, with dates and dollars."""

from __future__ import annotations

import numpy as np

from sim.events import MONEY_KINDS, FloatArray, Kind, Replication
from sim.results.tables.facts import Columns
from sim.results.tables.horizon import Horizon

_CENTS_OF_KIND: FloatArray = np.array([100.0 if kind in MONEY_KINDS else 1.0 for kind in Kind])


def events_table(replication: Replication, horizon: Horizon) -> Columns:
    """One row per event, in order; codes below zero are null.

    ``amount`` is in USD for the kinds of money, and for a change of capacity of a resource
    counted in USD; otherwise as logged.
    """
    log = replication.log
    n = len(log.time)
    cents = _CENTS_OF_KIND[log.kind]
    money = np.array([unit == "USD" for unit in replication.names.resource_units] + [False])
    changed = log.kind == Kind.CAPACITY_CHANGED
    if np.any(changed):
        cents = np.where(changed & money[log.resource], 100.0, cents)
    return {
        "replication": np.full(n, replication.replication, dtype=np.int32),
        "seq": np.arange(n, dtype=np.int32),
        "time": log.time,
        "date": horizon.epoch.datetime64(log.time),
        "project": log.project.astype(np.int32),
        "event": log.kind.astype(np.int16),
        "resource": log.resource.astype(np.int16),
        "cause": (log.cause - 1).astype(np.int16),
        "part": log.part.astype(np.int16),
        "amount": log.amount / cents,
    }
