"""Which limits do nothing in a config: lifting one leaves the same log in some replications."""

from __future__ import annotations

import numpy as np

from sim.config import Loaded, varied
from sim.config.limits import limits
from sim.engine import replicate
from sim.events import FloatArray, Kind, Replication
from sim.plan import Plan

_COLUMNS = ("time", "project", "kind", "cause", "part", "amount")


def inert_limits(loaded: Loaded, replications: int = 2) -> list[str]:
    """What each limit is called that was never reached, and whose twin without it has the same log.

    Parameters
    ----------
    loaded : Loaded
    replications : int
        So many are run of the config and of each twin; what does nothing in these may do
        something in another.
    """
    config = loaded.config
    plan = Plan.of(config)
    seed = config.run.seed
    base = [replicate(plan, seed, number) for number in range(replications)]
    found = []
    for resource, label, values in limits(config):
        if any(_reached(one, plan.resource[resource]) for one in base):
            continue
        twin = Plan.of(varied(loaded.tree, values))
        if all(_same(one, replicate(twin, seed, number)) for number, one in enumerate(base)):
            found.append(label)
    return found


def _reached(one: Replication, resource: int) -> bool:
    trace = one.steps
    mine = trace.resource == resource
    full = (trace.in_use >= trace.capacity) & (trace.capacity > 0)
    return bool(np.any(mine & np.isfinite(trace.capacity) & ((trace.waiting > 0) | full)))


def _same(one: Replication, twin: Replication) -> bool:
    """Equal logs, but for the order inside a minute and events that say what a capacity is."""
    return np.array_equal(_rows(one), _rows(twin))


def _rows(one: Replication) -> FloatArray:
    kept = ~np.isin(one.log.kind, (Kind.CAPACITY_CHANGED, Kind.CLAIM_TAKEN))
    columns = np.array([getattr(one.log, name)[kept] for name in _COLUMNS], np.float64)
    return columns[:, np.lexsort(columns)]
