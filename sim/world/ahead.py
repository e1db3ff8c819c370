"""Worlds as they are asked for, one by one, drawn many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from threading import local

from sim.world.draw import draw_worlds
from sim.world.history import pin_histories
from sim.world.model import World
from sim.world.nature import Nature

# Of a batch: beyond either, a world takes more memory and no less time.
MOST_WORLDS = 64
MOST_PROJECTS = 8_000


class Worlds(local):
    """Drawn and pinned worlds of one config, a batch at a time of those that are expected.

    Each thread has expectations of its own.
    """

    def __init__(self, nature: Nature) -> None:
        projects = len(nature.named.sector) + sum(nature.expected_arrivals.values())
        self._most = max(1, min(MOST_WORLDS, int(MOST_PROJECTS / max(1, projects))))
        self._nature = nature
        self.expect(0, ())

    def expect(self, seed: int, replications: Sequence[int]) -> None:
        """Say which replications are asked for next, in their order."""
        self._seed, self._expected = seed, list(replications)
        self._drawn: dict[int, World] = {}

    def take(self, seed: int, replication: int) -> World:
        """The world of a replication, to the bit as it is drawn alone; not kept.

        Raises
        ------
        ModelError
            As `sim.world.draw_world` does.
        """
        if seed != self._seed:
            self.expect(seed, ())
        if replication not in self._drawn:
            self._drawn = self._batch(replication)
        return self._drawn.pop(replication)

    def _batch(self, replication: int) -> dict[int, World]:
        numbers = [replication]
        if replication in self._expected:
            first = self._expected.index(replication)
            numbers = self._expected[first : first + self._most]
        try:
            return self._pinned(numbers)
        except Exception:  # of one of them: each is asked for alone, and says what is wrong with it
            self._expected = []
            return self._pinned([replication])

    def _pinned(self, numbers: Sequence[int]) -> dict[int, World]:
        drawn = draw_worlds(self._nature, self._seed, numbers)
        return dict(zip(numbers, pin_histories(self._nature, drawn), strict=True))
