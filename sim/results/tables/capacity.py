"""The capacity tables: use and queues of every resource, by month and step by step."""

from __future__ import annotations

import numpy as np

from sim.events import CENTS_PER_USD_BN, FloatArray, Names, Replication
from sim.events.schemas import UNITS
from sim.results.tables.facts import Column, Columns
from sim.results.tables.horizon import Horizon
from sim.results.tables.steps import cut_by_month

_UNIT = {"servers": 0, "USD": 1, "people": 2, "slots": 3, "MW": 4}


def capacity_table(replication: Replication, horizon: Horizon) -> Columns:
    """One row per month and resource; exact means of the step trace over the month.

    ``waiting_max`` counts queues that lasted at least a minute. A resource is at its limit while
    its capacity is finite and something waits, or all of a capacity above zero is in use.
    Resources that hold money report capacity and use in USD bn; ``waiting`` counts entities (or
    people) for all, ``waiting_usd_bn`` the money they stand for.
    """
    trace, names = replication.steps, replication.names
    place = f"replication {replication.replication}, capacity trace"
    steps = cut_by_month(trace.resource, trace.time, names.resources, horizon, [place])
    full = (trace.in_use >= trace.capacity) & (trace.capacity > 0)
    at_limit = np.isfinite(trace.capacity) & ((trace.waiting > 0) | full)
    minutes = horizon.month_end - horizon.month_begin
    scale = _scale(names)[:, np.newaxis]

    def mean(values: FloatArray) -> FloatArray:
        return np.asarray(steps.integral(values) / minutes)

    n_months, n_resources = horizon.n_months, len(names.resources)
    by_resource = {
        "capacity": mean(trace.capacity) / scale,
        "in_use": mean(trace.in_use) / scale,
        "waiting_mean": mean(trace.waiting),
        "waiting_max": steps.maximum(trace.waiting),
        "share_of_time_at_limit": mean(at_limit.astype(np.float64)),
        "waiting_usd_bn": mean(trace.waiting_cents) / CENTS_PER_USD_BN,
    }
    columns: Columns = {
        "replication": np.full(n_months * n_resources, replication.replication, dtype=np.int32),
        "month": np.repeat(horizon.month, n_resources),
        "resource": np.tile(np.arange(n_resources, dtype=np.int16), n_months),
        "unit": np.tile(unit_codes(names), n_months),
    }
    columns.update((name, values.T.ravel()) for name, values in by_resource.items())
    return columns


def capacity_trace_table(replication: Replication, horizon: Horizon) -> Columns:
    """Every step of every resource, as traced; money in USD bn."""
    trace = replication.steps
    n = len(trace.time)
    scale = _scale(replication.names)[trace.resource]
    return {
        "replication": np.full(n, replication.replication, dtype=np.int32),
        "time": trace.time,
        "date": horizon.epoch.datetime64(trace.time),
        "resource": trace.resource.astype(np.int16),
        "unit": np.asarray(unit_codes(replication.names)[trace.resource]),
        "capacity": trace.capacity / scale,
        "in_use": trace.in_use / scale,
        "waiting": trace.waiting,
        "waiting_usd_bn": trace.waiting_cents / CENTS_PER_USD_BN,
    }


def unit_codes(names: Names) -> Column:
    """Index into UNITS of each resource."""
    assert len(UNITS) == len(_UNIT)
    return np.array([_UNIT[unit] for unit in names.resource_units], dtype=np.int16)


def _scale(names: Names) -> FloatArray:
    return np.array([CENTS_PER_USD_BN if unit == "USD" else 1.0 for unit in names.resource_units])
