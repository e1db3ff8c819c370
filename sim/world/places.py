"""Where projects lie: the states a config names, and the pools of specialists that serve them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.world.model import BoolArray, FloatArray, IntArray

NOWHERE = ""


@dataclass(frozen=True)
class Places:
    """States by number, and those each entity may lie in."""

    names: tuple[str, ...]  # the first is NOWHERE: no state is known
    choices: IntArray  # numbers of the states of all entities, one entity after another
    first: IntArray  # (n_entities,) where an entity's choices begin
    count: IntArray  # (n_entities,) how many there are, at least one
    regions: tuple[frozenset[str], ...]  # (n_entities,) the same states by name

    def drawn(self, entity: IntArray, u: FloatArray) -> IntArray:
        """One state of each entity, all its states alike in probability; shape (n,)."""
        offset = np.floor(u * self.count[entity]).astype(np.int64)
        return np.asarray(self.choices[self.first[entity] + offset])


def places_of(texts: list[str]) -> Places:
    """Places of entities whose states stand in ``texts``, several divided by ``;``."""
    listed = [tuple(part.strip() for part in text.split(";") if part.strip()) for text in texts]
    names = (NOWHERE, *sorted({name for states in listed for name in states}))
    number = {name: index for index, name in enumerate(names)}
    choices = [[number[name] for name in states] or [0] for states in listed]
    count = np.array([len(states) for states in choices], np.int64)
    return Places(
        names=names,
        choices=np.array([place for states in choices for place in states], np.int64),
        first=np.concatenate((np.zeros(1, np.int64), np.cumsum(count)))[: len(count)],
        count=count,
        regions=tuple(frozenset(states) for states in listed),
    )


def pools_serving(pools: Mapping[str, tuple[str, tuple[str, ...]]], places: Places) -> BoolArray:
    """Which pool serves which place: its own states, or what no pool of its craft names.

    ``pools`` has craft and states of each. Shape (n_places, n_pools).
    """
    taken: dict[str, set[str]] = {}
    for craft, states in pools.values():
        taken.setdefault(craft, set()).update(states)
    return np.array(
        [
            [
                place in states if states else place not in taken[craft]
                for craft, states in pools.values()
            ]
            for place in places.names
        ],
        np.bool_,
    )
