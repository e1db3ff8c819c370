"""Rows of outcomes made before: many points of a sweep leave some replication as another did.

A factor that nothing hangs on in a world changes no event of it, so the row need not be made again.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import fields
from threading import local
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from sim.events import Replication
    from sim.results import Columns, Horizon

MOST = 60  # replications kept, 0.4 MB each: of ten a point, what six points left
PARTS = ("log", "attributes", "sites", "market", "operation")

_here = local()  # a thread's own


class Seen:
    """What was left of late, and the row of each, under one horizon; what was met last is last."""

    def __init__(self, horizon: bytes) -> None:
        self.horizon = horizon
        self._kept: list[tuple[Replication, dict[str, Any]]] = []

    def rows(
        self,
        left: Sequence[Replication],
        make: Callable[[Sequence[Replication]], Columns],
    ) -> Columns:
        """The columns of all: rows known and those of the others, made together."""
        known = [self._known(one) for one in left]
        new = [one for one, row in zip(left, known, strict=True) if row is None]
        made = make(new) if new else {}
        for place, one in enumerate(new):
            self._kept.append((one, {name: values[place] for name, values in made.items()}))
        found = iter([row for _, row in self._kept[len(self._kept) - len(new) :]])
        del self._kept[:-MOST]
        if len(new) == len(left):
            return made
        rows = [next(found) if row is None else row for row in known]
        return {name: np.array([row[name] for row in rows]) for name in rows[0]}

    def _known(self, one: Replication) -> dict[str, Any] | None:
        for place in range(len(self._kept) - 1, -1, -1):
            if same(self._kept[place][0], one):
                self._kept.append(self._kept.pop(place))
                return self._kept[-1][1]
        return None


def same(one: Replication, other: Replication) -> bool:
    """Whether two replications of a number left the same, to the bit."""
    if (one.replication, one.end_minute) != (other.replication, other.end_minute):
        return False
    return one.names == other.names and all(
        _same(getattr(one, part), getattr(other, part)) for part in PARTS
    )


def _same(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    pairs = ((getattr(one, it.name), getattr(other, it.name)) for it in fields(one))
    return all(a is b or (len(a) == len(b) and a.tobytes() == b.tobytes()) for a, b in pairs)


def seen_under(horizon: Horizon) -> Seen:
    """What this thread has seen, where it was under the same horizon."""
    if getattr(_here, "horizon", None) is not horizon:
        key = pickle.dumps(horizon, pickle.HIGHEST_PROTOCOL)
        if not hasattr(_here, "seen") or _here.seen.horizon != key:
            _here.seen = Seen(key)
        _here.horizon = horizon
    return _here.seen  # type: ignore[no-any-return]
