"""Rates by class: the baseline's path, and above it the routes in force."""

from __future__ import annotations

import numpy as np

from sim.events import FloatArray, IntArray, Kind
from sim.results.tables.facts import Facts

_MOVES = (Kind.TARIFF_RAISED, Kind.ROUTE_ADDED, Kind.ROUTE_DROPPED, Kind.TARIFF_RELIEVED)


def routes_in_force(facts: Facts) -> list[list[tuple[int, int, int]]]:
    """(route, first minute, minute after the last) of each time a route was in force.

    A list for each replication of the batch.
    """
    moves: list[tuple[int, int, Kind, int]] = []
    for kind in _MOVES:
        of = facts.of(kind)
        columns = (of.of.tolist(), of.time.tolist(), of.part.tolist())
        moves += [(one, time, kind, route) for one, time, route in zip(*columns, strict=True)]
    found: list[list[tuple[int, int, int]]] = [[] for _ in range(facts.batch.n)]
    since: list[dict[int, int]] = [{} for _ in found]
    # In a minute what ends is told behind what begins, and nothing that ends begins again.
    for one, time, kind, route in sorted(moves, key=lambda move: move[1]):
        if kind in (Kind.TARIFF_RAISED, Kind.ROUTE_ADDED):
            since[one][route] = time
        for over in [route] if kind == Kind.ROUTE_DROPPED else list(since[one]):
            if kind in (Kind.ROUTE_DROPPED, Kind.TARIFF_RELIEVED):
                found[one].append((over, since[one].pop(over), time))
    for one, still in enumerate(since):
        found[one] += [(route, time, facts.horizon.end) for route, time in still.items()]
    return found


def rates_at(
    facts: Facts, routes: list[tuple[int, int, int]], instants: IntArray, baseline: FloatArray
) -> FloatArray:
    """Rate of each class just before each instant, of the baseline's shape (classes, instants).

    Of a replication in which these routes were in force.
    """
    rates = baseline.copy()
    for route, begin, end in routes:
        within = (instants > begin) & (instants <= end)
        rates[:, within] = np.maximum(
            rates[:, within], facts.horizon.route_rates[route][:, np.newaxis]
        )
    return rates
