"""The one place where a model event gets its time and its turn. See docs/model.md, "Time".

SimPy orders by (time, priority, creation). Every model event packs (class, ordinal, kind, visit)
into its priority, so creation order never decides. ``Event.succeed`` and new processes use SimPy's
own priorities 0 and 1: they wake what may go on at once, ahead of all pending events.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappush
from typing import Any

import simpy

from sim.errors import ModelError
from sim.events.turns import (
    FIRST_PRIORITY,
    KIND_SHIFT,
    MAX_STEPS_PER_INSTANT,
    ORDINAL_SHIFT,
    TURN_SHIFT,
    event_name,
)

Callback = Callable[[simpy.Event], None]


class Moment(simpy.Event):
    """An event already decided, scheduled at its own minute and turn. Processes yield it."""

    def __init__(self, env: simpy.Environment) -> None:
        # What simpy.Timeout does: decided when made, so that no success need be scheduled.
        self.env = env
        self.callbacks: list[Callback] = []
        self._value = None
        self._ok = True
        self._defused = False


class Clock(simpy.Environment):
    """SimPy's environment, in which every model event of a replication gets its minute and turn.

    Time is whole minutes since programme.start.
    """

    _now: int

    def __init__(self) -> None:
        super().__init__(0)
        self._taken: set[tuple[int, int]] = set()
        self._instant = -1
        self._born = 0

    @property
    def now(self) -> int:
        """Minutes since programme.start."""
        return self._now

    def at(
        self,
        minute: int,
        turn: int,
        ordinal: int,
        kind: int,
        visit: int = 0,
        call: Callback | None = None,
        moment: Moment | None = None,
    ) -> Moment:
        """Schedule the event of tuple (minute, turn, ordinal, kind, visit); ``call`` runs at it.

        ``moment`` is an event made earlier, for somebody to wait on before its time was known.

        Raises
        ------
        ModelError
            If the tuple is taken, lies in the past, or an instant does not come to an end.
        """
        now = self._now
        priority = FIRST_PRIORITY + (
            (turn << TURN_SHIFT) | (ordinal << ORDINAL_SHIFT) | (kind << KIND_SHIFT) | visit
        )
        key = (minute, priority)
        taken = self._taken
        count = len(taken)
        taken.add(key)
        if len(taken) == count or minute < now:
            raise ModelError(
                f"{event_name(turn, ordinal, kind, visit)} at minute {minute} is "
                + ("scheduled twice" if minute >= now else f"in the past (now {now})")
            )
        if minute == now:
            if now != self._instant:
                self._instant, self._born = now, 0
            self._born += 1
            if self._born > MAX_STEPS_PER_INSTANT:
                raise ModelError(f"more than {MAX_STEPS_PER_INSTANT} steps in minute {now}")
        if moment is None:
            moment = Moment(self)
        if call is not None:
            moment.callbacks.append(call)
        # What Environment.schedule does with a delay, less a call and an addition.
        queue: list[Any] = self._queue  # SimPy's own type of priorities costs a call to make
        heappush(queue, (minute, priority, next(self._eid), moment))
        return moment
