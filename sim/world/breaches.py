"""What chance there is in enforcement, drawn for every breach that may open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.calendars import minutes_from_days
from sim.world.distributions import inverse
from sim.world.model import FloatArray, IntArray
from sim.world.nature import Nature
from sim.world.uniforms import KeyArray, uniforms


@dataclass(frozen=True)
class Breaches:
    """Shape (n, calls + 1): column 0 for a decline, column 1 + k for call k missed."""

    acted_on: FloatArray  # disposition
    signed: FloatArray  # disposition
    threat: IntArray  # minutes from threat to order, or until it is let pass
    route_delay: IntArray  # minutes from order to duty
    settlement: IntArray  # (n,) minutes until a decline is settled, -1: never


def draw_breaches(nature: Nature, stream: np.uint64, keys: KeyArray) -> Breaches:
    """Draw them; each breach has a number of its own, so no other moves its luck."""
    law, columns = nature.config.nature.enforcement, nature.maxima.calls + 1
    settlement = law.settlement_days

    def drawn(purpose: str, visits: int = columns) -> FloatArray:
        return uniforms(stream, keys, f"breach:{purpose}", visits)

    return Breaches(
        acted_on=drawn("acted_on"),
        signed=drawn("signed"),
        threat=minutes_from_days(inverse(law.threat_days, drawn("threat"))),
        route_delay=minutes_from_days(inverse(law.route_delay_days, drawn("route_delay"))),
        settlement=np.full(len(keys), -1)
        if settlement is None
        else minutes_from_days(inverse(settlement, drawn("settlement", 1)[:, 0])),
    )
