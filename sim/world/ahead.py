"""Worlds as they are asked for, one by one, drawn many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from threading import local

from sim.world.draw import draw_world, draw_worlds
from sim.world.given import OfProjects, exactly
from sim.world.history import pin_histories, pin_history, pin_rounds
from sim.world.model import World, read_only
from sim.world.nature import Nature
from sim.world.runs import draw_runs

# Of a batch: beyond either, a world takes more memory and no less time.
MOST_WORLDS = 64
MOST_PROJECTS = 8_000
MOST_KEPT = 16_000  # projects, of all batches; 40 MB


class _Kept(local):
    """A thread's last batches, for the next config that gives projects the same laws.

    They go when another config gives them others; beyond `MOST_KEPT`, the one used longest ago.
    """

    def __init__(self) -> None:
        self._given: OfProjects | None = None
        # By seed and numbers; and the laws of what worlds have once.
        self._batches: dict[tuple[int, ...], tuple[bytes, list[World]]] = {}

    def batch(self, nature: Nature, seed: int, numbers: Sequence[int]) -> list[World]:
        """Those worlds of ``nature``, drawn and pinned."""
        if self._given is not nature.given:
            self._given, self._batches = nature.given, {}
        runs = exactly(nature.runs)
        before, worlds = self._batches.pop((seed, *numbers), (b"", []))
        if before != runs:
            if worlds:
                worlds = pin_rounds(nature, draw_runs(nature.runs, worlds))
            else:
                worlds = pin_histories(nature, draw_worlds(nature, seed, numbers))
            for world in worlds:
                read_only(world)
        self._batches[seed, *numbers] = runs, worlds
        while len(self._batches) > 1 and self._projects() > MOST_KEPT:
            del self._batches[next(iter(self._batches))]
        return worlds

    def _projects(self) -> int:
        return sum(len(world.entity) for _, batch in self._batches.values() for world in batch)


_kept = _Kept()


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
        if replication in self._expected:
            first = self._expected.index(replication)
            numbers = self._expected[first : first + self._most]
            try:
                batch = _kept.batch(self._nature, self._seed, numbers)
                return dict(zip(numbers, batch, strict=True))
            except Exception:  # of one: each is asked for alone, and says what is wrong with it
                self._expected = []
        return {
            replication: pin_history(
                self._nature, draw_world(self._nature, self._seed, replication)
            )
        }
