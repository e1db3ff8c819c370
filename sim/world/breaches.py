"""What chance there is in enforcement, drawn for every breach that may open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.calendars import minutes_from_days
from sim.config.sectors import Reactions
from sim.world.distributions import inverse
from sim.world.model import FloatArray, IntArray
from sim.world.nature import Nature
from sim.world.uniforms import KeyArray, entity_key, uniforms


@dataclass(frozen=True)
class Breaches:
    """Shape (n, calls + 1): column 0 for a decline, column 1 + k for call k missed.

    Behind the projects a row for each review, column k for its date k.

    How fast an order becomes a duty is one draw, read from each route's law.
    """

    acted_on: FloatArray  # disposition
    signed: FloatArray  # disposition
    threat: IntArray  # minutes from threat to order, or until it is let pass
    route_taken: FloatArray  # (n, calls + 1, routes) disposition
    route_delay: IntArray  # (n, calls + 1, routes) minutes from order to duty
    court: IntArray  # (routes,) minutes from a route's first duty until a court ends it, -1: never
    fate: FloatArray  # (n, dated events) disposition
    settlement: IntArray  # (n,) minutes until a decline is settled, -1: never


def draw_breaches(nature: Nature, stream: np.uint64, keys: KeyArray) -> Breaches:
    """Draw them; each breach has a number of its own, so no other moves its luck."""
    law, reviews = nature.config.nature.enforcement, nature.config.policy.enforcement.reviews
    settlement = law.settlement_days
    columns = max(nature.maxima.calls + 1, *(len(one.held_on) for one in reviews.values()), 0)
    rows = np.append(keys, np.array([entity_key(f"review:{one}") for one in reviews], np.uint64))
    routes = list(nature.config.policy.enforcement.routes)
    events = list(nature.config.policy.events)

    def drawn(purpose: str, visits: int = columns, of: KeyArray = rows) -> FloatArray:
        return uniforms(stream, of, f"breach:{purpose}", visits)

    pace = drawn("route_delay")
    return Breaches(
        acted_on=drawn("acted_on"),
        signed=drawn("signed"),
        threat=minutes_from_days(inverse(law.threat_days, drawn("threat"))),
        route_taken=np.stack([drawn(f"route:{route}") for route in routes], axis=-1),
        route_delay=np.stack(
            [minutes_from_days(inverse(law.route_delay_days[route], pace)) for route in routes], -1
        ),
        court=np.array([_court(law, stream, route) for route in routes], np.int64),
        fate=np.stack([drawn(f"fate:{one}", 1, keys)[:, 0] for one in events], axis=-1)
        if events
        else np.zeros((len(keys), 0)),
        settlement=np.full(len(keys), -1)
        if settlement is None
        else minutes_from_days(inverse(settlement, drawn("settlement", 1, keys)[:, 0])),
    )


def _court(law: Reactions, stream: np.uint64, route: str) -> int:
    if route not in law.court_ends_route_days:
        return -1
    u = uniforms(stream, np.array([entity_key(f"route:{route}")], np.uint64), "breach:court", 1)
    return int(minutes_from_days(inverse(law.court_ends_route_days[route], u[0]))[0])
