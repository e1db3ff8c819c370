"""One generated config simulated once, and what it contains."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from support.generated_configs import LAWFUL, Draw, Tree, degenerate_trees, trees

from sim.config import from_tree
from sim.config.schema import Config
from sim.engine import simulate
from sim.events import EventLog, Replication
from sim.plan import Plan
from sim.results import tabulate
from sim.results.laws import Event, Evidence, Yardstick, broken_laws, evidence_of
from sim.world import World, draw_world, pin_history

EXAMPLES = 80
WRITTEN = ("events", "projects", "timeline", "capacity", "delays", "held", "ledger",
           "duties", "outcomes")  # fmt: skip
lawful = settings(LAWFUL, max_examples=EXAMPLES)
fewer = settings(LAWFUL, max_examples=EXAMPLES // 2)


@dataclass
class Run:
    """One config simulated once, with what the laws need to look at it."""

    tree: Tree
    seed: int = 1
    config: Config = field(init=False, repr=False)
    plan: Plan = field(init=False, repr=False)
    world: World = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._begin(from_tree(self.tree))

    @classmethod
    def of(cls, config: Config, seed: int) -> Run:
        """Replication 0 of a config that is checked already."""
        made = cls.__new__(cls)
        made.seed = seed
        made._begin(config)
        return made

    def _begin(self, config: Config) -> None:
        self.config, self.plan = config, Plan.of(config)
        drawn = draw_world(self.plan.nature, self.seed, 0)
        self.world = pin_history(self.plan.nature, drawn)

    @cached_property
    def left(self) -> Replication:
        """What the replication left behind."""
        return simulate(self.plan, self.world)

    @cached_property
    def evidence(self) -> Evidence:
        """All that the laws can ask for: log, traces, world and tables."""
        measure = Yardstick(self.config)
        tables = tabulate(self.left, self.config, measure.horizon)
        written = {name: getattr(tables, name) for name in WRITTEN}
        return evidence_of(self.left, measure, self.world, written)

    @cached_property
    def events(self) -> list[Event]:
        return self.evidence.events

    def resource(self, name: str) -> int:
        return self.left.names.resources.index(name)

    @property
    def facilities(self) -> tuple[str, ...]:
        return self.left.names.facilities


def broken(run: Run) -> list[str]:
    """What laws of the registry say against a run, with all there is to know about it."""
    return [f"{law.name}: {said}" for law, said in broken_laws(run.evidence)]


SEEDS = st.integers(0, 99)


@st.composite  # and not st.builds: a failure then prints the tree, not the bytes behind it
def runs(draw: Draw, of: st.SearchStrategy[Tree] | None = None) -> Run:
    """Generated configs, each with the world of a small seed."""
    return Run(draw(trees() if of is None else of), draw(SEEDS))


def degenerate_runs(name: str) -> st.SearchStrategy[Run]:
    return runs(degenerate_trees(name))


def same_log(one: EventLog, other: EventLog) -> bool:
    """Whether two logs are equal in every column."""
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in EventLog.__dataclass_fields__
    )
