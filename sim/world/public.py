"""When a public changes its mind: thresholds by side and by how often it has."""

from __future__ import annotations

import numpy as np

from sim.world.given import OfRuns
from sim.world.model import FloatArray
from sim.world.uniforms import KeyArray, entity_key, uniforms

SIDES = np.array([entity_key("public:japan"), entity_key("public:us")], np.uint64)


def draw_public(runs: OfRuns, streams: KeyArray) -> FloatArray:
    """Exponentials of mean 1 by replication and side; as many as months, none if it is off."""
    reaction = runs.public_reaction
    if reaction.japan is None and reaction.us is None:
        return np.zeros((len(streams), 2, 0))
    months = 12 * (runs.last.year - runs.first.year + 1)
    return -np.log1p(-uniforms(streams[:, None], SIDES, "public", months))
