"""Rates by class: the baseline's path, and above it the routes in force."""

from __future__ import annotations

import numpy as np

from sim.events import FloatArray, IntArray, Kind
from sim.results.tables.facts import Facts

_MOVES = (Kind.TARIFF_RAISED, Kind.ROUTE_ADDED, Kind.ROUTE_DROPPED, Kind.TARIFF_RELIEVED)


def routes_in_force(facts: Facts) -> list[tuple[int, int, int]]:
    """(route, first minute, minute after the last) of every time a route was in force."""
    moves: list[tuple[int, Kind, int]] = []
    for kind in _MOVES:
        of = facts.of(kind)
        moves += zip(of.time.tolist(), [kind] * len(of.time), of.part.tolist(), strict=True)
    since: dict[int, int] = {}
    stretches = []
    # In a minute what ends is told behind what begins, and nothing that ends begins again.
    for time, kind, route in sorted(moves, key=lambda move: move[0]):
        if kind in (Kind.TARIFF_RAISED, Kind.ROUTE_ADDED):
            since[route] = time
        for over in [route] if kind == Kind.ROUTE_DROPPED else list(since):
            if kind in (Kind.ROUTE_DROPPED, Kind.TARIFF_RELIEVED):
                stretches.append((over, since.pop(over), time))
    return stretches + [(route, time, facts.horizon.end) for route, time in since.items()]


def rates_at(facts: Facts, instants: IntArray, baseline: FloatArray) -> FloatArray:
    """Rate of each class just before each instant, of the baseline's shape (classes, instants)."""
    rates = baseline.copy()
    for route, begin, end in routes_in_force(facts):
        within = (instants > begin) & (instants <= end)
        rates[:, within] = np.maximum(
            rates[:, within], facts.horizon.route_rates[route][:, np.newaxis]
        )
    return rates
