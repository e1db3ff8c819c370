"""What is known of each project when a run is over."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.events import Attributes, IntArray
from sim.plan.plan import Plan
from sim.world import World
from sim.world.nature import MILLI


def attributes(
    plan: Plan, world: World, commitment_cents: IntArray, selected_cents: Sequence[int]
) -> Attributes:
    """Of every project of a world, with what it asked for and was given, (n,) in ordinal order."""
    cost_cents = np.rint(world.cost_cents * plan.specialists.cost_factor).astype(np.int64)
    return Attributes(
        entity=world.entity,
        named=world.named,
        sector=world.sector,
        state=world.place - 1,  # the first place is none
        units=world.units,
        cost_cents=cost_cents,
        commitment_cents=commitment_cents,
        selected_cents=np.array(selected_cents, np.int64),
        cost_ratio=world.cost_ratio,
        japanese_content_share=world.japanese_content_share,
        prospects_share=world.prospects_share,
        build_minutes=world.build,
        nominal_minutes=world.nominal,
        specialists=world.specialists.sum(axis=1) / MILLI,
    )
