"""One generated config simulated once, and what it contains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from support.generated_configs import LAWFUL, Draw, Tree, degenerate_trees, trees

from sim.config import from_tree
from sim.config.schema import Config
from sim.engine import simulate
from sim.events import EventLog, Kind, Replication
from sim.plan import Plan
from sim.world import World, draw_world, pin_history

EXAMPLES = 80
lawful = settings(LAWFUL, max_examples=EXAMPLES)
fewer = settings(LAWFUL, max_examples=EXAMPLES // 2)


class Event(NamedTuple):
    """One row of the log as plain numbers."""

    time: int
    project: int
    kind: Kind
    resource: int
    cause: int
    part: int
    amount: float


@dataclass
class Run:
    """One config simulated once, with what the laws need to look at it."""

    tree: Tree
    seed: int = 1
    replication_number: int = 0
    config: Config = field(init=False, repr=False)
    plan: Plan = field(init=False, repr=False)
    world: World = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.config = from_tree(self.tree)
        self.plan = Plan.of(self.config)
        drawn = draw_world(self.plan.nature, self.seed, self.replication_number)
        self.world = pin_history(self.plan.nature, drawn)

    @cached_property
    def left(self) -> Replication:
        """What the replication left behind."""
        return simulate(self.plan, self.world)

    @cached_property
    def events(self) -> list[Event]:
        return events_of(self.left)

    def resource(self, name: str) -> int:
        return self.left.names.resources.index(name)

    @property
    def facilities(self) -> tuple[str, ...]:
        return self.left.names.facilities


def events_of(replication: Replication) -> list[Event]:
    log = replication.log
    columns = (log.time, log.project, log.kind, log.resource, log.cause, log.part, log.amount)
    return [
        Event(time, project, Kind(kind), resource, cause, part, amount)
        for time, project, kind, resource, cause, part, amount in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]


SEEDS = st.integers(0, 99)


@st.composite  # and not st.builds: a failure then prints the tree, not the bytes behind it
def runs(draw: Draw, of: st.SearchStrategy[Tree] | None = None) -> Run:
    """Generated configs, each with the world of a small seed."""
    return Run(draw(trees() if of is None else of), draw(SEEDS))


def degenerate_runs(name: str) -> st.SearchStrategy[Run]:
    return runs(degenerate_trees(name))


def instants(run: Run) -> Iterator[tuple[int, list[Event]]]:
    """Minutes at which something happened, and what."""
    for time, events in groupby(run.events, key=lambda event: event.time):
        yield time, list(events)


def facility_of(run: Run) -> dict[int, str]:
    """Facility by the number of any of its resources."""
    return {
        run.resource(f"{name}_{what}"): name
        for name in run.facilities
        for what in ("desks", "commitments", "cash")
    }


def last_in_each_minute(trace: Any, resource: int) -> dict[int, tuple[float, float, float]]:
    """(capacity, in use, waiting) of a resource from each minute on."""
    mine = np.flatnonzero(trace.resource == resource)
    columns = (trace.time, trace.capacity, trace.in_use, trace.waiting)
    rows = zip(*(column[mine].tolist() for column in columns), strict=True)
    return {int(time): (capacity, in_use, waiting) for time, capacity, in_use, waiting in rows}


def same_log(one: EventLog, other: EventLog) -> bool:
    """Whether two logs are equal in every column."""
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in EventLog.__dataclass_fields__
    )
