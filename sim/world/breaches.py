"""What chance there is in enforcement, drawn for every breach that may open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.calendars import minutes_from_days
from sim.world.distributions import inverse
from sim.world.given import OfRuns
from sim.world.model import FloatArray, IntArray
from sim.world.nature import Nature
from sim.world.present import Present
from sim.world.uniforms import KeyArray, entity_key, uniforms, uniforms_of


@dataclass(frozen=True)
class Breaches:
    """Shape (n, calls + 1): column 0 for a decline, column 1 + k for call k missed.

    Behind the projects of a replication a row for each review, column k for its date k.

    How fast an order becomes a duty is one draw, read from each route's law.
    """

    acted_on: FloatArray  # disposition
    signed: FloatArray  # disposition
    threat: IntArray  # minutes from threat to order, or until it is let pass
    route_taken: FloatArray  # (n, calls + 1, routes) disposition
    route_delay: IntArray  # (n, calls + 1, routes) minutes from order to duty


def draw_breaches(nature: Nature, rows: Present) -> tuple[Breaches, IntArray]:
    """Draw them; each breach has a number of its own, so no other moves its luck.

    And where the rows of each replication begin, and all end.
    """
    law, reviews = nature.given, nature.given.reviews
    columns = max(law.maxima.calls + 1, *reviews.values(), 0)
    behind, n = np.repeat(rows.bounds[1:], len(reviews)), len(rows.streams)
    of_reviews = np.array([entity_key(f"review:{one}") for one in reviews], np.uint64)
    keys = np.insert(rows.shared, behind, np.tile(of_reviews, n))
    stream = np.insert(rows.stream, behind, np.repeat(rows.streams, len(reviews)))

    def drawn(purpose: str) -> FloatArray:
        return uniforms(stream, keys, f"breach:{purpose}", columns)

    pace = drawn("route_delay")
    breaches = Breaches(
        acted_on=drawn("acted_on"),
        signed=drawn("signed"),
        threat=minutes_from_days(inverse(law.threat_days, drawn("threat"))),
        route_taken=np.stack([drawn(f"route:{route}") for route in law.routes], axis=-1),
        route_delay=np.stack(
            [minutes_from_days(inverse(law.route_delay_days[one], pace)) for one in law.routes], -1
        ),
    )
    return breaches, rows.bounds + len(reviews) * np.arange(n + 1)


def draw_ends(nature: Nature, rows: Present) -> dict[str, FloatArray | IntArray]:
    """``fate``, (n, dated events) dispositions; ``settlement``, (n,) minutes of a decline.

    Where no decline is ever settled, -1.
    """
    settlement = nature.given.settlement_days

    def drawn(purpose: str) -> FloatArray:
        return uniforms(rows.stream, rows.shared, f"breach:{purpose}", 1)[:, 0]

    fates = [drawn(f"fate:{event}") for event in nature.given.events]
    return {
        "fate": np.stack(fates, axis=-1) if fates else np.zeros((len(rows.shared), 0)),
        "settlement": np.full(len(rows.shared), -1)
        if settlement is None
        else minutes_from_days(inverse(settlement, drawn("settlement"))),
    }


def draw_courts(runs: OfRuns, streams: KeyArray) -> IntArray:
    """Minutes from a route's first duty until a court ends it; shape (replications, routes).

    Where none ever does, -1.
    """
    laws = runs.court_ends_route_days
    minutes = np.full((len(streams), len(runs.routes)), -1)
    for column, route in enumerate(runs.routes):
        if route in laws:
            u = uniforms_of(streams, f"route:{route}", "breach:court", 1)[:, 0]
            minutes[:, column] = minutes_from_days(inverse(laws[route], u))
    return minutes
